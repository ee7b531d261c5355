//! The kill matrix: SIGKILL at every named step from a press to the confirmed paper and the province, with whatever is
//! on its way just then; restart; the unanswered request again under its own id. Then: the number was given once and
//! is not lost, what was answered stands, no ticket has two papers, none counts as printed that the printer did not
//! confirm, the province has each event once, and the log is whole.
//!
//! No point can stand inside SQLite's own commit and checkpoint: `power_cuts.rs` cuts those at every write.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod cases;
mod evidence;
mod flights;
mod hall;
mod walk;

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use cases::{Case, Paper};
use evidence::{check_central, check_log, check_paper, check_sheets, check_story};
use fail_point::{ORDER, Point};
use hall::{Hall, binary, ticket};
use hil_tests::real_binary::build;
use protocol::health::DeviceState;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Halls at work at the same time: most of the time each of them waits.
const AT_ONCE: usize = 6;

/// A hall from its first ticket to its last, with a death in between.
async fn live_through(case: Case) {
    let mut hall = Hall::start(case.victim).await;
    hall.printer(DeviceState::Ready).await;
    assert_eq!(ticket(&hall.press("first").await.unwrap()).number, "A001");
    check_paper(&mut hall, "A001", &Paper::Printed).await;

    flights::die(&case, &mut hall).await;
    hall.revive();

    let again = hall.press_again().await;
    assert_eq!(ticket(&again[1]).number, "A002", "the number is not lost and not given twice");
    check_paper(&mut hall, "A002", &case.paper).await;
    assert_eq!(ticket(&hall.press("third").await.unwrap()).number, "A003");
    check_paper(&mut hall, "A003", &Paper::Printed).await;
    let last = hall.client.health().await.unwrap().sequence;
    check_central(&hall.bench, last).await;
    check_story(&hall.bench, &["A001", "A002", "A003"]);

    let stopped = hall.stop();
    check_sheets(&stopped.bench, &["A001", "A002", "A003"]);
    check_log(&stopped, last);
}

/// Lives through all cases and names those that fail.
async fn live_through_all(cases: Vec<Case>) {
    binary();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut halls = JoinSet::new();
    let mut names = HashMap::new();
    for case in cases {
        let (room, name) = (room.clone(), format!("{case:?}"));
        let hall = halls.spawn(async move {
            let _room = room.acquire_owned().await.unwrap();
            live_through(case).await;
        });
        names.insert(hall.id(), name);
    }
    let mut failed = Vec::new();
    while let Some(ended) = halls.join_next_with_id().await {
        if let Err(error) = ended {
            let cause = names.get(&error.id()).cloned();
            failed.push(format!("{}: {error}", cause.unwrap_or_default()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hub_and_agent_die_together() {
    live_through_all(cases::both()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_dies_alone() {
    live_through_all(cases::agent()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_dies_alone() {
    live_through_all(cases::hub()).await;
}

#[test]
fn every_point_is_tested() {
    let cases = [cases::both(), cases::agent(), cases::hub()].concat();
    let tested: BTreeSet<Point> = cases.iter().filter_map(|case| case.point).collect();
    let untested: Vec<_> = Point::ALL.iter().filter(|point| !tested.contains(point)).collect();
    assert!(untested.is_empty(), "fail points without a case: {untested:?}");
}

/// Whether a program knows the variable with the order.
fn has_fail_points(program: &Path) -> bool {
    let mut program = BufReader::new(File::open(program).unwrap());
    let mut chunk = Vec::new();
    // The name's only T is its last letter.
    while program.read_until(b'T', &mut chunk).unwrap() > 0 {
        if chunk.ends_with(ORDER.as_bytes()) {
            return true;
        }
        chunk.clear();
    }
    false
}

#[test]
fn the_product_has_no_fail_points() {
    assert!(has_fail_points(binary()), "the program of this test must have them");
    assert!(!has_fail_points(&build(&[]).unwrap()));
}
