//! `kiosk-app why`: why a ticket was called when it was, or is not called yet, told from the log.
//!
//! The facts come from [`queue::explain`], which knows only the events of the ticket's day; here is where they are
//! read and put into sentences. It changes nothing, and the hub may run meanwhile.

mod words;

use std::io::Write;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::Context;
use hub::why::Day;
use jiff::civil::Date;
use queue::{Event, Recorded, TicketId, TicketNumber};

use super::place::Place;

/// The ticket that is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    Id(TicketId),
    /// Of the newest day in the log.
    Number(TicketNumber),
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let id = text.parse().map(Self::Id);
        id.or_else(|_| text.parse().map(Self::Number))
            .map_err(|_| "write a ticket id such as 20261122-A012, or a number such as A012".to_owned())
    }
}

/// Writes the answer; the exit status is 1 when a bad event of the log may hide a part of it.
pub(super) fn why(wanted: Wanted, place: Place, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let place = place.find()?;
    let day = match wanted {
        Wanted::Id(id) => Some(id.day),
        Wanted::Number(_) => None,
    };
    let Day { events, bad } = hub::why::read_day(&place.directory, day)?;
    if let Some(bad) = &bad {
        eprintln!("kiosk-app: what came after is not told: {bad}; {}", bad.next_step());
    }
    let opened = opened(&events).with_context(|| match day {
        Some(day) => format!("the log has no day {day}"),
        None => "the log has no day yet".to_owned(),
    })?;
    let ticket = match wanted {
        Wanted::Id(id) => id,
        Wanted::Number(number) => TicketId { day: opened, number },
    };
    let explanation = queue::explain(&events, &ticket)
        .with_context(|| format!("the log has no ticket {} on {}", ticket.number, ticket.day))?;
    words::tell(&explanation, &place.time_zone, out)?;
    Ok(if bad.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn opened(events: &[Recorded]) -> Option<Date> {
    events.iter().find_map(|recorded| match &recorded.event {
        Event::DayOpened { day } => Some(*day),
        _ => None,
    })
}
