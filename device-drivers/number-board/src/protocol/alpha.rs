//! The Alpha sign protocol (BetaBrite, Adaptive): framing, and one file per command.
//!
//! A frame, hexadecimal: `00×5 01 type address 02 command 03 CCCC 04`; CCCC is the sum of the
//! bytes 02 to 03, modulo 65536, as four upper-case ASCII hex digits. The sign wants 100 ms of
//! rest after 02. It confirms nothing unless told to; this module never asks.
//!
//! Source: alphasignpy 0.1.1 and pyalphasign 0.1.0 (PyPI). They disagree on one thing, see
//! [`Position`].

mod characters;
mod write_text;

use std::time::Duration;

use serde::Deserialize;

pub use characters::{NEW_LINE, encode};
pub use write_text::{ParseError, WriteText};

use super::Step;

/// Rest that a sign needs after [`START_OF_TEXT`].
pub const PAUSE_AFTER_START_OF_TEXT: Duration = Duration::from_millis(100);

/// Lets the sign measure the line speed; at least five.
const SYNC: [u8; 5] = [0; 5];
const START_OF_HEADER: u8 = 0x01;
/// Begins a command.
pub const START_OF_TEXT: u8 = 0x02;
/// Bytes of a frame up to and with [`START_OF_TEXT`].
const HEADER_BYTES: usize = SYNC.len() + 5;
const END_OF_TEXT: u8 = 0x03;
const END_OF_TRANSMISSION: u8 = 0x04;
const ESCAPE: u8 = 0x1B;

/// A sign's serial address, 00 to FF; 00 is every sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(pub u8);

impl Address {
    /// From two hexadecimal digits of either case.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u8::from_str_radix(text, 16).ok())?.map(Self)
    }

    fn to_bytes(self) -> [u8; 2] {
        [hex_digit(self.0 >> 4), hex_digit(self.0)]
    }
}

/// Where the text stands on the sign.
///
/// alphasignpy 0.1.1 calls 26 "fill"; pyalphasign 0.1.0, and an older module inside alphasignpy
/// itself, call it the bottom line and give 30 for "fill". Two to one, so these names follow the
/// latter. A one-line sign shows the same either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Position {
    /// Centred.
    MiddleLine = 0x20,
    /// All lines but the last.
    TopLine = 0x22,
    /// The last line.
    BottomLine = 0x26,
    /// All lines, centred.
    Fill = 0x30,
    /// Left half.
    Left = 0x31,
    /// Right half.
    Right = 0x32,
}

/// How the text comes onto the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Mode {
    /// Runs from right to left.
    Rotate = b'a',
    /// Stands still.
    Hold = b'b',
    /// Stands and flashes.
    Flash = b'c',
    /// The old text is pushed up.
    RollUp = b'e',
    /// The old text is pushed down.
    RollDown = b'f',
    /// The old text is pushed left.
    RollLeft = b'g',
    /// The old text is pushed right.
    RollRight = b'h',
    /// Wiped over upwards.
    WipeUp = b'i',
    /// Wiped over downwards.
    WipeDown = b'j',
    /// Wiped over to the left.
    WipeLeft = b'k',
    /// Wiped over to the right.
    WipeRight = b'l',
    /// The bottom line pushes the top line up.
    Scroll = b'm',
}

/// What a profile says about an Alpha sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Which sign listens.
    pub address: Address,
    /// Which models listen; `Z` is all.
    pub type_code: u8,
    /// The text file that is written, 21 to 7E without `?`.
    pub label: u8,
    /// Where the text stands.
    pub position: Position,
    /// How it comes.
    pub mode: Mode,
}

impl Settings {
    /// The steps that replace what the sign shows.
    pub(super) fn paint(&self, lines: &[&str]) -> Vec<Step> {
        let command =
            WriteText { label: self.label, position: self.position as u8, mode: self.mode as u8, text: encode(lines) };
        let mut head = command.to_bytes(self.type_code, self.address);
        let tail = head.split_off(HEADER_BYTES);
        vec![Step::Write(head), Step::Pause(PAUSE_AFTER_START_OF_TEXT), Step::Write(tail)]
    }
}

/// The whole frame around a command's bytes (its code and data).
fn frame(type_code: u8, address: Address, command: &[u8]) -> Vec<u8> {
    let mut bytes = SYNC.to_vec();
    bytes.extend([START_OF_HEADER, type_code]);
    bytes.extend(address.to_bytes());
    bytes.push(START_OF_TEXT);
    bytes.extend(command);
    bytes.push(END_OF_TEXT);
    bytes.extend(checksum(command));
    bytes.push(END_OF_TRANSMISSION);
    bytes
}

/// Sum of a command with its 02 and 03, as it stands on the wire.
fn checksum(command: &[u8]) -> [u8; 4] {
    let sum =
        command.iter().chain(&[START_OF_TEXT, END_OF_TEXT]).fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    let [high, low] = sum.to_be_bytes();
    [high >> 4, high, low >> 4, low].map(hex_digit)
}

/// The low four bits as an upper-case hexadecimal digit.
fn hex_digit(value: u8) -> u8 {
    match value & 0x0F {
        digit @ 0..=9 => b'0' + digit,
        letter => b'A' + letter - 10,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_two_hexadecimal_digits() {
        assert_eq!(Address::parse("0f"), Some(Address(15)));
        assert_eq!(Address(0xAF).to_bytes(), *b"AF");
        for wrong in ["", "0", "000", "+1", "0g", "é"] {
            assert_eq!(Address::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_checksum_wraps_at_65536() {
        assert_eq!(checksum(&[0xFF; 257]), *b"0004");
    }

    #[test]
    fn the_rest_comes_right_after_the_start_of_text() {
        let settings =
            Settings { address: Address(0), type_code: b'Z', label: b'A', position: Position::Fill, mode: Mode::Hold };
        let steps = settings.paint(&["A001 1", "A002 2"]);
        let [Step::Write(head), Step::Pause(rest), Step::Write(tail)] = steps.as_slice() else {
            unreachable!("three steps, not {steps:?}");
        };
        assert_eq!(head.as_slice(), b"\0\0\0\0\0\x01Z00\x02");
        assert_eq!(*rest, Duration::from_millis(100));
        let (command, rest) = WriteText::parse(&[head.as_slice(), tail].concat()).unwrap();
        assert_eq!(command.text, b"A001 1\rA002 2");
        assert_eq!(rest, 0);
    }
}
