//! What a USB printer's port says, beside all bytes: the three lines of the old parallel port. Facts: USB printer class
//! 1.1, request GET_PORT_STATUS; Linux answers the same byte to `LPGETSTATUS` on `/dev/usb/lp*`.
//!
//! It never judges. Many printers always answer 18 (all well), some 00: a bad line is worth believing, a good one
//! proves nothing.

use std::fmt;
use std::io;
use std::sync::Arc;

/// The lines of a printer port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortStatus {
    /// No paper.
    pub paper_empty: bool,
    /// Switched on and online.
    pub selected: bool,
    /// Something is wrong.
    pub error: bool,
}

impl PortStatus {
    /// Reads the byte: 20 no paper, 10 selected, 08 *no* error (hexadecimal).
    pub fn from_byte(byte: u8) -> Self {
        Self { paper_empty: byte & 0x20 != 0, selected: byte & 0x10 != 0, error: byte & 0x08 == 0 }
    }
}

/// Asks a printer's port for its state, also while the link is split, writing, or held back by the printer.
///
/// Not for every few milliseconds: some printers mix the answer into their data when they are asked while full
/// (a comment in Linux' `usblp.c` says so of HP models).
#[derive(Clone)]
pub struct StatusPort {
    ask: Arc<dyn Fn() -> io::Result<u8> + Send + Sync>,
}

impl StatusPort {
    /// A port that is asked by `ask`, which may block for as long as a transfer takes.
    pub fn new(ask: impl Fn() -> io::Result<u8> + Send + Sync + 'static) -> Self {
        Self { ask: Arc::new(ask) }
    }

    /// The present state.
    ///
    /// # Errors
    /// When the printer does not know the question, does not answer it in time, or is gone: nothing is known then.
    pub async fn read(&self) -> io::Result<PortStatus> {
        let ask = Arc::clone(&self.ask);
        let byte = tokio::task::spawn_blocking(move || ask()).await.map_err(io::Error::other)??;
        Ok(PortStatus::from_byte(byte))
    }
}

impl fmt::Debug for StatusPort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StatusPort").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::Link;

    #[test]
    fn the_bytes_that_printers_answer() {
        let table = [
            (0x18, (false, true, false)),
            (0x38, (true, true, false)),
            (0x30, (true, true, true)),
            (0x08, (false, false, false)),
            (0x10, (false, true, true)),
        ];
        for (byte, (paper_empty, selected, error)) in table {
            assert_eq!(PortStatus::from_byte(byte), PortStatus { paper_empty, selected, error }, "{byte:02x}");
        }
    }

    #[tokio::test]
    async fn a_link_tells_its_port_and_a_plain_stream_has_none() {
        let (near, _far) = tokio::io::duplex(8);
        let link = Link::from_stream(near);
        assert!(link.status_port().is_none());
        let link = link.with_status_port(Some(StatusPort::new(|| Ok(0x38))));
        assert!(link.status_port().unwrap().read().await.unwrap().paper_empty);
        let silent = link.with_status_port(Some(StatusPort::new(|| Err(io::ErrorKind::TimedOut.into()))));
        assert_eq!(silent.status_port().unwrap().read().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
