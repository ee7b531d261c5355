//! A USB device taken from the kernel's driver, by rusb.
//!
//! Facts: without udevd a libusb context never learns of new devices, so every opening makes a fresh one; any transfer
//! error but a timeout means the device is gone; the kernel's driver gets the interface back when it is released.
//! Requests: USB printer class 1.1.

use std::io;
use std::time::Duration;

use rusb::{Context, Device, DeviceHandle, Direction, TransferType, UsbContext};

use super::list::{CLASS_PRINTER, UsbDevice};
use super::transfers::{Transfers, Trouble};

/// USB class of vendor-specific interfaces.
const CLASS_VENDOR: u8 = 0xff;
/// Class request to an interface, answered by the device.
const CLASS_REQUEST_IN: u8 = 0xa1;
/// Request of the printer class.
const GET_PORT_STATUS: u8 = 1;
/// How long the device may take for a request.
const REQUEST_TIMEOUT: Duration = Duration::from_millis(500);

/// An opened device with its interface claimed.
pub(super) struct Claimed {
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

/// Takes the device from the kernel's driver. A device without a bulk output endpoint is `NotSupported`.
pub(super) fn open(wanted: &UsbDevice) -> rusb::Result<Claimed> {
    let devices = Context::new()?.devices()?;
    let device = devices
        .iter()
        .find(|device| (device.bus_number(), device.address()) == (wanted.bus, wanted.address))
        .ok_or(rusb::Error::NoDevice)?;
    let route = find_route(&device)?.ok_or(rusb::Error::NotSupported)?;
    let handle = device.open()?;
    // Not every platform can detach the kernel's driver; where it cannot, claiming tells.
    let _ = handle.set_auto_detach_kernel_driver(true);
    handle.claim_interface(route.interface)?;
    if route.setting != 0 {
        handle.set_alternate_setting(route.interface, route.setting)?;
    }
    Ok(Claimed { handle, route })
}

/// The first printer-class route, else the first vendor-specific one.
fn find_route(device: &Device<Context>) -> rusb::Result<Option<Route>> {
    let configuration = device.active_config_descriptor()?;
    let mut best: Option<Route> = None;
    for setting in configuration.interfaces().flat_map(|interface| interface.descriptors()) {
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
    Ok(best)
}

/// Printer class before vendor class, two-way before one-way: status needs the way back.
fn rank(route: &Route) -> (bool, bool) {
    (route.class == CLASS_PRINTER, route.from_device.is_some())
}

impl Claimed {
    fn trouble(&self, endpoint: u8, error: rusb::Error) -> Trouble {
        match error {
            rusb::Error::Timeout | rusb::Error::Interrupted => Trouble::NotYet,
            error => {
                if error == rusb::Error::Pipe {
                    // A halted endpoint stays halted over the next opening. One that is gone cannot be cleared.
                    let _ = self.handle.clear_halt(endpoint);
                }
                Trouble::Gone(error.to_string())
            }
        }
    }
}

impl Transfers for Claimed {
    fn write(&self, bytes: &[u8], limit: Duration) -> Result<usize, Trouble> {
        let endpoint = self.route.to_device;
        self.handle.write_bulk(endpoint, bytes, limit).map_err(|error| self.trouble(endpoint, error))
    }

    fn read(&self, buffer: &mut [u8], limit: Duration) -> Result<usize, Trouble> {
        let Some(endpoint) = self.route.from_device else {
            return Err(Trouble::NotYet);
        };
        self.handle.read_bulk(endpoint, buffer, limit).map_err(|error| self.trouble(endpoint, error))
    }

    fn is_two_way(&self) -> bool {
        self.route.from_device.is_some()
    }

    fn has_port_status(&self) -> bool {
        self.route.class == CLASS_PRINTER
    }

    fn port_status(&self) -> io::Result<u8> {
        let mut answer = [0];
        let interface = u16::from(self.route.interface);
        let asked =
            self.handle.read_control(CLASS_REQUEST_IN, GET_PORT_STATUS, 0, interface, &mut answer, REQUEST_TIMEOUT);
        match asked {
            Ok(1) => Ok(answer[0]),
            Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "the printer gave an empty answer")),
            Err(rusb::Error::Timeout) => Err(io::ErrorKind::TimedOut.into()),
            Err(rusb::Error::Pipe) => Err(io::ErrorKind::Unsupported.into()),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_two_way_printer_interface_is_preferred() {
        let route = |class, from_device| Route { interface: 0, setting: 0, class, to_device: 1, from_device };
        let one_way = route(CLASS_PRINTER, None);
        assert!(rank(&route(CLASS_PRINTER, Some(0x82))) > rank(&one_way));
        assert!(rank(&one_way) > rank(&route(CLASS_VENDOR, Some(0x82))));
    }
}
