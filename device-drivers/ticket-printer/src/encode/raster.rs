//! A picture as `GS v 0` commands: only inked columns and rows, in slices that small buffers hold.

use std::ops::Range;

use crate::command;
use crate::render::bitmap::Bitmap;

/// Rows in one command; some models fail beyond this (Odoo's finding).
const SLICE_ROWS: u32 = 255;
/// Bytes of data in one command. Also the most that a printer may still wait for when a job is
/// broken off in the middle of a command.
pub(crate) const SLICE_BYTES: usize = 4096;
/// A feed and a new header cost this many bytes: fewer blank bytes than this are sent as they are.
const GAP_COST_BYTES: usize = 11;

/// Rows with ink, split where leaving out the blank rows between is worth it, each at most a slice.
pub(super) fn slices(bitmap: &Bitmap) -> Vec<Range<u32>> {
    let width = bitmap.width_bytes().max(1);
    let most_rows = u32::try_from(SLICE_BYTES / width).unwrap_or(1).clamp(1, SLICE_ROWS);
    let gap_rows = u32::try_from(GAP_COST_BYTES / width + 1).unwrap_or(1);
    let mut slices: Vec<Range<u32>> = Vec::new();
    let inked = |y: &u32| bitmap.row(*y).iter().any(|byte| *byte != 0);
    for y in (0..bitmap.height()).filter(inked) {
        match slices.last_mut() {
            Some(last) if y - last.end < gap_rows && y + 1 - last.start <= most_rows => {
                last.end = y + 1;
            }
            _ => slices.push(y..y + 1),
        }
    }
    slices
}

/// One slice as a command.
pub(super) fn slice_bytes(bitmap: &Bitmap, rows: &Range<u32>) -> Vec<u8> {
    let width = u16::try_from(bitmap.width_bytes()).unwrap_or(u16::MAX);
    let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let mut bytes = command::raster_header(width, count).to_vec();
    let mut data: Vec<u8> = rows.clone().flat_map(|y| bitmap.row(y).to_vec()).collect();
    defuse(&mut data);
    bytes.append(&mut data);
    bytes
}

/// Printers look for real-time commands even inside images, and would answer, clear their buffers
/// or open a drawer. One white dot more in the picture keeps `10 04`, `10 05` and `10 14` out of it.
fn defuse(data: &mut [u8]) {
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
    use super::*;

    fn picture(width: u32, height: u32, rows: &[(u32, u32)]) -> Bitmap {
        let mut bitmap = Bitmap::new(width, height);
        for y in rows.iter().flat_map(|(start, end)| *start..*end) {
            bitmap.set(0, y);
        }
        bitmap
    }

    fn spans(bitmap: &Bitmap) -> Vec<(u32, u32)> {
        let slices = slices(bitmap);
        slices.iter().map(|rows| (rows.start, rows.end)).collect()
    }

    #[test]
    fn blank_rows_are_left_out_where_it_pays() {
        let wide = picture(80, 40, &[(3, 10), (11, 12), (20, 30)]);
        // 10 bytes a row: one blank row is cheaper than a new command, eight are not.
        assert_eq!(spans(&wide), [(3, 12), (20, 30)]);
        let narrow = picture(8, 40, &[(3, 10), (20, 30)]);
        assert_eq!(spans(&narrow), [(3, 30)]);
        assert!(slices(&Bitmap::new(80, 40)).is_empty());
    }

    #[test]
    fn slices_have_bounds() {
        let tall = picture(8, 600, &[(0, 600)]);
        assert_eq!(spans(&tall), [(0, 255), (255, 510), (510, 600)]);
        let wide = picture(576, 100, &[(0, 100)]);
        for slice in slices(&wide) {
            assert!(slice.len() * 72 <= SLICE_BYTES);
        }
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
    fn a_slice_is_a_header_and_its_rows() {
        let bitmap = picture(16, 3, &[(1, 2)]);
        let rows = slices(&bitmap).pop().unwrap();
        assert_eq!(slice_bytes(&bitmap, &rows), [0x1d, 0x76, 0x30, 0, 2, 0, 1, 0, 0x80, 0x00]);
    }
}
