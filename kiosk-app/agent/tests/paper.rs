//! A real hub, a real agent and a small printer on a TCP port: what the hub believes about paper is true.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;
#[path = "../../hub/tests/common/mod.rs"]
mod hall;

use std::path::Path;

use agent::{Agent, AgentConfig, AgentError, DeviceConfig};
use client::Linked;
use common::{FakePrinter, PATIENCE};
use hall::{Hall1, config, issue, open};
use protocol::commands::{Command, StaffPaperKind};
use protocol::health::{DeviceHealth, DeviceState};
use protocol::views::{KioskView, PrintState, TicketView};
use ticket_printer::PrinterProfile;
use tokio::io::AsyncReadExt;
use tokio::sync::watch;
use tokio::time::timeout;

fn printer(name: &str, kiosk: &str, link: kit::LinkConfig) -> DeviceConfig {
    let profile = PrinterProfile::built_in("epson-tm-t20iii").unwrap();
    let (name, kiosk) = (name.to_owned(), kiosk.to_owned());
    DeviceConfig::TicketPrinter { name, kiosk, share: 1, roll_metres: None, link, profile }
}

struct Bench {
    hall: Hall1,
    fake: FakePrinter,
    kiosk: watch::Receiver<Linked<KioskView>>,
}

impl Bench {
    async fn start(data: &Path) -> Self {
        let hall = Hall1::start(data).await;
        let kiosk = hall.client.kiosk_view("kiosk-1");
        Self { fake: FakePrinter::start().await, kiosk, hall }
    }

    fn agent(&self) -> Agent {
        let devices = vec![printer("printer-1", "kiosk-1", self.fake.link())];
        Agent::start(AgentConfig { name: "agent-1".to_owned(), devices }, self.hall.client.clone()).unwrap()
    }

    async fn issue(&self) -> TicketView {
        self.hall.does(issue("bien-dong")).await.ticket.unwrap()
    }

    async fn until(&mut self, what: &str, mut holds: impl FnMut(&KioskView) -> bool) {
        let seen = self.kiosk.wait_for(|kiosk| kiosk.view.as_ref().is_some_and(|view| holds(view)));
        timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("{what} did not come")).unwrap();
    }

    async fn until_print(&mut self, number: &str, wanted: &PrintState) {
        self.until(&format!("{number} as {wanted:?}"), |view| print_state(view, number) == Some(wanted)).await;
    }

    async fn until_printer(&mut self, what: &str, holds: impl Fn(&DeviceHealth) -> bool) {
        self.until(what, |view| view.printer.as_ref().is_some_and(&holds)).await;
    }

    async fn until_ready(&mut self) {
        self.until_printer("a ready printer", |printer| printer.state == DeviceState::Ready).await;
    }

    async fn until_fault(&mut self, code: &str) {
        self.until_printer(code, |printer| printer.fault.as_ref().is_some_and(|fault| fault.code == code)).await;
    }

    fn print_state(&self, number: &str) -> Option<PrintState> {
        print_state(self.kiosk.borrow().view.as_ref()?, number).cloned()
    }
}

fn print_state<'a>(view: &'a KioskView, number: &str) -> Option<&'a PrintState> {
    view.recent.iter().find(|ticket| ticket.number == number)?.print.as_ref()
}

#[tokio::test]
async fn a_ticket_prints_once_and_a_reprint_says_so() {
    let data = tempfile::tempdir().unwrap();
    let mut bench = Bench::start(data.path()).await;
    let agent = bench.agent();
    let first = bench.issue().await;
    bench.until_print("A001", &PrintState::Printed).await;
    bench.issue().await;
    bench.until_print("A002", &PrintState::Printed).await;
    assert_eq!(bench.fake.now().numbers(), ["A001", "A002"]);
    assert!(!bench.fake.now().pages.concat().contains("REPRINT"));
    bench.hall.does(Command::ReprintTicket { ticket: first.id }).await;
    bench.fake.until("a third page", |state| state.pages.len() == 3).await;
    assert!(bench.fake.now().pages[2].contains("REPRINT"));
    bench.until_print("A001", &PrintState::Printed).await;
    agent.stop().await;
    assert_eq!(bench.fake.now().pages.len(), 3);
}

#[tokio::test]
async fn without_paper_tickets_wait_and_print_after_the_refill() {
    let data = tempfile::tempdir().unwrap();
    let mut bench = Bench::start(data.path()).await;
    bench.fake.change(|state| state.paper_out = true);
    let agent = bench.agent();
    bench.until_fault("paper-out").await;
    bench.issue().await;
    bench.issue().await;
    // The agent has seen the tickets when it tells of the cover.
    bench.fake.change(|state| state.cover_open = true);
    bench.until_fault("cover-open").await;
    assert_eq!(bench.print_state("A001"), Some(PrintState::Pending));
    bench.fake.change(|state| (state.paper_out, state.cover_open) = (false, false));
    bench.until_print("A002", &PrintState::Printed).await;
    assert_eq!(bench.print_state("A001"), Some(PrintState::Printed));
    assert_eq!(bench.fake.now().numbers(), ["A001", "A002"]);
    agent.stop().await;
}

#[tokio::test]
async fn a_printer_that_is_cut_off_leaves_the_job_unconfirmed_for_good() {
    let data = tempfile::tempdir().unwrap();
    let mut bench = Bench::start(data.path()).await;
    let agent = bench.agent();
    bench.until_ready().await;
    bench.fake.change(|state| state.hangs_up_at_cut = true);
    bench.issue().await;
    bench
        .until("the end of A001", |view| matches!(print_state(view, "A001"), Some(PrintState::Unconfirmed { .. })))
        .await;
    bench.issue().await;
    bench.until_print("A002", &PrintState::Printed).await;
    assert_eq!(bench.fake.now().numbers(), ["A002"], "the first is never printed again");
    agent.stop().await;
}

/// A second printer at the kiosk of the bench.
struct Pair {
    bench: Bench,
    second: FakePrinter,
    _agent: Agent,
}

impl Pair {
    async fn start(data: &Path) -> Self {
        let mut bench = Bench::start(data).await;
        let second = FakePrinter::start().await;
        let devices =
            vec![printer("printer-1", "kiosk-1", bench.fake.link()), printer("printer-2", "kiosk-1", second.link())];
        let config = AgentConfig { name: "agent-1".to_owned(), devices };
        let _agent = Agent::start(config, bench.hall.client.clone()).unwrap();
        let ready = |view: &KioskView| {
            view.printers.len() == 2 && view.printers.iter().all(|printer| printer.state == DeviceState::Ready)
        };
        bench.until("two ready printers", ready).await;
        Self { bench, second, _agent }
    }
}

#[tokio::test]
async fn when_one_printer_of_a_kiosk_is_ill_the_other_prints_and_the_kiosk_shows_no_trouble() {
    let data = tempfile::tempdir().unwrap();
    let Pair { mut bench, second, _agent } = Pair::start(data.path()).await;
    bench.fake.change(|state| state.paper_out = true);
    bench.until("the first is ill", |view| view.printers[0].state == DeviceState::Degraded).await;
    let shown = bench.kiosk.borrow().view.clone().unwrap();
    let now = shown.printer.as_ref().unwrap();
    assert_eq!((now.name.as_str(), now.state), ("printer-2", DeviceState::Ready));
    bench.issue().await;
    bench.until_print("A001", &PrintState::Printed).await;
    assert_eq!((second.now().numbers(), bench.fake.now().pages.len()), (vec!["A001"], 0));
    second.change(|state| state.cover_open = true);
    bench.until_fault("paper-out").await;
    bench.issue().await;
    second.change(|state| state.cover_open = false);
    bench.until_print("A002", &PrintState::Printed).await;
    assert_eq!(second.now().numbers(), ["A001", "A002"]);
}

#[tokio::test]
async fn a_paper_that_breaks_off_for_sure_comes_out_of_the_other_printer_and_counts_on_its_roll() {
    let data = tempfile::tempdir().unwrap();
    let Pair { mut bench, second, _agent } = Pair::start(data.path()).await;
    // It takes the job and stops before anything is printed.
    bench.fake.change(|state| state.slow = true);
    let ticket = bench.issue().await;
    bench.fake.until("the ticket's bytes", |state| state.waiting > 100).await;
    bench.fake.change(|state| state.paper_out = true);
    bench.until_print("A001", &PrintState::Printed).await;
    assert_eq!((second.now().numbers(), bench.fake.now().pages.len()), (vec!["A001"], 0));
    let used = |view: &KioskView| view.printers[1].roll.is_some_and(|roll| roll.printed_mm > 50);
    bench.until("the second roll's count", used).await;
    bench.hall.does(Command::ChangeRoll { kiosk: "kiosk-1".into(), printer: "printer-2".into() }).await;
    bench.until("a new roll", |view| view.printers[1].roll.is_some_and(|roll| roll.printed_mm == 0)).await;
    bench.fake.change(|state| (state.paper_out, state.slow) = (false, false));
    bench.until("both again", |view| view.printers.iter().all(|p| p.state == DeviceState::Ready)).await;
    assert_eq!(bench.fake.now().numbers(), Vec::<&str>::new(), "the first has forgotten {}", ticket.number);
}

#[tokio::test]
async fn staff_get_a_test_page_and_the_day_in_figures() {
    let data = tempfile::tempdir().unwrap();
    let mut bench = Bench::start(data.path()).await;
    let _agent = bench.agent();
    bench.until_ready().await;
    bench.issue().await;
    bench.until_print("A001", &PrintState::Printed).await;
    for paper in [StaffPaperKind::Test, StaffPaperKind::Summary] {
        let pages = bench.fake.now().pages.len();
        let ask = Command::PrintStaffPaper { kiosk: "kiosk-1".to_owned(), paper };
        // One at a time: the next may be asked for once the one before it is settled.
        let asked = async {
            loop {
                if let Ok(reply) = bench.hall.client.command_once(&client::new_request_id(), &ask).await {
                    return reply;
                }
                tokio::task::yield_now().await;
            }
        };
        let asked = timeout(PATIENCE, asked).await.expect("it is settled");
        assert_eq!(asked.print_job.map(|job| job.state), Some(PrintState::Pending));
        bench.fake.until("the staff's paper", |state| state.pages.len() > pages).await;
        let page = bench.fake.now().pages[pages].clone();
        assert_eq!(page.contains("TEST"), paper == StaffPaperKind::Test, "{page}");
    }
    assert_eq!(bench.print_state("A001"), Some(PrintState::Printed));
}

#[tokio::test]
async fn the_job_of_an_agent_that_died_is_unconfirmed_and_not_printed_again() {
    let data = tempfile::tempdir().unwrap();
    let mut bench = Bench::start(data.path()).await;
    bench.issue().await;
    bench.until_print("A001", &PrintState::Pending).await;
    let mut work = bench.hall.client.work("agent-1", "another-run");
    let Some(client::WorkEvent::Work(seen)) = timeout(PATIENCE, work.recv()).await.unwrap() else {
        panic!("no work");
    };
    bench.hall.does(Command::StartPrint { job: seen.print_jobs[0].id.clone() }).await;
    let agent = bench.agent();
    bench.until_print("A001", &PrintState::Unconfirmed { reason: "agent-restarted".to_owned() }).await;
    bench.issue().await;
    bench.until_print("A002", &PrintState::Printed).await;
    assert_eq!(bench.fake.now().numbers(), ["A002"]);
    agent.stop().await;
}

#[tokio::test]
async fn a_hub_that_is_away_during_the_print_hears_of_it_later() {
    let data = tempfile::tempdir().unwrap();
    let mut bench = Bench::start(data.path()).await;
    let agent = bench.agent();
    bench.until_ready().await;
    bench.fake.change(|state| state.slow = true);
    bench.issue().await;
    bench.fake.until("the ticket's bytes", |state| state.waiting > 100).await;
    let address = bench.hall.hub.address();
    bench.hall.hub.stop().await;
    bench.fake.change(|state| state.slow = false);
    bench.fake.until("the page", |state| state.pages.len() == 1).await;
    let mut same = config(data.path());
    same.listen = address;
    bench.hall = Hall1::start_config(same).await;
    bench.until_print("A001", &PrintState::Printed).await;
    bench.issue().await;
    bench.until_print("A002", &PrintState::Printed).await;
    assert_eq!(bench.fake.now().numbers(), ["A001", "A002"]);
    agent.stop().await;
}

#[tokio::test]
async fn a_stop_waits_for_the_paper_and_its_report() {
    let data = tempfile::tempdir().unwrap();
    let mut bench = Bench::start(data.path()).await;
    let agent = bench.agent();
    bench.until_ready().await;
    bench.fake.change(|state| state.slow = true);
    bench.issue().await;
    bench.fake.until("the ticket's bytes", |state| state.waiting > 100).await;
    let stopped = agent.stop();
    tokio::pin!(stopped);
    begin(stopped.as_mut()).await;
    bench.fake.change(|state| state.slow = false);
    timeout(PATIENCE, stopped).await.unwrap();
    bench.until_print("A001", &PrintState::Printed).await;
}

/// Begins a future without waiting for its end.
async fn begin(mut future: std::pin::Pin<&mut impl Future<Output = ()>>) {
    std::future::poll_fn(|context| {
        let _ = future.as_mut().poll(context);
        std::task::Poll::Ready(())
    })
    .await;
}

#[tokio::test]
async fn a_call_reaches_the_board() {
    let data = tempfile::tempdir().unwrap();
    let hall = Hall1::start(data.path()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let board = DeviceConfig::NumberBoard {
        name: "board-1".to_owned(),
        link: kit::LinkConfig::tcp(listener.local_addr().unwrap().to_string()),
        profile: number_board::BoardProfile::built_in("alpha-betabrite").unwrap(),
        counters: Vec::new(),
    };
    let config = AgentConfig { name: "agent-1".to_owned(), devices: vec![board] };
    let agent = Agent::start(config, hall.client.clone()).unwrap();
    let (mut wire, _) = timeout(PATIENCE, listener.accept()).await.unwrap().unwrap();
    hall.does(open(1, "lan")).await;
    hall.does(issue("bien-dong")).await;
    hall.does(Command::CallNext { counter: 1 }).await;
    let mut shown = Vec::new();
    while !shown.windows(8).any(|text| text == b"A001 > 1") {
        assert!(timeout(PATIENCE, wire.read_buf(&mut shown)).await.unwrap().unwrap() > 0);
    }
    agent.stop().await;
}

#[tokio::test]
async fn configuration_that_cannot_be_meant_is_refused() {
    let hub = client::Hub::new("http://127.0.0.1:9", None).unwrap();
    let link = || kit::LinkConfig::tcp("127.0.0.1:9");
    let speaker = DeviceConfig::Speaker {
        name: "voice".to_owned(),
        kiosk: None,
        calls: true,
        clips: "/nowhere".into(),
        volume: 1.0,
    };
    for (devices, says) in [
        (vec![printer("p", "kiosk-1", link()), printer("p", "kiosk-2", link())], "p: this name is taken"),
        (vec![speaker], "voice: /nowhere/voice.toml"),
        ((0..65).map(|n| printer(&n.to_string(), &n.to_string(), link())).collect(), "65 devices"),
    ] {
        let config = AgentConfig { name: "agent-1".to_owned(), devices };
        let error: AgentError = Agent::start(config, hub.clone()).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}
