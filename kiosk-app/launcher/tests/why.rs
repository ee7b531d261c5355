//! `kiosk-app why` on a small log, beside the hub that writes it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::{Command as Process, Output};

use hub::log::{Commit, EventLog, SqliteLog};
use jiff::{SignedDuration, Timestamp};
use queue::{Command, Hall, HallState, Recorded, ServingResult, decide};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config");
/// A log of version 1, frozen with the hub.
const OLD: &str = include_str!("../../hub/tests/frozen/hall_v2.sql");

/// The sample hall with a log, written as the hub writes it.
struct Desk {
    folder: tempfile::TempDir,
    hall: Hall,
    state: HallState,
    log: SqliteLog,
    now: Timestamp,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("[hub]\nlisten = \"127.0.0.1:0\"\ndata = \"data\"\nhall = \"{SAMPLES}/hall.toml\"\n");
        let text = format!("{text}kiosks = [\"kiosk-1\"]\n");
        std::fs::write(folder.path().join("machine.toml"), text).unwrap();
        let hall = launcher::load_hall(&Path::new(SAMPLES).join("hall.toml")).unwrap().hall;
        let log = SqliteLog::open(&folder.path().join("data")).unwrap();
        // Wednesday, 8 in the morning in Vietnam.
        let now = "2026-11-25T01:00:00Z".parse().unwrap();
        let mut desk = Self { folder, hall, state: HallState::default(), log, now };
        desk.run(&Command::PassTime);
        desk
    }

    /// One command a minute.
    fn run(&mut self, command: &Command) {
        for event in decide(&self.hall, &self.state, command, self.now).unwrap() {
            let recorded = Recorded { sequence: self.state.sequence() + 1, at: self.now, event };
            self.state.apply(&recorded);
            self.log.append(&[Commit { events: vec![recorded], ..Commit::default() }]).unwrap();
        }
        self.now += SignedDuration::from_mins(1);
    }

    fn take(&mut self, service: &str, class: &str) {
        self.run(&Command::IssueTicket {
            service: service.into(),
            class: class.into(),
            language: "vi".to_owned(),
            then: Vec::new(),
            appointment: None,
            kiosk: None,
            printer: None,
        });
    }

    fn serve(&mut self, counter: u16) {
        self.run(&Command::CallNext { counter });
        self.run(&Command::StartServing { counter });
        let result = ServingResult { outcome: Some("received".into()), dossiers: Vec::new() };
        self.run(&Command::FinishServing { counter, result });
    }

    fn why(&self, arguments: &[&str]) -> (i32, String, String) {
        why(self.folder.path(), arguments)
    }
}

fn why(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Process::new(env!("CARGO_BIN_EXE_kiosk-app"));
    let Output { status, stdout, stderr } = command.current_dir(folder).arg("why").args(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_morning_is_told_for_who_was_called_and_who_waits() {
    let mut desk = Desk::new();
    desk.take("ho-tich-ket-hon", "normal");
    desk.run(&Command::OpenCounter { counter: 1, officer: "nguyen-thi-lan".into() });
    desk.take("ho-tich-khai-sinh", "elderly");
    desk.take("ho-tich-khai-tu", "normal");
    desk.serve(1);
    desk.serve(1);
    let wait = desk.state.tickets()[0].wait;
    let called = "\
Ticket B001 of 2026-11-25, class normal: it was served.

What happened to it:
  08:01:00  taken for ho-tich-ket-hon; told: 0 ahead, LOW to HIGH minutes
  08:08:00  called to counter 1 by nguyen-thi-lan: the longest wait, by the weights of the counter's services
  08:09:00  came to counter 1
  08:10:00  served at counter 1 by nguyen-thi-lan, outcome received

While it waited for ho-tich-ket-hon from 08:01:00 until 08:08:00:
  On this day counter 1 called ho-tich-ket-hon.
  Called there before it: 0 taken earlier, 1 taken later.
  08:05:00  B002 to counter 1 by nguyen-thi-lan: class elderly has priority
            B002 was taken at 08:03:00 for ho-tich-khai-sinh, class elderly (priority)
  The hall counted 1 of these as passing it over.
";
    let called = called.replace("LOW", &wait.low.to_string()).replace("HIGH", &wait.high.to_string());
    for arguments in [
        ["B001", "--data", "data"],
        ["B001", "--config", "machine.toml"],
        ["20261125-B001", "--config", "machine.toml"],
    ] {
        assert_eq!(desk.why(&arguments), (0, called.clone(), String::new()));
    }

    desk.run(&Command::PauseCounter { counter: 1, reason: "lunch".to_owned() });
    desk.take("ho-tich-ket-hon", "normal");
    let (status, told, _) = desk.why(&["B004", "--data", "data"]);
    assert_eq!(status, 0);
    let waits = "\
Why it is not called yet, as of the last event at 08:12:00:
  Nobody stands before it in its line.
  Counter 1 is paused by nguyen-thi-lan: lunch.
";
    assert!(
        told.starts_with("Ticket B004 of 2026-11-25, class normal: it waits.\n") && told.ends_with(waits),
        "{told}"
    );
    let (_, told, _) = desk.why(&["B003", "--data", "data"]);
    assert!(told.ends_with("  No counter has called ho-tich-khai-tu on this day.\n"), "{told}");
}

#[test]
fn the_newest_day_is_meant_by_a_number_and_any_by_an_id() {
    let mut desk = Desk::new();
    desk.take("ho-tich-ket-hon", "normal");
    desk.now += SignedDuration::from_hours(24);
    desk.run(&Command::PassTime);
    desk.take("ho-tich-khai-tu", "merit");
    let (_, told, _) = desk.why(&["B001", "--data", "data"]);
    assert!(told.starts_with("Ticket B001 of 2026-11-26, class merit (priority): it waits.\n"), "{told}");
    let (_, told, _) = desk.why(&["20261125-B001", "--data", "data"]);
    let expired = "Ticket B001 of 2026-11-25, class normal: it was not served before its day ended.\n";
    assert!(told.starts_with(expired) && told.contains("\n  2026-11-26 08:02:00  expired: "), "{told}");
}

#[test]
fn a_log_of_the_first_version_is_told_without_rules() {
    let folder = tempfile::tempdir().unwrap();
    rusqlite::Connection::open(folder.path().join("hall.db")).unwrap().execute_batch(OLD).unwrap();
    let (status, told, _) = why(folder.path(), &["A012", "--data", "."]);
    assert_eq!(status, 0);
    assert!(told.contains("  07:00:05  called to counter 3 by nguyen-thi-lan: rule not recorded\n"), "{told}");
    assert!(told.contains("  07:00:15  its paper was not printed: paper-out\n"), "{told}");
}

#[test]
fn what_the_log_does_not_have_is_said() {
    let mut desk = Desk::new();
    desk.take("ho-tich-ket-hon", "normal");
    let told = |arguments: &[&str]| {
        let (status, out, told) = desk.why(arguments);
        assert_eq!(out, "");
        (status, told)
    };
    let (status, no_ticket) = told(&["B002", "--data", "data"]);
    assert_eq!((status, no_ticket.as_str()), (1, "kiosk-app: the log has no ticket B002 on 2026-11-25\n"));
    assert_eq!(told(&["20261124-B001", "--data", "data"]).1, "kiosk-app: the log has no day 2026-11-24\n");
    assert!(told(&["B001", "--data", "nowhere"]).1.contains("there is no log; name the data directory of a hub"));
    assert!(told(&["B001"]).0 == 2 && told(&["B001", "--data", "a", "--config", "b"]).0 == 2);
    let (status, no_id) = told(&["number-one", "--data", "data"]);
    assert!(
        status == 2 && no_id.contains("write a ticket id such as 20261122-A012, or a number such as A012"),
        "{no_id}"
    );
    // A damaged event may hide a part of the answer.
    let connection = rusqlite::Connection::open(desk.folder.path().join("data/hall.db")).unwrap();
    connection.execute_batch("INSERT INTO events VALUES (3, 0, '{}', NULL, x'00')").unwrap();
    let (status, out, told) = desk.why(&["B001", "--data", "data"]);
    assert!(status == 1 && out.starts_with("Ticket B001"), "{out}");
    assert!(told.starts_with("kiosk-app: what came after is not told: event 3 of 1970-01-01T00:00:00Z"), "{told}");
}
