//! What the counter's window shows, as plain data.

use slint::{ComponentHandle, PhysicalPosition, PhysicalSize};

use super::flow::{Flow, Moment, Shape, Stage};
use super::{choose, current, header, queue, sheet_page, work};
use crate::clock;
use crate::generated::{CounterPage, CounterWindow, CurrentAdapter, Fit, FullPlace};
use crate::look::{self, Canvas};
use crate::words::Words;

/// Height of the strip and width of the column, pixels.
const STRIP_HEIGHT: u32 = 96;
const COLUMN_WIDTH: u32 = 360;
/// What strip and column are drawn for: their own pixels, whatever the other side is.
const STRIP: Canvas = Canvas { short: 96.0, long: 1366.0, finest: 0.0 };
const COLUMN: Canvas = Canvas { short: 360.0, long: 700.0, finest: 0.0 };

/// What the window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screen {
    header: header::Shown,
    page: Page,
    shape: Shape,
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
    let shape = if matches!(page, Page::Work(_)) { flow.shape } else { Shape::Page };
    Screen { header: header::shown(flow, moment.now, clock::local(moment.at, offset), words), page, shape }
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
                // A field that has the keyboard may go away with its page: the window has it from now on, and a field that
                // comes takes it by itself.
                window.invoke_take_keys();
            }
        }
    }
    let shape = shape_number(screen.shape);
    if window.get_shape() != shape {
        window.set_shape(shape);
        take_shape(window, screen.shape);
    }
}

/// A shape as the window remembers it.
fn shape_number(shape: Shape) -> i32 {
    match shape {
        Shape::Page => 0,
        Shape::Strip => 1,
        Shape::Column => 2,
    }
}

/// Makes the window a strip or a column at the edge of the screen, or as large as it was before.
fn take_shape(window: &CounterWindow, shape: Shape) {
    let shown = window.window();
    if window.get_before().width == 0 {
        let (size, at) = (shown.size(), shown.position());
        let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        let (width, height) = (whole(size.width), whole(size.height));
        window.set_before(FullPlace { width, height, x: at.x, y: at.y, fullscreen: shown.is_fullscreen() });
    }
    let full = window.get_before();
    let whole = |n: i32| u32::try_from(n).unwrap_or(0);
    let (size, x, canvas) = match shape {
        Shape::Page => (PhysicalSize::new(whole(full.width), whole(full.height)), full.x, look::fit::COUNTER),
        Shape::Strip => (PhysicalSize::new(whole(full.width), STRIP_HEIGHT), full.x, STRIP),
        Shape::Column => {
            let size = PhysicalSize::new(COLUMN_WIDTH, whole(full.height));
            (size, full.x + full.width - i32::try_from(COLUMN_WIDTH).unwrap_or(0), COLUMN)
        }
    };
    window.set_bar(shape != Shape::Page);
    if shape != Shape::Page {
        shown.set_fullscreen(false);
    }
    let fit = window.global::<Fit>();
    fit.set_short(canvas.short);
    fit.set_long(canvas.long);
    shown.set_size(size);
    shown.set_position(PhysicalPosition::new(x, full.y));
    if shape == Shape::Page {
        shown.set_fullscreen(full.fullscreen);
        window.set_before(FullPlace::default());
    }
    look::fit::now(window);
}
