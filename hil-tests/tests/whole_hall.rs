//! The real binary, end to end: driven over the LAN API, with a virtual printer, board, sound card and central.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command as Run;
use std::sync::OnceLock;
use std::time::Duration;

use client::Linked;
use hil_tests::real_binary::{Process, build, write_config};
use hil_tests::whole_hall::Bench;
use protocol::commands::{Command, CommandReply};
use protocol::health::{DeviceHealth, DeviceKind, DeviceState, HubHealth};
use protocol::views::{KioskView, PrintState};
use tokio::sync::watch;

const LIMIT: Duration = Duration::from_secs(30);

fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| build(&[]).unwrap())
}

struct Hall {
    bench: Bench,
    process: Process,
    client: client::Hub,
    _directory: tempfile::TempDir,
}

impl Hall {
    /// The hall of `kiosk-app run`, with this ALSA configuration.
    async fn start(alsa: impl FnOnce(&Path) -> PathBuf) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bench = Bench::plug_in(directory.path()).await.unwrap();
        let config = write_config(directory.path(), "127.0.0.1:0", Some(&bench.central.url())).unwrap();
        let alsa = alsa(directory.path());
        let mut run = Run::new(binary());
        run.arg("run").arg("--config").arg(config).env("ALSA_CONFIG_PATH", alsa).env("RUST_LOG", "warn");
        let process = Process::start(&mut run).unwrap();
        let client = process.client().unwrap();
        Self { bench, process, client, _directory: directory }
    }

    async fn does(&self, command: Command) -> CommandReply {
        let text = format!("{command:?}");
        let reply = self.client.command(&client::new_request_id(), &command).await;
        reply.unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    async fn take(&self, service: &str) -> CommandReply {
        self.does(Command::issue_ticket(service, "normal", "vi", Some("kiosk-1"))).await
    }

    async fn health(&self, what: &str, mut holds: impl FnMut(&HubHealth) -> bool) {
        let seen = tokio::time::timeout(LIMIT, async {
            let mut view = self.client.counter_view(1);
            loop {
                if holds(&self.client.health().await.unwrap()) {
                    return;
                }
                // Health reaches the views at once; that is the sign to look again.
                drop(tokio::time::timeout(Duration::from_secs(1), view.changed()).await);
            }
        });
        seen.await.unwrap_or_else(|_| panic!("{what} was not seen"));
    }
}

fn device(health: &HubHealth, kind: DeviceKind) -> Option<&DeviceHealth> {
    health.devices.iter().find(|d| d.kind == kind)
}

fn state_of(health: &HubHealth, kind: DeviceKind) -> Option<DeviceState> {
    device(health, kind).map(|d| d.state)
}

async fn until(view: &mut watch::Receiver<Linked<KioskView>>, what: &str, mut holds: impl FnMut(&KioskView) -> bool) {
    let seen = view.wait_for(|v| v.view.as_ref().is_some_and(|v| holds(v)));
    tokio::time::timeout(LIMIT, seen).await.unwrap_or_else(|_| panic!("{what} was not seen")).unwrap();
}

fn silent_card(directory: &Path) -> PathBuf {
    hil_tests::demo::alsa_config(directory).unwrap()
}

fn no_card(directory: &Path) -> PathBuf {
    let path = directory.join("alsa.conf");
    std::fs::write(&path, "").unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ticket_from_touch_to_central() {
    let hall = Hall::start(silent_card).await;
    let ready = |h: &HubHealth| h.devices.len() == 3 && h.devices.iter().all(|d| d.state == DeviceState::Ready);
    hall.health("three devices ready", ready).await;
    let mut kiosk = hall.client.kiosk_view("kiosk-1");
    let ticket = hall.take("dat-dai-bien-dong").await.ticket.unwrap();
    assert_eq!(ticket.number, "A001");
    assert!(hall.bench.printer.wait_for_sheets(1, LIMIT).await, "paper comes out");
    let sheet = hall.bench.printer.sheets().remove(0);
    assert!(sheet.text().contains("A001"), "{}", sheet.text());
    assert_eq!(hall.bench.printer.unknown_commands(), Vec::<Vec<u8>>::new());
    let printed = |v: &KioskView| v.recent.first().is_some_and(|t| t.print == Some(PrintState::Printed));
    until(&mut kiosk, "the confirmed paper", printed).await;

    hall.does(Command::OpenCounter { counter: 3, officer: "nguyen-thi-lan".to_owned() }).await;
    hall.does(Command::CallNext { counter: 3 }).await;
    assert!(hall.bench.board.wait_for_text(|text| text.contains("A001"), LIMIT).await.is_some(), "the board shows it");
    hall.does(Command::StartServing { counter: 3 }).await;
    hall.does(Command::finish_serving(3)).await;
    let rate = Command::rate_service(&ticket.id, "very-satisfied");
    let rated = hall.does(rate.clone()).await;
    let twice = hall.client.command("second-rating", &rate).await.unwrap_err();
    assert_eq!(twice.code(), Some("already-rated"));
    assert!(hall.bench.central.wait_for_sequence(rated.sequence, LIMIT).await, "the province has it all");
    let names: Vec<String> = hall.bench.central.events().iter().map(|e| e.event["data"]["event"].to_string()).collect();
    let expected = [
        "day_opened",
        "ticket_issued",
        "print_started",
        "ticket_printed",
        "counter_opened",
        "ticket_called",
        "serving_started",
        "serving_finished",
        "service_rated",
    ];
    assert_eq!(names, expected.map(|name| format!("{name:?}")));
    assert_eq!(hall.bench.central.counters().in_flight_max, 1);
    assert_eq!(hall.process.stop().unwrap().code(), Some(0), "SIGTERM ends it in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_fail_are_named_and_lose_nothing() {
    let hall = Hall::start(no_card).await;
    hall.health("no sound card named", |h| {
        device(h, DeviceKind::Speaker).and_then(|d| d.fault.as_ref()).is_some_and(|f| f.code == "no-audio-device")
    })
    .await;
    hall.health("the printer", |h| state_of(h, DeviceKind::TicketPrinter) == Some(DeviceState::Ready)).await;

    assert!(hall.bench.printer.hang_up().await, "the cable is pulled");
    hall.health("the lost printer", |h| state_of(h, DeviceKind::TicketPrinter) == Some(DeviceState::Lost)).await;
    let first = hall.take("ho-tich-khai-sinh").await.ticket.unwrap();
    assert_eq!(first.print, Some(PrintState::Pending), "the ticket exists without its paper");
    let mut kiosk = hall.client.kiosk_view("kiosk-1");
    until(&mut kiosk, "the kiosk's lost printer", |v| v.printer.as_ref().is_some_and(|p| p.fault.is_some())).await;
    assert!(hall.bench.printer.plug_in().await, "the cable is back");
    assert!(hall.bench.printer.wait_for_sheets(1, LIMIT).await, "the paper comes later");
    until(&mut kiosk, "the confirmation", |v| {
        v.recent.first().is_some_and(|t| t.id == first.id && t.print == Some(PrintState::Printed))
    })
    .await;

    hall.bench.printer.open_cover();
    hall.health("the open cover", |h| {
        let fault = device(h, DeviceKind::TicketPrinter).and_then(|d| d.fault.as_ref());
        fault.is_some_and(|f| f.code == "cover-open" && !f.action.is_empty())
    })
    .await;
    hall.take("ho-tich-khai-sinh").await;
    hall.bench.printer.close_cover();
    assert!(hall.bench.printer.wait_for_sheets(2, LIMIT).await, "the paper comes once the cover is closed");

    hall.does(Command::OpenCounter { counter: 1, officer: "nguyen-thi-lan".to_owned() }).await;
    hall.does(Command::CallNext { counter: 1 }).await;
    assert!(hall.bench.board.wait_for_text(|text| text.contains("B001"), LIMIT).await.is_some());
    assert!(hall.bench.board.hang_up().await, "the board's cable is pulled");
    hall.health("the lost board", |h| state_of(h, DeviceKind::NumberBoard) == Some(DeviceState::Lost)).await;
    hall.bench.board.power_cycle();
    assert!(hall.bench.board.plug_in().await);
    let repainted = hall.bench.board.wait_for_text(|text| text.contains("B001"), LIMIT).await;
    assert!(repainted.is_some(), "the board is painted again after it came back");
    assert_eq!(hall.bench.printer.sheets().len(), 2, "nothing is printed twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hall_works_while_central_misbehaves() {
    use hil_tests::virtual_central::DropMoment;
    let hall = Hall::start(no_card).await;
    let central = &hall.bench.central;
    central.drop_connection(1, DropMoment::AfterStoring);
    central.answer_with(503, 1, Some(Duration::from_secs(1)));
    central.garble_answers(1);
    central.reject_sequence(3, "no such kiosk");
    let mut last = 0;
    for _ in 0..5 {
        last = hall.take("chung-thuc-ban-sao").await.sequence;
    }
    // Central may have everything before the hub knows it: the answer is what was lost.
    let settled = |h: &HubHealth| h.quarantined == 1 && h.central_fault.is_none() && h.central_sequence >= Some(last);
    hall.health("central has caught up, one event in quarantine", settled).await;
    let counters = central.counters();
    assert_eq!((counters.gaps, counters.in_flight_max), (0, 1), "{counters:?}");
    assert!(counters.duplicates > 0, "the answer that was lost made the hall send again");
    let sequences: Vec<u64> = central.events().iter().map(|e| e.sequence).collect();
    assert!(sequences.windows(2).all(|pair| pair[0] < pair[1]), "in order, each once: {sequences:?}");
    assert!(!sequences.contains(&3), "the rejected one is not stored");
}
