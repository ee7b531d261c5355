//! The profile's file as it is written, and its checks. Every mistake is told with its line.

use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{CodePages, Confirm, CutStyle, Discard, Drawer, PrinterProfile, ProfileError, RasterAlign, Timings};

/// Printable widths that exist, in dots: 48 mm to 104 mm at 203 dots an inch.
const DOTS: RangeInclusive<u16> = 384..=832;
/// Width of one character of the printer's font A, in dots.
const CELL_DOTS: RangeInclusive<u16> = 8..=16;
/// Dots an inch of thermal printers; `GS P` has one byte for it.
const DPI: RangeInclusive<u16> = 150..=255;
/// Em of drawn text: below, nobody can read it; above, a word does not fit the line.
const TEXT_DOTS: RangeInclusive<u16> = 16..=40;
/// Longest configurable time, in milliseconds.
const LONGEST_MS: u32 = 120_000;

type LineOf<'a> = &'a dyn Fn(Range<usize>) -> Option<usize>;

pub(super) fn read(text: &str) -> Result<PrinterProfile, ProfileError> {
    let at = |span: Range<usize>| Some(line_of(text, span.start));
    let file: File = toml::from_str(text)
        .map_err(|error| ProfileError { line: error.span().and_then(at), message: error.message().to_owned() })?;
    file.check(&at)
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// The file as written. What it leaves out is the safest for an unknown model.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    identities: Vec<String>,
    columns: Spanned<u16>,
    dots: Spanned<u16>,
    #[serde(default = "dpi_default")]
    dpi: Spanned<u16>,
    #[serde(default)]
    code_pages: Option<Spanned<CodePages>>,
    #[serde(default = "user_characters_default")]
    user_characters: Spanned<bool>,
    #[serde(default)]
    stored_graphics: bool,
    #[serde(default)]
    motion_units: bool,
    #[serde(default = "cut_default")]
    cut: CutStyle,
    #[serde(default = "drawer_default")]
    qr: Drawer,
    #[serde(default = "drawer_default")]
    barcode: Drawer,
    #[serde(default = "raster_align_default")]
    raster_align: RasterAlign,
    #[serde(default)]
    raster_scaling: bool,
    #[serde(default = "text_dots_default")]
    text_dots: Spanned<u16>,
    #[serde(default)]
    automatic_status: bool,
    #[serde(default = "confirm_default")]
    confirm: Confirm,
    #[serde(default = "discard_default")]
    discard: Discard,
    #[serde(default)]
    timings: TimingsFile,
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
            millimetres_per_second: Spanned::new(0..0, 80),
        }
    }
}

fn dpi_default() -> Spanned<u16> {
    Spanned::new(0..0, 203)
}

fn user_characters_default() -> Spanned<bool> {
    Spanned::new(0..0, false)
}

fn text_dots_default() -> Spanned<u16> {
    Spanned::new(0..0, 24)
}

fn cut_default() -> CutStyle {
    CutStyle::Partial
}

fn drawer_default() -> Drawer {
    Drawer::Raster
}

fn raster_align_default() -> RasterAlign {
    RasterAlign::Left
}

fn confirm_default() -> Confirm {
    Confirm::DleEot
}

fn discard_default() -> Discard {
    Discard::DleEnq2
}

impl File {
    fn check(self, line: LineOf<'_>) -> Result<PrinterProfile, ProfileError> {
        self.check_width(line)?;
        let user_characters = *self.user_characters.get_ref();
        if user_characters && self.stored_graphics {
            return Err(ProfileError {
                line: line(self.user_characters.span()),
                message: "user_characters and stored_graphics exclude each other, since many models hold only one \
                          of them; leave one out"
                    .into(),
            });
        }
        let within = |value: &Spanned<u16>, range: RangeInclusive<u16>, key: &str| {
            let found = *value.get_ref();
            if range.contains(&found) {
                return Ok(found);
            }
            let message = format!("{key} is {found}; it must be {} to {}", range.start(), range.end());
            Err(ProfileError { line: line(value.span()), message })
        };
        Ok(PrinterProfile {
            identities: self.identities,
            columns: *self.columns.get_ref(),
            dots: *self.dots.get_ref(),
            dpi: within(&self.dpi, DPI, "dpi")?,
            code_pages: code_pages(self.code_pages.as_ref(), line)?,
            user_characters,
            stored_graphics: self.stored_graphics,
            motion_units: self.motion_units,
            cut: self.cut,
            qr: self.qr,
            barcode: self.barcode,
            raster_align: self.raster_align,
            raster_scaling: self.raster_scaling,
            text_dots: within(&self.text_dots, TEXT_DOTS, "text_dots")?,
            automatic_status: self.automatic_status,
            confirm: self.confirm,
            discard: self.discard,
            timings: self.timings.check(line)?,
            name: self.name,
        })
    }

    fn check_width(&self, line: LineOf<'_>) -> Result<(), ProfileError> {
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
                    "{columns} columns on {dots} dots would make characters of an impossible width; \
                     with the usual 12 dots a character it is {}",
                    dots / 12
                ),
            });
        }
        Ok(())
    }
}

/// Two tables cannot have one number, and half of TCVN-3 is a mistake.
fn code_pages(pages: Option<&Spanned<CodePages>>, line: LineOf<'_>) -> Result<CodePages, ProfileError> {
    let Some(pages) = pages else {
        return Ok(CodePages::default());
    };
    let wrong = |message: &str| ProfileError { line: line(pages.span()), message: message.to_owned() };
    let CodePages { tcvn3_lower, tcvn3_upper, tcvn, viscii, cp1258_composing } = *pages.get_ref();
    if tcvn3_lower.is_some() != tcvn3_upper.is_some() {
        return Err(wrong("tcvn3_lower and tcvn3_upper belong together; write both or none"));
    }
    let mut numbers: Vec<u8> =
        [tcvn3_lower, tcvn3_upper, tcvn, viscii, cp1258_composing].into_iter().flatten().collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(wrong("two code pages have the same number; each needs its own"));
    }
    Ok(*pages.get_ref())
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
    use crate::profile::BUILT_IN;

    #[test]
    fn built_in_profiles_are_right_and_carry_their_name() {
        for (name, text) in BUILT_IN {
            let profile = PrinterProfile::from_toml(text).unwrap();
            assert_eq!(&profile.name, name);
        }
        assert_eq!(PrinterProfile::built_in("no-such-printer"), None);
    }

    #[test]
    fn every_file_is_built_in_and_says_where_its_facts_come_from() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/profiles/printers");
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("# ") && text.contains("# Sources: "), "{}", path.display());
            files.push((path.file_stem().unwrap().to_str().unwrap().to_owned(), text));
        }
        files.sort();
        let mut built_in: Vec<_> =
            BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        built_in.sort();
        assert_eq!(files, built_in);
    }

    #[test]
    fn what_a_profile_leaves_out_is_the_safe_way() {
        let profile = PrinterProfile::from_toml("name = \"x\"\ncolumns = 48\ndots = 576").unwrap();
        assert_eq!(profile.code_pages, CodePages::default());
        assert!(!profile.user_characters && !profile.stored_graphics);
        assert!(!profile.motion_units && !profile.raster_scaling);
        assert_eq!((profile.qr, profile.barcode), (Drawer::Raster, Drawer::Raster));
        assert_eq!((profile.raster_align, profile.confirm), (RasterAlign::Left, Confirm::DleEot));
        assert_eq!((profile.cell_dots(), profile.line_dots()), (12, 33));
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
        for (lines, expected) in [
            ("colour = true", "colour"),
            ("cut = \"half\"", "half"),
            ("dpi = 72", "dpi is 72; it must be 150 to 255"),
            ("text_dots = 9", "text_dots is 9"),
            ("code_pages = { tcvn3_lower = 30 }", "belong together"),
            ("code_pages = { tcvn3_lower = 30, tcvn3_upper = 30 }", "same number"),
            ("code_pages = { viscii = 5, cp1258_composing = 5 }", "same number"),
            ("code_pages = { cp437 = 0 }", "cp437"),
            ("user_characters = true\nstored_graphics = true", "exclude each other"),
            ("timings = { reply_ms = 0 }", "reply_ms is 0"),
        ] {
            let told = refusal(&format!("{start}{lines}"));
            assert!(told.contains("line 4") && told.contains(expected), "{lines}: {told}");
        }
        let syntax = refusal("name = ");
        assert!(syntax.contains("line 1"), "{syntax}");
    }
}
