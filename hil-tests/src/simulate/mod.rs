//! Whole halls on virtual time: random definitions, citizens, officers and agents, retries, power cuts with loss of
//! what was in flight, clocks that jump, full disks. All comes from one printed seed.
//!
//! The real [`hub::Engine`] runs over a simulated log and simulated clocks ([`play`]). Beside it stands a judge, which
//! sees only what the hub writes, answers and shows, keeps a plain book of every ticket, and compares with a
//! brute-force oracle. The first violated [`Property`] ends a seed; its list of [`Step`]s is then made as short as can
//! be found. Nothing here knows SQLite: what a disk does to the real log is the business of [`crate::power_cut`].
//!
//! [`Fault`]s are planted in tests, to show that each property is watched.

mod book;
mod buttons;
mod compare;
mod course;
mod dice;
mod entries;
mod fault;
mod hall;
mod judge;
mod log;
mod oracle;
mod people;
mod property;
mod shrink;
mod step;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use course::Course;
use dice::Dice;
use world::{Plan, World};

pub use fault::Fault;
pub use log::Disk;
pub use property::{Property, Violation};
pub use step::{Pressed, Restart, Step};

/// Threads that play seeds side by side.
const THREADS: usize = 2;

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Service days of each seed.
    pub days: u32,
    /// A planted fault.
    pub fault: Option<Fault>,
}

/// A seed in which a property did not hold.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What did not hold.
    pub violation: Violation,
    /// All that happened until then.
    pub steps: Vec<Step>,
}

/// How a seed went.
#[derive(Clone, Debug)]
pub struct Played {
    /// Presses of buttons.
    pub commands: u64,
    /// What did not hold, if anything.
    pub failure: Option<Failure>,
}

/// How many seeds went.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Seeds that were played to their end, or to their failure.
    pub seeds: u64,
    /// Presses of buttons.
    pub commands: u64,
    /// The failure with the smallest seed.
    pub failure: Option<Failure>,
}

/// Plays one seed.
#[must_use]
pub fn play(seed: u64, options: Options) -> Played {
    let mut dice = Dice::with_seed(seed);
    let plan = hall::plan(&mut dice);
    let mut steps = Vec::new();
    let mut commands = 0;
    let done = guarded(|| play_days(plan, options, &mut dice, &mut steps, &mut commands));
    let failure = done.err().map(|violation| Failure { seed, violation, steps });
    Played { commands, failure }
}

fn play_days(
    plan: Plan,
    options: Options,
    dice: &mut Dice,
    played: &mut Vec<Step>,
    commands: &mut u64,
) -> Result<(), Violation> {
    let mut course = Course::new(options.days, plan.halls.len(), dice);
    let mut world = World::new(plan, options.fault)?;
    loop {
        let steps = course.next(&world, dice);
        if steps.is_empty() {
            return world.finish();
        }
        for step in steps {
            played.push(step.clone());
            let done = world.play(&step);
            *commands = world.presses;
            done?;
        }
    }
}

/// Plays seeds side by side until one fails.
#[must_use]
pub fn play_seeds(first: u64, count: u64, options: Options) -> Totals {
    let (next, failed) = (AtomicU64::new(0), AtomicBool::new(false));
    let totals = Mutex::new(Totals::default());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !failed.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= count {
                        return;
                    }
                    let played = play(first.saturating_add(seed), options);
                    failed.fetch_or(played.failure.is_some(), Ordering::Relaxed);
                    totals.lock().unwrap_or_else(PoisonError::into_inner).add(played);
                }
            });
        }
    });
    totals.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl Totals {
    fn add(&mut self, played: Played) {
        self.seeds += 1;
        self.commands += played.commands;
        let seed = |failure: &Option<Failure>| failure.as_ref().map_or(u64::MAX, |failure| failure.seed);
        if seed(&played.failure) < seed(&self.failure) {
            self.failure = played.failure;
        }
    }
}

/// The same failure with the fewest steps that could be found.
#[must_use]
pub fn shrink(failure: &Failure, options: Options) -> Failure {
    let plan = hall::plan(&mut Dice::with_seed(failure.seed));
    let mut violation = failure.violation.clone();
    let wanted = violation.property;
    let steps = shrink::shrink(failure.steps.clone(), |steps| {
        let (needed, found) = replay(&plan, options.fault, steps, wanted)?;
        (found.property == wanted).then(|| violation = found)?;
        Some(needed)
    });
    Failure { seed: failure.seed, violation, steps }
}

/// After how many steps of a list a property does not hold, and which; none when all hold. `wanted` is looked for.
fn replay(plan: &Plan, fault: Option<Fault>, steps: &[Step], wanted: Property) -> Option<(usize, Violation)> {
    let mut played = 0;
    let done = guarded(|| {
        let mut world = World::new(plan.clone(), fault)?;
        // What is compared after each step would often be violated before another property is.
        world.compare_always(matches!(wanted, Property::OracleAgrees | Property::StateIsFold));
        for step in steps {
            played += 1;
            world.play(step)?;
        }
        world.finish()
    });
    done.err().map(|violation| (played, violation))
}

/// A panic of the hub is a violation like others.
fn guarded(play: impl FnOnce() -> Result<(), Violation>) -> Result<(), Violation> {
    catch_unwind(AssertUnwindSafe(play)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(Property::HubAnswers.violated(format!("panic: {}", text.unwrap_or("without a word"))))
    })
}

/// The definitions of a seed's hall, for people.
#[must_use]
pub fn describe_halls(seed: u64) -> String {
    hall::plan(&mut Dice::with_seed(seed)).to_string()
}
