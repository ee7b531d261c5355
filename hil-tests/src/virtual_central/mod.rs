//! A virtual central: the province's side of sync v1, in memory, which misbehaves on demand.
//!
//! It stores what halls send, in sequence and once, and answers as `shared/architecture.md` says. It
//! shares no type with our hub: what it reads is JSON, so that an error of ours cannot hide on both
//! ends. It keeps nothing between runs except the JSONL file, when asked.

mod http;
mod ledger;
mod state;

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;

pub use http::{MAX_BYTES, MAX_EVENTS};
pub use ledger::{Fate, StoredEvent};
pub use state::CentralCounters;

use ledger::Ledger;
use state::{Central, OrderedAnswer};

/// How central is set up.
#[derive(Debug, Clone, Default)]
pub struct CentralOptions {
    /// Demand this bearer token on every request that changes something.
    pub token: Option<String>,
    /// Append each stored event to this file, one a line, in the order of arrival.
    pub jsonl: Option<PathBuf>,
}

/// Where in a request a connection is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropMoment {
    /// Nothing was stored.
    BeforeStoring,
    /// All was stored, the answer is lost: the hall must send again and be told "duplicate".
    AfterStoring,
}

#[derive(Debug)]
struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Handle of a running virtual central; clones are the same central. It ends with its last handle.
#[derive(Debug, Clone)]
pub struct VirtualCentral {
    central: Arc<Central>,
    address: SocketAddr,
    running: Arc<Mutex<Option<Running>>>,
}

impl VirtualCentral {
    /// Starts central on `address`; port 0 takes a free one (see [`Self::url`]).
    ///
    /// # Errors
    /// The address is taken, or the JSONL file cannot be opened.
    pub async fn start(address: SocketAddr, options: CentralOptions) -> io::Result<Self> {
        let mut ledger = Ledger::default();
        if let Some(path) = &options.jsonl {
            ledger.journal = Some(OpenOptions::new().create(true).append(true).open(path)?);
        }
        let listener = TcpListener::bind(address).await?;
        let made = Self {
            central: Arc::new(Central::new(ledger, options.token)),
            address: listener.local_addr()?,
            running: Arc::new(Mutex::new(None)),
        };
        made.serve(listener).await;
        Ok(made)
    }

    async fn serve(&self, listener: TcpListener) {
        let (stop, stopped) = oneshot::channel();
        let app = http::router(Arc::clone(&self.central));
        let task = tokio::spawn(http::serve(listener, app, stopped));
        *self.running.lock().await = Some(Running { stop, task });
    }

    /// Base of all URLs, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    // How it misbehaves. Ordered answers, drops and garbled answers touch requests with events only.

    /// Goes away: listener and every connection are closed when this returns.
    pub async fn away(&self) {
        if let Some(running) = self.running.lock().await.take() {
            // An error means that the task ended already, which is what is wanted.
            let _ = running.stop.send(());
            let _ = running.task.await;
        }
    }

    /// Comes back at the same address, with everything it had stored.
    ///
    /// # Errors
    /// Somebody else took the address meanwhile.
    pub async fn back(&self) -> io::Result<()> {
        if self.running.lock().await.is_some() {
            return Ok(());
        }
        let listener = TcpListener::bind(self.address).await?;
        self.serve(listener).await;
        Ok(())
    }

    /// Answers the next `times` requests with this HTTP status, unread.
    pub fn answer_with(&self, status: u16, times: u32, retry_after: Option<Duration>) {
        self.central.with(|inner| {
            inner.faults.answer = Some(OrderedAnswer { status, times, retry_after });
        });
    }

    /// Drops the connections of the next `times` requests.
    pub fn drop_connection(&self, times: u32, moment: DropMoment) {
        self.central.with(|inner| match moment {
            DropMoment::BeforeStoring => inner.faults.drop_before = times,
            DropMoment::AfterStoring => inner.faults.drop_after = times,
        });
    }

    /// Takes so long before it looks at a request.
    pub fn slow(&self, delay: Duration) {
        self.central.with(|inner| inner.faults.slow = delay);
    }

    /// Rejects this sequence (of any hall) until [`Self::accept_all`].
    pub fn reject_sequence(&self, sequence: u64, reason: &str) {
        self.central.with(|inner| {
            inner.ledger.refuse.insert(sequence, reason.to_owned());
        });
    }

    /// Rejects nothing any more.
    pub fn accept_all(&self) {
        self.central.with(|inner| inner.ledger.refuse.clear());
    }

    /// Stores the events of the next `times` requests and answers 200 with half a body.
    pub fn garble_answers(&self, times: u32) {
        self.central.with(|inner| inner.faults.garbled = times);
    }

    // Evidence.

    /// Everything stored, in the order of arrival.
    #[must_use]
    pub fn events(&self) -> Vec<StoredEvent> {
        self.central.look(|inner| inner.ledger.stored().to_vec())
    }

    /// The highest sequence of a hall up to which nothing is missing; 0 before the first.
    #[must_use]
    pub fn accepted_through(&self, hall: &str) -> u64 {
        self.central.look(|inner| inner.ledger.accepted_through(hall))
    }

    /// Sequences of a hall that were rejected and did not come again, with the reasons.
    #[must_use]
    pub fn rejected(&self, hall: &str) -> BTreeMap<u64, String> {
        self.central.look(|inner| inner.ledger.rejected(hall))
    }

    /// The last heartbeat of a hall.
    #[must_use]
    pub fn heartbeat(&self, hall: &str) -> Option<Value> {
        self.central.look(|inner| inner.heartbeats.get(hall).cloned())
    }

    /// What was counted so far.
    #[must_use]
    pub fn counters(&self) -> CentralCounters {
        self.central.look(|inner| {
            let tally = inner.ledger.tally;
            CentralCounters {
                accepted: tally.accepted,
                duplicates: tally.duplicates,
                rejected: tally.rejected,
                gaps: tally.gaps,
                ..inner.counters
            }
        })
    }

    /// Waits until some hall has everything up to `sequence`; false when `limit` passed before.
    pub async fn wait_for_sequence(&self, sequence: u64, limit: Duration) -> bool {
        self.central.wait(limit, |inner| inner.ledger.furthest() >= sequence).await
    }

    /// Waits for so many heartbeats since the start; false when `limit` passed before.
    pub async fn wait_for_heartbeats(&self, count: u64, limit: Duration) -> bool {
        self.central.wait(limit, |inner| inner.counters.heartbeats >= count).await
    }

    /// Waits for so many requests with events since the start; false when `limit` passed before.
    pub async fn wait_for_requests(&self, count: u64, limit: Duration) -> bool {
        self.central.wait(limit, |inner| inner.counters.requests >= count).await
    }

    /// Writes all stored CloudEvents, one a line, by hall and sequence.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_jsonl(&self, path: &Path) -> io::Result<()> {
        let mut text = self.central.look(|inner| inner.ledger.lines().join("\n"));
        if !text.is_empty() {
            text.push('\n');
        }
        std::fs::write(path, text)
    }
}
