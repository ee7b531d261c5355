//! `kiosk-app printer list`: found, or found and not permitted with what to type.

use std::io::{self, Write};

use kit::link::{SerialPortFound, UsbDevice};

/// Writes what is there, each with the words for `--link` and for `devices.toml`.
pub(super) fn list(usb: &[UsbDevice], serial: &[SerialPortFound], out: &mut impl Write) -> io::Result<()> {
    let printers: Vec<&UsbDevice> = usb.iter().filter(|device| device.is_printer).collect();
    writeln!(out, "USB printers: {}", count(printers.len()))?;
    for device in printers {
        let name =
            [device.maker.as_deref(), device.model.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {device}  {name}")?;
        match device.missing_permission() {
            None => writeln!(out, "    --link {}", link(device, usb))?,
            Some(action) => writeln!(out, "    no permission: {action}")?,
        }
    }
    writeln!(out, "Serial ports: {}", count(serial.len()))?;
    for port in serial {
        let path = port.lasting_path.as_ref().unwrap_or(&port.path).display();
        writeln!(out, "  {path}  ({})", port.path.display())?;
        if port.may_be_opened {
            writeln!(out, "    --link serial:{path}")?;
        } else {
            let action = "sudo usermod -aG dialout \"$USER\", then log in again";
            writeln!(out, "    no permission: let this user open it: {action}")?;
        }
    }
    writeln!(
        out,
        "Network printers are not searched for; --link tcp:HOST:9100 with the address that they print themselves."
    )
}

fn count(number: usize) -> String {
    if number == 0 { "none".to_owned() } else { number.to_string() }
}

/// The shortest link that means this device and no other.
fn link(device: &UsbDevice, all: &[UsbDevice]) -> String {
    let same = |other: &&UsbDevice| other.serial_number == device.serial_number;
    match &device.serial_number {
        Some(number) if all.iter().filter(same).count() == 1 => format!("usb:serial={number}"),
        _ => format!("usb:port={}", device.port),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_printers_says_so_and_a_port_says_how_to_be_opened() {
        let port = |path: &str, may_be_opened| SerialPortFound {
            path: path.into(),
            lasting_path: (path == "/dev/ttyUSB0").then(|| "/dev/serial/by-id/usb-FTDI".into()),
            may_be_opened,
        };
        let mut out = Vec::new();
        list(&[], &[port("/dev/ttyS0", false), port("/dev/ttyUSB0", true)], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("USB printers: none\nSerial ports: 2\n  /dev/ttyS0"), "{text}");
        assert!(text.contains("no permission: let this user open it: sudo usermod -aG dialout"), "{text}");
        assert!(text.contains("    --link serial:/dev/serial/by-id/usb-FTDI\n"), "{text}");
    }
}
