//! Our bytes against those of third parties: python-escpos 3.1 (`tests/golden/*.bin`, made by
//! `make_golden.py`), Epson's reference, and what the `escpos` crate sends where we go around it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::cell::RefCell;

use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::{PageCode, Protocol, QRCodeCorrectionLevel as Level, RealTimeStatusRequest};

use super::raster::{band_bytes, bands};
use super::tables::Table;
use super::wire;
use crate::command;
use crate::page::Align;
use crate::render::bitmap::Bitmap;

#[test]
fn initialise_feed_and_cut() {
    assert_eq!(command::INITIALISE, *include_bytes!("../../tests/golden/initialise.bin"));
    assert_eq!(wire::feed_lines(3).unwrap(), include_bytes!("../../tests/golden/feed.bin"));
    assert_eq!(command::PARTIAL_CUT, *include_bytes!("../../tests/golden/cut.bin"));
    assert_eq!(wire::full_cut().unwrap(), [0x1d, 0x56, 0x41, 0x00]);
}

#[test]
fn size_weight_and_place() {
    let ours = [wire::size(8, 8), wire::bold(true), wire::align(Align::Center)].map(Result::unwrap).concat();
    assert_eq!(ours, include_bytes!("../../tests/golden/style.bin"));
    let back = [wire::align(Align::Left), wire::align(Align::Right), wire::motion_units(203)].map(Result::unwrap);
    assert_eq!(back.concat(), [0x1b, 0x61, 0, 0x1b, 0x61, 2, 0x1d, 0x50, 203, 203]);
    // python-escpos sets plain text before each size.
    let modes = [(1, 2), (2, 1), (2, 2)];
    let modes =
        modes.map(|(across, down)| [command::print_mode(false, 1, 1), command::print_mode(false, across, down)]);
    assert_eq!(modes.concat().concat(), include_bytes!("../../tests/golden/modes.bin"));
    assert_eq!(command::print_mode(true, 1, 2), [0x1b, 0x21, 0x18]);
}

#[test]
fn text_and_line_feed() {
    let golden = include_bytes!("../../tests/golden/text.bin");
    let ours = [&command::code_page(0)[..], b"A012 Quay 3", &[command::LINE_FEED]];
    assert_eq!(ours.concat(), golden);
}

#[test]
fn qr_codes() {
    let short = wire::qr("1234", 3, Level::L).unwrap();
    assert_eq!(short, include_bytes!("../../tests/golden/qr.bin"));
    let from_reference = "1D286B0400314132001D286B03003143031D286B03003145301D286B0700315030313233341D286B0300315130";
    let hex: String = short.iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(hex, from_reference);
    let ticket = wire::qr("https://hall.local/t/A012", 6, Level::M).unwrap();
    assert_eq!(ticket, include_bytes!("../../tests/golden/qr_ticket.bin"));
}

/// The picture of `make_golden.py`.
#[test]
fn raster_image() {
    let mut bitmap = Bitmap::new(24, 10);
    for (x, y) in [(0, 0), (23, 0), (0, 9), (23, 9)] {
        bitmap.set(x, y);
    }
    for step in 0..10 {
        bitmap.set(2 * step + 2, step);
    }
    let ours: Vec<u8> = bands(&bitmap, Align::Left).iter().flat_map(|band| band_bytes(&bitmap, band, 0)).collect();
    assert_eq!(ours, include_bytes!("../../tests/golden/raster.bin"));
}

/// The letters in the order of `make_golden.py`, after the page.
#[test]
fn tcvn3_letters() {
    let lower = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ";
    let codes = |table: Table, text: &str| text.chars().flat_map(|letter| table.codes(letter).unwrap()).collect();
    let ours: Vec<u8> = [command::code_page(30).to_vec(), codes(Table::Tcvn3Lower, lower)].concat();
    assert_eq!(ours, include_bytes!("../../tests/golden/tcvn3_lower.bin"));
    let ours: Vec<u8> = [command::code_page(31).to_vec(), codes(Table::Tcvn3Upper, &lower.to_uppercase())].concat();
    assert_eq!(ours, include_bytes!("../../tests/golden/tcvn3_upper.bin"));
}

/// 80 to FF as glibc's iconv reads them; a space where there is no Vietnamese letter.
#[test]
fn tcvn_and_viscii_letters() {
    for (table, page) in [
        (Table::Tcvn, include_str!("../../tests/golden/tcvn5712-1.txt")),
        (Table::Viscii, include_str!("../../tests/golden/viscii.txt")),
    ] {
        let letters: Vec<char> = page.trim_end_matches('\n').chars().collect();
        assert_eq!(letters.len(), 128, "{table:?}");
        for (code, letter) in (0x80..=0xff_u8).zip(letters).filter(|(_, letter)| *letter != ' ') {
            assert_eq!(table.codes(letter), Some(vec![code]), "{table:?} {letter}");
        }
    }
}

#[test]
fn bar_code() {
    let golden = include_bytes!("../../tests/golden/code128.bin");
    // python-escpos also tells the font of the text below, which is A anyway.
    let font = [0x1d, 0x66, 0x00];
    let place = golden.windows(3).position(|window| window == font).unwrap();
    let golden = [&golden[..place], &golden[place + 3..]].concat();
    let ours = [&command::barcode_form(80, 2)[..], &command::code128(7), b"{B1234A"].concat();
    assert_eq!(ours, golden);
}

#[test]
fn real_time_commands_as_epson_writes_them() {
    assert_eq!(command::real_time_status(1), [0x10, 0x04, 0x01]);
    assert_eq!(command::RECOVER_AND_CLEAR, [0x10, 0x05, 0x02]);
    assert_eq!(command::AUTOMATIC_STATUS, [0x1d, 0x61, 0x0e]);
    assert_eq!(command::TRANSMIT_PAPER_STATUS, [0x1d, 0x72, 0x01]);
    assert_eq!(command::feed_dots(30), [0x1b, 0x4a, 30]);
}

#[derive(Default)]
struct Kept(RefCell<Vec<u8>>);

impl Driver for Kept {
    fn name(&self) -> String {
        "kept".into()
    }

    fn write(&self, data: &[u8]) -> Result<(), PrinterError> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize, PrinterError> {
        Ok(0)
    }

    fn flush(&self) -> Result<(), PrinterError> {
        Ok(())
    }
}

/// Why `crate::command` exists. When one of these fails, the crate was corrected: use it there.
#[test]
fn what_the_escpos_crate_sends_where_we_do_not_use_it() {
    let printer = || Printer::new(Kept::default(), Protocol::default(), None);
    let bytes = |mut printer: Printer<Kept>| {
        printer.print().unwrap();
        printer.driver().0.into_inner()
    };
    let mut cut = printer();
    cut.partial_cut().unwrap();
    assert_eq!(bytes(cut), [0x1d, 0x56, 0x41, 0x01], "41 is a full cut");
    let mut status = printer();
    status.real_time_status(RealTimeStatusRequest::Printer).unwrap();
    assert_eq!(bytes(status), [0x10, 0x04, 0x01, 0x00], "a stray 00");
    let mut text = printer();
    text.page_code(PageCode::WPC1258).unwrap();
    assert!(text.write("ế").is_err(), "no Vietnamese");
}
