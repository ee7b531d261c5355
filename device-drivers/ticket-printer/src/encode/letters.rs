//! A line of text in the printer's own fonts: for each letter a code page or a user-defined
//! character, with the fewest bytes for the line as a whole.

use crate::command;
use crate::page::clean_lines;
use crate::profile::{CodePages, PrinterProfile};

use super::memory::PrinterMemory;
use super::tables::{Table, tables};

/// What the printer's letters stand on; `None` where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Standing {
    /// `ESC t` number.
    pub(super) page: Option<u8>,
    /// User-defined characters are on.
    pub(super) user: Option<bool>,
}

/// The letters that a model prints without drawing.
#[derive(Debug, Clone)]
pub(super) struct Letters {
    pages: Vec<(u8, Table)>,
    user_characters: bool,
}

/// One way to print a letter.
struct Way {
    /// The page that it needs; ASCII is on all.
    page: Option<u8>,
    user: Option<bool>,
    codes: Vec<u8>,
}

impl Letters {
    pub(super) fn new(profile: &PrinterProfile) -> Self {
        Self { pages: tables(&profile.code_pages), user_characters: profile.user_characters }
    }

    /// Letters of pages alone.
    pub(super) fn of_pages(pages: &CodePages) -> Self {
        Self { pages: tables(pages), user_characters: false }
    }

    /// The letters of texts that only user-defined characters print, each once, in their order.
    pub(super) fn to_load<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<char> {
        let mut wanted = Vec::new();
        if !self.user_characters {
            return wanted;
        }
        for letter in texts.flat_map(clean_lines).flat_map(|line| plain_punctuation(&line).chars().collect::<Vec<_>>())
        {
            let known = letter.is_ascii() || self.pages.iter().any(|(_, table)| table.codes(letter).is_some());
            if !known && !wanted.contains(&letter) {
                wanted.push(letter);
            }
        }
        wanted
    }

    /// One line as bytes with the changes of page and set that it needs, and what the printer
    /// stands on then; `None` when a letter is nowhere, so that the line must be drawn.
    pub(super) fn line(&self, line: &str, memory: &PrinterMemory, from: Standing) -> Option<(Vec<u8>, Standing)> {
        // The shortest bytes so far for each standing that they lead to.
        let mut reached = vec![(from, Vec::new())];
        for letter in line.chars() {
            // Most letters: the same on every page.
            if let Ok(code @ b' '..=b'~') = u8::try_from(letter)
                && !memory.redefines(code)
            {
                reached.iter_mut().for_each(|(_, bytes)| bytes.push(code));
                continue;
            }
            let ways = self.ways(letter, memory);
            let mut next: Vec<(Standing, Vec<u8>)> = Vec::new();
            for (standing, bytes) in &reached {
                for way in &ways {
                    let (standing, bytes) = way.take(*standing, bytes);
                    match next.iter_mut().find(|(known, _)| *known == standing) {
                        Some((_, known)) if known.len() <= bytes.len() => {}
                        Some((_, known)) => *known = bytes,
                        None => next.push((standing, bytes)),
                    }
                }
            }
            reached = next;
        }
        reached.into_iter().min_by_key(|(_, bytes)| bytes.len()).map(|(standing, bytes)| (bytes, standing))
    }

    fn ways(&self, letter: char, memory: &PrinterMemory) -> Vec<Way> {
        if let Ok(code @ b' '..=b'~') = u8::try_from(letter) {
            let user = memory.redefines(code).then_some(false);
            return vec![Way { page: None, user, codes: vec![code] }];
        }
        let on_pages = self.pages.iter().filter_map(|(page, table)| {
            let codes = table.codes(letter)?;
            // A base letter in ASCII may be redefined.
            let user = codes.iter().any(|code| memory.redefines(*code)).then_some(false);
            Some(Way { page: Some(*page), user, codes })
        });
        let loaded = memory.code(letter).filter(|_| self.user_characters);
        let loaded = loaded.map(|code| Way { page: None, user: Some(true), codes: vec![code] });
        on_pages.chain(loaded).collect()
    }
}

impl Way {
    fn take(&self, from: Standing, bytes: &[u8]) -> (Standing, Vec<u8>) {
        let (mut standing, mut bytes) = (from, bytes.to_vec());
        if let Some(page) = self.page.filter(|page| from.page != Some(*page)) {
            bytes.extend(command::code_page(page));
            standing.page = Some(page);
        }
        if let Some(user) = self.user.filter(|user| from.user != Some(*user)) {
            bytes.extend(command::user_characters(user));
            standing.user = Some(user);
        }
        bytes.extend_from_slice(&self.codes);
        (standing, bytes)
    }
}

/// A text with the signs that ASCII has a plain form of: a dash alone must not make a whole line
/// a picture.
pub(super) fn plain_punctuation(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => plain.push('-'),
            '‘' | '’' => plain.push('\''),
            '“' | '”' => plain.push('"'),
            '…' => plain.push_str("..."),
            '\u{a0}' | '\u{202f}' => plain.push(' '),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::profile::CodePages;

    const TCVN3: CodePages =
        CodePages { tcvn3_lower: Some(30), tcvn3_upper: Some(31), tcvn: None, viscii: None, cp1258_composing: None };

    fn model(code_pages: CodePages, user_characters: bool) -> Letters {
        Letters { pages: tables(&code_pages), user_characters }
    }

    fn fresh() -> Standing {
        Standing { page: None, user: Some(false) }
    }

    #[test]
    fn the_page_changes_only_when_the_case_of_a_marked_letter_does() {
        let letters = model(TCVN3, false);
        let memory = PrinterMemory::default();
        let (line, standing) = letters.line("Đất đai A1", &memory, fresh()).unwrap();
        let expected = [&[0x1b, 0x74, 31, 0xa7][..], &[0x1b, 0x74, 30, 0xca], b"t ", &[0xae], b"ai A1"].concat();
        assert_eq!(line, expected);
        assert_eq!(standing.page, Some(30));
        assert_eq!(letters.line("ấ", &memory, standing).unwrap().0, [0xca]);
    }

    #[test]
    fn of_two_pages_the_one_with_fewer_bytes_for_the_line_is_taken() {
        let letters = model(CodePages { cp1258_composing: Some(52), ..TCVN3 }, false);
        let length = |line: &str| letters.line(line, &PrinterMemory::default(), fresh()).unwrap().0.len();
        // Both cases on one page: no change between them, a second byte for each tone.
        assert_eq!(length("ĐấĐấ"), 3 + 6);
        // One page is enough: a byte a letter.
        assert_eq!(length("ấấấấ"), 3 + 4);
        let only = model(TCVN3, false);
        assert_eq!(only.line("ĐấĐấ", &PrinterMemory::default(), fresh()).unwrap().0.len(), 4 * 4);
    }

    #[test]
    fn loaded_letters_switch_only_where_a_code_means_both() {
        let letters = model(CodePages::default(), true);
        let mut memory = PrinterMemory::default();
        memory.load_letters(&letters.to_load(["Đất `đai`"].into_iter()));
        assert_eq!((memory.code('Đ'), memory.code('ấ'), memory.code('đ')), (Some(b'`'), Some(b'~'), Some(b'^')));
        let (line, standing) = letters.line("Đất đai", &memory, fresh()).unwrap();
        assert_eq!(line, b"\x1b%\x01`~t ^ai");
        assert_eq!(standing.user, Some(true));
        assert_eq!(letters.line("a`b", &memory, standing).unwrap().0, b"a\x1b%\x00`b");
        let unknown = Standing::default();
        assert_eq!(letters.line("ab", &memory, unknown).unwrap(), (b"ab".to_vec(), unknown));
        assert_eq!(letters.line("`", &memory, unknown).unwrap().0, b"\x1b%\x00`");
    }

    #[test]
    fn only_letters_that_nothing_else_prints_are_loaded() {
        assert_eq!(model(TCVN3, true).to_load(["Đất × 3 – “5”"].into_iter()), ['×']);
        assert_eq!(model(CodePages::default(), false).to_load(["Đất"].into_iter()), []);
    }

    #[test]
    fn dashes_and_quotes_have_a_plain_form() {
        assert_eq!(plain_punctuation("“3 – 5”…\u{a0}đ"), "\"3 - 5\"... đ");
    }

    #[test]
    fn a_letter_on_no_page_and_a_control_character_are_refused() {
        for line in ["3 × 5", "中", "a\u{1b}b", "a\u{7f}"] {
            assert_eq!(model(TCVN3, true).line(line, &PrinterMemory::default(), fresh()), None, "{line:?}");
        }
        assert_eq!(model(CodePages::default(), false).line("ế", &PrinterMemory::default(), fresh()), None);
    }
}
