//! A job's way: checked, written, confirmed. Each way out has its own outcome, and what the printer
//! may still hold of a broken-off job is thrown away before anything else is printed.
//!
//! *Failed* is only said where the paper is not whole and cannot become so, so that another printer may print the job:
//! on a model that answers when it has thrown away what it held (`DLE DC4 8`). Others may bring the rest out with the
//! next roll, and nothing tells whether they will: *unconfirmed*.

use std::time::Duration;

use kit::Fault;
use tokio::time::Instant;

use super::marks::Marks;
use super::{End, LeftOver, MISSED_ROUNDS, Machine, STATUS_FRESH};
use crate::encode::Encoded;
use crate::printer::{Job, PrintOutcome};
use crate::profile::{Confirm, Discard};
use crate::status::no_answer;

const MILLIMETRES_PER_INCH: f64 = 25.4;
/// Time of a cut.
const CUT_TIME: Duration = Duration::from_millis(500);
/// Bytes that the system may hold for a slow wire after it took them from us.
const SYSTEM_BUFFER: usize = 4096;
/// Part of the printing time in which no printer is faster than its profile says, in percent.
const SURELY_PRINTING: u32 = 80;

/// Where a job is.
#[derive(Debug)]
pub(super) enum Phase {
    /// Nowhere.
    Idle,
    /// Waits for a fresh state.
    Checking(Job),
    /// Its bytes are leaving.
    Printing(Printing),
    /// Its bytes have left.
    Confirming(Confirming),
    /// It failed, and the printer is to say that it has forgotten it.
    Clearing(Clearing),
}

#[derive(Debug)]
pub(super) struct Printing {
    job: Job,
    /// Time from its last byte's leaving to the cut.
    expected: Duration,
    marks: Marks,
    /// Positions of its bytes: its first, that of its cut, and its last.
    start: u64,
    cut: u64,
    end: u64,
    /// When its first byte left, and the time that its paper takes from then at least.
    began: Option<Instant>,
    least: Duration,
    progress_at: Instant,
}

#[derive(Debug)]
pub(super) struct Confirming {
    job: Job,
    end: u64,
    /// The printer answered a question that stood behind the job: it has taken all of it.
    consumed: bool,
    marks: Marks,
    /// Until then the paper cannot be whole, however fast the printer is.
    partial_until: Instant,
    /// It fell silent for so long that it may have been without power.
    silent: bool,
    /// The printer said that it cannot print.
    failing: Option<Fault>,
    /// Printing takes until then.
    settle_at: Instant,
    deadline: Instant,
}

#[derive(Debug)]
pub(super) struct Clearing {
    job: Job,
    /// Why it failed.
    fault: Fault,
    deadline: Instant,
}

/// What is known of a paper whose bytes have all left, when the printer says that it cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paper {
    /// It is out.
    Out,
    /// Somebody has to look.
    Unsure,
    /// Part of it is missing.
    NotWhole,
}

impl Machine<'_> {
    pub(super) fn begin(&mut self, job: Job, now: Instant) {
        if !job.claim() {
            return;
        }
        let fresh = self.status_at.is_some_and(|at| now.duration_since(at) <= STATUS_FRESH);
        if fresh && !self.dirty && self.sync.is_none() {
            self.decide(job, now);
        } else {
            self.phase = Phase::Checking(job);
            self.next_round = now;
        }
    }

    fn decide(&mut self, job: Job, now: Instant) {
        if let Some(fault) = self.status.blocking_fault() {
            self.phase = Phase::Idle;
            job.finish(PrintOutcome::NotStarted { fault });
            return;
        }
        let encoded = match job.encode(self.profile, &mut self.memory) {
            Ok(encoded) => encoded,
            Err(fault) => {
                self.phase = Phase::Idle;
                job.finish(PrintOutcome::NotStarted { fault });
                return;
            }
        };
        self.interrupted += u32::from(self.round.take().is_some());
        let start = self.outgoing.end();
        let (marks, cut, end) = self.push_marked(&encoded);
        let (expected, least) = self.expected_time(&encoded);
        let printing = Printing { job, expected, marks, start, cut, end, began: None, least, progress_at: now };
        self.phase = Phase::Printing(printing);
    }

    pub(super) fn wrote(&mut self, now: Instant) {
        let left = self.outgoing.left();
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Printing(job) if left >= job.end => self.await_confirmation(job, now),
            Phase::Printing(mut job) => {
                job.progress_at = now;
                if left > job.start {
                    job.began.get_or_insert(now);
                }
                self.phase = Phase::Printing(job);
            }
            other => self.phase = other,
        }
    }

    fn await_confirmation(&mut self, printing: Printing, now: Instant) {
        // What an earlier session left may still come out before it.
        let begins = self.left_over.prints_until.take().map_or(now, |until| until.max(now));
        let settle_at = begins + printing.expected;
        self.phase = Phase::Confirming(Confirming {
            job: printing.job,
            end: printing.end,
            consumed: false,
            marks: printing.marks,
            partial_until: printing.began.unwrap_or(now) + printing.least,
            silent: false,
            failing: None,
            settle_at,
            deadline: settle_at + self.profile.timings.confirm,
        });
        self.next_round = now;
    }

    /// Time from the last byte's leaving to the cut; and the least time from the first byte's.
    fn expected_time(&self, encoded: &Encoded) -> (Duration, Duration) {
        let dots_a_millimetre = f64::from(self.profile.dpi) / MILLIMETRES_PER_INCH;
        let speed = f64::from(self.profile.timings.millimetres_per_second) * dots_a_millimetre;
        let printing = f64::from(encoded.dots_high) / speed.max(1.0);
        let queued = encoded.bytes.len().min(SYSTEM_BUFFER) as f64;
        let wire = self.wire_rate.map_or(0.0, |rate| queued / f64::from(rate.max(1)));
        let printing = Duration::from_secs_f64(printing);
        (printing + Duration::from_secs_f64(wire) + CUT_TIME, printing * SURELY_PRINTING / 100)
    }

    pub(super) fn is_confirming(&self) -> bool {
        matches!(self.phase, Phase::Confirming(_))
    }

    pub(super) fn job_deadline(&self) -> Option<Instant> {
        match &self.phase {
            Phase::Idle | Phase::Checking(_) => None,
            Phase::Printing(job) => Some(job.progress_at + self.profile.timings.confirm),
            Phase::Confirming(job) => Some(job.deadline),
            Phase::Clearing(job) => Some(job.deadline),
        }
    }

    /// Ends a job whose time is over.
    pub(super) fn job_clock(&mut self, now: Instant) {
        if self.job_deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        if let Phase::Clearing(job) = &self.phase {
            let fault = job.fault.clone();
            self.break_off(fault);
            self.recover();
            self.next_round = now + super::IDLE_POLL;
            return;
        }
        let silent = self.missed_rounds > 0 || matches!(self.phase, Phase::Printing(_));
        let consumed = matches!(&self.phase, Phase::Confirming(job) if job.consumed);
        let fault = if silent { no_answer() } else { not_confirmed() };
        if silent {
            self.health.degraded(fault.clone());
        }
        self.break_off(fault);
        if consumed {
            self.discard();
            self.dirty = true;
        } else {
            self.end = Some(End::Abandon);
        }
    }

    /// A question was answered that stood at `position`.
    pub(super) fn job_answered(&mut self, position: u64, now: Instant) {
        if let Phase::Confirming(job) = &mut self.phase
            && position >= job.end
        {
            job.consumed = true;
            if let Some(fault) = job.failing.take() {
                self.fail_consumed(fault, now);
            }
        }
    }

    pub(super) fn transmitted_paper(&mut self, byte: u8, now: Instant) {
        let left = self.outgoing.left();
        match &mut self.phase {
            Phase::Idle | Phase::Checking(_) | Phase::Clearing(_) => {}
            Phase::Printing(job) => job.marks.answer(left),
            Phase::Confirming(job) => {
                job.marks.answer(left);
                // The next round of questions confirms it: one byte of noise may not.
                self.status.apply_transmitted_paper(byte);
                if self.round.is_none() {
                    self.next_round = now;
                }
            }
        }
    }

    /// The whole state is known: it may let the job start, fail or be printed.
    pub(super) fn job_status_known(&mut self, now: Instant) {
        let told = self.status.told_fault();
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Idle => {}
            Phase::Checking(job) if self.sync.is_some() && self.status.blocking_fault().is_none() => {
                self.phase = Phase::Checking(job);
            }
            Phase::Checking(job) => self.decide(job, now),
            Phase::Printing(job) => {
                let started = self.outgoing.left() > job.start;
                self.phase = Phase::Printing(job);
                if let Some(fault) = told {
                    self.fail_unfinished(fault, started);
                }
            }
            Phase::Confirming(mut job) => {
                let settled = now >= job.settle_at;
                let confirmed = match self.profile.confirm {
                    Confirm::GsR => job.marks.all(),
                    Confirm::DleEot => settled && !job.silent,
                };
                match told {
                    None if job.consumed && confirmed => job.job.finish(PrintOutcome::Printed),
                    Some(fault) if job.consumed => {
                        self.phase = Phase::Confirming(job);
                        self.fail_consumed(fault, now);
                    }
                    // Only an answer from behind the job tells that all of it has arrived.
                    failing => {
                        job.failing = failing;
                        self.phase = Phase::Confirming(job);
                    }
                }
            }
            clearing @ Phase::Clearing(_) => self.phase = clearing,
        }
    }

    /// The printer's port says that it cannot print, beside all bytes.
    pub(super) fn job_fault_told(&mut self, fault: Fault, now: Instant) {
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Idle => {}
            Phase::Checking(job) => job.finish(PrintOutcome::NotStarted { fault }),
            Phase::Printing(job) => {
                let started = self.outgoing.left() > job.start;
                self.phase = Phase::Printing(job);
                self.fail_unfinished(fault, started);
            }
            Phase::Confirming(mut job) => {
                let consumed = job.consumed;
                job.failing = Some(fault.clone());
                self.phase = Phase::Confirming(job);
                if consumed {
                    self.fail_consumed(fault, now);
                }
            }
            clearing @ Phase::Clearing(_) => self.phase = clearing,
        }
    }

    pub(super) fn job_missed_round(&mut self) {
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Checking(job) => job.finish(PrintOutcome::NotStarted { fault: no_answer() }),
            Phase::Confirming(mut job) if !job.consumed && job.failing.is_some() => {
                // All of it is between here and the paper: a network printer may still take it in after the refill.
                let fault = job.failing.take().unwrap_or_else(no_answer);
                job.job.finish(PrintOutcome::Unconfirmed { fault });
                self.abandon();
            }
            Phase::Confirming(mut job) => {
                // Other wires end with the printer's power.
                job.silent |= self.wire_rate.is_some() && self.missed_rounds >= MISSED_ROUNDS;
                self.phase = Phase::Confirming(job);
            }
            other => self.phase = other,
        }
    }

    /// The printer holds all of the job and cannot go on: it is told to forget it.
    fn fail_consumed(&mut self, fault: Fault, now: Instant) {
        if let Phase::Confirming(confirming) = std::mem::replace(&mut self.phase, Phase::Idle) {
            let paper = confirming.paper(now);
            let job = confirming.job;
            self.left_over.torn |= paper != Paper::Out;
            self.dirty = true;
            self.next_round = now + super::IDLE_POLL;
            match (paper, self.profile.discard) {
                (Paper::NotWhole, Discard::DleDc4) => {
                    self.clear_buffers();
                    let deadline = now + self.profile.timings.reply;
                    self.phase = Phase::Clearing(Clearing { job, fault, deadline });
                    return;
                }
                (Paper::Out, _) => job.finish(PrintOutcome::Printed),
                (Paper::Unsure | Paper::NotWhole, _) => job.finish(PrintOutcome::Unconfirmed { fault }),
            }
            self.discard();
        }
    }

    /// The printer has thrown away what it held. A job is forgotten once every clearing was answered: a late answer to
    /// one before it says nothing.
    pub(super) fn cleared(&mut self, now: Instant) {
        self.clears_open = self.clears_open.saturating_sub(1);
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Clearing(failed) if self.clears_open == 0 => {
                failed.job.finish(PrintOutcome::Failed { fault: failed.fault });
                self.recover();
                self.next_round = now + super::IDLE_POLL;
            }
            other => self.phase = other,
        }
    }

    /// The printer cannot print, and the job has not all left. What has is somewhere between here
    /// and the paper, so the link is given up with it.
    fn fail_unfinished(&mut self, fault: Fault, started: bool) {
        if let Phase::Printing(job) = std::mem::replace(&mut self.phase, Phase::Idle) {
            let cut_left = self.outgoing.left() > job.cut;
            self.outgoing.drop_pending();
            if started {
                // Without its cut the paper is not whole, whatever was printed; the next session clears the printer
                // before it sends anything else.
                let failed = !cut_left && self.profile.discard == Discard::DleDc4;
                let outcome = if failed { PrintOutcome::Failed { fault } } else { PrintOutcome::Unconfirmed { fault } };
                job.job.finish(outcome);
                self.abandon();
            } else {
                job.job.finish(PrintOutcome::NotStarted { fault });
            }
        }
    }

    fn abandon(&mut self) {
        self.left_over = LeftOver { cut_off: true, torn: true, ..self.left_over };
        self.end = Some(End::Abandon);
    }

    pub(super) fn link_failed(&mut self, cause: String) {
        self.break_off(Fault::new(
            "disconnected",
            format!("the connection ended ({cause})"),
            "check the cable and the power, look whether the ticket came out, and print it again if not",
        ));
        self.end = Some(End::Disconnected(cause));
    }

    /// Ends a job under way without knowing how it went.
    pub(super) fn break_off(&mut self, fault: Fault) {
        let left = self.outgoing.left();
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Idle => {}
            Phase::Checking(job) => job.finish(PrintOutcome::NotStarted { fault }),
            Phase::Printing(job) if left <= job.start => {
                self.outgoing.drop_pending();
                job.job.finish(PrintOutcome::NotStarted { fault });
            }
            Phase::Printing(job) => {
                let prints_until = Some(job.progress_at + job.expected);
                self.left_over = LeftOver { cut_off: true, torn: true, prints_until };
                job.job.finish(PrintOutcome::Unconfirmed { fault });
            }
            // The answer behind the cut came: the paper is out, and only the last look at the printer is missing.
            Phase::Confirming(job) if job.is_out() => job.job.finish(PrintOutcome::Printed),
            Phase::Confirming(job) => {
                let prints_until = Some(job.settle_at);
                self.left_over = LeftOver { cut_off: !job.consumed, torn: true, prints_until };
                job.job.finish(PrintOutcome::Unconfirmed { fault });
            }
            // The printer did not say that it has forgotten it.
            Phase::Clearing(failed) => failed.job.finish(PrintOutcome::Unconfirmed { fault: failed.fault }),
        }
    }
}

impl Confirming {
    /// Questions inside the job that were not answered.
    #[cfg(test)]
    pub(super) fn marks_left(&self) -> usize {
        self.marks.asked.len() - self.marks.answered
    }

    /// It was all worked through, and bytes that only a printer says came from behind it: noise is not enough.
    fn is_out(&self) -> bool {
        self.consumed && self.marks.all()
    }

    /// What is known of the paper when the printer says that it cannot go on.
    fn paper(&self, now: Instant) -> Paper {
        if self.is_out() {
            Paper::Out
        } else if self.marks.before_cut() || self.marks.asked.is_empty() && now >= self.partial_until {
            Paper::Unsure
        } else {
            Paper::NotWhole
        }
    }
}

fn not_confirmed() -> Fault {
    Fault::new(
        "not-confirmed",
        "the printer took the job and did not confirm it",
        "look whether the ticket came out; if it did, set confirm = \"dle-eot\" in the printer's profile",
    )
}
