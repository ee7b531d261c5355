//! Whole pages: frozen bytes of a page in the printer's own font, and what holds for every page.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use ticket_printer::profile::{BUILT_IN, RasterAlign};
use ticket_printer::{Align, Block, EncodeError, Page, PrinterProfile, Size, encode};

fn profile(name: &str) -> PrinterProfile {
    PrinterProfile::built_in(name).unwrap()
}

fn page(blocks: Vec<Block>) -> Page {
    Page { blocks }
}

fn encoded(blocks: Vec<Block>, name: &str) -> Vec<u8> {
    encode(&page(blocks), &profile(name)).unwrap()
}

const BEGIN: &[u8] = b"\x1b@\x1da\x0e\x1dP\xcb\xcb\x1c.";
const CUT: &[u8] = b"\x1dVB\x00";

#[test]
fn a_page_in_the_printers_own_font() {
    let heading = Block::Text { text: "Đất đai".into(), align: Align::Center, size: Size::Large, bold: true };
    let number = Block::Number { text: "A012".into() };
    let bytes = encoded(vec![heading, number, Block::Feed { lines: 2 }, Block::text("Quầy 3 – 5")], "epson-tm-t20iii");
    let expected = [
        BEGIN,
        b"\x1ba\x01\x1d!\x11\x1bE\x01",
        b"\x1bt\x1f\xa7\x1bt\x1e\xcat \xaeai\n",
        b"\x1d!\x77\x1bE\x00A012\n",
        b"\x1bJ\x44",
        b"\x1ba\x00\x1d!\x00",
        b"Qu\xc7y 3 - 5\n",
        CUT,
    ]
    .concat();
    assert_eq!(bytes, expected);
}

#[test]
fn a_line_with_a_letter_that_the_pages_lack_is_drawn_and_the_others_are_not() {
    let bytes = encoded(vec![Block::text("Đ\n3 × 5\nĐ")], "epson-tm-t20iii");
    let start = [BEGIN, b"\x1bt\x1f\xa7\n"].concat();
    assert!(bytes.starts_with(&start));
    assert!(bytes.ends_with(&[b"\xa7\n", CUT].concat()), "the page is still set");
    assert!(bytes.windows(3).any(|window| window == b"\x1dv0"));
}

#[test]
fn the_number_is_as_large_as_the_paper_allows() {
    for (text, scale) in [("A012", 0x77), ("A012-34567", 0x33), ("1", 0x77)] {
        let bytes = encoded(vec![Block::Number { text: text.into() }], "epson-tm-t20iii");
        let expected = [&[0x1d, b'!', scale], text.as_bytes(), b"\n"].concat();
        assert!(bytes.windows(expected.len()).any(|window| window == expected), "{text}");
    }
}

#[test]
fn a_number_beyond_ascii_is_drawn() {
    let bytes = encoded(vec![Block::Number { text: "Đ012".into() }], "epson-tm-t20iii");
    assert!(bytes.windows(3).any(|window| window == b"\x1dv0"));
}

#[test]
fn padding_replaces_alignment_where_the_printer_has_none() {
    let mut padded = profile("unknown-80mm");
    padded.raster_align = RasterAlign::Padded;
    let text = page(vec![Block::centred("Đất đai")]);
    let bytes = encode(&text, &padded).unwrap();
    assert!(!bytes.windows(2).any(|window| window == b"\x1ba"));
    let by_printer = encode(&text, &profile("unknown-80mm")).unwrap();
    assert!(by_printer.windows(3).any(|window| window == b"\x1ba\x01"));
    assert!(bytes.len() > by_printer.len());
}

#[test]
fn pages_beyond_a_bound_are_refused() {
    let refused = |blocks| encode(&page(blocks), &profile("unknown-58mm")).unwrap_err();
    assert_eq!(refused(vec![]), EncodeError::Empty);
    let many = refused(vec![Block::Rule; 257]);
    assert!(many.to_string().contains("257 blocks; at most 256"), "{many}");
    let long = refused(vec![Block::text("a ".repeat(3000))]);
    assert!(matches!(long, EncodeError::TooMuch { .. }), "{long}");
    let wide = refused(vec![Block::Number { text: "1".repeat(33) }]);
    assert!(matches!(wide, EncodeError::NumberTooWide(_)), "{wide}");
    let wide_code = refused(vec![Block::Qr { data: "x".repeat(500) }]);
    assert!(wide_code.to_string().contains("wider than the paper"), "{wide_code}");
    for data in ["", "a\u{1b}@"] {
        let code = refused(vec![Block::Qr { data: data.into() }]);
        assert!(matches!(code, EncodeError::Qr(_)), "{code}");
    }
}

/// Reads a job as a printer does; gives the text bytes, or what it does not know.
fn text_of(mut bytes: &[u8], dots: usize) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    loop {
        bytes = match bytes {
            [] => return Ok(text),
            [0x1d, b'v', b'0', 0, x, 0, y, 0, rest @ ..] => {
                let (across, size) = (usize::from(*x), usize::from(*x) * usize::from(*y));
                if across * 8 > dots || size > 4096 || size > rest.len() {
                    return Err(format!("image of {x} by {y}"));
                }
                let (data, rest) = rest.split_at(size);
                let hidden = |pair: &[u8]| pair[0] == 0x10 && [4, 5, 0x14].contains(&pair[1]);
                if data.windows(2).any(hidden) {
                    return Err("a real-time command in an image".into());
                }
                rest
            }
            [0x1d, b'(', b'k', low, high, rest @ ..] => {
                let size = usize::from(u16::from_le_bytes([*low, *high]));
                rest.get(size..).ok_or("short QR")?
            }
            [0x1b, b'@', rest @ ..] | [0x1c, b'.', rest @ ..] => rest,
            [0x1d, b'P', _, _, rest @ ..] | [0x1d, b'V', 0x41 | 0x42, 0, rest @ ..] => rest,
            [0x1b, b'J' | b'a' | b't' | b'E' | b'd', _, rest @ ..] => rest,
            [0x1d, b'a' | b'!', _, rest @ ..] => rest,
            [0x0a, rest @ ..] => rest,
            [letter, rest @ ..] if *letter >= 0x20 => {
                text.push(*letter);
                rest
            }
            [control, ..] => return Err(format!("control byte {control:02x}")),
        };
    }
}

fn any_block() -> impl Strategy<Value = Block> {
    let align = prop_oneof![Just(Align::Left), Just(Align::Center), Just(Align::Right)];
    let size = prop_oneof![Just(Size::Normal), Just(Size::Tall), Just(Size::Large)];
    let letters = prop_oneof![
        any::<char>(),
        any::<u8>().prop_map(char::from),
        prop::sample::select("Đấtươngệ ".chars().collect::<Vec<_>>()),
    ];
    let text = prop::collection::vec(letters, 0..60).prop_map(|text| text.into_iter().collect());
    prop_oneof![
        (text, align, size, any::<bool>())
            .prop_map(|(text, align, size, bold): (String, _, _, _)| { Block::Text { text, align, size, bold } }),
        "[A-Z][0-9]{1,5}".prop_map(|text| Block::Number { text }),
        Just(Block::Rule),
        "[!-~]{1,60}".prop_map(|data| Block::Qr { data }),
        (0_u8..9).prop_map(|lines| Block::Feed { lines }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_the_page_says_the_printer_gets_only_known_commands(
        blocks in prop::collection::vec(any_block(), 1..12),
        padded: bool,
    ) {
        for (_, text) in BUILT_IN {
            let mut profile = PrinterProfile::from_toml(text).unwrap();
            if padded { profile.raster_align = RasterAlign::Padded; }
            let bytes = encode(&page(blocks.clone()), &profile).unwrap();
            let read = text_of(&bytes, usize::from(profile.dots));
            prop_assert!(read.is_ok(), "{:?}", read);
        }
    }
}
