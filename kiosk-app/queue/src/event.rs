//! What happened. Events are facts: they carry all that the fold needs, so that an old log reads the same under a new
//! definition of the hall.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::estimate::WaitRange;
use crate::ids::{
    AgentRun, ClassId, CounterNumber, FieldId, KioskId, LevelId, OfficerId, PrintJobId, ServiceId, TicketId,
};

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
        /// People ahead, as told.
        people_ahead: u32,
        /// Expected wait, as told.
        wait: WaitRange,
    },
    /// Called.
    TicketCalled {
        /// Which.
        ticket: TicketId,
        /// Where to.
        counter: CounterNumber,
        /// By whom.
        officer: OfficerId,
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
