//! The pages of counter, rating tablet and hall display.

use std::sync::Arc;

use client::Linked;
use jiff::{SignedDuration, Timestamp};
use protocol::health::{DeviceHealth, DeviceKind, DeviceState};
use protocol::problem::Problem;
use protocol::views::{CounterView, TicketState};

use super::{S0, backend, hall, picture, s, shown};
use crate::generated::{CounterWindow, DisplayWindow, RatingWindow};
use crate::plumbing::{self, Answer};
use crate::words::Words;
use crate::{counter, display, rating, sample};

const FULL: (u32, u32) = (1920, 1080);
const TABLET: (u32, u32) = (1280, 800);

fn counter_window(language: &str) -> CounterWindow {
    let window = CounterWindow::new().unwrap();
    plumbing::connect_words(&window, language);
    shown(&window, FULL);
    window
}

fn m(seconds: u64) -> counter::flow::Moment {
    counter::flow::Moment { now: s(seconds), at: sample::now() }
}

fn counter_flow(counter: Option<u16>) -> counter::flow::Flow {
    let mut flow = counter::flow::Flow::new(counter::CounterOptions::new(counter));
    flow.handle(counter::flow::Event::Hall(hall(|_| {})), m(0));
    let view = Some(Arc::new(sample::display_view()));
    flow.handle(counter::flow::Event::Display(Linked { view, online: true }), m(0));
    flow
}

fn see(flow: &mut counter::flow::Flow, change: impl FnOnce(&mut CounterView)) {
    let mut view = sample::counter_view();
    change(&mut view);
    flow.handle(counter::flow::Event::View(Linked { view: Some(Arc::new(view)), online: true }), m(0));
}

fn draw_counter(window: &CounterWindow, flow: &counter::flow::Flow, language: &str, name: &str, labels: &[&str]) {
    let screen = counter::screen::of(flow, m(3), Words::of(language));
    counter::screen::apply(window, &screen);
    picture(window, &format!("counter-{name}-{language}"), FULL, labels);
}

#[test]
fn counter_choose() {
    backend();
    for (language, counters, officers) in
        [("vi", "Chọn quầy", "Mở quầy 3"), ("en", "Choose a counter", "Open counter 3")]
    {
        let window = counter_window(language);
        let mut flow = counter_flow(None);
        draw_counter(&window, &flow, language, "choose", &[counters]);
        flow.handle(counter::flow::Event::Touch(counter::flow::Touch::Counter(3)), m(0));
        see(&mut flow, |v| v.officer = None);
        draw_counter(&window, &flow, language, "officer", &[officers, "Nguyễn Thị Lan"]);
    }
}

#[test]
fn counter_work() {
    backend();
    for (language, labels) in [("vi", ["A008", "Hoàn thành", "Đang phục vụ"]), ("en", ["A008", "Finish", "Serving"])]
    {
        let window = counter_window(language);
        let mut flow = counter_flow(Some(3));
        see(&mut flow, |v| v.print_problems.clear());
        draw_counter(&window, &flow, language, "serving", &labels);
        see(&mut flow, |v| {
            if let Some(ticket) = &mut v.current {
                (ticket.state, ticket.class, ticket.started_at) = (TicketState::Called, "elderly".into(), None);
            }
        });
        draw_counter(&window, &flow, language, "called", &["A008"]);
        see(&mut flow, |v| v.current = None);
        draw_counter(&window, &flow, language, "idle", &[]);
    }
}

#[test]
fn counter_in_trouble() {
    backend();
    let window = counter_window("vi");
    let mut flow = counter_flow(Some(3));
    let board = DeviceHealth {
        name: "board-1".into(),
        kind: DeviceKind::NumberBoard,
        kiosk: None,
        state: DeviceState::Lost,
        fault: None,
        roll: None,
    };
    see(&mut flow, |v| v.devices = vec![sample::printer(Some("paper-out")), board]);
    let act = counter::flow::Touch::Act { action: counter::Action::Finish, id: "r1".into() };
    flow.handle(counter::flow::Event::Touch(act), m(1));
    let refused = Answer::Refused(Box::new(Problem::new(409, "not-serving", "", "", "")));
    flow.handle(counter::flow::Event::Answer("r1".into(), refused), m(2));
    draw_counter(&window, &flow, "vi", "trouble", &["Chưa bấm Bắt đầu cho phiếu này.", "In lại A017"]);
    flow.handle(counter::flow::Event::View(Linked { view: None, online: false }), m(0));
    draw_counter(&window, &flow, "vi", "offline", &["Mất kết nối – số liệu có thể cũ"]);
    assert!(!crate::headless::enabled(&window, "Hoàn thành"));
}

fn draw_rating(language: &str, levels: usize, name: &str, labels: &[&str], touch: bool) {
    let window = RatingWindow::new().unwrap();
    plumbing::connect_words(&window, "vi");
    shown(&window, TABLET);
    let mut flow = rating::flow::Flow::new(rating::RatingOptions::new(3));
    let at: Timestamp = sample::now() + SignedDuration::from_secs(1);
    let info = hall(|h| h.rating_levels = sample::rating_levels(levels));
    flow.handle(rating::flow::Event::Hall(info), S0, at);
    if levels > 0 {
        let mut view = sample::rating_view();
        if let Some(request) = &mut view.request {
            request.language = language.into();
        }
        flow.handle(rating::flow::Event::View(Linked { view: Some(Arc::new(view)), online: true }), S0, at);
    }
    if touch {
        flow.handle(rating::flow::Event::Rate { level: "very-satisfied".into(), id: "r1".into() }, S0, at);
    }
    rating::ask::apply(&window, &rating::ask::shown(&flow, at, language));
    picture(&window, &format!("rating-{name}-{language}"), TABLET, labels);
}

#[test]
fn rating_pages() {
    backend();
    draw_rating("vi", 3, "ask", &["Rất hài lòng", "Nguyễn Thị Lan"], false);
    draw_rating("en", 3, "ask", &["Very satisfied"], false);
    draw_rating("vi", 4, "ask-4", &["Bình thường"], false);
    draw_rating("vi", 5, "ask-5", &["Rất không hài lòng"], false);
    draw_rating("vi", 3, "thanks", &["Cảm ơn quý khách!"], true);
    draw_rating("en", 3, "thanks", &["Thank you!"], true);
    draw_rating("vi", 0, "dark", &["08:41"], false);
}

#[test]
fn display_pages() {
    backend();
    for (language, labels) in [("vi", ["Quầy 3: A012", "Mời số"]), ("en", ["Counter 3: A012", "Now calling"])] {
        let window = DisplayWindow::new().unwrap();
        plumbing::connect_words(&window, language);
        shown(&window, FULL);
        let mut flow = display::flow::Flow::default();
        flow.handle(display::flow::Event::Hall(hall(|_| {})), S0);
        let mut draw = |name: &str, now, labels: &[&str], change: &dyn Fn(&mut Linked<_>)| {
            let mut view = sample::display_view();
            view.last_calls[0].sequence += now;
            let mut linked = Linked { view: Some(Arc::new(view)), online: true };
            change(&mut linked);
            flow.handle(display::flow::Event::View(linked), s(now));
            let shown = display::board::shown(&flow, s(now + 3), sample::now(), Words::of(language));
            display::board::apply(&window, &shown);
            picture(&window, &format!("display-{name}-{language}"), FULL, labels);
        };
        draw("calm", 100, &labels, &|_| {});
        draw("call", 200, &labels, &|_| {});
        draw("offline", 300, &labels[..1], &|linked| linked.online = false);
    }
}
