//! Several printers at one kiosk: who gets the next job, and where a job goes that one of them could not print.
//!
//! The load is spread by shares: the printer that got the fewest jobs for its share is next. A job goes to each printer
//! once at most.

use protocol::commands::PrintReport;
use tokio::time::Instant;

use super::{AGENT_STOPPED, Desk, Errand, Held, Moved, START_LIMIT};

impl Desk {
    /// The idle printer of a kiosk that is next, without those that were tried; well ones only, or any.
    pub(super) fn choose(&self, kiosk: &str, tried: &[usize], well: bool) -> Option<usize> {
        let free = self.printers.iter().enumerate().filter(|(place, printer)| {
            let idle = printer.job.is_none() && (!well || printer.well && printer.rests_until.is_none());
            printer.place.kiosk == kiosk && idle && !tried.contains(place)
        });
        // By jobs for each part of the share, without fractions: a / b < c / d where a * d < c * b.
        let next = free.min_by(|(_, a), (_, b)| {
            let load = |given: u64, other_share: u16| (given + 1) * u64::from(other_share.max(1));
            load(a.given, b.place.share).cmp(&load(b.given, a.place.share))
        });
        next.map(|(place, _)| place)
    }

    /// Puts a job into a printer's hands.
    pub(super) fn give(&mut self, place: usize, held: Held) {
        if let Some(printer) = self.printers.get_mut(place) {
            printer.given += 1;
            printer.job = Some(held);
        }
    }

    pub(super) fn print_on(&mut self, place: usize, held: Held) -> Errand {
        let job = held.job.clone();
        self.give(place, held);
        Errand::Print { printer: place, job }
    }

    /// A printer could not print a job: it waits for another one, or has failed.
    pub(super) fn move_job(&mut self, place: usize, mut held: Held, reason: String, now: Instant) -> Option<Errand> {
        held.tried.push(place);
        let until = now + START_LIMIT;
        if self.may_move(&held, reason == super::STOPPED) {
            tracing::warn!(
                job = held.job.id,
                reason,
                "a printer could not print this job; another one at the kiosk gets it"
            );
            self.moved.push(Moved { held, reason, until });
            return None;
        }
        Some(Self::failed(held, reason))
    }

    /// Whether another printer of the kiosk is well and was not tried yet, busy or not.
    fn may_move(&self, held: &Held, stopped: bool) -> bool {
        let could = |(place, printer): (usize, &super::Printer)| {
            printer.place.kiosk == held.job.kiosk && printer.well && !held.tried.contains(&place)
        };
        !stopped && !self.stopping && self.printers.iter().enumerate().any(could)
    }

    /// Sees to the jobs that wait for another printer.
    pub(super) fn move_on(&mut self, now: Instant) -> Vec<Errand> {
        let mut errands = Vec::new();
        for Moved { held, reason, until } in std::mem::take(&mut self.moved) {
            if self.stopping {
                errands.push(Self::failed(held, AGENT_STOPPED.to_owned()));
            } else if let Some(place) = self.choose(&held.job.kiosk, &held.tried, true) {
                errands.push(self.print_on(place, held));
            } else if now < until && self.may_move(&held, false) {
                self.moved.push(Moved { held, reason, until });
            } else {
                errands.push(Self::failed(held, reason));
            }
        }
        errands
    }

    fn failed(held: Held, reason: String) -> Errand {
        Errand::Report { job: held.job.id, report: PrintReport::Failed { reason } }
    }
}
