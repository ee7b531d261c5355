//! What the driver does next, without any I/O: events and the time go in, bytes, health and
//! outcomes come out. `crate::session` carries it to a real link.
//!
//! While idle it asks the printer for its state once a second, so that an empty roll is known
//! before a citizen chooses. Questions are asked one at a time, because the answers to `DLE EOT`
//! do not say what they answer; none is asked inside a job, where it could split a command.

mod clearing;
mod job;
mod marks;
mod outgoing;
#[cfg(test)]
mod tests;

use std::time::Duration;

use kit::HealthCell;
use kit::link::PortStatus;
use tokio::time::Instant;

use crate::command;
use crate::encode::PrinterMemory;
use crate::printer::{Job, stopped_fault};
use crate::profile::PrinterProfile;
use crate::status::{Parser, PrinterStatus, Query, Reply, no_answer};
pub(crate) use clearing::LeftOver;
#[cfg(test)]
use clearing::RESYNC_BYTES;
use clearing::Sync;
use job::Phase;
use outgoing::Outgoing;

/// Pause between two rounds of questions while idle.
const IDLE_POLL: Duration = Duration::from_secs(1);
/// Pause between two rounds while a job waits for its confirmation.
const CONFIRM_POLL: Duration = Duration::from_millis(100);
/// A state not older than this lets a job start without asking again.
pub(crate) const STATUS_FRESH: Duration = Duration::from_millis(1500);
/// Unanswered rounds until the printer counts as not answering.
const MISSED_ROUNDS: u32 = 3;
/// Unanswered rounds until the link is opened anew: a network printer that was switched off leaves
/// a connection that nobody ends.
const MISSED_ROUNDS_REOPEN: u32 = 10;
/// Quiet time after which a begun answer is given up.
const ANSWER_GAP: Duration = Duration::from_millis(200);
/// How long a stop waits for the job under way.
const STOP_PATIENCE: Duration = Duration::from_millis(1500);

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// Bytes came.
    Read(&'a [u8]),
    /// The wire took this many bytes of [`Machine::pending`].
    Wrote(usize),
    /// A job was queued.
    Job(Job),
    /// Another program left a paper unfinished.
    Clear,
    /// The USB port answered, or could not (nothing is known of it then).
    Port(Option<PortStatus>),
    /// The link failed.
    LinkFailed(String),
    /// [`Machine::deadline`] passed.
    Timer,
    /// The program ends.
    Stop,
}

/// How a session ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// It was told to stop.
    Stopped,
    /// The link failed.
    Disconnected(String),
    /// A fresh link is wanted, and what the old one still holds must not arrive.
    Abandon,
}

/// A round of questions under way.
#[derive(Debug)]
struct Round {
    /// The question that waits for its answer, as a place in [`Query::ALL`].
    place: usize,
    /// Where the question stands among the outgoing bytes.
    position: u64,
    deadline: Instant,
}

/// The driver's state over one link.
#[derive(Debug)]
pub(crate) struct Machine<'a> {
    profile: &'a PrinterProfile,
    health: &'a HealthCell,
    /// Bytes a second of a slow wire.
    wire_rate: Option<u32>,
    parser: Parser,
    read_at: Instant,
    status: PrinterStatus,
    /// When the state was last known as a whole.
    status_at: Option<Instant>,
    missed_rounds: u32,
    round: Option<Round>,
    /// Questions that a job interrupted: their answers come first.
    interrupted: u32,
    next_round: Instant,
    outgoing: Outgoing,
    phase: Phase,
    /// What the printer holds from one job to the next.
    memory: PrinterMemory,
    /// The rest of a failed job may be in the printer, or it lost its power: it is initialised
    /// before anything else.
    dirty: bool,
    left_over: LeftOver,
    /// Clearings that are not answered; of a model that does not answer one they stay, and its jobs are unconfirmed.
    clears_open: u32,
    /// Where the cut stands that takes the torn paper off.
    torn_cut: Option<u64>,
    /// A slow wire is busy until then with what was sent to clear the printer.
    busy_until: Instant,
    /// The question for the maker's name that is not answered: until then marks may be those of an earlier job.
    sync: Option<Sync>,
    stop_at: Option<Instant>,
    end: Option<End>,
}

impl<'a> Machine<'a> {
    /// The start of a session: throws away what an earlier one may have left in the printer.
    pub(crate) fn new(
        profile: &'a PrinterProfile,
        health: &'a HealthCell,
        wire_rate: Option<u32>,
        left_over: LeftOver,
        now: Instant,
    ) -> Self {
        let mut machine = Self {
            profile,
            health,
            wire_rate,
            parser: Parser::new(),
            read_at: now,
            status: PrinterStatus::default(),
            status_at: None,
            missed_rounds: 0,
            round: None,
            interrupted: 0,
            next_round: now,
            outgoing: Outgoing::default(),
            phase: Phase::Idle,
            memory: PrinterMemory::default(),
            dirty: left_over.torn,
            left_over,
            clears_open: 0,
            torn_cut: None,
            busy_until: now,
            sync: None,
            stop_at: None,
            end: None,
        };
        if left_over.cut_off {
            machine.resynchronise(now);
        }
        machine.discard();
        machine.initialise();
        machine.synchronise(now);
        machine.ask(0, now);
        machine
    }

    /// Bytes to write.
    pub(crate) fn pending(&self) -> &[u8] {
        self.outgoing.pending()
    }

    /// Whether a job may come.
    pub(crate) fn wants_job(&self) -> bool {
        matches!(self.phase, Phase::Idle) && self.stop_at.is_none()
    }

    /// What the next session must clear away first.
    pub(crate) fn left_over(&self) -> LeftOver {
        self.left_over
    }

    /// When [`Event::Timer`] is due.
    pub(crate) fn deadline(&self) -> Instant {
        let round = match &self.round {
            Some(round) => round.deadline,
            None => self.next_round,
        };
        let round = self.may_ask().then_some(round);
        let sync = self.sync.map(|sync| sync.deadline);
        [round, self.job_deadline(), self.stop_at, sync].into_iter().flatten().min().unwrap_or(self.next_round)
    }

    /// Takes an event; `Some` when the session is over.
    pub(crate) fn handle(&mut self, event: Event<'_>, now: Instant) -> Option<End> {
        match event {
            Event::Read(bytes) => self.read(bytes, now),
            Event::Wrote(count) => {
                self.outgoing.took(count);
                self.wrote(now);
            }
            Event::Job(job) => self.begin(job, now),
            Event::Clear => self.clear(now),
            Event::Port(told) => self.port(told, now),
            Event::LinkFailed(cause) => self.link_failed(cause),
            Event::Timer => {}
            Event::Stop => {
                self.stop_at.get_or_insert(now + STOP_PATIENCE);
            }
        }
        self.look_at_clock(now);
        self.end.take()
    }

    fn look_at_clock(&mut self, now: Instant) {
        self.sync_clock(now);
        if self.end.is_none() {
            self.job_clock(now);
        }
        if self.end.is_none() {
            self.stop_clock(now);
        }
        if self.end.is_none() && self.may_ask() {
            self.round_clock(now);
        }
    }

    fn stop_clock(&mut self, now: Instant) {
        if let Some(stop_at) = self.stop_at
            && (matches!(self.phase, Phase::Idle) || now >= stop_at)
        {
            self.break_off(stopped_fault());
            self.end = Some(End::Stopped);
        }
    }

    /// Questions between the bytes of a job could split a command; behind `DLE DC4 8` they could be thrown away.
    fn may_ask(&self) -> bool {
        !matches!(self.phase, Phase::Printing(_) | Phase::Clearing(_))
    }

    fn round_clock(&mut self, now: Instant) {
        if self.round.as_ref().is_some_and(|round| now >= round.deadline) {
            self.missed_answer(now);
        }
        if self.round.is_none() && now >= self.next_round && self.end.is_none() {
            if self.outgoing.pending().is_empty() || now < self.busy_until {
                self.ask(0, now);
            } else {
                // A wire that has not even taken the last question gets no more of them.
                self.round_missed(now);
            }
        }
    }

    /// Asks the question at that place, or ends the round after the last one.
    fn ask(&mut self, place: usize, now: Instant) {
        let Some(query) = Query::ALL.get(place) else {
            self.round_ends(now);
            return;
        };
        let position = self.outgoing.end();
        self.outgoing.push(&command::real_time_status(query.number()));
        let deadline = now.max(self.busy_until) + self.profile.timings.reply;
        self.round = Some(Round { place, position, deadline });
    }

    fn missed_answer(&mut self, now: Instant) {
        let Some(round) = self.round.take() else {
            return;
        };
        self.interrupted = 0;
        match Query::ALL.get(round.place) {
            Some(query @ (Query::OfflineCause | Query::ErrorCause)) => {
                // Some models do not know these two. The rest of the round is left out, so that a
                // late answer is not taken for another.
                self.status.apply_silence(*query);
                self.round_ends(now);
            }
            _ => self.round_missed(now),
        }
    }

    /// The printer answered what must be answered.
    fn round_ends(&mut self, now: Instant) {
        self.round = None;
        // Its answers stood behind all that was sent before.
        self.left_over.cut_off = false;
        self.next_round = now + self.pause();
        self.status_known(now);
    }

    /// The printer did not answer. A single miss says little; several say that nothing is known.
    fn round_missed(&mut self, now: Instant) {
        self.round = None;
        self.next_round = now + self.pause();
        self.missed_rounds += 1;
        // Perhaps it was without power: then it has forgotten what it held and what was armed.
        self.memory.clear();
        self.dirty |= self.keeps_memory();
        if self.missed_rounds >= MISSED_ROUNDS && !self.is_confirming() {
            self.status.forget();
            self.health.degraded(self.status.fault().unwrap_or_else(no_answer));
        }
        if self.missed_rounds >= MISSED_ROUNDS_REOPEN && matches!(self.phase, Phase::Idle) {
            self.end = Some(End::Abandon);
        }
        self.job_missed_round();
    }

    fn pause(&self) -> Duration {
        if self.is_confirming() { CONFIRM_POLL } else { IDLE_POLL }
    }

    fn read(&mut self, bytes: &[u8], now: Instant) {
        if now.duration_since(self.read_at) > ANSWER_GAP {
            self.parser.quiet();
        }
        self.read_at = now;
        for byte in bytes {
            match self.parser.push(*byte) {
                Some(Reply::RealTime(byte)) => self.real_time(byte, now),
                Some(Reply::Automatic(bytes)) => {
                    self.status.apply_automatic(bytes);
                    self.status_known(now);
                }
                Some(Reply::TransmittedPaper(byte)) => self.transmitted_paper(byte, now),
                Some(Reply::Maker) => self.synchronised(now),
                Some(Reply::Cleared) => self.cleared(now),
                None => {}
            }
        }
    }

    fn real_time(&mut self, byte: u8, now: Instant) {
        if self.interrupted > 0 {
            self.interrupted -= 1;
            return;
        }
        // An answer that nobody waits for came too late.
        let Some(round) = self.round.take() else {
            return;
        };
        if let Some(query) = Query::ALL.get(round.place) {
            self.status.apply_real_time(*query, byte);
        }
        if self.torn_cut.is_some_and(|end| round.position >= end) {
            (self.left_over.torn, self.torn_cut) = (false, None);
        }
        self.job_answered(round.position, now);
        if self.may_ask() {
            self.ask(round.place + 1, now);
        }
    }

    /// The port was asked beside the bytes. It can stop a printer and explain its silence; it makes none well.
    fn port(&mut self, told: Option<PortStatus>, now: Instant) {
        if self.status.port == told {
            return;
        }
        let was_bad = self.status.told_fault();
        self.status.apply_port(told);
        let bad = self.status.told_fault();
        let answers = self.status_at.is_some() && self.missed_rounds < MISSED_ROUNDS;
        match (self.status.fault(), answers || bad.is_some() || self.missed_rounds >= MISSED_ROUNDS) {
            (None, true) => self.health.ready(),
            (Some(fault), true) => self.health.degraded(fault),
            // Nothing was answered yet: the first round tells.
            (_, false) => {}
        }
        if let Some(fault) = bad.filter(|_| was_bad != self.status.told_fault()) {
            self.job_fault_told(fault, now);
        }
    }

    /// The whole state is known now: health follows it, and so does a job.
    fn status_known(&mut self, now: Instant) {
        self.missed_rounds = 0;
        self.status_at = Some(now);
        match self.status.fault() {
            None => self.health.ready(),
            Some(fault) => self.health.degraded(fault),
        }
        let between_jobs = matches!(self.phase, Phase::Idle | Phase::Checking(_));
        if self.dirty && between_jobs && self.status.blocking_fault().is_none() {
            self.make_clean();
        }
        self.job_status_known(now);
    }

    /// Whether jobs count on what the printer holds: those do not initialise it themselves.
    fn keeps_memory(&self) -> bool {
        self.profile.user_characters || self.profile.stored_graphics
    }
}
