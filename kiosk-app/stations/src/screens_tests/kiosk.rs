//! The kiosk's pages: every one in every language, in every shape of screen, in every scheme (see [`super::kiosk_rig`]).

use client::Linked;
use protocol::problem::Problem;
use protocol::views::{PrintState, Unavailable};

use super::kiosk_rig::{
    LANGUAGES, SHAPES, STANDING, field, flow, page, pictures, service, show, to_confirm, to_ticket, touch, view,
};
use super::{S0, backend, fits, s};
use crate::generated::KioskWindow;
use crate::headless;
use crate::kiosk::flow::{Event, Flow};
use crate::kiosk::steps::Touch;
use crate::look::{self, Look, Scheme};
use crate::plumbing::{self, Answer};
use crate::sample;

#[test]
fn attract() {
    page("attract", true, flow, ["Chạm để bắt đầu", "Touch to start"]);
}

/// A page before any counter is open: numbers are given, nobody can say how long one waits.
fn early(language: &str, way: &[Touch]) -> Flow {
    let mut flow = flow(language);
    view(&mut flow, |view| {
        for load in view.fields.iter_mut().chain(&mut view.services) {
            (load.open_counters, load.waiting) = (0, 2);
        }
    });
    touch(&mut flow, way);
    flow
}

#[test]
fn early_attract() {
    page("early-attract", false, |language| early(language, &[]), ["chưa mở quầy", "no counter open"]);
}

#[test]
fn early_services() {
    let way = [Touch::Start, field("land")];
    page("early-services", false, |language| early(language, &way), ["", ""]);
}

#[test]
fn early_confirm() {
    let way = [Touch::Start, field("land"), service("land-change")];
    page("early-confirm", false, |language| early(language, &way), ["chưa mở quầy", "no counter open"]);
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
