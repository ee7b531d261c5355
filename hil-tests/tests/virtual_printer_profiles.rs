//! What each printer profile prints, seen on the virtual printer of that name: the standard ticket, and every
//! Vietnamese letter in both cases.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::expect_used, reason = "a test may panic")]

#[path = "../../device-drivers/ticket-printer/tests/standard/mod.rs"]
mod standard;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use ab_glyph::{Font, FontRef, PxScale, point};
use hil_tests::virtual_printer::{Bitmap, DirectPrinter, Model, Sheet, VirtualPrinter};
use kit::{LifeCycle, LinkConfig};
use ticket_printer::profile::BUILT_IN;
use ticket_printer::{
    Align, Block, Image, Page, PrintOutcome, PrinterMemory, PrinterProfile, TicketPrinter, encode_with,
};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const LIMIT: Duration = Duration::from_secs(30);

/// The 134 letters that Vietnamese adds to ASCII.
const VIETNAMESE: &str = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ\
                          ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ";
/// Letters on one page.
const LETTERS_A_PAGE: usize = 67;
/// White rows that no letter has between its marks and itself.
const GAP_ROWS: usize = 20;
/// Em of letters that are loaded into a printer's cells, in dots.
const CELL_EM: f32 = 19.0;
/// Width of such a cell; above its baseline it has as much room as the em.
const CELL_WIDTH: f32 = 12.0;
/// Letters that are drawn are so much narrower than the font has them.
const DRAWN_WIDTH: f32 = 0.97;

/// Pictures of the tickets, to look at.
fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("tickets");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A model's profile, its printer, and what the driver knows of that.
struct Bench {
    profile: PrinterProfile,
    printer: DirectPrinter,
    memory: PrinterMemory,
}

impl Bench {
    fn new(name: &str) -> Self {
        let printer = DirectPrinter::new(Model::named(name).unwrap_or_else(|| panic!("no virtual {name}")));
        Self { profile: PrinterProfile::built_in(name).unwrap(), printer, memory: PrinterMemory::default() }
    }

    fn print(&mut self, page: &Page) -> Sheet {
        let job = encode_with(page, &self.profile, &mut self.memory).unwrap();
        self.printer.print(&job)
    }
}

#[test]
fn every_profile_prints_the_standard_ticket_without_a_strange_command() {
    for (name, _) in BUILT_IN {
        let mut bench = Bench::new(name);
        let page = standard::Ticket::read().page();
        bench.print(&page);
        let sheet = bench.print(&page);
        sheet.save(&folder().join(format!("{name}.png"))).unwrap();
        assert_eq!(bench.printer.unknown_commands(), Vec::<Vec<u8>>::new(), "{name}");
        assert_eq!(bench.printer.counters().unprintable_characters, 0, "{name}");
        let harmless = |key: &&String| matches!(key.as_str(), "GS P" | "FS .");
        let skipped: Vec<_> = bench.printer.skipped_commands().keys().filter(|key| !harmless(key)).collect();
        assert!(skipped.is_empty(), "{name}: {skipped:?}");
        assert_eq!(codes(&sheet.paper), ["https://hall.local/t/A012"], "{name}");
        assert!(!sheet.cut_into_print, "{name}");
    }
}

/// What a telephone reads on the paper.
fn codes(paper: &Bitmap) -> Vec<String> {
    let grey = |x, y| if paper.has_ink(x, y) { 0 } else { 255 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(paper.width(), paper.height(), grey);
    picture.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[test]
fn a_drawn_bar_code_has_the_bars_of_one_that_a_printer_draws() {
    let code = "H29-240115-0001";
    let page = Page { blocks: vec![Block::Barcode { data: code.to_owned() }] };
    let native = Bench::new("epson-tm-t20iii").print(&page);
    assert_eq!(native.barcodes.iter().map(|barcode| barcode.text.as_str()).collect::<Vec<_>>(), [code]);
    let bars = bars(&native.paper);
    assert!(bars.len() > 90);
    for name in ["unknown-80mm", "bixolon-srp-s300"] {
        let drawn = Bench::new(name).print(&page);
        assert_eq!((drawn.barcodes.len(), self::bars(&drawn.paper)), (0, bars.clone()), "{name}");
        assert_eq!(drawn.lines, [code], "{name}");
    }
    let narrow = Bench::new("unknown-58mm").print(&Page { blocks: vec![Block::Barcode { data: code.repeat(2) }] });
    assert_eq!(codes(&narrow.paper), [code.repeat(2)], "too wide for bars");
}

/// Widths of the bars and spaces in the middle of a bar code, the first thing on the paper.
fn bars(paper: &Bitmap) -> Vec<usize> {
    let inked = |y: &usize| (0..paper.width()).any(|x| paper.has_ink(x, *y));
    let row = (0..paper.height()).find(inked).unwrap() + 20;
    let dots: Vec<bool> = (0..paper.width()).map(|x| paper.has_ink(x, row)).collect();
    let (first, last) = (dots.iter().position(|dot| *dot).unwrap(), dots.iter().rposition(|dot| *dot).unwrap());
    dots[first..=last].chunk_by(|one, next| one == next).map(<[bool]>::len).collect()
}

#[test]
fn a_logo_looks_the_same_sent_or_kept_and_is_lost_with_the_power() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 160, 90);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..160 * 90).map(|place| if place % 160 * place / 640 % 3 == 0 { 0 } else { 255 }).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    let image = Image::from_png(&file).unwrap();
    let logo = |keep| Page { blocks: vec![Block::Image { image: image.clone(), align: Align::Center, keep }] };
    let mut bench = Bench::new("epson-tm-t88v");
    let sent = bench.print(&logo(false));
    let (first, second) = (bench.print(&logo(true)), bench.print(&logo(true)));
    assert!(second.raw.len() < 30 && first.raw.len() > 1000, "{} and {} bytes", first.raw.len(), second.raw.len());
    let dots = sent.paper.ink_dots();
    assert!(dots > 4000);
    for kept in [&first.paper, &second.paper] {
        // One dot of the picture may be left out so that no command hides in it.
        assert!(kept.ink_dots().abs_diff(dots) <= 1 && ink_left(kept) == ink_left(&sent.paper));
    }
    bench.printer.lose_power();
    bench.memory.clear();
    assert_eq!(bench.print(&logo(true)).paper, second.paper);
    assert!(bench.printer.unknown_commands().is_empty());
}

fn ink_left(paper: &Bitmap) -> Option<usize> {
    (0..paper.width()).find(|x| (0..paper.height()).any(|y| paper.has_ink(*x, y)))
}

#[test]
fn every_vietnamese_letter_is_recognised_on_every_profile() {
    let font = FontRef::try_from_slice(include_bytes!("../../assets/fonts/BeVietnamPro_500Medium.ttf")).unwrap();
    let letters: Vec<char> = VIETNAMESE.chars().collect();
    assert_eq!(letters.len(), 134);
    let mut known = HashMap::new();
    for (name, _) in BUILT_IN {
        let mut bench = Bench::new(name);
        for part in letters.chunks(LETTERS_A_PAGE) {
            let lines = part.iter().flat_map(|letter| [Block::text(letter.to_string()), Block::Feed { lines: 2 }]);
            let sheet = bench.print(&Page { blocks: lines.collect() });
            let pictures = cut_out(&sheet.paper);
            assert_eq!(pictures.len(), part.len(), "{name}");
            let expected: Vec<String> = part.iter().map(ToString::to_string).collect();
            if sheet.lines == expected {
                // The printer's own letters: those that a printer that reads UTF-8 has, too.
                let own = cut_out(&in_utf8(&expected).paper);
                assert!(own.iter().zip(&pictures).all(|(own, printed)| own.ink == printed.ink), "{name}");
                continue;
            }
            let em = if bench.profile.user_characters { CELL_EM } else { f32::from(bench.profile.text_dots) };
            for (letter, picture) in part.iter().zip(pictures) {
                // The same picture is read once, whoever prints it.
                let read = *known.entry(picture).or_insert_with_key(|picture| read(&font, &letters, picture, em));
                assert_eq!(read, *letter, "{name}: {letter} looks like {read}");
            }
        }
        assert_eq!(bench.printer.counters().unprintable_characters, 0, "{name}");
    }
}

#[tokio::test]
async fn letters_are_loaded_once_and_again_after_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let paper = VirtualPrinter::on_pty(&path, Model::named("epson-tm-t88iv").unwrap()).await.unwrap();
    let profile = PrinterProfile::built_in("epson-tm-t88iv").unwrap();
    let link = LinkConfig::serial(path.to_string_lossy());
    let driver = TicketPrinter::start("printer-1".into(), link, profile, CancellationToken::new());
    let mut health = driver.health();
    let mut ready = async |wanted: LifeCycle| {
        timeout(LIMIT, health.wait_for(|health| health.life_cycle == wanted)).await.unwrap().unwrap();
    };
    ready(LifeCycle::Ready).await;
    let ticket = standard::Ticket::read().page();
    for _ in 0..2 {
        assert_eq!(timeout(LIMIT, driver.print(ticket.clone())).await.unwrap(), PrintOutcome::Printed);
    }
    // A serial cable does not tell that the printer is without power; its silence does.
    paper.cut_power().await;
    ready(LifeCycle::Degraded).await;
    paper.power_on().await;
    ready(LifeCycle::Ready).await;
    assert_eq!(timeout(LIMIT, driver.print(ticket)).await.unwrap(), PrintOutcome::Printed);
    let sheets = paper.sheets();
    let [first, second, third] = &sheets[..] else { panic!("{} sheets", sheets.len()) };
    assert!(second.raw.len() < first.raw.len() / 2, "{} and {} bytes", first.raw.len(), second.raw.len());
    assert!(third.raw.len() > 2 * second.raw.len());
    assert!(first.paper == second.paper && second.paper == third.paper);
    assert_eq!(paper.counters().unknown_commands, 0);
}

/// The same letters on a printer that is told them as they are.
fn in_utf8(lines: &[String]) -> Sheet {
    let mut job = b"\x1c(C\x02\x00\x30\x02".to_vec();
    for line in lines {
        job.extend_from_slice(line.as_bytes());
        job.extend_from_slice(b"\n\n\n");
    }
    job.extend_from_slice(b"\x1dVB\x00");
    DirectPrinter::new(Model::epson_80mm()).print(&job)
}

/// A picture of one letter: its ink alone.
#[derive(PartialEq, Eq, Hash)]
struct Picture {
    width: usize,
    height: usize,
    ink: Vec<bool>,
}

/// The letters on a paper, from top to bottom.
fn cut_out(paper: &Bitmap) -> Vec<Picture> {
    let inked: Vec<usize> = (0..paper.height()).filter(|y| (0..paper.width()).any(|x| paper.has_ink(x, *y))).collect();
    let letters = inked.chunk_by(|above, below| below - above < GAP_ROWS);
    letters.filter_map(|rows| Some(letter_between(paper, *rows.first()?, *rows.last()?))).collect()
}

fn letter_between(paper: &Bitmap, top: usize, bottom: usize) -> Picture {
    let has = |x: &usize| (top..=bottom).any(|y| paper.has_ink(*x, y));
    let left = (0..paper.width()).find(has).unwrap();
    let right = (0..paper.width()).rev().find(has).unwrap();
    let ink = (top..=bottom).flat_map(|y| (left..=right).map(move |x| (x, y))).map(|(x, y)| paper.has_ink(x, y));
    Picture { width: right - left + 1, height: bottom - top + 1, ink: ink.collect() }
}

/// The letter that a picture is most like, by its dots.
fn read(font: &FontRef<'_>, letters: &[char], picture: &Picture, em: f32) -> char {
    let unlike = |letter: &char| {
        let outline = font.outline(font.glyph_id(*letter)).unwrap().bounds;
        let dot = em / font.units_per_em().unwrap();
        let (across, down) = (dot * DRAWN_WIDTH, dot);
        if em != CELL_EM {
            return difference(font, *letter, (across, down), picture);
        }
        // A cell has so much room, and what is larger is pressed into it.
        let across = across.min(CELL_WIDTH / (outline.max.x - outline.min.x));
        let down = down.min(CELL_EM / outline.min.y.max(outline.max.y));
        difference(font, *letter, (across, down), picture)
    };
    let unlike: Vec<f32> = letters.iter().map(unlike).collect();
    let nearest = (0..letters.len()).min_by(|one, other| unlike[*one].total_cmp(&unlike[*other])).unwrap();
    letters[nearest]
}

/// How much of a picture is unlike a letter of that many dots a unit across and down: 0 is the same.
fn difference(font: &FontRef<'_>, letter: char, (across, down): (f32, f32), picture: &Picture) -> f32 {
    let whole = font.height_unscaled();
    let scale = PxScale { x: across * whole, y: down * whole };
    let glyph = font.outline_glyph(font.glyph_id(letter).with_scale_and_position(scale, point(0.0, 0.0))).unwrap();
    let bounds = glyph.px_bounds();
    let (width, height) = (bounds.width() as usize, bounds.height() as usize);
    let mut shades = vec![0.0; width * height];
    glyph.draw(|x, y, covered| shades[y as usize * width + x as usize] = covered);
    let shade = |x: usize, y: usize| if x < width && y < height { shades[y * width + x] } else { 0.0 };
    let ink = |x: usize, y: usize| {
        let inside = x < picture.width && y < picture.height;
        f32::from(inside && picture.ink[y * picture.width + x])
    };
    let black = picture.ink.iter().filter(|ink| **ink).count() as f32;
    // The frame of the outline may begin a dot before the ink.
    let places = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(right, below)| {
        let (most_x, most_y) = (width.max(picture.width + right), height.max(picture.height + below));
        let dots = (0..most_y).flat_map(|y| (0..most_x).map(move |x| (x, y)));
        let unlike = dots.map(|(x, y)| {
            let found = if x >= right && y >= below { ink(x - right, y - below) } else { 0.0 };
            (shade(x, y) - found).abs()
        });
        unlike.sum::<f32>() / (black + shades.iter().sum::<f32>())
    });
    places.into_iter().fold(f32::MAX, f32::min)
}
