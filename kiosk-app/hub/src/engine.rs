//! The engine: the only writer of the hall.
//!
//! One thread takes the commands that wait, decides each on the state that the ones before it left, writes all their
//! events with one sync, and only then answers and publishes. Commands that come while the disk works share the next
//! sync (group commit). When the disk refuses, nothing of the batch has happened and everybody is told so.

mod answers;
mod on_the_way;
mod opening;
mod published;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fail_point::Point;
use jiff::Timestamp;
use protocol::commands::CommandReply;
use protocol::problem::Problem;
use queue::{Command, Event, Hall, HallState, Recorded, TicketId};
use tokio::sync::{mpsc, oneshot};

use self::answers::{Answers, Batch, Reply};
pub use self::on_the_way::{OnTheWay, OnTheWayGuard};
pub use self::published::Published;
use crate::clock::HallClock;
use crate::log::{Answered, Commit, EventLog, LogError, Personal};
use crate::{snapshot, views, wire};

/// Most commands that wait for the engine; one more is refused as `hub-busy`.
pub const QUEUE: usize = 1024;
/// Most commands that share a sync.
const BATCH: usize = 256;
/// How long the engine looks for a further command before it writes: this part of what a sync takes, within bounds.
const GATHER_PART: u32 = 8;
const GATHER: RangeInclusive<Duration> = Duration::from_micros(40)..=Duration::from_micros(500);
/// A second command shows a burst, as do commands that the API has begun to read: then it is this part.
const BURST_PART: u32 = 2;
const GATHER_BURST: RangeInclusive<Duration> = Duration::from_micros(400)..=Duration::from_millis(2);
/// A burst is never waited for longer than this.
const GATHER_AT_MOST: Duration = Duration::from_millis(5);
/// A new measure of the sync counts one part in so many.
const SYNC_MEMORY: u32 = 8;
/// Most answers kept for requests that come again: several days of a busy hall.
const MAX_ANSWERS: usize = 50_000;
/// Events between two snapshots.
const SNAPSHOT_EVERY: u64 = 2_000;

/// A command on its way to the engine.
#[derive(Debug)]
pub enum Request {
    /// From outside, to be answered.
    Command {
        /// What is asked.
        press: Box<Press>,
        /// Where the answer goes.
        answer: oneshot::Sender<Answer>,
    },
    /// The hub's own clock: the day may have changed.
    Tick,
    /// Write a snapshot and end.
    Stop,
}

/// A command and who asks it.
#[derive(Clone, Debug)]
pub struct Press {
    /// Id made by whoever pressed the button.
    pub request_id: String,
    /// Fingerprint of the command as it was sent.
    pub fingerprint: u64,
    /// The command.
    pub command: Command,
    /// What the citizen said in their own words: kept beside the log with the events of the command.
    pub personal: Option<Personal>,
}

/// An answer and whether it was given before.
#[derive(Clone, Debug)]
pub struct Answer {
    /// JSON of a [`CommandReply`], or the problem.
    pub result: Result<String, Box<Problem>>,
    /// Given before, to the same request.
    pub replayed: bool,
}

/// The engine before its thread starts.
pub struct Engine {
    hall: Arc<Hall>,
    log: Box<dyn EventLog>,
    clock: Arc<HallClock>,
    state: HallState,
    published: Arc<Published>,
    answers: Answers,
    snapshot_at: u64,
    /// What a sync takes on this disk, by the last ones.
    sync_takes: Duration,
    /// Tickets in what was cut off the log, and events there that cannot be read; none once their numbers are skipped.
    lost: Option<(Vec<TicketId>, u32)>,
    /// This batch skips them.
    skipping: bool,
}

impl Engine {
    /// Folds the log: last snapshot, then the events after it.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn open(hall: Arc<Hall>, log: Box<dyn EventLog>, clock: Arc<HallClock>) -> Result<Self, LogError> {
        let (state, snapshot_at) = opening::fold(log.as_ref())?;
        let answers = Answers::of(log.answers(MAX_ANSWERS)?);
        let published = Arc::new(Published::new(state.clone(), log.cut_off()));
        tracing::info!(sequence = state.sequence(), waiting = state.waiting_in_hall(), "log folded");
        let lost = Some(log.lost_tickets()?);
        let mut engine = Self {
            hall,
            log,
            clock,
            snapshot_at,
            state,
            published,
            answers,
            sync_takes: Duration::ZERO,
            lost,
            skipping: false,
        };
        engine.save_snapshot_when_due();
        // The day may have changed while the hub was off: yesterday's numbers must not be seen any more.
        // A full disk is no reason to stay away: views work, and the day opens with the first write that succeeds.
        drop(engine.pass_time());
        Ok(engine)
    }

    /// Numbers of the day that were lost with a torn end: they are not given again. Part of every batch until it is on
    /// disk.
    fn skip_lost_numbers(&mut self) -> Vec<Event> {
        let Some(lost) = self.lost.as_ref().filter(|_| !self.skipping) else { return Vec::new() };
        let events = opening::lost_numbers(&self.state, lost, self.log.cut_off().is_some());
        if events.is_empty() {
            self.lost = None;
        }
        self.skipping = self.lost.is_some();
        events
    }

    /// What everybody may read.
    pub fn published(&self) -> Arc<Published> {
        self.published.clone()
    }

    /// A reader of the log.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn reader(&self) -> Result<Box<dyn crate::log::LogReader>, LogError> {
        self.log.reader()
    }

    /// Runs until [`Request::Stop`] or until nobody can send any more. Blocks: give it a thread.
    pub fn run(mut self, mut requests: mpsc::Receiver<Request>, on_the_way: &OnTheWay) {
        while let Some(first) = requests.blocking_recv() {
            if !self.batch(first, &mut requests, on_the_way) {
                break;
            }
        }
        self.save_snapshot();
        tracing::info!(sequence = self.state.sequence(), "engine stopped");
        fail_point::reached(Point::BeforeClose);
        drop(self);
        fail_point::reached(Point::AfterClose);
    }

    /// One batch: what waits and what comes right after it, decided as it comes, written together. False after a stop.
    fn batch(&mut self, first: Request, requests: &mut mpsc::Receiver<Request>, on_the_way: &OnTheWay) -> bool {
        let mut batch = Batch::default();
        let mut askers = Vec::new();
        let (began, mut last) = (Instant::now(), Instant::now());
        let mut next = Some(first);
        let mut erase = false;
        // What does not fit stays in the queue for the next batch.
        while askers.len() < BATCH {
            match next.take().or_else(|| requests.try_recv().ok()) {
                Some(Request::Command { press, answer }) => {
                    self.take(*press, &mut batch);
                    askers.push(answer);
                    last = Instant::now();
                }
                Some(Request::Tick) => {
                    self.tick(&mut batch.commits);
                    erase = true;
                }
                Some(Request::Stop) => {
                    self.settle(batch, askers);
                    return false;
                }
                // Refusals and repeated answers have no sync to share.
                None if batch.commits.is_empty() => break,
                None => {
                    let patience = self.patience(askers.len() > 1 || on_the_way.any());
                    if last.elapsed() > patience || began.elapsed() > GATHER_AT_MOST {
                        break;
                    }
                    std::thread::yield_now();
                }
            }
        }
        self.settle(batch, askers);
        // After the answers: nobody waits for it.
        self.save_snapshot_when_due();
        if erase {
            self.erase_expired();
        }
        true
    }

    /// How long to look for a further command. A wait that is short beside the sync saves many of them.
    fn patience(&self, burst: bool) -> Duration {
        let (part, bounds) = if burst { (BURST_PART, GATHER_BURST) } else { (GATHER_PART, GATHER) };
        (self.sync_takes / part).clamp(*bounds.start(), *bounds.end())
    }

    fn settle(&mut self, batch: Batch, askers: Vec<oneshot::Sender<Answer>>) {
        for (asker, answer) in askers.into_iter().zip(self.write_batch(batch)) {
            // Whoever asked may have hung up; the answer is kept for when they ask again.
            drop(asker.send(answer));
            fail_point::reached(Point::Answered);
        }
    }

    /// Decides the presses in order, writes them with one sync, and answers each of them.
    pub fn handle(&mut self, presses: Vec<Press>) -> Vec<Answer> {
        let mut batch = Batch::default();
        for press in presses {
            self.take(press, &mut batch);
        }
        let answers = self.write_batch(batch);
        self.save_snapshot_when_due();
        answers
    }

    /// Does what the clock asks for: opens a new day, lets tickets end.
    ///
    /// # Errors
    /// When the log cannot be written; nothing has happened then.
    pub fn pass_time(&mut self) -> Result<(), LogError> {
        let mut commits = Vec::new();
        self.tick(&mut commits);
        self.write(&commits)
    }

    fn write_batch(&mut self, batch: Batch) -> Vec<Answer> {
        let failed = self.write(&batch.commits).err();
        let answer = |reply: Reply| match (&failed, reply.provisional) {
            (Some(error), true) => Answer { result: Err(Box::new(wire::log_problem(error))), replayed: false },
            _ => {
                self.answers.remember(reply.request_id, reply.fingerprint, reply.answer.result.clone());
                reply.answer
            }
        };
        batch.replies.into_iter().map(answer).collect()
    }

    /// Decides one press on the working state.
    fn take(&mut self, press: Press, batch: &mut Batch) {
        let Press { request_id, fingerprint, command, personal } = press;
        // The hall's numbers begin with the day, so the day begins before anything else is decided.
        self.open_day(&mut batch.commits);
        let reply = self.decide(request_id, fingerprint, &command, personal, batch);
        batch.replies.push(reply);
        fail_point::reached(Point::CommandDecided);
    }

    fn decide(
        &mut self,
        request_id: String,
        fingerprint: u64,
        command: &Command,
        personal: Option<Personal>,
        batch: &mut Batch,
    ) -> Reply {
        // What was answered before goes first: a misuse of the id in this batch must not stand in for it.
        let known = self.answers.get(&request_id).map(|(print, result)| (print, result, false)).or_else(|| {
            let same = batch.replies.iter().find(|reply| reply.request_id == request_id)?;
            Some((same.fingerprint, same.answer.result.clone(), same.provisional))
        });
        if let Some((print, result, provisional)) = known {
            let result = if print == fingerprint { result } else { Err(Box::new(wire::key_reused_problem())) };
            return Reply { request_id, fingerprint: print, answer: Answer { result, replayed: true }, provisional };
        }
        let result = match self.record(command) {
            Ok(events) => {
                let text = self.reply_text(command, &events);
                if !events.is_empty() {
                    let answered = Some(Answered { request_id: request_id.clone(), fingerprint, reply: text.clone() });
                    batch.commits.push(Commit { events, answered, personal });
                }
                Ok(text)
            }
            Err(refusal) => Err(Box::new(wire::refusal_problem(&refusal))),
        };
        Reply { request_id, fingerprint, answer: Answer { result, replayed: false }, provisional: true }
    }

    fn tick(&mut self, commits: &mut Vec<Commit>) {
        self.open_day(commits);
        let events = self.record(&Command::PassTime);
        push(commits, events.unwrap_or_default());
        if let Some(jump) = self.clock.take_jump() {
            let jumped = Event::ClockJumped { expected: jump.expected, shown: jump.shown };
            let now = self.now();
            let recorded = self.fold(vec![jumped], now);
            push(commits, recorded);
        }
    }

    fn open_day(&mut self, commits: &mut Vec<Commit>) {
        if queue::day_is_over(&self.hall, &self.state, self.now()) {
            let events = self.record(&Command::PassTime);
            push(commits, events.unwrap_or_default());
        }
        let skipped = self.skip_lost_numbers();
        let now = self.now();
        let recorded = self.fold(skipped, now);
        push(commits, recorded);
    }

    /// The hall's time, never before the last event.
    fn now(&self) -> Timestamp {
        let now = self.clock.now();
        self.state.clock().map_or(now, |last| last.max(now))
    }

    /// Decides a command on the working state and folds its events in.
    fn record(&mut self, command: &Command) -> Result<Vec<Recorded>, queue::Refusal> {
        let now = self.now();
        let events = queue::decide(&self.hall, &self.state, command, now)?;
        Ok(self.fold(events, now))
    }

    fn fold(&mut self, events: Vec<Event>, now: Timestamp) -> Vec<Recorded> {
        let mut recorded = Vec::with_capacity(events.len());
        for event in events {
            let event = Recorded { sequence: self.state.sequence() + 1, at: now, event };
            self.state.apply(&event);
            recorded.push(event);
        }
        recorded
    }

    fn reply_text(&self, command: &Command, events: &[Recorded]) -> String {
        let reply: CommandReply = views::reply(&self.hall, &self.state, command, events, self.now());
        // Plain data of our own always has a JSON form.
        serde_json::to_string(&reply).unwrap_or_else(|_| "{}".to_owned())
    }

    fn write(&mut self, commits: &[Commit]) -> Result<(), LogError> {
        if commits.is_empty() {
            return Ok(());
        }
        fail_point::reached(Point::BeforeAppend);
        let began = Instant::now();
        let appended = self.log.append(commits);
        self.sync_takes = (self.sync_takes * (SYNC_MEMORY - 1) + began.elapsed()) / SYNC_MEMORY;
        let skipping = std::mem::replace(&mut self.skipping, false);
        if let Err(error) = appended {
            tracing::error!(%error, commands = commits.len(), "nothing of this batch has happened");
            self.state = self.published.read(HallState::clone);
            self.published.set_fault(Some(error.to_string()));
            return Err(error);
        }
        fail_point::reached(Point::AfterCommit);
        self.published.set_fault(None);
        if skipping {
            self.lost = None;
        }
        for commit in commits {
            self.published.publish(&commit.events);
        }
        fail_point::reached(Point::Published);
        Ok(())
    }

    fn erase_expired(&mut self) {
        match self.log.erase_expired(self.now()) {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "personal data erased, its time is over"),
            Err(error) => tracing::warn!(%error, "personal data could not be erased; it is tried again"),
        }
    }

    fn save_snapshot_when_due(&mut self) {
        if self.state.sequence() >= self.snapshot_at + SNAPSHOT_EVERY {
            self.save_snapshot();
        }
    }

    fn save_snapshot(&mut self) {
        let sequence = self.state.sequence();
        if sequence == self.snapshot_at {
            return;
        }
        fail_point::reached(Point::BeforeSnapshot);
        let saved = snapshot::encode(&self.state.to_parts())
            .map_err(|e| e.to_string())
            .and_then(|body| self.log.save_snapshot(snapshot::VERSION, sequence, &body).map_err(|e| e.to_string()));
        match saved {
            Ok(()) => self.snapshot_at = sequence,
            // The log is whole without it; the next start takes longer.
            Err(error) => tracing::warn!(%error, "no snapshot"),
        }
        fail_point::reached(Point::AfterSnapshot);
    }
}

/// What the hub does by itself has no answer; nothing done is nothing written.
fn push(commits: &mut Vec<Commit>, events: Vec<Recorded>) {
    if !events.is_empty() {
        commits.push(Commit { events, ..Commit::default() });
    }
}
