//! Letters and lines of text in Be Vietnam Pro, one bit deep, for some 200 dots an inch.
//!
//! Letters stand on whole dots, so the same letter looks the same everywhere and there is no grey.
//! A letter that the font lacks is a question mark: a gap could change a sense unseen.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, ScaleFont, point};
use embedded_graphics::Pixel;
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{DrawTarget, Point};

use super::bitmap::Bitmap;

/// Share of a dot that must be covered to be black.
const INK_THRESHOLD: f32 = 0.5;
/// The same in a cell, where marks are small: they keep their shape.
const CELL_INK_THRESHOLD: f32 = 0.45;
/// Letters are drawn a little narrower than the font has them, which nobody sees: it saves bytes.
const WIDTH_SHARE: f32 = 0.97;
/// Room above the ascent for stacked marks, as a share of the em.
const STACKED_MARKS_SHARE: u16 = 4;
/// The cell of a user-defined character: that of font A.
pub(crate) const CELL: (u32, u32) = (12, 24);
/// Em and baseline of letters in a cell, in dots: near those of printers' own letters [?].
const CELL_EM: u16 = 19;
const CELL_BASELINE: i32 = 19;
/// Letters kept drawn, for all sizes together; more than a hall's wording needs.
const LETTERS_KEPT: usize = 2048;

/// The 134 letters that Vietnamese adds to ASCII.
pub(crate) const VIETNAMESE: &str = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ";

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/BeVietnamPro_500Medium.ttf");
const BOLD: &[u8] = include_bytes!("../../../../assets/fonts/BeVietnamPro_700Bold.ttf");

static REGULAR_FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| load(REGULAR));
static BOLD_FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| load(BOLD));

type LetterKey = (bool, u16, char);

/// Letters already drawn: the same few hundred come back on every ticket.
static DRAWN: LazyLock<Mutex<HashMap<LetterKey, Arc<Letter>>>> = LazyLock::new(Mutex::default);

/// One letter at one size.
struct Letter {
    /// Dots to the next letter.
    advance: f32,
    /// Black dots around the origin on the baseline.
    dots: Vec<(i32, i32)>,
}

#[expect(clippy::expect_used, reason = "the font is part of this binary and a test loads it")]
fn load(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the bundled font is a valid TrueType file")
}

/// A font face at one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Face {
    bold: bool,
    /// Em size in dots.
    em: u16,
}

impl Face {
    /// A face of `em` dots (8 dots are a millimetre).
    pub(crate) fn new(em: u16, bold: bool) -> Self {
        Self { bold, em }
    }

    fn font(self) -> &'static FontRef<'static> {
        if self.bold { &BOLD_FONT } else { &REGULAR_FONT }
    }

    fn scale(self) -> PxScale {
        let font = self.font();
        // A PxScale is ascent to descent, an em is the font's own unit.
        let units = font.units_per_em().unwrap_or(1000.0);
        let down = f32::from(self.em) * font.height_unscaled() / units;
        PxScale { x: down * WIDTH_SHARE, y: down }
    }

    /// Rows on top of a drawn line that only stacked marks (Ẳ, Ễ) reach. Blank, they are not part
    /// of the line's height.
    pub(crate) fn room(self) -> u32 {
        u32::from(self.em / STACKED_MARKS_SHARE)
    }

    /// Dots from the top of a line to its baseline.
    fn ascent(self) -> u32 {
        self.font().as_scaled(self.scale()).ascent().ceil() as u32 + self.room()
    }

    /// Height of a line in dots, [`Self::room`] included.
    pub(crate) fn line_height(self) -> u32 {
        let descent = -self.font().as_scaled(self.scale()).descent();
        self.ascent() + descent.ceil() as u32
    }

    /// Width of a line in dots. The font has no kerning pairs that this could lose.
    pub(crate) fn width(self, text: &str) -> u32 {
        let advance: f32 = text.chars().map(|letter| self.letter(letter).advance).sum();
        advance.ceil() as u32
    }

    /// One line as a picture of the line's height.
    pub(crate) fn draw(self, text: &str) -> Bitmap {
        // Some letters reach a little beyond their advance: half an em of room at both ends.
        let margin = self.em / 2;
        let width = self.width(text) + 2 * u32::from(margin);
        let mut bitmap = Bitmap::new(width, self.line_height());
        let baseline = self.ascent() as i32;
        let mut pen = f32::from(margin);
        for letter in text.chars().map(|letter| self.letter(letter)) {
            let left = pen.round() as i32;
            let pixels = letter.dots.iter().map(|(x, y)| Pixel(Point::new(left + x, baseline + y), BinaryColor::On));
            // A bitmap in memory takes every pixel: the error type has no value.
            let Ok(()) = bitmap.draw_iter(pixels);
            pen += letter.advance;
        }
        bitmap
    }

    fn letter(self, letter: char) -> Arc<Letter> {
        let key = (self.bold, self.em, letter);
        let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = drawn.get(&key) {
            return Arc::clone(known);
        }
        if drawn.len() >= LETTERS_KEPT {
            drawn.clear();
        }
        let new = Arc::new(self.draw_letter(letter));
        drawn.insert(key, Arc::clone(&new));
        new
    }

    fn draw_letter(self, letter: char) -> Letter {
        let (font, scale) = (self.font(), self.scale());
        let id = glyph(font, letter);
        Letter { advance: font.as_scaled(scale).h_advance(id), dots: dots(font, id, scale, INK_THRESHOLD) }
    }
}

/// Whether the font has a letter.
pub(crate) fn has(letter: char) -> bool {
    REGULAR_FONT.glyph_id(letter) != GlyphId(0)
}

/// A letter in the cell of font A, for a user-defined character. One that is too wide or too high
/// is squeezed.
pub(crate) fn cell_letter(letter: char) -> Bitmap {
    cell_letter_at(letter, false, 1, 1)
}

/// The same in a cell that is so many times as wide and high.
pub(crate) fn cell_letter_at(letter: char, bold: bool, across: u32, down: u32) -> Bitmap {
    let face = Face::new(CELL_EM, bold);
    let font = face.font();
    let id = glyph(font, letter);
    let (width, height, baseline) = (CELL.0 * across, CELL.1 * down, CELL_BASELINE * down as i32);
    let mut bitmap = Bitmap::new(width, height);
    let Some(outline) = font.outline(id) else {
        return bitmap;
    };
    let mut scale = face.scale();
    scale.x *= across as f32;
    scale.y *= down as f32;
    let dots = |scale: f32| scale / font.height_unscaled();
    let (wide, high) =
        (outline.bounds.width() * dots(scale.x), outline.bounds.min.y.max(outline.bounds.max.y) * dots(scale.y));
    // An outline blackens a little less than it reaches.
    scale.x *= (width as f32 / wide).min(1.0);
    scale.y *= (baseline as f32 / high).min(1.0);
    let dots = self::dots(font, id, scale, CELL_INK_THRESHOLD);
    let columns = || dots.iter().map(|(x, _)| *x);
    let (left, right) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0));
    let margin = (width as i32 - 1 - (right - left)) / 2;
    let pixels = dots.iter().map(|(x, y)| Pixel(Point::new(x - left + margin, baseline + y), BinaryColor::On));
    let Ok(()) = bitmap.draw_iter(pixels);
    bitmap
}

fn glyph(font: &FontRef<'static>, letter: char) -> GlyphId {
    match font.glyph_id(letter) {
        GlyphId(0) => font.glyph_id('?'),
        id => id,
    }
}

/// The dots of a letter around its origin on the baseline that are covered enough to be black.
fn dots(font: &FontRef<'static>, id: GlyphId, scale: PxScale, black_from: f32) -> Vec<(i32, i32)> {
    let mut dots = Vec::new();
    if let Some(outline) = font.outline_glyph(Glyph { id, scale, position: point(0.0, 0.0) }) {
        let bounds = outline.px_bounds();
        let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
        outline.draw(|x, y, coverage| {
            if coverage >= black_from {
                dots.push((left + x as i32, top + y as i32));
            }
        });
    }
    dots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_is_drawn_whole_and_different() {
        assert_eq!(VIETNAMESE.chars().count(), 134);
        for face in [Face::new(26, false), Face::new(26, true), Face::new(52, true)] {
            let unknown = face.draw("?");
            let mut seen = std::collections::HashSet::new();
            for letter in VIETNAMESE.chars() {
                assert_ne!(face.font().glyph_id(letter).0, 0, "{letter} is in the font");
                let bitmap = face.draw(&letter.to_string());
                let black: u32 = (0..bitmap.height()).flat_map(|y| bitmap.row(y)).map(|byte| byte.count_ones()).sum();
                assert!(black > 0);
                assert_eq!(black as usize, face.letter(letter).dots.len(), "{letter} is cut off");
                assert_ne!(bitmap, unknown);
                let rows: Vec<Vec<u8>> = (0..bitmap.height()).map(|y| bitmap.row(y).to_vec()).collect();
                assert!(seen.insert(rows), "{letter} looks like another letter");
            }
        }
    }

    #[test]
    fn every_vietnamese_letter_fits_its_cell_and_looks_different_there() {
        let mut seen = std::collections::HashSet::new();
        for letter in VIETNAMESE.chars() {
            let cell = cell_letter(letter);
            let rows: Vec<Vec<u8>> = (0..CELL.1).map(|y| cell.row(y).to_vec()).collect();
            let black: u32 = rows.iter().flatten().map(|byte| byte.count_ones()).sum();
            assert!((20..200).contains(&black), "{letter}: {black}");
            assert!(seen.insert(rows), "{letter} looks like another letter");
        }
    }

    #[test]
    fn a_letter_that_the_font_lacks_is_a_question_mark() {
        assert!(has('ế') && !has('中'));

        let face = Face::new(26, false);
        assert_eq!(face.draw("中"), face.draw("?"));
    }

    #[test]
    fn the_fonts_have_no_kerning_pairs_of_the_kind_left_out_here() {
        for face in [Face::new(26, false), Face::new(26, true)] {
            let font = face.font();
            let kern = |left, right| font.kern_unscaled(font.glyph_id(left), font.glyph_id(right));
            assert_eq!(kern('A', 'V') + kern('T', 'o') + kern('L', 'T'), 0.0);
        }
    }

    #[test]
    fn width_grows_with_the_text() {
        let face = Face::new(26, false);
        assert_eq!(face.width(""), 0);
        assert!(face.width("Đất đai") > face.width("Đất"));
    }
}
