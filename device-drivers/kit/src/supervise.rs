//! The loop around every device: open the link, run the driver's session, and open again.
//!
//! It knows no device and decides nothing about health but *absent* (never found) and *lost* (was
//! there, went away): what a device says of itself is the session's business.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::health::{Fault, HealthCell};
use crate::link::{self, Link, LinkConfig, LinkError};

/// Wait before the first new attempt.
pub const BACKOFF_FIRST: Duration = Duration::from_millis(250);
/// Longest wait between two attempts.
pub const BACKOFF_LONGEST: Duration = Duration::from_secs(5);
/// The same for devices that are plugged into this machine: looking for them costs a few files, and who plugs one in
/// stands beside it.
pub const BACKOFF_LONGEST_PLUGGED: Duration = Duration::from_secs(1);
/// A session that lasted this long starts the backoff anew.
pub const SESSION_LASTED: Duration = Duration::from_secs(10);
/// How long a session may take to end after it was told to stop.
pub const STOP_GRACE: Duration = Duration::from_secs(2);

/// Opens a device's link. [`LinkConfig`] is the real one; tests bring their own.
pub trait Opener: Send {
    /// One attempt.
    fn open(&mut self) -> impl Future<Output = Result<Link, LinkError>> + Send;

    /// Longest wait between two attempts.
    fn longest_wait(&self) -> Duration {
        BACKOFF_LONGEST
    }
}

impl Opener for LinkConfig {
    async fn open(&mut self) -> Result<Link, LinkError> {
        link::open(self).await
    }

    fn longest_wait(&self) -> Duration {
        match self {
            Self::Tcp { .. } => BACKOFF_LONGEST,
            Self::Serial { .. } | Self::Usb(_) => BACKOFF_LONGEST_PLUGGED,
        }
    }
}

/// A driver's talk with its device over one open link.
pub trait Session: Send {
    /// Runs until the link fails or `stop` is cancelled, and keeps `health` true meanwhile:
    /// *ready* only when the device confirmed it (or, for a device that only listens, took the
    /// bytes). It must treat every read or write error as [`SessionEnd::Disconnected`].
    fn run(
        &mut self,
        link: Link,
        health: &HealthCell,
        stop: &CancellationToken,
    ) -> impl Future<Output = SessionEnd> + Send;
}

/// Why a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEnd {
    /// It was told to stop.
    Stopped,
    /// The link failed, with the cause in words.
    Disconnected(String),
    /// The session wants a fresh link, and health already says why: it is left as it is.
    Reopen,
}

/// Runs a device until `stop` is cancelled. Never returns earlier, never panics on a device's
/// account.
pub async fn supervise(
    mut opener: impl Opener,
    mut session: impl Session,
    health: HealthCell,
    stop: CancellationToken,
) {
    let mut backoff = BACKOFF_FIRST;
    let mut was_there = false;
    loop {
        health.opening();
        let opened = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            opened = opener.open() => opened,
        };
        match opened {
            Ok(link) => {
                was_there = true;
                let began = Instant::now();
                match run_session(&mut session, link, &health, &stop).await {
                    SessionEnd::Stopped => return,
                    SessionEnd::Disconnected(cause) => health.lost(disconnected(&cause)),
                    SessionEnd::Reopen => {}
                }
                if began.elapsed() >= SESSION_LASTED {
                    backoff = BACKOFF_FIRST;
                }
            }
            Err(error) if was_there => health.lost(error.to_fault()),
            Err(error) => health.absent(error.to_fault()),
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = tokio::time::sleep(backoff) => {}
        }
        backoff = (backoff * 2).min(opener.longest_wait());
    }
}

/// Runs one session; after the stop it has [`STOP_GRACE`] to end by itself.
async fn run_session(
    session: &mut impl Session,
    link: Link,
    health: &HealthCell,
    stop: &CancellationToken,
) -> SessionEnd {
    let running = session.run(link, health, stop);
    tokio::pin!(running);
    tokio::select! {
        ended = &mut running => ended,
        () = stop.cancelled() => match timeout(STOP_GRACE, running).await {
            Ok(_) => SessionEnd::Stopped,
            Err(_) => {
                let device = health.current().device;
                tracing::warn!(device, "the session did not stop in time and was cut off");
                SessionEnd::Stopped
            }
        },
    }
}

fn disconnected(cause: &str) -> Fault {
    Fault::new(
        "disconnected",
        format!("the connection ended ({cause})"),
        "check the cable and the power; it is opened again by itself",
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::collections::VecDeque;

    use tokio::io::{AsyncReadExt, DuplexStream};
    use tokio::sync::mpsc;

    use super::*;
    use crate::health::LifeCycle;
    use crate::link::LinkErrorKind;

    /// Gives what the test prepared; "not found" when that is used up. Notes when it was asked.
    struct FakeOpener {
        links: VecDeque<Option<DuplexStream>>,
        asked: mpsc::UnboundedSender<Instant>,
    }

    impl Opener for FakeOpener {
        async fn open(&mut self) -> Result<Link, LinkError> {
            self.asked.send(Instant::now()).unwrap();
            match self.links.pop_front().flatten() {
                Some(stream) => Ok(Link::from_stream(stream)),
                None => Err(LinkError {
                    link: "fake".into(),
                    kind: LinkErrorKind::NotFound,
                    cause: "no such device".into(),
                    action: "check the cable".into(),
                }),
            }
        }
    }

    /// Ready at the first byte, ends when the link does.
    struct Reader;

    impl Session for Reader {
        async fn run(&mut self, mut link: Link, health: &HealthCell, stop: &CancellationToken) -> SessionEnd {
            loop {
                let read = tokio::select! {
                    () = stop.cancelled() => return SessionEnd::Stopped,
                    read = link.read_u8() => read,
                };
                match read {
                    Ok(_) => health.ready(),
                    Err(error) => return SessionEnd::Disconnected(error.to_string()),
                }
            }
        }
    }

    struct Bench {
        health: HealthCell,
        stop: CancellationToken,
        asked: mpsc::UnboundedReceiver<Instant>,
        task: tokio::task::JoinHandle<()>,
    }

    fn start(links: Vec<Option<DuplexStream>>, session: impl Session + 'static) -> Bench {
        let (sender, asked) = mpsc::unbounded_channel();
        let opener = FakeOpener { links: links.into(), asked: sender };
        let health = HealthCell::new("fake-1");
        let stop = CancellationToken::new();
        let task = tokio::spawn(supervise(opener, session, health.clone(), stop.clone()));
        Bench { health, stop, asked, task }
    }

    async fn wait_for(health: &HealthCell, wanted: LifeCycle) {
        let mut seen = health.subscribe();
        timeout(Duration::from_secs(60), seen.wait_for(|health| health.life_cycle == wanted)).await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_device_never_found_is_absent_and_looked_for_ever_more_slowly() {
        let mut bench = start(vec![], Reader);
        let mut waits = Vec::new();
        let mut last = bench.asked.recv().await.unwrap();
        for _ in 0..7 {
            let next = bench.asked.recv().await.unwrap();
            waits.push((next - last).as_millis());
            last = next;
        }
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 5000, 5000]);
        let health = bench.health.current();
        assert_eq!(health.life_cycle, LifeCycle::Absent);
        assert_eq!(health.fault.unwrap().code, "not-found");
    }

    #[test]
    fn a_device_of_this_machine_is_looked_for_more_often_than_one_of_the_network() {
        assert_eq!(LinkConfig::Usb(link::UsbWanted::default()).longest_wait(), BACKOFF_LONGEST_PLUGGED);
        assert_eq!(LinkConfig::serial("/dev/ttyUSB0").longest_wait(), BACKOFF_LONGEST_PLUGGED);
        assert_eq!(LinkConfig::tcp("10.0.0.5:9100").longest_wait(), BACKOFF_LONGEST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_device_that_went_is_lost_until_it_confirms_again() {
        let (near, mut far) = tokio::io::duplex(8);
        let (again, mut far_again) = tokio::io::duplex(8);
        let bench = start(vec![Some(near), None, Some(again)], Reader);
        tokio::io::AsyncWriteExt::write_u8(&mut far, 1).await.unwrap();
        wait_for(&bench.health, LifeCycle::Ready).await;
        drop(far);
        wait_for(&bench.health, LifeCycle::Lost).await;
        // Reopened, but silent: it stays lost.
        tokio::time::sleep(Duration::from_secs(30)).await;
        let lost = bench.health.current();
        assert_eq!(lost.life_cycle, LifeCycle::Lost);
        assert_eq!(lost.fault.unwrap().code, "not-found");
        tokio::io::AsyncWriteExt::write_u8(&mut far_again, 1).await.unwrap();
        wait_for(&bench.health, LifeCycle::Ready).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_that_lasted_starts_the_backoff_anew() {
        let (near, far) = tokio::io::duplex(8);
        let mut bench = start(vec![None, None, None, Some(near)], Reader);
        for _ in 0..4 {
            bench.asked.recv().await.unwrap();
        }
        tokio::time::sleep(SESSION_LASTED).await;
        let dropped = Instant::now();
        drop(far);
        let next = bench.asked.recv().await.unwrap();
        assert_eq!(next - dropped, BACKOFF_FIRST);
    }

    #[tokio::test(start_paused = true)]
    async fn stop_ends_the_wait_and_the_session() {
        let bench = start(vec![], Reader);
        bench.stop.cancel();
        timeout(Duration::from_millis(1), bench.task).await.unwrap().unwrap();

        let (near, _far) = tokio::io::duplex(8);
        let mut bench = start(vec![Some(near)], Reader);
        bench.asked.recv().await.unwrap();
        bench.stop.cancel();
        timeout(Duration::from_millis(1), bench.task).await.unwrap().unwrap();
    }

    /// Never ends by itself.
    struct Deaf;

    impl Session for Deaf {
        async fn run(&mut self, _: Link, _: &HealthCell, _: &CancellationToken) -> SessionEnd {
            std::future::pending().await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_that_does_not_stop_is_cut_off() {
        let (near, _far) = tokio::io::duplex(8);
        let mut bench = start(vec![Some(near)], Deaf);
        bench.asked.recv().await.unwrap();
        let began = Instant::now();
        bench.stop.cancel();
        bench.task.await.unwrap();
        assert_eq!(began.elapsed(), STOP_GRACE);
    }
}
