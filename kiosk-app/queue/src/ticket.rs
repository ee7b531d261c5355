//! A ticket of the day and its papers.

use jiff::Timestamp;

use crate::estimate::WaitRange;
use crate::event::{Appointment, Line, ServingResult, Step};
use crate::ids::{AgentRun, ClassId, CounterNumber, FieldId, KioskId, OfficerId, PrintJobId, ServiceId, TicketId};

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
