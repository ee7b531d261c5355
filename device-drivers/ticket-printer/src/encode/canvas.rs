//! The paper as it will look, drawn beside the bytes by the same pen: a preview of the layout.
//!
//! Pictures and codes are dot for dot what the printer gets. The printer's own letters are stood in
//! for by ours in cells of the same size, since only the printer knows its fonts. Lines break and
//! sizes shrink here as they do on paper, because the encoder decides that once for both.

use std::ops::Range;

use crate::page::Align;
use crate::profile::PrinterProfile;
use crate::render::bitmap::Bitmap;
use crate::render::font::{CELL, cell_letter_at};

use super::pen::Style;

/// White around the print, in dots: the paper is wider than the print head.
const MARGIN: u32 = 32;
/// Inches in a metre.
const INCHES: f64 = 39.37;

/// The paper so far.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    paper: Bitmap,
    line_dots: u32,
    cell_dots: u32,
    dpi: u16,
}

impl Canvas {
    pub(super) fn new(profile: &PrinterProfile) -> Self {
        let (line_dots, cell_dots) = (profile.line_dots(), u32::from(profile.cell_dots()));
        Self { paper: Bitmap::new(u32::from(profile.dots), 0), line_dots, cell_dots, dpi: profile.dpi }
    }

    /// White paper.
    pub(super) fn feed(&mut self, dots: u32) {
        self.paper.add_rows(dots);
    }

    /// A line of the printer's own letters.
    pub(super) fn letters(&mut self, text: &str, align: Align, style: Style) {
        let (across, down) = (u32::from(style.across), u32::from(style.down));
        let cell = self.cell_dots * across;
        let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let left = self.left(cell.saturating_mul(count), align);
        let top = self.paper.height();
        self.feed(self.line_dots.max(CELL.1 * down));
        for (place, letter) in (0_u32..).zip(text.chars()) {
            self.paper.draw(&cell_letter_at(letter, style.bold, across, down), left + place * cell, top);
        }
    }

    /// Rows of a picture whose dots are repeated so many times.
    pub(super) fn picture(&mut self, part: &Bitmap, rows: Range<u32>, align: Align, (across, down): (u32, u32)) {
        let (left, top) = (self.left(part.width() * across, align), self.paper.height());
        self.feed((rows.end - rows.start) * down);
        for y in rows.clone() {
            for x in (0..part.width()).filter(|x| part.get(*x, y)) {
                let dots = (0..down).flat_map(|below| (0..across).map(move |right| (right, below)));
                for (right, below) in dots {
                    self.paper.set(left + x * across + right, top + (y - rows.start) * down + below);
                }
            }
        }
    }

    fn left(&self, width: u32, align: Align) -> u32 {
        let space = self.paper.width().saturating_sub(width);
        match align {
            Align::Left => 0,
            Align::Center => space / 2,
            Align::Right => space,
        }
    }

    pub(super) fn finish(self) -> Preview {
        Preview { paper: self.paper, dpi: self.dpi }
    }
}

/// A picture of a page, dot for dot as wide as the print head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    paper: Bitmap,
    dpi: u16,
}

impl Preview {
    /// Printable width in dots.
    pub fn width(&self) -> u32 {
        self.paper.width()
    }

    /// Length of the print in dots.
    pub fn height(&self) -> u32 {
        self.paper.height()
    }

    /// Whether a dot is black.
    pub fn is_black(&self, x: u32, y: u32) -> bool {
        self.paper.get(x, y)
    }

    /// The picture as PNG, one bit a dot, with a white margin.
    ///
    /// # Errors
    /// When the page is longer than a PNG file can be.
    pub fn to_png(&self) -> std::io::Result<Vec<u8>> {
        let mut framed = Bitmap::new(self.paper.width() + 2 * MARGIN, self.paper.height() + 2 * MARGIN);
        framed.draw(&self.paper, MARGIN, MARGIN);
        let white: Vec<u8> = (0..framed.height()).flat_map(|y| framed.row(y)).map(|byte| !byte).collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, framed.width(), framed.height());
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let dots = (f64::from(self.dpi) * INCHES).round() as u32;
        encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: dots, yppu: dots, unit: png::Unit::Meter }));
        encoder.write_header()?.write_image_data(&white)?;
        Ok(file)
    }
}
