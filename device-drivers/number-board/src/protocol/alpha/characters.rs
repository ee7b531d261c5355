//! Text as a sign can show it: ASCII. Signs of this family have no Vietnamese letters, so a
//! letter loses its marks ("Quầy" is "Quay"); what has no base letter becomes `?`.
//!
//! Control bytes never pass: a text cannot end a frame or start another.

/// Starts the next line of the sign.
pub const NEW_LINE: u8 = 0x0D;

/// Vietnamese letters by the ASCII letter they stand on. One case is enough: see [`base`].
const BASES: [(char, &str); 7] = [
    ('a', "àáảãạăằắẳẵặâầấẩẫậ"),
    ('d', "đ"),
    ('e', "èéẻẽẹêềếểễệ"),
    ('i', "ìíỉĩị"),
    ('o', "òóỏõọôồốổỗộơờớởỡợ"),
    ('u', "ùúủũụưừứửữự"),
    ('y', "ỳýỷỹỵ"),
];

/// The lines as one text for the sign. All-blank lines become one space, which clears it.
pub fn encode(lines: &[&str]) -> Vec<u8> {
    let mut text = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            text.push(NEW_LINE);
        }
        text.extend(line.chars().filter_map(base));
    }
    if text.iter().all(|byte| matches!(*byte, NEW_LINE | b' ')) {
        return vec![b' '];
    }
    text
}

/// One character as a byte from 20 to 7E; `None` for a combining mark, which only adds to the
/// letter before it.
fn base(character: char) -> Option<u8> {
    match character {
        '\u{300}'..='\u{36F}' => None,
        ' '..='~' => u8::try_from(character).ok(),
        _ if character.is_control() => Some(b' '),
        _ => {
            let lower = character.to_lowercase().next()?;
            let found = BASES.iter().find(|(_, letters)| letters.contains(lower));
            let letter = found.map_or('?', |(letter, _)| *letter);
            let letter = if character.is_uppercase() { letter.to_ascii_uppercase() } else { letter };
            u8::try_from(letter).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn vietnamese_letters_lose_their_marks() {
        let shown = encode(&["Đất đai QUẦY 1", "Ặ Ễ Ỗ Ữ Ỵ ặ ễ ỗ ữ ỵ"]);
        assert_eq!(shown, b"Dat dai QUAY 1\rA E O U Y a e o u y");
        assert_eq!(encode(&["Qua\u{302}\u{300}y →"]), b"Quay ?");
    }

    #[test]
    fn every_vietnamese_vowel_with_each_mark_has_a_base() {
        let letters: usize = BASES.iter().map(|(_, letters)| letters.chars().count()).sum();
        assert_eq!(letters, 67, "134 letters of both cases");
    }

    #[test]
    fn nothing_to_show_clears_the_sign() {
        assert_eq!(encode(&[]), b" ");
        assert_eq!(encode(&["", " "]), b" ");
    }

    proptest! {
        #[test]
        fn no_text_can_break_a_frame(line in ".*", other in "\\PC*") {
            let text = encode(&[&line, &other, "\u{4}\u{2}\u{1b}\u{0}"]);
            prop_assert!(text.iter().all(|byte| matches!(*byte, 0x20..=0x7E | NEW_LINE)));
            prop_assert!(text.iter().filter(|byte| **byte == NEW_LINE).count() <= 2);
        }
    }
}
