//! Faults planted between the hub and the judge, one for each thing that the judge must see. The product's rules stay
//! as they are: a fault changes what is written, what is asked or what is promised, on the way.

use hub::log::Commit;
use queue::{Event, Hall, NormalBound, PriorityPolicy, TicketId, WaitRange};

use super::judge::Rules;
use super::log::SimulatedLog;
use super::property::Property;

/// Makes a repeated request id a new one, and is taken out of it again.
const AGAIN: &str = "-again-";

/// A planted fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A ticket that is at a counter is called to another one.
    TwoCounters,
    /// The third number of a series is the first once more.
    NumberTwice,
    /// The disk confirms an append that a power cut takes away.
    LosesAcknowledged,
    /// A repeated request is done again.
    ActsAgain,
    /// Normal tickets are passed over without end.
    NoBoundInTickets,
    /// Normal tickets wait without end.
    NoBoundInMinutes,
    /// The day ends, and its tickets do not.
    NeverExpires,
    /// The hall closes, and who still waits goes on waiting.
    WaitsAfterClosing,
    /// The hub starts from a snapshot that is not what happened.
    SpoiltSnapshot,
    /// Citizens are told one person too many.
    WrongPeopleAhead,
    /// Citizens are told a wait that is too long.
    WrongWait,
    /// The hall goes by another priority policy than it has.
    WrongOrder,
    /// A ticket that is over is cancelled.
    ImpossibleEvent,
    /// Presses are not answered although the disk is good.
    Unavailable,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 14] = [
        Self::TwoCounters,
        Self::NumberTwice,
        Self::LosesAcknowledged,
        Self::ActsAgain,
        Self::NoBoundInTickets,
        Self::NoBoundInMinutes,
        Self::NeverExpires,
        Self::WaitsAfterClosing,
        Self::SpoiltSnapshot,
        Self::WrongPeopleAhead,
        Self::WrongWait,
        Self::WrongOrder,
        Self::ImpossibleEvent,
        Self::Unavailable,
    ];

    /// The property that does not hold with it.
    #[must_use]
    pub fn breaks(self) -> Property {
        match self {
            Self::TwoCounters => Property::OneCounter,
            Self::NumberTwice => Property::NumberOnce,
            Self::LosesAcknowledged => Property::NothingLost,
            Self::ActsAgain => Property::ActsOnce,
            Self::NoBoundInTickets | Self::NoBoundInMinutes => Property::BoundKept,
            Self::NeverExpires | Self::WaitsAfterClosing => Property::EveryTicketEnds,
            Self::SpoiltSnapshot => Property::StateIsFold,
            Self::WrongPeopleAhead | Self::WrongWait | Self::WrongOrder => Property::OracleAgrees,
            Self::ImpossibleEvent => Property::EventsFollow,
            Self::Unavailable => Property::HubAnswers,
        }
    }

    /// The hall that the hub runs, where it is not the one that was defined.
    pub(super) fn hall(self, hall: &Hall) -> Option<Hall> {
        let mut parts = hall.parts().clone();
        let (policy, never) = (&mut parts.policy, Some(1_000_000));
        match self {
            Self::NoBoundInTickets => policy.normal_bound.tickets = never,
            Self::NoBoundInMinutes => policy.normal_bound.minutes = never,
            Self::WaitsAfterClosing => policy.expire_after_closing_minutes = None,
            Self::WrongOrder => {
                policy.priority = match policy.priority {
                    PriorityPolicy::Strict => PriorityPolicy::OneIn(2),
                    _ => PriorityPolicy::Strict,
                };
            }
            _ => return None,
        }
        Hall::new(parts).ok()
    }

    /// What is promised while the hub runs `run` instead of `defined`. The order of calls is judged by what the hub
    /// runs, so that a missing bound is not seen as a wrong order first.
    pub(super) fn rules<'a>(fault: Option<Self>, defined: &'a Hall, run: &'a Hall) -> Rules<'a> {
        let promised: NormalBound = defined.policy().normal_bound;
        let skipped = matches!(fault, Some(Self::NoBoundInTickets | Self::NoBoundInMinutes));
        Rules { hall: if skipped { run } else { defined }, promised }
    }

    /// Changes a commit before the judge reads it. `at_counters` are the tickets that are at a counter before it, `over`
    /// those that have ended.
    pub(super) fn change(self, commit: &mut Commit, at_counters: &[TicketId], over: &[TicketId]) {
        if self == Self::ActsAgain
            && let Some(answered) = &mut commit.answered
        {
            answered.request_id = answered.request_id.replace(AGAIN, "");
        }
        let day_ends = commit.events.iter().any(|recorded| matches!(recorded.event, Event::DayOpened { .. }));
        for recorded in &mut commit.events {
            match (self, &mut recorded.event) {
                (Self::TwoCounters, Event::TicketCalled { ticket, .. }) => {
                    *ticket = at_counters.first().copied().unwrap_or(*ticket);
                }
                (Self::NumberTwice, Event::TicketIssued { ticket, .. }) if ticket.number.value == 3 => {
                    ticket.number.value = 1;
                }
                (Self::WrongPeopleAhead, Event::TicketIssued { people_ahead, .. }) if *people_ahead > 0 => {
                    *people_ahead += 1;
                }
                (Self::WrongWait, Event::TicketIssued { wait: WaitRange { high, .. }, .. }) if *high > 5 => {
                    *high += 5;
                }
                (Self::NeverExpires, event @ Event::TicketExpired { .. }) if day_ends => {
                    // Something else stands in its place, since the log has no gaps.
                    *event = Event::ClockJumped { expected: recorded.at, shown: recorded.at };
                }
                (Self::ImpossibleEvent, Event::TicketCancelled { ticket, .. }) => {
                    *ticket = over.first().copied().unwrap_or(*ticket);
                }
                _ => {}
            }
        }
    }

    /// The request id under which a press reaches the hub. `acted` says whether it did something before.
    pub(super) fn request_id(self, id: String, acted: bool, presses: u64) -> String {
        if self == Self::ActsAgain && acted { format!("{id}{AGAIN}{presses}") } else { id }
    }

    /// What a power cut does to the disk besides.
    pub(super) fn cut(self, log: &SimulatedLog) {
        if self == Self::LosesAcknowledged {
            log.lose_last_answer();
        }
    }

    /// What a stop of the hub does to the disk besides.
    pub(super) fn stop(self, log: &SimulatedLog) {
        if self == Self::SpoiltSnapshot {
            log.spoil_snapshot(|body| body.replacen("\"waited_seconds\":", "\"waited_seconds\":1", 1));
        }
    }
}
