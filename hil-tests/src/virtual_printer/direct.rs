//! A printer without a wire: bytes go in, paper comes out at once. For tests that look at what is printed
//! and not at how it gets there.

use std::collections::BTreeMap;

use super::counters::Counters;
use super::machine::{Machine, Step};
use super::model::Model;
use super::sheet::Sheet;
use crate::wire::Device;

/// A virtual printer that takes its bytes at once. It keeps what a real one keeps from job to job.
#[derive(Debug)]
pub struct DirectPrinter {
    machine: Machine,
}

impl DirectPrinter {
    /// A printer that was just switched on.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self { machine: Machine::new(model) }
    }

    /// Prints a job and hands over its paper: what was cut, or what hangs out of a printer without a knife.
    pub fn print(&mut self, job: &[u8]) -> Sheet {
        let mut rest = job;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.machine.appetite().max(1)));
            self.machine.receive(now);
            while let Step::Done { .. } = self.machine.step() {}
            rest = later;
        }
        match self.machine.sheets.pop_back() {
            Some(sheet) => sheet,
            None => self.machine.tear(),
        }
    }

    /// Switches it off and on: what it kept in its volatile memory is gone.
    pub fn lose_power(&mut self) {
        self.machine.cut_power();
        self.machine.powered = true;
    }

    /// What was counted so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.machine.counters
    }

    /// The unknown commands themselves (at most the first 1000).
    #[must_use]
    pub fn unknown_commands(&self) -> &[Vec<u8>] {
        &self.machine.interpreter.notes.unknown
    }

    /// Commands that are known but not carried out, and data that a printer refuses, by name.
    #[must_use]
    pub fn skipped_commands(&self) -> &BTreeMap<String, u64> {
        &self.machine.interpreter.notes.skipped
    }
}
