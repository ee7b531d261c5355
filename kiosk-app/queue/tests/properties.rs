//! Properties of the rules under random commands and clocks that jump.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Desk, at, finish, issue};
use jiff::SignedDuration;
use proptest::prelude::*;
use queue::{Command, Event, HallState, PrintReport, TicketId, TicketPhase};

#[derive(Clone, Debug)]
enum Step {
    Issue(u8, bool),
    Desk(u8, u8),
    Ticket(u8, u8),
    Print(u8, u8),
    Clock(i32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u8, any::<bool>()).prop_map(|(s, p)| Step::Issue(s, p)),
        12 => (0..20_u8, 1..4_u8).prop_map(|(k, c)| Step::Desk(k, c)),
        4 => (0..6_u8, any::<u8>()).prop_map(|(k, t)| Step::Ticket(k, t)),
        3 => (0..4_u8, any::<u8>()).prop_map(|(k, j)| Step::Print(k, j)),
        1 => (-90_000..90_000_i32).prop_map(Step::Clock),
    ]
}

fn command(desk: &Desk, step: &Step) -> Option<Command> {
    let ticket = |n: u8| desk.state.tickets().get(usize::from(n) % desk.state.tickets().len().max(1)).map(|t| t.id);
    let jobs: Vec<_> = desk.state.print_jobs().map(|j| j.id).collect();
    let job = |n: u8| jobs.get(usize::from(n) % jobs.len().max(1)).copied();
    Some(match *step {
        Step::Issue(service, priority) => {
            let service = ["land-new", "land-change", "birth"][usize::from(service)];
            issue(service, if priority { "elderly" } else { "normal" })
        }
        Step::Desk(kind, counter) => {
            let officer = ["an", "binh", "chi"][usize::from(counter) - 1].into();
            let counter = u16::from(counter);
            match kind {
                0 => Command::OpenCounter { counter, officer },
                1 => Command::CloseCounter { counter, hand_over: false },
                7 => Command::CloseCounter { counter, hand_over: true },
                8 => Command::ParkTicket {
                    counter,
                    until: Some(desk.time() + SignedDuration::from_mins(9)),
                    reason: "x".into(),
                },
                9 => Command::TransferTicket { counter, service: Some("birth".into()), to: None, and_return: true },
                10 => Command::TransferTicket { counter, service: None, to: Some(4 - counter), and_return: false },
                11 => Command::PauseCounter { counter, reason: "tea".into() },
                12 => Command::ResumeCounter { counter },
                2 => Command::Recall { counter },
                3 => Command::StartServing { counter },
                4 => finish(counter),
                5 => Command::MarkNoShow { counter },
                _ => Command::CallNext { counter },
            }
        }
        Step::Ticket(0, n) => Command::CancelTicket { ticket: ticket(n)? },
        Step::Ticket(1, n) => Command::ReprintTicket { ticket: ticket(n)? },
        Step::Ticket(2, n) => Command::ReturnTicket { ticket: ticket(n)? },
        Step::Ticket(3, n) => Command::UnparkTicket { ticket: ticket(n)? },
        Step::Ticket(4, n) => Command::CallTicket { counter: 3, ticket: ticket(n)?, reason: "asked".into() },
        Step::Ticket(_, n) => {
            Command::RateService { ticket: ticket(n)?, level: "good".into(), reasons: Vec::new(), comment: false }
        }
        Step::Print(0, n) => Command::ReportPrint { job: job(n)?, report: PrintReport::Printed(None) },
        Step::Print(1, n) => Command::ReportPrint { job: job(n)?, report: PrintReport::Failed("paper-out".into()) },
        Step::Print(_, n) => Command::StartPrint { job: job(n)? },
        Step::Clock(_) => Command::PassTime,
    })
}

/// Plays the steps; each must leave the hall whole.
fn play(steps: &[Step]) -> Desk {
    let mut desk = Desk::new();
    for step in steps {
        if let Step::Clock(seconds) = step {
            desk.now += SignedDuration::from_secs(i64::from(*seconds));
        }
        if let Some(command) = command(&desk, step) {
            desk.run(&Command::PassTime).expect("time passes");
            let before = desk.state.clone();
            if desk.run(&command).is_err() {
                assert_eq!(desk.state, before, "a refusal changes nothing");
            }
        }
        check_state(&desk.state);
    }
    desk
}

/// No ticket stands at two counters, an open ticket is called or serving, and the queues hold exactly those who wait.
fn check_state(state: &HallState) {
    let mut open = BTreeSet::new();
    for (number, counter) in state.counters() {
        if let Some(id) = counter.open_ticket {
            assert!(open.insert(id), "{id} stands at two counters");
            let ticket = state.ticket(&id).expect("an open ticket is of today");
            assert!(matches!(ticket.phase, TicketPhase::Called | TicketPhase::Serving), "{ticket:?}");
            assert_eq!(ticket.counter, Some(number));
        }
    }
    let waiting = state.tickets().iter().filter(|t| t.phase == TicketPhase::Waiting).count();
    assert_eq!(waiting, state.waiting_in_hall());
    let busy = state.tickets().iter().filter(|t| matches!(t.phase, TicketPhase::Called | TicketPhase::Serving));
    assert_eq!(busy.count(), open.len(), "no called ticket is forgotten");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_number_is_given_twice(steps in prop::collection::vec(step(), 1..200)) {
        let desk = play(&steps);
        let mut seen = BTreeSet::new();
        let mut days = BTreeSet::new();
        for recorded in &desk.log {
            match &recorded.event {
                Event::TicketIssued { ticket, .. } => prop_assert!(seen.insert(*ticket), "{ticket} twice"),
                Event::DayOpened { day } => prop_assert!(days.insert(*day), "{day} opened twice"),
                _ => {}
            }
        }
    }

    #[test]
    fn each_ticket_is_finished_rated_and_each_job_settled_at_most_once(steps in prop::collection::vec(step(), 1..300)) {
        let desk = play(&steps);
        let mut ends: BTreeMap<TicketId, u32> = BTreeMap::new();
        let (mut rated, mut started, mut settled) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for recorded in &desk.log {
            match &recorded.event {
                Event::ServingFinished { ticket, .. }
                | Event::TicketExpired { ticket }
                | Event::TicketCancelled { ticket, .. } => *ends.entry(*ticket).or_default() += 1,
                Event::ServiceRated { ticket, .. } => prop_assert!(rated.insert(*ticket)),
                Event::PrintStarted { job, .. } => prop_assert!(started.insert(*job), "{job} printed twice"),
                Event::TicketPrinted { job, .. } | Event::PrintFailed { job, .. } => prop_assert!(settled.insert(*job)),
                _ => {}
            }
        }
        prop_assert!(ends.values().all(|n| *n == 1));
    }

    #[test]
    fn the_state_is_the_fold_of_the_log_and_survives_being_laid_open(steps in prop::collection::vec(step(), 1..150)) {
        let desk = play(&steps);
        let mut folded = HallState::default();
        for recorded in &desk.log {
            folded.apply(recorded);
        }
        prop_assert_eq!(&folded, &desk.state);
        prop_assert_eq!(HallState::from(folded.to_parts()), folded);
    }

    #[test]
    fn a_normal_ticket_is_called_after_at_most_two_priority_ones(
        arrivals in prop::collection::vec(prop::bool::weighted(0.8), 1..60),
    ) {
        let mut desk = Desk::new();
        desk.now = at("2026-11-22T01:00:00Z");
        desk.open(2, "an");
        let normal = desk.issue("birth", "normal");
        desk.issue("birth", "elderly");
        let mut calls = 0;
        for priority in arrivals {
            desk.issue("birth", if priority { "elderly" } else { "normal" });
            calls += 1;
            let called = desk.call(2);
            desk.serve(2);
            if called == normal.number.to_string() {
                break;
            }
            prop_assert!(calls <= 2, "the normal ticket starves");
        }
    }

    #[test]
    fn ids_read_back_what_they_write(value in 1..=9999_u16, letter in 0..26_u8, day in 0..3650_i64, copy in 1..21_u16) {
        let day = jiff::civil::date(2026, 1, 1) + SignedDuration::from_hours(24 * day);
        let number = queue::TicketNumber { letter: char::from(b'A' + letter), value };
        let id = queue::PrintJobId { ticket: TicketId { day, number }, copy };
        prop_assert_eq!(id.to_string().parse(), Ok(id));
    }
}
