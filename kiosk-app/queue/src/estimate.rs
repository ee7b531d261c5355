//! How long a citizen will wait, from who is ahead and how long a case usually takes.

/// An expected wait in whole minutes; `0..0` means at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitRange {
    /// Lower end.
    pub low: u32,
    /// Upper end, never below `low`.
    pub high: u32,
}

/// Share of the plain product that the lower end stands at, in hundredths.
const LOW_SHARE: u64 = 75;
/// Share that the upper end stands at, in hundredths.
const HIGH_SHARE: u64 = 125;
/// Longest wait told, minutes: a day.
const LONGEST: u64 = 24 * 60;

/// The wait behind `people_ahead` at `counters` counters (0 counts as 1) that take `handling_minutes` a case.
/// With nobody ahead and `idle` (a counter is free) it is at once.
#[must_use]
pub fn estimate(people_ahead: u32, counters: u32, handling_minutes: u32, idle: bool) -> WaitRange {
    if people_ahead == 0 && idle {
        return WaitRange::default();
    }
    let counters = u64::from(counters.max(1));
    let work = u64::from(people_ahead) * u64::from(handling_minutes);
    // Somebody is at the counter already: half a case remains on average at each.
    let rest = u64::from(handling_minutes) / 2;
    let low = work * LOW_SHARE / 100 / counters;
    let high = ((work + rest) * HIGH_SHARE).div_ceil(100).div_ceil(counters).max(1);
    let minutes = |m: u64| u32::try_from(m.min(LONGEST)).unwrap_or(u32::MAX);
    WaitRange { low: minutes(low), high: minutes(high.max(low)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_ahead_of_a_free_counter_is_at_once() {
        assert_eq!(estimate(0, 2, 10, true), WaitRange { low: 0, high: 0 });
    }

    #[test]
    fn seven_ahead_of_three_counters() {
        assert_eq!(estimate(7, 3, 8, false), WaitRange { low: 14, high: 25 });
    }

    #[test]
    fn more_people_never_wait_less_and_more_counters_never_more() {
        for ahead in 0..200 {
            for counters in 0..12 {
                let now = estimate(ahead, counters, 9, false);
                assert!(now.low <= now.high);
                assert!(estimate(ahead + 1, counters, 9, false).high >= now.high);
                assert!(estimate(ahead, counters + 1, 9, false).high <= now.high);
            }
        }
    }
}
