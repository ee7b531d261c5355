//! Central sync v1: what a hall sends to the province and what the province answers.
//!
//! `POST /v1/halls/{hall}/events` with `application/cloudevents-batch+json` (CloudEvents 1.0.2, JSON batch format),
//! gzip allowed. `sequence` is an extension attribute: an integer without gaps, starting at 1 for each hall.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::StaffPaperKind;

/// Media type of a batch.
pub const CLOUDEVENTS_BATCH: &str = "application/cloudevents-batch+json";
/// Most events in a batch.
pub const MAX_BATCH_EVENTS: usize = 500;
/// Most bytes in a batch before compression.
pub const MAX_BATCH_BYTES: usize = 1024 * 1024;
/// Prefix of every event type.
pub const TYPE_PREFIX: &str = "vn.one-stop-hall.";

/// One event of the hall as a CloudEvent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CloudEvent {
    /// Always `1.0`.
    pub specversion: String,
    /// Unique within `source`: the sequence as text.
    pub id: String,
    /// `/halls/{hall}`.
    pub source: String,
    /// [`TYPE_PREFIX`], the event's name and its version: `vn.one-stop-hall.ticket_issued.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Ticket id or counter that the event is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub time: Timestamp,
    /// Always `application/json`.
    pub datacontenttype: String,
    /// Place in the hall's log.
    pub sequence: u64,
    /// What happened.
    pub data: EventData,
}

/// What happened in the hall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventData {
    /// A service day began; everything of the day before is over.
    DayOpened {
        /// `yyyy-mm-dd`, local.
        day: String,
    },
    /// An officer sat down.
    CounterOpened {
        /// Counter number.
        counter: u16,
        /// Officer id.
        officer: String,
    },
    /// The officer left.
    CounterClosed {
        /// Counter number.
        counter: u16,
    },
    /// A number was given.
    TicketIssued {
        /// Ticket id.
        ticket: String,
        /// Ticket number.
        number: String,
        /// Service id.
        service: String,
        /// Class id.
        class: String,
        /// Language of the citizen.
        language: String,
        /// Kiosk that printed it.
        kiosk: Option<String>,
        /// People ahead.
        people_ahead: u32,
        /// Expected wait in minutes, as told to the citizen.
        wait_minutes: [u32; 2],
        /// Services after the first, on the same number.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<String>,
        /// Code of the appointment that it checked in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<String>,
    },
    /// Called to a counter.
    TicketCalled {
        /// Ticket id.
        ticket: String,
        /// Counter number.
        counter: u16,
        /// Officer id.
        officer: String,
        /// Why this one: `bound`, `urgent`, `normal_turn`, `longest_wait`, `early` or `picked`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
    /// Called once more.
    TicketRecalled {
        /// Ticket id.
        ticket: String,
        /// Counter number.
        counter: u16,
    },
    /// The citizen came.
    ServingStarted {
        /// Ticket id.
        ticket: String,
        /// Counter number.
        counter: u16,
    },
    /// The citizen was served.
    ServingFinished {
        /// Ticket id.
        ticket: String,
        /// Counter number.
        counter: u16,
        /// Officer id.
        officer: String,
        /// Outcome id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
        /// Codes of the dossiers handled.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dossiers: Vec<String>,
    },
    /// One service of several is done; the ticket waits for the next.
    StageFinished {
        /// Ticket id.
        ticket: String,
        /// Counter number.
        counter: u16,
        /// Officer id.
        officer: String,
        /// Outcome id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
        /// Codes of the dossiers handled.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dossiers: Vec<String>,
        /// Service id that comes next.
        next: String,
    },
    /// Set aside by an officer.
    TicketParked {
        /// Ticket id.
        ticket: String,
        /// Counter number.
        counter: u16,
        /// Why.
        reason: String,
    },
    /// Back in the queue at its place.
    TicketReturned {
        /// Ticket id.
        ticket: String,
        /// `unparked`, `came_back` or `handed_over`.
        cause: String,
    },
    /// Sent to another service or counter.
    TicketTransferred {
        /// Ticket id.
        ticket: String,
        /// Counter that sent it.
        counter: u16,
        /// Service id.
        service: String,
        /// The only counter that may call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<u16>,
    },
    /// Not served before the day ended or the hall closed.
    TicketExpired {
        /// Ticket id.
        ticket: String,
    },
    /// The officer is away for a while.
    CounterPaused {
        /// Counter number.
        counter: u16,
        /// Why.
        reason: String,
    },
    /// The officer is back.
    CounterResumed {
        /// Counter number.
        counter: u16,
    },
    /// A counter helps with a service.
    ProfileExtended {
        /// Counter number.
        counter: u16,
        /// Service id.
        service: String,
    },
    /// It no longer does.
    ProfileRestored {
        /// Counter number.
        counter: u16,
        /// Service id.
        service: String,
    },
    /// A service gives no numbers for a while.
    ServiceSuspended {
        /// Service id.
        service: String,
        /// Why.
        reason: String,
    },
    /// It does again.
    ServiceResumed {
        /// Service id.
        service: String,
    },
    /// An appointment was made in the hall.
    AppointmentBooked {
        /// Its code.
        code: String,
        /// Service id.
        service: String,
        /// When.
        #[schema(value_type = String, format = DateTime)]
        due: Timestamp,
    },
    /// An appointment was given up.
    AppointmentCancelled {
        /// Its code.
        code: String,
    },
    /// The hub's clock jumped.
    ClockJumped {
        /// What it should have shown.
        #[schema(value_type = String, format = DateTime)]
        expected: Timestamp,
        /// What it showed.
        #[schema(value_type = String, format = DateTime)]
        shown: Timestamp,
    },
    /// The citizen did not come.
    TicketNoShow {
        /// Ticket id.
        ticket: String,
        /// Counter number.
        counter: u16,
    },
    /// Given up.
    TicketCancelled {
        /// Ticket id.
        ticket: String,
        /// Why, where the hall did it: `missed`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Rated.
    ServiceRated {
        /// Ticket id.
        ticket: String,
        /// Counter number.
        counter: u16,
        /// Officer who served.
        officer: String,
        /// Level id.
        level: String,
        /// Reasons out of the hall's list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<String>,
        /// The citizen's own words, while the hall still has them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// Staff closed a kiosk.
    KioskClosed {
        /// Kiosk id.
        kiosk: String,
    },
    /// Staff opened a kiosk.
    KioskOpened {
        /// Kiosk id.
        kiosk: String,
    },
    /// Paper asked for again.
    ReprintRequested {
        /// Print job id.
        job: String,
        /// Ticket id.
        ticket: String,
    },
    /// A printer took the job.
    PrintStarted {
        /// Print job id.
        job: String,
    },
    /// The printer confirmed the paper.
    TicketPrinted {
        /// Print job id.
        job: String,
    },
    /// Staff saw the paper that nobody had confirmed.
    PrintAccepted {
        /// Print job id.
        job: String,
    },
    /// Numbers up to this one are not given any more: they stood in a part of the log that was lost.
    NumbersSkipped {
        /// First letter of the series.
        letter: char,
        /// The last one skipped.
        to: u16,
    },
    /// The job was not printed.
    PrintFailed {
        /// Print job id.
        job: String,
        /// Fault code.
        reason: String,
    },
    /// Nobody confirmed the paper.
    PrintUnconfirmed {
        /// Print job id.
        job: String,
        /// Fault code.
        reason: String,
    },
    /// A new roll was put into a printer.
    RollChanged {
        /// Kiosk id.
        kiosk: String,
        /// Name of the printer.
        printer: String,
    },
    /// Staff wanted a paper of their own.
    StaffPaperRequested {
        /// Its id.
        paper: String,
        /// Kiosk id.
        kiosk: String,
        /// Which kind.
        kind: StaffPaperKind,
    },
    /// A printer took the staff's paper.
    StaffPaperStarted {
        /// Its id.
        paper: String,
    },
    /// The staff's paper ended.
    StaffPaperEnded {
        /// Its id.
        paper: String,
        /// `printed`, `failed` or `unconfirmed`.
        end: String,
    },
}

/// What central made of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventVerdict {
    /// Stored now.
    Accepted,
    /// Stored before.
    Duplicate,
    /// Will never be stored; see the reason.
    Rejected,
}

/// Answer for one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventResult {
    /// Which event.
    pub sequence: u64,
    /// What central made of it.
    pub status: EventVerdict,
    /// Why it was rejected.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Answer to a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchAnswer {
    /// Highest sequence up to which central has settled every event of the hall (stored or rejected).
    pub accepted_through: u64,
    /// One entry an event of the batch.
    pub results: Vec<EventResult>,
}
