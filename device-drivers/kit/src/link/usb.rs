//! USB devices with bulk endpoints (ticket printers): found in sysfs, opened by libusb or, where that cannot have the
//! device, through the kernel's printer driver.
//!
//! A device is chosen or refused, never picked by chance; unplugged, the link ends with an error, and the next opening
//! looks for it anew.

use std::sync::Arc;
use std::thread::sleep;

use super::{LinkConfig, LinkError, LinkErrorKind, UsbDriver, UsbWanted};

mod libusb;
mod list;
mod stream;
mod transfers;
mod usblp;

pub use list::{UsbDevice, usb_devices};

use list::{NotChosen, choose};
use stream::UsbWire;
use transfers::{TRANSFER_TIMEOUT, Transfers};

/// How often a busy device is tried again before it counts as busy: an earlier link of ours may still be ending.
const BUSY_TRIES: u32 = 3;

/// Opens the device and starts its threads.
pub(super) async fn open(wanted: &UsbWanted, config: &LinkConfig) -> Result<UsbWire, LinkError> {
    let (wanted, link) = (wanted.clone(), config.to_string());
    let opened = {
        let link = link.clone();
        tokio::task::spawn_blocking(move || find_and_open(&wanted, &link)).await
    };
    let device = opened.map_err(|error| io_error(&link, &error))??;
    transfers::start(device, &link).map_err(|error| io_error(&link, &error))
}

fn find_and_open(wanted: &UsbWanted, link: &str) -> Result<Arc<dyn Transfers>, LinkError> {
    let device = choose(usb_devices(), wanted).map_err(|error| not_chosen(link, &error))?;
    let mut tries = 1;
    loop {
        match open_by(wanted.driver, &device, link) {
            Err(error) if error.kind == LinkErrorKind::Busy && tries < BUSY_TRIES => {
                tries += 1;
                sleep(TRANSFER_TIMEOUT);
            }
            opened => return opened,
        }
    }
}

fn open_by(driver: UsbDriver, device: &UsbDevice, link: &str) -> Result<Arc<dyn Transfers>, LinkError> {
    match driver {
        UsbDriver::Libusb => open_by_libusb(device, link),
        UsbDriver::Kernel => open_by_kernel(device, link),
        UsbDriver::Any => open_by_libusb(device, link).or_else(|error| {
            // What libusb said is the better answer when the kernel cannot have it either.
            let opened = open_by_kernel(device, link).map_err(|_| error.clone())?;
            tracing::info!(%error, "opened through the kernel's printer driver");
            Ok(opened)
        }),
    }
}

fn open_by_libusb(device: &UsbDevice, link: &str) -> Result<Arc<dyn Transfers>, LinkError> {
    match libusb::open(device) {
        Ok(claimed) => Ok(Arc::new(claimed)),
        Err(error) => Err(explain_libusb(link, device, error)),
    }
}

fn open_by_kernel(device: &UsbDevice, link: &str) -> Result<Arc<dyn Transfers>, LinkError> {
    let Some(node) = &device.kernel_node else {
        return Err(LinkError {
            link: link.to_owned(),
            kind: LinkErrorKind::NotFound,
            cause: format!("the kernel's printer driver does not have {device}"),
            action: "load it (sudo modprobe usblp), or write driver = \"libusb\"".to_owned(),
        });
    };
    match usblp::open(node) {
        Ok(opened) => Ok(Arc::new(opened)),
        Err(error) => Err(explain_kernel(link, &node.display().to_string(), &error)),
    }
}

fn not_chosen(link: &str, error: &NotChosen) -> LinkError {
    let list = |devices: &[UsbDevice]| devices.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (kind, cause, action) = match error {
        NotChosen::None(present) => {
            let present = if present.is_empty() { "none".to_owned() } else { list(present) };
            let action = format!("check the cable and the power; other USB printers plugged in: {present}");
            (LinkErrorKind::NotFound, "no such USB device".to_owned(), action)
        }
        NotChosen::Several(devices) => (
            LinkErrorKind::Configuration,
            format!("{} devices fit: {}", devices.len(), list(devices)),
            "add serial_number, or port where the serial numbers are the same".to_owned(),
        ),
    };
    LinkError { link: link.to_owned(), kind, cause, action }
}

fn io_error(link: &str, cause: &dyn std::fmt::Display) -> LinkError {
    LinkError {
        link: link.to_owned(),
        kind: LinkErrorKind::Io,
        cause: cause.to_string(),
        action: "unplug the device and plug it in again; if it stays, try another USB port".into(),
    }
}

fn busy() -> (LinkErrorKind, String) {
    let action = "close the other program that uses it (CUPS takes printers: remove the queue there)";
    (LinkErrorKind::Busy, action.to_owned())
}

/// What to do so that this user may open a device: the line for udev, and how it comes into force.
fn udev_action(line: &str) -> String {
    format!(
        "let this user open it: put {line} into /etc/udev/rules.d/70-hall.rules, run sudo udevadm control --reload \
         and sudo usermod -aG lp \"$USER\", log in again, then plug the device in again"
    )
}

impl UsbDevice {
    /// What to do so that this user may open it; `None` where nothing is to be done.
    pub fn missing_permission(&self) -> Option<String> {
        if self.may_be_opened() {
            return None;
        }
        Some(explain_libusb("", self, rusb::Error::Access).action)
    }
}

fn explain_libusb(link: &str, device: &UsbDevice, error: rusb::Error) -> LinkError {
    let (kind, action) = match error {
        rusb::Error::Access => {
            let (vendor, product) = (device.vendor_id, device.product_id);
            let line = format!(
                "SUBSYSTEM==\"usb\", ATTR{{idVendor}}==\"{vendor:04x}\", ATTR{{idProduct}}==\"{product:04x}\", \
                 GROUP=\"lp\", MODE=\"0660\""
            );
            (LinkErrorKind::Permission, udev_action(&line))
        }
        rusb::Error::Busy => busy(),
        rusb::Error::NotFound | rusb::Error::NoDevice => {
            (LinkErrorKind::NotFound, "it went away just now: check the cable".to_owned())
        }
        rusb::Error::NotSupported => (
            LinkErrorKind::Configuration,
            "it has no interface that takes bytes: name another device (lsusb lists them)".to_owned(),
        ),
        other => return io_error(link, &other),
    };
    LinkError { link: link.to_owned(), kind, cause: format!("{device}: {error}"), action }
}

fn explain_kernel(link: &str, node: &str, error: &std::io::Error) -> LinkError {
    use std::io::ErrorKind;
    let (kind, action) = match error.kind() {
        ErrorKind::PermissionDenied => (
            LinkErrorKind::Permission,
            udev_action("SUBSYSTEM==\"usbmisc\", KERNEL==\"lp[0-9]*\", GROUP=\"lp\", MODE=\"0660\""),
        ),
        ErrorKind::ResourceBusy => busy(),
        ErrorKind::NotFound => (LinkErrorKind::NotFound, "it went away just now: check the cable".to_owned()),
        _ => return io_error(link, &format!("{node}: {error}")),
    };
    LinkError { link: link.to_owned(), kind, cause: format!("{node}: {error}"), action }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::io;

    use super::*;
    use crate::link;

    fn printer() -> UsbDevice {
        UsbDevice {
            vendor_id: 0x04b8,
            product_id: 0x0e28,
            port: "1-2".into(),
            serial_number: Some("X1".into()),
            maker: None,
            model: None,
            device_id: None,
            is_printer: true,
            bus: 1,
            address: 4,
            kernel_node: None,
        }
    }

    #[tokio::test]
    async fn a_device_that_is_not_there_is_an_error_that_names_it() {
        let wanted = UsbWanted { vendor_id: Some(0xffff), product_id: Some(0xfffe), ..UsbWanted::default() };
        let error = link::open(&LinkConfig::Usb(wanted)).await.unwrap_err();
        assert_eq!(error.kind, LinkErrorKind::NotFound);
        let text = error.to_string();
        assert!(text.starts_with("usb ffff:fffe: no such USB device; check the cable"), "{text}");
    }

    #[test]
    fn no_permission_gives_the_udev_rule() {
        let error = explain_libusb("usb 04b8:0e28", &printer(), rusb::Error::Access);
        assert_eq!(error.kind, LinkErrorKind::Permission);
        let rule = "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"04b8\", ATTR{idProduct}==\"0e28\", GROUP=\"lp\"";
        assert!(error.action.contains(rule), "{error}");
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let error = explain_kernel("usb 04b8:0e28", "/dev/usb/lp0", &denied);
        assert_eq!(error.kind, LinkErrorKind::Permission);
        assert!(error.action.contains("SUBSYSTEM==\"usbmisc\""), "{error}");
    }

    #[test]
    fn what_to_do_follows_from_what_went_wrong() {
        let kind = |error| explain_libusb("usb", &printer(), error).kind;
        assert_eq!(kind(rusb::Error::Busy), LinkErrorKind::Busy);
        assert_eq!(kind(rusb::Error::NoDevice), LinkErrorKind::NotFound);
        assert_eq!(kind(rusb::Error::NotSupported), LinkErrorKind::Configuration);
        assert_eq!(kind(rusb::Error::Pipe), LinkErrorKind::Io);
        let kind = |error: io::ErrorKind| explain_kernel("usb", "/dev/usb/lp0", &error.into()).kind;
        assert_eq!(kind(io::ErrorKind::ResourceBusy), LinkErrorKind::Busy);
        assert_eq!(kind(io::ErrorKind::NotFound), LinkErrorKind::NotFound);
        assert_eq!(kind(io::ErrorKind::BrokenPipe), LinkErrorKind::Io);
    }

    #[test]
    fn equal_printers_are_listed_and_a_missing_one_is_told_with_those_that_are_there() {
        let other = UsbDevice { port: "1-3".into(), serial_number: None, ..printer() };
        let error = not_chosen("usb 04b8:0e28", &NotChosen::Several(vec![printer(), other]));
        assert_eq!(error.kind, LinkErrorKind::Configuration);
        assert_eq!(
            error.to_string(),
            "usb 04b8:0e28: 2 devices fit: 04b8:0e28 port 1-2 serial number X1, 04b8:0e28 port 1-3; \
             add serial_number, or port where the serial numbers are the same"
        );
        let error = not_chosen("usb printer", &NotChosen::None(vec![printer()]));
        assert!(error.action.ends_with("plugged in: 04b8:0e28 port 1-2 serial number X1"), "{error}");
    }

    #[test]
    fn without_a_node_the_kernel_driver_is_named_as_missing() {
        let error = open_by(UsbDriver::Kernel, &printer(), "usb 04b8:0e28").map(drop).unwrap_err();
        assert_eq!(error.kind, LinkErrorKind::NotFound);
        assert!(error.action.contains("modprobe usblp"), "{error}");
    }
}
