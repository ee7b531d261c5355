//! Views: what a station shows. Each is complete by itself, so a station that reconnects needs only the latest.
//!
//! `GET /v1/views/kiosk/{kiosk}`, `/v1/views/counter/{counter}`, `/v1/views/rating/{counter}` and
//! `/v1/views/display` are server-sent event streams: every `view` event carries the whole view, its id is the log
//! sequence it was made from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::health::DeviceHealth;

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// In the queue.
    Waiting,
    /// Called to a counter.
    Called,
    /// At a counter.
    Serving,
    /// Served.
    Finished,
    /// Called and did not come; may come back for a while.
    NoShow,
    /// Given up.
    Cancelled,
    /// Waits aside, by an officer's hand.
    Parked,
    /// Not served before the day ended or the hall closed.
    Expired,
}

/// Where a print job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PrintState {
    /// Waits for its printer.
    Pending,
    /// Handed to the printer; nobody may hand it out again.
    Printing,
    /// Confirmed by the printer.
    Printed,
    /// The printer said no, or it waited too long.
    Failed {
        /// Fault code.
        reason: String,
    },
    /// Bytes left, no confirmation came: staff decide.
    Unconfirmed {
        /// Fault code.
        reason: String,
    },
    /// No confirmation came, and then staff saw the paper.
    Accepted,
}

/// An expected wait, in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitRange {
    /// Half of the citizens wait at most this long.
    pub low: u32,
    /// Nine of ten wait at most this long.
    pub high: u32,
}

/// One ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketView {
    /// Ticket id, unique for ever: day and number.
    pub id: String,
    /// Ticket number as the citizen sees it, such as `A012`.
    pub number: String,
    /// Field id.
    pub field: String,
    /// Service id.
    pub service: String,
    /// Class id.
    pub class: String,
    /// Whether the class is a priority class.
    pub priority: bool,
    /// Where it stands.
    pub state: TicketState,
    /// When it was issued.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    /// People to be called before it, while it waits.
    pub people_ahead: Option<u32>,
    /// Expected wait, while it waits.
    pub wait: Option<WaitRange>,
    /// Counters that may call it.
    pub counters: Vec<u16>,
    /// Counter that called it last.
    pub counter: Option<u16>,
    /// When it was called first.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub called_at: Option<Timestamp>,
    /// When serving started.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// How often it was called, the first call included.
    pub calls: u32,
    /// The newest print job of the ticket.
    pub print: Option<PrintState>,
    /// Services still to come on this number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<String>,
    /// Time of its appointment.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<Timestamp>,
    /// Why it is parked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked_reason: Option<String>,
    /// When a parked ticket goes back by itself, or a missed one ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Load of one field or service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Load {
    /// Field or service id.
    pub id: String,
    /// People waiting.
    pub waiting: u32,
    /// What a newcomer would wait.
    pub wait: WaitRange,
    /// Counters open for it now.
    pub open_counters: u32,
    /// Why no number can be had now; none when one can. For a field: when none of its services gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Unavailable>,
    /// Numbers given today.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub taken: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// Why a service gives no numbers now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Unavailable {
    /// Outside the opening hours.
    Closed {
        /// Local date and time of the next opening, `2026-11-25T13:30:00`; none where none is known.
        opens: Option<String>,
    },
    /// Today's numbers are given.
    QuotaReached,
    /// Not now, for this reason.
    Suspended {
        /// Reason as staff wrote it.
        reason: String,
        /// When it ends by itself.
        #[schema(value_type = Option<String>, format = DateTime)]
        until: Option<Timestamp>,
    },
    /// Another kiosk offers it.
    Elsewhere,
}

/// What a kiosk shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KioskView {
    /// Log sequence of this view.
    pub sequence: u64,
    /// The hub's clock when the view was made.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// Kiosk id.
    pub kiosk: String,
    /// Load of every field, in the hall's order.
    pub fields: Vec<Load>,
    /// Load of every service, in the hall's order.
    pub services: Vec<Load>,
    /// The kiosk's printer that would print now; none when no agent has told of one.
    pub printer: Option<DeviceHealth>,
    /// All printers of the kiosk, in the order of their configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub printers: Vec<DeviceHealth>,
    /// The last tickets taken at this kiosk, newest first, at most [`KioskView::MAX_RECENT`].
    pub recent: Vec<TicketView>,
    /// Whether staff closed this kiosk: it gives no numbers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Whether help can be heard here: a speaker that stands at this kiosk is ready.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub help: bool,
}

impl KioskView {
    /// Most tickets in `recent`.
    pub const MAX_RECENT: usize = 8;
}

/// What a counter shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CounterView {
    /// Log sequence of this view.
    pub sequence: u64,
    /// The hub's clock when the view was made.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// Counter number.
    pub counter: u16,
    /// Officer at the counter; none while it is closed.
    pub officer: Option<String>,
    /// The ticket called to or served at this counter.
    pub current: Option<TicketView>,
    /// The waiting tickets that this counter may call, in the order in which they would be called.
    pub queue: Vec<TicketView>,
    /// How many wait for this counter; more than `queue` holds when that was cut at [`CounterView::MAX_QUEUE`].
    pub queue_total: u32,
    /// How many wait in the hall.
    pub hall_waiting: u32,
    /// This counter's figures of the day.
    pub today: CounterFigures,
    /// Devices of the hall that are not well, and printers that are.
    pub devices: Vec<DeviceHealth>,
    /// Why the counter is paused; none while it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<String>,
    /// Services that the hall gave this counter for a while.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_services: Vec<String>,
    /// Parked tickets of the hall that this counter may call, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parked: Vec<TicketView>,
    /// Missed tickets that this counter may call and that may still come back, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<TicketView>,
    /// Services that have to wait too long, and who could help.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Advice>,
    /// Tickets whose paper staff must settle, newest first, at most [`CounterView::MAX_PRINT_PROBLEMS`].
    pub print_problems: Vec<TicketView>,
}

impl CounterView {
    /// Most tickets in `queue`.
    pub const MAX_QUEUE: usize = 100;
    /// Most tickets in `parked` and in `missed`.
    pub const MAX_ASIDE: usize = 50;
    /// Most tickets in `print_problems`.
    pub const MAX_PRINT_PROBLEMS: usize = 20;
}

/// A service whose wait is over its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Advice {
    /// Service id.
    pub service: String,
    /// The wait of a newcomer.
    pub wait: WaitRange,
    /// The wait that it should stay under, minutes.
    pub target_minutes: u32,
    /// Counter that could help; none when none can.
    pub helper: Option<u16>,
}

/// A counter's figures of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CounterFigures {
    /// Tickets finished.
    pub served: u32,
    /// Mean handling time in seconds; none before the first ticket finished.
    pub mean_handling_seconds: Option<u32>,
    /// Ratings given.
    pub ratings: u32,
    /// Ratings at a level that counts as satisfied.
    pub satisfied: u32,
}

/// What a rating tablet shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingView {
    /// Log sequence of this view.
    pub sequence: u64,
    /// The hub's clock when the view was made.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// Counter number.
    pub counter: u16,
    /// What to ask; none keeps the tablet dark.
    pub request: Option<RatingRequest>,
}

/// A finished ticket that waits for its rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingRequest {
    /// Ticket id.
    pub ticket: String,
    /// Ticket number.
    pub number: String,
    /// Field id.
    pub field: String,
    /// Service id.
    pub service: String,
    /// Officer who served.
    pub officer: String,
    /// Language that the citizen chose at the kiosk.
    pub language: String,
    /// When serving finished.
    #[schema(value_type = String, format = DateTime)]
    pub finished_at: Timestamp,
}

/// What a hall display shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisplayView {
    /// Log sequence of this view.
    pub sequence: u64,
    /// The hub's clock when the view was made.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// The last calls, newest first, at most [`DisplayView::MAX_CALLS`].
    pub last_calls: Vec<Call>,
    /// One row a counter, by number.
    pub counters: Vec<CounterRow>,
    /// How many wait in the hall.
    pub waiting: u32,
    /// Mean wait of today's called tickets in whole minutes; none before the first call.
    pub mean_wait_minutes: Option<u32>,
    /// Tickets finished today.
    pub served: u32,
}

impl DisplayView {
    /// Most calls in `last_calls`.
    pub const MAX_CALLS: usize = 5;
}

/// One call of a ticket to a counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Call {
    /// Sequence of the call's event; a recall has its own.
    pub sequence: u64,
    /// Ticket number.
    pub number: String,
    /// Counter number.
    pub counter: u16,
    /// Service id.
    pub service: String,
    /// When it was called.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A counter as the hall sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CounterRow {
    /// Counter number.
    pub counter: u16,
    /// Whether an officer is there.
    pub open: bool,
    /// Ticket number called or served there.
    pub number: Option<String>,
    /// Called and not yet come.
    pub calling: bool,
    /// The officer is away for a while.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
}
