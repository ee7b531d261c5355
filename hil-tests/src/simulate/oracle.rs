//! The brute-force oracle: who is next, who stands before whom and how long it will take, found by looking at every
//! ticket of the book each time. It shares no code with the rules; what it goes by is what their documentation says.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use queue::{CallRule, CounterNumber, Hall, Line, PriorityPolicy, Service, ServiceId};

use super::book::Book;
use super::entries::{Desk, Entry, Passing, Seen};

/// Cases that the configured handling time counts as.
const PRIOR_CASES: f64 = 5.0;
/// Standard deviation of the configured handling time, in parts of it.
const PRIOR_DEVIATION: f64 = 0.6;
/// The 90th percentile of a normal distribution, in standard deviations.
const P90: f64 = 1.28;

/// How a counter calls a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calls {
    /// As its own work, where a minute of waiting counts so much.
    Own(u64),
    /// As help, when it has nobody of its own.
    Help,
}

/// A wait in minutes and how many people it is made of: the more they are, the more roundings there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Expected {
    low: f64,
    high: f64,
    people: f64,
}

impl Expected {
    /// Whether a told range is this one, but for the whole seconds and minutes in which the hub counts.
    pub(super) fn is(&self, told: queue::WaitRange) -> bool {
        let near = |a: u32, b: f64| (f64::from(a) - b).abs() <= 1.0 + self.people / 30.0 + b / 500.0;
        told.low <= told.high && near(told.low, self.low) && near(told.high, self.high)
    }
}

/// The book at a moment, under a hall's rules.
#[derive(Clone, Copy)]
pub(super) struct Oracle<'a> {
    pub(super) book: &'a Book,
    pub(super) hall: &'a Hall,
    pub(super) now: Timestamp,
}

/// Some waiting tickets, which a counter calls one after the other.
struct Sheet<'a> {
    oracle: Oracle<'a>,
    rows: Vec<Row<'a>>,
    passes: BTreeMap<Line, u64>,
    streak: u32,
}

struct Row<'a> {
    place: usize,
    entry: &'a Entry,
    line: Line,
    weight: u64,
}

impl<'a> Oracle<'a> {
    fn officer_knows(&self, counter: CounterNumber, service: &ServiceId) -> bool {
        let officer = self.book.desks.get(&counter).and_then(|desk| desk.officer.as_ref());
        let skills = officer.and_then(|id| self.hall.parts().officers.iter().find(|o| o.id == *id)?.skills.as_ref());
        skills.is_none_or(|skills| skills.contains(service))
    }

    fn calls(&self, counter: CounterNumber, line: &Line) -> Option<Calls> {
        let of_hall = self.hall.parts().counters.iter().find(|c| c.number == counter);
        let work = of_hall.map_or(&[][..], |c| &c.work);
        let service = match line {
            Line::Counter(number) => {
                let heaviest = work.iter().map(|work| u64::from(work.weight)).max().unwrap_or(1);
                return (*number == counter).then_some(Calls::Own(heaviest));
            }
            Line::Service(service) => service,
        };
        if !self.officer_knows(counter, service) {
            return None;
        }
        let own = work.iter().find(|work| work.service == *service).map(|work| Calls::Own(u64::from(work.weight)));
        let extra = || self.book.desks.get(&counter)?.extra.contains(service).then_some(Calls::Own(1));
        let help = || of_hall?.helps.contains(service).then_some(Calls::Help);
        own.or_else(extra).or_else(help)
    }

    fn sheet(&self, counter: CounterNumber, wanted: impl Fn(Calls) -> bool) -> Sheet<'a> {
        let row = |(place, entry): (usize, &'a Entry)| {
            let line = entry.line();
            let calls = self.calls(counter, &line).filter(|calls| wanted(*calls))?;
            let weight = if let Calls::Own(weight) = calls { weight } else { 1 };
            Some(Row { place, entry, line, weight })
        };
        let rows = self.book.waiting().filter_map(row).collect();
        let streak = self.book.desks.get(&counter).map_or(0, |desk| desk.streak);
        Sheet { oracle: *self, rows, passes: self.book.passes.clone(), streak }
    }

    /// The place of the ticket that a counter calls now, and why.
    pub(super) fn next(&self, counter: CounterNumber) -> Option<(usize, CallRule)> {
        let own = self.sheet(counter, |calls| calls != Calls::Help);
        let help = || self.sheet(counter, |calls| calls == Calls::Help);
        let due = own.next().or_else(|| help().next().map(|(_, place, rule)| (0, place, rule)));
        let (_, place, rule) = due.or_else(|| own.early())?;
        Some((place, rule))
    }

    /// The places of those who wait for a counter, in the order in which it would call them.
    pub(super) fn queue(&self, counter: CounterNumber) -> Vec<usize> {
        let mut sheet = self.sheet(counter, |calls| calls != Calls::Help);
        if sheet.rows.is_empty() {
            sheet = self.sheet(counter, |calls| calls == Calls::Help);
        }
        let mut places = Vec::new();
        while let Some((row, place, _)) = sheet.next().or_else(|| sheet.early()) {
            places.push(place);
            sheet.strike(row);
        }
        places
    }

    /// What a call by the counter itself passes over; none where it could not call that ticket at all.
    pub(super) fn passing(&self, counter: CounterNumber, called: usize) -> Option<Passing> {
        let source = self.calls(counter, &self.book.tickets.get(called)?.line())?;
        let mut passing = Passing::default();
        for (place, entry) in self.book.waiting().filter(|(place, entry)| !entry.urgent && *place < called) {
            let line = entry.line();
            match self.calls(counter, &line) {
                Some(Calls::Own(_)) => {}
                Some(Calls::Help) if source == Calls::Help => {}
                _ => continue,
            }
            passing.tickets.push(place);
            if !passing.lines.contains(&line) {
                passing.lines.push(line);
            }
        }
        Some(passing)
    }

    /// Normal tickets that a counter could call now and that have waited for so many minutes.
    pub(super) fn long_waiting(&self, counter: CounterNumber, called: usize, minutes: u32) -> Vec<usize> {
        let help = self.book.tickets.get(called).and_then(|entry| self.calls(counter, &entry.line()));
        let calls = |entry: &Entry| match self.calls(counter, &entry.line()) {
            Some(Calls::Own(_)) => true,
            Some(Calls::Help) => help == Some(Calls::Help),
            None => false,
        };
        let long = |entry: &Entry| !entry.urgent && self.waited(entry.issued_at) >= u64::from(minutes) * 60;
        let waiting = self.book.waiting().filter(|(place, entry)| *place != called && long(entry) && calls(entry));
        waiting.map(|(place, _)| place).collect()
    }

    fn waited(&self, since: Timestamp) -> u64 {
        u64::try_from(self.now.duration_since(since).as_secs()).unwrap_or(0)
    }

    /// Lines that share a counter's work with a line.
    fn rivals(&self, line: &Line) -> BTreeSet<Line> {
        let shares = |counter: &&queue::Counter| match line {
            Line::Service(service) => counter.work.iter().any(|work| work.service == *service),
            Line::Counter(number) => counter.number == *number,
        };
        let mut rivals = BTreeSet::new();
        for counter in self.hall.parts().counters.iter().filter(shares) {
            rivals.insert(Line::Counter(counter.number));
            rivals.extend(counter.work.iter().map(|work| Line::Service(work.service.clone())));
        }
        rivals
    }

    /// Those who stand before somebody at `place`, whose urgent waiting counts from `urgent`; none is a normal one.
    fn before(&self, line: &Line, urgent: Option<Timestamp>, place: usize) -> Vec<&'a Entry> {
        let rivals = self.rivals(line);
        let before = |(at, entry): &(usize, &Entry)| match urgent {
            Some(since) => entry.urgent && (entry.since, *at) < (since, place),
            None if entry.urgent => entry.since <= self.now,
            None => *at < place,
        };
        self.book.waiting().filter(before).filter(|(_, e)| rivals.contains(&e.line())).map(|(_, e)| e).collect()
    }

    /// How many people stand before a waiting ticket, and its wait; none where its service is no longer defined.
    pub(super) fn foresee(&self, place: usize) -> (usize, Option<Expected>) {
        let entry = &self.book.tickets[place];
        let before = self.before(&entry.line(), entry.urgent.then_some(entry.since), place);
        let service = self.service(&entry.service);
        (before.len(), service.map(|service| self.expect(service, &entry.line(), &before)))
    }

    /// The same for a newcomer.
    pub(super) fn foresee_newcomer(&self, service: &Service, urgent: bool) -> (usize, Expected) {
        let line = Line::Service(service.id.clone());
        let before = self.before(&line, urgent.then_some(self.now), usize::MAX);
        (before.len(), self.expect(service, &line, &before))
    }

    /// Counters that work on a line now.
    pub(super) fn counters_at_work(&self, line: &Line) -> Vec<CounterNumber> {
        let counters = self.hall.parts().counters.iter().map(|counter| counter.number);
        let works = |number: &CounterNumber| {
            let desk = self.book.desks.get(number).is_some_and(Desk::works);
            desk && matches!(self.calls(*number, line), Some(Calls::Own(_)))
        };
        counters.filter(works).collect()
    }

    /// Whether a working counter does not call a service that its officer knows.
    pub(super) fn could_help(&self, counter: CounterNumber, service: &ServiceId) -> bool {
        let defined = self.hall.parts().counters.iter().any(|c| c.number == counter);
        let works = self.book.desks.get(&counter).is_some_and(Desk::works);
        let calls = matches!(self.calls(counter, &Line::Service(service.clone())), Some(Calls::Own(_)));
        defined && works && !calls && self.officer_knows(counter, service)
    }

    /// The counter with the least to do that could help with a service.
    pub(super) fn helper(&self, service: &ServiceId) -> Option<CounterNumber> {
        let counters = self.hall.parts().counters.iter().map(|counter| counter.number);
        let own_waiting = |counter| self.sheet(counter, |calls| calls != Calls::Help).rows.len();
        counters
            .filter(|counter| self.could_help(*counter, service))
            .min_by_key(|counter| (own_waiting(*counter), self.book.at(*counter).is_some(), *counter))
    }

    fn service(&self, id: &ServiceId) -> Option<&'a Service> {
        self.hall.parts().services.iter().find(|service| service.id == *id)
    }

    /// The sum of the cases before one, shared by the counters: its median and its 90th percentile.
    fn expect(&self, service: &Service, line: &Line, before: &[&Entry]) -> Expected {
        let at_work = self.counters_at_work(line);
        if before.is_empty() && at_work.iter().any(|number| self.book.at(*number).is_none()) {
            return Expected { low: 0.0, high: 0.0, people: 0.0 };
        }
        let could = |counter: &&queue::Counter| counter.work.iter().any(|work| work.service == service.id);
        let counters = match line {
            Line::Counter(_) => 1,
            Line::Service(_) if at_work.is_empty() => self.hall.parts().counters.iter().filter(could).count(),
            Line::Service(_) => at_work.len(),
        };
        // With more counters than one, each has somebody: half of that case is left.
        let counters = counters as f64;
        let (mean, variance) = self.case(service);
        let (mut seconds, mut spread) = (mean / 2.0 * counters, variance * counters);
        for entry in before {
            // Those who wait for one counter only have some service or other.
            let of = if entry.only.is_some() { None } else { self.service(&entry.service) };
            let (mean, variance) = self.case(of.unwrap_or(service));
            seconds += mean;
            spread += variance;
        }
        let counters = counters.max(1.0);
        let (median, deviation) = (seconds / counters, spread.sqrt() / counters);
        let minutes = |seconds: f64| (seconds / 60.0).min(24.0 * 60.0);
        let people = before.len() as f64;
        let (low, high) = (minutes(median).floor(), minutes(median + P90 * deviation).ceil());
        Expected { low, high: high.max(1.0), people }
    }

    /// Mean and variance of a case at this hour, in seconds: those of the hour, with those of the whole day before them
    /// and the configured time before these.
    fn case(&self, service: &Service) -> (f64, f64) {
        let hour = u8::try_from(self.now.as_second().rem_euclid(86_400) / 3600).unwrap_or(0);
        let configured = f64::from(service.handling_minutes) * 60.0;
        let prior = (configured, (configured * PRIOR_DEVIATION).powi(2));
        [None, Some(hour)].into_iter().fold(prior, |prior, hour| {
            let seen = self.book.cases.get(&(service.id.clone(), hour)).copied().unwrap_or_default();
            let Seen { cases, mean, variance } = seen;
            let mix = |prior: f64, seen: f64| (prior * PRIOR_CASES + seen * cases) / (PRIOR_CASES + cases);
            (mix(prior.0, mean), mix(prior.1, variance))
        })
    }
}

impl Sheet<'_> {
    /// The row to be called next, its place and why; none when nobody's time has come.
    fn next(&self) -> Option<(usize, usize, CallRule)> {
        let rows = || self.rows.iter().enumerate();
        let bound = rows().filter(|(_, row)| self.is_at_bound(row)).min_by_key(|(_, row)| row.place);
        if let Some((n, row)) = bound {
            return Some((n, row.place, CallRule::Bound));
        }
        let due = rows().filter(|(_, row)| row.entry.urgent && row.entry.since <= self.oracle.now);
        let urgent = due.min_by_key(|(_, row)| (row.entry.since, row.place));
        let score = |row: &Row<'_>| self.oracle.waited(row.entry.issued_at) * row.weight;
        let normal = rows().filter(|(_, row)| !row.entry.urgent);
        let normal = normal.min_by_key(|(_, row)| (Reverse(score(row)), row.place));
        let (chosen, rule) = match (urgent, normal) {
            (None, normal) => (normal?, CallRule::LongestWait),
            (Some(urgent), None) => (urgent, CallRule::Urgent),
            (Some(urgent), Some(normal)) => match self.oracle.hall.policy().priority {
                PriorityPolicy::OneIn(n) if self.streak + 1 >= n => (normal, CallRule::NormalTurn),
                PriorityPolicy::Ageing { head_start_minutes } => {
                    let ahead = jiff::SignedDuration::from_mins(i64::from(head_start_minutes));
                    let first = urgent.1.entry.since - ahead <= normal.1.entry.issued_at;
                    if first { (urgent, CallRule::Urgent) } else { (normal, CallRule::LongestWait) }
                }
                _ => (urgent, CallRule::Urgent),
            },
        };
        Some((chosen.0, chosen.1.place, rule))
    }

    /// The next appointment before its time.
    fn early(&self) -> Option<(usize, usize, CallRule)> {
        let urgent = self.rows.iter().enumerate().filter(|(_, row)| row.entry.urgent);
        let (n, row) = urgent.min_by_key(|(_, row)| (row.entry.since, row.place))?;
        Some((n, row.place, CallRule::Early))
    }

    fn is_at_bound(&self, row: &Row<'_>) -> bool {
        let bound = self.oracle.hall.policy().normal_bound;
        let passed = self.passes.get(&row.line).copied().unwrap_or(0).saturating_sub(row.entry.base);
        let often = bound.tickets.is_some_and(|most| passed >= u64::from(most));
        let long = bound.minutes.is_some_and(|most| self.oracle.waited(row.entry.issued_at) >= u64::from(most) * 60);
        !row.entry.urgent && (often || long)
    }

    /// Calls a row.
    fn strike(&mut self, row: usize) {
        let called = self.rows.remove(row);
        self.streak = if called.entry.urgent { self.streak + 1 } else { 0 };
        let passed: BTreeSet<Line> = self
            .rows
            .iter()
            .filter(|row| !row.entry.urgent && row.place < called.place)
            .map(|row| row.line.clone())
            .collect();
        for line in passed {
            *self.passes.entry(line).or_default() += 1;
        }
    }
}
