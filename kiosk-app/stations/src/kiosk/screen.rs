//! Which page of the kiosk is shown, with everything on it, as plain data.

use std::time::Duration;

use jiff::Timestamp;
use slint::ComponentHandle;

use super::flow::{Flow, Step};
use super::{attract, confirm, frame, home, notice, services, ticket};
use crate::clock;
use crate::generated::{KioskFrameAdapter, KioskPage, KioskWindow, Words as WordsGlobal};
use crate::words::Words;

/// What the kiosk's window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screen {
    language: String,
    frame: frame::Shown,
    page: Page,
}

#[derive(Clone, Debug, PartialEq)]
enum Page {
    Attract(attract::Shown),
    Home(home::Shown),
    Services(services::Shown),
    Confirm(confirm::Shown),
    Ticket(ticket::Shown),
    Notice(notice::Shown),
}

/// The screen for a state at `now` (time since the station began), `at` by the hub's clock.
pub(crate) fn of(flow: &Flow, now: Duration, at: Timestamp) -> Screen {
    let words = Words::of(&flow.language);
    let local = clock::local(at, flow.hall.as_ref().map_or(0, |h| h.utc_offset_minutes));
    let page = page(flow, words, now);
    let countdown = flow.seconds_left(now);
    Screen { language: words.language().to_owned(), frame: frame::shown(flow, words, local, countdown), page }
}

fn page(flow: &Flow, words: Words, now: Duration) -> Page {
    let (Some(hall), Some(view), false) = (&flow.hall, &flow.view, flow.away(now)) else {
        return Page::Notice(notice::away(words));
    };
    match &flow.step {
        Step::Attract => Page::Attract(attract::shown(flow, hall, view, words)),
        Step::Home => Page::Home(home::shown(flow, hall, view, words)),
        Step::Services { field } => Page::Services(services::shown(hall, view, field, words)),
        Step::Confirm { service, class, taking, .. } => {
            let slow = taking.as_ref().map(|t| now >= t.since + super::flow::SLOW_AFTER);
            Page::Confirm(confirm::shown(flow, hall, view, &confirm::Choice { service, class, slow }, words))
        }
        Step::Ticket(taken) => Page::Ticket(ticket::shown(hall, &taken.ticket, &flow.paper(&taken.ticket), words)),
        Step::Refused { code } => Page::Notice(notice::refused(code, words)),
    }
}

/// Shows a screen.
pub(crate) fn apply(window: &KioskWindow, screen: &Screen) {
    window.global::<WordsGlobal>().set_language(screen.language.as_str().into());
    frame::apply(window, &screen.frame);
    let page = match &screen.page {
        Page::Attract(shown) => {
            attract::apply(window, shown);
            KioskPage::Attract
        }
        Page::Home(shown) => {
            home::apply(window, shown);
            KioskPage::Home
        }
        Page::Services(shown) => {
            services::apply(window, shown);
            KioskPage::Services
        }
        Page::Confirm(shown) => {
            confirm::apply(window, shown);
            KioskPage::Confirm
        }
        Page::Ticket(shown) => {
            window.global::<KioskFrameAdapter>().set_staff_code(shown.staff_code.as_str().into());
            ticket::apply(window, shown);
            KioskPage::Ticket
        }
        Page::Notice(shown) => {
            window.global::<KioskFrameAdapter>().set_staff_code(shown.staff_code.as_str().into());
            notice::apply(window, shown);
            KioskPage::Notice
        }
    };
    window.set_page(page);
}
