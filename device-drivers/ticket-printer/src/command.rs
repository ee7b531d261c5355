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
/// `GS I 66`: answered in its turn by `5F`, the maker's name and `00`, which no other answer looks like.
pub const TRANSMIT_MAKER: [u8; 3] = [GS, b'I', 66];
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

/// `GS I n`: the printer says of itself its firmware (65), maker (66), model (67), serial number (68) or language (69),
/// as `5F`, a text and `00`.
pub fn transmit_identity(n: u8) -> [u8; 3] {
    [GS, b'I', n]
}

/// `GS a 0`: no automatic status.
pub const NO_AUTOMATIC_STATUS: [u8; 3] = [GS, b'a', 0];

/// `ESC J n`: feeds `dots` (with motion units of 1/203 inch).
pub fn feed_dots(dots: u8) -> [u8; 3] {
    [ESC, b'J', dots]
}

/// `ESC t n`: code page.
pub fn code_page(page: u8) -> [u8; 3] {
    [ESC, b't', page]
}

/// `ESC ! n`: weight and size (1 or 2 times as wide and high) at once, font A, no underline.
pub fn print_mode(bold: bool, across: u8, down: u8) -> [u8; 3] {
    let bit = |on: bool, mask: u8| if on { mask } else { 0 };
    [ESC, b'!', bit(bold, 0x08) | bit(down == 2, 0x10) | bit(across == 2, 0x20)]
}

/// `ESC % n`: user-defined characters instead of the printer's own, where they are defined.
pub fn user_characters(on: bool) -> [u8; 3] {
    [ESC, b'%', u8::from(on)]
}

/// `ESC & 3 c1 c2`: header of user-defined characters 24 dots high with the codes `first..=last`;
/// for each follow its width in dots and three bytes a column.
pub fn define_characters(first: u8, last: u8) -> [u8; 5] {
    [ESC, b'&', 3, first, last]
}

/// `GS h n`, `GS w n` and `GS H 2`: bar codes `height` dots high with bars of `width` dots, and
/// their text below.
pub fn barcode_form(height: u8, width: u8) -> [u8; 9] {
    [GS, b'h', height, GS, b'w', width, GS, b'H', 2]
}

/// `GS k 73 n`: header of a CODE128 bar code of `length` bytes.
pub fn code128(length: u8) -> [u8; 4] {
    [GS, b'k', 73, length]
}

/// `GS ( L` function 83: header of a picture kept in the printer's memory under `key`, of `width`
/// by `height` dots; its rows of bytes follow. `None` when it is too large for the command.
pub fn store_graphics(key: [u8; 2], width: u16, height: u16) -> Option<Vec<u8>> {
    let data = usize::from(width).div_ceil(8) * usize::from(height);
    let [low, high] = u16::try_from(data + 11).ok()?.to_le_bytes();
    let [width_low, width_high] = width.to_le_bytes();
    let [height_low, height_high] = height.to_le_bytes();
    let size = [width_low, width_high, height_low, height_high];
    let function = [GS, b'(', b'L', low, high, 48, 83, 48, key[0], key[1], 1];
    Some([&function[..], &size, &[49]].concat())
}

/// `GS ( L` function 85: prints the picture kept under `key`.
pub fn print_graphics(key: [u8; 2]) -> [u8; 11] {
    [GS, b'(', b'L', 6, 0, 48, 85, key[0], key[1], 1, 1]
}

/// `GS v 0 m`: header of a raster image of `width_bytes` by `rows`, followed by its data. Bit 0 of
/// `m` doubles its width, bit 1 its height.
/// The `escpos` crate would need an image file and a decoder for this.
pub fn raster_header(m: u8, width_bytes: u16, rows: u16) -> [u8; 8] {
    let [width_low, width_high] = width_bytes.to_le_bytes();
    let [rows_low, rows_high] = rows.to_le_bytes();
    [GS, b'v', b'0', m, width_low, width_high, rows_low, rows_high]
}
