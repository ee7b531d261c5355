//! Vietnamese letters on the code pages that printers have: which bytes a letter is, if any.
//!
//! TCVN-3 codes are those of escpos-printer-db (`TCVN-3-1`, `TCVN-3-2`), which writes Đ as U+00D0;
//! TCVN 5712 those of glibc's `TCVN5712-1`, VISCII those of RFC 1456; CP1258 wants the base letter
//! and then a combining tone mark. Codes below 80 hexadecimal would be commands: those letters are
//! left out.

use unicode_normalization::UnicodeNormalization;

use crate::profile::CodePages;

/// A table of letters beyond ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Tcvn3Lower,
    Tcvn3Upper,
    Tcvn,
    Viscii,
    Cp1258,
}

/// Letters by the code of the first of them.
type Rows = &'static [(u8, &'static str)];

const TCVN3_LOWER: Rows = &[
    (0xa8, "ăâêôơưđ"),
    (0xb5, "àảãáạ"),
    (0xbb, "ằẳẵắ"),
    (0xc6, "ặầẩẫấậè"),
    (0xce, "ẻẽéẹềểễếệìỉ"),
    (0xdc, "ĩíịò"),
    (0xe1, "ỏõóọồổỗốộờởỡớợù"),
    (0xf1, "ủũúụừửữứựỳỷỹýỵ"),
];

/// The toned capitals stand where the lower case letters do.
const TCVN3_UPPER: Rows = &[
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

/// Without the capitals that stand at control codes: Ú Ụ Ừ Ử Ữ Ứ Ự Ỳ Ỷ Ỹ Ý Ỵ.
const TCVN: Rows = &[
    (0x80, "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"),
    (0xa1, "ĂÂÊÔƠƯĐăâêôơưđẰ"),
    (0xb5, "àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"),
];

/// Without the capitals that stand at control codes: Ẳ Ẵ Ẫ Ỷ Ỹ Ỵ.
const VISCII: Rows = &[
    (0x80, "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"),
    (0xe0, "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"),
];

/// Bases and tone marks, by their Windows codes.
const CP1258: Rows = &[
    (0xc2, "ÂĂ"),
    (0xca, "Ê\u{cb}\u{300}"),
    (0xd0, "Đ\u{d1}\u{309}"),
    (0xd4, "ÔƠ"),
    (0xdd, "Ư\u{303}"),
    (0xe2, "âă"),
    (0xea, "ê\u{eb}\u{301}"),
    (0xf0, "đ\u{f1}\u{323}"),
    (0xf4, "ôơ"),
    (0xfd, "ư"),
];

const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// The pages of a model with their tables.
pub(super) fn tables(pages: &CodePages) -> Vec<(u8, Table)> {
    [
        (pages.tcvn3_lower, Table::Tcvn3Lower),
        (pages.tcvn3_upper, Table::Tcvn3Upper),
        (pages.tcvn, Table::Tcvn),
        (pages.viscii, Table::Viscii),
        (pages.cp1258_composing, Table::Cp1258),
    ]
    .into_iter()
    .filter_map(|(number, table)| Some((number?, table)))
    .collect()
}

impl Table {
    /// The bytes of a letter beyond ASCII; `None` when the table lacks it.
    pub(super) fn codes(self, letter: char) -> Option<Vec<u8>> {
        let rows = match self {
            Self::Tcvn3Lower => TCVN3_LOWER,
            Self::Tcvn3Upper => TCVN3_UPPER,
            Self::Tcvn => TCVN,
            Self::Viscii => VISCII,
            Self::Cp1258 => return cp1258(letter),
        };
        code_in(rows, letter).map(|code| vec![code])
    }
}

fn code_in(rows: Rows, letter: char) -> Option<u8> {
    rows.iter().find_map(|(first, letters)| {
        let place = letters.chars().position(|known| known == letter)?;
        u8::try_from(place).ok()?.checked_add(*first)
    })
}

/// Base letter and combining tone mark. Decomposing gives the tone among the other marks; the
/// others are composed back onto the base.
fn cp1258(letter: char) -> Option<Vec<u8>> {
    let parts: Vec<char> = std::iter::once(letter).nfd().collect();
    let base: String = parts.iter().copied().filter(|part| !TONES.contains(part)).nfc().collect();
    let tones = parts.iter().copied().filter(|part| TONES.contains(part));
    let code = |letter: char| match u8::try_from(letter) {
        Ok(code @ b'!'..=b'~') => Some(code),
        _ => code_in(CP1258, letter),
    };
    base.chars().chain(tones).map(code).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::render::font::VIETNAMESE;

    fn lacks(tables: &[Table]) -> String {
        VIETNAMESE.chars().filter(|letter| tables.iter().all(|table| table.codes(*letter).is_none())).collect()
    }

    #[test]
    fn every_table_has_the_letters_that_it_should() {
        assert_eq!(lacks(&[Table::Tcvn3Lower, Table::Tcvn3Upper]), "");
        assert_eq!(lacks(&[Table::Cp1258]), "");
        assert_eq!(lacks(&[Table::Viscii]), "ẲẴẪỶỸỴ");
        assert_eq!(lacks(&[Table::Tcvn]), "ÚỤỪỨỬỮỰỲÝỶỸỴ");
    }

    #[test]
    fn no_two_letters_have_one_code_and_none_is_a_command() {
        for table in [Table::Tcvn3Lower, Table::Tcvn3Upper, Table::Tcvn, Table::Viscii, Table::Cp1258] {
            let mut seen = HashSet::new();
            for codes in VIETNAMESE.chars().filter_map(|letter| table.codes(letter)) {
                assert!(codes.iter().all(|code| *code >= 0x20 && *code != 0x7f), "{table:?} {codes:x?}");
                assert!(seen.insert(codes.clone()), "{table:?} {codes:x?}");
            }
        }
    }

    #[test]
    fn known_codes() {
        for (table, letter, expected) in [
            (Table::Tcvn3Lower, 'ế', &[0xd5][..]),
            (Table::Tcvn3Lower, 'ệ', &[0xd6]),
            (Table::Tcvn3Lower, 'đ', &[0xae]),
            (Table::Tcvn3Upper, 'Ư', &[0xad]),
            (Table::Tcvn, 'ế', &[0xd5]),
            (Table::Tcvn, 'Đ', &[0xa7]),
            (Table::Tcvn, 'Ậ', &[0x86]),
            (Table::Tcvn, 'Ế', &[0xda]),
            (Table::Tcvn, 'Ố', &[0xff]),
            (Table::Viscii, 'ế', &[0xaa]),
            (Table::Viscii, 'Đ', &[0xd0]),
            (Table::Viscii, 'đ', &[0xf0]),
            (Table::Viscii, 'ư', &[0xdf]),
            (Table::Viscii, 'Ữ', &[0xff]),
            (Table::Cp1258, 'ế', &[0xea, 0xec]),
            (Table::Cp1258, 'Ặ', &[0xc3, 0xf2]),
            (Table::Cp1258, 'đ', &[0xf0]),
            (Table::Cp1258, 'ỹ', &[b'y', 0xde]),
        ] {
            assert_eq!(table.codes(letter).unwrap(), expected, "{table:?} {letter}");
        }
    }

    #[test]
    fn foreign_letters_and_controls_are_on_no_page() {
        for letter in "×中\u{1b}\u{7f}\u{80}\u{a0}".chars() {
            for table in [Table::Tcvn3Lower, Table::Tcvn3Upper, Table::Tcvn, Table::Viscii, Table::Cp1258] {
                assert_eq!(table.codes(letter), None, "{table:?} {letter:?}");
            }
        }
    }
}
