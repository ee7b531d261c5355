//! What a board's wire carries, without the wire: lines of text become steps, and a session plays
//! them. Each protocol is a folder here; a profile chooses one.

pub mod alpha;

use std::time::Duration;

/// One thing to do on the wire, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Write these bytes.
    Write(Vec<u8>),
    /// Wait until they are out, then this long.
    Pause(Duration),
}

/// A wire protocol with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protocol {
    /// BetaBrite, Adaptive and others of the Alpha family.
    Alpha(alpha::Settings),
}

impl Protocol {
    /// The steps that put these lines on the board, replacing all that it showed. The lines must
    /// fit already.
    pub fn paint(&self, lines: &[&str]) -> Vec<Step> {
        match self {
            Self::Alpha(settings) => settings.paint(lines),
        }
    }
}
