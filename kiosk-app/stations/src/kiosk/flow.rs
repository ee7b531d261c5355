//! What the kiosk does next: touches, views and answers in; pages and commands out. Pure: the time is passed in, the
//! request id comes with the touch that made it.
//!
//! Three rules matter most. One confirmed touch is one request id, and while it is under way no other touch counts, so
//! two quick touches never make two tickets. A ticket that exists is shown, whatever the printer or the link does. And
//! every page but the first returns to it by itself, unless a request is under way, which ends in bounded time.

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::commands::{Command, HelpRequest};
use protocol::hall::{ClassInfo, FieldInfo, HallInfo, ServiceInfo};
use protocol::views::{KioskView, Load, PrintState, TicketView, Unavailable};

use super::steps::{Choice, Named, Paper, Reprint, Step, Taken, Taking, Touch};
use super::{KioskOptions, help};
use crate::look::Scheme;
use crate::plumbing::{Answer, Link, Order};
use crate::{faults, problems};

/// How long an unanswered request is repeated with its id before the citizen is told.
pub(crate) const TAKE_PATIENCE: Duration = Duration::from_secs(60);
/// After this time without an answer the citizen reads that it takes longer.
pub(crate) const SLOW_AFTER: Duration = Duration::from_secs(3);
/// How long the ticket page waits for the paper before its countdown begins all the same.
pub(crate) const PAPER_PATIENCE: Duration = Duration::from_secs(45);
/// A second touch this soon after the number came belongs to the first.
pub(crate) const BOUNCE: Duration = Duration::from_millis(300);
/// Seconds without a touch until the staff's page closes.
pub(crate) const STAFF_SECONDS: u64 = 120;
/// Most services on one number: one fewer than the hub takes, and as many as the page can show.
pub(crate) const MAX_SERVICES: usize = 5;
/// Longest text that can be typed.
pub(crate) const MAX_TYPED: usize = 40;

/// What reaches the kiosk.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Hall(Arc<HallInfo>),
    View(Linked<KioskView>),
    Touch(Touch),
    Answer(String, Answer),
    /// Whether the typed PIN is the staff's; else the code of why not.
    Pin(Result<(), String>),
    Tick,
}

/// What the station does for the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Send(Order),
    CheckPin(String),
    AskHelp(HelpRequest),
}

/// How this citizen wants the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wants {
    pub(crate) scheme: Scheme,
    pub(crate) larger: bool,
    pub(crate) low_reach: bool,
}

pub(crate) struct Flow {
    pub(super) options: KioskOptions,
    pub(crate) hall: Option<Arc<HallInfo>>,
    pub(crate) view: Option<Arc<KioskView>>,
    pub(crate) language: String,
    pub(crate) wants: Wants,
    pub(crate) step: Step,
    /// One more service is being chosen for this.
    pub(crate) adding: Option<Box<Choice>>,
    link: Link,
    touched: Duration,
}

impl Flow {
    pub(crate) fn new(options: KioskOptions) -> Self {
        Self {
            hall: None,
            view: None,
            language: options.language.clone(),
            wants: usual(&options),
            step: Step::Attract,
            adding: None,
            link: Link::default(),
            touched: Duration::ZERO,
            options,
        }
    }

    /// Handles one event at `now` (time since the station began); the answer is what to do for it.
    pub(crate) fn handle(&mut self, event: Event, now: Duration) -> Option<Effect> {
        match event {
            Event::Hall(hall) => {
                self.hall = Some(hall);
                self.leave_what_is_gone();
                None
            }
            Event::View(linked) => {
                self.link.told(&linked, now);
                self.view = linked.view.or(self.view.take());
                self.follow_paper(now);
                None
            }
            Event::Touch(touch) => self.touch(touch, now),
            Event::Answer(request_id, answer) => self.answer(&request_id, answer, now),
            Event::Pin(answer) => {
                self.pin_answered(answer, now);
                None
            }
            Event::Tick => {
                self.follow_paper(now);
                if self.seconds_left(now) == Some(0) {
                    self.restart(now);
                }
                None
            }
        }
    }

    /// Whether the page says that the hub is away. A ticket page and a request under way stay on the screen.
    pub(crate) fn away(&self, now: Duration) -> bool {
        let holds = matches!(self.step, Step::Ticket(_)) || self.taking().is_some();
        !holds && (self.hall.is_none() || self.view.is_none() || self.link.lost(now))
    }

    /// The hub speaks and cannot be understood.
    pub(crate) fn strange(&self) -> bool {
        self.link.strange()
    }

    /// The request under way, if there is one.
    pub(crate) fn taking(&self) -> Option<&Taking> {
        match &self.step {
            Step::Confirm(choice) => choice.taking.as_ref(),
            _ => None,
        }
    }

    /// Whether nobody can take a number here now, whatever they touch: staff closed the kiosk, or the hall is closed.
    pub(crate) fn shut(&self) -> Option<Shut> {
        let view = self.view.as_ref()?;
        if view.closed {
            return Some(Shut::ByStaff);
        }
        let first = view.fields.first().and_then(|field| field.closed.as_ref())?;
        let all = view.fields.iter().all(|field| matches!(field.closed, Some(Unavailable::Closed { .. })));
        all.then(|| Shut::Hall(first.clone()))
    }

    /// Seconds until the kiosk returns to its first page; none while nothing counts.
    pub(crate) fn seconds_left(&self, now: Duration) -> Option<u64> {
        let seconds = Duration::from_secs;
        let end = match &self.step {
            Step::Attract => return None,
            _ if self.taking().is_some() => return None,
            Step::Ticket(taken) => {
                let begin = taken.settled.or((now >= taken.at + PAPER_PATIENCE).then_some(taken.at + PAPER_PATIENCE))?;
                begin.max(self.touched) + seconds(self.options.ticket_seconds)
            }
            Step::Staff(_) => self.touched + seconds(STAFF_SECONDS),
            _ => self.touched + seconds(self.options.idle_seconds),
        };
        Some(end.saturating_sub(now).as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
    }

    /// The language that the footer offers: the other one of two, else empty.
    pub(crate) fn other_language(&self) -> Option<String> {
        let languages = self.languages();
        let mut others = languages.iter().filter(|l| **l != self.language);
        others.next().filter(|_| languages.len() == 2).cloned()
    }

    /// Languages that the hall offers and this program speaks.
    pub(crate) fn languages(&self) -> Vec<String> {
        let offered = self.hall.as_ref().map(|h| h.languages.clone()).unwrap_or_default();
        offered.into_iter().filter(|l| crate::words::language_name(l).is_some()).collect()
    }

    pub(crate) fn field(&self, id: &str) -> Option<&FieldInfo> {
        self.hall.as_ref()?.fields.iter().find(|f| f.id == id)
    }

    pub(crate) fn service(&self, id: &str) -> Option<&ServiceInfo> {
        self.hall.as_ref()?.services.iter().find(|s| s.id == id)
    }

    pub(crate) fn load(&self, service: &str) -> Option<&Load> {
        self.view.as_ref()?.services.iter().find(|l| l.id == service)
    }

    /// The fault code of the printer when no paper can come; none while it is well.
    pub(crate) fn printer_fault(&self) -> Option<String> {
        match &self.view.as_ref()?.printer {
            Some(printer) if faults::works(printer) => None,
            Some(printer) => Some(faults::code(printer).to_owned()),
            None => Some("no-printer".to_owned()),
        }
    }

    fn touch(&mut self, touch: Touch, now: Duration) -> Option<Effect> {
        let bounced = matches!(&self.step, Step::Ticket(taken) if now < taken.at + BOUNCE);
        // A request under way: only its answer counts.
        if self.away(now) || self.taking().is_some() || bounced {
            return None;
        }
        self.touched = now;
        if touch == Touch::Listen {
            return help::asked(self, now).map(Effect::AskHelp);
        }
        if matches!(self.step, Step::Pin(_) | Step::Staff(_)) || touch == Touch::Staff {
            return self.staff_touch(touch, now);
        }
        if self.shut().is_some() && !matches!(self.step, Step::Ticket(_)) {
            self.restart(now);
            return None;
        }
        match touch {
            Touch::Take(id) => return self.take(id, now),
            Touch::Reprint(id) => return self.reprint(id),
            Touch::SwitchLanguage | Touch::Language(_) | Touch::Larger | Touch::Contrast | Touch::LowReach => {
                self.adjust(touch);
            }
            Touch::Back => self.back(now),
            Touch::ToStart => self.restart(now),
            touch => self.forward(touch),
        }
        None
    }

    /// Takes the number that was confirmed.
    fn take(&mut self, request_id: String, now: Duration) -> Option<Effect> {
        let (language, kiosk) = (self.language.clone(), self.options.kiosk.clone());
        let Step::Confirm(choice) = &mut self.step else { return None };
        let command = Command::IssueTicket {
            service: choice.service.clone(),
            then: choice.then.clone(),
            appointment: choice.appointment.clone(),
            class: choice.class.clone(),
            language,
            kiosk: Some(kiosk),
        };
        let order = Order { request_id, command };
        choice.taking = Some(Taking { order: order.clone(), since: now });
        Some(Effect::Send(order))
    }

    fn reprint(&mut self, request_id: String) -> Option<Effect> {
        let Step::Ticket(taken) = &mut self.step else { return None };
        if taken.reprint != Reprint::Not || taken.settled.is_none() {
            return None;
        }
        let command = Command::ReprintTicket { ticket: taken.ticket.id.clone() };
        let order = Order { request_id, command };
        taken.reprint = Reprint::Asked(order.clone());
        Some(Effect::Send(order))
    }

    fn answer(&mut self, request_id: &str, answer: Answer, now: Duration) -> Option<Effect> {
        match &mut self.step {
            Step::Confirm(choice) => {
                let taking = choice.taking.clone().filter(|taking| taking.order.request_id == request_id)?;
                self.touched = now;
                self.taken(&taking, answer, now)
            }
            Step::Ticket(taken) => {
                let Reprint::Asked(order) = &taken.reprint else { return None };
                if order.request_id != request_id {
                    return None;
                }
                if let Answer::Done(reply) = answer
                    && let Some(ticket) = reply.ticket
                {
                    taken.ticket = ticket;
                }
                taken.reprint = Reprint::Done;
                self.touched = now;
                self.follow_paper(now);
                None
            }
            Step::Staff(_) => {
                self.staff_answered(request_id, answer);
                None
            }
            _ => None,
        }
    }

    /// The hub answered the request for a number.
    fn taken(&mut self, taking: &Taking, answer: Answer, now: Duration) -> Option<Effect> {
        let refused = |code: String, step: &Step| {
            let back = match step {
                // What was refused can be chosen otherwise; the request that failed is over.
                Step::Confirm(choice) => Some(Box::new(Choice { taking: None, ..(**choice).clone() })),
                _ => None,
            };
            Step::Refused { code, back }
        };
        match answer {
            Answer::Done(reply) => match reply.ticket {
                Some(ticket) => {
                    let taken = Taken { ticket, at: now, settled: None, reprint: Reprint::Not };
                    self.step = Step::Ticket(Box::new(taken));
                    self.follow_paper(now);
                }
                None => self.step = refused("no-ticket-in-reply".to_owned(), &self.step),
            },
            Answer::Refused(problem) => self.step = refused(problem.code, &self.step),
            // The same request again, with the same id: it cannot make a second ticket.
            Answer::Nothing if now < taking.since + TAKE_PATIENCE => return Some(Effect::Send(taking.order.clone())),
            Answer::Nothing => self.step = Step::Refused { code: problems::NO_ANSWER.to_owned(), back: None },
        }
        None
    }

    /// Takes news about the shown ticket from the view, and notes when its paper is settled.
    fn follow_paper(&mut self, now: Duration) {
        let news = match (&self.step, &self.view) {
            (Step::Ticket(taken), Some(view)) => view.recent.iter().find(|t| t.id == taken.ticket.id).cloned(),
            _ => None,
        };
        let printer_fault = self.printer_fault();
        let Step::Ticket(taken) = &mut self.step else { return };
        if let Some(ticket) = news {
            taken.ticket.print = ticket.print;
        }
        match paper(&taken.ticket, printer_fault) {
            Paper::Printing => taken.settled = None,
            Paper::Ready | Paper::Trouble { .. } => taken.settled = taken.settled.or(Some(now)),
        }
    }

    /// Where the paper of the shown ticket stands.
    pub(crate) fn paper(&self, ticket: &TicketView) -> Paper {
        paper(ticket, self.printer_fault())
    }

    pub(super) fn normal_class(&self) -> Option<&ClassInfo> {
        let classes = &self.hall.as_ref()?.classes;
        classes.iter().find(|c| !c.priority).or_else(|| classes.first())
    }

    /// Steps out of a field or service that the hall no longer has.
    fn leave_what_is_gone(&mut self) {
        let known = |id: &String| self.service(id).is_some();
        let whole = |choice: &Choice| known(&choice.service) && choice.then.iter().all(known);
        let gone = match &self.step {
            Step::Services { field, .. } => self.field(field).is_none(),
            Step::Confirm(choice) if choice.taking.is_some() => false,
            Step::Confirm(choice) | Step::Classes(choice) | Step::Appointment { choice, .. } => !whole(choice),
            Step::Unavailable { name: Named::Field(id), .. } => self.field(id).is_none(),
            Step::Unavailable { name: Named::Service(id), .. } => !known(id),
            _ => false,
        };
        if gone || self.adding.as_ref().is_some_and(|choice| !whole(choice)) {
            self.adding = None;
            self.step = Step::Home { page: 0 };
        }
        if !self.languages().contains(&self.language) {
            self.language.clone_from(&self.options.language);
        }
    }

    /// Whoever stands there has the whole time again.
    pub(super) fn wind_up(&mut self, now: Duration) {
        self.touched = now;
    }

    pub(super) fn restart(&mut self, now: Duration) {
        self.step = Step::Attract;
        self.adding = None;
        self.language.clone_from(&self.options.language);
        self.wants = usual(&self.options);
        self.touched = now;
    }
}

/// Why nobody can take a number here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shut {
    ByStaff,
    Hall(Unavailable),
}

/// The screen as it is for whoever comes next.
fn usual(options: &KioskOptions) -> Wants {
    Wants { scheme: options.look.scheme, larger: options.look.large_text, low_reach: options.low_reach }
}

/// Where the paper stands: what the printer confirmed goes before what is wrong with it now.
fn paper(ticket: &TicketView, printer_fault: Option<String>) -> Paper {
    match (&ticket.print, printer_fault) {
        (Some(PrintState::Printed | PrintState::Accepted), _) => Paper::Ready,
        (Some(PrintState::Failed { reason } | PrintState::Unconfirmed { reason }), _) => {
            Paper::Trouble { code: reason.clone() }
        }
        (Some(PrintState::Pending | PrintState::Printing), None) => Paper::Printing,
        (Some(PrintState::Pending | PrintState::Printing), Some(code)) => Paper::Trouble { code },
        (None, _) => Paper::Trouble { code: "no-printer".to_owned() },
    }
}
