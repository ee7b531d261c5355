//! Another reader than ours: tesseract reads the standard ticket of every profile from the virtual printer's picture.
//!
//! Needs Debian's `tesseract-ocr` and `tesseract-ocr-vie`; without them it says so and passes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::expect_used, reason = "a test may panic")]

#[path = "../../device-drivers/ticket-printer/tests/standard/mod.rs"]
mod standard;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use hil_tests::virtual_printer::{Bitmap, DirectPrinter, Model};
use ticket_printer::profile::BUILT_IN;
use ticket_printer::{PrinterMemory, PrinterProfile, encode_with};

/// Share of the characters of the text lines that must be read right.
const WANTED: f64 = 0.97;
/// White around the picture, in dots.
const MARGIN: usize = 32;
/// A line of the ticket may be printed as so many.
const MOST_LINES: usize = 3;

#[test]
fn tesseract_reads_the_ticket_of_every_profile() {
    if let Err(why) = tesseract_is_here() {
        eprintln!("OCR of the tickets is left out: {why}");
        return;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ocr");
    std::fs::create_dir_all(&folder).unwrap();
    let ticket = standard::Ticket::read();
    let mut known: HashMap<Vec<u8>, Vec<String>> = HashMap::new();
    let mut poor = Vec::new();
    for (name, _) in BUILT_IN {
        let profile = PrinterProfile::built_in(name).unwrap();
        let job = encode_with(&ticket.page(), &profile, &mut PrinterMemory::default()).unwrap();
        let sheet = DirectPrinter::new(Model::named(name).unwrap()).print(&job);
        let file = folder.join(format!("{name}.png"));
        let picture = enlarged(&sheet.paper);
        // Several models print the same.
        let read = known.entry(picture.pixels.clone()).or_insert_with(|| read(&picture, &file));
        let right = share_read(&ticket.lines(), read);
        println!("{name}: {:.1} % of the characters", right * 100.0);
        if right < WANTED {
            poor.push(format!("{name} {right:.3}: {read:#?}"));
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
}

fn tesseract_is_here() -> Result<(), String> {
    let languages = Command::new("tesseract").arg("--list-langs").output();
    let languages = languages.map_err(|error| format!("tesseract: {error} (apt-get install tesseract-ocr)"))?;
    let told = String::from_utf8_lossy(&languages.stdout).into_owned();
    let vietnamese = told.lines().any(|line| line.trim() == "vie");
    vietnamese.then_some(()).ok_or_else(|| "it has no Vietnamese (apt-get install tesseract-ocr-vie)".to_owned())
}

struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The paper with its margin, twice as large, the dots between two others as grey as both together.
fn enlarged(paper: &Bitmap) -> Grey {
    let (width, height) = (2 * (paper.width() + 2 * MARGIN), 2 * (paper.height() + 2 * MARGIN));
    let white = |x: usize, y: usize| {
        let inside = x.checked_sub(MARGIN).zip(y.checked_sub(MARGIN));
        u16::from(!inside.is_some_and(|(x, y)| paper.has_ink(x, y)))
    };
    let pixel = |x: usize, y: usize| {
        let sum = white(x / 2, y / 2) + white(x.div_ceil(2), y / 2) + white(x / 2, y.div_ceil(2));
        (255 * (sum + white(x.div_ceil(2), y.div_ceil(2))) / 4) as u8
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect();
    Grey { width, height, pixels }
}

/// The lines that tesseract finds.
fn read(picture: &Grey, file: &Path) -> Vec<String> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, picture.width as u32, picture.height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&picture.pixels).unwrap();
    std::fs::write(file, png).unwrap();
    let mut tesseract = Command::new("tesseract");
    // One block of lines, at twice the dots of the print head.
    tesseract.arg(file).args(["-", "-l", "vie", "--psm", "6", "--dpi", "406"]).env("OMP_THREAD_LIMIT", "1");
    let output = tesseract.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(plain).filter(|line| !line.is_empty()).collect()
}

/// Dashes of any length are one dash, as on the paper; spaces are single.
fn plain(line: &str) -> String {
    let dashes = line.replace(['–', '—', '−', '‐'], "-");
    dashes.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Share of the characters of `lines` that were read right, wherever they stand in what was read.
fn share_read(lines: &[String], read: &[String]) -> f64 {
    let (mut all, mut wrong) = (0, 0);
    for line in lines.iter().map(|line| plain(line)) {
        let length = line.chars().count();
        let pieces = (0..read.len()).flat_map(|from| (1..=MOST_LINES).map(move |count| (from, count)));
        let pieces = pieces.filter_map(|(from, count)| Some(read.get(from..from + count)?.join(" ")));
        all += length;
        wrong += pieces.map(|piece| distance(&line, &piece)).min().unwrap_or(length).min(length);
    }
    1.0 - wrong as f64 / all as f64
}

/// Characters to change, add or leave out to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], place + 1);
        for (at, found) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *found);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[test]
fn the_measure_counts_characters() {
    let read = ["Đất".to_owned(), "đai".to_owned(), "Quáy: 3".to_owned()];
    let share = |lines: &[&str]| share_read(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>(), &read);
    assert_eq!(share(&["Đất đai"]), 1.0);
    assert_eq!(share(&["Quầy: 3"]), 1.0 - 1.0 / 7.0);
    assert_eq!(share(&["xxxx"]), 0.0);
    assert_eq!(distance("12–20", "12–20"), 0);
}
