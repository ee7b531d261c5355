//! What the counter does next. Pure: the time is passed in, request ids come with the key that was pressed.
//!
//! The queue's rules stay in the hub. The counter only keeps buttons dark that make no sense for what it sees, sends
//! one command at a time, and says every refusal.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::commands::Command;
use protocol::hall::HallInfo;
use protocol::problem::Problem;
use protocol::views::{CounterView, DisplayView, TicketState};

use super::CounterOptions;
use crate::plumbing::{Answer, Link, Order};

/// How long a message stays when nothing else happens.
const MESSAGE_TIME: Duration = Duration::from_secs(10);

/// What an officer can do with the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    CallNext,
    Start,
    Finish,
    Recall,
    NoShow,
    Close,
}

impl Action {
    pub(crate) const ALL: [Self; 6] =
        [Self::CallNext, Self::Start, Self::Finish, Self::Recall, Self::NoShow, Self::Close];

    fn command(self, counter: u16) -> Command {
        match self {
            Self::CallNext => Command::CallNext { counter },
            Self::Start => Command::StartServing { counter },
            Self::Finish => Command::finish_serving(counter),
            Self::Recall => Command::Recall { counter },
            Self::NoShow => Command::MarkNoShow { counter },
            Self::Close => Command::close_counter(counter),
        }
    }
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

/// Which page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Counters,
    Officers(u16),
    Work(u16),
}

/// What to say of a ticket, by its number, when a command about its paper is done.
type Done = fn(String) -> Message;

/// What to tell the officer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Message {
    Refused(Box<Problem>),
    NoAnswer,
    Reprinting(String),
    /// This ticket's paper is there.
    Accepted(String),
}

#[derive(Clone, Debug, PartialEq)]
struct Pending {
    order: Order,
    action: Option<Action>,
}

pub(crate) struct Flow {
    options: CounterOptions,
    pub(crate) hall: Option<Arc<HallInfo>>,
    pub(crate) display: Option<Arc<DisplayView>>,
    pub(crate) view: Option<Arc<CounterView>>,
    link: Link,
    chosen: Option<u16>,
    pending: Option<Pending>,
    /// The last order that nobody answered: pressed again, it keeps its id.
    unanswered: Option<Order>,
    /// What is asked about papers: request id → ticket id and what to say when it is done.
    papers: BTreeMap<String, (String, Done)>,
    message: Option<(Message, Duration)>,
}

impl Flow {
    pub(crate) fn new(options: CounterOptions) -> Self {
        let chosen = options.counter;
        Self {
            options,
            hall: None,
            display: None,
            view: None,
            link: Link::default(),
            chosen,
            pending: None,
            unanswered: None,
            papers: BTreeMap::new(),
            message: None,
        }
    }

    /// Handles one event at `now` (time since the station began).
    pub(crate) fn handle(&mut self, event: Event, now: Duration) -> Option<Effect> {
        match event {
            Event::Hall(hall) => self.hall = Some(hall),
            Event::Display(linked) => {
                if self.chosen.is_none() {
                    self.link.told(linked.online, now);
                }
                self.display = linked.view.or(self.display.take());
            }
            Event::View(linked) => {
                self.link.told(linked.online, now);
                self.see(linked.view);
            }
            Event::Touch(touch) => return self.touch(touch, now),
            Event::Answer(id, answer) => return self.answer(&id, answer, now),
            Event::Tick => {
                if self.message.as_ref().is_some_and(|(_, until)| now >= *until) {
                    self.message = None;
                }
            }
        }
        None
    }

    pub(crate) fn stage(&self) -> Stage {
        match (self.chosen, &self.view) {
            (None, _) => Stage::Counters,
            (Some(counter), Some(view)) if view.officer.is_some() => Stage::Work(counter),
            (Some(counter), _) => Stage::Officers(counter),
        }
    }

    /// Whether the counter is the machine's own and cannot be chosen.
    pub(crate) fn fixed(&self) -> bool {
        self.options.counter.is_some()
    }

    /// Whether the numbers on the screen may be old.
    pub(crate) fn offline(&self, now: Duration) -> bool {
        self.link.lost(now)
    }

    /// Whether a command is under way.
    pub(crate) fn busy(&self) -> bool {
        self.pending.is_some()
    }

    /// The action under way.
    pub(crate) fn busy_with(&self) -> Option<Action> {
        self.pending.as_ref().and_then(|p| p.action)
    }

    pub(crate) fn message(&self) -> Option<&Message> {
        self.message.as_ref().map(|(message, _)| message)
    }

    /// Whether a ticket's paper is being asked for.
    pub(crate) fn reprinting(&self, ticket: &str) -> bool {
        self.papers.values().any(|(t, _)| t == ticket)
    }

    /// Whether an action makes sense now.
    pub(crate) fn enabled(&self, action: Action, now: Duration) -> bool {
        let Some(view) = self.view.as_ref().filter(|v| v.officer.is_some()) else { return false };
        if self.busy() || self.offline(now) {
            return false;
        }
        let state = view.current.as_ref().map(|t| t.state);
        match action {
            Action::CallNext => state.is_none() && view.queue_total > 0,
            Action::Start | Action::Recall | Action::NoShow => state == Some(TicketState::Called),
            Action::Finish => state == Some(TicketState::Serving),
            Action::Close => state.is_none(),
        }
    }

    /// The thing most likely to be done now.
    pub(crate) fn main_action(&self) -> Option<Action> {
        let view = self.view.as_ref().filter(|v| v.officer.is_some())?;
        match view.current.as_ref().map(|t| t.state) {
            None => (view.queue_total > 0).then_some(Action::CallNext),
            Some(TicketState::Called) => Some(Action::Start),
            Some(_) => Some(Action::Finish),
        }
    }

    fn see(&mut self, view: Option<Arc<CounterView>>) {
        let Some(view) = view.filter(|v| Some(v.counter) == self.chosen) else { return };
        if self.view.as_ref().is_some_and(|old| old.sequence != view.sequence) {
            // The hall moved on: the same key pressed now means something new.
            self.unanswered = None;
        }
        self.view = Some(view);
    }

    fn touch(&mut self, touch: Touch, now: Duration) -> Option<Effect> {
        match touch {
            Touch::Counter(counter) if self.chosen.is_none() => {
                self.chosen = Some(counter);
                self.view = None;
                self.message = None;
                Some(Effect::Follow(self.chosen))
            }
            Touch::Back if !self.fixed() && matches!(self.stage(), Stage::Officers(_)) => self.leave(),
            Touch::Officer { officer, id } => {
                let Stage::Officers(counter) = self.stage() else { return None };
                self.send(Command::OpenCounter { counter, officer }, id, None)
            }
            Touch::Act { action, id } if self.enabled(action, now) => {
                self.message = None;
                self.send(action.command(self.chosen?), id, Some(action))
            }
            Touch::Reprint { ticket, id } if !self.reprinting(&ticket) && !self.offline(now) => {
                self.papers.insert(id.clone(), (ticket.clone(), Message::Reprinting));
                Some(Effect::Send(Order { request_id: id, command: Command::ReprintTicket { ticket } }))
            }
            Touch::Accept { ticket, id } if !self.reprinting(&ticket) && !self.offline(now) => {
                self.papers.insert(id.clone(), (ticket.clone(), Message::Accepted));
                Some(Effect::Send(Order { request_id: id, command: Command::AcceptPrint { ticket } }))
            }
            _ => None,
        }
    }

    fn send(&mut self, command: Command, id: String, action: Option<Action>) -> Option<Effect> {
        if self.busy() {
            return None;
        }
        let again = self.unanswered.take().filter(|order| order.command == command);
        let order = again.unwrap_or(Order { request_id: id, command });
        self.pending = Some(Pending { order: order.clone(), action });
        Some(Effect::Send(order))
    }

    fn answer(&mut self, id: &str, answer: Answer, now: Duration) -> Option<Effect> {
        if let Some((ticket, done)) = self.papers.remove(id) {
            let message = match answer {
                Answer::Done(_) => done(self.number_of(&ticket)),
                Answer::Refused(problem) => Message::Refused(problem),
                Answer::Nothing => Message::NoAnswer,
            };
            self.message = Some((message, now + MESSAGE_TIME));
            return None;
        }
        let pending = self.pending.take_if(|p| p.order.request_id == id)?;
        match answer {
            Answer::Done(_) => {
                self.message = None;
                if pending.action == Some(Action::Close) && !self.fixed() {
                    return self.leave();
                }
            }
            Answer::Refused(problem) => self.message = Some((Message::Refused(problem), now + MESSAGE_TIME)),
            Answer::Nothing => {
                self.unanswered = Some(pending.order);
                self.message = Some((Message::NoAnswer, now + MESSAGE_TIME));
            }
        }
        None
    }

    fn number_of(&self, ticket: &str) -> String {
        let problems = self.view.as_ref().map(|v| v.print_problems.as_slice()).unwrap_or_default();
        problems.iter().find(|t| t.id == ticket).map_or_else(String::new, |t| t.number.clone())
    }

    fn leave(&mut self) -> Option<Effect> {
        self.chosen = None;
        self.view = None;
        self.message = None;
        Some(Effect::Follow(None))
    }
}
