//! The hub's log on a simulated disk: an append is durable when it says so, and a power cut keeps the append that it
//! falls into as a whole or not at all. It knows no rules.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hub::log::{Answered, Commit, EventLog, LogError, LogReader};
use jiff::Timestamp;
use queue::Recorded;

/// How the disk is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disk {
    /// It writes.
    #[default]
    Good,
    /// No space is left.
    Full,
    /// It fails for another reason.
    Failing,
    /// The power goes at the next append; nothing is written after it.
    Cut {
        /// Whether that append reaches the disk as its last one.
        kept: bool,
    },
}

#[derive(Debug, Default)]
struct Store {
    commits: Vec<Commit>,
    events: Vec<Recorded>,
    snapshot: Option<(u32, String)>,
    disk: Disk,
}

/// The log. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub(super) struct SimulatedLog(Arc<Mutex<Store>>);

impl SimulatedLog {
    pub(super) fn set_disk(&self, disk: Disk) {
        self.store().disk = disk;
    }

    /// The commits from the `from`th on.
    pub(super) fn commits(&self, from: usize) -> Vec<Commit> {
        self.store().commits.get(from..).unwrap_or_default().to_vec()
    }

    /// Last sequence on the disk.
    pub(super) fn end(&self) -> u64 {
        self.store().events.len() as u64
    }

    /// The answers on the disk by request id.
    pub(super) fn replies(&self) -> BTreeMap<String, String> {
        let store = self.store();
        let answered = store.commits.iter().filter_map(|commit| commit.answered.as_ref());
        answered.map(|answered| (answered.request_id.clone(), answered.reply.clone())).collect()
    }

    pub(super) fn lose_snapshot(&self) {
        self.store().snapshot = None;
    }

    /// Takes the last commit away where it was answered, as a disk does that confirms what it has not written.
    pub(super) fn lose_last_answer(&self) {
        let mut store = self.store();
        let events = store.commits.pop_if(|commit| commit.answered.is_some()).map_or(0, |commit| commit.events.len());
        let left = store.events.len() - events;
        store.events.truncate(left);
    }

    /// Changes the snapshot on the disk.
    pub(super) fn spoil_snapshot(&self, spoil: impl FnOnce(&str) -> String) {
        if let Some((_, body)) = &mut self.store().snapshot {
            *body = spoil(body);
        }
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    fn write(&mut self, commits: &[Commit]) -> Result<(), LogError> {
        let mut last = self.events.len() as u64;
        for event in commits.iter().flat_map(|commit| &commit.events) {
            if event.sequence != last + 1 {
                return Err(LogError::Gap { place: place(), last, sequence: event.sequence });
            }
            last = event.sequence;
        }
        self.events.extend(commits.iter().flat_map(|commit| commit.events.iter().cloned()));
        self.commits.extend(commits.iter().cloned());
        Ok(())
    }

    /// What the disk says when it does not write.
    fn fault(&self) -> Option<LogError> {
        let store = |cause: &str| Some(LogError::Store { place: place(), cause: cause.to_owned() });
        match self.disk {
            Disk::Good => None,
            Disk::Full => Some(LogError::DiskFull { place: place() }),
            Disk::Failing => store("the simulated disk fails"),
            Disk::Cut { .. } => store("the power has gone"),
        }
    }
}

fn place() -> String {
    "simulated".to_owned()
}

impl EventLog for SimulatedLog {
    fn append(&mut self, commits: &[Commit]) -> Result<(), LogError> {
        let mut store = self.store();
        match store.fault() {
            None => store.write(commits),
            Some(fault) => {
                if store.disk == (Disk::Cut { kept: true }) {
                    store.write(commits)?;
                    store.disk = Disk::Cut { kept: false };
                }
                Err(fault)
            }
        }
    }

    fn last_sequence(&self) -> Result<u64, LogError> {
        Ok(self.end())
    }

    fn answers(&self, most: usize) -> Result<Vec<Answered>, LogError> {
        let store = self.store();
        let after = store.events.len().saturating_sub(most) as u64;
        let new = |commit: &&Commit| commit.events.first().is_some_and(|first| first.sequence > after);
        Ok(store.commits.iter().filter(new).filter_map(|commit| commit.answered.clone()).collect())
    }

    fn save_snapshot(&mut self, version: u32, _sequence: u64, body: &str) -> Result<(), LogError> {
        let mut store = self.store();
        store.fault().map_or(Ok(()), Err)?;
        store.snapshot = Some((version, body.to_owned()));
        Ok(())
    }

    fn snapshot(&self, version: u32) -> Result<Option<String>, LogError> {
        Ok(self.store().snapshot.clone().filter(|(v, _)| *v == version).map(|(_, body)| body))
    }

    // Nobody says anything personal here.
    fn erase_expired(&mut self, _now: Timestamp) -> Result<u64, LogError> {
        Ok(0)
    }

    fn reader(&self) -> Result<Box<dyn LogReader>, LogError> {
        Ok(Box::new(self.clone()))
    }
}

impl LogReader for SimulatedLog {
    fn read(&self, after: u64, most: usize) -> Result<Vec<Recorded>, LogError> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(self.store().events.iter().skip(after).take(most).cloned().collect())
    }

    // Nobody reads beside the engine here.
    fn cursor(&self, _name: &str) -> Result<u64, LogError> {
        Ok(0)
    }

    fn move_cursor(&mut self, _name: &str, _to: u64, _quarantine: &[(u64, String)]) -> Result<(), LogError> {
        Ok(())
    }

    fn personal(&self, _key: &str) -> Result<Option<String>, LogError> {
        Ok(None)
    }

    fn quarantined(&self) -> Result<Vec<(u64, String)>, LogError> {
        Ok(Vec::new())
    }
}
