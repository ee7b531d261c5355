//! Pictures: raster, graphics in the print buffer, graphics and images kept in memory.

use std::collections::HashMap;

use super::bitmap::Bitmap;
use super::commands::number;
use super::interpreter::{Effect, Interpreter};

/// Pictures kept at most; a printer's memory is small too.
const MAX_STORED: usize = 256;

/// The name of a stored picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// `GS ( L` function 67: survives a power cut.
    Permanent([u8; 2]),
    /// `GS ( L` function 83.
    Temporary([u8; 2]),
    /// `GS *`.
    Download,
    /// `FS q`: survives a power cut.
    NvImage(u8),
}

/// Pictures inside the printer.
#[derive(Debug, Default)]
pub(crate) struct Graphics {
    /// Stored by function 112, printed by function 50.
    waiting: Option<Bitmap>,
    stored: HashMap<Key, Bitmap>,
}

impl Graphics {
    pub(super) fn forget_waiting(&mut self) {
        self.waiting = None;
    }

    pub(super) fn forget_temporary(&mut self) {
        self.waiting = None;
        self.stored.retain(|key, _| matches!(key, Key::Permanent(_) | Key::NvImage(_)));
    }

    fn store(&mut self, key: Key, picture: Bitmap) -> bool {
        let room = self.stored.len() < MAX_STORED || self.stored.contains_key(&key);
        if room {
            self.stored.insert(key, picture);
        }
        room
    }
}

impl Interpreter {
    /// `GS v 0 m xL xH yL yH d…`.
    pub(super) fn print_raster(&mut self, parameters: &[u8]) {
        let [_, scale, _, _, _, _, data @ ..] = parameters else {
            return;
        };
        let picture = Bitmap::from_rows(number(parameters, 2) * 8, data);
        let (across, down) = scale_of(*scale);
        let drawn = picture.enlarged(across, down);
        let left = if self.model.aligns_raster { self.left_of(drawn.width()) } else { self.modes.left_margin };
        self.print_block_at(&drawn, left);
    }

    /// `GS ( L` and `GS 8 L`: body from `m` on.
    pub(super) fn execute_graphics(&mut self, body: &[u8]) -> Effect {
        let [_, function, rest @ ..] = body else {
            return Effect::Nothing;
        };
        match (function, rest) {
            (112, [_, across, down, _, sizes @ ..]) => {
                let (width, data) = (number(sizes, 0), sizes.get(4..).unwrap_or(&[]));
                let picture = Bitmap::from_rows(width, data);
                self.wait_with(picture, *across, *down);
            }
            (113, [_, across, down, _, sizes @ ..]) => {
                let data = sizes.get(4..).unwrap_or(&[]);
                let picture = Bitmap::from_columns(number(sizes, 2).div_ceil(8), data);
                self.wait_with(picture, *across, *down);
            }
            (2 | 50, _) => {
                if let Some(picture) = self.graphics.waiting.take() {
                    self.print_block(&picture);
                }
            }
            (67 | 83 | 69 | 85, _) if !self.model.stored_graphics => {
                return self.skip("graphics kept in a memory that the model has not");
            }
            (67 | 83, [_, first, second, _, sizes @ ..]) => {
                let data = sizes.get(5..).unwrap_or(&[]);
                let picture = Bitmap::from_rows(number(sizes, 0), data);
                let key = graphics_key(*function, [*first, *second]);
                if !self.graphics.store(key, picture) {
                    return self.skip("graphics beyond the printer's memory");
                }
            }
            (69 | 85, [first, second, across, down, ..]) => {
                let key = graphics_key(*function, [*first, *second]);
                match self.graphics.stored.get(&key) {
                    Some(picture) => {
                        let drawn = picture.enlarged(usize::from(*across), usize::from(*down));
                        self.print_block(&drawn);
                    }
                    None => return self.skip("graphics that were never stored"),
                }
            }
            (65 | 81, _) => self
                .graphics
                .stored
                .retain(|key, _| !matches!((function, key), (65, Key::Permanent(_)) | (81, Key::Temporary(_)))),
            (66 | 82, [first, second, ..]) => {
                let key = graphics_key(*function, [*first, *second]);
                self.graphics.stored.remove(&key);
            }
            (other, _) => return self.skip(format!("GS ( L function {other}")),
        }
        Effect::Nothing
    }

    /// Puts a picture into the print buffer, beside or over what already waits there.
    fn wait_with(&mut self, picture: Bitmap, across: u8, down: u8) {
        let picture = picture.enlarged(usize::from(across), usize::from(down));
        match &mut self.graphics.waiting {
            Some(waiting) if waiting.height() >= picture.height() => waiting.draw(&picture, 0, 0),
            waiting => *waiting = Some(picture),
        }
    }

    /// `GS * x y d…` stores, `GS / m` prints.
    pub(super) fn execute_download_image(&mut self, letter: u8, parameters: &[u8]) {
        match (letter, parameters) {
            (b'*', [_, height, columns @ ..]) => {
                let picture = Bitmap::from_columns(usize::from(*height), columns);
                self.graphics.store(Key::Download, picture);
            }
            (b'/', [scale, ..]) => {
                let (across, down) = scale_of(*scale);
                if let Some(picture) = self.graphics.stored.get(&Key::Download) {
                    let drawn = picture.enlarged(across, down);
                    self.print_block(&drawn);
                }
            }
            _ => {}
        }
    }

    /// `FS q n [xL xH yL yH d…]…`: replaces all images of this kind.
    pub(super) fn store_nv_images(&mut self, parameters: &[u8]) -> Effect {
        let [count, rest @ ..] = parameters else {
            return Effect::Nothing;
        };
        self.graphics.stored.retain(|key, _| !matches!(key, Key::NvImage(_)));
        let mut rest = rest;
        for place in 1..=*count {
            let (width, height) = (number(rest, 0), number(rest, 2));
            let Some(data) = rest.get(4..4 + width * height * 8) else {
                break;
            };
            let picture = Bitmap::from_columns(height, data);
            self.graphics.store(Key::NvImage(place), picture);
            rest = &rest[4 + width * height * 8..];
        }
        Effect::Nothing
    }

    /// `FS p n m`.
    pub(super) fn print_nv_image(&mut self, place: u8, scale: u8) -> Effect {
        let (across, down) = scale_of(scale);
        match self.graphics.stored.get(&Key::NvImage(place)) {
            Some(picture) => {
                let drawn = picture.enlarged(across, down);
                self.print_block(&drawn);
                Effect::Nothing
            }
            None => self.skip("an image that was never stored"),
        }
    }
}

fn graphics_key(function: u8, name: [u8; 2]) -> Key {
    if function < 80 { Key::Permanent(name) } else { Key::Temporary(name) }
}

/// 0 or 48 normal, 1 double width, 2 double height, 3 both.
fn scale_of(mode: u8) -> (usize, usize) {
    (usize::from(mode & 1) + 1, usize::from(mode >> 1 & 1) + 1)
}
