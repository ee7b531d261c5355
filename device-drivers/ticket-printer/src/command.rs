//! The ESC/POS commands that this driver writes itself, because the `escpos` crate lacks them or
//! sends something else (see `encode::wire` for those it gets right). Bytes only, no I/O.
//!
//! Source: Epson's ESC/POS command reference; golden bytes stand in `encode::golden`.

const DLE: u8 = 0x10;
const ESC: u8 = 0x1b;
const FS: u8 = 0x1c;
const GS: u8 = 0x1d;

/// `LF`: prints the line and feeds it.
pub const LINE_FEED: u8 = 0x0a;
/// `ESC @`: back to defaults. Ends automatic status.
pub const INITIALISE: [u8; 2] = [ESC, b'@'];
/// `FS .`: bytes from 80 hexadecimal are letters of the code page, not halves of Chinese ones.
pub const SINGLE_BYTE: [u8; 2] = [FS, b'.'];
/// `GS a 0E`: four bytes of status at each change of online, error or paper state, and one set
/// at once.
pub const AUTOMATIC_STATUS: [u8; 3] = [GS, b'a', 0x0e];
/// `GS r 1`: answered in its turn, so after everything before it was printed.
pub const TRANSMIT_PAPER_STATUS: [u8; 3] = [GS, b'r', 0x01];
/// `DLE ENQ 2`, real time: leave the error state and clear receive and print buffers.
pub const RECOVER_AND_CLEAR: [u8; 3] = [DLE, 0x05, 0x02];
/// `DLE DC4 8`, real time: clear the buffers, where the model has it.
pub const CLEAR_BUFFERS: [u8; 10] = [DLE, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];
/// `GS V B n`: partial cut after feeding to the cutter and `n` units more.
/// The `escpos` crate's `partial_cut` sends a full cut instead.
pub const PARTIAL_CUT: [u8; 4] = [GS, b'V', b'B', 0x00];

/// `DLE EOT n`: real-time status, answered even while offline. The `escpos` crate adds a byte `00`
/// that the printer would take for data.
pub fn real_time_status(n: u8) -> [u8; 3] {
    [DLE, 0x04, n]
}

/// `ESC J n`: feeds `dots` (with motion units of 1/203 inch).
pub fn feed_dots(dots: u8) -> [u8; 3] {
    [ESC, b'J', dots]
}

/// `ESC t n`: code page.
pub fn code_page(page: u8) -> [u8; 3] {
    [ESC, b't', page]
}

/// `GS v 0`: header of a raster image of `width_bytes` by `rows`, followed by its data.
/// The `escpos` crate would need an image file and a decoder for this.
pub fn raster_header(width_bytes: u16, rows: u16) -> [u8; 8] {
    let [width_low, width_high] = width_bytes.to_le_bytes();
    let [rows_low, rows_high] = rows.to_le_bytes();
    [GS, b'v', b'0', 0, width_low, width_high, rows_low, rows_high]
}
