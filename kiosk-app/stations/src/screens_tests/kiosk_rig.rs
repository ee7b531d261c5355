//! How the kiosk's pages are shown, measured and compared: languages, shapes of screens and schemes, and the ways to a page.
//!
//! That every text fits its box, every button a finger and every letter an eye is measured in all languages and shapes
//! of all pages. Small approved sheets have them all (`sheets.rs`); what most people see is approved larger, too.

use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use protocol::commands::CommandReply;
use protocol::hall::HallInfo;
use protocol::views::{KioskView, PrintState};

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
pub(super) fn page(name: &str, main: bool, build: impl Fn(&str) -> Flow, labels: [&str; 2]) {
    let window = window();
    let wrong = measured(&window, name, &build);
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
pub(super) fn dpi((_, size, inches, ..): Shape) -> f32 {
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

/// Compares the page with what was approved: all of it on its sheets, and larger what most people see.
pub(super) fn pictures(window: &KioskWindow, name: &str, main: bool, build: impl Fn(&str) -> Flow) {
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
    let differing = sheets(window, name, &build).differing();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
