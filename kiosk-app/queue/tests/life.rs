//! A ticket's way beside the straight one: parked, sent elsewhere, several services, missed, picked; and pauses.

mod common;

use common::{Desk, finish, issue};
use jiff::SignedDuration;
use queue::{
    CallRule, Command, Event, Line, OutcomeId, Refusal, ReturnCause, ServingResult, Step, TicketId, TicketPhase,
};

fn called(desk: &mut Desk, counter: u16) -> TicketId {
    desk.call(counter);
    desk.state.counter(counter).and_then(|c| c.open_ticket).expect("a ticket")
}

#[test]
fn a_parked_ticket_keeps_its_place_and_comes_back_by_time_or_by_hand() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    let (first, second) = (desk.issue("birth", "normal"), desk.issue("birth", "normal"));
    let until = desk.now + SignedDuration::from_mins(10);
    let park = |until| Command::ParkTicket { counter: 2, until, reason: "đi photo giấy tờ".into() };
    assert_eq!(desk.run(&park(None)), Err(Refusal::NoTicketThere(2)));
    desk.call(2);
    desk.run(&park(Some(until))).expect("parked");
    assert_eq!(desk.phase(first), TicketPhase::Parked);
    assert_eq!(called(&mut desk, 2), second);
    desk.run(&park(None)).expect("parked for a hand");
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::NothingWaiting(2)));
    assert_eq!(desk.pass(10), [Event::TicketReturned { ticket: first, cause: ReturnCause::Unparked }]);
    desk.run(&Command::UnparkTicket { ticket: second }).expect("by hand");
    let third = desk.issue("birth", "normal");
    let order: Vec<TicketId> = desk.state.queue_of(&desk.hall, 2, desk.now, 9).0.iter().map(|t| t.id).collect();
    assert_eq!(order, [first, second, third]);
    assert_eq!(desk.run(&Command::UnparkTicket { ticket: third }), Err(Refusal::TicketNotParked(third)));
}

#[test]
fn a_transfer_goes_to_a_service_or_a_counter_and_back_on_the_same_number() {
    let mut desk = Desk::new();
    for (counter, officer) in [(1, "an"), (2, "binh"), (3, "chi")] {
        desk.open(counter, officer);
    }
    let ticket = desk.issue("birth", "normal");
    desk.call(2);
    let transfer = |service: Option<&str>, to, and_return| Command::TransferTicket {
        counter: 2,
        service: service.map(Into::into),
        to,
        and_return,
    };
    assert_eq!(desk.run(&transfer(None, Some(2), false)), Err(Refusal::TransferToItself(ticket)));
    assert_eq!(desk.run(&transfer(None, Some(1), false)), Err(Refusal::NotServedThere(1, "birth".into())));
    desk.run(&transfer(Some("land-change"), None, true)).expect("sent");
    assert_eq!(desk.run(&Command::CallNext { counter: 3 }), Err(Refusal::NothingWaiting(3)));
    assert_eq!(called(&mut desk, 1), ticket);
    desk.run(&Command::StartServing { counter: 1 }).expect("came");
    let events = desk.run(&finish(1)).expect("this part is done");
    let next = Step { service: "birth".into(), counter: Some(2) };
    assert!(matches!(&events[..], [Event::StageFinished { next: n, .. }] if *n == next), "{events:?}");
    assert_eq!(desk.run(&Command::CallNext { counter: 3 }), Err(Refusal::NothingWaiting(3)), "counter 2's own");
    assert_eq!(called(&mut desk, 2), ticket);
    desk.serve(2);
    assert_eq!(desk.phase(ticket), TicketPhase::Finished);
}

#[test]
fn a_ticket_that_waits_for_a_counter_is_free_for_all_when_that_closes() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    desk.open(3, "binh");
    let ticket = desk.issue("birth", "normal");
    desk.call(2);
    let to_3 = Command::TransferTicket { counter: 2, service: None, to: Some(3), and_return: true };
    desk.run(&to_3).expect("sent");
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::NothingWaiting(2)));
    desk.run(&Command::CloseCounter { counter: 3, hand_over: false }).expect("nothing is open there");
    assert_eq!(called(&mut desk, 2), ticket);
    desk.serve(2);
    assert_eq!(desk.phase(ticket), TicketPhase::Waiting, "it still has its way back to do");
    assert_eq!(desk.run(&to_3), Err(Refusal::NoTicketThere(2)));
}

#[test]
fn a_ticket_that_was_parked_at_a_counter_is_free_for_all_when_it_comes_back_after_that_closed() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    desk.open(3, "binh");
    let ticket = desk.issue("birth", "normal");
    desk.call(2);
    let to_3 = Command::TransferTicket { counter: 2, service: None, to: Some(3), and_return: false };
    desk.run(&to_3).expect("sent");
    desk.call(3);
    desk.run(&Command::ParkTicket { counter: 3, until: None, reason: "x".into() }).expect("parked");
    desk.run(&Command::CloseCounter { counter: 3, hand_over: false }).expect("nothing is open there");
    desk.run(&Command::UnparkTicket { ticket }).expect("back");
    assert_eq!(called(&mut desk, 2), ticket);
}

#[test]
fn a_counter_that_a_new_definition_no_longer_has_is_closed_and_hands_over() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    desk.open(3, "binh");
    let (served, sent) = (desk.issue("birth", "normal"), desk.issue("birth", "normal"));
    desk.call(3);
    desk.call(2);
    let to_3 = Command::TransferTicket { counter: 2, service: None, to: Some(3), and_return: false };
    desk.run(&to_3).expect("sent");
    desk.hall = Desk::with(|parts| parts.counters.retain(|counter| counter.number != 3)).hall;
    let handed_over = Event::TicketReturned { ticket: served, cause: ReturnCause::HandedOver };
    assert_eq!(desk.pass(0), [handed_over, Event::CounterClosed { counter: 3 }]);
    assert_eq!(desk.pass(0), [], "once");
    for ticket in [served, sent] {
        assert_eq!(called(&mut desk, 2), ticket);
        desk.serve(2);
    }
    desk.open(1, "binh");
}

#[test]
fn several_services_on_one_number_are_served_in_turn() {
    let mut desk = Desk::new();
    desk.open(1, "an");
    desk.open(2, "binh");
    let Command::IssueTicket { class, language, appointment, kiosk, printer, .. } = issue("birth", "normal") else {
        panic!("an issue");
    };
    let plan = |then: &[&str]| Command::IssueTicket {
        service: "birth".into(),
        then: then.iter().map(|service| (*service).into()).collect(),
        class: class.clone(),
        language: language.clone(),
        appointment: appointment.clone(),
        kiosk: kiosk.clone(),
        printer: printer.clone(),
    };
    assert_eq!(desk.take(&plan(&["birth"])), Err(Refusal::InvalidPlan));
    assert_eq!(desk.take(&plan(&["ghost"])), Err(Refusal::UnknownService("ghost".into())));
    let ticket = desk.take(&plan(&["land-new", "birth"])).expect("issued");
    for (counter, phase) in [(2, TicketPhase::Waiting), (1, TicketPhase::Waiting), (2, TicketPhase::Finished)] {
        assert_eq!(called(&mut desk, counter), ticket);
        desk.serve(counter);
        assert_eq!(desk.phase(ticket), phase);
    }
    assert_eq!(desk.state.counter(2).and_then(|c| c.awaits_rating), Some(ticket));
}

#[test]
fn a_missed_call_may_be_made_good_within_numbers_and_minutes() {
    let miss = || {
        let mut desk = Desk::new();
        desk.open(2, "an");
        let ticket = desk.issue("birth", "normal");
        desk.call(2);
        desk.no_show(2);
        (desk, ticket)
    };
    let back = |ticket| Command::ReturnTicket { ticket };
    let (mut desk, ticket) = miss();
    let later = desk.issue("birth", "normal");
    desk.now += SignedDuration::from_mins(14);
    desk.run(&back(ticket)).expect("in time");
    assert_eq!(called(&mut desk, 2), ticket, "its place is the old one");
    assert_eq!(desk.run(&back(later)), Err(Refusal::TicketNotMissed(later)));

    let (mut desk, ticket) = miss();
    desk.now += SignedDuration::from_mins(15);
    assert_eq!(desk.run(&back(ticket)), Err(Refusal::TooLateToReturn(ticket)));
    let cancelled = Event::TicketCancelled { ticket, reason: Some("missed".into()) };
    assert_eq!(desk.pass(0), [cancelled]);

    let (mut desk, ticket) = miss();
    for n in 0..6 {
        desk.issue("birth", "normal");
        desk.call(2);
        desk.serve(2);
        let expected =
            if n < 5 { None } else { Some(Event::TicketCancelled { ticket, reason: Some("missed".into()) }) };
        assert_eq!(desk.pass(0), Vec::from_iter(expected), "after {} numbers", n + 1);
    }
}

#[test]
fn a_call_is_repeated_no_sooner_than_the_guard_and_no_oftener_than_the_limit() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    desk.issue("birth", "normal");
    desk.call(2);
    let recall = Command::Recall { counter: 2 };
    assert_eq!(desk.run(&recall), Err(Refusal::RecallTooSoon(2, 5)));
    for _ in 0..3 {
        desk.now += SignedDuration::from_secs(5);
        desk.run(&recall).expect("repeated");
    }
    desk.now += SignedDuration::from_secs(5);
    assert_eq!(desk.run(&recall), Err(Refusal::RecallLimit(2, 3)));
}

#[test]
fn an_officer_may_pick_a_ticket_and_the_reason_is_kept() {
    let mut desk = Desk::with(|parts| parts.officers[0].skills = Some(vec!["birth".into()]));
    desk.open(2, "an");
    desk.issue("birth", "normal");
    let (second, land) = (desk.issue("birth", "normal"), desk.issue("land-new", "normal"));
    let pick = |ticket| Command::CallTicket { counter: 2, ticket, reason: "trẻ nhỏ đang mệt".into() };
    assert_eq!(desk.run(&pick(land)), Err(Refusal::NotServedThere(2, "land-new".into())));
    let events = desk.run(&pick(second)).expect("called");
    let Event::TicketCalled { rule, .. } = &events[0] else { panic!("called, not {events:?}") };
    assert_eq!(*rule, Some(CallRule::Picked("trẻ nhỏ đang mệt".into())));
    desk.serve(2);
    assert_eq!(desk.run(&pick(second)), Err(Refusal::TicketNotCallable(second)));
}

#[test]
fn a_paused_counter_calls_nobody_and_a_closing_one_hands_over() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    let ticket = desk.issue("birth", "normal");
    let pause = Command::PauseCounter { counter: 2, reason: "họp".into() };
    desk.run(&pause).expect("paused");
    assert_eq!(desk.run(&pause), Err(Refusal::CounterPaused(2, "họp".into())));
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::CounterPaused(2, "họp".into())));
    assert_eq!(desk.state.open_counters_for(&desk.hall, &"birth".into()), 0);
    desk.run(&Command::ResumeCounter { counter: 2 }).expect("back");
    assert_eq!(desk.run(&Command::ResumeCounter { counter: 2 }), Err(Refusal::CounterNotPaused(2)));
    desk.call(2);
    assert_eq!(desk.run(&pause), Err(Refusal::CounterBusy(2, ticket)));
    let close = |hand_over| Command::CloseCounter { counter: 2, hand_over };
    assert_eq!(desk.run(&close(false)), Err(Refusal::CounterBusy(2, ticket)));
    let returned = Event::TicketReturned { ticket, cause: ReturnCause::HandedOver };
    assert_eq!(desk.run(&close(true)), Ok(vec![returned, Event::CounterClosed { counter: 2 }]));
    desk.open(3, "an");
    assert_eq!(called(&mut desk, 3), ticket);
}

#[test]
fn what_was_handled_is_noted_and_checked() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    let ticket = desk.issue("birth", "normal");
    desk.call(2);
    desk.run(&Command::StartServing { counter: 2 }).expect("came");
    let finish = |outcome: &str, dossiers: &[&str]| Command::FinishServing {
        counter: 2,
        result: ServingResult {
            outcome: Some(outcome.into()),
            dossiers: dossiers.iter().map(|code| (*code).to_owned()).collect(),
        },
    };
    assert_eq!(desk.run(&finish("lost", &[])), Err(Refusal::UnknownOutcome("lost".into())));
    assert_eq!(desk.run(&finish("received", &["H49 12"])), Err(Refusal::InvalidDossier("H49 12".into())));
    assert!(matches!(desk.run(&finish("received", &["x"; 21])), Err(Refusal::InvalidDossier(_))));
    desk.run(&finish("received", &["H49.12-221122-0007"])).expect("served");
    let result = &desk.state.ticket(&ticket).expect("a ticket").result;
    assert_eq!((result.outcome.clone(), result.dossiers.len()), (Some(OutcomeId::from("received")), 1));
}

#[test]
fn those_who_are_passed_over_are_written_down() {
    let mut desk = Desk::new();
    desk.open(3, "an");
    desk.issue("birth", "normal");
    desk.issue("land-new", "normal");
    desk.issue("birth", "elderly");
    let events = desk.run(&Command::CallNext { counter: 3 }).expect("called");
    let Event::TicketCalled { rule, passed_over, .. } = &events[0] else { panic!("called, not {events:?}") };
    assert_eq!(*rule, Some(CallRule::Urgent));
    assert_eq!(*passed_over, [Line::Service("birth".into()), Line::Service("land-new".into())]);
}
