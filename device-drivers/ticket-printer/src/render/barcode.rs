//! CODE128: the symbols of a text, as bars and as a printer wants to be told them.
//!
//! Source: ISO/IEC 15417; the widths are checked against python-barcode's in the tests.

use embedded_graphics::Drawable;
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{Point, Primitive, Size};
use embedded_graphics::primitives::{PrimitiveStyle, Rectangle};

use super::bitmap::Bitmap;

/// Digits in a row from which set C (two digits a symbol) is shorter than set B.
const DIGITS_FOR_C: usize = 4;

/// A symbol of CODE128 before the check symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// From here on letters: the first symbol, or a change.
    SetB,
    /// From here on pairs of digits.
    SetC,
    /// A letter of set B.
    Letter(u8),
    /// Two digits of set C, as a number.
    Pair(u8),
}

/// Widths of bars and spaces of the values 0 to 105, three digits and three more for each.
#[rustfmt::skip]
const WIDTHS: [u32; 106] = [
    212222, 222122, 222221, 121223, 121322, 131222, 122213, 122312, 132212, 221213, 221312, 231212,
    112232, 122132, 122231, 113222, 123122, 123221, 223211, 221132, 221231, 213212, 223112, 312131,
    311222, 321122, 321221, 312212, 322112, 322211, 212123, 212321, 232121, 111323, 131123, 131321,
    112313, 132113, 132311, 211313, 231113, 231311, 112133, 112331, 132131, 113123, 113321, 133121,
    313121, 211331, 231131, 213113, 213311, 213131, 311123, 311321, 331121, 312113, 312311, 332111,
    314111, 221411, 431111, 111224, 111422, 121124, 121421, 141122, 141221, 112214, 112412, 122114,
    122411, 142112, 142211, 241211, 221114, 413111, 241112, 134111, 111242, 121142, 121241, 114212,
    124112, 124211, 411212, 421112, 421211, 212141, 214121, 412121, 111143, 111341, 131141, 114113,
    114311, 411113, 411311, 113141, 114131, 311141, 411131, 211412, 211214, 211232,
];
const STOP: u32 = 2_331_112;
const START_B: u32 = 104;
const START_C: u32 = 105;
const CHANGE_TO_C: u32 = 99;
const CHANGE_TO_B: u32 = 100;
const CHECK_MODULUS: u32 = 103;

/// The shortest symbols of a text of printable ASCII; `None` for any other or an empty text.
pub(crate) fn code128(text: &str) -> Option<Vec<Symbol>> {
    if text.is_empty() || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    let mut symbols = Vec::new();
    let mut rest = text.as_bytes();
    let mut set = None;
    while let Some(first) = rest.first() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let in_pairs = match set {
            Some(Symbol::SetC) => digits >= 2,
            None if digits == rest.len() => digits % 2 == 0,
            // Of an odd number the first goes with the letters before it.
            _ => digits >= DIGITS_FOR_C && digits % 2 == 0,
        };
        if in_pairs {
            enter(&mut symbols, &mut set, Symbol::SetC);
            let (pairs, after) = rest.split_at(digits - digits % 2);
            for pair in pairs.chunks_exact(2) {
                let value = pair.iter().fold(0, |value, digit| 10 * value + (digit - b'0'));
                symbols.push(Symbol::Pair(value));
            }
            rest = after;
        } else {
            enter(&mut symbols, &mut set, Symbol::SetB);
            symbols.push(Symbol::Letter(*first));
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    Some(symbols)
}

fn enter(symbols: &mut Vec<Symbol>, set: &mut Option<Symbol>, wanted: Symbol) {
    if *set != Some(wanted) {
        symbols.push(wanted);
        *set = Some(wanted);
    }
}

/// Bars (true) and spaces, one entry a bar of the thinnest width.
pub(crate) fn bars(symbols: &[Symbol]) -> Vec<bool> {
    let mut values: Vec<u32> = Vec::new();
    for symbol in symbols {
        values.push(match (symbol, values.is_empty()) {
            (Symbol::SetB, true) => START_B,
            (Symbol::SetC, true) => START_C,
            (Symbol::SetB, false) => CHANGE_TO_B,
            (Symbol::SetC, false) => CHANGE_TO_C,
            (Symbol::Letter(letter), _) => u32::from(letter - b' '),
            (Symbol::Pair(pair), _) => u32::from(*pair),
        });
    }
    let weighted = (0..).zip(&values).map(|(place, value)| u32::max(place, 1) * value);
    values.push(weighted.sum::<u32>() % CHECK_MODULUS);
    let patterns = values.iter().filter_map(|value| WIDTHS.get(*value as usize)).chain([&STOP]);
    let mut bars = Vec::new();
    for pattern in patterns {
        let digits = pattern.to_string();
        for (place, width) in digits.bytes().enumerate() {
            bars.extend(std::iter::repeat_n(place % 2 == 0, usize::from(width - b'0')));
        }
    }
    bars
}

/// The data of `GS k 73`: sets as `{B` and `{C`, pairs of digits as one byte.
pub(crate) fn escpos(symbols: &[Symbol]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for symbol in symbols {
        match symbol {
            Symbol::SetB => bytes.extend(b"{B"),
            Symbol::SetC => bytes.extend(b"{C"),
            Symbol::Letter(b'{') => bytes.extend(b"{{"),
            Symbol::Letter(letter) => bytes.push(*letter),
            Symbol::Pair(pair) => bytes.push(*pair),
        }
    }
    bytes
}

/// The bars as a picture.
pub(crate) fn draw(bars: &[bool], width: u32, height: u32) -> Bitmap {
    let mut bitmap = Bitmap::new(bars.len() as u32 * width, height);
    let black = PrimitiveStyle::with_fill(BinaryColor::On);
    for (place, _) in (0_u32..).zip(bars).filter(|(_, bar)| **bar) {
        let bar = Rectangle::new(Point::new((place * width) as i32, 0), Size::new(width, height));
        let Ok(()) = bar.into_styled(black).draw(&mut bitmap);
    }
    bitmap
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<u8> {
        escpos(&code128(text).unwrap())
    }

    #[test]
    fn runs_of_digits_are_sent_in_pairs() {
        assert_eq!(told("A012"), b"{BA012");
        assert_eq!(told("H29-240115-0001"), b"{BH29-{C\x18\x01\x0f{B-{C\x00\x01");
        assert_eq!(told("1234567"), b"{B1{C\x17\x2d\x43");
        assert_eq!(told("12"), b"{C\x0c");
        assert_eq!(told("a{b"), b"{Ba{{b");
    }

    #[test]
    fn other_letters_are_refused() {
        for text in ["", "Đ1", "a\u{1b}b", "a\n"] {
            assert_eq!(code128(text), None, "{text:?}");
        }
    }

    /// Made by python-barcode 0.16: `Code128("H29-240115-0001").build()`.
    #[test]
    fn bars_are_those_of_python_barcode() {
        let line: String =
            bars(&code128("H29-240115-0001").unwrap()).iter().map(|bar| if *bar { '1' } else { '0' }).collect();
        assert_eq!(line, include_str!("../../tests/golden/code128.txt").trim());
    }

    #[test]
    fn the_picture_has_the_bars() {
        let picture = draw(&[true, false, true, true], 2, 3);
        let row: Vec<bool> = (0..8).map(|x| picture.get(x, 2)).collect();
        assert_eq!(row, [true, true, false, false, true, true, true, true]);
        assert_eq!((picture.width(), picture.height()), (8, 3));
    }
}
