//! What the kiosk does next: touches, views and answers in; pages and commands out. Pure: the time is passed in, the
//! request id comes with the touch that made it.
//!
//! Two rules matter most. One confirmed touch is one request id, and while it is under way no other touch counts, so
//! two quick touches never make two tickets. And a ticket that exists is shown, whatever the printer or the link does.

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::commands::Command;
use protocol::hall::{ClassInfo, FieldInfo, HallInfo, ServiceInfo};
use protocol::views::{KioskView, PrintState, TicketView};

use super::KioskOptions;
use crate::plumbing::{Answer, Link, Order};
use crate::{faults, problems};

/// How long an unanswered request is repeated with its id before the citizen is told.
pub(crate) const TAKE_PATIENCE: Duration = Duration::from_secs(60);
/// After this time without an answer the citizen reads that it takes longer.
pub(crate) const SLOW_AFTER: Duration = Duration::from_secs(3);
/// How long the ticket page waits for the paper before its countdown begins all the same.
pub(crate) const PAPER_PATIENCE: Duration = Duration::from_secs(45);

/// What was touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    Start,
    StartIn(String),
    SwitchLanguage,
    Field(String),
    Service(String),
    Class(String),
    /// "Take a number", with the request id made for this touch.
    Take(String),
    Back,
    More,
    ToStart,
}

/// What reaches the kiosk.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Hall(Arc<HallInfo>),
    View(Linked<KioskView>),
    Touch(Touch),
    Answer(String, Answer),
    Tick,
}

/// Where the citizen is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Attract,
    Home,
    Services { field: String },
    Confirm { field: String, service: String, class: String, taking: Option<Box<Taking>> },
    Ticket(Box<Taken>),
    Refused { code: String },
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
}

/// Where the paper of a ticket stands, as the citizen needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    Printing,
    Ready,
    Trouble { code: String },
}

pub(crate) struct Flow {
    options: KioskOptions,
    pub(crate) hall: Option<Arc<HallInfo>>,
    pub(crate) view: Option<Arc<KioskView>>,
    pub(crate) language: String,
    pub(crate) step: Step,
    link: Link,
    touched: Duration,
}

impl Flow {
    pub(crate) fn new(options: KioskOptions) -> Self {
        let language = options.language.clone();
        Self {
            options,
            hall: None,
            view: None,
            language,
            step: Step::Attract,
            link: Link::default(),
            touched: Duration::ZERO,
        }
    }

    /// Handles one event at `now` (time since the station began); the answer is a command to send.
    pub(crate) fn handle(&mut self, event: Event, now: Duration) -> Option<Order> {
        match event {
            Event::Hall(hall) => {
                self.hall = Some(hall);
                self.leave_what_is_gone();
                None
            }
            Event::View(linked) => {
                self.link.told(linked.online, now);
                self.view = linked.view.or(self.view.take());
                self.follow_paper(now);
                None
            }
            Event::Touch(touch) => self.touch(touch, now),
            Event::Answer(request_id, answer) => self.answer(&request_id, answer, now),
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
        let holds = matches!(self.step, Step::Ticket(_) | Step::Confirm { taking: Some(_), .. });
        !holds && (self.hall.is_none() || self.view.is_none() || self.link.lost(now))
    }

    /// Seconds until the kiosk returns to its first page; none while nothing counts.
    pub(crate) fn seconds_left(&self, now: Duration) -> Option<u64> {
        let end = match &self.step {
            Step::Attract | Step::Confirm { taking: Some(_), .. } => return None,
            Step::Ticket(taken) => {
                let begin = taken.settled.or((now >= taken.at + PAPER_PATIENCE).then_some(taken.at + PAPER_PATIENCE))?;
                begin.max(self.touched) + Duration::from_secs(self.options.ticket_seconds)
            }
            _ => self.touched + Duration::from_secs(self.options.idle_seconds),
        };
        Some(end.saturating_sub(now).as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
    }

    /// The language that the footer offers.
    pub(crate) fn other_language(&self) -> Option<String> {
        let languages = self.languages();
        let at = languages.iter().position(|l| *l == self.language).map_or(0, |at| at + 1);
        languages.get(at % languages.len().max(1)).filter(|l| **l != self.language).cloned()
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

    /// The fault code of the printer when no paper can come; none while it is well.
    pub(crate) fn printer_fault(&self) -> Option<String> {
        match &self.view.as_ref()?.printer {
            Some(printer) if faults::works(printer) => None,
            Some(printer) => Some(faults::code(printer).to_owned()),
            None => Some("no-printer".to_owned()),
        }
    }

    fn touch(&mut self, touch: Touch, now: Duration) -> Option<Order> {
        if self.away(now) {
            return None;
        }
        self.touched = now;
        match (touch, &self.step) {
            // A request under way: only its answer counts.
            (_, Step::Confirm { taking: Some(_), .. }) => {}
            (Touch::Start, Step::Attract) | (Touch::More, Step::Ticket(_)) => self.step = Step::Home,
            (Touch::StartIn(language), Step::Attract) => {
                self.language = language;
                self.step = Step::Home;
            }
            (Touch::SwitchLanguage, _) => {
                if let Some(language) = self.other_language() {
                    self.language = language;
                }
            }
            (Touch::Field(field), Step::Home) if self.field(&field).is_some() => {
                self.step = Step::Services { field };
            }
            (Touch::Service(service), Step::Services { field }) if self.service(&service).is_some() => {
                let class = self.normal_class().map(|c| c.id.clone()).unwrap_or_default();
                self.step = Step::Confirm { field: field.clone(), service, class, taking: None };
            }
            (Touch::Class(chosen), Step::Confirm { .. }) => {
                if let Step::Confirm { class, .. } = &mut self.step {
                    *class = chosen;
                }
            }
            (Touch::Take(request_id), Step::Confirm { .. }) => return self.take(request_id, now),
            (Touch::Back, Step::Confirm { field, .. }) => self.step = Step::Services { field: field.clone() },
            (Touch::Back, Step::Services { .. }) => self.step = Step::Home,
            (Touch::ToStart, _) => self.restart(now),
            _ => {}
        }
        None
    }

    fn take(&mut self, request_id: String, now: Duration) -> Option<Order> {
        let Step::Confirm { service, class, taking, .. } = &mut self.step else { return None };
        let command = Command::issue_ticket(service, class, &self.language, Some(&self.options.kiosk));
        let order = Order { request_id, command };
        *taking = Some(Box::new(Taking { order: order.clone(), since: now }));
        Some(order)
    }

    fn answer(&mut self, request_id: &str, answer: Answer, now: Duration) -> Option<Order> {
        let Step::Confirm { taking: Some(taking), .. } = &self.step else { return None };
        if taking.order.request_id != request_id {
            return None;
        }
        self.touched = now;
        match answer {
            Answer::Done(reply) => match reply.ticket {
                Some(ticket) => {
                    self.step = Step::Ticket(Box::new(Taken { ticket, at: now, settled: None }));
                    self.follow_paper(now);
                }
                None => self.step = Step::Refused { code: "no-ticket-in-reply".to_owned() },
            },
            Answer::Refused(problem) => self.step = Step::Refused { code: problem.code },
            // The same request again, with the same id: it cannot make a second ticket.
            Answer::Nothing if now < taking.since + TAKE_PATIENCE => return Some(taking.order.clone()),
            Answer::Nothing => self.step = Step::Refused { code: problems::NO_ANSWER.to_owned() },
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

    fn normal_class(&self) -> Option<&ClassInfo> {
        let classes = &self.hall.as_ref()?.classes;
        classes.iter().find(|c| !c.priority).or_else(|| classes.first())
    }

    /// Steps out of a field or service that the hall no longer has.
    fn leave_what_is_gone(&mut self) {
        let gone = match &self.step {
            Step::Services { field } => self.field(field).is_none(),
            Step::Confirm { service, taking: None, .. } => self.service(service).is_none(),
            _ => false,
        };
        if gone {
            self.step = Step::Home;
        }
        if !self.languages().contains(&self.language) {
            self.language.clone_from(&self.options.language);
        }
    }

    fn restart(&mut self, now: Duration) {
        self.step = Step::Attract;
        self.language.clone_from(&self.options.language);
        self.touched = now;
    }
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
