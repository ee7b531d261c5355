//! What the counter's window shows, as plain data.

use slint::{ComponentHandle, PhysicalPosition, PhysicalSize};

use super::flow::{Flow, Moment, Stage};
use super::{choose, current, header, queue, sheet_page, work};
use crate::clock;
use crate::generated::{CounterPage, CounterWindow, CurrentAdapter, FullPlace};
use crate::words::Words;

/// Height of the narrow bar, pixels.
const BAR_HEIGHT: u32 = 96;

/// What the window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screen {
    header: header::Shown,
    page: Page,
    bar: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Page {
    Choose(choose::Shown),
    Work(Box<Work>),
}

#[derive(Clone, Debug, PartialEq)]
struct Work {
    current: current::Shown,
    work: work::Shown,
    queue: queue::Shown,
    sheet: sheet_page::Shown,
}

/// The screen for a state.
pub(crate) fn of(flow: &Flow, moment: Moment, words: Words) -> Screen {
    let hall = flow.hall.as_deref();
    let offset = hall.map_or(0, |h| h.utc_offset_minutes);
    let page = match (flow.stage(), hall, &flow.view) {
        (Stage::Work(_), Some(hall), Some(view)) => Page::Work(Box::new(Work {
            current: current::shown(flow, hall, view, moment.at, words),
            work: work::shown(flow, moment.now, words),
            queue: queue::shown(flow, hall, view, moment, words),
            sheet: sheet_page::shown(flow, hall, view, moment, words),
        })),
        (stage, ..) => Page::Choose(choose::shown(flow, stage, moment.now, words)),
    };
    let bar = flow.bar && matches!(page, Page::Work(_));
    Screen { header: header::shown(flow, moment.now, clock::local(moment.at, offset), words), page, bar }
}

/// Shows a screen.
pub(crate) fn apply(window: &CounterWindow, screen: &Screen) {
    header::apply(window, &screen.header);
    match &screen.page {
        Page::Choose(shown) => {
            choose::apply(window, shown);
            window.set_page(CounterPage::Choose);
        }
        Page::Work(page) => {
            let stage = window.global::<CurrentAdapter>().get_ticket().stage;
            current::apply(window, &page.current);
            work::apply(window, &page.work);
            queue::apply(window, &page.queue);
            let sheet = sheet_page::apply(window, &page.sheet);
            let first = window.get_page() != CounterPage::Work;
            window.set_page(CounterPage::Work);
            if sheet || first || stage != window.global::<CurrentAdapter>().get_ticket().stage {
                // A field that had the keyboard may be gone: the window has it, and a field that is there takes it.
                window.invoke_take_keys();
                let adapter = window.global::<CurrentAdapter>();
                adapter.set_focus_turn(adapter.get_focus_turn().wrapping_add(1));
            }
        }
    }
    if window.get_bar() != screen.bar {
        window.set_bar(screen.bar);
        become_bar(window, screen.bar);
    }
}

/// Makes the window narrow at the upper edge of the screen, or as large as it was before.
fn become_bar(window: &CounterWindow, bar: bool) {
    let (place, shown) = (window.get_before(), window.window());
    if bar {
        let (size, at) = (shown.size(), shown.position());
        let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let (width, height) = (whole(size.width), whole(size.height));
        let before = FullPlace { width, height, x: at.x, y: at.y, fullscreen: shown.is_fullscreen() };
        window.set_before(before);
        shown.set_fullscreen(false);
        shown.set_size(PhysicalSize::new(size.width, BAR_HEIGHT));
        shown.set_position(at);
    } else if place.width > 0 {
        let whole = |n: i32| u32::try_from(n).unwrap_or(0);
        shown.set_size(PhysicalSize::new(whole(place.width), whole(place.height)));
        shown.set_position(PhysicalPosition::new(place.x, place.y));
        shown.set_fullscreen(place.fullscreen);
    }
}
