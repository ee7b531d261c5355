//! Another reader than ours: tesseract reads the standard ticket of every profile from the virtual printer's picture.
//!
//! Without tesseract it says so and passes; `make test` installs it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::expect_used, reason = "a test may panic")]

#[path = "../../device-drivers/ticket-printer/tests/standard/mod.rs"]
mod standard;

use hil_tests::ocr;
use hil_tests::virtual_printer::{Bitmap, DirectPrinter, Model};
use ticket_printer::profile::BUILT_IN;
use ticket_printer::{PrinterMemory, PrinterProfile, encode_with};

/// Share of the characters of the text lines that must be read right.
const WANTED: f64 = 0.97;

#[test]
fn tesseract_reads_the_ticket_of_every_profile() {
    if let Err(why) = ocr::is_here() {
        eprintln!("OCR of the tickets is left out: {why}");
        return;
    }
    let ticket = standard::Ticket::read();
    let mut known: Vec<(Bitmap, Vec<String>)> = Vec::new();
    let mut poor = Vec::new();
    for (name, _) in BUILT_IN {
        let profile = PrinterProfile::built_in(name).unwrap();
        let job = encode_with(&ticket.page(), &profile, &mut PrinterMemory::default()).unwrap();
        let paper = DirectPrinter::new(Model::named(name).unwrap()).print(&job).paper;
        // Several models print the same.
        let read = match known.iter().find(|(seen, _)| *seen == paper) {
            Some((_, read)) => read.clone(),
            None => ocr::read(&paper).unwrap(),
        };
        let right = ocr::share_read(&ticket.lines(), &read);
        println!("{name}: {:.1} % of the characters", right * 100.0);
        if right < WANTED {
            poor.push(format!("{name} {right:.3}: {read:#?}"));
        }
        known.push((paper, read));
    }
    assert!(poor.is_empty(), "{poor:#?}");
}
