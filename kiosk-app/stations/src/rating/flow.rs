//! What the rating tablet does next. Pure: the time is passed in.
//!
//! One touch is one rating with one request id. The citizen is thanked at once; the rating is sent, and sent again
//! with the same id, in the background until the hub has answered, however long it is away.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use jiff::{SignedDuration, Timestamp};
use protocol::commands::Command;
use protocol::hall::HallInfo;
use protocol::views::{RatingRequest, RatingView};

use super::RatingOptions;
use crate::plumbing::{Answer, Order};

/// How long the tablet thanks.
pub(crate) const THANKS: Duration = Duration::from_secs(3);
/// Most ratings that may wait for the hub; the oldest gives way, with a line in the log.
pub(crate) const MAX_UNSENT: usize = 16;
/// Tickets whose request was answered or ran out, remembered so that none is asked for twice.
const MAX_DONE: usize = 32;

/// What reaches the tablet.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Hall(Arc<HallInfo>),
    View(Linked<RatingView>),
    /// A level was touched; with the request id made for the touch.
    Rate {
        level: String,
        id: String,
    },
    Answer(String, Answer),
    Tick,
}

/// What the tablet shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Dark,
    Ask(Box<RatingRequest>),
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

    /// Handles one event at `now` (time since the station began), `at` by the hub's clock; the answer is a command
    /// to send.
    pub(crate) fn handle(&mut self, event: Event, now: Duration, at: Timestamp) -> Option<Order> {
        let order = match event {
            Event::Hall(hall) => {
                self.hall = Some(hall);
                None
            }
            Event::View(linked) => {
                self.view = linked.view.or(self.view.take());
                None
            }
            Event::Rate { level, id } => self.rate(level, id, now),
            Event::Answer(id, answer) => self.answer(&id, &answer),
            Event::Tick => None,
        };
        self.settle(now, at);
        order
    }

    /// Ratings that the hub has not answered yet.
    pub(crate) fn unsent(&self) -> usize {
        self.unsent.len()
    }

    fn rate(&mut self, level: String, id: String, now: Duration) -> Option<Order> {
        let Step::Ask(request) = &self.step else { return None };
        let known = self.hall.as_ref().is_some_and(|h| h.rating_levels.iter().any(|l| l.id == level));
        if !known {
            return None;
        }
        let order = Order { request_id: id, command: Command::rate_service(&request.ticket, &level) };
        if self.unsent.len() == MAX_UNSENT {
            tracing::error!(lost = ?self.unsent.front(), "too many ratings wait for the hub: the oldest is dropped");
            self.unsent.pop_front();
        }
        self.unsent.push_back(order.clone());
        let (ticket, language) = (request.ticket.clone(), request.language.clone());
        self.remember(ticket);
        self.step = Step::Thanks { until: now + THANKS, language };
        Some(order)
    }

    fn answer(&mut self, id: &str, answer: &Answer) -> Option<Order> {
        let at = self.unsent.iter().position(|order| order.request_id == id)?;
        match answer {
            // The same rating again, with the same id: it cannot count twice.
            Answer::Nothing => return self.unsent.get(at).cloned(),
            Answer::Refused(problem) => {
                tracing::warn!(code = %problem.code, detail = %problem.detail, "the hub refused a rating");
            }
            Answer::Done(_) => {}
        }
        self.unsent.remove(at);
        None
    }

    /// Moves between dark, asking and thanks as time and the view say.
    fn settle(&mut self, now: Duration, at: Timestamp) {
        let wanted = self.wanted(at);
        match (&self.step, wanted) {
            (Step::Thanks { until, .. }, _) if now < *until => {}
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use protocol::commands::CommandReply;
    use protocol::problem::Problem;

    use super::*;
    use crate::sample;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn at(seconds: i64) -> Timestamp {
        sample::now() + SignedDuration::from_secs(seconds)
    }

    fn view(ticket: Option<&str>) -> Event {
        let mut view = sample::rating_view();
        view.request = view.request.filter(|_| ticket.is_some());
        if let (Some(request), Some(ticket)) = (&mut view.request, ticket) {
            request.ticket = ticket.to_owned();
            request.finished_at = sample::now();
        }
        Event::View(Linked { view: Some(Arc::new(view)), online: true })
    }

    fn asking() -> Flow {
        let mut flow = Flow::new(RatingOptions::new(3));
        flow.handle(Event::Hall(Arc::new(sample::hall())), s(0), at(0));
        flow.handle(view(Some("t1")), s(0), at(0));
        assert!(matches!(flow.step, Step::Ask(_)));
        flow
    }

    fn touch(id: &str) -> Event {
        Event::Rate { level: "very-satisfied".into(), id: id.into() }
    }

    #[test]
    fn it_is_dark_until_a_ticket_finishes_and_again_after_thanks() {
        let mut flow = Flow::new(RatingOptions::new(3));
        flow.handle(view(None), s(0), at(0));
        assert_eq!(flow.step, Step::Dark);
        let mut flow = asking();
        let order = flow.handle(touch("r1"), s(5), at(5)).unwrap();
        assert_eq!(order.command, Command::rate_service("t1", "very-satisfied"));
        assert!(matches!(flow.step, Step::Thanks { .. }));
        flow.handle(Event::Tick, s(7), at(7));
        assert!(matches!(flow.step, Step::Thanks { .. }));
        flow.handle(Event::Tick, s(8), at(8));
        assert_eq!(flow.step, Step::Dark, "the view still asks for t1, which was rated here");
    }

    #[test]
    fn two_quick_touches_are_one_rating() {
        let mut flow = asking();
        assert!(flow.handle(touch("r1"), s(1), at(1)).is_some());
        assert!(flow.handle(touch("r2"), s(1), at(1)).is_none());
    }

    #[test]
    fn it_gives_up_after_its_patience_by_the_hubs_clock() {
        let mut flow = asking();
        flow.handle(Event::Tick, s(44), at(44));
        assert!(matches!(flow.step, Step::Ask(_)));
        flow.handle(Event::Tick, s(45), at(45));
        assert_eq!(flow.step, Step::Dark);
    }

    #[test]
    fn a_rating_survives_the_hubs_absence_with_its_id() {
        let mut flow = asking();
        let order = flow.handle(touch("r1"), s(1), at(1)).unwrap();
        let again = flow.handle(Event::Answer("r1".into(), Answer::Nothing), s(9), at(9)).unwrap();
        assert_eq!(again, order);
        let reply = CommandReply { sequence: 1, ticket: None, print_job: None };
        assert!(flow.handle(Event::Answer("r1".into(), Answer::Done(Box::new(reply))), s(10), at(10)).is_none());
        assert_eq!(flow.unsent(), 0);
    }

    #[test]
    fn a_refused_rating_is_not_repeated() {
        let mut flow = asking();
        flow.handle(touch("r1"), s(1), at(1));
        let refused = Answer::Refused(Box::new(Problem::new(409, "already-rated", "", "", "")));
        assert!(flow.handle(Event::Answer("r1".into(), refused), s(2), at(2)).is_none());
        assert_eq!(flow.unsent(), 0);
    }

    #[test]
    fn the_next_ticket_is_asked_for_after_the_thanks() {
        let mut flow = asking();
        flow.handle(touch("r1"), s(1), at(1));
        flow.handle(view(Some("t2")), s(2), at(2));
        assert!(matches!(flow.step, Step::Thanks { .. }));
        flow.handle(Event::Tick, s(4), at(4));
        assert!(matches!(&flow.step, Step::Ask(request) if request.ticket == "t2"));
    }
}
