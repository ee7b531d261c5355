//! One suite that every kind of log must pass.

mod common;

use hub::log::{Answered, Commit, EventLog, LogError, MemoryLog, Personal, SqliteLog};
use queue::{Event, Recorded};

fn closed(sequence: u64) -> Recorded {
    let at = jiff::Timestamp::from_millisecond(1_795_300_000_000 + sequence as i64).expect("a moment");
    Recorded { sequence, at, event: Event::CounterClosed { counter: sequence as u16 } }
}

fn commit(sequences: std::ops::RangeInclusive<u64>, request: Option<&str>) -> Commit {
    let answered = request.map(|id| Answered {
        request_id: id.to_owned(),
        fingerprint: u64::MAX,
        reply: format!("{{\"to\":\"{id}\"}}"),
    });
    Commit { events: sequences.map(closed).collect(), answered, personal: None }
}

fn suite(log: &mut dyn EventLog) {
    assert_eq!(log.last_sequence().expect("reads"), 0);
    log.append(&[commit(1..=2, Some("a")), commit(3..=3, None), commit(4..=4, Some("b"))]).expect("appends");
    assert_eq!(log.last_sequence().expect("reads"), 4);

    for wrong in [commit(4..=4, None), commit(6..=6, None)] {
        let error = log.append(&[wrong]).expect_err("does not continue");
        assert!(matches!(error, LogError::Gap { last: 4, .. }), "{error}");
    }
    let torn = log.append(&[commit(5..=5, Some("c")), commit(7..=7, None)]).expect_err("a gap inside");
    assert!(matches!(torn, LogError::Gap { last: 5, sequence: 7, .. }), "{torn}");
    assert_eq!(log.last_sequence().expect("reads"), 4, "all of a batch or nothing");

    let mut reader = log.reader().expect("opens");
    assert_eq!(reader.read(0, 10).expect("reads"), (1..=4).map(closed).collect::<Vec<_>>());
    assert_eq!(reader.read(2, 1).expect("reads"), [closed(3)]);
    assert_eq!(reader.read(4, 10).expect("reads"), []);
    let ids = |most| log.answers(most).expect("reads").into_iter().map(|a| a.request_id).collect::<Vec<_>>();
    assert_eq!(ids(10), ["a", "b"]);
    assert_eq!(ids(1), ["b"], "the newest");
    assert_eq!(log.answers(1).expect("reads")[0], commit(4..=4, Some("b")).answered.expect("an answer"));

    assert_eq!(reader.cursor("central").expect("reads"), 0);
    reader.move_cursor("central", 3, &[(2, "no such service".to_owned())]).expect("moves");
    assert_eq!(reader.cursor("central").expect("reads"), 3);
    assert_eq!(reader.cursor("other").expect("reads"), 0);
    assert_eq!(reader.quarantined().expect("reads"), [(2, "no such service".to_owned())]);

    assert_eq!(log.snapshot(1).expect("reads"), None);
    log.save_snapshot(1, 4, "state").expect("saves");
    log.save_snapshot(1, 4, "newer state").expect("saves");
    assert_eq!(log.snapshot(1).expect("reads").as_deref(), Some("newer state"));
    assert_eq!(log.snapshot(2).expect("reads"), None, "another version is passed over");
    log.append(&[commit(5..=5, None)]).expect("goes on");
    assert_eq!(reader.read(4, 10).expect("reads"), [closed(5)], "a reader sees what came later");
    assert_eq!(log.answers(1).expect("reads"), [], "only the newest events are looked at");
    assert_eq!(log.cut_off(), None);
    personal_data(log);
}

/// What a citizen said comes and goes beside the events, which stay.
fn personal_data(log: &mut dyn EventLog) {
    let until = |seconds| jiff::Timestamp::from_second(seconds).expect("a moment");
    let said = |key: &str, expires| Personal { key: key.to_owned(), text: format!("{key} was good"), expires };
    for (sequence, personal) in [(6, said("a", until(100))), (7, said("b", until(200)))] {
        log.append(&[Commit { personal: Some(personal), ..commit(sequence..=sequence, None) }]).expect("appends");
    }
    let wrong = Commit { personal: Some(said("c", until(300))), ..commit(9..=9, None) };
    log.append(&[wrong]).expect_err("a gap");
    let reader = log.reader().expect("opens");
    let personal = |key| reader.personal(key).expect("reads");
    assert_eq!(personal("a").as_deref(), Some("a was good"));
    assert_eq!(personal("c"), None, "not without its event");
    assert_eq!(log.erase_expired(until(99)).expect("erases"), 0);
    assert_eq!(log.erase_expired(until(100)).expect("erases"), 1);
    assert_eq!((personal("a"), personal("b").as_deref()), (None, Some("b was good")));
    assert_eq!(log.last_sequence().expect("reads"), 7);
}

#[test]
fn no_file_keeps_what_was_erased() {
    let data = tempfile::tempdir().expect("a directory");
    let mut log = SqliteLog::open(data.path()).expect("opens");
    let text = "Cán bộ rất nhiệt tình".to_owned();
    let personal = Personal { key: "comment/1".to_owned(), text: text.clone(), expires: jiff::Timestamp::UNIX_EPOCH };
    log.append(&[Commit { personal: Some(personal), ..commit(1..=1, None) }]).expect("appends");
    let stands = || {
        let files = std::fs::read_dir(data.path()).expect("lists").map(|file| file.expect("a file").path());
        files
            .filter(|file| {
                let bytes = std::fs::read(file).expect("reads");
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            })
            .count()
    };
    assert!(stands() > 0, "it is there at first");
    assert_eq!(log.erase_expired(jiff::Timestamp::now()).expect("erases"), 1);
    assert_eq!(stands(), 0);
}

#[test]
fn memory() {
    suite(&mut MemoryLog::default());
}

#[test]
fn sqlite() {
    let data = tempfile::tempdir().expect("a directory");
    suite(&mut SqliteLog::open(data.path()).expect("opens"));
    let log = SqliteLog::open(data.path()).expect("opens again");
    assert_eq!(log.last_sequence().expect("reads"), 7);
    assert_eq!(log.reader().expect("opens").cursor("central").expect("reads"), 3);
}

#[test]
fn sqlite_refuses_a_file_that_is_not_ours() {
    let data = tempfile::tempdir().expect("a directory");
    let foreign = rusqlite::Connection::open(data.path().join("hall.db")).expect("opens");
    foreign.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 9").expect("writes");
    drop(foreign);
    let error = SqliteLog::open(data.path()).expect_err("not ours");
    assert!(error.to_string().contains("not a log of a hall"), "{error}");
}
