//! Carries out printer commands: the heart of the virtual printer, without wires, clock or faults.
//!
//! It gets one whole command at a time (see [`super::lengths`]) and changes modes, line and paper.
//! Real-time commands are the machine's matter, since they overtake the data.
//! Not carried out, only skipped with their right length and counted by name: page mode, rotation,
//! PDF417 and other two-dimensional codes than QR, macros, counters, Chinese characters, drawer pulses.

use std::collections::{BTreeMap, HashMap};

use super::bitmap::Bitmap;
use super::code_pages::CodePage;
use super::graphics::Graphics;
use super::line::{self, Line, Style};
use super::model::Model;
use super::sheet::{Barcode, Printed};
use super::status::Condition;
use super::symbols::SymbolSettings;

/// Unknown commands kept for inspection; more are only counted.
pub(crate) const MAX_UNKNOWN_KEPT: usize = 1000;
/// Rows of paper between two cuts (2.5 m); what is longer is torn off and goes to the scraps.
pub(crate) const MAX_PAPER_ROWS: usize = 20_000;
/// Rows from one line to the next after `ESC 2` or `ESC @`.
const DEFAULT_SPACING: usize = 30;

/// Where lines and graphics stand between the margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Align {
    #[default]
    Left,
    Center,
    Right,
}

/// What `ESC @` sets back.
#[derive(Debug, Clone)]
pub(crate) struct Modes {
    pub style: Style,
    /// `ESC E` and `ESC G` are switches of their own.
    pub emphasized: bool,
    pub double_strike: bool,
    pub align: Align,
    pub spacing: usize,
    pub letter_space: usize,
    pub page: CodePage,
    pub utf8: bool,
    pub upside_down: bool,
    pub left_margin: usize,
    pub area_width: Option<usize>,
    /// Tab stops in characters.
    pub tabs: Vec<usize>,
    pub custom_on: bool,
}

impl Default for Modes {
    fn default() -> Self {
        Self {
            style: Style::default(),
            emphasized: false,
            double_strike: false,
            align: Align::Left,
            spacing: DEFAULT_SPACING,
            letter_space: 0,
            page: CodePage::Pc437,
            utf8: false,
            upside_down: false,
            left_margin: 0,
            area_width: None,
            tabs: (1..=32).map(|stop| stop * 8).collect(),
            custom_on: false,
        }
    }
}

/// What a command asks of the machine around the interpreter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    Nothing,
    /// The knife; `after_feed` when the paper was first moved on to it.
    Cut {
        after_feed: bool,
    },
    /// An answer that goes out in the order of the data.
    Answer(Vec<u8>),
    /// `GS a n`.
    AutomaticStatus(u8),
    /// `ESC @`.
    Reset,
}

/// What tests ask about the commands that came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes {
    pub unknown: Vec<Vec<u8>>,
    pub unknown_count: u64,
    pub skipped: BTreeMap<String, u64>,
    pub unprintable: u64,
}

impl Notes {
    pub(crate) fn unknown(&mut self, bytes: &[u8]) {
        self.unknown_count += 1;
        if self.unknown.len() < MAX_UNKNOWN_KEPT {
            self.unknown.push(bytes.to_vec());
        }
    }

    pub(crate) fn skip(&mut self, name: impl Into<String>) {
        *self.skipped.entry(name.into()).or_default() += 1;
    }
}

/// The printer without its wires.
#[derive(Debug)]
pub(crate) struct Interpreter {
    pub(super) model: Model,
    pub(super) modes: Modes,
    pub(super) line: Line,
    pub(super) paper: Bitmap,
    pub(super) printed: Printed,
    pub(super) symbols: SymbolSettings,
    pub(super) graphics: Graphics,
    pub(super) custom: HashMap<u8, Bitmap>,
    pub(super) notes: Notes,
}

impl Interpreter {
    pub(crate) fn new(model: Model) -> Self {
        let paper = Bitmap::new(model.dots, 0);
        let mut made = Self {
            model,
            modes: Modes::default(),
            line: Line::default(),
            paper,
            printed: Printed::default(),
            symbols: SymbolSettings::default(),
            graphics: Graphics::default(),
            custom: HashMap::new(),
            notes: Notes::default(),
        };
        made.reset();
        made
    }

    /// Sets back what `ESC @` sets back; the paper stays as it is.
    pub(crate) fn reset(&mut self) {
        self.modes = Modes::default();
        self.line = Line::default();
        self.symbols = SymbolSettings::default();
        self.graphics.forget_temporary();
        self.custom.clear();
    }

    /// Forgets what was not printed yet.
    pub(crate) fn clear_line(&mut self) {
        self.line = Line::default();
        self.graphics.forget_waiting();
    }

    /// Rows of paper that left the head since the last cut.
    pub(crate) fn rows(&self) -> usize {
        self.paper.height()
    }

    /// Hands over what was printed since the last cut and begins a new sheet.
    pub(crate) fn take_paper(&mut self) -> (Bitmap, Printed) {
        let blank = Bitmap::new(self.model.dots, 0);
        (std::mem::replace(&mut self.paper, blank), std::mem::take(&mut self.printed))
    }

    /// Carries out one whole command or one run of text.
    pub(crate) fn execute(&mut self, command: &[u8], condition: Condition) -> Effect {
        match command {
            [] | [0x0D | 0x18 | 0x10, ..] => Effect::Nothing,
            [0x00, ..] => self.skip("NUL"),
            [0x0A, ..] => self.print_line(self.modes.spacing),
            [0x0C, ..] => {
                if !self.line.is_empty() {
                    self.print_line(self.modes.spacing);
                }
                Effect::Nothing
            }
            [0x09, ..] => self.tab(),
            [0x1B, letter, parameters @ ..] => self.execute_esc(*letter, parameters, condition),
            [0x1D, letter, parameters @ ..] => self.execute_gs(*letter, parameters, condition),
            [0x1C, letter, parameters @ ..] => self.execute_fs(*letter, parameters),
            text => self.print_text(text),
        }
    }

    pub(super) fn skip(&mut self, name: impl Into<String>) -> Effect {
        self.notes.skip(name);
        Effect::Nothing
    }

    /// Dots between the margins.
    pub(super) fn available(&self) -> usize {
        let rest = self.model.dots.saturating_sub(self.modes.left_margin);
        self.modes.area_width.map_or(rest, |width| width.min(rest))
    }

    /// Where something of this width begins, margins and alignment counted in.
    pub(super) fn left_of(&self, width: usize) -> usize {
        let free = self.available().saturating_sub(width);
        self.modes.left_margin
            + match self.modes.align {
                Align::Left => 0,
                Align::Center => free / 2,
                Align::Right => free,
            }
    }

    /// Prints the line and moves the paper `feed` rows, or as many as the line is high.
    pub(super) fn print_line(&mut self, feed: usize) -> Effect {
        let line = std::mem::take(&mut self.line);
        let mut drawn = line.draw();
        let mut left = self.left_of(drawn.width());
        if self.modes.upside_down {
            // The whole line is turned, its margins and alignment too.
            drawn = drawn.turned_half();
            left = self.model.dots.saturating_sub(left + drawn.width());
        }
        let top = self.paper.height();
        self.advance(feed.max(drawn.height()));
        self.paper.draw(&drawn, left, top);
        if !line.text().is_empty() {
            self.printed.lines.push(line.text().to_owned());
        }
        Effect::Nothing
    }

    /// Prints a picture that stands between lines.
    pub(super) fn print_block(&mut self, picture: &Bitmap) {
        let left = self.left_of(picture.width());
        self.print_block_at(picture, left);
    }

    /// The same at a distance from the left edge.
    pub(super) fn print_block_at(&mut self, picture: &Bitmap, left: usize) {
        if !self.line.is_empty() {
            self.print_line(0);
        }
        if picture.width() > self.available() {
            self.notes.skip("graphics wider than the printing area");
        }
        let top = self.paper.height();
        self.advance(picture.height());
        self.paper.draw(picture, left, top);
    }

    pub(super) fn advance(&mut self, rows: usize) {
        let room = MAX_PAPER_ROWS.saturating_sub(self.paper.height());
        if rows > room {
            self.notes.skip("paper longer than the virtual printer keeps");
        }
        self.paper.add_rows(rows.min(room));
    }

    fn print_text(&mut self, bytes: &[u8]) -> Effect {
        if self.modes.utf8 {
            for letter in String::from_utf8_lossy(bytes).chars() {
                self.print_letter(letter);
            }
            return Effect::Nothing;
        }
        for &byte in bytes {
            if self.modes.custom_on
                && let Some(glyph) = self.custom.get(&byte)
            {
                let bold = self.modes.emphasized || self.modes.double_strike;
                let drawn = line::custom_character(glyph, Style { bold, ..self.modes.style });
                self.put(char::from(byte), drawn);
                continue;
            }
            match self.modes.page.decode(byte) {
                Some(letter) => self.print_letter(letter),
                None => self.print_letter(char::REPLACEMENT_CHARACTER),
            }
        }
        Effect::Nothing
    }

    fn print_letter(&mut self, letter: char) {
        let is_tone = ('\u{300}'..='\u{36f}').contains(&letter);
        if is_tone && self.model.composes_tone_marks && self.line.compose_tone(letter) {
            return;
        }
        let style = Style { bold: self.modes.emphasized || self.modes.double_strike, ..self.modes.style };
        let (drawn, known) = if letter == char::REPLACEMENT_CHARACTER {
            (line::character(letter, style).0, false)
        } else {
            line::character(letter, style)
        };
        if !known {
            self.notes.unprintable += 1;
        }
        self.put(letter, drawn);
    }

    fn put(&mut self, letter: char, drawn: Bitmap) {
        if self.line.cursor + drawn.width() > self.available() {
            self.print_line(self.modes.spacing);
        }
        self.line.push(letter, self.modes.style, drawn, self.modes.letter_space);
    }

    /// Moves within the line; a position beyond the paper is ignored, as printers do.
    pub(super) fn move_to(&mut self, position: usize) {
        if position <= self.available() {
            self.line.move_to(position);
        }
    }

    fn tab(&mut self) -> Effect {
        let width = self.modes.style.cell().width + self.modes.letter_space;
        let stops = self.modes.tabs.iter().map(|stop| stop * width);
        let next = stops.filter(|stop| *stop > self.line.cursor).min();
        if let Some(next) = next.filter(|next| *next < self.available()) {
            self.line.move_to(next);
        }
        Effect::Nothing
    }

    pub(super) fn note_barcode(&mut self, barcode: Barcode) {
        self.printed.barcodes.push(barcode);
    }
}
