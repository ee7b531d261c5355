//! USB printers on real transfers: boots the bench of `usb-bench/` in QEMU once and looks at every scenario's line.
//! Where the bench cannot run, it prints why and is content.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;

use hil_tests::{guest, real_binary};

/// What must pass, in the guest's order.
const SCENARIOS: [&str; 19] = [
    "find",
    "equal_printers_are_not_guessed",
    "no_permission_names_the_udev_line",
    "the_kernel_driver_is_the_fallback",
    "udev_rules_give_access_and_names",
    "printer_list",
    "identify",
    "a_long_write_arrives",
    "a_long_write_is_cancelled",
    "port_status",
    "kernel_driver",
    "serial_adapter",
    "keyboard",
    "the_hall_finds_both_printers",
    "each_kiosk_prints_on_its_own_printer",
    "paper_out_is_told",
    "a_stalled_printer_is_named",
    "unplugged_in_a_job_is_unconfirmed",
    "replugged_it_prints_again",
];

/// Two printers of one model, told apart by serial number and by socket.
const DEVICES: &str = r#"
name = "hall-pc"
[[ticket_printers]]
name = "printer-1"
kiosk = "kiosk-1"
profile = "epson-tm-t20iii"
link = { kind = "usb", vendor_id = 0x04b8, product_id = 0x0e28, serial_number = "SIM0001" }
[[ticket_printers]]
name = "printer-2"
kiosk = "kiosk-2"
profile = "unknown-80mm"
link = { kind = "usb", vendor_id = 0x04b8, product_id = 0x0e28, port = "2-1" }
"#;
/// The sample hall with two kiosks.
const MACHINE: &str = r#"
[hub]
listen = "127.0.0.1:7700"
data = "/var/lib/kiosk-app"
hall = "hall.toml"
kiosks = ["kiosk-1", "kiosk-2"]
[agent]
devices = "devices.toml"
"#;

#[test]
fn usb_printers_on_the_bench() {
    let config = tempfile::tempdir().unwrap();
    guest::write_config(config.path(), DEVICES, MACHINE).unwrap();
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("usb-bench");
    let mut run = Command::new(guest::folder("usb-bench").join("run"));
    run.arg(cache).arg(real_binary::build(&[]).unwrap()).arg(env!("CARGO_BIN_EXE_usb-guest")).arg(config.path());
    if let Some(report) = guest::run(&mut run).unwrap() {
        report.passed(&SCENARIOS).unwrap();
    }
}
