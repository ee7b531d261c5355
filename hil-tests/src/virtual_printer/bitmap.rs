//! Black and white dots: glyphs, pictures and the paper itself.

/// A rectangle of dots, one bit each; a set bit is ink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    height: usize,
    stride: usize,
    bits: Vec<u8>,
}

impl Bitmap {
    /// White, `width` x `height` dots.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(8);
        Self { width, height, stride, bits: vec![0; stride * height] }
    }

    /// Rows of packed bytes, first dot in the highest bit, as `GS v 0` sends them.
    pub(crate) fn from_rows(width: usize, data: &[u8]) -> Self {
        let stride = width.div_ceil(8).max(1);
        let height = data.len() / stride;
        Self { width, height, stride, bits: data[..stride * height].to_vec() }
    }

    /// Columns of packed bytes, first dot on top in the highest bit, as `ESC *` sends them.
    pub(crate) fn from_columns(bytes_a_column: usize, data: &[u8]) -> Self {
        let bytes_a_column = bytes_a_column.max(1);
        let mut made = Self::new(data.len() / bytes_a_column, bytes_a_column * 8);
        for (x, column) in data.chunks_exact(bytes_a_column).enumerate() {
            for y in 0..bytes_a_column * 8 {
                if column[y / 8] & (0x80 >> (y % 8)) != 0 {
                    made.ink(x, y);
                }
            }
        }
        made
    }

    /// Dots in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Whether there is ink at a dot; outside there is none.
    #[must_use]
    pub fn has_ink(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.bits[y * self.stride + x / 8] & (0x80 >> (x % 8)) != 0
    }

    /// How many dots carry ink.
    #[must_use]
    pub fn ink_dots(&self) -> usize {
        self.bits.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    pub(crate) fn ink(&mut self, x: usize, y: usize) {
        if x < self.width && y < self.height {
            self.bits[y * self.stride + x / 8] |= 0x80 >> (x % 8);
        }
    }

    pub(crate) fn fill(&mut self, left: usize, top: usize, width: usize, height: usize) {
        for y in top..(top + height).min(self.height) {
            for x in left..(left + width).min(self.width) {
                self.ink(x, y);
            }
        }
    }

    pub(crate) fn add_rows(&mut self, rows: usize) {
        self.height += rows;
        self.bits.resize(self.stride * self.height, 0);
    }

    /// Adds the ink of `other` with its upper left corner at (`left`, `top`); what does not fit is lost.
    pub(crate) fn draw(&mut self, other: &Self, left: usize, top: usize) {
        for y in 0..other.height {
            for x in 0..other.width {
                if other.has_ink(x, y) {
                    self.ink(left + x, top + y);
                }
            }
        }
    }

    pub(crate) fn invert(&mut self) {
        for y in 0..self.height {
            for x in 0..self.width {
                self.bits[y * self.stride + x / 8] ^= 0x80 >> (x % 8);
            }
        }
    }

    pub(crate) fn turned_half(&self) -> Self {
        let mut made = Self::new(self.width, self.height);
        for y in 0..self.height {
            for x in 0..self.width {
                if self.has_ink(x, y) {
                    made.ink(self.width - 1 - x, self.height - 1 - y);
                }
            }
        }
        made
    }

    /// Every dot repeated; a factor of zero counts as one.
    pub(crate) fn enlarged(&self, across: usize, down: usize) -> Self {
        let (across, down) = (across.max(1), down.max(1));
        if across == 1 && down == 1 {
            return self.clone();
        }
        let mut made = Self::new(self.width * across, self.height * down);
        for y in 0..self.height {
            for x in 0..self.width {
                if self.has_ink(x, y) {
                    made.fill(x * across, y * down, across, down);
                }
            }
        }
        made
    }

    /// Whether any of the last `rows` rows carries ink.
    pub(crate) fn ink_in_last_rows(&self, rows: usize) -> bool {
        let first = self.height.saturating_sub(rows);
        self.bits[first * self.stride..].iter().any(|byte| *byte != 0)
    }

    /// The picture as PNG, 1 bit a dot, black on white, with a white border of `margin` dots.
    pub(crate) fn to_png(&self, margin: usize) -> Result<Vec<u8>, png::EncodingError> {
        let mut framed = Self::new(self.width + 2 * margin, self.height + 2 * margin);
        framed.draw(self, margin, margin);
        let paper: Vec<u8> = framed.bits.iter().map(|byte| !byte).collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(
            &mut file,
            u32::try_from(framed.width).unwrap_or(u32::MAX),
            u32::try_from(framed.height).unwrap_or(u32::MAX),
        );
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&paper)?;
        writer.finish()?;
        Ok(file)
    }
}
