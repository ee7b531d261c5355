//! The longer ways of a ticket over the LAN API, and what the views tell of them.

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Hall1, config, issue, open, view_where};
use hub::log::MemoryLog;
use hub::{Clocks, Hub};
use jiff::SignedDuration;
use protocol::commands::Command;
use protocol::views::{TicketState, Unavailable};
use queue::{Hall, HallParts, Opening, Policy, Span, Week};

#[tokio::test]
async fn parked_missed_and_paused_stand_in_the_counters_view() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let mut counter = hall.client.counter_view(1);
    hall.does(open(1, "lan")).await;
    for _ in 0..2 {
        hall.does(issue("bien-dong")).await;
    }
    hall.does(Command::CallNext { counter: 1 }).await;
    let parked = hall.does(Command::ParkTicket { counter: 1, until: None, reason: "đi photo".to_owned() }).await;
    assert_eq!(parked.ticket.expect("the ticket").state, TicketState::Parked);
    hall.does(Command::CallNext { counter: 1 }).await;
    hall.does(Command::MarkNoShow { counter: 1 }).await;
    hall.does(Command::PauseCounter { counter: 1, reason: "họp".to_owned() }).await;
    let view = view_where(&mut counter, |v| v.paused.is_some()).await;
    let reasons: Vec<_> = view.parked.iter().map(|t| (t.number.as_str(), t.parked_reason.as_deref())).collect();
    assert_eq!(reasons, [("A001", Some("đi photo"))]);
    let [missed] = &view.missed[..] else { panic!("one missed: {:?}", view.missed) };
    assert_eq!((missed.number.as_str(), missed.state), ("A002", TicketState::NoShow));
    let until = missed.until.expect("until when it may come back");
    assert_eq!(until.duration_since(view.now).as_mins(), 14);
    assert_eq!(hall.refuses(Command::CallNext { counter: 1 }).await, "counter-paused");
    hall.does(Command::ResumeCounter { counter: 1 }).await;
    hall.does(Command::ReturnTicket { ticket: missed.id.clone() }).await;
    hall.does(Command::UnparkTicket { ticket: view.parked[0].id.clone() }).await;
    let view = view_where(&mut counter, |v| v.paused.is_none() && v.queue_total == 2).await;
    assert_eq!(view.queue.iter().map(|t| t.number.as_str()).collect::<Vec<_>>(), ["A001", "A002"]);
    let close = Command::CloseCounter { counter: 1, hand_over: true };
    hall.does(Command::CallNext { counter: 1 }).await;
    assert_eq!(hall.refuses(Command::close_counter(1)).await, "counter-busy");
    hall.does(close).await;
    hall.hub.stop().await;
}

#[tokio::test]
async fn a_suspended_service_says_so_at_the_kiosk_and_gives_no_number() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let mut kiosk = hall.client.kiosk_view("kiosk-1");
    let reason = "mất kết nối cơ sở dữ liệu".to_owned();
    let suspend = Command::SuspendService { service: "bien-dong".to_owned(), reason: reason.clone(), until: None };
    hall.does(suspend).await;
    let view = view_where(&mut kiosk, |v| v.services[0].closed.is_some()).await;
    assert_eq!(view.services[0].closed, Some(Unavailable::Suspended { reason, until: None }));
    assert_eq!(view.fields[0].closed, view.services[0].closed, "its field has nothing else");
    assert_eq!(hall.refuses(issue("bien-dong")).await, "service-unavailable");
    hall.does(Command::ResumeService { service: "bien-dong".to_owned() }).await;
    hall.does(issue("bien-dong")).await;
    hall.hub.stop().await;
}

/// Clocks that a test turns.
type Turned = Arc<Mutex<Clocks>>;

fn turned(at: &str) -> (Turned, hub::Clock) {
    let clocks = Arc::new(Mutex::new(Clocks { wall: at.parse().expect("a time"), monotonic: Duration::ZERO }));
    let shown = clocks.clone();
    (clocks, Arc::new(move || *shown.lock().expect("nobody panics")))
}

fn pass(turned: &Turned, minutes: i64) {
    let mut clocks = turned.lock().expect("nobody panics");
    clocks.wall += SignedDuration::from_mins(minutes);
    clocks.monotonic += Duration::from_secs(minutes.unsigned_abs() * 60);
}

#[tokio::test]
async fn the_hall_closes_by_the_clock_and_a_clock_that_jumps_opens_no_new_day() {
    let data = tempfile::tempdir().expect("a directory");
    let mut config = config(data.path());
    let parts = config.hall.parts().clone();
    let week = Week(std::array::from_fn(|_| vec![Span { from: 450, to: 1020 }]));
    let policy = Policy { expire_after_closing_minutes: None, ..parts.policy };
    let opening = Opening { week, holidays: Vec::new() };
    config.hall = Hall::new(HallParts { opening, policy, ..parts }).expect("valid");
    let (clock, reading) = turned("2026-11-25T02:00:00Z");
    let hub = Hub::start_with(config, Box::new(MemoryLog::default()), reading).await.expect("starts");
    let hall = Hall1::with(hub, None);
    assert_eq!(hall.does(issue("bien-dong")).await.ticket.expect("a ticket").id, "20261125-A001");

    clock.lock().expect("nobody panics").wall += SignedDuration::from_hours(24);
    assert_eq!(hall.does(issue("bien-dong")).await.ticket.expect("a ticket").id, "20261125-A002", "the same day");
    let faults = hall.client.health().await.expect("health").faults;
    assert_eq!(faults.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["clock-jumped"]);
    clock.lock().expect("nobody panics").wall -= SignedDuration::from_hours(24);

    pass(&clock, 8 * 60);
    // Not open at 17:00 local; at 7:30 the next day again.
    assert_eq!(hall.refuses(issue("bien-dong")).await, "hall-closed");
    let mut kiosk = hall.client.kiosk_view("kiosk-1");
    let view = view_where(&mut kiosk, |v| v.services[0].closed.is_some()).await;
    let opens = Some("2026-11-26T07:30:00".to_owned());
    assert_eq!(view.services[0].closed, Some(Unavailable::Closed { opens }));
    assert!(hall.client.health().await.expect("health").faults.is_empty());
    pass(&clock, 15 * 60);
    assert_eq!(hall.does(issue("bien-dong")).await.ticket.expect("a ticket").id, "20261126-A001");
    hall.hub.stop().await;
}

#[tokio::test]
async fn a_second_service_on_one_number_and_an_appointment() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    hall.does(open(1, "lan")).await;
    hall.does(open(2, "minh")).await;
    let due = jiff::Timestamp::now() + SignedDuration::from_mins(30);
    let book = Command::BookAppointment { code: "HEN-1".to_owned(), service: "bien-dong".to_owned(), due };
    hall.does(book.clone()).await;
    assert_eq!(hall.refuses(book).await, "appointment-exists");
    let take = Command::IssueTicket {
        service: "bien-dong".to_owned(),
        then: vec!["khai-sinh".to_owned()],
        appointment: Some("HEN-1".to_owned()),
        class: "normal".to_owned(),
        language: "vi".to_owned(),
        kiosk: None,
    };
    let ticket = hall.does(take.clone()).await.ticket.expect("a ticket");
    assert_eq!((ticket.then.as_slice(), ticket.appointment.is_some()), (&["khai-sinh".to_owned()][..], true));
    assert_eq!(hall.refuses(take).await, "unknown-appointment", "checked in once");
    hall.does(Command::CallNext { counter: 1 }).await;
    hall.does(Command::StartServing { counter: 1 }).await;
    let between = hall.does(Command::finish_serving(1)).await.ticket.expect("the ticket");
    assert_eq!((between.state, between.service.as_str()), (TicketState::Waiting, "khai-sinh"));
    let called = hall.does(Command::CallNext { counter: 2 }).await.ticket.expect("the ticket");
    assert_eq!(called.id, ticket.id);
    hall.hub.stop().await;
}

#[tokio::test]
async fn numbers_of_a_torn_end_are_not_given_again() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    for _ in 0..3 {
        hall.does(issue("bien-dong")).await;
    }
    hall.hub.stop().await;
    // The third ticket's event is torn: its number is on paper somewhere.
    let log = rusqlite::Connection::open(data.path().join("hall.db")).expect("opens");
    log.execute("UPDATE events SET body = substr(body, 1, 40) WHERE body LIKE '%A003%'", []).expect("tears");
    drop(log);
    for _ in 0..2 {
        let hall = Hall1::start(data.path()).await;
        let next = hall.does(issue("bien-dong")).await.ticket.expect("a ticket").number;
        assert_ne!(next, "A003", "it is not given again");
        hall.hub.stop().await;
    }
    let hall = Hall1::start(data.path()).await;
    let last = hall.does(issue("bien-dong")).await.ticket.expect("a ticket").number;
    assert_eq!(last, "A006", "one is skipped, once");
    hall.hub.stop().await;
}

#[test]
fn a_misused_request_id_does_not_hide_the_answer_from_the_honest_retry() {
    let data = tempfile::tempdir().expect("a directory");
    let (_, reading) = turned("2026-11-25T02:00:00Z");
    let clock = Arc::new(hub::HallClock::new(reading));
    let hall = Arc::new(config(data.path()).hall);
    let mut engine = hub::Engine::open(hall, Box::new(MemoryLog::default()), clock).expect("opens");
    let press = |fingerprint, officer: &str| hub::Press {
        request_id: "p".to_owned(),
        fingerprint,
        command: queue::Command::OpenCounter { counter: 1, officer: officer.into() },
        personal: None,
    };
    let first = engine.handle(vec![press(1, "lan")]).remove(0).result.expect("accepted");
    let later = engine.handle(vec![press(2, "minh"), press(1, "lan")]);
    assert_eq!(later[0].result.as_ref().map_err(|p| p.code.as_str()), Err("idempotency-key-reused"));
    assert_eq!(later[1].result.as_ref().ok(), Some(&first));
}
