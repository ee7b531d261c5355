//! The kiosk on a bare screen under a finger: boots the bench of `touch-bench/` in QEMU once and looks at every scenario's
//! line and at the pictures of the screen. Where the bench cannot run, it prints why and is content.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use hil_tests::demo::citizen::TAKE_PAPER;
use hil_tests::{guest, ocr, real_binary};

/// What must pass, in the guest's order.
const SCENARIOS: [&str; 8] = [
    "a_multitouch_device_is_a_touch_screen",
    "the_consoles_keys_work",
    "the_console_is_shut",
    "the_kiosk_shows_a_page_on_the_bare_screen",
    "the_way_to_a_ticket_is_known",
    "a_keyboard_finds_no_way_out",
    "a_finger_takes_a_ticket",
    "its_paper_comes_out_once",
];
/// Share of the last page's words that tesseract must read on the screen.
const READABLE: f64 = 0.8;
/// Fewest shades that a page with letters on it has.
const SHADES: usize = 16;

/// A printer beside the kiosk.
const DEVICES: &str = r#"
name = "kiosk-pc"
[[ticket_printers]]
name = "printer-1"
kiosk = "kiosk-1"
profile = "epson-tm-t20iii"
link = { kind = "serial", path = "/run/printer" }
"#;
/// The sample hall on one machine: hub, printer and kiosk.
const MACHINE: &str = r#"
[hub]
listen = "127.0.0.1:7700"
data = "/var/lib/kiosk-app"
hall = "hall.toml"
kiosks = ["kiosk-1"]
[agent]
devices = "devices.toml"
[[stations]]
kind = "kiosk"
kiosk = "kiosk-1"
"#;
/// What shuts the console, beside the configuration.
const CONSOLE: [&str; 2] = ["kiosk-console.service", "60-kiosk-sysctl.conf"];

/// Pixels of a picture, three or four bytes each.
fn pixels(file: &Path) -> (usize, Vec<u8>) {
    let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(file).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), (1080, 1920), "{}", file.display());
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    (frame.color_type.samples(), pixels)
}

#[test]
fn a_finger_takes_a_ticket_on_a_bare_screen() {
    let bench = guest::folder("touch-bench");
    // What the kiosk is built with comes first.
    if guest::run(&mut Command::new(bench.join("install-packages"))).unwrap().is_none() {
        return;
    }
    let config = tempfile::tempdir().unwrap();
    guest::write_config(config.path(), DEVICES, MACHINE).unwrap();
    for file in CONSOLE {
        std::fs::copy(bench.join("../../config/system").join(file), config.path().join(file)).unwrap();
    }
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("touch-bench");
    let mut run = Command::new(bench.join("run"));
    run.arg(&cache).arg(real_binary::build(&["kms"]).unwrap()).arg(env!("CARGO_BIN_EXE_touch-guest"));
    let Some(report) = guest::run(run.arg(config.path()).arg(&cache)).unwrap() else { return };
    report.passed(&SCENARIOS).unwrap();
    let (samples, first) = pixels(&cache.join("first-page.png"));
    let (_, ticket) = pixels(&cache.join("ticket.png"));
    for page in [&first, &ticket] {
        let shades: HashSet<&[u8]> = page.chunks(samples).collect();
        assert!(shades.len() >= SHADES, "a page of {} shades", shades.len());
    }
    let changed = first.chunks(samples).zip(ticket.chunks(samples)).filter(|(one, other)| one != other).count();
    assert!(changed > 1080 * 1920 / 20, "only {changed} dots changed between the first page and the ticket");
    if let Err(why) = ocr::is_here() {
        println!("the screen is not read: {why}");
        return;
    }
    let read = ocr::read_screen(&std::fs::read(cache.join("ticket.png")).unwrap()).unwrap();
    let share = ocr::share_of_line(TAKE_PAPER[0], &read);
    assert!(share >= READABLE, "the last page says: {read:#?}");
}
