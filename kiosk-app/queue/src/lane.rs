//! One line of waiting tickets, by place of issue.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::ticket::Ticket;

/// Places (indices in the day's tickets) of those who wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lane {
    /// Normal tickets in the order of issue.
    pub(crate) normal: BTreeSet<usize>,
    /// Urgent ones by the time that their waiting counts from. An appointment before its time has one to come.
    pub(crate) urgent: BTreeSet<(Timestamp, usize)>,
    /// How often the oldest normal ticket was passed over by a later one.
    pub(crate) passed: u64,
}

impl Lane {
    pub(crate) fn insert(&mut self, place: usize, ticket: &Ticket) {
        if ticket.is_urgent() {
            self.urgent.insert((ticket.since(), place));
        } else {
            self.normal.insert(place);
        }
    }

    pub(crate) fn remove(&mut self, place: usize, ticket: &Ticket) {
        if ticket.is_urgent() {
            self.urgent.remove(&(ticket.since(), place));
        } else {
            self.normal.remove(&place);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.normal.len() + self.urgent.len()
    }

    /// Urgent ones whose time has come.
    fn urgent_due(&self, now: Timestamp) -> usize {
        let all = self.urgent.last().is_none_or(|(since, _)| *since <= now);
        if all { self.urgent.len() } else { self.urgent.range(..=(now, usize::MAX)).count() }
    }

    /// Urgent ones before a key, among those whose time has come.
    fn urgent_before(&self, key: (Timestamp, usize), now: Timestamp) -> usize {
        let end = key.min((now, usize::MAX));
        let all = self.urgent.last().is_none_or(|last| *last < end);
        if all { self.urgent.len() } else { self.urgent.range(..end).count() }
    }

    /// Normal ones before a place.
    fn normal_before(&self, place: usize) -> usize {
        let all = self.normal.last().is_none_or(|last| *last < place);
        if all { self.normal.len() } else { self.normal.range(..place).count() }
    }

    /// Those who stand before a normal ticket (`urgent` is none) or one whose urgent waiting counts from `urgent`, at
    /// `place`.
    pub(crate) fn before(&self, urgent: Option<Timestamp>, place: usize, now: Timestamp) -> usize {
        match urgent {
            // Before an appointment's time only those stand whose own time comes sooner.
            Some(since) => self.urgent_before((since, place), since.max(now)),
            None => self.urgent_due(now) + self.normal_before(place),
        }
    }
}
