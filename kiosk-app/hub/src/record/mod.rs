//! Events as they stand in the log, version 1: JSON with a `v` and a `type`.
//!
//! Frozen by `tests/frozen/log_v1.jsonl`: a log written once is read for ever. A change of shape is a version 2 beside
//! this one, never an edit.

mod restore;
mod store;
mod stored;

use queue::Event;
use serde::Deserialize;

pub(crate) use restore::line_of;
pub(crate) use store::line_text;
use stored::Stored;

/// Version that is written.
const VERSION: u8 = 1;

/// A body that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not the JSON of an event.
    #[error("not an event of version {VERSION}: {0}")]
    Shape(#[from] serde_json::Error),
    /// Written by a newer program.
    #[error("event version {0} is newer than this program; install the version that wrote it")]
    Newer(u8),
    /// An id that is none.
    #[error("{0}")]
    Id(String),
}

/// An event as the log holds it.
///
/// # Errors
/// Never for events of the rules; the JSON writer's own fault otherwise.
pub fn encode(event: &Event) -> Result<String, RecordError> {
    Ok(serde_json::to_string(&Stored { v: VERSION, event: store::store(event) })?)
}

/// The event that a log body holds.
///
/// # Errors
/// When the body is damaged or newer than this program.
pub fn decode(body: &str) -> Result<Event, RecordError> {
    #[derive(Deserialize)]
    struct Version {
        v: u8,
    }
    let version: Version = serde_json::from_str(body)?;
    if version.v != VERSION {
        return Err(RecordError::Newer(version.v));
    }
    let stored: Stored = serde_json::from_str(body)?;
    restore::restore(stored.event)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line for each kind of event, written by version 1. Never edited.
    const FROZEN: &str = include_str!("../../tests/frozen/log_v1.jsonl");
    /// Kinds and fields that came later, in the same version: they are left out where they say nothing.
    const FROZEN_LATER: &str = include_str!("../../tests/frozen/log_v1_whole_life.jsonl");
    /// What the finished screens brought.
    const FROZEN_SCREENS: &str = include_str!("../../tests/frozen/log_v1_screens.jsonl");

    /// Rolls, and papers for staff.
    const FROZEN_PAPER: &str = include_str!("../../tests/frozen/log_v1_paper.jsonl");

    #[test]
    fn the_frozen_log_reads_and_writes_the_same_bytes() {
        let mut kinds = std::collections::BTreeSet::new();
        for line in FROZEN.lines().chain(FROZEN_LATER.lines()).chain(FROZEN_SCREENS.lines()).chain(FROZEN_PAPER.lines())
        {
            let event = decode(line).expect(line);
            assert_eq!(encode(&event).expect("encodes"), line);
            kinds.insert(std::mem::discriminant(&event).to_owned().to_string_key());
        }
        assert_eq!(kinds.len(), 38, "a sample of every kind");
    }

    trait Key {
        fn to_string_key(&self) -> String;
    }
    impl Key for std::mem::Discriminant<Event> {
        fn to_string_key(&self) -> String {
            format!("{self:?}")
        }
    }

    #[test]
    fn a_newer_or_damaged_body_is_an_error_that_says_so() {
        let newer = decode(r#"{"v":2,"type":"ticket_cancelled","ticket":"20261122-A001"}"#);
        assert!(matches!(newer, Err(RecordError::Newer(2))), "{newer:?}");
        let damaged = decode(r#"{"v":1,"type":"ticket_cancelled","ticket":"2026"}"#);
        assert!(matches!(damaged, Err(RecordError::Id(_))), "{damaged:?}");
        assert!(matches!(decode("{\"v\":1,\"ty"), Err(RecordError::Shape(_))));
    }
}
