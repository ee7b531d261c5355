//! The serial ports of this machine.
//!
//! Facts come from `/sys/class/tty`: a port of hardware has a `device`, and a UART that is really there has a `type` other
//! than 0 (the kernel makes names for four or more that are not). It opens nothing.

use std::fs;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

/// Where the kernel lists terminals, and the nodes and lasting names of ports.
const SYSFS: &str = "/sys/class/tty";
const DEV: &str = "/dev";
/// `type` of a UART that is not there.
const NO_UART: &str = "0";

/// A serial port or USB-serial adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialPortFound {
    /// The kernel's name for it, such as `/dev/ttyUSB0`: it may change when it is plugged in again.
    pub path: PathBuf,
    /// Its lasting name under `/dev/serial/by-id`, where udev gives one.
    pub lasting_path: Option<PathBuf>,
    /// Whether this user may open it.
    pub may_be_opened: bool,
}

/// All serial ports, in the order of their names; none where the machine has none.
pub fn serial_ports() -> Vec<SerialPortFound> {
    ports_below(Path::new(SYSFS), Path::new(DEV))
}

fn ports_below(sysfs: &Path, dev: &Path) -> Vec<SerialPortFound> {
    let lasting = lasting_names(&dev.join("serial/by-id"));
    let is_port = |name: &String| {
        let folder = sysfs.join(name);
        let uart = fs::read_to_string(folder.join("type"));
        folder.join("device").exists() && uart.map_or(true, |kind| kind.trim() != NO_UART)
    };
    let ports = names(sysfs).into_iter().filter(is_port).map(|name| {
        let path = dev.join(name);
        let known = lasting.iter().find(|(_, target)| *target == path);
        let may_be_opened = access(&path, AccessFlags::R_OK | AccessFlags::W_OK).is_ok();
        SerialPortFound { lasting_path: known.map(|(name, _)| name.clone()), path, may_be_opened }
    });
    ports.filter(|port| port.path.exists()).collect()
}

/// Lasting names and where they lead.
fn lasting_names(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let links = names(folder).into_iter().map(|name| folder.join(name));
    links.filter_map(|link| Some((link.clone(), fs::canonicalize(&link).ok()?))).collect()
}

/// Names in a folder, in order; none when it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn ports_that_are_there_are_found_with_their_lasting_names() {
        let machine = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(machine.path()).unwrap();
        let (sysfs, dev) = (root.join("sys"), root.join("dev"));
        for (name, uart) in [("tty0", None), ("ttyS0", Some("4")), ("ttyS1", Some("0")), ("ttyUSB0", None)] {
            fs::create_dir_all(sysfs.join(name)).unwrap();
            if name != "tty0" {
                fs::create_dir_all(sysfs.join(name).join("device")).unwrap();
            }
            if let Some(uart) = uart {
                fs::write(sysfs.join(name).join("type"), format!("{uart}\n")).unwrap();
            }
            fs::create_dir_all(dev.join("serial/by-id")).unwrap();
            fs::write(dev.join(name), "").unwrap();
        }
        let lasting = dev.join("serial/by-id/usb-FTDI_A50285BI");
        std::os::unix::fs::symlink("../../ttyUSB0", &lasting).unwrap();
        let found = ports_below(&sysfs, &dev);
        let paths: Vec<_> = found.iter().map(|port| (port.path.clone(), port.lasting_path.clone())).collect();
        assert_eq!(paths, [(dev.join("ttyS0"), None), (dev.join("ttyUSB0"), Some(lasting))]);
        assert!(found.iter().all(|port| port.may_be_opened));
        assert_eq!(ports_below(&root.join("none"), &dev), []);
    }
}
