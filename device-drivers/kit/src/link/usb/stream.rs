//! The async side of a USB device: bytes to and from the two threads over bounded channels.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio_util::sync::PollSender;

use super::transfers::{CHUNK_BYTES, Shared};
use crate::link::drain::Drain;
use crate::link::{StatusPort, Wire};

/// An open USB device. Dropping it ends its threads within one transfer timeout.
pub(in crate::link) struct UsbWire {
    outgoing: PollSender<Vec<u8>>,
    incoming: mpsc::Receiver<Vec<u8>>,
    /// Received bytes that the last read had no room for.
    left_over: Vec<u8>,
    shared: Arc<Shared>,
    drain: Drain,
    status_port: Option<StatusPort>,
}

impl UsbWire {
    pub(super) fn new(
        outgoing: mpsc::Sender<Vec<u8>>,
        incoming: mpsc::Receiver<Vec<u8>>,
        shared: Arc<Shared>,
        status_port: Option<StatusPort>,
    ) -> Self {
        let (outgoing, left_over, drain) = (PollSender::new(outgoing), Vec::new(), Drain::default());
        Self { outgoing, incoming, left_over, shared, drain, status_port }
    }
}

impl Wire for UsbWire {
    fn status_port(&self) -> Option<StatusPort> {
        self.status_port.clone()
    }
}

impl Drop for UsbWire {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Release);
    }
}

fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "the USB device was unplugged or stopped answering")
}

impl AsyncRead for UsbWire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left_over.is_empty() {
            match ready!(self.incoming.poll_recv(context)) {
                Some(bytes) => self.left_over = bytes,
                None => return Poll::Ready(Err(gone())),
            }
        }
        let count = self.left_over.len().min(buffer.remaining());
        buffer.put_slice(self.left_over.get(..count).unwrap_or_default());
        self.left_over.drain(..count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for UsbWire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if ready!(self.outgoing.poll_reserve(context)).is_err() {
            return Poll::Ready(Err(gone()));
        }
        let count = bytes.len().min(CHUNK_BYTES);
        let chunk = bytes.get(..count).unwrap_or_default().to_vec();
        self.shared.unsent.fetch_add(count, Ordering::AcqRel);
        if self.outgoing.send_item(chunk).is_err() {
            return Poll::Ready(Err(gone()));
        }
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { shared, drain, .. } = &mut *self;
        ready!(drain.poll(context, || {
            shared.unsent.load(Ordering::Acquire) == 0 || shared.stopped.load(Ordering::Acquire)
        }));
        if shared.unsent.load(Ordering::Acquire) == 0 { Poll::Ready(Ok(())) } else { Poll::Ready(Err(gone())) }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    struct Threads {
        to_write: mpsc::Receiver<Vec<u8>>,
        received: mpsc::Sender<Vec<u8>>,
        shared: Arc<Shared>,
    }

    fn wire() -> (UsbWire, Threads) {
        let (outgoing, to_write) = mpsc::channel(2);
        let (received, incoming) = mpsc::channel(2);
        let shared = Arc::new(Shared { stopped: AtomicBool::new(false), unsent: AtomicUsize::new(0) });
        let wire = UsbWire::new(outgoing, incoming, Arc::clone(&shared), None);
        let threads = Threads { to_write, received, shared };
        (wire, threads)
    }

    #[tokio::test]
    async fn bytes_that_did_not_fit_come_with_the_next_read() {
        let (mut wire, threads) = wire();
        threads.received.send(vec![1, 2, 3]).await.unwrap();
        let mut two = [0; 2];
        assert_eq!(wire.read(&mut two).await.unwrap(), 2);
        assert_eq!(wire.read(&mut two).await.unwrap(), 1);
        assert_eq!(two[0], 3);
    }

    #[tokio::test]
    async fn a_reader_thread_that_ended_is_a_disconnect() {
        let (mut wire, threads) = wire();
        drop(threads.received);
        assert!(wire.read(&mut [0; 2]).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn flush_waits_for_the_device_and_an_unplug_ends_it() {
        let (mut wire, mut threads) = wire();
        wire.write_all(b"abc").await.unwrap();
        assert_eq!(threads.to_write.recv().await.unwrap(), b"abc");
        let waiting = tokio::time::timeout(std::time::Duration::from_secs(1), wire.flush()).await;
        assert!(waiting.is_err(), "nothing was taken yet");
        threads.shared.unsent.store(0, Ordering::Release);
        wire.flush().await.unwrap();
        wire.write_all(b"more").await.unwrap();
        threads.shared.stopped.store(true, Ordering::Release);
        assert!(wire.flush().await.is_err());
    }
}
