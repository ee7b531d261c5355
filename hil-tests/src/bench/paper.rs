//! From the touch to the first byte at the printer, and the bytes of a ticket.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use protocol::commands::Command;

use super::{disk, line, median};
use crate::whole_hall::{WholeHall, printer_is_ready};

/// Tickets timed.
const TICKETS: usize = 40;
const LIMIT: Duration = Duration::from_secs(20);

/// Prints the time from a kiosk's command to the first byte that the printer gets, beside a raw commit.
///
/// # Errors
/// When a ticket does not come out.
pub fn touch_to_first_byte(directory: &Path, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    let raw = disk::RawCommits::open(directory)?;
    let (times, commits, bytes) = runtime.block_on(async {
        let hall = WholeHall::start(directory).await?;
        let timed = tickets(&hall, &raw).await;
        hall.stop().await;
        timed
    })?;
    let (milliseconds, raw) = (median(times) * 1e3, median(commits) * 1e3);
    line("touch_to_first_printer_byte", milliseconds, "ms", Some(("raw-sqlite-full-commit-ms", raw)));
    line("bytes_per_ticket_epson_tm_t20iii", median(bytes), "bytes", None);
    Ok(())
}

/// Times of the first bytes, of a raw commit just before each touch, and the bytes of the papers.
async fn tickets(hall: &WholeHall, raw: &disk::RawCommits) -> anyhow::Result<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    let client = hall.client()?;
    let mut kiosk = client.kiosk_view("kiosk-1");
    printer_is_ready(&client, "kiosk-1", LIMIT).await?;
    let printer = &hall.bench.printer;
    let (mut times, mut commits, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    for n in 1..=TICKETS {
        let command = Command::issue_ticket("dat-dai-bien-dong", "normal", "vi", Some("kiosk-1"));
        commits.push(raw.commit()?);
        let touched = Instant::now();
        let taken = client.command(&client::new_request_id(), &command).await?.ticket.context("a ticket")?;
        ensure!(printer.wait_for_sheets(n as u64, LIMIT).await, "ticket {n} did not come out");
        let sheet = printer.sheets().pop().context("a sheet")?;
        let first = sheet.first_byte.context("the moment of its first byte")?;
        times.push(first.saturating_duration_since(touched).as_secs_f64());
        bytes.push(sheet.raw.len() as f64);
        let printed = kiosk.wait_for(|k| {
            let newest = k.view.as_ref().and_then(|v| v.recent.first());
            newest.is_some_and(|t| t.id == taken.id && t.print == Some(protocol::views::PrintState::Printed))
        });
        tokio::time::timeout(LIMIT, printed).await.context("a paper was not confirmed")??;
    }
    Ok((times, commits, bytes))
}
