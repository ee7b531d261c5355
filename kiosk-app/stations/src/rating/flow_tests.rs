//! The rating tablet's rules.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use jiff::{SignedDuration, Timestamp};
use protocol::commands::{Command, CommandReply, MAX_COMMENT_CHARS};
use protocol::problem::Problem;

use super::RatingOptions;
use super::flow::{Effect, Event, Flow, Step, TELL, Typed};
use crate::plumbing::{Answer, Order};
use crate::sample;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn at(seconds: u64) -> Timestamp {
    sample::now() + SignedDuration::from_secs(i64::try_from(seconds).unwrap())
}

fn do_at(flow: &mut Flow, event: Event, seconds: u64) -> Vec<Effect> {
    flow.handle(event, s(seconds), at(seconds))
}

/// What is sent, without what is kept.
fn sent(effects: Vec<Effect>) -> Option<Order> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Send(order) => Some(order),
        Effect::Keep(_) => None,
    })
}

fn view(ticket: Option<&str>) -> Event {
    let mut view = sample::rating_view();
    view.request = view.request.filter(|_| ticket.is_some());
    if let (Some(request), Some(ticket)) = (&mut view.request, ticket) {
        request.ticket = ticket.to_owned();
        request.finished_at = sample::now();
    }
    Event::View(Linked { view: Some(Arc::new(view)), online: true, strange: false })
}

fn asking() -> Flow {
    let mut flow = Flow::new(RatingOptions::new(3));
    do_at(&mut flow, Event::Hall(Arc::new(sample::hall())), 0);
    do_at(&mut flow, view(Some("t1")), 0);
    assert!(matches!(flow.step, Step::Ask(_)));
    flow
}

fn touch(id: &str) -> Event {
    Event::Rate { level: "very-satisfied".into(), id: id.into() }
}

fn low(id: &str) -> Event {
    Event::Rate { level: "dissatisfied".into(), id: id.into() }
}

fn rating(level: &str, reasons: &[&str], comment: Option<&str>) -> Command {
    let reasons = reasons.iter().map(|r| (*r).to_owned()).collect();
    Command::RateService { ticket: "t1".into(), level: level.into(), reasons, comment: comment.map(str::to_owned) }
}

#[test]
fn it_is_dark_until_a_ticket_finishes_and_again_after_thanks() {
    let mut flow = Flow::new(RatingOptions::new(3));
    do_at(&mut flow, view(None), 0);
    assert_eq!(flow.step, Step::Dark);
    let mut flow = asking();
    let order = sent(do_at(&mut flow, touch("r1"), 5)).unwrap();
    assert_eq!(order.command, rating("very-satisfied", &[], None));
    assert!(matches!(flow.step, Step::Thanks { .. }));
    do_at(&mut flow, Event::Tick, 7);
    assert!(matches!(flow.step, Step::Thanks { .. }));
    do_at(&mut flow, Event::Tick, 8);
    assert_eq!(flow.step, Step::Dark, "the view still asks for t1, which was rated here");
}

#[test]
fn two_quick_touches_are_one_rating() {
    let mut flow = asking();
    assert!(sent(do_at(&mut flow, touch("r1"), 1)).is_some());
    assert!(do_at(&mut flow, touch("r2"), 1).is_empty());
    let mut flow = asking();
    do_at(&mut flow, low("r1"), 1);
    assert!(do_at(&mut flow, touch("r2"), 1).is_empty(), "a level once touched stands");
}

#[test]
fn it_gives_up_after_its_patience_by_the_hubs_clock() {
    let mut flow = asking();
    do_at(&mut flow, Event::Tick, 44);
    assert!(matches!(flow.step, Step::Ask(_)));
    do_at(&mut flow, Event::Tick, 45);
    assert_eq!(flow.step, Step::Dark);
}

#[test]
fn a_low_level_is_kept_at_once_and_sent_with_its_reasons_and_words() {
    let mut flow = asking();
    let kept = do_at(&mut flow, low("r1"), 1);
    let level = Order { request_id: "r1".into(), command: rating("dissatisfied", &[], None) };
    assert_eq!(kept, [Effect::Keep(vec![level])], "kept, and not sent yet");
    for reason in [2, 0, 2, 99] {
        do_at(&mut flow, Event::Reason(reason), 2);
    }
    do_at(&mut flow, Event::Write(true), 3);
    for c in "chowf laau ".chars() {
        do_at(&mut flow, Event::Typed(Typed::Character(c)), 4);
    }
    let effects = do_at(&mut flow, Event::Send, 5);
    let reasons = [sample::hall().rating_reasons[0].id.clone()];
    let command = rating("dissatisfied", &[&reasons[0]], Some("Chờ lâu"));
    let order = Order { request_id: "r1".into(), command };
    assert_eq!(effects, [Effect::Keep(vec![order.clone()]), Effect::Send(order)]);
    assert!(matches!(flow.step, Step::Thanks { .. }));
}

#[test]
fn who_walks_away_has_rated_and_who_skips_has_said_nothing_more() {
    let mut flow = asking();
    do_at(&mut flow, low("r1"), 1);
    do_at(&mut flow, Event::Reason(1), 2);
    assert!(do_at(&mut flow, Event::Tick, 1 + TELL.as_secs()).is_empty());
    let order = sent(do_at(&mut flow, Event::Tick, 2 + TELL.as_secs())).unwrap();
    let reason = sample::hall().rating_reasons[1].id.clone();
    assert_eq!(order.command, rating("dissatisfied", &[&reason], None));

    let mut flow = asking();
    do_at(&mut flow, low("r1"), 1);
    do_at(&mut flow, Event::Reason(1), 2);
    assert_eq!(sent(do_at(&mut flow, Event::Skip, 3)).unwrap().command, rating("dissatisfied", &[], None));
}

#[test]
fn a_hall_that_asks_no_more_thanks_at_once() {
    let mut flow = asking();
    let mut hall = sample::hall();
    (hall.rating_reasons, hall.rating_comment) = (Vec::new(), false);
    do_at(&mut flow, Event::Hall(Arc::new(hall)), 1);
    assert!(sent(do_at(&mut flow, low("r1"), 1)).is_some());
}

#[test]
fn words_are_no_longer_than_the_hub_takes() {
    let mut flow = asking();
    do_at(&mut flow, low("r1"), 1);
    for _ in 0..MAX_COMMENT_CHARS + 9 {
        do_at(&mut flow, Event::Typed(Typed::Character('m')), 2);
    }
    do_at(&mut flow, Event::Typed(Typed::Character('\u{7}')), 2);
    let Step::Tell(telling) = &flow.step else { panic!("still telling") };
    assert_eq!(telling.comment.chars().count(), MAX_COMMENT_CHARS);
    do_at(&mut flow, Event::Typed(Typed::Back), 2);
    let Step::Tell(telling) = &flow.step else { panic!("still telling") };
    assert_eq!(telling.comment.chars().count(), MAX_COMMENT_CHARS - 1);
}

#[test]
fn a_rating_survives_the_hubs_absence_with_its_id() {
    let mut flow = asking();
    let order = sent(do_at(&mut flow, touch("r1"), 1)).unwrap();
    let again = sent(do_at(&mut flow, Event::Answer("r1".into(), Answer::Nothing), 9)).unwrap();
    assert_eq!(again, order);
    let reply = CommandReply { sequence: 1, ticket: None, print_job: None };
    let effects = do_at(&mut flow, Event::Answer("r1".into(), Answer::Done(Box::new(reply))), 10);
    assert_eq!(effects, [Effect::Keep(Vec::new())]);
    assert_eq!(flow.unsent(), 0);
}

#[test]
fn a_rating_survives_the_tablets_restart_and_is_not_asked_for_again() {
    let order = Order { request_id: "r1".into(), command: rating("satisfied", &[], None) };
    let mut flow = Flow::new(RatingOptions::new(3));
    assert_eq!(do_at(&mut flow, Event::Kept(vec![order.clone()]), 0), [Effect::Send(order)]);
    do_at(&mut flow, Event::Hall(Arc::new(sample::hall())), 0);
    do_at(&mut flow, view(Some("t1")), 0);
    assert_eq!(flow.step, Step::Dark, "rated before the restart");
}

#[test]
fn a_refused_rating_is_not_repeated() {
    let mut flow = asking();
    do_at(&mut flow, touch("r1"), 1);
    let refused = Answer::Refused(Box::new(Problem::new(409, "already-rated", "", "", "")));
    assert_eq!(do_at(&mut flow, Event::Answer("r1".into(), refused), 2), [Effect::Keep(Vec::new())]);
    assert_eq!(flow.unsent(), 0);
}

#[test]
fn the_next_ticket_is_asked_for_after_the_thanks_and_never_during_the_reasons() {
    let mut flow = asking();
    do_at(&mut flow, low("r1"), 1);
    do_at(&mut flow, view(Some("t2")), 2);
    assert!(matches!(&flow.step, Step::Tell(telling) if telling.request.ticket == "t1"));
    do_at(&mut flow, Event::Send, 3);
    assert!(matches!(flow.step, Step::Thanks { .. }));
    do_at(&mut flow, Event::Tick, 6);
    assert!(matches!(&flow.step, Step::Ask(request) if request.ticket == "t2"));
}
