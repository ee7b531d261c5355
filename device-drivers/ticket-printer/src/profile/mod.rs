//! What a printer model can do: one TOML file a model, checked when it is read.
//!
//! Models and quirks are data here, never a branch in the code. Each file says where its facts come
//! from; what is uncertain is left switched off, since drawing is right on every printer.

mod built_in;
mod file;

use std::time::Duration;

use serde::Deserialize;

pub use built_in::BUILT_IN;

/// What one printer model can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterProfile {
    /// The profile's name.
    pub name: String,
    /// What printers of this model call themselves (`GS I` 67, or the model of a USB device id), where it is known.
    pub identities: Vec<String>,
    /// Characters of font A on a line.
    pub columns: u16,
    /// Printable width in dots; a multiple of 8.
    pub dots: u16,
    /// Dots an inch, across and down.
    pub dpi: u16,
    /// Vietnamese letters in the printer's own fonts.
    pub code_pages: CodePages,
    /// `ESC &` works and the printer is ours alone: letters that no page has are loaded once.
    pub user_characters: bool,
    /// `GS ( L` functions 83 and 85 work: a logo is loaded once.
    pub stored_graphics: bool,
    /// `GS P` works: feeds can be told in dots exactly. A printer that does not know the command
    /// would print its parameters.
    pub motion_units: bool,
    /// How the page ends.
    pub cut: CutStyle,
    /// Who draws QR codes.
    pub qr: Drawer,
    /// Who draws bar codes.
    pub barcode: Drawer,
    /// Who puts a raster image in the middle.
    pub raster_align: RasterAlign,
    /// `GS v 0` doubles dots (its `m` from 1 to 3).
    pub raster_scaling: bool,
    /// Em of drawn text, in dots.
    pub text_dots: u16,
    /// The printer has automatic status (`GS a`).
    pub automatic_status: bool,
    /// How a job is confirmed.
    pub confirm: Confirm,
    /// How a broken-off job's data is thrown away in the printer.
    pub discard: Discard,
    /// Times of this model.
    pub timings: Timings,
}

/// `ESC t` numbers of the pages that have Vietnamese letters. None: such text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CodePages {
    /// TCVN-3, lower case.
    pub tcvn3_lower: Option<u8>,
    /// TCVN-3, upper case.
    pub tcvn3_upper: Option<u8>,
    /// TCVN 5712 on one page; it lacks some capitals, which are drawn.
    pub tcvn: Option<u8>,
    /// VISCII; it lacks six capitals, which are drawn.
    pub viscii: Option<u8>,
    /// CP1258, only where the printer puts a combining tone mark over the letter before it.
    pub cp1258_composing: Option<u8>,
}

/// How a page ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutStyle {
    /// A point of paper is left.
    Partial,
    /// Cut through.
    Full,
    /// No cutter: the page is fed out for tearing.
    None,
}

/// Who draws a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drawer {
    /// The printer.
    Native,
    /// This program.
    Raster,
}

/// Who puts a raster image in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RasterAlign {
    /// The printer (`ESC a`).
    Printer,
    /// White columns are sent: for models that print images at the left whatever `ESC a` says.
    Padded,
    /// Nobody: everything stands at the left. Right on every printer, and without white columns.
    Left,
}

/// How a job is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirm {
    /// `GS r 1` after the cut: answered in its turn, so after the printing.
    GsR,
    /// `DLE EOT` after the time that printing takes: it is answered at once, whatever waits in
    /// the buffer, so it says less.
    DleEot,
}

/// How a broken-off job's data is thrown away in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Discard {
    /// `DLE ENQ 2`. Nothing tells whether the printer obeyed, so a job that broke off is unconfirmed.
    #[serde(rename = "dle-enq-2")]
    DleEnq2,
    /// `DLE DC4 8`, which is answered, then `DLE ENQ 2`.
    DleDc4,
}

/// Times of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timings {
    /// How long one status answer may take.
    pub reply: Duration,
    /// How long a confirmation may take beyond the time for wire and printing.
    pub confirm: Duration,
    /// Printing speed in millimetres a second.
    pub millimetres_per_second: u16,
}

/// A profile that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("printer profile{}: {message}", line.map(|line| format!(" line {line}")).unwrap_or_default())]
pub struct ProfileError {
    /// Line in the TOML text, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl PrinterProfile {
    /// Reads and checks a profile.
    ///
    /// # Errors
    /// Wrong TOML, unknown keys or values, and combinations that no printer has, with the line.
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        file::read(text)
    }

    /// The built-in profile of that name.
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Self::from_toml(text).ok()
    }

    /// Width of one character of font A, in dots.
    pub fn cell_dots(&self) -> u16 {
        self.dots / self.columns
    }

    /// Height of a line of normal text, in dots: a sixth of an inch on every printer.
    pub fn line_dots(&self) -> u32 {
        u32::from(self.dpi) / 6
    }
}
