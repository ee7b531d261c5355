//! The state as a snapshot stands on disk, version 5.
//!
//! A snapshot only saves time: one that is missing, damaged or of another version is passed over, and the log is
//! folded from its start. So, unlike the log, its shape may change with each version.

use queue::{
    Accuracy, Appointment, Call, Cases, CounterState, Figures, Learned, Missed, Parked, PrintJob, PrintState, Roll,
    ServingResult, StaffPaper, StaffPaperKind, StateParts, Step, Suspension, Ticket, TicketPhase, WaitRange,
};
use serde::{Deserialize, Serialize};

use crate::record::{line_of, line_text};

/// Version that is written and read.
pub const VERSION: u32 = 5;

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
    issued: Vec<(String, u32)>,
    called: Vec<(String, u32)>,
    passed: Vec<(String, u64)>,
    clock: Option<i64>,
    suspended: Vec<(String, String, Option<i64>)>,
    closed_kiosks: Vec<String>,
    rolls: Vec<StoredRoll>,
    staff_papers: Vec<StoredStaffPaper>,
    appointments: Vec<StoredAppointment>,
    /// Service, UTC hour, cases, mean, variance.
    learned: Vec<(String, u8, u32, i64, i64)>,
    accuracy: [u64; 4],
}

/// Kiosk, printer, millimetres of the roll and of today, and of past days.
type StoredRoll = (String, String, u64, u64, Vec<u64>);
/// Id, kiosk, whether it is a summary, time, state, reason.
type StoredStaffPaper = (String, String, bool, i64, u8, Option<String>);
/// Code, service, time.
type StoredAppointment = (String, String, i64);
/// Service, counter.
type StoredStep = (String, Option<u16>);

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
    only_counter: Option<u16>,
    then: Vec<StoredStep>,
    appointment: Option<StoredAppointment>,
    parked: Option<(Option<i64>, String)>,
    missed: Option<(i64, u32)>,
    passed_base: u64,
    outcome: Option<String>,
    dossiers: Vec<String>,
    times: [Option<i64>; 5],
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
    paused: Option<String>,
    extra: Vec<String>,
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

const PHASES: [TicketPhase; 8] = [
    TicketPhase::Waiting,
    TicketPhase::Called,
    TicketPhase::Serving,
    TicketPhase::Finished,
    TicketPhase::Parked,
    TicketPhase::Missed,
    TicketPhase::Cancelled,
    TicketPhase::Expired,
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
        issued: parts.issued.iter().map(|(service, n)| (service.to_string(), *n)).collect(),
        called: parts.called.iter().map(|(service, n)| (service.to_string(), *n)).collect(),
        passed: parts.passed.iter().map(|(line, n)| (line_text(line), *n)).collect(),
        clock: parts.clock.map(jiff::Timestamp::as_millisecond),
        suspended: parts
            .suspended
            .iter()
            .map(|(service, s)| (service.to_string(), s.reason.clone(), s.until.map(jiff::Timestamp::as_millisecond)))
            .collect(),
        closed_kiosks: parts.closed_kiosks.iter().map(ToString::to_string).collect(),
        rolls: parts
            .rolls
            .iter()
            .map(|((kiosk, printer), roll)| {
                let days = roll.days.iter().copied().collect();
                (kiosk.to_string(), printer.to_string(), roll.printed, roll.today, days)
            })
            .collect(),
        staff_papers: parts.staff_papers.iter().map(store_staff_paper).collect(),
        appointments: parts.appointments.iter().map(store_appointment).collect(),
        learned: parts
            .learned
            .0
            .iter()
            .map(|((service, hour), c)| (service.to_string(), *hour, c.seen, c.mean, c.variance))
            .collect(),
        accuracy: {
            let a = parts.accuracy;
            [a.calls, a.within_high, a.within_low, a.error_seconds]
        },
    })
}

fn store_appointment(a: &Appointment) -> StoredAppointment {
    (a.code.to_string(), a.service.to_string(), a.due.as_millisecond())
}

fn restore_appointment((code, service, due): StoredAppointment) -> Option<Appointment> {
    Some(Appointment { code: code.as_str().into(), service: service.as_str().into(), due: time(due)? })
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
        issued: stored.issued.into_iter().map(|(service, n)| (service.as_str().into(), n)).collect(),
        called: stored.called.into_iter().map(|(service, n)| (service.as_str().into(), n)).collect(),
        passed: stored.passed.into_iter().map(|(line, n)| (line_of(&line), n)).collect(),
        clock: optional(stored.clock)?,
        suspended: stored
            .suspended
            .into_iter()
            .map(|(service, reason, until)| {
                Some((service.as_str().into(), Suspension { reason, until: optional(until)? }))
            })
            .collect::<Option<_>>()?,
        closed_kiosks: stored.closed_kiosks.iter().map(|kiosk| kiosk.as_str().into()).collect(),
        rolls: stored
            .rolls
            .into_iter()
            .map(|(kiosk, printer, printed, today, days)| {
                let roll = Roll { printed, today, days: days.into() };
                ((kiosk.as_str().into(), printer.as_str().into()), roll)
            })
            .collect(),
        staff_papers: stored.staff_papers.into_iter().map(restore_staff_paper).collect::<Option<_>>()?,
        appointments: stored.appointments.into_iter().map(restore_appointment).collect::<Option<_>>()?,
        learned: Learned(
            stored
                .learned
                .into_iter()
                .map(|(service, hour, seen, mean, variance)| {
                    ((service.as_str().into(), hour), Cases { seen, mean, variance })
                })
                .collect(),
        ),
        accuracy: {
            let [calls, within_high, within_low, error_seconds] = stored.accuracy;
            Accuracy { calls, within_high, within_low, error_seconds }
        },
    })
}

fn time(milliseconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(milliseconds).ok()
}

/// A time that may be missing; none when it is no time.
fn optional(milliseconds: Option<i64>) -> Option<Option<jiff::Timestamp>> {
    match milliseconds {
        Some(milliseconds) => time(milliseconds).map(Some),
        None => Some(None),
    }
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
        only_counter: t.only_counter,
        then: t.then.iter().map(|step| (step.service.to_string(), step.counter)).collect(),
        appointment: t.appointment.as_ref().map(store_appointment),
        parked: t.parked.as_ref().map(|p| (ms(p.until), p.reason.clone())),
        missed: t.missed.map(|m| (m.at.as_millisecond(), m.calls)),
        passed_base: t.passed_base,
        outcome: t.result.outcome.as_ref().map(ToString::to_string),
        dossiers: t.result.dossiers.clone(),
        times: [
            Some(t.issued_at.as_millisecond()),
            ms(t.called_at),
            ms(t.started_at),
            ms(t.finished_at),
            ms(t.last_called_at),
        ],
        counter: t.counter,
        officer: t.officer.as_ref().map(ToString::to_string),
        calls: t.calls,
        rated: t.rated,
        copies: t.copies,
    }
}

fn restore_ticket(t: StoredTicket) -> Option<Ticket> {
    let at = |n: usize| optional(t.times[n]);
    let step = |(service, counter): StoredStep| Step { service: service.as_str().into(), counter };
    Some(Ticket {
        id: t.id.parse().ok()?,
        field: t.field.as_str().into(),
        service: t.service.as_str().into(),
        class: t.class.as_str().into(),
        priority: t.priority,
        issued_at: at(0)??,
        called_at: at(1)?,
        started_at: at(2)?,
        finished_at: at(3)?,
        last_called_at: at(4)?,
        only_counter: t.only_counter,
        then: t.then.into_iter().map(step).collect(),
        appointment: match t.appointment {
            Some(appointment) => Some(restore_appointment(appointment)?),
            None => None,
        },
        parked: match t.parked {
            Some((until, reason)) => Some(Parked { until: optional(until)?, reason }),
            None => None,
        },
        missed: match t.missed {
            Some((at, calls)) => Some(Missed { at: time(at)?, calls }),
            None => None,
        },
        passed_base: t.passed_base,
        result: ServingResult { outcome: t.outcome.map(|id| id.as_str().into()), dossiers: t.dossiers },
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
        streak: c.urgent_streak,
        paused: c.paused.clone(),
        extra: c.extra.iter().map(ToString::to_string).collect(),
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
        urgent_streak: c.streak,
        paused: c.paused,
        extra: c.extra.iter().map(|service| service.as_str().into()).collect(),
        awaits_rating: ticket(c.awaits_rating)?,
        figures: Figures { served, handling_seconds, ratings, satisfied },
    };
    Some((c.number, state))
}

fn store_staff_paper(paper: &StaffPaper) -> StoredStaffPaper {
    let (state, reason) = store_state(&paper.state);
    let at = paper.requested_at.as_millisecond();
    (paper.id.to_string(), paper.kiosk.to_string(), paper.kind == StaffPaperKind::Summary, at, state, reason)
}

fn restore_staff_paper((id, kiosk, summary, at, state, reason): StoredStaffPaper) -> Option<StaffPaper> {
    Some(StaffPaper {
        id: id.parse().ok()?,
        kiosk: kiosk.as_str().into(),
        kind: if summary { StaffPaperKind::Summary } else { StaffPaperKind::Test },
        requested_at: time(at)?,
        state: restore_state(state, reason)?,
    })
}

fn store_state(state: &PrintState) -> (u8, Option<String>) {
    match state {
        PrintState::Pending => (0, None),
        PrintState::Printing => (1, None),
        PrintState::Printed => (2, None),
        PrintState::Failed(reason) => (3, Some(reason.clone())),
        PrintState::Unconfirmed(reason) => (4, Some(reason.clone())),
        PrintState::Accepted => (5, None),
    }
}

fn restore_state(state: u8, reason: Option<String>) -> Option<PrintState> {
    Some(match (state, reason) {
        (0, None) => PrintState::Pending,
        (1, None) => PrintState::Printing,
        (2, None) => PrintState::Printed,
        (3, Some(reason)) => PrintState::Failed(reason),
        (4, Some(reason)) => PrintState::Unconfirmed(reason),
        (5, None) => PrintState::Accepted,
        _ => return None,
    })
}

fn store_job(job: &PrintJob) -> StoredJob {
    let (state, reason) = store_state(&job.state);
    let at = job.requested_at.as_millisecond();
    let run = job.run.as_ref().map(ToString::to_string);
    StoredJob { id: job.id.to_string(), kiosk: job.kiosk.to_string(), at, state, reason, run }
}

fn restore_job(job: StoredJob) -> Option<PrintJob> {
    Some(PrintJob {
        id: job.id.parse().ok()?,
        kiosk: job.kiosk.as_str().into(),
        requested_at: time(job.at)?,
        state: restore_state(job.state, job.reason)?,
        run: job.run.map(|run| run.as_str().into()),
    })
}
