//! The keyboard alone: Tab comes to every button of every page in the order of reading, Enter presses it, and so a
//! citizen takes a number without a touch.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use protocol::commands::CommandReply;
use protocol::views::PrintState;
use slint::SharedString;
use slint::platform::Key;
use tokio::sync::mpsc;

use super::flow::{Event, Flow};
use super::steps::{Step, Touch};
use super::{KioskOptions, connect_pages, screen};
use crate::generated::KioskWindow;
use crate::plumbing::{self, Answer};
use crate::{headless, look, sample};

/// More buttons than any page has.
const MANY: usize = 80;

struct Kiosk {
    window: KioskWindow,
    touches: mpsc::Receiver<Touch>,
    flow: Flow,
    now: Duration,
}

impl Kiosk {
    fn new() -> Self {
        headless::init_still().unwrap();
        let window = KioskWindow::new().unwrap();
        plumbing::connect_words(&window, "vi");
        look::connect(&window, &look::Look { motion: false, ..look::Look::default() }, look::fit::KIOSK);
        let (sender, touches) = mpsc::channel(plumbing::TOUCH_QUEUE);
        connect_pages(&window, &sender);
        headless::show(&window, 1080, 1920).unwrap();
        let mut kiosk = Self { window, touches, flow: Flow::new(KioskOptions::new("kiosk-1")), now: Duration::ZERO };
        kiosk.happens(Event::Hall(Arc::new(sample::hall())));
        let view = Some(Arc::new(sample::kiosk_view()));
        kiosk.happens(Event::View(Linked { view, online: true, strange: false }));
        kiosk
    }

    fn happens(&mut self, event: Event) {
        // Slower than a finger that touches twice by mistake.
        self.now += Duration::from_secs(1);
        self.flow.handle(event, self.now);
        screen::apply(&self.window, &screen::of(&self.flow, self.now, sample::now()));
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(400));
    }

    /// Goes to the next button and presses it; what that was.
    fn next(&mut self) -> Option<Touch> {
        headless::press_key(&self.window, Key::Tab);
        headless::press_key(&self.window, Key::Return);
        let touch = self.touches.try_recv().ok();
        assert!(self.touches.try_recv().is_err(), "one button at a time");
        touch
    }

    /// What the buttons of this page do, in the order of the Tab key.
    fn order(&mut self) -> Vec<Touch> {
        let mut order: Vec<Touch> = Vec::new();
        for _ in 0..MANY {
            let touch = self.next().expect("Tab comes to a button");
            let again = |known: &Touch| std::mem::discriminant(known) == std::mem::discriminant(&touch);
            // Some carry an id made for the touch.
            if order.contains(&touch) || (matches!(touch, Touch::Take(_)) && order.iter().any(again)) {
                return order;
            }
            order.push(touch);
        }
        panic!("Tab does not come round: {order:?}");
    }

    /// Buttons that can be pressed on this page, by their labels.
    fn buttons(&self) -> BTreeSet<SharedString> {
        let button = |e: &ElementHandle| {
            e.accessible_role() == Some(AccessibleRole::Button) && e.accessible_enabled() == Some(true)
        };
        ElementQuery::from_root(&self.window)
            .match_descendants()
            .match_predicate(button)
            .find_all()
            .iter()
            .filter_map(ElementHandle::accessible_label)
            .collect()
    }

    /// Tab until the button that is wanted, then Enter.
    fn go(&mut self, wanted: impl Fn(&Touch) -> bool) {
        for _ in 0..MANY {
            if let Some(touch) = self.next().filter(&wanted) {
                self.happens(Event::Touch(touch));
                return;
            }
        }
        panic!("no Tab comes to it on {:?}", self.flow.step);
    }
}

#[test]
fn tab_comes_to_every_button_of_every_page() {
    let mut kiosk = Kiosk::new();
    let field = Touch::Field("land".into());
    let service = Touch::Service("land-change".into());
    let ways: [&[Touch]; 6] = [
        &[],
        &[Touch::Start],
        &[Touch::Start, field.clone()],
        &[Touch::Start, field.clone(), service.clone()],
        &[Touch::Start, field.clone(), service.clone(), Touch::AskClass],
        &[Touch::Start, Touch::Search],
    ];
    for way in ways {
        kiosk.happens(Event::Touch(Touch::ToStart));
        for touch in way {
            kiosk.happens(Event::Touch(touch.clone()));
        }
        let order = kiosk.order();
        let labels = kiosk.buttons();
        assert_eq!(order.len(), labels.len(), "{:?}: Tab comes to {order:?} of {labels:?}", kiosk.flow.step);
        // What is on the page comes before what stands around it.
        let around = |touch: &Touch| matches!(touch, Touch::Back | Touch::SwitchLanguage | Touch::LowReach);
        let first = order.iter().position(around).unwrap_or(order.len());
        assert!(first > 0 && order[first..].iter().skip(1).all(|t| !matches!(t, Touch::Field(_) | Touch::Service(_))));
    }
}

#[test]
fn a_number_is_taken_by_keyboard_alone() {
    let mut kiosk = Kiosk::new();
    kiosk.go(|touch| *touch == Touch::Start);
    kiosk.go(|touch| *touch == Touch::Field("land".into()));
    kiosk.go(|touch| *touch == Touch::Service("land-change".into()));
    kiosk.go(|touch| matches!(touch, Touch::Take(_)));
    let id = kiosk.flow.taking().unwrap().order.request_id.clone();
    let ticket = Some(sample::ticket(PrintState::Printed));
    let reply = CommandReply { sequence: 413, ticket, print_job: None };
    kiosk.happens(Event::Answer(id, Answer::Done(Box::new(reply))));
    assert!(matches!(kiosk.flow.step, Step::Ticket(_)));
    kiosk.go(|touch| *touch == Touch::ToStart);
    assert_eq!(kiosk.flow.step, Step::Attract);
    // Escape goes back, as the button does.
    kiosk.happens(Event::Touch(Touch::Start));
    headless::press_key(&kiosk.window, Key::Escape);
    assert_eq!(kiosk.touches.try_recv().ok(), Some(Touch::Back));
}
