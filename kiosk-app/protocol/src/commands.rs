//! Commands: what a station, an agent or a web page asks the hub to do.
//!
//! `POST /v1/commands` with an `Idempotency-Key` header that whoever pressed the button made. The same key again
//! gets the same answer and acts once; the same key with another body is refused.

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
    /// The officer leaves the counter; refused while a ticket is open there.
    CloseCounter {
        /// Counter number.
        counter: u16,
    },
    /// The next waiting ticket to this counter.
    CallNext {
        /// Counter number.
        counter: u16,
    },
    /// The ticket called to this counter, once more.
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
    },
    /// The citizen called to this counter did not come.
    MarkNoShow {
        /// Counter number.
        counter: u16,
    },
    /// A waiting or called ticket is given up.
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
    },
    /// Staff want the ticket on paper again; the paper is marked as a reprint.
    ReprintTicket {
        /// Ticket id.
        ticket: String,
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

/// How a print job ended, as the printer told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PrintReport {
    /// The printer confirmed the whole job.
    Printed,
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
