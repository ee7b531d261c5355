//! Commands over real HTTP on a real log: answers, refusals, retries, restarts, a disk that fails.

mod common;

use std::sync::Arc;

use common::{Hall1, config, issue, open};
use hub::log::MemoryLog;
use hub::{Hub, HubError, StationToken};
use protocol::commands::{Command, PrintReport};
use protocol::problem::Problem;
use protocol::views::{PrintState, TicketState};

#[tokio::test]
async fn one_ticket_over_http() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let reply = hall.does(issue("bien-dong")).await;
    let ticket = reply.ticket.expect("a ticket");
    assert_eq!((ticket.number.as_str(), ticket.people_ahead, ticket.state), ("A001", Some(0), TicketState::Waiting));
    let job = reply.print_job.expect("a print job");
    assert_eq!(job.state, PrintState::Pending);
    let started = hall.does(Command::StartPrint { job: job.id.clone() }).await;
    assert_eq!(started.print_job.expect("the job").state, PrintState::Printing);
    hall.does(Command::ReportPrint { job: job.id, outcome: PrintReport::Printed { paper: None } }).await;
    hall.does(open(1, "lan")).await;
    let called = hall.does(Command::CallNext { counter: 1 }).await.ticket.expect("a ticket");
    assert_eq!((called.state, called.counter, called.calls), (TicketState::Called, Some(1), 1));
    hall.does(Command::Recall { counter: 1 }).await;
    hall.does(Command::StartServing { counter: 1 }).await;
    hall.does(Command::finish_serving(1)).await;
    let rate = Command::rate_service(&ticket.id, "very-satisfied");
    hall.does(rate.clone()).await;
    let before = hall.sequence().await;
    assert_eq!(hall.refuses(rate).await, "already-rated");
    assert_eq!(hall.sequence().await, before, "a refusal leaves the log as it is");
    hall.hub.stop().await;
}

#[tokio::test]
async fn every_refusal_is_named_and_leaves_the_log_as_it_is() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    hall.does(issue("bien-dong")).await;
    let before = hall.sequence().await;
    let call = |counter| Command::CallNext { counter };
    let ticket = |id: &str| Command::CancelTicket { ticket: id.to_owned() };
    for (command, code) in [
        (issue("khong-co"), "unknown-service"),
        (call(1), "counter-closed"),
        (call(99), "unknown-counter"),
        (open(1, "ai-do"), "unknown-officer"),
        (ticket("20200101-A001"), "unknown-ticket"),
        (ticket("x"), "invalid-id"),
        (Command::StartPrint { job: "20200101-A001-p1".to_owned() }, "unknown-print-job"),
    ] {
        assert_eq!(hall.refuses(command).await, code);
    }
    let with =
        |class: &str, language: &str, kiosk: &str| Command::issue_ticket("bien-dong", class, language, Some(kiosk));
    assert_eq!(hall.refuses(with("king", "vi", "kiosk-1")).await, "unknown-class");
    assert_eq!(hall.refuses(with("normal", "xx", "kiosk-1")).await, "unknown-language");
    assert_eq!(hall.refuses(with("normal", "vi", "kiosk-9")).await, "unknown-kiosk");
    assert_eq!(hall.sequence().await, before);
    hall.hub.stop().await;
}

#[tokio::test]
async fn wrong_requests_get_problem_documents() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let http = reqwest::Client::new();
    let url = |path: &str| format!("{}{path}", hall.client.base());
    let post = |body: String| http.post(url("/v1/commands")).header("Idempotency-Key", "k").body(body);
    let good = r#"{"type":"call_next","counter":1}"#.to_owned();
    let cases = [
        (post("{".to_owned()), 400, "invalid-body"),
        (post(r#"{"type":"dance"}"#.to_owned()), 400, "invalid-body"),
        (post(r#"{"type":"call_next","counter":1,"extra":2}"#.to_owned()), 400, "invalid-body"),
        (post(r#"{"type":"call_next","counter":-1}"#.to_owned()), 400, "invalid-body"),
        (post(format!("\"{}\"", "x".repeat(protocol::MAX_BODY_BYTES))), 413, "body-too-large"),
        (http.post(url("/v1/commands")).body(good.clone()), 400, "idempotency-key-missing"),
        (
            http.post(url("/v1/commands")).header("Idempotency-Key", "k".repeat(65)).body(good),
            400,
            "idempotency-key-missing",
        ),
        (http.get(url("/v1/nothing")), 404, "unknown-path"),
        (http.get(url("/v1/commands")), 405, "wrong-method"),
        (http.get(url("/v1/views/kiosk/kiosk-9")), 404, "unknown-kiosk"),
        (http.get(url("/v1/views/counter/77")), 404, "unknown-counter"),
        (http.get(url("/v1/views/rating/x")), 404, "unknown-counter"),
        (http.put(url("/v1/agents/a/health")).body("[]"), 400, "invalid-body"),
    ];
    for (request, status, code) in cases {
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), status, "{code}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{code}");
        let problem: Problem = serde_json::from_str(&response.text().await.expect("a body")).expect(code);
        assert_eq!((problem.code.as_str(), problem.status), (code, status));
        assert!(!problem.hint.is_empty() && problem.kind.ends_with(code), "{problem:?}");
    }
    assert_eq!(hall.sequence().await, 1, "nothing was written after the day began");
    hall.hub.stop().await;
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer_across_a_restart() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let first = hall.client.command("press-1", &issue("bien-dong")).await.expect("issued");
    let again = hall.client.command("press-1", &issue("bien-dong")).await.expect("the same answer");
    assert_eq!(first, again);
    let refused = hall.client.command("press-2", &Command::CallNext { counter: 1 }).await.expect_err("closed");
    hall.does(open(1, "lan")).await;
    let still = hall.client.command("press-2", &Command::CallNext { counter: 1 }).await.expect_err("the same answer");
    assert_eq!((refused.code(), still.code()), (Some("counter-closed"), Some("counter-closed")));
    let other = hall.client.command("press-1", &issue("khai-sinh")).await.expect_err("another command");
    assert_eq!(other.code(), Some("idempotency-key-reused"));
    let before = hall.sequence().await;
    hall.hub.stop().await;

    let hall = Hall1::start(data.path()).await;
    let third = hall.client.command("press-1", &issue("bien-dong")).await.expect("the same answer after a restart");
    assert_eq!(first, third);
    assert_eq!(hall.sequence().await, before);
    let next = hall.does(issue("bien-dong")).await.ticket.expect("a ticket");
    assert_eq!(next.number, "A002", "the number goes on");
    hall.hub.stop().await;
}

#[tokio::test]
async fn many_presses_of_one_button_make_one_ticket() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Arc::new(Hall1::start(data.path()).await);
    let presses: Vec<_> = (0..32)
        .map(|_| {
            let hall = hall.clone();
            tokio::spawn(async move { hall.client.command("one-press", &issue("bien-dong")).await.expect("issued") })
        })
        .collect();
    let mut replies = Vec::new();
    for press in presses {
        replies.push(press.await.expect("no panic"));
    }
    assert!(replies.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(hall.sequence().await, 2, "the day and one ticket");
}

#[tokio::test]
async fn a_disk_that_refuses_makes_nothing_happen_until_it_works_again() {
    let data = tempfile::tempdir().expect("a directory");
    let log = MemoryLog::default();
    let hub = Hub::start_with(config(data.path()), Box::new(log.clone()), hub::system_clock()).await.expect("starts");
    let hall = Hall1::with(hub, None);
    hall.does(issue("bien-dong")).await;
    log.set_failing(true);
    assert_eq!(hall.refuses(issue("bien-dong")).await, "log-unavailable");
    let press = hall.client.command_once("press", &issue("bien-dong")).await.expect_err("the disk refuses");
    assert_eq!(press.code(), Some("log-unavailable"));
    log.set_failing(false);
    let reply = hall.client.command_once("press", &issue("bien-dong")).await.expect("the disk works");
    assert_eq!(reply.ticket.expect("a ticket").number, "A002", "no number was used up");
    hall.hub.stop().await;
}

#[tokio::test]
async fn only_known_stations_come_in_from_the_network() {
    let data = tempfile::tempdir().expect("a directory");
    let mut open_to_all = config(data.path());
    open_to_all.listen = "0.0.0.0:0".parse().expect("an address");
    let error = Hub::start(open_to_all).await.err().expect("refused");
    assert!(matches!(error, HubError::Open(_)) && error.to_string().contains("[[hub.tokens]]"), "{error}");

    let mut guarded = config(data.path());
    guarded.listen = "0.0.0.0:0".parse().expect("an address");
    guarded.tokens = vec![StationToken { name: "kiosk-1".to_owned(), token: "0123456789abcdef".to_owned() }];
    let hall = Hub::start(guarded).await.expect("starts");
    let base = format!("http://127.0.0.1:{}", hall.address().port());
    let client = |token: Option<&str>| client::Hub::new(&base, token.map(str::to_owned)).expect("a client");
    for wrong in [None, Some("0123456789abcdeX"), Some("")] {
        let error = client(wrong).health().await.expect_err("no token, no way in");
        assert_eq!(error.code(), Some("unknown-station"));
    }
    assert_eq!(client(Some("0123456789abcdef")).health().await.expect("known").sequence, 1);
    hall.stop().await;
}

#[tokio::test]
async fn two_hubs_never_share_a_log() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let error = Hub::start(config(data.path())).await.err().expect("refused");
    assert!(error.to_string().contains("in use by another hub"), "{error}");
    hall.hub.stop().await;
    Hall1::start(data.path()).await.hub.stop().await;
}

#[tokio::test]
async fn a_rating_takes_the_halls_reasons_and_the_citizens_own_words() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let ticket = hall.does(issue("bien-dong")).await.ticket.expect("a ticket").id;
    hall.does(open(1, "lan")).await;
    for command in [Command::CallNext { counter: 1 }, Command::StartServing { counter: 1 }, Command::finish_serving(1)]
    {
        hall.does(command).await;
    }
    let rate = |reason: &str, comment: &str| Command::RateService {
        ticket: ticket.clone(),
        level: "dissatisfied".to_owned(),
        reasons: vec![reason.to_owned(), reason.to_owned()],
        comment: Some(comment.to_owned()),
    };
    assert_eq!(hall.refuses(rate("weather", "")).await, "unknown-rating-reason");
    assert_eq!(hall.refuses(rate("long-wait", &"ă".repeat(501))).await, "invalid-comment");
    hall.does(rate("long-wait", " Chờ 40 phút, ông Nam ở quầy 2 \n")).await;
    hall.hub.stop().await;

    let log = hub::log::SqliteLog::open(data.path()).expect("opens");
    let reader = hub::log::EventLog::reader(&log).expect("opens");
    let events = reader.read(0, 100).expect("reads");
    let rated = events.iter().find_map(|recorded| match &recorded.event {
        queue::Event::ServiceRated { ticket, reasons, comment, .. } => Some((*ticket, reasons.clone(), *comment)),
        _ => None,
    });
    let (id, reasons, comment) = rated.expect("rated");
    assert_eq!((reasons, comment), (vec!["long-wait".into()], true), "each reason once");
    let said = reader.personal(&hub::log::comment_key(&id)).expect("reads");
    assert_eq!(said.as_deref(), Some("Chờ 40 phút, ông Nam ở quầy 2"));
    assert!(!format!("{events:?}").contains("Nam"), "the log knows only that something was said");
}

#[tokio::test]
async fn a_kiosk_that_staff_closed_gives_no_number_also_after_a_restart() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let kiosk = || "kiosk-1".to_owned();
    assert_eq!(hall.refuses(Command::OpenKiosk { kiosk: kiosk() }).await, "kiosk-not-closed");
    assert_eq!(hall.refuses(Command::CloseKiosk { kiosk: "kiosk-9".to_owned() }).await, "unknown-kiosk");
    hall.does(Command::CloseKiosk { kiosk: kiosk() }).await;
    hall.hub.stop().await;

    let hall = Hall1::start(data.path()).await;
    assert_eq!(hall.refuses(issue("bien-dong")).await, "kiosk-closed");
    let mut view = hall.client.kiosk_view("kiosk-1");
    common::until(&mut view, "a closed kiosk", |k| k.view.as_ref().is_some_and(|v| v.closed)).await;
    let elsewhere = Command::issue_ticket("bien-dong", "normal", "vi", None);
    hall.does(elsewhere).await;
    hall.does(Command::OpenKiosk { kiosk: kiosk() }).await;
    hall.does(issue("bien-dong")).await;
    let taken = |view: &protocol::views::KioskView| view.services.iter().map(|s| s.taken).collect::<Vec<_>>() == [2, 0];
    common::until(&mut view, "two numbers taken", |k| k.view.as_ref().is_some_and(|v| !v.closed && taken(v))).await;
    hall.hub.stop().await;
}

#[tokio::test]
async fn staff_pin_and_pictures() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let code = |result: Result<(), client::ClientError>| result.err().and_then(|e| e.code().map(str::to_owned));
    assert_eq!(code(hall.client.check_staff_pin("kiosk-1", "2468").await), None);
    for _ in 0..5 {
        assert_eq!(code(hall.client.check_staff_pin("kiosk-1", "1111").await).as_deref(), Some("wrong-pin"));
    }
    assert_eq!(code(hall.client.check_staff_pin("kiosk-1", "2468").await).as_deref(), Some("staff-locked"));
    assert_eq!(code(hall.client.check_staff_pin("kiosk-9", "2468").await).as_deref(), Some("unknown-kiosk"));
    assert_eq!(hall.client.picture("lan.png").await.expect("a picture"), b"\x89PNG");
    assert_eq!(hall.client.picture("minh.png").await.expect_err("none").code(), Some("unknown-picture"));
    assert_eq!(hall.sequence().await, 1, "none of this is an event: only the day was opened");
    hall.hub.stop().await;

    let none = hub::HubConfig { staff_pin: None, ..config(data.path()) };
    let hall = Hall1::start_config(none).await;
    assert_eq!(code(hall.client.check_staff_pin("kiosk-1", "2468").await).as_deref(), Some("no-staff-pin"));
    hall.hub.stop().await;
}
