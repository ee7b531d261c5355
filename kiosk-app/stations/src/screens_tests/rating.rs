//! The rating tablet's pages.

use std::sync::Arc;

use client::Linked;
use jiff::{SignedDuration, Timestamp};
use protocol::hall::HallInfo;
use protocol::text::Text;

use super::dress::{Dress, Findings};
use super::{S0, backend, hall};
use crate::generated::RatingWindow;
use crate::look::{Scheme, fit};
use crate::rating::flow::{Event, Flow, Typed};
use crate::rating::{RatingOptions, screen};
use crate::{headless, sample};

const FULL: (u32, u32) = (1280, 800);
/// 7 inches, 10 inches, 13 inches.
const SIZES: [(u32, u32); 3] = [FULL, (1024, 600), (1920, 1200)];

fn at() -> Timestamp {
    sample::now() + SignedDuration::from_secs(1)
}

fn asked(language: &str, change: impl FnOnce(&mut HallInfo)) -> Flow {
    let mut flow = Flow::new(RatingOptions::new(3));
    flow.handle(Event::Hall(hall(change)), S0, at());
    let mut view = sample::rating_view();
    if let Some(request) = &mut view.request {
        request.language = language.into();
    }
    flow.handle(Event::View(Linked { view: Some(Arc::new(view)), online: true, strange: false }), S0, at());
    flow
}

fn touch(flow: &mut Flow, event: Event) {
    flow.handle(event, S0, at());
}

fn rate(flow: &mut Flow, level: &str) {
    touch(flow, Event::Rate { level: level.into(), id: "r1".into() });
}

fn draw(window: &RatingWindow, flow: &Flow, language: &str) {
    screen::apply(window, &screen::shown(flow, at(), language));
}

/// A page's name and how to come to it.
type Page = (&'static str, fn(&str) -> Flow);

const PAGES: [Page; 7] = [
    ("dark", |_| Flow::new(RatingOptions::new(3))),
    ("ask-3", |l| asked(l, |h| h.rating_levels = sample::rating_levels(3))),
    ("ask-4", |l| asked(l, |h| h.rating_levels = sample::rating_levels(4))),
    ("ask-5", |l| asked(l, |h| h.rating_levels = sample::rating_levels(5))),
    ("tell", |l| {
        let mut flow = asked(l, |_| {});
        rate(&mut flow, "dissatisfied");
        touch(&mut flow, Event::Reason(0));
        flow
    }),
    ("write", |l| {
        let mut flow = asked(l, |_| {});
        rate(&mut flow, "dissatisfied");
        touch(&mut flow, Event::Write(true));
        for c in "phari chowf hown mootj tieengs".chars() {
            touch(&mut flow, Event::Typed(Typed::Character(c)));
        }
        flow
    }),
    ("thanks", |l| {
        let mut flow = asked(l, |_| {});
        rate(&mut flow, "very-satisfied");
        flow
    }),
];

#[test]
fn every_rating_page_in_every_language_scheme_and_size() {
    backend();
    let mut findings = Findings::default();
    for dress in Dress::all(&SIZES) {
        for (name, page) in PAGES {
            let window = RatingWindow::new().unwrap();
            dress.on(&window, fit::RATING);
            draw(&window, &page(dress.language), dress.language);
            findings.page(dress, &window, &format!("rating-{name}"), FULL);
        }
    }
}

#[test]
fn bad_input_has_a_decent_look_on_the_tablet() {
    backend();
    let dress = Dress { language: "vi", scheme: Scheme::Light, size: FULL };
    let window = RatingWindow::new().unwrap();
    dress.on(&window, fit::RATING);
    let long = "Nguyễn Thị Phương Lan Đặng Thuỳ Trâm ".repeat(6);
    let change = |h: &mut HallInfo| {
        h.officers[0].name = long.clone();
        h.officers[0].photo = Some("missing.jpg".into());
        for level in &mut h.rating_levels {
            level.icon = "no-such-icon".into();
            level.name = Text::new(&format!("{} {long}", level.name.get("vi")), "");
        }
        for reason in &mut h.rating_reasons {
            reason.name = Text::new(&long, "");
        }
    };
    let mut flow = asked("vi", change);
    draw(&window, &flow, "vi");
    dress.look_at(&window, "rating-long-names", FULL);
    rate(&mut flow, "dissatisfied");
    touch(&mut flow, Event::Write(true));
    for c in "mm mm ".chars().cycle().take(700) {
        touch(&mut flow, Event::Typed(Typed::Character(c)));
    }
    touch(&mut flow, Event::Write(false));
    draw(&window, &flow, "vi");
    dress.look_at(&window, "rating-long-reasons", FULL);
}

#[test]
fn faces_are_large_enough_for_a_finger_on_seven_inches() {
    backend();
    let window = RatingWindow::new().unwrap();
    Dress { language: "vi", scheme: Scheme::Light, size: (1024, 600) }.on(&window, fit::RATING);
    draw(&window, &asked("vi", |h| h.rating_levels = sample::rating_levels(5)), "vi");
    // 1024 x 600 on 7 inches are 170 pixels an inch.
    let small = super::fits::small_buttons(&window, 170.0, 20.0);
    assert!(small.is_empty(), "{small:?}");
    assert!(headless::shows(&window, "Rất không hài lòng"));
}
