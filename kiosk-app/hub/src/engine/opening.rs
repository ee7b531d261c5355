//! How an engine begins: the fold of its log, and the numbers that were lost with a torn end.

use std::collections::{BTreeMap, BTreeSet};

use queue::{Event, HallState, TicketId};

use crate::log::{EventLog, LogError};
use crate::snapshot;

/// Events read at once when the log is folded.
const FOLD_CHUNK: usize = 5_000;

/// The fold of the whole log, with the snapshot's help where it has one; and the snapshot's sequence.
pub(super) fn fold(log: &dyn EventLog) -> Result<(HallState, u64), LogError> {
    let last = log.last_sequence()?;
    let parts = log.snapshot(snapshot::VERSION)?.and_then(|body| snapshot::decode(&body));
    // A snapshot ahead of its log would be from another log.
    let mut state = parts.filter(|parts| parts.sequence <= last).map(HallState::from).unwrap_or_default();
    let snapshot_at = state.sequence();
    let reader = log.reader()?;
    while state.sequence() < last {
        for event in reader.read(state.sequence(), FOLD_CHUNK)? {
            state.apply(&event);
        }
    }
    Ok((state, snapshot_at))
}

/// What skips the numbers of the day that stand on paper somewhere and not in the log any more: tickets that were lost,
/// and as many of every series as there are lost events that cannot be read, where this hub cut the end off.
pub(super) fn lost_numbers(state: &HallState, lost: &(Vec<TicketId>, u32), cut_off: bool) -> Vec<Event> {
    let (tickets, unread) = lost;
    let today = tickets.iter().filter(|ticket| Some(ticket.day) == state.day());
    let mut last: BTreeMap<char, u16> = BTreeMap::new();
    for number in today.map(|ticket| ticket.number) {
        let to = last.entry(number.letter).or_default();
        *to = (*to).max(number.value);
    }
    if cut_off {
        // What cannot be read may have been a number of any series.
        for letter in state.letters().chain(last.keys().copied()).collect::<BTreeSet<char>>() {
            let to = last.get(&letter).copied().unwrap_or(0).max(state.last_number(letter));
            last.insert(letter, to.saturating_add(u16::try_from(*unread).unwrap_or(u16::MAX)));
        }
    }
    let skipped = last.into_iter().filter(|(letter, to)| *to > state.last_number(*letter));
    skipped.map(|(letter, to)| Event::NumbersSkipped { letter, to }).collect()
}
