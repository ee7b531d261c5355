//! One rule a test, by example.

mod common;

use common::{Desk, at, finish};
use jiff::SignedDuration;
use queue::{Command, Event, PrintReport, PrintState, Refusal, TicketPhase};

#[test]
fn numbers_count_by_field_letter_and_restart_each_day() {
    let mut desk = Desk::new();
    assert_eq!(desk.issue("land-new", "normal").to_string(), "20261122-A001");
    assert_eq!(desk.issue("birth", "normal").to_string(), "20261122-B001");
    assert_eq!(desk.issue("land-change", "elderly").to_string(), "20261122-A002");
    desk.now = at("2026-11-22T16:59:59Z");
    assert_eq!(desk.issue("birth", "normal").to_string(), "20261122-B002");
    desk.now = at("2026-11-22T17:00:00Z");
    assert_eq!(desk.issue("birth", "normal").to_string(), "20261123-B001", "local midnight is 17:00 UTC");
    assert_eq!(desk.state.waiting_in_hall(), 1, "yesterday's tickets are over");
}

#[test]
fn a_clock_that_goes_back_never_repeats_a_number() {
    let mut desk = Desk::new();
    desk.issue("birth", "normal");
    desk.now = at("2026-11-20T01:00:00Z");
    assert_eq!(desk.issue("birth", "normal").to_string(), "20261122-B002");
}

#[test]
fn the_last_number_of_a_series_is_refused_by_name() {
    let mut desk = Desk::with(|parts| parts.policy.highest_number = 1);
    desk.issue("birth", "normal");
    assert_eq!(desk.try_issue("birth", "normal"), Err(Refusal::NumbersExhausted('B')));
}

#[test]
fn priority_goes_first_but_not_more_than_two_in_a_row() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    desk.issue("birth", "normal");
    desk.issue("birth", "normal");
    for _ in 0..3 {
        desk.issue("birth", "elderly");
    }
    let (queue, total) = desk.state.queue_of(&desk.hall, 2, desk.now, 10);
    let foreseen: Vec<String> = queue.iter().map(|t| t.id.number.to_string()).collect();
    assert_eq!((total, foreseen.join(" ").as_str()), (5, "B003 B004 B001 B005 B002"));
    let mut called = Vec::new();
    for _ in 0..5 {
        called.push(desk.call(2));
        desk.no_show(2);
    }
    assert_eq!(called, foreseen, "the shown order is the order of calls");
}

#[test]
fn one_ticket_from_waiting_to_rated() {
    let mut desk = Desk::new();
    let ticket = desk.issue("birth", "normal");
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::CounterClosed(2)));
    desk.open(2, "an");
    assert_eq!(desk.run(&Command::StartServing { counter: 2 }), Err(Refusal::NoTicketCalled(2)));
    desk.call(2);
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::CounterBusy(2, ticket)));
    assert_eq!(desk.run(&finish(2)), Err(Refusal::NotServing(2)));
    desk.now += SignedDuration::from_secs(5);
    desk.run(&Command::Recall { counter: 2 }).expect("a called ticket");
    let rate = Command::RateService { ticket, level: "good".into(), reasons: Vec::new(), comment: false };
    assert_eq!(desk.run(&rate), Err(Refusal::TicketNotFinished(ticket)));
    desk.run(&Command::StartServing { counter: 2 }).expect("the citizen came");
    assert_eq!(desk.run(&Command::Recall { counter: 2 }), Err(Refusal::AlreadyServing(2, ticket)));
    assert_eq!(desk.run(&Command::MarkNoShow { counter: 2 }), Err(Refusal::AlreadyServing(2, ticket)));
    assert_eq!(desk.run(&Command::CloseCounter { counter: 2, hand_over: false }), Err(Refusal::CounterBusy(2, ticket)));
    assert_eq!(desk.run(&Command::CancelTicket { ticket }), Err(Refusal::TicketNotOpen(ticket)));
    desk.run(&finish(2)).expect("served");
    assert_eq!(desk.state.counter(2).and_then(|c| c.awaits_rating), Some(ticket));
    let strange = Command::RateService { ticket, level: "superb".into(), reasons: Vec::new(), comment: false };
    assert_eq!(desk.run(&strange), Err(Refusal::UnknownRatingLevel("superb".into())));
    desk.run(&rate).expect("rated once");
    assert_eq!(desk.run(&rate), Err(Refusal::AlreadyRated(ticket)));
    let figures = desk.state.counter(2).map(|c| c.figures).expect("the counter was open");
    assert_eq!((figures.served, figures.ratings, figures.satisfied), (1, 1, 1));
    desk.run(&Command::CloseCounter { counter: 2, hand_over: false }).expect("nothing is open");
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::CounterClosed(2)));
}

#[test]
fn an_officer_sits_at_one_counter_and_a_counter_has_one_officer() {
    let mut desk = Desk::new();
    desk.open(1, "an");
    let open = |counter, officer: &str| Command::OpenCounter { counter, officer: officer.into() };
    assert_eq!(desk.run(&open(2, "an")), Err(Refusal::OfficerElsewhere("an".into(), 1)));
    assert_eq!(desk.run(&open(1, "binh")), Err(Refusal::CounterAlreadyOpen(1, "an".into())));
    assert_eq!(desk.run(&open(1, "an")), Ok(vec![]), "the same again changes nothing");
    assert_eq!(desk.run(&open(9, "binh")), Err(Refusal::UnknownCounter(9)));
    assert_eq!(desk.run(&open(2, "nobody")), Err(Refusal::UnknownOfficer("nobody".into())));
}

#[test]
fn people_ahead_are_those_who_share_a_counter() {
    let mut desk = Desk::new();
    desk.issue("land-change", "normal");
    desk.issue("birth", "normal");
    let elderly = desk.issue("land-new", "elderly");
    let normal = desk.issue("land-new", "normal");
    let ahead = |desk: &Desk, id| {
        let ticket = desk.state.ticket(&id).expect("a ticket of today");
        (ticket.people_ahead, desk.state.ahead_of(&desk.hall, ticket, desk.now))
    };
    assert_eq!(ahead(&desk, elderly), (0, 0), "nobody of priority is before");
    assert_eq!(ahead(&desk, normal), (3, 3), "counter 1 has land-change, counter 3 has birth");
    desk.open(2, "an");
    desk.call(2);
    assert_eq!(ahead(&desk, normal), (3, 2), "what was told stays, what is true moves on");
}

#[test]
fn paper_is_printed_once_and_reprints_say_so() {
    let mut desk = Desk::new();
    let ticket = desk.issue("birth", "normal");
    let job = desk.state.print_jobs().next().expect("a kiosk prints").id;
    assert_eq!(job.to_string(), "20261122-B001-p1");
    let report = |report| Command::ReportPrint { job, report };
    assert_eq!(desk.run(&report(PrintReport::Printed(None))), Err(Refusal::PrintJobNotStarted(job)));
    assert_eq!(desk.run(&Command::ReprintTicket { ticket }), Err(Refusal::PrintJobOpen(job)));
    desk.run(&Command::StartPrint { job }).expect("pending");
    assert_eq!(desk.run(&Command::StartPrint { job }), Err(Refusal::PrintJobTaken(job)));
    desk.run(&report(PrintReport::Unconfirmed("link-lost".into()))).expect("printing");
    assert_eq!(desk.run(&report(PrintReport::Printed(None))), Err(Refusal::PrintJobSettled(job)));
    let events = desk.run(&Command::ReprintTicket { ticket }).expect("staff settle it");
    let Some(Event::ReprintRequested { job: again }) = events.last() else { panic!("a reprint, not {events:?}") };
    assert!(again.is_reprint() && again.copy == 2);
    assert_eq!(desk.state.print_job(again).map(|j| &j.state), Some(&PrintState::Pending));
}

#[test]
fn a_paper_that_nobody_confirmed_is_settled_by_a_person_who_saw_it() {
    let mut desk = Desk::new();
    let ticket = desk.issue("birth", "normal");
    let job = desk.state.print_jobs().next().expect("a kiosk prints").id;
    let accept = Command::AcceptPrint { ticket };
    assert_eq!(desk.run(&accept), Err(Refusal::PrintJobOpen(job)));
    desk.run(&Command::StartPrint { job }).expect("pending");
    desk.run(&Command::ReportPrint { job, report: PrintReport::Unconfirmed("link-lost".into()) }).expect("printing");
    assert_eq!(desk.run(&accept), Ok(vec![Event::PrintAccepted { job }]));
    assert_eq!(desk.state.print_job(&job).map(|j| &j.state), Some(&PrintState::Accepted));
    assert_eq!(desk.run(&accept), Err(Refusal::PrintJobSettled(job)));
    desk.run(&Command::ReprintTicket { ticket }).expect("a person may still ask for another paper");
}

#[test]
fn a_job_that_waited_too_long_waits_for_a_person() {
    let mut desk = Desk::new();
    desk.issue("birth", "normal");
    let job = desk.state.print_jobs().next().expect("a kiosk prints").id;
    desk.now += SignedDuration::from_secs(181);
    let events = desk.run(&Command::StartPrint { job }).expect("an answer");
    assert_eq!(events, [Event::PrintFailed { job, reason: "too-late".into() }]);
}

#[test]
fn a_cancelled_ticket_leaves_queue_counter_and_printer() {
    let mut desk = Desk::new();
    let first = desk.issue("birth", "normal");
    let second = desk.issue("birth", "normal");
    desk.run(&Command::CancelTicket { ticket: second }).expect("waiting");
    let job = queue::PrintJobId { ticket: second, copy: 1 };
    let events = desk.run(&Command::StartPrint { job }).expect("an answer");
    assert_eq!(events, [Event::PrintFailed { job, reason: "cancelled".into() }]);
    desk.open(2, "an");
    desk.call(2);
    desk.run(&Command::CancelTicket { ticket: first }).expect("called");
    assert_eq!(desk.state.ticket(&first).map(|t| t.phase), Some(TicketPhase::Cancelled));
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::NothingWaiting(2)));
}

#[test]
fn a_wrong_definition_names_every_fault() {
    let mut parts = common::parts();
    parts.fields[1].letter = 'A';
    parts.services[2].field = "nowhere".into();
    parts.counters[0].helps.push("ghost".into());
    let errors = queue::Hall::new(parts).expect_err("three faults");
    let text: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors.len(), 3, "{text:?}");
    assert!(text[0].contains("letter `A` is taken") && text[1].contains("`nowhere`") && text[2].contains("`ghost`"));
}
