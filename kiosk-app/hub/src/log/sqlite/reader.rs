//! A reader with a connection of its own, beside the writer.
//!
//! Its cursors are synced too: an unsynced frame of theirs would stand in the write-ahead log before the writer's, and
//! a failed sync could then drop it from under commits that were acknowledged. Whoever moves a cursor often saves it
//! rarely. It checks the hash of everything that it hands out.

use std::path::PathBuf;

use fail_point::Point;
use queue::Recorded;
use rusqlite::{Connection, OptionalExtension, params};

use super::tables::{failed, to_i64, to_u64};
use super::{check, damaged};
use crate::log::{LogError, LogReader};

#[derive(Debug)]
pub(super) struct SqliteReader {
    pub connection: Connection,
    pub path: PathBuf,
}

impl SqliteReader {
    fn error(&self, error: &rusqlite::Error) -> LogError {
        failed(&self.path, error)
    }
}

impl LogReader for SqliteReader {
    fn read(&self, after: u64, most: usize) -> Result<Vec<Recorded>, LogError> {
        let Some(end) = check::end_at(&self.connection, after).map_err(|e| self.error(&e))? else {
            let last = check::last_sequence(&self.connection).map_err(|e| self.error(&e))?;
            return if after > last { Ok(Vec::new()) } else { Err(damaged(&self.path, &check::no_anchor(after))) };
        };
        let stretch = check::read(&self.connection, end, most).map_err(|e| self.error(&e))?;
        match stretch.bad {
            // What is whole before it may still be read; the next call meets it.
            Some(bad) if stretch.entries.is_empty() => Err(damaged(&self.path, &bad)),
            _ => Ok(stretch.entries.into_iter().map(|entry| entry.recorded).collect()),
        }
    }

    fn cursor(&self, name: &str) -> Result<u64, LogError> {
        self.connection
            .query_row("SELECT sequence FROM cursors WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map(|n| n.map_or(0, to_u64))
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
            fail_point::reached(Point::InsideCursor);
            transaction.commit()
        };
        write().map_err(|e| self.error(&e))
    }

    fn personal(&self, key: &str) -> Result<Option<String>, LogError> {
        let query = "SELECT text FROM personal WHERE key = ?1";
        self.connection.query_row(query, [key], |row| row.get(0)).optional().map_err(|e| self.error(&e))
    }

    fn quarantined(&self) -> Result<Vec<(u64, String)>, LogError> {
        let read = || -> rusqlite::Result<Vec<(u64, String)>> {
            let mut statement = self.connection.prepare("SELECT sequence, reason FROM quarantine ORDER BY sequence")?;
            statement.query_map([], |row| Ok((to_u64(row.get(0)?), row.get(1)?)))?.collect()
        };
        read().map_err(|e| self.error(&e))
    }
}
