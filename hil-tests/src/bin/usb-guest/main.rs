//! The program inside the USB bench's guest: plays the devices at the far end of the wires, drives `kit` and the real
//! `kiosk-app` at the near end, and reports one line a scenario.
//!
//! Only the bench starts it (`usb-bench/run`): it wants root, the bench's gadgets and nobody else on the machine.

mod gadget;
mod hall;
mod links;

use std::fs::{File, OpenOptions};
use std::future::Future;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Context;
use gadget::Gadget;
use kit::LinkConfig;

/// Longest time of one scenario.
const SCENARIO_LIMIT: Duration = Duration::from_secs(45);
/// First argument of the same program as another user: opens one link and says how it went.
const OPEN: &str = "open";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [OPEN, link] => open(link).await,
        [results] => scenarios(results).await,
        _ => anyhow::bail!("usage: usb-guest RESULTS_FILE"),
    }
}

/// Opens a link given in TOML and prints what came of it.
async fn open(link: &str) -> anyhow::Result<()> {
    #[derive(serde::Deserialize)]
    struct Entry {
        link: LinkConfig,
    }
    let entry: Entry = toml::from_str(&format!("link = {link}"))?;
    match kit::link::open(&entry.link).await {
        Ok(_) => println!("opened"),
        Err(error) => println!("{error}"),
    }
    Ok(())
}

/// Where the lines go.
struct Results {
    file: File,
}

impl Results {
    async fn check(&mut self, name: &str, scenario: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
        let began = Instant::now();
        let ended = tokio::time::timeout(SCENARIO_LIMIT, scenario).await.context("it took too long");
        let line = match ended.and_then(|done| done) {
            Ok(()) => format!("PASS {name}"),
            Err(error) => format!("FAIL {name} {}", format!("{error:#}").replace('\n', " / ")),
        };
        println!("{line} after {:.1?}", began.elapsed());
        writeln!(self.file, "{line}").context("results cannot be written")
    }
}

async fn scenarios(results: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).open(results).with_context(|| results.to_owned())?;
    let mut results = Results { file };
    let first = Gadget::start(0).await?;
    let second = Gadget::start(1).await?;
    let pair = links::Pair { first: &first, second: &second };

    results.check("find", pair.find()).await?;
    results.check("equal_printers_are_not_guessed", pair.not_guessed()).await?;
    results.check("no_permission_names_the_udev_line", links::no_permission()).await?;
    results.check("the_kernel_driver_is_the_fallback", links::fallback()).await?;
    results.check("udev_rules_give_access_and_names", links::udev()).await?;
    results.check("printer_list", async { pair.listed() }).await?;
    results.check("identify", pair.identify()).await?;
    results.check("a_long_write_arrives", pair.long_write()).await?;
    results.check("a_long_write_is_cancelled", pair.cancelled_write()).await?;
    results.check("port_status", pair.port_status()).await?;
    results.check("kernel_driver", pair.kernel_driver()).await?;
    results.check("serial_adapter", links::serial_adapter(&first)).await?;
    results.check("keyboard", links::keyboard()).await?;
    hall::scenarios(&mut results, &first, &second).await?;
    writeln!(results.file, "DONE").context("results cannot be written")
}
