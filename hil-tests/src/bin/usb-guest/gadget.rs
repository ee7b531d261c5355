//! One USB printer of the bench, seen from inside: a virtual printer behind the kernel's printer gadget.
//!
//! Facts (Linux, `drivers/usb/gadget/function/f_printer.c`): `/dev/g_printer*` carries the bytes once the host has
//! configured the device; the port's byte is set by ioctl. Taking the gadget from its controller is pulling the plug
//! (`soft_connect` is not: on Linux 6.1 the dummy controller never comes back from it). The printer behind keeps its
//! memory meanwhile, as one with its own power does.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;
use hil_tests::virtual_printer::{Model, VirtualPrinter};
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::links::{SOON, until};

/// Names of the gadgets in `usb-bench/guest/gadgets`.
const GADGETS: [&str; 2] = ["first", "second"];
/// Bytes carried at a time: a whole buffer of the gadget. One that is half read when the plug is pulled is used by
/// Linux 6.1 after it was freed, and the guest dies.
const CHUNK: usize = 8192;
/// Pause before a printer that is unplugged or held is looked at again.
const PAUSE: Duration = Duration::from_millis(10);
/// What is longer is a job: everything else that a driver says to a printer that is well is a question of a few bytes.
const LONGEST_QUESTION: usize = 64;
/// How long a byte is waited for at a time.
const WAIT: Duration = Duration::from_millis(50);
/// Port byte of a printer that is well.
pub const WELL: u8 = 0x18;

/// A printer and its socket.
pub struct Gadget {
    /// What it is made of.
    pub printer: VirtualPrinter,
    number: usize,
    /// The way into the printer behind the gadget; it outlives the plug.
    wire: TcpStream,
    shared: Arc<Shared>,
    plugged: Mutex<Option<Plugged>>,
}

/// What is only there while it is plugged in.
struct Plugged {
    node: Arc<File>,
    stop: Arc<AtomicBool>,
    carriers: [JoinHandle<()>; 2],
}

#[derive(Default)]
struct Shared {
    held: AtomicBool,
    hold_in_job: AtomicBool,
    /// What was read and waits for the end of a hold.
    waiting: Mutex<Vec<u8>>,
    /// Bytes that go here instead of the printer.
    tap: Mutex<Option<Vec<u8>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gadget {
    /// Puts a printer behind that gadget, which is plugged in.
    pub async fn start(number: usize) -> anyhow::Result<Self> {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let printer = VirtualPrinter::on_tcp(any_port, Model::epson_80mm()).await?;
        let wire = TcpStream::connect(printer.tcp_address().context("its address")?)?;
        wire.set_read_timeout(Some(WAIT))?;
        let gadget = Self { printer, number, wire, shared: Arc::default(), plugged: Mutex::default() };
        gadget.carry().await?;
        Ok(gadget)
    }

    /// Pulls the plug.
    pub fn unplug(&self) -> anyhow::Result<()> {
        // The node must be closed before its gadget goes.
        if let Some(plugged) = locked(&self.plugged).take() {
            plugged.stop.store(true, Ordering::Release);
            for carrier in plugged.carriers {
                carrier.join().ok().context("a carrier panicked")?;
            }
        }
        self.bind("\n")
    }

    /// Puts the plug back into the same socket.
    pub async fn plug_in(&self) -> anyhow::Result<()> {
        self.bind(&format!("dummy_udc.{}", self.number))?;
        self.carry().await
    }

    fn bind(&self, controller: &str) -> anyhow::Result<()> {
        let name = GADGETS.get(self.number).context("a gadget of the bench")?;
        let file = format!("/sys/kernel/config/usb_gadget/{name}/UDC");
        std::fs::write(&file, controller).with_context(|| format!("{controller:?} to {file}"))
    }

    /// Begins to carry bytes, as soon as the host has taken notice of the device.
    async fn carry(&self) -> anyhow::Result<()> {
        let path = format!("/dev/g_printer{}", self.number);
        let mut options = OpenOptions::new();
        options.read(true).write(true).custom_flags(OFlag::O_NONBLOCK.bits());
        until("the host's notice of the device", SOON, || options.open(&path).is_ok()).await?;
        let node = Arc::new(options.open(&path).context(path)?);
        let stop = Arc::new(AtomicBool::new(false));
        let to_printer = {
            let (wire, node, stop) = (self.wire.try_clone()?, Arc::clone(&node), Arc::clone(&stop));
            let shared = Arc::clone(&self.shared);
            std::thread::spawn(move || carry_to_printer(&node, wire, &shared, &stop))
        };
        let from_printer = {
            let (wire, node, stop) = (self.wire.try_clone()?, Arc::clone(&node), Arc::clone(&stop));
            std::thread::spawn(move || carry_from_printer(&node, wire, &stop))
        };
        *locked(&self.plugged) = Some(Plugged { node, stop, carriers: [to_printer, from_printer] });
        self.set_port_status(WELL)
    }

    /// Sets what the port says.
    pub fn set_port_status(&self, byte: u8) -> anyhow::Result<()> {
        let plugged = locked(&self.plugged);
        let node = &plugged.as_ref().context("it is unplugged")?.node;
        ioctl::set_port_status(node.as_raw_fd(), byte).context("the port's status")
    }

    /// Stops or goes on reading: a printer that holds the host back.
    pub fn hold(&self, held: bool) {
        self.shared.held.store(held, Ordering::Release);
    }

    /// Stops reading inside the next job.
    pub fn hold_in_next_job(&self) {
        self.shared.hold_in_job.store(true, Ordering::Release);
    }

    /// Whether it has stopped reading.
    pub fn is_held(&self) -> bool {
        self.shared.held.load(Ordering::Acquire)
    }

    /// From now on bytes are collected instead of printed.
    pub fn tap(&self) {
        *locked(&self.shared.tap) = Some(Vec::new());
    }

    /// The bytes collected so far.
    pub fn tapped(&self) -> Vec<u8> {
        locked(&self.shared.tap).clone().unwrap_or_default()
    }

    /// From now on bytes are printed again.
    pub fn untap(&self) {
        *locked(&self.shared.tap) = None;
    }
}

fn carry_to_printer(mut node: &File, mut printer: TcpStream, shared: &Shared, stop: &AtomicBool) {
    let mut buffer = [0; CHUNK];
    while !stop.load(Ordering::Acquire) {
        if shared.held.load(Ordering::Acquire) {
            std::thread::sleep(PAUSE);
            continue;
        }
        let waiting = std::mem::take(&mut *locked(&shared.waiting));
        if printer.write_all(&waiting).is_err() {
            return;
        }
        let limit = PollTimeout::try_from(WAIT).unwrap_or(PollTimeout::ZERO);
        // Whatever it says, the read tells more.
        let _ = poll(&mut [PollFd::new(node.as_fd(), PollFlags::POLLIN)], limit);
        let Ok(count) = node.read(&mut buffer) else {
            std::thread::sleep(PAUSE);
            continue;
        };
        let mut bytes = &buffer[..count];
        if let Some(tapped) = locked(&shared.tap).as_mut() {
            tapped.extend_from_slice(bytes);
            continue;
        }
        if count > LONGEST_QUESTION && shared.hold_in_job.swap(false, Ordering::AcqRel) {
            let (now, later) = bytes.split_at(LONGEST_QUESTION);
            *locked(&shared.waiting) = later.to_vec();
            bytes = now;
            shared.held.store(true, Ordering::Release);
        }
        if printer.write_all(bytes).is_err() {
            return;
        }
    }
}

fn carry_from_printer(mut node: &File, mut printer: TcpStream, stop: &AtomicBool) {
    let mut buffer = [0; CHUNK];
    while !stop.load(Ordering::Acquire) {
        let Ok(count) = printer.read(&mut buffer) else {
            continue;
        };
        if count == 0 {
            return;
        }
        let mut rest = &buffer[..count];
        while !rest.is_empty() && !stop.load(Ordering::Acquire) {
            match node.write(rest) {
                Ok(taken) => rest = &rest[taken..],
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
    }
}

#[expect(unsafe_code, reason = "the gadget has no other handle for its port's status")]
mod ioctl {
    use super::io;
    use std::os::fd::RawFd;

    /// `GADGET_SET_PRINTER_STATUS` of `linux/usb/g_printer.h`; the kernel takes the byte as the argument itself.
    const SET_STATUS: u64 = nix::request_code_readwrite!(b'g', 0x22, size_of::<u8>());

    nix::ioctl_write_int_bad!(set_status, SET_STATUS);

    pub(super) fn set_port_status(node: RawFd, byte: u8) -> io::Result<()> {
        // SAFETY: the descriptor is open, and the kernel reads no memory of ours.
        unsafe { set_status(node, i32::from(byte)) }?;
        Ok(())
    }
}
