//! A virtual serial port: a pseudo-terminal behind a stable path.
//!
//! The device side holds the master; the program under test opens the path, which is a symbolic link
//! to the slave. Pulling the plug drops the master (the host sees a hang-up) and removes the link;
//! plugging in again makes a new pair behind the same link, as udev does with a real adapter.
//!
//! The slave is never held open here: what the device says while nobody listens is lost, as on a wire,
//! and a host that opens the port anew finds no stale bytes.
//! As on Linux, a host that takes the port exclusively (TIOCEXCL) and is killed leaves it locked for
//! everyone but root until [`VirtualSerial::plug`] makes a new pair.
//! It never emulates modem lines, parity or line speed: a pseudo-terminal has none.
//! Facts: `pty(7)`, `termios(3)`, and what was tried on Linux 6.1 (`EIO` while the slave is closed).

use std::fs::{self, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use tokio::io::unix::AsyncFd;

/// First wait before looking again whether a host has opened the port.
const FIRST_LOOK: Duration = Duration::from_millis(1);
/// Longest wait between two looks for a host.
const LONGEST_LOOK: Duration = Duration::from_millis(20);

/// The device end of a virtual serial port. Dropping it is pulling the plug.
#[derive(Debug)]
pub struct VirtualSerial {
    /// `None` only while the descriptor is being registered anew.
    master: Option<AsyncFd<PtyMaster>>,
    link: PathBuf,
    device: PathBuf,
    /// The last read saw no host; the reactor's sticky hang-up must be cleared by registering anew.
    hung: bool,
}

impl VirtualSerial {
    /// Makes a pseudo-terminal in raw mode and lets `link` point to its slave.
    ///
    /// An old symbolic link at that path is replaced; anything else there is an error.
    ///
    /// # Errors
    /// No pseudo-terminal left, the folder of `link` missing, or a real file at `link`.
    /// Must be called inside a tokio runtime with I/O enabled.
    pub fn plug(link: &Path) -> io::Result<Self> {
        let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let master = posix_openpt(flags)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let device = PathBuf::from(ptsname_r(&master)?);
        make_raw(&device)?;
        point_link(link, &device)?;
        Ok(Self { master: Some(watched(master)?), link: link.to_owned(), device, hung: true })
    }

    /// The path that the host is configured with.
    #[must_use]
    pub fn link(&self) -> &Path {
        &self.link
    }

    /// Whether some process has the port open now.
    #[must_use]
    pub fn has_host(&self) -> bool {
        let Some(master) = &self.master else {
            return false;
        };
        let mut fds = [PollFd::new(master.get_ref().as_fd(), PollFlags::POLLIN)];
        if poll(&mut fds, PollTimeout::ZERO).is_err() {
            return false;
        }
        let seen = fds[0].revents().unwrap_or(PollFlags::empty());
        !seen.contains(PollFlags::POLLHUP)
    }

    /// Reads what the host wrote; waits while nothing is there or nobody has the port open.
    ///
    /// Cancelling it loses nothing.
    ///
    /// # Errors
    /// Only unexpected ones of the operating system; a closed slave is not an error.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut look = FIRST_LOOK;
        loop {
            match self.read_now(buffer) {
                Ok(0) | Err(Errno::EIO) => {
                    self.hung = true;
                    tokio::time::sleep(look).await;
                    look = (look * 2).min(LONGEST_LOOK);
                }
                Ok(count) => return Ok(count),
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => {
                    look = FIRST_LOOK;
                    self.wait_readable().await?;
                }
                Err(other) => return Err(other.into()),
            }
        }
    }

    /// Writes what fits now; says how many bytes were taken.
    ///
    /// While nobody has the port open everything is taken and lost, as on a wire.
    ///
    /// # Errors
    /// Only unexpected ones of the operating system.
    pub fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let Some(master) = &self.master else {
            return Ok(bytes.len());
        };
        if !self.has_host() {
            return Ok(bytes.len());
        }
        match nix::unistd::write(master.get_ref(), bytes) {
            Ok(count) => Ok(count),
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(0),
            Err(Errno::EIO) => Ok(bytes.len()),
            Err(other) => Err(other.into()),
        }
    }

    fn read_now(&self, buffer: &mut [u8]) -> Result<usize, Errno> {
        match &self.master {
            Some(master) => nix::unistd::read(master.get_ref(), buffer),
            None => Err(Errno::EIO),
        }
    }

    async fn wait_readable(&mut self) -> io::Result<()> {
        if self.hung {
            // tokio never forgets a hang-up of a descriptor; a fresh registration does.
            if let Some(master) = self.master.take() {
                self.master = Some(watched(master.into_inner())?);
            }
            self.hung = false;
        }
        if let Some(master) = &self.master {
            master.readable().await?.clear_ready();
        }
        Ok(())
    }
}

impl Drop for VirtualSerial {
    fn drop(&mut self) {
        // Another pair may already stand behind the same link: leave that one alone.
        if fs::read_link(&self.link).is_ok_and(|target| target == self.device) {
            let _ = fs::remove_file(&self.link);
        }
    }
}

/// Registers the master with the reactor.
#[expect(
    deprecated,
    reason = "the new call is unsafe for types that may swap their descriptor; PtyMaster owns its own"
)]
fn watched(master: PtyMaster) -> io::Result<AsyncFd<PtyMaster>> {
    AsyncFd::new(master)
}

/// Turns off echo and every translation, so that bytes pass unchanged before the host sets its own mode.
fn make_raw(device: &Path) -> io::Result<()> {
    let slave = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags((OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits())
        .open(device)?;
    let mut settings = tcgetattr(&slave)?;
    cfmakeraw(&mut settings);
    tcsetattr(&slave, SetArg::TCSANOW, &settings)?;
    Ok(())
}

/// Points `link` to `device` in one step, so that a host never finds half a link.
fn point_link(link: &Path, device: &Path) -> io::Result<()> {
    if let Ok(found) = fs::symlink_metadata(link)
        && !found.file_type().is_symlink()
    {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{} exists and is not a link: choose another path for the virtual port", link.display()),
        ));
    }
    let mut fresh = link.as_os_str().to_owned();
    fresh.push(format!(".{}.new", std::process::id()));
    let _ = fs::remove_file(&fresh);
    symlink(device, &fresh)?;
    fs::rename(&fresh, link)
}
