//! The officer's pages.

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use i_slint_backend_testing::ElementHandle;
use jiff::SignedDuration;
use protocol::hall::OutcomeInfo;
use protocol::health::{DeviceHealth, DeviceKind, DeviceState};
use protocol::problem::Problem;
use protocol::text::Text;
use protocol::views::{Advice, CounterView, PrintState, TicketState, WaitRange};
use slint::ComponentHandle;

use super::dress::{Dress, Findings};
use super::{backend, hall, s};
use crate::counter::flow::{Event, Flow, Moment, Touch};
use crate::counter::sheet::SheetTouch;
use crate::counter::{Action, CounterOptions, screen};
use crate::generated::CounterWindow;
use crate::look::{Scheme, fit};
use crate::plumbing::Answer;
use crate::words::Words;
use crate::{headless, sample};

const FULL: (u32, u32) = (1920, 1080);
const SIZES: [(u32, u32); 2] = [FULL, (1366, 768)];

fn m(seconds: u64) -> Moment {
    Moment { now: s(seconds), at: sample::now() }
}

fn outcome(id: &str, vi: &str, en: &str) -> OutcomeInfo {
    OutcomeInfo { id: id.into(), name: Text::new(vi, en) }
}

/// Those of `config/hall.toml`.
fn sample_outcomes() -> Vec<OutcomeInfo> {
    vec![
        outcome("received", "Đã tiếp nhận hồ sơ", "Dossier received"),
        outcome("supplement-asked", "Yêu cầu bổ sung", "Supplement asked for"),
        outcome("result-returned", "Đã trả kết quả", "Result handed out"),
        outcome("advised", "Đã hướng dẫn", "Advised"),
        outcome("refused", "Từ chối tiếp nhận", "Refused"),
    ]
}

fn flow(language: &str, counter: Option<u16>) -> Flow {
    let mut flow = Flow::new(CounterOptions { language: language.to_owned(), ..CounterOptions::new(counter) });
    let hall = hall(|h| {
        h.outcomes = vec![
            outcome("accepted", "Đã tiếp nhận", "Accepted"),
            outcome("incomplete", "Thiếu giấy tờ", "Incomplete"),
            outcome("returned", "Đã trả kết quả", "Returned"),
        ];
    });
    flow.handle(Event::Hall(hall), m(0));
    let view = Some(Arc::new(sample::display_view()));
    flow.handle(Event::Display(Linked { view, online: true, strange: false }), m(0));
    flow
}

fn see(flow: &mut Flow, change: impl FnOnce(&mut CounterView)) {
    let mut view = sample::counter_view();
    view.print_problems.clear();
    change(&mut view);
    flow.handle(Event::View(Linked { view: Some(Arc::new(view)), online: true, strange: false }), m(0));
}

fn at_work(language: &str, change: impl FnOnce(&mut CounterView)) -> Flow {
    let mut flow = flow(language, Some(3));
    see(&mut flow, change);
    flow
}

fn touch(flow: &mut Flow, touch: Touch) {
    flow.handle(Event::Touch(touch), m(1));
}

fn act(flow: &mut Flow, action: Action) {
    touch(flow, Touch::Act { action, id: "r1".into() });
}

fn refuse(flow: &mut Flow, code: &str) {
    let problem = Problem::new(409, code, "", "", "");
    flow.handle(Event::Answer("r1".into(), Answer::Refused(Box::new(problem))), m(2));
}

fn idle(v: &mut CounterView) {
    v.current = None;
    v.queue[4].appointment = sample::now().checked_add(SignedDuration::from_mins(4)).ok();
}

fn aside(v: &mut CounterView) {
    let mut take = |state, reason: Option<&str>, minutes: Option<i64>| {
        let mut ticket = v.queue.remove(0);
        ticket.state = state;
        ticket.parked_reason = reason.map(str::to_owned);
        ticket.until = minutes.and_then(|m| sample::now().checked_add(SignedDuration::from_mins(m)).ok());
        ticket
    };
    let parked = vec![
        take(TicketState::Parked, Some("Bổ sung giấy tờ"), Some(30)),
        take(TicketState::Parked, Some("Chờ ý kiến lãnh đạo"), None),
    ];
    let missed = vec![take(TicketState::NoShow, None, Some(12))];
    (v.parked, v.missed) = (parked, missed);
}

fn crowded(v: &mut CounterView) {
    let wait = WaitRange { low: 20, high: 40 };
    v.advice = vec![Advice { service: "land-change".into(), wait, target_minutes: 15, helper: Some(6) }];
}

/// A page's name and how to come to it.
type Page = (&'static str, fn(&str) -> Flow);

const PAGES: [Page; 18] = [
    ("choose", |l| flow(l, None)),
    ("officer", |l| {
        let mut flow = flow(l, Some(3));
        see(&mut flow, |v| v.officer = None);
        flow
    }),
    ("idle", |l| at_work(l, idle)),
    ("nobody", |l| {
        at_work(l, |v| {
            idle(v);
            v.queue.clear();
            v.queue_total = 0;
        })
    }),
    ("called", |l| {
        at_work(l, |v| {
            crowded(v);
            if let Some(ticket) = &mut v.current {
                (ticket.state, ticket.class, ticket.started_at) = (TicketState::Called, "elderly".into(), None);
            }
        })
    }),
    ("serving", |l| {
        let mut flow = at_work(l, crowded);
        for code in ["H49.12.34-261122-0012", "H49.12.34-261122-0013"] {
            touch(&mut flow, Touch::Dossier(code.into()));
        }
        touch(&mut flow, Touch::Outcome(0));
        flow
    }),
    ("serving-outcomes", |l| {
        let mut flow = at_work(l, |_| {});
        flow.handle(Event::Hall(hall(|h| h.outcomes = sample_outcomes())), m(0));
        for code in ["H49.12.34-261122-0012", "H49.12.34-261122-0013"] {
            touch(&mut flow, Touch::Dossier(code.into()));
        }
        touch(&mut flow, Touch::Outcome(1));
        flow
    }),
    ("pending", |l| {
        let mut flow = at_work(l, |_| {});
        act(&mut flow, Action::Finish);
        flow
    }),
    ("paused", |l| at_work(l, |v| (v.current, v.paused) = (None, Some("Họp giao ban".into())))),
    ("services", |l| {
        let mut flow = at_work(l, idle);
        touch(&mut flow, Touch::Tab(crate::counter::Tab::Services));
        flow
    }),
    ("parked", |l| {
        let mut flow = at_work(l, aside);
        touch(&mut flow, Touch::Tab(crate::counter::Tab::Parked));
        flow
    }),
    ("park", |l| {
        let mut flow = at_work(l, |_| {});
        act(&mut flow, Action::Park);
        touch(&mut flow, Touch::Sheet(SheetTouch::Reason(0)));
        touch(&mut flow, Touch::Sheet(SheetTouch::Until(2)));
        flow
    }),
    ("pause", |l| {
        let mut flow = at_work(l, idle);
        act(&mut flow, Action::Pause);
        flow
    }),
    ("transfer", |l| {
        let mut flow = at_work(l, |_| {});
        act(&mut flow, Action::Transfer);
        touch(&mut flow, Touch::Sheet(SheetTouch::Target(1)));
        touch(&mut flow, Touch::Sheet(SheetTouch::ComesBack));
        flow
    }),
    ("transfer-counter", |l| {
        let mut flow = at_work(l, |_| {});
        act(&mut flow, Action::Transfer);
        touch(&mut flow, Touch::Sheet(SheetTouch::ByCounter(true)));
        flow
    }),
    ("missed-ticket", |l| {
        let mut flow = at_work(l, |v| {
            aside(v);
            v.current = None;
        });
        touch(&mut flow, Touch::Tab(crate::counter::Tab::Missed));
        touch(&mut flow, Touch::Row { ticket: "2026-11-22/A010".into() });
        touch(&mut flow, Touch::Sheet(SheetTouch::Reason(0)));
        flow
    }),
    ("hand-over", |l| {
        let mut flow = at_work(l, |_| {});
        act(&mut flow, Action::Close);
        refuse(&mut flow, "counter-busy");
        flow
    }),
    ("trouble", |l| {
        let board = DeviceHealth {
            name: "board-1".into(),
            kind: DeviceKind::NumberBoard,
            kiosk: None,
            state: DeviceState::Lost,
            fault: None,
            roll: None,
        };
        let mut flow = at_work(l, |v| {
            let mut failed = sample::counter_view().print_problems.remove(0);
            failed.print = Some(PrintState::Unconfirmed { reason: "not-confirmed".into() });
            v.print_problems = vec![failed];
            v.devices = vec![sample::printer(Some("paper-out")), board];
        });
        act(&mut flow, Action::Finish);
        refuse(&mut flow, "not-serving");
        flow
    }),
];

fn draw(window: &CounterWindow, flow: &Flow, language: &str) {
    let screen = screen::of(flow, m(3), Words::of(language));
    screen::apply(window, &screen);
}

#[test]
fn every_counter_page_in_every_language_and_size() {
    draw_all(Scheme::Light);
}

#[test]
fn every_counter_page_in_the_dark() {
    draw_all(Scheme::Dark);
}

#[test]
fn every_counter_page_in_high_contrast() {
    draw_all(Scheme::HighContrast);
}

/// Every page in every language and size. One scheme a test, so that they share the cores.
fn draw_all(scheme: Scheme) {
    backend();
    let mut findings = Findings::default();
    for dress in Dress::all(&SIZES).into_iter().filter(|d| d.scheme == scheme) {
        for (name, page) in PAGES {
            let window = CounterWindow::new().unwrap();
            dress.on(&window, fit::COUNTER);
            draw(&window, &page(dress.language), dress.language);
            findings.page(dress, &window, &format!("counter-{name}"), FULL);
        }
    }
}

#[test]
fn a_counter_whose_link_is_lost_says_so_and_offers_nothing() {
    backend();
    let window = CounterWindow::new().unwrap();
    let dress = Dress { language: "vi", scheme: Scheme::Light, size: FULL };
    dress.on(&window, fit::COUNTER);
    let mut flow = at_work("vi", |_| {});
    flow.handle(Event::View(Linked { view: None, online: false, strange: false }), m(2));
    draw(&window, &flow, "vi");
    assert!(headless::shows(&window, "Mất kết nối – số liệu có thể cũ"));
    for button in ["Hoàn thành", "Tạm hoãn", "Chuyển", "Đóng quầy"] {
        assert!(!headless::enabled(&window, button), "{button}");
    }
    dress.look_at(&window, "counter-offline", FULL);
}

#[test]
fn the_narrow_counter_lies_above_or_stands_beside_another_program() {
    backend();
    let mut findings = Findings::default();
    for language in crate::words::languages() {
        let serving = || at_work(language, |_| {});
        let called = || {
            at_work(language, |v| {
                if let Some(ticket) = &mut v.current {
                    (ticket.state, ticket.started_at) = (TicketState::Called, None);
                }
            })
        };
        let waiting = || at_work(language, idle);
        let refused = || {
            let mut flow = at_work(language, |_| {});
            act(&mut flow, Action::Finish);
            refuse(&mut flow, "not-serving");
            flow
        };
        let flows: [(&str, &dyn Fn() -> Flow); 4] =
            [("serving", &serving), ("called", &called), ("idle", &waiting), ("refused", &refused)];
        for (name, flow) in flows {
            let window = CounterWindow::new().unwrap();
            let size = (1366, 768);
            let dress = Dress { language, scheme: Scheme::Light, size };
            dress.on(&window, fit::COUNTER);
            let mut flow = flow();
            for (shape, expected) in [("strip", (1366, 96)), ("column", (360, 768))] {
                touch(&mut flow, Touch::Shape);
                draw(&window, &flow, language);
                let now = window.window().size();
                assert_eq!((now.width, now.height), expected, "{shape}");
                let dress = Dress { size: expected, ..dress };
                findings.of(|| dress.check(&window, &format!("counter-{shape}-{name}"), expected));
            }
            touch(&mut flow, Touch::Shape);
            draw(&window, &flow, language);
            assert_eq!((window.window().size().width, window.window().size().height), size, "as before");
        }
    }
}

#[test]
fn bad_input_has_a_decent_look_at_the_counter() {
    backend();
    let window = CounterWindow::new().unwrap();
    let dress = Dress { language: "vi", scheme: Scheme::Light, size: FULL };
    dress.on(&window, fit::COUNTER);
    let long = "Đăng ký biến động quyền sử dụng đất và tài sản gắn liền với đất ".repeat(4);
    let mut flow = Flow::new(CounterOptions::new(Some(3)));
    let info = hall(|h| {
        for service in &mut h.services {
            service.name = Text::new(&long, &long);
        }
        h.officers[0].name = long.clone();
        h.notices = vec![Text::new(&long, &long)];
        h.outcomes = vec![OutcomeInfo { id: "x".into(), name: Text::new(&long, &long) }];
    });
    flow.handle(Event::Hall(info), m(0));
    see(&mut flow, |v| {
        for ticket in v.queue.iter_mut().chain(&mut v.current) {
            ticket.number = format!("{}12345", &ticket.number[..1]);
            ticket.class = "no-such-class".into();
        }
        v.queue[1].service = "gone".into();
        v.devices.clear();
    });
    touch(&mut flow, Touch::Dossier("0".repeat(300)));
    draw(&window, &flow, "vi");
    dress.look_at(&window, "counter-long-names", FULL);
    act(&mut flow, Action::Transfer);
    draw(&window, &flow, "vi");
    dress.look_at(&window, "counter-long-names-transfer", FULL);
}

#[test]
fn the_newest_dossier_is_in_sight_beside_many_outcomes() {
    backend();
    let window = CounterWindow::new().unwrap();
    let dress = Dress { language: "vi", scheme: Scheme::Light, size: FULL };
    dress.on(&window, fit::COUNTER);
    let mut flow = at_work("vi", |_| {});
    flow.handle(Event::Hall(hall(|h| h.outcomes = sample_outcomes())), m(0));
    let mut places = Vec::new();
    for number in 12..18 {
        let code = format!("H49.12.34-261122-00{number}");
        touch(&mut flow, Touch::Dossier(code.clone()));
        draw(&window, &flow, "vi");
        window.window().take_snapshot().unwrap();
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(16));
        let remove = format!("Bỏ mã {code}");
        let newest = ElementHandle::find_by_accessible_label(&window, &remove).next().expect("the newest code");
        places.push(newest.absolute_position().x);
    }
    // Codes of one length: from the second on each new one stands where the one before stood when it was new.
    assert!(places[1..].windows(2).all(|pair| (pair[0] - pair[1]).abs() < 20.0), "{places:?}");
    assert!(headless::shows(&window, "Đã có 6 mã; gõ hoặc quét thêm"), "the field says how many there are");
}
