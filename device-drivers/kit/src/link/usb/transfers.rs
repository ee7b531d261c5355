//! Carrying bytes between the async side and a device that is only spoken to by blocking transfers: a thread for each
//! direction, tied to the async side by bounded channels.
//!
//! A transfer waits [`TRANSFER_TIMEOUT`] at most, so a dropped link ends both threads within that time, whatever the
//! device does. What a thread still had to write is thrown away with the link.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::mpsc;

use super::stream::UsbWire;
use crate::link::StatusPort;

/// How long one transfer may wait; also the longest time that a thread outlives its link.
pub(super) const TRANSFER_TIMEOUT: Duration = Duration::from_millis(200);
/// Pause after an empty packet, which some devices answer instead of "nothing yet".
const EMPTY_PACKET_PAUSE: Duration = Duration::from_millis(10);
/// Largest piece handed to one transfer, in bytes.
pub(super) const CHUNK_BYTES: usize = 4096;
/// Pieces that may wait in each direction.
const CHUNKS_QUEUED: usize = 4;

/// What an opened device can do; each call blocks for `limit` at most.
pub(super) trait Transfers: Send + Sync + 'static {
    /// Hands bytes to the device and tells how many it has taken.
    fn write(&self, bytes: &[u8], limit: Duration) -> Result<usize, Trouble>;
    /// Takes what the device says; 0 is an empty packet.
    fn read(&self, buffer: &mut [u8], limit: Duration) -> Result<usize, Trouble>;
    /// Whether the device can say anything.
    fn is_two_way(&self) -> bool;
    /// Whether the device has a printer's port.
    fn has_port_status(&self) -> bool;
    /// The port's byte.
    fn port_status(&self) -> io::Result<u8>;
}

/// Why a transfer moved nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The device has nothing to say, or holds us back.
    NotYet,
    /// The device is gone, for this reason.
    Gone(String),
}

/// What both threads and the async side share.
pub(super) struct Shared {
    /// Set when the link was dropped or a transfer failed: both threads end.
    pub(super) stopped: AtomicBool,
    /// Bytes written by the session and not yet taken by the device.
    pub(super) unsent: AtomicUsize,
}

/// Starts the threads of an opened device.
pub(super) fn start(device: Arc<dyn Transfers>, name: &str) -> io::Result<UsbWire> {
    let shared = Arc::new(Shared { stopped: AtomicBool::new(false), unsent: AtomicUsize::new(0) });
    let (outgoing, to_write) = mpsc::channel(CHUNKS_QUEUED);
    let (received, incoming) = mpsc::channel(CHUNKS_QUEUED);
    let status_port = device.has_port_status().then(|| status_port(Arc::downgrade(&device)));
    let wire = UsbWire::new(outgoing, incoming, Arc::clone(&shared), status_port);

    let writer = {
        let (device, shared) = (Arc::clone(&device), Arc::clone(&shared));
        // A one-way device has no reader: the writer holds the channel open in its place.
        let keep_open = received.clone();
        move || {
            write_loop(&*device, to_write, &shared);
            shared.stopped.store(true, Ordering::Release);
            drop(keep_open);
        }
    };
    spawn(&format!("{name} out"), writer)?;
    if device.is_two_way() {
        let reader = move || {
            read_loop(&*device, &received, &shared);
            shared.stopped.store(true, Ordering::Release);
        };
        spawn(&format!("{name} in"), reader)?;
    }
    Ok(wire)
}

/// Asks for the port's state for as long as the device is open.
fn status_port(device: Weak<dyn Transfers>) -> StatusPort {
    StatusPort::new(move || match device.upgrade() {
        Some(device) => device.port_status(),
        None => Err(io::ErrorKind::NotConnected.into()),
    })
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(body).map(drop)
}

fn write_loop(device: &dyn Transfers, mut chunks: mpsc::Receiver<Vec<u8>>, shared: &Shared) {
    while let Some(chunk) = chunks.blocking_recv() {
        let mut rest = chunk.as_slice();
        while !rest.is_empty() {
            if shared.stopped.load(Ordering::Acquire) {
                return;
            }
            match device.write(rest, TRANSFER_TIMEOUT) {
                Ok(taken) => {
                    rest = rest.get(taken..).unwrap_or_default();
                    shared.unsent.fetch_sub(taken, Ordering::AcqRel);
                }
                Err(Trouble::NotYet) => {}
                Err(Trouble::Gone(reason)) => {
                    tracing::debug!(reason, "USB write ended");
                    return;
                }
            }
        }
    }
}

fn read_loop(device: &dyn Transfers, received: &mpsc::Sender<Vec<u8>>, shared: &Shared) {
    let mut buffer = [0; CHUNK_BYTES];
    while !shared.stopped.load(Ordering::Acquire) {
        match device.read(&mut buffer, TRANSFER_TIMEOUT) {
            Ok(0) => std::thread::sleep(EMPTY_PACKET_PAUSE),
            Ok(count) => {
                let bytes = buffer.get(..count).unwrap_or_default().to_vec();
                if received.blocking_send(bytes).is_err() {
                    return;
                }
            }
            Err(Trouble::NotYet) => {}
            Err(Trouble::Gone(reason)) => {
                tracing::debug!(reason, "USB read ended");
                return;
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::Link;

    const PATIENCE: Duration = Duration::from_secs(5);

    /// A device that takes so many bytes and then holds us back.
    struct Fake {
        room: Mutex<usize>,
        taken: Mutex<Vec<u8>>,
        said: Mutex<Receiver<Vec<u8>>>,
        two_way: bool,
        /// Its other end hears when nobody holds the device any more.
        _closed: Sender<()>,
    }

    struct Hands {
        say: Sender<Vec<u8>>,
        closed: Receiver<()>,
    }

    fn fake(room: usize, two_way: bool) -> (Arc<Fake>, Hands) {
        let (say, said) = channel();
        let (closing, closed) = channel();
        let device = Arc::new(Fake {
            room: Mutex::new(room),
            taken: Mutex::default(),
            said: Mutex::new(said),
            two_way,
            _closed: closing,
        });
        (device, Hands { say, closed })
    }

    impl Transfers for Fake {
        fn write(&self, bytes: &[u8], limit: Duration) -> Result<usize, Trouble> {
            let mut room = self.room.lock().unwrap();
            // Never all at once, as a slow printer does.
            let taken = bytes.len().min(*room).min(1000);
            if taken == 0 {
                drop(room);
                std::thread::sleep(limit.min(Duration::from_millis(1)));
                return Err(Trouble::NotYet);
            }
            *room -= taken;
            self.taken.lock().unwrap().extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn read(&self, buffer: &mut [u8], limit: Duration) -> Result<usize, Trouble> {
            match self.said.lock().unwrap().recv_timeout(limit) {
                Ok(bytes) => {
                    buffer[..bytes.len()].copy_from_slice(&bytes);
                    Ok(bytes.len())
                }
                Err(RecvTimeoutError::Timeout) => Err(Trouble::NotYet),
                Err(RecvTimeoutError::Disconnected) => Err(Trouble::Gone("unplugged".into())),
            }
        }

        fn is_two_way(&self) -> bool {
            self.two_way
        }

        fn has_port_status(&self) -> bool {
            true
        }

        fn port_status(&self) -> io::Result<u8> {
            Ok(0x38)
        }
    }

    #[tokio::test]
    async fn all_bytes_arrive_in_order_and_an_empty_packet_is_no_end() {
        let (device, hands) = fake(usize::MAX, true);
        let mut link = Link::new(start(Arc::clone(&device) as _, "fake").unwrap());
        let job: Vec<u8> = (0..50_000_u32).map(|n| n as u8).collect();
        link.write_all(&job).await.unwrap();
        link.flush().await.unwrap();
        assert!(*device.taken.lock().unwrap() == job);
        hands.say.send(vec![]).unwrap();
        hands.say.send(vec![0x12]).unwrap();
        assert_eq!(link.read_u8().await.unwrap(), 0x12);
    }

    #[tokio::test]
    async fn a_long_write_to_a_stalled_device_is_cancelled_by_dropping_the_link() {
        let (device, hands) = fake(3000, true);
        let mut link = Link::new(start(device as _, "fake").unwrap());
        let job = vec![7; 100_000];
        let stalled = tokio::time::timeout(Duration::from_millis(100), link.write_all(&job)).await;
        assert!(stalled.is_err(), "the device holds us back");
        let port = link.status_port().unwrap();
        drop(link);
        let closed = hands.closed.recv_timeout(PATIENCE);
        assert_eq!(closed, Err(RecvTimeoutError::Disconnected), "both threads let go of the device");
        assert_eq!(port.read().await.unwrap_err().kind(), io::ErrorKind::NotConnected);
    }

    #[tokio::test]
    async fn unplugging_ends_reads_and_waiting_writes() {
        let (device, hands) = fake(10, true);
        let mut link = Link::new(start(device as _, "fake").unwrap());
        link.write_all(&[0; 100]).await.unwrap();
        drop(hands.say);
        let read = tokio::time::timeout(PATIENCE, link.read_u8()).await.unwrap();
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::NotConnected);
        assert!(tokio::time::timeout(PATIENCE, link.flush()).await.unwrap().is_err());
    }

    #[tokio::test]
    async fn the_port_is_asked_while_the_device_holds_us_back() {
        let (device, _hands) = fake(0, true);
        let mut link = Link::new(start(device as _, "fake").unwrap());
        link.write_all(b"job").await.unwrap();
        assert!(link.status_port().unwrap().read().await.unwrap().paper_empty);
    }

    #[tokio::test]
    async fn a_one_way_device_takes_bytes_and_is_no_hang_up() {
        let (device, _hands) = fake(usize::MAX, false);
        let mut link = Link::new(start(Arc::clone(&device) as _, "fake").unwrap());
        link.write_all(b"job").await.unwrap();
        link.flush().await.unwrap();
        assert_eq!(*device.taken.lock().unwrap(), b"job");
        assert!(tokio::time::timeout(Duration::from_millis(50), link.read_u8()).await.is_err());
    }
}
