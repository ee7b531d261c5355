//! Scenarios of `kit`'s links: what a driver can rely on, on real USB transfers.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use kit::link::{LinkErrorKind, UsbDevice, UsbDriver, UsbWanted, usb_devices};
use kit::{Link, LinkConfig};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use crate::OPEN;
use crate::gadget::{Gadget, WELL};

/// Serial numbers and sockets of the two printers, as `usb-bench/guest/gadgets` has them.
pub const FIRST: (&str, &str) = ("SIM0001", "1-1");
pub const SECOND: (&str, &str) = ("SIM0002", "2-1");
/// Group numbers of `usb-bench/guest/group`.
const NOBODY: u32 = 65534;
const GROUP_LP: u32 = 7;
const GROUP_DIALOUT: u32 = 20;
/// A job longer than everything that buffers on the way.
const LONG_JOB: usize = 300_000;
/// Patience with a device, on a machine that is emulated and busy.
pub const SOON: Duration = Duration::from_secs(15);
/// Longest wait until a link that was dropped has let go of its device.
const LET_GO: Duration = Duration::from_secs(3);
/// Pause between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The two printers of one model.
pub struct Pair<'a> {
    pub first: &'a Gadget,
    pub second: &'a Gadget,
}

fn wanted(change: impl FnOnce(&mut UsbWanted)) -> LinkConfig {
    let mut wanted = UsbWanted { vendor_id: Some(0x04b8), product_id: Some(0x0e28), ..UsbWanted::default() };
    change(&mut wanted);
    LinkConfig::Usb(wanted)
}

fn by_serial_number(number: &str) -> LinkConfig {
    wanted(|wanted| wanted.serial_number = Some(number.to_owned()))
}

/// Waits until the condition holds.
pub async fn until(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) -> anyhow::Result<()> {
    let deadline = Instant::now() + limit;
    while !holds() {
        ensure!(Instant::now() < deadline, "{what}: not within {limit:?}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// Opens as soon as it can be opened.
async fn open_soon(config: &LinkConfig) -> anyhow::Result<Link> {
    let deadline = Instant::now() + SOON;
    loop {
        match kit::link::open(config).await {
            Ok(link) => return Ok(link),
            Err(error) if Instant::now() > deadline => return Err(error.into()),
            Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

/// Asks for the model by `GS I 67`; the answer is `_`, the name, 00.
async fn model(link: &mut Link) -> anyhow::Result<String> {
    link.write_all(&[0x1d, 0x49, 67]).await?;
    let mut answer = Vec::new();
    while answer.last() != Some(&0) {
        answer.push(timeout(SOON, link.read_u8()).await.context("no answer to GS I")??);
    }
    Ok(String::from_utf8_lossy(&answer).trim_matches(['_', '\0']).to_owned())
}

/// What this program says when it opens `link` as another user.
fn open_as(group: u32, link: &str) -> anyhow::Result<String> {
    let output = Command::new("/proc/self/exe").args([OPEN, link]).uid(NOBODY).gid(group).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The link of the first printer in TOML.
fn first_in_toml(driver: &str) -> String {
    format!("{{ kind = \"usb\", serial_number = {:?}, driver = {driver:?} }}", FIRST.0)
}

pub async fn no_permission() -> anyhow::Result<()> {
    let said = open_as(NOBODY, &first_in_toml("libusb"))?;
    ensure!(said.contains("let this user open it"), "{said}");
    ensure!(said.contains("ATTR{idVendor}==\"04b8\", ATTR{idProduct}==\"0e28\", GROUP=\"lp\""), "{said}");
    let said = open_as(NOBODY, &first_in_toml("kernel"))?;
    ensure!(said.contains("SUBSYSTEM==\"usbmisc\""), "{said}");
    Ok(())
}

pub async fn fallback() -> anyhow::Result<()> {
    let node = kernel_node(FIRST.1).context("the kernel's node")?;
    std::fs::set_permissions(&node, PermissionsExt::from_mode(0o666))?;
    let said = open_as(NOBODY, &first_in_toml("any"))?;
    ensure!(said == "opened", "{said}");
    std::fs::set_permissions(&node, PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// The kernel's printer node of a socket.
fn kernel_node(port: &str) -> Option<PathBuf> {
    let folder = format!("/sys/bus/usb/devices/{port}/{port}:1.0/usbmisc");
    let name = std::fs::read_dir(folder).ok()?.flatten().next()?.file_name();
    Some(Path::new("/dev/usb").join(name))
}

/// The node of a socket that libusb opens.
fn usb_node(port: &str) -> anyhow::Result<PathBuf> {
    let number = |name| -> anyhow::Result<u8> {
        let file = format!("/sys/bus/usb/devices/{port}/{name}");
        Ok(std::fs::read_to_string(&file).context(file)?.trim().parse()?)
    };
    Ok(PathBuf::from(format!("/dev/bus/usb/{:03}/{:03}", number("busnum")?, number("devnum")?)))
}

pub async fn udev() -> anyhow::Result<()> {
    let started = Command::new("start-udev").status()?;
    ensure!(started.success(), "udev did not start: {started}");
    let node = kernel_node(FIRST.1).context("the kernel's node")?;
    for path in [usb_node(FIRST.1)?, usb_node(SECOND.1)?, node] {
        owned(&path, GROUP_LP)?;
    }
    owned(Path::new("/dev/ttyACM0"), GROUP_DIALOUT)?;
    let name = std::fs::read_link("/dev/kiosk-printer-1").context("the adapter's lasting name")?;
    ensure!(name == Path::new("ttyACM0"), "{name:?}");
    let properties = Command::new("udevadm").args(["info", "-q", "property", "/dev/ttyACM0"]).output()?;
    let properties = String::from_utf8_lossy(&properties.stdout).into_owned();
    ensure!(properties.contains("ID_MM_DEVICE_IGNORE=1"), "modem managers are not kept away: {properties}");
    let said = open_as(GROUP_LP, &first_in_toml("libusb"))?;
    ensure!(said == "opened", "as group lp: {said}");
    let said = open_as(NOBODY, &first_in_toml("libusb"))?;
    ensure!(said.contains("let this user open it"), "as nobody: {said}");
    Ok(())
}

fn owned(path: &Path, group: u32) -> anyhow::Result<()> {
    let found = std::fs::metadata(path).with_context(|| path.display().to_string())?;
    let (gid, mode) = (found.gid(), found.mode() & 0o777);
    ensure!((gid, mode) == (group, 0o660), "{}: group {gid}, mode {mode:o}", path.display());
    Ok(())
}

impl Pair<'_> {
    pub async fn find(&self) -> anyhow::Result<()> {
        until("two printers", SOON, || usb_devices().iter().filter(|device| device.is_printer).count() == 2).await?;
        let found = usb_devices();
        for ((serial_number, port), device) in [FIRST, SECOND].into_iter().zip(&found) {
            let UsbDevice { vendor_id, product_id, maker, model, device_id, .. } = device;
            ensure!((*vendor_id, *product_id) == (0x04b8, 0x0e28), "{device}");
            ensure!(device.port == port && device.serial_number.as_deref() == Some(serial_number), "{device}");
            ensure!((maker.as_deref(), model.as_deref()) == (Some("EPSON"), Some("TM-T20III")), "{device:?}");
            let device_id = device_id.as_deref().context("no IEEE 1284 id")?;
            ensure!(device_id.contains("MFG:EPSON;") && device_id.contains("MDL:TM-T20III;"), "{device_id}");
            ensure!(device.may_be_opened(), "root may open it");
        }
        Ok(())
    }

    pub async fn not_guessed(&self) -> anyhow::Result<()> {
        for config in [wanted(|_| {}), LinkConfig::Usb(UsbWanted::default())] {
            match kit::link::open(&config).await {
                Ok(_) => bail!("{config} opened one of two"),
                Err(error) => {
                    ensure!(error.kind == LinkErrorKind::Configuration, "{error}");
                    ensure!(error.cause.contains(FIRST.0) && error.cause.contains(SECOND.0), "{error}");
                }
            }
        }
        Ok(())
    }

    /// `kiosk-app printer list` names both, each with the link that means it and no other.
    pub fn listed(&self) -> anyhow::Result<()> {
        let output = Command::new("/bin/kiosk-app").args(["printer", "list"]).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(output.status.success() && text.starts_with("USB printers: 2\n"), "{text}");
        for (serial_number, port) in [FIRST, SECOND] {
            let link = format!("    --link usb:serial={serial_number}\n");
            ensure!(text.contains(&link) && text.contains(port), "{serial_number} at {port} is not in {text}");
        }
        let nobody = Command::new("/bin/kiosk-app").args(["printer", "list"]).uid(NOBODY).gid(NOBODY).output()?;
        let text = String::from_utf8_lossy(&nobody.stdout).into_owned();
        ensure!(text.matches("no permission: ").count() >= 2, "{text}");
        Ok(())
    }

    pub async fn identify(&self) -> anyhow::Result<()> {
        let heard = |gadget: &Gadget| gadget.printer.counters().bytes_received;
        let before = heard(self.first);
        let mut second = open_soon(&by_serial_number(SECOND.0)).await?;
        let name = model(&mut second).await?;
        ensure!(name == "TM-T88V", "the second calls itself {name}");
        ensure!(heard(self.first) == before, "the first printer heard it too");
        let mut first = open_soon(&wanted(|wanted| wanted.port = Some(FIRST.1.to_owned()))).await?;
        model(&mut first).await?;
        ensure!(heard(self.first) == before + 3 && heard(self.second) == 3, "each hears its own");
        Ok(())
    }

    pub async fn long_write(&self) -> anyhow::Result<()> {
        let job = pattern();
        let mut link = open_soon(&by_serial_number(SECOND.0)).await?;
        self.second.tap();
        link.write_all(&job).await?;
        link.flush().await?;
        until("all bytes", SOON, || self.second.tapped().len() >= job.len()).await?;
        ensure!(self.second.tapped() == job, "other bytes arrived than were written");
        self.second.untap();
        Ok(())
    }

    pub async fn cancelled_write(&self) -> anyhow::Result<()> {
        let config = by_serial_number(SECOND.0);
        let mut link = open_soon(&config).await?;
        let status = link.status_port().context("a port")?;
        self.second.tap();
        self.second.hold(true);
        let job = pattern();
        let stalled = timeout(Duration::from_secs(1), link.write_all(&job)).await;
        ensure!(stalled.is_err(), "a printer that reads nothing took everything");
        // The port answers while the data is held back.
        ensure!(timeout(SOON, status.read()).await??.selected, "the port while stalled");
        drop(link);
        let again = Instant::now();
        let mut link = kit::link::open(&config).await?;
        ensure!(again.elapsed() < LET_GO, "it was free again after {:?}", again.elapsed());
        self.second.hold(false);
        link.write_all(b"next").await?;
        until("the next job", SOON, || self.second.tapped().ends_with(b"next")).await?;
        let arrived = self.second.tapped().len();
        ensure!(arrived < job.len() / 4, "{arrived} bytes of a cancelled job arrived");
        self.second.untap();
        Ok(())
    }

    pub async fn port_status(&self) -> anyhow::Result<()> {
        for driver in [UsbDriver::Libusb, UsbDriver::Kernel] {
            let config = wanted(|wanted| {
                wanted.serial_number = Some(SECOND.0.to_owned());
                wanted.driver = driver;
            });
            let link = open_soon(&config).await?;
            let port = link.status_port().context("a port")?;
            for (byte, expected) in
                [(0x38, (true, true, false)), (0x10, (false, true, true)), (WELL, (false, true, false))]
            {
                self.second.set_port_status(byte)?;
                let said = port.read().await?;
                let said = (said.paper_empty, said.selected, said.error);
                ensure!(said == expected, "{driver:?}: {byte:02x} is read as {said:?}");
            }
            drop(link);
            until("the closed port", SOON, || !self.is_open(&port)).await?;
        }
        Ok(())
    }

    /// Whether a port still answers.
    fn is_open(&self, port: &kit::StatusPort) -> bool {
        let answer = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(port.read()));
        answer.is_ok()
    }

    pub async fn kernel_driver(&self) -> anyhow::Result<()> {
        let config = wanted(|wanted| {
            wanted.port = Some(SECOND.1.to_owned());
            wanted.driver = UsbDriver::Kernel;
        });
        let mut link = open_soon(&config).await?;
        ensure!(model(&mut link).await? == "TM-T88V", "it answers");
        match kit::link::open(&config).await {
            Ok(_) => bail!("two at a time"),
            Err(error) => ensure!(error.kind == LinkErrorKind::Busy, "{error}"),
        }
        let job = pattern();
        self.second.tap();
        link.write_all(&job).await?;
        link.flush().await?;
        until("all bytes", SOON, || self.second.tapped().len() >= job.len()).await?;
        ensure!(self.second.tapped() == job, "other bytes arrived than were written");
        self.second.hold(true);
        let stalled = timeout(Duration::from_secs(1), link.write_all(&job)).await;
        ensure!(stalled.is_err(), "a printer that reads nothing took everything");
        self.second.unplug()?;
        let ended = timeout(SOON, link.read_u8()).await.context("unplugged and not noticed")?;
        ensure!(ended.is_err(), "unplugged and still reading");
        ensure!(link.flush().await.is_err(), "unplugged and all was taken");
        drop(link);
        self.second.plug_in().await?;
        self.second.hold(false);
        let mut link = open_soon(&config).await?;
        self.second.untap();
        model(&mut link).await?;
        Ok(())
    }
}

/// Bytes in which a lost or doubled piece shows.
fn pattern() -> Vec<u8> {
    (0..LONG_JOB).map(|place| (place % 251) as u8).collect()
}

/// The far end of the serial adapter, without a terminal's ways (it would echo).
fn serial_device() -> anyhow::Result<File> {
    let device = OpenOptions::new().read(true).write(true).open("/dev/ttyGS0")?;
    let mut settings = tcgetattr(&device)?;
    cfmakeraw(&mut settings);
    tcsetattr(&device, SetArg::TCSANOW, &settings)?;
    Ok(device)
}

/// Sends bytes to the device and back.
async fn echo(link: &mut Link) -> anyhow::Result<()> {
    let mut device = serial_device()?;
    let device = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        let mut heard = [0; 4];
        device.read_exact(&mut heard)?;
        ensure!(&heard == b"ping", "{heard:?}");
        device.write_all(b"pong")?;
        Ok(())
    });
    link.write_all(b"ping").await?;
    let mut answer = [0; 4];
    timeout(SOON, link.read_exact(&mut answer)).await.context("no answer")??;
    ensure!(&answer == b"pong", "{answer:?}");
    // Closed again: Linux 6.1 crashes when the gadget goes while this end is open.
    device.await?
}

pub async fn serial_adapter(gadget: &Gadget) -> anyhow::Result<()> {
    let config = LinkConfig::serial("/dev/ttyACM0");
    let mut link = open_soon(&config).await?;
    echo(&mut link).await?;
    gadget.unplug()?;
    let ended = timeout(SOON, link.read_u8()).await.context("unplugged and not noticed")?;
    ensure!(ended.is_err(), "unplugged and still reading");
    drop(link);
    gadget.plug_in().await?;
    echo(&mut open_soon(&config).await?).await
}

/// The composite device's keyboard, read as the kernel tells keys: scanners type in the same way.
pub async fn keyboard() -> anyhow::Result<()> {
    const LETTER_A: u8 = 0x04;
    const EV_KEY: u16 = 1;
    const KEY_A: u16 = 30;
    until("its input node", SOON, || input_node().is_some()).await?;
    let mut events = File::open(input_node().context("its input node")?)?;
    let pressed = tokio::task::spawn_blocking(move || -> anyhow::Result<(u16, u16)> {
        // struct input_event: 16 bytes of time, type, code, value.
        let mut event = [0; 24];
        loop {
            events.read_exact(&mut event)?;
            let half = |at: usize| u16::from_le_bytes([event[at], event[at + 1]]);
            if half(16) == EV_KEY {
                return Ok((half(16), half(18)));
            }
        }
    });
    let mut keys = OpenOptions::new().write(true).open("/dev/hidg0")?;
    keys.write_all(&[0, 0, LETTER_A, 0, 0, 0, 0, 0])?;
    keys.write_all(&[0; 8])?;
    let pressed = timeout(SOON, pressed).await.context("no key")???;
    ensure!(pressed == (EV_KEY, KEY_A), "{pressed:?}");
    Ok(())
}

fn input_node() -> Option<PathBuf> {
    let events = std::fs::read_dir("/sys/class/input").ok()?.flatten();
    let mut events = events.filter(|entry| entry.file_name().to_string_lossy().starts_with("event"));
    let ours = events.find(|entry| {
        std::fs::read_to_string(entry.path().join("device/name")).is_ok_and(|name| name.contains("TM-T20III"))
    })?;
    Some(Path::new("/dev/input").join(ours.file_name()))
}
