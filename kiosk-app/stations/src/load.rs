//! How people waiting and expected waits are said, the same on every page of the kiosk.

use jiff::civil::DateTime;
use protocol::views::{Load, Unavailable, WaitRange};

use crate::clock;
use crate::words::Words;

/// A wait below this many minutes is "under five", not a range.
const SHORT_WAIT_MINUTES: u32 = 5;

/// An expected wait in words: the figure and its unit, which pages may set apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WaitWords {
    pub(crate) value: String,
    pub(crate) unit: String,
}

impl WaitWords {
    /// Both in one line.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.value, self.unit).trim().to_owned()
    }
}

/// An expected wait. Nobody waiting and no minutes: "now".
pub(crate) fn wait(range: WaitRange, waiting: u32, words: Words) -> WaitWords {
    let unit = words.t("phút");
    let high = range.high.max(range.low);
    if waiting == 0 && high < SHORT_WAIT_MINUTES {
        return WaitWords { value: words.t("vào ngay"), unit: String::new() };
    }
    let value = match (range.low, high) {
        (_, high) if high < SHORT_WAIT_MINUTES => words.with("dưới {}", &[&SHORT_WAIT_MINUTES.to_string()]),
        (low, high) if low == high => high.to_string(),
        (low, high) => format!("{low}–{high}"),
    };
    WaitWords { value, unit }
}

/// Why no number can be had, in one line.
pub(crate) fn closed_line(why: &Unavailable, words: Words) -> String {
    match why {
        Unavailable::Closed { opens } => {
            let at: Option<DateTime> = opens.as_ref().and_then(|at| at.parse().ok());
            match at {
                Some(at) => words.with("nghỉ, mở lại {} ngày {}", &[&clock::time(at, words), &clock::day(at, words)]),
                None => words.t("đang nghỉ"),
            }
        }
        Unavailable::QuotaReached => words.t("đã hết số hôm nay"),
        Unavailable::Suspended { reason, .. } => words.with("tạm ngừng: {}", &[reason]),
        Unavailable::Elsewhere => words.t("lấy số ở kiosk khác"),
    }
}

/// Why no number can be had, in a sentence of its own, with what comes next.
pub(crate) fn closed_sentence(why: &Unavailable, words: Words) -> String {
    let at: Option<DateTime> = match why {
        Unavailable::Closed { opens } => opens.as_ref().and_then(|at| at.parse().ok()),
        _ => return closed_line(why, words),
    };
    match at {
        Some(at) => words.with("Mở lại lúc {}, {}.", &[&clock::time(at, words), &clock::date(at, words)]),
        None => words.t("Mời quý khách quay lại trong giờ làm việc."),
    }
}

/// The wait of one field or service in one line, why there is none, or that no counter is open for it.
pub(crate) fn load_line(load: &Load, words: Words) -> String {
    if let Some(why) = &load.closed {
        return closed_line(why, words);
    }
    if load.open_counters == 0 {
        return words.t("chưa mở quầy");
    }
    wait(load.wait, load.waiting, words).line()
}

/// Whether most citizens wait longer than the hall's target.
pub(crate) fn is_long(range: WaitRange, target_minutes: u32) -> bool {
    range.low > target_minutes
}

/// Whether that is so where a wait is shown: numbers are given and a counter is open.
pub(crate) fn shows_long(load: &Load, target_minutes: u32) -> bool {
    load.closed.is_none() && load.open_counters > 0 && is_long(load.wait, target_minutes)
}

/// The load of the whole hall: people waiting, and what a typical one of them expects (mean over the people).
pub(crate) fn of_hall(fields: &[Load]) -> (u32, WaitRange) {
    let waiting: u32 = fields.iter().map(|f| f.waiting).sum();
    if waiting == 0 {
        return (0, WaitRange { low: 0, high: 0 });
    }
    let mean = |pick: fn(&WaitRange) -> u32| {
        let total: u64 = fields.iter().map(|f| u64::from(f.waiting) * u64::from(pick(&f.wait))).sum();
        u32::try_from(total / u64::from(waiting)).unwrap_or(u32::MAX)
    };
    (waiting, WaitRange { low: mean(|w| w.low), high: mean(|w| w.high) })
}

/// Most counters that are told one by one.
const MAX_COUNTERS: usize = 5;

/// Counter numbers as people read them: `3`, `2, 5`, `3–5`.
pub(crate) fn counters(numbers: &[u16]) -> String {
    let consecutive = numbers.len() > 2 && numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    match (consecutive, numbers) {
        (true, [first, .., last]) => format!("{first}–{last}"),
        // Nobody reads more; the number is called to one of them anyway.
        (false, [some @ .., _, _]) if some.len() + 2 > MAX_COUNTERS => {
            let some = &numbers[..MAX_COUNTERS - 1];
            format!("{}, …", some.iter().map(u16::to_string).collect::<Vec<_>>().join(", "))
        }
        _ => numbers.iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: u32, high: u32) -> WaitRange {
        WaitRange { low, high }
    }

    #[test]
    fn waits_are_said_as_a_person_would() {
        let vi = Words::of("vi");
        assert_eq!(wait(range(12, 20), 7, vi).line(), "12–20 phút");
        assert_eq!(wait(range(0, 0), 0, vi).line(), "vào ngay");
        assert_eq!(wait(range(2, 4), 1, vi).line(), "dưới 5 phút");
        assert_eq!(wait(range(8, 8), 3, vi).line(), "8 phút");
        assert_eq!(wait(range(2, 4), 1, Words::of("en")).line(), "under 5 min");
    }

    #[test]
    fn why_no_number_can_be_had_is_said_with_what_comes_next() {
        let (vi, en) = (Words::of("vi"), Words::of("en"));
        let closed = Unavailable::Closed { opens: Some("2026-11-25T13:30:00".into()) };
        assert_eq!(closed_line(&closed, vi), "nghỉ, mở lại 13:30 ngày 25/11");
        assert_eq!(closed_line(&closed, en), "closed, opens 13:30 on 25 November");
        assert_eq!(closed_line(&Unavailable::QuotaReached, en), "no numbers left today");
        let suspended = Unavailable::Suspended { reason: "mất mạng".into(), until: None };
        assert_eq!(closed_line(&suspended, vi), "tạm ngừng: mất mạng");
    }

    #[test]
    fn a_wait_is_long_when_most_wait_longer_than_the_target() {
        assert!(!is_long(range(12, 20), 15));
        assert!(is_long(range(20, 30), 15));
    }

    #[test]
    fn the_hall_speaks_for_its_people() {
        let load = |waiting, low, high| {
            let (id, wait) = (String::new(), range(low, high));
            Load { id, waiting, wait, open_counters: 1, closed: None, taken: 0 }
        };
        assert_eq!(of_hall(&[load(3, 10, 20), load(1, 2, 4), load(0, 90, 99)]), (4, range(8, 16)));
        assert_eq!(of_hall(&[load(0, 5, 6)]).0, 0);
    }

    #[test]
    fn counters_read_as_a_list_or_a_range() {
        assert_eq!(counters(&[3]), "3");
        assert_eq!(counters(&[3, 5]), "3, 5");
        assert_eq!(counters(&[3, 4, 5]), "3–5");
    }
}
