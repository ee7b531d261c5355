//! A copy of the log while the hub writes it.

use std::fs::File;
use std::path::Path;

use super::io_failed;
use super::tables::{FILE, connect_existing, failed, unfit};
use super::verify::{Verified, verify_file};
use crate::log::LogError;

/// Copies the log in `directory` to the new file `to` and verifies the copy. The hub may write meanwhile; the copy is
/// the log of one moment. It can stand in for `hall.db` of a stopped hub as it is.
///
/// # Errors
/// When there is no log that can be opened, `to` exists or cannot be written, or the copy is not whole; it is left
/// then, since it may be the best that there is.
pub fn backup(directory: &Path, to: &Path) -> Result<Verified, LogError> {
    let path = directory.join(FILE);
    let connection = connect_existing(&path)?;
    // SQLite writes only into a file that is empty or missing; this one is new for certain.
    let file = File::create_new(to).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => unfit(to, "this file exists and is not overwritten; name another one"),
        _ => io_failed(to, &e),
    })?;
    let copied = connection.execute("VACUUM INTO ?1", [to.to_string_lossy()]);
    if let Err(error) = copied {
        // Nothing of it can be used.
        drop(std::fs::remove_file(to));
        return Err(failed(&path, &error));
    }
    file.sync_all().map_err(|e| io_failed(to, &e))?;
    let verified = verify_file(to)?;
    match (&verified.bad, verified.file.first()) {
        (None, None) => Ok(verified),
        (Some(bad), _) => Err(unfit(to, &format!("the copy is not whole: {bad}; {}", bad.next_step()))),
        (None, Some(fault)) => Err(unfit(to, &format!("the copy is damaged: {fault}; check that disk and try again"))),
    }
}
