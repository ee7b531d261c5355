//! Cable, power and paper break at every kind of place in a job, on printers of each kind. Then: the outcome is true
//! (*printed* only with a whole paper, *failed* only without one), nothing comes out twice, and the next paper is clean
//! to the dot.
//!
//! Not here: printers without a knife (their papers cannot be told apart here), modem lines, and a serial printer that
//! is without power for less time than the bytes between two marks take.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod rig;

use std::collections::BTreeMap;
use std::sync::Arc;

use rig::{Rig, Trouble};
use ticket_printer::{Align, Block, Page, PrintOutcome, Size};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Between the places of the sweep, bytes; a prime, so that it meets commands at every byte.
const STEP: usize = 23;
/// The same for drawn tickets, which are long.
const STEP_DRAWN: usize = 397;

/// Cases side by side; more would starve each other.
const AT_ONCE: usize = 12;

/// A ticket with something of every kind on it.
fn ticket(number: &str) -> Page {
    let text = |text: &str, size| Block::Text { text: text.to_owned(), align: Align::Center, size, bold: true };
    let blocks = vec![
        text("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", Size::Normal),
        Block::text("Lĩnh vực: Đất đai, đo đạc và bản đồ"),
        Block::Rule,
        Block::Number { text: number.to_owned() },
        text("Số người chờ trước: 7", Size::Tall),
        Block::Qr { data: format!("https://hall.example/q/{number}") },
        Block::centred("Xin mời ngồi chờ đến lượt"),
    ];
    Page { blocks }
}

/// Where a byte pattern stands in a job, and so many bytes further.
fn behind(job: &[u8], pattern: &[u8], further: usize) -> Option<usize> {
    job.windows(pattern.len()).position(|window| window == pattern).map(|place| place + further)
}

/// The kinds of places that a job has, by name.
fn places(job: &[u8], drawn: bool) -> BTreeMap<String, usize> {
    let cut = job.windows(3).rposition(|window| window == b"\x1dVB").unwrap();
    let named = [
        ("nothing of it", Some(0)),
        ("inside the first command", Some(1)),
        ("inside a mode's parameters", behind(job, b"\x1da", 2)),
        ("inside a text run", behind(job, b"---", 3)),
        ("before a size", behind(job, b"\x1d!", 0)),
        ("inside a size", behind(job, b"\x1d!", 2)),
        ("inside taught letters", behind(job, b"\x1b&\x03", 40)),
        ("inside a picture's header", behind(job, b"\x1dv0", 5)),
        ("inside a picture", behind(job, b"\x1dv0", 8 + 50)),
        ("inside a code's size", behind(job, b"\x1d(k", 4)),
        ("inside a code's data", behind(job, b"1P0", 9)),
        ("inside a mark", behind(job, b"\x1dr", 2)),
        ("before the cut", Some(cut)),
        ("inside the cut", Some(cut + 2)),
        ("behind the cut", Some(cut + 4)),
        ("behind everything", Some(job.len())),
    ];
    let sweep = (0..job.len()).step_by(if drawn { STEP_DRAWN } else { STEP }).map(|at| (format!("byte {at}"), at));
    named.into_iter().filter_map(|(name, at)| Some((name.to_owned(), at?))).chain(sweep).collect()
}

/// One case: what breaks and where.
async fn breaks(name: &'static str, trouble: Trouble, what: String, place: usize) {
    let case = format!("{name}, {trouble:?}, {what}");
    let rig = Rig::start(name, trouble).await;
    let (first, second) = (ticket("A001"), ticket("B002"));
    rig.arm(place, trouble);
    let outcome = rig.print(&first).await;
    if trouble == Trouble::Paper {
        rig.load_paper().await;
    }
    rig.until_ready().await;
    let next = rig.print(&second).await;
    assert_eq!(next, PrintOutcome::Printed, "{case}: the next one, after {outcome:?}");
    let whole = rig.papers(&rig.paper_of(&first));
    match &outcome {
        PrintOutcome::Printed => assert_eq!(whole, 1, "{case}: {outcome:?}"),
        PrintOutcome::Unconfirmed { .. } => assert!(whole <= 1, "{case}: {whole} papers, {outcome:?}"),
        PrintOutcome::Failed { .. } => assert_eq!(whole, 0, "{case}: {outcome:?}"),
        PrintOutcome::NotStarted { .. } => panic!("{case}: bytes of it had left, {outcome:?}"),
    }
    if rig.papers(&rig.paper_of(&second)) != 1 {
        for (at, sheet) in rig.printer().sheets().iter().enumerate() {
            println!("sheet {at}: {:02x?}", sheet.raw.iter().filter(|byte| **byte != 0).collect::<Vec<_>>());
            drop(sheet.save(&std::env::temp_dir().join(format!("broken-paper-{at}.png"))));
        }
        panic!(
            "{case}: the next paper is not clean, after {outcome:?}; see broken-paper-*.png in the temporary folder"
        );
    }
    assert_eq!(rig.printer().partial_sheet().paper.ink_dots(), 0, "{case}: nothing hangs out");
}

/// All places of a profile's job, side by side: they mostly wait.
async fn everywhere(name: &'static str, trouble: Trouble) {
    let rig = Rig::start(name, trouble).await;
    assert_eq!(rig.print(&ticket("A001")).await, PrintOutcome::Printed);
    let job = rig.job();
    assert_eq!(rig.papers(&rig.paper_of(&ticket("A001"))), 1, "{name}: the paper as it should be");
    let mut cases = JoinSet::new();
    let places = places(&job, job.len() > 2000);
    println!("{name}, {trouble:?}: {} places in {} bytes", places.len(), job.len());
    let room = Arc::new(Semaphore::new(AT_ONCE));
    for (what, place) in places {
        let room = Arc::clone(&room);
        cases.spawn(async move {
            let _taken = room.acquire().await.unwrap();
            breaks(name, trouble, what, place).await;
        });
    }
    while let Some(done) = cases.join_next().await {
        done.unwrap();
    }
}

macro_rules! matrix {
    ($($test:ident: $profile:literal, $trouble:ident;)*) => {
        $(#[tokio::test]
        async fn $test() {
            everywhere($profile, Trouble::$trouble).await;
        })*
    };
}

matrix! {
    cable_printed_letters: "epson-tm-t20iii", Cable;
    cable_taught_letters: "epson-tm-t88iv", Cable;
    cable_drawn_code: "bixolon-srp-s300", Cable;
    cable_drawn_everything: "unknown-80mm", Cable;
    power_printed_letters: "epson-tm-t20iii", Power;
    power_taught_letters: "epson-tm-t88iv", Power;
    power_drawn_everything: "unknown-80mm", Power;
    power_on_a_serial_line_printed_letters: "epson-tm-t20iii", PowerOnSerial;
    power_on_a_serial_line_taught_letters: "epson-tm-t88iv", PowerOnSerial;
    power_on_a_serial_line_drawn_everything: "unknown-80mm", PowerOnSerial;
    paper_printed_letters: "epson-tm-t20iii", Paper;
    paper_drawn_code: "bixolon-srp-s300", Paper;
    paper_drawn_everything: "unknown-80mm", Paper;
}

#[tokio::test]
async fn what_breaks_after_the_confirmation_changes_nothing() {
    for name in ["epson-tm-t20iii", "unknown-80mm"] {
        let rig = Rig::start(name, Trouble::Cable).await;
        assert_eq!(rig.print(&ticket("A001")).await, PrintOutcome::Printed);
        rig.replug().await;
        rig.until_ready().await;
        assert_eq!(rig.print(&ticket("B002")).await, PrintOutcome::Printed);
        assert_eq!(rig.printer().counters().sheets, 2, "{name}: and no paper was wasted");
        assert_eq!(rig.papers(&rig.paper_of(&ticket("A001"))), 1);
        assert_eq!(rig.papers(&rig.paper_of(&ticket("B002"))), 1);
    }
}

#[tokio::test]
async fn the_next_paper_is_clean_after_a_program_that_died_inside_a_job() {
    for name in ["epson-tm-t20iii", "epson-tm-t88iv", "bixolon-srp-s300", "unknown-80mm"] {
        let mut rig = Rig::start(name, Trouble::Cable).await;
        // What the second one looks like: the first may teach the printer letters.
        for number in ["A000", "A001"] {
            assert_eq!(rig.print(&ticket(number)).await, PrintOutcome::Printed);
        }
        let job = rig.job();
        let places = places(&job, job.len() > 2000);
        for what in ["inside a text run", "inside a picture", "inside a code's data", "before the cut"] {
            let Some(place) = places.get(what) else { continue };
            let sheets = rig.printer().counters().sheets;
            rig.die_inside(&ticket("A003"), *place).await;
            assert_eq!(rig.print(&ticket("B002")).await, PrintOutcome::Printed, "{name}, {what}");
            let came = rig.printer().sheets_since(sheets);
            let last = &came.last().unwrap().paper;
            assert_eq!(*last, rig.paper_of(&ticket("B002")), "{name}, {what}: clean");
            assert_eq!(came.len(), 2, "{name}, {what}: the torn one fell off before it");
        }
    }
}
