//! A link is the byte stream to one device. It is named in configuration, opened here, and looks
//! the same to a driver whatever the wire is.
//!
//! Three promises hold for every kind:
//! - a read never answers `Ok(0)`: a device that hung up is an error, so no session can spin on it;
//! - nothing here blocks the async runtime;
//! - opening fails with what to do next.
//!
//! It never retries: [`mod@crate::supervise`] does.

mod config;
mod drain;
mod error;
mod parse;
mod port_status;
mod serial;
mod serial_ports;
mod tcp;
mod usb;

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub use config::{DataBits, FlowControl, LinkConfig, Parity, StopBits, UsbDriver, UsbWanted};
pub use error::{LinkError, LinkErrorKind};
pub use parse::LinkTextError;
pub use port_status::{PortStatus, StatusPort};
pub use serial_ports::{SerialPortFound, serial_ports};
pub use usb::{UsbDevice, usb_devices};

/// Opens the link that the configuration names.
///
/// # Errors
/// [`LinkError`] says which link, the cause and what to do next.
pub async fn open(config: &LinkConfig) -> Result<Link, LinkError> {
    match config {
        LinkConfig::Serial { path, baud, data_bits, parity, stop_bits, flow } => {
            let line = serial::Line {
                baud: *baud,
                data_bits: *data_bits,
                parity: *parity,
                stop_bits: *stop_bits,
                flow: *flow,
            };
            Ok(Link::new(serial::open(path, &line, config)?))
        }
        LinkConfig::Tcp { address } => Ok(Link::new(tcp::open(address, config).await?)),
        LinkConfig::Usb(wanted) => Ok(Link::new(usb::open(wanted, config).await?)),
    }
}

/// An open byte stream to a device.
///
/// Dropping a serial or USB link throws away what the device has not taken yet: await
/// [`tokio::io::AsyncWriteExt::flush`] first when the last bytes matter.
pub struct Link {
    wire: Box<dyn Wire>,
    status_port: Option<StatusPort>,
}

impl Link {
    fn new(wire: impl Wire + 'static) -> Self {
        Self { status_port: wire.status_port(), wire: Box::new(wire) }
    }

    /// A link over any stream: for tests and for wires that this crate does not know.
    pub fn from_stream(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Self {
        Self::new(Plain(stream))
    }

    /// The same link with a status port of the caller's: for tests, and for a link that wraps another.
    #[must_use]
    pub fn with_status_port(self, status_port: Option<StatusPort>) -> Self {
        Self { status_port, ..self }
    }

    /// Where the wire itself tells the printer's state, beside the bytes; `None` on serial lines and TCP, which have
    /// nothing of the kind. Take it before the link is split; it stays good until the link is dropped.
    pub fn status_port(&self) -> Option<StatusPort> {
        self.status_port.clone()
    }

    /// Closes the link and throws away what was written but not yet taken by the device, as far
    /// as the operating system allows (TCP: reset instead of a graceful close).
    ///
    /// For a driver that must not let an interrupted job come out later by itself.
    pub fn abandon(mut self) {
        self.wire.abandon();
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Link").finish_non_exhaustive()
    }
}

impl AsyncRead for Link {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let wanted = buffer.remaining();
        ready!(Pin::new(&mut *self.wire).poll_read(context, buffer))?;
        if wanted > 0 && buffer.filled().len() == before {
            // tokio-serial answers Ok(0) for ever after a hang-up; nobody may take that for data.
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the other side hung up")));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Link {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.wire).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.wire).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.wire).poll_shutdown(context)
    }
}

/// What the inside of a link can do.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin {
    /// Makes the coming drop throw away unsent bytes. Nothing to do where a drop does so anyway.
    fn abandon(&mut self) {}

    /// The printer's state as the wire tells it, where it does.
    fn status_port(&self) -> Option<StatusPort> {
        None
    }
}

/// A stream without any ability of its own.
struct Plain<S>(S);

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Wire for Plain<S> {}

impl<S: AsyncRead + Unpin> AsyncRead for Plain<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Plain<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn a_closed_other_side_is_an_error_and_not_an_empty_read() {
        let (near, far) = tokio::io::duplex(16);
        let mut link = Link::from_stream(near);
        drop(far);
        let error = link.read(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn a_read_into_no_space_is_not_taken_for_a_hang_up() {
        let (near, _far) = tokio::io::duplex(16);
        let mut link = Link::from_stream(near);
        assert_eq!(link.read(&mut []).await.unwrap(), 0);
    }
}
