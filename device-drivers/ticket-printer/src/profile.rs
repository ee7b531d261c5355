//! What a printer model can do: one TOML file a model, checked when it is read.
//!
//! Models and quirks are data here, never a branch in the code. Columns, dots and code pages come
//! from escpos-printer-db; what that does not tell is stated in each file.

use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

/// The profiles that come with the program: name and TOML.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("unknown-80mm", include_str!("../../../config/profiles/printers/unknown-80mm.toml")),
    ("unknown-58mm", include_str!("../../../config/profiles/printers/unknown-58mm.toml")),
    ("epson-tm-t20iii", include_str!("../../../config/profiles/printers/epson-tm-t20iii.toml")),
];

/// Printable widths that exist, in dots: 48 mm to 104 mm at 203 dots an inch.
const DOTS: std::ops::RangeInclusive<u16> = 384..=832;
/// Width of one character of the printer's font A, in dots.
const CELL_DOTS: std::ops::RangeInclusive<u16> = 8..=16;
/// Longest configurable time, in milliseconds.
const LONGEST_MS: u32 = 120_000;

/// What one printer model can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterProfile {
    /// The profile's name.
    pub name: String,
    /// Characters of font A on a line.
    pub columns: u16,
    /// Printable width in dots; a multiple of 8.
    pub dots: u16,
    /// How text reaches the paper.
    pub text: TextMode,
    /// How the page ends.
    pub cut: CutStyle,
    /// Who draws QR codes.
    pub qr: QrMode,
    /// Who puts a raster image in the middle.
    pub raster_align: RasterAlign,
    /// The printer has automatic status (`GS a`).
    pub automatic_status: bool,
    /// How a job is confirmed.
    pub confirm: Confirm,
    /// How a failed job's data is thrown away in the printer.
    pub discard: Discard,
    /// Times of this model.
    pub timings: Timings,
}

/// How text reaches the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextMode {
    /// Drawn here, sent as an image: right on every printer, and the slowest.
    Raster,
    /// The printer's TCVN-3 pages, one for each case.
    Tcvn3 {
        /// `ESC t` number of the lower case page.
        lower: u8,
        /// `ESC t` number of the upper case page.
        upper: u8,
    },
    /// The printer's CP1258 page: base letters with combining tone marks.
    Cp1258 {
        /// `ESC t` number.
        page: u8,
    },
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

/// Who draws QR codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QrMode {
    /// The printer (`GS ( k`).
    Native,
    /// This program.
    Raster,
}

/// Who puts a raster image in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RasterAlign {
    /// The printer (`ESC a`): only inked columns are sent.
    Printer,
    /// White columns are sent: for models that print images at the left whatever `ESC a` says.
    Padded,
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

/// How a failed job's data is thrown away in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Discard {
    /// `DLE ENQ 2`.
    #[serde(rename = "dle-enq-2")]
    DleEnq2,
    /// `DLE DC4 8`, then `DLE ENQ 2`.
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
        let at = |span: std::ops::Range<usize>| Some(line_of(text, span.start));
        let file: File = toml::from_str(text)
            .map_err(|error| ProfileError { line: error.span().and_then(at), message: error.message().to_owned() })?;
        file.check(&at)
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
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    columns: Spanned<u16>,
    dots: Spanned<u16>,
    #[serde(default = "text_default")]
    text: Spanned<TextName>,
    #[serde(default)]
    code_pages: CodePages,
    #[serde(default = "cut_default")]
    cut: CutStyle,
    #[serde(default = "qr_default")]
    qr: QrMode,
    #[serde(default = "raster_align_default")]
    raster_align: RasterAlign,
    #[serde(default)]
    automatic_status: bool,
    #[serde(default = "confirm_default")]
    confirm: Confirm,
    #[serde(default = "discard_default")]
    discard: Discard,
    #[serde(default)]
    timings: TimingsFile,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum TextName {
    Raster,
    Tcvn3,
    Cp1258,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct CodePages {
    tcvn3_lower: Option<u8>,
    tcvn3_upper: Option<u8>,
    cp1258: Option<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TimingsFile {
    reply_ms: Spanned<u32>,
    confirm_ms: Spanned<u32>,
    millimetres_per_second: Spanned<u16>,
}

impl Default for TimingsFile {
    fn default() -> Self {
        Self {
            reply_ms: Spanned::new(0..0, 500),
            confirm_ms: Spanned::new(0..0, 10_000),
            millimetres_per_second: Spanned::new(0..0, 100),
        }
    }
}

fn text_default() -> Spanned<TextName> {
    Spanned::new(0..0, TextName::Raster)
}

fn cut_default() -> CutStyle {
    CutStyle::Partial
}

fn qr_default() -> QrMode {
    QrMode::Raster
}

fn raster_align_default() -> RasterAlign {
    RasterAlign::Printer
}

fn confirm_default() -> Confirm {
    Confirm::DleEot
}

fn discard_default() -> Discard {
    Discard::DleEnq2
}

type LineOf<'a> = &'a dyn Fn(std::ops::Range<usize>) -> Option<usize>;

impl File {
    fn check(self, line: LineOf<'_>) -> Result<PrinterProfile, ProfileError> {
        let (columns, dots) = (*self.columns.get_ref(), *self.dots.get_ref());
        if !DOTS.contains(&dots) || dots % 8 != 0 {
            return Err(ProfileError {
                line: line(self.dots.span()),
                message: format!(
                    "dots is {dots}; it must be a multiple of 8 from {} to {} (58 mm paper: 384, 80 mm paper: 576)",
                    DOTS.start(),
                    DOTS.end()
                ),
            });
        }
        if columns == 0 || !CELL_DOTS.contains(&(dots / columns)) {
            return Err(ProfileError {
                line: line(self.columns.span()),
                message: format!(
                    "{columns} columns on {dots} dots would make characters of an impossible width; with the usual 12 dots a character it is {}",
                    dots / 12
                ),
            });
        }
        Ok(PrinterProfile {
            columns,
            dots,
            text: text_mode(&self.text, &self.code_pages, line)?,
            cut: self.cut,
            qr: self.qr,
            raster_align: self.raster_align,
            automatic_status: self.automatic_status,
            confirm: self.confirm,
            discard: self.discard,
            timings: self.timings.check(line)?,
            name: self.name,
        })
    }
}

fn text_mode(text: &Spanned<TextName>, pages: &CodePages, line: LineOf<'_>) -> Result<TextMode, ProfileError> {
    let missing = |keys: &str| ProfileError {
        line: line(text.span()),
        message: format!("this text mode needs {keys} in [code_pages]"),
    };
    match text.get_ref() {
        TextName::Raster => Ok(TextMode::Raster),
        TextName::Tcvn3 => match (pages.tcvn3_lower, pages.tcvn3_upper) {
            (Some(lower), Some(upper)) if lower != upper => Ok(TextMode::Tcvn3 { lower, upper }),
            _ => Err(missing("tcvn3_lower and tcvn3_upper (two different pages)")),
        },
        TextName::Cp1258 => match pages.cp1258 {
            Some(page) => Ok(TextMode::Cp1258 { page }),
            None => Err(missing("cp1258")),
        },
    }
}

impl TimingsFile {
    fn check(self, line: LineOf<'_>) -> Result<Timings, ProfileError> {
        for (key, value) in [("reply_ms", &self.reply_ms), ("confirm_ms", &self.confirm_ms)] {
            if !(1..=LONGEST_MS).contains(value.get_ref()) {
                return Err(ProfileError {
                    line: line(value.span()),
                    message: format!("{key} is {}; it must be 1 to {LONGEST_MS} milliseconds", value.get_ref()),
                });
            }
        }
        if *self.millimetres_per_second.get_ref() == 0 {
            return Err(ProfileError {
                line: line(self.millimetres_per_second.span()),
                message: "millimetres_per_second is 0; usual printers make 50 to 300".into(),
            });
        }
        Ok(Timings {
            reply: Duration::from_millis(u64::from(*self.reply_ms.get_ref())),
            confirm: Duration::from_millis(u64::from(*self.confirm_ms.get_ref())),
            millimetres_per_second: *self.millimetres_per_second.get_ref(),
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn built_in_profiles_are_right_and_carry_their_name() {
        for (name, text) in BUILT_IN {
            let profile = PrinterProfile::from_toml(text).unwrap();
            assert_eq!(&profile.name, name);
        }
        assert_eq!(PrinterProfile::built_in("no-such-printer"), None);
    }

    #[test]
    fn an_unknown_model_is_raster_by_default() {
        let profile = PrinterProfile::from_toml("name = \"x\"\ncolumns = 48\ndots = 576").unwrap();
        assert_eq!(profile.text, TextMode::Raster);
        assert_eq!(profile.qr, QrMode::Raster);
        assert_eq!(profile.cell_dots(), 12);
    }

    fn refusal(text: &str) -> String {
        PrinterProfile::from_toml(text).unwrap_err().to_string()
    }

    #[test]
    fn impossible_widths_are_refused_with_the_line() {
        let odd = refusal("name = \"x\"\ncolumns = 48\ndots = 570");
        assert!(odd.starts_with("printer profile line 3: dots is 570"), "{odd}");
        let wide = refusal("name = \"x\"\ncolumns = 48\ndots = 5760");
        assert!(wide.contains("line 3"), "{wide}");
        let cell = refusal("name = \"x\"\ncolumns = 480\ndots = 576");
        assert!(cell.starts_with("printer profile line 2: 480 columns"), "{cell}");
        assert!(refusal("name = \"x\"\ncolumns = 0\ndots = 576").contains("line 2"));
    }

    #[test]
    fn wrong_keys_and_values_are_refused_with_the_line() {
        let start = "name = \"x\"\ncolumns = 48\ndots = 576\n";
        let key = refusal(&format!("{start}colour = true"));
        assert!(key.contains("line 4") && key.contains("colour"), "{key}");
        let cut = refusal(&format!("{start}cut = \"half\""));
        assert!(cut.contains("line 4") && cut.contains("half"), "{cut}");
        let pages = refusal(&format!("{start}text = \"tcvn3\""));
        assert!(pages.contains("line 4") && pages.contains("tcvn3_lower"), "{pages}");
        let time = refusal(&format!("{start}[timings]\nreply_ms = 0"));
        assert!(time.contains("line 5"), "{time}");
        let syntax = refusal("name = ");
        assert!(syntax.contains("line 1"), "{syntax}");
    }
}
