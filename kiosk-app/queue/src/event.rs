//! What happened. Events are facts: they carry all that the fold needs, so that an old log reads the same under a new
//! definition of the hall.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::estimate::WaitRange;
use crate::ids::{
    AgentRun, AppointmentCode, ClassId, CounterNumber, FieldId, KioskId, LevelId, OfficerId, OutcomeId, PrintJobId,
    PrinterName, ReasonId, ServiceId, StaffPaperId, TicketId,
};

/// A line in which tickets wait.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// For any counter of a service.
    Service(ServiceId),
    /// For one counter only.
    Counter(CounterNumber),
}

/// A service still to come on a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub service: ServiceId,
    /// The only counter that may call it; none lets any counter of the service.
    pub counter: Option<CounterNumber>,
}

impl Step {
    /// The line in which one waits for it.
    #[must_use]
    pub fn line(&self) -> Line {
        self.counter.map_or_else(|| Line::Service(self.service.clone()), Line::Counter)
    }
}

/// How a service ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServingResult {
    /// One of the hall's outcomes, where it asks.
    pub outcome: Option<OutcomeId>,
    /// Codes of the dossiers handled.
    pub dossiers: Vec<String>,
}

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Its code.
    pub code: AppointmentCode,
    /// What for.
    pub service: ServiceId,
    /// When.
    pub due: Timestamp,
}

/// Why a ticket was called before the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallRule {
    /// It was passed over as often, or had waited as long, as the hall allows.
    Bound,
    /// Urgent: a priority class, or an appointment whose time had come.
    Urgent,
    /// Normal, after as many urgent ones as the policy allows in a row.
    NormalTurn,
    /// The longest wait, by the weights of the counter's services.
    LongestWait,
    /// An appointment before its time, since nobody else waited.
    Early,
    /// An officer picked it, for this reason.
    Picked(String),
}

/// Why a ticket is back in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReturnCause {
    /// Its parking time is over, or an officer unparked it.
    Unparked,
    /// The citizen missed the call and came back in time.
    CameBack,
    /// Its counter closed.
    HandedOver,
}

/// What a paper took off a roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperUsed {
    /// Which printer's.
    pub printer: PrinterName,
    /// Length from cut to cut.
    pub millimetres: u32,
}

/// How a print job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintReport {
    /// The printer confirmed it; with what it used, where that was told.
    Printed(Option<PaperUsed>),
    /// The printer said no; with the fault's code.
    Failed(String),
    /// Nobody confirmed it; with the fault's code.
    Unconfirmed(String),
}

/// Papers for staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StaffPaperKind {
    /// Whether the printer prints every letter and code.
    Test,
    /// The day in figures.
    Summary,
}

/// An event with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// From 1, without gaps.
    pub sequence: u64,
    /// The hub's clock when it was decided.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A service day began. All tickets of the day before are over, all counters closed, all numbers start again.
    DayOpened {
        /// Local date.
        day: Date,
    },
    /// An officer sat down.
    CounterOpened {
        /// Where.
        counter: CounterNumber,
        /// Who.
        officer: OfficerId,
    },
    /// The officer left.
    CounterClosed {
        /// Where.
        counter: CounterNumber,
    },
    /// A number was given. With a kiosk, its first print job waits from now on.
    TicketIssued {
        /// Its id.
        ticket: TicketId,
        /// Field of the service.
        field: FieldId,
        /// What for.
        service: ServiceId,
        /// As whom.
        class: ClassId,
        /// Whether it goes before normal tickets.
        priority: bool,
        /// Language code.
        language: String,
        /// Where the paper comes out.
        kiosk: Option<KioskId>,
        /// Services after the first, on the same number.
        then: Vec<ServiceId>,
        /// The appointment that it checked in.
        appointment: Option<Appointment>,
        /// People ahead, as told.
        people_ahead: u32,
        /// Expected wait, as told.
        wait: WaitRange,
    },
    /// Numbers up to this one are not given any more: they stood in a part of the log that was lost.
    NumbersSkipped {
        /// First letter of the series.
        letter: char,
        /// The last one skipped.
        to: u16,
    },
    /// Called.
    TicketCalled {
        /// Which.
        ticket: TicketId,
        /// Where to.
        counter: CounterNumber,
        /// By whom.
        officer: OfficerId,
        /// Why this one; none in logs of the first version.
        rule: Option<CallRule>,
        /// Lines whose oldest normal ticket is older and was passed over.
        passed_over: Vec<Line>,
    },
    /// Called once more.
    TicketRecalled {
        /// Which.
        ticket: TicketId,
        /// Where to.
        counter: CounterNumber,
    },
    /// The citizen came.
    ServingStarted {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterNumber,
    },
    /// The citizen was served.
    ServingFinished {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterNumber,
        /// By whom.
        officer: OfficerId,
        /// How it ended and what was handled.
        result: ServingResult,
    },
    /// One service is done, and the ticket waits for its next.
    StageFinished {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterNumber,
        /// By whom.
        officer: OfficerId,
        /// How it ended and what was handled.
        result: ServingResult,
        /// Where it goes on.
        next: Step,
    },
    /// The ticket at the counter waits aside.
    TicketParked {
        /// Which.
        ticket: TicketId,
        /// Where it was.
        counter: CounterNumber,
        /// When it goes back by itself.
        until: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// Back in the queue, at its place.
    TicketReturned {
        /// Which.
        ticket: TicketId,
        /// Why.
        cause: ReturnCause,
    },
    /// Sent elsewhere on the same number; waits there, at its place.
    TicketTransferred {
        /// Which.
        ticket: TicketId,
        /// From where.
        counter: CounterNumber,
        /// Where to.
        to: Step,
        /// Where it comes back to afterwards.
        back: Option<Step>,
    },
    /// The citizen did not come.
    TicketNoShow {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterNumber,
    },
    /// Given up.
    TicketCancelled {
        /// Which.
        ticket: TicketId,
        /// Why, where the hall did it: `missed`.
        reason: Option<String>,
    },
    /// The day ended, or the hall closed, before it was served.
    TicketExpired {
        /// Which.
        ticket: TicketId,
    },
    /// The officer is away for a while.
    CounterPaused {
        /// Which.
        counter: CounterNumber,
        /// Why.
        reason: String,
    },
    /// The officer is back.
    CounterResumed {
        /// Which.
        counter: CounterNumber,
    },
    /// The hall gave an idle counter a service that has to wait too long.
    ProfileExtended {
        /// Which counter.
        counter: CounterNumber,
        /// Which service.
        service: ServiceId,
    },
    /// The counter's own services are enough again.
    ProfileRestored {
        /// Which counter.
        counter: CounterNumber,
        /// Which service it no longer calls.
        service: ServiceId,
    },
    /// A service gives no numbers for a while.
    ServiceSuspended {
        /// Which.
        service: ServiceId,
        /// Why.
        reason: String,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// A service gives numbers again.
    ServiceResumed {
        /// Which.
        service: ServiceId,
    },
    /// An appointment was made.
    AppointmentBooked {
        /// It.
        appointment: Appointment,
    },
    /// An appointment was given up.
    AppointmentCancelled {
        /// Its code.
        code: AppointmentCode,
    },
    /// The machine's clock jumped while the hub ran; no number and no order changed by it.
    ClockJumped {
        /// What the clock should have shown.
        expected: Timestamp,
        /// What it showed.
        shown: Timestamp,
    },
    /// Rated.
    ServiceRated {
        /// Which.
        ticket: TicketId,
        /// Where it was served.
        counter: CounterNumber,
        /// By whom.
        officer: OfficerId,
        /// How it was.
        level: LevelId,
        /// Whether the level counts as satisfied.
        satisfied: bool,
        /// Why.
        reasons: Vec<ReasonId>,
        /// Whether words of the citizen's own came with it.
        comment: bool,
    },
    /// Staff closed a kiosk: it gives no numbers.
    KioskClosed {
        /// Which.
        kiosk: KioskId,
    },
    /// Staff opened a kiosk again.
    KioskOpened {
        /// Which.
        kiosk: KioskId,
    },
    /// The paper is wanted again; the new job waits from now on.
    ReprintRequested {
        /// The new job.
        job: PrintJobId,
    },
    /// A printer took the job.
    PrintStarted {
        /// Which.
        job: PrintJobId,
        /// The agent run that it was handed to unasked; none when an agent asked for it.
        run: Option<AgentRun>,
    },
    /// The printer confirmed the paper.
    TicketPrinted {
        /// Which.
        job: PrintJobId,
        /// What it took off which roll; none where that was not told.
        paper: Option<PaperUsed>,
    },
    /// A new roll was put into a printer.
    RollChanged {
        /// Kiosk that it stands at.
        kiosk: KioskId,
        /// Which.
        printer: PrinterName,
    },
    /// Staff want a paper of their own; it waits from now on.
    StaffPaperRequested {
        /// Its id.
        paper: StaffPaperId,
        /// Where it comes out.
        kiosk: KioskId,
        /// Which kind.
        kind: StaffPaperKind,
    },
    /// A printer took the staff's paper.
    StaffPaperStarted {
        /// Which.
        paper: StaffPaperId,
    },
    /// The staff's paper ended.
    StaffPaperEnded {
        /// Which.
        paper: StaffPaperId,
        /// How.
        end: PrintReport,
    },
    /// Staff saw the paper that nobody had confirmed.
    PrintAccepted {
        /// Which.
        job: PrintJobId,
    },
    /// The job was not printed.
    PrintFailed {
        /// Which.
        job: PrintJobId,
        /// Fault code.
        reason: String,
    },
    /// Nobody confirmed the paper.
    PrintUnconfirmed {
        /// Which.
        job: PrintJobId,
        /// Fault code.
        reason: String,
    },
}

impl Event {
    /// The ticket that it is about.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::TicketIssued { ticket, .. }
            | Self::TicketCalled { ticket, .. }
            | Self::TicketRecalled { ticket, .. }
            | Self::ServingStarted { ticket, .. }
            | Self::ServingFinished { ticket, .. }
            | Self::StageFinished { ticket, .. }
            | Self::TicketParked { ticket, .. }
            | Self::TicketReturned { ticket, .. }
            | Self::TicketTransferred { ticket, .. }
            | Self::TicketNoShow { ticket, .. }
            | Self::TicketCancelled { ticket, .. }
            | Self::TicketExpired { ticket }
            | Self::ServiceRated { ticket, .. } => Some(*ticket),
            Self::ReprintRequested { job }
            | Self::PrintStarted { job, .. }
            | Self::TicketPrinted { job, .. }
            | Self::PrintAccepted { job }
            | Self::PrintFailed { job, .. }
            | Self::PrintUnconfirmed { job, .. } => Some(job.ticket),
            Self::DayOpened { .. }
            | Self::NumbersSkipped { .. }
            | Self::CounterOpened { .. }
            | Self::CounterClosed { .. }
            | Self::CounterPaused { .. }
            | Self::CounterResumed { .. }
            | Self::ProfileExtended { .. }
            | Self::ProfileRestored { .. }
            | Self::ServiceSuspended { .. }
            | Self::ServiceResumed { .. }
            | Self::AppointmentBooked { .. }
            | Self::AppointmentCancelled { .. }
            | Self::KioskClosed { .. }
            | Self::KioskOpened { .. }
            | Self::RollChanged { .. }
            | Self::StaffPaperRequested { .. }
            | Self::StaffPaperStarted { .. }
            | Self::StaffPaperEnded { .. }
            | Self::ClockJumped { .. } => None,
        }
    }
}
