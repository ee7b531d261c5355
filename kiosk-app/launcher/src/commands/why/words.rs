//! An explanation in plain sentences, with the hall's local times.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use queue::{
    CallRule, CounterNumber, CounterState, Event, Explanation, OtherCall, ReturnCause, ServingResult, Standing, Step,
    Ticket, TicketPhase, Wait,
};

/// Writes all of it.
pub(super) fn tell(told: &Explanation, time_zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let ticket = &told.ticket;
    let clock = Clock { time_zone, day: ticket.id.day };
    let (number, day) = (ticket.id.number, ticket.id.day);
    writeln!(out, "Ticket {number} of {day}, {}: {}.", kind(ticket, &clock), phase(ticket.phase))?;
    writeln!(out, "\nWhat happened to it:")?;
    for recorded in &told.history {
        writeln!(out, "  {}  {}", clock.time(recorded.at), happened(&recorded.event, ticket, &clock))?;
    }
    for wait in &told.waits {
        tell_wait(wait, &clock, out)?;
    }
    match (&told.standing, told.waits.last()) {
        (Some(standing), Some(wait)) => tell_standing(told, wait, standing, &clock, out),
        _ => Ok(()),
    }
}

/// Local times of one day.
struct Clock<'z> {
    time_zone: &'z TimeZone,
    day: Date,
}

impl Clock<'_> {
    /// The time of day, with the date where it is not the ticket's.
    fn time(&self, at: Timestamp) -> String {
        let local = self.time_zone.to_datetime(at);
        let format = if local.date() == self.day { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
        local.strftime(format).to_string()
    }
}

fn kind(ticket: &Ticket, clock: &Clock<'_>) -> String {
    let priority = if ticket.priority { " (priority)" } else { "" };
    let appointment = ticket.appointment.as_ref();
    let appointment = appointment.map(|a| format!(", appointment at {}", clock.time(a.due))).unwrap_or_default();
    format!("class {}{priority}{appointment}", ticket.class)
}

fn phase(phase: TicketPhase) -> &'static str {
    match phase {
        TicketPhase::Waiting => "it waits",
        TicketPhase::Called => "it is called",
        TicketPhase::Serving => "it is being served",
        TicketPhase::Finished => "it was served",
        TicketPhase::Parked => "it is set aside",
        TicketPhase::Missed => "it missed its call",
        TicketPhase::Cancelled => "it was cancelled",
        TicketPhase::Expired => "it was not served before its day ended",
    }
}

/// One event of the ticket.
fn happened(event: &Event, ticket: &Ticket, clock: &Clock<'_>) -> String {
    match event {
        Event::TicketIssued { service, then, kiosk, people_ahead, wait, .. } => {
            let then: String = then.iter().map(|service| format!(", then {service}")).collect();
            let place = kiosk.as_ref().map(|kiosk| format!(" at {kiosk}")).unwrap_or_default();
            let (low, high) = (wait.low, wait.high);
            format!("taken{place} for {service}{then}; told: {people_ahead} ahead, {low} to {high} minutes")
        }
        Event::TicketCalled { counter, officer, rule, .. } => {
            format!("called to counter {counter} by {officer}: {}", reason(rule.as_ref(), ticket, clock))
        }
        Event::TicketRecalled { counter, .. } => format!("called once more to counter {counter}"),
        Event::ServingStarted { counter, .. } => format!("came to counter {counter}"),
        Event::ServingFinished { counter, officer, result, .. } => {
            format!("served at counter {counter} by {officer}{}", ended(result))
        }
        Event::StageFinished { counter, officer, result, next, .. } => {
            format!("served at counter {counter} by {officer}{}; goes on to {}", ended(result), step(next))
        }
        Event::TicketParked { counter, until, reason, .. } => {
            let until = until.map(|until| format!(" until {}", clock.time(until))).unwrap_or_default();
            format!("set aside at counter {counter}{until}: {reason}")
        }
        Event::TicketReturned { cause, .. } => format!("back in the queue at its old place: {}", cause_words(*cause)),
        Event::TicketTransferred { counter, to, back, .. } => {
            let back = if back.is_some() { ", to come back afterwards" } else { "" };
            format!("sent from counter {counter} to {}{back}", step(to))
        }
        Event::TicketNoShow { counter, .. } => format!("did not come to counter {counter}"),
        Event::TicketCancelled { reason: None, .. } => "cancelled".to_owned(),
        Event::TicketCancelled { reason: Some(reason), .. } => format!("cancelled by the hall: {reason}"),
        Event::TicketExpired { .. } => "expired: the day ended or the hall closed before it was served".to_owned(),
        Event::ServiceRated { officer, level, reasons, .. } if !reasons.is_empty() => {
            let reasons: Vec<_> = reasons.iter().map(ToString::to_string).collect();
            format!("rated {officer}: {level} ({})", reasons.join(", "))
        }
        Event::ServiceRated { officer, level, .. } => format!("rated {officer}: {level}"),
        Event::KioskClosed { kiosk } => format!("{kiosk} closed by staff"),
        Event::KioskOpened { kiosk } => format!("{kiosk} opened by staff"),
        event => paper(event),
    }
}

/// What happened to its paper.
fn paper(event: &Event) -> String {
    match event {
        Event::ReprintRequested { .. } => "its paper was asked for again".to_owned(),
        Event::PrintStarted { .. } => "its paper was handed to the printer".to_owned(),
        Event::TicketPrinted { .. } => "its paper was printed".to_owned(),
        Event::RollChanged { kiosk, printer } => format!("a new roll in {printer} at {kiosk}"),
        Event::StaffPaperRequested { kiosk, .. } => format!("a paper for staff was asked for at {kiosk}"),
        Event::StaffPaperStarted { paper } => format!("{paper} is being printed"),
        Event::StaffPaperEnded { paper, .. } => format!("{paper} ended"),
        Event::PrintFailed { reason, .. } => format!("its paper was not printed: {reason}"),
        Event::PrintUnconfirmed { reason, .. } => format!("its paper was not confirmed: {reason}"),
        // The rest is about no ticket.
        event => format!("{event:?}"),
    }
}

fn ended(result: &ServingResult) -> String {
    let outcome = result.outcome.as_ref().map(|outcome| format!(", outcome {outcome}")).unwrap_or_default();
    let dossiers: String = result.dossiers.iter().map(|code| format!(", dossier {code}")).collect();
    outcome + &dossiers
}

fn step(step: &Step) -> String {
    let counter = step.counter.map(|counter| format!(" at counter {counter}")).unwrap_or_default();
    format!("{}{counter}", step.service)
}

fn cause_words(cause: ReturnCause) -> &'static str {
    match cause {
        ReturnCause::Unparked => "it was no longer set aside",
        ReturnCause::CameBack => "the citizen came back after a missed call",
        ReturnCause::HandedOver => "its counter closed",
    }
}

/// Why a ticket was called before the others.
fn reason(rule: Option<&CallRule>, ticket: &Ticket, clock: &Clock<'_>) -> String {
    let due = || ticket.appointment.as_ref().map_or_else(String::new, |a| clock.time(a.due));
    match rule {
        None => "rule not recorded".to_owned(),
        Some(CallRule::Bound) => {
            "passed over as often, or waiting as long, as the hall allows, so before everybody".to_owned()
        }
        Some(CallRule::Urgent) if ticket.appointment.is_some() => format!("its appointment at {} had come", due()),
        Some(CallRule::Urgent) => format!("class {} has priority", ticket.class),
        Some(CallRule::NormalTurn) => {
            "the turn of a normal ticket, after as many urgent ones in a row as the hall allows".to_owned()
        }
        Some(CallRule::LongestWait) => "the longest wait, by the weights of the counter's services".to_owned(),
        Some(CallRule::Early) => format!("before its appointment at {}, since nobody else waited", due()),
        Some(CallRule::Picked(reason)) => format!("the officer picked it: {reason}"),
    }
}

/// Who was called meanwhile.
fn tell_wait(wait: &Wait, clock: &Clock<'_>, out: &mut impl Write) -> io::Result<()> {
    let until = wait.until.map(|until| format!(" until {}", clock.time(until))).unwrap_or_default();
    writeln!(out, "\nWhile it waited for {} from {}{until}:", wait.service, clock.time(wait.from))?;
    match (wait.only_counter, &wait.counters[..]) {
        (Some(counter), _) => writeln!(out, "  Only counter {counter} could call it.")?,
        (None, []) => writeln!(out, "  No counter called {} on this day.", wait.service)?,
        (None, [counter]) => writeln!(out, "  On this day counter {counter} called {}.", wait.service)?,
        (None, counters) => writeln!(out, "  On this day counters {} called {}.", list(counters), wait.service)?,
    }
    let (later, earlier): (Vec<&OtherCall>, Vec<_>) = wait.calls.iter().partition(|call| call.is_later);
    let counted = later.iter().filter(|call| call.is_counted).count();
    writeln!(out, "  Called there before it: {} taken earlier, {} taken later.", earlier.len(), later.len())?;
    for call in later {
        let OtherCall { at, ticket, counter, officer, rule, .. } = call;
        let (number, kind) = (ticket.id.number, kind(ticket, clock));
        let (service, taken) = (&ticket.service, clock.time(ticket.issued_at));
        let reason = reason(rule.as_ref(), ticket, clock);
        writeln!(out, "  {}  {number} to counter {counter} by {officer}: {reason}", clock.time(*at))?;
        writeln!(out, "            {number} was taken at {taken} for {service}, {kind}")?;
    }
    if counted > 0 {
        writeln!(out, "  The hall counted {counted} of these as passing it over.")?;
    }
    Ok(())
}

/// Why it is not called yet.
fn tell_standing(
    told: &Explanation,
    wait: &Wait,
    standing: &Standing,
    clock: &Clock<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "\nWhy it is not called yet, as of the last event at {}:", clock.time(told.as_of))?;
    let due = told.ticket.appointment.as_ref().map(|appointment| appointment.due).filter(|due| *due > told.as_of);
    if let Some(due) = due {
        let time = clock.time(due);
        writeln!(out, "  Its appointment is at {time}; until then it is called only when nobody else waits.")?;
    }
    match standing.before {
        0 => writeln!(out, "  Nobody stands before it in its line.")?,
        1 => writeln!(out, "  1 ticket stands before it in its line.")?,
        n => writeln!(out, "  {n} tickets stand before it in its line.")?,
    }
    if standing.counters.is_empty() {
        writeln!(out, "  No counter has called {} on this day.", wait.service)?;
    }
    for (number, state) in &standing.counters {
        writeln!(out, "  Counter {number} {}.", counter(state))?;
    }
    Ok(())
}

/// What a counter does instead.
fn counter(state: &CounterState) -> String {
    match (&state.officer, &state.paused, state.open_ticket) {
        (None, _, _) => "is closed".to_owned(),
        (Some(officer), Some(reason), _) => format!("is paused by {officer}: {reason}"),
        (Some(officer), None, Some(ticket)) => format!("has ticket {} with {officer}", ticket.number),
        (Some(officer), None, None) => format!("is free: {officer} has not called the next one"),
    }
}

fn list(counters: &[CounterNumber]) -> String {
    counters.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
