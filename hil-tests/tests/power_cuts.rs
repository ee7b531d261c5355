//! The power goes within any operation of the disk: nothing that was answered is lost, nothing is there that nobody
//! asked for, and nothing happened twice. And the same harness sees losses where there must be some.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use hil_tests::power_cut::{Found, History, Options};
use hub::log::Durability;

/// Cuts of one log before the next begins with an empty one.
const CUTS_OF_A_LOG: u64 = 10;
/// Threads, each with disks of its own.
const THREADS: usize = 2;
/// First seed; `POWER_CUTS_SEED` takes another.
const SEED: u64 = 2026;

fn first_seed() -> u64 {
    std::env::var("POWER_CUTS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED)
}

/// Runs histories with the seeds after the first one until there were so many cuts. `clean` says that each must be.
fn cuts(wanted: u64, options: Options, clean: bool) -> Found {
    let hall = Arc::new(hil_tests::sample_hall::at_any_hour(&launcher::defaults().unwrap().hub.unwrap().hall));
    let (total, seeds) = (Mutex::new(Found::default()), AtomicU64::new(first_seed()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while total.lock().unwrap().cuts < wanted {
                    let seed = seeds.fetch_add(1, Ordering::Relaxed);
                    let mut history = History::begin(hall.clone(), seed, options).unwrap();
                    for cut in 1..=CUTS_OF_A_LOG {
                        let Some(found) = history.round().unwrap() else { break };
                        assert!(
                            !clean || found.is_clean(),
                            "POWER_CUTS_SEED={seed}, cut {cut}: {found}\n{:#?}",
                            found.details
                        );
                        total.lock().unwrap().add(found);
                    }
                }
            });
        }
    });
    total.into_inner().unwrap()
}

#[test]
fn a_thousand_cuts_lose_invent_and_double_nothing() {
    let found = cuts(1_000, Options { durability: Durability::Full, lying: false }, true);
    println!("{found}");
    println!("cuts within {:?}", found.within);
    assert!(found.cuts >= 1_000 && found.acknowledged > 10_000, "enough has happened: {found}");
    for place in ["write hall.db-wal", "sync hall.db-wal", "write hall.db"] {
        assert!(found.within.contains_key(place), "commits and checkpoints are cut: {:?}", found.within);
    }
}

#[test]
fn the_same_without_a_sync_at_each_commit_loses_but_corrupts_nothing() {
    let found = cuts(200, Options { durability: Durability::Normal, lying: false }, false);
    println!("synchronous=NORMAL: {found}");
    assert!(found.lost > 0, "the harness sees losses: {found}");
    assert_eq!((found.invented, found.double, found.damaged), (0, 0, 0), "{found}\n{:#?}", found.details);
}

#[test]
fn a_disk_that_lies_about_syncs_loses() {
    let found = cuts(200, Options { durability: Durability::Full, lying: true }, false);
    println!("a lying disk: {found}");
    assert!(found.lost > 0, "the harness sees losses: {found}");
}
