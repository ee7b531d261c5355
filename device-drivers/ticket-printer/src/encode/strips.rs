//! Test strips for a printer that nobody knows: each tries one ability, and stands under its number.
//!
//! A strip that the printer does not understand comes out as nonsense and harms no other: each begins with `ESC @`.
//! Numbers and drawn pictures are right on every printer, so a person can tell which strips are.

use crate::command;
use crate::page::Align;
use crate::profile::CodePages;
use crate::render::barcode;
use crate::render::bitmap::Bitmap;
use crate::render::font::Face;

use super::letters::{Letters, Standing};
use super::memory::{PrinterMemory, load_character, store_picture};
use super::{EncodeError, raster, tables, wire};

/// Vietnamese letters with every kind of mark, in both cases.
const SAMPLE: &str = "Đường phố Ặ Ễ Ỗ Ữ Ỵ ặ ễ ỗ ữ ỵ";
/// What the codes on the strips say.
pub const STRIP_CODE: &str = "12345678";
/// Em of a sample that is drawn, in dots.
const SAMPLE_EM: u16 = 24;
/// Height of a ruler's ends and width of them, in dots.
const RULER_END: (u32, u32) = (8, 12);
/// Side of a test square, in dots. Both are multiples of 16.
const SQUARE: u32 = 64;
/// Dots of a QR code's square, of a bar, and a bar code's height.
const QR_MODULE: u8 = 6;
const BAR: (u8, u8) = (2, 60);
/// A character that is loaded: its size in dots, as wide as no command's code, and its own.
const LOADED: (u32, u32) = (8, 24);
const LOADED_CODE: u8 = b'`';
/// White between strips, in lines.
const GAP: u8 = 2;

/// What a strip tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strip {
    /// A ruler of so many dots: both ends are on the paper.
    Width(u16),
    /// So many characters of font A on one line.
    Columns(u16),
    /// Vietnamese on code pages.
    Letters(CodePages),
    /// Characters loaded by `ESC &`.
    UserCharacters,
    /// A picture kept in the printer's memory.
    StoredGraphics,
    /// A QR code drawn by the printer.
    Qr,
    /// A bar code drawn by the printer.
    Barcode,
    /// A picture put in the middle by the printer.
    Centre,
    /// A picture whose dots the printer doubles.
    Doubled,
    /// `GS P`.
    MotionUnits,
    /// A cut that leaves a point of paper.
    PartialCut,
    /// A cut through.
    FullCut,
}

/// The strips in the order of the paper: the first is number 1. Numbers are told to people, so a new one goes last.
pub const STRIPS: [Strip; 24] = [
    Strip::Width(384),
    Strip::Width(512),
    Strip::Width(576),
    Strip::Width(832),
    Strip::Columns(32),
    Strip::Columns(42),
    Strip::Columns(48),
    Strip::Columns(64),
    Strip::Letters(CodePages { tcvn3_lower: Some(30), tcvn3_upper: Some(31), ..NONE }),
    Strip::Letters(CodePages { cp1258_composing: Some(52), ..NONE }),
    Strip::Letters(CodePages { cp1258_composing: Some(27), ..NONE }),
    Strip::Letters(CodePages { cp1258_composing: Some(94), ..NONE }),
    Strip::Letters(CodePages { cp1258_composing: Some(35), ..NONE }),
    Strip::Letters(CodePages { tcvn: Some(27), ..NONE }),
    Strip::Letters(CodePages { viscii: Some(51), ..NONE }),
    Strip::UserCharacters,
    Strip::StoredGraphics,
    Strip::Qr,
    Strip::Barcode,
    Strip::Centre,
    Strip::Doubled,
    Strip::MotionUnits,
    Strip::PartialCut,
    Strip::FullCut,
];

const NONE: CodePages =
    CodePages { tcvn3_lower: None, tcvn3_upper: None, tcvn: None, viscii: None, cp1258_composing: None };

/// All strips as one job.
///
/// # Errors
/// Only when the command library refuses a value.
pub fn strips() -> Result<Vec<u8>, EncodeError> {
    let mut job = Vec::new();
    for (number, strip) in (1..).zip(&STRIPS) {
        job.extend(command::INITIALISE);
        job.extend(wire::size(2, 2)?);
        job.extend(format!("{number})\n").into_bytes());
        job.extend(wire::size(1, 1)?);
        job.extend(strip.bytes()?);
        job.extend(wire::feed_lines(GAP)?);
    }
    job.extend(command::INITIALISE);
    Ok(job)
}

impl Strip {
    fn bytes(self) -> Result<Vec<u8>, EncodeError> {
        Ok(match self {
            Self::Width(dots) => raster::picture(&ruler(u32::from(dots))),
            Self::Columns(count) => columns(count),
            Self::Letters(pages) => letters(pages),
            Self::UserCharacters => user_characters(),
            Self::StoredGraphics => stored(),
            Self::Qr => wire::qr(STRIP_CODE, QR_MODULE, escpos::utils::QRCodeCorrectionLevel::M)?,
            Self::Barcode => bars(),
            Self::Centre => {
                let centred = [wire::align(Align::Center)?, raster::picture(&square(SQUARE))].concat();
                [centred, wire::align(Align::Left)?].concat()
            }
            // The same square twice: as it is, and a quarter of it doubled.
            Self::Doubled => [raster::picture(&square(SQUARE)), raster::scaled(&square(SQUARE / 2), 3)].concat(),
            Self::MotionUnits => [wire::motion_units(u8::MAX)?, b"OK\n".to_vec()].concat(),
            Self::PartialCut => command::PARTIAL_CUT.to_vec(),
            Self::FullCut => wire::full_cut()?,
        })
    }
}

/// A line with a thick mark at each end.
fn ruler(width: u32) -> Bitmap {
    let mut picture = Bitmap::new(width, RULER_END.1);
    for (x, y) in (0..RULER_END.1).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let end = x < RULER_END.0 || x >= width - RULER_END.0;
        if end || y == RULER_END.1 / 2 {
            picture.set(x, y);
        }
    }
    picture
}

/// A frame.
fn square(side: u32) -> Bitmap {
    let mut picture = Bitmap::new(side, side);
    let edge = side / 8;
    for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
        if x.min(y) < edge || x.max(y) >= side - edge {
            picture.set(x, y);
        }
    }
    picture
}

/// Digits, the last column marked: on a narrower line they stand on two.
fn columns(count: u16) -> Vec<u8> {
    let digits = (1..count).map(|column| b'0' + u8::try_from(column % 10).unwrap_or_default());
    digits.chain([b'#', command::LINE_FEED]).collect()
}

/// The sample as far as the pages have its letters, drawn and then printed.
fn letters(pages: CodePages) -> Vec<u8> {
    let tables = tables::tables(&pages);
    let known = |letter: &char| letter.is_ascii() || tables.iter().any(|(_, table)| table.codes(*letter).is_some());
    let text: String = SAMPLE.chars().filter(known).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = Letters::of_pages(&pages).line(&text, &PrinterMemory::default(), Standing::default());
    let codes = line.map(|(codes, _)| codes).unwrap_or_default();
    [drawn(&text), command::SINGLE_BYTE.to_vec(), codes, vec![command::LINE_FEED]].concat()
}

fn drawn(text: &str) -> Vec<u8> {
    let picture = Face::new(SAMPLE_EM, false).draw(text);
    picture.cropped().map(|ink| raster::picture(&ink)).unwrap_or_default()
}

/// A frame loaded as a character and printed three times, below the same drawn. Its bytes are no commands to a printer
/// that takes them for text, which those of letters may be.
fn user_characters() -> Vec<u8> {
    let (width, height) = LOADED;
    let mut frame = Bitmap::new(width, height);
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        if x == 0 || y == 0 || x == width - 1 || y == height - 1 {
            frame.set(x, y);
        }
    }
    let sample = frame.beside(&frame).beside(&frame);
    let (on, off) = (command::user_characters(true), command::user_characters(false));
    let line = [LOADED_CODE, LOADED_CODE, LOADED_CODE, command::LINE_FEED];
    [&raster::picture(&sample)[..], &load_character(LOADED_CODE, &frame), &on, &line, &off].concat()
}

fn stored() -> Vec<u8> {
    let picture = square(SQUARE);
    let (key, store) = store_picture(&picture);
    [store.unwrap_or_default(), command::print_graphics(key).to_vec()].concat()
}

fn bars() -> Vec<u8> {
    let codes = barcode::code128(STRIP_CODE).map(|symbols| barcode::escpos(&symbols)).unwrap_or_default();
    let length = u8::try_from(codes.len()).unwrap_or_default();
    [&command::barcode_form(BAR.1, BAR.0)[..], &command::code128(length), &codes, &[command::LINE_FEED]].concat()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn each_strip_begins_anew_under_its_number() {
        let job = strips().unwrap();
        let mut rest = &job[..];
        for number in 1..=STRIPS.len() {
            let label =
                [&command::INITIALISE[..], &wire::size(2, 2).unwrap(), format!("{number})\n").as_bytes()].concat();
            let at = rest.windows(label.len()).position(|window| window == label).unwrap();
            rest = &rest[at + label.len()..];
        }
        assert!(job.len() < 17_000, "{} bytes: 18 s at 9600 baud", job.len());
    }

    #[test]
    fn a_page_that_lacks_capitals_is_tried_with_those_that_it_has() {
        let tcvn = letters(CodePages { tcvn: Some(27), ..NONE });
        assert!(tcvn.windows(3).any(|window| window == command::code_page(27)));
        assert!(!tcvn.ends_with(&[command::LINE_FEED, command::LINE_FEED]));
    }
}
