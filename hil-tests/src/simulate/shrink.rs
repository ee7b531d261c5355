//! Makes a failing list of steps short: takes out halves, then ever smaller parts, then single presses, as long as the
//! same property still does not hold.

use super::step::{Pressed, Step};

/// Most lists that are tried.
const MOST_TRIES: u32 = 4_000;

/// The shortest list found. `fails` plays a list and says after how many of its steps it fails; none when it does not,
/// or fails otherwise.
pub(super) fn shrink(steps: Vec<Step>, fails: impl FnMut(&[Step]) -> Option<usize>) -> Vec<Step> {
    let mut shrinker = Shrinker { steps, fails, tries: 0 };
    loop {
        let before = shrinker.steps.clone();
        shrinker.without_steps();
        shrinker.without_presses();
        shrinker.with_time_only();
        shrinker.with_time_together();
        if shrinker.steps == before {
            return before;
        }
    }
}

struct Shrinker<F> {
    steps: Vec<Step>,
    fails: F,
    tries: u32,
}

impl<F: FnMut(&[Step]) -> Option<usize>> Shrinker<F> {
    /// Takes a list over when it fails still.
    fn try_with(&mut self, mut steps: Vec<Step>) -> bool {
        if self.tries >= MOST_TRIES {
            return false;
        }
        self.tries += 1;
        let Some(needed) = (self.fails)(&steps) else { return false };
        steps.truncate(needed);
        self.steps = steps;
        true
    }

    /// Tries without halves, then without ever smaller parts.
    fn without_steps(&mut self) {
        let mut part = self.steps.len().div_ceil(2);
        while part > 0 {
            let shorter = self.without_parts(part);
            // Single steps are tried again for as long as that takes something away.
            part = if part == 1 && shorter { 1 } else { part / 2 };
        }
    }

    /// Tries without each part of that length; whether one was not needed.
    fn without_parts(&mut self, length: usize) -> bool {
        let mut shorter = false;
        let mut from = 0;
        while from < self.steps.len() {
            let mut steps = self.steps.clone();
            steps.drain(from..(from + length).min(steps.len()));
            if self.try_with(steps) {
                shorter = true;
            } else {
                from += length;
            }
        }
        shorter
    }

    /// Tries time that just passes in the place of each restart.
    fn with_time_only(&mut self) {
        for n in 0..self.steps.len() {
            let mut steps = self.steps.clone();
            let off = match steps.get(n) {
                Some(Step::Crash { restart, .. } | Step::Stop(restart)) => restart.off,
                _ => continue,
            };
            steps.splice(n..=n, [Step::Pass(off)]);
            self.try_with(steps);
        }
    }

    /// Tries to let the time of each pause pass with the next one.
    fn with_time_together(&mut self) {
        let mut n = 0;
        while n < self.steps.len() {
            let mut steps = self.steps.clone();
            let pause = |step: &Step| if let Step::Pass(time) = step { Some(*time) } else { None };
            let next = steps.iter().skip(n + 1).position(|step| pause(step).is_some());
            if let (Some(first), Some(next)) = (pause(&steps[n]), next.map(|next| n + 1 + next)) {
                steps[next] = Step::Pass(first + pause(&steps[next]).unwrap_or(0));
                steps.remove(n);
                if self.try_with(steps) {
                    continue;
                }
            }
            n += 1;
        }
    }

    /// Tries without each single press of those that were made together.
    fn without_presses(&mut self) {
        for step in 0..self.steps.len() {
            let mut press = 0;
            while self.steps.get_mut(step).and_then(presses).is_some_and(|presses| press < presses.len()) {
                let mut steps = self.steps.clone();
                steps.get_mut(step).and_then(presses).map(|presses| presses.remove(press));
                if !self.try_with(steps) {
                    press += 1;
                }
            }
        }
    }
}

fn presses(step: &mut Step) -> Option<&mut Vec<Pressed>> {
    match step {
        Step::Press(presses) | Step::Crash { during: presses, .. } => Some(presses),
        _ => None,
    }
}
