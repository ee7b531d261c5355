//! Commands: what a station, an agent or a web page asks the hub to do.
//!
//! `POST /v1/commands` with an `Idempotency-Key` header that whoever pressed the button made. The same key again
//! gets the same answer and acts once; the same key with another body is refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::views::{PrintState, TicketView};

/// A command to the hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// A citizen takes a number.
    IssueTicket {
        /// Service that the citizen queues for.
        service: String,
        /// Services after the first, on the same number.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<String>,
        /// Code of an appointment that is checked in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<String>,
        /// Class, such as `normal` or `elderly`.
        class: String,
        /// Language of the paper and of the announcement.
        language: String,
        /// Kiosk whose printer prints the ticket; none means that nothing is printed.
        kiosk: Option<String>,
    },
    /// An officer sits down at a counter.
    OpenCounter {
        /// Counter number as it stands on the desk.
        counter: u16,
        /// Officer who sits down.
        officer: String,
    },
    /// The officer leaves the counter; refused while a ticket is open there, unless it is handed over.
    CloseCounter {
        /// Counter number.
        counter: u16,
        /// Give an open ticket back to the queue, at its place.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        hand_over: bool,
    },
    /// The officer is away for a while; nothing is called to the counter.
    PauseCounter {
        /// Counter number.
        counter: u16,
        /// Why: 1 to 120 characters.
        reason: String,
    },
    /// The officer is back.
    ResumeCounter {
        /// Counter number.
        counter: u16,
    },
    /// The next waiting ticket to this counter.
    CallNext {
        /// Counter number.
        counter: u16,
    },
    /// A certain waiting, parked or missed ticket to this counter, out of order.
    CallTicket {
        /// Counter number.
        counter: u16,
        /// Ticket id.
        ticket: String,
        /// Why: 1 to 120 characters.
        reason: String,
    },
    /// The ticket called to this counter, once more; no sooner than the hall's guard and no oftener than its limit.
    Recall {
        /// Counter number.
        counter: u16,
    },
    /// The citizen called to this counter has come.
    StartServing {
        /// Counter number.
        counter: u16,
    },
    /// The citizen at this counter is served.
    FinishServing {
        /// Counter number.
        counter: u16,
        /// How it ended: an outcome id of the hall.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
        /// Codes of the dossiers handled, at most 20.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dossiers: Vec<String>,
    },
    /// The ticket at this counter waits aside and keeps its place.
    ParkTicket {
        /// Counter number.
        counter: u16,
        /// When it goes back to the queue by itself; none waits for `unpark_ticket`.
        #[schema(value_type = Option<String>, format = DateTime)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// Why: 1 to 120 characters.
        reason: String,
    },
    /// A parked ticket goes back to the queue.
    UnparkTicket {
        /// Ticket id.
        ticket: String,
    },
    /// The ticket at this counter goes to another service or counter on the same number.
    TransferTicket {
        /// Counter number.
        counter: u16,
        /// Service id; none keeps the present service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        /// Counter number; none lets any counter of the service call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<u16>,
        /// Whether it comes back to this counter afterwards.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        and_return: bool,
    },
    /// A citizen who missed the call is there after all, within the hall's limits.
    ReturnTicket {
        /// Ticket id.
        ticket: String,
    },
    /// A service gives no numbers for a while.
    SuspendService {
        /// Service id.
        service: String,
        /// Why, as the kiosk shows it: 1 to 120 characters.
        reason: String,
        /// Until when; none waits for `resume_service`.
        #[schema(value_type = Option<String>, format = DateTime)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// A service gives numbers again.
    ResumeService {
        /// Service id.
        service: String,
    },
    /// An appointment was made; its code can be checked in at a kiosk.
    BookAppointment {
        /// Its code: 1 to 64 bytes.
        code: String,
        /// Service id.
        service: String,
        /// When.
        #[schema(value_type = String, format = DateTime)]
        due: Timestamp,
    },
    /// An appointment was given up.
    CancelAppointment {
        /// Its code.
        code: String,
    },
    /// The citizen called to this counter did not come.
    MarkNoShow {
        /// Counter number.
        counter: u16,
    },
    /// A waiting, called, parked or missed ticket is given up.
    CancelTicket {
        /// Ticket id.
        ticket: String,
    },
    /// The citizen rates the service; once a ticket.
    RateService {
        /// Ticket id.
        ticket: String,
        /// Level id of the hall's rating scale.
        level: String,
        /// Reasons out of the hall's list, none twice.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<String>,
        /// The citizen's own words, at most [`MAX_COMMENT_CHARS`] characters. They never enter the log, and are erased
        /// after the hall's time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// Staff close a kiosk: it gives no numbers until it is opened, also after a restart.
    CloseKiosk {
        /// Kiosk id.
        kiosk: String,
    },
    /// Staff open a kiosk that they closed.
    OpenKiosk {
        /// Kiosk id.
        kiosk: String,
    },
    /// Staff want the ticket on paper again; the paper is marked as a reprint.
    ReprintTicket {
        /// Ticket id.
        ticket: String,
    },
    /// Staff saw the newest paper of a ticket, which nobody had confirmed.
    AcceptPrint {
        /// Ticket id.
        ticket: String,
    },
    /// A new roll was put into a printer: its count begins anew.
    ChangeRoll {
        /// Kiosk that it stands at.
        kiosk: String,
        /// Name of the printer in `devices.toml`.
        printer: String,
    },
    /// Staff want a paper of their own from a kiosk's printer.
    PrintStaffPaper {
        /// Kiosk id.
        kiosk: String,
        /// Which.
        paper: StaffPaperKind,
    },
    /// An agent takes a print job; the first byte may leave only after the hub answered `printing`.
    StartPrint {
        /// Print job id.
        job: String,
    },
    /// An agent tells how a print job ended.
    ReportPrint {
        /// Print job id.
        job: String,
        /// How it ended.
        outcome: PrintReport,
    },
}

/// What staff typed at a kiosk: `POST /v1/kiosks/{kiosk}/staff`. No command: it never enters the log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffPinTry {
    /// The digits.
    pub pin: String,
}

/// A citizen wants to hear what to do: `POST /v1/kiosks/{kiosk}/help`. No command: it is a moment and never enters the
/// log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpRequest {
    /// What the help is about: small letters, digits and `-`, 1 to [`HelpRequest::MAX_PAGE`]. A voice has a clip for each of
    /// [`HELP_PAGES`].
    #[schema(pattern = "^[a-z0-9-]{1,32}$")]
    pub page: String,
    /// A language of the hall.
    pub language: String,
}

impl HelpRequest {
    /// Longest name of a page.
    pub const MAX_PAGE: usize = 32;
}

/// Pages that kiosks of this version ask help for.
pub const HELP_PAGES: [&str; 14] = [
    "attract",
    "languages",
    "fields",
    "services",
    "search",
    "confirm",
    "classes",
    "appointment",
    "ticket",
    "ticket-screen",
    "no-paper",
    "no-number",
    "closed",
    "kiosk-closed",
];

/// Longest comment of a rating, characters.
pub const MAX_COMMENT_CHARS: usize = 500;

impl Command {
    /// A number for one service, without an appointment.
    #[must_use]
    pub fn issue_ticket(service: &str, class: &str, language: &str, kiosk: Option<&str>) -> Self {
        Self::IssueTicket {
            service: service.to_owned(),
            then: Vec::new(),
            appointment: None,
            class: class.to_owned(),
            language: language.to_owned(),
            kiosk: kiosk.map(str::to_owned),
        }
    }

    /// Serving is done, with nothing to note.
    #[must_use]
    pub fn finish_serving(counter: u16) -> Self {
        Self::FinishServing { counter, outcome: None, dossiers: Vec::new() }
    }

    /// The officer leaves; refused while a ticket is open there.
    #[must_use]
    pub fn close_counter(counter: u16) -> Self {
        Self::CloseCounter { counter, hand_over: false }
    }

    /// A rating with nothing more to say.
    #[must_use]
    pub fn rate_service(ticket: &str, level: &str) -> Self {
        Self::RateService { ticket: ticket.to_owned(), level: level.to_owned(), reasons: Vec::new(), comment: None }
    }
}

/// How a print job ended, as the printer told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PrintReport {
    /// The printer confirmed the whole job.
    Printed {
        /// What it used; none where it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<PaperUsed>,
    },
    /// The printer said that it could not print the job.
    Failed {
        /// Fault code, such as `paper-out`.
        reason: String,
    },
    /// Bytes left and nothing confirmed them: only a person can tell.
    Unconfirmed {
        /// Fault code, such as `link-lost`.
        reason: String,
    },
}

/// What a paper took off a roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperUsed {
    /// Name of the printer in `devices.toml`.
    pub printer: String,
    /// Length from cut to cut.
    pub millimetres: u32,
}

/// A paper for staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaffPaperKind {
    /// Every Vietnamese letter, rules and codes: whether the printer and its profile are right.
    Test,
    /// The day in figures.
    Summary,
}

/// What an accepted command did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommandReply {
    /// Sequence of the last event of this command, or of the log's end when it caused none.
    pub sequence: u64,
    /// The ticket that the command was about, as it stood right after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketView>,
    /// The print job that the command made or moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub print_job: Option<PrintJobState>,
}

/// A print job and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PrintJobState {
    /// Print job id.
    pub id: String,
    /// Where it stands.
    pub state: PrintState,
}
