//! Where sound goes. The trait keeps the rules of [`crate::worker`] apart from the sound card, so
//! that they are tested without one.

#[cfg(test)]
pub(crate) mod fake;
mod sound_card;

use std::time::Duration;

use kit::Fault;
use tokio_util::sync::CancellationToken;

use crate::clips::Clip;

pub(crate) use sound_card::SoundCard;

/// Silence after the last clip, so that the card has played all of it before it is closed: more
/// than the buffers of usual cards and sound servers hold.
pub const TAIL: Duration = Duration::from_millis(300);

/// What is played in one go.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// In order.
    pub(crate) clips: Vec<Clip>,
    /// Silence between two clips.
    pub(crate) gap: Duration,
    /// 0 to 1.
    pub(crate) volume: f32,
}

impl Sentence {
    /// How long it lasts, with its [`TAIL`].
    pub(crate) fn duration(&self) -> Duration {
        let clips: Duration = self.clips.iter().map(|clip| clip.duration).sum();
        let gaps = u32::try_from(self.clips.len().saturating_sub(1)).unwrap_or(u32::MAX);
        clips + self.gap.saturating_mul(gaps) + TAIL
    }
}

/// How playing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Played {
    ToItsEnd,
    Stopped,
}

/// A way to play, used by one thread. Calls block.
pub(crate) trait Output {
    /// Whether there is something to play on, by opening and closing it.
    fn probe(&mut self) -> Result<(), Fault>;

    /// Whether the machine's sound cards are other ones than at the last call. Cheap.
    fn cards_changed(&mut self) -> bool;

    /// Plays to the end, or until `stop`. Each call opens anew: a card that was away heals.
    fn play(&mut self, sentence: &Sentence, stop: &CancellationToken) -> Result<Played, Fault>;
}
