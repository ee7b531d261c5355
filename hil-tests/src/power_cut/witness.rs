//! The independent record: what was asked and what was acknowledged, kept outside of the log.

use std::collections::{BTreeMap, HashMap};

use hub::{Answer, Press};
use protocol::commands::CommandReply;
use queue::Hall;

use super::stored::Stored;

/// What one or many comparisons found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Recoveries that were compared.
    pub cuts: u64,
    /// The operations of the disk that cuts fell into, those during a recovery too; `none` for between two.
    pub within: BTreeMap<String, u64>,
    /// Presses that were acknowledged.
    pub acknowledged: u64,
    /// Acknowledged presses that the log does not have, or answers otherwise.
    pub lost: u64,
    /// Logs with an event that nobody asked for, or with a part of a commit.
    pub invented: u64,
    /// Requests that stand in the log twice, and ticket numbers that were given twice.
    pub double: u64,
    /// Logs that could not be opened or read, or that SQLite calls damaged.
    pub damaged: u64,
    /// What exactly was lost, invented, double or damaged.
    pub details: Vec<String>,
}

impl Found {
    /// Adds what another comparison found.
    pub fn add(&mut self, other: Self) {
        self.cuts += other.cuts;
        self.acknowledged += other.acknowledged;
        for (operation, cuts) in other.within {
            *self.within.entry(operation).or_default() += cuts;
        }
        self.lost += other.lost;
        self.invented += other.invented;
        self.double += other.double;
        self.damaged += other.damaged;
        self.details.extend(other.details);
    }

    /// Notes where a cut fell.
    pub(super) fn cut(&mut self, within: Option<String>) {
        *self.within.entry(within.unwrap_or_else(|| "none".to_owned())).or_default() += 1;
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.lost + self.invented + self.double + self.damaged == 0
    }
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { cuts, acknowledged, lost, invented, double, damaged, .. } = self;
        write!(f, "{cuts} cuts, {acknowledged} acknowledged, {lost} lost, {invented} invented, {double} double")?;
        if *damaged > 0 { write!(f, ", {damaged} damaged") } else { Ok(()) }
    }
}

/// Whether an answer says that the log could not be written: the press may have reached the disk or not, and somebody
/// will press again.
pub(super) fn is_unavailable(answer: &Answer) -> bool {
    answer.result.as_ref().is_err_and(|problem| problem.status == 503)
}

#[derive(Debug)]
struct Asked {
    press: Press,
    /// The reply, once somebody heard it.
    acknowledged: Option<String>,
}

/// Everything that was ever asked of one hall.
#[derive(Debug, Default)]
pub(super) struct Witness {
    asked: BTreeMap<String, Asked>,
}

impl Witness {
    /// A press is on its way.
    pub(super) fn asks(&mut self, press: &Press) {
        let asked = || Asked { press: press.clone(), acknowledged: None };
        self.asked.entry(press.request_id.clone()).or_insert_with(asked);
    }

    /// An answer came, other than [`is_unavailable`]. `end` is the log's end before it. Gives the reply where it is
    /// news.
    pub(super) fn hears(
        &mut self,
        press: &Press,
        answer: &Answer,
        end: u64,
        found: &mut Found,
    ) -> Option<CommandReply> {
        let asked = self.asked.get_mut(&press.request_id)?;
        if let Some(before) = &asked.acknowledged {
            if answer.result.as_ref() != Ok(before) || !answer.replayed {
                found.double += 1;
                found.details.push(format!("{} was answered {before}, now {answer:?}", press.request_id));
            }
            return None;
        }
        let reply = answer.result.as_ref().ok().and_then(|text| serde_json::from_str::<CommandReply>(text).ok());
        match (&answer.result, reply) {
            (Ok(text), Some(reply)) if answer.replayed || reply.sequence > end => {
                asked.acknowledged = Some(text.clone());
                found.acknowledged += 1;
                Some(reply)
            }
            // Refused, or there was nothing to do: it leaves no trace, and nobody presses again.
            _ => {
                self.asked.remove(&press.request_id);
                None
            }
        }
    }

    /// Compares with what a log holds. What is lost is no longer held against the log afterwards.
    pub(super) fn compare(&mut self, hall: &Hall, stored: &Stored) -> Found {
        let mut found = Found { cuts: 1, ..Found::default() };
        let replies: HashMap<&str, &str> =
            stored.answers.iter().map(|a| (a.request_id.as_str(), a.reply.as_str())).collect();
        for (id, asked) in &mut self.asked {
            if let Some(reply) = asked.acknowledged.take_if(|reply| replies.get(id.as_str()) != Some(&reply.as_str())) {
                found.lost += 1;
                found.details.push(format!("{id}, {:?}: {reply} is lost", asked.press.command));
            }
        }
        if let Some(unexplained) = stored.unexplained(hall, |id| self.asked.get(id).map(|asked| &asked.press)) {
            found.invented += 1;
            found.details.push(unexplained);
        }
        let doubles = stored.doubles();
        found.double += doubles.len() as u64;
        found.details.extend(doubles);
        found
    }

    /// A log that is gone altogether: what was acknowledged is lost with it.
    pub(super) fn give_up(self, why: String) -> Found {
        let lost = self.asked.values().filter(|asked| asked.acknowledged.is_some()).count() as u64;
        Found { cuts: 1, lost, damaged: 1, details: vec![why], ..Found::default() }
    }

    /// Every press, answered or not.
    pub(super) fn presses(&self) -> Vec<Press> {
        self.asked.values().map(|asked| asked.press.clone()).collect()
    }

    /// One of them.
    pub(super) fn any(&self, dice: &mut fastrand::Rng) -> Option<Press> {
        let asked = self.asked.values().nth(dice.usize(..self.asked.len().max(1)))?;
        Some(asked.press.clone())
    }
}
