//! What stands in the book: tickets, desks, papers and cases.

use std::collections::BTreeSet;

use jiff::Timestamp;
use queue::{CounterNumber, Line, OfficerId, ServiceId, Step, TicketId, TicketPhase};

/// A ticket of the day.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: TicketId,
    pub(super) service: ServiceId,
    /// The only counter that may call it.
    pub(super) only: Option<CounterNumber>,
    pub(super) then: Vec<Step>,
    pub(super) urgent: bool,
    /// When its waiting counts from among urgent ones.
    pub(super) since: Timestamp,
    pub(super) issued_at: Timestamp,
    pub(super) phase: TicketPhase,
    /// Where it is called or served.
    pub(super) counter: Option<CounterNumber>,
    pub(super) calls: u32,
    pub(super) last_called: Option<Timestamp>,
    pub(super) rated: bool,
    /// Later tickets that counters of its line called before it by themselves while it waited in its line.
    pub(super) passed: u32,
    /// Its line's count of passes when it joined, or that of the next behind it: the count that the hall goes by.
    pub(super) base: u64,
}

impl Entry {
    pub(super) fn line(&self) -> Line {
        self.only.map_or_else(|| Line::Service(self.service.clone()), Line::Counter)
    }

    pub(super) fn waits(&self) -> bool {
        self.phase == TicketPhase::Waiting
    }
}

/// A counter today.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    pub(super) officer: Option<OfficerId>,
    pub(super) paused: bool,
    pub(super) extra: BTreeSet<ServiceId>,
    /// Urgent ones called in a row.
    pub(super) streak: u32,
    pub(super) served: u32,
    pub(super) ratings: u32,
}

impl Desk {
    pub(super) fn works(&self) -> bool {
        self.officer.is_some() && !self.paused
    }
}

/// Handling times of a service in an hour: cases, mean and variance, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) cases: f64,
    pub(super) mean: f64,
    pub(super) variance: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
/// A paper on its way.
pub(super) enum Paper {
    Pending,
    Printing,
    Unconfirmed,
    Settled,
}

/// What a call passed over.
#[derive(Clone, Debug, Default)]
pub(super) struct Passing {
    /// Places of the waiting normal tickets that are older.
    pub(super) tickets: Vec<usize>,
    /// Lines of the counter whose oldest normal ticket is older.
    pub(super) lines: Vec<Line>,
}

impl Seen {
    /// Takes in a case: a moving mean of the last sixty, between ten seconds and four hours each.
    pub(super) fn add(&mut self, seconds: i64) {
        let case = seconds.clamp(10, 4 * 3600) as f64;
        self.cases = (self.cases + 1.0).min(60.0);
        let before = case - self.mean;
        self.mean += before / self.cases;
        self.variance += (before * (case - self.mean) - self.variance) / self.cases;
    }
}
