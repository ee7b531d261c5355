//! Every page in every language, scheme and shape on small approved sheets: a scheme of a page is one picture in
//! `approved/sheets`, its tiles in a row, a twelfth of the size. What people see most is approved larger, one by one
//! (see [`super::approved`]); here a page that falls apart in one dress of many is seen.

use std::collections::BTreeMap;
use std::path::Path;

use i_slint_backend_testing::ElementRoot;
use slint::ComponentHandle;

use super::approved::{self, MAY_DIFFER, Small};

/// Side of a tile's square.
const TILE: u32 = 160;

/// Sheets under way: tiles by the sheet's name.
#[derive(Default)]
pub(crate) struct Sheets(BTreeMap<String, Vec<Tile>>);

struct Tile {
    name: String,
    width: u32,
    height: u32,
    pixels: Vec<[u8; 3]>,
}

impl Sheets {
    /// Adds what a window shows to a sheet.
    pub(crate) fn add<W: ComponentHandle + ElementRoot>(&mut self, window: &W, sheet: String, tile: String) {
        i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(500));
        let drawn = window.window().take_snapshot().unwrap();
        let (width, height, pixels) = approved::reduced(&drawn, TILE);
        self.0.entry(sheet).or_default().push(Tile { name: tile, width, height, pixels });
    }

    /// What does not look as approved, one line a sheet. `APPROVE=1` approves it instead.
    pub(crate) fn differing(self) -> Vec<String> {
        self.0.into_iter().filter_map(|(name, tiles)| differing(&name, &tiles)).collect()
    }
}

fn differing(name: &str, tiles: &[Tile]) -> Option<String> {
    let sheet = in_a_row(tiles);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("approved/sheets").join(format!("{name}.png"));
    let known = approved::read(&path).filter(|known| (known.width, known.height) == (sheet.width, sheet.height));
    let changed: Vec<&str> = match &known {
        None => tiles.iter().map(|tile| tile.name.as_str()).collect(),
        Some(known) => {
            let at = |place: usize| (approved::difference(&square(known, place), &square(&sheet, place)), place);
            let places = (0..tiles.len()).map(at).filter(|(differs, _)| *differs > MAY_DIFFER);
            places.map(|(_, place)| tiles[place].name.as_str()).collect()
        }
    };
    if changed.is_empty() {
        return None;
    }
    if std::env::var_os("APPROVE").is_some() {
        approved::write(&path, &sheet);
        return None;
    }
    let beside = super::folder().join(format!("{name}-sheet-differs.png"));
    approved::write(&beside, &sheet);
    Some(format!(
        "sheet {name}: {} of {} dresses do not look as approved: {}. Look at {} and {}, and draw them whole with SCREENS=1; \
         when it is right, APPROVE=1 and commit the sheet",
        changed.len(),
        tiles.len(),
        changed.join(", "),
        beside.display(),
        path.display()
    ))
}

/// The tiles beside each other on white, in 16 colours.
fn in_a_row(tiles: &[Tile]) -> Small {
    let (side, width) = (TILE as usize, TILE as usize * tiles.len());
    let mut pixels = vec![[255; 3]; width * side];
    for (place, tile) in tiles.iter().enumerate() {
        for (y, row) in tile.pixels.chunks(tile.width as usize).enumerate().take(tile.height as usize) {
            let from = y * width + place * side;
            pixels[from..from + row.len()].copy_from_slice(row);
        }
    }
    approved::coloured(u32::try_from(width).unwrap(), TILE, &pixels)
}

/// One tile's square of a sheet.
fn square(sheet: &Small, place: usize) -> Small {
    let (side, width) = (TILE as usize, sheet.width as usize);
    let rows = (0..side).flat_map(|y| sheet.pixels[y * width + place * side..][..side].iter().copied());
    Small { width: TILE, height: TILE, pixels: rows.collect() }
}
