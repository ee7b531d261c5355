//! A printer's link that can break off inside a job: only for the tests that kill the agent there.
//!
//! The driver knows nothing of it and carries no fail point. It writes a whole job at once, and everything else that
//! it writes while the printer is well is a question of a few bytes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use fail_point::Point;
use kit::{Link, LinkConfig, LinkError, Opener};
use ticket_printer::{PrinterProfile, TicketPrinter};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::CancellationToken;

/// What is longer is a job.
const LONGEST_QUESTION: usize = 64;

/// Starts a printer behind such a link.
pub(crate) fn start_printer(
    name: String,
    link: LinkConfig,
    profile: PrinterProfile,
    stop: CancellationToken,
) -> TicketPrinter {
    let wire_rate = link.bytes_per_second();
    TicketPrinter::start_with(name, JobOpener(link), wire_rate, profile, stop)
}

struct JobOpener(LinkConfig);

impl Opener for JobOpener {
    async fn open(&mut self) -> Result<Link, LinkError> {
        let link = self.0.open().await?;
        let port = link.status_port();
        Ok(Link::from_stream(JobLink(link)).with_status_port(port))
    }
}

struct JobLink(Link);

impl AsyncRead for JobLink {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for JobLink {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if bytes.len() <= LONGEST_QUESTION {
            return Pin::new(&mut self.0).poll_write(context, bytes);
        }
        fail_point::reached(Point::BeforeFirstByte);
        let most = if fail_point::is_ordered(Point::HalfWritten) { bytes.len() / 2 } else { bytes.len() };
        let written = ready!(Pin::new(&mut self.0).poll_write(context, &bytes[..most]))?;
        fail_point::reached(Point::HalfWritten);
        if written == bytes.len() {
            fail_point::reached(Point::AllWritten);
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
