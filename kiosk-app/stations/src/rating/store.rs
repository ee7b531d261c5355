//! Ratings that the hub has not answered, in a small file: a tablet that loses its power must not lose them.
//!
//! The file is written anew and put in the old one's place, both synced, before the rating is sent. It holds a
//! citizen's own words until they are delivered, so only the station's user may read it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use protocol::commands::Command;
use serde::{Deserialize, Serialize};

use crate::plumbing::Order;

/// A rating as it stands in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    request_id: String,
    command: Command,
}

/// Why the file could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("rating tablet: {path} cannot be written ({cause}); check that the disk has room and the folder is ours")]
    Write { path: PathBuf, cause: io::Error },
    #[error("rating tablet: {path} cannot be read ({cause}); what it holds is put aside as `.broken`")]
    Read { path: PathBuf, cause: String },
}

/// The file of one tablet; without a folder ratings live in memory only.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    path: Option<PathBuf>,
}

impl Store {
    pub(crate) fn new(folder: Option<&Path>, counter: u16) -> Self {
        Self { path: folder.map(|folder| folder.join(format!("rating-{counter}.json"))) }
    }

    /// The ratings that were not delivered when the tablet ended.
    pub(crate) fn load(&self) -> Result<Vec<Order>, StoreError> {
        let Some(path) = &self.path else { return Ok(Vec::new()) };
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::Read { path: path.clone(), cause: error.to_string() }),
        };
        let stored: Vec<Stored> = serde_json::from_slice(&text).map_err(|error| {
            let aside = fs::rename(path, path.with_extension("broken"));
            let cause = aside.map_or_else(|aside| format!("{error}; {aside}"), |()| error.to_string());
            StoreError::Read { path: path.clone(), cause }
        })?;
        Ok(stored.into_iter().map(|s| Order { request_id: s.request_id, command: s.command }).collect())
    }

    /// Makes the file hold exactly these ratings. When this returns, they are on the disk.
    pub(crate) fn save(&self, orders: &[Order]) -> Result<(), StoreError> {
        let Some(path) = &self.path else { return Ok(()) };
        write(path, orders).map_err(|cause| StoreError::Write { path: path.clone(), cause })
    }
}

fn write(path: &Path, orders: &[Order]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if orders.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    fs::create_dir_all(folder)?;
    let stored: Vec<_> =
        orders.iter().map(|o| Stored { request_id: o.request_id.clone(), command: o.command.clone() }).collect();
    let new = path.with_extension("new");
    let mut file = private(&new)?;
    file.write_all(&serde_json::to_vec(&stored)?)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    fs::File::open(folder)?.sync_all()
}

/// A new file that only its owner may read.
fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn order(id: &str) -> Order {
        let (ticket, level) = ("2026-11-22/A008".to_owned(), "dissatisfied".to_owned());
        let command =
            Command::RateService { ticket, level, reasons: vec!["slow".into()], comment: Some("chờ".into()) };
        Order { request_id: id.into(), command }
    }

    #[test]
    fn what_was_kept_is_there_after_a_restart_and_gone_when_delivered() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let store = Store::new(Some(&state), 3);
        assert!(store.load().unwrap().is_empty());
        store.save(&[order("r1")]).unwrap();
        store.save(&[order("r1"), order("r2")]).unwrap();
        assert_eq!(Store::new(Some(&state), 3).load().unwrap(), [order("r1"), order("r2")]);
        assert!(Store::new(Some(&state), 4).load().unwrap().is_empty(), "another counter's tablet");
        let mode = fs::metadata(state.join("rating-3.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "a citizen's words are nobody else's");
        store.save(&[]).unwrap();
        store.save(&[]).unwrap();
        assert_eq!(fs::read_dir(&state).unwrap().count(), 0);
    }

    #[test]
    fn a_broken_file_is_put_aside_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(Some(folder.path()), 3);
        fs::write(folder.path().join("rating-3.json"), "[{\"request_id\"").unwrap();
        assert!(store.load().unwrap_err().to_string().contains("rating-3.json cannot be read"));
        assert!(store.load().unwrap().is_empty());
        assert!(folder.path().join("rating-3.broken").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_says_so() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("state"), "a file").unwrap();
        let store = Store::new(Some(&folder.path().join("state")), 3);
        let error = store.save(&[order("r1")]).unwrap_err();
        assert!(error.to_string().contains("cannot be written"), "{error}");
        Store::new(None, 3).save(&[order("r1")]).unwrap();
    }
}
