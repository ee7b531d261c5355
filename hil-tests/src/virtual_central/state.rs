//! What the HTTP side and the test's handle share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;

use super::ledger::Ledger;

/// What central counted since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CentralCounters {
    /// Requests with events, refused ones included.
    pub requests: u64,
    /// Events stored.
    pub accepted: u64,
    /// Events that were stored before.
    pub duplicates: u64,
    /// Events refused for good.
    pub rejected: u64,
    /// Batches refused since a sequence was missing.
    pub gaps: u64,
    /// Requests without the right token.
    pub unauthorized: u64,
    /// Heartbeats stored.
    pub heartbeats: u64,
    /// Most requests with events that one hall had under way at once; must stay 1.
    pub in_flight_max: u64,
}

/// An answer ordered by a test.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OrderedAnswer {
    pub status: u16,
    pub times: u32,
    pub retry_after: Option<Duration>,
}

/// How central misbehaves; counts go down with each use.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub answer: Option<OrderedAnswer>,
    pub drop_before: u32,
    pub drop_after: u32,
    pub garbled: u32,
    pub slow: Duration,
}

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub ledger: Ledger,
    pub faults: Faults,
    pub counters: CentralCounters,
    pub heartbeats: BTreeMap<String, Value>,
    in_flight: BTreeMap<String, u64>,
}

#[derive(Debug)]
pub(crate) struct Central {
    inner: Mutex<Inner>,
    changes: watch::Sender<u64>,
    pub token: Option<String>,
}

impl Central {
    pub(crate) fn new(ledger: Ledger, token: Option<String>) -> Self {
        Self { inner: Mutex::new(Inner { ledger, ..Inner::default() }), changes: watch::Sender::new(0), token }
    }

    /// Looks without waking anyone.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&Inner) -> T) -> T {
        at(&self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes something and wakes whoever waits.
    pub(crate) fn with<T>(&self, how: impl FnOnce(&mut Inner) -> T) -> T {
        let result = how(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner));
        self.changes.send_modify(|version| *version = version.wrapping_add(1));
        result
    }

    /// Waits until `wanted` holds; false when `limit` passed before.
    pub(crate) async fn wait(&self, limit: Duration, wanted: impl Fn(&Inner) -> bool) -> bool {
        let mut changes = self.changes.subscribe();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                if self.look(&wanted) || changes.changed().await.is_err() {
                    return;
                }
            }
        };
        timeout(limit, waiting).await.is_ok()
    }
}

/// A request of a hall under way; ends also when its connection breaks.
pub(crate) struct InFlight {
    central: Arc<Central>,
    hall: String,
}

impl InFlight {
    pub(crate) fn enter(central: &Arc<Central>, hall: &str) -> Self {
        central.with(|inner| {
            let now = inner.in_flight.entry(hall.to_owned()).or_default();
            *now += 1;
            inner.counters.in_flight_max = inner.counters.in_flight_max.max(*now);
        });
        Self { central: Arc::clone(central), hall: hall.to_owned() }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.central.with(|inner| {
            if let Some(now) = inner.in_flight.get_mut(&self.hall) {
                *now = now.saturating_sub(1);
            }
        });
    }
}
