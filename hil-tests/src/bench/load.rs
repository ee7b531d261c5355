//! A busy hall: 25 counters and 4 kiosks at once, as fast as the hub answers; and how long a hub takes to start on a
//! day's log and on a year's.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, ensure};
use hub::log::{Commit, EventLog, SqliteLog};
use hub::{Engine, HallClock, Hub, HubConfig, OnTheWay, Press, Request, system_clock};
use protocol::commands::Command;
use queue::{Event, Hall, Recorded, TicketId, TicketNumber, WaitRange};
use tokio::sync::{mpsc, oneshot};

use super::{disk, line};
use crate::whole_hall::FREE_PORT;

/// Counters and kiosks.
const COUNTERS: u16 = 25;
const KIOSKS: usize = 4;
/// Commands of each.
const COMMANDS: usize = 400;
/// Tickets of a busy day, and days of a year.
const DAY: u64 = 5_000;
const YEAR: u64 = 365;
/// Events appended at once when a log is made.
const CHUNK: usize = 10_000;

/// The sample hall with 25 counters that serve everything.
fn busy(hall: &Hall) -> anyhow::Result<Hall> {
    let mut parts = hall.parts().clone();
    let services: Vec<String> = parts.services.iter().map(|service| service.id.to_string()).collect();
    let services: Vec<&str> = services.iter().map(String::as_str).collect();
    parts.counters = (1..=COUNTERS).map(|number| queue::Counter::new(number, &services)).collect();
    parts.officers = (1..=COUNTERS).map(|n| queue::Officer::new(&format!("officer-{n}"))).collect();
    Hall::new(parts).map_err(|errors| anyhow::anyhow!("{errors:?}"))
}

/// Prints the commands a second, at the engine and over HTTP, beside raw commits a second of the same run.
///
/// # Errors
/// When the hub does not answer.
pub fn sustained(directory: &Path, config: &HubConfig, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    let raw = 1.0 / disk::raw_commit(directory)?;
    let hall = busy(&config.hall)?;
    let at_engine = runtime.block_on(engine(&directory.join("engine"), hall.clone()))?;
    line("commands_per_second_at_the_engine", at_engine, "commands/s", Some(("raw-sqlite-full-commits/s", raw)));
    let data = directory.join("http");
    let config = HubConfig { hall, listen: FREE_PORT, data, tokens: Vec::new(), central: None, ..config.clone() };
    let over_http = runtime.block_on(http(config))?;
    line("commands_per_second_over_http", over_http, "commands/s", Some(("raw-sqlite-full-commits/s", raw)));
    Ok(())
}

/// What a station presses: a kiosk takes numbers, a counter calls, starts and finishes in turn.
fn press(station: usize, n: usize) -> Command {
    let counter = station as u16 + 1;
    if station >= usize::from(COUNTERS) {
        // Four kiosks feed 25 counters.
        return Command::issue_ticket("dat-dai-bien-dong", "normal", "vi", None);
    }
    match n % 3 {
        _ if n == 0 => Command::OpenCounter { counter, officer: format!("officer-{counter}") },
        1 => Command::CallNext { counter },
        2 => Command::StartServing { counter },
        _ => Command::finish_serving(counter),
    }
}

async fn engine(data: &Path, hall: Hall) -> anyhow::Result<f64> {
    let log = SqliteLog::open(data)?;
    let engine = Engine::open(Arc::new(hall), Box::new(log), Arc::new(HallClock::new(system_clock())))?;
    let (sender, requests) = mpsc::channel(1024);
    let on_the_way = OnTheWay::default();
    let thread = std::thread::spawn(move || engine.run(requests, &on_the_way));
    let began = Instant::now();
    let stations = (0..usize::from(COUNTERS) + KIOSKS).map(|station| {
        let sender = sender.clone();
        tokio::spawn(async move {
            for n in 0..COMMANDS {
                let command = rules(press(station, n));
                let press =
                    Press { request_id: format!("{station}-{n}"), fingerprint: n as u64, command, personal: None };
                let (answer, answered) = oneshot::channel();
                sender
                    .send(Request::Command { press: Box::new(press), answer })
                    .await
                    .ok()
                    .context("the engine is gone")?;
                answered.await.context("no answer")?;
            }
            anyhow::Ok(())
        })
    });
    let stations: Vec<_> = stations.collect();
    let count = stations.len() * COMMANDS;
    for station in stations {
        station.await??;
    }
    let seconds = began.elapsed().as_secs_f64();
    sender.send(Request::Stop).await.ok().context("the engine is gone")?;
    ensure!(thread.join().is_ok(), "the engine broke down");
    Ok(count as f64 / seconds)
}

/// The same as the hub's API would pass it on.
fn rules(command: Command) -> queue::Command {
    match command {
        Command::OpenCounter { counter, officer } => {
            queue::Command::OpenCounter { counter, officer: officer.as_str().into() }
        }
        Command::CallNext { counter } => queue::Command::CallNext { counter },
        Command::StartServing { counter } => queue::Command::StartServing { counter },
        Command::FinishServing { counter, .. } => {
            queue::Command::FinishServing { counter, result: queue::ServingResult::default() }
        }
        _ => queue::Command::IssueTicket {
            service: "dat-dai-bien-dong".into(),
            then: Vec::new(),
            class: "normal".into(),
            language: "vi".to_owned(),
            appointment: None,
            kiosk: None,
            printer: None,
        },
    }
}

async fn http(config: HubConfig) -> anyhow::Result<f64> {
    let hub = Hub::start(config).await?;
    let url = format!("http://{}", hub.address());
    let began = Instant::now();
    let mut stations = Vec::new();
    for station in 0..usize::from(COUNTERS) + KIOSKS {
        let client = client::Hub::new(&url, None)?;
        stations.push(tokio::spawn(async move {
            for n in 0..COMMANDS {
                match client.command_once(&format!("{station}-{n}"), &press(station, n)).await {
                    // Nobody waits at this moment: an answer too.
                    Ok(_) | Err(client::ClientError::Refused(_)) => {}
                    Err(error) => return Err(anyhow::Error::from(error)),
                }
            }
            Ok(())
        }));
    }
    let count = stations.len() * COMMANDS;
    for station in stations {
        station.await??;
    }
    let seconds = began.elapsed().as_secs_f64();
    hub.stop().await;
    Ok(count as f64 / seconds)
}

/// Prints how long a hub takes to be ready on the log of a day of 5,000 tickets, and of a year of such days.
///
/// # Errors
/// When a log cannot be made or opened.
pub fn restart(directory: &Path, hall: &Hall) -> anyhow::Result<()> {
    for (name, days) in [("ready_after_a_day_of_5000_tickets", 1), ("ready_after_a_year_of_such_days", YEAR)] {
        let data = directory.join(format!("{days}-days"));
        make(&data, days)?;
        // A hub that ends in order leaves a snapshot. Then part of another day is lost from memory only.
        run_once(&data, hall, 1_500)?;
        let began = Instant::now();
        let engine = open(&data, hall)?;
        line(name, began.elapsed().as_secs_f64() * 1e3, "ms", None);
        ensure!(engine.published().read(|state| state.tickets().len()) > 0, "the hub knows its tickets");
        drop(engine);
        std::fs::remove_dir_all(&data)?;
    }
    Ok(())
}

fn open(data: &Path, hall: &Hall) -> anyhow::Result<Engine> {
    let log = SqliteLog::open(data)?;
    Ok(Engine::open(Arc::new(hall.clone()), Box::new(log), Arc::new(HallClock::new(system_clock())))?)
}

/// A hub's life: it folds the log, ends with a snapshot, starts again and is killed after some tickets.
fn run_once(data: &Path, hall: &Hall, tickets: u64) -> anyhow::Result<()> {
    let (sender, requests) = mpsc::channel(1);
    sender.blocking_send(Request::Stop).ok().context("the engine is gone")?;
    open(data, hall)?.run(requests, &OnTheWay::default());
    let mut engine = open(data, hall)?;
    let presses = (0..tickets).map(|n| Press {
        request_id: format!("last-{n}"),
        fingerprint: n,
        command: rules(Command::issue_ticket("", "", "", None)),
        personal: None,
    });
    for answer in engine.handle(presses.collect()) {
        answer.result.map_err(|problem| anyhow::anyhow!("{}", problem.detail))?;
    }
    Ok(())
}

/// A log of so many days that end today, each with 5,000 tickets that were given and expired.
fn make(data: &Path, days: u64) -> anyhow::Result<()> {
    let mut log = SqliteLog::open(data)?;
    let mut events = Vec::new();
    let mut sequence = 0;
    let today = jiff::Timestamp::now();
    for back in (0..days).rev() {
        let at = today - jiff::SignedDuration::from_hours(24 * i64::try_from(back)?);
        let at = jiff::Timestamp::from_millisecond(at.as_millisecond())?;
        let day = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).date();
        let mut add = |event| {
            sequence += 1;
            events.push(Recorded { sequence, at, event });
        };
        add(Event::DayOpened { day });
        for n in 0..DAY {
            let number = TicketNumber { letter: 'B', value: n as u16 + 1 };
            add(Event::TicketIssued {
                ticket: TicketId { day, number },
                field: "ho-tich".into(),
                service: "ho-tich-khai-sinh".into(),
                class: "normal".into(),
                priority: false,
                language: "vi".to_owned(),
                kiosk: None,
                then: Vec::new(),
                appointment: None,
                people_ahead: 0,
                wait: WaitRange::default(),
            });
        }
        for n in 0..DAY {
            let number = TicketNumber { letter: 'B', value: n as u16 + 1 };
            add(Event::TicketExpired { ticket: TicketId { day, number } });
        }
        while events.len() >= CHUNK || (back == 0 && !events.is_empty()) {
            let rest = events.split_off(events.len().min(CHUNK));
            log.append(&[Commit { events: std::mem::replace(&mut events, rest), ..Commit::default() }])?;
        }
    }
    Ok(())
}
