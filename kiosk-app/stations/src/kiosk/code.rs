//! A QR code as a picture: the number for a telephone, where no paper came.

use qrcode::{Color, EcLevel, QrCode};
use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

/// Quiet modules around the code.
const QUIET: usize = 2;

/// The code of a text, one pixel a module; an empty picture for a text that does not fit.
pub(crate) fn image(text: &str) -> Image {
    match QrCode::with_error_correction_level(text, EcLevel::M) {
        Ok(code) => Image::from_rgba8(pixels(&code)),
        Err(error) => {
            tracing::warn!(%error, "a ticket does not fit a QR code");
            Image::default()
        }
    }
}

fn pixels(code: &QrCode) -> SharedPixelBuffer<Rgba8Pixel> {
    let side = code.width() + 2 * QUIET;
    let length = u32::try_from(side).unwrap_or(0);
    let mut buffer = SharedPixelBuffer::new(length, length);
    for (at, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = (at % side, at / side);
        let inside = |at: usize| (QUIET..QUIET + code.width()).contains(&at);
        let dark = inside(x) && inside(y) && code[(x - QUIET, y - QUIET)] == Color::Dark;
        let shade = if dark { 0 } else { 255 };
        *pixel = Rgba8Pixel { r: shade, g: shade, b: shade, a: 255 };
    }
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_a_quiet_margin_and_dark_modules() {
        let image = image("A012 · Đất đai");
        let buffer = image.to_rgba8();
        assert!(buffer.is_some_and(|b| {
            let dark = b.as_slice().iter().filter(|p| p.r == 0).count();
            b.width() > 21 && b.as_slice()[0].r == 255 && dark > 100
        }));
        assert_eq!(super::image(&"x".repeat(9000)).size().width, 0);
    }
}
