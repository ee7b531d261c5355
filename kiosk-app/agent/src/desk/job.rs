//! A job as the desk holds it: a ticket's paper or one for staff. Both go the same way.

use jiff::Timestamp;
use protocol::views::PrintState;
use protocol::work::{PrintJob, StaffPaper, StaffPaperJob, TicketSlip};

/// A job of the hub.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Job {
    /// Its id.
    pub(crate) id: String,
    /// Kiosk whose printer prints it.
    pub(crate) kiosk: String,
    /// Where the hub says that it stands.
    pub(crate) state: PrintState,
    /// The agent run that it was handed to with its ticket.
    pub(crate) run: Option<String>,
    /// When it was asked for.
    pub(crate) requested_at: Timestamp,
    /// What stands on it.
    pub(crate) content: Content,
}

/// What stands on a paper.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// A queue ticket.
    Ticket {
        /// Its words.
        slip: Box<TicketSlip>,
        /// Whether it must say that it is a reprint.
        reprint: bool,
    },
    /// A paper for staff.
    Staff(Box<StaffPaper>),
}

impl From<PrintJob> for Job {
    fn from(job: PrintJob) -> Self {
        let PrintJob { id, kiosk, state, run, requested_at, reprint, slip } = job;
        Self { id, kiosk, state, run, requested_at, content: Content::Ticket { slip: Box::new(slip), reprint } }
    }
}

impl From<StaffPaperJob> for Job {
    fn from(job: StaffPaperJob) -> Self {
        let StaffPaperJob { id, kiosk, state, requested_at, paper } = job;
        Self { id, kiosk, state, run: None, requested_at, content: Content::Staff(Box::new(paper)) }
    }
}
