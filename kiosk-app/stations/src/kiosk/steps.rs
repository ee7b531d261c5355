//! Where a citizen stands at the kiosk, and what can be touched there. Plain data; the rules are in `flow.rs`.

use std::time::Duration;

use protocol::views::{TicketView, Unavailable};

use crate::plumbing::Order;

/// What was touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    Start,
    StartIn(String),
    /// The other language, or the page of languages where there are several.
    SwitchLanguage,
    Language(String),
    /// Letters larger or usual, colours of high contrast or usual, everything in the lower half or not.
    Larger,
    Contrast,
    LowReach,
    /// What to do here, spoken.
    Listen,
    Field(String),
    Service(String),
    /// Another page of a list.
    Turn(usize),
    Search,
    /// A character typed, on the screen or on a keyboard.
    Key(char),
    /// The last character away.
    Erase,
    /// The typed code is complete.
    Enter,
    AskClass,
    Class(String),
    AskAppointment,
    /// One more service on the same number, or one less.
    Add,
    Drop(usize),
    /// "Take a number", with the request id made for this touch.
    Take(String),
    /// The paper once more, with its request id.
    Reprint(String),
    /// On past a page that says something first.
    GoOn,
    Back,
    More,
    ToStart,
    /// Staff held the logo.
    Staff,
    /// What staff do, with its request id.
    CloseKiosk(String),
    OpenKiosk(String),
    TestPrint(String),
    ChangeRoll(String),
    ReprintOf {
        ticket: String,
        id: String,
    },
}

/// Where the citizen is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Attract,
    /// No paper will come: said before anything is chosen.
    NoPaper {
        code: String,
    },
    Languages {
        back: Box<Step>,
    },
    Home {
        page: usize,
    },
    Services {
        field: String,
        order: Vec<String>,
        page: usize,
    },
    Search {
        typed: String,
        page: usize,
    },
    Confirm(Box<Choice>),
    /// Is the citizen entitled to priority?
    Classes(Box<Choice>),
    /// The code of an appointment.
    Appointment {
        choice: Box<Choice>,
        code: String,
    },
    /// What was touched gives no number now.
    Unavailable {
        name: Named,
        why: Unavailable,
        back: Box<Step>,
    },
    Ticket(Box<Taken>),
    Refused {
        code: String,
        back: Option<Box<Choice>>,
    },
    Pin(PinEntry),
    Staff(StaffWork),
}

/// A field or a service, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Field(String),
    Service(String),
}

/// What the citizen has chosen so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choice {
    pub(crate) service: String,
    /// More services on the same number.
    pub(crate) then: Vec<String>,
    pub(crate) class: String,
    pub(crate) appointment: Option<String>,
    pub(crate) taking: Option<Taking>,
}

/// A request that the hub has not answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taking {
    pub(crate) order: Order,
    pub(crate) since: Duration,
}

/// A ticket that exists.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taken {
    pub(crate) ticket: TicketView,
    pub(crate) at: Duration,
    /// When its paper came or failed.
    pub(crate) settled: Option<Duration>,
    pub(crate) reprint: Reprint,
}

/// Whether the citizen asked for the paper once more. Once only: more is for staff.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Reprint {
    #[default]
    Not,
    Asked(Order),
    Done,
}

/// Where the paper of a ticket stands, as the citizen needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    Printing,
    Ready,
    Trouble { code: String },
}

/// Staff type their PIN.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PinEntry {
    pub(crate) digits: String,
    pub(crate) checking: bool,
    /// Code of what was wrong with the last one.
    pub(crate) wrong: Option<String>,
}

/// What staff do at the kiosk.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StaffWork {
    pub(crate) under_way: Option<Order>,
    /// What became of the last one: a message, or the code of a refusal.
    pub(crate) said: Option<Result<(), String>>,
}
