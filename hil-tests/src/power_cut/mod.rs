//! Power cuts and full disks for the real SQLite log: a SQLite VFS that knows what a disk would still hold.
//!
//! [`Disk::mount`] takes a directory under the model. SQLite runs on the platform's own files there, with its own
//! locks and shared memory, while the [`Disk`] beside them keeps what has been synced and what has not.
//! [`Disk::cut_at`] takes the power away at one operation, and [`Disk::survivors`] writes the files that a machine
//! finds afterwards.
//! The product knows nothing of this: the VFS becomes the process's default one, and `hub::log::SqliteLog` opens its
//! file as it always does.
//!
//! A [`History`] drives the hub's engine on such a disk through one cut after the other; its witness keeps, outside of
//! the log, what was asked and acknowledged, and compares after each recovery.

mod damage;
mod disk;
mod history;
mod presses;
mod stored;
#[expect(unsafe_code, reason = "a SQLite VFS is a table of C functions; all that is decided stands in `disk`, safely")]
mod vfs;
mod witness;

pub use disk::Disk;
pub use history::{History, HistoryError, Options};
pub use stored::integrity;
pub use witness::Found;
