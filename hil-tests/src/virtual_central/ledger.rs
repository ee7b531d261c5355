//! What central stored, and the rules by which it accepts: pure, without HTTP.
//!
//! Per hall: sequences begin at 1 and have no gaps; an event is known by (source, id) and stored once;
//! a rejected event is stepped over. A batch that would leave a gap is refused whole.
//! Source: `shared/architecture.md`, central interface v1; CloudEvents 1.0.2.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

/// Events kept in memory; central is full after that.
const MAX_EVENTS_KEPT: usize = 1_000_000;

/// An event as central keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// From the path of the request.
    pub hall: String,
    /// The event's own `sequence`.
    pub sequence: u64,
    /// The whole CloudEvent, unchanged.
    pub event: Value,
}

/// What became of one event of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// Stored now.
    Accepted,
    /// Stored before, by (source, id).
    Duplicate,
    /// Refused for good; later events pass.
    Rejected,
}

/// One line of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct EventResult {
    pub sequence: u64,
    pub status: Fate,
    pub reason: Option<String>,
}

/// The answer to a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct BatchAnswer {
    pub accepted_through: u64,
    pub results: Vec<EventResult>,
}

/// Why a whole batch was refused; nothing of it was stored.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The first missing sequence is `accepted_through + 1`.
    Gap { accepted_through: u64 },
    /// The batch cannot be understood.
    Malformed(String),
    /// No room, or the file cannot be written.
    CannotStore(io::Error),
}

#[derive(Debug, Default)]
struct Hall {
    accepted_through: u64,
    by_identity: HashMap<(String, String), u64>,
    rejected: BTreeMap<u64, String>,
}

/// What central counted about events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    pub accepted: u64,
    pub duplicates: u64,
    pub rejected: u64,
    pub gaps: u64,
}

/// Everything that central stored.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    halls: BTreeMap<String, Hall>,
    stored: Vec<StoredEvent>,
    pub tally: Tally,
    /// Sequences to refuse, of any hall, with the reason.
    pub refuse: BTreeMap<u64, String>,
    pub journal: Option<File>,
}

impl Ledger {
    pub(crate) fn accepted_through(&self, hall: &str) -> u64 {
        self.halls.get(hall).map_or(0, |hall| hall.accepted_through)
    }

    /// How far the hall is that is furthest.
    pub(crate) fn furthest(&self) -> u64 {
        let halls = self.halls.values();
        halls.map(|hall| hall.accepted_through).max().unwrap_or(0)
    }

    pub(crate) fn rejected(&self, hall: &str) -> BTreeMap<u64, String> {
        let found = self.halls.get(hall);
        found.map(|hall| hall.rejected.clone()).unwrap_or_default()
    }

    pub(crate) fn stored(&self) -> &[StoredEvent] {
        &self.stored
    }

    /// Accepts a batch, event by event, or refuses it whole.
    pub(crate) fn accept(&mut self, hall: &str, events: Vec<Value>) -> Result<BatchAnswer, Refusal> {
        let sequences = sequences_of(&events).map_err(Refusal::Malformed)?;
        let accepted_through = self.accepted_through(hall);
        let mut expected = accepted_through + 1;
        for &sequence in &sequences {
            if sequence > expected {
                self.tally.gaps += 1;
                return Err(Refusal::Gap { accepted_through });
            }
            expected = expected.max(sequence + 1);
        }
        let mut results = Vec::with_capacity(events.len());
        for (sequence, event) in sequences.into_iter().zip(events) {
            results.push(self.accept_one(hall, sequence, event)?);
        }
        Ok(BatchAnswer { accepted_through: self.accepted_through(hall), results })
    }

    fn accept_one(&mut self, name: &str, sequence: u64, event: Value) -> Result<EventResult, Refusal> {
        let refused = self.refuse.get(&sequence).cloned();
        let hall = self.halls.entry(name.to_owned()).or_default();
        let identity = identity_of(&event);
        let known = identity.as_ref().ok().and_then(|identity| hall.by_identity.get(identity));
        let taken = sequence <= hall.accepted_through && !hall.rejected.contains_key(&sequence);
        let (status, reason) = match (known, refused, &identity) {
            (Some(_), _, _) => (Fate::Duplicate, None),
            (None, Some(reason), _) => (Fate::Rejected, Some(reason)),
            (None, None, Err(fault)) => (Fate::Rejected, Some(fault.clone())),
            (None, None, Ok(_)) if taken => {
                let reason = format!("sequence {sequence} was given to another event before");
                (Fate::Rejected, Some(reason))
            }
            (None, None, Ok(_)) => (Fate::Accepted, None),
        };
        match (status, identity) {
            (Fate::Accepted, Ok(identity)) => {
                if self.stored.len() >= MAX_EVENTS_KEPT {
                    let full = io::Error::other("the virtual central is full");
                    return Err(Refusal::CannotStore(full));
                }
                if let Some(journal) = &mut self.journal {
                    writeln!(journal, "{event}").map_err(Refusal::CannotStore)?;
                }
                hall.by_identity.insert(identity, sequence);
                hall.rejected.remove(&sequence);
                self.stored.push(StoredEvent { hall: name.to_owned(), sequence, event });
                self.tally.accepted += 1;
            }
            (Fate::Rejected, _) => {
                if !taken {
                    let why = reason.clone().unwrap_or_default();
                    hall.rejected.insert(sequence, why);
                }
                self.tally.rejected += 1;
            }
            _ => self.tally.duplicates += 1,
        }
        hall.accepted_through = hall.accepted_through.max(sequence);
        Ok(EventResult { sequence, status, reason })
    }

    /// All events as lines of JSON, by hall and sequence.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut events: Vec<&StoredEvent> = self.stored.iter().collect();
        events.sort_by(|one, other| (&one.hall, one.sequence).cmp(&(&other.hall, other.sequence)));
        events.iter().map(|stored| stored.event.to_string()).collect()
    }
}

fn sequences_of(events: &[Value]) -> Result<Vec<u64>, String> {
    let sequence = |(place, event): (usize, &Value)| {
        let found = event.get("sequence").and_then(Value::as_u64);
        found
            .filter(|sequence| *sequence > 0)
            .ok_or_else(|| format!("event {place} of the batch has no whole number as `sequence`"))
    };
    events.iter().enumerate().map(sequence).collect()
}

/// Source and id of a valid CloudEvent, or what is wrong with it.
fn identity_of(event: &Value) -> Result<(String, String), String> {
    let text = |name: &str| match event.get(name).and_then(Value::as_str) {
        Some(found) if !found.is_empty() => Ok(found.to_owned()),
        _ => Err(format!("CloudEvents: `{name}` must be a text that is not empty")),
    };
    let version = text("specversion")?;
    if version != "1.0" {
        return Err(format!("CloudEvents: `specversion` {version} is not 1.0"));
    }
    text("type")?;
    let valid_name = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let names = event.as_object().into_iter().flat_map(|object| object.keys());
    if let Some(wrong) = names.filter(|name| *name != "data_base64").find(|name| !valid_name(name)) {
        return Err(format!("CloudEvents: attribute name `{wrong}` must be lower-case letters and digits"));
    }
    Ok((text("source")?, text("id")?))
}

#[cfg(test)]
mod tests {
    use super::{Fate, Ledger, Refusal};
    use serde_json::{Value, json};

    fn event(sequence: u64) -> Value {
        json!({
            "specversion": "1.0", "type": "vn.hall.ticket.issued", "source": "/halls/h1",
            "id": format!("e{sequence}"), "sequence": sequence, "data": {"number": "A001"},
        })
    }

    fn fates(ledger: &mut Ledger, events: Vec<Value>) -> (u64, Vec<Fate>) {
        match ledger.accept("h1", events) {
            Ok(answer) => {
                let fates = answer.results.iter().map(|result| result.status);
                (answer.accepted_through, fates.collect())
            }
            Err(refusal) => unreachable!("{refusal:?}"),
        }
    }

    #[test]
    fn a_batch_sent_twice_is_stored_once() {
        let mut ledger = Ledger::default();
        assert_eq!(fates(&mut ledger, vec![event(1), event(2)]), (2, vec![Fate::Accepted; 2]));
        assert_eq!(fates(&mut ledger, vec![event(2), event(3)]), (3, vec![Fate::Duplicate, Fate::Accepted]));
        assert_eq!(ledger.stored().len(), 3);
    }

    #[test]
    fn a_gap_before_or_inside_a_batch_refuses_it_whole() {
        let mut ledger = Ledger::default();
        for batch in [vec![event(2)], vec![event(1), event(3)]] {
            let refused = ledger.accept("h1", batch);
            assert!(matches!(refused, Err(Refusal::Gap { accepted_through: 0 })));
        }
        assert!(ledger.stored().is_empty());
        assert_eq!(ledger.tally.gaps, 2);
    }

    #[test]
    fn a_rejected_event_is_stepped_over_and_may_come_again() {
        let mut ledger = Ledger::default();
        ledger.refuse.insert(2, "unknown service".to_owned());
        assert_eq!(
            fates(&mut ledger, vec![event(1), event(2), event(3)]),
            (3, vec![Fate::Accepted, Fate::Rejected, Fate::Accepted])
        );
        assert_eq!(ledger.rejected("h1").len(), 1);
        ledger.refuse.clear();
        assert_eq!(fates(&mut ledger, vec![event(2)]), (3, vec![Fate::Accepted]));
        let sequences: Vec<bool> =
            (1..=3).zip(ledger.lines()).map(|(n, line)| line.contains(&format!("\"e{n}\""))).collect();
        assert_eq!(sequences, [true; 3]);
    }

    #[test]
    fn another_event_under_a_used_sequence_is_rejected() {
        let mut ledger = Ledger::default();
        fates(&mut ledger, vec![event(1)]);
        let mut other = event(1);
        other["id"] = json!("other");
        assert_eq!(fates(&mut ledger, vec![other]), (1, vec![Fate::Rejected]));
        assert_eq!(ledger.stored().len(), 1);
    }

    #[test]
    fn what_is_no_cloud_event_is_rejected_and_without_sequence_refused() {
        let mut ledger = Ledger::default();
        let mut bad = event(1);
        bad["specversion"] = json!("0.3");
        assert_eq!(fates(&mut ledger, vec![bad]), (1, vec![Fate::Rejected]));
        let mut named = event(2);
        named["requestId"] = json!("x");
        assert_eq!(fates(&mut ledger, vec![named]), (2, vec![Fate::Rejected]));
        let mut none = event(3);
        none["sequence"] = json!("3");
        let refused = ledger.accept("h1", vec![none]);
        assert!(matches!(refused, Err(Refusal::Malformed(_))));
    }
}
