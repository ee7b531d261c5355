//! Stored events as the rules know them.

use jiff::Timestamp;
use queue::{
    Appointment, CallRule, Event, Line, PaperUsed, PrintReport, ReturnCause, ServingResult, StaffPaperKind, Step,
    WaitRange,
};

use super::RecordError;
use super::stored::*;

fn id<T: std::str::FromStr<Err = queue::ParseIdError>>(text: &str) -> Result<T, RecordError> {
    text.parse().map_err(|e: queue::ParseIdError| RecordError::Id(e.to_string()))
}

fn time(milliseconds: i64) -> Result<Timestamp, RecordError> {
    Timestamp::from_millisecond(milliseconds).map_err(|e| RecordError::Id(e.to_string()))
}

pub(super) fn restore(stored: StoredEvent) -> Result<Event, RecordError> {
    Ok(match stored {
        StoredEvent::DayOpened { day } => Event::DayOpened { day },
        StoredEvent::CounterOpened { counter, officer } => {
            Event::CounterOpened { counter, officer: officer.as_str().into() }
        }
        StoredEvent::CounterClosed { counter } => Event::CounterClosed { counter },
        StoredEvent::CounterPaused { counter, reason } => Event::CounterPaused { counter, reason },
        StoredEvent::CounterResumed { counter } => Event::CounterResumed { counter },
        StoredEvent::ProfileExtended { counter, service } => {
            Event::ProfileExtended { counter, service: service.as_str().into() }
        }
        StoredEvent::ProfileRestored { counter, service } => {
            Event::ProfileRestored { counter, service: service.as_str().into() }
        }
        StoredEvent::ServiceSuspended { service, reason, until } => {
            Event::ServiceSuspended { service: service.as_str().into(), reason, until: until.map(time).transpose()? }
        }
        StoredEvent::ServiceResumed { service } => Event::ServiceResumed { service: service.as_str().into() },
        StoredEvent::AppointmentBooked(stored) => {
            Event::AppointmentBooked { appointment: restore_appointment(&stored)? }
        }
        StoredEvent::AppointmentCancelled { code } => Event::AppointmentCancelled { code: code.as_str().into() },
        StoredEvent::ClockJumped { expected, shown } => {
            Event::ClockJumped { expected: time(expected)?, shown: time(shown)? }
        }
        StoredEvent::ReprintRequested { job } => Event::ReprintRequested { job: id(&job)? },
        StoredEvent::PrintStarted { job, run } => {
            Event::PrintStarted { job: id(&job)?, run: run.map(|run| run.as_str().into()) }
        }
        StoredEvent::PrintAccepted { job } => Event::PrintAccepted { job: id(&job)? },
        StoredEvent::NumbersSkipped { letter, to } => Event::NumbersSkipped { letter, to },
        StoredEvent::TicketPrinted { job, printer, mm } => {
            Event::TicketPrinted { job: id(&job)?, paper: restore_used(printer, mm) }
        }
        StoredEvent::RollChanged { kiosk, printer } => {
            Event::RollChanged { kiosk: kiosk.as_str().into(), printer: printer.as_str().into() }
        }
        StoredEvent::StaffPaperRequested { paper, kiosk, kind } => Event::StaffPaperRequested {
            paper: id(&paper)?,
            kiosk: kiosk.as_str().into(),
            kind: match kind {
                StoredKind::Test => StaffPaperKind::Test,
                StoredKind::Summary => StaffPaperKind::Summary,
            },
        },
        StoredEvent::StaffPaperStarted { paper } => Event::StaffPaperStarted { paper: id(&paper)? },
        StoredEvent::StaffPaperEnded { paper, end, reason, printer, mm } => {
            let reason = reason.unwrap_or_default();
            let end = match end {
                StoredEnd::Printed => PrintReport::Printed(restore_used(printer, mm)),
                StoredEnd::Failed => PrintReport::Failed(reason),
                StoredEnd::Unconfirmed => PrintReport::Unconfirmed(reason),
            };
            Event::StaffPaperEnded { paper: id(&paper)?, end }
        }
        StoredEvent::PrintFailed { job, reason } => Event::PrintFailed { job: id(&job)?, reason },
        StoredEvent::PrintUnconfirmed { job, reason } => Event::PrintUnconfirmed { job: id(&job)?, reason },
        StoredEvent::TicketCalled { ticket, counter, officer, rule, passed } => Event::TicketCalled {
            ticket: id(&ticket)?,
            counter,
            officer: officer.as_str().into(),
            rule: rule.map(restore_rule),
            passed_over: passed.iter().map(|text| line_of(text)).collect(),
        },
        StoredEvent::TicketRecalled { ticket, counter } => Event::TicketRecalled { ticket: id(&ticket)?, counter },
        StoredEvent::ServingStarted { ticket, counter } => Event::ServingStarted { ticket: id(&ticket)?, counter },
        StoredEvent::ServingFinished { ticket, counter, officer, result } => Event::ServingFinished {
            ticket: id(&ticket)?,
            counter,
            officer: officer.as_str().into(),
            result: restore_result(result),
        },
        StoredEvent::StageFinished { ticket, counter, officer, result, next } => Event::StageFinished {
            ticket: id(&ticket)?,
            counter,
            officer: officer.as_str().into(),
            result: restore_result(result),
            next: restore_step(&next),
        },
        StoredEvent::TicketParked { ticket, counter, until, reason } => {
            Event::TicketParked { ticket: id(&ticket)?, counter, until: until.map(time).transpose()?, reason }
        }
        StoredEvent::TicketReturned { ticket, cause } => Event::TicketReturned {
            ticket: id(&ticket)?,
            cause: match cause {
                StoredCause::Unparked => ReturnCause::Unparked,
                StoredCause::CameBack => ReturnCause::CameBack,
                StoredCause::HandedOver => ReturnCause::HandedOver,
            },
        },
        StoredEvent::TicketTransferred { ticket, counter, to, back } => Event::TicketTransferred {
            ticket: id(&ticket)?,
            counter,
            to: restore_step(&to),
            back: back.as_ref().map(restore_step),
        },
        StoredEvent::TicketNoShow { ticket, counter } => Event::TicketNoShow { ticket: id(&ticket)?, counter },
        StoredEvent::TicketCancelled { ticket, reason } => Event::TicketCancelled { ticket: id(&ticket)?, reason },
        StoredEvent::TicketExpired { ticket } => Event::TicketExpired { ticket: id(&ticket)? },
        StoredEvent::ServiceRated { ticket, counter, officer, level, satisfied, reasons, comment } => {
            Event::ServiceRated {
                ticket: id(&ticket)?,
                counter,
                officer: officer.as_str().into(),
                level: level.as_str().into(),
                satisfied,
                reasons: reasons.iter().map(|reason| reason.as_str().into()).collect(),
                comment,
            }
        }
        StoredEvent::KioskClosed { kiosk } => Event::KioskClosed { kiosk: kiosk.as_str().into() },
        StoredEvent::KioskOpened { kiosk } => Event::KioskOpened { kiosk: kiosk.as_str().into() },
        StoredEvent::TicketIssued(issue) => restore_issue(issue)?,
    })
}

fn restore_issue(issue: StoredIssue) -> Result<Event, RecordError> {
    Ok(Event::TicketIssued {
        ticket: id(&issue.ticket)?,
        field: issue.field.as_str().into(),
        service: issue.service.as_str().into(),
        class: issue.class.as_str().into(),
        priority: issue.priority,
        language: issue.language,
        kiosk: issue.kiosk.map(|kiosk| kiosk.as_str().into()),
        then: issue.then.iter().map(|service| service.as_str().into()).collect(),
        appointment: issue.appointment.as_ref().map(restore_appointment).transpose()?,
        people_ahead: issue.ahead,
        wait: WaitRange { low: issue.wait[0], high: issue.wait[1] },
    })
}

fn restore_appointment(a: &StoredAppointment) -> Result<Appointment, RecordError> {
    Ok(Appointment { code: a.code.as_str().into(), service: a.service.as_str().into(), due: time(a.due)? })
}

fn restore_step(step: &StoredStep) -> Step {
    Step { service: step.service.as_str().into(), counter: step.counter }
}

fn restore_result(result: StoredResult) -> ServingResult {
    ServingResult { outcome: result.outcome.map(|id| id.as_str().into()), dossiers: result.dossiers }
}

fn restore_rule(rule: StoredRule) -> CallRule {
    match rule {
        StoredRule::Bound => CallRule::Bound,
        StoredRule::Urgent => CallRule::Urgent,
        StoredRule::NormalTurn => CallRule::NormalTurn,
        StoredRule::LongestWait => CallRule::LongestWait,
        StoredRule::Early => CallRule::Early,
        StoredRule::Picked(reason) => CallRule::Picked(reason),
    }
}

/// The line that a text means.
pub(crate) fn line_of(text: &str) -> Line {
    let counter = text.strip_prefix('#').and_then(|number| number.parse().ok());
    counter.map_or_else(|| Line::Service(text.into()), Line::Counter)
}

fn restore_used(printer: Option<String>, millimetres: Option<u32>) -> Option<PaperUsed> {
    Some(PaperUsed { printer: printer?.as_str().into(), millimetres: millimetres? })
}
