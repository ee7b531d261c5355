//! The running printer: a bounded queue of jobs, its health, and a truthful outcome for each job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kit::{Fault, Health, HealthCell, LifeCycle, LinkConfig, supervise};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::encode::{EncodeError, Encoded, PrinterMemory, encode_job, uses_memory};
use crate::page::{Block, Page};
use crate::profile::PrinterProfile;
use crate::render::font::VIETNAMESE;
use crate::session::PrinterSession;

/// Jobs that may wait for the printer.
pub const JOBS_QUEUED: usize = 8;
/// How long a job may wait for its turn.
pub const QUEUE_WAIT: Duration = Duration::from_secs(60);

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintOutcome {
    /// The printer confirmed it after the cut.
    Printed,
    /// Not a byte of it left: it can be printed again without a second copy.
    NotStarted {
        /// Why.
        fault: Fault,
    },
    /// The printer said that it could not, and that what it held of the job is thrown away: the paper
    /// is not whole and does not come out later by itself.
    Failed {
        /// What the printer said.
        fault: Fault,
    },
    /// Bytes left, and then nothing was heard: somebody has to look.
    Unconfirmed {
        /// What is known.
        fault: Fault,
    },
}

/// A ticket printer with its own task. Dropping it stops the task once it is idle.
#[derive(Debug)]
pub struct TicketPrinter {
    profile: PrinterProfile,
    orders: mpsc::Sender<Order>,
    health: watch::Receiver<Health>,
}

impl TicketPrinter {
    /// Starts the printer's task on the current tokio runtime; it runs until `stop`.
    /// It opens the link by itself, now and after each loss.
    pub fn start(name: String, link: LinkConfig, profile: PrinterProfile, stop: CancellationToken) -> Self {
        let wire_rate = link.bytes_per_second();
        Self::start_with(name, link, wire_rate, profile, stop)
    }

    /// The same over any opener, for links that [`LinkConfig`] does not know. `wire_rate` is the
    /// wire's speed in bytes a second, where it is slow enough to matter.
    pub fn start_with(
        name: String,
        opener: impl kit::Opener + 'static,
        wire_rate: Option<u32>,
        profile: PrinterProfile,
        stop: CancellationToken,
    ) -> Self {
        let (orders, receiver) = mpsc::channel(JOBS_QUEUED);
        let cell = HealthCell::new(name);
        let health = cell.subscribe();
        let session = PrinterSession::new(profile.clone(), wire_rate, receiver);
        let of_warming = profile.clone();
        tokio::task::spawn_blocking(move || warm_up(&of_warming));
        tokio::spawn(supervise(opener, session, cell, stop));
        Self { profile, orders, health }
    }

    /// Present and later health.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Length of a page's paper from cut to cut, in millimetres; 0 for a page that cannot be printed.
    pub fn millimetres(&self, page: &Page) -> u32 {
        let encoded = encode_job(page, &self.profile, &mut PrinterMemory::default());
        encoded.map_or(0, |encoded| encoded.dots_high * 254 / (u32::from(self.profile.dpi).max(1) * 10))
    }

    /// Says that a program which has died left a paper unfinished in this printer. Before the next job the half command
    /// is ended, what the printer holds is thrown away, and what hangs out of it is cut off.
    ///
    /// Jobs of this driver that break off need no such word.
    pub fn clear_left_over(&self) {
        // A full queue holds jobs of ours, so the paper of the other program is long out of the way.
        let _ = self.orders.try_send(Order::Clear);
    }

    /// Prints one page and waits for the outcome. Jobs print in the order of calling.
    ///
    /// Dropping the future takes the job back when it has not begun.
    pub async fn print(&self, page: Page) -> PrintOutcome {
        let content = match Content::new(page, &self.profile) {
            Ok(content) => content,
            Err(error) => return PrintOutcome::NotStarted { fault: refused(&error) },
        };
        let mut health = self.health.clone();
        if let Some(fault) = out_of_reach(&health.borrow()) {
            return PrintOutcome::NotStarted { fault };
        }
        let (reply, mut outcome) = oneshot::channel();
        let claim = Claim::default();
        let job = Job { content, claim: claim.clone(), reply };
        match self.orders.try_send(Order::Print(job)) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => return queue_full(),
            Err(mpsc::error::TrySendError::Closed(_)) => return stopped(),
        }
        let taken_back = TakeBack(claim);
        let waited = tokio::select! {
            biased;
            done = &mut outcome => return done.unwrap_or_else(|_| taken_back.when_stopped()),
            fault = lost(&mut health) => PrintOutcome::NotStarted { fault },
            () = tokio::time::sleep(QUEUE_WAIT) => queue_full(),
        };
        if taken_back.0.take() {
            return waited;
        }
        // The printer's task has it: only that knows how it ends.
        outcome.await.unwrap_or_else(|_| taken_back.when_stopped())
    }
}

/// Draws what most tickets have and throws it away, so that the first one does not wait for it: read fonts and drawn
/// letters are kept by [`crate::encode`].
fn warm_up(profile: &PrinterProfile) {
    if let Err(error) = encode_job(&usual_page(), profile, &mut PrinterMemory::default()) {
        tracing::debug!(%error, "nothing was drawn in advance");
    }
}

fn usual_page() -> Page {
    let letters: String = (' '..='~').chain(VIETNAMESE.chars()).collect();
    let number = |text: &str| Block::Number { text: text.to_owned() };
    let code = Block::Qr { data: "https://hall.local/t/20261127-A012".to_owned() };
    Page { blocks: vec![Block::text(letters), number("A0123"), number("456789"), code] }
}

/// What a job prints.
#[derive(Debug)]
enum Content {
    /// The bytes are known, whatever the printer holds.
    Bytes(Encoded),
    /// The bytes depend on what the printer holds when its turn comes.
    Page(Page),
}

impl Content {
    /// Refuses a page that cannot be printed before it waits.
    fn new(page: Page, profile: &PrinterProfile) -> Result<Self, EncodeError> {
        let encoded = encode_job(&page, profile, &mut PrinterMemory::default())?;
        Ok(if uses_memory(&page, profile) { Self::Page(page) } else { Self::Bytes(encoded) })
    }
}

/// What the printer's task is asked to do, in order.
#[derive(Debug)]
pub(crate) enum Order {
    /// Print.
    Print(Job),
    /// Clear what another program left.
    Clear,
}

/// A job on its way to the printer's task.
#[derive(Debug)]
pub(crate) struct Job {
    content: Content,
    claim: Claim,
    reply: oneshot::Sender<PrintOutcome>,
}

impl Job {
    /// The job's bytes on a printer that holds what `memory` says.
    pub(crate) fn encode(&self, profile: &PrinterProfile, memory: &mut PrinterMemory) -> Result<Encoded, Fault> {
        match &self.content {
            Content::Bytes(encoded) => {
                memory.clear();
                Ok(encoded.clone())
            }
            Content::Page(page) => encode_job(page, profile, memory).map_err(|error| refused(&error)),
        }
    }

    /// Takes the job for printing; false when its caller took it back first.
    pub(crate) fn claim(&self) -> bool {
        self.claim.take()
    }

    /// Tells the caller. One that has gone away does not matter.
    pub(crate) fn finish(self, outcome: PrintOutcome) {
        let _ = self.reply.send(outcome);
    }

    #[cfg(test)]
    pub(crate) fn of_bytes(encoded: Encoded) -> (Self, oneshot::Receiver<PrintOutcome>) {
        let (reply, outcome) = oneshot::channel();
        let job = Self { content: Content::Bytes(encoded), claim: Claim::default(), reply };
        (job, outcome)
    }

    #[cfg(test)]
    pub(crate) fn of_page(page: Page) -> (Self, oneshot::Receiver<PrintOutcome>) {
        let (reply, outcome) = oneshot::channel();
        let job = Self { content: Content::Page(page), claim: Claim::default(), reply };
        (job, outcome)
    }
}

/// Who has a job, its caller or the printer's task: whoever takes it first.
#[derive(Debug, Clone, Default)]
struct Claim(Arc<AtomicBool>);

impl Claim {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// Takes a job back when its caller goes away.
struct TakeBack(Claim);

impl TakeBack {
    /// The task ended without an outcome.
    fn when_stopped(&self) -> PrintOutcome {
        if self.0.take() {
            return stopped();
        }
        PrintOutcome::Unconfirmed { fault: stopped_fault() }
    }
}

impl Drop for TakeBack {
    fn drop(&mut self) {
        self.0.take();
    }
}

/// Waits until the printer is out of reach.
async fn lost(health: &mut watch::Receiver<Health>) -> Fault {
    match health.wait_for(|health| out_of_reach(health).is_some()).await {
        Ok(health) => out_of_reach(&health).unwrap_or_else(stopped_fault),
        Err(_) => stopped_fault(),
    }
}

fn out_of_reach(health: &Health) -> Option<Fault> {
    match health.life_cycle {
        LifeCycle::Absent | LifeCycle::Lost => health.fault.clone(),
        LifeCycle::Opening | LifeCycle::Ready | LifeCycle::Degraded => None,
    }
}

fn not_started(code: &'static str, detail: &str, action: &str) -> PrintOutcome {
    PrintOutcome::NotStarted { fault: Fault::new(code, detail, action) }
}

fn refused(error: &EncodeError) -> Fault {
    Fault::new("page-refused", error.to_string(), "correct the template")
}

fn queue_full() -> PrintOutcome {
    not_started("queue-full", "too many jobs wait for this printer", "wait until it has printed them, or add a printer")
}

fn stopped() -> PrintOutcome {
    PrintOutcome::NotStarted { fault: stopped_fault() }
}

/// The fault of a driver that was stopped.
pub(crate) fn stopped_fault() -> Fault {
    Fault::new("stopped", "the printer's driver was stopped", "start the program again")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::profile::BUILT_IN;

    #[test]
    fn what_is_drawn_in_advance_can_be_printed_on_every_model() {
        for (name, _) in BUILT_IN {
            let profile = PrinterProfile::built_in(name).unwrap();
            let encoded = encode_job(&usual_page(), &profile, &mut PrinterMemory::default());
            assert!(encoded.is_ok(), "{name}: {encoded:?}");
        }
    }
}
