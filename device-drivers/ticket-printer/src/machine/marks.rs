//! Marks: questions inside a job that the printer answers in their turn (`GS r`), where the model has them.
//!
//! They stand between the parts of a job, before its cut and behind it. All of them answered: the paper is out,
//! whatever happens next. The one before the cut unanswered when the printer says that it cannot go on: the paper is
//! not whole. In between somebody has to look: the roll may have ended, or the knife stuck, at the very cut. A printer
//! that was without power and is back answers fewer of them than were sent.

use super::Machine;
use crate::command;
use crate::encode::Encoded;
use crate::profile::Confirm;

/// Questions inside a job that are answered in their turn.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    /// Position behind each of them.
    pub(super) asked: Vec<u64>,
    pub(super) answered: usize,
}

impl Marks {
    /// An answer came. One to a question that has not left is noise.
    pub(super) fn answer(&mut self, left: u64) {
        if self.asked.get(self.answered).is_some_and(|position| *position <= left) {
            self.answered += 1;
        }
    }

    /// Everything up to behind the cut was worked through.
    pub(super) fn all(&self) -> bool {
        !self.asked.is_empty() && self.answered >= self.asked.len()
    }

    /// Everything before the cut was.
    pub(super) fn before_cut(&self) -> bool {
        !self.asked.is_empty() && self.answered + 1 >= self.asked.len()
    }
}

impl Machine<'_> {
    /// Sends a job, with marks where the model answers them. Gives the marks, the position of the cut and of the end.
    pub(super) fn push_marked(&mut self, encoded: &Encoded) -> (Marks, u64, u64) {
        let mark = self.profile.confirm == Confirm::GsR;
        let body = encoded.breaks.last().copied().unwrap_or(encoded.bytes.len());
        let mut marks = Marks::default();
        let mut from = 0;
        for place in if mark { encoded.marks() } else { Vec::new() } {
            self.outgoing.push(encoded.bytes.get(from..place).unwrap_or_default());
            marks.asked.push(self.outgoing.push(&command::TRANSMIT_PAPER_STATUS));
            from = place;
        }
        let body_left = encoded.bytes.get(from..body).unwrap_or_default();
        let cut = self.outgoing.push(body_left);
        let mut end = self.outgoing.push(encoded.bytes.get(body.max(from)..).unwrap_or_default());
        if mark {
            end = self.outgoing.push(&command::TRANSMIT_PAPER_STATUS);
            marks.asked.push(end);
        }
        (marks, cut, end)
    }
}
