//! The virtual board against frames made by alphasignpy 0.1.1 (see `golden/`), sent through tokio-serial.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use hil_tests::virtual_board::{BoardModel, VirtualBoard};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_serial::{SerialPortBuilderExt, SerialStream};

const LIMIT: Duration = Duration::from_secs(30);

struct Bench {
    board: VirtualBoard,
    host: SerialStream,
    _folder: tempfile::TempDir,
}

async fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board");
    let board = VirtualBoard::on_pty(&path, BoardModel::default()).await.unwrap();
    let host = open(&board);
    Bench { board, host, _folder: folder }
}

fn open(board: &VirtualBoard) -> SerialStream {
    tokio_serial::new(board.pty_path().to_string_lossy(), 9600).open_native_async().unwrap()
}

fn golden(name: &str) -> Vec<u8> {
    let folder = env!("CARGO_MANIFEST_DIR");
    std::fs::read(format!("{folder}/tests/golden/alpha_{name}.bin")).unwrap()
}

/// Colours on the picture that are brighter than an LED at rest.
fn bright_dots(board: &VirtualBoard) -> usize {
    let picture = board.image().unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels.chunks_exact(3).filter(|pixel| pixel.iter().any(|part| *part > 60)).count()
}

#[tokio::test]
async fn frames_of_alphasignpy_are_shown() {
    let Bench { board, mut host, _folder } = bench().await;
    assert_eq!((board.text().as_str(), bright_dots(&board)), ("", 0));
    // The same bytes as in shared/devices.md.
    let devices = b"\0\0\0\0\0\x01Z00\x02AA\x1b&aA012\x0301FD\x04";
    assert_eq!(golden("a012"), devices);
    host.write_all(devices).await.unwrap();
    assert!(board.wait_for_text(|text| text == "A012", LIMIT).await.is_some());
    assert!(bright_dots(&board) > 1000);
    assert_eq!(board.file(b'A').unwrap(), b"\x1b&aA012");

    host.write_all(&golden("hall")).await.unwrap();
    let hall = board.wait_for_text(|text| text.lines().count() == 3, LIMIT).await;
    assert_eq!(hall.unwrap(), "A012  QUAY 3\nB007  QUAY 1\nC101  QUAY 12");
    host.write_all(&golden("nested")).await.unwrap();
    assert!(board.wait_for_text(|text| text == "SO A099", LIMIT).await.is_some());
    host.write_all(&golden("other_board")).await.unwrap();
    host.write_all(&golden("priority")).await.unwrap();
    assert!(board.wait_for_text(|text| text == "CHAY", LIMIT).await.is_some());

    let counters = board.counters();
    assert_eq!((counters.good_frames, counters.bad_frames), (5, 0));
    assert_eq!((counters.other_frames, counters.noise_bytes), (1, 0));
    assert_eq!((counters.unknown_commands, counters.unchecked_frames), (0, 0));
}

#[tokio::test]
async fn noise_and_wrong_checksums_leave_the_text_alone() {
    let Bench { board, mut host, _folder } = bench().await;
    host.write_all(&golden("a012")).await.unwrap();
    assert!(board.wait_for_text(|text| text == "A012", LIMIT).await.is_some());
    let mut wrong = golden("a012");
    wrong[16] = b'9';
    host.write_all(b"\xff\xfe").await.unwrap();
    host.write_all(&wrong).await.unwrap();
    host.write_all(&golden("a012")[..12]).await.unwrap();
    host.write_all(&golden("nested")).await.unwrap();
    assert!(board.wait_for_text(|text| text == "SO A099", LIMIT).await.is_some());
    let counters = board.counters();
    assert_eq!((counters.good_frames, counters.bad_frames), (2, 2));
    assert_eq!(counters.noise_bytes, 2);
}

#[tokio::test]
async fn after_power_loss_or_a_pulled_cable_it_must_be_painted_again() {
    let mut bench = bench().await;
    let board = &bench.board;
    bench.host.write_all(&golden("a012")).await.unwrap();
    assert!(board.wait_for_text(|text| text == "A012", LIMIT).await.is_some());
    board.power_cycle();
    assert_eq!((board.text().as_str(), bright_dots(board)), ("", 0));

    assert!(board.hang_up().await);
    assert!(!board.pty_path().exists());
    let ended = timeout(LIMIT, bench.host.read(&mut [0; 8])).await.unwrap();
    assert!(matches!(ended, Ok(0) | Err(_)), "{ended:?}");
    assert!(board.plug_in().await);
    let mut host = open(board);
    host.write_all(&golden("a012")).await.unwrap();
    assert!(board.wait_for_text(|text| text == "A012", LIMIT).await.is_some());
    board.garbage(b"\x15?");
    let mut heard = [0; 2];
    timeout(LIMIT, host.read_exact(&mut heard)).await.unwrap().unwrap();
    assert_eq!(&heard, b"\x15?");
}
