//! The kiosk's rules.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::commands::{Command, CommandReply};
use protocol::problem::Problem;
use protocol::views::{KioskView, PrintState};

use super::KioskOptions;
use super::flow::{Event, Flow, PAPER_PATIENCE, Paper, Step, TAKE_PATIENCE, Touch};
use crate::plumbing::{Answer, Order};
use crate::sample;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn linked(view: KioskView, online: bool) -> Event {
    Event::View(Linked { view: Some(Arc::new(view)), online })
}

fn ready() -> Flow {
    let mut flow = Flow::new(KioskOptions::new("kiosk-1"));
    assert!(flow.away(s(0)), "nothing is known yet");
    flow.handle(Event::Hall(Arc::new(sample::hall())), s(0));
    flow.handle(linked(sample::kiosk_view(), true), s(0));
    assert!(!flow.away(s(0)));
    flow
}

fn touch(flow: &mut Flow, touch: Touch, at: Duration) -> Option<Order> {
    flow.handle(Event::Touch(touch), at)
}

/// A flow where the citizen stands before the big button at second 3.
fn confirming() -> Flow {
    let mut flow = ready();
    touch(&mut flow, Touch::StartIn("en".into()), s(1));
    touch(&mut flow, Touch::Field("land".into()), s(2));
    touch(&mut flow, Touch::Service("land-change".into()), s(3));
    assert!(matches!(flow.step, Step::Confirm { .. }));
    flow
}

fn reply(print: PrintState) -> Answer {
    let ticket = Some(sample::ticket(print));
    Answer::Done(Box::new(CommandReply { sequence: 413, ticket, print_job: None }))
}

fn with_ticket(print: PrintState) -> Flow {
    let mut flow = confirming();
    touch(&mut flow, Touch::Take("r1".into()), s(4));
    flow.handle(Event::Answer("r1".into(), reply(print)), s(5));
    assert!(matches!(flow.step, Step::Ticket(_)));
    flow
}

fn paper(flow: &Flow) -> Paper {
    match &flow.step {
        Step::Ticket(taken) => flow.paper(&taken.ticket),
        step => panic!("not on the ticket page: {step:?}"),
    }
}

#[test]
fn three_touches_and_the_language_make_one_command() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Class("elderly".into()), s(3));
    let order = touch(&mut flow, Touch::Take("r1".into()), s(4)).unwrap();
    let expected = Command::issue_ticket("land-change", "elderly", "en", Some("kiosk-1"));
    assert_eq!((order.request_id.as_str(), order.command), ("r1", expected));
}

#[test]
fn two_quick_touches_are_one_request() {
    let mut flow = confirming();
    assert!(touch(&mut flow, Touch::Take("r1".into()), s(4)).is_some());
    assert!(touch(&mut flow, Touch::Take("r2".into()), s(4)).is_none());
    assert!(touch(&mut flow, Touch::Back, s(4)).is_none());
    assert!(matches!(flow.step, Step::Confirm { taking: Some(_), .. }), "a request under way cannot be left");
}

#[test]
fn an_unanswered_request_is_repeated_with_its_id_and_then_given_up() {
    let mut flow = confirming();
    let order = touch(&mut flow, Touch::Take("r1".into()), s(4)).unwrap();
    let again = flow.handle(Event::Answer("r1".into(), Answer::Nothing), s(12)).unwrap();
    assert_eq!(again, order);
    assert!(flow.seconds_left(s(40)).is_none(), "the page does not run away from an open request");
    let late = s(4) + TAKE_PATIENCE;
    assert!(flow.handle(Event::Answer("r1".into(), Answer::Nothing), late).is_none());
    assert_eq!(flow.step, Step::Refused { code: "no-answer".into() });
}

#[test]
fn the_answer_to_another_request_changes_nothing() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Take("r1".into()), s(4));
    flow.handle(Event::Answer("old".into(), reply(PrintState::Pending)), s(5));
    assert!(matches!(flow.step, Step::Confirm { taking: Some(_), .. }));
}

#[test]
fn a_refusal_is_shown_and_the_page_returns_by_itself() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Take("r1".into()), s(4));
    let problem = Problem::new(409, "numbers-exhausted", "", "", "");
    flow.handle(Event::Answer("r1".into(), Answer::Refused(Box::new(problem))), s(5));
    assert_eq!(flow.step, Step::Refused { code: "numbers-exhausted".into() });
    flow.handle(Event::Tick, s(34));
    assert!(matches!(flow.step, Step::Refused { .. }));
    flow.handle(Event::Tick, s(35));
    assert_eq!((&flow.step, flow.language.as_str()), (&Step::Attract, "vi"), "the next citizen starts in Vietnamese");
}

#[test]
fn a_touch_winds_the_countdown_up_again() {
    let mut flow = ready();
    assert_eq!(flow.seconds_left(s(0)), None, "the first page does not count");
    touch(&mut flow, Touch::Start, s(1));
    assert_eq!(flow.seconds_left(s(2)), Some(29));
    touch(&mut flow, Touch::Field("land".into()), s(20));
    assert_eq!(flow.seconds_left(s(21)), Some(29));
    flow.handle(Event::Tick, s(50));
    assert_eq!(flow.step, Step::Attract);
}

#[test]
fn the_ticket_page_waits_for_its_paper_before_it_counts() {
    let mut flow = with_ticket(PrintState::Pending);
    assert_eq!(paper(&flow), Paper::Printing);
    assert_eq!(flow.seconds_left(s(10)), None);
    let mut view = sample::kiosk_view();
    view.recent = vec![sample::ticket(PrintState::Printed)];
    flow.handle(linked(view, true), s(12));
    assert_eq!(paper(&flow), Paper::Ready);
    assert_eq!(flow.seconds_left(s(12)), Some(15));
    flow.handle(Event::Tick, s(27));
    assert_eq!(flow.step, Step::Attract);
}

#[test]
fn the_ticket_page_does_not_wait_for_paper_for_ever() {
    let flow = with_ticket(PrintState::Pending);
    assert_eq!(flow.seconds_left(s(5) + PAPER_PATIENCE), Some(15));
}

#[test]
fn an_ill_printer_is_said_at_once_and_the_ticket_stays_large() {
    let mut flow = with_ticket(PrintState::Pending);
    let mut view = sample::kiosk_view();
    view.printer = Some(sample::printer(Some("paper-out")));
    flow.handle(linked(view, true), s(6));
    assert_eq!(paper(&flow), Paper::Trouble { code: "paper-out".into() });
    assert_eq!(flow.seconds_left(s(6)), Some(15));
    // The roll is changed and the paper comes after all.
    let mut view = sample::kiosk_view();
    view.recent = vec![sample::ticket(PrintState::Printed)];
    flow.handle(linked(view, true), s(9));
    assert_eq!(paper(&flow), Paper::Ready);
}

#[test]
fn a_kiosk_without_a_printer_says_so() {
    let mut flow = ready();
    let mut view = sample::kiosk_view();
    view.printer = None;
    flow.handle(linked(view, true), s(1));
    assert_eq!(flow.printer_fault().as_deref(), Some("no-printer"));
}

#[test]
fn a_lost_hub_is_told_after_a_grace_and_the_page_comes_back_by_itself() {
    let mut flow = confirming();
    flow.handle(linked(sample::kiosk_view(), false), s(10));
    assert!(!flow.away(s(11)));
    assert!(flow.away(s(12)));
    assert!(touch(&mut flow, Touch::Take("r1".into()), s(13)).is_none(), "nothing can be taken meanwhile");
    flow.handle(linked(sample::kiosk_view(), true), s(14));
    assert!(!flow.away(s(14)));
    assert!(matches!(flow.step, Step::Confirm { .. }));
}

#[test]
fn a_ticket_stays_on_the_screen_when_the_hub_goes_away() {
    let mut flow = with_ticket(PrintState::Printed);
    flow.handle(linked(sample::kiosk_view(), false), s(6));
    assert!(!flow.away(s(15)));
}

#[test]
fn a_service_that_vanished_sends_the_citizen_home() {
    let mut flow = confirming();
    let mut hall = sample::hall();
    hall.services.retain(|service| service.id != "land-change");
    flow.handle(Event::Hall(Arc::new(hall)), s(5));
    assert_eq!(flow.step, Step::Home);
}

#[test]
fn the_language_goes_round_and_a_hall_with_one_language_offers_none() {
    let mut flow = ready();
    touch(&mut flow, Touch::Start, s(1));
    assert_eq!(flow.other_language().as_deref(), Some("en"));
    touch(&mut flow, Touch::SwitchLanguage, s(2));
    assert_eq!((flow.language.as_str(), flow.other_language().as_deref()), ("en", Some("vi")));
    let mut hall = sample::hall();
    hall.languages = vec!["vi".into(), "xx".into()];
    flow.handle(Event::Hall(Arc::new(hall)), s(3));
    assert_eq!((flow.language.as_str(), flow.other_language()), ("vi", None));
}

#[test]
fn back_goes_one_step_and_to_start_goes_all_the_way() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Back, s(4));
    assert_eq!(flow.step, Step::Services { field: "land".into() });
    touch(&mut flow, Touch::Back, s(5));
    assert_eq!(flow.step, Step::Home);
    touch(&mut flow, Touch::ToStart, s(6));
    assert_eq!(flow.step, Step::Attract);
}
