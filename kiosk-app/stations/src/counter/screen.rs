//! What the counter's window shows, as plain data.

use std::time::Duration;

use jiff::Timestamp;

use super::flow::{Flow, Stage};
use super::{choose, header, queue, work};
use crate::clock;
use crate::generated::{CounterPage, CounterWindow};
use crate::words::Words;

/// What the window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screen {
    header: header::Shown,
    page: Page,
}

#[derive(Clone, Debug, PartialEq)]
enum Page {
    Choose(choose::Shown),
    Work(Box<work::Shown>, queue::Shown),
}

/// The screen for a state at `now` (time since the station began), `at` by the hub's clock.
pub(crate) fn of(flow: &Flow, now: Duration, at: Timestamp, words: Words) -> Screen {
    let hall = flow.hall.as_deref();
    let offset = hall.map_or(0, |h| h.utc_offset_minutes);
    let page = match (flow.stage(), hall, &flow.view) {
        (Stage::Work(_), Some(hall), Some(view)) => Page::Work(
            Box::new(work::shown(flow, hall, view, work::Moment { now, at }, words)),
            queue::shown(flow, hall, view, at, words),
        ),
        (stage, ..) => Page::Choose(choose::shown(flow, stage, now, words)),
    };
    Screen { header: header::shown(flow, now, clock::local(at, offset), words), page }
}

/// Shows a screen.
pub(crate) fn apply(window: &CounterWindow, screen: &Screen) {
    header::apply(window, &screen.header);
    match &screen.page {
        Page::Choose(shown) => {
            choose::apply(window, shown);
            window.set_page(CounterPage::Choose);
        }
        Page::Work(work, queue) => {
            work::apply(window, work);
            queue::apply(window, queue);
            window.set_page(CounterPage::Work);
        }
    }
}
