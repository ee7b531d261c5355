//! What must hold in every hall, whatever happens.

use std::fmt;

/// A property of the hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// One ticket is never at two counters.
    OneCounter,
    /// No number is given twice a day.
    NumberOnce,
    /// What was acknowledged stays in the log.
    NothingLost,
    /// A request id acts at most once, and gets the same answer for ever.
    ActsOnce,
    /// No normal ticket is passed over more often, or for longer, than the hall allows.
    BoundKept,
    /// Every ticket is finished, cancelled or expired when its day is over, and none expires sooner than it may.
    EveryTicketEnds,
    /// The hub's state is the fold of its log.
    StateIsFold,
    /// Estimates, counts and the order of calls are those of a brute-force oracle.
    OracleAgrees,
    /// Each event is possible after the ones before it, and without a press only what the clock brings about happens.
    EventsFollow,
    /// On a good disk the hub opens its log and answers; it never panics.
    HubAnswers,
}

impl Property {
    /// Every property.
    pub const ALL: [Self; 10] = [
        Self::OneCounter,
        Self::NumberOnce,
        Self::NothingLost,
        Self::ActsOnce,
        Self::BoundKept,
        Self::EveryTicketEnds,
        Self::StateIsFold,
        Self::OracleAgrees,
        Self::EventsFollow,
        Self::HubAnswers,
    ];

    /// A violation of it.
    pub(super) fn violated(self, detail: impl Into<String>) -> Violation {
        Violation { property: self, detail: detail.into() }
    }

    /// Fails with that detail unless it holds.
    pub(super) fn holds(self, holds: bool, detail: impl FnOnce() -> String) -> Result<(), Violation> {
        if holds { Ok(()) } else { Err(self.violated(detail())) }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneCounter => "no ticket with two counters at once",
            Self::NumberOnce => "no number twice a day in a series",
            Self::NothingLost => "nothing acknowledged is ever lost",
            Self::ActsOnce => "the same request id never acts twice",
            Self::BoundKept => "starvation bound kept",
            Self::EveryTicketEnds => "every ticket ends",
            Self::StateIsFold => "state = fold of the log",
            Self::OracleAgrees => "estimates and counts agree with a brute-force oracle",
            Self::EventsFollow => "events follow from each other",
            Self::HubAnswers => "the hub answers",
        })
    }
}

/// A property that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{property}: {detail}")]
pub struct Violation {
    /// Which.
    pub property: Property,
    /// What was seen instead.
    pub detail: String,
}
