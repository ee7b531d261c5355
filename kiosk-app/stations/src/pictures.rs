//! Pictures that the hall gives out by name: its logo, its officers' photos. Fetched and decoded away from the windows'
//! thread; one that is missing or cannot be read is a line in the log and never a fault of the page.

use std::io::Cursor;

use client::Hub;
use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

/// Largest side of a picture, and the memory that decoding may take: the hub gives at most 512 KiB out, but a small file
/// can hold a very large picture.
const MAX_SIDE: u32 = 4096;
const MAX_MEMORY: u64 = 64 * 1024 * 1024;

/// A picture that can be sent to a window's thread.
#[derive(Clone, Debug)]
pub(crate) enum Picture {
    Pixels(SharedPixelBuffer<Rgba8Pixel>),
    Svg(Vec<u8>),
}

impl Picture {
    /// For a window; only on its thread. None when an SVG cannot be read.
    pub(crate) fn image(&self) -> Option<Image> {
        match self {
            Self::Pixels(pixels) => Some(Image::from_rgba8(pixels.clone())),
            Self::Svg(text) => Image::load_from_svg_data(text).ok(),
        }
    }
}

/// The picture of that name; none when it is not there or cannot be read, which the log says.
pub(crate) async fn fetch(hub: &Hub, name: &str) -> Option<Picture> {
    match hub.picture(name).await {
        Ok(bytes) => decode(name, bytes),
        Err(error) => {
            tracing::warn!(name, %error, "a picture of the hall cannot be fetched; showing none");
            None
        }
    }
}

fn decode(name: &str, bytes: Vec<u8>) -> Option<Picture> {
    let svg = bytes.trim_ascii_start().starts_with(b"<");
    if svg {
        return Some(Picture::Svg(bytes));
    }
    match pixels(&bytes) {
        Ok(pixels) => Some(Picture::Pixels(pixels)),
        Err(error) => {
            tracing::warn!(name, %error, "a picture of the hall cannot be read; it must be PNG, JPEG or SVG");
            None
        }
    }
}

fn pixels(bytes: &[u8]) -> Result<SharedPixelBuffer<Rgba8Pixel>, image::ImageError> {
    let mut reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let rgba = reader.decode()?.into_rgba8();
    Ok(SharedPixelBuffer::clone_from_slice(rgba.as_raw(), rgba.width(), rgba.height()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn png(side: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        let zeros = vec![0; (side * side) as usize];
        encoder.write_header().unwrap().write_image_data(&zeros).unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_read_by_what_it_is() {
        assert!(matches!(decode("a", png(3)), Some(Picture::Pixels(p)) if p.width() == 3));
        let svg = b" <svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>".to_vec();
        assert_eq!(decode("a", svg).unwrap().image().unwrap().size().width, 4);
    }

    #[test]
    fn what_is_no_picture_or_far_too_large_is_left_out() {
        assert!(decode("a", b"not a picture".to_vec()).is_none());
        assert!(decode("a", Vec::new()).is_none());
        assert!(decode("a", png(MAX_SIDE + 1)).is_none());
        assert!(decode("a", b"<svg".to_vec()).unwrap().image().is_none());
    }
}
