//! Which page of the kiosk is shown, with everything on it, as plain data.

use std::time::Duration;

use jiff::Timestamp;
use slint::ComponentHandle;

use super::flow::{Flow, SLOW_AFTER, Shut, Wants};
use super::steps::Step;
use super::{attract, confirm, frame, help, home, notice, search, services, staff, ticket, typed_code};
use crate::generated::{KioskFrameAdapter, KioskPage, KioskWindow, Words as WordsGlobal};
use crate::words::Words;
use crate::{clock, look};

/// What the kiosk's window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screen {
    language: String,
    wants: Wants,
    frame: frame::Shown,
    page: Page,
}

#[derive(Clone, Debug, PartialEq)]
enum Page {
    Attract(attract::Shown),
    Languages(attract::Shown),
    Home(home::Shown),
    Services(services::Shown),
    Search(search::Shown),
    Confirm(confirm::Shown),
    Classes(confirm::Shown),
    TypedCode(typed_code::Shown),
    Ticket(ticket::Shown),
    Notice(notice::Shown),
    Staff(staff::Shown),
}

/// The screen for a state at `now` (time since the station began), `at` by the hub's clock.
pub(crate) fn of(flow: &Flow, now: Duration, at: Timestamp) -> Screen {
    let words = Words::of(&flow.language);
    let local = clock::local(at, flow.hall.as_ref().map_or(0, |h| h.utc_offset_minutes));
    let page = page(flow, words, now);
    let countdown = flow.seconds_left(now);
    let frame = frame::shown(flow, words, local, countdown, help::can_be_heard(flow, now));
    Screen { language: words.language().to_owned(), wants: flow.wants, frame, page }
}

/// Whether the page says that nobody can take a number here; what somebody is in the midst of stays.
pub(super) fn shut(flow: &Flow) -> Option<Shut> {
    let held = matches!(flow.step, Step::Ticket(_) | Step::Pin(_) | Step::Staff(_)) || flow.taking().is_some();
    flow.shut().filter(|_| !held)
}

fn page(flow: &Flow, words: Words, now: Duration) -> Page {
    let (Some(hall), Some(view), false) = (&flow.hall, &flow.view, flow.away(now)) else {
        return Page::Notice(notice::away(flow.strange(), words));
    };
    let known = (&**hall, &**view);
    if let Some(shut) = shut(flow) {
        return Page::Notice(notice::shut(&shut, hall, words));
    }
    match &flow.step {
        Step::Attract => Page::Attract(attract::shown(flow, hall, view, words)),
        Step::NoPaper { code } => Page::Notice(notice::no_paper(code, words)),
        Step::Languages { .. } => Page::Languages(attract::shown(flow, hall, view, words)),
        Step::Home { page } => Page::Home(home::shown(flow, hall, view, *page, words)),
        Step::Services { field, order, page } => {
            Page::Services(services::shown(flow, known, (field, order, *page), words))
        }
        Step::Search { typed, page } => Page::Search(search::shown(flow, hall, view, (typed, *page), words)),
        Step::Confirm(choice) => {
            let slow = choice.taking.as_ref().map(|t| now >= t.since + SLOW_AFTER);
            Page::Confirm(confirm::shown(flow, known, choice, slow, words))
        }
        Step::Classes(choice) => Page::Classes(confirm::shown(flow, known, choice, None, words)),
        Step::Appointment { code, .. } => Page::TypedCode(typed_code::appointment(code, words)),
        Step::Unavailable { name, why, .. } => Page::Notice(notice::unavailable(flow, name, why, words)),
        Step::Ticket(taken) => Page::Ticket(ticket::shown(hall, taken, &flow.paper(&taken.ticket), words)),
        Step::Refused { code, back } => Page::Notice(notice::refused(code, back.is_some(), words)),
        Step::Pin(entry) => Page::TypedCode(typed_code::pin(entry, words)),
        Step::Staff(work) => Page::Staff(staff::shown(flow, view, work, words)),
    }
}

/// Shows a screen.
pub(crate) fn apply(window: &KioskWindow, screen: &Screen) {
    window.global::<WordsGlobal>().set_language(screen.language.as_str().into());
    frame::apply(window, &screen.frame);
    let frame = window.global::<KioskFrameAdapter>();
    frame.set_larger(screen.wants.larger);
    frame.set_low_reach(screen.wants.low_reach);
    let mut code = "";
    let page = match &screen.page {
        Page::Attract(shown) => {
            attract::apply(window, shown);
            KioskPage::Attract
        }
        Page::Languages(shown) => {
            attract::apply(window, shown);
            KioskPage::Languages
        }
        Page::Home(shown) => {
            home::apply(window, shown);
            KioskPage::Home
        }
        Page::Services(shown) => {
            services::apply(window, shown);
            KioskPage::Services
        }
        Page::Search(shown) => {
            search::apply(window, shown);
            KioskPage::Search
        }
        Page::Confirm(shown) => {
            confirm::apply(window, shown);
            KioskPage::Confirm
        }
        Page::Classes(shown) => {
            confirm::apply(window, shown);
            KioskPage::Classes
        }
        Page::TypedCode(shown) => {
            typed_code::apply(window, shown);
            KioskPage::TypedCode
        }
        Page::Ticket(shown) => {
            code = &shown.staff_code;
            ticket::apply(window, shown);
            KioskPage::Ticket
        }
        Page::Notice(shown) => {
            code = &shown.staff_code;
            notice::apply(window, shown);
            KioskPage::Notice
        }
        Page::Staff(shown) => {
            staff::apply(window, shown);
            KioskPage::Staff
        }
    };
    frame.set_staff_code(code.into());
    window.set_page(page);
    let larger = match (screen.wants.larger, screen.wants.low_reach) {
        (false, _) => 1.0,
        (true, false) => look::LARGER,
        (true, true) => look::LARGER_IN_HALF,
    };
    look::change(window, screen.wants.scheme, larger);
}
