//! The handle that an application holds of one speaker, and its thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, TrySendError};
use std::time::{Duration, Instant};

use kit::{Health, HealthCell};
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::announcement::{Announcement, MOST_CLIPS, Outcome, SayError};
use crate::config::{ConfigError, SpeakerConfig};
use crate::output::{Output, SoundCard};
use crate::worker::Worker;

/// Announcements that may wait; at some six seconds each the last would wait three minutes.
pub const QUEUE_LENGTH: usize = 32;
/// How often the thread looks whether it shall stop.
const STOP_LOOK: Duration = Duration::from_millis(100);

/// One speaker, speaking in the background until its token is cancelled.
#[derive(Debug)]
pub struct Speaker {
    name: String,
    jobs: mpsc::SyncSender<Job>,
    health: HealthCell,
    counters: Arc<Counters>,
    ended: oneshot::Receiver<()>,
}

/// A speaker that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is out of range.
    #[error("{device}: {cause}")]
    Config {
        /// The speaker.
        device: String,
        /// Which, and what would be right.
        cause: ConfigError,
    },
    /// The system gave no thread.
    #[error("{device}: no thread could be started ({cause}); close other programs and start again")]
    Thread {
        /// The speaker.
        device: String,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// How many announcements ended how, since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Played to the end.
    pub spoken: u64,
    /// Dropped because they were too late.
    pub expired: u64,
    /// Not played for want of a sound card or a clip.
    pub failed: u64,
    /// Not taken because the queue was full.
    pub refused: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    spoken: AtomicU64,
    expired: AtomicU64,
    failed: AtomicU64,
    refused: AtomicU64,
}

impl Counters {
    pub(crate) fn count(&self, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Spoken => &self.spoken,
            Outcome::Expired => &self.expired,
            Outcome::NoDevice | Outcome::ClipUnusable(_) => &self.failed,
            Outcome::Stopped => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counts {
        Counts {
            spoken: self.spoken.load(Ordering::Relaxed),
            expired: self.expired.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }
}

struct Job {
    announcement: Announcement,
    answer: oneshot::Sender<Outcome>,
}

impl Speaker {
    /// Starts a speaker on the machine's default sound card. A missing card or clip folder is not
    /// an error: health says so, and both are looked for again.
    ///
    /// # Errors
    /// [`StartError`] for a setting out of range, or when the system gives no thread.
    pub fn start(name: impl Into<String>, config: SpeakerConfig, stop: CancellationToken) -> Result<Self, StartError> {
        Self::start_on(SoundCard::new(), name.into(), &config, stop)
    }

    fn start_on(
        output: impl Output + Send + 'static,
        name: String,
        config: &SpeakerConfig,
        stop: CancellationToken,
    ) -> Result<Self, StartError> {
        config.check().map_err(|cause| StartError::Config { device: name.clone(), cause })?;
        let health = HealthCell::new(name.clone());
        let counters = Arc::new(Counters::default());
        let (jobs, waiting) = mpsc::sync_channel(QUEUE_LENGTH);
        let (end, ended) = oneshot::channel();
        let worker = Worker::new(output, config, health.clone(), Arc::clone(&counters), stop.clone());
        let body = move || {
            run(worker, &waiting, &stop);
            // The other side learns of the end by this.
            drop(end);
        };
        std::thread::Builder::new()
            .name(name.clone())
            .spawn(body)
            .map_err(|cause| StartError::Thread { device: name.clone(), cause })?;
        Ok(Self { name, jobs, health, counters, ended })
    }

    /// Puts an announcement at the end of the queue. Never waits. The receiver answers when it was
    /// spoken or why it was not; it may be dropped. An error on it means that the speaker stopped.
    ///
    /// # Errors
    /// [`SayError`] when the queue is full, the speaker stopped, or the clips are none or too many.
    pub fn say(&self, announcement: Announcement) -> Result<oneshot::Receiver<Outcome>, SayError> {
        let count = announcement.clips.len();
        if !(1..=MOST_CLIPS).contains(&count) {
            return Err(SayError::Clips { device: self.name.clone(), count });
        }
        let (answer, outcome) = oneshot::channel();
        let job = Job { announcement, answer };
        match self.jobs.try_send(job) {
            Ok(()) => Ok(outcome),
            Err(TrySendError::Full(_)) => {
                self.counters.refused.fetch_add(1, Ordering::Relaxed);
                Err(SayError::QueueFull { device: self.name.clone(), length: QUEUE_LENGTH })
            }
            Err(TrySendError::Disconnected(_)) => Err(SayError::Stopped { device: self.name.clone() }),
        }
    }

    /// The speaker's health now.
    pub fn health(&self) -> Health {
        self.health.current()
    }

    /// Health now and later.
    pub fn watch_health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// How the announcements so far ended.
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    /// Waits until the thread ended, after the token was cancelled. It breaks off what it says.
    pub async fn stopped(self) {
        // The thread never sends; its end closes the channel.
        let _ = self.ended.await;
    }
}

/// Works until stopped or until nobody can give work any more.
fn run(mut worker: Worker<impl Output>, waiting: &mpsc::Receiver<Job>, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        worker.look(Instant::now());
        match waiting.recv_timeout(STOP_LOOK) {
            Ok(job) => {
                let outcome = worker.announce(&job.announcement, Instant::now());
                // Whoever asked may not care any more.
                let _ = job.answer.send(outcome);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
#[path = "speaker_tests.rs"]
mod tests;
