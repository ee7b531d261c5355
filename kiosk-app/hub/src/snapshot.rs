//! The state as a snapshot stands on disk, version 2.
//!
//! A snapshot only saves time: one that is missing, damaged or of another version is passed over, and the log is
//! folded from its start. So, unlike the log, its shape may change with each version.

use queue::{Call, CounterState, Figures, PrintJob, PrintState, StateParts, Ticket, TicketPhase, WaitRange};
use serde::{Deserialize, Serialize};

/// Version that is written and read.
pub const VERSION: u32 = 2;

#[derive(Serialize, Deserialize)]
struct StoredState {
    sequence: u64,
    day: Option<jiff::civil::Date>,
    tickets: Vec<StoredTicket>,
    last_numbers: Vec<(char, u16)>,
    counters: Vec<StoredCounter>,
    print_jobs: Vec<StoredJob>,
    calls: Vec<(u64, i64, String, u16)>,
    first_calls: u32,
    waited_seconds: u64,
}

#[derive(Serialize, Deserialize)]
struct StoredTicket {
    id: String,
    field: String,
    service: String,
    class: String,
    priority: bool,
    language: String,
    kiosk: Option<String>,
    ahead: u32,
    wait: [u32; 2],
    phase: u8,
    times: [Option<i64>; 4],
    counter: Option<u16>,
    officer: Option<String>,
    calls: u32,
    rated: bool,
    copies: u16,
}

#[derive(Serialize, Deserialize)]
struct StoredCounter {
    number: u16,
    officer: Option<String>,
    open_ticket: Option<String>,
    streak: u32,
    awaits_rating: Option<String>,
    figures: (u32, u64, u32, u32),
}

#[derive(Serialize, Deserialize)]
struct StoredJob {
    id: String,
    kiosk: String,
    at: i64,
    state: u8,
    reason: Option<String>,
    run: Option<String>,
}

const PHASES: [TicketPhase; 6] = [
    TicketPhase::Waiting,
    TicketPhase::Called,
    TicketPhase::Serving,
    TicketPhase::Finished,
    TicketPhase::NoShow,
    TicketPhase::Cancelled,
];

/// The state as text.
///
/// # Errors
/// The JSON writer's own.
pub fn encode(parts: &StateParts) -> Result<String, serde_json::Error> {
    serde_json::to_string(&StoredState {
        sequence: parts.sequence,
        day: parts.day,
        tickets: parts.tickets.iter().map(store_ticket).collect(),
        last_numbers: parts.last_numbers.iter().map(|(letter, value)| (*letter, *value)).collect(),
        counters: parts.counters.iter().map(|(number, counter)| store_counter(*number, counter)).collect(),
        print_jobs: parts.print_jobs.iter().map(store_job).collect(),
        calls: parts
            .calls
            .iter()
            .map(|c| (c.sequence, c.at.as_millisecond(), c.ticket.to_string(), c.counter))
            .collect(),
        first_calls: parts.first_calls,
        waited_seconds: parts.waited_seconds,
    })
}

/// The state that a snapshot holds; none when it cannot be read whole.
#[must_use]
pub fn decode(body: &str) -> Option<StateParts> {
    let stored: StoredState = serde_json::from_str(body).ok()?;
    Some(StateParts {
        sequence: stored.sequence,
        day: stored.day,
        tickets: stored.tickets.into_iter().map(restore_ticket).collect::<Option<_>>()?,
        last_numbers: stored.last_numbers.into_iter().collect(),
        counters: stored.counters.into_iter().map(restore_counter).collect::<Option<_>>()?,
        print_jobs: stored.print_jobs.into_iter().map(restore_job).collect::<Option<_>>()?,
        calls: stored
            .calls
            .into_iter()
            .map(|(sequence, at, ticket, counter)| {
                Some(Call { sequence, at: time(at)?, ticket: ticket.parse().ok()?, counter })
            })
            .collect::<Option<_>>()?,
        first_calls: stored.first_calls,
        waited_seconds: stored.waited_seconds,
    })
}

fn time(milliseconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(milliseconds).ok()
}

fn store_ticket(t: &Ticket) -> StoredTicket {
    let ms = |at: Option<jiff::Timestamp>| at.map(|at| at.as_millisecond());
    StoredTicket {
        id: t.id.to_string(),
        field: t.field.to_string(),
        service: t.service.to_string(),
        class: t.class.to_string(),
        priority: t.priority,
        language: t.language.clone(),
        kiosk: t.kiosk.as_ref().map(ToString::to_string),
        ahead: t.people_ahead,
        wait: [t.wait.low, t.wait.high],
        phase: PHASES.iter().position(|p| *p == t.phase).and_then(|n| u8::try_from(n).ok()).unwrap_or(u8::MAX),
        times: [Some(t.issued_at.as_millisecond()), ms(t.called_at), ms(t.started_at), ms(t.finished_at)],
        counter: t.counter,
        officer: t.officer.as_ref().map(ToString::to_string),
        calls: t.calls,
        rated: t.rated,
        copies: t.copies,
    }
}

fn restore_ticket(t: StoredTicket) -> Option<Ticket> {
    let at = |n: usize| t.times[n].map(time);
    Some(Ticket {
        id: t.id.parse().ok()?,
        field: t.field.as_str().into(),
        service: t.service.as_str().into(),
        class: t.class.as_str().into(),
        priority: t.priority,
        issued_at: at(0)??,
        called_at: at(1).unwrap_or_default(),
        started_at: at(2).unwrap_or_default(),
        finished_at: at(3).unwrap_or_default(),
        language: t.language,
        kiosk: t.kiosk.map(|kiosk| kiosk.as_str().into()),
        people_ahead: t.ahead,
        wait: WaitRange { low: t.wait[0], high: t.wait[1] },
        phase: *PHASES.get(usize::from(t.phase))?,
        counter: t.counter,
        officer: t.officer.map(|officer| officer.as_str().into()),
        calls: t.calls,
        rated: t.rated,
        copies: t.copies,
    })
}

fn store_counter(number: u16, c: &CounterState) -> StoredCounter {
    let f = c.figures;
    StoredCounter {
        number,
        officer: c.officer.as_ref().map(ToString::to_string),
        open_ticket: c.open_ticket.map(|t| t.to_string()),
        streak: c.priority_streak,
        awaits_rating: c.awaits_rating.map(|t| t.to_string()),
        figures: (f.served, f.handling_seconds, f.ratings, f.satisfied),
    }
}

fn restore_counter(c: StoredCounter) -> Option<(u16, CounterState)> {
    let (served, handling_seconds, ratings, satisfied) = c.figures;
    let ticket = |id: Option<String>| id.map(|id| id.parse()).transpose().ok();
    let state = CounterState {
        officer: c.officer.map(|officer| officer.as_str().into()),
        open_ticket: ticket(c.open_ticket)?,
        priority_streak: c.streak,
        awaits_rating: ticket(c.awaits_rating)?,
        figures: Figures { served, handling_seconds, ratings, satisfied },
    };
    Some((c.number, state))
}

fn store_job(job: &PrintJob) -> StoredJob {
    let (state, reason) = match &job.state {
        PrintState::Pending => (0, None),
        PrintState::Printing => (1, None),
        PrintState::Printed => (2, None),
        PrintState::Failed(reason) => (3, Some(reason.clone())),
        PrintState::Unconfirmed(reason) => (4, Some(reason.clone())),
    };
    let at = job.requested_at.as_millisecond();
    let run = job.run.as_ref().map(ToString::to_string);
    StoredJob { id: job.id.to_string(), kiosk: job.kiosk.to_string(), at, state, reason, run }
}

fn restore_job(job: StoredJob) -> Option<PrintJob> {
    let state = match (job.state, job.reason) {
        (0, None) => PrintState::Pending,
        (1, None) => PrintState::Printing,
        (2, None) => PrintState::Printed,
        (3, Some(reason)) => PrintState::Failed(reason),
        (4, Some(reason)) => PrintState::Unconfirmed(reason),
        _ => return None,
    };
    Some(PrintJob {
        id: job.id.parse().ok()?,
        kiosk: job.kiosk.as_str().into(),
        requested_at: time(job.at)?,
        state,
        run: job.run.map(|run| run.as_str().into()),
    })
}
