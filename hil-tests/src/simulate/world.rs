//! One hall on virtual time: the real engine over a simulated log and a simulated machine, with the judge beside it.
//! It plays steps and knows no dice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hub::{Clocks, Engine, HallClock, Press};
use jiff::{SignedDuration, Timestamp};
use queue::{Event, Hall, HallState, TicketId, TicketPhase};

use super::compare::compare;
use super::fault::Fault;
use super::judge::Judge;
use super::log::{Disk, SimulatedLog};
use super::oracle::Oracle;
use super::property::{Property, Violation};
use super::step::{Pressed, Restart, Step, ticket_of};

/// The oracle looks at everything after so many steps.
const COMPARED_EVERY: u64 = 5;
/// A day and a half, milliseconds: the next service day has begun, also where a new definition begins days later.
const A_DAY_LATER: u64 = 36 * 3600 * 1000;

/// The definitions of one hall, the first at the beginning, and when it begins.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) halls: Vec<Arc<Hall>>,
    pub(super) begin: Timestamp,
}

/// The clocks of the machine.
#[derive(Clone)]
struct Machine(Arc<Mutex<Clocks>>);

impl Machine {
    fn shows(&self) -> Clocks {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, turn: impl FnOnce(&mut Clocks)) {
        turn(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn pass(&self, milliseconds: u64) {
        self.turn(|clocks| {
            clocks.wall = later(clocks.wall, i64::try_from(milliseconds).unwrap_or(0));
            clocks.monotonic += Duration::from_millis(milliseconds);
        });
    }

    /// A hall clock as a new process makes it.
    fn clock(&self) -> Arc<HallClock> {
        let machine = self.clone();
        Arc::new(HallClock::new(Arc::new(move || machine.shows())))
    }
}

fn later(at: Timestamp, milliseconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_millis(milliseconds)).unwrap_or(at)
}

/// The hub and all around it.
pub(super) struct World {
    plan: Plan,
    fault: Option<Fault>,
    machine: Machine,
    log: SimulatedLog,
    disk: Disk,
    hall: Arc<Hall>,
    /// The definition that the hub runs: another one than `hall` with some faults.
    run: Arc<Hall>,
    clock: Arc<HallClock>,
    engine: Engine,
    judge: Judge,
    /// Commits that the judge has read.
    read: usize,
    steps: u64,
    /// The oracle looks at everything after so many steps; never for none.
    compared_every: Option<u64>,
    /// Presses so far.
    pub(super) presses: u64,
    /// The ticket that a press got, and the press that got a ticket.
    tickets: BTreeMap<u64, TicketId>,
    pressed: BTreeMap<TicketId, u64>,
}

impl World {
    /// An empty hall at its beginning.
    pub(super) fn new(plan: Plan, fault: Option<Fault>) -> Result<Self, Violation> {
        let machine = Machine(Arc::new(Mutex::new(Clocks { wall: plan.begin, monotonic: Duration::ZERO })));
        let (log, clock) = (SimulatedLog::default(), machine.clock());
        if fault == Some(Fault::Unavailable) {
            log.set_disk(Disk::Failing);
        }
        let hall = plan.halls.first().cloned().ok_or_else(|| Property::HubAnswers.violated("no hall"))?;
        let run = run_as(&hall, fault);
        let engine = open(&run, &log, &clock)?;
        let mut world = Self {
            plan,
            fault,
            machine,
            log,
            disk: Disk::Good,
            hall,
            run,
            clock,
            engine,
            judge: Judge::default(),
            read: 0,
            steps: 0,
            compared_every: Some(COMPARED_EVERY),
            presses: 0,
            tickets: BTreeMap::new(),
            pressed: BTreeMap::new(),
        };
        world.read()?;
        Ok(world)
    }

    /// The oracle looks at everything after each step, or never.
    pub(super) fn compare_always(&mut self, always: bool) {
        self.compared_every = always.then_some(1);
    }

    /// The definition that stands now.
    pub(super) fn hall(&self) -> &Arc<Hall> {
        &self.hall
    }

    /// The hall's time.
    pub(super) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        self.judge.book.clock.map_or(now, |last| last.max(now))
    }

    /// What everybody may read.
    pub(super) fn shown<T>(&self, read: impl FnOnce(&HallState) -> T) -> T {
        self.engine.published().read(read)
    }

    /// The press that took a number.
    pub(super) fn press_of(&self, ticket: &TicketId) -> Option<u64> {
        self.pressed.get(ticket).copied()
    }

    /// Plays one step.
    pub(super) fn play(&mut self, step: &Step) -> Result<(), Violation> {
        match step {
            Step::Pass(milliseconds) => {
                self.machine.pass(*milliseconds);
                self.tick()?;
            }
            Step::Press(presses) => self.press(presses)?,
            Step::Jump(by) => self.machine.turn(|clocks| clocks.wall = later(clocks.wall, *by)),
            Step::Disk(disk) => {
                self.disk = *disk;
                self.log.set_disk(*disk);
            }
            Step::Crash { during, kept, restart } => self.crash(during, *kept, restart)?,
            Step::Stop(restart) => self.stop(restart)?,
        }
        self.steps += 1;
        let due = self.compared_every.is_some_and(|every| self.steps.is_multiple_of(every));
        if due { self.compare() } else { Ok(()) }
    }

    /// The end of the last day: it passes, and all of it is in the log.
    pub(super) fn finish(&mut self) -> Result<(), Violation> {
        self.play(&Step::Disk(Disk::Good))?;
        self.compare()?;
        let day = self.judge.book.day;
        // A clock that was set back may lie far behind the last event: only after that the next day can begin.
        let behind = self.now().duration_since(self.machine.shows().wall).as_millis();
        let off = A_DAY_LATER + u64::try_from(behind).unwrap_or(0);
        self.stop(&Restart { off, hall: self.definition(), ..Restart::default() })?;
        self.tick()?;
        Property::EveryTicketEnds.holds(self.judge.book.day > day, || format!("no day follows {day:?}"))?;
        self.compare()?;
        // Once more from the start, as a hub without a snapshot does.
        let mut fold = HallState::default();
        self.log.commits(0).iter().flat_map(|commit| &commit.events).for_each(|event| fold.apply(event));
        let whole = self.shown(|state| *state == fold && HallState::from(state.to_parts()) == fold);
        Property::StateIsFold.holds(whole, || "the last state is not the fold of the whole log".to_owned())
    }

    fn definition(&self) -> usize {
        self.plan.halls.iter().position(|hall| Arc::ptr_eq(hall, &self.hall)).unwrap_or(0)
    }

    fn tick(&mut self) -> Result<(), Violation> {
        let done = self.engine.pass_time();
        self.read()?;
        match done {
            Ok(()) => self.judge.check_closed(&self.hall, self.now()),
            Err(error) => Property::HubAnswers.holds(self.disk != Disk::Good, || format!("on a good disk: {error}")),
        }
    }

    fn press(&mut self, pressed: &[Pressed]) -> Result<(), Violation> {
        let presses = self.aim(pressed);
        let sent = presses.iter().map(|press| self.send(press)).collect();
        let answers = self.engine.handle(sent);
        self.read()?;
        let good = self.disk == Disk::Good;
        let all = answers.len() == presses.len();
        Property::HubAnswers.holds(all, || format!("{} answers to {} presses", answers.len(), presses.len()))?;
        presses.iter().zip(&answers).try_for_each(|(press, answer)| self.judge.hear(press, answer, good))
    }

    /// Presses for the tickets that are meant.
    fn aim(&mut self, pressed: &[Pressed]) -> Vec<Press> {
        self.presses += pressed.len() as u64;
        let aim = |pressed: &Pressed| {
            let mut command = pressed.command.clone();
            let meant = pressed.about.and_then(|about| self.tickets.get(&about));
            if let (Some(meant), Some(ticket)) = (meant, ticket_of(&mut command)) {
                *ticket = *meant;
            }
            Press { request_id: pressed.request_id(), fingerprint: pressed.fingerprint, command, personal: None }
        };
        pressed.iter().map(aim).collect()
    }

    fn send(&self, press: &Press) -> Press {
        let Some(fault) = self.fault else { return press.clone() };
        let acted = self.judge.has_acted(&press.request_id);
        Press { request_id: fault.request_id(press.request_id.clone(), acted, self.presses), ..press.clone() }
    }

    fn crash(&mut self, during: &[Pressed], kept: bool, restart: &Restart) -> Result<(), Violation> {
        self.log.set_disk(Disk::Cut { kept: kept && self.disk == Disk::Good });
        let presses = self.aim(during);
        // Whatever it says, nobody hears it.
        if presses.is_empty() {
            drop(self.engine.pass_time());
        } else {
            drop(self.engine.handle(presses));
        }
        if let Some(fault) = self.fault {
            fault.cut(&self.log);
        }
        self.restart(restart)
    }

    fn stop(&mut self, restart: &Restart) -> Result<(), Violation> {
        // Its run uses an engine up: until the restart an empty hub stands here.
        let engine = std::mem::replace(&mut self.engine, open(&self.run, &SimulatedLog::default(), &self.clock)?);
        let (_, requests) = tokio::sync::mpsc::channel(1);
        // Nobody can send any more: it saves its snapshot and ends.
        engine.run(requests, &Default::default());
        if let Some(fault) = self.fault {
            fault.stop(&self.log);
        }
        self.restart(restart)
    }

    /// A new process on a machine that was off.
    fn restart(&mut self, restart: &Restart) -> Result<(), Violation> {
        self.log.set_disk(self.disk);
        if restart.snapshot_lost {
            self.log.lose_snapshot();
        }
        self.judge.check_kept(&self.log.replies(), self.log.end())?;
        // What was in flight was decided under the definition until now.
        self.read()?;
        let off = i64::try_from(restart.off).unwrap_or(0).saturating_add(restart.shift);
        self.machine.turn(|clocks| *clocks = Clocks { wall: later(clocks.wall, off), monotonic: Duration::ZERO });
        self.clock = self.machine.clock();
        if let Some(hall) = self.plan.halls.get(restart.hall) {
            self.hall = hall.clone();
            self.run = run_as(hall, self.fault);
        }
        self.engine = open(&self.run, &self.log, &self.clock)?;
        self.read()?;
        self.compare()
    }

    /// Lets the judge read what is new in the log.
    fn read(&mut self) -> Result<(), Violation> {
        for mut commit in self.log.commits(self.read) {
            self.read += 1;
            if let Some(fault) = self.fault {
                let in_phase = |wanted: fn(TicketPhase) -> bool| -> Vec<TicketId> {
                    self.judge.book.tickets.iter().filter(|e| wanted(e.phase)).map(|e| e.id).collect()
                };
                let at_counters = in_phase(|phase| matches!(phase, TicketPhase::Called | TicketPhase::Serving));
                fault.change(&mut commit, &at_counters, &in_phase(TicketPhase::is_over));
            }
            self.remember(&commit);
            self.judge.read(&commit, Fault::rules(self.fault, &self.hall, &self.run))?;
        }
        Ok(())
    }

    fn remember(&mut self, commit: &hub::log::Commit) {
        let press = commit.answered.as_ref().and_then(|answered| answered.request_id.strip_prefix('p')?.parse().ok());
        let issued = commit.events.iter().find_map(|recorded| match &recorded.event {
            Event::TicketIssued { ticket, .. } => Some(*ticket),
            _ => None,
        });
        if let (Some(press), Some(ticket)) = (press, issued) {
            self.tickets.insert(press, ticket);
            self.pressed.insert(ticket, press);
        }
    }

    fn compare(&self) -> Result<(), Violation> {
        if self.compared_every.is_none() {
            return Ok(());
        }
        let rules = Fault::rules(self.fault, &self.hall, &self.run);
        self.shown(|state| {
            self.judge.check_fold(state)?;
            compare(state, Oracle { book: &self.judge.book, hall: rules.hall, now: self.now() })
        })
    }
}

fn run_as(hall: &Arc<Hall>, fault: Option<Fault>) -> Arc<Hall> {
    fault.and_then(|fault| fault.hall(hall)).map_or_else(|| hall.clone(), Arc::new)
}

fn open(hall: &Arc<Hall>, log: &SimulatedLog, clock: &Arc<HallClock>) -> Result<Engine, Violation> {
    let opened = Engine::open(hall.clone(), Box::new(log.clone()), clock.clone());
    opened.map_err(|error| Property::HubAnswers.violated(format!("the log cannot be opened: {error}")))
}
