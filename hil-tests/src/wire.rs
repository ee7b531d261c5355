//! The port of a virtual device: a pseudo-terminal or a TCP listener that can be unplugged.
//!
//! A device is a plain struct behind a mutex; this module moves bytes between it and the wire and
//! wakes whoever waits for a change. It knows no protocol and never drops bytes by itself: when the
//! device takes none, it stops reading, and the host feels that.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::pty::VirtualSerial;

/// Bytes taken from the wire in one go.
const CHUNK: usize = 4096;
/// Pause before an answer is offered again to a wire that took none.
const SEND_AGAIN: Duration = Duration::from_millis(10);
/// Pause before a port that could not be opened is tried again.
const OPEN_AGAIN: Duration = Duration::from_millis(100);
/// Longest wait for a port to follow `plug` or `unplug`.
const PLUG_LIMIT: Duration = Duration::from_secs(5);
/// A slow device takes its bytes in this many portions a second.
const PORTIONS_A_SECOND: u32 = 20;

/// What stands behind a port.
pub(crate) trait Device: Send + 'static {
    /// How many bytes it would take now; 0 stops the wire.
    fn appetite(&self) -> usize;
    /// Takes bytes, never more than it asked for.
    fn receive(&mut self, bytes: &[u8]);
    /// What it says to the host; the port removes what went out.
    fn outgoing(&mut self) -> &mut VecDeque<u8>;
    /// Bytes a second, when it is slower than the wire.
    fn pace(&self) -> Option<u32>;
}

/// Where a device is reached.
#[derive(Debug, Clone)]
pub(crate) enum Address {
    Pty(PathBuf),
    Tcp(SocketAddr),
}

#[derive(Debug, Clone, Copy)]
struct Plug {
    wanted: bool,
    open: bool,
}

/// A device, its plug, and everyone who waits for a change of either.
#[derive(Debug)]
pub(crate) struct Shared<D> {
    device: Mutex<D>,
    plug: Mutex<Plug>,
    changes: watch::Sender<u64>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<D: Device> Shared<D> {
    fn new(device: D) -> Self {
        Self {
            device: Mutex::new(device),
            plug: Mutex::new(Plug { wanted: true, open: true }),
            changes: watch::Sender::new(0),
        }
    }

    /// Looks at the device.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&D) -> T) -> T {
        at(&locked(&self.device))
    }

    /// Changes the device and wakes everyone who waits.
    pub(crate) fn change<T>(&self, how: impl FnOnce(&mut D) -> T) -> T {
        let result = how(&mut locked(&self.device));
        self.wake();
        result
    }

    /// Changes the device; wakes the others only when `how` says that something changed.
    pub(crate) fn try_change<T>(&self, how: impl FnOnce(&mut D) -> (bool, T)) -> T {
        let (changed, result) = how(&mut locked(&self.device));
        if changed {
            self.wake();
        }
        result
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Waits until `found` answers, at most `limit`.
    pub(crate) async fn wait_for<T>(&self, limit: Duration, mut found: impl FnMut(&D) -> Option<T>) -> Option<T> {
        let mut changes = self.subscribe();
        timeout(limit, async {
            loop {
                changes.borrow_and_update();
                if let Some(result) = self.look(&mut found) {
                    return Some(result);
                }
                changes.changed().await.ok()?;
            }
        })
        .await
        .ok()
        .flatten()
    }

    /// Pulls or puts the plug without waiting for the port to follow.
    pub(crate) fn want_plugged(&self, wanted: bool) {
        locked(&self.plug).wanted = wanted;
        self.wake();
    }

    /// Pulls or puts the plug; true when the port followed within [`PLUG_LIMIT`].
    pub(crate) async fn set_plugged(&self, wanted: bool) -> bool {
        let mut changes = self.subscribe();
        self.want_plugged(wanted);
        let followed = async {
            while locked(&self.plug).open != wanted {
                if changes.changed().await.is_err() {
                    return false;
                }
            }
            true
        };
        timeout(PLUG_LIMIT, followed).await.unwrap_or(false)
    }

    fn wanted(&self) -> bool {
        locked(&self.plug).wanted
    }

    fn set_open(&self, open: bool) {
        locked(&self.plug).open = open;
        self.wake();
    }

    fn wake(&self) {
        self.changes.send_modify(|version| *version = version.wrapping_add(1));
    }
}

/// The wire in its states.
enum Line {
    Pty(VirtualSerial),
    Listening(TcpListener),
    Connected(TcpListener, TcpStream),
}

/// What happened on the wire.
enum Event {
    Arrived(usize),
    Accepted(TcpStream),
    HostLeft,
    Broken(io::Error),
    LookAgain,
}

/// A task that ends with its owner.
#[derive(Debug)]
pub(crate) struct OwnedTask(tokio::task::JoinHandle<()>);

impl OwnedTask {
    pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }
}

impl Drop for OwnedTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Opens the port and keeps it served until the task is dropped. Answers with the real address.
pub(crate) async fn start<D: Device>(address: Address, device: D) -> io::Result<(Arc<Shared<D>>, Address, OwnedTask)> {
    let line = open(&address).await?;
    let address = match &line {
        Line::Pty(port) => Address::Pty(port.link().to_owned()),
        Line::Listening(listener) | Line::Connected(listener, _) => Address::Tcp(listener.local_addr()?),
    };
    let shared = Arc::new(Shared::new(device));
    let task = OwnedTask::spawn(keep_open(address.clone(), line, Arc::clone(&shared)));
    Ok((shared, address, task))
}

async fn open(address: &Address) -> io::Result<Line> {
    match address {
        Address::Pty(link) => Ok(Line::Pty(VirtualSerial::plug(link)?)),
        Address::Tcp(at) => Ok(Line::Listening(TcpListener::bind(at).await?)),
    }
}

async fn keep_open<D: Device>(address: Address, first: Line, shared: Arc<Shared<D>>) {
    let mut changes = shared.subscribe();
    let mut ready = Some(first);
    loop {
        changes.borrow_and_update();
        if !shared.wanted() {
            if changes.changed().await.is_err() {
                return;
            }
            continue;
        }
        let line = match ready.take() {
            Some(line) => line,
            None => match open(&address).await {
                Ok(line) => line,
                Err(error) => {
                    tracing::warn!(?address, %error, "virtual device: port does not open, trying again");
                    sleep(OPEN_AGAIN).await;
                    continue;
                }
            },
        };
        shared.set_open(true);
        serve(line, &shared).await;
        shared.set_open(false);
    }
}

/// Moves bytes until the plug is pulled; dropping the line is what the host notices.
async fn serve<D: Device>(mut line: Line, shared: &Shared<D>) {
    let mut changes = shared.subscribe();
    let mut buffer = vec![0; CHUNK];
    let mut rest_until = Instant::now();
    loop {
        changes.borrow_and_update();
        if !shared.wanted() {
            return;
        }
        let unsent = shared.try_change(|device| {
            let before = device.outgoing().len();
            let unsent = send(&line, device.outgoing());
            (device.outgoing().len() < before, unsent)
        });
        let (appetite, pace) = shared.look(|device| (device.appetite(), device.pace()));
        let portion = pace.map_or(CHUNK, |pace| (pace / PORTIONS_A_SECOND).max(1) as usize);
        let room = appetite.min(portion).min(CHUNK);
        let resting = Instant::now() < rest_until;
        let event = tokio::select! {
            _ = changes.changed() => Event::LookAgain,
            event = next(&mut line, &mut buffer[..room]), if !resting => event,
            () = sleep_until(rest_until), if resting => Event::LookAgain,
            () = sleep(SEND_AGAIN), if unsent => Event::LookAgain,
        };
        match event {
            Event::LookAgain => {}
            Event::Arrived(count) => {
                if let Some(pace) = pace {
                    rest_until = Instant::now() + Duration::from_secs_f64(count as f64 / f64::from(pace.max(1)));
                }
                shared.change(|device| device.receive(&buffer[..count]));
            }
            Event::Accepted(stream) => line = connect(line, stream),
            Event::HostLeft => line = disconnect(line),
            Event::Broken(error) => {
                tracing::debug!(%error, "virtual device: connection broke");
                line = disconnect(line);
            }
        }
    }
}

/// Offers the answers to the wire; true when some could not go out yet.
fn send(line: &Line, outgoing: &mut VecDeque<u8>) -> bool {
    if outgoing.is_empty() {
        return false;
    }
    let bytes = outgoing.make_contiguous();
    let sent = match line {
        Line::Pty(port) => port.try_write(bytes).unwrap_or(bytes.len()),
        // Nobody is there to hear it.
        Line::Listening(_) => bytes.len(),
        Line::Connected(_, stream) => match stream.try_write(bytes) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(_) => bytes.len(),
        },
    };
    outgoing.drain(..sent);
    !outgoing.is_empty()
}

/// Waits for the next event of the wire. With an empty buffer only a new host is an event.
async fn next(line: &mut Line, buffer: &mut [u8]) -> Event {
    match line {
        Line::Listening(listener) => match listener.accept().await {
            Ok((stream, _)) => Event::Accepted(stream),
            Err(error) => Event::Broken(error),
        },
        _ if buffer.is_empty() => std::future::pending().await,
        Line::Pty(port) => match port.read(buffer).await {
            Ok(count) => Event::Arrived(count),
            Err(error) => Event::Broken(error),
        },
        Line::Connected(_, stream) => loop {
            if let Err(error) = stream.readable().await {
                return Event::Broken(error);
            }
            match stream.try_read(buffer) {
                Ok(0) => return Event::HostLeft,
                Ok(count) => return Event::Arrived(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Event::Broken(error),
            }
        },
    }
}

fn connect(line: Line, stream: TcpStream) -> Line {
    // Single status bytes must not wait for more.
    let _ = stream.set_nodelay(true);
    match line {
        Line::Listening(listener) | Line::Connected(listener, _) => Line::Connected(listener, stream),
        pty => pty,
    }
}

fn disconnect(line: Line) -> Line {
    match line {
        Line::Listening(listener) | Line::Connected(listener, _) => Line::Listening(listener),
        pty => pty,
    }
}
