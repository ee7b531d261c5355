//! Events of the rules as the log stores them.

use jiff::Timestamp;
use queue::{
    Appointment, CallRule, Event, Line, PaperUsed, PrintReport, ReturnCause, ServingResult, StaffPaperKind, Step,
};

use super::stored::*;

pub(super) fn store(event: &Event) -> StoredEvent {
    match event {
        Event::DayOpened { day } => StoredEvent::DayOpened { day: *day },
        Event::CounterOpened { counter, officer } => {
            StoredEvent::CounterOpened { counter: *counter, officer: officer.to_string() }
        }
        Event::CounterClosed { counter } => StoredEvent::CounterClosed { counter: *counter },
        Event::CounterPaused { counter, reason } => {
            StoredEvent::CounterPaused { counter: *counter, reason: reason.clone() }
        }
        Event::CounterResumed { counter } => StoredEvent::CounterResumed { counter: *counter },
        Event::ProfileExtended { counter, service } => {
            StoredEvent::ProfileExtended { counter: *counter, service: service.to_string() }
        }
        Event::ProfileRestored { counter, service } => {
            StoredEvent::ProfileRestored { counter: *counter, service: service.to_string() }
        }
        Event::ServiceSuspended { service, reason, until } => StoredEvent::ServiceSuspended {
            service: service.to_string(),
            reason: reason.clone(),
            until: until.map(Timestamp::as_millisecond),
        },
        Event::ServiceResumed { service } => StoredEvent::ServiceResumed { service: service.to_string() },
        Event::AppointmentBooked { appointment } => StoredEvent::AppointmentBooked(store_appointment(appointment)),
        Event::AppointmentCancelled { code } => StoredEvent::AppointmentCancelled { code: code.to_string() },
        Event::ClockJumped { expected, shown } => {
            StoredEvent::ClockJumped { expected: expected.as_millisecond(), shown: shown.as_millisecond() }
        }
        Event::ReprintRequested { job } => StoredEvent::ReprintRequested { job: job.to_string() },
        Event::PrintStarted { job, run } => {
            StoredEvent::PrintStarted { job: job.to_string(), run: run.as_ref().map(ToString::to_string) }
        }
        Event::PrintAccepted { job } => StoredEvent::PrintAccepted { job: job.to_string() },
        Event::NumbersSkipped { letter, to } => StoredEvent::NumbersSkipped { letter: *letter, to: *to },
        Event::TicketPrinted { job, paper } => {
            let (printer, mm) = store_used(paper.as_ref());
            StoredEvent::TicketPrinted { job: job.to_string(), printer, mm }
        }
        Event::RollChanged { kiosk, printer } => {
            StoredEvent::RollChanged { kiosk: kiosk.to_string(), printer: printer.to_string() }
        }
        Event::StaffPaperRequested { paper, kiosk, kind } => {
            let kind = match kind {
                StaffPaperKind::Test => StoredKind::Test,
                StaffPaperKind::Summary => StoredKind::Summary,
            };
            StoredEvent::StaffPaperRequested { paper: paper.to_string(), kiosk: kiosk.to_string(), kind }
        }
        Event::StaffPaperStarted { paper } => StoredEvent::StaffPaperStarted { paper: paper.to_string() },
        Event::StaffPaperEnded { paper, end } => store_end(paper.to_string(), end),
        Event::PrintFailed { job, reason } => StoredEvent::PrintFailed { job: job.to_string(), reason: reason.clone() },
        Event::PrintUnconfirmed { job, reason } => {
            StoredEvent::PrintUnconfirmed { job: job.to_string(), reason: reason.clone() }
        }
        Event::TicketCalled { ticket, counter, officer, rule, passed_over } => StoredEvent::TicketCalled {
            ticket: ticket.to_string(),
            counter: *counter,
            officer: officer.to_string(),
            rule: rule.as_ref().map(store_rule),
            passed: passed_over.iter().map(line_text).collect(),
        },
        Event::TicketRecalled { ticket, counter } => {
            StoredEvent::TicketRecalled { ticket: ticket.to_string(), counter: *counter }
        }
        Event::ServingStarted { ticket, counter } => {
            StoredEvent::ServingStarted { ticket: ticket.to_string(), counter: *counter }
        }
        Event::ServingFinished { ticket, counter, officer, result } => StoredEvent::ServingFinished {
            ticket: ticket.to_string(),
            counter: *counter,
            officer: officer.to_string(),
            result: store_result(result),
        },
        Event::StageFinished { ticket, counter, officer, result, next } => StoredEvent::StageFinished {
            ticket: ticket.to_string(),
            counter: *counter,
            officer: officer.to_string(),
            result: store_result(result),
            next: store_step(next),
        },
        Event::TicketParked { ticket, counter, until, reason } => StoredEvent::TicketParked {
            ticket: ticket.to_string(),
            counter: *counter,
            until: until.map(Timestamp::as_millisecond),
            reason: reason.clone(),
        },
        Event::TicketReturned { ticket, cause } => StoredEvent::TicketReturned {
            ticket: ticket.to_string(),
            cause: match cause {
                ReturnCause::Unparked => StoredCause::Unparked,
                ReturnCause::CameBack => StoredCause::CameBack,
                ReturnCause::HandedOver => StoredCause::HandedOver,
            },
        },
        Event::TicketTransferred { ticket, counter, to, back } => StoredEvent::TicketTransferred {
            ticket: ticket.to_string(),
            counter: *counter,
            to: store_step(to),
            back: back.as_ref().map(store_step),
        },
        Event::TicketNoShow { ticket, counter } => {
            StoredEvent::TicketNoShow { ticket: ticket.to_string(), counter: *counter }
        }
        Event::TicketCancelled { ticket, reason } => {
            StoredEvent::TicketCancelled { ticket: ticket.to_string(), reason: reason.clone() }
        }
        Event::TicketExpired { ticket } => StoredEvent::TicketExpired { ticket: ticket.to_string() },
        Event::ServiceRated { ticket, counter, officer, level, satisfied, reasons, comment } => {
            StoredEvent::ServiceRated {
                ticket: ticket.to_string(),
                counter: *counter,
                officer: officer.to_string(),
                level: level.to_string(),
                satisfied: *satisfied,
                reasons: reasons.iter().map(ToString::to_string).collect(),
                comment: *comment,
            }
        }
        Event::KioskClosed { kiosk } => StoredEvent::KioskClosed { kiosk: kiosk.to_string() },
        Event::KioskOpened { kiosk } => StoredEvent::KioskOpened { kiosk: kiosk.to_string() },
        Event::TicketIssued {
            ticket,
            field,
            service,
            class,
            priority,
            language,
            kiosk,
            then,
            appointment,
            people_ahead,
            wait,
        } => StoredEvent::TicketIssued(StoredIssue {
            ticket: ticket.to_string(),
            field: field.to_string(),
            service: service.to_string(),
            class: class.to_string(),
            priority: *priority,
            language: language.clone(),
            kiosk: kiosk.as_ref().map(ToString::to_string),
            then: then.iter().map(ToString::to_string).collect(),
            appointment: appointment.as_ref().map(store_appointment),
            ahead: *people_ahead,
            wait: [wait.low, wait.high],
        }),
    }
}

fn store_appointment(a: &Appointment) -> StoredAppointment {
    StoredAppointment { code: a.code.to_string(), service: a.service.to_string(), due: a.due.as_millisecond() }
}

fn store_step(step: &Step) -> StoredStep {
    StoredStep { service: step.service.to_string(), counter: step.counter }
}

fn store_result(result: &ServingResult) -> StoredResult {
    StoredResult { outcome: result.outcome.as_ref().map(ToString::to_string), dossiers: result.dossiers.clone() }
}

fn store_rule(rule: &CallRule) -> StoredRule {
    match rule {
        CallRule::Bound => StoredRule::Bound,
        CallRule::Urgent => StoredRule::Urgent,
        CallRule::NormalTurn => StoredRule::NormalTurn,
        CallRule::LongestWait => StoredRule::LongestWait,
        CallRule::Early => StoredRule::Early,
        CallRule::Picked(reason) => StoredRule::Picked(reason.clone()),
    }
}

/// A line as text: a service id, or `#` and a counter number. No id begins with `#`.
pub(crate) fn line_text(line: &Line) -> String {
    match line {
        Line::Service(service) => service.to_string(),
        Line::Counter(number) => format!("#{number}"),
    }
}

fn store_used(used: Option<&PaperUsed>) -> (Option<String>, Option<u32>) {
    (used.map(|used| used.printer.to_string()), used.map(|used| used.millimetres))
}

fn store_end(paper: String, end: &PrintReport) -> StoredEvent {
    let ((printer, mm), reason, end) = match end {
        PrintReport::Printed(used) => (store_used(used.as_ref()), None, StoredEnd::Printed),
        PrintReport::Failed(reason) => ((None, None), Some(reason.clone()), StoredEnd::Failed),
        PrintReport::Unconfirmed(reason) => ((None, None), Some(reason.clone()), StoredEnd::Unconfirmed),
    };
    StoredEvent::StaffPaperEnded { paper, end, reason, printer, mm }
}
