//! The rules of the hall: tickets, routing, priority, estimates, paper.
//!
//! Pure: no I/O, no clock, no async, no randomness. [`decide`] turns a command into events or a named refusal and
//! changes nothing; [`HallState::apply`] folds one event into the state and never refuses. The hub is the only
//! caller that writes the events down. Types here are neither stored nor sent: the hub maps them.

mod apply;
mod command;
mod decide;
mod estimate;
mod event;
mod hall;
mod ids;
mod order;
mod refusal;
mod state;

pub use command::{Command, PrintReport};
pub use decide::decide;
pub use estimate::{WaitRange, estimate};
pub use event::{Event, Recorded};
pub use hall::{Class, Counter, Field, Hall, HallError, HallItem, HallParts, Policy, RatingLevel, Service};
pub use ids::{
    AgentRun, ClassId, CounterNumber, FieldId, KioskId, LevelId, OfficerId, ParseIdError, PrintJobId, ServiceId,
    TicketId, TicketNumber,
};
pub use refusal::Refusal;
pub use state::{
    Call, CounterState, Figures, HallState, MAX_RECENT_CALLS, PrintJob, PrintState, StateParts, Ticket, TicketPhase,
};
