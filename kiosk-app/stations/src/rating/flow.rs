//! What the rating tablet does next. Pure: the time is passed in.
//!
//! One touch is one rating with one request id. A rating that counts as satisfied is sent at once; after a lower one
//! the citizen may say why, and silence sends what there is. The citizen is thanked at once; the rating is kept in a
//! file first, and sent again with the same id until the hub has answered, however long it is away, also after a restart.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use jiff::{SignedDuration, Timestamp};
use protocol::commands::{Command, MAX_COMMENT_CHARS};
use protocol::hall::HallInfo;
use protocol::views::{RatingRequest, RatingView};

use super::RatingOptions;
use super::telex;
use crate::plumbing::{Answer, Order};

/// How long the tablet thanks.
pub(crate) const THANKS: Duration = Duration::from_secs(3);
/// How long the reasons stay after the last touch.
pub(crate) const TELL: Duration = Duration::from_secs(25);
/// Most ratings that may wait for the hub; the oldest gives way, with a line in the log.
pub(crate) const MAX_UNSENT: usize = 16;
/// Tickets whose request was answered or ran out, remembered so that none is asked for twice.
const MAX_DONE: usize = 32;

/// A key of the tablet's own keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    Character(char),
    Back,
}

/// What reaches the tablet.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Hall(Arc<HallInfo>),
    View(Linked<RatingView>),
    /// Ratings that the tablet had when it ended last time.
    Kept(Vec<Order>),
    /// A level was touched; with the request id made for the touch.
    Rate {
        level: String,
        id: String,
    },
    /// A reason was touched, or touched away.
    Reason(usize),
    /// The keyboard is wanted, or not any more.
    Write(bool),
    Typed(Typed),
    /// That is all: send it.
    Send,
    /// Reasons and words are taken back; the level stands.
    Skip,
    Answer(String, Answer),
    Tick,
}

/// What the adapter must do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Put exactly these ratings into the file: they are not delivered yet.
    Keep(Vec<Order>),
    Send(Order),
}

/// What a citizen adds to a low level.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Telling {
    pub(crate) request: RatingRequest,
    pub(crate) level: String,
    id: String,
    pub(crate) reasons: Vec<usize>,
    pub(crate) comment: String,
    pub(crate) writing: bool,
    until: Duration,
}

/// What the tablet shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Dark,
    Ask(Box<RatingRequest>),
    Tell(Box<Telling>),
    Thanks { until: Duration, language: String },
}

pub(crate) struct Flow {
    options: RatingOptions,
    pub(crate) hall: Option<Arc<HallInfo>>,
    pub(crate) step: Step,
    view: Option<Arc<RatingView>>,
    unsent: VecDeque<Order>,
    done: VecDeque<String>,
}

impl Flow {
    pub(crate) fn new(options: RatingOptions) -> Self {
        Self { options, hall: None, step: Step::Dark, view: None, unsent: VecDeque::new(), done: VecDeque::new() }
    }

    /// Handles one event at `now` (time since the station began), `at` by the hub's clock.
    pub(crate) fn handle(&mut self, event: Event, now: Duration, at: Timestamp) -> Vec<Effect> {
        let mut effects = match event {
            Event::Hall(hall) => {
                self.hall = Some(hall);
                Vec::new()
            }
            Event::View(linked) => {
                self.view = linked.view.or(self.view.take());
                Vec::new()
            }
            Event::Kept(orders) => self.deliver_again(orders),
            Event::Rate { level, id } => self.rate(level, id, now),
            Event::Answer(id, answer) => self.answer(&id, &answer),
            Event::Send => self.told(now, true),
            Event::Skip => self.told(now, false),
            Event::Reason(_) | Event::Write(_) | Event::Typed(_) => {
                self.tell(&event, now);
                Vec::new()
            }
            Event::Tick => Vec::new(),
        };
        if matches!(&self.step, Step::Tell(telling) if now >= telling.until) {
            // Nobody touches any more: what was said so far counts.
            effects.append(&mut self.told(now, true));
        }
        self.settle(now, at);
        effects
    }

    /// The request on the screen, while there is one.
    pub(crate) fn request(&self) -> Option<&RatingRequest> {
        match &self.step {
            Step::Ask(request) => Some(request),
            Step::Tell(telling) => Some(&telling.request),
            Step::Dark | Step::Thanks { .. } => None,
        }
    }

    /// Name of the photo of the officer who served.
    pub(crate) fn photo(&self) -> Option<&str> {
        let officer = &self.request()?.officer;
        self.hall.as_ref()?.officers.iter().find(|o| o.id == *officer)?.photo.as_deref()
    }

    /// Ratings that the hub has not answered yet.
    pub(crate) fn unsent(&self) -> usize {
        self.unsent.len()
    }

    fn deliver_again(&mut self, orders: Vec<Order>) -> Vec<Effect> {
        for order in orders {
            if let Command::RateService { ticket, .. } = &order.command {
                self.remember(ticket.clone());
                self.unsent.push_back(order);
            }
        }
        self.unsent.iter().cloned().map(Effect::Send).collect()
    }

    fn rate(&mut self, level: String, id: String, now: Duration) -> Vec<Effect> {
        let Step::Ask(request) = &self.step else { return Vec::new() };
        let Some(hall) = &self.hall else { return Vec::new() };
        let Some(known) = hall.rating_levels.iter().find(|l| l.id == level) else { return Vec::new() };
        let asks_more = !known.satisfied && (!hall.rating_reasons.is_empty() || hall.rating_comment);
        let request = (**request).clone();
        let command = Command::rate_service(&request.ticket, &level);
        let order = Order { request_id: id.clone(), command };
        if !asks_more {
            return self.send(order, request, now);
        }
        // The level is safe from now on, whatever becomes of the tablet.
        let mut kept: Vec<_> = self.unsent.iter().cloned().collect();
        kept.push(order);
        let (reasons, comment, writing, until) = (Vec::new(), String::new(), false, now + TELL);
        self.step = Step::Tell(Box::new(Telling { request, level, id, reasons, comment, writing, until }));
        vec![Effect::Keep(kept)]
    }

    fn tell(&mut self, event: &Event, now: Duration) {
        let Step::Tell(telling) = &mut self.step else { return };
        let Some(hall) = &self.hall else { return };
        telling.until = now + TELL;
        match event {
            Event::Reason(reason) if *reason < hall.rating_reasons.len() => {
                let before = telling.reasons.len();
                telling.reasons.retain(|known| known != reason);
                if telling.reasons.len() == before {
                    telling.reasons.push(*reason);
                    telling.reasons.sort_unstable();
                }
            }
            Event::Write(writing) => telling.writing = *writing && hall.rating_comment,
            Event::Typed(Typed::Back) => drop(telling.comment.pop()),
            Event::Typed(Typed::Character(c)) if hall.rating_comment && !c.is_control() => {
                // A sentence begins with a capital.
                let first = telling.comment.is_empty() || telling.comment.ends_with(". ");
                let c = &if first { c.to_uppercase().next().unwrap_or(*c) } else { *c };
                match telling.request.language.as_str() {
                    "vi" => telex::add(&mut telling.comment, *c),
                    _ => telling.comment.push(*c),
                }
                let cut = telling.comment.char_indices().nth(MAX_COMMENT_CHARS).map(|(at, _)| at);
                telling.comment.truncate(cut.unwrap_or(telling.comment.len()));
            }
            _ => {}
        }
    }

    /// The citizen is done with reasons and words; without `all` only the level is sent.
    fn told(&mut self, now: Duration, all: bool) -> Vec<Effect> {
        let Step::Tell(telling) = &self.step else { return Vec::new() };
        let telling = (**telling).clone();
        let known = self.hall.as_ref().map(|h| h.rating_reasons.as_slice()).unwrap_or_default();
        let reasons = telling.reasons.iter().filter_map(|r| known.get(*r)).map(|r| r.id.clone());
        let reasons = if all { reasons.collect() } else { Vec::new() };
        let comment = Some(telling.comment.trim().to_owned()).filter(|c| all && !c.is_empty());
        let ticket = telling.request.ticket.clone();
        let command = Command::RateService { ticket, level: telling.level, reasons, comment };
        self.send(Order { request_id: telling.id, command }, telling.request, now)
    }

    /// Keeps a rating, sends it, and thanks.
    fn send(&mut self, order: Order, request: RatingRequest, now: Duration) -> Vec<Effect> {
        if self.unsent.len() == MAX_UNSENT {
            let lost = self.unsent.pop_front().map(|order| order.request_id);
            tracing::error!(?lost, "too many ratings wait for the hub: the oldest is dropped");
        }
        self.unsent.push_back(order.clone());
        self.remember(request.ticket);
        self.step = Step::Thanks { until: now + THANKS, language: request.language };
        vec![self.keep(), Effect::Send(order)]
    }

    fn keep(&self) -> Effect {
        Effect::Keep(self.unsent.iter().cloned().collect())
    }

    fn answer(&mut self, id: &str, answer: &Answer) -> Vec<Effect> {
        let Some(at) = self.unsent.iter().position(|order| order.request_id == id) else { return Vec::new() };
        match answer {
            // The same rating again, with the same id: it cannot count twice.
            Answer::Nothing => return self.unsent.get(at).cloned().map(Effect::Send).into_iter().collect(),
            Answer::Refused(problem) => {
                tracing::warn!(code = %problem.code, detail = %problem.detail, "the hub refused a rating");
            }
            Answer::Done(_) => {}
        }
        self.unsent.remove(at);
        vec![self.keep()]
    }

    /// Moves between dark, asking and thanks as time and the view say.
    fn settle(&mut self, now: Duration, at: Timestamp) {
        let wanted = self.wanted(at);
        match (&self.step, wanted) {
            (Step::Thanks { until, .. }, _) if now < *until => {}
            // A citizen who is saying why is not interrupted by the next one's question.
            (Step::Tell(_), _) => {}
            (Step::Ask(asked), Some(request)) if **asked == request => {}
            (_, Some(request)) => self.step = Step::Ask(Box::new(request)),
            (_, None) => self.step = Step::Dark,
        }
    }

    /// The request that is still to be answered: not rated here, not too old.
    fn wanted(&self, at: Timestamp) -> Option<RatingRequest> {
        self.hall.as_ref()?;
        let request = self.view.as_ref()?.request.as_ref()?;
        let age = at.duration_since(request.finished_at);
        let patience = SignedDuration::from_secs(i64::try_from(self.options.ask_seconds).unwrap_or(i64::MAX));
        (age < patience && !self.done.contains(&request.ticket)).then(|| request.clone())
    }

    fn remember(&mut self, ticket: String) {
        self.done.push_back(ticket);
        while self.done.len() > MAX_DONE {
            self.done.pop_front();
        }
    }
}
