//! The state of one service day: what the fold of the log knows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::estimate::WaitRange;
use crate::ids::{
    AgentRun, ClassId, CounterNumber, FieldId, KioskId, OfficerId, PrintJobId, ServiceId, TicketId, TicketNumber,
};

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
    /// Called and not come.
    NoShow,
    /// Given up.
    Cancelled,
}

/// One ticket of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Field.
    pub field: FieldId,
    /// Service.
    pub service: ServiceId,
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
    /// When serving started.
    pub started_at: Option<Timestamp>,
    /// When serving finished.
    pub finished_at: Option<Timestamp>,
    /// Counter that called it.
    pub counter: Option<CounterNumber>,
    /// Officer who called it.
    pub officer: Option<OfficerId>,
    /// Calls, the first included.
    pub calls: u32,
    /// Whether it was rated.
    pub rated: bool,
    /// Copies of paper asked for, the first included.
    pub copies: u16,
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
    /// Priority tickets called in a row.
    pub priority_streak: u32,
    /// The last finished ticket, until it is rated or the next is called.
    pub awaits_rating: Option<TicketId>,
    /// Figures.
    pub figures: Figures,
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

/// Waiting tickets of one service by place of issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lanes {
    pub(crate) normal: BTreeSet<usize>,
    pub(crate) priority: BTreeSet<usize>,
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
            ..Self::default()
        };
        for ticket in parts.tickets {
            state.add_ticket(ticket);
        }
        state
    }
}

/// Everything about the present service day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HallState {
    pub(crate) sequence: u64,
    pub(crate) day: Option<Date>,
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) by_number: BTreeMap<TicketNumber, usize>,
    pub(crate) last_numbers: BTreeMap<char, u16>,
    pub(crate) waiting: BTreeMap<ServiceId, Lanes>,
    pub(crate) counters: BTreeMap<CounterNumber, CounterState>,
    pub(crate) print_jobs: BTreeMap<PrintJobId, PrintJob>,
    pub(crate) open_print_jobs: BTreeSet<PrintJobId>,
    pub(crate) calls: VecDeque<Call>,
    pub(crate) first_calls: u32,
    pub(crate) waited_seconds: u64,
}

impl HallState {
    /// The state before the first event of a day, as [`crate::Event::DayOpened`] leaves it.
    #[must_use]
    pub fn at_day(day: Date) -> Self {
        Self { day: Some(day), ..Self::default() }
    }

    /// Sequence of the last event folded in.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
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
        self.waiting.values().map(|lanes| lanes.normal.len() + lanes.priority.len()).sum()
    }

    /// How many wait for a service.
    #[must_use]
    pub fn waiting_for(&self, service: &ServiceId) -> usize {
        self.waiting.get(service).map_or(0, |lanes| lanes.normal.len() + lanes.priority.len())
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
        }
    }

    /// Puts a ticket at the end of the day and, while it waits, into its queue.
    pub(crate) fn add_ticket(&mut self, ticket: Ticket) {
        let place = self.tickets.len();
        self.by_number.insert(ticket.id.number, place);
        let lanes = self.waiting.entry(ticket.service.clone()).or_default();
        if ticket.phase == TicketPhase::Waiting {
            if ticket.priority {
                lanes.priority.insert(place)
            } else {
                lanes.normal.insert(place)
            };
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
