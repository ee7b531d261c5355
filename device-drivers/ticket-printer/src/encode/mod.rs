//! Page and profile to bytes: the cheapest form that prints every letter right on that model.
//!
//! Text goes as letters of the printer's own fonts where the profile says that it has them, as
//! user-defined characters where the printer can be taught them, and line by line as a picture
//! otherwise; where several ways are right, the bytes decide. Nothing here talks to a printer.

mod canvas;
mod codes;
#[cfg(test)]
mod golden;
mod letters;
mod memory;
mod pen;
pub(crate) mod raster;
mod strips;
mod tables;
mod wire;
mod wrap;

use crate::command;
use crate::page::{Align, Block, Page, Size, clean_lines};
use crate::profile::{Confirm, CutStyle, PrinterProfile};
use crate::render::font::{self, Face};
use canvas::Canvas;
pub use canvas::Preview;
use letters::{Letters, plain_punctuation};
pub use memory::PrinterMemory;
use pen::{LARGEST_SCALE, Pen, Style};
pub use strips::{STRIP_CODE, STRIPS, Strip, strips};
use wrap::wrap;

/// Most blocks on a page.
pub const MOST_BLOCKS: usize = 256;
/// Longest text of one block, in bytes.
pub const LONGEST_TEXT: usize = 4096;
/// Longest data of a QR code, in bytes.
pub const LONGEST_QR: usize = 512;
/// Longest data of a bar code, in bytes.
pub const LONGEST_BARCODE: usize = 64;
/// Largest job, in bytes.
pub const LARGEST_JOB: usize = 512 * 1024;

/// Distance from print head to cutter, in dots, for the estimate of time only.
const CUTTER_DOTS: u32 = 120;
/// Fewest bytes between two questions inside a page.
const MARK_EVERY: usize = 64;
/// White after the last line where nothing cuts, so that it can be torn off, in lines.
const TEAR_LINES: u8 = 5;
/// Em of a drawn number for each scale step, near the height of the printer's own digits.
const NUMBER_EM_PER_SCALE: u16 = 30;
/// Dots by which a drawn number is made smaller until it fits.
const NUMBER_EM_STEP: usize = 4;

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
    /// Bar code data that CODE128 does not hold.
    #[error("the bar code data cannot be a code ({0}); use letters, digits and signs of ASCII")]
    Barcode(String),
    /// A picture wider than the paper.
    #[error("the picture is {width} dots wide and the paper {paper}; make the picture smaller")]
    ImageTooWide {
        /// Its width in dots.
        width: u32,
        /// Printable width in dots.
        paper: u32,
    },
    /// The command library refused a value.
    #[error("the page cannot be written as commands ({0}); report this as a fault of the program")]
    Command(String),
}

impl From<escpos::errors::PrinterError> for EncodeError {
    fn from(error: escpos::errors::PrinterError) -> Self {
        Self::Command(error.to_string())
    }
}

/// A page as bytes for a printer of that model that holds nothing yet, from initialisation to cut.
///
/// # Errors
/// [`EncodeError`] when the page exceeds a bound or cannot be printed on this paper.
pub fn encode(page: &Page, profile: &PrinterProfile) -> Result<Vec<u8>, EncodeError> {
    encode_with(page, profile, &mut PrinterMemory::default())
}

/// The same for a printer that still holds what earlier pages loaded; `memory` learns what this
/// page loads.
///
/// # Errors
/// [`EncodeError`] when the page exceeds a bound or cannot be printed on this paper.
pub fn encode_with(page: &Page, profile: &PrinterProfile, memory: &mut PrinterMemory) -> Result<Vec<u8>, EncodeError> {
    encode_job(page, profile, memory).map(|job| job.bytes)
}

/// How a page will look on a printer of that model: pictures and codes dot for dot, the printer's own letters
/// stood in for by ours.
///
/// # Errors
/// As [`encode`].
pub fn preview(page: &Page, profile: &PrinterProfile) -> Result<Preview, EncodeError> {
    let canvas = Some(Canvas::new(profile));
    let (_, canvas) = encode_on(page, profile, &mut PrinterMemory::default(), canvas)?;
    Ok(canvas.unwrap_or_else(|| Canvas::new(profile)).finish())
}

/// An encoded page and how long its paper is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    /// Places between two commands where something may be asked in its turn, in order; the last stands before the cut.
    pub(crate) breaks: Vec<usize>,
    /// Length of paper in dots, from cut to cut, near enough for an estimate of printing time and of what is left.
    pub(crate) dots_high: u32,
}

impl Encoded {
    /// Where a question that is answered in its turn stands before the cut: not oftener than every [`MARK_EVERY`]
    /// bytes, and at the end of the page.
    pub(crate) fn marks(&self) -> Vec<usize> {
        let body = self.breaks.last().copied().unwrap_or(self.bytes.len());
        let mut marks = Vec::new();
        let mut from = 0;
        for place in &self.breaks {
            if *place == body || *place >= from + MARK_EVERY && place + MARK_EVERY <= body {
                marks.push(*place);
                from = *place;
            }
        }
        marks
    }
}

/// How many bytes a page is on the wire, with those that ask for its confirmation.
///
/// # Errors
/// As [`encode_with`].
pub fn bytes_on_the_wire(
    page: &Page,
    profile: &PrinterProfile,
    memory: &mut PrinterMemory,
) -> Result<usize, EncodeError> {
    let encoded = encode_job(page, profile, memory)?;
    let questions = match profile.confirm {
        Confirm::GsR => (encoded.marks().len() + 1) * command::TRANSMIT_PAPER_STATUS.len(),
        Confirm::DleEot => command::real_time_status(1).len(),
    };
    Ok(encoded.bytes.len() + questions)
}

pub(crate) fn encode_job(
    page: &Page,
    profile: &PrinterProfile,
    memory: &mut PrinterMemory,
) -> Result<Encoded, EncodeError> {
    encode_on(page, profile, memory, None).map(|(encoded, _)| encoded)
}

/// Encodes a page, and draws it where there is a canvas.
fn encode_on(
    page: &Page,
    profile: &PrinterProfile,
    memory: &mut PrinterMemory,
    canvas: Option<Canvas>,
) -> Result<(Encoded, Option<Canvas>), EncodeError> {
    if page.blocks.is_empty() {
        return Err(EncodeError::Empty);
    }
    bound("blocks", page.blocks.len(), MOST_BLOCKS)?;
    let letters = Letters::new(profile);
    let pen = if uses_memory(page, profile) {
        let mut pen = Pen::keeping(profile);
        pen.raw(&memory.load_letters(&letters.to_load(page.blocks.iter().filter_map(words))));
        pen
    } else {
        // `ESC @` makes the printer forget.
        memory.clear();
        Pen::afresh(profile)
    };
    let mut encoder = Encoder { profile, letters, memory, pen };
    if let Some(canvas) = canvas {
        encoder.pen.draw_on(canvas);
    }
    let mut breaks = Vec::new();
    for block in &page.blocks {
        encoder.block(block)?;
        breaks.push(encoder.pen.length());
    }
    let canvas = encoder.pen.take_canvas();
    let (mut bytes, dots_high) = encoder.pen.end()?;
    breaks.push(bytes.len());
    breaks.dedup();
    bytes.extend(cut(profile)?);
    bound("bytes", bytes.len(), LARGEST_JOB)?;
    Ok((Encoded { bytes, breaks, dots_high: dots_high + CUTTER_DOTS }, canvas))
}

/// What ends a paper: feeds to the knife and cuts, or feeds it out for tearing.
pub(crate) fn cut(profile: &PrinterProfile) -> Result<Vec<u8>, EncodeError> {
    Ok(match profile.cut {
        CutStyle::Partial => command::PARTIAL_CUT.to_vec(),
        CutStyle::Full => wire::full_cut()?,
        CutStyle::None => wire::feed_lines(TEAR_LINES)?,
    })
}

/// Whether a page needs what the printer holds, so that it must not begin with `ESC @`.
pub(crate) fn uses_memory(page: &Page, profile: &PrinterProfile) -> bool {
    let kept = |block: &Block| matches!(block, Block::Image { keep: true, .. });
    profile.user_characters || profile.stored_graphics && page.blocks.iter().any(kept)
}

/// The text of a block that letters are printed of.
fn words(block: &Block) -> Option<&str> {
    match block {
        Block::Text { text, .. } | Block::Number { text } => Some(text),
        _ => None,
    }
}

fn bound(what: &'static str, found: usize, most: usize) -> Result<(), EncodeError> {
    if found > most {
        return Err(EncodeError::TooMuch { what, found, most });
    }
    Ok(())
}

/// A line of text to be set.
#[derive(Clone, Copy)]
struct Setting {
    align: Align,
    size: Size,
    bold: bool,
}

/// How the lines of a text were set.
#[derive(Default)]
struct Lines {
    printed: usize,
    drawn: usize,
}

/// A page in the making.
struct Encoder<'a> {
    profile: &'a PrinterProfile,
    letters: Letters,
    memory: &'a mut PrinterMemory,
    pen: Pen<'a>,
}

impl Encoder<'_> {
    fn block(&mut self, block: &Block) -> Result<(), EncodeError> {
        match block {
            Block::Text { text, align, size, bold } => {
                bound("bytes in a text", text.len(), LONGEST_TEXT)?;
                let setting = Setting { align: *align, size: *size, bold: *bold };
                clean_lines(text).iter().try_for_each(|line| self.text(&known(line), setting))
            }
            Block::Number { text } => self.number(text),
            Block::Rule => self.pen.rule(),
            Block::Qr { data } => self.qr(data),
            Block::Barcode { data } => self.barcode(data),
            Block::Image { image, align, keep } => self.image(image, *align, *keep),
            Block::Feed { lines } => {
                self.pen.leave_blank(u32::from(*lines) * self.profile.line_dots());
                Ok(())
            }
        }
    }

    fn text(&mut self, line: &str, setting: Setting) -> Result<(), EncodeError> {
        if line.is_empty() {
            self.pen.leave_blank(self.profile.line_dots());
            return Ok(());
        }
        let mut printed = self.pen.clone();
        let lines = self.print_text(&mut printed, line, setting)?;
        if lines.drawn > 0 {
            // Drawn as a whole it wraps elsewhere, in fewer lines. Only printed lines may be worth more.
            let mut drawn = self.pen.clone();
            self.draw_text(&mut drawn, line, setting)?;
            if lines.printed == 0 || drawn.length() <= printed.length() {
                printed = drawn;
            }
        }
        self.pen = printed;
        Ok(())
    }

    /// A text in the printer's own letters, with pictures of the lines that it lacks letters for.
    fn print_text(&self, pen: &mut Pen<'_>, text: &str, setting: Setting) -> Result<Lines, EncodeError> {
        let text = plain_punctuation(text);
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let columns = |size| u32::from(self.profile.columns) / u32::from(scale(size).0);
        let fits = |size: &Size| text.split(' ').all(|word| count(word) <= columns(*size));
        let size = smaller(setting.size).find(fits).unwrap_or(Size::Normal);
        let (across, down) = scale(size);
        let style = Style { bold: setting.bold, across, down };
        let mut lines = Lines::default();
        for line in wrap(&text, columns(size), setting.align == Align::Center, &count) {
            match self.letters.line(&line, self.memory, pen.letters()) {
                Some((codes, then)) => {
                    lines.printed += 1;
                    pen.line((&line, &codes), then, setting.align, style)?;
                }
                None => {
                    lines.drawn += 1;
                    self.draw_text(pen, &line, setting)?;
                }
            }
        }
        Ok(lines)
    }

    /// A text as pictures of its lines.
    fn draw_text(&self, pen: &mut Pen<'_>, text: &str, setting: Setting) -> Result<(), EncodeError> {
        let limit = u32::from(self.profile.dots);
        let face = |size| Face::new(em_dots(size, self.profile.text_dots), setting.bold);
        let fits = |size: &Size| text.split(' ').all(|word| face(*size).width(word) <= limit);
        let face = face(smaller(setting.size).find(fits).unwrap_or(Size::Normal));
        for line in wrap(text, limit, setting.align == Align::Center, &|text| face.width(text)) {
            let picture = face.draw(&line);
            let stacked = picture.inked().map_or(0, |ink| ink.top).min(face.room());
            pen.picture(&picture.below(stacked), setting.align)?;
        }
        Ok(())
    }

    /// The number in the printer's own digits, as large as fits: a few bytes instead of thousands.
    /// One with letters that the printer lacks is drawn.
    fn number(&mut self, text: &str) -> Result<(), EncodeError> {
        let text = known(&clean_lines(text).join(" "));
        let count = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        let fitting = self.profile.columns / count.max(1);
        if count == 0 || fitting == 0 {
            return Err(EncodeError::NumberTooWide(text));
        }
        let scale = u8::try_from(fitting).unwrap_or(LARGEST_SCALE).min(LARGEST_SCALE);
        if let Some((codes, then)) = self.letters.line(&text, self.memory, self.pen.letters()) {
            let style = Style { bold: false, across: scale, down: scale };
            return self.pen.line((&text, &codes), then, Align::Center, style);
        }
        let em = u16::from(scale) * NUMBER_EM_PER_SCALE;
        let mut faces = (1..=em).rev().step_by(NUMBER_EM_STEP).map(|em| Face::new(em, true));
        match faces.find(|face| face.width(&text) <= u32::from(self.profile.dots)) {
            Some(face) => self.pen.picture(&face.draw(&text), Align::Center),
            None => Err(EncodeError::NumberTooWide(text)),
        }
    }
}

/// A text whose letters all have a shape: the others become question marks, as in the printer's
/// own fonts and as drawn.
fn known(text: &str) -> String {
    text.chars().map(|letter| if letter.is_ascii() || font::has(letter) { letter } else { '?' }).collect()
}

/// The size that is wanted and then those below it, for words that are wider than the paper.
fn smaller(size: Size) -> impl Iterator<Item = Size> {
    let from = match size {
        Size::Large => 0,
        Size::Tall => 1,
        Size::Normal => 2,
    };
    [Size::Large, Size::Tall, Size::Normal].into_iter().skip(from)
}

/// How many times as wide and high the printer's letters are.
fn scale(size: Size) -> (u8, u8) {
    match size {
        Size::Normal => (1, 1),
        Size::Tall => (1, 2),
        Size::Large => (2, 2),
    }
}

/// Em of drawn text, in dots.
fn em_dots(size: Size, normal: u16) -> u16 {
    match size {
        Size::Normal => normal,
        Size::Tall => normal * 4 / 3,
        Size::Large => normal * 2,
    }
}
