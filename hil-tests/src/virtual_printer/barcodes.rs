//! Bars of the one-dimensional codes that slips carry: CODE128, CODE39, EAN-13, EAN-8, UPC-A, ITF.
//!
//! Only patterns are made here; width, height and text below are the interpreter's matter.
//! Source: ISO/IEC 15417, 16388, 15420, 16390; checked against python-barcode in the tests.

/// Widths of bars and spaces of the CODE128 values 0–105.
#[rustfmt::skip]
const CODE128: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",
    "132212", "221213", "221312", "231212", "112232", "122132", "122231", "113222",
    "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
    "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321",
    "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
    "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321",
    "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224",
    "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
    "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412",
    "211214", "211232",
];
const CODE128_STOP: &str = "2331112";

const CODE39_LETTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*";
/// Wide (w) and narrow (n) bars and spaces, in the order of [`CODE39_LETTERS`].
#[rustfmt::skip]
const CODE39: [&str; 44] = [
    "nnnwwnwnn", "wnnwnnnnw", "nnwwnnnnw", "wnwwnnnnn", "nnnwwnnnw", "wnnwwnnnn", "nnwwwnnnn",
    "nnnwnnwnw", "wnnwnnwnn", "nnwwnnwnn", "wnnnnwnnw", "nnwnnwnnw", "wnwnnwnnn", "nnnnwwnnw",
    "wnnnwwnnn", "nnwnwwnnn", "nnnnnwwnw", "wnnnnwwnn", "nnwnnwwnn", "nnnnwwwnn", "wnnnnnnww",
    "nnwnnnnww", "wnwnnnnwn", "nnnnwnnww", "wnnnwnnwn", "nnwnwnnwn", "nnnnnnwww", "wnnnnnwwn",
    "nnwnnnwwn", "nnnnwnwwn", "wwnnnnnnw", "nwwnnnnnw", "wwwnnnnnn", "nwnnwnnnw", "wwnnwnnnn",
    "nwwnwnnnn", "nwnnnnwnw", "wwnnnnwnn", "nwwnnnwnn", "nwnwnwnnn", "nwnwnnnwn", "nwnnnwnwn",
    "nnnwnwnwn", "nwnnwnwnn",
];

/// Widths of the left odd set of EAN; the other two sets follow from it.
const EAN_LEFT_ODD: [&str; 10] = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"];
/// Which of the six left digits are of the even set, by first digit.
const EAN_PARITY: [&str; 10] =
    ["oooooo", "ooeoee", "ooeeoe", "ooeeeo", "oeooee", "oeeooe", "oeeeoo", "oeoeoe", "oeoeeo", "oeeoeo"];
const ITF: [&str; 10] = ["nnwwn", "wnnnw", "nwnnw", "wwnnn", "nnwnw", "wnwnn", "nwwnn", "nnnww", "wnnwn", "nwnwn"];

/// The kinds of bar code that the printer draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarcodeKind {
    /// UPC-A: eleven or twelve digits.
    UpcA,
    /// EAN-13: twelve or thirteen digits.
    Ean13,
    /// EAN-8: seven or eight digits.
    Ean8,
    /// CODE39.
    Code39,
    /// Interleaved 2 of 5: an even count of digits.
    Itf,
    /// CODE128.
    Code128,
}

/// A bar code ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bars {
    /// One entry a module, true for a bar.
    pub modules: Vec<bool>,
    /// What it says, check digit included.
    pub text: String,
}

/// The kind that `m` of `GS k m` stands for; `None` for one that is not drawn.
pub(crate) fn kind_of(m: u8) -> Option<BarcodeKind> {
    match m {
        0 | 65 => Some(BarcodeKind::UpcA),
        2 | 67 => Some(BarcodeKind::Ean13),
        3 | 68 => Some(BarcodeKind::Ean8),
        4 | 69 => Some(BarcodeKind::Code39),
        5 | 70 => Some(BarcodeKind::Itf),
        73 | 79 => Some(BarcodeKind::Code128),
        _ => None,
    }
}

/// Makes the bars; `None` when the data is not allowed in that kind, as a printer refuses it.
pub(crate) fn bars(kind: BarcodeKind, data: &[u8]) -> Option<Bars> {
    match kind {
        BarcodeKind::UpcA => {
            let digits = with_check_digit(data, 12)?;
            let mut padded = vec![0];
            padded.extend_from_slice(&digits);
            Some(ean13(&padded, &digits))
        }
        BarcodeKind::Ean13 => {
            let digits = with_check_digit(data, 13)?;
            Some(ean13(&digits, &digits))
        }
        BarcodeKind::Ean8 => ean8(data),
        BarcodeKind::Code39 => code39(data),
        BarcodeKind::Itf => itf(data),
        BarcodeKind::Code128 => code128(data),
    }
}

/// Appends alternating bars and spaces of the given widths, beginning with a bar if `bar`.
fn push_widths(modules: &mut Vec<bool>, widths: &str, bar: bool) {
    let mut black = bar;
    for width in widths.bytes() {
        modules.extend(std::iter::repeat_n(black, usize::from(width - b'0')));
        black = !black;
    }
}

/// Turns wide and narrow into three and one modules.
fn widths_of(pattern: &str) -> String {
    pattern.replace('w', "3").replace('n', "1")
}

fn code128(data: &[u8]) -> Option<Bars> {
    let mut values: Vec<usize> = Vec::new();
    let mut text = String::new();
    let mut set = b'B';
    let mut rest = data;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'{' {
            let (&code, after) = rest.split_first()?;
            rest = after;
            match code {
                b'A' | b'B' | b'C' if values.is_empty() => {
                    set = code;
                    values.push(103 + usize::from(code - b'A'));
                    continue;
                }
                b'A' | b'B' | b'C' => {
                    set = code;
                    values.push(match code {
                        b'A' => 101,
                        b'B' => 100,
                        _ => 99,
                    });
                    continue;
                }
                b'1' => {
                    values.push(102);
                    continue;
                }
                b'{' => {}
                _ => return None,
            }
        }
        if values.is_empty() {
            values.push(104);
        }
        values.push(match set {
            b'C' if byte < 100 => usize::from(byte),
            b'A' if byte < 32 => usize::from(byte) + 64,
            b'A' if byte < 96 => usize::from(byte) - 32,
            b'B' if (32..128).contains(&byte) => usize::from(byte) - 32,
            _ => return None,
        });
        match set {
            b'C' => text.push_str(&format!("{byte:02}")),
            _ => text.push(char::from(byte)),
        }
    }
    let start = *values.first()?;
    let sum: usize = start + values.iter().enumerate().map(|(place, value)| place * value).sum::<usize>();
    values.push(sum % 103);
    let mut modules = Vec::new();
    for value in values {
        push_widths(&mut modules, CODE128[value], true);
    }
    push_widths(&mut modules, CODE128_STOP, true);
    Some(Bars { modules, text })
}

fn code39(data: &[u8]) -> Option<Bars> {
    let inner = std::str::from_utf8(data).ok()?.trim_matches('*').to_owned();
    let mut modules = Vec::new();
    for letter in format!("*{inner}*").chars() {
        let place = CODE39_LETTERS.find(letter)?;
        push_widths(&mut modules, &widths_of(CODE39[place]), true);
        modules.push(false);
    }
    modules.pop();
    Some(Bars { modules, text: inner })
}

fn itf(data: &[u8]) -> Option<Bars> {
    let digits = digits_of(data)?;
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let mut modules = Vec::new();
    push_widths(&mut modules, "1111", true);
    for pair in digits.chunks_exact(2) {
        let (bars, spaces) = (widths_of(ITF[pair[0]]), widths_of(ITF[pair[1]]));
        for (bar, space) in bars.bytes().zip(spaces.bytes()) {
            modules.extend(std::iter::repeat_n(true, usize::from(bar - b'0')));
            modules.extend(std::iter::repeat_n(false, usize::from(space - b'0')));
        }
    }
    push_widths(&mut modules, "311", true);
    Some(Bars { modules, text: text_of(&digits) })
}

fn digits_of(data: &[u8]) -> Option<Vec<usize>> {
    data.iter().map(|byte| byte.is_ascii_digit().then(|| usize::from(byte - b'0'))).collect()
}

fn text_of(digits: &[usize]) -> String {
    digits.iter().map(ToString::to_string).collect()
}

/// `wanted` digits, the last one computed when it is missing and refused when it is wrong.
fn with_check_digit(data: &[u8], wanted: usize) -> Option<Vec<usize>> {
    let mut digits = digits_of(data)?;
    if digits.len() != wanted && digits.len() != wanted - 1 {
        return None;
    }
    let sum: usize = digits[..wanted - 1]
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { 3 * digit } else { *digit })
        .sum();
    let check = (10 - sum % 10) % 10;
    match digits.get(wanted - 1) {
        None => digits.push(check),
        Some(given) if *given == check => {}
        Some(_) => return None,
    }
    Some(digits)
}

fn ean13(digits: &[usize], shown: &[usize]) -> Bars {
    let mut modules = Vec::new();
    push_widths(&mut modules, "111", true);
    for (digit, parity) in digits[1..7].iter().zip(EAN_PARITY[digits[0]].chars()) {
        push_left(&mut modules, *digit, parity == 'e');
    }
    push_widths(&mut modules, "11111", false);
    for digit in &digits[7..] {
        push_widths(&mut modules, EAN_LEFT_ODD[*digit], true);
    }
    push_widths(&mut modules, "111", true);
    Bars { modules, text: text_of(shown) }
}

/// A left digit; the even set is the odd one mirrored.
fn push_left(modules: &mut Vec<bool>, digit: usize, even: bool) {
    if even {
        let mirrored: String = EAN_LEFT_ODD[digit].chars().rev().collect();
        push_widths(modules, &mirrored, false);
    } else {
        push_widths(modules, EAN_LEFT_ODD[digit], false);
    }
}

fn ean8(data: &[u8]) -> Option<Bars> {
    let digits = with_check_digit(data, 8)?;
    let mut modules = Vec::new();
    push_widths(&mut modules, "111", true);
    for digit in &digits[..4] {
        push_left(&mut modules, *digit, false);
    }
    push_widths(&mut modules, "11111", false);
    for digit in &digits[4..] {
        push_widths(&mut modules, EAN_LEFT_ODD[*digit], true);
    }
    push_widths(&mut modules, "111", true);
    Some(Bars { modules, text: text_of(&digits) })
}

#[cfg(test)]
mod tests {
    use super::{BarcodeKind, bars};

    fn modules(kind: BarcodeKind, data: &[u8]) -> String {
        let made = bars(kind, data).map(|made| made.modules).unwrap_or_default();
        made.iter().map(|bar| if *bar { '1' } else { '0' }).collect()
    }

    /// Patterns made by python-barcode 0.16 (`build()`).
    #[test]
    fn patterns_equal_those_of_python_barcode() {
        assert_eq!(
            modules(BarcodeKind::Code128, b"{BA-b12x"),
            "11010010000101000110001001101110010010000110100111001101100111001011110010010100111001101100011101011"
        );
        assert_eq!(
            modules(BarcodeKind::Ean13, b"893123456789"),
            "10100010110100001001100100110110100001010001101010100111010100001000100100100011101001000100101"
        );
        assert_eq!(
            modules(BarcodeKind::Ean8, b"1234567"),
            "1010011001001001101111010100011010101001110101000010001001110010101"
        );
        assert_eq!(
            modules(BarcodeKind::UpcA, b"03600029145"),
            "10100011010111101010111100011010001101000110101010110110011101001100110101110010011101101100101"
        );
        assert_eq!(
            modules(BarcodeKind::Code39, b"H15-01"),
            "1000101110111010111010100011101011101000101011101110100011101010100010101110111010100011101110101110100010101110100010111011101"
        );
        assert_eq!(
            modules(BarcodeKind::Itf, b"123456"),
            "101011101000101011100011101110100010100011101000111000101011101"
        );
    }

    #[test]
    fn wrong_data_is_refused() {
        assert_eq!(bars(BarcodeKind::Ean13, b"8931234567890"), None);
        assert_eq!(bars(BarcodeKind::Ean8, b"12a4567"), None);
        assert_eq!(bars(BarcodeKind::Itf, b"123"), None);
        assert_eq!(bars(BarcodeKind::Code128, b"{Bx{"), None);
        assert_eq!(bars(BarcodeKind::Code39, b"abc"), None);
    }
}
