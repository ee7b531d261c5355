//! The commands one by one: what each letter after `ESC`, `GS` and `FS` does.

use super::bitmap::Bitmap;
use super::interpreter::{Align, Effect, Interpreter};
use super::status::Condition;

/// The 16-bit number, low byte first, at `at`; missing bytes count as zero.
pub(super) fn number(bytes: &[u8], at: usize) -> usize {
    let byte = |place: usize| usize::from(bytes.get(place).copied().unwrap_or(0));
    byte(at) + 256 * byte(at + 1)
}

impl Interpreter {
    pub(super) fn execute_esc(&mut self, letter: u8, parameters: &[u8], now: Condition) -> Effect {
        let n = parameters.first().copied().unwrap_or(0);
        match letter {
            b'@' => {
                self.reset();
                return Effect::Reset;
            }
            b'i' | b'm' => return Effect::Cut { after_feed: false },
            b'v' => return Effect::Answer(now.in_order(1).into_iter().collect()),
            b'u' => return Effect::Answer(now.in_order(2).into_iter().collect()),
            b'd' => {
                let feed = usize::from(n) * self.modes.spacing;
                self.print_line(feed);
            }
            b'J' => {
                self.print_line(usize::from(n));
            }
            b'*' => {
                let columns = parameters.get(3..).unwrap_or(&[]);
                // What lies beyond the paper needs no dots.
                let shown = columns.len().min(self.model.dots * 3);
                let picture = bit_image(n, &columns[..shown]);
                self.line.push_picture(picture);
            }
            b'&' => self.define_characters(parameters),
            b'?' => {
                self.custom.remove(&n);
            }
            b'$' => self.move_to(number(parameters, 0)),
            b'\\' => {
                let by = number(parameters, 0);
                let cursor = self.line.cursor;
                // Two's complement: 8000–FFFF move to the left.
                let target = if by >= 0x8000 { cursor.saturating_sub(0x1_0000 - by) } else { cursor + by };
                self.move_to(target);
            }
            b'D' => {
                let stops = parameters.iter().take_while(|stop| **stop != 0);
                self.modes.tabs = stops.map(|stop| usize::from(*stop)).collect();
            }
            _ => return self.set_esc_mode(letter, n),
        }
        Effect::Nothing
    }

    /// Commands that only switch something on, off or over.
    fn set_esc_mode(&mut self, letter: u8, n: u8) -> Effect {
        let modes = &mut self.modes;
        let on = n & 1 != 0;
        match letter {
            b'!' => {
                modes.style.small = on;
                modes.emphasized = n & 0x08 != 0;
                modes.style.down = if n & 0x10 != 0 { 2 } else { 1 };
                modes.style.across = if n & 0x20 != 0 { 2 } else { 1 };
                modes.style.underline = usize::from(n & 0x80 != 0);
            }
            b'E' => modes.emphasized = on,
            b'G' => modes.double_strike = on,
            b'-' => modes.style.underline = usize::from(n & 0x0F).min(2),
            b'a' => {
                modes.align = match n {
                    1 | 49 => Align::Center,
                    2 | 50 => Align::Right,
                    _ => Align::Left,
                }
            }
            b'2' => modes.spacing = 30,
            b'3' => modes.spacing = usize::from(n),
            b'M' => modes.style.small = n & 0x0F != 0,
            b' ' => modes.letter_space = usize::from(n),
            b'{' => modes.upside_down = on,
            b'%' => modes.custom_on = on,
            b't' => match self.model.code_page(n) {
                Some(page) => modes.page = page,
                None => return self.skip(format!("ESC t {n}: no such page on this model")),
            },
            _ => return self.skip(format!("ESC {}", char::from(letter))),
        }
        Effect::Nothing
    }

    pub(super) fn execute_gs(&mut self, letter: u8, parameters: &[u8], now: Condition) -> Effect {
        let n = parameters.first().copied().unwrap_or(0);
        match letter {
            b'V' => {
                let after_feed = !matches!(n, 0 | 1 | 48 | 49);
                if !self.line.is_empty() {
                    self.print_line(self.modes.spacing);
                }
                if after_feed {
                    self.advance(usize::from(parameters.get(1).copied().unwrap_or(0)));
                }
                return Effect::Cut { after_feed };
            }
            b'a' => return Effect::AutomaticStatus(n),
            b'r' => return Effect::Answer(now.in_order(n).into_iter().collect()),
            b'I' => return Effect::Answer(self.identity(n)),
            b'(' => return self.execute_counted(parameters),
            b'8' => return self.execute_graphics(parameters.get(5..).unwrap_or(&[])),
            b'!' => {
                self.modes.style.across = usize::from(n >> 4 & 7) + 1;
                self.modes.style.down = usize::from(n & 7) + 1;
            }
            b'B' => self.modes.style.inverse = n & 1 != 0,
            b'L' => self.modes.left_margin = number(parameters, 0).min(self.model.dots),
            b'W' => self.modes.area_width = Some(number(parameters, 0)),
            b'$' | b'\\' => return self.skip("GS position of page mode"),
            b'v' => self.print_raster(parameters),
            b'*' | b'/' => self.execute_download_image(letter, parameters),
            b'k' => self.print_barcode(n, parameters.get(1..).unwrap_or(&[])),
            b'h' => self.symbols.bar_height = usize::from(n).max(1),
            b'w' => self.symbols.bar_width = usize::from(n).clamp(1, 6),
            b'H' => self.symbols.bar_text = n & 3,
            b'f' => self.symbols.bar_text_small = n & 1 != 0,
            _ => return self.skip(format!("GS {}", char::from(letter))),
        }
        Effect::Nothing
    }

    /// `GS ( letter pL pH …`.
    fn execute_counted(&mut self, parameters: &[u8]) -> Effect {
        let (letter, body) = match parameters {
            [letter, _, _, body @ ..] => (*letter, body),
            _ => return Effect::Nothing,
        };
        match letter {
            b'L' => self.execute_graphics(body),
            b'k' => self.execute_symbol(body),
            // Process id: the printer says when everything before this was printed.
            b'H' => match body {
                [48, 48, id @ ..] if id.len() == 4 => {
                    let mut answer = vec![0x37, 0x22];
                    answer.extend_from_slice(id);
                    answer.push(0);
                    Effect::Answer(answer)
                }
                _ => self.skip("GS ( H"),
            },
            other => self.skip(format!("GS ( {}", char::from(other))),
        }
    }

    pub(super) fn execute_fs(&mut self, letter: u8, parameters: &[u8]) -> Effect {
        match (letter, parameters) {
            (b'(', [b'C', _, _, 48, way]) if self.model.understands_utf8 => {
                self.modes.utf8 = matches!(way, 2 | 50);
                Effect::Nothing
            }
            (b'q', _) => self.store_nv_images(parameters),
            (b'p', [number, scale]) => self.print_nv_image(*number, *scale),
            _ => self.skip(format!("FS {}", char::from(letter))),
        }
    }

    /// `GS I n`.
    fn identity(&self, n: u8) -> Vec<u8> {
        let text = match n {
            1 | 49 => return vec![0x20],
            2 | 50 => return vec![0x02],
            3 | 51 => return vec![0x01],
            65 => "1.00 VIRTUAL",
            66 => &self.model.maker,
            67 => &self.model.name,
            68 => "V000001",
            69 => "VIETNAMESE",
            _ => return Vec::new(),
        };
        let mut answer = vec![0x5F];
        answer.extend_from_slice(text.as_bytes());
        answer.push(0);
        answer
    }

    /// `ESC & y c1 c2 [x d1…d(y·x)]`.
    fn define_characters(&mut self, parameters: &[u8]) {
        let [height, first, last, rest @ ..] = parameters else {
            return;
        };
        let height = usize::from(*height).max(1);
        let cell = self.modes.style;
        let mut rest = rest;
        for code in *first..=*last {
            let Some((&width, after)) = rest.split_first() else {
                return;
            };
            let size = usize::from(width) * height;
            let Some((columns, after)) = after.split_at_checked(size) else {
                return;
            };
            rest = after;
            let base = super::line::Style { across: 1, down: 1, ..cell };
            let mut glyph = Bitmap::new(base.cell().width, base.cell().height);
            glyph.draw(&Bitmap::from_columns(height, columns), 0, 0);
            self.custom.insert(code, glyph);
        }
    }
}

/// `ESC * m`: 8 or 24 dots high, single or double density, scaled to the dots of the head.
fn bit_image(mode: u8, columns: &[u8]) -> Bitmap {
    match mode {
        0 => Bitmap::from_columns(1, columns).enlarged(2, 3),
        1 => Bitmap::from_columns(1, columns).enlarged(1, 3),
        32 => Bitmap::from_columns(3, columns).enlarged(2, 1),
        _ => Bitmap::from_columns(3, columns),
    }
}
