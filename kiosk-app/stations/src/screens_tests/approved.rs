//! Pictures that a person has looked at and approved, kept small in `approved/`: a quarter of the size, 16 colours.
//!
//! [`same`] draws a window and compares. `APPROVE=1 cargo nextest run -p stations` writes them anew, where they differ:
//! look at `target/screens` (or `make screens`) first. What differs is written beside the full picture, as `…-differs`.

use std::path::Path;

use i_slint_backend_testing::ElementRoot;
use slint::{ComponentHandle, Rgba8Pixel, SharedPixelBuffer};

use super::folder;
use crate::headless;

/// The longer side of an approved picture is at most this.
const LONGEST: u32 = 480;
/// Colours of an approved picture.
const COLOURS: usize = 16;
/// A pixel differs when one of its parts is further away than this: less is the palette.
const FAR: u8 = 40;
/// Share of the pixels that may differ, in hundredths of a percent.
pub(super) const MAY_DIFFER: usize = 15;

/// A small picture: size and RGB.
pub(super) struct Small {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixels: Vec<[u8; 3]>,
}

/// Draws what the window shows, writes it to `target/screens/<name>.png` and compares it with the approved picture.
pub(crate) fn same<W: ComponentHandle + ElementRoot>(window: &W, name: &str) {
    // Colours that fade have arrived.
    i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(500));
    let drawn = window.window().take_snapshot().unwrap();
    // The full picture is for somebody who looks: `make screens` asks for it. Writing it takes longer than all the rest.
    let full = folder().join(format!("{name}.png"));
    if std::env::var_os("SCREENS").is_some() {
        headless::write_png(&drawn, &full).unwrap();
    }
    let small = shrunk(&drawn);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("approved").join(format!("{name}.png"));
    let differs = read(&path).map_or(usize::MAX, |approved| difference(&approved, &small));
    if differs <= MAY_DIFFER {
        return;
    }
    if std::env::var_os("APPROVE").is_some() {
        write(&path, &small);
        return;
    }
    headless::write_png(&drawn, &full).unwrap();
    let beside = folder().join(format!("{name}-differs.png"));
    write(&beside, &small);
    panic!(
        "{name} does not look as approved: {} of 10 000 pixels differ. Look at {} and {}; when it is right, \
         APPROVE=1 cargo nextest run -p stations {name:?} and commit the picture",
        if differs == usize::MAX { "all".to_owned() } else { differs.to_string() },
        beside.display(),
        path.display()
    );
}

/// How many of 10 000 pixels differ; `usize::MAX` for another size.
pub(super) fn difference(approved: &Small, drawn: &Small) -> usize {
    if (approved.width, approved.height) != (drawn.width, drawn.height) {
        return usize::MAX;
    }
    let far = |(a, b): (&[u8; 3], &[u8; 3])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > FAR);
    let differing = approved.pixels.iter().zip(&drawn.pixels).filter(|pair| far(*pair)).count();
    (differing * 10_000).div_ceil(approved.pixels.len().max(1))
}

/// The picture, smaller by a whole number, in 16 colours of its own.
fn shrunk(picture: &SharedPixelBuffer<Rgba8Pixel>) -> Small {
    let (width, height, pixels) = reduced(picture, LONGEST);
    coloured(width, height, &pixels)
}

/// The picture's width, height and pixels, smaller by a whole number so that no side is longer than `longest`.
pub(super) fn reduced(picture: &SharedPixelBuffer<Rgba8Pixel>, longest: u32) -> (u32, u32, Vec<[u8; 3]>) {
    let by = picture.width().max(picture.height()).div_ceil(longest) as usize;
    let (wide, width, height) =
        (picture.width() as usize, picture.width() as usize / by, picture.height() as usize / by);
    let mut pixels = Vec::with_capacity(width * height);
    // Every second pixel of a square is enough to tell its colour.
    let step = by.div_ceil(2);
    for rows in picture.as_slice().chunks_exact(wide * by) {
        for x in 0..width {
            let (mut sum, mut count) = ([0u32; 3], 0);
            for pixel in
                rows.chunks_exact(wide).step_by(step).flat_map(|row| row[x * by..(x + 1) * by].iter().step_by(step))
            {
                sum = [sum[0] + u32::from(pixel.r), sum[1] + u32::from(pixel.g), sum[2] + u32::from(pixel.b)];
                count += 1;
            }
            pixels.push(sum.map(|part| u8::try_from(part / count).unwrap()));
        }
    }
    (u32::try_from(width).unwrap(), u32::try_from(height).unwrap(), pixels)
}

/// A picture of those pixels in 16 colours of its own.
pub(super) fn coloured(width: u32, height: u32, pixels: &[[u8; 3]]) -> Small {
    let palette = palette(pixels);
    let mut known = std::collections::HashMap::new();
    let mut nearest = |pixel: &[u8; 3]| *known.entry(*pixel).or_insert_with(|| palette[nearest(&palette, pixel)]);
    let pixels = pixels.iter().map(&mut nearest).collect();
    Small { width, height, pixels }
}

fn distance(a: &[u8; 3], b: &[u8; 3]) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
}

fn nearest(palette: &[[u8; 3]], pixel: &[u8; 3]) -> usize {
    (0..palette.len()).min_by_key(|at| distance(&palette[*at], pixel)).unwrap()
}

/// Up to 16 colours: again and again the one that most pixels are far from, weighted by how far.
fn palette(pixels: &[[u8; 3]]) -> Vec<[u8; 3]> {
    let mut counts = std::collections::BTreeMap::<[u8; 3], u64>::new();
    for pixel in pixels {
        *counts.entry(pixel.map(|part| part & 0xF0 | part >> 4)).or_default() += 1;
    }
    let mut palette: Vec<[u8; 3]> = Vec::new();
    // Distance to the nearest colour of the palette so far, by colour.
    let mut away: Vec<(&[u8; 3], u64, u32)> =
        counts.iter().map(|(colour, count)| (colour, *count, 3 * 255 * 255)).collect();
    while palette.len() < COLOURS {
        let worst = away.iter().max_by_key(|(_, count, distance)| u64::from(*distance) * count.isqrt());
        let Some((colour, _, 1..)) = worst else { break };
        let colour = **colour;
        palette.push(colour);
        away.iter_mut().for_each(|(other, _, nearest)| *nearest = (*nearest).min(distance(other, &colour)));
    }
    palette.sort_unstable();
    palette
}

pub(super) fn write(path: &Path, small: &Small) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut palette: Vec<[u8; 3]> = small.pixels.clone();
    palette.sort_unstable();
    palette.dedup();
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), small.width, small.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut bytes = Vec::new();
    for row in small.pixels.chunks(small.width as usize) {
        for pair in row.chunks(2) {
            let at = |pixel: Option<&[u8; 3]>| pixel.map_or(0, |p| u8::try_from(nearest(&palette, p)).unwrap());
            bytes.push(at(pair.first()) << 4 | at(pair.get(1)));
        }
    }
    encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
}

/// An approved picture; none when there is none yet.
pub(super) fn read(path: &Path) -> Option<Small> {
    let mut decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).ok()?));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let pixels = bytes[..info.buffer_size()].chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    Some(Small { width: info.width, height: info.height, pixels })
}

#[test]
fn a_picture_survives_the_file_and_a_change_is_seen() {
    let mut buffer = SharedPixelBuffer::<Rgba8Pixel>::new(960, 540);
    for (at, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let shade = u8::try_from(at % 960 / 64 * 16).unwrap();
        *pixel = Rgba8Pixel { r: shade, g: 255 - shade, b: 90, a: 255 };
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    let small = shrunk(&buffer);
    assert_eq!((small.width, small.height), (480, 270));
    write(&path, &small);
    let again = read(&path).unwrap();
    assert_eq!(difference(&again, &small), 0);
    for pixel in &mut buffer.make_mut_slice()[200 * 960..230 * 960] {
        *pixel = Rgba8Pixel { r: 255, g: 0, b: 0, a: 255 };
    }
    assert!(difference(&again, &shrunk(&buffer)) > MAY_DIFFER);
    assert!(read(&folder.path().join("none.png")).is_none());
}
