//! The virtual printer in trouble: what it answers, what it keeps, what it forgets. The host's side is
//! tokio-serial or a plain socket.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use hil_tests::virtual_printer::{Model, SheetEnd, VirtualPrinter};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_serial::{SerialPortBuilderExt, SerialStream};

const LIMIT: Duration = Duration::from_secs(30);
const JOB: &[u8] = b"\x1b@A012\n\x1dVB\x00";

async fn on_tcp(model: Model) -> (VirtualPrinter, TcpStream) {
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    let printer = VirtualPrinter::on_tcp(any, model).await.unwrap();
    let host = TcpStream::connect(printer.tcp_address().unwrap()).await.unwrap();
    (printer, host)
}

async fn read<const N: usize>(host: &mut (impl AsyncRead + Unpin)) -> [u8; N] {
    let mut bytes = [0; N];
    timeout(LIMIT, host.read_exact(&mut bytes)).await.unwrap().unwrap();
    bytes
}

async fn ask(host: &mut TcpStream, question: &[u8]) -> u8 {
    host.write_all(question).await.unwrap();
    read::<1>(host).await[0]
}

fn open(path: &std::path::Path) -> SerialStream {
    tokio_serial::new(path.to_string_lossy(), 9600).open_native_async().unwrap()
}

#[tokio::test]
async fn real_time_status_tells_each_trouble_even_behind_waiting_data() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    assert_eq!(ask(&mut host, b"\x10\x04\x01").await, 0x12);
    assert_eq!(ask(&mut host, b"\x10\x04\x04").await, 0x12);
    printer.paper_low(true);
    assert_eq!(ask(&mut host, b"\x10\x04\x04").await, 0x1E);
    printer.open_cover();
    host.write_all(JOB).await.unwrap();
    assert_eq!(ask(&mut host, b"\x10\x04\x01").await, 0x1A);
    assert_eq!(ask(&mut host, b"\x10\x04\x02").await, 0x16);
    assert_eq!(printer.counters().sheets, 0);
    printer.close_cover();
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    printer.paper_out();
    assert_eq!(ask(&mut host, b"\x10\x04\x02").await, 0x32);
    assert_eq!(ask(&mut host, b"\x10\x04\x04").await, 0x7E);
}

#[tokio::test]
async fn without_paper_data_waits_and_is_printed_after_the_refill() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    printer.paper_out();
    host.write_all(JOB).await.unwrap();
    assert!(printer.wait_for_bytes(JOB.len() as u64, LIMIT).await);
    // The status is answered after the job was taken in: nothing of it was printed.
    assert_eq!(ask(&mut host, b"\x10\x04\x01").await, 0x1A);
    assert_eq!(printer.waiting_bytes(), JOB.len() + 3);
    assert_eq!(printer.partial_sheet().paper.ink_dots(), 0);
    printer.load_paper(None);
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    assert_eq!(printer.sheets()[0].lines, ["A012"]);
    assert!(printer.scraps().is_empty());
}

#[tokio::test]
async fn a_full_receive_buffer_stops_the_line_and_loses_nothing() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    printer.paper_out();
    let mut job = b"0123456789012345678901234567890123456789\n".repeat(500);
    job.extend_from_slice(b"\x1dVB\x00");
    let sent = job.clone();
    let writer = tokio::spawn(async move {
        host.write_all(&sent).await.unwrap();
        host
    });
    assert!(printer.wait_for_bytes(4096, LIMIT).await);
    assert_eq!(printer.waiting_bytes(), 4096);
    assert_eq!(printer.counters().bytes_received, 4096);
    printer.load_paper(None);
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    assert!(printer.sheets()[0].raw == job);
    assert_eq!(printer.sheets()[0].lines.len(), 500);
    writer.await.unwrap();
}

#[tokio::test]
async fn recovery_with_clearing_gives_the_data_up() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    printer.paper_out();
    host.write_all(JOB).await.unwrap();
    host.write_all(b"\x10\x05\x02").await.unwrap();
    assert_eq!(ask(&mut host, b"\x10\x04\x01").await, 0x1A);
    assert_eq!(printer.waiting_bytes(), 3);
    printer.load_paper(None);
    host.write_all(b"second\n\x1dVB\x00").await.unwrap();
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    assert_eq!(printer.sheets()[0].lines, ["second"]);
    // DLE DC4 8 clears too, and says so.
    printer.paper_out();
    host.write_all(b"lost\n").await.unwrap();
    host.write_all(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08").await.unwrap();
    assert_eq!(read::<3>(&mut host).await, [0x37, 0x25, 0x00]);
    assert_eq!(printer.waiting_bytes(), 0);
}

#[tokio::test]
async fn automatic_status_comes_on_change_and_ends_with_initialisation() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    host.write_all(b"\x1da\x0e").await.unwrap();
    assert_eq!(read::<4>(&mut host).await, [0x10, 0x00, 0x00, 0x0F]);
    printer.open_cover();
    assert_eq!(read::<4>(&mut host).await, [0x38, 0x00, 0x00, 0x0F]);
    printer.close_cover();
    assert_eq!(read::<4>(&mut host).await, [0x10, 0x00, 0x00, 0x0F]);
    printer.paper_low(true);
    assert_eq!(read::<4>(&mut host).await, [0x10, 0x00, 0x03, 0x0F]);
    host.write_all(JOB).await.unwrap();
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    printer.paper_out();
    // ESC @ switched it off: the next byte is the answer to this question.
    assert_eq!(ask(&mut host, b"\x10\x04\x01").await, 0x1A);
}

#[tokio::test]
async fn answers_in_order_wait_for_the_data_before_them() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    printer.open_cover();
    host.write_all(JOB).await.unwrap();
    host.write_all(b"\x1dr\x01\x1d(H\x06\x000017ab\x1dIB").await.unwrap();
    // Overtakes all of them.
    assert_eq!(ask(&mut host, b"\x10\x04\x02").await, 0x16);
    printer.close_cover();
    assert_eq!(read::<1>(&mut host).await, [0x00]);
    assert_eq!(printer.counters().sheets, 1);
    assert_eq!(&read::<7>(&mut host).await, b"\x37\x2217ab\x00");
    assert_eq!(&read::<7>(&mut host).await, b"_EPSON\x00");
}

#[tokio::test]
async fn a_stalled_printer_takes_and_says_nothing_until_it_wakes() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    assert_eq!(ask(&mut host, b"\x10\x04\x01").await, 0x12);
    printer.stall(true);
    host.write_all(b"\x10\x04\x01").await.unwrap();
    printer.garbage(b"X");
    assert_eq!(read::<1>(&mut host).await, *b"X");
    assert_eq!(printer.counters().bytes_received, 3);
    printer.stall(false);
    assert_eq!(read::<1>(&mut host).await, [0x12]);
}

#[tokio::test]
async fn a_silent_printer_prints_and_answers_nothing() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    printer.silent(true);
    host.write_all(b"\x1da\xff\x10\x04\x01\x1dr\x01").await.unwrap();
    host.write_all(b"silent\n\x1dVB\x00").await.unwrap();
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    assert_eq!(printer.counters().status_requests, 2);
    printer.garbage(b"Z");
    assert_eq!(read::<1>(&mut host).await, *b"Z");
}

#[tokio::test]
async fn a_blocked_knife_stops_the_printer_until_somebody_frees_it() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    printer.cutter_jam(true);
    host.write_all(b"\x1da\x04").await.unwrap();
    assert_eq!(read::<4>(&mut host).await[1], 0x00);
    host.write_all(JOB).await.unwrap();
    // JOB begins with ESC @, so no automatic status; ask instead, until the cut was tried.
    while ask(&mut host, b"\x10\x04\x03").await != 0x1A {}
    assert_eq!(ask(&mut host, b"\x10\x04\x02").await, 0x52);
    assert_eq!(printer.counters().sheets, 0);
    printer.cutter_jam(false);
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    assert_eq!(printer.sheets()[0].lines, ["A012"]);
    assert_eq!(ask(&mut host, b"\x10\x04\x03").await, 0x12);
}

#[tokio::test]
async fn the_roll_ends_after_so_many_sheets_or_rows() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    printer.paper_for_sheets(2);
    host.write_all(&JOB.repeat(3)).await.unwrap();
    assert!(printer.wait_for_sheets(2, LIMIT).await);
    assert_eq!(ask(&mut host, b"\x10\x04\x04").await, 0x7E);
    assert_eq!(printer.counters().sheets, 2);
    // Enough for the third, and for one line of the next.
    printer.load_paper(31);
    assert!(printer.wait_for_sheets(3, LIMIT).await);
    host.write_all(b"\x1b@first\nsecond\n\x1dVB\x00").await.unwrap();
    while !printer.is_offline() {
        assert_eq!(ask(&mut host, b"\x10\x04\x03").await, 0x12);
    }
    printer.load_paper(None);
    assert!(printer.wait_for_sheets(4, LIMIT).await);
    let scraps = printer.scraps();
    assert_eq!(scraps[0].lines, ["first"]);
    assert_eq!(scraps[0].end, SheetEnd::RollChanged);
    assert_eq!(printer.sheets()[3].lines, ["second"]);
}

#[tokio::test]
async fn a_pulled_serial_cable_is_felt_and_the_same_path_works_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let printer = VirtualPrinter::on_pty(&path, Model::epson_80mm()).await.unwrap();
    for round in 1..=3 {
        let mut host = open(&path);
        host.write_all(JOB).await.unwrap();
        assert!(printer.wait_for_sheets(round, LIMIT).await);
        assert!(printer.hang_up().await);
        assert!(!path.exists() && std::fs::symlink_metadata(&path).is_err());
        let ended = timeout(LIMIT, host.read(&mut [0; 8])).await.unwrap();
        assert!(matches!(ended, Ok(0) | Err(_)), "{ended:?}");
        assert!(printer.plug_in().await);
    }
}

#[tokio::test]
async fn hosts_may_close_and_open_the_port_and_find_no_stale_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let printer = VirtualPrinter::on_pty(&path, Model::epson_80mm()).await.unwrap();
    for round in 1..=5 {
        // Nobody listens: this is lost.
        printer.garbage(b"stale");
        assert!(printer.wait_until_said(LIMIT).await);
        let mut host = open(&path);
        host.write_all(b"\x10\x04\x01").await.unwrap();
        assert_eq!(read::<1>(&mut host).await, [0x12], "round {round}");
        host.write_all(JOB).await.unwrap();
        assert!(printer.wait_for_sheets(round, LIMIT).await);
        drop(host);
    }
}

#[tokio::test]
async fn a_large_picture_passes_a_serial_line_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let printer = VirtualPrinter::on_pty(&path, Model::epson_80mm()).await.unwrap();
    let mut host = open(&path);
    let mut sent = Vec::new();
    let mut rows = Vec::new();
    for slice in 0..4_usize {
        sent.extend_from_slice(b"\x1dv0\x00\x48\x00\xf0\x00");
        let dots: Vec<u8> = (0..72 * 240).map(|at| (at * 7 + slice * 31 + at / 72) as u8).collect();
        sent.extend_from_slice(&dots);
        rows.extend_from_slice(&dots);
    }
    sent.extend_from_slice(b"\x1dVB\x00");
    timeout(LIMIT, host.write_all(&sent)).await.unwrap().unwrap();
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    let sheet = printer.sheets().remove(0);
    assert_eq!(sheet.paper.height(), 960);
    for (at, byte) in rows.iter().enumerate() {
        for bit in 0..8 {
            let (x, y) = (at % 72 * 8 + bit, at / 72);
            assert_eq!(sheet.paper.has_ink(x, y), byte & (0x80 >> bit) != 0, "{x},{y}");
        }
    }
    assert!(sheet.raw == sent);
}

#[tokio::test]
async fn a_pulled_network_cable_refuses_connections_until_it_is_back() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    let address = printer.tcp_address().unwrap();
    assert!(printer.hang_up().await);
    assert!(matches!(timeout(LIMIT, host.read(&mut [0; 8])).await.unwrap(), Ok(0) | Err(_)));
    assert!(TcpStream::connect(address).await.is_err());
    assert!(printer.plug_in().await);
    let mut host = TcpStream::connect(address).await.unwrap();
    host.write_all(JOB).await.unwrap();
    assert!(printer.wait_for_sheets(1, LIMIT).await);
}

#[tokio::test]
async fn a_power_cut_forgets_the_buffer_and_the_half_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let printer = VirtualPrinter::on_pty(&path, Model::epson_80mm()).await.unwrap();
    let mut host = open(&path);
    host.write_all(b"\x1da\xffhalf a line").await.unwrap();
    assert_eq!(read::<4>(&mut host).await, [0x10, 0x00, 0x00, 0x0F]);
    printer.open_cover();
    assert_eq!(read::<4>(&mut host).await[0], 0x38);
    host.write_all(JOB).await.unwrap();
    assert!(printer.wait_for_bytes(14 + JOB.len() as u64, LIMIT).await);
    printer.cut_power().await;
    assert_eq!(printer.waiting_bytes(), 0);
    printer.power_on().await;
    // Automatic status is forgotten too: closing the cover says nothing.
    printer.close_cover();
    host.write_all(b"after\n\x1dVB\x00\x10\x04\x01").await.unwrap();
    assert_eq!(read::<1>(&mut host).await, [0x12]);
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    assert_eq!(printer.sheets()[0].lines, ["after"]);
}

#[tokio::test]
async fn slow_wires_and_slow_paper_take_their_time() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    printer.slow(10_000);
    let begin = Instant::now();
    host.write_all(&[b'x'; 2000]).await.unwrap();
    assert!(printer.wait_for_bytes(2000, LIMIT).await);
    // The last of the portions (500 bytes) has no rest after it.
    assert!(begin.elapsed() >= Duration::from_millis(140), "{:?}", begin.elapsed());

    let slow_paper = Model { print_speed: Some(1200), ..Model::epson_80mm() };
    let (printer, mut host) = on_tcp(slow_paper).await;
    let begin = Instant::now();
    host.write_all(&b"line\n".repeat(6)).await.unwrap();
    host.write_all(b"\x1dVB\x00").await.unwrap();
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    assert!(begin.elapsed() >= Duration::from_millis(150), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn the_clock_of_a_job_starts_with_its_first_byte_not_with_questions() {
    let (printer, mut host) = on_tcp(Model::epson_80mm()).await;
    host.write_all(b"\x1b@\x1da\x0e").await.unwrap();
    assert_eq!(read::<4>(&mut host).await[0], 0x10);
    assert_eq!(ask(&mut host, b"\x10\x04\x01").await, 0x12);
    let before = Instant::now();
    host.write_all(JOB).await.unwrap();
    assert!(printer.wait_for_sheets(1, LIMIT).await);
    let first = printer.sheets()[0].first_byte.unwrap();
    assert!(first >= before && first <= printer.sheets()[0].finished);
    assert_eq!(ask(&mut host, b"\x10\x04\x01").await, 0x12);
    assert_eq!(printer.job_started(), None);
}
