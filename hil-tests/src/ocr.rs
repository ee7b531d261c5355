//! Another reader than ours: tesseract, with Debian's Vietnamese model, reads a paper from the virtual printer's picture.
//!
//! Needs Debian's `tesseract-ocr` and `tesseract-ocr-vie`, which `.ci/install-packages` installs.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::virtual_printer::Bitmap;

/// White around the picture, in dots.
const MARGIN: usize = 32;
/// A line of a page may be printed as so many.
const MOST_LINES: usize = 4;

/// Whether tesseract is here.
///
/// # Errors
/// Why not, and what to install.
pub fn is_here() -> Result<(), String> {
    let languages = Command::new("tesseract").arg("--list-langs").output();
    let languages = languages.map_err(|error| format!("tesseract: {error} (apt-get install tesseract-ocr)"))?;
    let told = String::from_utf8_lossy(&languages.stdout).into_owned();
    let vietnamese = told.lines().any(|line| line.trim() == "vie");
    vietnamese.then_some(()).ok_or_else(|| "it has no Vietnamese (apt-get install tesseract-ocr-vie)".to_owned())
}

/// The lines that tesseract finds on a paper.
///
/// # Errors
/// When it does not run, or says that it failed.
pub fn read(paper: &Bitmap) -> anyhow::Result<Vec<String>> {
    // One block of lines, at twice the dots of the print head.
    read_png(&enlarged(paper)?, &["--psm", "6", "--dpi", "406"])
}

/// The lines that tesseract finds on a picture of a screen, wherever they stand.
///
/// # Errors
/// When it does not run, or says that it failed.
pub fn read_screen(png: &[u8]) -> anyhow::Result<Vec<String>> {
    read_png(png, &["--psm", "11"])
}

fn read_png(png: &[u8], options: &[&str]) -> anyhow::Result<Vec<String>> {
    let mut tesseract = Command::new("tesseract");
    tesseract.args(["-", "-", "-l", "vie"]).args(options).env("OMP_THREAD_LIMIT", "1");
    tesseract.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = tesseract.spawn().context("tesseract")?;
    // It reads all of its input before it answers, so this cannot wait for itself.
    child.stdin.take().context("its input")?.write_all(png)?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "tesseract: {}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout)?;
    Ok(lines.lines().map(plain).filter(|line| !line.is_empty()).collect())
}

/// The paper with its margin as PNG, twice as large, the dots between two others as grey as both together.
fn enlarged(paper: &Bitmap) -> anyhow::Result<Vec<u8>> {
    let (width, height) = (2 * (paper.width() + 2 * MARGIN), 2 * (paper.height() + 2 * MARGIN));
    let white = |x: usize, y: usize| {
        let inside = x.checked_sub(MARGIN).zip(y.checked_sub(MARGIN));
        u16::from(!inside.is_some_and(|(x, y)| paper.has_ink(x, y)))
    };
    let pixel = |x: usize, y: usize| {
        let sum = white(x / 2, y / 2) + white(x.div_ceil(2), y / 2) + white(x / 2, y.div_ceil(2));
        (255 * (sum + white(x.div_ceil(2), y.div_ceil(2))) / 4) as u8
    };
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(file)
}

/// Dashes of any length are one dash, as on the paper; spaces are single.
fn plain(line: &str) -> String {
    let dashes = line.replace(['–', '—', '−', '‐'], "-");
    dashes.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Share of the characters of one line that were read right, wherever it stands in what was read.
#[must_use]
pub fn share_of_line(line: &str, read: &[String]) -> f64 {
    share_read(&[line.to_owned()], read)
}

/// Share of the characters of `lines` that were read right, wherever they stand in what was read.
#[must_use]
pub fn share_read(lines: &[String], read: &[String]) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measure_counts_characters() {
        let read = ["Đất".to_owned(), "đai".to_owned(), "Quáy: 3".to_owned()];
        assert_eq!(share_of_line("Đất đai", &read), 1.0);
        assert_eq!(share_of_line("Quầy: 3", &read), 1.0 - 1.0 / 7.0);
        assert_eq!(share_of_line("xxxx", &read), 0.0);
        assert_eq!(distance("12–20", "12–20"), 0);
    }
}
