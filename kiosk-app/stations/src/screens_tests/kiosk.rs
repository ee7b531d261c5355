//! The kiosk's pages: every one in every language, in every shape of screen, in every scheme.
//!
//! That every text fits its box, every button a finger and every letter an eye is measured in all languages and shapes
//! of all pages. Small approved sheets have them all (`sheets.rs`); what most people see is approved larger, too.

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::commands::CommandReply;
use protocol::hall::HallInfo;
use protocol::problem::Problem;
use protocol::views::{KioskView, PrintState, Unavailable};

use slint::ComponentHandle;

use super::sheets::Sheets;
use super::{S0, approved, backend, fits, hall, s};
use crate::generated::{Fit, KioskWindow};
use crate::headless;
use crate::kiosk::KioskOptions;
use crate::kiosk::flow::{Event, Flow};
use crate::kiosk::screen;
use crate::kiosk::steps::Touch;
use crate::look::{self, Look, Scheme};
use crate::plumbing::{self, Answer};
use crate::sample;

pub(super) const LANGUAGES: [&str; 3] = ["vi", "en", "fr"];
const SCHEMES: [(&str, Scheme); 3] =
    [("light", Scheme::Light), ("dark", Scheme::Dark), ("high-contrast", Scheme::HighContrast)];

/// A shape of the screen: name, size, inches of its diagonal, larger letters, low reach.
pub(super) type Shape = (&'static str, (u32, u32), f32, bool, bool);
pub(super) const STANDING: Shape = ("1080x1920", (1080, 1920), 23.0, false, false);
pub(super) const LYING: Shape = ("1920x1080", (1920, 1080), 23.0, false, false);
pub(super) const SHAPES: [Shape; 10] = [
    STANDING,
    LYING,
    ("768x1366", (768, 1366), 23.0, false, false),
    ("low", (1080, 1920), 23.0, false, true),
    ("large", (1080, 1920), 23.0, true, false),
    ("large-low", (1080, 1920), 23.0, true, true),
    ("lying-low", (1920, 1080), 23.0, false, true),
    ("lying-large", (1920, 1080), 23.0, true, false),
    // A smaller screen: letters stay as large, so there is less room.
    ("16-inch", (768, 1366), 16.0, false, false),
    ("19-inch", (1280, 1024), 19.0, false, false),
];
/// Shapes of which pictures are kept; the others are measured only.
const KEPT: usize = 7;

pub(super) fn window() -> KioskWindow {
    backend();
    let window = KioskWindow::new().unwrap();
    plumbing::connect_words(&window, "vi");
    look::connect(&window, &Look { dpi: Some(96), ..Look::default() }, look::fit::KIOSK);
    headless::show(&window, 1080, 1920).unwrap();
    window
}

pub(super) fn flow(language: &str) -> Flow {
    let mut flow = Flow::new(KioskOptions { language: language.into(), ..KioskOptions::new("kiosk-1") });
    info(&mut flow, |_| {});
    view(&mut flow, |_| {});
    flow
}

pub(super) fn info(flow: &mut Flow, change: impl FnOnce(&mut HallInfo)) {
    let hall = hall(|hall| {
        hall.languages = LANGUAGES.map(str::to_owned).into();
        change(hall);
    });
    flow.handle(Event::Hall(hall), S0);
}

pub(super) fn view(flow: &mut Flow, change: impl FnOnce(&mut KioskView)) {
    let mut view = sample::kiosk_view();
    change(&mut view);
    flow.handle(Event::View(Linked { view: Some(Arc::new(view)), online: true, strange: false }), S0);
}

pub(super) fn touch(flow: &mut Flow, touches: &[Touch]) {
    for touch in touches {
        flow.handle(Event::Touch(touch.clone()), s(1));
    }
}

pub(super) fn field(id: &str) -> Touch {
    Touch::Field(id.into())
}

pub(super) fn service(id: &str) -> Touch {
    Touch::Service(id.into())
}

pub(super) fn to_confirm(flow: &mut Flow) {
    touch(flow, &[Touch::Start, field("land"), service("land-change")]);
}

pub(super) fn to_ticket(flow: &mut Flow, print: PrintState, change: impl FnOnce(&mut protocol::views::TicketView)) {
    to_confirm(flow);
    touch(flow, &[Touch::Take("r1".into())]);
    let mut ticket = sample::ticket(print);
    change(&mut ticket);
    let reply = CommandReply { sequence: 413, ticket: Some(ticket), print_job: None };
    flow.handle(Event::Answer("r1".into(), Answer::Done(Box::new(reply))), s(2));
}

/// Shows the flow's page in a shape and a scheme.
pub(super) fn show(window: &KioskWindow, flow: &mut Flow, shape: Shape, scheme: Scheme) {
    let (_, size, _, larger, low_reach) = shape;
    window.global::<Fit>().set_dpi(dpi(shape));
    flow.wants.scheme = scheme;
    flow.wants.larger = larger;
    flow.wants.low_reach = low_reach;
    headless::show(window, size.0, size.1).unwrap();
    screen::apply(window, &screen::of(flow, s(3), sample::now()));
    look::fit::now(window);
    i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(500));
}

/// What is wrong with the page in each language and shape: misfits, small buttons and letters, buttons out of reach.
pub(super) fn measured(window: &KioskWindow, name: &str, build: &impl Fn(&str) -> Flow) -> Vec<String> {
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        let mut flow = build(language);
        for shape in SHAPES {
            show(window, &mut flow, shape, Scheme::Light);
            let here = format!("{name} {language} {}", shape.0);
            wrong.extend(fits::misfits(window).into_iter().map(|misfit| format!("{here}: {misfit}")));
            let mut small = Vec::new();
            small.extend(fits::small_buttons(window, dpi(shape), 20.0));
            if shape.4 {
                small.extend(fits::high_buttons(window));
            }
            small.extend(fits::small_letters(window, dpi(shape), 5.0, staff_words(language)));
            wrong.extend(small.into_iter().map(|small| format!("{here}: {small}")));
        }
    }
    wrong
}

/// One page with all that is asked of it. `main`: more pictures of what most people see.
fn page(name: &str, main: bool, build: impl Fn(&str) -> Flow, labels: [&str; 2]) {
    let window = window();
    let mut wrong = measured(&window, name, &build);
    for (language, label) in LANGUAGES.iter().zip(labels) {
        let mut flow = build(language);
        show(&window, &mut flow, STANDING, Scheme::Light);
        let present = headless::labels(&window);
        assert!(
            label.is_empty() || present.iter().any(|l| l == label),
            "{name}: `{label}` is missing among {present:#?}"
        );
    }
    pictures(&window, name, main, &build);
    wrong.extend(sheets(&window, name, &build).differing());
    assert!(wrong.is_empty(), "{} misfits: {wrong:#?}", wrong.len());
}

/// Staff's small print is allowed to be small.
fn staff_words(language: &str) -> &'static str {
    match language {
        "vi" => "Mã cho nhân viên",
        "en" => "Code for staff",
        _ => "Code pour le personnel",
    }
}

/// Pixels an inch of a screen.
#[expect(clippy::cast_precision_loss, reason = "screens are small")]
fn dpi((_, size, inches, ..): Shape) -> f32 {
    (size.0 as f32).hypot(size.1 as f32) / inches
}

/// The page in every language, scheme and shape.
fn sheets(window: &KioskWindow, name: &str, build: &impl Fn(&str) -> Flow) -> Sheets {
    let mut sheets = Sheets::default();
    for language in LANGUAGES {
        let mut flow = build(language);
        for (scheme_name, scheme) in SCHEMES {
            for shape in SHAPES {
                show(window, &mut flow, shape, scheme);
                sheets.add(window, format!("kiosk-{name}-{scheme_name}"), format!("{language} {}", shape.0));
            }
        }
    }
    sheets
}

fn pictures(window: &KioskWindow, name: &str, main: bool, build: impl Fn(&str) -> Flow) {
    for language in LANGUAGES {
        let mut flow = build(language);
        for (scheme_name, scheme) in SCHEMES {
            for (number, shape) in SHAPES[..KEPT].iter().enumerate() {
                let (vi, light) = (language == "vi", scheme == Scheme::Light);
                // The main pages in every language on both shapes and in every scheme; in the other shapes in Vietnamese.
                // The rest in every language, and in Vietnamese lying and in high contrast.
                let kept = match (main, number) {
                    (true, 0) => light || vi,
                    (true, 1) => light || (vi && scheme == Scheme::Dark),
                    (true, _) => light && vi,
                    (false, 0) => light || (vi && scheme == Scheme::HighContrast),
                    (false, 1) => light && vi,
                    (false, _) => false,
                };
                if kept {
                    show(window, &mut flow, *shape, scheme);
                    approved::same(window, &format!("kiosk-{name}-{language}-{scheme_name}-{}", shape.0));
                }
            }
        }
    }
}

#[test]
fn attract() {
    page("attract", true, flow, ["Chạm để bắt đầu", "Touch to start"]);
}

#[test]
fn attract_without_paper() {
    let build = |language: &str| {
        let mut flow = flow(language);
        view(&mut flow, |view| view.printer = Some(sample::printer(Some("paper-out"))));
        flow
    };
    page("attract-printer", false, build, ["Chạm để bắt đầu", ""]);
}

#[test]
fn no_paper() {
    let build = |language: &str| {
        let mut flow = flow(language);
        view(&mut flow, |view| view.printer = Some(sample::printer(Some("paper-out"))));
        touch(&mut flow, &[Touch::Start]);
        flow
    };
    page("no-paper", false, build, ["Tiếp tục lấy số", "Go on"]);
}

#[test]
fn languages() {
    let build = |language: &str| {
        let mut flow = flow(language);
        touch(&mut flow, &[Touch::Start, Touch::SwitchLanguage]);
        flow
    };
    page("languages", false, build, ["Français", "Tiếng Việt"]);
}

#[test]
fn home() {
    let build = |language: &str| {
        let mut flow = flow(language);
        touch(&mut flow, &[Touch::Start]);
        flow
    };
    page("home", true, build, ["Đất đai", "Land"]);
}

#[test]
fn home_with_an_ill_printer_and_closed_fields() {
    let build = |language: &str| {
        let mut flow = flow(language);
        view(&mut flow, |view| {
            view.printer = Some(sample::printer(Some("paper-out")));
            view.fields[1].closed = Some(Unavailable::QuotaReached);
            view.fields[2].closed = Some(Unavailable::Closed { opens: Some("2026-11-25T13:30:00".into()) });
        });
        touch(&mut flow, &[Touch::Start, Touch::GoOn]);
        flow
    };
    page("home-printer", false, build, ["Đất đai", "Land"]);
}

#[test]
fn services() {
    let build = |language: &str| {
        let mut flow = flow(language);
        touch(&mut flow, &[Touch::Start, field("land")]);
        flow
    };
    page("services", true, build, ["Đăng ký biến động quyền sử dụng đất", "Change of land use rights"]);
}

#[test]
fn services_of_which_some_give_no_number() {
    let build = |language: &str| {
        let mut flow = flow(language);
        view(&mut flow, |view| {
            let whys = [
                Unavailable::Closed { opens: Some("2026-11-25T13:30:00".into()) },
                Unavailable::QuotaReached,
                Unavailable::Suspended { reason: "mất kết nối dữ liệu".into(), until: None },
                Unavailable::Elsewhere,
            ];
            for (load, why) in view.services.iter_mut().zip(whys) {
                load.closed = Some(why);
            }
        });
        touch(&mut flow, &[Touch::Start, field("land")]);
        flow
    };
    page("services-closed", false, build, ["đã hết số hôm nay", "no numbers left today"]);
    let window = window_again();
    show(&window, &mut build("vi"), STANDING, Scheme::Light);
    let elsewhere = "Chuyển mục đích sử dụng đất";
    assert!(!headless::labels(&window).iter().any(|l| l == elsewhere), "what another kiosk gives is not offered");
}

/// A second window on the backend of this thread.
fn window_again() -> KioskWindow {
    let window = KioskWindow::new().unwrap();
    plumbing::connect_words(&window, "vi");
    look::connect(&window, &Look::default(), look::fit::KIOSK);
    window
}

#[test]
fn search() {
    let build = |language: &str| {
        let mut flow = flow(language);
        touch(&mut flow, &[Touch::Start, Touch::Search]);
        touch(&mut flow, &"dang ky".chars().map(Touch::Key).collect::<Vec<_>>());
        flow
    };
    page("search", true, build, ["Tìm thấy 13 việc", ""]);
}

#[test]
fn search_for_nothing_and_for_what_is_not_there() {
    let build = |language: &str| {
        let mut flow = flow(language);
        touch(&mut flow, &[Touch::Start, Touch::Search, Touch::Key('X'), Touch::Key('Q')]);
        flow
    };
    page("search-nothing", false, build, ["Không tìm thấy, mời gõ chữ khác.", ""]);
}

#[test]
fn confirm() {
    let build = |language: &str| {
        let mut flow = flow(language);
        to_confirm(&mut flow);
        flow
    };
    page("confirm", true, build, ["Lấy số", "Get a number"]);
}

#[test]
fn confirm_with_more_services_and_an_appointment() {
    let build = |language: &str| {
        let mut flow = flow(language);
        to_confirm(&mut flow);
        touch(&mut flow, &[Touch::Add, Touch::Search, service("insurance-benefit")]);
        touch(&mut flow, &[Touch::Add, Touch::Search, service("work-permit"), Touch::AskAppointment]);
        touch(&mut flow, &"260811042".chars().map(Touch::Key).chain([Touch::Enter]).collect::<Vec<_>>());
        flow
    };
    page("confirm-further", false, build, ["Bỏ việc này", "Leave this out"]);
}

#[test]
fn confirm_while_the_hub_is_slow() {
    let build = |language: &str| {
        let mut flow = flow(language);
        view(&mut flow, |view| view.printer = Some(sample::printer(Some("paper-out"))));
        touch(&mut flow, &[Touch::Start, Touch::GoOn, field("land"), service("land-change")]);
        flow.handle(Event::Touch(Touch::Take("r1".into())), S0);
        flow
    };
    page("confirm-slow", false, build, ["Đang lấy số…", "Getting your number…"]);
    let window = window_again();
    show(&window, &mut build("vi"), STANDING, Scheme::Light);
    assert!(!headless::enabled(&window, "Đang lấy số…"), "no second touch while a request is under way");
}

#[test]
fn classes() {
    let build = |language: &str| {
        let mut flow = flow(language);
        to_confirm(&mut flow);
        touch(&mut flow, &[Touch::AskClass]);
        flow
    };
    page("classes", false, build, ["Từ 75 tuổi", "75 and older"]);
}

#[test]
fn appointment() {
    let build = |language: &str| {
        let mut flow = flow(language);
        to_confirm(&mut flow);
        touch(&mut flow, &[Touch::AskAppointment]);
        touch(&mut flow, &"260811".chars().map(Touch::Key).collect::<Vec<_>>());
        flow
    };
    page("appointment", true, build, ["Mã lịch hẹn", "Appointment code"]);
}

#[test]
fn ticket() {
    let build = |language: &str| {
        let mut flow = flow(language);
        to_ticket(&mut flow, PrintState::Printed, |_| {});
        flow
    };
    page("ticket", true, build, ["Mời nhận phiếu bên dưới", "Take your ticket below"]);
}

#[test]
fn ticket_of_priority_with_more_services_while_it_prints() {
    let build = |language: &str| {
        let mut flow = flow(language);
        to_ticket(&mut flow, PrintState::Printing, |ticket| {
            (ticket.class, ticket.number) = ("elderly".into(), "A1012".into());
            ticket.then = vec!["insurance-benefit".into(), "copy".into()];
        });
        flow
    };
    page("ticket-printing", false, build, ["Đang in phiếu…", "Printing your ticket…"]);
}

#[test]
fn ticket_without_paper() {
    let build = |language: &str| {
        let mut flow = flow(language);
        to_ticket(&mut flow, PrintState::Failed { reason: "paper-out".into() }, |_| {});
        flow
    };
    page("ticket-trouble", true, build, ["Mã QR của số này", "QR code of this number"]);
}

#[test]
fn refused() {
    let build = |language: &str| {
        let mut flow = flow(language);
        to_confirm(&mut flow);
        touch(&mut flow, &[Touch::Take("r1".into())]);
        let problem = Problem::new(503, "log-unavailable", "", "", "");
        flow.handle(Event::Answer("r1".into(), Answer::Refused(Box::new(problem))), s(2));
        flow
    };
    page("refused", true, build, ["Xem lại lựa chọn", "Back to my choice"]);
}

#[test]
fn unavailable() {
    let whys = [
        ("closed", Unavailable::Closed { opens: Some("2026-11-25T13:30:00".into()) }),
        ("quota", Unavailable::QuotaReached),
        ("suspended", Unavailable::Suspended { reason: "mất kết nối cơ sở dữ liệu quốc gia".into(), until: None }),
    ];
    backend();
    for (name, why) in whys {
        let build = |language: &str| {
            let mut flow = flow(language);
            view(&mut flow, |view| view.services[1].closed = Some(why.clone()));
            to_confirm(&mut flow);
            flow
        };
        let window = window_again();
        for language in LANGUAGES {
            for shape in SHAPES {
                show(&window, &mut build(language), shape, Scheme::Light);
                let misfits = fits::misfits(&window);
                assert!(misfits.is_empty(), "{name} {language} {}: {misfits:#?}", shape.0);
            }
        }
        pictures(&window, &format!("unavailable-{name}"), false, build);
    }
}

#[test]
fn away() {
    let build = |language: &str| {
        let mut flow = flow(language);
        flow.handle(Event::View(Linked { view: None, online: false, strange: false }), S0);
        flow
    };
    backend();
    let window = window_again();
    for shape in SHAPES {
        show(&window, &mut build("vi"), shape, Scheme::Light);
        let misfits = fits::misfits(&window);
        assert!(misfits.is_empty(), "{misfits:#?}");
    }
    pictures(&window, "away", false, build);
}

#[test]
fn closed_by_staff_and_closed_hall() {
    let closed = Unavailable::Closed { opens: Some("2026-11-25T07:30:00".into()) };
    let shut = |language: &str| {
        let mut flow = flow(language);
        view(&mut flow, |view| view.fields.iter_mut().for_each(|field| field.closed = Some(closed.clone())));
        flow
    };
    let by_staff = |language: &str| {
        let mut flow = flow(language);
        view(&mut flow, |view| view.closed = true);
        flow
    };
    page("closed-hall", false, shut, ["Trung tâm đang nghỉ", "The centre is closed"]);
    let window = window_again();
    for shape in SHAPES {
        show(&window, &mut by_staff("fr"), shape, Scheme::Light);
        assert_eq!(fits::misfits(&window), Vec::<String>::new());
    }
    pictures(&window, "closed-kiosk", false, by_staff);
}

#[test]
fn staff_pages() {
    let pin = |language: &str| {
        let mut flow = flow(language);
        touch(&mut flow, &[Touch::Staff, Touch::Key('1'), Touch::Enter]);
        flow.handle(Event::Pin(Err("wrong-pin".into())), s(1));
        touch(&mut flow, &[Touch::Key('2'), Touch::Key('4')]);
        flow.handle(Event::Touch(Touch::Enter), s(1));
        flow.handle(Event::Pin(Err("staff-locked".into())), s(1));
        flow
    };
    page("pin", false, pin, ["Dành cho nhân viên", "For staff"]);
    let staff = |language: &str| {
        let mut flow = pin(language);
        flow.handle(Event::Pin(Ok(())), s(1));
        view(&mut flow, |view| {
            view.printer = Some(sample::printer(Some("cover-open")));
            view.recent = vec![
                sample::ticket(PrintState::Printed),
                sample::ticket(PrintState::Failed { reason: "paper-out".into() }),
                sample::ticket(PrintState::Unconfirmed { reason: "disconnected".into() }),
            ];
        });
        flow
    };
    let window = window_again();
    for language in LANGUAGES {
        for shape in SHAPES {
            show(&window, &mut staff(language), shape, Scheme::Light);
            assert_eq!(fits::misfits(&window), Vec::<String>::new(), "{language} {}", shape.0);
        }
    }
    pictures(&window, "staff", false, staff);
}
