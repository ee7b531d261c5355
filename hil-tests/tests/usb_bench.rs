//! USB printers on real transfers: boots the bench of `usb-bench/` in QEMU once and looks at every scenario's line.
//! Where the bench cannot run, it prints why and is content.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use hil_tests::real_binary;
use hil_tests::sample_hall;

/// Folder of this crate.
const HERE: &str = env!("CARGO_MANIFEST_DIR");
/// Exit code of the bench's scripts where they cannot run.
const CANNOT: i32 = 77;
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

/// The sample hall with two kiosks; their printers are of one model, told apart by serial number and by socket.
fn write_config(folder: &Path) {
    let hall = std::fs::read_to_string(Path::new(HERE).join("../config/hall.toml")).unwrap();
    std::fs::write(folder.join("hall.toml"), sample_hall::file_at_any_hour(&hall).unwrap()).unwrap();
    let devices = r#"
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
    std::fs::write(folder.join("devices.toml"), devices).unwrap();
    let machine = r#"
        [hub]
        listen = "127.0.0.1:7700"
        data = "/var/lib/kiosk-app"
        hall = "hall.toml"
        kiosks = ["kiosk-1", "kiosk-2"]
        [agent]
        devices = "devices.toml"
    "#;
    std::fs::write(folder.join("machine.toml"), machine).unwrap();
}

#[test]
fn usb_printers_on_the_bench() {
    let config = tempfile::tempdir().unwrap();
    write_config(config.path());
    let bench = Path::new(HERE).join("usb-bench");
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("usb-bench");
    let mut run = Command::new(bench.join("run"));
    run.arg(cache).arg(real_binary::build(&[]).unwrap()).arg(env!("CARGO_BIN_EXE_usb-guest")).arg(config.path());
    let output = run.output().unwrap();
    let (said, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(CANNOT) {
        println!("{}", log.lines().last().unwrap_or("the USB bench cannot run here"));
        return;
    }
    assert!(output.status.success(), "the bench did not run:\n{log}");
    let lines: BTreeMap<&str, &str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("PASS ").or(line.strip_prefix("FAIL ")).map(|rest| (rest, line)))
        .filter_map(|(rest, line)| Some((rest.split(' ').next()?, line)))
        .collect();
    for name in SCENARIOS {
        let line = lines.get(name).copied().unwrap_or("no line");
        assert!(line.starts_with("PASS "), "{name}: {line}\n{said}\n{log}");
    }
    assert_eq!(lines.len(), SCENARIOS.len(), "a scenario is missing in the list above:\n{said}");
}
