//! USB devices with bulk endpoints (ticket printers) by rusb.
//!
//! Facts: rusb is synchronous, so each open device has a thread for each direction, tied to the
//! async side by bounded channels; without udevd a libusb context never learns of new devices, so
//! every opening makes a fresh one; any transfer error but a timeout means the device is gone.
//! A timeout only means that the device has nothing to say, or holds us back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rusb::{Context, Device, DeviceHandle, Direction, TransferType, UsbContext};
use tokio::sync::mpsc;

use super::{LinkConfig, LinkError, LinkErrorKind};

mod stream;

pub(super) use stream::UsbWire;

/// How long one transfer may wait; also the longest time that a thread outlives its link.
const TRANSFER_TIMEOUT: Duration = Duration::from_millis(200);
/// Pause after an empty packet, which some devices answer instead of "nothing yet".
const EMPTY_PACKET_PAUSE: Duration = Duration::from_millis(10);
/// Largest piece handed to one transfer, in bytes.
const CHUNK_BYTES: usize = 4096;
/// Pieces that may wait in each direction.
const CHUNKS_QUEUED: usize = 4;
/// USB class of printers.
const CLASS_PRINTER: u8 = 0x07;
/// USB class of vendor-specific interfaces.
const CLASS_VENDOR: u8 = 0xff;

/// Which device to open.
pub(super) struct Wanted {
    pub(super) vendor_id: u16,
    pub(super) product_id: u16,
    pub(super) serial_number: Option<String>,
}

/// An opened device with its interface claimed.
struct Claimed {
    handle: DeviceHandle<Context>,
    route: Route,
}

/// The interface and endpoints that carry the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Route {
    interface: u8,
    setting: u8,
    class: u8,
    to_device: u8,
    from_device: Option<u8>,
}

/// What both threads and the async side share.
struct Shared {
    /// Set when the link was dropped or a transfer failed: both threads end.
    stopped: AtomicBool,
    /// Bytes written by the session and not yet taken by the device.
    unsent: AtomicUsize,
}

/// Opens the device and starts its two threads.
pub(super) async fn open(wanted: Wanted, config: &LinkConfig) -> Result<UsbWire, LinkError> {
    let name = config.to_string();
    let opened = {
        let name = name.clone();
        tokio::task::spawn_blocking(move || find_and_claim(&wanted, &name)).await
    };
    let claimed = match opened {
        Ok(claimed) => claimed?,
        Err(error) => return Err(io_error(&name, &error)),
    };
    start(claimed, &name)
}

fn io_error(link: &str, cause: &dyn std::fmt::Display) -> LinkError {
    LinkError {
        link: link.to_owned(),
        kind: LinkErrorKind::Io,
        cause: cause.to_string(),
        action: "unplug the device and plug it in again; if it stays, try another USB port".into(),
    }
}

fn explain(link: &str, wanted: &Wanted, error: rusb::Error) -> LinkError {
    let (kind, action) = match error {
        rusb::Error::Access => (
            LinkErrorKind::Permission,
            format!(
                "let this user open it: put SUBSYSTEM==\"usb\", ATTR{{idVendor}}==\"{:04x}\", ATTR{{idProduct}}==\"{:04x}\", MODE=\"0660\", GROUP=\"lp\" into /etc/udev/rules.d/70-hall.rules, run sudo udevadm control --reload and sudo usermod -aG lp \"$USER\", then plug the device in again",
                wanted.vendor_id, wanted.product_id
            ),
        ),
        rusb::Error::Busy => (
            LinkErrorKind::Busy,
            "close the other program that uses it (CUPS takes printers: remove the queue there)".to_owned(),
        ),
        rusb::Error::NotFound | rusb::Error::NoDevice => (
            LinkErrorKind::NotFound,
            "check the cable and the power, and that lsusb lists these two numbers".to_owned(),
        ),
        other => return io_error(link, &other),
    };
    LinkError { link: link.to_owned(), kind, cause: error.to_string(), action }
}

fn find_and_claim(wanted: &Wanted, link: &str) -> Result<Claimed, LinkError> {
    let failed = |error| explain(link, wanted, error);
    let context = Context::new().map_err(failed)?;
    let devices = context.devices().map_err(failed)?;
    for device in devices.iter() {
        // A device whose descriptor cannot be read went away during the scan.
        let Ok(descriptor) = device.device_descriptor() else {
            continue;
        };
        if (descriptor.vendor_id(), descriptor.product_id()) != (wanted.vendor_id, wanted.product_id) {
            continue;
        }
        let handle = device.open().map_err(failed)?;
        if let Some(serial_number) = &wanted.serial_number {
            let found = handle.read_serial_number_string_ascii(&descriptor);
            if found.as_ref() != Ok(serial_number) {
                continue;
            }
        }
        let route = find_route(&device)
            .map_err(failed)?
            .ok_or_else(|| io_error(link, &"the device has no interface with a bulk output endpoint"))?;
        // Not every platform can detach the kernel's driver; where it cannot, claiming tells.
        let _ = handle.set_auto_detach_kernel_driver(true);
        handle.claim_interface(route.interface).map_err(failed)?;
        if route.setting != 0 {
            handle.set_alternate_setting(route.interface, route.setting).map_err(failed)?;
        }
        return Ok(Claimed { handle, route });
    }
    Err(failed(rusb::Error::NotFound))
}

/// The first printer-class route, else the first vendor-specific one.
fn find_route(device: &Device<Context>) -> rusb::Result<Option<Route>> {
    let configuration = device.active_config_descriptor()?;
    let mut best: Option<Route> = None;
    for interface in configuration.interfaces() {
        for setting in interface.descriptors() {
            let class = setting.class_code();
            if class != CLASS_PRINTER && class != CLASS_VENDOR {
                continue;
            }
            let endpoint = |direction| {
                setting
                    .endpoint_descriptors()
                    .find(|end| end.transfer_type() == TransferType::Bulk && end.direction() == direction)
                    .map(|end| end.address())
            };
            let Some(to_device) = endpoint(Direction::Out) else {
                continue;
            };
            let route = Route {
                interface: setting.interface_number(),
                setting: setting.setting_number(),
                class,
                to_device,
                from_device: endpoint(Direction::In),
            };
            if best.is_none_or(|best| rank(&route) > rank(&best)) {
                best = Some(route);
            }
        }
    }
    Ok(best)
}

/// Printer class before vendor class, two-way before one-way: status needs the way back.
fn rank(route: &Route) -> (bool, bool) {
    (route.class == CLASS_PRINTER, route.from_device.is_some())
}

fn start(claimed: Claimed, name: &str) -> Result<UsbWire, LinkError> {
    let Claimed { handle, route } = claimed;
    let handle = Arc::new(handle);
    let shared = Arc::new(Shared { stopped: AtomicBool::new(false), unsent: AtomicUsize::new(0) });
    let (outgoing, to_write) = mpsc::channel(CHUNKS_QUEUED);
    let (received, incoming) = mpsc::channel(CHUNKS_QUEUED);
    let wire = UsbWire::new(outgoing, incoming, Arc::clone(&shared));

    let writer = {
        let (handle, shared) = (Arc::clone(&handle), Arc::clone(&shared));
        // A one-way device has no reader: the writer holds the channel open in its place.
        let keep_open = received.clone();
        move || {
            write_loop(&handle, route.to_device, to_write, &shared);
            shared.stopped.store(true, Ordering::Release);
            drop(keep_open);
        }
    };
    spawn(&format!("{name} out"), writer).map_err(|error| io_error(name, &error))?;
    if let Some(endpoint) = route.from_device {
        let reader = move || {
            read_loop(&handle, endpoint, &received, &shared);
            shared.stopped.store(true, Ordering::Release);
        };
        spawn(&format!("{name} in"), reader).map_err(|error| io_error(name, &error))?;
    }
    Ok(wire)
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(body).map(drop)
}

fn write_loop(handle: &DeviceHandle<Context>, endpoint: u8, mut chunks: mpsc::Receiver<Vec<u8>>, shared: &Shared) {
    while let Some(chunk) = chunks.blocking_recv() {
        let mut rest = chunk.as_slice();
        while !rest.is_empty() {
            if shared.stopped.load(Ordering::Acquire) {
                return;
            }
            match handle.write_bulk(endpoint, rest, TRANSFER_TIMEOUT) {
                Ok(taken) => {
                    rest = rest.get(taken..).unwrap_or_default();
                    shared.unsent.fetch_sub(taken, Ordering::AcqRel);
                }
                Err(rusb::Error::Timeout | rusb::Error::Interrupted) => {}
                Err(error) => {
                    tracing::debug!(%error, "USB write ended");
                    return;
                }
            }
        }
    }
}

fn read_loop(handle: &DeviceHandle<Context>, endpoint: u8, received: &mpsc::Sender<Vec<u8>>, shared: &Shared) {
    let mut buffer = [0; CHUNK_BYTES];
    while !shared.stopped.load(Ordering::Acquire) {
        match handle.read_bulk(endpoint, &mut buffer, TRANSFER_TIMEOUT) {
            Ok(0) => std::thread::sleep(EMPTY_PACKET_PAUSE),
            Ok(count) => {
                let bytes = buffer.get(..count).unwrap_or_default().to_vec();
                if received.blocking_send(bytes).is_err() {
                    return;
                }
            }
            Err(rusb::Error::Timeout | rusb::Error::Interrupted) => {}
            Err(error) => {
                tracing::debug!(%error, "USB read ended");
                return;
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::link;

    const ANY: Wanted = Wanted { vendor_id: 0x04b8, product_id: 0x0e28, serial_number: None };

    #[tokio::test]
    async fn a_device_that_is_not_there_is_an_error_that_names_it() {
        let config = LinkConfig::Usb { vendor_id: 0xffff, product_id: 0xfffe, serial_number: None };
        let error = link::open(&config).await.unwrap_err();
        assert!(error.to_string().starts_with("usb ffff:fffe: "), "{error}");
    }

    #[test]
    fn no_permission_gives_the_udev_rule() {
        let error = explain("usb 04b8:0e28", &ANY, rusb::Error::Access);
        assert_eq!(error.kind, LinkErrorKind::Permission);
        assert!(error.action.contains("ATTR{idVendor}==\"04b8\""), "{error}");
        assert!(error.action.contains("ATTR{idProduct}==\"0e28\""), "{error}");
    }

    #[test]
    fn a_two_way_printer_interface_is_preferred() {
        let route = |class, from_device| Route { interface: 0, setting: 0, class, to_device: 1, from_device };
        let one_way = route(CLASS_PRINTER, None);
        assert!(rank(&route(CLASS_PRINTER, Some(0x82))) > rank(&one_way));
        assert!(rank(&one_way) > rank(&route(CLASS_VENDOR, Some(0x82))));
    }
}
