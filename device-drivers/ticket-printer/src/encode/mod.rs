//! Page and profile to bytes: the cheapest form that prints every letter right on that model.
//!
//! Text goes as letters of the printer's own font where the profile says that it has them, line by
//! line as a picture otherwise. Nothing here talks to a printer.

#[cfg(test)]
mod golden;
mod letters;
pub(crate) mod raster;
mod wire;
mod wrap;

use embedded_graphics::Drawable;
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{Point, Primitive, Size as Area};
use embedded_graphics::primitives::{PrimitiveStyle, Rectangle};

use crate::command;
use crate::page::{Align, Block, Page, Size, clean_lines};
use crate::profile::{CutStyle, PrinterProfile, QrMode, RasterAlign, TextMode};
use crate::render::bitmap::Bitmap;
use crate::render::font::Face;
use crate::render::qr;
use escpos::utils::QRCodeCorrectionLevel;
use wire::Wire;
use wrap::wrap;

/// Most blocks on a page.
pub const MOST_BLOCKS: usize = 256;
/// Longest text of one block, in bytes.
pub const LONGEST_TEXT: usize = 4096;
/// Longest data of a QR code, in bytes.
pub const LONGEST_QR: usize = 512;
/// Largest job, in bytes.
pub const LARGEST_JOB: usize = 512 * 1024;

/// Dots of a line of normal text in the printer's font (1/6 inch).
const LINE_DOTS: u32 = 34;
/// Dots an inch of every printer here; motion units are set to it so that feeds count dots.
const DOTS_PER_INCH: u8 = 203;
/// Size of one square of a QR code, in dots.
const QR_MODULE: u8 = 6;
/// Error correction of a printer's own QR code; `render::qr` draws with the same.
const QR_LEVEL: QRCodeCorrectionLevel = QRCodeCorrectionLevel::M;
/// Thickness of a rule, and the white above and below it, in dots.
const RULE_DOTS: u32 = 2;
const RULE_SPACE: u32 = 10;
/// Largest scale of the printer's font.
const LARGEST_SCALE: u32 = 8;
/// White after the last line where nothing cuts, so that it can be torn off, in lines.
const TEAR_LINES: u8 = 5;
/// Distance from print head to cutter, in dots, for the estimate of time only.
const CUTTER_DOTS: u32 = 120;

/// A page that cannot be printed on this printer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Nothing to print.
    #[error("the page is empty; put at least one block on it")]
    Empty,
    /// More than a bound allows.
    #[error("the page has {found} {what}; at most {most} are allowed: shorten it")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many may be.
        most: usize,
    },
    /// A number that does not fit one line even at the smallest size.
    #[error("the number \"{0}\" does not fit the paper's width; shorten it")]
    NumberTooWide(String),
    /// QR data that no code holds or that has control characters.
    #[error("the QR data cannot be a code ({0}); shorten it and leave out control characters")]
    Qr(String),
    /// The command library refused a value.
    #[error("the page cannot be written as commands ({0}); report this as a fault of the program")]
    Command(String),
}

impl From<escpos::errors::PrinterError> for EncodeError {
    fn from(error: escpos::errors::PrinterError) -> Self {
        Self::Command(error.to_string())
    }
}

/// A page as bytes for one printer model, from initialisation to cut.
///
/// # Errors
/// [`EncodeError`] when the page exceeds a bound or cannot be printed on this paper.
pub fn encode(page: &Page, profile: &PrinterProfile) -> Result<Vec<u8>, EncodeError> {
    encode_job(page, profile).map(|job| job.bytes)
}

/// An encoded page and how long its paper is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    /// Length of paper in dots, near enough for an estimate of printing time.
    pub(crate) dots_high: u32,
}

pub(crate) fn encode_job(page: &Page, profile: &PrinterProfile) -> Result<Encoded, EncodeError> {
    if page.blocks.is_empty() {
        return Err(EncodeError::Empty);
    }
    bound("blocks", page.blocks.len(), MOST_BLOCKS)?;
    let mut encoder = Encoder::begin(profile)?;
    for block in &page.blocks {
        encoder.block(block)?;
    }
    encoder.end()
}

fn bound(what: &'static str, found: usize, most: usize) -> Result<(), EncodeError> {
    if found > most {
        return Err(EncodeError::TooMuch { what, found, most });
    }
    Ok(())
}

/// The state of a page in the making: what the printer stands on, so that only changes are sent.
struct Encoder<'a> {
    profile: &'a PrinterProfile,
    wire: Wire,
    align: Align,
    bold: bool,
    scale: (u8, u8),
    code_page: Option<u8>,
    /// White dots still to feed before the next ink.
    blank: u32,
    dots_high: u32,
}

impl<'a> Encoder<'a> {
    fn begin(profile: &'a PrinterProfile) -> Result<Self, EncodeError> {
        let mut wire = Wire::new();
        wire.initialise()?;
        if profile.automatic_status {
            wire.raw(&command::AUTOMATIC_STATUS)?;
        }
        wire.motion_units(DOTS_PER_INCH)?;
        if profile.text != TextMode::Raster {
            wire.raw(&command::SINGLE_BYTE)?;
        }
        Ok(Self {
            profile,
            wire,
            align: Align::Left,
            bold: false,
            scale: (1, 1),
            code_page: None,
            blank: 0,
            dots_high: 0,
        })
    }

    fn end(mut self) -> Result<Encoded, EncodeError> {
        self.feed_blank()?;
        match self.profile.cut {
            CutStyle::Partial => self.wire.raw(&command::PARTIAL_CUT)?,
            CutStyle::Full => self.wire.full_cut()?,
            CutStyle::None => self.wire.feed_lines(TEAR_LINES)?,
        }
        let bytes = self.wire.finish()?;
        bound("bytes", bytes.len(), LARGEST_JOB)?;
        Ok(Encoded { bytes, dots_high: self.dots_high + CUTTER_DOTS })
    }

    fn block(&mut self, block: &Block) -> Result<(), EncodeError> {
        match block {
            Block::Text { text, align, size, bold } => {
                bound("bytes in a text", text.len(), LONGEST_TEXT)?;
                clean_lines(text).iter().try_for_each(|line| self.text(line, *align, *size, *bold))
            }
            Block::Number { text } => self.number(text),
            Block::Rule => self.rule(),
            Block::Qr { data } => self.qr(data),
            Block::Feed { lines } => {
                self.blank += u32::from(*lines) * LINE_DOTS;
                Ok(())
            }
        }
    }

    fn text(&mut self, line: &str, align: Align, size: Size, bold: bool) -> Result<(), EncodeError> {
        if line.is_empty() {
            self.blank += LINE_DOTS;
            return Ok(());
        }
        if self.profile.text == TextMode::Raster {
            return self.drawn_text(line, align, size, bold);
        }
        let scale = match size {
            Size::Normal => (1, 1),
            Size::Tall => (1, 2),
            Size::Large => (2, 2),
        };
        let limit = u32::from(self.profile.columns) / u32::from(scale.0);
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let line = letters::plain_punctuation(line);
        for line in wrap(&line, limit, align == Align::Center, &count) {
            // Tried on a copy: a drawn line leaves the printer's page as it was.
            let mut page = self.code_page;
            match letters::line_bytes(&line, self.profile.text, &mut page) {
                Some(bytes) => {
                    self.printer_line(&bytes, align, scale, bold)?;
                    self.code_page = page;
                }
                None => self.drawn_text(&line, align, size, bold)?,
            }
        }
        Ok(())
    }

    /// A line in the printer's own font.
    fn printer_line(&mut self, bytes: &[u8], align: Align, scale: (u8, u8), bold: bool) -> Result<(), EncodeError> {
        self.feed_blank()?;
        self.set_align(align)?;
        if self.scale != scale {
            self.wire.size(scale.0, scale.1)?;
            self.scale = scale;
        }
        if self.bold != bold {
            self.wire.bold(bold)?;
            self.bold = bold;
        }
        self.wire.raw(bytes)?;
        self.wire.raw(&[command::LINE_FEED])?;
        self.dots_high += LINE_DOTS * u32::from(scale.1);
        Ok(())
    }

    /// A text as pictures of its lines.
    fn drawn_text(&mut self, text: &str, align: Align, size: Size, bold: bool) -> Result<(), EncodeError> {
        let face = Face::new(em_dots(size), bold);
        let limit = u32::from(self.profile.dots);
        for line in wrap(text, limit, align == Align::Center, &|text| face.width(text)) {
            self.picture(&face.draw(&line), align)?;
        }
        Ok(())
    }

    /// The number in the printer's own digits, as large as fits: a few bytes instead of thousands.
    /// One with other letters than ASCII is drawn.
    fn number(&mut self, text: &str) -> Result<(), EncodeError> {
        let text = clean_lines(text).join(" ");
        let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let fitting = u32::from(self.profile.columns) / count.max(1);
        if count == 0 || fitting == 0 {
            return Err(EncodeError::NumberTooWide(text));
        }
        let scale = u8::try_from(fitting.min(LARGEST_SCALE)).unwrap_or(1);
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return self.printer_line(text.as_bytes(), Align::Center, (scale, scale), false);
        }
        let em = u16::from(scale) * NUMBER_EM_PER_SCALE;
        let faces = (1..=em).rev().step_by(4).map(|em| Face::new(em, true));
        let width = u32::from(self.profile.dots);
        let face = faces.into_iter().find(|face| face.width(&text) <= width);
        match face {
            Some(face) => self.picture(&face.draw(&text), Align::Center),
            None => Err(EncodeError::NumberTooWide(text)),
        }
    }

    fn rule(&mut self) -> Result<(), EncodeError> {
        let area = Area::new(u32::from(self.profile.dots), RULE_DOTS);
        let mut bitmap = Bitmap::new(area.width, area.height);
        let line = Rectangle::new(Point::zero(), area);
        let Ok(()) = line.into_styled(PrimitiveStyle::with_fill(BinaryColor::On)).draw(&mut bitmap);
        self.blank += RULE_SPACE;
        self.picture(&bitmap, Align::Left)?;
        self.blank += RULE_SPACE;
        Ok(())
    }

    fn qr(&mut self, data: &str) -> Result<(), EncodeError> {
        bound("bytes in a QR code", data.len(), LONGEST_QR)?;
        if data.is_empty() || data.chars().any(char::is_control) {
            return Err(EncodeError::Qr("empty or with control characters".into()));
        }
        let too_long = || EncodeError::Qr("too long".into());
        let side = qr::side(data, u32::from(QR_MODULE)).ok_or_else(too_long)?;
        if side > u32::from(self.profile.dots) {
            return Err(EncodeError::Qr("wider than the paper".into()));
        }
        match self.profile.qr {
            QrMode::Raster => {
                let code = qr::draw(data, u32::from(QR_MODULE)).ok_or_else(too_long)?;
                self.picture(&code, Align::Center)
            }
            QrMode::Native => {
                self.feed_blank()?;
                self.set_align(Align::Center)?;
                self.wire.qr(data, QR_MODULE, QR_LEVEL)?;
                self.dots_high += side;
                Ok(())
            }
        }
    }

    /// The inked part of a picture; the rest becomes feed or the printer's alignment.
    fn picture(&mut self, bitmap: &Bitmap, align: Align) -> Result<(), EncodeError> {
        let Some(ink) = bitmap.inked() else {
            self.blank += bitmap.height();
            return Ok(());
        };
        // Letters at the left keep their place; a line as wide as the paper loses its margins.
        let paper = u32::from(self.profile.dots);
        let right = ink.right.min(ink.left + paper);
        let width = right - ink.left;
        let before = |space: u32| match align {
            Align::Left => 0,
            Align::Center => space / 2,
            Align::Right => space,
        };
        let (part, align) = match self.profile.raster_align {
            RasterAlign::Printer => {
                let whole = width.next_multiple_of(8);
                let offset = before(whole - width);
                (bitmap.columns(ink.left, right, offset, whole), align)
            }
            RasterAlign::Padded => {
                let offset = before(paper - width);
                let part = bitmap.columns(ink.left, right, offset, offset + width);
                (part, Align::Left)
            }
        };
        self.set_align(align)?;
        let mut at = 0;
        for rows in raster::slices(&part) {
            self.blank += rows.start - at;
            self.feed_blank()?;
            self.wire.raw(&raster::slice_bytes(&part, &rows))?;
            self.dots_high += rows.end - rows.start;
            at = rows.end;
        }
        self.blank += part.height() - at;
        Ok(())
    }

    fn set_align(&mut self, align: Align) -> Result<(), EncodeError> {
        if self.align != align {
            self.wire.align(align)?;
            self.align = align;
        }
        Ok(())
    }

    fn feed_blank(&mut self) -> Result<(), EncodeError> {
        self.dots_high += self.blank;
        while self.blank > 0 {
            let step = u8::try_from(self.blank).unwrap_or(u8::MAX);
            self.wire.raw(&command::feed_dots(step))?;
            self.blank -= u32::from(step);
        }
        Ok(())
    }
}

/// Em of a drawn number for each scale step, near the height of the printer's own digits.
const NUMBER_EM_PER_SCALE: u16 = 30;

/// Em of drawn text, in dots.
fn em_dots(size: Size) -> u16 {
    match size {
        Size::Normal => 27,
        Size::Tall => 36,
        Size::Large => 52,
    }
}
