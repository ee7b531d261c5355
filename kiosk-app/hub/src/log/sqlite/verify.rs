//! Looks at a log without changing it, beside the hub that writes it.

use std::io::Write;
use std::path::Path;

use rusqlite::Connection;

use super::check::{BadEvent, Walk};
use super::tables::{FILE, connect_existing, failed};
use super::{Hash, io_failed};
use crate::log::LogError;

/// Lines of SQLite about a damaged file that are kept.
const FILE_FAULTS: u32 = 20;

/// What a log is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whole events; the log is whole from 1 to this.
    pub events: u64,
    /// Hash of the last whole event.
    pub head: Hash,
    /// The first event that is not whole.
    pub bad: Option<BadEvent>,
    /// What SQLite says about the file itself; empty for a good one.
    pub file: Vec<String>,
    /// Events that were cut off earlier and stand in the table `cut_off`.
    pub cut_off: u64,
}

impl Verified {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.bad.is_none() && self.file.is_empty()
    }
}

/// Checks the file, the sequence, every hash and every event of the log in `directory`. The hub may write meanwhile.
///
/// # Errors
/// When there is no log that can be opened.
pub fn verify(directory: &Path) -> Result<Verified, LogError> {
    verify_file(&directory.join(FILE))
}

pub(super) fn verify_file(path: &Path) -> Result<Verified, LogError> {
    let connection = connect_existing(path)?;
    verify_connection(&connection).map_err(|e| failed(path, &e))
}

pub(super) fn verify_connection(connection: &Connection) -> rusqlite::Result<Verified> {
    let file = file_faults(connection);
    let mut walk = Walk::new(connection)?;
    let bad = loop {
        let stretch = walk.next()?;
        if stretch.bad.is_some() || stretch.entries.is_empty() {
            break stretch.bad;
        }
    };
    let cut_off = connection.query_row("SELECT count(*) FROM cut_off", [], |row| row.get::<_, i64>(0)).unwrap_or(0);
    Ok(Verified { events: walk.end.sequence, head: walk.end.hash, bad, file, cut_off: super::tables::to_u64(cut_off) })
}

/// What SQLite's own check finds; a check that cannot run is a finding too.
fn file_faults(connection: &Connection) -> Vec<String> {
    let check = || {
        let mut statement = connection.prepare(&format!("PRAGMA quick_check({FILE_FAULTS})"))?;
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
    };
    let mut lines = check().unwrap_or_else(|e| vec![e.to_string()]);
    lines.retain(|line| line != "ok");
    lines
}

/// What an export holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Events written.
    pub events: u64,
    /// The event where it stopped; none when it holds the whole log.
    pub bad: Option<BadEvent>,
}

/// Writes the log in `directory` as lines of JSON, `{"sequence","at","event","hash"}`, up to its end or the first bad
/// event. The hub may write meanwhile.
///
/// # Errors
/// When there is no log that can be opened, or `out` does not take it.
pub fn export(directory: &Path, out: &mut dyn Write) -> Result<Exported, LogError> {
    let path = directory.join(FILE);
    let connection = connect_existing(&path)?;
    let error = |e: rusqlite::Error| failed(&path, &e);
    let mut walk = Walk::new(&connection).map_err(error)?;
    loop {
        let stretch = walk.next().map_err(error)?;
        for entry in &stretch.entries {
            let (sequence, at) = (entry.recorded.sequence, entry.recorded.at);
            // The body is JSON already and goes out byte for byte.
            writeln!(out, r#"{{"sequence":{sequence},"at":"{at}","event":{},"hash":"{}"}}"#, entry.body, entry.hash)
                .map_err(|e| io_failed(Path::new("export"), &e))?;
        }
        if stretch.bad.is_some() || stretch.entries.is_empty() {
            out.flush().map_err(|e| io_failed(Path::new("export"), &e))?;
            return Ok(Exported { events: walk.end.sequence, bad: stretch.bad });
        }
    }
}
