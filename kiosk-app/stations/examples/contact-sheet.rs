//! Lays the pictures of `target/screens` out to be looked at: `index.html` with names, and sheets of many small ones.
//!
//! `make screens` draws the pictures first. Usage: `contact-sheet FOLDER`.

use std::path::{Path, PathBuf};

/// Height of a picture on a sheet, and pictures a row and column.
const HEIGHT: usize = 480;
const COLUMNS: usize = 8;
const ROWS: usize = 3;
const GAP: usize = 16;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/screens".to_owned()));
    let mut names: Vec<String> = std::fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".png"))
        .collect();
    names.sort();
    write_index(&folder, &names)?;
    let sheets = folder.join("sheets");
    if sheets.exists() {
        std::fs::remove_dir_all(&sheets)?;
    }
    std::fs::create_dir_all(&sheets)?;
    let station = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
    let mut count = 0;
    for group in names.chunk_by(|a, b| station(a) == station(b)) {
        for (number, chunk) in group.chunks(COLUMNS * ROWS).enumerate() {
            let pictures: Vec<Picture> = chunk.iter().map(|n| read(&folder.join(n))).collect::<Result<_, _>>()?;
            write_sheet(&sheets.join(format!("{}-{:02}.png", station(&chunk[0]), number + 1)), &pictures)?;
            count += 1;
        }
    }
    println!("{} pictures: {}/index.html, {count} sheets in {}", names.len(), folder.display(), sheets.display());
    Ok(())
}

/// A small picture: width and RGB rows, [`HEIGHT`] of them.
struct Picture {
    width: usize,
    rgb: Vec<[u8; 3]>,
}

fn read(path: &Path) -> Result<Picture, Box<dyn std::error::Error>> {
    let mut decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path)?));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let info = reader.next_frame(&mut bytes)?;
    let (width, height, parts) = (info.width as usize, info.height as usize, info.color_type.samples());
    let small = width * HEIGHT / height.max(1);
    let mut rgb = Vec::with_capacity(small * HEIGHT);
    for y in 0..HEIGHT {
        for x in 0..small {
            rgb.push(mean(
                &bytes,
                (width, parts),
                (x * width / small, (x + 1) * width / small),
                (y * height / HEIGHT, (y + 1) * height / HEIGHT),
            ));
        }
    }
    Ok(Picture { width: small, rgb })
}

/// Mean colour of the pixels in a range of columns and rows.
fn mean(bytes: &[u8], (width, parts): (usize, usize), columns: (usize, usize), rows: (usize, usize)) -> [u8; 3] {
    let (mut sum, mut count) = ([0usize; 3], 0);
    for y in rows.0..rows.1.max(rows.0 + 1) {
        for x in columns.0..columns.1.max(columns.0 + 1) {
            let at = (y * width + x) * parts;
            for (part, sum) in sum.iter_mut().enumerate() {
                *sum += usize::from(bytes[at + part]);
            }
            count += 1;
        }
    }
    sum.map(|part| u8::try_from(part / count).unwrap_or(u8::MAX))
}

fn write_sheet(path: &Path, pictures: &[Picture]) -> Result<(), Box<dyn std::error::Error>> {
    let rows: Vec<&[Picture]> = pictures.chunks(COLUMNS).collect();
    let row_width = |row: &&[Picture]| row.iter().map(|p| p.width + GAP).sum::<usize>() + GAP;
    let width = rows.iter().map(row_width).max().unwrap_or(GAP);
    let height = rows.len() * (HEIGHT + GAP) + GAP;
    let mut sheet = vec![[0x80u8; 3]; width * height];
    for (number, row) in rows.iter().enumerate() {
        let (mut left, top) = (GAP, GAP + number * (HEIGHT + GAP));
        for picture in *row {
            for (y, line) in picture.rgb.chunks(picture.width).enumerate() {
                let at = (top + y) * width + left;
                sheet[at..at + picture.width].copy_from_slice(line);
            }
            left += picture.width + GAP;
        }
    }
    let file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut encoder = png::Encoder::new(file, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(sheet.as_flattened())?;
    Ok(())
}

fn write_index(folder: &Path, names: &[String]) -> std::io::Result<()> {
    let figures: String = names
        .iter()
        .map(|name| {
            format!("<figure><a href=\"{name}\"><img src=\"{name}\" loading=\"lazy\"></a><figcaption>{name}</figcaption></figure>\n")
        })
        .collect();
    let style = "body{font:14px sans-serif;background:#888;display:flex;flex-wrap:wrap;gap:12px}figure{margin:0}img{height:480px}";
    let page =
        format!("<!doctype html><meta charset=\"utf-8\"><title>screens</title><style>{style}</style>\n{figures}");
    std::fs::write(folder.join("index.html"), page)
}
