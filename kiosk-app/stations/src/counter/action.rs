//! What an officer can do with the counter, and when a button makes sense.
//!
//! The rules stay in the hub: a dark button only says what the hub would refuse for what this screen shows now.

use std::time::Duration;

use protocol::commands::Command;
use protocol::views::{CounterView, TicketState};

use super::flow::Flow;

/// After serving began, the same key means "finish": a second press of a quick finger must not end it at once.
pub(crate) const START_GUARD: Duration = Duration::from_millis(800);

/// What an officer can do with the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    CallNext,
    Start,
    Finish,
    Recall,
    NoShow,
    Park,
    Transfer,
    /// A certain ticket: the one under the cursor.
    Pick,
    Pause,
    Resume,
    Close,
}

impl Action {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 11] = [
        Self::CallNext,
        Self::Start,
        Self::Finish,
        Self::Recall,
        Self::NoShow,
        Self::Park,
        Self::Transfer,
        Self::Pick,
        Self::Pause,
        Self::Resume,
        Self::Close,
    ];

    /// The command of an action that asks nothing more; none for those that open a sheet.
    pub(super) fn command(self, counter: u16) -> Option<Command> {
        Some(match self {
            Self::CallNext => Command::CallNext { counter },
            Self::Start => Command::StartServing { counter },
            Self::Recall => Command::Recall { counter },
            Self::NoShow => Command::MarkNoShow { counter },
            Self::Resume => Command::ResumeCounter { counter },
            Self::Close => Command::close_counter(counter),
            // What was typed and chosen goes with it, see `Flow::act`.
            Self::Finish => Command::finish_serving(counter),
            Self::Park | Self::Transfer | Self::Pick | Self::Pause => return None,
        })
    }

    /// Whether an action makes sense for what the counter shows.
    fn possible(self, view: &CounterView) -> bool {
        let state = view.current.as_ref().map(|t| t.state);
        let paused = view.paused.is_some();
        match self {
            Self::CallNext => state.is_none() && !paused && view.queue_total > 0,
            Self::Start | Self::Recall | Self::NoShow => state == Some(TicketState::Called),
            Self::Finish => state == Some(TicketState::Serving),
            Self::Park | Self::Transfer => state.is_some(),
            Self::Pick | Self::Pause => state.is_none() && !paused,
            Self::Resume => paused,
            Self::Close => true,
        }
    }
}

impl Flow {
    /// Whether an action makes sense now.
    pub(crate) fn enabled(&self, action: Action, now: Duration) -> bool {
        let Some(view) = self.view.as_ref().filter(|v| v.officer.is_some()) else { return false };
        if self.busy() || self.offline(now) || !action.possible(view) {
            return false;
        }
        match action {
            Action::Finish => self.started.is_none_or(|at| now >= at + START_GUARD),
            Action::Pick => self.cursor_ticket().is_some(),
            _ => true,
        }
    }

    /// The thing most likely to be done now: what the large button says.
    pub(crate) fn main_action(&self) -> Action {
        let view = self.view.as_ref().filter(|v| v.officer.is_some());
        let state = view.and_then(|v| v.current.as_ref()).map(|t| t.state);
        match state {
            Some(TicketState::Called) => Action::Start,
            Some(_) => Action::Finish,
            None if view.is_some_and(|v| v.paused.is_some()) => Action::Resume,
            None => Action::CallNext,
        }
    }
}
