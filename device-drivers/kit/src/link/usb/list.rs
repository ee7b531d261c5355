//! The USB devices of this machine, and which of them a configuration means.
//!
//! Facts come from `/sys/bus/usb/devices`: it needs no permission and no open device, so a device that may not be
//! opened is still found and told as such. The kernel's printer driver shows a printer's IEEE 1284 id there too.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

use crate::link::UsbWanted;

/// Where the kernel lists USB devices.
const SYSFS: &str = "/sys/bus/usb/devices";
/// Where the kernel puts device nodes.
const DEV: &str = "/dev";
/// USB class of printers.
pub(super) const CLASS_PRINTER: u8 = 0x07;

/// A USB device that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbDevice {
    /// USB vendor id.
    pub vendor_id: u16,
    /// USB product id.
    pub product_id: u16,
    /// The socket, as the kernel names it: `1-2.4`.
    pub port: String,
    /// Its serial number, if it has one. Cheap models share one among all their devices.
    pub serial_number: Option<String>,
    /// Who made it, as it says itself.
    pub maker: Option<String>,
    /// What it is, as it says itself.
    pub model: Option<String>,
    /// A printer's IEEE 1284 id, such as `MFG:EPSON;MDL:TM-T20III;CMD:ESC/POS;`, while the kernel's driver has it.
    pub device_id: Option<String>,
    /// It has a printer interface, or the kernel's printer driver has it.
    pub is_printer: bool,
    /// Number of its bus, as libusb counts.
    pub(super) bus: u8,
    /// Its number on that bus.
    pub(super) address: u8,
    /// The kernel's node for it, while the kernel's driver has it.
    pub(super) kernel_node: Option<PathBuf>,
}

/// All USB devices that are plugged in, in the order of their sockets; none where the machine has no USB.
pub fn usb_devices() -> Vec<UsbDevice> {
    devices_below(Path::new(SYSFS))
}

impl UsbDevice {
    /// Whether this user may open it through libusb.
    pub fn may_be_opened(&self) -> bool {
        let node = format!("{DEV}/bus/usb/{:03}/{:03}", self.bus, self.address);
        access(node.as_str(), AccessFlags::R_OK | AccessFlags::W_OK).is_ok()
    }

    fn fits(&self, wanted: &UsbWanted) -> bool {
        (wanted.vendor_id.is_some() || self.is_printer)
            && wanted.vendor_id.is_none_or(|id| id == self.vendor_id)
            && wanted.product_id.is_none_or(|id| id == self.product_id)
            && wanted.port.as_ref().is_none_or(|port| *port == self.port)
            && (wanted.serial_number.is_none() || wanted.serial_number == self.serial_number)
    }
}

impl fmt::Display for UsbDevice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04x}:{:04x} port {}", self.vendor_id, self.product_id, self.port)?;
        match &self.serial_number {
            Some(serial_number) => write!(formatter, " serial number {serial_number}"),
            None => Ok(()),
        }
    }
}

/// Why no device could be chosen.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotChosen {
    /// None fits; these printers are there.
    None(Vec<UsbDevice>),
    /// All these fit.
    Several(Vec<UsbDevice>),
}

/// The one device that is meant.
pub(super) fn choose(devices: Vec<UsbDevice>, wanted: &UsbWanted) -> Result<UsbDevice, NotChosen> {
    let (mut fitting, others): (Vec<_>, Vec<_>) = devices.into_iter().partition(|device| device.fits(wanted));
    match fitting.pop() {
        None => Err(NotChosen::None(others.into_iter().filter(|device| device.is_printer).collect())),
        Some(only) if fitting.is_empty() => Ok(only),
        Some(last) => {
            fitting.push(last);
            Err(NotChosen::Several(fitting))
        }
    }
}

fn devices_below(sysfs: &Path) -> Vec<UsbDevice> {
    let mut devices: Vec<UsbDevice> = names(sysfs).iter().filter_map(|name| read_device(sysfs, name)).collect();
    devices.sort_by(|a, b| a.port.cmp(&b.port));
    devices
}

/// A device, unless it is a hub's own, or went away while it was read.
fn read_device(sysfs: &Path, name: &str) -> Option<UsbDevice> {
    // "1-2" is a device, "usb1" a bus, "1-2:1.0" an interface.
    if !name.contains('-') || name.contains(':') {
        return None;
    }
    let folder = sysfs.join(name);
    let mut device = UsbDevice {
        vendor_id: u16::from_str_radix(&text(&folder, "idVendor")?, 16).ok()?,
        product_id: u16::from_str_radix(&text(&folder, "idProduct")?, 16).ok()?,
        port: name.to_owned(),
        serial_number: text(&folder, "serial"),
        maker: text(&folder, "manufacturer"),
        model: text(&folder, "product"),
        device_id: None,
        is_printer: false,
        bus: text(&folder, "busnum")?.parse().ok()?,
        address: text(&folder, "devnum")?.parse().ok()?,
        kernel_node: None,
    };
    for interface in names(&folder).iter().filter(|entry| entry.starts_with(&format!("{name}:"))) {
        let interface = folder.join(interface);
        let class = text(&interface, "bInterfaceClass").and_then(|class| u8::from_str_radix(&class, 16).ok());
        let node = names(&interface.join("usbmisc")).into_iter().find(|name| name.starts_with("lp"));
        // The kernel's driver also knows printers that name no class (Epson's older interface, 04b8:0202).
        device.is_printer |= class == Some(CLASS_PRINTER) || node.is_some();
        device.device_id = device.device_id.or_else(|| text(&interface, "ieee1284_id"));
        device.kernel_node = device.kernel_node.or(node.map(|node| Path::new(DEV).join("usb").join(node)));
    }
    Some(device)
}

/// Names in a folder, in order; none when it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// One value of a device; `None` when it has none. Devices may say anything, so wrong UTF-8 is bent, not refused.
fn text(folder: &Path, name: &str) -> Option<String> {
    let bytes = fs::read(folder.join(name)).ok()?;
    let value = String::from_utf8_lossy(&bytes).trim().to_owned();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    /// A device in a made-up sysfs: its values, and those of each interface.
    fn plug(sysfs: &Path, port: &str, values: &[(&str, &str)], interfaces: &[&[(&str, &str)]]) {
        let device = sysfs.join(port);
        for (number, values) in interfaces.iter().enumerate() {
            write(&device.join(format!("{port}:1.{number}")), values);
        }
        write(&device, &[("busnum", "1"), ("devnum", "4")]);
        write(&device, values);
    }

    fn write(folder: &Path, values: &[(&str, &str)]) {
        fs::create_dir_all(folder).unwrap();
        for (name, value) in values {
            fs::write(folder.join(name), format!("{value}\n")).unwrap();
        }
    }

    const PRINTER: &[(&str, &str)] = &[("bInterfaceClass", "07"), ("ieee1284_id", "MFG:EPSON;MDL:TM-T20III;")];

    /// Two printers of one model behind a hub, a third with the same serial number as the second, and a keyboard.
    fn hall() -> (tempfile::TempDir, Vec<UsbDevice>) {
        let sysfs = tempfile::tempdir().unwrap();
        let model = |serial| [("idVendor", "04b8"), ("idProduct", "0e28"), ("serial", serial)];
        let keyboard: &[(&str, &str)] = &[("bInterfaceClass", "03")];
        plug(sysfs.path(), "usb1", &[("idVendor", "1d6b"), ("idProduct", "0002")], &[]);
        plug(sysfs.path(), "1-1", &[("idVendor", "046d"), ("idProduct", "c31c")], &[keyboard]);
        plug(sysfs.path(), "1-2.1", &model("X1"), &[keyboard, PRINTER]);
        plug(sysfs.path(), "1-2.2", &model("X2"), &[PRINTER]);
        plug(sysfs.path(), "2-1", &model("X2"), &[PRINTER]);
        fs::create_dir_all(sysfs.path().join("1-2.1/1-2.1:1.1/usbmisc/lp0")).unwrap();
        let devices = devices_below(sysfs.path());
        (sysfs, devices)
    }

    fn printer() -> UsbWanted {
        UsbWanted { vendor_id: Some(0x04b8), product_id: Some(0x0e28), ..UsbWanted::default() }
    }

    fn ports(devices: &[UsbDevice]) -> Vec<&str> {
        devices.iter().map(|device| device.port.as_str()).collect()
    }

    #[test]
    fn devices_are_read_as_the_kernel_shows_them() {
        let (_sysfs, devices) = hall();
        assert_eq!(ports(&devices), ["1-1", "1-2.1", "1-2.2", "2-1"]);
        let printer = devices.get(1).unwrap();
        assert_eq!(printer.to_string(), "04b8:0e28 port 1-2.1 serial number X1");
        assert_eq!(printer.device_id.as_deref(), Some("MFG:EPSON;MDL:TM-T20III;"));
        assert_eq!(printer.kernel_node.as_deref(), Some(Path::new("/dev/usb/lp0")));
        assert!(printer.is_printer && (printer.bus, printer.address) == (1, 4));
        let keyboard = devices.first().unwrap();
        assert!(!keyboard.is_printer && keyboard.serial_number.is_none());
    }

    #[test]
    fn a_printer_without_the_class_is_one_when_the_kernel_says_so() {
        let sysfs = tempfile::tempdir().unwrap();
        let ids = [("idVendor", "04b8"), ("idProduct", "0202")];
        plug(sysfs.path(), "1-1", &ids, &[&[("bInterfaceClass", "ff")]]);
        let is_printer = || devices_below(sysfs.path()).first().unwrap().is_printer;
        assert!(!is_printer());
        fs::create_dir_all(sysfs.path().join("1-1/1-1:1.0/usbmisc/lp1")).unwrap();
        assert!(is_printer());
    }

    #[test]
    fn a_machine_without_usb_has_no_devices() {
        assert_eq!(devices_below(Path::new("/nowhere")), []);
    }

    #[test]
    fn equal_printers_are_told_apart_or_not_chosen() {
        let (_sysfs, devices) = hall();
        let with = |change: &dyn Fn(&mut UsbWanted)| {
            let mut wanted = printer();
            change(&mut wanted);
            choose(devices.clone(), &wanted)
        };
        let several = |chosen| match chosen {
            Err(NotChosen::Several(devices)) => ports(&devices).join(" "),
            other => panic!("{other:?}"),
        };
        assert_eq!(several(with(&|_| {})), "1-2.1 1-2.2 2-1");
        assert_eq!(with(&|wanted| wanted.serial_number = Some("X1".into())).unwrap().port, "1-2.1");
        assert_eq!(several(with(&|wanted| wanted.serial_number = Some("X2".into()))), "1-2.2 2-1");
        assert_eq!(with(&|wanted| wanted.port = Some("2-1".into())).unwrap().port, "2-1");
        assert_eq!(several(choose(devices.clone(), &UsbWanted::default())), "1-2.1 1-2.2 2-1");
    }

    #[test]
    fn a_device_that_is_not_there_is_told_with_the_printers_that_are() {
        let (_sysfs, devices) = hall();
        let wanted = UsbWanted { serial_number: Some("X9".into()), ..printer() };
        match choose(devices.clone(), &wanted) {
            Err(NotChosen::None(present)) => assert_eq!(ports(&present), ["1-2.1", "1-2.2", "2-1"]),
            other => panic!("{other:?}"),
        }
        let keyboard = UsbWanted { vendor_id: Some(0x046d), ..UsbWanted::default() };
        assert_eq!(choose(devices, &keyboard).unwrap().port, "1-1");
    }
}
