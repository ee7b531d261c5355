//! Why the hall says no.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::decide::{MAX_REASON, MAX_STEPS};
use crate::ids::{
    AppointmentCode, ClassId, CounterNumber, KioskId, LevelId, OfficerId, OutcomeId, PrintJobId, ReasonId, ServiceId,
    StaffPaperId, TicketId,
};

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
    /// No such reason.
    #[error("rating reason `{0}` is not on this hall's list")]
    UnknownRatingReason(ReasonId),
    /// Staff closed it.
    #[error("kiosk `{0}` is closed by staff")]
    KioskClosed(KioskId),
    /// It gives numbers.
    #[error("kiosk `{0}` is not closed")]
    KioskNotClosed(KioskId),
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
    #[error("ticket {0} is being served or over")]
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
    /// The hall is closed.
    #[error("the hall is closed{opening}", opening = opens(_0))]
    HallClosed(Option<DateTime>),
    /// The service has other hours.
    #[error("service `{0}` is closed now{opening}", opening = opens(_1))]
    ServiceClosed(ServiceId, Option<DateTime>),
    /// Enough for today.
    #[error("service `{0}` has given its {1} numbers of today")]
    QuotaReached(ServiceId, u32),
    /// Suspended.
    #[error("service `{0}` is not available now: {1}")]
    ServiceUnavailable(ServiceId, String),
    /// Not suspended.
    #[error("service `{0}` is not suspended")]
    ServiceNotSuspended(ServiceId),
    /// Not offered there.
    #[error("kiosk `{1}` does not offer service `{0}`")]
    NotAtThisKiosk(ServiceId, KioskId),
    /// A number cannot go so far.
    #[error("a number holds at most {most} services, and none twice in a row", most = MAX_STEPS)]
    InvalidPlan,
    /// No such appointment.
    #[error("appointment `{0}` is not known")]
    UnknownAppointment(AppointmentCode),
    /// The code is taken.
    #[error("appointment `{0}` exists already")]
    AppointmentExists(AppointmentCode),
    /// Not now.
    #[error("appointment `{0}` is over: {1}")]
    AppointmentPast(AppointmentCode, Timestamp),
    /// For something else.
    #[error("appointment `{0}` is for service `{1}`")]
    AppointmentForOther(AppointmentCode, ServiceId),
    /// Come later.
    #[error("appointment `{0}` can be checked in from {1} on")]
    AppointmentTooEarly(AppointmentCode, Timestamp),
    /// Come another day.
    #[error("appointment `{0}` could be checked in until {1}")]
    AppointmentTooLate(AppointmentCode, Timestamp),
    /// No such outcome.
    #[error("outcome `{0}` is not one of this hall")]
    UnknownOutcome(OutcomeId),
    /// Not a code.
    #[error("`{0}` is no dossier code: 1 to 64 letters, digits, `.`, `-`, `/` or `_`, at most 20 codes")]
    InvalidDossier(String),
    /// Not a reason.
    #[error("a reason holds 1 to {most} characters and no control characters", most = MAX_REASON)]
    InvalidReason,
    /// The officer is away.
    #[error("counter {0} is paused: {1}")]
    CounterPaused(CounterNumber, String),
    /// The officer is there.
    #[error("counter {0} is not paused")]
    CounterNotPaused(CounterNumber),
    /// Give them time to come.
    #[error("counter {0} may call again in {1} s")]
    RecallTooSoon(CounterNumber, u64),
    /// Called often enough.
    #[error("counter {0} has repeated the call {1} times")]
    RecallLimit(CounterNumber, u32),
    /// Not to be called.
    #[error("ticket {0} neither waits nor is parked or missed")]
    TicketNotCallable(TicketId),
    /// The officer there does not know it.
    #[error("counter {0} with its officer does not serve `{1}`")]
    NotServedThere(CounterNumber, ServiceId),
    /// Where it is.
    #[error("ticket {0} is there already")]
    TransferToItself(TicketId),
    /// Nothing at the counter.
    #[error("counter {0} has no ticket")]
    NoTicketThere(CounterNumber),
    /// Not parked.
    #[error("ticket {0} is not parked")]
    TicketNotParked(TicketId),
    /// A time that is over.
    #[error("{0} is over already")]
    TimeIsPast(Timestamp),
    /// Not missed.
    #[error("ticket {0} has not missed its call")]
    TicketNotMissed(TicketId),
    /// The time to come back is over.
    #[error("ticket {0} missed its call too long ago")]
    TooLateToReturn(TicketId),
    /// The hub has not opened the day.
    #[error("the service day {0} is not open")]
    DayNotOpen(Date),
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
    /// No such paper today.
    #[error("paper {0} does not exist")]
    UnknownStaffPaper(StaffPaperId),
    /// One is on its way.
    #[error("paper {0} is not out yet")]
    StaffPaperOpen(StaffPaperId),
    /// Somebody prints it.
    #[error("paper {0} is being printed already")]
    StaffPaperTaken(StaffPaperId),
    /// Nobody took it.
    #[error("paper {0} was not started")]
    StaffPaperNotStarted(StaffPaperId),
    /// It is over.
    #[error("paper {0} is settled already")]
    StaffPaperSettled(StaffPaperId),
    /// Enough paper.
    #[error("{0} papers for staff were printed today")]
    TooManyStaffPapers(u16),
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
            Self::UnknownRatingReason(_) => {
                ("unknown-rating-reason", "Unknown rating reason", "choose reasons of GET /v1/hall")
            }
            Self::KioskClosed(_) => ("kiosk-closed", "Kiosk is closed", "ask staff, or go to another kiosk"),
            Self::KioskNotClosed(_) => ("kiosk-not-closed", "Kiosk is open", "nothing has to be done"),
            Self::UnknownAppointment(_) => {
                ("unknown-appointment", "Unknown appointment", "check the code, or take a number without it")
            }
            Self::UnknownOutcome(_) => ("unknown-outcome", "Unknown outcome", "choose an outcome of GET /v1/hall"),
            Self::HallClosed(_) => ("hall-closed", "The hall is closed", "come back when it is open"),
            Self::ServiceClosed(..) => ("service-closed", "Service closed", "come back when it is open"),
            Self::QuotaReached(..) => ("quota-reached", "No more numbers today", "come back on another day"),
            Self::ServiceUnavailable(..) => {
                ("service-unavailable", "Service unavailable", "ask staff, or choose another service")
            }
            Self::ServiceNotSuspended(_) => ("service-not-suspended", "Not suspended", "it gives numbers already"),
            Self::NotAtThisKiosk(..) => ("not-at-this-kiosk", "Not at this kiosk", "go to a kiosk that offers it"),
            Self::InvalidPlan => ("invalid-plan", "Services cannot be joined", "take several numbers"),
            Self::AppointmentExists(_) => ("appointment-exists", "Code is taken", "give each appointment its own code"),
            Self::AppointmentPast(..) => ("appointment-past", "Appointment is over", "book a time to come"),
            Self::AppointmentForOther(..) => {
                ("appointment-for-other-service", "Another service", "choose the service of the appointment")
            }
            Self::AppointmentTooEarly(..) => ("appointment-too-early", "Too early", "check in nearer to its time"),
            Self::AppointmentTooLate(..) => {
                ("appointment-too-late", "Too late", "take a number without the appointment, or book another")
            }
            Self::InvalidDossier(_) => ("invalid-dossier", "Not a dossier code", "check the code on the receipt"),
            Self::InvalidReason => ("invalid-reason", "Not a reason", "say why in a few words"),
            Self::CounterPaused(..) => ("counter-paused", "Counter is paused", "resume the counter first"),
            Self::CounterNotPaused(_) => ("counter-not-paused", "Counter works", "nothing has to be done"),
            Self::RecallTooSoon(..) => ("recall-too-soon", "Just called", "give the citizen time to come"),
            Self::RecallLimit(..) => ("recall-limit", "Called often enough", "mark the ticket as missed"),
            Self::TicketNotCallable(_) => ("ticket-not-callable", "Cannot be called", "choose a waiting ticket"),
            Self::NotServedThere(..) => ("not-served-there", "Not served there", "choose another counter"),
            Self::TransferToItself(_) => ("transfer-to-itself", "It is there already", "choose where it shall go"),
            Self::NoTicketThere(_) => ("no-ticket-there", "No ticket", "call the next ticket first"),
            Self::TicketNotParked(_) => ("ticket-not-parked", "Not parked", "look at the list of parked tickets"),
            Self::TimeIsPast(_) => ("time-is-past", "Time is over", "give a time to come"),
            Self::TicketNotMissed(_) => ("ticket-not-missed", "Not missed", "look at the list of missed tickets"),
            Self::TooLateToReturn(_) => ("too-late-to-return", "Too late", "take a new number"),
            Self::DayNotOpen(_) => ("day-not-open", "The day is not open", "try again in a moment"),
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
            Self::CounterBusy(..) => (
                "counter-busy",
                "Counter has an open ticket",
                "finish, park or transfer it, or mark it as missed, first",
            ),
            Self::NothingWaiting(_) => ("nothing-waiting", "Nobody waits", "wait for the next citizen"),
            Self::NoTicketCalled(_) => ("no-ticket-called", "No ticket called", "call the next ticket first"),
            Self::AlreadyServing(..) => ("already-serving", "Serving already", "finish serving"),
            Self::NotServing(_) => ("not-serving", "Serving has not started", "start serving first"),
            Self::TicketNotOpen(_) => {
                ("ticket-not-open", "Ticket is not open", "only a ticket before its serving can be cancelled")
            }
            Self::TicketNotFinished(_) => ("ticket-not-finished", "Ticket is not served", "rate after serving"),
            Self::AlreadyRated(_) => ("already-rated", "Rated already", "a ticket is rated once"),
            Self::NoPrinter(_) => ("no-printer", "No printer", "write the number down for the citizen"),
            Self::PrintJobOpen(_) => ("print-job-open", "Paper is on its way", "wait for the open print job"),
            Self::PrintJobTaken(_) => ("print-job-taken", "Being printed", "leave the job to the agent that has it"),
            Self::PrintJobNotStarted(_) => ("print-job-not-started", "Not started", "send start_print first"),
            Self::PrintJobSettled(_) => ("print-job-settled", "Settled already", "ask for a reprint instead"),
            Self::UnknownStaffPaper(_) => ("unknown-print-job", "Unknown print job", "read the work stream again"),
            Self::StaffPaperOpen(_) => ("print-job-open", "Paper is on its way", "wait for the open print job"),
            Self::StaffPaperTaken(_) => ("print-job-taken", "Being printed", "leave the job to the agent that has it"),
            Self::StaffPaperNotStarted(_) => ("print-job-not-started", "Not started", "send start_print first"),
            Self::StaffPaperSettled(_) => ("print-job-settled", "Settled already", "ask for another paper instead"),
            Self::TooManyStaffPapers(_) => {
                ("too-many-staff-papers", "Too many papers today", "read the figures on the screen")
            }
            Self::TooManyReprints(_) => ("too-many-reprints", "Too many reprints", "write the number by hand"),
        }
    }
}

/// Local time of the next opening, where there is one.
fn opens(at: &Option<DateTime>) -> String {
    at.map_or_else(String::new, |at| format!("; it opens at {}", at.strftime("%Y-%m-%d %H:%M")))
}
