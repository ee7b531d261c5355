//! The hall's log behind a trait, so that it can stand in memory (tests), in SQLite (a hall) or elsewhere (later).
//!
//! The log knows events, the answers of commands, one snapshot, and readers' cursors. It knows no rules.

mod memory;
mod sqlite;

pub use memory::MemoryLog;
pub use sqlite::SqliteLog;

use queue::Recorded;

/// Why the log did not do it.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The store said no: disk full, no permission, damaged.
    #[error("log {place}: {cause}; free disk space or check the disk, the hub goes on by itself")]
    Store {
        /// File.
        place: String,
        /// What the store said.
        cause: String,
    },
    /// An event that cannot be read.
    #[error("log {place}: event {sequence} cannot be read: {cause}")]
    Damaged {
        /// File.
        place: String,
        /// Which event.
        sequence: u64,
        /// What is wrong with it.
        cause: String,
    },
    /// Somebody else writes this log.
    #[error("log {place} is in use by another hub; stop that one first")]
    InUse {
        /// File.
        place: String,
    },
    /// The events do not continue the log.
    #[error("log {place} ends at {last}, event {sequence} does not continue it")]
    Gap {
        /// File.
        place: String,
        /// Last sequence in the log.
        last: u64,
        /// Sequence that was to be appended.
        sequence: u64,
    },
}

/// A command's answer, kept so that the same request gets it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Request id.
    pub request_id: String,
    /// Fingerprint of the command.
    pub fingerprint: u64,
    /// The answer, as it was sent.
    pub reply: String,
}

/// What one command adds to the log: its events, at least one, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Events in sequence.
    pub events: Vec<Recorded>,
    /// The answer; none for the hub's own commands.
    pub answered: Option<Answered>,
}

/// The writer's side. One writer exists.
pub trait EventLog: Send {
    /// Writes all commits with one durable sync, or none of them.
    ///
    /// # Errors
    /// When they are not on disk; the log is as before.
    fn append(&mut self, commits: &[Commit]) -> Result<(), LogError>;

    /// Last sequence; 0 for an empty log.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn last_sequence(&self) -> Result<u64, LogError>;

    /// The newest answers, oldest first, at most `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn answers(&self, most: usize) -> Result<Vec<Answered>, LogError>;

    /// Replaces the snapshot.
    ///
    /// # Errors
    /// When it could not be written; the old one stands.
    fn save_snapshot(&mut self, version: u32, sequence: u64, body: &str) -> Result<(), LogError>;

    /// The snapshot of this version, where there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn snapshot(&self, version: u32) -> Result<Option<String>, LogError>;

    /// A reader beside the writer.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn reader(&self) -> Result<Box<dyn LogReader>, LogError>;
}

/// A reader behind a cursor of its own, such as the central sync.
pub trait LogReader: Send {
    /// The events after `sequence`, at most `most`.
    ///
    /// # Errors
    /// When the store cannot be read or an event is damaged.
    fn read(&self, after: u64, most: usize) -> Result<Vec<Recorded>, LogError>;

    /// Where the named reader stands; 0 at first.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn cursor(&self, name: &str) -> Result<u64, LogError>;

    /// Moves the named reader and puts away the events that it could not deliver, in one step. It may be lost in a
    /// power cut: the reader then delivers again.
    ///
    /// # Errors
    /// When it could not be written.
    fn move_cursor(&mut self, name: &str, to: u64, quarantine: &[(u64, String)]) -> Result<(), LogError>;

    /// Events in quarantine with their reasons.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn quarantined(&self) -> Result<Vec<(u64, String)>, LogError>;
}
