//! The state of one service day: what the fold of the log knows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::estimate::{Accuracy, Learned, WaitRange};
use crate::event::{Appointment, Line, ServingResult, Step};
use crate::ids::{
    AgentRun, AppointmentCode, ClassId, CounterNumber, FieldId, KioskId, OfficerId, PrintJobId, ServiceId,
    StaffPaperId, TicketId, TicketNumber,
};
use crate::lane::Lane;
use crate::roll::{Roll, RollKey, StaffPaper};

/// How many of the last calls the state keeps.
pub const MAX_RECENT_CALLS: usize = 16;

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TicketPhase {
    /// In the queue.
    Waiting,
    /// Called to its counter.
    Called,
    /// At its counter.
    Serving,
    /// Served.
    Finished,
    /// Waits aside, by an officer's hand.
    Parked,
    /// Called and not come; may come back for a while.
    Missed,
    /// Given up.
    Cancelled,
    /// Not served before the day ended or the hall closed.
    Expired,
}

impl TicketPhase {
    /// Whether nothing more can happen to it but paper and a rating.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Cancelled | Self::Expired)
    }
}

/// A ticket that waits aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// When it goes back by itself.
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: String,
}

/// A missed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// When.
    pub at: Timestamp,
    /// Calls of its service until then.
    pub calls: u32,
}

/// One ticket of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Field.
    pub field: FieldId,
    /// The service that it waits for, or that is served now.
    pub service: ServiceId,
    /// The only counter that may call it, after a transfer to one.
    pub only_counter: Option<CounterNumber>,
    /// Services still to come on this number.
    pub then: Vec<Step>,
    /// The appointment that it checked in.
    pub appointment: Option<Appointment>,
    /// Class.
    pub class: ClassId,
    /// Whether it goes before normal ones.
    pub priority: bool,
    /// Language code.
    pub language: String,
    /// Where the paper comes out.
    pub kiosk: Option<KioskId>,
    /// People ahead, as told at issue.
    pub people_ahead: u32,
    /// Wait, as told at issue.
    pub wait: WaitRange,
    /// Where it stands.
    pub phase: TicketPhase,
    /// When issued.
    pub issued_at: Timestamp,
    /// When called first.
    pub called_at: Option<Timestamp>,
    /// When called last, recalls included.
    pub last_called_at: Option<Timestamp>,
    /// When serving started.
    pub started_at: Option<Timestamp>,
    /// When serving finished.
    pub finished_at: Option<Timestamp>,
    /// Counter that called it.
    pub counter: Option<CounterNumber>,
    /// Officer who called it.
    pub officer: Option<OfficerId>,
    /// Calls at its counter, the first included.
    pub calls: u32,
    /// While parked: until when and why.
    pub parked: Option<Parked>,
    /// While missed: since when.
    pub missed: Option<Missed>,
    /// What its line's count of passing over was when it joined; see [`HallState::passed_over`].
    pub passed_base: u64,
    /// How its last service ended.
    pub result: ServingResult,
    /// Whether it was rated.
    pub rated: bool,
    /// Copies of paper asked for, the first included.
    pub copies: u16,
}

impl Ticket {
    /// Whether it goes before normal ones once its time has come.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.priority || self.appointment.is_some()
    }

    /// When its waiting counts from: the appointment's time, or its issue.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.appointment.as_ref().map_or(self.issued_at, |appointment| appointment.due)
    }

    /// The line in which it waits or would wait.
    #[must_use]
    pub fn line(&self) -> Line {
        self.only_counter.map_or_else(|| Line::Service(self.service.clone()), Line::Counter)
    }
}

/// Where a print job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintState {
    /// Waits for its printer.
    Pending,
    /// A printer has it.
    Printing,
    /// The printer confirmed it.
    Printed,
    /// It was not printed; fault code.
    Failed(String),
    /// Nobody confirmed it; fault code.
    Unconfirmed(String),
    /// Nobody confirmed it, and then staff saw the paper.
    Accepted,
}

impl PrintState {
    /// Whether the job still needs its printer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Pending | Self::Printing)
    }
}

/// One print job of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintJob {
    /// Its id.
    pub id: PrintJobId,
    /// Where.
    pub kiosk: KioskId,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Where it stands.
    pub state: PrintState,
    /// The agent run that it was handed to with the ticket; none when it waits or an agent asked for it.
    pub run: Option<AgentRun>,
}

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

/// The state laid open, for a snapshot. What can be derived (the queues, the index by number) is not here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateParts {
    /// Sequence of the last event folded in.
    pub sequence: u64,
    /// Service day.
    pub day: Option<Date>,
    /// Tickets in the order of issue.
    pub tickets: Vec<Ticket>,
    /// Last number of each series.
    pub last_numbers: BTreeMap<char, u16>,
    /// Counters that were open today.
    pub counters: BTreeMap<CounterNumber, CounterState>,
    /// Print jobs.
    pub print_jobs: Vec<PrintJob>,
    /// Last calls, newest first.
    pub calls: Vec<Call>,
    /// Tickets called at least once.
    pub first_calls: u32,
    /// Sum of their waits, seconds.
    pub waited_seconds: u64,
    /// Tickets issued today by first service.
    pub issued: BTreeMap<ServiceId, u32>,
    /// Calls today by service.
    pub called: BTreeMap<ServiceId, u32>,
    /// How often each line's oldest normal ticket was passed over.
    pub passed: BTreeMap<Line, u64>,
    /// The time of the last event.
    pub clock: Option<Timestamp>,
    /// Suspended services.
    pub suspended: BTreeMap<ServiceId, Suspension>,
    /// Kiosks that staff closed.
    pub closed_kiosks: BTreeSet<KioskId>,
    /// What printers used.
    pub rolls: BTreeMap<RollKey, Roll>,
    /// Today's papers for staff.
    pub staff_papers: Vec<StaffPaper>,
    /// Appointments that were not checked in.
    pub appointments: Vec<Appointment>,
    /// What was learned about handling times.
    pub learned: Learned,
    /// How right the told waits were.
    pub accuracy: Accuracy,
}

impl From<StateParts> for HallState {
    fn from(parts: StateParts) -> Self {
        let mut state = Self {
            sequence: parts.sequence,
            day: parts.day,
            last_numbers: parts.last_numbers,
            counters: parts.counters,
            open_print_jobs: parts.print_jobs.iter().filter(|job| job.state.is_open()).map(|job| job.id).collect(),
            print_jobs: parts.print_jobs.into_iter().map(|job| (job.id, job)).collect(),
            calls: parts.calls.into(),
            first_calls: parts.first_calls,
            waited_seconds: parts.waited_seconds,
            issued: parts.issued,
            called: parts.called,
            clock: parts.clock,
            suspended: parts.suspended,
            closed_kiosks: parts.closed_kiosks,
            rolls: parts.rolls,
            staff_papers: parts.staff_papers.into_iter().map(|paper| (paper.id, paper)).collect(),
            appointments: parts.appointments.into_iter().map(|a| (a.code.clone(), a)).collect(),
            learned: parts.learned,
            accuracy: parts.accuracy,
            ..Self::default()
        };
        for (line, passed) in parts.passed {
            state.lines.entry(line).or_default().passed = passed;
        }
        for ticket in parts.tickets {
            state.add_ticket(ticket);
        }
        state
    }
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

    /// The state laid open.
    #[must_use]
    pub fn to_parts(&self) -> StateParts {
        StateParts {
            sequence: self.sequence,
            day: self.day,
            tickets: self.tickets.clone(),
            last_numbers: self.last_numbers.clone(),
            counters: self.counters.clone(),
            print_jobs: self.print_jobs.values().cloned().collect(),
            calls: self.calls.iter().cloned().collect(),
            first_calls: self.first_calls,
            waited_seconds: self.waited_seconds,
            issued: self.issued.clone(),
            called: self.called.clone(),
            passed: self.lines.iter().map(|(line, lane)| (line.clone(), lane.passed)).collect(),
            clock: self.clock,
            suspended: self.suspended.clone(),
            closed_kiosks: self.closed_kiosks.clone(),
            rolls: self.rolls.clone(),
            staff_papers: self.staff_papers.values().cloned().collect(),
            appointments: self.appointments.values().cloned().collect(),
            learned: self.learned.clone(),
            accuracy: self.accuracy,
        }
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
