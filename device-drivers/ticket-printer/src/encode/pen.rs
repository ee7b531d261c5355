//! The page in the making: its bytes, and what the printer stands on, so that only changes are
//! sent. A pen can be cloned, to try two ways and keep the shorter.

use escpos::utils::QRCodeCorrectionLevel;

use crate::command;
use crate::page::Align;
use crate::profile::{PrinterProfile, RasterAlign};
use crate::render::bitmap::Bitmap;
use crate::render::qr;

use super::canvas::Canvas;
use super::letters::Standing;
use super::{EncodeError, raster, wire};

/// Most that one size command enlarges.
pub(super) const LARGEST_SCALE: u8 = 8;
/// The largest that `ESC !` can tell.
const LARGEST_MODE: u8 = 2;
/// From this code on a letter could be half of a Chinese one.
const DOUBLE_BYTE_FROM: u8 = 0x80;
/// Lines that are cheaper as line feeds than as `ESC d`.
const FEW_LINES: u32 = 3;

/// Weight and size of the printer's letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) across: u8,
    pub(super) down: u8,
}

impl Style {
    const PLAIN: Self = Self { bold: false, across: 1, down: 1 };
}

/// Bytes so far, and what the printer stands on after them; `None` where it is not known.
#[derive(Debug, Clone)]
pub(super) struct Pen<'p> {
    profile: &'p PrinterProfile,
    bytes: Vec<u8>,
    align: Option<Align>,
    style: Style,
    letters: Standing,
    single_byte: bool,
    units: bool,
    /// White dots still to feed before the next ink.
    blank: u32,
    /// Length of paper so far, in dots.
    dots_high: u32,
    /// The paper as it looks, where somebody wants to see it.
    canvas: Option<Canvas>,
}

impl<'p> Pen<'p> {
    /// A page that begins with `ESC @`.
    pub(super) fn afresh(profile: &'p PrinterProfile) -> Self {
        let mut pen = Self::bare(profile);
        pen.raw(&command::INITIALISE);
        if profile.automatic_status {
            pen.raw(&command::AUTOMATIC_STATUS);
        }
        pen.align = Some(Align::Left);
        pen.letters.user = Some(false);
        pen
    }

    /// A page on a printer that must not forget what it holds: `ESC @` was sent at the start of
    /// the session, and whatever pages change is set anew.
    pub(super) fn keeping(profile: &'p PrinterProfile) -> Self {
        let mut pen = Self::bare(profile);
        pen.raw(&command::print_mode(false, 1, 1));
        pen
    }

    fn bare(profile: &'p PrinterProfile) -> Self {
        Self {
            profile,
            bytes: Vec::new(),
            align: None,
            style: Style::PLAIN,
            letters: Standing::default(),
            single_byte: false,
            units: false,
            blank: 0,
            dots_high: 0,
            canvas: None,
        }
    }

    /// From now on the paper is drawn too.
    pub(super) fn draw_on(&mut self, canvas: Canvas) {
        self.canvas = Some(canvas);
    }

    /// The paper, where it was drawn.
    pub(super) fn take_canvas(&mut self) -> Option<Canvas> {
        self.canvas.take()
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// How many bytes were written.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn letters(&self) -> Standing {
        self.letters
    }

    /// White before the next ink.
    pub(super) fn leave_blank(&mut self, dots: u32) {
        self.blank += dots;
    }

    /// Ends the page before its cut: its bytes and its length in dots.
    pub(super) fn end(mut self) -> Result<(Vec<u8>, u32), EncodeError> {
        self.feed_blank()?;
        Ok((self.bytes, self.dots_high))
    }

    /// A line in the printer's own letters, which then stand as told: its text, and the codes that print it.
    pub(super) fn line(
        &mut self,
        (text, codes): (&str, &[u8]),
        then: Standing,
        align: Align,
        style: Style,
    ) -> Result<(), EncodeError> {
        self.feed_blank()?;
        self.set_align(align)?;
        self.set_style(style)?;
        let align = self.possible(align);
        if let Some(canvas) = &mut self.canvas {
            canvas.letters(text, align, style);
        }
        if !self.single_byte && codes.iter().any(|code| *code >= DOUBLE_BYTE_FROM) {
            self.raw(&command::SINGLE_BYTE);
            self.single_byte = true;
        }
        self.raw(codes);
        self.raw(&[command::LINE_FEED]);
        self.letters = then;
        self.dots_high += self.profile.line_dots() * u32::from(style.down);
        Ok(())
    }

    /// A dashed line across the paper in the printer's own letters, in the present weight.
    pub(super) fn rule(&mut self) -> Result<(), EncodeError> {
        let columns = self.profile.columns;
        let across = (1..=LARGEST_SCALE).rev().min_by_key(|across| columns % u16::from(*across)).unwrap_or(1);
        let dashes = "-".repeat(usize::from(columns / u16::from(across)));
        let style = Style { across, down: 1, ..self.style };
        self.line((&dashes, dashes.as_bytes()), self.letters, Align::Left, style)
    }

    /// The inked part of a picture; the rest becomes feed or the printer's alignment.
    pub(super) fn picture(&mut self, bitmap: &Bitmap, align: Align) -> Result<(), EncodeError> {
        let Some(ink) = bitmap.inked() else {
            self.blank += bitmap.height();
            return Ok(());
        };
        self.blank += ink.top;
        if let Some(ink) = bitmap.cropped() {
            self.ink(&ink, align)?;
        }
        self.blank += bitmap.height() - ink.bottom;
        Ok(())
    }

    fn ink(&mut self, ink: &Bitmap, align: Align) -> Result<(), EncodeError> {
        let shrunk = |(m, across, down): (u8, u32, u32)| Some((m, across, down, ink.shrunk(across, down)?));
        let scales: &[(u8, u32, u32)] =
            if self.profile.raster_scaling { &[(3, 2, 2), (2, 1, 2), (1, 2, 1)] } else { &[] };
        let (m, across, down, small) =
            scales.iter().copied().find_map(shrunk).unwrap_or_else(|| (0, 1, 1, ink.clone()));
        let paper = u32::from(self.profile.dots) / across;
        // Letters at the left keep their place; a line as wide as the paper loses its margins.
        let width = small.width().min(paper);
        let before = |space: u32| match align {
            Align::Left => 0,
            Align::Center => space / 2,
            Align::Right => space,
        };
        let (part, place) = match self.profile.raster_align {
            RasterAlign::Left => (small.columns(0, width, 0, width), Align::Left),
            RasterAlign::Printer => {
                let whole = width.next_multiple_of(8);
                (small.columns(0, width, before(whole - width), whole), align)
            }
            RasterAlign::Padded => {
                let offset = before(paper - width);
                (small.columns(0, width, offset, offset + width), Align::Left)
            }
        };
        for band in raster::bands(&part, place) {
            let rows = (band.rows.end - band.rows.start) * down;
            if band.columns.is_empty() {
                self.blank += rows;
                continue;
            }
            self.feed_blank()?;
            self.set_align(place)?;
            self.raw(&raster::band_bytes(&part, &band, m));
            self.dots_high += rows;
            if let Some(canvas) = &mut self.canvas {
                canvas.picture(&part, band.rows, place, (across, down));
            }
        }
        Ok(())
    }

    /// A QR code that the printer draws of modules so many dots wide.
    pub(super) fn native_qr(&mut self, data: &str, module: u8) -> Result<(), EncodeError> {
        let commands = wire::qr(data, module, QRCodeCorrectionLevel::M)?;
        let side = qr::squares(data).unwrap_or_default() * u32::from(module);
        self.native(&commands, Align::Center, side, || qr::draw(data, u32::from(module)))
    }

    /// Commands that draw something themselves, `dots` high; `look` is what they draw.
    pub(super) fn native(
        &mut self,
        commands: &[u8],
        align: Align,
        dots: u32,
        look: impl FnOnce() -> Option<Bitmap>,
    ) -> Result<(), EncodeError> {
        self.feed_blank()?;
        self.set_align(align)?;
        self.raw(commands);
        self.dots_high += dots;
        let align = self.possible(align);
        if let Some(canvas) = &mut self.canvas
            && let Some(picture) = look()
        {
            canvas.picture(&picture, 0..picture.height(), align, (1, 1));
            canvas.feed(dots.saturating_sub(picture.height()));
        }
        Ok(())
    }

    /// Draws a line in the middle that the printer adds by itself, `dots` high.
    pub(super) fn stand_in(&mut self, text: &str, dots: u32) {
        self.dots_high += dots;
        let align = self.possible(Align::Center);
        if let Some(canvas) = &mut self.canvas {
            canvas.letters(text, align, Style::PLAIN);
        }
    }

    /// Where something stands on this printer that is to stand there.
    fn possible(&self, align: Align) -> Align {
        if self.profile.raster_align == RasterAlign::Left { Align::Left } else { align }
    }

    fn set_align(&mut self, align: Align) -> Result<(), EncodeError> {
        let align = self.possible(align);
        if self.align != Some(align) {
            self.raw(&wire::align(align)?);
            self.align = Some(align);
        }
        Ok(())
    }

    fn set_style(&mut self, style: Style) -> Result<(), EncodeError> {
        let sized = (style.across, style.down) != (self.style.across, self.style.down);
        let small = style.across <= LARGEST_MODE && style.down <= LARGEST_MODE;
        if sized && style.bold != self.style.bold && small {
            self.raw(&command::print_mode(style.bold, style.across, style.down));
        } else {
            if sized {
                self.raw(&wire::size(style.across, style.down)?);
            }
            if style.bold != self.style.bold {
                self.raw(&wire::bold(style.bold)?);
            }
        }
        self.style = style;
        Ok(())
    }

    fn feed_blank(&mut self) -> Result<(), EncodeError> {
        self.dots_high += self.blank;
        if let Some(canvas) = &mut self.canvas {
            canvas.feed(self.blank);
        }
        let lines = self.blank / self.profile.line_dots();
        if self.blank == lines * self.profile.line_dots() && lines <= u32::from(u8::MAX) {
            match lines {
                0 => {}
                1..FEW_LINES => self.raw(&vec![command::LINE_FEED; lines as usize]),
                _ => self.raw(&wire::feed_lines(u8::try_from(lines).unwrap_or(u8::MAX))?),
            }
            self.blank = 0;
        }
        while self.blank > 0 {
            if self.profile.motion_units && !self.units {
                self.raw(&wire::motion_units(u8::try_from(self.profile.dpi).unwrap_or(u8::MAX))?);
                self.units = true;
            }
            let step = u8::try_from(self.blank).unwrap_or(u8::MAX);
            self.raw(&command::feed_dots(step));
            self.blank -= u32::from(step);
        }
        Ok(())
    }
}
