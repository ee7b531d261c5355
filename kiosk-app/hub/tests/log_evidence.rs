//! The log as evidence: what was changed is found, named, and cut off without being lost.

use std::io::{Seek, Write};
use std::path::Path;

use hub::log::{Answered, Commit, EventLog, Fault, LogError, SqliteLog, backup, export, repair, verify};
use queue::{Event, Recorded};
use rusqlite::Connection;

const V1: &str = include_str!("frozen/hall_v1.sql");
const V2: &str = include_str!("frozen/hall_v2.sql");
const V3: &str = include_str!("frozen/hall_v3.sql");
/// Head of both frozen logs, as Python's hashlib computed it.
const FROZEN_HEAD: &str = "beec8d1dfdf3e05913e3b249bd3c4c867d472a88e6517b6fb07bc225301f6744";

fn commit(sequence: u64) -> Commit {
    let at = jiff::Timestamp::from_millisecond(1_795_300_000_000 + sequence as i64).expect("a moment");
    let event = Event::CounterClosed { counter: sequence as u16 };
    let answered =
        Answered { request_id: format!("request-{sequence}"), fingerprint: sequence, reply: "{}".to_owned() };
    Commit { events: vec![Recorded { sequence, at, event }], answered: Some(answered), personal: None }
}

fn append(log: &mut SqliteLog, sequences: impl Iterator<Item = u64>) {
    let commits: Vec<Commit> = sequences.map(commit).collect();
    log.append(&commits).expect("appends");
}

/// A log of so many events that no hub has open; reader `central` stands at its end.
fn written(events: u64) -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a directory");
    let mut log = SqliteLog::open(data.path()).expect("opens");
    append(&mut log, 1..=events);
    log.reader().expect("opens").move_cursor("central", events, &[(events, "no such".to_owned())]).expect("moves");
    log.save_snapshot(1, events, "state").expect("saves");
    data
}

fn file(data: &Path) -> Connection {
    Connection::open(data.join("hall.db")).expect("opens")
}

fn change(data: &Path, sql: &str) {
    let connection = file(data);
    connection.execute_batch(sql).expect(sql);
}

fn frozen(sql: &str) -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a directory");
    change(data.path(), sql);
    data
}

/// All of a table, as text.
fn table(data: &Path, query: &str) -> Vec<String> {
    let connection = file(data);
    let mut statement = connection.prepare(query).expect(query);
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells: Result<Vec<_>, _> = (0..columns).map(|n| Ok(format!("{:?}", row.get_ref(n)?))).collect();
        cells.map(|cells| cells.join("|"))
    });
    rows.expect("runs").collect::<Result<_, _>>().expect("rows")
}

const EVENTS: &str = "SELECT sequence, at, body, request, hash FROM events ORDER BY sequence";

/// Changes to a log of 300 events, the first bad event that each leaves, and what is said about it.
const CHANGES: [(&str, u64, &str); 11] = [
    ("UPDATE events SET body = replace(body, ':40}', ':41}') WHERE sequence = 40", 40, "does not fit its hash"),
    ("UPDATE events SET body = replace(body, '{', '(') WHERE sequence = 40", 40, "does not fit its hash"),
    ("UPDATE events SET at = at + 1 WHERE sequence = 40", 40, "does not fit its hash"),
    ("UPDATE events SET request = NULL WHERE sequence = 40", 40, "does not fit its hash"),
    ("UPDATE events SET hash = zeroblob(32) WHERE sequence = 40", 40, "does not fit its hash"),
    ("UPDATE events SET hash = NULL WHERE sequence = 300", 300, "does not fit its hash"),
    ("UPDATE events SET body = substr(body, 1, 20) WHERE sequence = 300", 300, "does not fit its hash"),
    ("DELETE FROM events WHERE sequence = 1", 1, "is missing, the next one is 2"),
    ("DELETE FROM events WHERE sequence BETWEEN 40 AND 42", 40, "is missing, the next one is 43"),
    ("DELETE FROM events WHERE sequence > 290", 291, "is missing, the log ends before it, but reader central stands"),
    (
        "UPDATE events SET sequence = -1 WHERE sequence = 40; UPDATE events SET sequence = 40 WHERE sequence = 41;
         UPDATE events SET sequence = 41 WHERE sequence = -1",
        40,
        "does not fit its hash",
    ),
];

#[test]
fn each_change_is_found_at_its_event_and_cut_off_without_loss() {
    for (sql, bad, what) in CHANGES {
        let data = written(300);
        let data = data.path();
        assert!(verify(data).expect("runs").is_whole());
        change(data, sql);

        let verified = verify(data).expect("runs");
        let found = verified.bad.clone().expect(sql);
        assert_eq!((found.sequence, verified.events), (bad, bad - 1), "{sql}");
        assert!(found.to_string().contains(what), "{sql}: {found}");
        let mut lines = Vec::new();
        let exported = export(data, &mut lines).expect("exports");
        assert_eq!((exported.events, exported.bad), (bad - 1, Some(found.clone())), "{sql}");
        assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count() as u64, bad - 1, "{sql}");

        let before = table(data, EVENTS);
        let plan = repair(data, false).expect("plans").expect("something to do");
        assert_eq!(table(data, EVENTS), before, "{sql}: only said");
        let done = repair(data, true).expect("repairs").expect("something done");
        assert_eq!(done, plan, "{sql}");
        assert_eq!((done.end, &done.bad, done.damaged_file), (bad - 1, &Some(found), None), "{sql}");
        assert_eq!((done.cut.snapshots, done.cut.cursors), (1, vec![("central".to_owned(), 300)]), "{sql}");
        let kept = table(data, "SELECT sequence, at, body, request, hash FROM cut_off ORDER BY id");
        assert_eq!([table(data, EVENTS), kept].concat(), before, "{sql}: nothing is lost");
        assert!(table(data, "SELECT sequence FROM quarantine").is_empty(), "{sql}");

        assert_eq!(repair(data, true).expect("runs"), None, "{sql}: whole now");
        let mut log = SqliteLog::open(data).expect("opens");
        assert_eq!((log.last_sequence().expect("reads"), log.cut_off()), (bad - 1, None), "{sql}");
        let reader = log.reader().expect("opens");
        assert_eq!(reader.cursor("central").expect("reads"), bad - 1, "{sql}");
        append(&mut log, bad..=bad + 5);
        assert_eq!(reader.read(bad - 1, 10).expect("reads").len(), 6, "{sql}");
        assert!(verify(data).expect("runs").is_whole(), "{sql}");
    }
}

#[test]
fn a_torn_end_is_cut_off_when_the_hub_starts() {
    for (sql, from, count) in [
        ("UPDATE events SET body = substr(body, 1, 20) WHERE sequence = 600", 600, 1),
        ("UPDATE events SET hash = x'00' WHERE sequence = 345", 345, 256),
        ("DELETE FROM events WHERE sequence = 598", 598, 2),
        ("DELETE FROM events WHERE sequence > 598", 599, 0),
    ] {
        let data = written(600);
        change(data.path(), sql);
        let mut log = SqliteLog::open(data.path()).expect(sql);
        let cut = log.cut_off().expect("cut off");
        assert_eq!((cut.from, cut.count), (from, count), "{sql}: {}", cut.reason);
        append(&mut log, from..=from);
        drop(log);
        let verified = verify(data.path()).expect("runs");
        assert!(verified.is_whole(), "{sql}");
        assert_eq!((verified.events, verified.cut_off), (from, count), "{sql}");
        let log = SqliteLog::open(data.path()).expect("opens again");
        assert_eq!(log.cut_off(), None, "{sql}: told once");
    }
}

#[test]
fn a_bad_event_deeper_down_is_named_and_nothing_is_cut_off() {
    for sql in [
        "UPDATE events SET body = replace(body, ':40}', ':41}') WHERE sequence = 40",
        "DELETE FROM events WHERE sequence = 40",
    ] {
        let data = written(600);
        change(data.path(), sql);
        let log = SqliteLog::open(data.path()).expect("the newest events are whole");
        assert_eq!(log.cut_off(), None);
        let reader = log.reader().expect("opens");
        assert_eq!(reader.read(0, 100).expect("the whole ones come first").len(), 39);
        let error = reader.read(39, 100).expect_err("stands before it");
        assert!(matches!(error, LogError::Damaged { sequence: 40, .. }), "{error}");
        assert!(error.to_string().contains("kiosk-app log verify"), "{error}");
        assert_eq!(reader.read(40, 100).is_ok(), sql.starts_with("UPDATE"), "no anchor, no events");
    }
    // The first of the newest ones: that is no torn write.
    for sql in ["UPDATE events SET at = 0 WHERE sequence = 344", "DELETE FROM events WHERE sequence = 343"] {
        let data = written(600);
        change(data.path(), sql);
        let error = SqliteLog::open(data.path()).expect_err(sql);
        assert!(matches!(error, LogError::Damaged { .. }) && error.to_string().contains("log verify"), "{error}");
        assert_eq!(table(data.path(), "SELECT * FROM cut_off"), [""; 0]);
    }
}

#[test]
fn an_event_of_a_newer_program_is_never_cut_off() {
    for body in [r#"{"v":99,"type":"unheard_of"}"#, r#"{"v":1,"type":"unheard_of"}"#] {
        // The hash fits: it is made when the file is brought to version 2.
        let data = frozen(V1);
        change(data.path(), &format!("UPDATE events SET body = '{body}' WHERE sequence = 17"));
        let error = SqliteLog::open(data.path()).expect_err("not known");
        assert!(error.to_string().contains("install the version of kiosk-app that wrote it"), "{error}");
        let found = verify(data.path()).expect("runs").bad.expect("a bad event");
        assert!(matches!((found.sequence, found.fault), (17, Fault::Unknown(_))));
        assert!(matches!(repair(data.path(), true), Err(LogError::Damaged { sequence: 17, .. })));
        assert_eq!(table(data.path(), EVENTS).len(), 17);
    }
}

#[test]
fn a_file_of_version_1_gets_its_hashes() {
    let data = frozen(V1);
    let unready = verify(data.path()).expect_err("no hashes yet");
    assert!(unready.to_string().contains("start the hub once"), "{unready}");
    let log = SqliteLog::open(data.path()).expect("opens");
    assert_eq!(log.last_sequence().expect("reads"), 17);
    let reader = log.reader().expect("opens");
    assert_eq!(reader.read(0, 100).expect("reads").len(), 17);
    assert_eq!(reader.cursor("central").expect("reads"), 12);
    assert_eq!(reader.quarantined().expect("reads"), [(5, "no such service".to_owned())]);
    assert_eq!(log.answers(100).expect("reads")[0].reply, r#"{"sequence":2,"note":"Đã ghi \"1\""}"#);
    assert_eq!(log.snapshot(1).expect("reads"), None, "the log is folded from its start, once");
    drop(log);
    assert_eq!(verify(data.path()).expect("runs").head.to_string(), FROZEN_HEAD);
    assert_eq!(table(data.path(), EVENTS), table(frozen(V2).path(), EVENTS), "as another program computed them");
    SqliteLog::open(data.path()).expect("opens again");
}

#[test]
fn a_file_of_version_2_opens_for_ever() {
    let data = frozen(V2);
    let verified = verify(data.path()).expect("runs");
    assert!(verified.is_whole(), "{verified:?}");
    assert_eq!((verified.events, verified.cut_off, verified.head.to_string()), (17, 1, FROZEN_HEAD.to_owned()));
    let log = SqliteLog::open(data.path()).expect("opens");
    assert_eq!(log.snapshot(1).expect("reads").as_deref(), Some(r#"{"sequence":10}"#));
    assert_eq!(log.answers(100).expect("reads").len(), 11);
}

#[test]
fn a_file_of_version_3_opens_for_ever() {
    let data = frozen(V3);
    let verified = verify(data.path()).expect("runs");
    assert_eq!((verified.events, verified.head.to_string()), (17, FROZEN_HEAD.to_owned()));
    let log = SqliteLog::open(data.path()).expect("opens");
    let said = log.reader().expect("opens").personal("comment/20261122-A001").expect("reads");
    assert_eq!(said.as_deref(), Some("Cán bộ nhiệt tình"));
    let schema =
        "SELECT replace(replace(sql, '\n', ''), ' ', '') FROM sqlite_schema WHERE name != 'events' ORDER BY name";
    let (new, old, older) = (tempfile::tempdir().expect("a directory"), frozen(V2), frozen(V1));
    for data in [new.path(), old.path(), older.path()] {
        drop(SqliteLog::open(data).expect("opens"));
        assert_eq!(table(data, schema), table(frozen(V3).path(), schema), "a change of tables is a version 4");
    }
}

#[test]
fn an_export_is_one_json_a_line() {
    let data = frozen(V2);
    let mut out = Vec::new();
    let exported = export(data.path(), &mut out).expect("exports");
    assert_eq!((exported.events, exported.bad), (17, None));
    let text = String::from_utf8(out).expect("text");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert_eq!(lines[2]["event"], serde_json::json!({"v": 1, "type": "counter_closed", "counter": 3}));
    assert_eq!((&lines[2]["sequence"], &lines[2]["at"]), (&3.into(), &"2026-11-22T00:00:02.123Z".into()));
    assert_eq!(lines[16]["hash"], FROZEN_HEAD);
}

#[test]
fn a_backup_is_whole_while_the_hub_writes() {
    let data = written(300);
    let mut log = SqliteLog::open(data.path()).expect("opens");
    let copies = tempfile::tempdir().expect("a directory");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let ordering = std::sync::atomic::Ordering::SeqCst;
    let copied: Vec<u64> = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut next = 301;
            while !stop.load(ordering) {
                append(&mut log, next..=next);
                next += 1;
            }
        });
        let copies = (0..5).map(|n| {
            let copy = copies.path().join(n.to_string()).join("hall.db");
            std::fs::create_dir(copy.parent().expect("a folder")).expect("makes");
            let verified = backup(data.path(), &copy).expect("copies");
            assert!(verified.is_whole());
            verified.events
        });
        let copied = copies.collect();
        stop.store(true, ordering);
        writer.join().expect("writes");
        copied
    });
    assert!(copied[0] >= 300 && copied.is_sorted() && copied[4] > copied[0], "{copied:?}");
    assert!(verify(data.path()).expect("runs").is_whole());
    let restored = SqliteLog::open(&copies.path().join("4")).expect("stands in for the log");
    assert_eq!(restored.last_sequence().expect("reads"), copied[4]);
    drop(restored);

    let copy = copies.path().join("0/hall.db");
    let before = std::fs::read(&copy).expect("reads");
    let error = backup(data.path(), &copy).expect_err("exists");
    assert!(error.to_string().contains("is not overwritten"), "{error}");
    assert_eq!(std::fs::read(&copy).expect("reads"), before);
    drop(log);
    change(data.path(), "UPDATE events SET at = 0 WHERE sequence = 7");
    let error = backup(data.path(), &copies.path().join("bad.db")).expect_err("not whole");
    assert!(error.to_string().contains("the copy is not whole: event 7 of"), "{error}");
}

#[test]
fn a_repair_needs_the_hub_stopped_and_a_log_that_is_there() {
    let data = written(3);
    let log = SqliteLog::open(data.path()).expect("opens");
    assert!(verify(data.path()).expect("runs beside the hub").is_whole());
    let error = repair(data.path(), true).expect_err("in use");
    assert!(matches!(error, LogError::InUse { .. }), "{error}");
    drop(log);
    assert_eq!(repair(data.path(), true).expect("runs"), None);
    let nothing = tempfile::tempdir().expect("a directory");
    for error in [verify(nothing.path()).expect_err("none"), repair(nothing.path(), true).expect_err("none")] {
        assert!(error.to_string().contains("there is no log"), "{error}");
    }
    assert_eq!(std::fs::read_dir(nothing.path()).expect("reads").count(), 0, "and none is made");
}

/// Overwrites bytes of the log's file.
fn scratch(data: &Path, offset: u64, bytes: &[u8]) {
    let mut file = std::fs::File::options().write(true).open(data.join("hall.db")).expect("opens");
    file.seek(std::io::SeekFrom::Start(offset)).expect("seeks");
    file.write_all(bytes).expect("writes");
}

#[test]
fn a_damaged_file_is_kept_beside_a_new_one() {
    let data = written(600);
    let data = data.path();
    let before = table(data, EVENTS);
    let size = std::fs::metadata(data.join("hall.db")).expect("a file").len();
    scratch(data, size / 2 / 4096 * 4096, &[0; 4096]);
    let verified = verify(data).expect("runs");
    let bad = verified.bad.expect("events are gone");
    assert!(!verified.file.is_empty() && verified.events > 0 && bad.next_step().contains("log repair"));

    let plan = repair(data, false).expect("plans").expect("something to do");
    let kept = plan.damaged_file.clone().expect("a new file is needed");
    assert!(!kept.exists(), "only said");
    assert_eq!(repair(data, true).expect("repairs"), Some(plan));
    assert_eq!(std::fs::metadata(kept).expect("kept").len(), size);
    assert_eq!(table(data, EVENTS), before[..verified.events as usize]);
    assert!(!data.join("hall.db.new").exists());
    let mut log = SqliteLog::open(data).expect("opens");
    assert_eq!(log.reader().expect("opens").cursor("central").expect("reads"), verified.events);
    append(&mut log, verified.events + 1..=verified.events + 1);
    assert!(verify(data).expect("runs").is_whole());
}

#[test]
fn no_flipped_byte_of_the_file_changes_an_event_unseen() {
    let data = written(60);
    let data = data.path();
    let before = table(data, EVENTS);
    let path = data.join("hall.db");
    let whole = std::fs::read(&path).expect("reads");
    let mut unseen = 0;
    for at in (0..whole.len()).step_by(101) {
        scratch(data, at as u64, &[whole[at] ^ 0x10]);
        match verify(data) {
            Ok(verified) if verified.is_whole() => {
                unseen += 1;
                assert_eq!(table(data, EVENTS), before, "byte {at}");
            }
            Ok(_) => {
                let repaired = repair(data, true).unwrap_or_else(|e| panic!("byte {at}: {e}")).expect("done");
                assert!(verify(data).expect("runs").is_whole(), "byte {at}");
                let end = usize::try_from(repaired.end).expect("small");
                assert_eq!(table(data, EVENTS), before[..end], "byte {at}");
            }
            // Not even a file of ours any more: a backup is the only help, and that is said.
            Err(error) => assert!(matches!(error, LogError::Unfit { .. }), "byte {at}: {error}"),
        }
        std::fs::write(&path, &whole).expect("restores");
    }
    assert!(unseen < whole.len() / 101 / 2, "{unseen} flips fell on free space");
}
