//! The hall display.

use std::sync::Arc;

use client::Linked;
use protocol::text::Text;
use protocol::views::{Call, DisplayView};

use super::dress::{Dress, Findings};
use super::{S0, backend, hall, s};
use crate::display::board;
use crate::display::flow::{Event, Flow};
use crate::generated::DisplayWindow;
use crate::look::{Scheme, fit};
use crate::sample;
use crate::words::Words;

const FULL: (u32, u32) = (1920, 1080);
const SIZES: [(u32, u32); 2] = [FULL, (1080, 1920)];

/// The sample morning with so many counters.
fn counters(count: u16) -> DisplayView {
    let mut view = sample::display_view();
    let sample = view.counters.clone();
    let row = |n: u16| {
        let mut row = sample[usize::from(n - 1) % sample.len()].clone();
        (row.counter, row.calling) = (n, n == 3 || n == 17);
        row.paused = n == 6;
        row
    };
    view.counters = (1..=count).map(row).collect();
    view
}

/// The board `now` seconds after a call, or with calm.
fn flow(view: DisplayView, news: usize, online: bool) -> Flow {
    let mut flow = Flow::default();
    flow.handle(Event::Hall(hall(|_| {})), S0);
    let mut before = view.clone();
    before.last_calls.drain(..news.min(before.last_calls.len()));
    flow.handle(Event::View(Linked { view: Some(Arc::new(before)), online: true, strange: false }), S0);
    flow.handle(Event::View(Linked { view: Some(Arc::new(view)), online, strange: false }), s(100));
    flow
}

/// A page's name, the state, and seconds since the call.
type Page = (&'static str, fn() -> Flow, u64);

const PAGES: [Page; 7] = [
    ("connecting", Flow::default, 1),
    ("call", || flow(counters(12), 1, true), 3),
    ("calls", || flow(counters(12), 3, true), 1),
    ("calm", || flow(counters(12), 0, true), 60),
    ("small-hall", || flow(counters(4), 1, true), 3),
    ("25-counters", || flow(counters(25), 1, true), 3),
    ("offline", || flow(counters(12), 0, false), 200),
];

fn draw(window: &DisplayWindow, flow: &Flow, seconds: u64, language: &str) {
    let shown = board::shown(flow, s(100 + seconds), sample::now(), Words::of(language));
    board::apply(window, &shown);
}

#[test]
fn every_display_page_in_every_language_and_size() {
    draw_all(Scheme::Light);
}

#[test]
fn every_display_page_in_the_dark() {
    draw_all(Scheme::Dark);
}

#[test]
fn every_display_page_in_high_contrast() {
    draw_all(Scheme::HighContrast);
}

/// Every page in every language and size. One scheme a test, so that they share the cores.
fn draw_all(scheme: Scheme) {
    backend();
    let mut findings = Findings::default();
    for dress in Dress::all(&SIZES).into_iter().filter(|d| d.scheme == scheme) {
        for (name, flow, seconds) in PAGES {
            let window = DisplayWindow::new().unwrap();
            dress.on(&window, fit::DISPLAY);
            draw(&window, &flow(), seconds, dress.language);
            findings.page(dress, &window, &format!("display-{name}"), FULL);
        }
    }
}

#[test]
fn bad_input_has_a_decent_look_on_the_wall() {
    backend();
    let dress = Dress { language: "vi", scheme: Scheme::Light, size: FULL };
    let window = DisplayWindow::new().unwrap();
    dress.on(&window, fit::DISPLAY);
    let long = "Trung tâm Phục vụ hành chính công thành phố ".repeat(5);
    let mut view = counters(25);
    for (at, row) in view.counters.iter_mut().enumerate() {
        row.number = row.number.as_ref().map(|n| format!("{}{}", &n[..1], 1000 + at));
    }
    view.last_calls = (0..5)
        .map(|n| Call {
            sequence: 500 - n,
            number: "A1002".into(),
            counter: 25,
            service: "gone".into(),
            at: sample::now(),
        })
        .collect();
    view.waiting = 12_345;
    view.mean_wait_minutes = Some(1_234);
    let mut flow = flow(view, 1, true);
    let info = hall(|h| {
        (h.name, h.name_line2) = (Text::new(&long, ""), Text::new(&long, ""));
        h.notices = vec![Text::new(&long, "")];
    });
    flow.handle(Event::Hall(info), s(100));
    draw(&window, &flow, 3, "vi");
    dress.look_at(&window, "display-long-names", FULL);
}

/// Capitals of the numbers in rows, in mm on a screen of 43 inches, for a number of counters.
fn row_capitals(size: (u32, u32), count: u16) -> f32 {
    let window = DisplayWindow::new().unwrap();
    Dress { language: "vi", scheme: Scheme::Light, size }.on(&window, fit::DISPLAY);
    draw(&window, &flow(counters(count), 0, true), 60, "vi");
    // 43 inches across 1920 x 1080 pixels are 51.2 pixels an inch.
    let small = super::fits::small_letters(&window, 51.2, 5.0, "");
    assert!(small.is_empty(), "{small:?}");
    super::fits::capitals_of(&window, "B031") / 51.2 * 25.4
}

#[test]
fn numbers_in_rows_can_be_read_from_ten_metres() {
    backend();
    let lying = [4, 12, 25].map(|n| row_capitals((1920, 1080), n));
    let standing = [4, 12, 25].map(|n| row_capitals((1080, 1920), n));
    println!("capitals of rows, mm on 43 inches, for 4, 12, 25 counters: lying {lying:.0?}, standing {standing:.0?}");
    // 1/200 of the distance is comfortable, 1/350 is the least that a good eye reads.
    assert!(lying[0] >= 50.0 && lying[1] >= 44.0 && lying[2] >= 28.5, "{lying:?}");
    assert!(standing[0] >= 50.0 && standing[1] >= 42.0 && standing[2] >= 28.5, "{standing:?}");
}
