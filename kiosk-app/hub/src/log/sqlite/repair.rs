//! Makes a log whole again by ending it before its first bad event. The hub must be stopped.
//!
//! Nothing is thrown away. Where the file is sound, the events from the bad one on move to the table `cut_off`. Where
//! the file itself is damaged nothing more is written into it: the whole events go into a new file, and the damaged
//! one stays beside it.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::check::{BadEvent, Fault};
use super::cut::{self, Cut};
use super::tables::{FILE, connect, connect_existing, failed, prepare, to_i64, to_u64, unfit};
use super::verify::{Verified, verify_connection, verify_file};
use super::{Durability, damaged, io_failed, lock};
use crate::log::LogError;

/// New file while it is written.
const NEW_FILE: &str = "hall.db.new";
/// Damaged files that may stand beside the log.
const MOST_DAMAGED_FILES: u32 = 100;

/// What a repair did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The last event that the log keeps.
    pub end: u64,
    /// The first bad event; none where every event is whole, but not the file.
    pub bad: Option<BadEvent>,
    /// What SQLite says about a damaged file.
    pub file: Vec<String>,
    /// What goes with the bad event; for a damaged file the events in it are not listed.
    pub cut: Cut,
    /// Where the damaged file stands, when a new one takes its place.
    pub damaged_file: Option<PathBuf>,
}

/// Repairs the log in `directory`, or only says what it would do when `apply` is false. None for a whole log.
///
/// # Errors
/// When there is no log, the hub runs, the bad event is one that another version of the program wrote, or the disk
/// refuses; the log is as before then.
pub fn repair(directory: &Path, apply: bool) -> Result<Option<Repaired>, LogError> {
    let path = directory.join(FILE);
    let mut connection = connect_existing(&path)?;
    let _lock = lock(directory)?;
    let error = |e: rusqlite::Error| failed(&path, &e);
    let Verified { events: end, bad, file, .. } = verify_connection(&connection).map_err(error)?;
    match bad {
        None if file.is_empty() => Ok(None),
        Some(bad) if matches!(bad.fault, Fault::Unknown(_)) => Err(damaged(&path, &bad)),
        Some(bad) if file.is_empty() && !matches!(bad.fault, Fault::File(_)) => {
            let (transaction, cut) = cut::cut(&mut connection, &bad).map_err(error)?;
            if apply {
                transaction.commit().map_err(error)?;
            }
            Ok(Some(Repaired { end, bad: Some(bad), file, cut, damaged_file: None }))
        }
        bad => {
            let cursors = cursors_behind(&connection, end).unwrap_or_default();
            let damaged_file = free_name(&path)?;
            if apply {
                rebuild(connection, &path, end, &damaged_file)?;
            }
            let cut = Cut { cursors, ..Cut::default() };
            Ok(Some(Repaired { end, bad, file, cut, damaged_file: Some(damaged_file) }))
        }
    }
}

fn cursors_behind(connection: &Connection, end: u64) -> rusqlite::Result<Vec<(String, u64)>> {
    let mut select = connection.prepare("SELECT name, sequence FROM cursors WHERE sequence > ?1 ORDER BY name")?;
    select.query_map([to_i64(end)], |row| Ok((row.get(0)?, to_u64(row.get(1)?))))?.collect()
}

/// A name beside `path` that no file has.
fn free_name(path: &Path) -> Result<PathBuf, LogError> {
    (1..=MOST_DAMAGED_FILES)
        .map(|n| path.with_extension(format!("db.damaged-{n}")))
        .find(|name| !name.exists())
        .ok_or_else(|| unfit(path, "too many damaged files stand beside it; move them to another disk"))
}

/// Puts a new file with the events up to `end` in the place of the damaged one, which is kept as `damaged_file`.
fn rebuild(old: Connection, path: &Path, end: u64, damaged_file: &Path) -> Result<(), LogError> {
    // What still stands in the write-ahead log belongs to the damaged file, and must not be taken for the new one's.
    let busy: i64 =
        old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(|e| failed(path, &e))?;
    drop(old);
    if busy != 0 {
        return Err(unfit(path, "somebody still reads it; end that program and try again"));
    }
    let new = path.with_file_name(NEW_FILE);
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io_failed(&new, &error)),
        _ => {}
    }
    fill(&new, path, end)?;
    let verified = verify_file(&new)?;
    if !verified.is_whole() || verified.events != end {
        return Err(unfit(&new, "the new file is not whole; put the newest backup in the place of the damaged one"));
    }
    let swap = || {
        std::fs::hard_link(path, damaged_file)?;
        std::fs::rename(&new, path)?;
        File::open(path.parent().unwrap_or(path))?.sync_all()
    };
    swap().map_err(|e| io_failed(path, &e))
}

fn fill(new: &Path, old: &Path, end: u64) -> Result<(), LogError> {
    let mut connection = connect(new, Durability::Full.pragma()).map_err(|e| failed(new, &e))?;
    prepare(&mut connection, new)?;
    let copy = || {
        connection.execute("ATTACH ?1 AS damaged", [old.to_string_lossy()])?;
        let transaction = connection.unchecked_transaction()?;
        // They have no gap, so the limit is the last one's sequence; one step further the file may be damaged.
        transaction.execute(
            "INSERT INTO events (sequence, at, body, request, hash) SELECT sequence, at, body, request, hash
             FROM damaged.events WHERE sequence >= 1 ORDER BY sequence LIMIT ?1",
            [to_i64(end)],
        )?;
        // These are worth having, but the log is whole without them: the province only gets events again.
        for sql in [
            "INSERT INTO cursors (name, sequence) SELECT name, min(sequence, ?1) FROM damaged.cursors",
            "INSERT INTO quarantine (sequence, reason) SELECT sequence, reason FROM damaged.quarantine
             WHERE sequence <= ?1",
            "INSERT INTO cut_off SELECT * FROM damaged.cut_off WHERE ?1 >= 0",
        ] {
            if let Err(error) = transaction.execute(sql, params![to_i64(end)]) {
                tracing::warn!(%error, "a table of the damaged file could not be read and stays behind");
            }
        }
        transaction.commit()?;
        connection.execute_batch("DETACH damaged")
    };
    copy().map_err(|e| failed(new, &e))
}
