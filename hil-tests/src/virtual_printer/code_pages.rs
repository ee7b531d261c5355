//! The character tables of the printer: which letter a byte is on which code page.
//!
//! Sources: Python's own codecs for PC and Windows pages; escpos-printer-db (as in python-escpos 3.1)
//! for the two TCVN-3 pages. In the tables a space stands for "no character at this byte".
//! It never encodes: a printer only reads.

/// 80–FF of PC437.
const PC437: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅ",
    "ÉæÆôöòûùÿÖÜ¢£¥₧ƒ",
    "áíóúñÑªº¿⌐¬½¼¡«»",
    "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
    "└┴┬├─┼╞╟╚╔╩╦╠═╬╧",
    "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
    "αßΓπΣσµτΦΘΩδ∞φε∩",
    "≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
);

/// 80–FF of PC850.
const PC850: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅ",
    "ÉæÆôöòûùÿÖÜø£Ø×ƒ",
    "áíóúñÑªº¿®¬½¼¡«»",
    "░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤",
    "ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀",
    "ÓßÔÒõÕµþÞÚÛÙýÝ¯´",
    "\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
);

/// 80–FF of PC852.
const PC852: &str = concat!(
    "ÇüéâäůćçłëŐőîŹÄĆ",
    "ÉĹĺôöĽľŚśÖÜŤťŁ×č",
    "áíóúĄąŽžĘę¬źČş«»",
    "░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐",
    "└┴┬├─┼Ăă╚╔╩╦╠═╬¤",
    "đĐĎËďŇÍÎě┘┌█▄ŢŮ▀",
    "ÓßÔŃńňŠšŔÚŕŰýÝţ´",
    "\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
);

/// 80–FF of PC858.
const PC858: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅ",
    "ÉæÆôöòûùÿÖÜø£Ø×ƒ",
    "áíóúñÑªº¿®¬½¼¡«»",
    "░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤",
    "ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀",
    "ÓßÔÒõÕµþÞÚÛÙýÝ¯´",
    "\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
);

/// 80–FF of PC866.
const PC866: &str = concat!(
    "АБВГДЕЖЗИЙКЛМНОП",
    "РСТУФХЦЧШЩЪЫЬЭЮЯ",
    "абвгдежзийклмноп",
    "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
    "└┴┬├─┼╞╟╚╔╩╦╠═╬╧",
    "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
    "рстуфхцчшщъыьэюя",
    "ЁёЄєЇїЎў°∙·√№¤■\u{a0}",
);

/// 80–FF of CP1252.
const CP1252: &str = concat!(
    "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž ",
    " ‘’“”•–—˜™š›œ žŸ",
    "\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯",
    "°±²³´µ¶·¸¹º»¼½¾¿",
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ",
    "ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß",
    "àáâãäåæçèéêëìíîï",
    "ðñòóôõö÷øùúûüýþÿ",
);

/// 80–FF of CP1258.
const CP1258: &str = concat!(
    "€ ‚ƒ„…†‡ˆ‰ ‹Œ   ",
    " ‘’“”•–—˜™ ›œ  Ÿ",
    "\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯",
    "°±²³´µ¶·¸¹º»¼½¾¿",
    "ÀÁÂĂÄÅÆÇÈÉÊË\u{300}ÍÎÏ",
    "ĐÑ\u{309}ÓÔƠÖ×ØÙÚÛÜƯ\u{303}ß",
    "àáâăäåæçèéêë\u{301}íîï",
    "đñ\u{323}óôơö÷øùúûüư₫ÿ",
);

/// 80–FF of Epson page 30: TCVN 5712:1993 VN3, lower case.
const TCVN3_LOWER: &str = concat!(
    "                ",
    "                ",
    "        ăâêôơưđ ",
    "     àảãáạ ằẳẵắ ",
    "      ặầẩẫấậè ẻẽ",
    "éẹềểễếệìỉ   ĩíịò",
    " ỏõóọồổỗốộờởỡớợù",
    " ủũúụừửữứựỳỷỹýỵ ",
);

/// 80–FF of Epson page 31: TCVN 5712:1993 VN3, upper case.
const TCVN3_UPPER: &str = concat!(
    "                ",
    "                ",
    " ĂÂ    Đ  ÊÔƠƯ  ",
    "     ÀẢÃÁẠ ẰẲẴẮ ",
    "      ẶẦẨẪẤẬÈ ẺẼ",
    "ÉẸỀỂỄẾỆÌỈ   ĨÍỊÒ",
    " ỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙ",
    " ỦŨÚỤỪỬỮỨỰỲỶỸÝỴ ",
);

/// A character table of 80–FF; 20–7E are ASCII on all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePage {
    /// IBM PC, United States.
    Pc437,
    /// IBM PC, Western Europe.
    Pc850,
    /// IBM PC, Central Europe.
    Pc852,
    /// IBM PC, Western Europe with the euro sign.
    Pc858,
    /// IBM PC, Cyrillic.
    Pc866,
    /// Windows, Western Europe.
    Cp1252,
    /// Windows, Vietnamese: letters and combining tone marks.
    Cp1258,
    /// TCVN 5712:1993 VN3, lower-case letters.
    Tcvn3Lower,
    /// TCVN 5712:1993 VN3, upper-case letters.
    Tcvn3Upper,
}

impl CodePage {
    /// The character of `byte`; `None` where the page has none or the byte is a control.
    #[must_use]
    pub fn decode(self, byte: u8) -> Option<char> {
        match byte {
            0..=0x1F | 0x7F => None,
            0x20..=0x7E => Some(char::from(byte)),
            0x80.. => self.upper_half().chars().nth(usize::from(byte - 0x80)).filter(|&found| found != ' '),
        }
    }

    fn upper_half(self) -> &'static str {
        match self {
            Self::Pc437 => PC437,
            Self::Pc850 => PC850,
            Self::Pc852 => PC852,
            Self::Pc858 => PC858,
            Self::Pc866 => PC866,
            Self::Cp1252 => CP1252,
            Self::Cp1258 => CP1258,
            Self::Tcvn3Lower => TCVN3_LOWER,
            Self::Tcvn3Upper => TCVN3_UPPER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CodePage;

    #[test]
    fn every_table_has_a_place_for_each_byte() {
        for page in [
            CodePage::Pc437,
            CodePage::Pc850,
            CodePage::Pc852,
            CodePage::Pc858,
            CodePage::Pc866,
            CodePage::Cp1252,
            CodePage::Cp1258,
            CodePage::Tcvn3Lower,
            CodePage::Tcvn3Upper,
        ] {
            assert_eq!(page.upper_half().chars().count(), 128, "{page:?}");
        }
    }

    #[test]
    fn tcvn_bytes_are_those_that_printers_were_seen_to_use() {
        assert_eq!(CodePage::Tcvn3Lower.decode(0xD5), Some('ế'));
        assert_eq!(CodePage::Tcvn3Lower.decode(0xD6), Some('ệ'));
        assert_eq!(CodePage::Tcvn3Lower.decode(0xAE), Some('đ'));
        assert_eq!(CodePage::Tcvn3Upper.decode(0xAD), Some('Ư'));
        assert_eq!(CodePage::Tcvn3Upper.decode(0xD5), Some('Ế'));
        assert_eq!(CodePage::Tcvn3Upper.decode(0xAE), None);
    }

    #[test]
    fn both_tcvn_pages_together_hold_all_vietnamese_letters() {
        let letters = "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ";
        let holds = |page: CodePage, letter: char| (0x80..=0xFF).any(|byte| page.decode(byte) == Some(letter));
        for letter in letters.chars() {
            assert!(holds(CodePage::Tcvn3Lower, letter), "{letter}");
            let upper = letter.to_uppercase().next().unwrap_or_default();
            assert!(holds(CodePage::Tcvn3Upper, upper), "{upper}");
        }
    }

    #[test]
    fn cp1258_writes_a_tone_after_its_letter() {
        assert_eq!(CodePage::Cp1258.decode(0xEA), Some('ê'));
        assert_eq!(CodePage::Cp1258.decode(0xEC), Some('\u{301}'));
    }
}
