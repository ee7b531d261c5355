//! The virtual printer against bytes that others made: python-escpos 3.1 and receipt-printer-encoder 4.0.1
//! (see `golden/`), and golden sequences of `shared/devices.md`.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use hil_tests::virtual_printer::{BarcodeKind, Model, Sheet, VirtualPrinter};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const LIMIT: Duration = Duration::from_secs(30);

fn any_port() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

/// Prints on a fresh printer over TCP and waits for one sheet.
async fn print_on(model: Model, bytes: &[u8]) -> (VirtualPrinter, Sheet) {
    let printer = VirtualPrinter::on_tcp(any_port(), model).await.unwrap();
    let mut host = TcpStream::connect(printer.tcp_address().unwrap()).await.unwrap();
    host.write_all(bytes).await.unwrap();
    assert!(printer.wait_for_sheets(1, LIMIT).await, "no sheet");
    let sheet = printer.sheets().remove(0);
    (printer, sheet)
}

/// Prints a file of `golden/` and checks that nothing in it was strange to the printer.
async fn print_golden(name: &str) -> Sheet {
    let path = format!("{}/tests/golden/{name}.bin", env!("CARGO_MANIFEST_DIR"));
    let (printer, sheet) = print_on(Model::epson_80mm(), &std::fs::read(path).unwrap()).await;
    assert_eq!(printer.unknown_commands(), Vec::<Vec<u8>>::new());
    assert_eq!(printer.counters().unknown_commands, 0);
    assert_eq!(printer.counters().unprintable_characters, 0);
    sheet
}

/// Reads the codes on the picture with rqrr, which has nothing to do with the printer's own QR crate.
fn read_qr(sheet: &Sheet) -> Vec<String> {
    let picture = sheet.png().unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(picture));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (frame.width as usize, frame.height as usize);
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * frame.line_size + x]);
    let grids = prepared.detect_grids();
    grids.iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[tokio::test]
async fn text_with_all_styles_by_python_escpos() {
    let sheet = print_golden("text").await;
    assert_eq!(
        sheet.lines,
        [
            "PHIEU SO",
            "A012",
            "Underlined left",
            " Inverse right",
            "Font B small letters 0123456789",
            "upside down",
            "a line that is much longer than the forty-eight",
            "columns of the paper wraps",
        ]
    );
    // "A012" is 6 x 24 dots high and in the middle: the outer sixth of its rows is white.
    let digits = 70..160;
    let ink_at = |x: usize| digits.clone().any(|y| sheet.paper.has_ink(x, y));
    assert!((0..96).all(|x| !ink_at(x)) && (480..576).all(|x| !ink_at(x)));
    assert!((200..400).filter(|x| ink_at(*x)).count() > 100);
    // The inverse line is right-aligned: much ink at the right edge.
    assert!((0..sheet.paper.height()).any(|y| (480..576).all(|x| sheet.paper.has_ink(x, y))));
}

#[tokio::test]
async fn vietnamese_on_the_pages_that_python_escpos_chose() {
    let sheet = print_golden("vietnamese").await;
    assert_eq!(
        sheet.lines,
        [
            "Mời số A012 đến quầy số 3",
            "ỦY BAN NHÂN DÂN TỈNH QUẢNG NINH",
            "Đất đai, Hộ tịch, Chứng thực, Bảo hiểm",
            "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        ]
    );
}

#[tokio::test]
async fn three_ways_of_sending_a_picture_give_the_same_dots() {
    let raster = print_golden("image_bitImageRaster").await;
    let graphics = print_golden("image_graphics").await;
    let column = print_golden("image_bitImageColumn").await;
    for y in 0..96 {
        for x in 0..576 {
            let dot = raster.paper.has_ink(x, y);
            assert_eq!(graphics.paper.has_ink(x, y), dot, "graphics at {x},{y}");
            assert_eq!(column.paper.has_ink(x, y), dot, "columns at {x},{y}");
            // What make_escpos.py drew: a frame, and a block in the lower left corner.
            let frame = x < 200 && (!(3..=196).contains(&x) || !(3..=92).contains(&y));
            let block = (10..=40).contains(&x) && (60..=85).contains(&y);
            assert!(dot || !(frame || block), "white at {x},{y}");
            assert!(!dot || x < 200, "black at {x},{y}");
        }
    }
    assert!(!raster.paper.has_ink(150, 30) && raster.paper.has_ink(100, 48));
}

#[tokio::test]
async fn codes_can_be_read_from_the_picture() {
    let sheet = print_golden("codes").await;
    let said = "https://dichvucong.gov.vn/?ma=000.00.01.H29-240115-0001";
    assert_eq!(read_qr(&sheet), [said]);
    assert_eq!(sheet.qr_codes, [said]);
    let barcodes: Vec<_> = sheet.barcodes.iter().map(|barcode| (barcode.kind, barcode.text.as_str())).collect();
    assert_eq!(
        barcodes,
        [
            (BarcodeKind::Code128, "H15-261008-0975"),
            (BarcodeKind::Code39, "H15.261008"),
            (BarcodeKind::Ean13, "8931234567897"),
        ]
    );
}

#[tokio::test]
async fn a_slip_by_receipt_printer_encoder() {
    let sheet = print_golden("receipt_printer_encoder").await;
    assert_eq!(read_qr(&sheet), ["H29-240115-0001"]);
    assert!(sheet.text().contains("│khung"), "{}", sheet.text());
    assert!(sheet.lines.iter().any(|line| line.starts_with("  Quay") && line.ends_with('3')));
    // This one cuts without feeding first.
    assert!(sheet.cut_into_print);
}

#[tokio::test]
async fn settings_leave_no_trace_on_the_paper() {
    assert_eq!(print_golden("settings").await.lines, ["after settings"]);
}

#[tokio::test]
async fn golden_sequences_of_the_device_notes() {
    let mut bytes = b"\x1b@".to_vec();
    bytes.extend_from_slice(b"\x1d(L\x0b\x000p0\x01\x011\x01\x00\x01\x00\x80\x1d(L\x02\x0002");
    bytes.extend_from_slice(b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x03\x1d(k\x03\x001E0");
    bytes.extend_from_slice(b"\x1d(k\x07\x001P01234\x1d(k\x03\x001Q0\x1dVB\x10");
    let (printer, sheet) = print_on(Model::epson_80mm(), &bytes).await;
    assert_eq!(printer.counters().unknown_commands, 0);
    assert_eq!(read_qr(&sheet), ["1234"]);
    assert!(sheet.paper.has_ink(0, 0) && !sheet.paper.has_ink(1, 0));
    assert_eq!(sheet.raw, bytes);
    assert!(!sheet.cut_into_print);
}

#[tokio::test]
async fn tone_marks_stand_over_their_letters_or_beside_them() {
    // "quế" as CP1258 writes it: ê + U+0301.
    let over = b"\x1b@\x1bt\x34qu\xea\xec\n\x1dVB\x00";
    let (_, sheet) = print_on(Model::epson_80mm(), over).await;
    assert_eq!(sheet.lines, ["quế"]);
    let beside = b"\x1b@\x1bt\x5equ\xea\xec\n\x1dVB\x00";
    let (_, sheet) = print_on(Model::clone_58mm(), beside).await;
    assert_eq!(sheet.lines, ["quê\u{301}"]);
    assert_eq!(sheet.paper.width(), 384);
    let without = b"\x1b@\x1bt\x34qu\xea\xec\n\x1dVB\x00";
    let (printer, sheet) = print_on(Model::plain_80mm(), without).await;
    assert_ne!(sheet.lines, ["quế"]);
    assert_eq!(printer.skipped_commands().len(), 1);
}

#[tokio::test]
async fn utf8_mode_when_the_model_has_it() {
    let bytes = "\x1c(C\x02\x00\x30\x02Phường Đồng Tâm\n\x1dVB\x00".as_bytes();
    let (_, sheet) = print_on(Model::epson_80mm(), bytes).await;
    assert_eq!(sheet.lines, ["Phường Đồng Tâm"]);
}

#[tokio::test]
async fn every_form_of_cut_makes_one_sheet() {
    let printer = VirtualPrinter::on_tcp(any_port(), Model::epson_80mm()).await.unwrap();
    let mut host = TcpStream::connect(printer.tcp_address().unwrap()).await.unwrap();
    let cuts: [&[u8]; 10] = [
        b"\x1dV\x00",
        b"\x1dV\x01",
        b"\x1dV0",
        b"\x1dV1",
        b"\x1dVA\x10",
        b"\x1dVB\x10",
        b"\x1dVa\x10",
        b"\x1dVg\x10",
        b"\x1bi",
        b"\x1bm",
    ];
    for (place, cut) in cuts.iter().enumerate() {
        host.write_all(b"x\n").await.unwrap();
        host.write_all(cut).await.unwrap();
        assert!(printer.wait_for_sheets(place as u64 + 1, LIMIT).await, "{cut:x?}");
    }
    let through: Vec<bool> = printer.sheets().iter().map(|sheet| sheet.cut_into_print).collect();
    let fed = [true, true, true, true, false, false, false, false, true, true];
    assert_eq!(through, fed);
    assert_eq!(printer.sheets_since(7).len(), 3);
}

#[tokio::test]
async fn unknown_bytes_are_recorded_and_stay_off_the_paper() {
    let (printer, sheet) = print_on(Model::epson_80mm(), b"a\x1bQ\x02b\x1d~\n\x1dVB\x00").await;
    assert_eq!(sheet.lines, ["ab"]);
    assert_eq!(printer.unknown_commands(), [b"\x1bQ".to_vec(), b"\x02".to_vec(), b"\x1d~".to_vec()]);
    assert_eq!(printer.counters().unknown_commands, 3);
}

#[tokio::test]
async fn user_defined_characters_and_stored_images() {
    let mut bytes = b"\x1b@\x1b&\x03AA\x02\xff\xff\xff\xff\xff\xff\x1b%\x01A\x1b%\x00\n".to_vec();
    // NV image 1: 8 dots wide and high, all black; printed at double size.
    bytes.extend_from_slice(b"\x1cq\x01\x01\x00\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\x1cp\x01\x03");
    bytes.extend_from_slice(b"\x1dVB\x00");
    let (printer, sheet) = print_on(Model::epson_80mm(), &bytes).await;
    assert_eq!(printer.counters().unknown_commands, 0);
    assert!((0..24).all(|y| sheet.paper.has_ink(1, y) && !sheet.paper.has_ink(2, y)));
    assert!((30..46).all(|y| sheet.paper.has_ink(15, y) && !sheet.paper.has_ink(16, y)));
}

#[tokio::test]
async fn a_stream_without_meaning_never_stops_the_printer() {
    // A fixed, well mixed sequence (xorshift32), then a way out of any unfinished command.
    let mut state = 0x2545_F491_u32;
    let mut bytes: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    })
    .filter(|byte| *byte != 0x1D && *byte != 0x1C)
    .take(50_000)
    .collect();
    bytes.extend_from_slice(&[0; 70_000]);
    bytes.extend_from_slice(b"\x1b@the end\n\x1dVB\x00");
    let printer = VirtualPrinter::on_tcp(any_port(), Model::epson_80mm()).await.unwrap();
    let mut host = TcpStream::connect(printer.tcp_address().unwrap()).await.unwrap();
    host.write_all(&bytes).await.unwrap();
    assert!(printer.wait_for_bytes(bytes.len() as u64, LIMIT).await);
    assert!(printer.wait_for_counters(|seen| seen.sheets > 0, LIMIT).await);
    let mut last = printer.sheets();
    while !last.last().unwrap().text().ends_with("the end") {
        let seen = printer.counters().sheets;
        assert!(printer.wait_for_sheets(seen + 1, LIMIT).await, "stopped");
        last = printer.sheets();
    }
    assert!(printer.counters().unknown_commands > 100);
}
