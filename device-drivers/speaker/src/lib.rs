//! Voice announcements from clips, one at a time and in order.
//!
//! An announcement is a *moment*: one whose deadline has passed is dropped, never spoken late. This
//! crate knows clips and deadlines, never tickets; which clips make a sentence is the caller's
//! business. Without a sound card everything else goes on and health says what to do.

mod announcement;
mod clips;
mod config;
mod output;
mod speaker;
mod worker;

pub use announcement::{Announcement, MOST_CLIPS, Outcome, SayError};
pub use clips::{ClipError, LONGEST_CLIP};
pub use config::{ConfigError, DEFAULT_GAP_MS, LONGEST_GAP_MS, SpeakerConfig};
pub use output::TAIL;
pub use speaker::{Counts, QUEUE_LENGTH, Speaker, StartError};
