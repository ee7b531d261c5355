//! The rules of the hall: tickets, routing, priority, estimates, paper.
//!
//! Pure: no I/O, no clock, no async, no randomness. [`decide`] turns a command into events or a named refusal and
//! changes nothing; [`HallState::apply`] folds one event into the state and never refuses. The hub is the only
//! caller that writes the events down. Types here are neither stored nor sent: the hub maps them.

mod apply;
mod balance;
mod command;
mod decide;
mod estimate;
mod event;
mod explain;
mod hall;
mod hours;
mod ids;
mod lane;
mod order;
mod parts;
mod refusal;
mod roll;
mod state;
mod ticket;

pub use balance::Advice;
pub use command::Command;
pub use decide::{day_is_over, decide};
pub use estimate::{Accuracy, Cases, Learned, WaitRange};
pub use event::{
    Appointment, CallRule, Event, Line, PaperUsed, PrintReport, Recorded, ReturnCause, ServingResult, StaffPaperKind,
    Step,
};
pub use explain::{Explanation, OtherCall, Standing, Wait, explain};
pub use hall::{
    AppointmentPolicy, Balance, Class, Counter, Field, Hall, HallError, HallItem, HallParts, Kiosk, MissedPolicy,
    NormalBound, Officer, Policy, PriorityPolicy, RatingLevel, Service, Untimely, Work,
};
pub use hours::{DAY_MINUTES, Holiday, Opening, Span, Week};
pub use ids::{
    AgentRun, AppointmentCode, ClassId, CounterNumber, FieldId, KioskId, LevelId, OfficerId, OutcomeId, ParseIdError,
    PrintJobId, PrinterName, ServiceId, StaffPaperId, TicketId, TicketNumber,
};
pub use order::Choice;
pub use parts::StateParts;
pub use refusal::Refusal;
pub use roll::{ROLL_DAYS, Roll, RollKey, StaffPaper};
pub use state::{Call, CounterState, Figures, HallState, MAX_RECENT_CALLS, Suspension};
pub use ticket::{Missed, Parked, PrintJob, PrintState, Ticket, TicketPhase};
