//! The course of a seed's days: when people press, and when the machine, its clock and its disk make trouble.

use super::dice::{Dice, choose, one_in};
use super::log::Disk;
use super::people::People;
use super::step::{Pressed, Restart, Step};
use super::world::World;

/// Milliseconds.
const MINUTE: u64 = 60 * 1000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How much trouble a seed has: once in so many batches of presses.
struct Trouble {
    crash: u32,
    stop: u32,
    jump: u32,
    disk: u32,
}

/// What happens next, by the dice.
pub(super) struct Course {
    people: People,
    trouble: Trouble,
    /// Presses that nobody answered, since the power went or the disk did not write.
    unanswered: Vec<Pressed>,
    disk: Disk,
    /// By how much the clock is wrong, milliseconds.
    wrong: i64,
    definitions: usize,
    definition: usize,
    days_left: u32,
    /// Of the present day: what has passed, and how many batches people still make within how long.
    passed: u64,
    batches: u64,
    pause: u64,
}

impl Course {
    pub(super) fn new(days: u32, definitions: usize, dice: &mut Dice) -> Self {
        let often = |sides: &[u32], dice: &mut Dice| *choose(sides, dice);
        let trouble = Trouble {
            crash: often(&[60, 150, 400], dice),
            stop: often(&[150, 600], dice),
            jump: often(&[150, 600, 5000], dice),
            disk: often(&[120, 600], dice),
        };
        let mut course = Self {
            people: People::new(dice),
            trouble,
            unanswered: Vec::new(),
            disk: Disk::Good,
            wrong: 0,
            definitions,
            definition: 0,
            days_left: days,
            passed: 0,
            batches: 0,
            pause: 0,
        };
        course.begin_day(dice);
        course
    }

    fn begin_day(&mut self, dice: &mut Dice) {
        self.passed = 0;
        self.batches = dice.u64(180..440);
        self.pause = dice.u64(3..11) * HOUR / self.batches;
    }

    /// The steps that come next; none when the last day is over.
    pub(super) fn next(&mut self, world: &World, dice: &mut Dice) -> Vec<Step> {
        if self.batches == 0 {
            return self.night(dice);
        }
        self.batches -= 1;
        let mut steps = Vec::new();
        // Now and then everybody comes at once.
        let pause = if one_in(3, dice) { dice.u64(..2000) } else { dice.u64(..self.pause * 3) };
        self.pass(pause, &mut steps);
        self.disturb(world, &mut steps, dice);
        if self.disk == Disk::Good && !self.unanswered.is_empty() {
            let again = People::insist(&std::mem::take(&mut self.unanswered), dice);
            steps.extend((!again.is_empty()).then_some(Step::Press(again)));
        }
        let presses = self.people.press(world, dice);
        if self.disk != Disk::Good {
            self.unanswered.extend(presses.iter().cloned());
        }
        steps.extend((!presses.is_empty()).then_some(Step::Press(presses)));
        steps
    }

    fn pass(&mut self, time: u64, steps: &mut Vec<Step>) {
        self.passed += time;
        steps.push(Step::Pass(time));
    }

    /// Nobody is there; the hub looks at its clock, or is off.
    fn night(&mut self, dice: &mut Dice) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.passed < DAY {
            let left = DAY - self.passed;
            if one_in(12, dice) {
                self.passed += left;
                steps.push(Step::Stop(self.restart(left, dice)));
            } else {
                self.pass(dice.u64(10 * MINUTE..4 * HOUR).min(left), &mut steps);
            }
        } else if self.days_left > 1 {
            self.days_left -= 1;
            self.begin_day(dice);
            self.pass(MINUTE, &mut steps);
        }
        steps
    }

    fn disturb(&mut self, world: &World, steps: &mut Vec<Step>, dice: &mut Dice) {
        if one_in(self.trouble.crash, dice) {
            let during = if one_in(4, dice) { Vec::new() } else { self.people.press(world, dice) };
            self.unanswered.extend(during.iter().cloned());
            let longest = *choose(&[MINUTE, 5 * MINUTE, 5 * MINUTE, 2 * HOUR], dice);
            let off = dice.u64(2000..longest);
            self.passed += off;
            steps.push(Step::Crash { during, kept: dice.bool(), restart: self.restart(off, dice) });
        }
        if one_in(self.trouble.stop, dice) {
            let off = dice.u64(1000..MINUTE);
            steps.push(Step::Stop(self.restart(off, dice)));
        }
        if self.wrong != 0 && one_in(15, dice) {
            steps.push(Step::Jump(-std::mem::take(&mut self.wrong)));
        } else if one_in(self.trouble.jump, dice) {
            steps.push(Step::Jump(self.misset(dice)));
        }
        if self.disk != Disk::Good && one_in(4, dice) {
            self.set_disk(Disk::Good, steps);
        } else if one_in(self.trouble.disk, dice) {
            self.set_disk(*choose(&[Disk::Full, Disk::Failing], dice), steps);
        }
    }

    fn set_disk(&mut self, disk: Disk, steps: &mut Vec<Step>) {
        self.disk = disk;
        steps.push(Step::Disk(disk));
    }

    fn restart(&mut self, off: u64, dice: &mut Dice) -> Restart {
        if one_in(3, dice) {
            self.definition = dice.usize(..self.definitions);
        }
        let shift = if one_in(10, dice) { self.misset(dice) } else { 0 };
        Restart { off, shift, snapshot_lost: one_in(4, dice), hall: self.definition }
    }

    /// By how much somebody sets the clock wrong: seconds, hours, seldom days.
    fn misset(&mut self, dice: &mut Dice) -> i64 {
        let most = *choose(&[MINUTE, MINUTE, 3 * HOUR, 3 * HOUR, 3 * DAY], dice);
        let most = i64::try_from(most).unwrap_or(0);
        let by = dice.i64(-most..=most);
        self.wrong += by;
        by
    }
}
