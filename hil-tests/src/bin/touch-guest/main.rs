//! The program inside the touch bench's guest: a finger on a real touch screen device, a virtual printer, and the real
//! `kiosk-app` with hub, agent and kiosk on the bare screen. It reports one line a scenario.
//!
//! Only the bench starts it (`touch-bench/run`): it wants root, `/dev/uinput` and nobody else on the machine.

mod finger;
mod keyboard;
mod places;

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::chown;
use std::process::Command as Run;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use client::Hub;
use finger::Finger;
use hil_tests::real_binary::Process;
use hil_tests::virtual_printer::{Model, VirtualPrinter};
use hil_tests::whole_hall::printer_is_ready;
use places::Place;
use protocol::views::{KioskView, PrintState, TicketView};
use tokio::runtime::Runtime;

/// The screen, in dots.
pub(crate) const WIDTH: i32 = 1080;
pub(crate) const HEIGHT: i32 = 1920;
/// The kiosk of `touch_bench.rs`.
pub(crate) const KIOSK: &str = "kiosk-1";
/// Where the printer of its devices file is.
const PRINTER: &str = "/run/printer";
/// The user that the kiosk runs as, in the guest's files.
const KIOSK_USER: u32 = 1000;
/// The console that the kiosk's screen belongs to.
pub(crate) const FIRST_CONSOLE: &str = "tty1";
const LOG: &str = "/tmp/kiosk-app.log";
/// Patience with anything: the guest is emulated.
const LIMIT: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// A page has changed and stands still.
const NEXT_PAGE: Duration = Duration::from_millis(2500);
/// After the last touch the number comes within this, or the way is gone once more.
const NUMBER: Duration = Duration::from_secs(6);
/// How often the way is gone: a touch may come while a page is still sliding.
const ROUNDS: usize = 3;

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: touch-guest RESULTS_FILE")?;
    let file = OpenOptions::new().read(true).write(true).open(&path).with_context(|| path.clone())?;
    let mut results = Results { answers: BufReader::new(file.try_clone()?), file };
    let runtime = Runtime::new()?;
    if let Err(error) = scenarios(&mut results, &runtime) {
        println!("{error:#}");
    }
    println!("{}", log());
    writeln!(results.file, "DONE").context("results cannot be written")
}

/// Where the lines go, and where the answers to them come from.
struct Results {
    file: File,
    answers: BufReader<File>,
}

impl Results {
    /// Writes how a scenario went; the next ones need it, so an error ends the run.
    fn check<T>(&mut self, name: &str, scenario: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let began = Instant::now();
        let ended = scenario();
        let line = match &ended {
            Ok(_) => format!("PASS {name}"),
            Err(error) => format!("FAIL {name} {}", format!("{error:#}").replace('\n', " / ")),
        };
        println!("{line} after {:.1?}", began.elapsed());
        writeln!(self.file, "{line}").context("results cannot be written")?;
        ended
    }

    /// Has a picture of the screen taken, and waits until it is.
    fn snapshot(&mut self, name: &str) -> anyhow::Result<()> {
        writeln!(self.file, "SNAP {name}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        ensure!(answer.trim() == "seen", "the picture {name} was answered by {answer:?}");
        Ok(())
    }
}

fn scenarios(results: &mut Results, runtime: &Runtime) -> anyhow::Result<()> {
    let mut finger = results.check("a_multitouch_device_is_a_touch_screen", || {
        let mut finger = Finger::plug_in(WIDTH, HEIGHT)?;
        let node = finger.node()?;
        run("udevadm", &["settle", "--timeout=10"])?;
        let properties = run("udevadm", &["info", "--query=property", &node.display().to_string()])?;
        ensure!(properties.contains("ID_INPUT_TOUCHSCREEN=1"), "{properties}");
        Ok(finger)
    })?;
    results.check("the_consoles_keys_work", keyboard::switches_consoles)?;
    results.check("the_console_is_shut", keyboard::shut_the_console)?;
    let printer = runtime.block_on(VirtualPrinter::on_pty(PRINTER, Model::epson_80mm()))?;
    chown(PRINTER, Some(KIOSK_USER), None)?;
    let (process, hub) = results.check("the_kiosk_shows_a_page_on_the_bare_screen", || {
        let process = start()?;
        until("the first frame", || Ok(log().contains("first frame").then_some(())))?;
        let hub = process.client()?;
        runtime.block_on(printer_is_ready(&hub, KIOSK, LIMIT))?;
        Ok((process, hub))
    })?;
    let way = results.check("the_way_to_a_ticket_is_known", || {
        let hall = runtime.block_on(hub.hall())?;
        places::way_to_a_ticket(&hub, &hall, runtime.handle())
    })?;
    for place in &way {
        println!("{:?} is `{}`", place.middle, place.words);
    }
    results.check("a_keyboard_finds_no_way_out", || {
        keyboard::tries_every_way_out()?;
        ensure!(keyboard::console()? == FIRST_CONSOLE, "the console is {}", keyboard::console()?);
        // The next page by finger shows that the window is there, too.
        runtime.block_on(hub.hall()).context("the program is gone")?;
        ensure!(!log().contains("panicked"), "{}", log());
        Ok(())
    })?;
    results.snapshot("first-page")?;
    let mut view = View { hub: &hub, runtime };
    ensure!(view.tickets()?.is_empty(), "there is a ticket already");
    let ticket = results.check("a_finger_takes_a_ticket", || take(&mut finger, &way, &mut view))?;
    // The emulated screen draws a whole page slowly.
    std::thread::sleep(NEXT_PAGE);
    results.snapshot("ticket")?;
    writeln!(results.file, "TICKET {}", ticket.number)?;
    results.check("its_paper_comes_out_once", || {
        until("the printer's word", || {
            let tickets = view.tickets()?;
            let print = tickets.first().and_then(|ticket| ticket.print.clone());
            Ok((print == Some(PrintState::Printed)).then_some(()))
        })?;
        let sheets = printer.sheets();
        ensure!(sheets.len() == 1, "{} sheets", sheets.len());
        ensure!(sheets.iter().all(|sheet| sheet.text().contains(&ticket.number)), "not of {}", ticket.number);
        ensure!(view.tickets()?.len() == 1, "{} tickets", view.tickets()?.len());
        Ok(())
    })?;
    process.stop()?;
    Ok(())
}

/// The product, on the screen itself.
fn start() -> anyhow::Result<Process> {
    let mut command = Run::new("su");
    command.args(["kiosk", "-c", "exec kiosk-app run --config /etc/kiosk-app/machine.toml"]);
    command.env("RUST_LOG", "info").env("NO_COLOR", "1");
    command.stderr(File::create(LOG)?);
    Process::start(&mut command).with_context(log)
}

/// Goes the way until there is a ticket.
fn take(finger: &mut Finger, way: &[Place], view: &mut View) -> anyhow::Result<TicketView> {
    for round in 1..=ROUNDS {
        for place in way {
            finger.tap(place.middle)?;
            std::thread::sleep(NEXT_PAGE);
        }
        let began = Instant::now();
        while began.elapsed() < NUMBER {
            if let Some(ticket) = view.tickets()?.into_iter().next() {
                println!("ticket {} in round {round}", ticket.number);
                return Ok(ticket);
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }
    bail!("no ticket after {ROUNDS} rounds")
}

/// The hub as the kiosk sees it.
struct View<'a> {
    hub: &'a Hub,
    runtime: &'a Runtime,
}

impl View<'_> {
    /// The tickets taken at the kiosk, newest first.
    fn tickets(&mut self) -> anyhow::Result<Vec<TicketView>> {
        let recent = async { anyhow::Ok(view_of(self.hub).await?.recent.clone()) };
        self.runtime
            .block_on(async { tokio::time::timeout(LIMIT, recent).await.context("the hub's view of the kiosk")? })
    }
}

/// The kiosk's view, once there is one.
async fn view_of(hub: &Hub) -> anyhow::Result<Arc<KioskView>> {
    let mut views = hub.kiosk_view(KIOSK);
    let first = views.wait_for(|now| now.view.is_some()).await?;
    first.view.clone().context("a view")
}

fn until<T>(what: &str, mut look: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let began = Instant::now();
    while began.elapsed() < LIMIT {
        if let Some(found) = look()? {
            return Ok(found);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    bail!("{what} did not come within {LIMIT:?}")
}

fn run(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Run::new(program).args(arguments).output().with_context(|| program.to_owned())?;
    ensure!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The end of what the program logged.
fn log() -> String {
    let text = std::fs::read_to_string(LOG).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(80)..].join("\n")
}
