//! The hall's time: the machine's clock, unless it jumps.
//!
//! A clock that is set while the hub runs would open a new day too early, or let tickets wait for minus an hour. So the
//! hall goes on by the monotonic clock when the two part by more than [`TOLERANCE`], says so, and takes the new time
//! over when it has stood for [`SETTLE`]. The engine besides never goes back behind the last event.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use protocol::health::DeviceFault;

/// A difference that setting the clock by network makes as a matter of course.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(10);
/// A jump that stands this long is the new time.
const SETTLE: Duration = Duration::from_secs(600);

/// What a machine's two clocks show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// Time of day; may be set by people and by the network.
    pub wall: Timestamp,
    /// Time since any fixed moment; never set.
    pub monotonic: Duration,
}

/// Reads both clocks; passed in so that a test can turn them.
pub type Clock = Arc<dyn Fn() -> Clocks + Send + Sync>;

/// The machine's clocks.
#[must_use]
pub fn system_clock() -> Clock {
    let began = Instant::now();
    Arc::new(move || Clocks { wall: Timestamp::now(), monotonic: began.elapsed() })
}

/// A jump of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jump {
    /// What the clock should have shown.
    pub expected: Timestamp,
    /// What it showed.
    pub shown: Timestamp,
}

struct Inner {
    /// Where both clocks agreed last.
    base: Clocks,
    /// The jump that is watched, since when, and whether the engine knows of it.
    jump: Option<(Jump, Duration, bool)>,
}

/// The hall's clock.
pub struct HallClock {
    clock: Clock,
    inner: Mutex<Inner>,
}

impl HallClock {
    /// Begins with what the clock shows now.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let inner = Mutex::new(Inner { base: clock(), jump: None });
        Self { clock, inner }
    }

    /// The hall's time, in whole milliseconds as the log keeps it.
    pub fn now(&self) -> Timestamp {
        let shown = (self.clock)();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        milliseconds(inner.read(shown))
    }

    /// A jump that the log does not yet tell of.
    pub fn take_jump(&self) -> Option<Jump> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (jump, _, told) = inner.jump.as_mut()?;
        (!std::mem::replace(told, true)).then_some(*jump)
    }

    /// What is wrong with the clock now.
    pub fn fault(&self) -> Option<DeviceFault> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (jump, ..) = inner.jump?;
        Some(DeviceFault {
            code: "clock-jumped".to_owned(),
            detail: format!("the machine's clock jumped from {} to {}", jump.expected, jump.shown),
            action: format!(
                "set the clock right; the hall keeps its own time, and takes the new one over after {} minutes",
                SETTLE.as_secs() / 60
            ),
        })
    }
}

impl Inner {
    fn read(&mut self, shown: Clocks) -> Timestamp {
        let passed = shown.monotonic.saturating_sub(self.base.monotonic);
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        let expected = self.base.wall.saturating_add(passed).unwrap_or(shown.wall);
        if near(shown.wall, expected) {
            self.base = shown;
            self.jump = None;
            return shown.wall;
        }
        match self.jump {
            // The same jump as before: by how much the clocks differ has not changed.
            Some((jump, since, _)) if near(shown.wall, later(expected, jump)) => {
                if shown.monotonic.saturating_sub(since) >= SETTLE {
                    tracing::warn!(%expected, shown = %shown.wall, "the hall takes the machine's new time over");
                    self.base = shown;
                    self.jump = None;
                    return shown.wall;
                }
            }
            _ => {
                tracing::error!(%expected, shown = %shown.wall, "the machine's clock jumped; the hall keeps its own time");
                self.jump = Some((Jump { expected, shown: shown.wall }, shown.monotonic, false));
            }
        }
        expected
    }
}

/// What the clock shows at `expected` when nothing but this jump happened.
fn later(expected: Timestamp, jump: Jump) -> Timestamp {
    expected.saturating_add(jump.shown.duration_since(jump.expected)).unwrap_or(expected)
}

fn near(a: Timestamp, b: Timestamp) -> bool {
    a.duration_since(b).abs() <= TOLERANCE
}

fn milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that shows what was set last.
    #[derive(Clone)]
    struct Turned(Arc<Mutex<Clocks>>);

    impl Turned {
        fn new() -> Self {
            let wall = "2026-11-25T02:00:00Z".parse().expect("a time");
            Self(Arc::new(Mutex::new(Clocks { wall, monotonic: Duration::ZERO })))
        }

        fn clock(&self) -> Clock {
            let inner = self.0.clone();
            Arc::new(move || *inner.lock().expect("nobody panics"))
        }

        fn pass(&self, seconds: i64) {
            let mut clocks = self.0.lock().expect("nobody panics");
            clocks.wall += SignedDuration::from_secs(seconds);
            clocks.monotonic += Duration::from_secs(seconds.unsigned_abs());
        }

        fn jump(&self, seconds: i64) {
            self.0.lock().expect("nobody panics").wall += SignedDuration::from_secs(seconds);
        }
    }

    #[test]
    fn a_jump_is_told_once_and_the_hall_keeps_its_time_until_it_has_settled() {
        for jump in [-7200, 90_000] {
            let turned = Turned::new();
            let hall = HallClock::new(turned.clock());
            let began = hall.now();
            turned.pass(30);
            assert_eq!(hall.now().duration_since(began).as_secs(), 30);
            turned.jump(jump);
            turned.pass(30);
            assert_eq!(hall.now().duration_since(began).as_secs(), 60, "a jump of {jump} s changes nothing");
            let told = hall.take_jump().expect("the jump");
            assert_eq!(told.shown.duration_since(told.expected).as_secs(), jump);
            assert_eq!(hall.take_jump(), None);
            assert!(hall.fault().is_some());
            turned.pass(599);
            assert_eq!(hall.now().duration_since(began).as_secs(), 659);
            turned.pass(1);
            assert_eq!(hall.now().duration_since(began).as_secs(), 660 + jump, "it is the new time now");
            assert_eq!(hall.fault(), None);
        }
    }

    #[test]
    fn a_clock_that_is_set_right_again_is_no_fault_and_small_steps_are_none() {
        let turned = Turned::new();
        let hall = HallClock::new(turned.clock());
        turned.jump(3600);
        hall.now();
        assert!(hall.fault().is_some());
        turned.jump(-3600);
        hall.now();
        assert_eq!(hall.fault(), None);
        for _ in 0..5 {
            turned.jump(9);
            hall.now();
            assert_eq!(hall.take_jump().map(|jump| jump.shown), None);
        }
    }
}
