//! The kiosk's pages.

use std::sync::Arc;

use client::Linked;
use i_slint_backend_testing::ElementHandle;
use protocol::commands::CommandReply;
use protocol::problem::Problem;
use protocol::views::{PrintState, Unavailable};

use super::{S0, backend, folder, hall, picture, s, shown};
use crate::generated::KioskWindow;
use crate::kiosk::KioskOptions;
use crate::kiosk::flow::{Event, Flow, Touch};
use crate::kiosk::screen;
use crate::plumbing::{self, Answer};
use crate::sample;

const SIZE: (u32, u32) = (1080, 1920);

fn window() -> KioskWindow {
    backend();
    let window = KioskWindow::new().unwrap();
    plumbing::connect_words(&window, "vi");
    shown(&window, SIZE);
    window
}

fn flow(language: &str) -> Flow {
    let mut flow = Flow::new(KioskOptions { language: language.into(), ..KioskOptions::new("kiosk-1") });
    flow.handle(Event::Hall(hall(|_| {})), S0);
    flow.handle(Event::View(Linked { view: Some(Arc::new(sample::kiosk_view())), online: true }), S0);
    flow
}

fn touch(flow: &mut Flow, touches: &[Touch]) {
    for touch in touches {
        flow.handle(Event::Touch(touch.clone()), s(1));
    }
}

fn to_confirm(flow: &mut Flow) {
    touch(flow, &[Touch::Start, Touch::Field("land".into()), Touch::Service("land-change".into())]);
}

fn to_ticket(flow: &mut Flow, print: PrintState) {
    to_confirm(flow);
    touch(flow, &[Touch::Take("r1".into())]);
    let reply = CommandReply { sequence: 413, ticket: Some(sample::ticket(print)), print_job: None };
    flow.handle(Event::Answer("r1".into(), Answer::Done(Box::new(reply))), s(2));
}

fn draw(window: &KioskWindow, flow: &Flow, name: &str, labels: &[&str]) {
    screen::apply(window, &screen::of(flow, s(3), sample::now()));
    picture(window, name, SIZE, labels);
}

#[test]
fn attract() {
    let window = window();
    draw(&window, &flow("vi"), "kiosk-attract-vi", &["Chạm để bắt đầu", "Tiếng Việt", "English", "08:41"]);
    draw(&window, &flow("en"), "kiosk-attract-en", &["Touch to start", "Ha Long City Branch", "62"]);
}

#[test]
fn home() {
    let window = window();
    for (language, labels) in
        [("vi", ["Đất đai", "14 người chờ", "25–40 phút"]), ("en", ["Land", "14 waiting", "25–40 min"])]
    {
        let mut flow = flow(language);
        touch(&mut flow, &[Touch::Start]);
        draw(&window, &flow, &format!("kiosk-home-{language}"), &labels);
    }
}

#[test]
fn home_with_an_ill_printer_and_many_fields() {
    let window = window();
    let mut flow = flow("vi");
    let crowded = hall(|hall| {
        let names = ["Y tế", "Giáo dục và Đào tạo", "Nông nghiệp và Phát triển nông thôn", "Ặ Ễ Ỗ Ữ Ỵ ặ ễ ỗ ữ ỵ"];
        for (field, name) in hall.fields.iter_mut().zip(names) {
            field.name = protocol::text::Text::new(name, name);
        }
    });
    flow.handle(Event::Hall(crowded), S0);
    let mut view = sample::kiosk_view();
    view.printer = Some(sample::printer(Some("paper-out")));
    flow.handle(Event::View(Linked { view: Some(Arc::new(view)), online: true }), S0);
    draw(&window, &flow, "kiosk-attract-printer-vi", &["Chạm để bắt đầu"]);
    touch(&mut flow, &[Touch::Start]);
    let note = "Máy in hết giấy: số sẽ hiện trên màn hình, xin quý khách ghi nhớ.";
    draw(&window, &flow, "kiosk-home-printer-vi", &[note, "Nông nghiệp và Phát triển nông thôn"]);
}

#[test]
fn services() {
    let window = window();
    for (language, label) in [("vi", "Đăng ký biến động quyền sử dụng đất"), ("en", "Change of land use rights")]
    {
        let mut flow = flow(language);
        touch(&mut flow, &[Touch::Start, Touch::Field("land".into())]);
        draw(&window, &flow, &format!("kiosk-services-{language}"), &[label]);
    }
}

#[test]
fn confirm() {
    let window = window();
    for (language, labels) in [("vi", ["Lấy số", "Từ 75 tuổi"]), ("en", ["Get a number", "75 and older"])] {
        let mut flow = flow(language);
        to_confirm(&mut flow);
        draw(&window, &flow, &format!("kiosk-confirm-{language}"), &labels);
        touch(&mut flow, &[Touch::Class("elderly".into()), Touch::Take("r1".into())]);
        screen::apply(&window, &screen::of(&flow, s(9), sample::now()));
        picture(&window, &format!("kiosk-confirm-taking-{language}"), SIZE, &[]);
        assert!(!crate::headless::enabled(&window, "Lấy số"), "no second touch while a request is under way");
    }
}

#[test]
fn ticket() {
    let window = window();
    for (language, labels) in [("vi", ["A012", "Mời nhận phiếu bên dưới"]), ("en", ["A012", "Take your ticket below"])]
    {
        let mut flow = flow(language);
        to_ticket(&mut flow, PrintState::Printed);
        draw(&window, &flow, &format!("kiosk-ticket-{language}"), &labels);
    }
    let mut printing = flow("vi");
    to_ticket(&mut printing, PrintState::Printing);
    draw(&window, &printing, "kiosk-ticket-printing-vi", &["A012", "Đang in phiếu…"]);
}

#[test]
fn ticket_without_paper() {
    let window = window();
    for (language, labels) in [("vi", ["A012", "Máy in hết giấy"]), ("en", ["A012", "Printer: out of paper"])] {
        let mut flow = flow(language);
        to_ticket(&mut flow, PrintState::Failed { reason: "paper-out".into() });
        draw(&window, &flow, &format!("kiosk-ticket-trouble-{language}"), &labels);
    }
}

#[test]
fn notices() {
    let window = window();
    for (language, away, refused) in
        [("vi", "Xin quý khách chờ một chút", "Về trang đầu"), ("en", "One moment, please", "Back to the start")]
    {
        let mut lost = flow(language);
        lost.handle(Event::View(Linked { view: None, online: false }), S0);
        draw(&window, &lost, &format!("kiosk-away-{language}"), &[away]);
        let mut flow = flow(language);
        to_confirm(&mut flow);
        touch(&mut flow, &[Touch::Take("r1".into())]);
        let problem = Problem::new(409, "numbers-exhausted", "", "", "");
        flow.handle(Event::Answer("r1".into(), Answer::Refused(Box::new(problem))), s(2));
        draw(&window, &flow, &format!("kiosk-refused-{language}"), &[refused]);
    }
    assert!(folder().join("kiosk-refused-en.png").exists());
}

#[test]
fn what_gives_no_number_says_why_and_cannot_be_chosen() {
    let window = window();
    let mut flow = flow("vi");
    let mut view = sample::kiosk_view();
    let closed = |opens: Option<&str>| Unavailable::Closed { opens: opens.map(str::to_owned) };
    let reason = "mất kết nối cơ sở dữ liệu".to_owned();
    let whys = [
        closed(Some("2026-11-25T13:30:00")),
        Unavailable::QuotaReached,
        Unavailable::Suspended { reason, until: None },
        Unavailable::Elsewhere,
    ];
    let services: Vec<String> =
        sample::hall().services.iter().filter(|s| s.field == "land").map(|s| s.id.clone()).collect();
    for (id, why) in services.iter().zip(whys) {
        view.services.iter_mut().find(|load| load.id == *id).unwrap().closed = Some(why);
    }
    view.fields[1].closed = Some(closed(None));
    flow.handle(Event::View(Linked { view: Some(Arc::new(view)), online: true }), S0);
    touch(&mut flow, &[Touch::Start]);
    draw(&window, &flow, "kiosk-home-closed-vi", &["đang nghỉ"]);
    touch(&mut flow, &[Touch::Field("land".into())]);
    let labels = ["nghỉ, mở lại 13:30 ngày 25/11", "đã hết số hôm nay", "tạm ngừng: mất kết nối cơ sở dữ liệu"];
    draw(&window, &flow, "kiosk-services-closed-vi", &labels);
    let name =
        |n: usize| sample::hall().services.iter().find(|s| s.id == services[n]).unwrap().name.get("vi").to_owned();
    let first = name(0);
    let rows = ElementHandle::find_by_accessible_label(&window, &first);
    assert!(rows.filter_map(|row| row.accessible_enabled()).any(|enabled| !enabled), "it cannot be chosen");
    assert!(!crate::headless::labels(&window).contains(&name(3)), "what another kiosk gives is not offered");
}
