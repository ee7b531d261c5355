//! Codes that the printer draws itself: QR (`GS ( k`) and bar codes (`GS k`).

use qrcode::{Color, EcLevel, QrCode};

use super::barcodes;
use super::bitmap::Bitmap;
use super::interpreter::{Effect, Interpreter};
use super::line::{self, Style};
use super::sheet::Barcode;

/// Most bytes that one QR code holds (version 40, level L).
const MAX_QR_BYTES: usize = 2953;

/// How codes are drawn, and the QR data that waits to be printed.
#[derive(Debug, Clone)]
pub(crate) struct SymbolSettings {
    pub bar_height: usize,
    pub bar_width: usize,
    /// Text: 0 none, 1 above, 2 below, 3 both.
    pub bar_text: u8,
    pub bar_text_small: bool,
    qr_module: usize,
    qr_level: EcLevel,
    qr_data: Vec<u8>,
}

impl Default for SymbolSettings {
    fn default() -> Self {
        Self {
            bar_height: 162,
            bar_width: 3,
            bar_text: 0,
            bar_text_small: false,
            qr_module: 3,
            qr_level: EcLevel::L,
            qr_data: Vec::new(),
        }
    }
}

impl Interpreter {
    /// `GS ( k`: body from `cn` on. 49 is QR; the others are skipped.
    pub(super) fn execute_symbol(&mut self, body: &[u8]) -> Effect {
        let (function, parameters) = match body {
            [49, function, parameters @ ..] => (*function, parameters),
            [other, ..] => return self.skip(format!("GS ( k symbol {other}")),
            [] => return Effect::Nothing,
        };
        let n = parameters.first().copied().unwrap_or(0);
        match function {
            // The model is set by everyone and makes no difference that a reader could see.
            65 => {}
            67 => self.symbols.qr_module = usize::from(n).clamp(1, 16),
            69 => {
                self.symbols.qr_level = match n {
                    49 => EcLevel::M,
                    50 => EcLevel::Q,
                    51 => EcLevel::H,
                    _ => EcLevel::L,
                }
            }
            80 if parameters.len() <= MAX_QR_BYTES + 1 => {
                self.symbols.qr_data = parameters.get(1..).unwrap_or(&[]).to_vec();
            }
            81 => return self.print_qr(),
            other => return self.skip(format!("GS ( k QR function {other}")),
        }
        Effect::Nothing
    }

    fn print_qr(&mut self) -> Effect {
        let settings = &self.symbols;
        let Ok(code) = QrCode::with_error_correction_level(&settings.qr_data, settings.qr_level) else {
            return self.skip("QR data that does not fit");
        };
        let modules = code.width();
        let mut drawn = Bitmap::new(modules, modules);
        for (place, color) in code.to_colors().iter().enumerate() {
            if *color == Color::Dark {
                drawn.ink(place % modules, place / modules);
            }
        }
        let module = self.symbols.qr_module;
        let drawn = drawn.enlarged(module, module);
        if drawn.width() > self.available() {
            return self.skip("QR code wider than the printing area");
        }
        let said = String::from_utf8_lossy(&self.symbols.qr_data).into_owned();
        self.printed.qr_codes.push(said);
        self.print_block(&drawn);
        Effect::Nothing
    }

    /// `GS k m`, both forms: `rest` begins after `m`.
    pub(super) fn print_barcode(&mut self, m: u8, rest: &[u8]) {
        let data = match rest {
            [data @ .., 0] if m <= 6 => data,
            [_, data @ ..] if m >= 65 => data,
            _ => return,
        };
        let Some(kind) = barcodes::kind_of(m) else {
            self.skip(format!("GS k {m}: a kind that is not drawn"));
            return;
        };
        let Some(bars) = barcodes::bars(kind, data) else {
            self.skip("GS k: data refused");
            return;
        };
        let settings = self.symbols.clone();
        let mut drawn = Bitmap::new(bars.modules.len() * settings.bar_width, settings.bar_height);
        for (place, _) in bars.modules.iter().enumerate().filter(|(_, bar)| **bar) {
            let left = place * settings.bar_width;
            drawn.fill(left, 0, settings.bar_width, settings.bar_height);
        }
        if drawn.width() > self.available() {
            self.skip("GS k: wider than the printing area");
            return;
        }
        let text = self.bar_text(&bars.text, settings.bar_text_small);
        if settings.bar_text & 1 != 0 {
            self.print_block(&text);
        }
        self.print_block(&drawn);
        if settings.bar_text & 2 != 0 {
            self.print_block(&text);
        }
        self.note_barcode(Barcode { kind, text: bars.text });
    }

    fn bar_text(&self, text: &str, small: bool) -> Bitmap {
        let style = Style { small, ..Style::default() };
        let cell = style.cell();
        let mut drawn = Bitmap::new(text.chars().count() * cell.width, cell.height);
        for (place, letter) in text.chars().enumerate() {
            drawn.draw(&line::character(letter, style).0, place * cell.width, 0);
        }
        drawn
    }
}
