//! Views and work as stations and agents see them.

mod common;

use std::time::Duration;

use client::WorkEvent;
use common::{Hall1, issue, open, until};
use protocol::commands::{Command, HelpRequest, PrintReport};
use protocol::health::{AgentHealth, DeviceFault, DeviceHealth, DeviceKind, DeviceState};
use protocol::views::PrintState;
use protocol::work::Help;

#[tokio::test]
async fn views_follow_one_ticket() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let mut kiosk = hall.client.kiosk_view("kiosk-1");
    let mut counter = hall.client.counter_view(1);
    let mut rating = hall.client.rating_view(1);
    let mut display = hall.client.display_view();
    until(&mut kiosk, "the first view", |k| k.view.is_some()).await;
    let ticket = hall.does(issue("bien-dong")).await.ticket.expect("a ticket");
    let shown = until(&mut kiosk, "the load", |k| k.view.as_ref().is_some_and(|v| v.fields[0].waiting == 1)).await;
    let view = shown.view.expect("a view");
    assert_eq!((view.fields[1].waiting, view.services[0].waiting), (0, 1));
    assert_eq!(view.recent[0].id, ticket.id);
    until(&mut counter, "the queue", |c| c.view.as_ref().is_some_and(|v| v.queue.len() == 1)).await;

    hall.does(open(1, "lan")).await;
    hall.does(Command::CallNext { counter: 1 }).await;
    let called = until(&mut display, "the call", |d| d.view.as_ref().is_some_and(|v| v.last_calls.len() == 1)).await;
    let row = &called.view.expect("a view").counters[0];
    assert_eq!((row.counter, row.number.as_deref(), row.calling), (1, Some("A001"), true));
    assert!(rating.borrow().view.as_ref().is_none_or(|v| v.request.is_none()), "dark until served");
    hall.does(Command::StartServing { counter: 1 }).await;
    hall.does(Command::finish_serving(1)).await;
    let asked = until(&mut rating, "the request", |r| r.view.as_ref().is_some_and(|v| v.request.is_some())).await;
    let request = asked.view.and_then(|v| v.request.clone()).expect("a request");
    assert_eq!((request.ticket.as_str(), request.officer.as_str()), (ticket.id.as_str(), "lan"));
    hall.does(Command::rate_service(&ticket.id, "dissatisfied")).await;
    until(&mut rating, "dark again", |r| r.view.as_ref().is_some_and(|v| v.request.is_none())).await;
    let today = until(&mut counter, "figures", |c| c.view.as_ref().is_some_and(|v| v.today.ratings == 1)).await;
    let today = today.view.expect("a view").today;
    assert_eq!((today.served, today.satisfied), (1, 0));
    hall.hub.stop().await;
}

#[tokio::test]
async fn health_reaches_kiosk_and_counter() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let fault = DeviceFault {
        code: "paper-out".to_owned(),
        detail: "printer-1: paper is out".to_owned(),
        action: "load a roll and close the cover".to_owned(),
    };
    let printer = DeviceHealth {
        name: "printer-1".to_owned(),
        kind: DeviceKind::TicketPrinter,
        kiosk: Some("kiosk-1".to_owned()),
        state: DeviceState::Degraded,
        fault: Some(fault),
        roll: None,
    };
    let mut kiosk = hall.client.kiosk_view("kiosk-1");
    let mut counter = hall.client.counter_view(2);
    let health = AgentHealth { devices: vec![printer.clone()] };
    hall.client.report_health("agent-1", &health).await.expect("told");
    let shown = |p: &Option<DeviceHealth>| p.as_ref() == Some(&printer);
    until(&mut kiosk, "the printer", |k| k.view.as_ref().is_some_and(|v| shown(&v.printer))).await;
    until(&mut counter, "the device", |c| c.view.as_ref().is_some_and(|v| v.devices.contains(&printer))).await;
    assert_eq!(hall.client.health().await.expect("health").devices, [printer]);
    let many = AgentHealth { devices: vec![health.devices[0].clone(); AgentHealth::MAX_DEVICES + 1] };
    let error = hall.client.report_health("agent-1", &many).await.expect_err("too many");
    assert_eq!(error.code(), Some("too-many-devices"));
    hall.hub.stop().await;
}

async fn next(work: &mut tokio::sync::mpsc::Receiver<WorkEvent>) -> WorkEvent {
    tokio::time::timeout(Duration::from_secs(5), work.recv()).await.expect("in time").expect("the stream lives")
}

/// The next announcement's number; work states in between are passed over.
async fn next_call(work: &mut tokio::sync::mpsc::Receiver<WorkEvent>) -> String {
    loop {
        if let WorkEvent::Announcement(call) = next(work).await {
            return call.number;
        }
    }
}

#[tokio::test]
async fn work_shows_open_jobs_and_speaks_each_call_once() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    hall.does(open(1, "lan")).await;
    for _ in 0..2 {
        hall.does(issue("bien-dong")).await;
    }
    hall.does(Command::CallNext { counter: 1 }).await;
    let mut work = hall.client.work("agent-1", "run-1");
    let WorkEvent::Work(first) = next(&mut work).await else { panic!("the state comes first") };
    let jobs: Vec<_> = first.print_jobs.iter().map(|j| (j.id.as_str(), &j.state, j.reprint)).collect();
    assert_eq!(jobs.len(), 2);
    assert!(jobs[0].0.ends_with("A001-p1") && *jobs[0].1 == PrintState::Pending && !jobs[0].2, "{jobs:?}");
    let slip = &first.print_jobs[1].slip;
    assert_eq!((slip.hall.as_str(), slip.service.as_str()), ("Trung tâm Phục vụ hành chính công", "Đăng ký biến động"));
    assert_eq!((slip.people_ahead, slip.class.as_deref()), (1, None));
    assert!(slip.issued_at.ends_with("+07:00"), "{}", slip.issued_at);
    assert_eq!(first.counters[0].number.as_deref(), Some("A001"));

    hall.does(Command::Recall { counter: 1 }).await;
    assert_eq!(next_call(&mut work).await, "A001", "the recall is spoken, the call of the past is not");
    hall.does(Command::MarkNoShow { counter: 1 }).await;
    hall.does(Command::CallNext { counter: 1 }).await;
    assert_eq!(next_call(&mut work).await, "A002");
    let job = first.print_jobs[0].id.clone();
    hall.does(Command::StartPrint { job: job.clone() }).await;
    hall.does(Command::ReportPrint { job, outcome: PrintReport::Unconfirmed { reason: "link-lost".to_owned() } }).await;
    loop {
        if let WorkEvent::Work(state) = next(&mut work).await
            && state.print_jobs.len() == 1
        {
            break;
        }
    }
    hall.hub.stop().await;
}

#[tokio::test]
async fn a_paper_handed_over_with_its_ticket_is_told_before_the_work() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let mut work = hall.client.work("agent-1", "run-1");
    let WorkEvent::Work(first) = next(&mut work).await else { panic!("the state comes first") };
    assert_eq!(first.print_jobs, []);
    let printer = DeviceHealth {
        name: "printer-1".to_owned(),
        kind: DeviceKind::TicketPrinter,
        kiosk: Some("kiosk-1".to_owned()),
        state: DeviceState::Ready,
        fault: None,
        roll: None,
    };
    let health = AgentHealth { devices: vec![printer] };
    hall.client.report_health("agent-1", &health).await.expect("told");
    let job = hall.does(issue("bien-dong")).await.print_job.expect("a job");
    assert_eq!(job.state, PrintState::Printing);
    loop {
        match next(&mut work).await {
            WorkEvent::Print(paper) => {
                assert_eq!((paper.id, paper.run.as_deref()), (job.id.clone(), Some("run-1")));
                break;
            }
            // The printer's health brought one, too.
            WorkEvent::Work(work) => assert_eq!(work.print_jobs, []),
            other => panic!("{other:?}"),
        }
    }
    let WorkEvent::Work(after) = next(&mut work).await else { panic!("the work follows") };
    assert_eq!(after.print_jobs.iter().map(|job| &job.id).collect::<Vec<_>>(), [&job.id]);
    hall.hub.stop().await;
}

/// A kiosk's speaker as its agent tells of it.
fn speaker(state: DeviceState) -> AgentHealth {
    let speaker = DeviceHealth {
        name: "speaker-1".to_owned(),
        kind: DeviceKind::Speaker,
        kiosk: Some("kiosk-1".to_owned()),
        state,
        fault: None,
        roll: None,
    };
    AgentHealth { devices: vec![speaker] }
}

#[tokio::test]
async fn help_is_refused_by_name() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let before = hall.sequence().await;
    let code = async |kiosk: &str, page: &str, language: &str| {
        let help = HelpRequest { page: page.to_owned(), language: language.to_owned() };
        hall.client.ask_help(kiosk, &help).await.err().and_then(|error| error.code().map(str::to_owned))
    };
    assert_eq!(code("kiosk-1", "services", "vi").await.as_deref(), Some("no-speaker"), "none is known");
    hall.client.report_health("agent-1", &speaker(DeviceState::Lost)).await.expect("told");
    assert_eq!(code("kiosk-1", "services", "vi").await.as_deref(), Some("no-speaker"), "it is not ready");
    hall.client.report_health("agent-1", &speaker(DeviceState::Ready)).await.expect("told");
    assert_eq!(code("kiosk-9", "services", "vi").await.as_deref(), Some("unknown-kiosk"));
    assert_eq!(code("kiosk-1", "../services", "vi").await.as_deref(), Some("bad-page"));
    assert_eq!(code("kiosk-1", "services", "ko").await.as_deref(), Some("unknown-language"));
    assert_eq!(code("kiosk-1", "services", "en").await, None, "nobody has to listen");
    let url = format!("{}/v1/kiosks/kiosk-1/help", hall.client.base());
    let answer = reqwest::Client::new().post(&url).body("{\"page\":\"services\"}").send().await.expect("an answer");
    assert_eq!(answer.status(), 400);
    assert_eq!(hall.sequence().await, before, "a moment is no event");
    hall.hub.stop().await;
}

#[tokio::test]
async fn help_reaches_each_listening_agent_once_and_nobody_later() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let mut kiosk = hall.client.kiosk_view("kiosk-1");
    until(&mut kiosk, "the first view", |k| k.view.as_ref().is_some_and(|v| !v.help)).await;
    hall.client.report_health("agent-1", &speaker(DeviceState::Ready)).await.expect("told");
    until(&mut kiosk, "that help can be heard", |k| k.view.as_ref().is_some_and(|v| v.help)).await;
    hall.does(open(1, "lan")).await;
    hall.does(issue("bien-dong")).await;
    let mut work = hall.client.work("agent-1", "run-1");
    let WorkEvent::Work(_) = next(&mut work).await else { panic!("the state comes first") };
    let ask = async |page: &str| {
        let help = HelpRequest { page: page.to_owned(), language: "en".to_owned() };
        hall.client.ask_help("kiosk-1", &help).await.expect("taken");
    };
    ask("services").await;
    let expected = Help { kiosk: "kiosk-1".to_owned(), page: "services".to_owned(), language: "en".to_owned() };
    assert_eq!(next(&mut work).await, WorkEvent::Help(expected));
    // A call after it shows that nothing else came, and that the cursor went on as if there had been no help.
    let called = hall.does(Command::CallNext { counter: 1 }).await.sequence;
    loop {
        match next(&mut work).await {
            WorkEvent::Announcement(call) => {
                assert_eq!(call.sequence, called);
                break;
            }
            WorkEvent::Work(_) => {}
            other => panic!("{other:?}"),
        }
    }
    drop(work);
    ask("fields").await;
    // Connected again, the agent gets neither: the next help is the first.
    let mut again = hall.client.work("agent-1", "run-2");
    let WorkEvent::Work(_) = next(&mut again).await else { panic!("the state comes first") };
    ask("confirm").await;
    loop {
        match next(&mut again).await {
            WorkEvent::Help(help) => {
                assert_eq!(help.page, "confirm");
                break;
            }
            WorkEvent::Work(_) => {}
            other => panic!("{other:?}"),
        }
    }
    hall.hub.stop().await;
}

#[tokio::test]
async fn help_has_no_place_in_the_stream_s_sequence() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    hall.client.report_health("agent-1", &speaker(DeviceState::Ready)).await.expect("told");
    let url = format!("{}/v1/work/agent-1", hall.client.base());
    let mut response = reqwest::Client::new().get(url).send().await.expect("opens");
    let mut text = String::new();
    let help = HelpRequest { page: "services".to_owned(), language: "vi".to_owned() };
    let mut asked = false;
    while !text.contains("\"services\"") {
        let chunk = tokio::time::timeout(Duration::from_secs(5), response.chunk()).await.expect("in time");
        text.push_str(&String::from_utf8_lossy(&chunk.expect("a chunk").expect("the stream lives")));
        if !std::mem::replace(&mut asked, true) {
            hall.client.ask_help("kiosk-1", &help).await.expect("taken");
        }
    }
    let event = text.split("\n\n").find(|event| event.contains("event: help")).expect("the event");
    assert!(!event.contains("id:"), "{event}");
    hall.hub.stop().await;
}

#[tokio::test]
async fn announcements_resume_by_sequence() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    hall.does(open(1, "lan")).await;
    hall.does(issue("bien-dong")).await;
    let called = hall.does(Command::CallNext { counter: 1 }).await.sequence;
    hall.does(Command::Recall { counter: 1 }).await;
    let read = async |last: u64| {
        let url = format!("{}/v1/work/agent-1", hall.client.base());
        let mut response = reqwest::Client::new().get(url).header("Last-Event-ID", last).send().await.expect("opens");
        let mut text = String::new();
        while !text.contains("\"expires_at\"") {
            let chunk = tokio::time::timeout(Duration::from_secs(5), response.chunk()).await.expect("in time");
            text.push_str(&String::from_utf8_lossy(&chunk.expect("a chunk").expect("the stream lives")));
        }
        text
    };
    let both = read(called - 1).await;
    assert!(both.contains(&format!("id: {called}\n")), "{both}");
    let later = read(called).await;
    assert!(
        !later.contains(&format!("id: {called}\nevent: announcement")),
        "the first call is not sent again: {later}"
    );
    assert_eq!(later.matches("event: announcement").count(), 1, "{later}");
    hall.hub.stop().await;
}

#[tokio::test]
async fn a_station_sees_the_hub_go_and_come_back() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    let mut config = common::config(data.path());
    config.listen = hall.hub.address();
    let mut display = hall.client.display_view();
    until(&mut display, "the first view", |d| d.online).await;
    hall.hub.stop().await;
    let away = until(&mut display, "the loss", |d| !d.online).await;
    assert!(away.view.is_some(), "the last view stays, marked as old");
    let hall = Hall1::start_config(config).await;
    until(&mut display, "the return", |d| d.online).await;
    hall.hub.stop().await;
}
