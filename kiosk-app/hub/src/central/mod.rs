//! Sync to the province: the log behind a cursor, sent in order as CloudEvents batches.
//!
//! There is no outbox: what is sent is the log itself. The cursor moves only on central's answer, so an answer that
//! was lost sends the same events again under the same ids. One request is on its way at a time. The hall never
//! waits for central: this task reads beside the engine.

mod event;
mod exchange;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fail_point::Point;
use protocol::central::{BatchAnswer, EventVerdict, MAX_BATCH_EVENTS};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::config::CentralConfig;
use crate::log::LogReader;
use exchange::{Exchange, Failure};

/// Name of central's cursor in the log.
const CURSOR: &str = "central";
/// Events that happen together are sent together.
const GATHER: Duration = Duration::from_millis(300);
/// The cursor is saved no oftener than this: each saving is a sync of the disk.
const SAVE_EVERY: Duration = Duration::from_secs(5);
/// First pause after a failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause after failures, unless central asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// Longest pause that central may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// How the sync stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CentralReading {
    /// Last sequence that central has settled.
    pub sequence: u64,
    /// Why it does not get on.
    pub fault: Option<String>,
    /// Events in quarantine.
    pub quarantined: u64,
}

/// How the sync stands, for the hub's health.
#[derive(Debug, Default)]
pub struct CentralState(Mutex<CentralReading>);

impl CentralState {
    /// A copy.
    pub fn read(&self) -> CentralReading {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut CentralReading)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The sync task.
pub struct Sync {
    exchange: Exchange,
    hall: String,
    log: Box<dyn LogReader>,
    changes: watch::Receiver<u64>,
    state: Arc<CentralState>,
    /// Events of the next batch: halved when central finds a batch too large.
    most: usize,
    /// What central has answered for since the cursor was saved. Lost in a power cut it is only sent again.
    unsaved: Option<u64>,
    saved_at: Instant,
}

/// What one round came to.
enum Round {
    /// Something was sent; look for more.
    Sent,
    /// Central has everything.
    Idle,
    /// It did not work; wait, and at least so long where central said so.
    Failed(Option<Duration>),
}

impl Sync {
    pub fn new(
        hall: &str,
        to: &CentralConfig,
        log: Box<dyn LogReader>,
        changes: watch::Receiver<u64>,
        state: Arc<CentralState>,
    ) -> Result<Self, String> {
        let exchange = Exchange::new(to, hall)?;
        Ok(Self {
            exchange,
            hall: hall.to_owned(),
            log,
            changes,
            state,
            most: MAX_BATCH_EVENTS,
            unsaved: None,
            saved_at: Instant::now(),
        })
    }

    /// Sends until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        self.rounds(&stop).await;
        self.save();
    }

    async fn rounds(&mut self, stop: &CancellationToken) {
        let mut failures = 0;
        loop {
            self.changes.mark_unchanged();
            let round = tokio::select! {
                () = stop.cancelled() => return,
                round = self.round() => round,
            };
            match round {
                Round::Sent => failures = 0,
                Round::Idle => {
                    failures = 0;
                    tokio::select! {
                        () = stop.cancelled() => return,
                        changed = self.changes.changed() => if changed.is_err() { return },
                        () = sleep_until(self.saved_at + SAVE_EVERY), if self.unsaved.is_some() => self.save(),
                    }
                    tokio::time::sleep(GATHER).await;
                }
                Round::Failed(asked) => {
                    failures += 1;
                    let pause = asked.unwrap_or_else(|| pause_after(failures)).min(LONGEST_RETRY_AFTER);
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(pause) => {}
                    }
                }
            }
        }
    }

    async fn round(&mut self) -> Round {
        match self.send_next().await {
            Ok(sent) => {
                self.say(None);
                if sent { Round::Sent } else { Round::Idle }
            }
            Err(Failure::TooLarge) if self.most > 1 => {
                self.most /= 2;
                tracing::warn!(events = self.most, "central finds the batch too large, halving it");
                Round::Sent
            }
            Err(failure) => {
                self.say(Some(failure.to_string()));
                Round::Failed(failure.retry_after())
            }
        }
    }

    /// Says a fault once when it begins and once when it ends.
    fn say(&self, fault: Option<String>) {
        let before = self.state.read().fault;
        match &fault {
            Some(fault) if before.as_ref() != Some(fault) => tracing::warn!(%fault, "central sync waits"),
            None if before.is_some() => tracing::info!("central sync goes on"),
            _ => {}
        }
        self.state.change(|state| state.fault = fault);
    }

    /// Sends the next batch. Answers whether there was one.
    async fn send_next(&mut self) -> Result<bool, Failure> {
        let saved = self.log.cursor(CURSOR).map_err(Failure::log)?;
        let cursor = self.unsaved.unwrap_or(saved);
        let quarantined = self.log.quarantined().map_err(Failure::log)?.len() as u64;
        self.state.change(|state| {
            state.sequence = cursor;
            state.quarantined = quarantined;
        });
        let events = self.log.read(cursor, self.most).map_err(Failure::log)?;
        if events.is_empty() {
            return Ok(false);
        }
        let batch = exchange::body(&self.hall, &events, self.log.as_ref()).map_err(Failure::log)?;
        let last = cursor + batch.events as u64;
        fail_point::reached(Point::BatchReady);
        let (to, rejected) = match self.exchange.send(batch.body).await {
            Ok(answer) => settle(&answer, cursor, last)?,
            // Central has gone back to an older state: it is told again from there.
            Err(Failure::Gap(central)) if central < cursor => (central, Vec::new()),
            Err(failure) => return Err(failure),
        };
        fail_point::reached(Point::BatchAnswered);
        for (sequence, reason) in &rejected {
            tracing::warn!(sequence, %reason, "central rejects this event; it stands in quarantine");
        }
        if rejected.is_empty() && self.saved_at.elapsed() < SAVE_EVERY {
            self.unsaved = Some(to);
        } else {
            self.log.move_cursor(CURSOR, to, &rejected).map_err(Failure::log)?;
            (self.unsaved, self.saved_at) = (None, Instant::now());
        }
        self.state.change(|state| state.sequence = to);
        Ok(true)
    }

    fn save(&mut self) {
        self.saved_at = Instant::now();
        let Some(to) = self.unsaved.take() else { return };
        if let Err(error) = self.log.move_cursor(CURSOR, to, &[]) {
            tracing::warn!(%error, "what central has is not noted; it is sent again");
        }
    }
}

/// Where the cursor goes by central's answer to the events `cursor+1..=last`, and what goes to quarantine.
fn settle(answer: &BatchAnswer, cursor: u64, last: u64) -> Result<(u64, Vec<(u64, String)>), Failure> {
    let to = answer.accepted_through;
    if to <= cursor || to > last {
        let cause = format!("it was sent events {} to {last} and accepted through {to}", cursor + 1);
        return Err(Failure::Nonsense(cause));
    }
    let rejected = answer.results.iter().filter(|r| r.status == EventVerdict::Rejected && r.sequence <= to);
    let rejected = rejected.map(|r| (r.sequence, r.reason.clone().unwrap_or_else(|| "no reason given".to_owned())));
    Ok((to, rejected.collect()))
}

/// Doubles up to [`LONGEST_PAUSE`], with up to a quarter taken off at random so that halls do not come together.
fn pause_after(failures: u32) -> Duration {
    let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(LONGEST_PAUSE);
    // The hasher's seed is random for each process and differs for each number: enough to spread halls.
    let random = std::hash::BuildHasher::hash_one(&std::collections::hash_map::RandomState::new(), failures);
    pause - pause.mul_f64((random % 1000) as f64 / 4000.0)
}

#[cfg(test)]
mod tests {
    use protocol::central::EventResult;

    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes_and_are_spread() {
        assert!((Duration::from_millis(750)..=Duration::from_secs(1)).contains(&pause_after(1)));
        assert!((Duration::from_secs(6)..=Duration::from_secs(8)).contains(&pause_after(4)));
        for failures in 10..40 {
            assert!((Duration::from_secs(225)..=LONGEST_PAUSE).contains(&pause_after(failures)));
        }
    }

    #[test]
    fn the_cursor_moves_only_within_what_was_sent() {
        let answer = |accepted_through| BatchAnswer { accepted_through, results: Vec::new() };
        assert_eq!(settle(&answer(12), 10, 14).expect("a part").0, 12);
        assert!(settle(&answer(10), 10, 14).is_err(), "nothing settled is no progress");
        assert!(settle(&answer(15), 10, 14).is_err(), "central cannot have what it was not sent");
    }

    #[test]
    fn rejected_events_go_to_quarantine_with_their_reason() {
        let result = |sequence, status| EventResult { sequence, status, reason: Some("bad service".to_owned()) };
        let results = vec![result(11, EventVerdict::Accepted), result(12, EventVerdict::Rejected)];
        let answer = BatchAnswer { accepted_through: 12, results };
        assert_eq!(settle(&answer, 10, 12).expect("settled"), (12, vec![(12, "bad service".to_owned())]));
    }
}
