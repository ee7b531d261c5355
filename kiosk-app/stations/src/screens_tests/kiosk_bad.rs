//! What a hall's configuration may hold and nobody wished for: every page still looks decent.

use protocol::hall::ServiceInfo;
use protocol::text::Text;
use protocol::views::{Load, PrintState, WaitRange};
use slint::ComponentHandle;

use super::kiosk_rig::{
    LANGUAGES, SHAPES, Shape, field, flow, info, service, show, to_confirm, to_ticket, touch, view, window,
};
use super::{approved, fits};
use crate::generated::{KioskWindow, Theme};
use crate::headless;
use crate::kiosk::flow::Flow;
use crate::kiosk::steps::Touch;
use crate::look::{self, Scheme};

/// 200 characters without end.
fn long() -> String {
    let name = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất và các thủ tục khác ";
    name.repeat(3).chars().take(200).collect()
}

/// Long names are cut with "…"; nothing else may be wrong.
fn bounded(window: &KioskWindow, what: &str) {
    let wrong: Vec<_> = fits::misfits(window).into_iter().filter(|misfit| !misfit.contains("is cut")).collect();
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
}

/// Standing, lying and the smaller screen of the same shape.
const USUAL: usize = 3;

fn in_all_shapes(window: &KioskWindow, name: &str, build: impl Fn() -> Flow) {
    for shape in SHAPES.into_iter().take(USUAL) {
        show(window, &mut build(), shape, Scheme::Light);
        bounded(window, &format!("{name} {}", shape.0));
    }
    let standing: Shape = SHAPES[0];
    show(window, &mut build(), standing, Scheme::Light);
    approved::same(window, &format!("kiosk-bad-{name}"));
}

#[test]
fn names_of_two_hundred_characters() {
    let window = window();
    let build = |to: &'static str| {
        move || {
            let mut flow = flow("vi");
            info(&mut flow, |hall| {
                let long = Text::new(&long(), &long());
                (hall.name, hall.name_line2, hall.hours) = (long.clone(), long.clone(), long.clone());
                hall.fields.iter_mut().for_each(|f| f.name = long.clone());
                hall.services.iter_mut().for_each(|s| s.name = long.clone());
                hall.classes.iter_mut().for_each(|c| c.name = long.clone());
            });
            match to {
                "attract" => {}
                "home" => touch(&mut flow, &[Touch::Start]),
                "services" => touch(&mut flow, &[Touch::Start, field("land")]),
                "confirm" => {
                    to_confirm(&mut flow);
                    touch(&mut flow, &[Touch::Add, Touch::Search, service("copy")]);
                }
                _ => to_ticket(&mut flow, PrintState::Printed, |_| {}),
            }
            flow
        }
    };
    for to in ["attract", "home", "services", "confirm", "ticket"] {
        in_all_shapes(&window, &format!("long-{to}"), build(to));
    }
}

#[test]
fn sixty_services_in_one_field_are_pages_not_tiny_rows() {
    let window = window();
    let build = || {
        let mut flow = flow("vi");
        info(&mut flow, |hall| {
            hall.services = (0..60)
                .map(|n| ServiceInfo {
                    id: format!("s{n}"),
                    field: "land".into(),
                    name: Text::new(&format!("Thủ tục đất đai số {n}"), ""),
                    counters: vec![3],
                })
                .collect();
        });
        view(&mut flow, |view| {
            view.services = (0..60)
                .map(|n| Load {
                    id: format!("s{n}"),
                    waiting: n,
                    wait: WaitRange { low: n, high: n + 5 },
                    open_counters: 1,
                    closed: None,
                    taken: 60 - n,
                })
                .collect();
        });
        touch(&mut flow, &[Touch::Start, field("land")]);
        flow
    };
    in_all_shapes(&window, "sixty-services", build);
    // Every one of them can be reached.
    let mut flow = build();
    let mut seen = std::collections::BTreeSet::new();
    for page in 0..60 {
        touch(&mut flow, &[Touch::Turn(page)]);
        show(&window, &mut flow, SHAPES[0], Scheme::Light);
        seen.extend(headless::labels(&window).into_iter().filter(|label| label.starts_with("Thủ tục đất đai")));
        if !headless::enabled(&window, "Trang sau") {
            break;
        }
    }
    assert_eq!(seen.len(), 60);
}

#[test]
fn icons_that_are_not_there_and_a_number_that_is_too_long() {
    let window = window();
    let build = || {
        let mut flow = flow("vi");
        info(&mut flow, |hall| {
            hall.fields.iter_mut().for_each(|f| f.icon = "no-such-icon".into());
            hall.classes.clear();
        });
        touch(&mut flow, &[Touch::Start]);
        flow
    };
    in_all_shapes(&window, "icons", build);
    let ticket = || {
        let mut flow = flow("vi");
        to_ticket(&mut flow, PrintState::Printed, |ticket| {
            ticket.number = "A1234567".into();
            ticket.counters = (1..=25).step_by(2).collect();
        });
        flow
    };
    in_all_shapes(&window, "number", ticket);
}

#[test]
fn a_hall_without_anything() {
    let window = window();
    let build = || {
        let mut flow = flow("vi");
        info(&mut flow, |hall| {
            (hall.fields, hall.services, hall.languages) = (Vec::new(), Vec::new(), vec!["vi".into()]);
        });
        view(&mut flow, |view| (view.fields, view.services) = (Vec::new(), Vec::new()));
        touch(&mut flow, &[Touch::Start]);
        flow
    };
    in_all_shapes(&window, "empty", build);
}

#[test]
fn a_halls_own_accent_and_logo() {
    let window = window();
    look::colour_in(&window, Some("#A3131C"));
    let mut buffer = slint::SharedPixelBuffer::<slint::Rgba8Pixel>::new(40, 20);
    buffer.make_mut_slice().fill(slint::Rgba8Pixel { r: 200, g: 30, b: 30, a: 255 });
    window.global::<Theme>().set_own_logo(slint::Image::from_rgba8(buffer));
    window.global::<Theme>().set_has_own_logo(true);
    for (scheme, name) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
        for (page, mut flow) in [("attract", flow(LANGUAGES[0])), ("confirm", flow(LANGUAGES[0]))] {
            if page == "confirm" {
                to_confirm(&mut flow);
            }
            show(&window, &mut flow, SHAPES[0], scheme);
            approved::same(&window, &format!("kiosk-accent-{page}-{name}"));
        }
    }
}
