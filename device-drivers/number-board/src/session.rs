//! Keeps one board painted over one open link.
//!
//! Order of work: paint in full at once (a board that was away forgets or shows old numbers), then
//! whenever the desired lines change, never sooner than the pace allows, and again in a slow
//! cycle. At an orderly stop the board is blanked: a number nobody refreshes is wrong.

use std::io;
use std::time::Duration;

use kit::link::Link;
use kit::{HealthCell, Session, SessionEnd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::profile::BoardProfile;
use crate::protocol::Step;

/// How long one frame may take: the longest one needs under 6 s at 1200 baud.
pub const FRAME_LIMIT: Duration = Duration::from_secs(10);
/// Bytes read at once. A board says nothing that matters; reading shows that it hung up.
const READ_BYTES: usize = 64;

/// The session of [`crate::NumberBoard`].
pub(crate) struct BoardSession {
    profile: BoardProfile,
    desired: watch::Receiver<Vec<String>>,
}

/// What can happen between two frames.
enum Event {
    Stop,
    Due,
    Changed,
    Received(io::Result<usize>),
}

impl BoardSession {
    pub(crate) fn new(profile: BoardProfile, desired: watch::Receiver<Vec<String>>) -> Self {
        Self { profile, desired }
    }

    /// Writes what is desired now, in full.
    async fn paint_desired(&mut self, link: &mut Link) -> io::Result<()> {
        let lines = self.desired.borrow_and_update().clone();
        self.paint(link, &lines).await
    }

    async fn paint(&self, link: &mut Link, lines: &[String]) -> io::Result<()> {
        let fitting: Vec<&str> =
            lines.iter().take(self.profile.lines).map(|line| cut(line, self.profile.columns)).collect();
        let steps = self.profile.protocol.paint(&fitting);
        match timeout(FRAME_LIMIT, play(link, steps)).await {
            Ok(written) => written,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("it took no bytes for {} s", FRAME_LIMIT.as_secs()),
            )),
        }
    }

    async fn next(&mut self, link: &mut Link, stop: &CancellationToken, due: Instant) -> Event {
        let mut received = [0; READ_BYTES];
        tokio::select! {
            biased;
            () = stop.cancelled() => Event::Stop,
            () = sleep_until(due) => Event::Due,
            () = changed(&mut self.desired) => Event::Changed,
            read = link.read(&mut received) => Event::Received(read),
        }
    }
}

impl Session for BoardSession {
    async fn run(&mut self, mut link: Link, health: &HealthCell, stop: &CancellationToken) -> SessionEnd {
        let mut due = Instant::now();
        let mut rested = due;
        loop {
            match self.next(&mut link, stop, due).await {
                Event::Stop => {
                    sleep_until(rested).await;
                    // The link closes in any case: a blank that fails changes nothing.
                    if let Err(error) = self.paint(&mut link, &[]).await {
                        tracing::debug!(%error, "the board was not blanked at the stop");
                    }
                    return SessionEnd::Stopped;
                }
                Event::Due => {
                    if let Err(error) = self.paint_desired(&mut link).await {
                        return SessionEnd::Disconnected(error.to_string());
                    }
                    health.ready();
                    rested = Instant::now() + self.profile.pace;
                    due = Instant::now() + self.profile.repaint.max(self.profile.pace);
                }
                Event::Changed => due = due.min(rested),
                Event::Received(Ok(count)) => tracing::trace!(count, "the board said something"),
                Event::Received(Err(error)) => return SessionEnd::Disconnected(error.to_string()),
            }
        }
    }
}

/// The next change of the desired lines; never, once nobody can change them any more.
async fn changed(desired: &mut watch::Receiver<Vec<String>>) {
    if desired.changed().await.is_err() {
        std::future::pending().await
    }
}

/// Plays the steps; a pause begins when the bytes before it have left.
async fn play(link: &mut Link, steps: Vec<Step>) -> io::Result<()> {
    for step in steps {
        match step {
            Step::Write(bytes) => link.write_all(&bytes).await?,
            Step::Pause(rest) => {
                link.flush().await?;
                sleep(rest).await;
            }
        }
    }
    link.flush().await
}

/// The first `columns` characters.
fn cut(line: &str, columns: usize) -> &str {
    line.char_indices().nth(columns).map_or(line, |(end, _)| &line[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_by_characters_and_not_by_bytes() {
        assert_eq!(cut("Quầy 12", 4), "Quầy");
        assert_eq!(cut("A1", 4), "A1");
        assert_eq!(cut("", 4), "");
    }
}
