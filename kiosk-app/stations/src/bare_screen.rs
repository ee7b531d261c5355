//! The screen without a desktop (`kms`): no key of a keyboard that somebody plugs in ends the program.
//!
//! Slint's backend ends its event loop on Ctrl+Alt+Backspace and Ctrl+Alt+Delete (1.18.1, `calloop_backend/input.rs`),
//! and cannot begin it again. So nothing that is pressed with Ctrl and Alt reaches it; no station has such a shortcut.
//! The console's own keys (Ctrl+Alt+F2) never come here: `config/system/kiosk-console.service` shuts them.

/// Key codes of Linux' input-event-codes.h.
const CONTROL: [u32; 2] = [29, 97];
const ALT: [u32; 2] = [56, 100];

/// Which of the two are held, by key.
#[derive(Debug, Default)]
struct Held {
    control: [bool; 2],
    alt: [bool; 2],
}

impl Held {
    /// Takes one event of a key; true when it must not go on.
    fn swallows(&mut self, key: u32, pressed: bool) -> bool {
        for (keys, held) in [(CONTROL, &mut self.control), (ALT, &mut self.alt)] {
            if let Some(at) = keys.iter().position(|known| *known == key) {
                held[at] = pressed;
                return false;
            }
        }
        self.control.contains(&true) && self.alt.contains(&true)
    }
}

/// Selects the backend for the bare screen, deaf to the ways out.
///
/// # Errors
/// When there is no screen.
#[cfg(all(feature = "kms", not(feature = "winit")))]
pub(crate) fn select() -> Result<(), slint::PlatformError> {
    use input::event::keyboard::{KeyState, KeyboardEvent, KeyboardEventTrait};

    let held = std::cell::RefCell::new(Held::default());
    slint::BackendSelector::new()
        .backend_name("linuxkms".into())
        .renderer_name("software".into())
        .with_libinput_event_hook(move |event| {
            let input::Event::Keyboard(KeyboardEvent::Key(key)) = event else { return false };
            held.borrow_mut().swallows(key.key(), key.key_state() == KeyState::Pressed)
        })
        .select()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKSPACE: u32 = 14;

    #[test]
    fn what_is_pressed_with_control_and_alt_goes_nowhere() {
        for (control, alt) in [(29, 56), (97, 100), (29, 100)] {
            let mut held = Held::default();
            assert!(!held.swallows(BACKSPACE, true));
            assert!(!held.swallows(control, true) && !held.swallows(BACKSPACE, true));
            assert!(!held.swallows(alt, true) && held.swallows(BACKSPACE, true) && held.swallows(BACKSPACE, false));
            assert!(!held.swallows(control, false) && !held.swallows(BACKSPACE, true));
        }
        let mut held = Held::default();
        for key in [29, 97, 56] {
            held.swallows(key, true);
        }
        held.swallows(29, false);
        assert!(held.swallows(BACKSPACE, true), "the other control key is still held");
    }
}
