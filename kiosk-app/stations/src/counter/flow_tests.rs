//! The counter's rules.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::commands::{Command, CommandReply};
use protocol::problem::Problem;
use protocol::views::{CounterView, TicketState};

use super::CounterOptions;
use super::action::Action;
use super::flow::{Effect, Event, Flow, Message, Moment, Stage, Touch};
use crate::plumbing::{Answer, Order};
use crate::sample;

pub(super) fn s(seconds: u64) -> Moment {
    let at = sample::now() + jiff::SignedDuration::from_secs(i64::try_from(seconds).unwrap());
    Moment { now: Duration::from_secs(seconds), at }
}

pub(super) fn view(change: impl FnOnce(&mut CounterView)) -> Event {
    let mut view = sample::counter_view();
    change(&mut view);
    Event::View(Linked { view: Some(Arc::new(view)), online: true, strange: false })
}

pub(super) fn at_work(change: impl FnOnce(&mut CounterView)) -> Flow {
    let mut flow = Flow::new(CounterOptions::new(Some(3)));
    flow.handle(Event::Hall(Arc::new(sample::hall())), s(0));
    flow.handle(view(change), s(0));
    assert_eq!(flow.stage(), Stage::Work(3));
    flow
}

pub(super) fn act(flow: &mut Flow, action: Action, id: &str) -> Option<Order> {
    match flow.handle(Event::Touch(Touch::Act { action, id: id.into() }), s(1)) {
        Some(Effect::Send(order)) => Some(order),
        _ => None,
    }
}

pub(super) fn done() -> Answer {
    Answer::Done(Box::new(CommandReply { sequence: 1, ticket: None, print_job: None }))
}

fn enabled(flow: &Flow) -> Vec<Action> {
    Action::ALL.into_iter().filter(|a| flow.enabled(*a, s(1).now)).collect()
}

#[test]
fn an_officer_chooses_counter_and_name_and_then_works() {
    let mut flow = Flow::new(CounterOptions::new(None));
    flow.handle(Event::Hall(Arc::new(sample::hall())), s(0));
    assert_eq!(flow.stage(), Stage::Counters);
    let effect = flow.handle(Event::Touch(Touch::Counter(3)), s(1));
    assert_eq!(effect, Some(Effect::Follow(Some(3))));
    flow.handle(view(|v| v.officer = None), s(1));
    assert_eq!(flow.stage(), Stage::Officers(3));
    let touch = Touch::Officer { officer: "lan".into(), id: "r1".into() };
    let command = Command::OpenCounter { counter: 3, officer: "lan".into() };
    let order = Order { request_id: "r1".into(), command };
    assert_eq!(flow.handle(Event::Touch(touch), s(2)), Some(Effect::Send(order)));
    flow.handle(Event::Answer("r1".into(), done()), s(2));
    flow.handle(view(|_| {}), s(2));
    assert_eq!(flow.stage(), Stage::Work(3));
}

#[test]
fn only_what_makes_sense_is_enabled() {
    let idle = at_work(|v| v.current = None);
    assert_eq!(enabled(&idle), [Action::CallNext, Action::Pick, Action::Pause, Action::Close]);
    assert_eq!(idle.main_action(), Action::CallNext);
    let nobody = at_work(|v| {
        v.current = None;
        v.queue.clear();
        v.queue_total = 0;
    });
    assert_eq!(enabled(&nobody), [Action::Pause, Action::Close]);
    let called = at_work(|v| v.current.as_mut().unwrap().state = TicketState::Called);
    let of_called = [Action::Start, Action::Recall, Action::NoShow, Action::Park, Action::Transfer, Action::Close];
    assert_eq!(enabled(&called), of_called);
    assert_eq!(called.main_action(), Action::Start);
    let serving = at_work(|_| {});
    assert_eq!(enabled(&serving), [Action::Finish, Action::Park, Action::Transfer, Action::Close]);
    assert_eq!(serving.main_action(), Action::Finish);
    let paused = at_work(|v| (v.current, v.paused) = (None, Some("Họp".into())));
    assert_eq!(enabled(&paused), [Action::Resume, Action::Close]);
    assert_eq!(paused.main_action(), Action::Resume);
}

#[test]
fn serving_does_not_end_with_the_press_that_began_it() {
    let mut flow = at_work(|v| v.current.as_mut().unwrap().state = TicketState::Called);
    act(&mut flow, Action::Start, "r1").unwrap();
    flow.handle(Event::Answer("r1".into(), done()), s(1));
    flow.handle(view(|_| {}), s(1));
    assert!(!flow.enabled(Action::Finish, s(1).now), "the second press of a quick finger");
    assert!(flow.enabled(Action::Finish, s(2).now));
}

#[test]
fn a_key_that_makes_no_sense_does_nothing() {
    let mut flow = at_work(|_| {});
    assert_eq!(act(&mut flow, Action::CallNext, "r1"), None);
    assert!(!flow.busy());
}

#[test]
fn one_command_at_a_time() {
    let mut flow = at_work(|_| {});
    assert!(act(&mut flow, Action::Finish, "r1").is_some());
    assert_eq!(flow.busy_with(), Some(Action::Finish));
    assert_eq!(act(&mut flow, Action::Finish, "r2"), None);
    flow.handle(Event::Answer("r1".into(), done()), s(2));
    assert!(!flow.busy());
}

#[test]
fn pressed_again_after_silence_keeps_its_id_until_the_hall_moves_on() {
    let mut flow = at_work(|_| {});
    act(&mut flow, Action::Finish, "r1");
    flow.handle(Event::Answer("r1".into(), Answer::Nothing), s(9));
    assert_eq!(flow.message(), Some(&Message::NoAnswer));
    assert_eq!(act(&mut flow, Action::Finish, "r2").unwrap().request_id, "r1");
    flow.handle(Event::Answer("r1".into(), Answer::Nothing), s(18));
    flow.handle(view(|v| v.sequence += 1), s(19));
    assert_eq!(act(&mut flow, Action::Finish, "r3").unwrap().request_id, "r3");
}

#[test]
fn a_refusal_is_said_and_fades() {
    let mut flow = at_work(|_| {});
    act(&mut flow, Action::Finish, "r1");
    let problem = Box::new(Problem::new(409, "not-serving", "", "", ""));
    flow.handle(Event::Answer("r1".into(), Answer::Refused(problem.clone())), s(2));
    assert_eq!(flow.message(), Some(&Message::Refused(problem)));
    flow.handle(Event::Tick, s(11));
    assert!(flow.message().is_some());
    flow.handle(Event::Tick, s(12));
    assert_eq!(flow.message(), None);
}

#[test]
fn closing_returns_to_the_counters_unless_the_machine_stands_at_one() {
    let mut fixed = at_work(|v| v.current = None);
    act(&mut fixed, Action::Close, "r1");
    assert_eq!(fixed.handle(Event::Answer("r1".into(), done()), s(2)), None);
    fixed.handle(view(|v| v.officer = None), s(2));
    assert_eq!(fixed.stage(), Stage::Officers(3));

    let mut free = Flow::new(CounterOptions::new(None));
    free.handle(Event::Touch(Touch::Counter(3)), s(0));
    free.handle(view(|v| v.current = None), s(0));
    act(&mut free, Action::Close, "r1");
    assert_eq!(free.handle(Event::Answer("r1".into(), done()), s(2)), Some(Effect::Follow(None)));
    assert_eq!(free.stage(), Stage::Counters);
}

#[test]
fn nothing_can_be_done_while_the_link_is_lost() {
    let mut flow = at_work(|_| {});
    flow.handle(Event::View(Linked { view: None, online: false, strange: false }), s(10));
    assert!(flow.offline(s(12).now));
    assert!(!flow.enabled(Action::Finish, s(12).now));
    assert_eq!(flow.stage(), Stage::Work(3), "the ticket at the counter stays on the screen");
}

#[test]
fn a_view_of_another_counter_is_not_taken_for_this_one() {
    let mut flow = at_work(|_| {});
    flow.handle(view(|v| (v.counter, v.officer) = (4, None)), s(1));
    assert_eq!(flow.stage(), Stage::Work(3));
}

#[test]
fn a_paper_in_doubt_may_be_accepted() {
    let mut flow = at_work(|_| {});
    let ticket = flow.view.as_ref().unwrap().print_problems[0].id.clone();
    let sent = flow.handle(Event::Touch(Touch::Accept { ticket: ticket.clone(), id: "a1".into() }), s(1));
    let Some(Effect::Send(order)) = sent else { panic!("a command, not {sent:?}") };
    assert_eq!(order.command, Command::AcceptPrint { ticket });
    flow.handle(Event::Answer("a1".into(), done()), s(2));
    assert_eq!(flow.message(), Some(&Message::Accepted("A017".into())));
}

#[test]
fn a_reprint_is_asked_for_once() {
    let mut flow = at_work(|_| {});
    let ticket = flow.view.as_ref().unwrap().print_problems[0].id.clone();
    let touch = |id: &str| Event::Touch(Touch::Reprint { ticket: ticket.clone(), id: id.into() });
    assert!(flow.handle(touch("r1"), s(1)).is_some());
    assert!(flow.asking_about(&ticket));
    assert!(flow.handle(touch("r2"), s(1)).is_none());
    flow.handle(Event::Answer("r1".into(), done()), s(2));
    assert!(!flow.asking_about(&ticket));
    assert_eq!(flow.message(), Some(&Message::Reprinting("A017".into())));
}
