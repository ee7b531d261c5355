//! What a printer keeps from one page to the next: letters loaded as user-defined characters
//! (`ESC &`) and pictures (`GS ( L` function 83). It forgets them at `ESC @` and without power, so
//! the driver forgets them too: after each start of a session and whenever it fell silent.
//!
//! Facts: Epson's programming guide, `ESC &` (codes 20 to 7E, 24 dots high and up to 12 wide in
//! font A) and `GS ( L`.

use crate::command;
use crate::image::Image;
use crate::render::bitmap::Bitmap;
use crate::render::font::cell_letter;

use super::raster::{SLICE_BYTES, defuse};

/// Pictures kept in a printer at most.
const MOST_IMAGES: usize = 4;
/// Bytes of a column of 24 dots.
const COLUMN_BYTES: usize = 3;

/// Codes in the order of their use: first those that Vietnamese words do not need as themselves,
/// so that text rarely has to switch between the two sets. The space, digits and the signs of
/// times and numbers are never redefined.
const CODES: &[u8] = b"`~^|\\{}<>@#$%&*_=+[]\"';?FJWZfjwz!QXYRPBKDSEVMIOACLGUNHTqxvkbspdrmlyeuioacgtnh";

/// What a printer holds.
#[derive(Debug, Clone, Default)]
pub struct PrinterMemory {
    letters: Vec<Held>,
    images: Vec<Image>,
    /// Counts pages, to tell which letter was used longest ago.
    pages: u64,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    letter: char,
    code: u8,
    used: u64,
}

impl PrinterMemory {
    /// The printer was initialised or lost its power: it holds nothing.
    pub fn clear(&mut self) {
        self.letters.clear();
        self.images.clear();
    }

    /// The code that a letter was loaded to.
    pub(super) fn code(&self, letter: char) -> Option<u8> {
        self.letters.iter().find(|held| held.letter == letter).map(|held| held.code)
    }

    /// Whether a code prints a loaded letter while user-defined characters are on.
    pub(super) fn redefines(&self, code: u8) -> bool {
        self.letters.iter().any(|held| held.code == code)
    }

    /// Makes the letters of a page ready: the commands that load those which the printer does not
    /// hold. Letters beyond the printer's memory stay out.
    pub(super) fn load_letters(&mut self, wanted: &[char]) -> Vec<u8> {
        self.pages += 1;
        for held in &mut self.letters {
            if wanted.contains(&held.letter) {
                held.used = self.pages;
            }
        }
        let mut new: Vec<(u8, char)> = Vec::new();
        for letter in wanted {
            if self.code(*letter).is_none()
                && let Some(code) = self.free_code()
            {
                self.letters.push(Held { letter: *letter, code, used: self.pages });
                new.push((code, *letter));
            }
        }
        new.sort_unstable();
        definitions(&new)
    }

    /// A code that no letter has, or that of the letter used longest ago.
    fn free_code(&mut self) -> Option<u8> {
        if let Some(code) = CODES.iter().find(|code| !self.redefines(**code)) {
            return Some(*code);
        }
        let (place, oldest) = self.letters.iter().enumerate().min_by_key(|(_, held)| held.used)?;
        if oldest.used == self.pages {
            return None;
        }
        Some(self.letters.swap_remove(place).code)
    }

    /// The name of a picture that is to be kept, with the command that loads it where the printer
    /// does not hold it yet; `None` when it must be sent as it is.
    pub(super) fn keep_image(&mut self, image: &Image) -> Option<([u8; 2], Vec<u8>)> {
        if let Some(place) = self.images.iter().position(|held| held == image) {
            return Some((image_key(place), Vec::new()));
        }
        let bitmap = image.bitmap();
        if self.images.len() >= MOST_IMAGES || bitmap.width_bytes() * bitmap.height() as usize > SLICE_BYTES {
            return None;
        }
        let key = image_key(self.images.len());
        let bytes = store(key, bitmap)?;
        self.images.push(image.clone());
        Some((key, bytes))
    }
}

/// The command that keeps a picture under a name.
fn store(key: [u8; 2], bitmap: &Bitmap) -> Option<Vec<u8>> {
    let size = (u16::try_from(bitmap.width()).ok()?, u16::try_from(bitmap.height()).ok()?);
    let mut bytes = command::store_graphics(key, size.0, size.1)?;
    let mut data: Vec<u8> = (0..bitmap.height()).flat_map(|y| bitmap.row(y).to_vec()).collect();
    defuse(&mut data);
    bytes.append(&mut data);
    Some(bytes)
}

/// A picture's name and the command that keeps it, whatever else is kept; no command when it is too large.
pub(super) fn store_picture(bitmap: &Bitmap) -> ([u8; 2], Option<Vec<u8>>) {
    let key = image_key(0);
    (key, store(key, bitmap))
}

/// Keys are two printable bytes.
fn image_key(place: usize) -> [u8; 2] {
    [b'K', b'0' + u8::try_from(place).unwrap_or_default()]
}

/// `ESC &` for letters in the order of their codes; neighbours share a command.
fn definitions(letters: &[(u8, char)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for run in letters.chunk_by(|(before, _), (after, _)| before + 1 == *after) {
        let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else {
            continue;
        };
        bytes.extend(command::define_characters(*first, *last));
        for (_, letter) in run {
            bytes.append(&mut definition(&cell_letter(*letter)));
        }
    }
    bytes
}

/// The command that loads one picture as a character, 24 dots high and up to 12 wide.
pub(super) fn load_character(code: u8, picture: &Bitmap) -> Vec<u8> {
    [&command::define_characters(code, code)[..], &definition(picture)].concat()
}

/// A character's width and columns.
fn definition(picture: &Bitmap) -> Vec<u8> {
    let mut columns = columns(picture);
    defuse(&mut columns);
    columns.insert(0, u8::try_from(columns.len() / COLUMN_BYTES).unwrap_or_default());
    columns
}

/// A letter's columns, the top dot in the high bit, without the blank ones at its right.
fn columns(letter: &Bitmap) -> Vec<u8> {
    let right = letter.inked().map_or(0, |ink| ink.right);
    let byte = |x: u32, top: u32| (0..8).fold(0_u8, |byte, bit| byte << 1 | u8::from(letter.get(x, top + bit)));
    (0..right).flat_map(|x| [byte(x, 0), byte(x, 8), byte(x, 16)]).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::render::font::VIETNAMESE;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn a_letter_is_loaded_once_until_the_printer_forgets() {
        let mut memory = PrinterMemory::default();
        let first = memory.load_letters(&letters("ấđ"));
        assert!(first.starts_with(&[0x1b, b'&', 3, b'`', b'`']), "{first:x?}");
        assert_eq!((memory.code('ấ'), memory.code('đ')), (Some(b'`'), Some(b'~')));
        assert!(memory.load_letters(&letters("đấ")).is_empty());
        assert!(!memory.load_letters(&letters("đế")).is_empty());
        memory.clear();
        assert_eq!(memory.code('ấ'), None);
        assert_eq!(memory.load_letters(&letters("ấđ")), first);
    }

    #[test]
    fn neighbours_share_a_command_and_blank_columns_are_not_sent() {
        let (one, two) = (columns(&cell_letter('ì')), columns(&cell_letter('ế')));
        assert!(one.len() < two.len() && two.len() <= 36);
        let together = definitions(&[(b'[', 'ì'), (b'\\', 'ế')]);
        assert_eq!(together.len(), 5 + 1 + one.len() + 1 + two.len());
        assert_eq!(&together[..6], [0x1b, b'&', 3, b'[', b'\\', (one.len() / 3) as u8]);
    }

    #[test]
    fn a_full_memory_gives_up_the_letters_used_longest_ago() {
        let mut memory = PrinterMemory::default();
        let all = letters(VIETNAMESE);
        memory.load_letters(&all[..CODES.len()]);
        memory.load_letters(&all[1..CODES.len()]);
        assert_eq!(memory.code(all[CODES.len()]), None);
        memory.load_letters(&all[CODES.len()..=CODES.len()]);
        assert!(memory.code(all[CODES.len()]).is_some());
        assert_eq!(memory.code(all[0]), None, "used longest ago");
        memory.load_letters(&all);
        let held = all.iter().filter(|letter| memory.code(**letter).is_some()).count();
        assert_eq!(held, CODES.len(), "the rest is drawn");
    }

    #[test]
    fn codes_are_those_of_epson_and_none_is_needed_for_numbers() {
        let mut seen = std::collections::HashSet::new();
        for code in CODES {
            assert!((0x21..=0x7e).contains(code) && seen.insert(code));
            assert!(!b"0123456789:/.,-()".contains(code));
        }
    }

    #[test]
    fn pictures_are_kept_within_bounds() {
        let picture = |side: u32| {
            let mut file = Vec::new();
            let mut encoder = png::Encoder::new(&mut file, side, side);
            encoder.set_color(png::ColorType::Grayscale);
            let pixels = vec![0; (side * side) as usize];
            encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
            Image::from_png(&file).unwrap()
        };
        let mut memory = PrinterMemory::default();
        let (key, load) = memory.keep_image(&picture(8)).unwrap();
        // Golden bytes of Epson's reference with this picture.
        assert_eq!(&load[..16], [0x1d, 0x28, 0x4c, 19, 0, 48, 83, 48, key[0], key[1], 1, 8, 0, 8, 0, 49]);
        assert_eq!(load[16..], [0xff; 8]);
        assert_eq!(memory.keep_image(&picture(8)).unwrap(), (key, Vec::new()));
        assert_eq!(memory.keep_image(&picture(400)), None, "longer than a printer may wait for");
        for side in 9..12 {
            assert!(memory.keep_image(&picture(side)).is_some());
        }
        assert_eq!(memory.keep_image(&picture(12)), None);
        memory.clear();
        assert!(memory.keep_image(&picture(12)).is_some());
    }
}
