//! An event of the log as a CloudEvent.

use protocol::central::{CloudEvent, EventData, TYPE_PREFIX};
use protocol::commands::StaffPaperKind;
use queue::{CallRule, Event, PrintReport, Recorded, ReturnCause};

/// Version of each event's `data`.
const DATA_VERSION: &str = "v1";

/// The CloudEvent of an event of this hall, with the citizen's own words that came with it.
pub fn cloud_event(hall: &str, recorded: &Recorded, comment: Option<String>) -> CloudEvent {
    CloudEvent {
        specversion: "1.0".to_owned(),
        id: recorded.sequence.to_string(),
        source: format!("/halls/{hall}"),
        kind: format!("{TYPE_PREFIX}{}.{DATA_VERSION}", name(&recorded.event)),
        subject: subject(&recorded.event),
        time: recorded.at,
        datacontenttype: "application/json".to_owned(),
        sequence: recorded.sequence,
        data: data(&recorded.event, comment),
    }
}

fn subject(event: &Event) -> Option<String> {
    match event {
        Event::CounterOpened { counter, .. }
        | Event::CounterClosed { counter }
        | Event::CounterPaused { counter, .. }
        | Event::CounterResumed { counter }
        | Event::ProfileExtended { counter, .. }
        | Event::ProfileRestored { counter, .. } => Some(format!("counter-{counter}")),
        other => other.ticket().map(|ticket| ticket.to_string()),
    }
}

fn name(event: &Event) -> &'static str {
    match event {
        Event::DayOpened { .. } => "day_opened",
        Event::CounterOpened { .. } => "counter_opened",
        Event::CounterClosed { .. } => "counter_closed",
        Event::CounterPaused { .. } => "counter_paused",
        Event::CounterResumed { .. } => "counter_resumed",
        Event::ProfileExtended { .. } => "profile_extended",
        Event::ProfileRestored { .. } => "profile_restored",
        Event::ServiceSuspended { .. } => "service_suspended",
        Event::ServiceResumed { .. } => "service_resumed",
        Event::AppointmentBooked { .. } => "appointment_booked",
        Event::AppointmentCancelled { .. } => "appointment_cancelled",
        Event::ClockJumped { .. } => "clock_jumped",
        Event::StageFinished { .. } => "stage_finished",
        Event::TicketParked { .. } => "ticket_parked",
        Event::TicketReturned { .. } => "ticket_returned",
        Event::TicketTransferred { .. } => "ticket_transferred",
        Event::TicketExpired { .. } => "ticket_expired",
        Event::TicketIssued { .. } => "ticket_issued",
        Event::TicketCalled { .. } => "ticket_called",
        Event::TicketRecalled { .. } => "ticket_recalled",
        Event::ServingStarted { .. } => "serving_started",
        Event::ServingFinished { .. } => "serving_finished",
        Event::TicketNoShow { .. } => "ticket_no_show",
        Event::TicketCancelled { .. } => "ticket_cancelled",
        Event::ServiceRated { .. } => "service_rated",
        Event::KioskClosed { .. } => "kiosk_closed",
        Event::KioskOpened { .. } => "kiosk_opened",
        Event::ReprintRequested { .. } => "reprint_requested",
        Event::PrintStarted { .. } => "print_started",
        Event::TicketPrinted { .. } => "ticket_printed",
        Event::RollChanged { .. } => "roll_changed",
        Event::StaffPaperRequested { .. } => "staff_paper_requested",
        Event::StaffPaperStarted { .. } => "staff_paper_started",
        Event::StaffPaperEnded { .. } => "staff_paper_ended",
        Event::PrintAccepted { .. } => "print_accepted",
        Event::NumbersSkipped { .. } => "numbers_skipped",
        Event::PrintFailed { .. } => "print_failed",
        Event::PrintUnconfirmed { .. } => "print_unconfirmed",
    }
}

fn rule_name(rule: &CallRule) -> &'static str {
    match rule {
        CallRule::Bound => "bound",
        CallRule::Urgent => "urgent",
        CallRule::NormalTurn => "normal_turn",
        CallRule::LongestWait => "longest_wait",
        CallRule::Early => "early",
        CallRule::Picked(_) => "picked",
    }
}

fn cause_name(cause: ReturnCause) -> &'static str {
    match cause {
        ReturnCause::Unparked => "unparked",
        ReturnCause::CameBack => "came_back",
        ReturnCause::HandedOver => "handed_over",
    }
}

fn data(event: &Event, comment: Option<String>) -> EventData {
    let text = |id: &dyn std::fmt::Display| id.to_string();
    match event {
        Event::DayOpened { day } => EventData::DayOpened { day: text(day) },
        Event::CounterOpened { counter, officer } => {
            EventData::CounterOpened { counter: *counter, officer: text(officer) }
        }
        Event::CounterClosed { counter } => EventData::CounterClosed { counter: *counter },
        Event::TicketIssued {
            ticket, service, class, language, kiosk, then, appointment, people_ahead, wait, ..
        } => EventData::TicketIssued {
            ticket: text(ticket),
            number: text(&ticket.number),
            service: text(service),
            class: text(class),
            language: language.clone(),
            kiosk: kiosk.as_ref().map(ToString::to_string),
            people_ahead: *people_ahead,
            wait_minutes: [wait.low, wait.high],
            then: then.iter().map(ToString::to_string).collect(),
            appointment: appointment.as_ref().map(|a| text(&a.code)),
        },
        Event::TicketCalled { ticket, counter, officer, rule, .. } => EventData::TicketCalled {
            ticket: text(ticket),
            counter: *counter,
            officer: text(officer),
            rule: rule.as_ref().map(|rule| rule_name(rule).to_owned()),
        },
        Event::TicketRecalled { ticket, counter } => {
            EventData::TicketRecalled { ticket: text(ticket), counter: *counter }
        }
        Event::ServingStarted { ticket, counter } => {
            EventData::ServingStarted { ticket: text(ticket), counter: *counter }
        }
        Event::ServingFinished { ticket, counter, officer, result } => EventData::ServingFinished {
            ticket: text(ticket),
            counter: *counter,
            officer: text(officer),
            outcome: result.outcome.as_ref().map(ToString::to_string),
            dossiers: result.dossiers.clone(),
        },
        Event::StageFinished { ticket, counter, officer, result, next } => EventData::StageFinished {
            ticket: text(ticket),
            counter: *counter,
            officer: text(officer),
            outcome: result.outcome.as_ref().map(ToString::to_string),
            dossiers: result.dossiers.clone(),
            next: text(&next.service),
        },
        Event::TicketParked { ticket, counter, reason, .. } => {
            EventData::TicketParked { ticket: text(ticket), counter: *counter, reason: reason.clone() }
        }
        Event::TicketReturned { ticket, cause } => {
            EventData::TicketReturned { ticket: text(ticket), cause: cause_name(*cause).to_owned() }
        }
        Event::TicketTransferred { ticket, counter, to, .. } => EventData::TicketTransferred {
            ticket: text(ticket),
            counter: *counter,
            service: text(&to.service),
            to: to.counter,
        },
        Event::TicketExpired { ticket } => EventData::TicketExpired { ticket: text(ticket) },
        Event::CounterPaused { counter, reason } => {
            EventData::CounterPaused { counter: *counter, reason: reason.clone() }
        }
        Event::CounterResumed { counter } => EventData::CounterResumed { counter: *counter },
        Event::ProfileExtended { counter, service } => {
            EventData::ProfileExtended { counter: *counter, service: text(service) }
        }
        Event::ProfileRestored { counter, service } => {
            EventData::ProfileRestored { counter: *counter, service: text(service) }
        }
        Event::ServiceSuspended { service, reason, .. } => {
            EventData::ServiceSuspended { service: text(service), reason: reason.clone() }
        }
        Event::ServiceResumed { service } => EventData::ServiceResumed { service: text(service) },
        Event::AppointmentBooked { appointment } => EventData::AppointmentBooked {
            code: text(&appointment.code),
            service: text(&appointment.service),
            due: appointment.due,
        },
        Event::AppointmentCancelled { code } => EventData::AppointmentCancelled { code: text(code) },
        Event::ClockJumped { expected, shown } => EventData::ClockJumped { expected: *expected, shown: *shown },
        Event::TicketNoShow { ticket, counter } => EventData::TicketNoShow { ticket: text(ticket), counter: *counter },
        Event::TicketCancelled { ticket, reason } => {
            EventData::TicketCancelled { ticket: text(ticket), reason: reason.clone() }
        }
        Event::ServiceRated { ticket, counter, officer, level, reasons, .. } => EventData::ServiceRated {
            ticket: text(ticket),
            counter: *counter,
            officer: text(officer),
            level: text(level),
            reasons: reasons.iter().map(ToString::to_string).collect(),
            comment,
        },
        Event::KioskClosed { kiosk } => EventData::KioskClosed { kiosk: text(kiosk) },
        Event::KioskOpened { kiosk } => EventData::KioskOpened { kiosk: text(kiosk) },
        Event::ReprintRequested { job } => EventData::ReprintRequested { job: text(job), ticket: text(&job.ticket) },
        Event::PrintStarted { job, .. } => EventData::PrintStarted { job: text(job) },
        Event::PrintAccepted { job } => EventData::PrintAccepted { job: text(job) },
        Event::NumbersSkipped { letter, to } => EventData::NumbersSkipped { letter: *letter, to: *to },
        Event::TicketPrinted { job, .. } => EventData::TicketPrinted { job: text(job) },
        Event::RollChanged { kiosk, printer } => EventData::RollChanged { kiosk: text(kiosk), printer: text(printer) },
        Event::StaffPaperRequested { paper, kiosk, kind } => EventData::StaffPaperRequested {
            paper: text(paper),
            kiosk: text(kiosk),
            kind: match kind {
                queue::StaffPaperKind::Test => StaffPaperKind::Test,
                queue::StaffPaperKind::Summary => StaffPaperKind::Summary,
            },
        },
        Event::StaffPaperStarted { paper } => EventData::StaffPaperStarted { paper: text(paper) },
        Event::StaffPaperEnded { paper, end } => {
            let end = match end {
                PrintReport::Printed(_) => "printed",
                PrintReport::Failed(_) => "failed",
                PrintReport::Unconfirmed(_) => "unconfirmed",
            };
            EventData::StaffPaperEnded { paper: text(paper), end: end.to_owned() }
        }
        Event::PrintFailed { job, reason } => EventData::PrintFailed { job: text(job), reason: reason.clone() },
        Event::PrintUnconfirmed { job, reason } => {
            EventData::PrintUnconfirmed { job: text(job), reason: reason.clone() }
        }
    }
}
