//! Codes and pictures on a page: by the printer where it can, drawn otherwise.

use crate::command;
use crate::image::Image;
use crate::page::{Align, Size};
use crate::profile::Drawer;
use crate::render::{barcode, qr};

use super::{EncodeError, Encoder, LONGEST_BARCODE, LONGEST_QR, Setting, bound};

/// Sizes of one square of a QR code in dots, the best first: 6 dots are 0.75 mm.
const QR_MODULES: [u8; 4] = [6, 5, 4, 3];
/// The same where the code is sent as a picture; an even size costs a quarter where dots are
/// doubled. 4 dots are 0.5 mm, which telephones read at arm's length.
const DRAWN_QR_MODULES: [u8; 2] = [4, 3];
/// Widths of a thin bar in dots, the best first. One dot is not read reliably.
const BAR_WIDTHS: [u8; 2] = [3, 2];
/// Height of a bar code in dots: 1 cm.
const BAR_HEIGHT: u8 = 80;
/// White that a bar code's reader wants beside it, in bars.
const QUIET_BARS: u32 = 20;

impl Encoder<'_> {
    pub(super) fn qr(&mut self, data: &str) -> Result<(), EncodeError> {
        bound("bytes in a QR code", data.len(), LONGEST_QR)?;
        if data.is_empty() || data.chars().any(char::is_control) {
            return Err(EncodeError::Qr("empty or with control characters".into()));
        }
        let squares = qr::squares(data).ok_or_else(|| EncodeError::Qr("too long".into()))?;
        let modules = match self.profile.qr {
            Drawer::Native => &QR_MODULES[..],
            Drawer::Raster => &DRAWN_QR_MODULES,
        };
        let fits = |module: &&u8| squares * u32::from(**module) <= u32::from(self.profile.dots);
        let module = *modules.iter().find(fits).ok_or_else(|| EncodeError::Qr("wider than the paper".into()))?;
        match self.profile.qr {
            Drawer::Native => {
                self.pen.native_qr(data, module)?;
                // A whole line is one byte.
                self.pen.leave_blank(self.profile.line_dots());
                Ok(())
            }
            Drawer::Raster => {
                self.code_margin();
                let code = qr::draw(data, u32::from(module)).ok_or_else(|| EncodeError::Qr("too long".into()))?;
                self.pen.picture(&code, Align::Center)?;
                self.code_margin();
                Ok(())
            }
        }
    }

    /// Its reader wants white above and below; beside it the paper is white.
    fn code_margin(&mut self) {
        self.pen.leave_blank(self.profile.line_dots() / 2);
    }

    pub(super) fn barcode(&mut self, data: &str) -> Result<(), EncodeError> {
        bound("bytes in a bar code", data.len(), LONGEST_BARCODE)?;
        let refused = || EncodeError::Barcode("empty, or with other letters".into());
        let symbols = barcode::code128(data).ok_or_else(refused)?;
        let bars = barcode::bars(&symbols);
        let wide = (bars.len() as u32) + QUIET_BARS;
        let fits = |width: &u8| wide * u32::from(*width) <= u32::from(self.profile.dots);
        let text = Setting { align: Align::Center, size: Size::Normal, bold: false };
        let Some(width) = BAR_WIDTHS.into_iter().find(fits) else {
            self.qr(data)?;
            return self.text(data, text);
        };
        match self.profile.barcode {
            Drawer::Native => {
                let codes = barcode::escpos(&symbols);
                let length = u8::try_from(codes.len()).map_err(|_| refused())?;
                let form = command::barcode_form(BAR_HEIGHT, width);
                let commands = [&form[..], &command::code128(length), &codes].concat();
                let dots = u32::from(BAR_HEIGHT) + self.profile.line_dots();
                let look = || Some(barcode::draw(&bars, u32::from(width), u32::from(BAR_HEIGHT)));
                self.pen.native(&commands, Align::Center, u32::from(BAR_HEIGHT), look)?;
                self.pen.stand_in(data, dots - u32::from(BAR_HEIGHT));
                Ok(())
            }
            Drawer::Raster => {
                self.code_margin();
                let picture = barcode::draw(&bars, u32::from(width), u32::from(BAR_HEIGHT));
                self.pen.picture(&picture, Align::Center)?;
                self.text(data, text)
            }
        }
    }

    pub(super) fn image(&mut self, image: &Image, align: Align, keep: bool) -> Result<(), EncodeError> {
        let (width, paper) = (image.width(), u32::from(self.profile.dots));
        if width > paper {
            return Err(EncodeError::ImageTooWide { width, paper });
        }
        if keep
            && self.profile.stored_graphics
            && let Some((key, load)) = self.memory.keep_image(image)
        {
            let commands = [&load[..], &command::print_graphics(key)].concat();
            return self.pen.native(&commands, align, image.height(), || Some(image.bitmap().clone()));
        }
        self.pen.picture(image.bitmap(), align)
    }
}
