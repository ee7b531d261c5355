//! What this agent's speakers say: calls, and help at the kiosks where they stand. Both are moments: too late means never.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use kit::{Health, LifeCycle};
use protocol::work::{Announcement, Help};
use speaker::{Speaker, SpeakerConfig};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::AgentError;
use crate::helping::Helping;
use crate::voice::Voice;

/// Help must begin within this time: a citizen who hears nothing reads or asks, and is gone when a call has ended.
const HELP_PATIENCE: Duration = Duration::from_secs(3);

/// A speaker and what it speaks.
pub(crate) struct Announcer {
    name: String,
    /// Kiosk whose help it speaks.
    kiosk: Option<String>,
    /// Whether it speaks calls.
    calls: bool,
    driver: Speaker,
    health: watch::Receiver<Health>,
    voice: Voice,
    helping: Helping,
}

impl Announcer {
    /// Starts the speaker. One without a sound card is no error.
    pub(crate) fn start(
        name: String,
        kiosk: Option<String>,
        calls: bool,
        clips: PathBuf,
        volume: f32,
        stop: CancellationToken,
    ) -> Result<Self, AgentError> {
        let voice = Voice::read(&clips).map_err(|cause| AgentError::Voice { device: name.clone(), cause })?;
        let mut config = SpeakerConfig::new(clips);
        config.volume = volume;
        let driver = Speaker::start(name.clone(), config, stop)?;
        let health = driver.watch_health();
        Ok(Self { name, kiosk, calls, driver, health, voice, helping: Helping::default() })
    }

    pub(crate) fn watch_health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Waits until it is silent.
    pub(crate) async fn stopped(self) {
        self.driver.stopped().await;
    }

    fn call(&self, call: &Announcement, deadline: Instant) {
        let speaker = self.name.as_str();
        let sentences = match self.voice.sentences(&call.number, call.counter, &call.language) {
            Ok(sentences) => sentences,
            Err(error) => {
                tracing::warn!(speaker, %error, "a call is not spoken");
                return;
            }
        };
        for clips in sentences {
            let id = format!("{}-{}", call.sequence, call.number);
            // How it ended stands in the speaker's health and counts.
            if let Err(error) = self.driver.say(speaker::Announcement { id, clips, deadline }) {
                tracing::warn!(speaker, %error, "a call is not spoken");
            }
        }
    }

    fn help(&mut self, help: &Help, now: Instant) {
        let speaker = self.name.as_str();
        let Some(clip) = self.voice.help(&help.page, &help.language) else {
            if self.helping.is_news(&help.page) {
                tracing::warn!(speaker, page = help.page, "the voice has no help for this page; nothing is said");
            }
            return;
        };
        if !self.helping.may_begin(&clip) {
            tracing::debug!(speaker, clip, "this help is on its way already");
            return;
        }
        let (id, clips) = (format!("help-{}", help.page), vec![clip.clone()]);
        match self.driver.say(speaker::Announcement { id, clips, deadline: now + HELP_PATIENCE }) {
            Ok(outcome) => self.helping.began(clip, outcome),
            Err(error) => tracing::warn!(speaker, %error, "help is not spoken"),
        }
    }
}

/// Speaks a call on every speaker for calls, unless it is too late by the hub's own clock.
pub(crate) fn announce(announcers: &[Announcer], call: &Announcement) {
    let Some(deadline) = deadline(call, Instant::now()) else {
        tracing::debug!(number = call.number, "a call came too late to be spoken");
        return;
    };
    announcers.iter().filter(|announcer| announcer.calls).for_each(|announcer| announcer.call(call, deadline));
}

/// Speaks help on one speaker of the kiosk that is ready; another agent's kiosk is not ours to speak at.
pub(crate) fn help(announcers: &mut [Announcer], help: &Help) {
    let places = announcers
        .iter()
        .map(|a| (a.kiosk.as_deref(), a.health.borrow().life_cycle == LifeCycle::Ready))
        .collect::<Vec<_>>();
    if let Some(announcer) = speaker_at(&places, &help.kiosk).and_then(|place| announcers.get_mut(place)) {
        announcer.help(help, Instant::now());
    }
}

/// Place of the first ready speaker at a kiosk, among the kiosks of all speakers and whether each is ready.
fn speaker_at(speakers: &[(Option<&str>, bool)], kiosk: &str) -> Option<usize> {
    speakers.iter().position(|(at, ready)| *at == Some(kiosk) && *ready)
}

/// When a call must have begun, on this machine's clock. Only the difference of two times of the hub's clock counts, so
/// the clocks of two machines need not agree.
fn deadline(call: &Announcement, now: Instant) -> Option<Instant> {
    let left = Duration::try_from(call.expires_at.duration_since(call.now)).ok()?;
    (!left.is_zero()).then(|| now + left)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    #[test]
    fn help_comes_from_the_first_ready_speaker_of_the_kiosk() {
        let (hall, first, second) = ((None, true), (Some("kiosk-1"), true), (Some("kiosk-2"), true));
        assert_eq!(speaker_at(&[hall, first, second, second], "kiosk-2"), Some(2));
        assert_eq!(speaker_at(&[(Some("kiosk-1"), false), first], "kiosk-1"), Some(1));
        assert_eq!(speaker_at(&[hall, second], "kiosk-1"), None, "the hall's own speaker does not speak it");
        assert_eq!(speaker_at(&[(Some("kiosk-1"), false)], "kiosk-1"), None);
    }

    #[test]
    fn a_deadline_counts_by_the_hubs_clock_alone() {
        let hub_now = Timestamp::UNIX_EPOCH;
        let call = |left: i64| Announcement {
            sequence: 1,
            number: "A001".to_owned(),
            counter: 1,
            language: "vi".to_owned(),
            at: hub_now,
            now: hub_now,
            expires_at: hub_now + SignedDuration::from_secs(left),
        };
        let now = Instant::now();
        assert_eq!(deadline(&call(20), now), Some(now + Duration::from_secs(20)));
        assert_eq!(deadline(&call(0), now), None);
        assert_eq!(deadline(&call(-5), now), None);
    }
}
