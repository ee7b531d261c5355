//! Events as they stand in the log, version 1: JSON with a `v` and a `type`.
//!
//! Frozen by `tests/frozen/log_v1.jsonl`: a log written once is read for ever. A change of shape is a version 2 beside
//! this one, never an edit.

use queue::{Event, WaitRange};
use serde::{Deserialize, Serialize};

/// Version that is written.
const VERSION: u8 = 1;

/// A body that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not the JSON of an event.
    #[error("not an event of version {VERSION}: {0}")]
    Shape(#[from] serde_json::Error),
    /// Written by a newer program.
    #[error("event version {0} is newer than this program; install the version that wrote it")]
    Newer(u8),
    /// An id that is none.
    #[error("{0}")]
    Id(String),
}

#[derive(Serialize, Deserialize)]
struct Stored {
    v: u8,
    #[serde(flatten)]
    event: StoredEvent,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum StoredEvent {
    DayOpened {
        day: jiff::civil::Date,
    },
    CounterOpened {
        counter: u16,
        officer: String,
    },
    CounterClosed {
        counter: u16,
    },
    TicketIssued(StoredIssue),
    TicketCalled {
        ticket: String,
        counter: u16,
        officer: String,
    },
    TicketRecalled {
        ticket: String,
        counter: u16,
    },
    ServingStarted {
        ticket: String,
        counter: u16,
    },
    ServingFinished {
        ticket: String,
        counter: u16,
        officer: String,
    },
    TicketNoShow {
        ticket: String,
        counter: u16,
    },
    TicketCancelled {
        ticket: String,
    },
    ServiceRated {
        ticket: String,
        counter: u16,
        officer: String,
        level: String,
        satisfied: bool,
    },
    ReprintRequested {
        job: String,
    },
    PrintStarted {
        job: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        run: Option<String>,
    },
    TicketPrinted {
        job: String,
    },
    PrintFailed {
        job: String,
        reason: String,
    },
    PrintUnconfirmed {
        job: String,
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct StoredIssue {
    ticket: String,
    field: String,
    service: String,
    class: String,
    priority: bool,
    language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kiosk: Option<String>,
    ahead: u32,
    wait: [u32; 2],
}

/// An event as the log holds it.
///
/// # Errors
/// Never for events of the rules; the JSON writer's own fault otherwise.
pub fn encode(event: &Event) -> Result<String, RecordError> {
    Ok(serde_json::to_string(&Stored { v: VERSION, event: store(event) })?)
}

/// The event that a log body holds.
///
/// # Errors
/// When the body is damaged or newer than this program.
pub fn decode(body: &str) -> Result<Event, RecordError> {
    #[derive(Deserialize)]
    struct Version {
        v: u8,
    }
    let version: Version = serde_json::from_str(body)?;
    if version.v != VERSION {
        return Err(RecordError::Newer(version.v));
    }
    let stored: Stored = serde_json::from_str(body)?;
    restore(stored.event)
}

fn store(event: &Event) -> StoredEvent {
    match event {
        Event::DayOpened { day } => StoredEvent::DayOpened { day: *day },
        Event::CounterOpened { counter, officer } => {
            StoredEvent::CounterOpened { counter: *counter, officer: officer.to_string() }
        }
        Event::CounterClosed { counter } => StoredEvent::CounterClosed { counter: *counter },
        Event::TicketIssued { ticket, field, service, class, priority, language, kiosk, people_ahead, wait } => {
            StoredEvent::TicketIssued(StoredIssue {
                ticket: ticket.to_string(),
                field: field.to_string(),
                service: service.to_string(),
                class: class.to_string(),
                priority: *priority,
                language: language.clone(),
                kiosk: kiosk.as_ref().map(ToString::to_string),
                ahead: *people_ahead,
                wait: [wait.low, wait.high],
            })
        }
        Event::TicketCalled { ticket, counter, officer } => {
            StoredEvent::TicketCalled { ticket: ticket.to_string(), counter: *counter, officer: officer.to_string() }
        }
        Event::TicketRecalled { ticket, counter } => {
            StoredEvent::TicketRecalled { ticket: ticket.to_string(), counter: *counter }
        }
        Event::ServingStarted { ticket, counter } => {
            StoredEvent::ServingStarted { ticket: ticket.to_string(), counter: *counter }
        }
        Event::ServingFinished { ticket, counter, officer } => {
            StoredEvent::ServingFinished { ticket: ticket.to_string(), counter: *counter, officer: officer.to_string() }
        }
        Event::TicketNoShow { ticket, counter } => {
            StoredEvent::TicketNoShow { ticket: ticket.to_string(), counter: *counter }
        }
        Event::TicketCancelled { ticket } => StoredEvent::TicketCancelled { ticket: ticket.to_string() },
        Event::ServiceRated { ticket, counter, officer, level, satisfied } => StoredEvent::ServiceRated {
            ticket: ticket.to_string(),
            counter: *counter,
            officer: officer.to_string(),
            level: level.to_string(),
            satisfied: *satisfied,
        },
        Event::ReprintRequested { job } => StoredEvent::ReprintRequested { job: job.to_string() },
        Event::PrintStarted { job, run } => {
            StoredEvent::PrintStarted { job: job.to_string(), run: run.as_ref().map(ToString::to_string) }
        }
        Event::TicketPrinted { job } => StoredEvent::TicketPrinted { job: job.to_string() },
        Event::PrintFailed { job, reason } => StoredEvent::PrintFailed { job: job.to_string(), reason: reason.clone() },
        Event::PrintUnconfirmed { job, reason } => {
            StoredEvent::PrintUnconfirmed { job: job.to_string(), reason: reason.clone() }
        }
    }
}

fn restore(stored: StoredEvent) -> Result<Event, RecordError> {
    fn id<T: std::str::FromStr<Err = queue::ParseIdError>>(text: &str) -> Result<T, RecordError> {
        text.parse().map_err(|e: queue::ParseIdError| RecordError::Id(e.to_string()))
    }
    Ok(match stored {
        StoredEvent::DayOpened { day } => Event::DayOpened { day },
        StoredEvent::CounterOpened { counter, officer } => {
            Event::CounterOpened { counter, officer: officer.as_str().into() }
        }
        StoredEvent::CounterClosed { counter } => Event::CounterClosed { counter },
        StoredEvent::TicketIssued(issue) => Event::TicketIssued {
            ticket: id(&issue.ticket)?,
            field: issue.field.as_str().into(),
            service: issue.service.as_str().into(),
            class: issue.class.as_str().into(),
            priority: issue.priority,
            language: issue.language,
            kiosk: issue.kiosk.map(|kiosk| kiosk.as_str().into()),
            people_ahead: issue.ahead,
            wait: WaitRange { low: issue.wait[0], high: issue.wait[1] },
        },
        StoredEvent::TicketCalled { ticket, counter, officer } => {
            Event::TicketCalled { ticket: id(&ticket)?, counter, officer: officer.as_str().into() }
        }
        StoredEvent::TicketRecalled { ticket, counter } => Event::TicketRecalled { ticket: id(&ticket)?, counter },
        StoredEvent::ServingStarted { ticket, counter } => Event::ServingStarted { ticket: id(&ticket)?, counter },
        StoredEvent::ServingFinished { ticket, counter, officer } => {
            Event::ServingFinished { ticket: id(&ticket)?, counter, officer: officer.as_str().into() }
        }
        StoredEvent::TicketNoShow { ticket, counter } => Event::TicketNoShow { ticket: id(&ticket)?, counter },
        StoredEvent::TicketCancelled { ticket } => Event::TicketCancelled { ticket: id(&ticket)? },
        StoredEvent::ServiceRated { ticket, counter, officer, level, satisfied } => Event::ServiceRated {
            ticket: id(&ticket)?,
            counter,
            officer: officer.as_str().into(),
            level: level.as_str().into(),
            satisfied,
        },
        StoredEvent::ReprintRequested { job } => Event::ReprintRequested { job: id(&job)? },
        StoredEvent::PrintStarted { job, run } => {
            Event::PrintStarted { job: id(&job)?, run: run.map(|run| run.as_str().into()) }
        }
        StoredEvent::TicketPrinted { job } => Event::TicketPrinted { job: id(&job)? },
        StoredEvent::PrintFailed { job, reason } => Event::PrintFailed { job: id(&job)?, reason },
        StoredEvent::PrintUnconfirmed { job, reason } => Event::PrintUnconfirmed { job: id(&job)?, reason },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line for each kind of event, written by version 1. Never edited.
    const FROZEN: &str = include_str!("../tests/frozen/log_v1.jsonl");

    #[test]
    fn the_frozen_log_reads_and_writes_the_same_bytes() {
        let mut kinds = std::collections::BTreeSet::new();
        for line in FROZEN.lines() {
            let event = decode(line).expect(line);
            assert_eq!(encode(&event).expect("encodes"), line);
            kinds.insert(std::mem::discriminant(&event).to_owned().to_string_key());
        }
        assert_eq!(kinds.len(), 16, "a sample of every kind");
    }

    trait Key {
        fn to_string_key(&self) -> String;
    }
    impl Key for std::mem::Discriminant<Event> {
        fn to_string_key(&self) -> String {
            format!("{self:?}")
        }
    }

    #[test]
    fn a_newer_or_damaged_body_is_an_error_that_says_so() {
        let newer = decode(r#"{"v":2,"type":"ticket_cancelled","ticket":"20261122-A001"}"#);
        assert!(matches!(newer, Err(RecordError::Newer(2))), "{newer:?}");
        let damaged = decode(r#"{"v":1,"type":"ticket_cancelled","ticket":"2026"}"#);
        assert!(matches!(damaged, Err(RecordError::Id(_))), "{damaged:?}");
        assert!(matches!(decode("{\"v\":1,\"ty"), Err(RecordError::Shape(_))));
    }
}
