//! The log of a hall: one SQLite file in WAL mode.
//!
//! The writer runs with `synchronous=FULL`: a commit is one fsync of the WAL and survives a power cut. Readers have
//! connections of their own with `synchronous=NORMAL`: their cursors cost no fsync, and a cursor lost in a power cut
//! only sends events again. The table has no index beside its key, since each costs pages in every commit.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use queue::Recorded;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Answered, Commit, EventLog, LogError, LogReader};
use crate::record;

/// File of the log in the data directory.
const FILE: &str = "hall.db";
/// File that shows that a hub runs on this directory.
const LOCK: &str = "hub.lock";
/// Marks the file as ours: "OSHL".
const APPLICATION_ID: i64 = 0x4f53_484c;
/// Version of the tables.
const SCHEMA_VERSION: i64 = 1;
/// How long one connection waits for the other.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const TABLES: &str = "
    CREATE TABLE events (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL, request TEXT) STRICT;
    CREATE TABLE snapshots (version INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE TABLE cursors (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
    CREATE TABLE quarantine (sequence INTEGER PRIMARY KEY, reason TEXT NOT NULL) STRICT;
";

/// A log in a directory.
#[derive(Debug)]
pub struct SqliteLog {
    connection: Connection,
    path: PathBuf,
    // Held for as long as the log is open.
    _lock: File,
}

impl SqliteLog {
    /// Opens the log in `directory`, making both where they are missing.
    ///
    /// # Errors
    /// When the directory cannot be written, another hub runs on it, or the file is not a log of ours.
    pub fn open(directory: &Path) -> Result<Self, LogError> {
        let path = directory.join(FILE);
        let io = |e: std::io::Error| store_error(directory, &e.to_string());
        std::fs::create_dir_all(directory).map_err(io)?;
        let lock = File::create(directory.join(LOCK)).map_err(io)?;
        lock.try_lock().map_err(|_| LogError::InUse { place: path.display().to_string() })?;
        let connection = connect(&path, "FULL").map_err(|e| store_error(&path, &e.to_string()))?;
        prepare(&connection).map_err(|cause| store_error(&path, &cause))?;
        Ok(Self { connection, path, _lock: lock })
    }

    fn error(&self, error: &rusqlite::Error) -> LogError {
        store_error(&self.path, &error.to_string())
    }
}

fn store_error(path: &Path, cause: &str) -> LogError {
    LogError::Store { place: path.display().to_string(), cause: cause.to_owned() }
}

fn connect(path: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), String> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = pragma("user_version").map_err(|e| e.to_string())?;
    let owner = pragma("application_id").map_err(|e| e.to_string())?;
    match (owner, version) {
        (0, 0) => connection
            .execute_batch(&format!(
                "BEGIN;{TABLES}PRAGMA application_id={APPLICATION_ID};PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
            ))
            .map_err(|e| e.to_string()),
        (APPLICATION_ID, SCHEMA_VERSION) => Ok(()),
        (APPLICATION_ID, newer) => Err(format!("tables of version {newer}; install the program that wrote them")),
        _ => Err("this is not a log of a hall; name another data directory".to_owned()),
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct StoredRequest {
    id: String,
    print: u64,
    reply: String,
}

impl EventLog for SqliteLog {
    fn append(&mut self, commits: &[Commit]) -> Result<(), LogError> {
        let path = self.path.clone();
        let error = |e: rusqlite::Error| store_error(&path, &e.to_string());
        let transaction =
            self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(error)?;
        let mut last = last_sequence(&transaction).map_err(error)?;
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO events (sequence, at, body, request) VALUES (?1, ?2, ?3, ?4)")
                .map_err(error)?;
            for commit in commits {
                let mut answered = commit.answered.as_ref();
                for event in commit.events.iter() {
                    if event.sequence != last + 1 {
                        let place = path.display().to_string();
                        return Err(LogError::Gap { place, last, sequence: event.sequence });
                    }
                    last = event.sequence;
                    let body = record::encode(&event.event).map_err(|e| store_error(&path, &e.to_string()))?;
                    let request = answered.take().map(request_text).transpose();
                    let request = request.map_err(|e| store_error(&path, &e.to_string()))?;
                    insert
                        .execute(params![to_i64(event.sequence), event.at.as_millisecond(), body, request])
                        .map_err(error)?;
                }
            }
        }
        // A transaction that is dropped rolls back.
        transaction.commit().map_err(error)
    }

    fn last_sequence(&self) -> Result<u64, LogError> {
        last_sequence(&self.connection).map_err(|e| self.error(&e))
    }

    fn answers(&self, most: usize) -> Result<Vec<Answered>, LogError> {
        let query = "SELECT request FROM events WHERE request IS NOT NULL ORDER BY sequence DESC LIMIT ?1";
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.connection.prepare(query)?;
            statement.query_map([to_i64(most as u64)], |row| row.get(0))?.collect()
        };
        let mut answers: Vec<Answered> = read()
            .map_err(|e| self.error(&e))?
            .iter()
            .filter_map(|text| serde_json::from_str::<StoredRequest>(text).ok())
            .map(|r| Answered { request_id: r.id, fingerprint: r.print, reply: r.reply })
            .collect();
        answers.reverse();
        Ok(answers)
    }

    fn save_snapshot(&mut self, version: u32, sequence: u64, body: &str) -> Result<(), LogError> {
        let sql = "INSERT OR REPLACE INTO snapshots (version, sequence, body) VALUES (?1, ?2, ?3)";
        self.connection.execute(sql, params![version, to_i64(sequence), body]).map(drop).map_err(|e| self.error(&e))
    }

    fn snapshot(&self, version: u32) -> Result<Option<String>, LogError> {
        self.connection
            .query_row("SELECT body FROM snapshots WHERE version = ?1", [version], |row| row.get(0))
            .optional()
            .map_err(|e| self.error(&e))
    }

    fn reader(&self) -> Result<Box<dyn LogReader>, LogError> {
        let connection = connect(&self.path, "NORMAL").map_err(|e| self.error(&e))?;
        Ok(Box::new(SqliteReader { connection, path: self.path.clone() }))
    }
}

/// A reader with a connection of its own.
#[derive(Debug)]
struct SqliteReader {
    connection: Connection,
    path: PathBuf,
}

impl SqliteReader {
    fn error(&self, error: &rusqlite::Error) -> LogError {
        store_error(&self.path, &error.to_string())
    }
}

impl LogReader for SqliteReader {
    fn read(&self, after: u64, most: usize) -> Result<Vec<Recorded>, LogError> {
        let query = "SELECT sequence, at, body FROM events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
        let read = || -> rusqlite::Result<Vec<(i64, i64, String)>> {
            let mut statement = self.connection.prepare_cached(query)?;
            let rows = statement
                .query_map([to_i64(after), to_i64(most as u64)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect()
        };
        let rows = read().map_err(|e| self.error(&e))?;
        rows.into_iter()
            .map(|(sequence, at, body)| {
                let sequence = u64::try_from(sequence).unwrap_or(0);
                let damaged =
                    |cause: String| LogError::Damaged { place: self.path.display().to_string(), sequence, cause };
                let event = record::decode(&body).map_err(|e| damaged(e.to_string()))?;
                let at = jiff::Timestamp::from_millisecond(at).map_err(|e| damaged(e.to_string()))?;
                Ok(Recorded { sequence, at, event })
            })
            .collect()
    }

    fn cursor(&self, name: &str) -> Result<u64, LogError> {
        self.connection
            .query_row("SELECT sequence FROM cursors WHERE name = ?1", [name], |row| row.get::<_, i64>(0))
            .optional()
            .map(|n| n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
            .map_err(|e| self.error(&e))
    }

    fn move_cursor(&mut self, name: &str, to: u64, quarantine: &[(u64, String)]) -> Result<(), LogError> {
        let mut write = || -> rusqlite::Result<()> {
            let transaction = self.connection.transaction()?;
            let sql = "INSERT OR REPLACE INTO cursors (name, sequence) VALUES (?1, ?2)";
            transaction.execute(sql, params![name, to_i64(to)])?;
            for (sequence, reason) in quarantine {
                let sql = "INSERT OR REPLACE INTO quarantine (sequence, reason) VALUES (?1, ?2)";
                transaction.execute(sql, params![to_i64(*sequence), reason])?;
            }
            transaction.commit()
        };
        write().map_err(|e| self.error(&e))
    }

    fn quarantined(&self) -> Result<Vec<(u64, String)>, LogError> {
        let read = || -> rusqlite::Result<Vec<(i64, String)>> {
            let mut statement = self.connection.prepare("SELECT sequence, reason FROM quarantine ORDER BY sequence")?;
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        let rows = read().map_err(|e| self.error(&e))?;
        Ok(rows.into_iter().map(|(n, reason)| (u64::try_from(n).unwrap_or(0), reason)).collect())
    }
}

fn request_text(answered: &Answered) -> Result<String, serde_json::Error> {
    let Answered { request_id, fingerprint, reply } = answered.clone();
    serde_json::to_string(&StoredRequest { id: request_id, print: fingerprint, reply })
}

fn last_sequence(connection: &Connection) -> rusqlite::Result<u64> {
    let last: Option<i64> = connection.query_row("SELECT max(sequence) FROM events", [], |row| row.get(0))?;
    Ok(last.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// SQLite's integers are signed; a sequence never comes near the sign.
fn to_i64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
