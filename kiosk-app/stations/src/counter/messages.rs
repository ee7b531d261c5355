//! What the hall tells an officer: devices that are not well, services that wait too long, notices.

use std::time::Duration;

use protocol::hall::HallInfo;
use protocol::views::{Advice, CounterView};

use super::current::service_name;
use super::header;
use crate::words::Words;

/// Most messages at once; a single one while nothing is to be done.
const MAX_SHOWN: usize = 2;
/// How long each stands when there are more.
const TURN: Duration = Duration::from_secs(8);

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) text: String,
    /// Something is to be done.
    pub(crate) warning: bool,
}

/// All messages, the urgent ones first: devices, then advice, then notices.
pub(crate) fn all(hall: &HallInfo, view: &CounterView, words: Words) -> Vec<Message> {
    let devices = view.devices.iter().filter_map(|device| header::advice(device, words));
    let advice = view.advice.iter().map(|advice| self::advice(hall, advice, words));
    let warnings = devices.chain(advice).map(|text| Message { text, warning: true });
    let notices = hall.notices.iter().map(|text| text.get(words.language()).to_owned());
    warnings.chain(notices.map(|text| Message { text, warning: false })).collect()
}

fn advice(hall: &HallInfo, advice: &Advice, words: Words) -> String {
    let service = service_name(hall, &advice.service, words);
    let target = advice.target_minutes.to_string();
    match advice.helper {
        Some(counter) => {
            words.with("{} chờ quá {} phút. Quầy {} đang rảnh.", &[&service, &target, &counter.to_string()])
        }
        None => words.with("{} chờ quá {} phút. Chưa quầy nào rảnh để giúp.", &[&service, &target]),
    }
}

/// What stands now: warnings stay, and the last place is shared in turn by all that have no place of their own.
pub(crate) fn in_turn(all: &[Message], now: Duration) -> Vec<Message> {
    let places = if all.iter().any(|m| m.warning) { MAX_SHOWN } else { 1 };
    if all.len() <= places {
        return all.to_vec();
    }
    let (fixed, sharing) = all.split_at(places - 1);
    let turn = usize::try_from(now.as_secs() / TURN.as_secs()).unwrap_or(0) % sharing.len();
    fixed.iter().chain([&sharing[turn]]).cloned().collect()
}

#[cfg(test)]
mod tests {
    use protocol::views::WaitRange;

    use super::*;
    use crate::sample;

    #[test]
    fn a_crowded_service_is_named_with_the_counter_that_could_help() {
        let wait = WaitRange { low: 20, high: 40 };
        let crowded = |helper| Advice { service: "land-result".into(), wait, target_minutes: 15, helper };
        let (hall, vi) = (sample::hall(), Words::of("vi"));
        assert_eq!(advice(&hall, &crowded(Some(6)), vi), "Nhận kết quả chờ quá 15 phút. Quầy 6 đang rảnh.");
        assert!(advice(&hall, &crowded(None), vi).starts_with("Nhận kết quả chờ quá 15 phút. Chưa quầy"));
    }

    #[test]
    fn more_messages_than_places_take_turns_and_the_first_one_stays() {
        let message = |n: usize| Message { text: n.to_string(), warning: true };
        let all: Vec<_> = (0..4).map(message).collect();
        let at = |seconds| {
            let shown = in_turn(&all, Duration::from_secs(seconds));
            shown.iter().map(|m| m.text.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!([at(0), at(8), at(16), at(24)], ["0 1", "0 2", "0 3", "0 1"]);
        assert_eq!(in_turn(&all[..2], Duration::ZERO).len(), 2);
        let calm: Vec<_> = all.iter().map(|m| Message { warning: false, ..m.clone() }).collect();
        assert_eq!(in_turn(&calm, Duration::ZERO).len(), 1, "notices leave the room to the queue");
    }
}
