//! Work: what an agent does beside the devices.
//!
//! `GET /v1/work/{agent}` is a server-sent event stream. It begins with a `work` event that holds everything that is
//! still to do, and sends a new one after each change. A paper that is handed to the listening run together with its
//! ticket comes before that as a `print` event of its own, a `PrintJob`: a citizen stands there, and it is small. It is
//! part of the `work` that follows, too. Announcements are moments: they come as `announcement` events
//! of their own, once, and are dropped when their time is over. A reconnect with `Last-Event-ID` gets the
//! announcements after that sequence which have not expired; a first connect gets none of the past.

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
