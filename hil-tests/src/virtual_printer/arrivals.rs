//! When bytes came in: the clock of the latency measurement.

use std::collections::VecDeque;
use std::time::Instant;

/// When the bytes that wait inside the printer came in: (how many, when), oldest first.
#[derive(Debug, Default)]
pub(super) struct Arrivals(VecDeque<(usize, Instant)>);

impl Arrivals {
    pub(super) fn add(&mut self, count: usize, when: Instant) {
        self.0.push_back((count, when));
    }

    pub(super) fn first(&self) -> Option<Instant> {
        self.0.front().map(|(_, when)| *when)
    }

    pub(super) fn consume(&mut self, mut count: usize) {
        while let Some((waiting, _)) = self.0.front_mut() {
            if *waiting > count {
                *waiting -= count;
                return;
            }
            count -= *waiting;
            self.0.pop_front();
        }
    }
}
