//! What reaches the counter's flow and what comes of it, as plain data.

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use jiff::Timestamp;
use protocol::hall::HallInfo;
use protocol::problem::Problem;
use protocol::views::{CounterView, DisplayView};

use super::action::Action;
use super::keys::Key;
use super::lists::Tab;
use super::sheet::SheetTouch;
use crate::plumbing::{Answer, Order};

/// The two times of an event: since the station began, and the hub's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) now: Duration,
    pub(crate) at: Timestamp,
}

/// What was touched or pressed; ids are request ids made for that touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    Counter(u16),
    Officer {
        officer: String,
        id: String,
    },
    Back,
    Act {
        action: Action,
        id: String,
    },
    Reprint {
        ticket: String,
        id: String,
    },
    /// The paper that nobody confirmed is there.
    Accept {
        ticket: String,
        id: String,
    },
    Tab(Tab),
    /// A ticket of a list: what can be done with it.
    Row {
        ticket: String,
    },
    /// A parked or missed ticket goes back to its queue.
    GiveBack {
        ticket: String,
        id: String,
    },
    /// A dossier code, typed or scanned.
    Dossier(String),
    RemoveDossier(usize),
    Outcome(usize),
    Sheet(SheetTouch),
    /// The next shape of the window: page, strip, column.
    Shape,
    Key {
        key: Key,
        id: String,
    },
}

/// What reaches the counter.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Hall(Arc<HallInfo>),
    Display(Linked<DisplayView>),
    View(Linked<CounterView>),
    Touch(Touch),
    Answer(String, Answer),
    Tick,
}

/// What the adapter must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Send(Order),
    /// Follow this counter's view from now on; none: follow no counter.
    Follow(Option<u16>),
}

/// How much of the screen the counter takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    #[default]
    Page,
    /// A strip at the upper edge, above another program.
    Strip,
    /// A column at the right edge, beside another program.
    Column,
}

impl Shape {
    /// The one that the key leads to.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Page => Self::Strip,
            Self::Strip => Self::Column,
            Self::Column => Self::Page,
        }
    }
}

/// Which page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Counters,
    Officers(u16),
    Work(u16),
}

/// What to tell the officer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Message {
    Refused(Box<Problem>),
    NoAnswer,
    Reprinting(String),
    /// This ticket's paper is there.
    Accepted(String),
    /// This ticket waits in its queue again.
    GivenBack(String),
    /// The code of an identity card was scanned where a dossier code belongs. It is not kept.
    IdentityCard,
    TooManyDossiers,
}
