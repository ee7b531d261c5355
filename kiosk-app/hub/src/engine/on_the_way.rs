//! How the engine knows that a command is about to reach it, before it has.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Commands that the API has begun to read and that the engine will get at once: a reason to wait for them.
#[derive(Clone, Debug, Default)]
pub struct OnTheWay(Arc<AtomicUsize>);

impl OnTheWay {
    /// One more, until the guard is dropped.
    pub fn enter(&self) -> OnTheWayGuard {
        self.0.fetch_add(1, Ordering::Relaxed);
        OnTheWayGuard(self.clone())
    }

    pub(super) fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

/// A command that is on its way; see [`OnTheWay::enter`].
#[derive(Debug)]
pub struct OnTheWayGuard(OnTheWay);

impl Drop for OnTheWayGuard {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
