//! What staff do at the kiosk.

use protocol::commands::Command;
use protocol::views::PrintState;

use super::super::flow::{Effect, Event, STAFF_SECONDS};
use super::super::steps::{Step, Touch};
use super::{confirming, ready, reply, s, see, touch};

fn typed(flow: &mut super::Flow, pin: &str) -> Option<Effect> {
    touch(flow, Touch::Staff, s(4));
    for digit in pin.chars() {
        touch(flow, Touch::Key(digit), s(4));
    }
    flow.handle(Event::Touch(Touch::Enter), s(5))
}

fn staff() -> super::Flow {
    let mut flow = ready();
    assert_eq!(typed(&mut flow, "12a34"), Some(Effect::CheckPin("1234".into())), "a PIN has digits only");
    flow.handle(Event::Pin(Ok(())), s(6));
    assert!(matches!(flow.step, Step::Staff(_)));
    flow
}

#[test]
fn a_wrong_pin_is_said_and_leads_nowhere() {
    let mut flow = confirming();
    assert!(typed(&mut flow, "1").is_some());
    assert_eq!(flow.handle(Event::Touch(Touch::Enter), s(5)), None, "one check at a time");
    flow.handle(Event::Pin(Err("wrong-pin".into())), s(6));
    assert!(matches!(&flow.step, Step::Pin(pin) if pin.wrong.as_deref() == Some("wrong-pin") && pin.digits.is_empty()));
    assert!(touch(&mut flow, Touch::CloseKiosk("r1".into()), s(7)).is_none());
    touch(&mut flow, Touch::Back, s(8));
    assert_eq!(flow.step, Step::Attract);
}

#[test]
fn a_pin_that_is_answered_when_nobody_waits_for_it_opens_nothing() {
    let mut flow = confirming();
    flow.handle(Event::Pin(Ok(())), s(6));
    assert!(matches!(flow.step, Step::Confirm(_)));
}

#[test]
fn staff_close_and_open_the_kiosk_and_the_page_ends_by_itself() {
    let mut flow = staff();
    let order = touch(&mut flow, Touch::CloseKiosk("r1".into()), s(7)).unwrap();
    assert_eq!(order.command, Command::CloseKiosk { kiosk: "kiosk-1".into() });
    assert!(touch(&mut flow, Touch::OpenKiosk("r2".into()), s(7)).is_none(), "one at a time");
    flow.handle(Event::Answer("r1".into(), reply(PrintState::Printed)), s(8));
    see(&mut flow, s(8), |view| view.closed = true);
    assert!(matches!(&flow.step, Step::Staff(work) if work.said == Some(Ok(()))));
    flow.handle(Event::Tick, s(7 + STAFF_SECONDS));
    assert_eq!(flow.step, Step::Attract);
    assert!(touch(&mut flow, Touch::Start, s(200)).is_none());
    assert_eq!(flow.step, Step::Attract, "a closed kiosk gives nothing");
    typed(&mut flow, "1234");
    flow.handle(Event::Pin(Ok(())), s(201));
    let order = touch(&mut flow, Touch::OpenKiosk("r3".into()), s(202)).unwrap();
    assert_eq!(order.command, Command::OpenKiosk { kiosk: "kiosk-1".into() });
}

#[test]
fn staff_print_a_test_and_tell_of_a_new_roll() {
    let mut flow = staff();
    let order = touch(&mut flow, Touch::TestPrint("r1".into()), s(7)).unwrap();
    let paper = protocol::commands::StaffPaperKind::Test;
    assert_eq!(order.command, Command::PrintStaffPaper { kiosk: "kiosk-1".into(), paper });
    flow.handle(Event::Answer("r1".into(), reply(PrintState::Printed)), s(8));
    let order = touch(&mut flow, Touch::ChangeRoll("r2".into()), s(9)).unwrap();
    assert_eq!(order.command, Command::ChangeRoll { kiosk: "kiosk-1".into(), printer: "printer-1".into() });
    flow.handle(Event::Answer("r2".into(), reply(PrintState::Printed)), s(10));
    see(&mut flow, s(10), |view| view.printer = None);
    assert!(touch(&mut flow, Touch::ChangeRoll("r3".into()), s(11)).is_none(), "no printer has no roll");
}

#[test]
fn staff_print_a_ticket_again() {
    let mut flow = staff();
    let order = touch(&mut flow, Touch::ReprintOf { ticket: "t1".into(), id: "r1".into() }, s(7)).unwrap();
    assert_eq!(order.command, Command::ReprintTicket { ticket: "t1".into() });
    let silent = crate::plumbing::Answer::Nothing;
    flow.handle(Event::Answer("r1".into(), silent), s(9));
    assert!(matches!(&flow.step, Step::Staff(work) if work.said == Some(Err("no-answer".into()))));
}
