//! The rules about paper, without any I/O: what the hub and the printers said goes in, errands come out.
//!
//! A job is *held* from the moment this agent asks the hub for it until the hub has answered the report on it, and
//! *settled* after that. Snapshots of the hub's work may be older than what this agent did since, so a job that is held
//! or was settled in this run is never begun again, whatever a snapshot says of it. A job that a snapshot calls
//! `printing` and that is neither was begun by an agent that died: only a person can tell whether its paper came out.
//! Except one that the hub handed to this very run together with its ticket: that one is new, and is printed.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use protocol::commands::PrintReport;
use protocol::views::PrintState;
use protocol::work::{PrintJob, Work};
use ticket_printer::PrintOutcome;
use tokio::time::Instant;

/// Most jobs that may be held at once. Beyond it nothing is begun until the hub has answered some report.
pub(crate) const MOST_HELD: usize = 64;
/// Settled jobs that are remembered. A snapshot is never that many jobs old.
pub(crate) const SETTLED_REMEMBERED: usize = 1024;
/// Most waiting jobs kept of a snapshot, the oldest. The rest come with the next one.
pub(crate) const MOST_WAITING: usize = 512;
/// How long a printer is left alone after a job that it did not confirm, so that its health can tell what is wrong
/// before the next citizen's job is risked.
pub(crate) const REST: Duration = Duration::from_secs(3);
/// A job whose start the hub answered this late is not printed any more: nobody stands at the kiosk for it.
pub(crate) const START_LIMIT: Duration = Duration::from_secs(60);

/// Longest reason that the hub takes.
const LONGEST_REASON: usize = 64;
/// Reason for a job of an agent that died.
const AGENT_RESTARTED: &str = "agent-restarted";
/// Reason for a job that the hub handed out while this agent stops.
const AGENT_STOPPED: &str = "agent-stopped";
/// Reason for a job that the hub handed out too late.
const START_TOO_LATE: &str = "start-too-late";

/// Reason for a job that the hub handed out while its printer had another one.
const PRINTER_BUSY: &str = "printer-busy";

/// Something to do, off this desk. The answer comes back to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Errand {
    /// Ask the hub for the job; answer by [`Desk::started`].
    Start {
        /// Place of the printer.
        printer: usize,
        /// Job id.
        job: String,
    },
    /// Print; answer by [`Desk::printed`].
    Print {
        /// Place of the printer.
        printer: usize,
        /// The job, with what stands on the paper.
        job: Box<PrintJob>,
    },
    /// Clear away the paper that an agent which died left in the printer, before anything else is printed on it.
    Clear {
        /// Place of the printer.
        printer: usize,
    },
    /// Tell the hub until it answers; answer by [`Desk::reported`].
    Report {
        /// Job id.
        job: String,
        /// How it ended.
        report: PrintReport,
    },
}

/// What the hub answered to the start of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Started {
    /// The job is ours and is *printing*; asked and answered this far apart.
    Printing {
        /// Time from the first asking to the answer.
        after: Duration,
    },
    /// It is not to be printed.
    Not,
}

#[derive(Debug)]
struct Printer {
    kiosk: String,
    /// The job that it has or is about to get.
    job: Option<Box<PrintJob>>,
    /// Left alone until then.
    rests_until: Option<Instant>,
}

/// The state of all paper of this agent.
#[derive(Debug)]
pub(crate) struct Desk {
    run: String,
    printers: Vec<Printer>,
    waiting: VecDeque<PrintJob>,
    held: HashSet<String>,
    settled: VecDeque<String>,
    /// The hub's work is known and new.
    hub_here: bool,
    stopping: bool,
}

impl Desk {
    /// The desk of an agent's run for the printers of these kiosks.
    pub(crate) fn new(kiosks: impl IntoIterator<Item = String>, run: &str) -> Self {
        let printers = kiosks.into_iter().map(|kiosk| Printer { kiosk, job: None, rests_until: None }).collect();
        Self {
            run: run.to_owned(),
            printers,
            waiting: VecDeque::new(),
            held: HashSet::new(),
            settled: VecDeque::new(),
            hub_here: false,
            stopping: false,
        }
    }

    /// The hub's work as it is now, or as it was a moment ago.
    pub(crate) fn work(&mut self, work: &Work) -> Vec<Errand> {
        self.hub_here = true;
        let kiosks: HashSet<_> = self.printers.iter().map(|printer| printer.kiosk.as_str()).collect();
        let ours = |job: &&PrintJob| kiosks.contains(job.kiosk.as_str()) && !self.is_known(&job.id);
        let (waiting, begun): (Vec<_>, Vec<_>) =
            work.print_jobs.iter().filter(ours).partition(|job| job.state == PrintState::Pending);
        let begun: Vec<_> = begun.into_iter().filter(|job| job.state == PrintState::Printing).cloned().collect();
        self.waiting = waiting.into_iter().take(MOST_WAITING).cloned().collect();
        begun.into_iter().flat_map(|job| self.begun(job, work.now)).collect()
    }

    /// A paper that the hub handed to this run together with its ticket, just now.
    pub(crate) fn handed(&mut self, job: PrintJob) -> Vec<Errand> {
        let ours = self.printers.iter().any(|printer| printer.kiosk == job.kiosk) && !self.is_known(&job.id);
        let now = job.requested_at;
        if ours { self.begun(job, now) } else { Vec::new() }
    }

    /// A job that the hub calls printing and this desk does not know.
    fn begun(&mut self, job: PrintJob, now: Timestamp) -> Vec<Errand> {
        if self.held.len() >= MOST_HELD || self.stopping {
            return Vec::new();
        }
        if job.run.as_ref() != Some(&self.run) {
            return self.orphan(job);
        }
        let age = Duration::try_from(now.duration_since(job.requested_at)).unwrap_or_default();
        let idle = |printer: &Printer| printer.kiosk == job.kiosk && printer.job.is_none();
        let reason = match self.printers.iter().position(idle) {
            Some(place) if age <= START_LIMIT => {
                self.held.insert(job.id.clone());
                let job = Box::new(job);
                self.printers[place].job = Some(job.clone());
                return vec![Errand::Print { printer: place, job }];
            }
            Some(_) => START_TOO_LATE,
            None => PRINTER_BUSY,
        };
        self.held.insert(job.id.clone());
        vec![Errand::Report { job: job.id, report: PrintReport::Failed { reason: reason.to_owned() } }]
    }

    /// The hub is away: what was begun goes on, nothing new begins.
    pub(crate) fn hub_lost(&mut self) {
        self.hub_here = false;
    }

    /// Nothing new begins from now on.
    pub(crate) fn stop(&mut self) {
        self.stopping = true;
    }

    /// Begins what can begin: the oldest job of each printer that is idle and well.
    pub(crate) fn begin(&mut self, now: Instant, is_well: impl Fn(usize) -> bool) -> Vec<Errand> {
        for printer in &mut self.printers {
            printer.rests_until = printer.rests_until.filter(|until| *until > now);
        }
        let mut errands = Vec::new();
        if !self.hub_here || self.stopping {
            return errands;
        }
        for place in 0..self.printers.len() {
            let printer = &self.printers[place];
            let free = printer.job.is_none() && printer.rests_until.is_none();
            if !free || self.held.len() >= MOST_HELD || !is_well(place) {
                continue;
            }
            let Some(next) = self.waiting.iter().position(|job| job.kiosk == printer.kiosk) else { continue };
            let Some(job) = self.waiting.remove(next) else { continue };
            self.held.insert(job.id.clone());
            errands.push(Errand::Start { printer: place, job: job.id.clone() });
            self.printers[place].job = Some(Box::new(job));
        }
        errands
    }

    /// The hub answered the start of the printer's job. Only here may a byte be sent on its way.
    pub(crate) fn started(&mut self, place: usize, answer: &Started) -> Option<Errand> {
        let job = self.printers.get_mut(place)?.job.take()?;
        let nothing_left = |job: &PrintJob, reason: &str| {
            let report = PrintReport::Failed { reason: reason.to_owned() };
            Some(Errand::Report { job: job.id.clone(), report })
        };
        match answer {
            Started::Not => {
                self.settle(&job.id);
                None
            }
            Started::Printing { .. } if self.stopping => nothing_left(&job, AGENT_STOPPED),
            Started::Printing { after } if *after > START_LIMIT => nothing_left(&job, START_TOO_LATE),
            Started::Printing { .. } => {
                self.printers[place].job = Some(job.clone());
                Some(Errand::Print { printer: place, job })
            }
        }
    }

    /// The printer's job ended.
    pub(crate) fn printed(&mut self, place: usize, outcome: &PrintOutcome, now: Instant) -> Option<Errand> {
        let printer = self.printers.get_mut(place)?;
        let job = printer.job.take()?;
        if *outcome != PrintOutcome::Printed {
            printer.rests_until = Some(now + REST);
        }

        let report = match outcome {
            PrintOutcome::Printed => PrintReport::Printed,
            // The start was accepted, so the hub holds it for printing; nothing of it left, which is a failure.
            PrintOutcome::NotStarted { fault } | PrintOutcome::Failed { fault } => {
                PrintReport::Failed { reason: reason(&fault.code) }
            }
            PrintOutcome::Unconfirmed { fault } => PrintReport::Unconfirmed { reason: reason(&fault.code) },
        };
        Some(Errand::Report { job: job.id, report })
    }

    /// The hub answered the report on a job, whatever it said.
    pub(crate) fn reported(&mut self, job: &str) {
        self.settle(job);
    }

    /// When the next printer that rests may be tried again; [`Desk::begin`] then ends its rest.
    pub(crate) fn rest_ends(&self) -> Option<Instant> {
        self.printers.iter().filter_map(|printer| printer.rests_until).min()
    }

    /// Whether a printer has a job, or is about to get one.
    pub(crate) fn is_printing(&self) -> bool {
        self.printers.iter().any(|printer| printer.job.is_some())
    }

    /// Whether the hub knows all that this desk knows.
    pub(crate) fn is_settled(&self) -> bool {
        self.held.is_empty()
    }

    fn is_known(&self, job: &str) -> bool {
        self.held.contains(job) || self.settled.iter().any(|settled| settled == job)
    }

    fn orphan(&mut self, job: PrintJob) -> Vec<Errand> {
        let PrintJob { id: job, kiosk, .. } = job;
        tracing::warn!(job, "this print job was begun by an agent that ended; somebody has to look whether it printed");
        self.held.insert(job.clone());
        let of_kiosk = self.printers.iter().enumerate().filter(|(_, printer)| printer.kiosk == kiosk);
        let mut errands: Vec<_> = of_kiosk.map(|(place, _)| Errand::Clear { printer: place }).collect();
        let report = PrintReport::Unconfirmed { reason: AGENT_RESTARTED.to_owned() };
        errands.push(Errand::Report { job, report });
        errands
    }

    fn settle(&mut self, job: &str) {
        self.held.remove(job);
        if self.settled.len() >= SETTLED_REMEMBERED {
            self.settled.pop_front();
        }
        self.settled.push_back(job.to_owned());
    }
}

/// A fault's code in the form that the hub takes.
fn reason(code: &str) -> String {
    let fits = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    if (1..=LONGEST_REASON).contains(&code.len()) && code.bytes().all(fits) {
        return code.to_owned();
    }
    tracing::warn!(code, "a fault code that is no code is reported as unknown-fault");
    "unknown-fault".to_owned()
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
