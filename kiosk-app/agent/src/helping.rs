//! Which help is on its way out of a speaker: no clip twice at a time, and never a row of them. Plain data.

use std::collections::BTreeSet;

use speaker::Outcome;
use tokio::sync::oneshot::Receiver;
use tokio::sync::oneshot::error::TryRecvError;

/// Most help on its way: one is spoken, one waits for its end.
const MOST: usize = 2;
/// Most pages that are remembered as told.
const MOST_TOLD: usize = 64;

/// Help that one speaker has taken and not ended.
#[derive(Debug, Default)]
pub(crate) struct Helping {
    on_its_way: Vec<(String, Receiver<Outcome>)>,
    told: BTreeSet<String>,
}

impl Helping {
    /// Whether a clip may be given to the speaker now: it is not on its way, and no other waits.
    pub(crate) fn may_begin(&mut self, clip: &str) -> bool {
        self.on_its_way.retain_mut(|(_, outcome)| outcome.try_recv() == Err(TryRecvError::Empty));
        self.on_its_way.len() < MOST && self.on_its_way.iter().all(|(other, _)| other != clip)
    }

    /// The speaker took a clip.
    pub(crate) fn began(&mut self, clip: String, outcome: Receiver<Outcome>) {
        self.on_its_way.push((clip, outcome));
    }

    /// Whether the log has not been told yet that this page has no clip.
    pub(crate) fn is_news(&mut self, page: &str) -> bool {
        self.told.len() < MOST_TOLD && self.told.insert(page.to_owned())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use tokio::sync::oneshot::channel;

    use super::*;

    #[test]
    fn a_clip_on_its_way_is_not_begun_again_until_it_has_ended() {
        let mut helping = Helping::default();
        assert!(helping.may_begin("vi/help-fields"));
        let (end, outcome) = channel();
        helping.began("vi/help-fields".to_owned(), outcome);
        assert!(!helping.may_begin("vi/help-fields"), "pressed twice");
        assert!(helping.may_begin("vi/help-services"), "the next page waits for its end");
        let (end_of_next, outcome) = channel();
        helping.began("vi/help-services".to_owned(), outcome);
        assert!(!helping.may_begin("vi/help-confirm"), "no row of them");
        end.send(Outcome::Spoken).unwrap();
        assert!(helping.may_begin("vi/help-fields"));
        drop(end_of_next);
        assert!(helping.may_begin("vi/help-services"), "a speaker that stopped says nothing any more");
    }

    #[test]
    fn a_page_without_a_clip_is_told_once() {
        let mut helping = Helping::default();
        assert!(helping.is_news("staff") && !helping.is_news("staff") && helping.is_news("other"));
        for n in 0..2 * MOST_TOLD {
            helping.is_news(&format!("page-{n}"));
        }
        assert_eq!(helping.told.len(), MOST_TOLD, "bounded");
    }
}
