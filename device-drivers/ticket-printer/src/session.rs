//! One session over an open link: carries bytes and events between the link and the machine.
//! Every decision is the machine's.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use kit::link::{PortStatus, StatusPort};
use kit::{HealthCell, Link, Session, SessionEnd};
use tokio::io::{AsyncReadExt, AsyncWriteExt, split};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::machine::{End, Event, LeftOver, Machine};
use crate::printer::Order;
use crate::profile::PrinterProfile;

/// Bytes taken in one read; a printer says a few at a time.
const READ_BYTES: usize = 256;
/// Pause between two questions to a USB port: some printers mix up their data when it is asked often.
const PORT_PAUSE: Duration = Duration::from_secs(1);

/// What outlives a link: the queue, and what the last session left undone.
pub(crate) struct PrinterSession {
    profile: PrinterProfile,
    wire_rate: Option<u32>,
    orders: mpsc::Receiver<Order>,
    left_over: LeftOver,
}

impl PrinterSession {
    pub(crate) fn new(profile: PrinterProfile, wire_rate: Option<u32>, orders: mpsc::Receiver<Order>) -> Self {
        Self { profile, wire_rate, orders, left_over: LeftOver::default() }
    }
}

impl Session for PrinterSession {
    async fn run(&mut self, link: Link, health: &HealthCell, stop: &CancellationToken) -> SessionEnd {
        let mut port = PortWatch::new(link.status_port());
        let (mut reader, mut writer) = split(link);
        let mut machine = Machine::new(&self.profile, health, self.wire_rate, self.left_over, Instant::now());
        let mut buffer = [0; READ_BYTES];
        let mut stopping = false;
        let end = loop {
            let event = tokio::select! {
                biased;
                () = stop.cancelled(), if !stopping => Event::Stop,
                read = reader.read(&mut buffer) => match read {
                    Ok(count) => Event::Read(buffer.get(..count).unwrap_or_default()),
                    Err(error) => Event::LinkFailed(error.to_string()),
                },
                wrote = writer.write(machine.pending()), if !machine.pending().is_empty() => {
                    match wrote {
                        Ok(0) => Event::LinkFailed("it takes no more bytes".into()),
                        Ok(count) => Event::Wrote(count),
                        Err(error) => Event::LinkFailed(error.to_string()),
                    }
                }
                order = self.orders.recv(), if !stopping && machine.wants_job() => match order {
                    Some(Order::Print(job)) => Event::Job(job),
                    Some(Order::Clear) => Event::Clear,
                    // The printer's handle was dropped: nobody can print any more.
                    None => Event::Stop,
                },
                told = port.next() => Event::Port(told),
                () = sleep_until(machine.deadline()) => Event::Timer,
            };
            stopping |= matches!(event, Event::Stop);
            if let Some(end) = machine.handle(event, Instant::now()) {
                break end;
            }
        };
        self.left_over = machine.left_over();
        match end {
            End::Stopped => SessionEnd::Stopped,
            End::Disconnected(cause) => SessionEnd::Disconnected(cause),
            End::Abandon => {
                reader.unsplit(writer).abandon();
                SessionEnd::Reopen
            }
        }
    }
}

type Asking = Pin<Box<dyn Future<Output = io::Result<PortStatus>> + Send>>;

/// Asks a link's status port now and then, one question at a time. Without a port it never has anything to say.
struct PortWatch {
    port: Option<StatusPort>,
    due: Instant,
    asking: Option<Asking>,
}

impl PortWatch {
    fn new(port: Option<StatusPort>) -> Self {
        Self { port, due: Instant::now(), asking: None }
    }

    /// The next answer; none when the port gave none. Nothing is lost when this is dropped before its end.
    async fn next(&mut self) -> Option<PortStatus> {
        let Some(port) = &self.port else { return std::future::pending().await };
        if self.asking.is_none() {
            sleep_until(self.due).await;
        }
        let asking = self.asking.get_or_insert_with(|| {
            let port = port.clone();
            Box::pin(async move { port.read().await })
        });
        let answer = asking.await;
        self.asking = None;
        self.due = Instant::now() + PORT_PAUSE;
        answer.ok()
    }
}
