//! Lines of text in Be Vietnam Pro, one bit deep, for 203 dots an inch.
//!
//! Letters stand on whole dots, so the same letter looks the same everywhere. A letter that the
//! font lacks is drawn as a question mark: a gap could change a sense unseen.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, ScaleFont, point};
use embedded_graphics::Pixel;
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{DrawTarget, Point};

use super::bitmap::Bitmap;

/// Share of a dot that must be covered to be black.
const INK_THRESHOLD: f32 = 0.5;
/// Room above the ascent for stacked marks, as a share of the em.
const STACKED_MARKS_SHARE: u16 = 4;
/// Letters kept drawn, for all sizes together; more than a hall's wording needs.
const LETTERS_KEPT: usize = 2048;

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
        PxScale::from(f32::from(self.em) * font.height_unscaled() / units)
    }

    /// Dots from the top of a line to its baseline: stacked marks (Ẳ, Ễ) reach a little above
    /// what the font calls its ascent.
    fn ascent(self) -> u32 {
        let room = u32::from(self.em / STACKED_MARKS_SHARE);
        self.font().as_scaled(self.scale()).ascent().ceil() as u32 + room
    }

    /// Height of a line in dots.
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
        let font = self.font();
        let id = match font.glyph_id(letter) {
            GlyphId(0) => font.glyph_id('?'),
            id => id,
        };
        let glyph = Glyph { id, scale: self.scale(), position: point(0.0, 0.0) };
        let mut dots = Vec::new();
        if let Some(outline) = font.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
            outline.draw(|x, y, coverage| {
                if coverage >= INK_THRESHOLD {
                    dots.push((left + x as i32, top + y as i32));
                }
            });
        }
        Letter { advance: font.as_scaled(self.scale()).h_advance(id), dots }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The 134 letters that Vietnamese adds to ASCII.
    pub(crate) const VIETNAMESE: &str = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ";

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
    fn a_letter_that_the_font_lacks_is_a_question_mark() {
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
