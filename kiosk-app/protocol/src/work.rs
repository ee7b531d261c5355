//! Work: what an agent does beside the devices.
//!
//! `GET /v1/work/{agent}` is a server-sent event stream. It begins with a `work` event that holds everything that is
//! still to do, and sends a new one after each change. A paper that is handed to the listening run together with its
//! ticket comes before that as a `print` event of its own, a `PrintJob`: a citizen stands there, and it is small. It is
//! part of the `work` that follows, too. Announcements are moments: they come as `announcement` events
//! of their own, once, and are dropped when their time is over. A reconnect with `Last-Event-ID` gets the
//! announcements after that sequence which have not expired; a first connect gets none of the past. Help at a kiosk is
//! a moment that is not even in the log: it comes as a `help` event without an id, once, and a reconnect never brings it
//! again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::views::{CounterRow, PrintState};

/// Everything an agent has to do or to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Work {
    /// Log sequence of this state.
    pub sequence: u64,
    /// The hub's clock when the state was made.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// Print jobs that are pending or printing, in the order in which they were asked for.
    pub print_jobs: Vec<PrintJob>,
    /// Papers for staff that are pending or printing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub staff_papers: Vec<StaffPaperJob>,
    /// What the number boards show.
    pub counters: Vec<CounterRow>,
    /// The newest call, for boards that show only one.
    pub last_call: Option<CounterRow>,
}

/// One job for a ticket printer. The id stays the same for ever, whatever is retried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PrintJob {
    /// Print job id.
    pub id: String,
    /// Kiosk whose printer prints it.
    pub kiosk: String,
    /// `pending` or `printing`.
    pub state: PrintState,
    /// The agent run that a printing job was handed to with its ticket; none when an agent asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Timestamp,
    /// Whether the paper must say that it is a reprint.
    pub reprint: bool,
    /// What stands on the paper.
    pub slip: TicketSlip,
}

/// A paper for staff. It is started and reported as print jobs are, under its own id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaffPaperJob {
    /// Its id.
    pub id: String,
    /// Kiosk whose printer prints it.
    pub kiosk: String,
    /// `pending` or `printing`.
    pub state: PrintState,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Timestamp,
    /// What stands on it.
    pub paper: StaffPaper,
}

/// What stands on a paper for staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StaffPaper {
    /// Whether the printer prints every letter and code.
    Test {
        /// Hall, first line.
        hall: String,
        /// When it was asked for, in the hall's local time with its offset (RFC 3339).
        time: String,
    },
    /// The day in figures.
    Summary(DaySummary),
}

/// The day in figures, in the hall's first language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DaySummary {
    /// Hall, first line.
    pub hall: String,
    /// Hall, second line; may be empty.
    pub hall_line2: String,
    /// Service day, such as `22/11/2026`.
    pub day: String,
    /// When it was asked for, in the hall's local time with its offset (RFC 3339).
    pub time: String,
    /// Tickets given.
    pub issued: u32,
    /// Tickets served.
    pub served: u32,
    /// Tickets that missed their call and may still come back.
    pub missed: u32,
    /// Tickets given up.
    pub cancelled: u32,
    /// Tickets not served before the hall closed.
    pub expired: u32,
    /// Mean seconds from issue to first call; none before the first call.
    pub mean_wait_seconds: Option<u64>,
    /// Mean seconds of handling; none before the first ticket was served.
    pub mean_handling_seconds: Option<u64>,
    /// Ratings.
    pub ratings: u32,
    /// Ratings that count as satisfied.
    pub satisfied: u32,
    /// Services that gave numbers: name, given, served.
    pub services: Vec<SummaryRow>,
    /// Counters that served, by number.
    pub counters: Vec<SummaryRow>,
    /// Papers that printers confirmed.
    pub papers: u32,
}

/// A service or a counter of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SummaryRow {
    /// Name of the service, or number of the counter.
    pub name: String,
    /// Tickets given for the service; for a counter those that it served.
    pub issued: u32,
    /// Tickets served.
    pub served: u32,
}

/// What stands on a queue ticket, in the citizen's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketSlip {
    /// Language of the texts.
    pub language: String,
    /// Hall, first line.
    pub hall: String,
    /// Hall, second line; may be empty.
    pub hall_line2: String,
    /// Field name.
    pub field: String,
    /// Service name.
    pub service: String,
    /// Ticket number.
    pub number: String,
    /// People ahead when it was issued.
    pub people_ahead: u32,
    /// Expected wait in minutes when it was issued.
    pub wait_minutes: [u32; 2],
    /// Counters that serve it.
    pub counters: Vec<u16>,
    /// Class name; none for the normal class.
    pub class: Option<String>,
    /// When it was issued, in the hall's local time with its offset (RFC 3339).
    pub issued_at: String,
    /// Address to follow the queue; none where the hall publishes none.
    pub follow_url: Option<String>,
}

/// A call to be spoken, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Announcement {
    /// Sequence of the call's event.
    pub sequence: u64,
    /// Ticket number.
    pub number: String,
    /// Counter number.
    pub counter: u16,
    /// Language that the citizen chose.
    pub language: String,
    /// When it was called.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The hub's clock when the event was sent.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// After this moment (hub's clock) it must not be spoken.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Help to be spoken at a kiosk, at once or never.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Help {
    /// Kiosk that it was asked for at.
    pub kiosk: String,
    /// What it is about; see [`crate::commands::HelpRequest::page`].
    pub page: String,
    /// Language that the citizen chose.
    pub language: String,
}
