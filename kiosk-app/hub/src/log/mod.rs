//! The hall's log behind a trait, so that it can stand in memory (tests), in SQLite (a hall) or elsewhere (later).
//!
//! The log knows events, the answers of commands, one snapshot, and readers' cursors. It knows no rules.

mod memory;
mod sqlite;

pub use memory::MemoryLog;
pub use sqlite::{
    BadEvent, Cut, Durability, Exported, Fault, Hash, Moved, Repaired, SqliteLog, Verified, backup, export, repair,
    verify,
};

use jiff::Timestamp;
use queue::{Recorded, TicketId};

/// Why the log did not do it.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// No space is left for the next event.
    #[error("log {place}: the disk is full; free at least 100 MB there, the hub goes on by itself")]
    DiskFull {
        /// File.
        place: String,
    },
    /// The store said no: no permission, a failing disk.
    #[error("log {place}: {cause}; check the disk and the rights of its files, the hub goes on by itself")]
    Store {
        /// File.
        place: String,
        /// What the store said.
        cause: String,
    },
    /// The file is not what it should be.
    #[error("log {place}: {cause}")]
    Unfit {
        /// File.
        place: String,
        /// What is wrong with it and what to do.
        cause: String,
    },
    /// An event that is not as it was written.
    #[error("log {place}: event {sequence}: {cause}; `kiosk-app log verify --config MACHINE_FILE` says what to do")]
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

/// The end of a log that was torn, and was cut off when the log was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// Sequence of the first event that was cut off.
    pub from: u64,
    /// Events that were cut off and kept beside the log; 0 when they were gone.
    pub count: u64,
    /// What was wrong with the first of them.
    pub reason: String,
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

/// Personal data that came with a command. It stands beside the log under a key that an event implies, is written
/// with that event's sync, and is erased when its time is over; the chain of hashes does not know it.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal {
    /// What it belongs to, such as [`comment_key`].
    pub key: String,
    /// What was said.
    pub text: String,
    /// When it is erased.
    pub expires: Timestamp,
}

// Not derived: what a citizen said never reaches a log file.
impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Personal({}, until {})", self.key, self.expires)
    }
}

/// Key of the words that came with a ticket's rating.
#[must_use]
pub fn comment_key(ticket: &TicketId) -> String {
    format!("comment/{ticket}")
}

/// What one command adds to the log: its events, at least one, and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Events in sequence.
    pub events: Vec<Recorded>,
    /// The answer; none for the hub's own commands.
    pub answered: Option<Answered>,
    /// Personal data that came with it.
    pub personal: Option<Personal>,
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

    /// The answers among the newest `most` events, oldest first. However long the log is, no more than these are read.
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

    /// Erases personal data whose time is over, so that no file keeps it.
    ///
    /// # Errors
    /// When it could not be erased; it is tried again.
    fn erase_expired(&mut self, now: Timestamp) -> Result<u64, LogError>;

    /// A reader beside the writer.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn reader(&self) -> Result<Box<dyn LogReader>, LogError>;

    /// Tickets that stand in what was ever cut off, newest first, and how many events there cannot be read: their numbers
    /// are on paper, and must not be given again.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn lost_tickets(&self) -> Result<(Vec<TicketId>, u32), LogError> {
        Ok((Vec::new(), 0))
    }

    /// What was cut off when this log was opened.
    fn cut_off(&self) -> Option<CutOff> {
        None
    }
}

/// A reader behind a cursor of its own, such as the central sync.
pub trait LogReader: Send {
    /// The events after `sequence`, at most `most`; those before a damaged one come alone.
    ///
    /// # Errors
    /// When the store cannot be read or an event is damaged.
    fn read(&self, after: u64, most: usize) -> Result<Vec<Recorded>, LogError>;

    /// Where the named reader stands; 0 at first.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn cursor(&self, name: &str) -> Result<u64, LogError>;

    /// Moves the named reader and puts away the events that it could not deliver, in one step. It costs a
    /// sync; a reader that moves often saves rarely, and delivers again what a power cut took.
    ///
    /// # Errors
    /// When it could not be written.
    fn move_cursor(&mut self, name: &str, to: u64, quarantine: &[(u64, String)]) -> Result<(), LogError>;

    /// Personal data under a key; none when there never was any or its time is over.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn personal(&self, key: &str) -> Result<Option<String>, LogError>;

    /// Events in quarantine with their reasons.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn quarantined(&self) -> Result<Vec<(u64, String)>, LogError>;
}
