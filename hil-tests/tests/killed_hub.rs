//! The hub is killed at random moments while citizens press: nothing that was answered is lost, no number is given
//! twice, the same press gets the same answer. Named moments are those of `kill_matrix`.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command as Run;
use std::sync::OnceLock;
use std::time::Duration;

use hil_tests::real_binary::{Process, build, write_config};
use protocol::commands::Command;

fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| build(&[]).unwrap())
}

fn start(config: &Path) -> Process {
    let mut run = Run::new(binary());
    Process::start(run.arg("hub").arg("--config").arg(config).env("RUST_LOG", "error")).unwrap()
}

fn issue() -> Command {
    Command::issue_ticket("dat-dai-bien-dong", "normal", "vi", Some("kiosk-1"))
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_while_citizens_press() {
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), "127.0.0.1:0", None).unwrap();
    // By press: the number that was answered. A press without an answer is pressed again after the restart.
    let mut answered: BTreeMap<String, String> = BTreeMap::new();
    let mut unanswered: Vec<String> = Vec::new();
    let mut dice = fastrand::Rng::with_seed(2026);
    for round in 0..12 {
        let hub = start(&config);
        let client = hub.client().unwrap();
        for press in unanswered.drain(..) {
            let reply = client.command_once(&press, &issue()).await.unwrap();
            answered.insert(press, reply.ticket.unwrap().number);
        }
        for (press, number) in &answered {
            let again = client.command_once(press, &issue()).await.unwrap();
            assert_eq!(again.ticket.unwrap().number, *number, "{press} keeps its number");
        }
        let presses: Vec<_> = (0..40).map(|n| format!("round-{round}-press-{n}")).collect();
        let citizens: Vec<_> = presses
            .iter()
            .map(|press| {
                let (client, press) = (client.clone(), press.clone());
                tokio::spawn(async move { client.command_once(&press, &issue()).await })
            })
            .collect();
        // The cut comes at a moment of the dice, somewhere inside the work.
        tokio::time::sleep(Duration::from_micros(dice.u64(200..12_000))).await;
        hub.kill().unwrap();
        for (press, citizen) in presses.into_iter().zip(citizens) {
            match citizen.await.unwrap() {
                Ok(reply) => drop(answered.insert(press, reply.ticket.unwrap().number)),
                Err(_) => unanswered.push(press),
            }
        }
    }
    let hub = start(&config);
    let client = hub.client().unwrap();
    for press in unanswered {
        answered.insert(press.clone(), client.command_once(&press, &issue()).await.unwrap().ticket.unwrap().number);
    }
    let mut numbers: Vec<&String> = answered.values().collect();
    numbers.sort();
    let expected: Vec<String> = (1..=480).map(|n| format!("A{n:03}")).collect();
    assert_eq!(numbers, expected.iter().collect::<Vec<_>>(), "every press has its own number, and none is left out");
}
