//! A picture as `GS v 0` commands: the rows are split into bands so that the white beside and
//! between the ink is not sent where a new command costs less.

use std::ops::Range;

use crate::command;
use crate::page::Align;
use crate::render::bitmap::Bitmap;

/// Rows in one command; some models fail beyond this (Odoo's finding).
const SLICE_ROWS: usize = 255;
/// Bytes of data in one command. Also the most that a printer may still wait for when a job is
/// broken off in the middle of a command.
pub(crate) const SLICE_BYTES: usize = 4096;
/// Bytes of a command before its data.
const HEADER_BYTES: usize = 8;
/// Bytes of a feed over blank rows.
const FEED_BYTES: usize = 3;

/// Rows of a picture that are sent in one command, or fed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) rows: Range<u32>,
    /// Bytes of each row that are sent; none for blank rows.
    pub(super) columns: Range<usize>,
}

/// The split of a picture that costs fewest bytes. Columns are left out only where the rest keeps
/// its place: at the right of what stands at the left, on both sides of what stands in the middle.
pub(super) fn bands(bitmap: &Bitmap, place: Align) -> Vec<Band> {
    let width = bitmap.width_bytes();
    let inked: Vec<Range<usize>> = (0..bitmap.height()).map(|y| kept(bitmap.row(y), place)).collect();
    // For each count of rows from the top: the cost of the best split, and where its last band begins.
    let mut best = vec![(0_usize, 0_usize)];
    for end in 1..=inked.len() {
        let mut columns = width..0;
        let mut choice = (usize::MAX, end - 1);
        for start in (end.saturating_sub(SLICE_ROWS)..end).rev() {
            columns = join(&columns, inked.get(start));
            let data = columns.len() * (end - start);
            if data > SLICE_BYTES && end - start > 1 {
                break;
            }
            let own = if columns.is_empty() { FEED_BYTES } else { HEADER_BYTES + data };
            let before = best.get(start).map_or(usize::MAX, |(cost, _)| *cost);
            choice = choice.min((before.saturating_add(own), start));
        }
        best.push(choice);
    }
    let mut bands = Vec::new();
    let mut end = inked.len();
    while end > 0 {
        let start = best.get(end).map_or(0, |(_, start)| *start);
        let columns = inked.get(start..end).unwrap_or_default().iter().fold(width..0, |sum, row| join(&sum, Some(row)));
        bands.push(Band { rows: row_number(start)..row_number(end), columns });
        end = start;
    }
    bands.reverse();
    bands
}

fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn join(sum: &Range<usize>, row: Option<&Range<usize>>) -> Range<usize> {
    match row {
        Some(row) if !row.is_empty() => sum.start.min(row.start)..sum.end.max(row.end),
        _ => sum.clone(),
    }
}

/// The bytes of a row that must be sent so that the ink keeps its place.
fn kept(row: &[u8], place: Align) -> Range<usize> {
    let width = row.len();
    let (Some(first), Some(last)) = (row.iter().position(|byte| *byte != 0), row.iter().rposition(|byte| *byte != 0))
    else {
        return width..0;
    };
    match place {
        Align::Left => 0..last + 1,
        Align::Right => first..width,
        Align::Center => {
            let blank = first.min(width - last - 1);
            blank..width - blank
        }
    }
}

/// A whole picture at the left edge.
pub(super) fn picture(bitmap: &Bitmap) -> Vec<u8> {
    scaled(bitmap, 0)
}

/// The same with dots doubled as `m` says.
pub(super) fn scaled(bitmap: &Bitmap, m: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    for band in bands(bitmap, Align::Left) {
        if band.columns.is_empty() {
            // Few rows: nothing here is higher than a line of text.
            bytes.extend(command::feed_dots(u8::try_from(band.rows.len()).unwrap_or(u8::MAX)));
        } else {
            bytes.append(&mut band_bytes(bitmap, &band, m));
        }
    }
    bytes
}

/// One band as a command. `m` doubles dots.
pub(super) fn band_bytes(bitmap: &Bitmap, band: &Band, m: u8) -> Vec<u8> {
    let width = u16::try_from(band.columns.len()).unwrap_or(u16::MAX);
    let count = u16::try_from(band.rows.len()).unwrap_or(u16::MAX);
    let mut bytes = command::raster_header(m, width, count).to_vec();
    let row = |y| bitmap.row(y).get(band.columns.clone()).unwrap_or_default().to_vec();
    let mut data: Vec<u8> = band.rows.clone().flat_map(row).collect();
    defuse(&mut data);
    bytes.append(&mut data);
    bytes
}

/// Printers look for real-time commands even inside images, and would answer, clear their buffers
/// or open a drawer. One white dot more in the picture keeps `10 04`, `10 05` and `10 14` out of it.
pub(super) fn defuse(data: &mut [u8]) {
    let mut after_dle = false;
    for byte in data {
        if after_dle && matches!(*byte, 0x04 | 0x05 | 0x14) {
            *byte &= !0x04;
        }
        after_dle = *byte == 0x10;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn picture(width: u32, height: u32, rows: &[(u32, u32)]) -> Bitmap {
        let mut bitmap = Bitmap::new(width, height);
        for y in rows.iter().flat_map(|(start, end)| *start..*end) {
            bitmap.set(0, y);
            bitmap.set(width - 1, y);
        }
        bitmap
    }

    fn spans(bitmap: &Bitmap) -> Vec<(u32, u32)> {
        let inked = bands(bitmap, Align::Left).into_iter().filter(|band| !band.columns.is_empty());
        inked.map(|band| (band.rows.start, band.rows.end)).collect()
    }

    #[test]
    fn blank_rows_are_left_out_where_it_pays() {
        let wide = picture(80, 30, &[(0, 10), (11, 12), (20, 30)]);
        // 10 bytes a row: one blank row is cheaper than a new command, eight are not.
        assert_eq!(spans(&wide), [(0, 12), (20, 30)]);
        let narrow = picture(8, 30, &[(0, 10), (20, 30)]);
        assert_eq!(spans(&narrow), [(0, 30)]);
        assert!(spans(&Bitmap::new(80, 40)).is_empty());
    }

    #[test]
    fn white_beside_the_ink_is_left_out_where_its_place_allows() {
        let mut bitmap = picture(160, 40, &[(0, 20)]);
        for y in 20..40 {
            bitmap.set(48, y);
        }
        let columns = |place| bands(&bitmap, place).into_iter().map(|band| band.columns).collect::<Vec<_>>();
        assert_eq!(columns(Align::Left), [0..20, 0..7]);
        assert_eq!(columns(Align::Center), [0..20, 6..14]);
        assert_eq!(columns(Align::Right), [0..20, 6..20]);
    }

    #[test]
    fn bands_have_bounds() {
        let tall = picture(8, 600, &[(0, 600)]);
        assert!(spans(&tall).iter().all(|(start, end)| end - start <= 255));
        let wide = picture(576, 100, &[(0, 100)]);
        assert_eq!(bands(&wide, Align::Left).len(), 2);
        assert!(bands(&wide, Align::Left).iter().all(|band| band.rows.len() * band.columns.len() <= SLICE_BYTES));
    }

    #[test]
    fn no_real_time_command_hides_in_an_image() {
        let mut data = vec![0x10, 0x04, 0x01, 0x10, 0x10, 0x14, 0x05, 0x10, 0x05, 0x10];
        defuse(&mut data);
        assert_eq!(data, [0x10, 0x00, 0x01, 0x10, 0x10, 0x10, 0x01, 0x10, 0x01, 0x10]);
        let hidden = |pair: &[u8]| pair[0] == 0x10 && matches!(pair[1], 0x04 | 0x05 | 0x14);
        assert!(!data.windows(2).any(hidden));
    }

    #[test]
    fn a_band_is_a_header_and_its_rows() {
        let mut bitmap = Bitmap::new(16, 1);
        bitmap.set(0, 0);
        let band = bands(&bitmap, Align::Left).pop().unwrap();
        assert_eq!(band_bytes(&bitmap, &band, 0), [0x1d, 0x76, 0x30, 0, 1, 0, 1, 0, 0x80]);
        assert_eq!(band_bytes(&bitmap, &band, 3)[3], 3);
    }

    proptest! {
        #[test]
        fn every_dot_is_in_a_band_and_nothing_costs_more_than_the_whole(
            dots in prop::collection::vec((0_u32..150, 0_u32..50), 0..80),
            place in prop::sample::select(vec![Align::Left, Align::Center, Align::Right]),
        ) {
            let mut bitmap = Bitmap::new(152, 50);
            for (x, y) in &dots {
                bitmap.set(*x, *y);
            }
            let bands = bands(&bitmap, place);
            let holds = |x: u32, y: u32| {
                bands.iter().any(|band| band.rows.contains(&y) && band.columns.contains(&(x as usize / 8)))
            };
            prop_assert!(dots.iter().all(|(x, y)| holds(*x, *y)));
            prop_assert_eq!(bands.iter().map(|band| band.rows.len()).sum::<usize>(), 50);
            let cost = |band: &Band| match band.columns.len() {
                0 => FEED_BYTES,
                width => HEADER_BYTES + width * band.rows.len(),
            };
            prop_assert!(bands.iter().map(cost).sum::<usize>() <= HEADER_BYTES + 19 * 50);
        }
    }
}
