//! Serial ports by tokio-serial.
//!
//! Facts: on a pty the modem lines answer ENOTTY, so nothing here touches them (Linux raises RTS
//! and DTR when a real port is opened); `tcdrain` and a close with unsent bytes block, so flushing
//! looks at the queue and a drop clears it first; exclusive locking keeps two programs apart.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_serial::{ClearBuffer, ErrorKind, SerialPort, SerialStream};

use super::drain::Drain;
use super::{DataBits, FlowControl, LinkConfig, LinkError, LinkErrorKind, Parity, StopBits, Wire};

/// How the line is set.
pub(super) struct Line {
    pub(super) baud: u32,
    pub(super) data_bits: DataBits,
    pub(super) parity: Parity,
    pub(super) stop_bits: StopBits,
    pub(super) flow: FlowControl,
}

/// Opens the port for this process alone.
pub(super) fn open(path: &str, line: &Line, config: &LinkConfig) -> Result<SerialWire, LinkError> {
    let builder = tokio_serial::new(path, line.baud)
        .data_bits(match line.data_bits {
            DataBits::Seven => tokio_serial::DataBits::Seven,
            DataBits::Eight => tokio_serial::DataBits::Eight,
        })
        .parity(match line.parity {
            Parity::None => tokio_serial::Parity::None,
            Parity::Even => tokio_serial::Parity::Even,
            Parity::Odd => tokio_serial::Parity::Odd,
        })
        .stop_bits(match line.stop_bits {
            StopBits::One => tokio_serial::StopBits::One,
            StopBits::Two => tokio_serial::StopBits::Two,
        })
        .flow_control(match line.flow {
            FlowControl::None => tokio_serial::FlowControl::None,
            FlowControl::Hardware => tokio_serial::FlowControl::Hardware,
            FlowControl::Software => tokio_serial::FlowControl::Software,
        });
    match SerialStream::open(&builder) {
        Ok(port) => Ok(SerialWire { port, drain: Drain::default() }),
        Err(error) => Err(explain(&error, path, config)),
    }
}

fn explain(error: &tokio_serial::Error, path: &str, config: &LinkConfig) -> LinkError {
    let (kind, action) = match error.kind {
        ErrorKind::Io(io::ErrorKind::NotFound) => (
            LinkErrorKind::NotFound,
            format!(
                "check that the cable and the power are on and that {path} is the right path (ls /dev/serial/by-id)"
            ),
        ),
        ErrorKind::Io(io::ErrorKind::PermissionDenied) => (
            LinkErrorKind::Permission,
            format!(
                "let this user open it: sudo usermod -aG dialout \"$USER\", then log in again (ls -l {path} shows its group)"
            ),
        ),
        // serialport says "no device" for a port that another program has locked.
        ErrorKind::NoDevice => {
            (LinkErrorKind::Busy, format!("close the other program that uses it (fuser -v {path} names it)"))
        }
        _ => {
            (LinkErrorKind::Io, format!("check that {path} is a serial port and that the device takes these settings"))
        }
    };
    LinkError { link: config.to_string(), kind, cause: error.to_string(), action }
}

/// An open serial port.
pub(super) struct SerialWire {
    port: SerialStream,
    drain: Drain,
}

impl Wire for SerialWire {}

impl Drop for SerialWire {
    fn drop(&mut self) {
        // A close waits up to 30 s for a device that holds its "wait" line. A port that is
        // already gone cannot be cleared: nothing is lost by that.
        let _ = self.port.clear(ClearBuffer::Output);
    }
}

impl AsyncRead for SerialWire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.port).poll_read(context, buffer)
    }
}

impl AsyncWrite for SerialWire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.port).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { port, drain } = &mut *self;
        // A port that cannot tell how much is queued (it hung up) has nothing to wait for.
        ready!(drain.poll(context, || port.bytes_to_write().unwrap_or(0) == 0));
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::time::Duration;

    use serialport::TTYPort;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::link;

    const PATIENCE: Duration = Duration::from_secs(5);

    /// A pty whose second end is closed, so that it can be opened by path like a device.
    fn pty() -> (TTYPort, String) {
        let (master, slave) = TTYPort::pair().unwrap();
        let path = slave.name().unwrap();
        (master, path)
    }

    fn even(path: &str) -> LinkConfig {
        let mut config = LinkConfig::serial(path);
        if let LinkConfig::Serial { parity, data_bits, .. } = &mut config {
            *parity = Parity::Even;
            *data_bits = DataBits::Seven;
        }
        config
    }

    #[tokio::test]
    async fn bytes_go_both_ways_and_a_hang_up_is_an_error() {
        use std::io::{Read, Write};
        let (mut master, path) = pty();
        let mut link = link::open(&even(&path)).await.unwrap();
        link.write_all(b"hello").await.unwrap();
        link.flush().await.unwrap();
        let mut got = [0; 5];
        master.set_timeout(PATIENCE).unwrap();
        master.read_exact(&mut got).unwrap();
        assert_eq!(&got, b"hello");
        master.write_all(b"yes").unwrap();
        let mut answer = [0; 3];
        link.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"yes");

        drop(master);
        let ended = tokio::time::timeout(PATIENCE, link.read(&mut [0; 8])).await;
        assert!(ended.unwrap().is_err(), "a hang-up must end the read with an error");
    }

    #[tokio::test]
    async fn the_speeds_of_ticket_printers_and_both_flow_controls_are_set() {
        for (wanted, flow) in [
            (FlowControl::Hardware, tokio_serial::FlowControl::Hardware),
            (FlowControl::Software, tokio_serial::FlowControl::Software),
        ] {
            for speed in [9600, 19_200, 38_400, 57_600, 115_200] {
                let (master, path) = pty();
                let mut config = even(&path);
                if let LinkConfig::Serial { baud, flow, .. } = &mut config {
                    (*baud, *flow) = (speed, wanted);
                }
                let _link = link::open(&config).await.unwrap();
                // A pty's master sees the settings of its other end; width and parity it always forgets.
                assert_eq!((master.baud_rate().unwrap(), master.flow_control().unwrap()), (speed, flow));
            }
        }
    }

    #[tokio::test]
    async fn a_device_that_says_xoff_is_waited_for_until_xon() {
        use std::io::{Read, Write};
        const XON: u8 = 0x11;
        const XOFF: u8 = 0x13;
        let (mut master, path) = pty();
        let mut config = LinkConfig::serial(&path);
        if let LinkConfig::Serial { flow, .. } = &mut config {
            *flow = FlowControl::Software;
        }
        let mut link = link::open(&config).await.unwrap();
        // The answer behind it shows that the XOFF has taken effect; the XOFF itself is no data.
        master.write_all(&[XOFF, 0x12]).unwrap();
        assert_eq!(link.read_u8().await.unwrap(), 0x12);
        // Binary data with both bytes in it goes out untouched.
        let job = [0x1d, XOFF, XON, 0xff];
        let held = tokio::time::timeout(Duration::from_millis(50), link.write_all(&job)).await;
        assert!(held.is_err(), "the device said wait");
        master.write_all(&[XON]).unwrap();
        tokio::time::timeout(PATIENCE, link.write_all(&job)).await.unwrap().unwrap();
        let mut got = [0; 4];
        master.set_timeout(PATIENCE).unwrap();
        master.read_exact(&mut got).unwrap();
        assert_eq!(got, job);
    }

    #[tokio::test]
    async fn a_missing_port_says_what_to_check() {
        let error = link::open(&LinkConfig::serial("/dev/no-such-port")).await.unwrap_err();
        assert_eq!(error.kind, LinkErrorKind::NotFound);
        let text = error.to_string();
        assert!(text.starts_with("serial /dev/no-such-port 9600 8N1: "), "{text}");
        assert!(text.contains("check that the cable"), "{text}");
    }

    #[tokio::test]
    async fn a_port_in_use_is_busy() {
        let (_master, path) = pty();
        let _first = link::open(&LinkConfig::serial(&path)).await.unwrap();
        let error = link::open(&LinkConfig::serial(&path)).await.unwrap_err();
        assert_eq!(error.kind, LinkErrorKind::Busy, "{error}");
    }

    #[tokio::test]
    async fn something_that_is_no_port_is_refused() {
        let error = link::open(&LinkConfig::serial("/dev/null")).await.unwrap_err();
        assert_eq!(error.kind, LinkErrorKind::Io, "{error}");
    }
}
