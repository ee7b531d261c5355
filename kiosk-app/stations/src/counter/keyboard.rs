//! Keys of the window as the counter's keys.

use slint::ComponentHandle;
use slint::platform::Key as Pressed;
use tokio::sync::mpsc;

use super::flow::Touch;
use super::keys::Key;
use crate::generated::{CounterKeys, CounterWindow};
use crate::plumbing;

const FUNCTION_KEYS: [Pressed; 12] = [
    Pressed::F1,
    Pressed::F2,
    Pressed::F3,
    Pressed::F4,
    Pressed::F5,
    Pressed::F6,
    Pressed::F7,
    Pressed::F8,
    Pressed::F9,
    Pressed::F10,
    Pressed::F11,
    Pressed::F12,
];

/// The counter's key for what the window got; none for one that means nothing here.
fn key(text: &str, shift: bool, control: bool) -> Option<Key> {
    let character = text.chars().next()?;
    if let Some(at) = FUNCTION_KEYS.iter().position(|known| char::from(*known) == character) {
        let number = u8::try_from(at + 1).ok()?;
        return Some(if shift { Key::ShiftF(number) } else { Key::F(number) });
    }
    if let Some(digit) = character.to_digit(10).and_then(|d| u8::try_from(d).ok()).filter(|d| *d > 0) {
        return Some(if control { Key::Control(digit) } else { Key::Digit(digit) });
    }
    let named = [
        (Pressed::Return, Key::Enter),
        (Pressed::Escape, Key::Escape),
        (Pressed::UpArrow, Key::Up),
        (Pressed::DownArrow, Key::Down),
        (Pressed::LeftArrow, Key::Left),
        (Pressed::RightArrow, Key::Right),
        (Pressed::PageUp, Key::PageUp),
        (Pressed::PageDown, Key::PageDown),
    ];
    named.into_iter().find(|(known, _)| char::from(*known) == character).map(|(_, key)| key)
}

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let sender = touches.clone();
    window.global::<CounterKeys>().on_pressed(move |text, shift, control| {
        let Some(key) = key(&text, shift, control) else { return false };
        plumbing::touch(&sender, Touch::Key { key, id: client::new_request_id() });
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_window_have_their_meaning() {
        let text = |key: Pressed| String::from(char::from(key));
        assert_eq!(key(&text(Pressed::F1), false, false), Some(Key::F(1)));
        assert_eq!(key(&text(Pressed::F11), true, false), Some(Key::ShiftF(11)));
        assert_eq!(key("3", false, false), Some(Key::Digit(3)));
        assert_eq!(key("3", false, true), Some(Key::Control(3)));
        assert_eq!(key(&text(Pressed::Return), false, false), Some(Key::Enter));
        assert_eq!(key("x", false, false), None);
        assert_eq!(key("0", false, false), None);
        assert_eq!(key("", false, false), None);
    }
}
