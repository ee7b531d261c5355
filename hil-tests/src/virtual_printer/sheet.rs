//! A piece of paper that left the printer, as evidence: picture, text, codes and the bytes that made it.

use std::io;
use std::path::Path;
use std::time::Instant;

use super::barcodes::BarcodeKind;
use super::bitmap::Bitmap;

/// White border of the pictures in dots (4 mm), as the paper is wider than the print head.
const MARGIN_DOTS: usize = 32;

/// A bar code that was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode {
    /// Which kind of code.
    pub kind: BarcodeKind,
    /// What it says, check digit included.
    pub text: String,
}

/// What was printed by the printer's own means, beside the dots.
#[derive(Debug, Clone, Default)]
pub(crate) struct Printed {
    pub lines: Vec<String>,
    pub qr_codes: Vec<String>,
    pub barcodes: Vec<Barcode>,
}

/// How a piece of paper came off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetEnd {
    /// The knife cut it.
    Cut,
    /// A new roll was loaded while something uncut hung out of the printer.
    RollChanged,
    /// Somebody tore it off, or it is looked at while still in the printer.
    Uncut,
}

/// One piece of paper.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The dots of the head's width, without the paper's margins.
    pub paper: Bitmap,
    /// Lines printed with the printer's own letters, in order; text inside graphics is not here.
    pub lines: Vec<String>,
    /// What the QR codes say that the printer itself drew; lossy where it is not UTF-8.
    pub qr_codes: Vec<String>,
    /// Bar codes that the printer itself drew.
    pub barcodes: Vec<Barcode>,
    /// Every byte carried out since the last cut.
    pub raw: Vec<u8>,
    /// How it came off.
    pub end: SheetEnd,
    /// The host cut without feeding first: on a real printer the knife went through the print.
    pub cut_into_print: bool,
    /// When the first byte of the job arrived. A job begins after a cut, or anew with an `ESC @`
    /// while nothing was printed yet; status requests never begin one.
    pub first_byte: Option<Instant>,
    /// When the paper came off (or was looked at).
    pub finished: Instant,
}

impl Sheet {
    /// The paper as PNG, 1 bit a dot, 203 dots an inch, with margins.
    ///
    /// # Errors
    /// Only when the picture is too large for PNG, which the bound on paper length excludes.
    pub fn png(&self) -> io::Result<Vec<u8>> {
        self.paper.to_png(MARGIN_DOTS).map_err(io::Error::other)
    }

    /// Writes the picture to a file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        std::fs::write(path, self.png()?)
    }

    /// All lines of [`Self::lines`] in one string, for searching.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }
}
