//! A profile from what a printer said and from the strips that came out right. Pure.
//!
//! What nobody saw stays switched off, since drawing is right on every printer.

use std::fmt::Write;

use super::Told;
use crate::PrinterProfile;
use crate::encode::{STRIPS, Strip};
use crate::profile::{CodePages, ProfileError};

/// Width of one character of font A, in dots: usual, least and most.
const CELL_DOTS: u16 = 12;
const CELLS: std::ops::RangeInclusive<u16> = 8..=16;
/// The width up to which paper is 58 mm, where drawn text is a little smaller.
const NARROW: u16 = 384;

/// Answers that make no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// A number that no strip has.
    #[error("there is no strip {0}; they have the numbers 1 to {most}", most = STRIPS.len())]
    NoStrip(usize),
    /// Not even the narrowest ruler.
    #[error(
        "none of the rulers 1 to 4 came out right, so nothing is known about the paper's width; \
         check the line's speed and that it is an ESC/POS printer, and print the strips again"
    )]
    NoWidth,
    /// Two strips that cannot both be right.
    #[error("strips {0} and {1} use the same code page, so only one can be right; look at both again")]
    SamePage(usize, usize),
    /// What came out is no profile: a fault of this program.
    #[error("{0}; report this as a fault of the program")]
    Profile(#[from] ProfileError),
}

/// A profile in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    told: Told,
    right: Vec<Strip>,
}

impl Draft {
    /// What a printer said, and the numbers of the strips that came out right.
    ///
    /// # Errors
    /// [`DraftError`] when the numbers cannot be.
    pub fn new(told: Told, right: &[usize]) -> Result<Self, DraftError> {
        let mut strips: Vec<(usize, Strip)> = Vec::new();
        for number in right {
            let strip =
                number.checked_sub(1).and_then(|place| STRIPS.get(place)).ok_or(DraftError::NoStrip(*number))?;
            let same = |(_, other): &&(usize, Strip)| shared_page(*strip, *other);
            if let Some((other, _)) = strips.iter().find(same) {
                return Err(DraftError::SamePage(*other, *number));
            }
            strips.push((*number, *strip));
        }
        let draft = Self { told, right: strips.into_iter().map(|(_, strip)| strip).collect() };
        if draft.dots().is_none() { Err(DraftError::NoWidth) } else { Ok(draft) }
    }

    /// The profile's file.
    ///
    /// # Errors
    /// None that a strip could cause.
    pub fn to_toml(&self, name: &str) -> Result<String, DraftError> {
        let dots = self.dots().unwrap_or(NARROW);
        let pages = self.pages();
        let lettered = pages != CodePages::default();
        let user_characters = self.has(Strip::UserCharacters) && !lettered;
        let stored_graphics = self.has(Strip::StoredGraphics) && !user_characters;
        let (text_dots, drawer) =
            (if dots <= NARROW { 20 } else { 24 }, |native| if native { "native" } else { "raster" });
        let cut = match (self.has(Strip::PartialCut), self.has(Strip::FullCut)) {
            (true, _) => "partial",
            (false, true) => "full",
            (false, false) => "none",
        };
        let said = |what: Option<&str>| what.unwrap_or("it did not say").replace(char::is_control, " ");
        let (maker, model) = (said(self.told.maker()), said(self.told.model()));
        let mut text = format!(
            "# Made by `kiosk-app printer identify`. Maker: {maker}. Model: {model}.\n\
             # The keys are explained in config/profiles/printers/unknown-80mm.toml.\n#\n\
             # Sources: what the printer answered, and test strips that a person looked at.\n\
             name = {name:?}\n"
        );
        if let Some(model) = self.told.model() {
            line(&mut text, "identities", format_args!("[{model:?}]"));
        }
        line(&mut text, "columns", self.columns(dots));
        line(&mut text, "dots", dots);
        line(&mut text, "text_dots", text_dots);
        line(&mut text, "user_characters", user_characters);
        line(&mut text, "stored_graphics", stored_graphics);
        line(&mut text, "motion_units", self.has(Strip::MotionUnits));
        line(&mut text, "cut", format_args!("{cut:?}"));
        line(&mut text, "qr", format_args!("{:?}", drawer(self.has(Strip::Qr))));
        line(&mut text, "barcode", format_args!("{:?}", drawer(self.has(Strip::Barcode))));
        line(&mut text, "raster_align", format_args!("{:?}", if self.has(Strip::Centre) { "printer" } else { "left" }));
        line(&mut text, "raster_scaling", self.has(Strip::Doubled));
        line(&mut text, "automatic_status", self.told.automatic.is_some());
        let confirm = if self.told.paper.is_some() { "gs-r" } else { "dle-eot" };
        line(&mut text, "confirm", format_args!("{confirm:?}"));
        if lettered {
            text.push_str("\n[code_pages]\n");
            for (key, page) in numbers(&pages) {
                line(&mut text, key, page);
            }
        }
        PrinterProfile::from_toml(&text)?;
        Ok(text)
    }

    fn has(&self, strip: Strip) -> bool {
        self.right.contains(&strip)
    }

    fn dots(&self) -> Option<u16> {
        let widths =
            self.right.iter().filter_map(|strip| if let Strip::Width(dots) = strip { Some(*dots) } else { None });
        widths.max()
    }

    /// The longest line that came out whole, where characters of that width exist.
    fn columns(&self, dots: u16) -> u16 {
        let counts = self.right.iter().filter_map(|strip| match strip {
            Strip::Columns(count) if CELLS.contains(&(dots / count)) => Some(*count),
            _ => None,
        });
        counts.max().unwrap_or(dots / CELL_DOTS)
    }

    fn pages(&self) -> CodePages {
        let pages =
            self.right.iter().filter_map(|strip| if let Strip::Letters(pages) = strip { Some(*pages) } else { None });
        pages.fold(CodePages::default(), |sum, pages| CodePages {
            tcvn3_lower: sum.tcvn3_lower.or(pages.tcvn3_lower),
            tcvn3_upper: sum.tcvn3_upper.or(pages.tcvn3_upper),
            tcvn: sum.tcvn.or(pages.tcvn),
            viscii: sum.viscii.or(pages.viscii),
            cp1258_composing: sum.cp1258_composing.or(pages.cp1258_composing),
        })
    }
}

fn line(text: &mut String, key: &str, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{key} = {value}");
}

/// The pages that are there, by their key.
fn numbers(pages: &CodePages) -> Vec<(&'static str, u8)> {
    let all = [
        ("tcvn3_lower", pages.tcvn3_lower),
        ("tcvn3_upper", pages.tcvn3_upper),
        ("tcvn", pages.tcvn),
        ("viscii", pages.viscii),
        ("cp1258_composing", pages.cp1258_composing),
    ];
    all.into_iter().filter_map(|(key, page)| Some((key, page?))).collect()
}

/// Whether two strips print different tables on one page.
fn shared_page(one: Strip, other: Strip) -> bool {
    let (Strip::Letters(one), Strip::Letters(other)) = (one, other) else {
        return false;
    };
    let theirs = numbers(&other);
    numbers(&one).iter().any(|(key, page)| theirs.iter().any(|(known, number)| key != known && page == number))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::profile::{Confirm, CutStyle, Drawer, RasterAlign};

    fn numbers_of(wanted: &[Strip]) -> Vec<usize> {
        let place = |strip: &Strip| 1 + STRIPS.iter().position(|known| known == strip).unwrap();
        wanted.iter().map(place).collect()
    }

    fn profile(told: Told, right: &[usize]) -> PrinterProfile {
        let text = Draft::new(told, right).unwrap().to_toml("mine").unwrap();
        PrinterProfile::from_toml(&text).unwrap()
    }

    #[test]
    fn what_nobody_saw_stays_off() {
        let plain = profile(Told::default(), &[1]);
        assert_eq!((plain.dots, plain.columns, plain.text_dots), (384, 32, 20));
        assert!(!plain.user_characters && !plain.stored_graphics && !plain.motion_units && !plain.raster_scaling);
        assert_eq!((plain.cut, plain.qr, plain.raster_align), (CutStyle::None, Drawer::Raster, RasterAlign::Left));
        assert_eq!((plain.code_pages, plain.confirm), (CodePages::default(), Confirm::DleEot));
        assert!(!plain.automatic_status && plain.identities.is_empty());
    }

    #[test]
    fn all_right_is_the_best_that_a_printer_can_do() {
        let told = Told { paper: Some(0), automatic: Some([0x10, 0, 0, 0x0f]), ..Told::default() };
        let all: Vec<usize> = (1..=STRIPS.len()).filter(|number| ![4, 8, 11].contains(number)).collect();
        let best = profile(told, &all);
        assert_eq!((best.dots, best.columns, best.cut), (576, 48, CutStyle::Partial));
        assert_eq!(best.code_pages.tcvn3_lower, Some(30));
        assert!(best.stored_graphics && !best.user_characters, "its pages have every letter");
        assert_eq!((best.confirm, best.qr, best.raster_align), (Confirm::GsR, Drawer::Native, RasterAlign::Printer));
    }

    #[test]
    fn loaded_letters_are_for_printers_without_pages() {
        let right = numbers_of(&[Strip::Width(576), Strip::UserCharacters, Strip::StoredGraphics, Strip::FullCut]);
        let loaded = profile(Told::default(), &right);
        assert!(loaded.user_characters && !loaded.stored_graphics && loaded.cut == CutStyle::Full);
    }

    #[test]
    fn odd_widths_of_characters_are_known_and_impossible_ones_passed_over() {
        assert_eq!(profile(Told::default(), &numbers_of(&[Strip::Width(576), Strip::Columns(42)])).columns, 42);
        // Somebody took two lines of 64 for one.
        assert_eq!(profile(Told::default(), &numbers_of(&[Strip::Width(384), Strip::Columns(64)])).columns, 32);
    }

    #[test]
    fn answers_that_cannot_be_are_refused() {
        let refusal = |right: &[usize]| Draft::new(Told::default(), right).unwrap_err().to_string();
        assert_eq!(refusal(&[1, 99]), "there is no strip 99; they have the numbers 1 to 24");
        assert!(refusal(&[0]).contains("no strip 0"));
        assert!(refusal(&[5, 9]).contains("none of the rulers"));
        assert!(refusal(&[3, 11, 14]).starts_with("strips 11 and 14 use the same code page"));
    }

    #[test]
    fn a_name_with_quotes_breaks_nothing() {
        let identity = [(super::super::Identity::Model, "Z\"9\\".to_owned())];
        let told = Told { identity: identity.into(), ..Told::default() };
        assert_eq!(profile(told, &[3]).identities, ["Z\"9\\"]);
    }
}
