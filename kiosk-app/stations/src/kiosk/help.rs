//! Help to listen to: which page's help is spoken where a citizen stands. Pages where the same is to be done share it.

use std::time::Duration;

use protocol::commands::HelpRequest;

use super::flow::{Flow, Shut};
use super::screen;
use super::steps::{Paper, Step};

/// The page's name, one of [`protocol::commands::HELP_PAGES`]; none where nobody needs help: on staff's pages, and while
/// the hub is away, when it could not be asked.
pub(crate) fn page(flow: &Flow, now: Duration) -> Option<&'static str> {
    if flow.away(now) {
        return None;
    }
    Some(match (screen::shut(flow), &flow.step) {
        (Some(Shut::ByStaff), _) => "kiosk-closed",
        (Some(Shut::Hall(_)), _) => "closed",
        (None, Step::Attract) => "attract",
        (None, Step::NoPaper { .. }) => "no-paper",
        (None, Step::Languages { .. }) => "languages",
        (None, Step::Home { .. }) => "fields",
        (None, Step::Services { .. }) => "services",
        (None, Step::Search { .. }) => "search",
        (None, Step::Confirm(_)) => "confirm",
        (None, Step::Classes(_)) => "classes",
        (None, Step::Appointment { .. }) => "appointment",
        (None, Step::Unavailable { .. } | Step::Refused { .. }) => "no-number",
        (None, Step::Ticket(taken)) => match flow.paper(&taken.ticket) {
            Paper::Printing | Paper::Ready => "ticket",
            Paper::Trouble { .. } => "ticket-screen",
        },
        (None, Step::Pin(_) | Step::Staff(_)) => return None,
    })
}

/// Whether help can be heard here and now.
pub(crate) fn can_be_heard(flow: &Flow, now: Duration) -> bool {
    flow.view.as_ref().is_some_and(|view| view.help) && page(flow, now).is_some()
}

/// What is asked of the hub when a citizen wants to listen; none where nothing can be heard.
pub(crate) fn asked(flow: &Flow, now: Duration) -> Option<HelpRequest> {
    let page = page(flow, now).filter(|_| can_be_heard(flow, now))?;
    Some(HelpRequest { page: page.to_owned(), language: flow.language.clone() })
}
