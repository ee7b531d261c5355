//! Why a ticket was called when it was, or is not called yet: the facts, from the events of its day alone.
//!
//! It folds the events as the hub did, so it tells what the hall knew and did, not what it should have done. It knows
//! no definition of the hall, which may have changed since: which counters could have called a ticket is taken from
//! what they called. The words are its caller's.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::event::{CallRule, Event, Recorded};
use crate::ids::{CounterNumber, OfficerId, ServiceId, TicketId};
use crate::state::{CounterState, HallState};
use crate::ticket::{Ticket, TicketPhase};

/// What the events say about one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The ticket as the last event left it.
    pub ticket: Ticket,
    /// Everything that happened to it, its issue first.
    pub history: Vec<Recorded>,
    /// Its times in the queue, in order.
    pub waits: Vec<Wait>,
    /// Why it is not called yet; none when it does not wait.
    pub standing: Option<Standing>,
    /// When the last event was.
    pub as_of: Timestamp,
}

/// A time in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Since when.
    pub from: Timestamp,
    /// Until when; none while it lasts.
    pub until: Option<Timestamp>,
    /// What for.
    pub service: ServiceId,
    /// The only counter that could call it, after a transfer to one.
    pub only_counter: Option<CounterNumber>,
    /// Counters that could call it: that only one, else those that called its service on this day.
    pub counters: Vec<CounterNumber>,
    /// What these counters called meanwhile, and every call that the hall counted as passing it over.
    pub calls: Vec<OtherCall>,
}

/// The call of another ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCall {
    /// When.
    pub at: Timestamp,
    /// The other ticket, as it stood before the call.
    pub ticket: Ticket,
    /// Where to.
    pub counter: CounterNumber,
    /// By whom.
    pub officer: OfficerId,
    /// Why that one; none where the log does not say it.
    pub rule: Option<CallRule>,
    /// Whether it was taken after the explained one.
    pub is_later: bool,
    /// Whether the hall counted it against its bound for normal tickets.
    pub is_counted: bool,
}

/// Where a waiting ticket stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Tickets that stand before it in its own line.
    pub before: usize,
    /// The counters of its wait, as the last event left them.
    pub counters: Vec<(CounterNumber, CounterState)>,
}

/// Explains a ticket from the events of its day, which begin with [`Event::DayOpened`]; the events of other days may
/// stand around them. None when they do not hold it.
#[must_use]
pub fn explain<'e>(events: impl IntoIterator<Item = &'e Recorded>, ticket: &TicketId) -> Option<Explanation> {
    let mut story = Story { id: *ticket, state: HallState::default(), history: Vec::new(), waits: Vec::new() };
    let mut callers: BTreeMap<ServiceId, BTreeSet<CounterNumber>> = BTreeMap::new();
    for recorded in events {
        match &recorded.event {
            Event::DayOpened { .. } if !story.history.is_empty() => break,
            Event::DayOpened { .. } => callers.clear(),
            Event::TicketCalled { ticket, counter, .. } => {
                if let Some(called) = story.state.ticket(ticket) {
                    callers.entry(called.service.clone()).or_default().insert(*counter);
                }
                story.note_other_call(recorded);
            }
            _ => {}
        }
        if recorded.event.ticket() == Some(*ticket) {
            story.history.push(recorded.clone());
        }
        story.state.apply(recorded);
        story.follow(recorded.at);
    }
    story.end(&callers)
}

/// The fold so far.
struct Story {
    id: TicketId,
    state: HallState,
    history: Vec<Recorded>,
    waits: Vec<Wait>,
}

impl Story {
    /// Writes down the call of another ticket while ours waits, by whatever counter.
    fn note_other_call(&mut self, recorded: &Recorded) {
        let Event::TicketCalled { ticket, counter, officer, rule, passed_over } = &recorded.event else { return };
        if *ticket == self.id {
            return;
        }
        let Some(wait) = self.waits.last_mut().filter(|wait| wait.until.is_none()) else { return };
        let (Some(own), Some(other)) = (self.state.ticket(&self.id), self.state.ticket(ticket)) else { return };
        let is_later = self.state.place(ticket) > self.state.place(&self.id);
        wait.calls.push(OtherCall {
            at: recorded.at,
            ticket: other.clone(),
            counter: *counter,
            officer: officer.clone(),
            rule: rule.clone(),
            is_later,
            is_counted: is_later && !own.is_urgent() && passed_over.contains(&own.line()),
        });
    }

    /// Begins and ends times in the queue, as the state has it after an event.
    fn follow(&mut self, at: Timestamp) {
        let waiting = self.state.ticket(&self.id).filter(|ticket| ticket.phase == TicketPhase::Waiting);
        if let Some(wait) = self.waits.last_mut().filter(|wait| wait.until.is_none()) {
            if waiting.is_some_and(|t| t.service == wait.service && t.only_counter == wait.only_counter) {
                return;
            }
            wait.until = Some(at);
        }
        self.waits.extend(waiting.map(|ticket| Wait {
            from: at,
            until: None,
            service: ticket.service.clone(),
            only_counter: ticket.only_counter,
            counters: Vec::new(),
            calls: Vec::new(),
        }));
    }

    /// The whole, now that it is known who called what.
    fn end(mut self, callers: &BTreeMap<ServiceId, BTreeSet<CounterNumber>>) -> Option<Explanation> {
        let ticket = self.state.ticket(&self.id)?.clone();
        let as_of = self.state.clock()?;
        for wait in &mut self.waits {
            wait.counters = match wait.only_counter {
                Some(counter) => vec![counter],
                None => callers.get(&wait.service).into_iter().flatten().copied().collect(),
            };
            wait.calls.retain(|call| call.is_counted || wait.counters.contains(&call.counter));
        }
        let standing = self.waits.last().filter(|wait| wait.until.is_none()).map(|wait| Standing {
            before: self.before(&ticket, as_of),
            counters: wait.counters.iter().map(|n| (*n, self.state.counter(*n).cloned().unwrap_or_default())).collect(),
        });
        Some(Explanation { ticket, history: self.history, waits: self.waits, standing, as_of })
    }

    fn before(&self, ticket: &Ticket, now: Timestamp) -> usize {
        let urgent = ticket.is_urgent().then(|| ticket.since());
        let (Some(lane), Some(place)) = (self.state.lines.get(&ticket.line()), self.state.place(&ticket.id)) else {
            return 0;
        };
        lane.before(urgent, place, now)
    }
}
