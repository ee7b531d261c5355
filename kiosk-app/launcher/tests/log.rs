//! `kiosk-app log` on the log of a hall: what it prints and how it ends.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::{Command, Output};

use hub::log::SqliteLog;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config");
/// A log of 17 events, frozen with the hub.
const LOG: &str = include_str!("../../hub/tests/frozen/hall_v2.sql");
const HEAD: &str = "beec8d1dfdf3e05913e3b249bd3c4c867d472a88e6517b6fb07bc225301f6744";

/// A machine file whose hub has the frozen log, and its folder.
fn hall() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[hub]\nlisten = \"127.0.0.1:0\"\ndata = \"data\"\nhall = \"{SAMPLES}/hall.toml\"\nkiosks = [\"kiosk-1\"]\n"
    );
    std::fs::write(folder.path().join("machine.toml"), text).unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    change(folder.path(), LOG);
    folder
}

fn change(folder: &Path, sql: &str) {
    rusqlite::Connection::open(folder.join("data/hall.db")).unwrap().execute_batch(sql).unwrap();
}

/// Runs `kiosk-app log` and answers its exit status, stdout and stderr.
fn log(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kiosk-app"));
    let Output { status, stdout, stderr } = command.current_dir(folder).arg("log").args(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_whole_log_is_verified_exported_and_copied_beside_its_hub() {
    let hall = hall();
    let folder = hall.path();
    let _hub = SqliteLog::open(&folder.join("data")).unwrap();
    let whole = format!("17 events, 1..17, head {HEAD}: whole\nevents cut off earlier, kept in the table cut_off: 1\n");
    for place in [["--config", "machine.toml"], ["--data", "data"]] {
        assert_eq!(log(folder, &[&["verify"][..], &place].concat()), (0, whole.clone(), String::new()));
    }
    let (status, lines, _) = log(folder, &["export", "--data", "data"]);
    assert_eq!((status, lines.lines().count()), (0, 17));
    assert!(lines.starts_with(r#"{"sequence":1,"at":"2026-11-22T00:00:00.123Z","event":{"v":1,"#), "{lines}");
    let out = ["export", "--data", "data", "--out", "log.jsonl"];
    assert_eq!(log(folder, &out), (0, "17 events written to log.jsonl\n".to_owned(), String::new()));
    assert_eq!(std::fs::read_to_string(folder.join("log.jsonl")).unwrap(), lines);
    assert_eq!(log(folder, &out).0, 1, "a file that exists is not overwritten");

    let backup = ["backup", "--data", "data", "--to", "copy.db"];
    assert_eq!(log(folder, &backup), (0, format!("{whole}copied to copy.db\n"), String::new()));
    let (status, _, told) = log(folder, &backup);
    assert_eq!(status, 1);
    assert!(told.contains("copy.db: this file exists and is not overwritten"), "{told}");

    let (status, _, told) = log(folder, &["repair", "--data", "data", "--yes"]);
    assert_eq!(status, 1);
    assert!(told.contains("is in use by another hub; stop that one first"), "{told}");
}

#[test]
fn a_bad_event_is_named_and_cut_off_only_with_yes() {
    let hall = hall();
    let folder = hall.path();
    change(folder, "UPDATE events SET body = replace(body, 'A012', 'A013') WHERE sequence = 15");
    let bad = "event 15 of 2026-11-22T00:00:14.123Z: it does not fit its hash: it was changed, moved or not written \
        whole\n";
    let (status, told, _) = log(folder, &["verify", "--data", "data"]);
    assert_eq!(status, 1);
    assert!(
        told.starts_with(bad) && told.contains("kiosk-app log repair") && told.contains("whole before it: 14 events")
    );
    let (status, lines, told) = log(folder, &["export", "--data", "data"]);
    assert_eq!((status, lines.lines().count()), (1, 14));
    assert!(told.contains("the export stops after 14 events. event 15"), "{told}");

    let moved = "  event 15 of 2026-11-22T00:00:14.123Z: moved to the table cut_off\n  event 16 of \
        2026-11-22T00:00:15.123Z: moved to the table cut_off\n  event 17 of 2026-11-22T00:00:16.123Z: moved to the \
        table cut_off\n";
    let end = "the log ends at event 14; later events that go with the bad one: 2\n";
    let plan = format!("{bad}nothing is changed yet; with --yes:\n{moved}{end}");
    let repair = ["repair", "--config", "machine.toml"];
    for _ in 0..2 {
        assert_eq!(log(folder, &repair), (1, plan.clone(), String::new()));
    }
    let done = plan.replace("nothing is changed yet; with --yes:", "done:");
    assert_eq!(log(folder, &[&repair[..], &["--yes"]].concat()), (0, done, String::new()));
    assert_eq!(log(folder, &repair), (0, "the log is whole; nothing to repair\n".to_owned(), String::new()));
    let (status, told, _) = log(folder, &["verify", "--data", "data"]);
    assert!(status == 0 && told.contains("14 events, 1..14, head") && told.contains("table cut_off: 4"), "{told}");
}

#[test]
fn no_log_or_two_places_are_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let (status, _, told) = log(folder.path(), &["verify", "--data", "nowhere"]);
    assert!(status == 1 && told.contains("there is no log; name the data directory of a hub"), "{told}");
    assert_eq!(log(folder.path(), &["verify"]).0, 2);
    assert_eq!(log(folder.path(), &["verify", "--data", "a", "--config", "b"]).0, 2);
}
