//! Who goes first: the policies, the bound, weights, skills, help and balance.

mod common;

use common::Desk;
use queue::{Balance, CallRule, Command, Event, NormalBound, PriorityPolicy, Refusal};

fn strict(tickets: Option<u32>, minutes: Option<u32>) -> Desk {
    let mut desk = Desk::with(|parts| {
        parts.policy.priority = PriorityPolicy::Strict;
        parts.policy.normal_bound = NormalBound { tickets, minutes };
    });
    desk.open(2, "an");
    desk
}

fn rule(events: &[Event]) -> CallRule {
    match events {
        [Event::TicketCalled { rule: Some(rule), .. }] => rule.clone(),
        other => panic!("called, not {other:?}"),
    }
}

#[test]
fn with_a_strict_policy_the_bound_in_tickets_ends_the_waiting() {
    let mut desk = strict(Some(4), None);
    let normal = desk.issue("birth", "normal");
    for n in 0..4 {
        desk.issue("birth", "elderly");
        let events = desk.run(&Command::CallNext { counter: 2 }).expect("called");
        assert_eq!(rule(&events), CallRule::Urgent, "call {n}");
        desk.serve(2);
    }
    desk.issue("birth", "elderly");
    assert_eq!(desk.state.passed_over(desk.state.ticket(&normal).expect("a ticket")), 4);
    let events = desk.run(&Command::CallNext { counter: 2 }).expect("called");
    assert_eq!(rule(&events), CallRule::Bound);
    assert_eq!(desk.state.counter(2).and_then(|c| c.open_ticket), Some(normal));
}

#[test]
fn with_a_strict_policy_the_bound_in_minutes_ends_the_waiting() {
    let mut desk = strict(None, Some(30));
    let normal = desk.issue("birth", "normal");
    desk.pass(29);
    desk.issue("birth", "elderly");
    desk.call(2);
    desk.serve(2);
    desk.pass(1);
    desk.issue("birth", "elderly");
    assert_eq!(desk.call(2), normal.number.to_string());
}

#[test]
fn ageing_weighs_the_wait() {
    let mut desk = Desk::with(|parts| parts.policy.priority = PriorityPolicy::Ageing { head_start_minutes: 20 });
    desk.open(2, "an");
    let old = desk.issue("birth", "normal");
    desk.pass(21);
    let elderly = desk.issue("birth", "elderly");
    let young = desk.issue("birth", "normal");
    assert_eq!(desk.call(2), old.number.to_string(), "21 minutes are more than a head start of 20");
    desk.no_show(2);
    assert_eq!(desk.call(2), elderly.number.to_string());
    desk.no_show(2);
    assert_eq!(desk.call(2), young.number.to_string());
}

#[test]
fn a_weight_counts_the_minutes_of_a_service() {
    let mut desk = Desk::with(|parts| parts.counters[2].work[1].weight = 3);
    desk.open(3, "an");
    desk.issue("birth", "normal");
    desk.pass(10);
    let land = desk.issue("land-new", "normal");
    desk.pass(4);
    assert_eq!(desk.state.next_for(&desk.hall, 3, desk.now).map(|c| c.ticket.id.number.letter), Some('B'), "14 to 12");
    desk.pass(2);
    assert_eq!(desk.state.next_for(&desk.hall, 3, desk.now).map(|c| c.ticket.id), Some(land), "16 to 18");
}

#[test]
fn a_counter_helps_only_while_nobody_waits_for_its_own_and_only_with_what_its_officer_knows() {
    let mut desk = Desk::with(|parts| {
        parts.counters[1].helps = vec!["land-new".into(), "land-change".into()];
        parts.officers[0].skills = Some(vec!["birth".into(), "land-change".into()]);
    });
    desk.open(2, "an");
    desk.issue("land-new", "normal");
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::NothingWaiting(2)), "not known");
    let help = desk.issue("land-change", "normal");
    let own = desk.issue("birth", "normal");
    assert_eq!(desk.call(2), own.number.to_string());
    desk.serve(2);
    assert_eq!(desk.call(2), help.number.to_string());
}

#[test]
fn a_service_over_its_target_gets_an_idle_counter_and_gives_it_back() {
    let mut desk = Desk::with(|parts| parts.policy.balance = Balance::AddToIdle);
    desk.open(1, "an");
    desk.open(2, "binh");
    for _ in 0..4 {
        desk.issue("land-change", "normal");
    }
    let advice = desk.state.advice(&desk.hall, desk.now);
    assert_eq!(advice.len(), 1, "{advice:?}");
    assert_eq!((advice[0].helper, advice[0].target_minutes), (Some(2), 15));
    let extended = Event::ProfileExtended { counter: 2, service: "land-change".into() };
    let open = |desk: &Desk| desk.state.open_counters_for(&desk.hall, &"land-change".into());
    assert_eq!(open(&desk), 1);
    assert_eq!(desk.pass(0), [extended]);
    assert_eq!(open(&desk), 2, "the counter that was given it works on it too");
    assert_eq!(desk.pass(0), [], "once");
    for counter in [1, 2, 1, 2] {
        desk.call(counter);
        desk.serve(counter);
    }
    let restored = Event::ProfileRestored { counter: 2, service: "land-change".into() };
    assert_eq!(desk.pass(0), [restored]);
    desk.issue("land-change", "normal");
    assert_eq!(desk.run(&Command::CallNext { counter: 2 }), Err(Refusal::NothingWaiting(2)));

    let mut advised = Desk::new();
    advised.open(1, "an");
    advised.open(2, "binh");
    for _ in 0..4 {
        advised.issue("land-change", "normal");
    }
    assert_eq!(advised.pass(0), [], "without the hall's permission it only says so");
    assert_eq!(advised.state.advice(&advised.hall, advised.now).len(), 1);
}

#[test]
fn waits_are_learned_from_what_happened_and_their_error_is_kept() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    let told = |desk: &mut Desk| {
        for _ in 0..6 {
            desk.issue("birth", "normal");
        }
        let wait = desk.state.tickets().last().expect("a ticket").wait;
        while desk.run(&Command::CallNext { counter: 2 }).is_ok() {
            desk.run(&Command::StartServing { counter: 2 }).expect("came");
            desk.now += jiff::SignedDuration::from_secs(120);
            desk.run(&common::finish(2)).expect("served");
        }
        wait
    };
    let before = told(&mut desk);
    let mut after = before;
    for _ in 0..8 {
        after = told(&mut desk);
    }
    assert!(before.low >= 45 && after.high < 25, "10 minutes were configured, 2 it takes: {before:?} {after:?}");
    let accuracy = desk.state.accuracy();
    assert_eq!(accuracy.calls, 54);
    assert!(accuracy.within_high == 54 && accuracy.within_low > 0 && accuracy.error_seconds > 0, "{accuracy:?}");
}
