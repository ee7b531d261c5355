//! What everybody may read: the state as it is on disk, and what changes it.

use std::sync::{Mutex, PoisonError, RwLock};

use queue::{HallState, Recorded};
use tokio::sync::watch;

use crate::log::CutOff;

/// What everybody may read: the fold of exactly what is on disk.
#[derive(Debug)]
pub struct Published {
    state: RwLock<HallState>,
    revision: watch::Sender<u64>,
    /// Why the last batch could not be written; none when it could.
    fault: Mutex<Option<String>>,
    /// The end of the log that was torn when it was opened.
    cut_off: Option<CutOff>,
}

impl Published {
    /// The fold of a log that was just opened.
    pub(super) fn new(state: HallState, cut_off: Option<CutOff>) -> Self {
        Self { state: RwLock::new(state), revision: watch::Sender::new(0), fault: Mutex::default(), cut_off }
    }

    /// Reads the state; nobody writes meanwhile, so be quick.
    pub fn read<T>(&self, read: impl FnOnce(&HallState) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was cut off the log when this hub started.
    pub fn cut_off(&self) -> Option<&CutOff> {
        self.cut_off.as_ref()
    }

    /// Why nothing can be written now.
    pub fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_fault(&self, fault: Option<String>) {
        let before = std::mem::replace(&mut *self.fault.lock().unwrap_or_else(PoisonError::into_inner), fault.clone());
        if before != fault {
            self.touch();
        }
    }

    /// Changes whenever a view may have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Says that views changed for another reason than an event, such as the health of a device.
    pub fn touch(&self) {
        self.revision.send_modify(|n| *n += 1);
    }

    pub(super) fn publish(&self, events: &[Recorded]) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            state.apply(event);
        }
        drop(state);
        self.touch();
    }
}
