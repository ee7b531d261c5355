//! Whole pages: frozen bytes of a page in the printer's own font, and what holds for every page.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/reader.rs"]
mod reader;

use proptest::prelude::*;
use reader::{Seen, read};
use ticket_printer::profile::{BUILT_IN, CodePages, Drawer, RasterAlign};
use ticket_printer::{
    Align, Block, EncodeError, Image, Page, PrinterMemory, PrinterProfile, Size, encode, encode_with,
};

fn profile(name: &str) -> PrinterProfile {
    PrinterProfile::built_in(name).unwrap()
}

fn page(blocks: Vec<Block>) -> Page {
    Page { blocks }
}

fn encoded(blocks: Vec<Block>, name: &str) -> Vec<u8> {
    encode(&page(blocks), &profile(name)).unwrap()
}

fn seen(blocks: Vec<Block>, profile: &PrinterProfile) -> Seen {
    read(&encode(&page(blocks), profile).unwrap(), usize::from(profile.dots)).unwrap()
}

fn text(text: &str, align: Align, size: Size, bold: bool) -> Block {
    Block::Text { text: text.into(), align, size, bold }
}

fn picture(width: u32, height: u32) -> Image {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..width * height).map(|place| (place * 7 % 13 * 20) as u8).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    Image::from_png(&file).unwrap()
}

const BEGIN: &[u8] = b"\x1b@\x1da\x0e";
const CUT: &[u8] = b"\x1dVB\x00";

#[test]
fn a_page_in_the_printers_own_font() {
    let heading = text("Đất đai", Align::Center, Size::Large, true);
    let number = Block::Number { text: "A012".into() };
    let bytes = encoded(vec![heading, number, Block::Feed { lines: 2 }, Block::text("Quầy 3 – 5")], "epson-tm-t20iii");
    let expected = [
        BEGIN,
        b"\x1ba\x01\x1b!\x38\x1c.",
        b"\x1bt\x1f\xa7\x1bt\x1e\xcat \xaeai\n",
        b"\x1d!\x77\x1bE\x00A012\n",
        b"\n\n",
        b"\x1ba\x00\x1d!\x00",
        b"Qu\xc7y 3 - 5\n",
        CUT,
    ]
    .concat();
    assert_eq!(bytes, expected);
}

#[test]
fn a_page_of_loaded_letters() {
    let profile = profile("epson-tm-t88iv");
    let mut memory = PrinterMemory::default();
    let blocks = vec![Block::text("Đất"), Block::Rule, text("Đất", Align::Left, Size::Tall, true)];
    let first = encode_with(&page(blocks.clone()), &profile, &mut memory).unwrap();
    let second = encode_with(&page(blocks), &profile, &mut memory).unwrap();
    let expected = [&b"\x1b!\x00\x1ba\x00\x1b%\x01`~t\n"[..], b"\x1d!\x60------\n", b"\x1b!\x18`~t\n", CUT].concat();
    assert_eq!(second, expected);
    assert!(first.ends_with(&expected[3..]) && first.starts_with(b"\x1b!\x00\x1b&\x03``"));
}

#[test]
fn a_line_with_a_letter_that_the_pages_lack_is_drawn_and_the_others_are_not() {
    let bytes = encoded(vec![Block::text("Đ\n3 × 5\nĐ")], "epson-tm-t20iii");
    let start = [BEGIN, b"\x1c.\x1bt\x1f\xa7\n"].concat();
    assert!(bytes.starts_with(&start));
    assert!(bytes.ends_with(&[b"\xa7\n", CUT].concat()), "the page is still set");
    assert_eq!(seen(vec![Block::text("Đ\n3 × 5\nĐ")], &profile("epson-tm-t20iii")).text, b"\xa7\n\xa7\n");
}

#[test]
fn an_unknown_printer_gets_pictures_of_vietnamese_and_its_own_letters_for_the_rest() {
    let seen = seen(vec![Block::text("Đất đai\n08:41 22/11/2026")], &profile("unknown-80mm"));
    assert_eq!(seen.lines(), ["08:41 22/11/2026"]);
    assert!(!seen.images.is_empty());
}

#[test]
fn a_printer_that_may_not_know_a_command_does_not_get_it() {
    for name in ["unknown-80mm", "unknown-58mm", "pos-5890", "xprinter-r200"] {
        let blocks = vec![
            text("Đất đai", Align::Center, Size::Large, true),
            Block::Rule,
            Block::Number { text: "A012".into() },
            Block::Qr { data: "https://hall.local/t/A012".into() },
            Block::Barcode { data: "H29-240115-0001".into() },
            Block::Image { image: picture(64, 64), align: Align::Center, keep: true },
        ];
        let seen = seen(blocks, &profile(name));
        assert!(!seen.units && !seen.centred && seen.loaded.is_empty() && seen.barcodes.is_empty(), "{name}");
        assert!(seen.afresh && seen.stored == 0, "{name}");
    }
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
fn a_number_beyond_the_printers_letters_is_drawn() {
    let number = || vec![Block::Number { text: "Đ012".into() }];
    assert!(seen(number(), &profile("epson-tm-t20iii")).images.is_empty());
    assert!(!seen(number(), &profile("unknown-80mm")).images.is_empty());
}

#[test]
fn pictures_stand_where_the_printer_can_put_them() {
    let blocks = || vec![Block::centred("Đất đai"), Block::Qr { data: "x".into() }];
    let mut unknown = profile("unknown-80mm");
    let left = encode(&page(blocks()), &unknown).unwrap().len();
    assert!(!seen(blocks(), &unknown).centred);
    unknown.raster_align = RasterAlign::Padded;
    let padded = encode(&page(blocks()), &unknown).unwrap().len();
    assert!(!seen(blocks(), &unknown).centred);
    unknown.raster_align = RasterAlign::Printer;
    let by_printer = encode(&page(blocks()), &unknown).unwrap().len();
    assert!(seen(blocks(), &unknown).centred);
    assert!(left < padded && by_printer < padded);
}

#[test]
fn codes_are_doubled_only_where_the_printer_doubles() {
    let mut unknown = profile("unknown-80mm");
    let code = || vec![Block::Qr { data: "https://hall.local/t/A012".into() }];
    let doubled = seen(code(), &unknown).images;
    assert!(doubled.iter().all(|(m, across, _)| *m == 3 && *across <= 7), "{doubled:?}");
    unknown.raster_scaling = false;
    let whole = seen(code(), &unknown).images;
    assert!(whole.iter().all(|(m, _, _)| *m == 0), "{whole:?}");
    assert_eq!(whole.iter().map(|(_, across, _)| *across).max(), Some(13));
}

#[test]
fn a_bar_code_is_told_drawn_or_becomes_a_qr_code() {
    let code = |data: &str| vec![Block::Barcode { data: data.into() }];
    let dossier = "000.00.01.H29-240115-0001";
    let mut epson = profile("epson-tm-t20iii");
    assert_eq!(seen(code("H29-240115-0001"), &epson).barcodes, [b"{BH29-{C\x18\x01\x0f{B-{C\x00\x01"]);
    epson.barcode = Drawer::Raster;
    let drawn = seen(code("H29-240115-0001"), &epson);
    assert_eq!((drawn.lines(), drawn.images.len()), (vec!["H29-240115-0001".to_owned()], 1));
    let narrow = seen(code(dossier), &profile("unknown-58mm"));
    assert_eq!(narrow.lines(), [dossier]);
    let rows: usize = narrow.images.iter().map(|(_, _, rows)| rows).sum();
    assert!(narrow.images.iter().all(|(m, _, _)| *m == 3) && (40..60).contains(&rows), "a QR code: {narrow:?}");
}

#[test]
fn a_logo_is_stored_once_and_then_only_named() {
    let profile = profile("epson-tm-t88v");
    let logo = |keep| page(vec![Block::Image { image: picture(100, 40), align: Align::Center, keep }]);
    let mut memory = PrinterMemory::default();
    let mut print = |keep| {
        let bytes = encode_with(&logo(keep), &profile, &mut memory).unwrap();
        read(&bytes, usize::from(profile.dots)).unwrap()
    };
    let first = print(true);
    assert_eq!((first.stored, first.recalled, first.images.len(), first.afresh), (1, 1, 0, false));
    let second = print(true);
    assert_eq!((second.stored, second.recalled), (0, 1));
    let other = print(false);
    assert!(other.afresh && other.recalled == 0 && !other.images.is_empty());
    assert_eq!(print(true).stored, 1, "ESC @ made the printer forget");
}

#[test]
fn words_wider_than_the_paper_become_smaller_before_they_are_cut() {
    let narrow = profile("unknown-58mm");
    // 20 letters at twice the width need 40 columns of 32.
    let seen = seen(vec![text("A2345678901234567890 B", Align::Left, Size::Large, false)], &narrow);
    assert_eq!(seen.lines(), ["A2345678901234567890 B"]);
    let address = "https://hall.local/tickets/2026/11/22/A012";
    let lines = self::seen(vec![Block::text(address)], &narrow).lines();
    assert_eq!(lines.concat(), address, "only what no size holds is cut");
}

#[test]
fn a_letter_that_nobody_has_is_a_question_mark() {
    let seen = seen(vec![Block::text("Ngo 中 Dinh")], &profile("epson-tm-t20iii"));
    assert_eq!(seen.lines(), ["Ngo ? Dinh"]);
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
    let image = refused(vec![Block::Image { image: picture(400, 8), align: Align::Left, keep: false }]);
    assert!(image.to_string().contains("400 dots wide and the paper 384"), "{image}");
    for data in ["", "a\u{1b}@"] {
        let code = refused(vec![Block::Qr { data: data.into() }]);
        assert!(matches!(code, EncodeError::Qr(_)), "{code}");
    }
    for data in ["", "Đ", "a\u{1b}@"] {
        let code = refused(vec![Block::Barcode { data: data.into() }]);
        assert!(matches!(code, EncodeError::Barcode(_)), "{code}");
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
    let words = prop::collection::vec(letters, 0..60).prop_map(|text| text.into_iter().collect());
    prop_oneof![
        (words, align.clone(), size, any::<bool>())
            .prop_map(|(words, align, size, bold): (String, _, _, _)| text(&words, align, size, bold)),
        "[A-Z][0-9]{1,5}".prop_map(|text| Block::Number { text }),
        Just(Block::Rule),
        "[!-~]{1,60}".prop_map(|data| Block::Qr { data }),
        "[ -~]{1,40}".prop_map(|data| Block::Barcode { data }),
        (1_u32..300, 1_u32..80, align, any::<bool>()).prop_map(|(width, height, align, keep)| Block::Image {
            image: picture(width, height),
            align,
            keep
        }),
        (0_u8..9).prop_map(|lines| Block::Feed { lines }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn whatever_the_page_says_the_printer_gets_only_known_commands(
        blocks in prop::collection::vec(any_block(), 1..12),
        place in prop::sample::select(vec![RasterAlign::Left, RasterAlign::Padded, RasterAlign::Printer]),
        scaling: bool,
        loads: bool,
    ) {
        for (_, text) in BUILT_IN {
            let mut profile = PrinterProfile::from_toml(text).unwrap();
            profile.raster_align = place;
            profile.raster_scaling = scaling;
            profile.user_characters |= loads;
            let mut memory = PrinterMemory::default();
            for _ in 0..2 {
                let bytes = encode_with(&page(blocks.clone()), &profile, &mut memory).unwrap();
                let seen = read(&bytes, usize::from(profile.dots));
                prop_assert!(seen.is_ok(), "{}: {:?}", profile.name, seen);
            }
        }
    }

    /// A page of letters that the printer has: what comes out is what was said, word by word.
    #[test]
    fn no_syllable_is_cut_and_none_is_lost(
        words in prop::collection::vec("[a-zA-Z]{1,7}", 1..40),
        size in prop::sample::select(vec![Size::Normal, Size::Tall, Size::Large]),
        name in prop::sample::select(BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>()),
        align in prop::sample::select(vec![Align::Left, Align::Center]),
    ) {
        let lines = seen(vec![text(&words.join(" "), align, size, false)], &profile(name)).lines();
        let printed: Vec<&str> = lines.iter().flat_map(|line| line.split(' ')).collect();
        prop_assert_eq!(printed, words);
    }

    /// Loading letters changes how a text is sent, never what it says.
    #[test]
    fn whatever_the_printer_holds_the_text_is_the_same(
        first in "[`a-zA-Zàếộữđ #-]{1,30}", second in "[`a-zA-Zàếộữđ #-]{1,30}",
    ) {
        let mut model = profile("epson-tm-t88iv");
        model.code_pages = CodePages::default();
        let mut memory = PrinterMemory::default();
        encode_with(&page(vec![Block::text(first)]), &model, &mut memory).unwrap();
        let bytes = encode_with(&page(vec![Block::text(second.clone())]), &model, &mut memory).unwrap();
        let plain: String = second.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let columns = bytes.iter().rev().skip(CUT.len() + 1);
        // Each letter is one byte; between them stand only switches of three bytes.
        let mut letters = Vec::new();
        let mut rest: Vec<u8> = columns.copied().collect();
        rest.reverse();
        let mut at = rest.len();
        while letters.len() < plain.chars().count() && at > 0 {
            at -= 1;
            if at >= 2 && rest[at - 2..at] == *b"\x1b%" {
                at -= 2;
            } else {
                letters.push(rest[at]);
            }
        }
        letters.reverse();
        for (letter, code) in plain.chars().zip(&letters) {
            if letter.is_ascii() {
                prop_assert_eq!(letter as u8, *code);
            }
        }
        prop_assert_eq!(letters.len(), plain.chars().count());
    }
}
