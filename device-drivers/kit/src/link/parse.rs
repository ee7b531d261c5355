//! A link as a person writes it at a command line.

use std::str::FromStr;

use super::config::DEFAULT_BAUD;
use super::{LinkConfig, UsbWanted};

/// A text that names no link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no link; write tcp:HOST:PORT, serial:PATH, serial:PATH,BAUD, usb (the only USB printer), \
     usb:VENDOR:PRODUCT, usb:port=1-2.4 or usb:serial=NUMBER"
)]
pub struct LinkTextError(String);

impl FromStr for LinkConfig {
    type Err = LinkTextError;

    fn from_str(text: &str) -> Result<Self, LinkTextError> {
        let wrong = || LinkTextError(text.to_owned());
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        match (kind, rest) {
            ("tcp", address) if address.contains(':') => Ok(Self::tcp(address)),
            ("serial", place) => serial(place).ok_or_else(wrong),
            ("usb", wanted) => usb(wanted).map(Self::Usb).ok_or_else(wrong),
            _ if text.starts_with('/') => serial(text).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

fn serial(place: &str) -> Option<LinkConfig> {
    let (path, speed) = match place.rsplit_once(',') {
        Some((path, baud)) => (path, baud.parse().ok().filter(|baud| *baud > 0)?),
        None => (place, DEFAULT_BAUD),
    };
    let mut link = LinkConfig::serial(path);
    if let LinkConfig::Serial { baud, .. } = &mut link {
        *baud = speed;
    }
    (!path.is_empty()).then_some(link)
}

fn usb(text: &str) -> Option<UsbWanted> {
    let mut wanted = UsbWanted::default();
    if text.is_empty() {
        return Some(wanted);
    }
    match text.split_once('=') {
        Some(("port", port)) if !port.is_empty() => wanted.port = Some(port.to_owned()),
        Some(("serial", number)) if !number.is_empty() => wanted.serial_number = Some(number.to_owned()),
        Some(_) => return None,
        None => {
            let (vendor, product) = text.split_once(':')?;
            wanted.vendor_id = Some(u16::from_str_radix(vendor, 16).ok()?);
            wanted.product_id = Some(u16::from_str_radix(product, 16).ok()?);
        }
    }
    Some(wanted)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_as_people_write_them() {
        for (text, shown) in [
            ("tcp:192.168.1.50:9100", "tcp 192.168.1.50:9100"),
            ("serial:/dev/ttyUSB0", "serial /dev/ttyUSB0 9600 8N1"),
            ("serial:/dev/serial/by-id/a:b,115200", "serial /dev/serial/by-id/a:b 115200 8N1"),
            ("/dev/ttyACM0", "serial /dev/ttyACM0 9600 8N1"),
            ("usb", "usb printer"),
            ("usb:04b8:0e28", "usb 04b8:0e28"),
            ("usb:serial=X1", "usb printer serial number X1"),
        ] {
            assert_eq!(text.parse::<LinkConfig>().unwrap().to_string(), shown, "{text}");
        }
        let port = LinkConfig::Usb(UsbWanted { port: Some("1-2.4".into()), ..UsbWanted::default() });
        assert_eq!("usb:port=1-2.4".parse::<LinkConfig>(), Ok(port));
        for text in
            ["", "tcp:9100", "serial:", "serial:/dev/ttyS0,0", "serial:/dev/x,fast", "usb:04b8", "usb:at=1", "lpt1"]
        {
            let error = text.parse::<LinkConfig>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` names no link; write tcp:HOST:PORT")), "{error}");
        }
    }
}
