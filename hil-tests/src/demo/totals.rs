//! What the whole morning must add up to.

use std::collections::BTreeSet;

use anyhow::ensure;

use super::crew::DESKS;
use super::morning::Morning;
use crate::whole_hall::Bench;

impl Morning<'_> {
    /// Every count of the morning, from the side that received it.
    ///
    /// # Errors
    /// The first count that is not right.
    pub(super) fn check_totals(&mut self) -> anyhow::Result<()> {
        let numbers: BTreeSet<_> = self.tickets.iter().map(|(number, _)| number).collect();
        let services: BTreeSet<_> = self.tickets.iter().map(|(_, service)| service).collect();
        let printer = &self.hall.bench.printer;
        ensure!(numbers.len() == 12 && self.tickets.len() == 12, "12 tickets, not {}", self.tickets.len());
        ensure!(services.len() >= 3, "at least 3 services, not {}", services.len());
        ensure!(self.served.len() == DESKS.len(), "3 counters served, not {:?}", self.served);
        ensure!(self.ratings >= 3, "at least 3 ratings, not {}", self.ratings);
        ensure!(printer.sheets().len() == 12, "12 papers, not {}", printer.sheets().len());
        ensure!(printer.unknown_commands().is_empty(), "bytes that no printer knows: {:?}", printer.unknown_commands());
        let bench = &self.hall.bench;
        ensure!(count_events(bench, "ticket_issued") == 12, "12 issues at the province");
        ensure!(count_events(bench, "service_rated") == self.ratings, "every rating at the province");
        ensure!(count_events(bench, "ticket_printed") == 12, "every paper confirmed");
        println!("12 tickets, {} calls, {} ratings, every step observed", self.calls, self.ratings);
        Ok(())
    }
}

/// How many events of this name the province has.
pub(super) fn count_events(bench: &Bench, name: &str) -> usize {
    let events = bench.central.events();
    events.iter().filter(|e| e.event["data"]["event"].as_str() == Some(name)).count()
}

/// Whether the province has an event of this name.
pub(super) fn has_event(bench: &Bench, name: &str) -> bool {
    count_events(bench, name) > 0
}
