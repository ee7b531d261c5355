//! What a number board shows: lines made of the hall's counters, and for how long that holds without the hub. Pure;
//! painting is the driver's business.

use std::time::Duration;

use protocol::views::CounterRow;
use protocol::work::Work;
use tokio::time::Instant;

/// Boards go dark after this long without the hub: a number that stands too long calls nobody.
pub(crate) const STALE_AFTER: Duration = Duration::from_secs(60);

/// Stands for the number at an open counter that serves nobody.
const NOBODY: &str = "----";

/// How long what the boards show may still be taken for true.
#[derive(Debug, Default)]
pub(crate) struct Freshness {
    until: Option<Instant>,
}

impl Freshness {
    /// The hub told what holds now.
    pub(crate) fn renewed(&mut self) {
        self.until = None;
    }

    /// The hub is away. This is told at every attempt to reach it; the first one counts.
    pub(crate) fn hub_lost(&mut self, now: Instant) {
        self.until.get_or_insert(now + STALE_AFTER);
    }

    /// When the boards go dark; none while the hub is there.
    pub(crate) fn until(&self) -> Option<Instant> {
        self.until
    }
}

/// The lines of a board of `lines` by `columns` that shows `counters` (empty for all).
///
/// A board of one line shows the newest call, `newest` being the counter that this board showed last; one of several
/// lines shows a row a counter.
pub(crate) fn compose(
    work: &Work,
    counters: &[u16],
    lines: usize,
    columns: usize,
    newest: &mut Option<u16>,
) -> Vec<String> {
    if lines <= 1 {
        let row = newest_row(work, counters, *newest);
        *newest = row.map(|row| row.counter);
        return row.and_then(|row| Some(call(row.number.as_deref()?, row.counter, columns))).into_iter().collect();
    }
    let mine: Vec<_> = work.counters.iter().filter(|row| is_shown(counters, row.counter)).collect();
    if mine.len() <= lines {
        // Each counter keeps its place on the board.
        return mine.into_iter().map(|row| fixed(row, columns)).collect();
    }
    let mut busy: Vec<_> = mine.into_iter().filter(|row| row.number.is_some()).collect();
    // Who is being called must be seen; then who is being served; at last by counter again.
    busy.sort_by_key(|row| (!row.calling, row.counter));
    busy.truncate(lines);
    busy.sort_by_key(|row| row.counter);
    busy.into_iter().map(|row| fixed(row, columns)).collect()
}

fn is_shown(counters: &[u16], counter: u16) -> bool {
    counters.is_empty() || counters.contains(&counter)
}

/// The row of the newest call among these counters that is still at its counter: the hall's newest, else what this
/// board showed before, else anybody who is being called, else, for a board of a single counter, that counter.
fn newest_row<'a>(work: &'a Work, counters: &[u16], shown: Option<u16>) -> Option<&'a CounterRow> {
    let mine = || work.counters.iter().filter(|row| is_shown(counters, row.counter) && row.number.is_some());
    let last = work.last_call.as_ref().filter(|row| is_shown(counters, row.counter) && row.number.is_some());
    last.or_else(|| mine().find(|row| shown == Some(row.counter)))
        .or_else(|| mine().find(|row| row.calling))
        .or_else(|| mine().find(|row| counters == [row.counter]))
}

/// `A012 > 3`, shorter where the board is.
fn call(number: &str, counter: u16, columns: usize) -> String {
    widest([format!("{number} > {counter}"), format!("{number}>{counter}"), number.to_owned()], columns)
}

/// `A012  3`: the number and the counter in columns of their own.
fn fixed(row: &CounterRow, columns: usize) -> String {
    let counter = row.counter;
    match row.number.as_deref() {
        None if !row.open => String::new(),
        number => {
            let number = number.unwrap_or(NOBODY);
            widest([format!("{number:<4} {counter:>2}"), format!("{number} {counter}"), number.to_owned()], columns)
        }
    }
}

/// The first form that fits; a board cuts off the last one when even that does not.
fn widest(forms: [String; 3], columns: usize) -> String {
    let [_, _, last] = &forms;
    forms.iter().find(|form| form.chars().count() <= columns).unwrap_or(last).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(counter: u16, number: Option<&str>, calling: bool) -> CounterRow {
        CounterRow { counter, open: true, number: number.map(str::to_owned), calling, paused: false }
    }

    fn work(counters: Vec<CounterRow>, last: Option<u16>) -> Work {
        let last_call = counters.iter().find(|row| Some(row.counter) == last).cloned();
        let now = jiff::Timestamp::UNIX_EPOCH;
        Work { sequence: 9, now, print_jobs: Vec::new(), staff_papers: Vec::new(), counters, last_call }
    }

    #[test]
    fn the_first_loss_counts_and_the_hub_ends_it() {
        let mut fresh = Freshness::default();
        let began = Instant::now();
        assert_eq!(fresh.until(), None);
        fresh.hub_lost(began);
        fresh.hub_lost(began + STALE_AFTER / 2);
        assert_eq!(fresh.until(), Some(began + STALE_AFTER));
        fresh.renewed();
        assert_eq!(fresh.until(), None);
    }

    fn one_line(work: &Work, counters: &[u16], newest: &mut Option<u16>) -> String {
        compose(work, counters, 1, 14, newest).concat()
    }

    #[test]
    fn one_line_shows_the_newest_call() {
        let mut newest = None;
        assert_eq!(one_line(&work(vec![row(3, None, false)], None), &[], &mut newest), "");
        let called = work(vec![row(3, Some("A012"), true), row(4, Some("B001"), false)], Some(3));
        assert_eq!(one_line(&called, &[], &mut newest), "A012 > 3");
        assert_eq!(newest, Some(3));
        let columns = |columns| compose(&called, &[], 1, columns, &mut None).concat();
        assert_eq!((columns(8), columns(7), columns(5)), ("A012 > 3".into(), "A012>3".into(), "A012".into()));
    }

    #[test]
    fn one_line_of_some_counters_ignores_calls_elsewhere() {
        let mut newest = None;
        let first = work(vec![row(1, Some("A001"), true), row(2, Some("A002"), true), row(9, None, false)], Some(2));
        assert_eq!(one_line(&first, &[1, 2], &mut newest), "A002 > 2");
        let elsewhere =
            work(vec![row(1, Some("A001"), true), row(2, Some("A002"), false), row(9, Some("B9"), true)], Some(9));
        assert_eq!(one_line(&elsewhere, &[1, 2], &mut newest), "A002 > 2", "as before");
        let finished = work(vec![row(1, Some("A001"), true), row(2, None, false), row(9, Some("B9"), true)], Some(9));
        assert_eq!(one_line(&finished, &[1, 2], &mut newest), "A001 > 1", "still being called");
        let served = work(vec![row(1, Some("A001"), false), row(2, None, false)], None);
        assert_eq!(one_line(&served, &[1], &mut None), "A001 > 1", "the counter's own board");
        assert_eq!(one_line(&served, &[], &mut None), "");
    }

    #[test]
    fn many_lines_are_a_row_a_counter() {
        let mut closed = row(2, None, false);
        closed.open = false;
        let hall =
            work(vec![row(1, Some("A012"), true), closed, row(3, None, false), row(12, Some("A1000"), false)], None);
        let lines = compose(&hall, &[], 4, 14, &mut None);
        assert_eq!(lines, ["A012  1", "", "----  3", "A1000 12"]);
        assert_eq!(compose(&hall, &[3, 1], 4, 6, &mut None), ["A012 1", "---- 3"]);
    }

    #[test]
    fn too_few_lines_keep_those_being_called() {
        let hall = work(
            vec![
                row(1, Some("A001"), false),
                row(2, None, false),
                row(3, Some("A003"), true),
                row(4, Some("A004"), true),
            ],
            Some(4),
        );
        assert_eq!(compose(&hall, &[], 2, 14, &mut None), ["A003  3", "A004  4"]);
        assert_eq!(compose(&hall, &[], 3, 14, &mut None), ["A001  1", "A003  3", "A004  4"]);
    }
}
