//! What the log costs: bytes a ticket, and time to open after a year.

use std::path::Path;
use std::time::Instant;

use hub::log::{Answered, Commit, EventLog, SqliteLog, verify};
use queue::{Event, Recorded, WaitRange};

/// The issue of one ticket as the engine writes it at its longest: with the start of its paper, its request id and the
/// reply that is kept. Takes two sequences from `sequence` on.
fn ticket(sequence: u64) -> Commit {
    let number = format!("{:04}", sequence % 10_000);
    let id = format!("20261122-A{number}");
    let event = Event::TicketIssued {
        ticket: id.parse().expect("a ticket"),
        field: "dat-dai".into(),
        service: "dang-ky-bien-dong".into(),
        then: Vec::new(),
        appointment: None,
        class: "normal".into(),
        priority: false,
        language: "vi".to_owned(),
        kiosk: Some("kiosk-1".into()),
        people_ahead: 38,
        wait: WaitRange { low: 60, high: 107 },
    };
    let reply = format!(
        r#"{{"sequence":{sequence},"ticket":{{"id":"{id}","number":"A{number}","field":"dat-dai",
        "service":"dang-ky-bien-dong","class":"normal","priority":false,"state":"waiting",
        "issued_at":"2026-11-25T09:15:16.316661591Z","people_ahead":38,"wait":{{"low":60,"high":107}},
        "counters":[1,2,3],"counter":null,"called_at":null,"started_at":null,"calls":0,
        "print":{{"kind":"pending"}}}},"print_job":{{"id":"{id}-p1","state":{{"kind":"pending"}}}}}}"#
    );
    let answered = Answered {
        request_id: format!("6c25e913-1e95-472c-8ff4-{sequence:012}"),
        fingerprint: u64::MAX - sequence,
        reply: reply.replace("\n        ", ""),
    };
    let at = jiff::Timestamp::from_millisecond(1_795_300_000_000 + sequence as i64).expect("a moment");
    let job = format!("{id}-p1").parse().expect("a job");
    let paper = Event::PrintStarted { job, run: Some("2f1c9d4e-8b0a-4c55-9a3e-6d7f1b2c3d4e".into()) };
    let events = vec![Recorded { sequence, at, event }, Recorded { sequence: sequence + 1, at, event: paper }];
    Commit { events, answered: Some(answered), personal: None }
}

/// Bytes that this thread has handed to the system to write.
fn written() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/io").expect("Linux counts them");
    let count = text.lines().find_map(|line| line.strip_prefix("wchar: ")).expect("a line");
    count.parse().expect("a number")
}

#[test]
fn a_ticket_writes_less_than_4_500_bytes() {
    let data = tempfile::tempdir().expect("a directory");
    let before = written();
    let mut log = SqliteLog::open(data.path()).expect("opens");
    for n in 0..1_000 {
        log.append(&[ticket(2 * n + 1)]).expect("appends");
    }
    drop(log);
    let bytes = (written() - before) / 1_000;
    println!("{bytes} bytes a ticket");
    assert!(bytes < 4_500, "{bytes} bytes a ticket, write-ahead log and checkpoints included");
    let kept = size(&data.path().join("hall.db")) / 1_000;
    assert!(kept < 1_500, "{kept} bytes of disk a ticket");
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

#[test]
fn the_write_ahead_log_stays_small() {
    let data = tempfile::tempdir().expect("a directory");
    let mut log = SqliteLog::open(data.path()).expect("opens");
    let mut largest = 0;
    for batch in 0..40 {
        let commits: Vec<Commit> = (batch * 250..(batch + 1) * 250).map(|n| ticket(2 * n + 1)).collect();
        log.append(&commits).expect("appends");
        largest = largest.max(size(&data.path().join("hall.db-wal")));
    }
    assert!((1 << 20..4 << 20).contains(&largest), "{largest} bytes");
}

/// 5,000 tickets a day for a year. Takes a minute and 2 GB: `cargo test --release -p hub --test log_cost -- --ignored`.
#[test]
#[ignore = "writes 2 GB"]
fn a_year_opens_in_a_second() {
    const TICKETS: u64 = 365 * 5_000;
    let data = tempfile::tempdir().expect("a directory");
    let mut log = SqliteLog::open(data.path()).expect("opens");
    let began = Instant::now();
    for day in 0..365 {
        let commits: Vec<Commit> = (day * 5_000..(day + 1) * 5_000).map(|n| ticket(2 * n + 1)).collect();
        log.append(&commits).expect("appends");
    }
    drop(log);
    println!("written in {:?}, {} MB", began.elapsed(), size(&data.path().join("hall.db")) >> 20);
    let began = Instant::now();
    let log = SqliteLog::open(data.path()).expect("opens");
    println!("opened in {:?}", began.elapsed());
    let answers = log.answers(50_000).expect("reads");
    let opened = began.elapsed();
    println!("opened with {} answers in {opened:?}", answers.len());
    assert_eq!(log.last_sequence().expect("reads"), 2 * TICKETS);
    assert!(opened.as_millis() < 1_000, "{opened:?}");
    let began = Instant::now();
    assert!(verify(data.path()).expect("runs").is_whole());
    println!("verified in {:?}", began.elapsed());
}
