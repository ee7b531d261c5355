//! Prints one sample ticket and says how it went: to try a printer, a cable or a profile.
//!
//! `cargo run -p ticket-printer --example print_sample -- PROFILE tcp:127.0.0.1:9100`
//! `cargo run -p ticket-printer --example print_sample -- PROFILE serial:/dev/ttyUSB0`
#![expect(clippy::unwrap_used, reason = "a tool for developers may panic")]
#![expect(clippy::expect_used, reason = "a tool for developers may panic")]

#[path = "../tests/standard/mod.rs"]
mod standard;

use std::time::{Duration, Instant};

use kit::LinkConfig;
use ticket_printer::{PrinterProfile, TicketPrinter, encode};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, place] = arguments.as_slice() else {
        eprintln!("usage: print_sample PROFILE tcp:HOST:PORT|serial:PATH");
        std::process::exit(2);
    };
    let profile = PrinterProfile::built_in(name).unwrap();
    let link = match place.split_once(':').unwrap() {
        ("serial", path) => LinkConfig::serial(path),
        (_, address) => LinkConfig::tcp(address),
    };
    let ticket = standard::Ticket::read();
    println!("{:#?}", ticket.lines());
    let began = Instant::now();
    let size = encode(&ticket.page(), &profile).unwrap().len();
    println!("{name}: {size} bytes, encoded in {:?}", began.elapsed());

    let stop = CancellationToken::new();
    let printer = TicketPrinter::start("printer-1".into(), link, profile, stop.clone());
    let mut health = printer.health();
    // Whatever the printer says first, or nothing within the time: printing tells why.
    let known = health.wait_for(|health| health.life_cycle != kit::LifeCycle::Opening);
    let _ = tokio::time::timeout(Duration::from_secs(5), known).await;
    println!("before: {:?}", printer.health().borrow());
    let began = Instant::now();
    let outcome = printer.print(ticket.page()).await;
    println!("{outcome:?} after {:?}", began.elapsed());
    println!("after: {:?}", printer.health().borrow());
    stop.cancel();
}
