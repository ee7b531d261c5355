//! A one-bit picture, packed as printers take it: rows of bytes, the left dot in the high bit.

use std::convert::Infallible;

use embedded_graphics::Pixel;
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{DrawTarget, OriginDimensions, Size};

/// A one-bit picture. `On` is black. Dots outside it are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bitmap {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// The part of a bitmap that has ink: first and one past the last dot in each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Inked {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) top: u32,
    pub(crate) bottom: u32,
}

impl Bitmap {
    /// An all-white picture.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let bytes = vec![0; width.div_ceil(8) as usize * height as usize];
        Self { width, height, bytes }
    }

    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    pub(crate) fn width_bytes(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    /// Blackens one dot.
    pub(crate) fn set(&mut self, x: u32, y: u32) {
        if x < self.width && y < self.height {
            let index = y as usize * self.width_bytes() + (x / 8) as usize;
            if let Some(byte) = self.bytes.get_mut(index) {
                *byte |= 0x80 >> (x % 8);
            }
        }
    }

    /// White rows at the bottom.
    pub(crate) fn add_rows(&mut self, rows: u32) {
        self.height += rows;
        self.bytes.resize(self.width_bytes() * self.height as usize, 0);
    }

    /// Adds the ink of another picture with its corner at (`left`, `top`).
    pub(crate) fn draw(&mut self, other: &Self, left: u32, top: u32) {
        for y in 0..other.height {
            for x in (0..other.width).filter(|x| other.get(*x, y)) {
                self.set(left + x, top + y);
            }
        }
    }

    /// Both pictures side by side.
    pub(crate) fn beside(&self, other: &Self) -> Self {
        let mut both = Self::new(self.width + other.width, self.height.max(other.height));
        both.draw(self, 0, 0);
        both.draw(other, self.width, 0);
        both
    }

    /// Whether a dot is black.
    pub(crate) fn get(&self, x: u32, y: u32) -> bool {
        let index = y as usize * self.width_bytes() + (x / 8) as usize;
        let byte = self.bytes.get(index).copied().unwrap_or_default();
        x < self.width && y < self.height && byte & (0x80 >> (x % 8)) != 0
    }

    /// One row of bytes; empty outside the picture.
    pub(crate) fn row(&self, y: u32) -> &[u8] {
        let start = y as usize * self.width_bytes();
        self.bytes.get(start..start + self.width_bytes()).unwrap_or_default()
    }

    /// The picture that becomes this one when every dot is repeated so many times across and down;
    /// `None` when there is none.
    pub(crate) fn shrunk(&self, across: u32, down: u32) -> Option<Self> {
        let mut small = Self::new(self.width.div_ceil(across), self.height.div_ceil(down));
        for (y, row) in (0..self.height).zip(self.bytes.chunks(self.width_bytes().max(1))) {
            if y % down != 0 && row != self.row(y - y % down) {
                return None;
            }
            for x in (0..self.width).filter(|x| x % across == 0) {
                let dot = self.get(x, y);
                // Beyond the right edge there is white.
                if (x + 1..x + across).any(|next| self.get(next, y) != dot) {
                    return None;
                }
                if dot {
                    small.set(x / across, y / down);
                }
            }
        }
        let whole = self.height.is_multiple_of(down) || self.row(self.height - 1).iter().all(|byte| *byte == 0);
        whole.then_some(small)
    }

    /// Where the ink is; `None` when there is none.
    pub(crate) fn inked(&self) -> Option<Inked> {
        let has_ink = |y: &u32| self.row(*y).iter().any(|byte| *byte != 0);
        let top = (0..self.height).find(has_ink)?;
        let bottom = (0..self.height).rev().find(has_ink)? + 1;
        let mut columns = vec![0_u8; self.width_bytes()];
        for y in top..bottom {
            for (sum, byte) in columns.iter_mut().zip(self.row(y)) {
                *sum |= byte;
            }
        }
        let column = |x: &u32| columns.get((*x / 8) as usize).is_some_and(|byte| byte & (0x80 >> (*x % 8)) != 0);
        let left = (0..self.width).find(column)?;
        let right = (0..self.width).rev().find(column)? + 1;
        Some(Inked { left, right, top, bottom })
    }

    /// The inked part alone; `None` when there is no ink.
    pub(crate) fn cropped(&self) -> Option<Self> {
        let Inked { left, right, top, bottom } = self.inked()?;
        let mut part = self.columns(left, right, 0, right - left);
        let row = part.width_bytes();
        part.bytes.truncate(bottom as usize * row);
        part.bytes.drain(..top as usize * row);
        part.height = bottom - top;
        Some(part)
    }

    /// The picture without so many rows at its top.
    pub(crate) fn below(&self, rows: u32) -> Self {
        let bytes = self.bytes.get(rows as usize * self.width_bytes()..).unwrap_or_default().to_vec();
        Self { width: self.width, height: self.height.saturating_sub(rows), bytes }
    }

    /// The same rows with the columns `from..to`, set `offset` dots into a picture `width` wide.
    /// Nothing may be black left of `from`.
    pub(crate) fn columns(&self, from: u32, to: u32, offset: u32, width: u32) -> Self {
        let mut part = Self::new(width, self.height);
        let (width_bytes, end) = (part.width_bytes(), offset + (to - from));
        for (y, row) in (0..self.height).zip(part.bytes.chunks_mut(width_bytes.max(1))) {
            let source = self.row(y);
            for (first, byte) in (0..end).step_by(8).zip(row) {
                *byte = eight_dots(source, i64::from(from) + i64::from(first) - i64::from(offset));
                let inside = (end - first).min(8);
                *byte &= !(0xff_u32 >> inside) as u8;
            }
        }
        part
    }
}

/// Eight dots of a row from `start` on; white outside the row.
fn eight_dots(row: &[u8], start: i64) -> u8 {
    let byte = |index: i64| {
        let index = usize::try_from(index).ok();
        let byte = index.and_then(|index| row.get(index));
        u16::from(byte.copied().unwrap_or_default())
    };
    let (index, shift) = (start.div_euclid(8), start.rem_euclid(8));
    let pair = byte(index) << 8 | byte(index + 1);
    (pair >> (8 - shift)) as u8
}

impl OriginDimensions for Bitmap {
    fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }
}

impl DrawTarget for Bitmap {
    type Color = BinaryColor;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Pixel<BinaryColor>>,
    {
        for Pixel(point, color) in pixels {
            if let (Ok(x), Ok(y), BinaryColor::On) = (u32::try_from(point.x), u32::try_from(point.y), color) {
                self.set(x, y);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn dots_are_packed_from_the_high_bit_and_the_outside_is_ignored() {
        let mut bitmap = Bitmap::new(10, 2);
        bitmap.set(0, 0);
        bitmap.set(9, 1);
        bitmap.set(10, 0);
        bitmap.set(0, 2);
        assert_eq!(bitmap.row(0), [0x80, 0x00]);
        assert_eq!(bitmap.row(1), [0x00, 0x40]);
        assert!(bitmap.row(2).is_empty());
        assert!(bitmap.get(9, 1) && !bitmap.get(10, 1));
    }

    #[test]
    fn ink_is_found_and_moved() {
        let mut bitmap = Bitmap::new(20, 5);
        assert_eq!(bitmap.inked(), None);
        bitmap.set(3, 1);
        bitmap.set(12, 3);
        let ink = bitmap.inked().unwrap();
        assert_eq!((ink.left, ink.right, ink.top, ink.bottom), (3, 13, 1, 4));
        for offset in 0..20 {
            let part = bitmap.columns(ink.left, ink.right, offset, 40);
            assert!(part.get(offset, 1) && part.get(9 + offset, 3));
            let moved = part.inked().unwrap();
            assert_eq!((moved.left, moved.right), (offset, 10 + offset));
            let cut = bitmap.columns(ink.left, ink.right - 1, offset, 40);
            assert_eq!(cut.inked().unwrap().right, 1 + offset);
        }
        let cropped = bitmap.cropped().unwrap();
        assert_eq!((cropped.width(), cropped.height()), (10, 3));
        assert!(cropped.get(0, 0) && cropped.get(9, 2));
        assert_eq!(Bitmap::new(9, 9).cropped(), None);
    }

    #[test]
    fn only_a_picture_of_repeated_dots_shrinks_and_loses_nothing() {
        let mut fine = Bitmap::new(5, 3);
        for (x, y) in [(0, 0), (4, 0), (2, 1), (1, 2), (4, 2)] {
            fine.set(x, y);
        }
        for (across, down) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
            let mut large = Bitmap::new(5 * across, 3 * down);
            for (x, y) in (0..5 * across).flat_map(|x| (0..3 * down).map(move |y| (x, y))) {
                if fine.get(x / across, y / down) {
                    large.set(x, y);
                }
            }
            assert_eq!(large.shrunk(across, down), Some(fine.clone()));
            if (across, down) != (1, 1) {
                assert_eq!(fine.shrunk(across, down), None);
            }
        }
        let mut odd = Bitmap::new(3, 1);
        odd.set(2, 0);
        assert_eq!(odd.shrunk(2, 1), None, "a half dot at the edge is lost");
    }
}
