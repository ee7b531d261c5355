//! The shape of events on disk, version 1. Fields that came later are left out where they say nothing.

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) v: u8,
    #[serde(flatten)]
    pub(super) event: StoredEvent,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum StoredEvent {
    DayOpened {
        day: jiff::civil::Date,
    },
    CounterOpened {
        counter: u16,
        officer: String,
    },
    CounterClosed {
        counter: u16,
    },
    TicketIssued(StoredIssue),
    TicketCalled {
        ticket: String,
        counter: u16,
        officer: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<StoredRule>,
        /// Service ids; `#3` is the line of counter 3.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        passed: Vec<String>,
    },
    TicketRecalled {
        ticket: String,
        counter: u16,
    },
    ServingStarted {
        ticket: String,
        counter: u16,
    },
    ServingFinished {
        ticket: String,
        counter: u16,
        officer: String,
        #[serde(flatten)]
        result: StoredResult,
    },
    StageFinished {
        ticket: String,
        counter: u16,
        officer: String,
        #[serde(flatten)]
        result: StoredResult,
        next: StoredStep,
    },
    TicketParked {
        ticket: String,
        counter: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<i64>,
        reason: String,
    },
    TicketReturned {
        ticket: String,
        cause: StoredCause,
    },
    TicketTransferred {
        ticket: String,
        counter: u16,
        to: StoredStep,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back: Option<StoredStep>,
    },
    TicketExpired {
        ticket: String,
    },
    CounterPaused {
        counter: u16,
        reason: String,
    },
    CounterResumed {
        counter: u16,
    },
    ProfileExtended {
        counter: u16,
        service: String,
    },
    ProfileRestored {
        counter: u16,
        service: String,
    },
    ServiceSuspended {
        service: String,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<i64>,
    },
    ServiceResumed {
        service: String,
    },
    AppointmentBooked(StoredAppointment),
    AppointmentCancelled {
        code: String,
    },
    ClockJumped {
        expected: i64,
        shown: i64,
    },
    TicketNoShow {
        ticket: String,
        counter: u16,
    },
    TicketCancelled {
        ticket: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    ServiceRated {
        ticket: String,
        counter: u16,
        officer: String,
        level: String,
        satisfied: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        comment: bool,
    },
    KioskClosed {
        kiosk: String,
    },
    KioskOpened {
        kiosk: String,
    },
    ReprintRequested {
        job: String,
    },
    PrintStarted {
        job: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        run: Option<String>,
    },
    TicketPrinted {
        job: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printer: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mm: Option<u32>,
    },
    RollChanged {
        kiosk: String,
        printer: String,
    },
    StaffPaperRequested {
        paper: String,
        kiosk: String,
        kind: StoredKind,
    },
    StaffPaperStarted {
        paper: String,
    },
    StaffPaperEnded {
        paper: String,
        end: StoredEnd,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printer: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mm: Option<u32>,
    },
    PrintAccepted {
        job: String,
    },
    NumbersSkipped {
        letter: char,
        to: u16,
    },
    PrintFailed {
        job: String,
        reason: String,
    },
    PrintUnconfirmed {
        job: String,
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredIssue {
    pub(super) ticket: String,
    pub(super) field: String,
    pub(super) service: String,
    pub(super) class: String,
    pub(super) priority: bool,
    pub(super) language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kiosk: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) then: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) appointment: Option<StoredAppointment>,
    pub(super) ahead: u32,
    pub(super) wait: [u32; 2],
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredAppointment {
    pub(super) code: String,
    pub(super) service: String,
    pub(super) due: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredStep {
    pub(super) service: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) counter: Option<u16>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredResult {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) dossiers: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredKind {
    Test,
    Summary,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredEnd {
    Printed,
    Failed,
    Unconfirmed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredRule {
    Bound,
    Urgent,
    NormalTurn,
    LongestWait,
    Early,
    Picked(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredCause {
    Unparked,
    CameBack,
    HandedOver,
}
