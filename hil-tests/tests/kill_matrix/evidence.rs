//! What is left of a hall that was killed: the log, the province's copy of it, and the paper.

use std::collections::BTreeMap;
use std::process::Command as Run;

use hil_tests::virtual_printer::Sheet;
use hil_tests::whole_hall::Bench;
use protocol::views::PrintState;
use serde_json::Value;

use super::cases::Paper;
use super::hall::{Hall, LIMIT, Stopped, binary};

/// Whole papers with this number on them, by the length of the first one: what was torn off is none.
fn sheets_of(bench: &Bench, number: &str) -> u64 {
    let sheets = bench.printer.sheets();
    let lines = sheets.first().map_or(0, |first| first.lines.len());
    sheets.iter().filter(|sheet| sheet.lines.len() == lines && sheet.text().contains(number)).count() as u64
}

/// The paper's end is one that the table allows, and it is not worth more than the sheets are.
pub async fn check_paper(hall: &mut Hall, number: &str, expected: &Paper) {
    let state = hall.paper(number).await;
    let sheets = sheets_of(&hall.bench, number);
    match (expected, &state) {
        (Paper::Printed, PrintState::Printed) => assert_eq!(sheets, 1, "sheets of {number}"),
        (Paper::Unconfirmed(possible), PrintState::Unconfirmed { .. }) => {
            assert!(possible.contains(&sheets), "{sheets} sheets of {number}, {possible:?} possible");
        }
        _ => panic!("the paper of {number} is {state:?} with {sheets} sheets, and not {expected:?}"),
    }
}

/// In the end no number has two papers, nothing came out late, and every paper is whole and begins clean: what an agent
/// that died left was cut off before the next one.
pub fn check_sheets(bench: &Bench, numbers: &[&str]) {
    let sheets = bench.printer.sheets();
    let first = &sheets[0].lines;
    // Hall, branch, field and service are the same on all of them, and so is the last line.
    let same =
        |lines: &[String]| (lines.len() == first.len()).then(|| [&lines[..4], &lines[lines.len() - 1..]].concat());
    let whole = |sheet: &&Sheet| same(&sheet.lines) == same(first);
    let (tickets, torn): (Vec<_>, Vec<_>) = sheets.iter().partition(whole);
    for piece in torn {
        assert!(piece.lines.len() < first.len(), "a torn piece is no more than the top of a ticket: {}", piece.text());
        assert!(piece.lines.iter().zip(first).take(4).all(|(line, whole)| line == whole), "{}", piece.text());
    }
    assert!(numbers.iter().all(|number| sheets_of(bench, number) <= 1));
    assert!(tickets.iter().all(|sheet| numbers.iter().any(|number| sheet.text().contains(number))));
    assert_eq!(bench.printer.unknown_commands(), Vec::<Vec<u8>>::new());
}

/// The province has every event once, in order.
pub async fn check_central(bench: &Bench, last: u64) {
    assert!(bench.central.wait_for_sequence(last, LIMIT).await, "the province gets everything");
    let sequences: Vec<u64> = bench.central.events().iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=last).collect::<Vec<_>>(), "each once, in order");
    assert_eq!(bench.central.counters().gaps, 0);
}

/// The whole story, from the province's copy: numbers without gaps, and for each job one beginning and one end.
pub fn check_story(bench: &Bench, numbers: &[&str]) {
    let events: Vec<Value> = bench.central.events().into_iter().map(|event| event.event["data"].clone()).collect();
    let text = |event: &Value, key: &str| event[key].as_str().unwrap_or_default().to_owned();
    let of = |name: &str, key: &str| {
        let wanted = events.iter().filter(|event| event["event"] == name);
        wanted.map(|event| text(event, key)).collect::<Vec<_>>()
    };
    assert_eq!(of("ticket_issued", "number"), numbers, "each number once, none left out");
    let once = |jobs: Vec<String>| {
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        for job in jobs {
            *count.entry(job).or_default() += 1;
        }
        assert!(count.values().all(|n| *n == 1), "{count:?}");
        count.into_keys().collect::<Vec<_>>()
    };
    let started = once(of("print_started", "job"));
    let ended = ["ticket_printed", "print_failed", "print_unconfirmed"].map(|name| of(name, "job")).concat();
    assert_eq!(once(ended), started, "every job was begun once and ended once");
    assert_eq!(started.len(), numbers.len(), "every ticket has one job");
}

/// `kiosk-app log verify` finds nothing wrong.
pub fn check_log(stopped: &Stopped, events: u64) {
    let verify = Run::new(binary()).args(["log", "verify", "--data"]).arg(stopped.data()).output().unwrap();
    let said = String::from_utf8_lossy(&verify.stdout).into_owned();
    assert!(verify.status.success(), "{said}");
    assert!(said.starts_with(&format!("{events} events, 1..{events}, ")), "{said}");
    assert!(!said.contains("cut off"), "a killed process tears no event: {said}");
}
