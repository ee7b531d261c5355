//! What can be said, and what became of it.

use std::time::Instant;

/// Most clips of one announcement.
pub const MOST_CLIPS: usize = 32;

/// One sentence, made of clips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// The caller's name for it, for the log. Not personal data.
    pub id: String,
    /// Clips in order, 1 to [`MOST_CLIPS`], named by their path below the clip folder without
    /// ending: `vi/moi-so`.
    pub clips: Vec<String>,
    /// It must begin before this; later it is dropped.
    pub deadline: Instant,
}

/// What became of an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was played to its end.
    Spoken,
    /// Its deadline passed before its turn came; nothing was heard.
    Expired,
    /// There was no sound card, or it went away before the end.
    NoDevice,
    /// The named clip is missing or cannot be played; nothing was heard, because a number with a
    /// part left out is another number.
    ClipUnusable(String),
    /// The speaker was stopped before the end.
    Stopped,
}

/// Why an announcement was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SayError {
    /// More are waiting than could be spoken in time.
    #[error("{device}: {length} announcements wait already; drop this one, the board shows the number")]
    QueueFull {
        /// The speaker.
        device: String,
        /// The bound that was met.
        length: usize,
    },
    /// The speaker does not run any more.
    #[error("{device}: the speaker was stopped; start it again")]
    Stopped {
        /// The speaker.
        device: String,
    },
    /// No clip, or too many.
    #[error("{device}: {count} clips in one announcement; it takes 1 to {MOST_CLIPS}")]
    Clips {
        /// The speaker.
        device: String,
        /// How many there were.
        count: usize,
    },
}
