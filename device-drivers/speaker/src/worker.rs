//! The rules of a speaker: one announcement at a time, in order, none when too late, and health
//! that says what is wrong. Runs on a thread of its own, since sound cards block. Time is passed in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::{Fault, HealthCell};
use tokio_util::sync::CancellationToken;

use crate::announcement::{Announcement, Outcome};
use crate::clips::Library;
use crate::config::SpeakerConfig;
use crate::output::{Output, Played, Sentence};
use crate::speaker::Counters;

/// How often an idle speaker looks for a card that is missing or changed.
pub(crate) const LOOK: Duration = Duration::from_secs(5);

/// The state of one speaker.
pub(crate) struct Worker<O> {
    output: O,
    library: Library,
    gap: Duration,
    volume: f32,
    health: HealthCell,
    counters: Arc<Counters>,
    stop: CancellationToken,
    /// Why there is no sound card; `None` while there is one.
    no_card: Option<Fault>,
    had_card: bool,
    next_look: Option<Instant>,
}

impl<O: Output> Worker<O> {
    pub(crate) fn new(
        output: O,
        config: &SpeakerConfig,
        health: HealthCell,
        counters: Arc<Counters>,
        stop: CancellationToken,
    ) -> Self {
        Self {
            output,
            library: Library::new(config.clips.clone()),
            gap: config.gap(),
            volume: config.volume,
            health,
            counters,
            stop,
            no_card: None,
            had_card: false,
            next_look: None,
        }
    }

    /// Looks for the card and the clips when it is time to. The first call always does.
    pub(crate) fn look(&mut self, now: Instant) {
        if self.next_look.is_some_and(|next| now < next) {
            return;
        }
        let first = self.next_look.is_none();
        self.next_look = Some(now + LOOK);
        // A card that is there is not opened only to see it: some crack when they are.
        if first || self.no_card.is_some() || self.output.cards_changed() {
            let probed = self.output.probe();
            self.card(probed.err());
        }
        self.report();
    }

    /// Speaks one announcement, or says why not.
    pub(crate) fn announce(&mut self, announcement: &Announcement, now: Instant) -> Outcome {
        let outcome = self.attempt(announcement, now);
        self.counters.count(&outcome);
        let (device, id) = (self.health.current().device, &announcement.id);
        match &outcome {
            Outcome::Spoken | Outcome::Stopped => {
                tracing::debug!(device, id, ?outcome, "announcement");
            }
            Outcome::Expired => {
                let late = now.saturating_duration_since(announcement.deadline);
                tracing::warn!(device, id, ?late, "announcement dropped: too late");
            }
            Outcome::NoDevice | Outcome::ClipUnusable(_) => {
                tracing::warn!(device, id, ?outcome, "announcement not spoken");
            }
        }
        outcome
    }

    fn attempt(&mut self, announcement: &Announcement, now: Instant) -> Outcome {
        if self.stop.is_cancelled() {
            return Outcome::Stopped;
        }
        if now > announcement.deadline {
            return Outcome::Expired;
        }
        let mut clips = Vec::with_capacity(announcement.clips.len());
        for name in &announcement.clips {
            match self.library.get(name) {
                Ok(clip) => clips.push(clip),
                Err(_) => {
                    self.report();
                    return Outcome::ClipUnusable(name.clone());
                }
            }
        }
        let sentence = Sentence { clips, gap: self.gap, volume: self.volume };
        let played = self.output.play(&sentence, &self.stop);
        let outcome = match &played {
            Ok(Played::ToItsEnd) => Outcome::Spoken,
            Ok(Played::Stopped) => Outcome::Stopped,
            Err(_) => Outcome::NoDevice,
        };
        self.card(played.err());
        self.report();
        outcome
    }

    fn card(&mut self, no_card: Option<Fault>) {
        self.had_card |= no_card.is_none();
        self.no_card = no_card;
    }

    fn report(&mut self) {
        match (&self.no_card, self.library.fault()) {
            (Some(fault), _) if self.had_card => self.health.lost(fault.clone()),
            (Some(fault), _) => self.health.absent(fault.clone()),
            (None, Some(fault)) => self.health.degraded(fault),
            (None, None) => self.health.ready(),
        }
    }
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
