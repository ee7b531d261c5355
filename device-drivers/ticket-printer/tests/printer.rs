//! The running driver against a small printer, in virtual time.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use kit::link::StatusPort;
use kit::{Health, LifeCycle, LinkConfig};
use support::{FakePrinter, Sockets};
use ticket_printer::{Block, Page, PrintOutcome, PrinterProfile, TicketPrinter};
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(120);

struct Hall {
    printer: TicketPrinter,
    fake: FakePrinter,
    sockets: mpsc::Sender<DuplexStream>,
    stop: CancellationToken,
}

impl Hall {
    /// A driver that has found no printer yet.
    fn new() -> Self {
        Self::with_port(None)
    }

    fn with_port(port: Option<StatusPort>) -> Self {
        let (sockets, wires) = mpsc::channel(4);
        let stop = CancellationToken::new();
        let profile = PrinterProfile::built_in("epson-tm-t20iii").unwrap();
        let opener = Sockets { wires, port };
        let printer = TicketPrinter::start_with("printer-1".into(), opener, None, profile, stop.clone());
        Self { printer, fake: FakePrinter::default(), sockets, stop }
    }

    /// Plugs the printer in and waits until the driver knows it. The sender unplugs it.
    async fn plug_in(&self) -> mpsc::Sender<()> {
        let (wire, unplug) = self.fake.plug_in();
        self.sockets.send(wire).await.unwrap();
        self.wait_for(|health| health.life_cycle == LifeCycle::Ready).await;
        unplug
    }

    async fn wait_for(&self, wanted: impl FnMut(&Health) -> bool) {
        let mut health = self.printer.health();
        timeout(PATIENCE, health.wait_for(wanted)).await.unwrap().unwrap();
    }

    async fn wait_for_fault(&self, code: &str) {
        self.wait_for(|health| health.fault.as_ref().is_some_and(|fault| fault.code == code)).await;
    }

    async fn print(&self, number: &str) -> String {
        let outcome = timeout(PATIENCE, self.printer.print(ticket(number))).await.unwrap();
        name(&outcome)
    }

    /// The numbers that came out on paper.
    fn paper(&self) -> Vec<String> {
        let printed = self.fake.state().printed.clone();
        let number = |page: &Vec<u8>| {
            let text = String::from_utf8_lossy(page).into_owned();
            // What was cut off before the next job may be blank.
            let start = text.find('A')?;
            Some(text[start..start + 4].to_owned())
        };
        printed.iter().filter_map(number).collect()
    }
}

fn ticket(number: &str) -> Page {
    Page { blocks: vec![Block::Number { text: number.to_owned() }] }
}

fn name(outcome: &PrintOutcome) -> String {
    match outcome {
        PrintOutcome::Printed => "printed".into(),
        PrintOutcome::NotStarted { fault } => format!("not-started {}", fault.code),
        PrintOutcome::Failed { fault } => format!("failed {}", fault.code),
        PrintOutcome::Unconfirmed { fault } => format!("unconfirmed {}", fault.code),
    }
}

#[tokio::test(start_paused = true)]
async fn a_ticket_is_printed_and_confirmed() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    assert_eq!(hall.print("A001").await, "printed");
    assert_eq!(hall.print("A002").await, "printed");
    assert_eq!(hall.paper(), ["A001", "A002"]);
    assert!(hall.fake.state().armed, "automatic status is armed again");
}

#[tokio::test(start_paused = true)]
async fn jobs_keep_their_order_and_the_queue_has_an_end() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    let numbers: Vec<String> = (1..=12).map(|n| format!("A{n:03}")).collect();
    let outcomes = tokio::join!(
        hall.print(&numbers[0]),
        hall.print(&numbers[1]),
        hall.print(&numbers[2]),
        hall.print(&numbers[3]),
        hall.print(&numbers[4]),
        hall.print(&numbers[5]),
        hall.print(&numbers[6]),
        hall.print(&numbers[7]),
        hall.print(&numbers[8]),
    );
    assert_eq!(outcomes.7, "printed");
    assert_eq!(outcomes.8, "not-started queue-full");
    assert_eq!(hall.paper(), numbers[..8]);
}

#[tokio::test(start_paused = true)]
async fn paper_out_is_known_before_anyone_prints_and_its_end_too() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    hall.fake.state().paper_out = true;
    hall.wait_for_fault("paper-out").await;
    assert_eq!(hall.print("A001").await, "not-started paper-out");
    hall.fake.state().cover_open = true;
    hall.wait_for_fault("cover-open").await;
    {
        let mut state = hall.fake.state();
        (state.paper_out, state.cover_open) = (false, false);
    }
    hall.wait_for(|health| health.life_cycle == LifeCycle::Ready).await;
    assert_eq!(hall.print("A001").await, "printed");
    assert_eq!(hall.paper(), ["A001"]);
}

#[tokio::test]
async fn the_usb_port_is_asked_beside_the_bytes() {
    let byte = Arc::new(AtomicU8::new(0x18));
    let port = {
        let byte = Arc::clone(&byte);
        StatusPort::new(move || Ok(byte.load(Ordering::Acquire)))
    };
    let hall = Hall::with_port(Some(port));
    let _plug = hall.plug_in().await;
    byte.store(0x38, Ordering::Release);
    hall.wait_for_fault("paper-out").await;
    assert_eq!(hall.print("A001").await, "not-started paper-out");
    byte.store(0x18, Ordering::Release);
    hall.wait_for(|health| health.life_cycle == LifeCycle::Ready).await;
    assert_eq!(hall.print("A001").await, "printed");
}

#[tokio::test(start_paused = true)]
async fn a_job_that_ended_at_its_cut_does_not_come_out_with_the_next_roll() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    hall.fake.state().paper_ends_at_cut = true;
    // All of it was printed before the cut: somebody has to look whether it hangs there.
    assert_eq!(hall.print("A001").await, "unconfirmed paper-out");
    // Let the driver's clearing arrive before the roll is changed.
    tokio::time::sleep(Duration::from_secs(1)).await;
    hall.fake.state().paper_out = false;
    hall.wait_for(|health| health.life_cycle == LifeCycle::Ready).await;
    assert_eq!(hall.print("A002").await, "printed");
    assert_eq!(hall.paper(), ["A002"]);
}

#[tokio::test(start_paused = true)]
async fn an_unplugged_printer_leaves_the_job_unconfirmed_and_is_found_again() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    hall.fake.state().hangs_up_at_cut = true;
    assert_eq!(hall.print("A001").await, "unconfirmed disconnected");
    hall.wait_for(|health| health.life_cycle == LifeCycle::Lost).await;
    assert!(hall.print("A002").await.starts_with("not-started "));
    let _plug = hall.plug_in().await;
    assert_eq!(hall.print("A003").await, "printed");
    assert_eq!(hall.paper(), ["A003"]);
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_was_never_there_is_absent() {
    let hall = Hall::new();
    hall.wait_for(|health| health.life_cycle == LifeCycle::Absent).await;
    assert_eq!(hall.print("A001").await, "not-started not-found");
}

#[tokio::test(start_paused = true)]
async fn a_job_given_while_the_printer_is_looked_for_ends_when_it_is_not_found() {
    let hall = Hall::new();
    assert_eq!(hall.print("A001").await, "not-started not-found");
    let _plug = hall.plug_in().await;
    assert_eq!(hall.print("A002").await, "printed");
    assert_eq!(hall.paper(), ["A002"], "the first was taken back for good");
}

#[tokio::test(start_paused = true)]
async fn silence_is_never_fine() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    hall.fake.state().silent = true;
    hall.wait_for_fault("no-answer").await;
    assert_eq!(hall.print("A001").await, "not-started no-answer");
    assert!(hall.paper().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_falls_silent_after_the_bytes_is_unconfirmed() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    hall.fake.state().silent = true;
    assert_eq!(hall.print("A001").await, "unconfirmed no-answer");
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_takes_its_waiting_job_along() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    let first = hall.printer.print(ticket("A001"));
    tokio::pin!(first);
    {
        let second = hall.printer.print(ticket("A002"));
        tokio::pin!(second);
        tokio::select! {
            biased;
            _ = &mut first => panic!("the second has not even been polled"),
            _ = &mut second => panic!("the first is before it"),
            () = std::future::ready(()) => {}
        }
    }
    assert_eq!(first.await, PrintOutcome::Printed);
    assert_eq!(hall.print("A003").await, "printed");
    assert_eq!(hall.paper(), ["A001", "A003"]);
}

#[tokio::test(start_paused = true)]
async fn after_the_stop_nothing_prints() {
    let hall = Hall::new();
    let _plug = hall.plug_in().await;
    hall.stop.cancel();
    timeout(PATIENCE, hall.sockets.closed()).await.unwrap();
    assert_eq!(hall.print("A001").await, "not-started stopped");
}

/// Over a real socket and in real time: the first byte of a job needs no answer before it leaves.
#[tokio::test]
async fn over_tcp_the_first_byte_leaves_at_once() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let printer = TicketPrinter::start(
        "printer-1".into(),
        LinkConfig::tcp(listener.local_addr().unwrap().to_string()),
        PrinterProfile::built_in("epson-tm-t20iii").unwrap(),
        CancellationToken::new(),
    );
    let (mut wire, _) = timeout(PATIENCE, listener.accept()).await.unwrap().unwrap();
    wire.write_all(b"\x10\x00\x00\x0f_EPSON\x00").await.unwrap();
    let mut health = printer.health();
    timeout(PATIENCE, health.wait_for(|health| health.life_cycle == LifeCycle::Ready)).await.unwrap().unwrap();
    let began = Instant::now();
    let job = tokio::spawn(async move { printer.print(ticket("A001")).await });
    let mut seen = Vec::new();
    while !seen.windows(4).any(|window| window == b"A001") {
        assert!(timeout(PATIENCE, wire.read_buf(&mut seen)).await.unwrap().unwrap() > 0);
    }
    assert!(began.elapsed() < Duration::from_millis(500), "no answer was waited for");
    drop(wire);
    let outcome = timeout(PATIENCE, job).await.unwrap().unwrap();
    assert_eq!(name(&outcome), "unconfirmed disconnected");
}
