//! What the hall display shows next. Pure: the time is passed in.
//!
//! Calls come in bursts: each stands alone on the screen for a while, in the order in which it was made. Numbers are
//! shown as current only while the link is open.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::hall::HallInfo;
use protocol::views::{Call, DisplayView};

use crate::plumbing::Link;

/// How long a call stands out.
pub(crate) const FRESH: Duration = Duration::from_secs(15);
/// How long a call stands at least when another waits, and when several do.
pub(crate) const TURN: Duration = Duration::from_secs(5);
pub(crate) const SHORT_TURN: Duration = Duration::from_secs(3);
/// How long each notice stands.
pub(crate) const NOTICE_TURN: Duration = Duration::from_secs(12);

/// What reaches the display.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Hall(Arc<HallInfo>),
    View(Linked<DisplayView>),
    Tick,
}

#[derive(Default)]
pub(crate) struct Flow {
    pub(crate) hall: Option<Arc<HallInfo>>,
    pub(crate) view: Option<Arc<DisplayView>>,
    link: Link,
    /// The call on the screen, and since when.
    shown: Option<(Call, Duration)>,
    /// Calls that have not been on the screen, oldest first, at most [`DisplayView::MAX_CALLS`].
    waiting: VecDeque<Call>,
    /// Sequence of the newest call that was ever taken in.
    newest: Option<u64>,
}

impl Flow {
    /// Handles one event at `now` (time since the station began).
    pub(crate) fn handle(&mut self, event: Event, now: Duration) {
        match event {
            Event::Hall(hall) => self.hall = Some(hall),
            Event::View(linked) => {
                self.link.told(&linked, now);
                if let Some(view) = linked.view {
                    self.take_in(&view, now);
                    self.view = Some(view);
                }
            }
            Event::Tick => {}
        }
        self.turn(now);
    }

    /// Whether the numbers on the screen may be old.
    pub(crate) fn offline(&self, now: Duration) -> bool {
        self.view.is_none() || self.link.lost(now)
    }

    /// How old the numbers on the screen are; none while they are current.
    pub(crate) fn age(&self, now: Duration) -> Option<Duration> {
        self.link.lost_for(now)
    }

    /// How many calls wait for their turn behind the one on the screen.
    pub(crate) fn more(&self) -> usize {
        self.waiting.len()
    }

    /// The call on the screen, and whether it was made just now.
    pub(crate) fn call(&self, now: Duration) -> Option<(&Call, bool)> {
        self.shown.as_ref().map(|(call, since)| (call, now < *since + FRESH))
    }

    /// Which of `count` notices stands now.
    pub(crate) fn notice(count: usize, now: Duration) -> usize {
        let turns = now.as_secs() / NOTICE_TURN.as_secs();
        usize::try_from(turns).unwrap_or(0) % count.max(1)
    }

    fn take_in(&mut self, view: &DisplayView, now: Duration) {
        // A new day begins at sequence numbers that only grow, so "newer" is enough.
        let Some(newest) = view.last_calls.first() else {
            self.shown = None;
            self.waiting.clear();
            return;
        };
        match self.newest {
            // The first view: the last call is known to the hall already, and is not news.
            None => self.shown = Some((newest.clone(), now.saturating_sub(FRESH))),
            Some(known) => {
                let news = view.last_calls.iter().rev().filter(|call| call.sequence > known);
                self.waiting.extend(news.cloned());
                while self.waiting.len() > DisplayView::MAX_CALLS {
                    self.waiting.pop_front();
                }
            }
        }
        self.newest = Some(self.newest.unwrap_or(0).max(newest.sequence));
    }

    fn turn(&mut self, now: Duration) {
        let turn = if self.waiting.len() > 1 { SHORT_TURN } else { TURN };
        let free = self.shown.as_ref().is_none_or(|(_, since)| now >= *since + turn);
        if free && let Some(next) = self.waiting.pop_front() {
            self.shown = Some((next, now));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::sample;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn view(calls: &[(u64, &str)], online: bool) -> Event {
        let mut view = sample::display_view();
        let call = |&(sequence, number): &(u64, &str)| Call {
            sequence,
            number: number.into(),
            counter: 3,
            service: "land-change".into(),
            at: sample::now(),
        };
        view.last_calls = calls.iter().map(call).collect();
        Event::View(Linked { view: Some(Arc::new(view)), online, strange: false })
    }

    fn number(flow: &Flow, now: Duration) -> (String, bool) {
        let (call, fresh) = flow.call(now).unwrap();
        (call.number.clone(), fresh)
    }

    #[test]
    fn a_call_from_before_the_start_is_shown_and_is_not_news() {
        let mut flow = Flow::default();
        flow.handle(view(&[(9, "A002"), (7, "A001")], true), s(0));
        assert_eq!(number(&flow, s(20)), ("A002".into(), false));
    }

    #[test]
    fn calls_of_a_burst_stand_in_turn_and_then_calm_down() {
        let mut flow = Flow::default();
        flow.handle(view(&[(7, "A001")], true), s(0));
        flow.handle(view(&[(9, "A003"), (8, "A002"), (7, "A001")], true), s(100));
        assert_eq!(number(&flow, s(100)), ("A002".into(), true));
        flow.handle(Event::Tick, s(104));
        assert_eq!(number(&flow, s(104)), ("A002".into(), true));
        flow.handle(Event::Tick, s(105));
        assert_eq!(number(&flow, s(105)), ("A003".into(), true));
        assert_eq!(number(&flow, s(120)), ("A003".into(), false));
    }

    #[test]
    fn many_calls_at_once_have_shorter_turns_and_none_is_left_out() {
        let mut flow = Flow::default();
        flow.handle(view(&[(7, "A001")], true), s(0));
        flow.handle(view(&[(10, "A004"), (9, "A003"), (8, "A002"), (7, "A001")], true), s(100));
        assert_eq!((number(&flow, s(100)).0, flow.more()), ("A002".into(), 2));
        flow.handle(Event::Tick, s(103));
        assert_eq!((number(&flow, s(103)).0, flow.more()), ("A003".into(), 1));
        flow.handle(Event::Tick, s(106));
        assert_eq!(number(&flow, s(106)).0, "A003");
        flow.handle(Event::Tick, s(108));
        assert_eq!((number(&flow, s(108)).0, flow.more()), ("A004".into(), 0));
    }

    #[test]
    fn a_recall_stands_out_again() {
        let mut flow = Flow::default();
        flow.handle(view(&[(7, "A001")], true), s(0));
        flow.handle(view(&[(8, "A001"), (7, "A001")], true), s(60));
        assert_eq!(number(&flow, s(60)), ("A001".into(), true));
    }

    #[test]
    fn a_lost_link_is_told_after_a_short_grace_and_forgotten_when_it_is_back() {
        let mut flow = Flow::default();
        assert!(flow.offline(s(0)), "nothing came yet");
        flow.handle(view(&[], true), s(1));
        assert!(!flow.offline(s(1)));
        flow.handle(view(&[], false), s(10));
        assert!(!flow.offline(s(11)));
        assert!(flow.offline(s(12)));
        assert_eq!(flow.age(s(11)), None);
        assert_eq!(flow.age(s(130)), Some(s(120)));
        flow.handle(view(&[], true), s(13));
        assert!(!flow.offline(s(99)));
    }

    #[test]
    fn notices_take_turns() {
        assert_eq!([0, 11, 12, 35, 36].map(|t| Flow::notice(3, s(t))), [0, 0, 1, 2, 0]);
        assert_eq!(Flow::notice(0, s(99)), 0);
    }
}
