//! An event of the log as a CloudEvent.

use protocol::central::{CloudEvent, EventData, TYPE_PREFIX};
use queue::{Event, Recorded};

/// Version of each event's `data`.
const DATA_VERSION: &str = "v1";

/// The CloudEvent of an event of this hall.
pub fn cloud_event(hall: &str, recorded: &Recorded) -> CloudEvent {
    CloudEvent {
        specversion: "1.0".to_owned(),
        id: recorded.sequence.to_string(),
        source: format!("/halls/{hall}"),
        kind: format!("{TYPE_PREFIX}{}.{DATA_VERSION}", name(&recorded.event)),
        subject: subject(&recorded.event),
        time: recorded.at,
        datacontenttype: "application/json".to_owned(),
        sequence: recorded.sequence,
        data: data(&recorded.event),
    }
}

fn subject(event: &Event) -> Option<String> {
    match event {
        Event::CounterOpened { counter, .. } | Event::CounterClosed { counter } => Some(format!("counter-{counter}")),
        other => crate::views::event_ticket(other).map(|ticket| ticket.to_string()),
    }
}

fn name(event: &Event) -> &'static str {
    match event {
        Event::DayOpened { .. } => "day_opened",
        Event::CounterOpened { .. } => "counter_opened",
        Event::CounterClosed { .. } => "counter_closed",
        Event::TicketIssued { .. } => "ticket_issued",
        Event::TicketCalled { .. } => "ticket_called",
        Event::TicketRecalled { .. } => "ticket_recalled",
        Event::ServingStarted { .. } => "serving_started",
        Event::ServingFinished { .. } => "serving_finished",
        Event::TicketNoShow { .. } => "ticket_no_show",
        Event::TicketCancelled { .. } => "ticket_cancelled",
        Event::ServiceRated { .. } => "service_rated",
        Event::ReprintRequested { .. } => "reprint_requested",
        Event::PrintStarted { .. } => "print_started",
        Event::TicketPrinted { .. } => "ticket_printed",
        Event::PrintFailed { .. } => "print_failed",
        Event::PrintUnconfirmed { .. } => "print_unconfirmed",
    }
}

fn data(event: &Event) -> EventData {
    let text = |id: &dyn std::fmt::Display| id.to_string();
    match event {
        Event::DayOpened { day } => EventData::DayOpened { day: text(day) },
        Event::CounterOpened { counter, officer } => {
            EventData::CounterOpened { counter: *counter, officer: text(officer) }
        }
        Event::CounterClosed { counter } => EventData::CounterClosed { counter: *counter },
        Event::TicketIssued { ticket, service, class, language, kiosk, people_ahead, wait, .. } => {
            EventData::TicketIssued {
                ticket: text(ticket),
                number: text(&ticket.number),
                service: text(service),
                class: text(class),
                language: language.clone(),
                kiosk: kiosk.as_ref().map(ToString::to_string),
                people_ahead: *people_ahead,
                wait_minutes: [wait.low, wait.high],
            }
        }
        Event::TicketCalled { ticket, counter, officer } => {
            EventData::TicketCalled { ticket: text(ticket), counter: *counter, officer: text(officer) }
        }
        Event::TicketRecalled { ticket, counter } => {
            EventData::TicketRecalled { ticket: text(ticket), counter: *counter }
        }
        Event::ServingStarted { ticket, counter } => {
            EventData::ServingStarted { ticket: text(ticket), counter: *counter }
        }
        Event::ServingFinished { ticket, counter, officer } => {
            EventData::ServingFinished { ticket: text(ticket), counter: *counter, officer: text(officer) }
        }
        Event::TicketNoShow { ticket, counter } => EventData::TicketNoShow { ticket: text(ticket), counter: *counter },
        Event::TicketCancelled { ticket } => EventData::TicketCancelled { ticket: text(ticket) },
        Event::ServiceRated { ticket, counter, officer, level, .. } => EventData::ServiceRated {
            ticket: text(ticket),
            counter: *counter,
            officer: text(officer),
            level: text(level),
        },
        Event::ReprintRequested { job } => EventData::ReprintRequested { job: text(job), ticket: text(&job.ticket) },
        Event::PrintStarted { job, .. } => EventData::PrintStarted { job: text(job) },
        Event::TicketPrinted { job } => EventData::TicketPrinted { job: text(job) },
        Event::PrintFailed { job, reason } => EventData::PrintFailed { job: text(job), reason: reason.clone() },
        Event::PrintUnconfirmed { job, reason } => {
            EventData::PrintUnconfirmed { job: text(job), reason: reason.clone() }
        }
    }
}
