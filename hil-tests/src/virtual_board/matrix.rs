//! Draws what a board shows as a picture of its LEDs.

use std::convert::Infallible;

use embedded_graphics::Drawable;
use embedded_graphics::Pixel;
use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::mono_font::ascii::{FONT_5X8, FONT_6X10, FONT_7X13_BOLD, FONT_9X15_BOLD, FONT_10X20};
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle};
use embedded_graphics::pixelcolor::{Rgb888, RgbColor};
use embedded_graphics::text::{Baseline, Text};

use super::memory::{Color, Line};

/// Pixels from one LED to the next in the picture.
const PITCH: u32 = 8;
/// LEDs of frame around the matrix.
const FRAME: u32 = 2;
/// Fonts from large to small; the largest in which all fits is taken.
const FONTS: [&MonoFont<'static>; 5] = [&FONT_10X20, &FONT_9X15_BOLD, &FONT_7X13_BOLD, &FONT_6X10, &FONT_5X8];
/// An LED that is off still shows a little.
const OFF: Rgb888 = Rgb888::new(34, 26, 16);

/// LEDs of a board.
struct Matrix {
    size: Size,
    lights: Vec<Rgb888>,
}

impl OriginDimensions for Matrix {
    fn size(&self) -> Size {
        self.size
    }
}

impl DrawTarget for Matrix {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Pixel<Rgb888>>,
    {
        for Pixel(at, color) in pixels {
            let (Ok(x), Ok(y)) = (u32::try_from(at.x), u32::try_from(at.y)) else {
                continue;
            };
            if x < self.size.width && y < self.size.height {
                self.lights[(y * self.size.width + x) as usize] = color;
            }
        }
        Ok(())
    }
}

/// The picture as PNG: round LEDs on black.
pub(crate) fn picture(columns: u32, rows: u32, lines: &[Line]) -> Result<Vec<u8>, png::EncodingError> {
    let matrix = light(columns, rows, lines);
    let (width, height) = ((columns + 2 * FRAME) * PITCH, (rows + 2 * FRAME) * PITCH);
    let mut pixels = vec![0; (width * height * 3) as usize];
    for row in 0..rows {
        for column in 0..columns {
            let color = matrix.lights[(row * columns + column) as usize];
            draw_led(&mut pixels, width, column, row, color);
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

fn draw_led(pixels: &mut [u8], width: u32, column: u32, row: u32, color: Rgb888) {
    let (left, top) = ((column + FRAME) * PITCH, (row + FRAME) * PITCH);
    for y in 0..PITCH {
        for x in 0..PITCH {
            // Distance from the middle of the LED, in half pixels.
            let (across, down) = (2 * x as i32 + 1 - PITCH as i32, 2 * y as i32 + 1 - PITCH as i32);
            if across * across + down * down <= 42 {
                let at = (((top + y) * width + left + x) * 3) as usize;
                pixels[at..at + 3].copy_from_slice(&[color.r(), color.g(), color.b()]);
            }
        }
    }
}

/// Lights the LEDs: every line in the middle, in the largest font in which all fits.
fn light(columns: u32, rows: u32, lines: &[Line]) -> Matrix {
    let mut matrix = Matrix { size: Size::new(columns, rows), lights: vec![OFF; (columns * rows) as usize] };
    let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let longest = lines.iter().map(Vec::len).max().unwrap_or(0);
    let longest = u32::try_from(longest).unwrap_or(u32::MAX);
    let fits = |font: &&&MonoFont<'static>| {
        let cell = font.character_size;
        cell.width.saturating_mul(longest) <= columns && cell.height.saturating_mul(count) <= rows
    };
    let font = FONTS.iter().find(fits).copied().unwrap_or(&FONT_5X8);
    let cell = font.character_size;
    let height = cell.height.saturating_mul(count).min(rows);
    let mut top = (rows - height) / 2;
    for line in lines {
        let length = u32::try_from(line.len()).unwrap_or(u32::MAX);
        let width = cell.width.saturating_mul(length).min(columns);
        let mut left = (columns - width) / 2;
        for (letter, color) in line {
            let style = MonoTextStyle::new(font, shade(*color));
            let mut buffer = [0; 4];
            let at = Point::new(left as i32, top as i32);
            let Ok(_) =
                Text::with_baseline(letter.encode_utf8(&mut buffer), at, style, Baseline::Top).draw(&mut matrix);
            left += cell.width;
        }
        top += cell.height;
    }
    matrix
}

fn shade(color: Color) -> Rgb888 {
    match color {
        Color::Red => Rgb888::new(255, 40, 24),
        Color::Green => Rgb888::new(70, 235, 70),
        Color::Amber => Rgb888::new(255, 168, 0),
        Color::DimRed => Rgb888::new(150, 24, 14),
        Color::DimGreen => Rgb888::new(40, 130, 40),
        Color::Brown => Rgb888::new(160, 96, 20),
        Color::Orange => Rgb888::new(255, 110, 0),
        Color::Yellow => Rgb888::new(255, 225, 40),
    }
}

#[cfg(test)]
mod tests {
    use super::{Color, OFF, light};

    fn lit(columns: u32, rows: u32, text: &str) -> usize {
        let line = text.chars().map(|letter| (letter, Color::Amber)).collect();
        let matrix = light(columns, rows, &[line]);
        matrix.lights.iter().filter(|light| **light != OFF).count()
    }

    #[test]
    fn text_lights_leds_and_long_text_is_cropped_not_lost() {
        assert_eq!(lit(64, 16, ""), 0);
        assert!(lit(64, 16, "A012") > 60);
        assert!(lit(64, 16, &"A012 ".repeat(100)) > 60);
        assert!(lit(3, 3, "A012") < 10);
    }
}
