//! The kiosk's rules.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod moves;
mod staff;

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::commands::{Command, CommandReply};
use protocol::hall::HallInfo;
use protocol::problem::Problem;
use protocol::views::{KioskView, PrintState};

use super::KioskOptions;
use super::flow::{BOUNCE, Effect, Event, Flow, PAPER_PATIENCE, TAKE_PATIENCE};
use super::steps::{Paper, Step, Touch};
use crate::plumbing::{Answer, Order};
use crate::sample;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn linked(view: KioskView, online: bool) -> Event {
    Event::View(Linked { view: Some(Arc::new(view)), online, strange: false })
}

fn ready() -> Flow {
    let mut flow = Flow::new(KioskOptions::new("kiosk-1"));
    assert!(flow.away(s(0)), "nothing is known yet");
    flow.handle(Event::Hall(Arc::new(sample::hall())), s(0));
    flow.handle(linked(sample::kiosk_view(), true), s(0));
    assert!(!flow.away(s(0)));
    flow
}

fn see(flow: &mut Flow, at: Duration, change: impl FnOnce(&mut KioskView)) {
    let mut view = sample::kiosk_view();
    change(&mut view);
    flow.handle(linked(view, true), at);
}

fn hall(flow: &mut Flow, at: Duration, change: impl FnOnce(&mut HallInfo)) {
    let mut hall = sample::hall();
    change(&mut hall);
    flow.handle(Event::Hall(Arc::new(hall)), at);
}

fn touch(flow: &mut Flow, touch: Touch, at: Duration) -> Option<Order> {
    match flow.handle(Event::Touch(touch), at) {
        Some(Effect::Send(order)) => Some(order),
        _ => None,
    }
}

/// A flow where the citizen stands before the big button at second 3.
fn confirming() -> Flow {
    let mut flow = ready();
    touch(&mut flow, Touch::StartIn("en".into()), s(1));
    touch(&mut flow, Touch::Field("land".into()), s(2));
    touch(&mut flow, Touch::Service("land-change".into()), s(3));
    assert!(matches!(flow.step, Step::Confirm(_)));
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
    assert!(flow.taking().is_some(), "a request under way cannot be left");
}

#[test]
fn the_second_of_two_quick_touches_does_not_act_on_the_ticket_that_has_come_meanwhile() {
    let mut flow = with_ticket(PrintState::Printed);
    for touched in [Touch::More, Touch::ToStart, Touch::Reprint("r2".into()), Touch::Take("r3".into())] {
        assert!(touch(&mut flow, touched, s(5) + BOUNCE - Duration::from_millis(1)).is_none());
        assert!(matches!(flow.step, Step::Ticket(_)));
    }
    touch(&mut flow, Touch::More, s(5) + BOUNCE);
    assert_eq!(flow.step, Step::Home { page: 0 });
}

#[test]
fn an_unanswered_request_is_repeated_with_its_id_and_then_given_up() {
    let mut flow = confirming();
    let order = touch(&mut flow, Touch::Take("r1".into()), s(4)).unwrap();
    let again = flow.handle(Event::Answer("r1".into(), Answer::Nothing), s(12)).unwrap();
    assert_eq!(again, Effect::Send(order));
    assert!(flow.seconds_left(s(40)).is_none(), "the page does not run away from an open request");
    let late = s(4) + TAKE_PATIENCE;
    assert!(flow.handle(Event::Answer("r1".into(), Answer::Nothing), late).is_none());
    assert_eq!(flow.step, Step::Refused { code: "no-answer".into(), back: None });
}

#[test]
fn the_answer_to_another_request_changes_nothing() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Take("r1".into()), s(4));
    flow.handle(Event::Answer("old".into(), reply(PrintState::Pending)), s(5));
    assert!(flow.taking().is_some());
}

#[test]
fn a_refusal_is_shown_leads_back_to_the_choice_and_returns_by_itself() {
    let refuse = || {
        let mut flow = confirming();
        touch(&mut flow, Touch::Take("r1".into()), s(4));
        let problem = Problem::new(409, "numbers-exhausted", "", "", "");
        flow.handle(Event::Answer("r1".into(), Answer::Refused(Box::new(problem))), s(5));
        assert!(matches!(&flow.step, Step::Refused { code, back: Some(_) } if code == "numbers-exhausted"));
        flow
    };
    let mut flow = refuse();
    touch(&mut flow, Touch::GoOn, s(6));
    assert!(matches!(&flow.step, Step::Confirm(choice) if choice.taking.is_none() && choice.service == "land-change"));
    let mut flow = refuse();
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
    see(&mut flow, s(12), |view| view.recent = vec![sample::ticket(PrintState::Printed)]);
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
    see(&mut flow, s(6), |view| view.printer = Some(sample::printer(Some("paper-out"))));
    assert_eq!(paper(&flow), Paper::Trouble { code: "paper-out".into() });
    assert_eq!(flow.seconds_left(s(6)), Some(15));
    // The roll is changed and the paper comes after all.
    see(&mut flow, s(9), |view| view.recent = vec![sample::ticket(PrintState::Printed)]);
    assert_eq!(paper(&flow), Paper::Ready);
}

#[test]
fn the_paper_can_be_asked_for_once_more_and_only_once() {
    let mut flow = with_ticket(PrintState::Printed);
    let order = touch(&mut flow, Touch::Reprint("r2".into()), s(6)).unwrap();
    assert_eq!(order.command, Command::ReprintTicket { ticket: sample::ticket(PrintState::Printed).id });
    assert!(touch(&mut flow, Touch::Reprint("r3".into()), s(7)).is_none());
    flow.handle(Event::Answer("r2".into(), reply(PrintState::Pending)), s(8));
    assert_eq!(paper(&flow), Paper::Printing);
    assert!(touch(&mut flow, Touch::Reprint("r4".into()), s(9)).is_none());
}

#[test]
fn a_paper_on_its_way_is_not_asked_for_again() {
    let mut flow = with_ticket(PrintState::Printing);
    assert!(touch(&mut flow, Touch::Reprint("r2".into()), s(6)).is_none());
}

#[test]
fn without_a_printer_it_is_said_before_anything_is_chosen() {
    let mut flow = ready();
    see(&mut flow, s(1), |view| view.printer = None);
    assert_eq!(flow.printer_fault().as_deref(), Some("no-printer"));
    touch(&mut flow, Touch::Start, s(2));
    assert_eq!(flow.step, Step::NoPaper { code: "no-printer".into() });
    touch(&mut flow, Touch::GoOn, s(3));
    assert_eq!(flow.step, Step::Home { page: 0 });
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
    assert!(matches!(flow.step, Step::Confirm(_)));
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
    hall(&mut flow, s(5), |hall| hall.services.retain(|service| service.id != "land-change"));
    assert_eq!(flow.step, Step::Home { page: 0 });
}
