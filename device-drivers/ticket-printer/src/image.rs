//! Pictures in black and white: a logo, say. Paper knows no grey, so every dot is decided here.

use std::io::Cursor;

use crate::render::bitmap::Bitmap;

/// Widest picture, in dots: the widest paper that a profile may have.
pub const MOST_WIDTH: u32 = 832;
/// Highest picture, in dots: 15 cm.
pub const MOST_HEIGHT: u32 = 1200;
/// Largest file, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Brightness from which a dot stays white.
const WHITE_FROM: u32 = 128;

/// A picture in black and white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    bitmap: Bitmap,
}

/// A picture that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Not a PNG file, or a broken one.
    #[error("this is no PNG picture ({0}); save it as PNG again")]
    NotPng(String),
    /// Larger than any paper.
    #[error("the picture has {width} by {height} dots; at most {MOST_WIDTH} by {MOST_HEIGHT}: make it smaller")]
    TooLarge {
        /// Its width in dots.
        width: u32,
        /// Its height in dots.
        height: u32,
    },
}

impl Image {
    /// Reads a PNG file: dark dots become black, bright and clear ones stay white.
    ///
    /// # Errors
    /// [`ImageError`] when it is no PNG file or too large.
    pub fn from_png(file: &[u8]) -> Result<Self, ImageError> {
        let broken = |error: png::DecodingError| ImageError::NotPng(error.to_string());
        if file.len() > MOST_BYTES {
            return Err(ImageError::NotPng(format!("{} bytes are too many", file.len())));
        }
        let mut decoder = png::Decoder::new(Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().map_err(broken)?;
        let (width, height) = (reader.info().width, reader.info().height);
        check(width, height)?;
        let size = reader.output_buffer_size().ok_or(ImageError::TooLarge { width, height })?;
        let mut pixels = vec![0; size];
        let frame = reader.next_frame(&mut pixels).map_err(broken)?;
        let samples = frame.color_type.samples();
        let bright = |pixel: &[u8]| match *pixel {
            [grey] => u32::from(grey),
            [grey, alpha] => over_white(u32::from(grey), alpha),
            [red, green, blue] => luma(red, green, blue),
            [red, green, blue, alpha] => over_white(luma(red, green, blue), alpha),
            _ => 255,
        };
        let mut bitmap = Bitmap::new(width, height);
        for (y, row) in (0..height).zip(pixels.chunks(frame.line_size)) {
            for (x, pixel) in (0..width).zip(row.chunks_exact(samples)) {
                if bright(pixel) < WHITE_FROM {
                    bitmap.set(x, y);
                }
            }
        }
        Ok(Self { bitmap })
    }

    /// Width in dots.
    pub fn width(&self) -> u32 {
        self.bitmap.width()
    }

    /// Height in dots.
    pub fn height(&self) -> u32 {
        self.bitmap.height()
    }

    pub(crate) fn bitmap(&self) -> &Bitmap {
        &self.bitmap
    }
}

fn check(width: u32, height: u32) -> Result<(), ImageError> {
    if width > MOST_WIDTH || height > MOST_HEIGHT {
        return Err(ImageError::TooLarge { width, height });
    }
    Ok(())
}

/// Brightness as the eye sees it (ITU-R BT.601).
fn luma(red: u8, green: u8, blue: u8) -> u32 {
    (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000
}

fn over_white(grey: u32, alpha: u8) -> u32 {
    let alpha = u32::from(alpha);
    (grey * alpha + 255 * (255 - alpha)) / 255
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn png(color: png::ColorType, width: u32, pixels: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let height = pixels.len() as u32 / width / color.samples() as u32;
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        file
    }

    fn black(image: &Image) -> Vec<bool> {
        (0..image.width()).map(|x| image.bitmap().get(x, 0)).collect()
    }

    #[test]
    fn dark_is_black_and_clear_is_white() {
        let grey = Image::from_png(&png(png::ColorType::Grayscale, 3, &[0, 127, 128])).unwrap();
        assert_eq!(black(&grey), [true, true, false]);
        let colours = [[255, 0, 0], [255, 255, 0], [0, 0, 255]].concat();
        let red = Image::from_png(&png(png::ColorType::Rgb, 3, &colours)).unwrap();
        assert_eq!(black(&red), [true, false, true]);
        let clear = [[0, 0, 0, 255], [0, 0, 0, 0]].concat();
        assert_eq!(black(&Image::from_png(&png(png::ColorType::Rgba, 2, &clear)).unwrap()), [true, false]);
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused() {
        assert!(matches!(Image::from_png(b"GIF89a"), Err(ImageError::NotPng(_))));
        let cut_off = png(png::ColorType::Grayscale, 64, &[0; 4096]);
        assert!(matches!(Image::from_png(&cut_off[..60]), Err(ImageError::NotPng(_))));
        let wide = Image::from_png(&png(png::ColorType::Grayscale, 833, &[0; 833])).unwrap_err();
        assert!(wide.to_string().contains("833 by 1 dots; at most 832"), "{wide}");
    }
}
