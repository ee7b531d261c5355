//! A USB printer through the kernel's driver, `/dev/usb/lp*`: where libusb cannot have it.
//!
//! Facts (Linux, `drivers/usb/class/usblp.c`): one program at a time; a write without blocking answers at once and its
//! transfer goes on, `poll` says when it ended; closing ends what still goes on; a write of nothing fails once the
//! printer was unplugged; a printer that only listens answers EINVAL to a read; `LPGETSTATUS` asks the printer.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::transfers::{Transfers, Trouble};

/// `LPGETSTATUS` of `linux/lp.h`: puts the port's byte into an `int`.
const LPGETSTATUS: u32 = 0x060b;

/// An opened node.
pub(super) struct KernelNode {
    file: File,
    two_way: bool,
    /// Bytes of a transfer that goes on.
    under_way: Mutex<usize>,
}

/// Opens the node for this program alone.
pub(super) fn open(node: &Path) -> io::Result<KernelNode> {
    let file = OpenOptions::new().read(true).write(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(node)?;
    let listens_only = |error: io::Error| error.kind() == ErrorKind::InvalidInput;
    let two_way = !(&file).read(&mut []).is_err_and(listens_only);
    Ok(KernelNode { file, two_way, under_way: Mutex::new(0) })
}

impl KernelNode {
    /// Waits until the node can be read or written.
    fn wait(&self, wanted: PollFlags, limit: Duration) -> Result<(), Trouble> {
        let limit = PollTimeout::try_from(limit).unwrap_or(PollTimeout::ZERO);
        match poll(&mut [PollFd::new(self.file.as_fd(), wanted)], limit) {
            Ok(0) => Err(Trouble::NotYet),
            Ok(_) => Ok(()),
            Err(error) => Err(trouble(&error.into())),
        }
    }
}

fn trouble(error: &io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => Trouble::NotYet,
        _ => Trouble::Gone(error.to_string()),
    }
}

impl Transfers for KernelNode {
    fn write(&self, bytes: &[u8], limit: Duration) -> Result<usize, Trouble> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if *under_way == 0 {
            *under_way = (&self.file).write(bytes).map_err(|error| trouble(&error))?;
        }
        self.wait(PollFlags::POLLOUT, limit)?;
        // An unplug ends the transfer, too: a write of nothing tells the two apart.
        (&self.file).write(&[]).map_err(|error| trouble(&error))?;
        Ok(std::mem::take(&mut *under_way))
    }

    fn read(&self, buffer: &mut [u8], limit: Duration) -> Result<usize, Trouble> {
        self.wait(PollFlags::POLLIN, limit)?;
        (&self.file).read(buffer).map_err(|error| trouble(&error))
    }

    fn is_two_way(&self) -> bool {
        self.two_way
    }

    fn has_port_status(&self) -> bool {
        true
    }

    fn port_status(&self) -> io::Result<u8> {
        ioctl::port_status(self.file.as_raw_fd())
    }
}

#[expect(unsafe_code, reason = "Linux has no other way to ask; the kernel writes one int, which is given room")]
mod ioctl {
    use std::io;
    use std::os::fd::RawFd;

    nix::ioctl_read_bad!(get_status, super::LPGETSTATUS, i32);

    pub(super) fn port_status(node: RawFd) -> io::Result<u8> {
        let mut answer = 0;
        // SAFETY: the descriptor is open, and the kernel writes one int into `answer`.
        unsafe { get_status(node, &raw mut answer) }?;
        u8::try_from(answer).map_err(|_| io::ErrorKind::InvalidData.into())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_printer_has_no_port_status() {
        let node = open(Path::new("/dev/null")).unwrap();
        assert!(node.port_status().is_err());
    }

    #[test]
    fn bytes_that_were_taken_are_counted_once() {
        let node = open(Path::new("/dev/null")).unwrap();
        assert_eq!(node.write(b"abc", Duration::ZERO), Ok(3));
        assert_eq!(node.write(b"de", Duration::ZERO), Ok(2));
    }

    #[test]
    fn a_node_that_is_not_there_cannot_be_opened() {
        assert_eq!(open(Path::new("/dev/usb/lp99")).map(drop).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
