//! The handle that an application holds of one board.

use kit::supervise::Opener;
use kit::{Health, HealthCell};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::profile::BoardProfile;
use crate::session::BoardSession;

/// One board, painted in the background until its token is cancelled.
#[derive(Debug)]
pub struct NumberBoard {
    desired: watch::Sender<Vec<String>>,
    health: HealthCell,
    task: JoinHandle<()>,
}

impl NumberBoard {
    /// Opens the board by `opener` (a [`kit::LinkConfig`]) and keeps it painted. Until the first
    /// [`NumberBoard::show`] the board is blank: what it showed yesterday is not true today.
    ///
    /// Must be called within a tokio runtime.
    pub fn start(
        name: impl Into<String>,
        opener: impl Opener + 'static,
        profile: BoardProfile,
        stop: CancellationToken,
    ) -> Self {
        let health = HealthCell::new(name);
        let (desired, seen) = watch::channel(Vec::new());
        let session = BoardSession::new(profile, seen);
        let task = tokio::spawn(kit::supervise(opener, session, health.clone(), stop));
        Self { desired, health, task }
    }

    /// Sets what the board shall show, top line first. Never waits: the newest wins, and a text
    /// that was not painted yet is forgotten. Lines and characters that do not fit are cut off.
    pub fn show(&self, lines: Vec<String>) {
        self.desired.send_if_modified(|desired| {
            let changed = *desired != lines;
            *desired = lines;
            changed
        });
    }

    /// The board's health now. *Ready* means: the link is open and took the last frame. Nobody
    /// but a person can tell whether the board shows it.
    pub fn health(&self) -> Health {
        self.health.current()
    }

    /// Health now and later.
    pub fn watch_health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// Waits until the board was blanked and closed, after the token was cancelled.
    pub async fn stopped(self) {
        if let Err(error) = self.task.await {
            let device = self.health.current().device;
            tracing::error!(device, %error, "the board's task ended badly");
        }
    }
}
