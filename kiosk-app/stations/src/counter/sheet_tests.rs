//! Sheets, lists, dossiers and keys of the counter.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use client::Linked;
use jiff::SignedDuration;
use protocol::commands::Command;
use protocol::hall::OutcomeInfo;
use protocol::problem::Problem;
use protocol::text::Text;
use protocol::views::TicketState;

use super::action::Action;
use super::flow::{Effect, Event, Flow, Message, Shape, Touch};
use super::flow_tests::{act, at_work, done, s, view};
use super::keys::Key;
use super::lists::Tab;
use super::sheet::{Kind, SheetTouch};
use crate::plumbing::Answer;
use crate::sample;

fn press(flow: &mut Flow, key: Key) -> Option<Command> {
    press_at(flow, key, 1)
}

fn press_at(flow: &mut Flow, key: Key, second: u64) -> Option<Command> {
    match flow.handle(Event::Touch(Touch::Key { key, id: format!("k{second}") }), s(second)) {
        Some(Effect::Send(order)) => Some(order.command),
        _ => None,
    }
}

fn touch(flow: &mut Flow, touch: SheetTouch) {
    assert_eq!(flow.handle(Event::Touch(Touch::Sheet(touch)), s(1)), None);
}

fn refused(code: &str) -> Answer {
    Answer::Refused(Box::new(Problem::new(409, code, "", "", "")))
}

#[test]
fn a_ticket_is_parked_with_a_reason_and_a_time_by_keys_alone() {
    let mut flow = at_work(|_| {});
    assert_eq!(press(&mut flow, Key::F(5)), None);
    assert_eq!(flow.sheet.as_ref().unwrap().kind, Kind::Park);
    assert_eq!(press(&mut flow, Key::Enter), None, "a reason is missing");
    press(&mut flow, Key::Digit(2));
    press(&mut flow, Key::Right);
    press(&mut flow, Key::Right);
    let until = sample::now() + SignedDuration::from_secs(15 * 60 + 1);
    let park = Command::ParkTicket { counter: 3, until: Some(until), reason: "Đi nộp phí".into() };
    assert_eq!(press(&mut flow, Key::Enter), Some(park.clone()));
    assert!(flow.sheet.is_some(), "not done before the hub has confirmed");
    assert_eq!(press(&mut flow, Key::Escape), None);
    assert!(flow.sheet.is_some(), "what is under way cannot be taken back");
    // No answer: pressed again it is the same command, so that it cannot happen twice.
    flow.handle(Event::Answer("k1".into(), Answer::Nothing), s(9));
    assert_eq!(press_at(&mut flow, Key::Enter, 20), Some(park));
    flow.handle(Event::Answer("k1".into(), done()), s(21));
    assert_eq!(flow.sheet, None);
}

#[test]
fn a_ticket_is_transferred_to_a_service_that_is_found_without_marks() {
    let mut flow = at_work(|_| {});
    press(&mut flow, Key::F(6));
    assert_eq!(flow.targets().len(), sample::hall().services.len() - 1, "every service but its own");
    touch(&mut flow, SheetTouch::Filter("khai sinh ho".into()));
    assert_eq!(flow.targets().len(), 1);
    press(&mut flow, Key::F(6));
    let to = Command::TransferTicket { counter: 3, service: Some("birth".into()), to: None, and_return: true };
    assert_eq!(press(&mut flow, Key::Enter), Some(to));
    flow.handle(Event::Answer("k1".into(), refused("not-served-there")), s(2));
    assert!(flow.sheet.is_some(), "a refusal keeps what was chosen");
    assert!(matches!(flow.message(), Some(Message::Refused(_))));
    touch(&mut flow, SheetTouch::Filter("no such".into()));
    assert!(!flow.sheet_complete(s(3).now));
}

#[test]
fn a_ticket_is_transferred_to_a_counter_with_an_officer() {
    let mut flow = at_work(|_| {});
    let display = Some(Arc::new(sample::display_view()));
    flow.handle(Event::Display(Linked { view: display, online: true, strange: false }), s(0));
    press(&mut flow, Key::F(6));
    press(&mut flow, Key::F(5));
    // Counter 12 is closed and 3 is here.
    assert_eq!(flow.targets().len(), 10);
    press(&mut flow, Key::Down);
    let to = Command::TransferTicket { counter: 3, service: None, to: Some(2), and_return: false };
    assert_eq!(press(&mut flow, Key::Enter), Some(to));
}

#[test]
fn a_certain_ticket_is_called_with_a_reason_when_the_counter_is_free() {
    let mut flow = at_work(|v| v.current = None);
    press(&mut flow, Key::Down);
    press(&mut flow, Key::F(7));
    let a009 = "2026-11-22/A009".to_owned();
    assert_eq!(flow.sheet.as_ref().unwrap().kind, Kind::Ticket(a009.clone()));
    touch(&mut flow, SheetTouch::Typed("con nhỏ ốm".into()));
    let call = Command::CallTicket { counter: 3, ticket: a009, reason: "con nhỏ ốm".into() };
    assert_eq!(press(&mut flow, Key::Enter), Some(call));

    let mut busy = at_work(|_| {});
    busy.handle(Event::Touch(Touch::Row { ticket: "2026-11-22/A009".into() }), s(1));
    touch(&mut busy, SheetTouch::Reason(0));
    assert!(!busy.sheet_complete(s(1).now), "another ticket is at the counter");
}

#[test]
fn parked_and_missed_tickets_go_back_whatever_the_counter_does() {
    let aside = |v: &mut protocol::views::CounterView| {
        let mut parked = v.queue.remove(0);
        parked.state = TicketState::Parked;
        let mut missed = v.queue.remove(0);
        missed.state = TicketState::NoShow;
        (v.parked, v.missed) = (vec![parked], vec![missed]);
    };
    let mut flow = at_work(aside);
    press(&mut flow, Key::Left);
    assert_eq!(flow.tab, Tab::Missed, "around the end");
    press(&mut flow, Key::Enter);
    let back = Command::ReturnTicket { ticket: "2026-11-22/A009".into() };
    assert_eq!(press(&mut flow, Key::F(2)), Some(back));
    assert_eq!(flow.sheet, None);
    assert!(flow.asking_about("2026-11-22/A009"));
    flow.handle(Event::Answer("k1".into(), done()), s(2));
    assert_eq!(flow.message(), Some(&Message::GivenBack("A009".into())));
    let touch = Touch::GiveBack { ticket: "2026-11-22/A012".into(), id: "b1".into() };
    let Some(Effect::Send(order)) = flow.handle(Event::Touch(touch), s(3)) else { panic!("a command") };
    assert_eq!(order.command, Command::UnparkTicket { ticket: "2026-11-22/A012".into() });
    let waiting = Touch::GiveBack { ticket: "2026-11-22/A010".into(), id: "b2".into() };
    assert_eq!(flow.handle(Event::Touch(waiting), s(3)), None, "it waits already");
}

#[test]
fn a_pause_has_a_reason_and_one_key_ends_it() {
    let mut flow = at_work(|v| v.current = None);
    press(&mut flow, Key::F(8));
    press(&mut flow, Key::Digit(1));
    let pause = Command::PauseCounter { counter: 3, reason: "Nghỉ giải lao".into() };
    assert_eq!(press(&mut flow, Key::Enter), Some(pause));
    flow.handle(Event::Answer("k1".into(), done()), s(2));
    flow.handle(view(|v| (v.current, v.paused) = (None, Some("Nghỉ giải lao".into()))), s(2));
    assert_eq!(press_at(&mut flow, Key::F(8), 3), Some(Command::ResumeCounter { counter: 3 }));
}

#[test]
fn closing_with_a_ticket_asks_for_the_hand_over_that_the_hub_wants() {
    let mut flow = at_work(|_| {});
    assert_eq!(press(&mut flow, Key::F(10)), Some(Command::close_counter(3)));
    flow.handle(Event::Answer("k1".into(), refused("counter-busy")), s(2));
    assert_eq!(flow.sheet.as_ref().unwrap().kind, Kind::HandOver);
    let close = Command::CloseCounter { counter: 3, hand_over: true };
    assert_eq!(press_at(&mut flow, Key::Enter, 3), Some(close));
}

#[test]
fn dossiers_and_outcome_go_with_the_finished_ticket_and_not_with_the_next() {
    let mut flow = at_work(|_| {});
    let mut hall = sample::hall();
    hall.outcomes = vec![OutcomeInfo { id: "accepted".into(), name: Text::new("Đã tiếp nhận", "Accepted") }];
    flow.handle(Event::Hall(Arc::new(hall)), s(0));
    for code in [" H49.12.34-261122-0012 ", "H49.12.34-261122-0012", "", "H49.12.34-261122-0013"] {
        flow.handle(Event::Touch(Touch::Dossier(code.into())), s(1));
    }
    assert_eq!(flow.dossiers, ["H49.12.34-261122-0012", "H49.12.34-261122-0013"], "trimmed, once each");
    flow.handle(Event::Touch(Touch::RemoveDossier(1)), s(1));
    flow.handle(Event::Touch(Touch::RemoveDossier(7)), s(1));
    press(&mut flow, Key::Control(1));
    let finish = Command::FinishServing {
        counter: 3,
        outcome: Some("accepted".into()),
        dossiers: vec!["H49.12.34-261122-0012".into()],
    };
    assert_eq!(act(&mut flow, Action::Finish, "f1").unwrap().command, finish);
    flow.handle(Event::Answer("f1".into(), refused("invalid-dossier")), s(2));
    assert_eq!(flow.dossiers.len(), 1, "a refusal keeps them");
    flow.handle(view(|v| v.current.as_mut().unwrap().id = "2026-11-22/A012".into()), s(3));
    assert!(flow.dossiers.is_empty() && flow.outcome.is_none());
}

#[test]
fn an_identity_card_is_not_kept_and_twenty_codes_are_enough() {
    let mut flow = at_work(|_| {});
    let card = "022085001234|012345678|Nguyễn Văn A|01011985|Nam|Hạ Long|01012022";
    flow.handle(Event::Touch(Touch::Dossier(card.into())), s(1));
    assert_eq!(flow.message(), Some(&Message::IdentityCard));
    assert!(flow.dossiers.is_empty());
    for n in 0..21 {
        flow.handle(Event::Touch(Touch::Dossier(format!("H49-{n}"))), s(1));
    }
    assert_eq!(flow.dossiers.len(), 20);
    assert_eq!(flow.message(), Some(&Message::TooManyDossiers));
}

#[test]
fn a_sheet_goes_with_what_it_was_about() {
    let mut flow = at_work(|_| {});
    press(&mut flow, Key::F(5));
    flow.handle(view(|v| v.current = None), s(2));
    assert_eq!(flow.sheet, None, "the ticket went elsewhere");
    flow.handle(Event::Touch(Touch::Row { ticket: "2026-11-22/A009".into() }), s(3));
    assert!(flow.sheet.is_some());
    flow.handle(view(|v| v.queue.clear()), s(4));
    assert_eq!(flow.sheet, None, "another counter called it");
}

#[test]
fn the_cursor_stays_on_its_ticket_and_within_the_list() {
    let mut flow = at_work(|_| {});
    for _ in 0..3 {
        press(&mut flow, Key::Down);
    }
    assert_eq!(flow.cursor_ticket().unwrap().number, "A011");
    flow.handle(view(|v| drop(v.queue.remove(0))), s(2));
    assert_eq!(flow.cursor_ticket().unwrap().number, "A011");
    press(&mut flow, Key::PageDown);
    press(&mut flow, Key::Down);
    assert_eq!(flow.cursor_ticket().unwrap().number, "A015");
    press(&mut flow, Key::Right);
    assert_eq!((flow.tab, flow.cursor_ticket().is_none()), (Tab::Services, true));
}

#[test]
fn a_strip_becomes_a_column_and_a_page_where_something_must_be_asked() {
    let mut flow = at_work(|_| {});
    press(&mut flow, Key::F(12));
    assert_eq!(flow.shape, Shape::Strip);
    press(&mut flow, Key::F(12));
    assert_eq!(flow.shape, Shape::Column);
    press(&mut flow, Key::F(5));
    assert_eq!(flow.shape, Shape::Page);
    assert!(flow.sheet.is_some());
}

#[test]
fn counter_and_officer_are_chosen_by_keys() {
    let mut flow = Flow::new(super::CounterOptions::new(None));
    flow.handle(Event::Hall(Arc::new(sample::hall())), s(0));
    for key in [Key::Left, Key::Down, Key::Right, Key::Up, Key::Right] {
        press(&mut flow, key);
    }
    let followed = flow.handle(Event::Touch(Touch::Key { key: Key::Enter, id: "e".into() }), s(1));
    assert_eq!(followed, Some(Effect::Follow(Some(3))));
    flow.handle(view(|v| v.officer = None), s(1));
    press(&mut flow, Key::Right);
    let open = Command::OpenCounter { counter: 3, officer: "hung".into() };
    assert_eq!(press(&mut flow, Key::Enter), Some(open));
}

#[test]
fn keys_settle_the_first_paper() {
    let mut flow = at_work(|_| {});
    let ticket = flow.view.as_ref().unwrap().print_problems[0].id.clone();
    assert_eq!(press(&mut flow, Key::ShiftF(11)), None, "it is not in doubt");
    assert_eq!(press(&mut flow, Key::F(11)), Some(Command::ReprintTicket { ticket }));
}
