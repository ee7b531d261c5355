//! What is touched looks so: a button changes in calm steps while a finger is on it, and is as before afterwards.

use std::time::Duration;

use i_slint_backend_testing::{AccessibleRole, ElementHandle};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition};

use super::kiosk_rig::{STANDING, field, flow, show, touch, window};
use crate::generated::KioskWindow;
use crate::kiosk::steps::Touch;
use crate::look;
use crate::look::Scheme;

/// Frames of a screen.
const FRAME: Duration = Duration::from_millis(16);
/// Longer than any motion.
const FRAMES: usize = 30;
const BUTTON: PointerEventButton = PointerEventButton::Left;
/// Beside every button.
const BESIDE: LogicalPosition = LogicalPosition { x: 0.0, y: 0.0 };

fn middle(window: &KioskWindow, label: &str) -> LogicalPosition {
    let mut found = ElementHandle::find_by_accessible_label(window, label);
    let button = found.find(|e| e.accessible_role() == Some(AccessibleRole::Button)).expect(label);
    let (at, size) = (button.absolute_position(), button.size());
    LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0)
}

fn picture(window: &KioskWindow) -> Vec<u8> {
    window.window().take_snapshot().unwrap().as_bytes().to_vec()
}

/// The pictures of the next frames, each once.
fn frames(window: &KioskWindow) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    for _ in 0..FRAMES {
        i_slint_backend_testing::mock_elapsed_time(FRAME);
        frames.push(picture(window));
    }
    frames.dedup();
    frames
}

/// Puts a finger on a button of the page after `way`, and takes it off beside it: pictures of both.
fn press(
    window: &KioskWindow,
    way: &[Touch],
    label: &str,
    motion: bool,
    scheme: Scheme,
) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let page = look::Look { dpi: Some(96), motion, ..look::Look::default() };
    look::connect(window, &page, look::fit::KIOSK);
    let mut flow = flow("vi");
    touch(&mut flow, way);
    show(window, &mut flow, STANDING, scheme);
    let (position, untouched) = (middle(window, label), picture(window));
    window.window().dispatch_event(WindowEvent::PointerMoved { position });
    window.window().dispatch_event(WindowEvent::PointerPressed { position, button: BUTTON });
    let down = frames(window);
    window.window().dispatch_event(WindowEvent::PointerMoved { position: BESIDE });
    window.window().dispatch_event(WindowEvent::PointerReleased { position: BESIDE, button: BUTTON });
    window.window().dispatch_event(WindowEvent::PointerExited);
    let up = frames(window);
    assert!(down.last() != Some(&untouched), "{label} looks the same under a finger in {scheme:?}");
    assert!(up.last() == Some(&untouched), "{label} does not look as before in {scheme:?}");
    (down, up)
}

/// Pages and a button of each kind on them.
fn buttons() -> [(Vec<Touch>, &'static str); 4] {
    let confirm = vec![Touch::Start, field("land"), super::kiosk_rig::service("land-change")];
    [
        (vec![], "Chạm để bắt đầu"),
        (vec![Touch::Start], "Đất đai"),
        (vec![Touch::Start], "Quay lại"),
        (confirm, "Lấy số"),
    ]
}

#[test]
fn a_button_under_a_finger_changes_in_steps_and_is_as_before_afterwards() {
    let window = window();
    for (way, label) in buttons() {
        let (down, up) = press(&window, &way, label, true, Scheme::Light);
        assert!(down.len() >= 5 && up.len() >= 5, "{label}: {} and {} pictures", down.len(), up.len());
    }
}

#[test]
fn without_motion_it_changes_at_once() {
    let window = window();
    for (way, label) in buttons() {
        let (down, up) = press(&window, &way, label, false, Scheme::Light);
        assert!(down.len() <= 2 && up.len() <= 2, "{label}: {} and {} pictures", down.len(), up.len());
    }
}

#[test]
fn a_finger_is_seen_in_every_scheme() {
    let window = window();
    for scheme in [Scheme::Dark, Scheme::HighContrast] {
        for (way, label) in buttons() {
            press(&window, &way, label, false, scheme);
        }
    }
}
