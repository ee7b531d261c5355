//! The standard ticket on every printer profile: its bytes beside those of other programs on the same ticket, made in
//! the same run by `peers/run.sh`, the time that encoding takes, and how much of its paper tesseract reads.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

use anyhow::Context;
use ticket_printer::profile::BUILT_IN;
use ticket_printer::{Page, PrinterMemory, PrinterProfile, bytes_on_the_wire, encode_with};

use super::{line, median, missing};
use crate::ocr;
use crate::virtual_printer::{Bitmap, DirectPrinter, Model};

#[path = "../../../device-drivers/ticket-printer/tests/standard/mod.rs"]
mod standard;

/// Tickets encoded for the time of one.
const TICKETS: usize = 200;
/// Bits that a serial line sends for a byte.
const BITS_A_BYTE: f64 = 10.0;

/// What the others made of the ticket: bytes, or why they did not.
type Peers = BTreeMap<String, Result<f64, String>>;

/// Prints the bytes of the ticket on each profile and the time to encode it.
///
/// # Errors
/// When a profile cannot print the ticket.
pub fn standard_ticket() -> anyhow::Result<()> {
    let page = standard::Ticket::read().page();
    let mut slowest = 0.0_f64;
    let mut first = None;
    let peers = peers();
    for (name, _) in BUILT_IN {
        let profile = PrinterProfile::built_in(name).context("a built-in profile")?;
        let mut memory = PrinterMemory::default();
        let began = Instant::now();
        let fresh = bytes(&page, &profile, &mut memory)?;
        first.get_or_insert(began.elapsed().as_secs_f64() * 1e3);
        let metric = format!("bytes_standard_ticket_{}", name.replace('-', "_"));
        if profile.user_characters {
            line(&format!("{metric}_first"), fresh, "bytes", None);
        }
        let usual = bytes(&page, &profile, &mut memory)?;
        for peer in beside(&profile) {
            match peers.get(*peer) {
                Some(Ok(theirs)) => line(&metric, usual, "bytes", Some((peer, *theirs))),
                Some(Err(why)) => missing(&format!("{metric} beside {peer}"), why),
                None => missing(&format!("{metric} beside {peer}"), "peers/run.sh did not run"),
            }
        }
        line(&format!("seconds_at_9600_baud_{}", name.replace('-', "_")), usual * BITS_A_BYTE / 9600.0, "s", None);
        slowest = slowest.max(milliseconds(&page, &profile)?);
    }
    legible(&page)?;
    if cfg!(debug_assertions) {
        missing("encode_standard_ticket", "run it with --release: a debug build tells nothing");
        return Ok(());
    }
    line("encode_standard_ticket_slowest_profile", slowest, "ms", None);
    line("encode_standard_ticket_first_of_all", first.unwrap_or_default(), "ms", None);
    Ok(())
}

/// Share of the ticket's text that tesseract reads on each profile's paper. Models that print the same are read once.
fn legible(page: &Page) -> anyhow::Result<()> {
    let metric = |name: &str| format!("ocr_standard_ticket_{}", name.replace('-', "_"));
    let here = ocr::is_here();
    let mut known: Vec<(Bitmap, f64)> = Vec::new();
    for (name, _) in BUILT_IN {
        if let Err(why) = &here {
            missing(&metric(name), why);
            continue;
        }
        let profile = PrinterProfile::built_in(name).context("a built-in profile")?;
        let model = Model::named(name).context("a virtual printer of that name")?;
        let job = encode_with(page, &profile, &mut PrinterMemory::default())?;
        let paper = DirectPrinter::new(model).print(&job).paper;
        let share = match known.iter().find(|(seen, _)| *seen == paper) {
            Some((_, share)) => *share,
            None => ocr::share_read(&standard::Ticket::read().lines(), &ocr::read(&paper)?),
        };
        line(&metric(name), share * 100.0, "% of characters read right", None);
        known.push((paper, share));
    }
    Ok(())
}

/// Bytes of the ticket with those that ask for its confirmation.
fn bytes(page: &Page, profile: &PrinterProfile, memory: &mut PrinterMemory) -> anyhow::Result<f64> {
    Ok(bytes_on_the_wire(page, profile, memory)? as f64)
}

/// Median time of encoding, letters and codes that were drawn before included.
fn milliseconds(page: &Page, profile: &PrinterProfile) -> anyhow::Result<f64> {
    let mut memory = PrinterMemory::default();
    let mut times = Vec::with_capacity(TICKETS);
    for _ in 0..TICKETS {
        let began = Instant::now();
        encode_with(page, profile, &mut memory)?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(times))
}

/// Which of the others print the ticket in the way of that profile: letters, or one picture.
fn beside(profile: &PrinterProfile) -> &'static [&'static str] {
    let letters = profile.user_characters || profile.code_pages != Default::default();
    match (letters, profile.dots) {
        (true, _) => &["python-escpos-text", "receipt-printer-encoder"],
        (false, 384) => &["python-escpos-raster-58"],
        (false, _) => &["python-escpos-raster-80"],
    }
}

/// Runs the others; where they cannot be installed they say why.
fn peers() -> Peers {
    let here = env!("CARGO_MANIFEST_DIR");
    let fixture = format!("{here}/../device-drivers/ticket-printer/tests/fixtures/standard-ticket.json");
    let folder = format!("{here}/../target/peers");
    let Ok(output) = Command::new(format!("{here}/peers/run.sh")).args([folder, fixture]).output() else {
        return Peers::new();
    };
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let parse = |line: &str| {
        let (name, rest) = line.split_once(' ')?;
        let bytes = rest.parse::<f64>().map_err(|_| rest.trim_start_matches("- ").to_owned());
        Some((name.to_owned(), bytes))
    };
    told.lines().filter_map(parse).collect()
}
