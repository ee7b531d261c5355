//! The log in memory, for tests of what stands above it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use queue::Recorded;

use super::{Answered, Commit, EventLog, LogError, LogReader, Personal};

#[derive(Debug, Default)]
struct Store {
    events: Vec<Recorded>,
    answers: Vec<(u64, Answered)>,
    snapshot: Option<(u32, String)>,
    cursors: BTreeMap<String, u64>,
    quarantine: BTreeMap<u64, String>,
    personal: BTreeMap<String, Personal>,
    failing: bool,
}

/// A log that is gone with the process. Clones are the same log.
#[derive(Clone, Debug, Default)]
pub struct MemoryLog(Arc<Mutex<Store>>);

impl MemoryLog {
    /// From now on every append fails, or works again.
    pub fn set_failing(&self, failing: bool) {
        self.store().failing = failing;
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventLog for MemoryLog {
    fn append(&mut self, commits: &[Commit]) -> Result<(), LogError> {
        let mut store = self.store();
        let place = || "in memory".to_owned();
        if store.failing {
            return Err(LogError::Store { place: place(), cause: "told to fail".to_owned() });
        }
        let mut last = store.events.len() as u64;
        for event in commits.iter().flat_map(|commit| &commit.events) {
            if event.sequence != last + 1 {
                return Err(LogError::Gap { place: place(), last, sequence: event.sequence });
            }
            last = event.sequence;
        }
        for commit in commits {
            store.events.extend(commit.events.iter().cloned());
            let first = commit.events.first().map_or(last, |event| event.sequence);
            store.personal.extend(commit.personal.iter().map(|p| (p.key.clone(), p.clone())));
            store.answers.extend(commit.answered.iter().map(|answered| (first, answered.clone())));
        }
        Ok(())
    }

    fn last_sequence(&self) -> Result<u64, LogError> {
        Ok(self.store().events.len() as u64)
    }

    fn answers(&self, most: usize) -> Result<Vec<Answered>, LogError> {
        let store = self.store();
        let after = store.events.len().saturating_sub(most) as u64;
        Ok(store.answers.iter().filter(|(sequence, _)| *sequence > after).map(|(_, a)| a.clone()).collect())
    }

    fn save_snapshot(&mut self, version: u32, _sequence: u64, body: &str) -> Result<(), LogError> {
        self.store().snapshot = Some((version, body.to_owned()));
        Ok(())
    }

    fn snapshot(&self, version: u32) -> Result<Option<String>, LogError> {
        Ok(self.store().snapshot.clone().filter(|(v, _)| *v == version).map(|(_, body)| body))
    }

    fn erase_expired(&mut self, now: Timestamp) -> Result<u64, LogError> {
        let mut store = self.store();
        let before = store.personal.len();
        store.personal.retain(|_, personal| personal.expires > now);
        Ok((before - store.personal.len()) as u64)
    }

    fn reader(&self) -> Result<Box<dyn LogReader>, LogError> {
        Ok(Box::new(self.clone()))
    }
}

impl LogReader for MemoryLog {
    fn read(&self, after: u64, most: usize) -> Result<Vec<Recorded>, LogError> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(self.store().events.iter().skip(after).take(most).cloned().collect())
    }

    fn cursor(&self, name: &str) -> Result<u64, LogError> {
        Ok(self.store().cursors.get(name).copied().unwrap_or(0))
    }

    fn move_cursor(&mut self, name: &str, to: u64, quarantine: &[(u64, String)]) -> Result<(), LogError> {
        let mut store = self.store();
        store.cursors.insert(name.to_owned(), to);
        store.quarantine.extend(quarantine.iter().cloned());
        Ok(())
    }

    fn personal(&self, key: &str) -> Result<Option<String>, LogError> {
        Ok(self.store().personal.get(key).map(|personal| personal.text.clone()))
    }

    fn quarantined(&self) -> Result<Vec<(u64, String)>, LogError> {
        Ok(self.store().quarantine.iter().map(|(n, reason)| (*n, reason.clone())).collect())
    }
}
