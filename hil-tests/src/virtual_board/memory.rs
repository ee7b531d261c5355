//! What a board remembers and shows: text files, string files, run sequence, priority.
//!
//! Shown is the priority file `0` when it has text, else the files of the run sequence, else file `A`
//! and whatever other files hold text, by label. Display modes (rotate, roll, flash) are kept as the host
//! sent them and never acted out: the picture is the text at rest.

use std::collections::BTreeMap;

use super::frame::Command;

/// Text and string files together; a real board has room for fewer.
const MAX_FILES: usize = 128;
const PRIORITY: u8 = b'0';

/// Colour of a character, as the codes after `1C` name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// `1`
    Red,
    /// `2`
    Green,
    /// `3`, and every colour that has no fixed shade
    #[default]
    Amber,
    /// `4`
    DimRed,
    /// `5`
    DimGreen,
    /// `6`
    Brown,
    /// `7`
    Orange,
    /// `8`
    Yellow,
}

impl Color {
    fn of_code(code: u8) -> Self {
        match code {
            b'1' => Self::Red,
            b'2' => Self::Green,
            b'4' => Self::DimRed,
            b'5' => Self::DimGreen,
            b'6' => Self::Brown,
            b'7' => Self::Orange,
            b'8' => Self::Yellow,
            _ => Self::Amber,
        }
    }
}

/// A line as it is shown.
pub(crate) type Line = Vec<(char, Color)>;

/// What a board holds; power off forgets it.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    texts: BTreeMap<u8, Vec<u8>>,
    strings: BTreeMap<u8, Vec<u8>>,
    sequence: Vec<u8>,
}

impl Memory {
    /// Carries out one command; false when it is none that this board knows.
    pub(crate) fn execute(&mut self, command: &Command) -> bool {
        match (command.code, &command.data[..]) {
            (b'A', [label, text @ ..]) => write_file(&mut self.texts, *label, text),
            (b'G', [label, text @ ..]) => write_file(&mut self.strings, *label, text),
            (b'E', [b'$', ..]) => {
                // Memory is given out anew: what stood there is gone.
                *self = Self::default();
                true
            }
            (b'E', [b'.', _order, _lock, labels @ ..]) => {
                self.sequence = labels.to_vec();
                true
            }
            // Clock, speaker, dimming, tones, reset of the display: nothing that a picture shows.
            (b'E', [b' ' | b'!' | b'&' | b'\'' | b'(' | b',' | b'/' | b'0' | b';' | b's', ..]) => true,
            _ => false,
        }
    }

    /// The bytes of a text file.
    pub(crate) fn text(&self, label: u8) -> Option<&[u8]> {
        self.texts.get(&label).map(Vec::as_slice)
    }

    /// The lines that are shown now.
    pub(crate) fn shown(&self) -> Vec<Line> {
        if let Some(priority) = self.texts.get(&PRIORITY) {
            let lines = self.lines(priority);
            if lines.iter().any(|line| !line.is_empty()) {
                return lines;
            }
        }
        let labels: Vec<u8> = if self.sequence.is_empty() {
            let all = self.texts.keys().copied();
            all.filter(|label| *label != PRIORITY).collect()
        } else {
            self.sequence.clone()
        };
        let texts = labels.iter().filter_map(|label| self.texts.get(label));
        texts.flat_map(|text| self.lines(text)).collect()
    }

    /// Splits a text into lines and leaves out its controls.
    fn lines(&self, text: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Line::new();
        let mut color = Color::default();
        self.walk(text, &mut |piece| match piece {
            Piece::Letter(letter) => line.push((letter, color)),
            Piece::Color(code) => color = Color::of_code(code),
            Piece::NewLine => lines.push(std::mem::take(&mut line)),
            Piece::NewMode if !line.is_empty() => lines.push(std::mem::take(&mut line)),
            Piece::NewMode => {}
        });
        if !line.is_empty() || !lines.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Goes through a text control by control.
    fn walk(&self, text: &[u8], tell: &mut impl FnMut(Piece)) {
        let mut rest = text;
        while let Some((&byte, after)) = rest.split_first() {
            let parameters = match byte {
                // Position and mode; mode `n` has a third byte.
                0x1B if after.get(1) == Some(&b'n') => 3,
                0x1B => 2,
                0x1D => 2,
                0x05 | 0x07 | 0x08 | 0x0B | 0x10 | 0x14 | 0x1A | 0x1C | 0x1E => 1,
                _ => 0,
            };
            let first = after.first().copied().unwrap_or(0);
            rest = after.get(parameters..).unwrap_or(&[]);
            match byte {
                0x0D | 0x0C => tell(Piece::NewLine),
                0x1B => tell(Piece::NewMode),
                0x1C => tell(Piece::Color(first)),
                0x10 => {
                    let inserted = self.strings.get(&first).map_or(&[][..], Vec::as_slice);
                    for &letter in inserted.iter().filter(|letter| **letter >= 0x20) {
                        tell(Piece::Letter(letter_of(letter)));
                    }
                }
                0x20.. => tell(Piece::Letter(letter_of(byte))),
                _ => {}
            }
        }
    }
}

enum Piece {
    Letter(char),
    Color(u8),
    NewLine,
    NewMode,
}

/// Boards have ASCII; what lies above differs per model and is shown as a block.
fn letter_of(byte: u8) -> char {
    match byte {
        0x20..=0x7E => char::from(byte),
        _ => '\u{2588}',
    }
}

fn write_file(files: &mut BTreeMap<u8, Vec<u8>>, label: u8, text: &[u8]) -> bool {
    let room = files.len() < MAX_FILES || files.contains_key(&label);
    if room {
        files.insert(label, text.to_vec());
    }
    room
}

#[cfg(test)]
mod tests {
    use super::{Color, Command, Memory};

    fn write(memory: &mut Memory, data: &[u8]) {
        let command = Command { code: b'A', data: data.to_vec() };
        assert!(memory.execute(&command));
    }

    fn shown(memory: &Memory) -> Vec<String> {
        let lines = memory.shown();
        let text = lines.iter().map(|line| line.iter().map(|(letter, _)| *letter).collect());
        text.collect()
    }

    #[test]
    fn lines_colours_and_modes_are_told_apart() {
        let mut memory = Memory::default();
        write(&mut memory, b"A\x1b b\x1c1A001\x1c2 Q1\rB\x1a3002");
        assert_eq!(shown(&memory), ["A001 Q1", "B002"]);
        assert_eq!(memory.shown()[0][0], ('A', Color::Red));
        assert_eq!(memory.shown()[0][5], ('Q', Color::Green));
        write(&mut memory, b"A\x1b n6WELCOME");
        assert_eq!(shown(&memory), ["WELCOME"]);
    }

    #[test]
    fn the_priority_file_goes_before_all_until_it_is_emptied() {
        let mut memory = Memory::default();
        write(&mut memory, b"A\x1b bnormal");
        write(&mut memory, b"0\x1b burgent");
        assert_eq!(shown(&memory), ["urgent"]);
        write(&mut memory, b"0");
        assert_eq!(shown(&memory), ["normal"]);
    }

    #[test]
    fn files_strings_and_run_sequence() {
        let mut memory = Memory::default();
        write(&mut memory, b"A\x1b bone \x10S");
        write(&mut memory, b"B\x1b btwo");
        let string = Command { code: b'G', data: b"S7".to_vec() };
        assert!(memory.execute(&string));
        assert_eq!(shown(&memory), ["one 7", "two"]);
        let sequence = Command { code: b'E', data: b".TUB".to_vec() };
        assert!(memory.execute(&sequence));
        assert_eq!(shown(&memory), ["two"]);
        let clear = Command { code: b'E', data: b"$".to_vec() };
        assert!(memory.execute(&clear));
        assert!(shown(&memory).is_empty());
    }
}
