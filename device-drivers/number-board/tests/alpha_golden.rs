//! Our Alpha frames beside those of alphasignpy 0.1.1 (`golden/make_golden.py`), byte by byte.
//! Never edit a fixture: signs in the field understand these bytes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use number_board::protocol::alpha::{Address, Mode, Position, WriteText, encode};

/// Bytes from hexadecimal digits; spaces and line ends do not count.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap())
        .collect();
    assert_eq!(digits.len() % 2, 0);
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn text(label: u8, position: Position, mode: Mode, lines: &[&str]) -> WriteText {
    WriteText { label, position: position as u8, mode: mode as u8, text: encode(lines) }
}

/// Writing gives the fixture, and reading the fixture gives the command back.
fn same(fixture: &str, type_code: u8, address: u8, command: &WriteText) {
    let golden = hex(fixture);
    assert_eq!(command.to_bytes(type_code, Address(address)), golden);
    assert_eq!(WriteText::parse(&golden).unwrap(), (command.clone(), 0));
}

#[test]
fn the_frame_written_down_in_the_project() {
    let command = text(b'A', Position::BottomLine, Mode::Rotate, &["A012"]);
    let golden = "0000000000 01 5A3030 02 4141 1B2661 41303132 03 30314644 04";
    same(golden, b'Z', 0, &command);
    same(include_str!("golden/a012.hex"), b'Z', 0, &command);
}

#[test]
fn two_lines() {
    let command = text(b'A', Position::Fill, Mode::Hold, &["A001 1", "B012 12"]);
    same(include_str!("golden/two-lines.hex"), b'Z', 0, &command);
}

#[test]
fn another_file_type_and_address() {
    let command = text(b'0', Position::MiddleLine, Mode::Flash, &["Z999"]);
    same(include_str!("golden/priority-file.hex"), b'f', 0x0A, &command);
}

#[test]
fn a_blank_board() {
    let command = text(b'A', Position::Fill, Mode::Hold, &[]);
    same(include_str!("golden/blank.hex"), b'Z', 0xFF, &command);
}

#[test]
fn a_sum_of_four_digits() {
    let command = text(b'A', Position::Fill, Mode::Hold, &["~".repeat(512).as_str()]);
    same(include_str!("golden/long.hex"), b'Z', 0, &command);
}
