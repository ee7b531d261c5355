//! What is printed: blocks from top to bottom. A page ends with a feed and a cut by itself.
//!
//! Text is only ever text: control characters in it, an escape above all, never reach a printer.

use unicode_normalization::UnicodeNormalization;

use crate::image::Image;

/// One ticket, slip or receipt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Blocks from top to bottom.
    pub blocks: Vec<Block>,
}

/// One part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Words, wrapped between words. A line feed in the text starts a new line.
    Text {
        /// The words.
        text: String,
        /// Where the lines stand.
        align: Align,
        /// How large.
        size: Size,
        /// Heavier strokes.
        bold: bool,
    },
    /// A ticket number, as large as the paper allows.
    Number {
        /// The number, such as `A012`. Must fit one line.
        text: String,
    },
    /// A line across the paper.
    Rule,
    /// A QR code in the middle.
    Qr {
        /// What it says.
        data: String,
    },
    /// A bar code (CODE128) in the middle with its text below; a QR code where it is too wide for
    /// the paper.
    Barcode {
        /// What it says: printable ASCII.
        data: String,
    },
    /// A picture in black and white.
    Image {
        /// The picture. It must not be wider than the paper.
        image: Image,
        /// Where it stands.
        align: Align,
        /// The same on every page, such as a logo: kept in the printer where the model can.
        keep: bool,
    },
    /// Empty lines.
    Feed {
        /// How many lines of normal text.
        lines: u8,
    },
}

impl Block {
    /// Normal text at the left.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), align: Align::Left, size: Size::Normal, bold: false }
    }

    /// Normal text in the middle.
    pub fn centred(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), align: Align::Center, size: Size::Normal, bold: false }
    }
}

/// Where a line of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// Size of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// About 3 mm capitals.
    #[default]
    Normal,
    /// Taller: headings.
    Tall,
    /// Twice the normal size.
    Large,
}

/// The lines of a text as they may reach a printer: composed letters (NFC), no control or
/// invisible formatting characters, single spaces.
pub(crate) fn clean_lines(text: &str) -> Vec<String> {
    text.split('\n').map(clean_line).collect()
}

fn clean_line(line: &str) -> String {
    let printable: String = line
        .nfc()
        .map(|letter| if letter == '\t' { ' ' } else { letter })
        .filter(|letter| !letter.is_control() && !is_invisible(*letter))
        .collect();
    let words: Vec<&str> = printable.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Zero-width, direction and byte-order characters: nothing to print, and no font has them.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_never_pass() {
        let hostile: String = ('\0'..='\u{9f}').collect();
        for line in clean_lines(&hostile) {
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        assert_eq!(clean_lines("a\u{1b}@b\u{1d}V"), ["a@bV"]);
    }

    #[test]
    fn decomposed_letters_are_composed() {
        assert_eq!(clean_lines("e\u{302}\u{301}"), ["ế"]);
        assert_eq!(clean_lines("ê\u{301}"), ["ế"]);
    }

    #[test]
    fn spaces_and_lines() {
        assert_eq!(clean_lines("  a\t b \r\nc"), ["a b", "c"]);
        assert_eq!(clean_lines("\u{feff}a\u{200b}"), ["a"]);
    }
}
