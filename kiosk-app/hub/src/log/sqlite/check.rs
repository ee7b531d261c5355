//! Reads events and follows their chain: the one place that decides whether an event is whole.
//!
//! The hub's own readers, `verify`, `export`, `repair` and the look at the tail when a hub starts all read through
//! here, so they cannot disagree. It changes nothing.

use std::fmt;

use jiff::Timestamp;
use queue::Recorded;
use rusqlite::{Connection, ErrorCode, OptionalExtension};

use super::chain::{Hash, Row};
use super::tables::{REPAIR, to_i64, to_u64};
use crate::record::{self, RecordError};

/// Where a whole stretch of the log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub sequence: u64,
    pub hash: Hash,
}

impl End {
    /// Before the first event.
    pub(super) const START: Self = Self { sequence: 0, hash: Hash::START };
}

/// A whole event.
pub(super) struct Entry {
    pub recorded: Recorded,
    pub body: String,
    pub hash: Hash,
}

/// Whole events in sequence, and the bad one that ended them.
pub(super) struct Stretch {
    pub entries: Vec<Entry>,
    pub bad: Option<BadEvent>,
}

/// The first event of a log that is not as the hub wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEvent {
    /// Its sequence.
    pub sequence: u64,
    /// Its time, where that can be read.
    pub at: Option<Timestamp>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It was removed.
    #[error("it is missing, {0}")]
    Missing(String),
    /// It, its place or its hash was changed after it was written.
    #[error("it does not fit its hash: it was changed, moved or not written whole")]
    Hash,
    /// Its hash fits, but it is not JSON: it was like this when a log of version 1 got its hashes.
    #[error("it cannot be read: {0}")]
    Torn(String),
    /// Its hash fits and it is JSON: another version of the program wrote it.
    #[error("this program does not know it: {0}")]
    Unknown(String),
    /// SQLite cannot read the file there.
    #[error("the file itself is damaged there: {0}")]
    File(String),
}

impl BadEvent {
    /// What to do about it.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self.fault {
            Fault::Unknown(_) => "install the version of kiosk-app that wrote it",
            _ => REPAIR,
        }
    }
}

impl fmt::Display for BadEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}", self.sequence)?;
        if let Some(at) = self.at {
            write!(f, " of {at}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

/// At most `most` events after `after`.
pub(super) fn read(connection: &Connection, after: End, most: usize) -> rusqlite::Result<Stretch> {
    let mut stretch = Stretch { entries: Vec::new(), bad: None };
    let query = "SELECT sequence, at, body, request, hash FROM events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query([to_i64(after.sequence), to_i64(most as u64)])?;
    let mut end = after;
    loop {
        let entry = match rows.next() {
            Ok(None) => return Ok(stretch),
            Ok(Some(row)) => check(row, end),
            Err(error) => Err(damaged_file(error, end)?),
        };
        match entry {
            Ok(entry) => {
                end = End { sequence: entry.recorded.sequence, hash: entry.hash };
                stretch.entries.push(entry);
            }
            Err(bad) => return Ok(Stretch { bad: Some(bad), ..stretch }),
        }
    }
}

/// The event behind `end` cannot be reached; any other error is not about the file.
fn damaged_file(error: rusqlite::Error, end: End) -> rusqlite::Result<BadEvent> {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure) => {
            Ok(BadEvent { sequence: end.sequence + 1, at: None, fault: Fault::File(error.to_string()) })
        }
        _ => Err(error),
    }
}

fn check(row: &rusqlite::Row<'_>, before: End) -> Result<Entry, BadEvent> {
    let bad = |at, fault| BadEvent { sequence: before.sequence + 1, at, fault };
    // STRICT tables hold no other types, so a wrong one is damage.
    let fields = || -> rusqlite::Result<_> {
        let sequence = to_u64(row.get_ref(0)?.as_i64()?);
        let (at, body) = (row.get_ref(1)?.as_i64()?, row.get_ref(2)?.as_bytes()?);
        let request = row.get_ref(3)?.as_bytes_or_null()?;
        Ok((Row { sequence, at, body, request }, row.get_ref(4)?.as_bytes_or_null()?))
    };
    let (row, stored) = fields().map_err(|e| bad(None, Fault::File(e.to_string())))?;
    if row.sequence != before.sequence + 1 {
        return Err(bad(None, Fault::Missing(format!("the next one is {}", row.sequence))));
    }
    let at = Timestamp::from_millisecond(row.at).ok();
    let hash = before.hash.next(&row);
    if stored.and_then(Hash::from_bytes) != Some(hash) {
        return Err(bad(at, Fault::Hash));
    }
    let (at, body) = at
        .zip(std::str::from_utf8(row.body).ok())
        .ok_or_else(|| bad(at, Fault::Torn("its time or text is not valid".to_owned())))?;
    let event = record::decode(body).map_err(|error| {
        let text = error.to_string();
        let torn = matches!(error, RecordError::Shape(e) if e.is_syntax() || e.is_eof());
        bad(Some(at), if torn { Fault::Torn(text) } else { Fault::Unknown(text) })
    })?;
    Ok(Entry { recorded: Recorded { sequence: row.sequence, at, event }, body: body.to_owned(), hash })
}

/// A walk over the whole log, some events at a time: nobody else waits for it, and the hub may go on writing.
pub(super) struct Walk<'c> {
    connection: &'c Connection,
    known: Option<(u64, String)>,
    /// The last whole event so far.
    pub end: End,
}

/// Events that a walk holds at once.
const CHUNK: usize = 1_000;

impl<'c> Walk<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self { connection, known: furthest(connection)?, end: End::START })
    }

    /// The next events; none and no bad one at the end of the log.
    pub(super) fn next(&mut self) -> rusqlite::Result<Stretch> {
        let mut stretch = read(self.connection, self.end, CHUNK)?;
        if let Some(last) = stretch.entries.last() {
            self.end = End { sequence: last.recorded.sequence, hash: last.hash };
        } else if stretch.bad.is_none() {
            stretch.bad = missing_end(self.end, self.known.take());
        }
        Ok(stretch)
    }
}

/// How far somebody has read, and who: the log was at least that long.
pub(super) fn furthest(connection: &Connection) -> rusqlite::Result<Option<(u64, String)>> {
    let query = "SELECT sequence, 'reader ' || name FROM cursors
        UNION ALL SELECT sequence, 'a snapshot' FROM snapshots ORDER BY 1 DESC LIMIT 1";
    connection.query_row(query, [], |row| Ok((to_u64(row.get(0)?), row.get(1)?))).optional()
}

/// The event after `end` where the log was longer once.
pub(super) fn missing_end(end: End, known: Option<(u64, String)>) -> Option<BadEvent> {
    let (reached, who) = known.filter(|(reached, _)| *reached > end.sequence)?;
    let fault = Fault::Missing(format!("the log ends before it, but {who} stands at {reached}"));
    Some(BadEvent { sequence: end.sequence + 1, at: None, fault })
}

/// The event of this sequence, as far as the chain needs it; none where it is missing or has no hash.
pub(super) fn end_at(connection: &Connection, sequence: u64) -> rusqlite::Result<Option<End>> {
    if sequence == 0 {
        return Ok(Some(End::START));
    }
    let mut select = connection.prepare_cached("SELECT hash FROM events WHERE sequence = ?1")?;
    let hash = select.query_row([to_i64(sequence)], |row| row.get::<_, Option<Vec<u8>>>(0)).optional()?;
    Ok(hash.flatten().and_then(|hash| Hash::from_bytes(&hash)).map(|hash| End { sequence, hash }))
}

/// The event that [`end_at`] did not find.
pub(super) fn no_anchor(sequence: u64) -> BadEvent {
    BadEvent { sequence, at: None, fault: Fault::Missing("or its hash is".to_owned()) }
}

/// Last sequence; 0 for an empty log.
pub(super) fn last_sequence(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT coalesce(max(sequence), 0) FROM events", [], |row| row.get(0)).map(to_u64)
}
