//! Vietnamese in a printer's own fonts: TCVN-3 (two pages, one for each case) and CP1258.
//!
//! TCVN-3 codes are those of escpos-printer-db (`TCVN-3-1`, `TCVN-3-2`), which writes Đ as U+00D0;
//! CP1258 wants the base letter and then a combining tone mark.

use unicode_normalization::UnicodeNormalization;

use crate::command;
use crate::profile::TextMode;

/// Lower case letters of TCVN-3 by code.
const LOWER: &[(u8, &str)] = &[
    (0xa8, "ăâêôơưđ"),
    (0xb5, "àảãáạ"),
    (0xbb, "ằẳẵắ"),
    (0xc6, "ặầẩẫấậè"),
    (0xce, "ẻẽéẹềểễếệìỉ"),
    (0xdc, "ĩíịò"),
    (0xe1, "ỏõóọồổỗốộờởỡớợù"),
    (0xf1, "ủũúụừửữứựỳỷỹýỵ"),
];

/// Upper case letters of TCVN-3 by code: the toned ones stand where the lower case ones do.
const UPPER: &[(u8, &str)] = &[
    (0xa1, "ĂÂ"),
    (0xa7, "Đ"),
    (0xaa, "ÊÔƠƯ"),
    (0xb5, "ÀẢÃÁẠ"),
    (0xbb, "ẰẲẴẮ"),
    (0xc6, "ẶẦẨẪẤẬÈ"),
    (0xce, "ẺẼÉẸỀỂỄẾỆÌỈ"),
    (0xdc, "ĨÍỊÒ"),
    (0xe1, "ỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙ"),
    (0xf1, "ỦŨÚỤỪỬỮỨỰỲỶỸÝỴ"),
];

/// Letters of CP1258 beyond ASCII that Vietnamese uses as bases, and its tone marks.
const CP1258: &[(char, u8)] = &[
    ('Ă', 0xc3),
    ('Â', 0xc2),
    ('Ê', 0xca),
    ('Ô', 0xd4),
    ('Ơ', 0xd5),
    ('Ư', 0xdd),
    ('Đ', 0xd0),
    ('ă', 0xe3),
    ('â', 0xe2),
    ('ê', 0xea),
    ('ô', 0xf4),
    ('ơ', 0xf5),
    ('ư', 0xfd),
    ('đ', 0xf0),
    ('\u{300}', 0xcc),
    ('\u{309}', 0xd2),
    ('\u{303}', 0xde),
    ('\u{301}', 0xec),
    ('\u{323}', 0xf2),
];

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

/// One line as bytes, with the page changes it needs; `None` when a letter is on no page, so that
/// the line must be drawn. `page` is the page that the printer stands on, kept for the next line.
pub(super) fn line_bytes(line: &str, mode: TextMode, page: &mut Option<u8>) -> Option<Vec<u8>> {
    let mut now = *page;
    let mut bytes = Vec::new();
    for letter in line.chars() {
        let (wanted, codes) = letter_bytes(letter, mode)?;
        if let Some(wanted) = wanted.filter(|wanted| now != Some(*wanted)) {
            bytes.extend(command::code_page(wanted));
            now = Some(wanted);
        }
        bytes.extend(codes);
    }
    *page = now;
    Some(bytes)
}

/// The page that a letter needs (ASCII is on all) and its bytes there.
fn letter_bytes(letter: char, mode: TextMode) -> Option<(Option<u8>, Vec<u8>)> {
    if let Ok(code @ b' '..=b'~') = u8::try_from(letter) {
        return Some((None, vec![code]));
    }
    match mode {
        TextMode::Raster => None,
        TextMode::Tcvn3 { lower, upper } => code_in(LOWER, letter)
            .map(|code| (Some(lower), vec![code]))
            .or_else(|| code_in(UPPER, letter).map(|code| (Some(upper), vec![code]))),
        TextMode::Cp1258 { page } => Some((Some(page), cp1258(letter)?)),
    }
}

fn code_in(rows: &[(u8, &str)], letter: char) -> Option<u8> {
    rows.iter().find_map(|(first, letters)| {
        let place = letters.chars().position(|known| known == letter)?;
        u8::try_from(place).ok()?.checked_add(*first)
    })
}

/// Base letter and combining tone mark. Decomposing gives the tone among the other marks; the
/// others are composed back onto the base.
fn cp1258(letter: char) -> Option<Vec<u8>> {
    const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
    let parts: Vec<char> = std::iter::once(letter).nfd().collect();
    let base: String = parts.iter().copied().filter(|part| !TONES.contains(part)).nfc().collect();
    let tones = parts.iter().copied().filter(|part| TONES.contains(part));
    base.chars().chain(tones).map(cp1258_code).collect()
}

fn cp1258_code(letter: char) -> Option<u8> {
    if letter.is_ascii_graphic() {
        return u8::try_from(letter).ok();
    }
    CP1258.iter().find(|(known, _)| *known == letter).map(|(_, code)| *code)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::render::font::tests::VIETNAMESE;

    const TCVN3: TextMode = TextMode::Tcvn3 { lower: 30, upper: 31 };

    fn encoded(line: &str, mode: TextMode) -> Vec<u8> {
        line_bytes(line, mode, &mut None).unwrap()
    }

    #[test]
    fn every_vietnamese_letter_has_its_own_tcvn3_code_on_the_page_of_its_case() {
        let mut seen = std::collections::HashSet::new();
        for letter in VIETNAMESE.chars() {
            let bytes = encoded(&letter.to_string(), TCVN3);
            let page = if letter.is_lowercase() { 30 } else { 31 };
            assert_eq!(bytes.get(..3).unwrap(), [0x1b, b't', page], "{letter}");
            assert_eq!(bytes.len(), 4);
            assert!(seen.insert(bytes), "{letter} has another letter's code");
        }
    }

    #[test]
    fn known_codes() {
        assert_eq!(encoded("ế", TCVN3), [0x1b, 0x74, 30, 0xd5]);
        assert_eq!(encoded("ệ", TCVN3), [0x1b, 0x74, 30, 0xd6]);
        assert_eq!(encoded("đ", TCVN3), [0x1b, 0x74, 30, 0xae]);
        assert_eq!(encoded("Ư", TCVN3), [0x1b, 0x74, 31, 0xad]);
        let page = TextMode::Cp1258 { page: 52 };
        assert_eq!(encoded("ế", page), [0x1b, 0x74, 52, 0xea, 0xec]);
        assert_eq!(encoded("Ặ", page), [0x1b, 0x74, 52, 0xc3, 0xf2]);
        assert_eq!(encoded("đ", page), [0x1b, 0x74, 52, 0xf0]);
    }

    #[test]
    fn every_vietnamese_letter_has_its_own_cp1258_bytes() {
        let mut seen = std::collections::HashSet::new();
        for letter in VIETNAMESE.chars() {
            let bytes = encoded(&letter.to_string(), TextMode::Cp1258 { page: 52 });
            assert!(seen.insert(bytes), "{letter}");
        }
    }

    #[test]
    fn the_page_changes_only_when_the_case_of_a_marked_letter_does() {
        let mut page = None;
        let line = line_bytes("Đất đai A1", TCVN3, &mut page).unwrap();
        let expected = [&[0x1b, 0x74, 31, 0xa7][..], &[0x1b, 0x74, 30, 0xca], b"t ", &[0xae], b"ai A1"].concat();
        assert_eq!(line, expected);
        assert_eq!(page, Some(30));
        assert_eq!(line_bytes("ấ", TCVN3, &mut page).unwrap(), [0xca]);
    }

    #[test]
    fn dashes_and_quotes_have_a_plain_form() {
        assert_eq!(plain_punctuation("“3 – 5”…\u{a0}đ"), "\"3 - 5\"... đ");
    }

    #[test]
    fn a_letter_on_no_page_and_a_control_character_are_refused() {
        for line in ["3 × 5", "中", "a\u{1b}b", "a\u{7f}"] {
            assert_eq!(line_bytes(line, TCVN3, &mut None), None, "{line:?}");
        }
        assert_eq!(line_bytes("ế", TextMode::Raster, &mut None), None);
    }
}
