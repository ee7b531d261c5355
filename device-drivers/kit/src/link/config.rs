//! Which wire leads to a device, as `config/devices.toml` says it. Pure data: opening is next door.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Line speed when the configuration names none, in baud.
pub const DEFAULT_BAUD: u32 = 9600;

/// Where a device is. In TOML: `{ kind = "tcp", address = "192.168.1.50:9100" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LinkConfig {
    /// A serial port, a USB-serial adapter or a pseudo-terminal.
    Serial {
        /// Device path. Prefer `/dev/serial/by-id/…`: it survives replugging.
        path: String,
        /// Line speed in baud.
        #[serde(default = "default_baud")]
        baud: u32,
        /// Bits a character, 7 or 8.
        #[serde(default)]
        data_bits: DataBits,
        /// Parity bit.
        #[serde(default)]
        parity: Parity,
        /// Stop bits, 1 or 2.
        #[serde(default)]
        stop_bits: StopBits,
        /// How the device says "wait".
        #[serde(default)]
        flow: FlowControl,
    },
    /// A device or serial server on the network.
    Tcp {
        /// `host:port`; ticket printers listen on 9100.
        address: String,
    },
    /// A USB device with bulk endpoints (printer class first, else vendor specific).
    Usb(UsbWanted),
}

/// Which USB device. Each field that is given must fit; `{ kind = "usb" }` alone is the only USB printer of the
/// machine. Exactly one device must fit: a printer is never picked by chance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UsbWanted {
    /// USB vendor id. Without it only devices with a printer interface are looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor_id: Option<u16>,
    /// USB product id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<u16>,
    /// Tells two devices of one model apart, wherever they are plugged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// The socket, as the kernel names it: `1-2.4` is bus 1, port 2, port 4 of the hub there. For devices whose
    /// serial numbers are missing or all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Through which driver.
    pub driver: UsbDriver,
}

/// Who carries the bytes of a USB printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsbDriver {
    /// libusb, and where that cannot have the device, the kernel.
    #[default]
    Any,
    /// libusb: the device is taken from the kernel's driver.
    Libusb,
    /// The kernel's printer driver, `/dev/usb/lp*`.
    Kernel,
}

impl LinkConfig {
    /// A serial link at the defaults (9600 8N1, no flow control).
    pub fn serial(path: impl Into<String>) -> Self {
        Self::Serial {
            path: path.into(),
            baud: DEFAULT_BAUD,
            data_bits: DataBits::default(),
            parity: Parity::default(),
            stop_bits: StopBits::default(),
            flow: FlowControl::default(),
        }
    }

    /// A TCP link to `host:port`.
    pub fn tcp(address: impl Into<String>) -> Self {
        Self::Tcp { address: address.into() }
    }

    /// Bytes a second that the wire itself can carry, where it is slow enough to matter: a serial
    /// character takes a start bit, its data, parity and stop bits.
    pub fn bytes_per_second(&self) -> Option<u32> {
        let Self::Serial { baud, data_bits, parity, stop_bits, .. } = self else {
            return None;
        };
        let data = u32::from(u8::from(*data_bits));
        let stop = u32::from(u8::from(*stop_bits));
        let check = u32::from(*parity != Parity::None);
        Some((baud / (1 + data + check + stop)).max(1))
    }
}

impl fmt::Display for LinkConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { path, baud, data_bits, parity, stop_bits, flow } => {
                let parity = match parity {
                    Parity::None => 'N',
                    Parity::Even => 'E',
                    Parity::Odd => 'O',
                };
                let (data, stop) = (u8::from(*data_bits), u8::from(*stop_bits));
                write!(formatter, "serial {path} {baud} {data}{parity}{stop}")?;
                match flow {
                    FlowControl::None => Ok(()),
                    FlowControl::Hardware => formatter.write_str(" RTS/CTS"),
                    FlowControl::Software => formatter.write_str(" XON/XOFF"),
                }
            }
            Self::Tcp { address } => write!(formatter, "tcp {address}"),
            Self::Usb(wanted) => wanted.fmt(formatter),
        }
    }
}

impl fmt::Display for UsbWanted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = |id: Option<u16>| id.map_or_else(|| "*".to_owned(), |id| format!("{id:04x}"));
        match (self.vendor_id, self.product_id) {
            (None, None) => formatter.write_str("usb printer")?,
            (vendor, product) => write!(formatter, "usb {}:{}", id(vendor), id(product))?,
        }
        if let Some(serial_number) = &self.serial_number {
            write!(formatter, " serial number {serial_number}")?;
        }
        if let Some(port) = &self.port {
            write!(formatter, " port {port}")?;
        }
        Ok(())
    }
}

fn default_baud() -> u32 {
    DEFAULT_BAUD
}

/// Bits of one character on a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum DataBits {
    /// Seven.
    Seven,
    /// Eight.
    #[default]
    Eight,
}

impl TryFrom<u8> for DataBits {
    type Error = String;

    fn try_from(bits: u8) -> Result<Self, String> {
        match bits {
            7 => Ok(Self::Seven),
            8 => Ok(Self::Eight),
            other => Err(format!("data_bits is {other}; it can be 7 or 8")),
        }
    }
}

impl From<DataBits> for u8 {
    fn from(bits: DataBits) -> u8 {
        match bits {
            DataBits::Seven => 7,
            DataBits::Eight => 8,
        }
    }
}

/// Stop bits of one character on a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum StopBits {
    /// One.
    #[default]
    One,
    /// Two.
    Two,
}

impl TryFrom<u8> for StopBits {
    type Error = String;

    fn try_from(bits: u8) -> Result<Self, String> {
        match bits {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            other => Err(format!("stop_bits is {other}; it can be 1 or 2")),
        }
    }
}

impl From<StopBits> for u8 {
    fn from(bits: StopBits) -> u8 {
        match bits {
            StopBits::One => 1,
            StopBits::Two => 2,
        }
    }
}

/// Parity bit of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parity {
    /// No parity bit.
    #[default]
    None,
    /// Even parity.
    Even,
    /// Odd parity.
    Odd,
}

/// Flow control of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowControl {
    /// The device never says "wait".
    #[default]
    None,
    /// RTS/CTS lines.
    Hardware,
    /// XON/XOFF bytes (11 and 13 hexadecimal) from the device. They are taken out of what the device says, so a
    /// device whose answers may hold them cannot have it; what goes to the device is not touched.
    Software,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Entry {
        link: LinkConfig,
    }

    fn parse(link: &str) -> Result<LinkConfig, toml::de::Error> {
        toml::from_str::<Entry>(&format!("link = {link}")).map(|entry| entry.link)
    }

    #[test]
    fn short_serial_configuration_takes_the_defaults() {
        let link = parse(r#"{ kind = "serial", path = "/dev/ttyUSB0" }"#).unwrap();
        assert_eq!(link, LinkConfig::serial("/dev/ttyUSB0"));
        assert_eq!(link.to_string(), "serial /dev/ttyUSB0 9600 8N1");
        assert_eq!(link.bytes_per_second(), Some(960));
    }

    #[test]
    fn full_serial_configuration() {
        let link = parse(
            r#"{ kind = "serial", path = "/dev/ttyS0", baud = 4800, data_bits = 7, parity = "even", stop_bits = 2, flow = "hardware" }"#,
        )
        .unwrap();
        assert_eq!(link.to_string(), "serial /dev/ttyS0 4800 7E2 RTS/CTS");
        assert_eq!(link.bytes_per_second(), Some(436));
    }

    #[test]
    fn tcp_and_usb_configuration() {
        let tcp = parse(r#"{ kind = "tcp", address = "10.0.0.5:9100" }"#).unwrap();
        assert_eq!(tcp.to_string(), "tcp 10.0.0.5:9100");
        assert_eq!(tcp.bytes_per_second(), None);
        let usb = parse(r#"{ kind = "usb", vendor_id = 0x04b8, product_id = 0x0e28, serial_number = "X1" }"#).unwrap();
        assert_eq!(usb.to_string(), "usb 04b8:0e28 serial number X1");
        let socket = parse(r#"{ kind = "usb", vendor_id = 0x04b8, port = "1-2.4", driver = "kernel" }"#).unwrap();
        assert_eq!(socket.to_string(), "usb 04b8:* port 1-2.4");
        let only = parse(r#"{ kind = "usb" }"#).unwrap();
        assert_eq!(only, LinkConfig::Usb(UsbWanted::default()));
        assert_eq!(only.to_string(), "usb printer");
    }

    #[test]
    fn wrong_values_are_refused_with_what_is_allowed() {
        let bits = parse(r#"{ kind = "serial", path = "x", data_bits = 9 }"#).unwrap_err();
        assert!(bits.to_string().contains("7 or 8"), "{bits}");
        let unknown = parse(r#"{ kind = "serial", path = "x", speed = 9600 }"#).unwrap_err();
        assert!(unknown.to_string().contains("speed"), "{unknown}");
        assert!(parse(r#"{ kind = "parallel", path = "x" }"#).is_err());
        let usb = parse(r#"{ kind = "usb", vendor = 0x04b8 }"#).unwrap_err();
        assert!(usb.to_string().contains("vendor"), "{usb}");
        let driver = parse(r#"{ kind = "usb", driver = "cups" }"#).unwrap_err();
        assert!(driver.to_string().contains("libusb"), "{driver}");
    }
}
