//! How long a citizen will wait: from who stands before, how long cases of each service take at this time of day, and
//! how many counters work on them.
//!
//! The model: the work before one is a sum of independent cases; the counters share it; the told range is the median
//! and the 90th percentile of that sum, taken as normally distributed. Handling times are learned from what happened;
//! the configured time is the prior of a service's day and counts as [`PRIOR_CASES`] cases, the day that of each hour.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::event::Line;
use crate::hall::{Hall, Service};
use crate::ids::{CounterNumber, ServiceId};
use crate::state::HallState;

/// An expected wait in whole minutes; `0..0` means at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitRange {
    /// Half of the citizens wait no longer (P50).
    pub low: u32,
    /// Nine of ten wait no longer (P90); never below `low`.
    pub high: u32,
}

/// Cases that the configured handling time counts as.
const PRIOR_CASES: i64 = 5;
/// Standard deviation of the prior, in hundredths of its mean.
const PRIOR_DEVIATION: i64 = 60;
/// Older cases fade: each new one moves the mean by at least one part in so many.
const MEMORY: u32 = 60;
/// A case outside these is a forgotten click, not a case; it counts as the nearer end. Seconds.
const CASE_SECONDS: std::ops::RangeInclusive<i64> = 10..=4 * 3600;
/// The 90th percentile of a normal distribution, in hundredths of its standard deviation.
const P90: u64 = 128;
/// Longest wait told, minutes: a day.
const LONGEST: u64 = 24 * 60;

/// Mean and variance of handling times, seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// Cases seen, at most [`MEMORY`].
    pub seen: u32,
    /// Mean, milliseconds.
    pub mean: i64,
    /// Variance, seconds squared.
    pub variance: i64,
}

impl Cases {
    fn add(&mut self, seconds: i64) {
        let sample = seconds.clamp(*CASE_SECONDS.start(), *CASE_SECONDS.end()) * 1000;
        self.seen = (self.seen + 1).min(MEMORY);
        let weight = i64::from(self.seen);
        let before = sample - self.mean;
        self.mean += before / weight;
        let after = sample - self.mean;
        self.variance += (before / 1000 * (after / 1000) - self.variance) / weight;
    }

    /// What is expected with this prior, which counts as [`PRIOR_CASES`] cases.
    fn with_prior(self, prior: Work) -> Work {
        let (seen, all) = (i64::from(self.seen), PRIOR_CASES + i64::from(self.seen));
        let (seconds, variance) = (whole(prior.seconds), whole(prior.variance));
        let mean = (seconds * PRIOR_CASES + self.mean / 1000 * seen) / all;
        let variance = (variance * PRIOR_CASES + self.variance * seen) / all;
        Work { seconds: plain(mean), variance: plain(variance) }
    }
}

fn plain(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What the configured handling time alone says.
fn configured(minutes: u32) -> Work {
    let seconds = i64::from(minutes) * 60;
    let deviation = seconds * PRIOR_DEVIATION / 100;
    Work { seconds: plain(seconds), variance: plain(deviation * deviation) }
}

/// Handling times by service and UTC hour; under [`Learned::ANY_HOUR`] those of the whole day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned(pub BTreeMap<(ServiceId, u8), Cases>);

impl Learned {
    /// Stands for the whole day: the prior of each hour.
    pub const ANY_HOUR: u8 = 24;

    /// Takes in a case that began then and took so long.
    pub(crate) fn add(&mut self, service: &ServiceId, began: Timestamp, took: SignedDuration) {
        for hour in [hour(began), Self::ANY_HOUR] {
            self.0.entry((service.clone(), hour)).or_default().add(took.as_secs());
        }
    }

    fn expect(&self, service: &Service, now: Timestamp) -> Work {
        let cases = |hour| self.0.get(&(service.id.clone(), hour)).copied().unwrap_or_default();
        let day = cases(Self::ANY_HOUR).with_prior(configured(service.handling_minutes));
        cases(hour(now)).with_prior(day)
    }
}

/// How right the told waits were, since the log began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy {
    /// First calls of tickets that were told a wait.
    pub calls: u64,
    /// Of those, called no later than the upper end.
    pub within_high: u64,
    /// Of those, called no later than the lower end.
    pub within_low: u64,
    /// Sum of the distances from the middle of the range, seconds.
    pub error_seconds: u64,
}

impl Accuracy {
    pub(crate) fn add(&mut self, told: WaitRange, waited_seconds: u64) {
        let (low, high) = (u64::from(told.low) * 60, u64::from(told.high) * 60);
        self.calls += 1;
        // The told minutes are whole ones.
        self.within_low += u64::from(waited_seconds < low + 60);
        self.within_high += u64::from(waited_seconds < high + 60);
        self.error_seconds += waited_seconds.abs_diff(low.midpoint(high));
    }
}

/// Work that stands before somebody: expected seconds and their variance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Work {
    seconds: u64,
    variance: u64,
}

impl Work {
    fn add(&mut self, case: Self, count: u64) {
        self.seconds = self.seconds.saturating_add(case.seconds.saturating_mul(count));
        self.variance = self.variance.saturating_add(case.variance.saturating_mul(count));
    }

    /// The wait when so many counters share it.
    fn shared_by(self, counters: u64) -> WaitRange {
        let counters = counters.max(1);
        let median = self.seconds / counters;
        let deviation = self.variance.isqrt() / counters;
        let high = median + deviation * P90 / 100;
        let minutes = |m: u64| u32::try_from(m.min(LONGEST)).unwrap_or(u32::MAX);
        let low = minutes(median / 60);
        WaitRange { low, high: minutes(high.div_ceil(60).max(1)).max(low) }
    }
}

fn hour(at: Timestamp) -> u8 {
    u8::try_from(at.as_second().rem_euclid(86_400) / 3600).unwrap_or(0)
}

impl HallState {
    /// The wait of a newcomer of this service.
    #[must_use]
    pub fn wait_of_newcomer(&self, hall: &Hall, service: &Service, urgent: bool, now: Timestamp) -> WaitRange {
        let line = Line::Service(service.id.clone());
        self.wait(hall, service, &line, urgent.then_some(now), usize::MAX, now)
    }

    /// The wait of a waiting ticket; as told at its issue where its service is gone from the definition.
    #[must_use]
    pub fn wait_of(&self, hall: &Hall, ticket: &crate::ticket::Ticket, now: Timestamp) -> WaitRange {
        let (Some(service), Some(place)) = (hall.service(&ticket.service), self.place(&ticket.id)) else {
            return ticket.wait;
        };
        self.wait(hall, service, &ticket.line(), ticket.is_urgent().then(|| ticket.since()), place, now)
    }

    fn wait(
        &self,
        hall: &Hall,
        service: &Service,
        line: &Line,
        urgent: Option<Timestamp>,
        place: usize,
        now: Timestamp,
    ) -> WaitRange {
        let mut work = Work::default();
        let mut people = 0;
        for rival in self.rival_lines(hall, line) {
            let Some(lane) = self.lines.get(&rival) else { continue };
            let count = lane.before(urgent, place, now) as u64;
            // Those who were sent to a counter have one service or another: this one stands for them.
            let of = match &rival {
                Line::Service(id) => hall.service(id).unwrap_or(service),
                Line::Counter(_) => service,
            };
            work.add(self.learned.expect(of, now), count);
            people += count;
        }
        let (open, idle) = self.counters_at_work(hall, line, service);
        if people == 0 && idle {
            return WaitRange::default();
        }
        let mut case = self.learned.expect(service, now);
        // Somebody is at each counter already: half a case remains on average.
        case.seconds /= 2;
        work.add(case, open);
        work.shared_by(open)
    }

    /// How many counters work on a line, and whether one of them is free. With none open, all that could be.
    fn counters_at_work(&self, hall: &Hall, line: &Line, service: &Service) -> (u64, bool) {
        if let Line::Counter(number) = line {
            let free = self.counter(*number).is_some_and(|c| c.is_working() && c.open_ticket.is_none());
            return (1, free && hall.counter(*number).is_some());
        }
        let open: Vec<CounterNumber> = self.counters_calling(hall, &service.id).collect();
        let idle = open.iter().any(|n| self.counter(*n).is_some_and(|c| c.open_ticket.is_none()));
        let count = if open.is_empty() { hall.counters_of(&service.id).len() } else { open.len() };
        (count as u64, idle)
    }

    /// Working counters that call a service, as their own work or since the hall gave it to them.
    fn counters_calling<'a>(
        &'a self,
        hall: &'a Hall,
        service: &'a ServiceId,
    ) -> impl Iterator<Item = CounterNumber> + 'a {
        let working = self.counters().filter(|(_, c)| c.is_working()).map(|(n, _)| n);
        working.filter(move |n| self.calls_service(hall, *n, service))
    }

    /// How many counters work on a service now.
    #[must_use]
    pub fn open_counters_for(&self, hall: &Hall, service: &ServiceId) -> u32 {
        u32::try_from(self.counters_calling(hall, service).count()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(people: u64, minutes: u32, cases: Cases) -> Work {
        let mut work = Work::default();
        work.add(cases.with_prior(configured(minutes)), people);
        work
    }

    #[test]
    fn the_prior_alone_tells_the_configured_time() {
        let one = work(1, 10, Cases::default());
        assert_eq!(one, Work { seconds: 600, variance: 360 * 360 });
        assert_eq!(one.shared_by(1), WaitRange { low: 10, high: 18 });
        assert_eq!(work(4, 10, Cases::default()).shared_by(2), WaitRange { low: 20, high: 28 });
        assert_eq!(work(0, 10, Cases::default()).shared_by(0), WaitRange { low: 0, high: 1 });
    }

    #[test]
    fn what_happened_moves_the_estimate_and_narrows_the_range() {
        let mut cases = Cases::default();
        for _ in 0..MEMORY {
            cases.add(300);
        }
        assert_eq!(cases, Cases { seen: MEMORY, mean: 300_000, variance: 0 });
        let told = work(6, 10, cases).shared_by(1);
        let prior = work(6, 10, Cases::default()).shared_by(1);
        assert!(told.high < prior.low, "{told:?} {prior:?}");
        // The world changes: after as many cases again the old ones have faded.
        for _ in 0..3 * MEMORY {
            cases.add(900);
        }
        assert!(cases.mean > 850_000, "{cases:?}");
        cases.add(i64::MAX / 2000);
        assert!(cases.mean < 1_150_000, "a forgotten click is no case: {cases:?}");
    }

    #[test]
    fn more_people_never_wait_less_and_more_counters_never_more() {
        for people in 0..100 {
            for counters in 1..12 {
                let now = work(people, 9, Cases::default()).shared_by(counters);
                assert!(now.low <= now.high);
                assert!(work(people + 1, 9, Cases::default()).shared_by(counters).high >= now.high);
                assert!(work(people, 9, Cases::default()).shared_by(counters + 1).high <= now.high);
            }
        }
    }

    #[test]
    fn the_error_is_kept() {
        let mut accuracy = Accuracy::default();
        accuracy.add(WaitRange { low: 10, high: 20 }, 10 * 60 + 59);
        accuracy.add(WaitRange { low: 10, high: 20 }, 15 * 60);
        accuracy.add(WaitRange { low: 10, high: 20 }, 30 * 60);
        let expected = Accuracy { calls: 3, within_high: 2, within_low: 1, error_seconds: 241 + 900 };
        assert_eq!(accuracy, expected);
    }
}
