//! Why tickets were called, by example.

mod common;

use common::{Desk, issue};
use jiff::SignedDuration;
use queue::{
    CallRule, Command, Event, Explanation, NormalBound, PriorityPolicy, Recorded, TicketId, TicketPhase, explain,
};

fn why(desk: &Desk, ticket: TicketId) -> Explanation {
    explain(&desk.log, &ticket).expect("a ticket of the log")
}

/// `B002 urgent later counted` of every call during a ticket's nth wait.
fn calls(explanation: &Explanation, wait: usize) -> Vec<String> {
    let words = explanation.waits[wait].calls.iter().map(|call| {
        let rule = match &call.rule {
            None => "none".to_owned(),
            Some(CallRule::Picked(reason)) => format!("picked:{reason}"),
            Some(rule) => format!("{rule:?}"),
        };
        let order = if call.is_later { "later" } else { "earlier" };
        let counted = if call.is_counted { " counted" } else { "" };
        format!("{} at {} {rule} {order}{counted}", call.ticket.id.number, call.counter)
    });
    words.collect()
}

fn rule(explanation: &Explanation) -> Option<CallRule> {
    explanation.history.iter().find_map(|recorded| match &recorded.event {
        Event::TicketCalled { rule, .. } => rule.clone(),
        _ => None,
    })
}

#[test]
fn urgent_ones_came_before_until_it_was_a_normal_ones_turn() {
    let mut desk = Desk::new();
    let normal = desk.issue("birth", "normal");
    for _ in 0..3 {
        desk.issue("birth", "elderly");
    }
    desk.open(2, "an");
    for _ in 0..3 {
        desk.now += SignedDuration::from_mins(1);
        desk.call(2);
        desk.no_show(2);
    }
    let told = why(&desk, normal);
    assert_eq!(rule(&told), Some(CallRule::NormalTurn));
    assert_eq!(calls(&told, 0), ["B002 at 2 Urgent later counted", "B003 at 2 Urgent later counted"]);
    let wait = &told.waits[0];
    assert_eq!((wait.service.as_str(), wait.only_counter, &wait.counters[..]), ("birth", None, &[2][..]));
    assert_eq!((wait.from, wait.until), (told.history[0].at, Some(desk.now)));
    assert_eq!((told.ticket.phase, told.standing.clone(), told.waits.len()), (TicketPhase::Missed, None, 1));
    // The second urgent one saw only the first go before.
    let urgent = TicketId { number: "B003".parse().expect("a number"), ..normal };
    assert_eq!(calls(&why(&desk, urgent), 0), ["B002 at 2 Urgent earlier"]);
}

#[test]
fn at_its_bound_a_normal_ticket_went_before_everybody() {
    let mut desk = Desk::with(|parts| {
        parts.policy.priority = PriorityPolicy::Strict;
        parts.policy.normal_bound = NormalBound { tickets: Some(2), minutes: None };
    });
    let first = desk.issue("birth", "normal");
    let second = desk.issue("birth", "normal");
    desk.open(2, "an");
    for _ in 0..4 {
        desk.issue("birth", "elderly");
        desk.call(2);
        desk.no_show(2);
    }
    let told = why(&desk, first);
    assert_eq!(rule(&told), Some(CallRule::Bound));
    assert_eq!(calls(&told, 0), ["B003 at 2 Urgent later counted", "B004 at 2 Urgent later counted"]);
    let told = why(&desk, second);
    let expected = ["B003 at 2 Urgent later counted", "B004 at 2 Urgent later counted", "B001 at 2 Bound earlier"];
    assert_eq!(calls(&told, 0), expected, "and it was called itself then");
    assert_eq!(rule(&told), Some(CallRule::Bound));
}

#[test]
fn a_picked_ticket_is_told_with_its_reason_and_passes_nobody_over() {
    let mut desk = Desk::new();
    let waits = desk.issue("birth", "normal");
    let picked = desk.issue("birth", "normal");
    desk.open(2, "an");
    let reason = "came with a document of the first".to_owned();
    desk.run(&Command::CallTicket { counter: 2, ticket: picked, reason: reason.clone() }).expect("it waits");
    assert_eq!(calls(&why(&desk, waits), 0), [format!("B002 at 2 picked:{reason} later")]);
    assert_eq!(rule(&why(&desk, picked)), Some(CallRule::Picked(reason)));
}

#[test]
fn a_transferred_ticket_has_a_wait_for_each_place() {
    let mut desk = Desk::new();
    let ticket = desk.issue("birth", "normal");
    desk.open(1, "an");
    desk.open(2, "binh");
    desk.open(3, "chi");
    desk.call(2);
    desk.now += SignedDuration::from_mins(5);
    let transfer = Command::TransferTicket { counter: 2, service: None, to: Some(3), and_return: false };
    desk.run(&transfer).expect("counter 3 calls births too");
    // Whatever counters 1 and 2 call, only 3 could have called it.
    desk.issue("land-new", "normal");
    desk.call(1);
    desk.issue("birth", "elderly");
    desk.call(2);
    desk.issue("birth", "elderly");
    desk.call(3);
    let told = why(&desk, ticket);
    let places: Vec<_> = told.waits.iter().map(|wait| (wait.only_counter, wait.counters.clone())).collect();
    assert_eq!(places, [(None, vec![2, 3]), (Some(3), vec![3])]);
    assert_eq!((calls(&told, 0).len(), calls(&told, 1)), (0, vec!["B003 at 3 Urgent later counted".to_owned()]));
    let standing = told.standing.expect("it waits");
    let busy: Vec<_> =
        standing.counters.iter().map(|(n, c)| (*n, c.open_ticket.map(|t| t.number.to_string()))).collect();
    assert_eq!((standing.before, busy), (0, vec![(3, Some("B003".to_owned()))]));
    // Its counter closes: every counter of the service may call it, which is a wait of its own.
    desk.run(&Command::CloseCounter { counter: 3, hand_over: true }).expect("handed over");
    let told = why(&desk, ticket);
    assert_eq!((told.waits.len(), told.waits[2].only_counter, &told.waits[2].counters[..]), (3, None, &[2, 3][..]));
    assert_eq!(told.waits[1].until, Some(told.waits[2].from));
}

#[test]
fn one_that_still_waits_is_told_who_is_before_and_what_the_counters_do() {
    let mut desk = Desk::new();
    desk.open(2, "an");
    desk.open(3, "binh");
    desk.issue("birth", "normal");
    desk.issue("birth", "normal");
    desk.call(2);
    desk.call(3);
    desk.no_show(3);
    desk.run(&Command::PauseCounter { counter: 3, reason: "lunch".into() }).expect("nobody is there");
    desk.issue("birth", "normal");
    let last = desk.issue("birth", "normal");
    desk.issue("birth", "elderly");
    let told = why(&desk, last);
    let standing = told.standing.expect("it waits");
    assert_eq!(standing.before, 2, "an older one and an urgent one");
    assert_eq!(standing.counters.len(), 2);
    assert_eq!(standing.counters[0].1.open_ticket.map(|t| t.number.to_string()).as_deref(), Some("B001"));
    assert_eq!(standing.counters[1].1.paused.as_deref(), Some("lunch"));
    assert_eq!((told.as_of, told.waits[0].until), (desk.now, None));
}

#[test]
fn a_log_of_the_first_version_has_no_rules_but_all_the_rest() {
    let mut desk = Desk::new();
    let normal = desk.issue("birth", "normal");
    desk.issue("birth", "elderly");
    desk.open(2, "an");
    desk.call(2);
    let mut log = desk.log.clone();
    for recorded in &mut log {
        if let Event::TicketCalled { rule, passed_over, .. } = &mut recorded.event {
            (*rule, *passed_over) = (None, Vec::new());
        }
    }
    let told = explain(&log, &normal).expect("a ticket of the log");
    assert_eq!(calls(&told, 0), ["B002 at 2 none later"]);
}

#[test]
fn only_its_own_day_counts() {
    let mut desk = Desk::new();
    desk.open(3, "chi");
    desk.issue("birth", "normal");
    desk.call(3);
    desk.no_show(3);
    desk.pass(24 * 60);
    let ticket = desk.take(&issue("birth", "normal")).expect("a new day");
    desk.open(2, "an");
    desk.issue("birth", "elderly");
    desk.call(2);
    desk.pass(24 * 60);
    desk.issue("birth", "normal");
    let told = explain(&desk.log, &ticket).expect("a ticket of the log");
    assert_eq!(told.waits[0].counters, [2], "counter 3 called on another day");
    assert_eq!(told.ticket.phase, TicketPhase::Expired);
    assert!(matches!(told.history.last(), Some(Recorded { event: Event::TicketExpired { .. }, .. })), "{told:?}");
    assert_eq!((told.as_of, told.standing), (desk.now, None));
    let unknown = TicketId { number: "B099".parse().expect("a number"), ..ticket };
    assert_eq!(explain(&desk.log, &unknown), None);
}
