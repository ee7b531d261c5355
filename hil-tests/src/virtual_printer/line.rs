//! One line of text before it is printed: characters in cells, in-line bit images, positions.

use unicode_normalization::char::compose;

use super::bitmap::Bitmap;
use super::glyphs::{self, Cell};

/// How a character looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Font B (9x17) instead of A (12x24).
    pub small: bool,
    /// Enlargement across and down, 1–8.
    pub across: usize,
    pub down: usize,
    pub bold: bool,
    /// Dots of underline, 0–2.
    pub underline: usize,
    /// White on black.
    pub inverse: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { small: false, across: 1, down: 1, bold: false, underline: 0, inverse: false }
    }
}

impl Style {
    /// The cell of one character, enlargement included.
    pub(crate) fn cell(self) -> Cell {
        let (width, height) = if self.small { (9, 17) } else { (12, 24) };
        Cell { width: width * self.across, height: height * self.down }
    }

    /// Finishes a glyph: underline and inversion belong to the cell, not to the letter.
    fn finish(self, mut glyph: Bitmap) -> Bitmap {
        let height = glyph.height();
        let thick = self.underline * self.down;
        glyph.fill(0, height.saturating_sub(thick), glyph.width(), thick);
        if self.inverse {
            glyph.invert();
        }
        glyph
    }
}

/// A character of the device fonts; the flag says whether the fonts have it.
pub(crate) fn character(letter: char, style: Style) -> (Bitmap, bool) {
    match glyphs::draw(letter, style.cell(), style.bold) {
        Some(glyph) => (style.finish(glyph), true),
        None => (style.finish(glyphs::missing(style.cell())), false),
    }
}

/// A user-defined character, enlarged by dots as printers do. Heavier strokes are the same dots
/// again one place to the right.
pub(crate) fn custom_character(glyph: &Bitmap, style: Style) -> Bitmap {
    let mut drawn = glyph.clone();
    if style.bold {
        drawn.draw(glyph, 1, 0);
    }
    style.finish(drawn.enlarged(style.across, style.down))
}

#[derive(Debug, Clone)]
struct Item {
    left: usize,
    picture: Bitmap,
    letter: Option<(char, Style)>,
}

/// What waits in the print buffer for the end of the line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    items: Vec<Item>,
    /// Where the next item goes, in dots from the left margin.
    pub(crate) cursor: usize,
    text: String,
}

impl Line {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The text of the line so far, without spaces at the end.
    pub(crate) fn text(&self) -> &str {
        self.text.trim_end()
    }

    /// Adds a character and the space after it.
    pub(crate) fn push(&mut self, letter: char, style: Style, picture: Bitmap, space: usize) {
        let width = picture.width();
        self.items.push(Item { left: self.cursor, picture, letter: Some((letter, style)) });
        self.cursor += width + space;
        self.text.push(letter);
    }

    /// Adds a bit image that stands in the line.
    pub(crate) fn push_picture(&mut self, picture: Bitmap) {
        let width = picture.width();
        self.items.push(Item { left: self.cursor, picture, letter: None });
        self.cursor += width;
    }

    /// Moves to a tab stop or position; a gap reads as one space.
    pub(crate) fn move_to(&mut self, position: usize) {
        if position > self.cursor && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.cursor = position;
    }

    /// Puts a combining tone mark over the last letter; says whether the two make one letter.
    pub(crate) fn compose_tone(&mut self, mark: char) -> bool {
        let Some(last) = self.items.last_mut() else {
            return false;
        };
        let Some((base, style)) = last.letter else {
            return false;
        };
        let Some(joined) = compose(base, mark) else {
            return false;
        };
        last.letter = Some((joined, style));
        last.picture = character(joined, style).0;
        self.text.pop();
        self.text.push(joined);
        true
    }

    /// Draws all items, standing on one ground line.
    pub(crate) fn draw(&self) -> Bitmap {
        let ends = self.items.iter().map(|item| item.left + item.picture.width());
        let width = ends.max().unwrap_or(0);
        let heights = self.items.iter().map(|item| item.picture.height());
        let height = heights.max().unwrap_or(0);
        let mut drawn = Bitmap::new(width, height);
        for item in &self.items {
            drawn.draw(&item.picture, item.left, height - item.picture.height());
        }
        drawn
    }
}
