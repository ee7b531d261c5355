//! QR codes for printers that cannot draw them.

use embedded_graphics::Drawable;
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{Point, Primitive, Size};
use embedded_graphics::primitives::{PrimitiveStyle, Rectangle};
use qrcode::{Color, EcLevel, QrCode};

use super::bitmap::Bitmap;

/// Side of the code in squares, also of one that a printer draws. `None` when the data does not
/// fit a code.
pub(crate) fn squares(data: &str) -> Option<u32> {
    let bits = qrcode::bits::encode_auto(data.as_bytes(), EcLevel::M).ok()?;
    u32::try_from(bits.version().width()).ok()
}

/// A QR code with `module` dots a square, without a quiet zone (the paper is white).
/// `None` when the data does not fit a code.
pub(crate) fn draw(data: &str, module: u32) -> Option<Bitmap> {
    let code = QrCode::with_error_correction_level(data, EcLevel::M).ok()?;
    let squares = u32::try_from(code.width()).ok()?;
    let mut bitmap = Bitmap::new(squares * module, squares * module);
    let black = PrimitiveStyle::with_fill(BinaryColor::On);
    let colors = code.to_colors();
    for (place, color) in (0_u32..).zip(&colors) {
        if *color == Color::Dark {
            let corner = Point::new((place % squares * module) as i32, (place / squares * module) as i32);
            let square = Rectangle::new(corner, Size::new(module, module));
            let Ok(()) = square.into_styled(black).draw(&mut bitmap);
        }
    }
    Some(bitmap)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_reader_reads_what_was_drawn() {
        let text = "https://hall.local/t/A012";
        let bitmap = draw(text, 6).unwrap();
        let side = bitmap.height() as usize;
        let quiet = 24;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side + 2 * quiet, side + 2 * quiet, |x, y| {
            let inside =
                x.checked_sub(quiet).zip(y.checked_sub(quiet)).is_some_and(|(x, y)| bitmap.get(x as u32, y as u32));
            if inside { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        let (_, content) = grids.first().unwrap().decode().unwrap();
        assert_eq!(content, text);
    }

    #[test]
    fn the_side_is_known_without_drawing() {
        for length in [1, 25, 100, 512] {
            let data = "x".repeat(length);
            assert_eq!(squares(&data).map(|side| side * 6), draw(&data, 6).map(|code| code.height()));
        }
    }

    #[test]
    fn too_much_data_is_refused() {
        assert!(draw(&"x".repeat(5000), 1).is_none());
        assert!(squares(&"x".repeat(5000)).is_none());
    }
}
