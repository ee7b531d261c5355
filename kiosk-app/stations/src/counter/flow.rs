//! What the counter does next. Pure: times are passed in, request ids come with the key that was pressed.
//!
//! The queue's rules stay in the hub. The counter only keeps buttons dark that make no sense for what it sees, sends
//! one command at a time, and says every refusal. Nothing that the hub has not confirmed is shown as done.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use protocol::commands::Command;
use protocol::hall::HallInfo;
use protocol::views::{CounterView, DisplayView, TicketState};

use super::CounterOptions;
use super::action::Action;
pub(crate) use super::events::{Effect, Event, Message, Moment, Shape, Stage, Touch};
use super::lists::Tab;
use super::sheet::{self, Kind, Sheet, SheetTouch, Target};
use crate::plumbing::{Answer, Link, Order};
use crate::words::Words;

/// How long a message stays when nothing else happens.
const MESSAGE_TIME: Duration = Duration::from_secs(10);
/// Most dossier codes on one ticket, as the hub takes them.
pub(crate) const MAX_DOSSIERS: usize = 20;
/// Refusal that the officer can answer by handing the ticket over.
const COUNTER_BUSY: &str = "counter-busy";

/// What to say of a ticket, by its number, when a command about it is done.
type Done = fn(String) -> Message;

#[derive(Clone, Debug, PartialEq)]
struct Pending {
    order: Order,
    action: Option<Action>,
    sheet: bool,
}

pub(crate) struct Flow {
    options: CounterOptions,
    words: Words,
    pub(crate) hall: Option<Arc<HallInfo>>,
    pub(crate) display: Option<Arc<DisplayView>>,
    pub(crate) view: Option<Arc<CounterView>>,
    link: Link,
    chosen: Option<u16>,
    pending: Option<Pending>,
    /// The last order that nobody answered: pressed again, it keeps its id.
    unanswered: Option<Order>,
    /// What is asked about single tickets: request id → ticket id, its number, what to say when it is done.
    asked: BTreeMap<String, (String, String, Done)>,
    message: Option<(Message, Duration)>,
    /// When serving began, by this station: see [`super::action::START_GUARD`].
    pub(super) started: Option<Duration>,
    pub(crate) tab: Tab,
    /// Ticket id under the cursor.
    pub(super) cursor: Option<String>,
    /// Tile under the cursor where counter and officer are chosen.
    pub(crate) choice: usize,
    pub(crate) sheet: Option<Sheet>,
    /// Codes typed or scanned for the ticket at the counter.
    pub(crate) dossiers: Vec<String>,
    pub(crate) outcome: Option<usize>,
    /// The ticket that `dossiers` and `outcome` belong to.
    about: Option<String>,
    pub(crate) shape: Shape,
}

impl Flow {
    pub(crate) fn new(options: CounterOptions) -> Self {
        let (chosen, words) = (options.counter, Words::of(&options.language));
        let shape = if options.bar { Shape::Strip } else { Shape::Page };
        Self {
            options,
            words,
            hall: None,
            display: None,
            view: None,
            link: Link::default(),
            chosen,
            pending: None,
            unanswered: None,
            asked: BTreeMap::new(),
            message: None,
            started: None,
            tab: Tab::default(),
            cursor: None,
            choice: 0,
            sheet: None,
            dossiers: Vec::new(),
            outcome: None,
            about: None,
            shape,
        }
    }

    /// Handles one event.
    pub(crate) fn handle(&mut self, event: Event, moment: Moment) -> Option<Effect> {
        match event {
            Event::Hall(hall) => self.hall = Some(hall),
            Event::Display(linked) => {
                if self.chosen.is_none() {
                    self.link.told(&linked, moment.now);
                }
                self.display = linked.view.or(self.display.take());
            }
            Event::View(linked) => {
                self.link.told(&linked, moment.now);
                self.see(linked.view);
            }
            Event::Touch(touch) => return self.touch(touch, moment),
            Event::Answer(id, answer) => return self.answer(&id, answer, moment.now),
            Event::Tick => {
                if self.message.as_ref().is_some_and(|(_, until)| moment.now >= *until) {
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

    /// Whether the numbers on the screen may be old. An officer is told at once, without the grace of other screens:
    /// the client needs nearly two seconds to notice a cable that was pulled.
    pub(crate) fn offline(&self, now: Duration) -> bool {
        if self.view.is_some() { self.link.broken() } else { self.link.lost(now) }
    }

    /// The hub speaks and cannot be understood.
    pub(crate) fn strange(&self) -> bool {
        self.link.strange()
    }

    /// Whether a command is under way.
    pub(crate) fn busy(&self) -> bool {
        self.pending.is_some()
    }

    /// The action under way.
    pub(crate) fn busy_with(&self) -> Option<Action> {
        self.pending.as_ref().and_then(|p| p.action)
    }

    /// Whether the open sheet's command is under way.
    pub(crate) fn sheet_busy(&self) -> bool {
        self.pending.as_ref().is_some_and(|p| p.sheet)
    }

    pub(crate) fn message(&self) -> Option<&Message> {
        self.message.as_ref().map(|(message, _)| message)
    }

    /// Whether something is being asked about a single ticket: its paper, its way back.
    pub(crate) fn asking_about(&self, ticket: &str) -> bool {
        self.asked.values().any(|(t, ..)| t == ticket)
    }

    /// Where the open sheet can send the ticket.
    pub(crate) fn targets(&self) -> Vec<Target> {
        match (&self.sheet, &self.hall, &self.view) {
            (Some(sheet), Some(hall), Some(view)) if sheet.kind == Kind::Transfer => {
                sheet::targets(sheet, hall, self.display.as_deref(), view, self.words.language())
            }
            _ => Vec::new(),
        }
    }

    /// Whether the open sheet says all that its command needs. The counter must be free to call a ticket.
    pub(crate) fn sheet_complete(&self, now: Duration) -> bool {
        let Some(sheet) = &self.sheet else { return false };
        let complete = match &sheet.kind {
            Kind::HandOver => true,
            Kind::Transfer => sheet.target < self.targets().len(),
            Kind::Park | Kind::Pause | Kind::Ticket(_) => sheet.reason_text(self.words).is_some(),
        };
        let free = self.view.as_ref().is_some_and(|v| v.current.is_none() && v.paused.is_none());
        complete && !self.busy() && !self.offline(now) && (free || !matches!(sheet.kind, Kind::Ticket(_)))
    }

    fn see(&mut self, view: Option<Arc<CounterView>>) {
        let Some(view) = view.filter(|v| Some(v.counter) == self.chosen) else { return };
        if self.view.as_ref().is_some_and(|old| old.sequence != view.sequence) {
            // The hall moved on: the same key pressed now means something new.
            self.unanswered = None;
        }
        self.view = Some(view);
        self.settle();
    }

    /// Lets go of what belonged to a ticket or a sheet that the view knows no more.
    fn settle(&mut self) {
        let current = self.view.as_ref().and_then(|v| v.current.as_ref()).map(|t| t.id.clone());
        if current != self.about {
            (self.dossiers, self.outcome, self.started) = (Vec::new(), None, None);
            self.about = current;
        }
        let still_there = match self.sheet.as_ref().map(|s| &s.kind) {
            Some(Kind::Park | Kind::Transfer | Kind::HandOver) => self.about.is_some(),
            Some(Kind::Pause) => self.view.as_ref().is_some_and(|v| v.paused.is_none()),
            Some(Kind::Ticket(id)) => self.find(id).is_some(),
            None => return,
        };
        // An answer under way closes its sheet by itself; until then it says what is pending.
        let stays = self.sheet_busy() || (still_there && matches!(self.stage(), Stage::Work(_)));
        if !stays {
            self.sheet = None;
        }
    }

    pub(super) fn touch(&mut self, touch: Touch, moment: Moment) -> Option<Effect> {
        match touch {
            Touch::Key { key, id } => return self.key(key, id, moment),
            Touch::Counter(counter) if self.chosen.is_none() => {
                (self.chosen, self.view, self.message, self.choice) = (Some(counter), None, None, 0);
                return Some(Effect::Follow(self.chosen));
            }
            Touch::Back if !self.fixed() && matches!(self.stage(), Stage::Officers(_)) => return self.leave(),
            Touch::Officer { officer, id } => {
                let Stage::Officers(counter) = self.stage() else { return None };
                return self.send(Command::OpenCounter { counter, officer }, id, None, false);
            }
            Touch::Act { action, id } if self.enabled(action, moment.now) => return self.act(action, id),
            Touch::Reprint { ticket, id } => {
                let command = Command::ReprintTicket { ticket: ticket.clone() };
                return self.ask(ticket, command, id, Message::Reprinting, moment.now);
            }
            Touch::Accept { ticket, id } => {
                let command = Command::AcceptPrint { ticket: ticket.clone() };
                return self.ask(ticket, command, id, Message::Accepted, moment.now);
            }
            Touch::GiveBack { ticket, id } => return self.give_back(ticket, id, moment.now),
            Touch::Sheet(touch) => return self.on_sheet(touch, moment),
            Touch::Tab(tab) => self.open_tab(tab),
            Touch::Row { ticket } if self.find(&ticket).is_some() && !self.sheet_busy() => {
                (self.cursor, self.message) = (Some(ticket.clone()), None);
                self.sheet = Some(Sheet::new(Kind::Ticket(ticket)));
            }
            Touch::Dossier(code) => self.add_dossier(&code, moment.now),
            Touch::RemoveDossier(at) if at < self.dossiers.len() => drop(self.dossiers.remove(at)),
            Touch::Outcome(at) if self.serving() && self.hall.as_ref().is_some_and(|h| at < h.outcomes.len()) => {
                self.outcome = (self.outcome != Some(at)).then_some(at);
            }
            Touch::Shape if self.sheet.is_none() => self.shape = self.shape.next(),
            _ => {}
        }
        None
    }

    fn serving(&self) -> bool {
        let current = self.view.as_ref().and_then(|v| v.current.as_ref());
        current.is_some_and(|t| t.state == TicketState::Serving)
    }

    fn act(&mut self, action: Action, id: String) -> Option<Effect> {
        self.message = None;
        let sheet = match action {
            Action::Park => Some(Kind::Park),
            Action::Transfer => Some(Kind::Transfer),
            Action::Pause => Some(Kind::Pause),
            Action::Pick => Some(Kind::Ticket(self.cursor_ticket()?.id.clone())),
            _ => None,
        };
        if let Some(kind) = sheet {
            self.sheet = Some(Sheet::new(kind));
            // A strip has no room to ask.
            self.shape = Shape::Page;
            return None;
        }
        let counter = self.chosen?;
        let command = match action {
            Action::Finish => {
                let outcomes = self.hall.as_ref().map(|h| h.outcomes.as_slice()).unwrap_or_default();
                let outcome = self.outcome.and_then(|o| outcomes.get(o)).map(|o| o.id.clone());
                Command::FinishServing { counter, outcome, dossiers: self.dossiers.clone() }
            }
            _ => action.command(counter)?,
        };
        self.send(command, id, Some(action), false)
    }

    fn on_sheet(&mut self, touch: SheetTouch, moment: Moment) -> Option<Effect> {
        if self.sheet_busy() {
            return None;
        }
        let targets = self.targets();
        match touch {
            SheetTouch::Cancel => (self.sheet, self.message) = (None, None),
            SheetTouch::GiveBack { id } => {
                let Some(Kind::Ticket(ticket)) = self.sheet.as_ref().map(|s| s.kind.clone()) else { return None };
                let sent = self.give_back(ticket, id, moment.now);
                if sent.is_some() {
                    self.sheet = None;
                }
                return sent;
            }
            SheetTouch::Confirm { id } => {
                if !self.sheet_complete(moment.now) {
                    return None;
                }
                let counter = self.chosen?;
                let sheet = self.sheet.as_mut()?;
                let to = targets.get(sheet.target);
                let command = sheet.command(counter, to, moment.at, self.words)?;
                self.message = None;
                return self.send(command, id, None, true);
            }
            choice => {
                if let Some(sheet) = &mut self.sheet {
                    sheet.choose(&choice, targets.len());
                }
            }
        }
        None
    }

    fn give_back(&mut self, ticket: String, id: String, now: Duration) -> Option<Effect> {
        let command = match self.find(&ticket)?.state {
            TicketState::Parked => Command::UnparkTicket { ticket: ticket.clone() },
            TicketState::NoShow => Command::ReturnTicket { ticket: ticket.clone() },
            _ => return None,
        };
        self.ask(ticket, command, id, Message::GivenBack, now)
    }

    fn add_dossier(&mut self, code: &str, now: Duration) {
        let code = code.trim();
        if code.is_empty() || !self.serving() || self.dossiers.iter().any(|known| known == code) {
            return;
        }
        // Fields split by `|` are the code of an identity card: personal data, which is not kept anywhere.
        let message = match (code.contains('|'), self.dossiers.len() >= MAX_DOSSIERS) {
            (true, _) => Message::IdentityCard,
            (false, true) => Message::TooManyDossiers,
            (false, false) => return self.dossiers.push(code.to_owned()),
        };
        self.message = Some((message, now + MESSAGE_TIME));
    }

    /// Asks something about a single ticket, beside the counter's own command.
    fn ask(&mut self, ticket: String, command: Command, id: String, done: Done, now: Duration) -> Option<Effect> {
        if self.asking_about(&ticket) || self.offline(now) {
            return None;
        }
        let number = self.find(&ticket).map(|t| t.number.clone()).unwrap_or_default();
        self.asked.insert(id.clone(), (ticket, number, done));
        Some(Effect::Send(Order { request_id: id, command }))
    }

    fn send(&mut self, command: Command, id: String, action: Option<Action>, sheet: bool) -> Option<Effect> {
        if self.busy() {
            return None;
        }
        let again = self.unanswered.take().filter(|order| order.command == command);
        let order = again.unwrap_or(Order { request_id: id, command });
        self.pending = Some(Pending { order: order.clone(), action, sheet });
        Some(Effect::Send(order))
    }

    fn answer(&mut self, id: &str, answer: Answer, now: Duration) -> Option<Effect> {
        if let Some((_, number, done)) = self.asked.remove(id) {
            let message = match answer {
                Answer::Done(_) => done(number),
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
                if pending.sheet {
                    self.sheet = None;
                }
                if pending.action == Some(Action::Start) {
                    self.started = Some(now);
                }
                if matches!(pending.order.command, Command::CloseCounter { .. }) && !self.fixed() {
                    return self.leave();
                }
            }
            Answer::Refused(problem) => {
                let hand_over = pending.action == Some(Action::Close) && problem.code == COUNTER_BUSY;
                if hand_over && self.about.is_some() {
                    self.sheet = Some(Sheet::new(Kind::HandOver));
                    self.shape = Shape::Page;
                } else {
                    self.message = Some((Message::Refused(problem), now + MESSAGE_TIME));
                }
            }
            Answer::Nothing => {
                self.unanswered = Some(pending.order);
                self.message = Some((Message::NoAnswer, now + MESSAGE_TIME));
            }
        }
        self.settle();
        None
    }

    fn leave(&mut self) -> Option<Effect> {
        (self.chosen, self.view, self.message, self.sheet, self.choice) = (None, None, None, None, 0);
        self.settle();
        Some(Effect::Follow(None))
    }
}
