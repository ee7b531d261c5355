//! A full disk, and one that fails for a while: new tickets are refused by name, everything else goes on, nothing is
//! damaged, and with room again the hub works on by itself.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use client::ClientError;
use hil_tests::power_cut::{Disk, integrity};
use hil_tests::whole_hall::FREE_PORT;
use hub::log::SqliteLog;
use hub::{Hub, HubConfig};
use protocol::commands::{Command, CommandReply};
use protocol::problem::Problem;
use tempfile::TempDir;

/// Too little for a page of the log.
const LITTLE_ROOM: u64 = 2_000;

/// A clock that stands still: a test that runs over midnight would see the numbers start again.
fn clock() -> hub::Clock {
    let wall = "2026-11-22T02:00:00Z".parse().unwrap();
    Arc::new(move || hub::Clocks { wall, monotonic: Duration::ZERO })
}

/// The sample hall's hub on a disk of ours.
struct Hall {
    hub: Hub,
    client: client::Hub,
    disk: Arc<Disk>,
    _directory: TempDir,
}

fn config(data: &Path) -> HubConfig {
    let hub = launcher::defaults().unwrap().hub.unwrap();
    let hall = hil_tests::sample_hall::at_any_hour(&hub.hall);
    HubConfig { hall, listen: FREE_PORT, data: data.to_owned(), central: None, tokens: Vec::new(), ..hub }
}

impl Hall {
    async fn start(directory: TempDir) -> Self {
        let disk = Disk::mount(directory.path()).unwrap();
        Self::start_on(disk, directory).await
    }

    async fn start_on(disk: Arc<Disk>, directory: TempDir) -> Self {
        let log = SqliteLog::open(disk.directory()).unwrap();
        let hub = Hub::start_with(config(disk.directory()), Box::new(log), clock()).await.unwrap();
        let client = client::Hub::new(&format!("http://{}", hub.address()), None).unwrap();
        Self { hub, client, disk, _directory: directory }
    }

    /// The number that a press gets.
    async fn press(&self, id: &str) -> Result<String, Box<Problem>> {
        let issue = Command::issue_ticket("dat-dai-bien-dong", "normal", "vi", Some("kiosk-1"));
        match self.client.command_once(id, &issue).await {
            Ok(CommandReply { ticket, .. }) => Ok(ticket.unwrap().number),
            Err(ClientError::Refused(problem)) => Err(problem),
            Err(other) => panic!("{id}: {other}"),
        }
    }

    /// How many wait, as a display that comes new to the hub is told.
    async fn waiting(&self) -> u32 {
        let mut view = self.client.display_view();
        let seen = tokio::time::timeout(Duration::from_secs(5), view.wait_for(|linked| linked.view.is_some()));
        seen.await.unwrap().unwrap().view.as_ref().unwrap().waiting
    }

    fn verify(&self) {
        assert_eq!(integrity(self.disk.directory()).unwrap(), "ok");
        let verified = hub::log::verify(self.disk.directory()).unwrap();
        assert!(verified.is_whole() && verified.cut_off == 0, "{verified:?}");
    }

    /// What is left after a power cut at this moment.
    async fn cut(self) -> TempDir {
        self.disk.cut();
        self.hub.stop().await;
        let survivors = tempfile::tempdir().unwrap();
        self.disk.survivors(&mut fastrand::Rng::with_seed(1), survivors.path()).unwrap();
        survivors
    }
}

fn number(n: u32) -> String {
    format!("A{n:03}")
}

fn must_name_the_disk(problem: &Problem) {
    assert_eq!((problem.status, problem.code.as_str()), (503, "log-unavailable"), "{problem:?}");
    assert!(problem.detail.contains("full") && problem.detail.contains("free"), "what, and what to do: {problem:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_by_name_and_the_hub_recovers_by_itself() {
    let hall = Hall::start(tempfile::tempdir().unwrap()).await;
    for n in 1..=3 {
        assert_eq!(hall.press(&format!("before-{n}")).await.unwrap(), number(n));
    }
    hall.disk.set_room(Some(LITTLE_ROOM));
    let sequence = hall.client.health().await.unwrap().sequence;
    for n in 1..=5 {
        must_name_the_disk(&hall.press(&format!("full-{n}")).await.unwrap_err());
    }
    assert_eq!(hall.press("before-2").await.unwrap(), number(2), "what was answered is answered again");
    assert_eq!(hall.waiting().await, 3, "views work");
    assert_eq!(hall.client.health().await.unwrap().sequence, sequence, "nothing has happened");
    hall.verify();

    hall.disk.set_room(None);
    assert_eq!(hall.press("after").await.unwrap(), number(4), "no number is left out");
    assert_eq!(hall.press("full-3").await.unwrap(), number(5), "the refused press acts");
    assert_eq!(hall.press("full-3").await.unwrap(), number(5), "once");
    assert_eq!(hall.waiting().await, 5);
    hall.verify();

    let hall = Hall::start(hall.cut().await).await;
    for (press, n) in [("before-1", 1), ("before-2", 2), ("before-3", 3), ("after", 4), ("full-3", 5)] {
        assert_eq!(hall.press(press).await.unwrap(), number(n), "{press} is on the disk");
    }
    hall.verify();
    hall.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_at_any_byte_costs_no_number() {
    let hall = Hall::start(tempfile::tempdir().unwrap()).await;
    let mut dice = fastrand::Rng::with_seed(2026);
    let (mut last, mut refused) = (0, 0);
    for time in 0..60 {
        hall.disk.set_room(Some(dice.u64(..40_000)));
        for n in 0.. {
            let press = format!("time-{time}-press-{n}");
            last += 1;
            let Err(problem) = hall.press(&press).await.map(|given| assert_eq!(given, number(last))) else { continue };
            must_name_the_disk(&problem);
            refused += 1;
            hall.disk.set_room(None);
            assert_eq!(hall.press(&press).await.unwrap(), number(last), "{press}, with room again");
            break;
        }
    }
    assert_eq!((refused, hall.waiting().await), (60, last));
    hall.verify();
    let hall = Hall::start(hall.cut().await).await;
    assert_eq!(hall.waiting().await, last);
    hall.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_starts_on_a_full_disk() {
    let hall = Hall::start(tempfile::tempdir().unwrap()).await;
    assert_eq!(hall.press("before").await.unwrap(), number(1));
    let directory = hall.cut().await;
    let disk = Disk::mount(directory.path()).unwrap();
    disk.set_room(Some(0));
    let hall = Hall::start_on(disk, directory).await;
    assert_eq!(hall.waiting().await, 1, "views work");
    must_name_the_disk(&hall.press("full").await.unwrap_err());
    hall.disk.set_room(None);
    assert_eq!(hall.press("full").await.unwrap(), number(2));
    hall.verify();
    hall.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_for_a_while_is_named_too() {
    let hall = Hall::start(tempfile::tempdir().unwrap()).await;
    assert_eq!(hall.press("before").await.unwrap(), number(1));
    hall.disk.fail_syncs(true);
    let problem = hall.press("meanwhile").await.unwrap_err();
    assert_eq!((problem.status, problem.code.as_str()), (503, "log-unavailable"), "{problem:?}");
    hall.disk.fail_syncs(false);
    assert_eq!(hall.press("after").await.unwrap(), number(2));
    assert_eq!(hall.press("meanwhile").await.unwrap(), number(3));
    hall.verify();

    let hall = Hall::start(hall.cut().await).await;
    for (press, n) in [("before", 1), ("after", 2), ("meanwhile", 3)] {
        assert_eq!(hall.press(press).await.unwrap(), number(n), "{press} is on the disk");
    }
    hall.verify();
    hall.hub.stop().await;
}
