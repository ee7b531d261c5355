//! The state of one service day: what the fold of the log knows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::estimate::{Accuracy, Learned};
use crate::event::{Appointment, Line};
use crate::ids::{
    AppointmentCode, CounterNumber, KioskId, OfficerId, PrintJobId, ServiceId, StaffPaperId, TicketId, TicketNumber,
};
use crate::lane::Lane;
use crate::roll::{Roll, RollKey, StaffPaper};
use crate::ticket::{PrintJob, Ticket, TicketPhase};

/// How many of the last calls the state keeps.
pub const MAX_RECENT_CALLS: usize = 16;

/// A counter's figures of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Tickets finished.
    pub served: u32,
    /// Sum of handling times, seconds.
    pub handling_seconds: u64,
    /// Ratings.
    pub ratings: u32,
    /// Ratings that count as satisfied.
    pub satisfied: u32,
}

/// A counter today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CounterState {
    /// Who sits there; none while closed.
    pub officer: Option<OfficerId>,
    /// The ticket called or served there.
    pub open_ticket: Option<TicketId>,
    /// Why it is paused; none while it works.
    pub paused: Option<String>,
    /// Services that the hall gave it for a while.
    pub extra: BTreeSet<ServiceId>,
    /// Urgent tickets called in a row.
    pub urgent_streak: u32,
    /// The last finished ticket, until it is rated or the next is called.
    pub awaits_rating: Option<TicketId>,
    /// Figures.
    pub figures: Figures,
}

impl CounterState {
    /// Whether somebody sits there and calls.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.officer.is_some() && self.paused.is_none()
    }
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Sequence of its event.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Which ticket.
    pub ticket: TicketId,
    /// Where to.
    pub counter: CounterNumber,
}

/// A service that gives no numbers for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// Everything about the present service day, and what outlives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HallState {
    pub(crate) sequence: u64,
    pub(crate) clock: Option<Timestamp>,
    pub(crate) day: Option<Date>,
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) by_number: BTreeMap<TicketNumber, usize>,
    pub(crate) last_numbers: BTreeMap<char, u16>,
    pub(crate) lines: BTreeMap<Line, Lane>,
    pub(crate) parked: BTreeSet<usize>,
    pub(crate) missed: BTreeSet<usize>,
    pub(crate) counters: BTreeMap<CounterNumber, CounterState>,
    pub(crate) print_jobs: BTreeMap<PrintJobId, PrintJob>,
    pub(crate) open_print_jobs: BTreeSet<PrintJobId>,
    pub(crate) calls: VecDeque<Call>,
    pub(crate) first_calls: u32,
    pub(crate) waited_seconds: u64,
    pub(crate) issued: BTreeMap<ServiceId, u32>,
    pub(crate) called: BTreeMap<ServiceId, u32>,
    pub(crate) suspended: BTreeMap<ServiceId, Suspension>,
    pub(crate) closed_kiosks: BTreeSet<KioskId>,
    pub(crate) rolls: BTreeMap<RollKey, Roll>,
    pub(crate) staff_papers: BTreeMap<StaffPaperId, StaffPaper>,
    pub(crate) appointments: BTreeMap<AppointmentCode, Appointment>,
    pub(crate) learned: Learned,
    pub(crate) accuracy: Accuracy,
}

impl HallState {
    /// Sequence of the last event folded in.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The time of the last event: the hall's time never goes back behind it.
    #[must_use]
    pub fn clock(&self) -> Option<Timestamp> {
        self.clock
    }

    /// The service day; none before the first.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.day
    }

    /// The day's tickets in the order of issue.
    #[must_use]
    pub fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }

    /// A ticket of the day.
    #[must_use]
    pub fn ticket(&self, id: &TicketId) -> Option<&Ticket> {
        self.place(id).and_then(|n| self.tickets.get(n))
    }

    /// A counter today; closed ones that were never opened have no entry.
    #[must_use]
    pub fn counter(&self, number: CounterNumber) -> Option<&CounterState> {
        self.counters.get(&number)
    }

    /// Counters that were open today.
    pub fn counters(&self) -> impl Iterator<Item = (CounterNumber, &CounterState)> {
        self.counters.iter().map(|(n, c)| (*n, c))
    }

    /// The day's print jobs.
    pub fn print_jobs(&self) -> impl Iterator<Item = &PrintJob> {
        self.print_jobs.values()
    }

    /// The last number of a series today; 0 before the first.
    #[must_use]
    pub fn last_number(&self, letter: char) -> u16 {
        self.last_numbers.get(&letter).copied().unwrap_or(0)
    }

    /// Letters of the series that gave numbers today.
    pub fn letters(&self) -> impl Iterator<Item = char> {
        self.last_numbers.keys().copied()
    }

    /// A print job of the day.
    #[must_use]
    pub fn print_job(&self, id: &PrintJobId) -> Option<&PrintJob> {
        self.print_jobs.get(id)
    }

    /// Print jobs that still need their printer, in the order of their tickets.
    pub fn open_print_jobs(&self) -> impl Iterator<Item = &PrintJob> {
        self.open_print_jobs.iter().filter_map(|id| self.print_jobs.get(id))
    }

    /// The newest print job of a ticket.
    #[must_use]
    pub fn newest_print_job(&self, ticket: &Ticket) -> Option<&PrintJob> {
        self.print_jobs.get(&PrintJobId { ticket: ticket.id, copy: ticket.copies })
    }

    /// The last calls, newest first, recalls included.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter()
    }

    /// How many wait in the hall.
    #[must_use]
    pub fn waiting_in_hall(&self) -> usize {
        self.lines.values().map(Lane::len).sum()
    }

    /// How many wait for any counter of a service.
    #[must_use]
    pub fn waiting_for(&self, service: &ServiceId) -> usize {
        self.lines.get(&Line::Service(service.clone())).map_or(0, Lane::len)
    }

    /// Parked tickets in the order of issue.
    pub fn parked(&self) -> impl Iterator<Item = &Ticket> {
        self.parked.iter().filter_map(|place| self.tickets.get(*place))
    }

    /// Tickets that missed their call and may still come back, in the order of issue.
    pub fn missed(&self) -> impl Iterator<Item = &Ticket> {
        self.missed.iter().filter_map(|place| self.tickets.get(*place))
    }

    /// Tickets given today with this service as their first.
    #[must_use]
    pub fn issued_for(&self, service: &ServiceId) -> u32 {
        self.issued.get(service).copied().unwrap_or(0)
    }

    /// Why a service gives no numbers now.
    #[must_use]
    pub fn suspension(&self, service: &ServiceId) -> Option<&Suspension> {
        self.suspended.get(service)
    }

    /// Whether staff closed a kiosk.
    #[must_use]
    pub fn is_kiosk_closed(&self, kiosk: &KioskId) -> bool {
        self.closed_kiosks.contains(kiosk)
    }

    /// Appointments that were not checked in, by code.
    pub fn appointments(&self) -> impl Iterator<Item = &Appointment> {
        self.appointments.values()
    }

    /// How right the waits were that citizens were told.
    #[must_use]
    pub fn accuracy(&self) -> Accuracy {
        self.accuracy
    }

    /// How many later tickets at most were called before a waiting normal ticket by counters that could have called
    /// it. Exact for the oldest of its line; a little high for those behind it.
    #[must_use]
    pub fn passed_over(&self, ticket: &Ticket) -> u64 {
        self.lines.get(&ticket.line()).map_or(0, |lane| lane.passed.saturating_sub(ticket.passed_base))
    }

    /// Mean seconds from issue to first call of today's called tickets.
    #[must_use]
    pub fn mean_wait_seconds(&self) -> Option<u64> {
        self.waited_seconds.checked_div(u64::from(self.first_calls))
    }

    /// Puts a ticket at the end of the day and, by its phase, into its line or aside.
    pub(crate) fn add_ticket(&mut self, ticket: Ticket) {
        let place = self.tickets.len();
        self.by_number.insert(ticket.id.number, place);
        match ticket.phase {
            TicketPhase::Waiting => self.lines.entry(ticket.line()).or_default().insert(place, &ticket),
            TicketPhase::Parked => drop(self.parked.insert(place)),
            TicketPhase::Missed => drop(self.missed.insert(place)),
            _ => {}
        }
        self.tickets.push(ticket);
    }

    pub(crate) fn place(&self, id: &TicketId) -> Option<usize> {
        if self.day != Some(id.day) {
            return None;
        }
        self.by_number.get(&id.number).copied()
    }
}
