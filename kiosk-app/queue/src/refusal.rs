//! Why the hall says no.

use crate::ids::{ClassId, CounterNumber, LevelId, OfficerId, PrintJobId, ServiceId, TicketId};

/// A named refusal. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such service.
    #[error("service `{0}` does not exist in this hall")]
    UnknownService(ServiceId),
    /// No such class.
    #[error("class `{0}` does not exist in this hall")]
    UnknownClass(ClassId),
    /// No such counter.
    #[error("counter {0} does not exist in this hall")]
    UnknownCounter(CounterNumber),
    /// No such officer.
    #[error("officer `{0}` does not exist in this hall")]
    UnknownOfficer(OfficerId),
    /// No such ticket today.
    #[error("ticket {0} is not one of today")]
    UnknownTicket(TicketId),
    /// No such print job today.
    #[error("print job {0} is not one of today")]
    UnknownPrintJob(PrintJobId),
    /// No such level.
    #[error("rating level `{0}` is not on this hall's scale")]
    UnknownRatingLevel(LevelId),
    /// The series of the day is used up.
    #[error("the numbers of series {0} are used up for today")]
    NumbersExhausted(char),
    /// An officer sits there already.
    #[error("counter {0} is open already, with officer `{1}`")]
    CounterAlreadyOpen(CounterNumber, OfficerId),
    /// The officer sits elsewhere.
    #[error("officer `{0}` sits at counter {1}")]
    OfficerElsewhere(OfficerId, CounterNumber),
    /// Nobody sits there.
    #[error("counter {0} is closed")]
    CounterClosed(CounterNumber),
    /// A ticket is open there.
    #[error("counter {0} still has ticket {1}")]
    CounterBusy(CounterNumber, TicketId),
    /// Nobody to call.
    #[error("nobody waits for counter {0}")]
    NothingWaiting(CounterNumber),
    /// Nothing is called to the counter.
    #[error("no ticket is called to counter {0}")]
    NoTicketCalled(CounterNumber),
    /// The citizen is there already.
    #[error("ticket {1} is being served at counter {0} already")]
    AlreadyServing(CounterNumber, TicketId),
    /// Serving has not begun.
    #[error("serving has not started at counter {0}")]
    NotServing(CounterNumber),
    /// Too late to give up.
    #[error("ticket {0} is neither waiting nor called")]
    TicketNotOpen(TicketId),
    /// Not served yet.
    #[error("ticket {0} is not served, so it cannot be rated")]
    TicketNotFinished(TicketId),
    /// Rated before.
    #[error("ticket {0} is rated already")]
    AlreadyRated(TicketId),
    /// The ticket never had paper.
    #[error("ticket {0} was not taken at a kiosk with a printer")]
    NoPrinter(TicketId),
    /// A job for this paper is still open.
    #[error("print job {0} is still open")]
    PrintJobOpen(PrintJobId),
    /// Somebody prints it.
    #[error("print job {0} is being printed already")]
    PrintJobTaken(PrintJobId),
    /// Nobody took it.
    #[error("print job {0} was not started")]
    PrintJobNotStarted(PrintJobId),
    /// It is over.
    #[error("print job {0} is settled already")]
    PrintJobSettled(PrintJobId),
    /// Enough paper.
    #[error("ticket {0} was printed too often already")]
    TooManyReprints(TicketId),
}

impl Refusal {
    /// Stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.words().0
    }

    /// The same title for every occurrence.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.words().1
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        self.words().2
    }

    /// Whether the thing named does not exist (else it is in another state).
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.code().starts_with("unknown-")
    }

    fn words(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::UnknownService(_) => ("unknown-service", "Unknown service", "choose a service of GET /v1/hall"),
            Self::UnknownClass(_) => ("unknown-class", "Unknown class", "choose a class of GET /v1/hall"),
            Self::UnknownCounter(_) => ("unknown-counter", "Unknown counter", "choose a counter of GET /v1/hall"),
            Self::UnknownOfficer(_) => ("unknown-officer", "Unknown officer", "choose an officer of GET /v1/hall"),
            Self::UnknownTicket(_) => ("unknown-ticket", "Unknown ticket", "check the number and the day"),
            Self::UnknownPrintJob(_) => ("unknown-print-job", "Unknown print job", "read the work stream again"),
            Self::UnknownRatingLevel(_) => {
                ("unknown-rating-level", "Unknown rating level", "choose a level of GET /v1/hall")
            }
            Self::NumbersExhausted(_) => {
                ("numbers-exhausted", "Numbers used up", "serve the citizen without a number; raise highest_number")
            }
            Self::CounterAlreadyOpen(..) => {
                ("counter-already-open", "Counter is open", "close the counter there first")
            }
            Self::OfficerElsewhere(..) => {
                ("officer-elsewhere", "Officer sits elsewhere", "close the other counter first")
            }
            Self::CounterClosed(_) => ("counter-closed", "Counter is closed", "open the counter with an officer"),
            Self::CounterBusy(..) => {
                ("counter-busy", "Counter has an open ticket", "finish it, or mark it as a no-show, first")
            }
            Self::NothingWaiting(_) => ("nothing-waiting", "Nobody waits", "wait for the next citizen"),
            Self::NoTicketCalled(_) => ("no-ticket-called", "No ticket called", "call the next ticket first"),
            Self::AlreadyServing(..) => ("already-serving", "Serving already", "finish serving"),
            Self::NotServing(_) => ("not-serving", "Serving has not started", "start serving first"),
            Self::TicketNotOpen(_) => {
                ("ticket-not-open", "Ticket is not open", "only waiting and called tickets can be cancelled")
            }
            Self::TicketNotFinished(_) => ("ticket-not-finished", "Ticket is not served", "rate after serving"),
            Self::AlreadyRated(_) => ("already-rated", "Rated already", "a ticket is rated once"),
            Self::NoPrinter(_) => ("no-printer", "No printer", "write the number down for the citizen"),
            Self::PrintJobOpen(_) => ("print-job-open", "Paper is on its way", "wait for the open print job"),
            Self::PrintJobTaken(_) => ("print-job-taken", "Being printed", "leave the job to the agent that has it"),
            Self::PrintJobNotStarted(_) => ("print-job-not-started", "Not started", "send start_print first"),
            Self::PrintJobSettled(_) => ("print-job-settled", "Settled already", "ask for a reprint instead"),
            Self::TooManyReprints(_) => ("too-many-reprints", "Too many reprints", "write the number by hand"),
        }
    }
}
