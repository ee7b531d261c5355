//! The log of a hall: one SQLite file in WAL mode.
//!
//! The writer runs with `synchronous=FULL`: a commit is one sync of the write-ahead log and survives a power cut.
//! Readers have connections of their own. The table has no index beside its key, since each costs pages in every
//! commit. Each event carries the hash of itself and its predecessor (`chain`); the writer keeps the last one in
//! memory, so that the chain costs no read.
//!
//! When a hub opens the log it looks at the newest events: a torn end is cut off and kept ([`CutOff`]), anything else
//! is an error that names the event. [`verify()`], [`export()`], [`repair()`] and [`backup()`] are the tools of whoever
//! looks after the machine; `kiosk-app log` prints what they say.

mod backup;
mod chain;
mod check;
mod cut;
mod reader;
mod repair;
mod tables;
mod verify;

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use fail_point::Point;
use flate2::Compression;
use jiff::Timestamp;
use queue::TicketId;
use rusqlite::{Connection, OptionalExtension, params};

use self::check::End;
use self::reader::SqliteReader;
use self::tables::{FILE, LOCK, connect, failed, prepare, to_i64, unfit};
use super::{Answered, Commit, CutOff, EventLog, LogError, LogReader};
use crate::record;

pub use self::backup::backup;
pub use self::chain::Hash;
pub use self::check::{BadEvent, Fault};
pub use self::cut::{Cut, Moved};
pub use self::repair::{Repaired, repair};
pub use self::verify::{Exported, Verified, export, verify};

/// Newest events that are checked at start: one batch of the engine at its largest.
const TAIL: u64 = 256;

/// What a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Every commit is synced before it counts: what a hall runs with.
    Full,
    /// Commits are synced only at checkpoints, so a power cut loses the newest. Only for measuring what that loses.
    Normal,
}

impl Durability {
    /// The word of `PRAGMA synchronous`.
    fn pragma(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }
}

/// A log in a directory.
#[derive(Debug)]
pub struct SqliteLog {
    connection: Connection,
    path: PathBuf,
    end: End,
    cut_off: Option<CutOff>,
    // Held for as long as the log is open.
    _lock: File,
}

impl SqliteLog {
    /// Opens the log in `directory` with [`Durability::Full`], making both where they are missing, and cuts off a
    /// torn end.
    ///
    /// # Errors
    /// When the directory cannot be written, another hub runs on it, the file is not a log of ours, or one of the
    /// newest events is bad in a way that no torn write explains.
    pub fn open(directory: &Path) -> Result<Self, LogError> {
        Self::open_with(directory, Durability::Full)
    }

    /// Opens the log in `directory` as [`SqliteLog::open`] does, with the durability that is asked for.
    ///
    /// # Errors
    /// As [`SqliteLog::open`].
    pub fn open_with(directory: &Path, durability: Durability) -> Result<Self, LogError> {
        let path = directory.join(FILE);
        std::fs::create_dir_all(directory).map_err(|e| io_failed(directory, &e))?;
        let lock = lock(directory)?;
        let mut connection = connect(&path, durability.pragma()).map_err(|e| failed(&path, &e))?;
        prepare(&mut connection, &path)?;
        let (end, cut_off) = check_tail(&mut connection, &path)?;
        Ok(Self { connection, path, end, cut_off, _lock: lock })
    }

    fn error(&self, error: &rusqlite::Error) -> LogError {
        failed(&self.path, error)
    }

    /// Writes the commits and answers where the log ends then.
    fn write(&mut self, commits: &[Commit]) -> Result<End, LogError> {
        let (path, mut end) = (self.path.as_path(), self.end);
        let error = |e: rusqlite::Error| failed(path, &e);
        let transaction =
            self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(error)?;
        {
            let sql = "INSERT INTO events (sequence, at, body, request, hash) VALUES (?1, ?2, ?3, ?4, ?5)";
            let mut insert = transaction.prepare_cached(sql).map_err(error)?;
            for commit in commits {
                let mut answered = commit.answered.as_ref();
                for event in &commit.events {
                    if event.sequence != end.sequence + 1 {
                        let (place, last) = (path.display().to_string(), end.sequence);
                        return Err(LogError::Gap { place, last, sequence: event.sequence });
                    }
                    let body = record::encode(&event.event).map_err(|e| unfit(path, &e.to_string()))?;
                    let request = answered.take().map(request_text).transpose();
                    let request = request.map_err(|e| unfit(path, &e.to_string()))?;
                    let (sequence, at) = (event.sequence, event.at.as_millisecond());
                    let row = chain::Row {
                        sequence,
                        at,
                        body: body.as_bytes(),
                        request: request.as_ref().map(|text| text.as_bytes()),
                    };
                    end = End { sequence, hash: end.hash.next(&row) };
                    insert.execute(params![to_i64(sequence), at, body, request, end.hash.as_bytes()]).map_err(error)?;
                }
            }
        }
        for personal in commits.iter().filter_map(|commit| commit.personal.as_ref()) {
            let sql = "INSERT OR REPLACE INTO personal (key, text, expires) VALUES (?1, ?2, ?3)";
            let row = params![personal.key, personal.text, personal.expires.as_millisecond()];
            transaction.execute(sql, row).map_err(error)?;
        }
        fail_point::reached(Point::InsideAppend);
        // A transaction that is dropped before this rolls back.
        transaction.commit().map_err(error)?;
        Ok(end)
    }
}

impl EventLog for SqliteLog {
    fn append(&mut self, commits: &[Commit]) -> Result<(), LogError> {
        // Only what is on disk moves the end.
        self.end = self.write(commits)?;
        Ok(())
    }

    fn last_sequence(&self) -> Result<u64, LogError> {
        Ok(self.end.sequence)
    }

    fn answers(&self, most: usize) -> Result<Vec<Answered>, LogError> {
        let query = "SELECT request FROM events WHERE sequence > ?1 AND request IS NOT NULL ORDER BY sequence";
        let after = self.end.sequence.saturating_sub(most as u64);
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.connection.prepare(query)?;
            statement.query_map([to_i64(after)], |row| row.get(0))?.collect()
        };
        let texts = read().map_err(|e| self.error(&e))?;
        let requests = texts.iter().filter_map(|text| serde_json::from_str::<StoredRequest>(text).ok());
        Ok(requests.map(|r| Answered { request_id: r.id, fingerprint: r.print, reply: r.reply }).collect())
    }

    fn save_snapshot(&mut self, version: u32, sequence: u64, body: &str) -> Result<(), LogError> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
        let body = encoder.write_all(body.as_bytes()).and_then(|()| encoder.finish());
        let body = body.map_err(|e| io_failed(&self.path, &e))?;
        let sql = "INSERT OR REPLACE INTO snapshots (version, sequence, body) VALUES (?1, ?2, ?3)";
        self.connection.execute(sql, params![version, to_i64(sequence), body]).map(drop).map_err(|e| self.error(&e))
    }

    fn snapshot(&self, version: u32) -> Result<Option<String>, LogError> {
        let query = "SELECT body FROM snapshots WHERE version = ?1";
        let body: Option<Vec<u8>> =
            self.connection.query_row(query, [version], |row| row.get(0)).optional().map_err(|e| self.error(&e))?;
        let inflate = |body: Vec<u8>| {
            let mut text = String::new();
            flate2::read::ZlibDecoder::new(body.as_slice()).read_to_string(&mut text).ok().map(|_| text)
        };
        // A damaged snapshot is none: it only saves time.
        Ok(body.and_then(inflate))
    }

    fn erase_expired(&mut self, now: Timestamp) -> Result<u64, LogError> {
        let now = now.as_millisecond();
        let erase = || -> rusqlite::Result<u64> {
            let due = "SELECT EXISTS (SELECT 1 FROM personal WHERE expires <= ?1)";
            if !self.connection.query_row(due, [now], |row| row.get(0))? {
                return Ok(0);
            }
            // Zeros over what is deleted, and then nothing of it is left in the write-ahead log either.
            self.connection.pragma_update(None, "secure_delete", true)?;
            let erased = self.connection.execute("DELETE FROM personal WHERE expires <= ?1", [now]);
            self.connection.pragma_update(None, "secure_delete", false)?;
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(erased? as u64)
        };
        erase().map_err(|e| self.error(&e))
    }

    fn reader(&self) -> Result<Box<dyn LogReader>, LogError> {
        let connection = connect(&self.path, Durability::Full.pragma()).map_err(|e| self.error(&e))?;
        Ok(Box::new(SqliteReader { connection, path: self.path.clone() }))
    }

    fn lost_tickets(&self) -> Result<(Vec<TicketId>, u32), LogError> {
        cut::lost_tickets(&self.connection).map_err(|e| self.error(&e))
    }

    fn cut_off(&self) -> Option<CutOff> {
        self.cut_off.clone()
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct StoredRequest {
    id: String,
    print: u64,
    reply: String,
}

fn request_text(answered: &Answered) -> Result<String, serde_json::Error> {
    let Answered { request_id, fingerprint, reply } = answered.clone();
    serde_json::to_string(&StoredRequest { id: request_id, print: fingerprint, reply })
}

/// Makes sure that no other hub or repair works on this directory, until the answer is dropped.
fn lock(directory: &Path) -> Result<File, LogError> {
    let lock = File::create(directory.join(LOCK)).map_err(|e| io_failed(directory, &e))?;
    lock.try_lock().map_err(|_| LogError::InUse { place: directory.join(FILE).display().to_string() })?;
    Ok(lock)
}

/// Checks the newest events, and cuts off what a torn write left.
fn check_tail(connection: &mut Connection, path: &Path) -> Result<(End, Option<CutOff>), LogError> {
    let error = |e: rusqlite::Error| failed(path, &e);
    let last = check::last_sequence(connection).map_err(error)?;
    // One more than the tail: when already the first of them is bad, the fault lies deeper than a write could tear.
    let before = last.saturating_sub(TAIL + 1);
    let Some(start) = check::end_at(connection, before).map_err(error)? else {
        return Err(damaged(path, &check::no_anchor(before)));
    };
    let stretch = check::read(connection, start, usize::MAX).map_err(error)?;
    let end = stretch.entries.last().map_or(start, |e| End { sequence: e.recorded.sequence, hash: e.hash });
    let known = check::furthest(connection).map_err(error)?;
    let Some(bad) = stretch.bad.or_else(|| check::missing_end(end, known)) else { return Ok((end, None)) };
    let deep = end == start && before > 0;
    if deep || matches!(bad.fault, Fault::Unknown(_) | Fault::File(_)) {
        return Err(damaged(path, &bad));
    }
    let (transaction, cut) = cut::cut(connection, &bad).map_err(error)?;
    transaction.commit().map_err(error)?;
    let cut_off = CutOff { from: bad.sequence, count: cut.moved.len() as u64, reason: bad.to_string() };
    tracing::error!(log = %path.display(), events = cut_off.count, "the end of the log was torn: {bad}; it and what \
        came after it stands in the table cut_off now, and the hall goes on from event {}", end.sequence);
    Ok((end, Some(cut_off)))
}

fn damaged(path: &Path, bad: &BadEvent) -> LogError {
    let cause = match bad.fault {
        Fault::Unknown(_) => format!("{}; {}", bad.fault, bad.next_step()),
        _ => bad.fault.to_string(),
    };
    LogError::Damaged { place: path.display().to_string(), sequence: bad.sequence, cause }
}

fn io_failed(path: &Path, error: &std::io::Error) -> LogError {
    let place = path.display().to_string();
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => LogError::DiskFull { place },
        _ => LogError::Store { place, cause: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use queue::{Event, Recorded};

    use super::*;

    fn commit(sequence: u64) -> Commit {
        let at = Timestamp::from_second(1_795_300_000).expect("a moment");
        Commit {
            events: vec![Recorded { sequence, at, event: Event::CounterClosed { counter: 1 } }],
            ..Commit::default()
        }
    }

    #[test]
    fn a_full_disk_is_named_and_the_chain_goes_on_behind_it() {
        let data = tempfile::tempdir().expect("a directory");
        let mut log = SqliteLog::open(data.path()).expect("opens");
        log.append(&[commit(1)]).expect("appends");
        let pages = |log: &SqliteLog, most: i64| {
            log.connection.pragma_update(None, "max_page_count", most).expect("a limit");
        };
        pages(&log, 1);
        let batch: Vec<Commit> = (2..=100).map(commit).collect();
        let error = log.append(&batch).expect_err("no page is left");
        assert!(matches!(error, LogError::DiskFull { .. }), "{error}");
        assert!(error.to_string().contains("the disk is full; free at least"), "{error}");
        assert_eq!(log.last_sequence().expect("reads"), 1);
        pages(&log, 1_000);
        log.append(&batch).expect("goes on by itself");
        drop(log);
        let verified = verify(data.path()).expect("runs");
        assert!(verified.is_whole() && verified.events == 100, "{verified:?}");
    }
}
