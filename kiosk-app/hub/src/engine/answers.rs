//! What was decided and waits for its sync, and the answers that are kept for requests that come again.

use std::collections::{HashMap, VecDeque};

use protocol::problem::Problem;

use super::{Answer, MAX_ANSWERS};
use crate::log::{Answered, Commit};

/// What was decided and is not yet on disk.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) commits: Vec<Commit>,
    pub(super) replies: Vec<Reply>,
}

/// An answer that waits for its sync.
pub(super) struct Reply {
    pub(super) request_id: String,
    pub(super) fingerprint: u64,
    pub(super) answer: Answer,
    /// Was decided on events of this batch, so it is true only when they are written.
    pub(super) provisional: bool,
}

type Remembered = (u64, Result<String, Box<Problem>>);

/// Answers by request id, the oldest forgotten first.
#[derive(Default)]
pub(super) struct Answers {
    by_id: HashMap<String, Remembered>,
    order: VecDeque<String>,
}

impl Answers {
    /// Those that a log holds, the oldest first.
    pub(super) fn of(answered: Vec<Answered>) -> Self {
        let mut answers = Self::default();
        for answer in answered {
            answers.remember(answer.request_id, answer.fingerprint, Ok(answer.reply));
        }
        answers
    }

    pub(super) fn get(&self, request_id: &str) -> Option<Remembered> {
        self.by_id.get(request_id).cloned()
    }

    pub(super) fn remember(&mut self, request_id: String, fingerprint: u64, result: Result<String, Box<Problem>>) {
        if self.by_id.contains_key(&request_id) {
            return;
        }
        if self.order.len() >= MAX_ANSWERS
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
        self.order.push_back(request_id.clone());
        self.by_id.insert(request_id, (fingerprint, result));
    }
}
