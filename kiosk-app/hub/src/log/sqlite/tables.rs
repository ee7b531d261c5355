//! The file `hall.db`: its tables, their versions, and how a connection is set up.
//!
//! Version 1 had no hashes, version 2 no personal data; both are brought to version 3 when a hub opens them, in one
//! transaction.
//!
//! Bytes: a page is written whole with each commit, so pages are as small as SQLite allows. A ticket and the start of
//! its paper write 3.3 kB, write-ahead log and checkpoint included (`tests/log_cost.rs`), with pages of 4096 bytes
//! 7 kB; a file of version 1 keeps those. The write-ahead log is written back every [`WAL_BYTES`], about 900 tickets,
//! for 3 more syncs. It stays under twice that, except while a backup or `quick_check` reads an old view for long, and
//! is cut to [`WAL_LIMIT`] afterwards.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, ffi, params};

use super::chain::{Hash, Row};
use crate::log::LogError;

/// File of the log in the data directory.
pub(super) const FILE: &str = "hall.db";
/// File that shows that a hub runs on this directory.
pub(super) const LOCK: &str = "hub.lock";
/// Marks the file as ours: "OSHL".
const APPLICATION_ID: i64 = 0x4f53_484c;
/// Version of the tables.
const VERSION: i64 = 3;
/// Bytes of a page in a new file.
const PAGE_BYTES: i64 = 512;
/// Size of the write-ahead log at which it is written back to the file.
const WAL_BYTES: i64 = 2 << 20;
/// Size that the write-ahead log is cut to when it grew beyond.
const WAL_LIMIT: i64 = 4 << 20;
/// How long one connection waits for the other.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Rows that get their hashes at once.
const MIGRATION_CHUNK: usize = 1_000;

const TABLES: &str = "
    CREATE TABLE events (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL, request TEXT,
        hash BLOB) STRICT;
    CREATE TABLE cursors (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
    CREATE TABLE quarantine (sequence INTEGER PRIMARY KEY, reason TEXT NOT NULL) STRICT;
";
/// New in version 2. A snapshot is deflated: a day's end costs 100 kB instead of 2 MB.
const TABLES_2: &str = "
    CREATE TABLE snapshots (version INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE TABLE cut_off (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
        request TEXT, hash BLOB, cut_at INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;
";

/// New in version 3: what citizens said in their own words, until it is erased.
const TABLES_3: &str = "
    CREATE TABLE personal (key TEXT PRIMARY KEY, text TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
";

/// A connection that may write, to a file that is made where it is missing.
pub(super) fn connect(path: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Only a new file takes it, and only before it is in WAL mode.
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    let page_bytes = pragma(&connection, "page_size")?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_BYTES / page_bytes.max(1))?;
    connection.pragma_update(None, "journal_size_limit", WAL_LIMIT)?;
    Ok(connection)
}

/// A connection to a log that exists, for a tool. It changes no setting of the file.
pub(super) fn connect_existing(path: &Path) -> Result<Connection, LogError> {
    if !path.is_file() {
        return Err(unfit(path, "there is no log; name the data directory of a hub"));
    }
    let connect = || {
        let connection =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        let kind = (pragma(&connection, "application_id")?, pragma(&connection, "user_version")?);
        Ok((connection, kind))
    };
    match connect().map_err(|e| failed(path, &e))? {
        // The events are the same since version 2, and a tool reads nothing else.
        (connection, (APPLICATION_ID, 2..=VERSION)) => Ok(connection),
        (_, (APPLICATION_ID, 1)) => Err(unfit(path, "version 1 has no hashes; start the hub once, it adds them")),
        (_, kind) => Err(unknown(path, kind)),
    }
}

/// Makes the tables of a new file, or brings those of an older one to this version.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), LogError> {
    let error = |e: rusqlite::Error| failed(path, &e);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(error)?;
    let kind = pragma(&transaction, "application_id").and_then(|id| Ok((id, pragma(&transaction, "user_version")?)));
    match kind.map_err(error)? {
        (APPLICATION_ID, VERSION) => return Ok(()),
        (0, 0) => transaction.execute_batch(&format!("{TABLES}{TABLES_2}{TABLES_3}")).map_err(error)?,
        (APPLICATION_ID, 1) => {
            tracing::info!(log = %path.display(), "the log is of version 1; every event gets its hash now");
            migrate(&transaction).and_then(|()| transaction.execute_batch(TABLES_3)).map_err(error)?;
        }
        (APPLICATION_ID, 2) => transaction.execute_batch(TABLES_3).map_err(error)?,
        kind => return Err(unknown(path, kind)),
    }
    let version = format!("PRAGMA application_id={APPLICATION_ID};PRAGMA user_version={VERSION};");
    transaction.execute_batch(&version).and_then(|()| transaction.commit()).map_err(error)
}

/// Version 1 to 2. Its snapshots are dropped: they only save time, once.
fn migrate(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(&format!("DROP TABLE snapshots;{TABLES_2}ALTER TABLE events ADD COLUMN hash BLOB;"))?;
    let mut select = transaction
        .prepare("SELECT sequence, at, body, request FROM events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2")?;
    let mut update = transaction.prepare("UPDATE events SET hash = ?2 WHERE sequence = ?1")?;
    let (mut after, mut hash) = (0, Hash::START);
    loop {
        let mut hashes = Vec::with_capacity(MIGRATION_CHUNK);
        let mut rows = select.query(params![after, MIGRATION_CHUNK as i64])?;
        while let Some(row) = rows.next()? {
            after = row.get(0)?;
            hash = hash.next(&Row {
                sequence: to_u64(after),
                at: row.get(1)?,
                body: row.get_ref(2)?.as_bytes()?,
                request: row.get_ref(3)?.as_bytes_or_null()?,
            });
            hashes.push((after, hash));
        }
        if hashes.is_empty() {
            return Ok(());
        }
        for (sequence, hash) in &hashes {
            update.execute(params![sequence, hash.as_bytes()])?;
        }
    }
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn unknown(path: &Path, kind: (i64, i64)) -> LogError {
    match kind {
        (APPLICATION_ID, newer) => {
            unfit(path, &format!("its tables are of version {newer}; install the program that wrote them"))
        }
        _ => unfit(path, "this is not a log of a hall; name another data directory"),
    }
}

pub(super) fn unfit(path: &Path, cause: &str) -> LogError {
    LogError::Unfit { place: path.display().to_string(), cause: cause.to_owned() }
}

/// What a fault of SQLite means for whoever stands before it.
pub(super) fn failed(path: &Path, error: &rusqlite::Error) -> LogError {
    let (place, cause) = (path.display().to_string(), error.to_string());
    let damaged = |cause| unfit(path, &format!("the file itself is damaged ({cause}); {REPAIR}"));
    match error {
        rusqlite::Error::SqliteFailure(e, _) => match e.code {
            ErrorCode::DiskFull => LogError::DiskFull { place },
            // Growing the shared memory file fails for want of space only.
            _ if e.extended_code == ffi::SQLITE_IOERR_SHMSIZE => LogError::DiskFull { place },
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => damaged(cause),
            _ => LogError::Store { place, cause },
        },
        // Our statements are right, so the tables are not.
        rusqlite::Error::SqlInputError { error, msg, .. } if error.code == ErrorCode::Unknown => damaged(msg.clone()),
        _ => LogError::Store { place, cause },
    }
}

/// What to do about a damaged file.
pub(super) const REPAIR: &str =
    "stop the hub and run `kiosk-app log repair --config MACHINE_FILE`, or put the newest backup in its place";

/// SQLite's integers are signed; a sequence never comes near the sign.
pub(super) fn to_i64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Nothing below zero was ever written.
pub(super) fn to_u64(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
