//! The printer's own letters: drawn from Be Vietnam Pro, one letter a cell, as a fixed-width device font.
//!
//! A real printer has bitmaps in its memory; ours are drawn when needed, at the enlarged size, so that
//! large digits stay readable on the pictures. A letter wider than its cell is squeezed, and so is a
//! capital whose marks would stand above the cell.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};

use super::bitmap::Bitmap;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/BeVietnamPro_500Medium.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/BeVietnamPro_700Bold.ttf");

/// Drawn letters that are remembered; all are forgotten when there are more.
const MAX_REMEMBERED: usize = 2048;

/// A letter becomes lower by this part of its cell until it fits.
const SQUEEZE_STEPS: f32 = 48.0;

/// Share of a dot that the outline must cover to be burnt.
const BURN_FROM: f32 = 0.45;

/// The size of one character, in dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cell {
    pub width: usize,
    pub height: usize,
}

fn faces() -> &'static (FontRef<'static>, FontRef<'static>) {
    static FACES: OnceLock<(FontRef<'static>, FontRef<'static>)> = OnceLock::new();
    FACES.get_or_init(|| {
        let face =
            |bytes| FontRef::try_from_slice(bytes).expect("the fonts are compiled in, and a test draws with both");
        (face(REGULAR), face(BOLD))
    })
}

/// Draws `letter` into a cell; `None` when the font has no such letter.
pub(crate) fn draw(letter: char, cell: Cell, bold: bool) -> Option<Bitmap> {
    type Memory = HashMap<(char, Cell, bool), Option<Bitmap>>;
    static DRAWN: LazyLock<Mutex<Memory>> = LazyLock::new(Mutex::default);
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    if drawn.len() >= MAX_REMEMBERED {
        drawn.clear();
    }
    drawn.entry((letter, cell, bold)).or_insert_with(|| draw_anew(letter, cell, bold)).clone()
}

fn draw_anew(letter: char, cell: Cell, bold: bool) -> Option<Bitmap> {
    if let Some(line) = draw_line_piece(letter, cell) {
        return Some(line);
    }
    let (regular, heavy) = faces();
    let font = if bold { heavy } else { regular };
    let id = font.glyph_id(letter);
    if id.0 == 0 {
        return None;
    }
    let mut made = Bitmap::new(cell.width, cell.height);
    let (cell_width, cell_height) = (cell.width as f32, cell.height as f32);
    // Device cells are half as wide as high; the outline keeps its shape when the cell does.
    let mut scale = PxScale { x: cell_width * 2.0, y: cell_height };
    let wanted = font.as_scaled(scale).h_advance(id);
    if wanted > cell_width {
        scale.x *= cell_width / wanted;
    }
    let baseline = font.as_scaled(scale).ascent().round();
    let mut outline;
    loop {
        let left = ((cell_width - font.as_scaled(scale).h_advance(id)) / 2.0).max(0.0);
        outline = font.outline_glyph(id.with_scale_and_position(scale, point(left, baseline)));
        let stands_above = outline.as_ref().is_some_and(|outline| outline.px_bounds().min.y < 0.0);
        if !stands_above {
            break;
        }
        scale.y -= cell_height / SQUEEZE_STEPS;
    }
    if let Some(outline) = outline {
        let bounds = outline.px_bounds();
        outline.draw(|x, y, covered| {
            let (x, y) = (bounds.min.x + x as f32, bounds.min.y + y as f32);
            if covered >= BURN_FROM && x >= 0.0 && y >= 0.0 {
                made.ink(x as usize, y as usize);
            }
        });
    }
    Some(made)
}

/// The line and block characters of the PC pages, which reach to the edges of their cell.
fn draw_line_piece(letter: char, cell: Cell) -> Option<Bitmap> {
    let mut made = Bitmap::new(cell.width, cell.height);
    let (middle_x, middle_y) = (cell.width / 2, cell.height / 2);
    let thick = (cell.height / 12).max(1);
    // Which arms run from the middle: left, right, up, down.
    let arms = match letter {
        '─' | '═' => [true, true, false, false],
        '│' | '║' => [false, false, true, true],
        '┌' | '╔' => [false, true, false, true],
        '┐' | '╗' => [true, false, false, true],
        '└' | '╚' => [false, true, true, false],
        '┘' | '╝' => [true, false, true, false],
        '├' | '╠' => [false, true, true, true],
        '┤' | '╣' => [true, false, true, true],
        '┬' | '╦' => [true, true, false, true],
        '┴' | '╩' => [true, true, true, false],
        '┼' | '╬' => [true, true, true, true],
        '█' => {
            made.fill(0, 0, cell.width, cell.height);
            return Some(made);
        }
        '▄' => {
            made.fill(0, middle_y, cell.width, cell.height - middle_y);
            return Some(made);
        }
        '▀' => {
            made.fill(0, 0, cell.width, middle_y);
            return Some(made);
        }
        _ => return None,
    };
    if arms[0] {
        made.fill(0, middle_y, middle_x + thick, thick);
    }
    if arms[1] {
        made.fill(middle_x, middle_y, cell.width, thick);
    }
    if arms[2] {
        made.fill(middle_x, 0, thick, middle_y + thick);
    }
    if arms[3] {
        made.fill(middle_x, middle_y, thick, cell.height);
    }
    Some(made)
}

/// The empty box that stands for a character the printer does not have.
pub(crate) fn missing(cell: Cell) -> Bitmap {
    let mut made = Bitmap::new(cell.width, cell.height);
    let (right, bottom) = (cell.width.saturating_sub(2), cell.height.saturating_sub(4));
    made.fill(1, 3, right, 1);
    made.fill(1, bottom, right, 1);
    made.fill(1, 3, 1, bottom.saturating_sub(3));
    made.fill(right, 3, 1, bottom.saturating_sub(2));
    made
}

#[cfg(test)]
mod tests {
    use super::{Cell, draw};

    #[test]
    fn both_weights_draw_every_vietnamese_vowel_within_its_cell() {
        let cell = Cell { width: 12, height: 24 };
        for letter in "ẾỆẶỮƠĐđếệặữơA0".chars() {
            for bold in [false, true] {
                let dots = draw(letter, cell, bold).map_or(0, |glyph| glyph.ink_dots());
                assert!((20..200).contains(&dots), "{letter} bold {bold}: {dots}");
            }
        }
        assert!(draw('漢', cell, false).is_none());
    }
}
