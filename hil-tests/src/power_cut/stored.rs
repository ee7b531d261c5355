//! What a log holds after a cut, and whether the rules explain every event of it.

use std::collections::HashSet;
use std::path::Path;

use hub::Press;
use hub::log::Answered;
use protocol::commands::CommandReply;
use queue::{Command, Event, Hall, HallState, Recorded};
use rusqlite::Connection;

/// File of the log in its directory.
pub(super) const LOG_FILE: &str = "hall.db";

/// Events and answers of a log.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) events: Vec<Recorded>,
    pub(super) answers: Vec<Answered>,
}

impl Stored {
    /// Requests that stand in the log more than once, and tickets that were given more than once.
    pub(super) fn doubles(&self) -> Vec<String> {
        let (mut requests, mut tickets) = (HashSet::new(), HashSet::new());
        let requests = self.answers.iter().map(|answered| &answered.request_id).filter(|id| !requests.insert(*id));
        let mut doubles: Vec<String> = requests.map(|id| format!("request {id} twice")).collect();
        for event in &self.events {
            if let Event::TicketIssued { ticket, .. } = &event.event
                && !tickets.insert(*ticket)
            {
                doubles.push(format!("event {}: ticket {ticket} given twice", event.sequence));
            }
        }
        doubles
    }

    /// The first event that nobody asked for, or half a commit: plays the answered presses once more, each on the
    /// state that the ones before it left, and expects exactly the log's events. `press` knows what was asked.
    pub(super) fn unexplained<'a>(&self, hall: &Hall, press: impl Fn(&str) -> Option<&'a Press>) -> Option<String> {
        let mut story = Story { hall, state: HallState::default(), left: &self.events };
        for answered in &self.answers {
            let id = &answered.request_id;
            let Some(press) = press(id) else { return Some(format!("nobody made request {id}")) };
            if press.fingerprint != answered.fingerprint {
                return Some(format!("request {id} has another fingerprint"));
            }
            let Ok(reply) = serde_json::from_str::<CommandReply>(&answered.reply) else {
                return Some(format!("request {id}: the answer is no reply: {}", answered.reply));
            };
            // Between two presses stand only the hub's own events: what time brings about.
            while !story.tells(&press.command, Some(reply.sequence)) {
                if !story.tells(&Command::PassTime, None) {
                    return Some(format!("request {id}, {:?}: not what {:?} does", press.command, story.left.first()));
                }
            }
        }
        while story.tells(&Command::PassTime, None) {}
        story.left.first().map(|event| format!("nobody asked for {event:?}"))
    }
}

/// The events of a log, told from the start.
struct Story<'a> {
    hall: &'a Hall,
    state: HallState,
    left: &'a [Recorded],
}

impl Story<'_> {
    /// Whether the next events are all of this command's, ending at this sequence; they are told then.
    fn tells(&mut self, command: &Command, end: Option<u64>) -> bool {
        let Some(first) = self.left.first() else { return false };
        let expected = queue::decide(self.hall, &self.state, command, first.at).unwrap_or_default();
        let Some(told) = self.left.get(..expected.len()).filter(|told| !told.is_empty()) else { return false };
        let from = self.state.sequence() + 1;
        let same = (from..)
            .zip(told)
            .zip(&expected)
            .all(|((sequence, told), event)| told.sequence == sequence && told.at == first.at && told.event == *event);
        if !same || end.is_some_and(|end| told.last().is_none_or(|last| last.sequence != end)) {
            return false;
        }
        for event in told {
            self.state.apply(event);
        }
        self.left = &self.left[told.len()..];
        true
    }
}

/// What SQLite itself says of the log's file below `directory`: `ok`, or what is damaged.
///
/// # Errors
/// When it cannot be read at all.
pub fn integrity(directory: &Path) -> rusqlite::Result<String> {
    let connection = Connection::open(directory.join(LOG_FILE))?;
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use hub::log::{EventLog, MemoryLog};
    use hub::{Clocks, Engine, HallClock};

    use super::*;

    fn press(n: u64) -> Press {
        let command = Command::IssueTicket {
            service: "dat-dai-bien-dong".into(),
            then: Vec::new(),
            appointment: None,
            class: "normal".into(),
            language: "vi".to_owned(),
            kiosk: Some("kiosk-1".into()),
            printer: (n == 1).then(|| "run-1".into()),
        };
        Press { request_id: format!("press-{n}"), fingerprint: n, command, personal: None }
    }

    /// The day, a ticket with the start of its paper, and another ticket.
    fn sample() -> (Arc<Hall>, Vec<Press>, Stored) {
        let hall = launcher::defaults().expect("the samples are valid").hub.expect("with a hub").hall;
        let (hall, log) = (Arc::new(crate::sample_hall::at_any_hour(&hall)), MemoryLog::default());
        let wall = "2026-11-22T02:00:00Z".parse().expect("a moment");
        let clock = Arc::new(HallClock::new(Arc::new(move || Clocks { wall, monotonic: Duration::ZERO })));
        let mut engine = Engine::open(hall.clone(), Box::new(log.clone()), clock).expect("opens");
        let presses = vec![press(1), press(2)];
        assert!(engine.handle(presses.clone()).iter().all(|answer| answer.result.is_ok()));
        let events = log.reader().and_then(|reader| reader.read(0, 10)).expect("reads");
        assert_eq!(events.len(), 4);
        (hall, presses, Stored { events, answers: log.answers(10).expect("reads") })
    }

    fn check((hall, presses, stored): (Arc<Hall>, Vec<Press>, Stored)) -> Option<String> {
        stored.unexplained(&hall, |id| presses.iter().find(|press| press.request_id == id))
    }

    #[test]
    fn what_was_asked_is_explained() {
        let sample = sample();
        assert_eq!(sample.2.doubles(), Vec::<String>::new());
        assert_eq!(check(sample), None);
    }

    #[test]
    fn half_a_commit_is_seen() {
        for missing in [1, 2, 3] {
            let mut sample = sample();
            sample.2.events.remove(missing);
            assert!(check(sample).is_some(), "without event {}", missing + 1);
        }
        let mut sample = sample();
        sample.2.answers.truncate(1);
        assert!(check(sample).is_some(), "without the answer");
    }

    #[test]
    fn what_nobody_asked_for_is_seen() {
        let mut unknown = sample();
        unknown.1.truncate(1);
        assert!(check(unknown).is_some_and(|what| what.contains("nobody made request press-2")));
        let mut more = sample();
        let event = Event::CounterOpened { counter: 1, officer: "nobody".into() };
        more.2.events.push(Recorded { sequence: 5, event, ..more.2.events[3].clone() });
        assert!(check(more).is_some_and(|what| what.contains("nobody asked for")));
    }

    #[test]
    fn what_stands_there_twice_is_seen() {
        let (_, _, mut stored) = sample();
        let again = stored.events[1].clone();
        stored.events.push(again);
        stored.answers.push(stored.answers[0].clone());
        let doubles = stored.doubles();
        assert_eq!(doubles.len(), 2, "{doubles:?}");
    }
}
