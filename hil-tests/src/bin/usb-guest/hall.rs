//! Scenarios of the whole product: `kiosk-app run` with hub and agent as the user `kiosk`, two USB printers, commands
//! over the LAN API, paper looked at behind the gadgets.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::Command as Run;
use std::time::{Duration, Instant};

use anyhow::Context;
use client::Hub;
use hil_tests::real_binary::Process;
use hil_tests::virtual_printer::Sheet;
use protocol::commands::Command;
use protocol::health::{DeviceHealth, DeviceState};
use protocol::views::{PrintState, TicketView};

use crate::Results;
use crate::gadget::{Gadget, WELL};
use crate::links::until;

/// User and group of `usb-bench/guest/passwd`; the group is the printers', as the udev rules want it.
const KIOSK: u32 = 1000;
const GROUP_LP: u32 = 7;
/// Port byte of a printer without paper: selected, no paper, error.
const PAPER_OUT: u8 = 0x30;
/// Patience with the hall; the longest wait in it is 10 s for a printer's confirmation.
const LIMIT: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const LOG: &str = "/tmp/kiosk-app.log";

struct Hall<'a> {
    hub: Hub,
    first: &'a Gadget,
    second: &'a Gadget,
}

/// Starts the hall and plays it.
pub async fn scenarios(results: &mut Results, first: &Gadget, second: &Gadget) -> anyhow::Result<()> {
    let mut run = Run::new("/bin/kiosk-app");
    run.args(["run", "--config", "/etc/kiosk-app/machine.toml"]).env("RUST_LOG", "info");
    run.stderr(File::create(LOG)?).uid(KIOSK).gid(GROUP_LP);
    let began = Instant::now();
    let process = Process::start(&mut run).with_context(log)?;
    println!("kiosk-app is up after {:.1?}", began.elapsed());
    let hall = Hall { hub: process.client()?, first, second };

    results.check("the_hall_finds_both_printers", hall.ready()).await?;
    results.check("each_kiosk_prints_on_its_own_printer", hall.prints()).await?;
    results.check("paper_out_is_told", hall.paper_out()).await?;
    results.check("a_stalled_printer_is_named", hall.stalled()).await?;
    let mut broken_off = None;
    results.check("unplugged_in_a_job_is_unconfirmed", hall.unplugged(&mut broken_off)).await?;
    results.check("replugged_it_prints_again", hall.replugged(broken_off)).await?;
    process.stop()?;
    println!("{}", log());
    Ok(())
}

/// The end of what the program logged.
fn log() -> String {
    let text = std::fs::read_to_string(LOG).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(80)..].join("\n")
}

impl Hall<'_> {
    /// A new ticket at a kiosk.
    async fn take(&self, kiosk: &str) -> anyhow::Result<TicketView> {
        let command = Command::issue_ticket("dat-dai-bien-dong", "normal", "vi", Some(kiosk));
        let reply = self.hub.command(&client::new_request_id(), &command).await?;
        reply.ticket.context("no ticket")
    }

    /// Waits for a printer's health.
    async fn health(&self, name: &str, holds: impl Fn(&DeviceHealth) -> bool) -> anyhow::Result<()> {
        let mut last = None;
        let seen = tokio::time::timeout(LIMIT, async {
            loop {
                let health = self.hub.health().await?;
                last = health.devices.into_iter().find(|device| device.name == name);
                if last.as_ref().is_some_and(&holds) {
                    return anyhow::Ok(());
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        });
        seen.await.with_context(|| format!("{name} is {last:?}"))?
    }

    async fn is_ready(&self, name: &str) -> anyhow::Result<()> {
        self.health(name, |device| device.state == DeviceState::Ready && device.fault.is_none()).await
    }

    async fn has_fault(&self, name: &str, code: &str) -> anyhow::Result<()> {
        self.health(name, |device| device.fault.as_ref().is_some_and(|fault| fault.code == code)).await
    }

    /// Waits until a ticket's paper is settled, and tells how.
    async fn settled(&self, kiosk: &str, ticket: &TicketView) -> anyhow::Result<PrintState> {
        let mut view = self.hub.kiosk_view(kiosk);
        let mut last = None;
        let seen = tokio::time::timeout(LIMIT, async {
            loop {
                last = view.borrow_and_update().view.as_ref().and_then(|view| {
                    view.recent.iter().find(|recent| recent.id == ticket.id).and_then(|recent| recent.print.clone())
                });
                match &last {
                    None | Some(PrintState::Pending | PrintState::Printing) => view.changed().await?,
                    Some(settled) => return anyhow::Ok(settled.clone()),
                }
            }
        });
        seen.await.with_context(|| format!("{} is {last:?}", ticket.number))?
    }

    async fn is_printed(&self, kiosk: &str, ticket: &TicketView) -> anyhow::Result<()> {
        let state = self.settled(kiosk, ticket).await?;
        anyhow::ensure!(state == PrintState::Printed, "{} at {kiosk}: {state:?}", ticket.number);
        Ok(())
    }

    async fn ready(&self) -> anyhow::Result<()> {
        self.is_ready("printer-1").await?;
        self.is_ready("printer-2").await
    }

    async fn prints(&self) -> anyhow::Result<()> {
        let sheets = |gadget: &Gadget| gadget.printer.counters().sheets;
        let one = self.take("kiosk-1").await?;
        self.is_printed("kiosk-1", &one).await?;
        anyhow::ensure!((sheets(self.first), sheets(self.second)) == (1, 0), "one sheet, from the first printer");
        let text = self.first.printer.sheets().pop().context("the sheet")?.text();
        anyhow::ensure!(text.contains(&one.number), "{} is not on it: {text}", one.number);
        let two = self.take("kiosk-2").await?;
        self.is_printed("kiosk-2", &two).await?;
        anyhow::ensure!((sheets(self.first), sheets(self.second)) == (1, 1), "the other from the second");
        for gadget in [self.first, self.second] {
            let unknown = gadget.printer.unknown_commands();
            anyhow::ensure!(unknown.is_empty(), "bytes were lost on the way: {unknown:02x?}");
        }
        Ok(())
    }

    async fn paper_out(&self) -> anyhow::Result<()> {
        self.first.printer.paper_out();
        self.first.set_port_status(PAPER_OUT)?;
        self.has_fault("printer-1", "paper-out").await?;
        self.is_ready("printer-2").await?;
        self.first.printer.load_paper(None);
        self.first.set_port_status(WELL)?;
        self.is_ready("printer-1").await?;
        // The port alone, while the printer itself says that all is well.
        self.second.set_port_status(PAPER_OUT)?;
        self.has_fault("printer-2", "paper-out").await?;
        self.is_ready("printer-1").await?;
        self.second.set_port_status(WELL)?;
        self.is_ready("printer-2").await
    }

    async fn stalled(&self) -> anyhow::Result<()> {
        let before = self.first.printer.counters().sheets;
        self.first.hold_in_next_job();
        let ticket = self.take("kiosk-1").await?;
        until("the printer's stop inside the job", LIMIT, || self.first.is_held()).await?;
        self.has_fault("printer-1", "no-answer").await?;
        let state = self.settled("kiosk-1", &ticket).await?;
        anyhow::ensure!(matches!(state, PrintState::Unconfirmed { .. }), "{state:?}");
        self.first.hold(false);
        self.is_ready("printer-1").await?;
        // What broke off was cut off: a strip without a number is none of it.
        let sheets = self.first.printer.sheets_since(before);
        let sheets = sheets.iter().filter(|sheet| sheet.text().contains(&ticket.number)).count();
        anyhow::ensure!(sheets <= 1, "the stalled ticket came out {sheets} times");
        Ok(())
    }

    async fn unplugged(&self, broken_off: &mut Option<TicketView>) -> anyhow::Result<()> {
        self.second.hold_in_next_job();
        let ticket = broken_off.insert(self.take("kiosk-2").await?);
        until("the printer's stop inside the job", LIMIT, || self.second.is_held()).await?;
        self.second.unplug()?;
        self.health("printer-2", |device| device.state == DeviceState::Lost).await?;
        let state = self.settled("kiosk-2", ticket).await?;
        anyhow::ensure!(matches!(state, PrintState::Unconfirmed { .. }), "{state:?}");
        // The other printer of the same model is untouched, and takes nobody else's place.
        let other = self.take("kiosk-1").await?;
        self.is_printed("kiosk-1", &other).await
    }

    async fn replugged(&self, broken_off: Option<TicketView>) -> anyhow::Result<()> {
        let before = self.second.printer.counters().sheets;
        let began = Instant::now();
        self.second.hold(false);
        self.second.plug_in().await?;
        self.is_ready("printer-2").await?;
        println!("ready {:.1?} after plugging in", began.elapsed());
        let next = self.take("kiosk-2").await?;
        self.is_printed("kiosk-2", &next).await?;
        let sheets = self.second.printer.sheets_since(before);
        let printed = sheets.iter().filter(|sheet| sheet.paper.ink_dots() > 0).count();
        anyhow::ensure!((1..=2).contains(&printed), "{printed} papers for the next ticket and the one that broke off");
        let lines = |sheet: &Sheet| sheet.lines.first().cloned();
        let first = self.second.printer.sheets().first().and_then(lines);
        anyhow::ensure!(sheets.last().and_then(lines) == first, "the next ticket begins as every ticket does");
        let broken_off = broken_off.context("no ticket broke off")?;
        let state = self.settled("kiosk-2", &broken_off).await?;
        anyhow::ensure!(matches!(state, PrintState::Unconfirmed { .. }), "settled by itself: {state:?}");
        Ok(())
    }
}
