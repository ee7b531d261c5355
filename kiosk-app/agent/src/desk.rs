//! The rules about paper, without any I/O: what the hub and the printers said goes in, errands come out.
//!
//! A job is *held* from the moment this agent asks the hub for it until the hub has answered the report on it, and
//! *settled* after that. Snapshots of the hub's work may be older than what this agent did since, so a job that is held
//! or was settled in this run is never begun again, whatever a snapshot says of it. A job that a snapshot calls
//! `printing` and that is neither was begun by an agent that died: only a person can tell whether its paper came out.
//! Except one that the hub handed to this very run together with its ticket: that one is new, and is printed.
//!
//! Several printers at one kiosk share its jobs (module `spread`). A job of which surely no whole paper came out goes to
//! the next well printer as the same job; one that is unconfirmed never does.

mod job;
mod spread;

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
pub(crate) use job::{Content, Job};
use protocol::commands::{PaperUsed, PrintReport};
use protocol::views::PrintState;
use protocol::work::Work;
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

/// Reason of a driver that was stopped.
const STOPPED: &str = "stopped";
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
        job: Box<Job>,
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

/// A printer as the desk knows it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Name in `devices.toml`.
    pub(crate) name: String,
    /// Kiosk whose papers it prints.
    pub(crate) kiosk: String,
    /// Its part of the kiosk's load, beside those of the others.
    pub(crate) share: u16,
}

#[derive(Debug)]
struct Printer {
    place: Place,
    /// The job that it has or is about to get.
    job: Option<Held>,
    /// Left alone until then.
    rests_until: Option<Instant>,
    /// When it was looked at last, it could print.
    well: bool,
    /// Jobs that it got.
    given: u64,
}

/// A job in this desk's hands, and the printers that could not print it.
#[derive(Clone, Debug)]
struct Held {
    job: Box<Job>,
    tried: Vec<usize>,
}

/// A job that waits for another printer than the one that could not print it.
#[derive(Debug)]
struct Moved {
    held: Held,
    reason: String,
    until: Instant,
}

/// The state of all paper of this agent.
#[derive(Debug)]
pub(crate) struct Desk {
    run: String,
    printers: Vec<Printer>,
    waiting: VecDeque<Job>,
    moved: Vec<Moved>,
    held: HashSet<String>,
    settled: VecDeque<String>,
    /// The hub's work is known and new.
    hub_here: bool,
    stopping: bool,
}

impl Desk {
    /// The desk of an agent's run for these printers.
    pub(crate) fn new(places: impl IntoIterator<Item = Place>, run: &str) -> Self {
        let printer = |place| Printer { place, job: None, rests_until: None, well: false, given: 0 };
        let printers = places.into_iter().map(printer).collect();
        Self {
            run: run.to_owned(),
            printers,
            waiting: VecDeque::new(),
            moved: Vec::new(),
            held: HashSet::new(),
            settled: VecDeque::new(),
            hub_here: false,
            stopping: false,
        }
    }

    /// The hub's work as it is now, or as it was a moment ago.
    pub(crate) fn work(&mut self, work: &Work) -> Vec<Errand> {
        self.hub_here = true;
        let kiosks: HashSet<_> = self.printers.iter().map(|printer| printer.place.kiosk.as_str()).collect();
        let ours = |job: &Job| kiosks.contains(job.kiosk.as_str()) && !self.is_known(&job.id);
        // Tickets first: staff can wait.
        let tickets = work.print_jobs.iter().cloned().map(Job::from);
        let jobs = tickets.chain(work.staff_papers.iter().cloned().map(Job::from));
        let (waiting, begun): (Vec<_>, Vec<_>) = jobs.filter(ours).partition(|job| job.state == PrintState::Pending);
        let begun: Vec<_> = begun.into_iter().filter(|job| job.state == PrintState::Printing).collect();
        self.waiting = waiting.into_iter().take(MOST_WAITING).collect();
        begun.into_iter().flat_map(|job| self.begun(job, work.now)).collect()
    }

    /// A paper that the hub handed to this run together with its ticket, just now.
    pub(crate) fn handed(&mut self, job: Job) -> Vec<Errand> {
        let ours = self.printers.iter().any(|printer| printer.place.kiosk == job.kiosk) && !self.is_known(&job.id);
        let now = job.requested_at;
        if ours { self.begun(job, now) } else { Vec::new() }
    }

    /// A job that the hub calls printing and this desk does not know.
    fn begun(&mut self, job: Job, now: Timestamp) -> Vec<Errand> {
        if self.held.len() >= MOST_HELD || self.stopping {
            return Vec::new();
        }
        if job.run.as_ref() != Some(&self.run) {
            return self.orphan(job);
        }
        let age = Duration::try_from(now.duration_since(job.requested_at)).unwrap_or_default();
        let reason = match self.choose(&job.kiosk, &[], true).or_else(|| self.choose(&job.kiosk, &[], false)) {
            Some(place) if age <= START_LIMIT => {
                self.held.insert(job.id.clone());
                return vec![self.print_on(place, Held { job: Box::new(job), tried: Vec::new() })];
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

    /// Begins what can begin: first what another printer could not print, then the oldest jobs of each kiosk.
    pub(crate) fn begin(&mut self, now: Instant, is_well: impl Fn(usize) -> bool) -> Vec<Errand> {
        for (place, printer) in self.printers.iter_mut().enumerate() {
            printer.rests_until = printer.rests_until.filter(|until| *until > now);
            printer.well = is_well(place);
        }
        let mut errands = self.move_on(now);
        if !self.hub_here || self.stopping {
            return errands;
        }
        let mut from = 0;
        while from < self.waiting.len() && self.held.len() < MOST_HELD {
            let place = self.waiting.get(from).and_then(|job| self.choose(&job.kiosk, &[], true));
            let Some((place, job)) = place.and_then(|place| Some((place, self.waiting.remove(from)?))) else {
                from += 1;
                continue;
            };
            self.held.insert(job.id.clone());
            errands.push(Errand::Start { printer: place, job: job.id.clone() });
            self.give(place, Held { job: Box::new(job), tried: Vec::new() });
        }
        errands
    }

    /// The hub answered the start of the printer's job. Only here may a byte be sent on its way.
    pub(crate) fn started(&mut self, place: usize, answer: &Started) -> Option<Errand> {
        let held = self.printers.get_mut(place)?.job.take()?;
        let job = &held.job;
        let nothing_left = |job: &Job, reason: &str| {
            let report = PrintReport::Failed { reason: reason.to_owned() };
            Some(Errand::Report { job: job.id.clone(), report })
        };
        match answer {
            Started::Not => {
                let job = job.id.clone();
                self.settle(&job);
                None
            }
            Started::Printing { .. } if self.stopping => nothing_left(job, AGENT_STOPPED),
            Started::Printing { after } if *after > START_LIMIT => nothing_left(job, START_TOO_LATE),
            Started::Printing { .. } => {
                let errand = Errand::Print { printer: place, job: job.clone() };
                self.printers[place].job = Some(held);
                Some(errand)
            }
        }
    }

    /// The printer's job ended, with a paper of so many millimetres where it came out.
    pub(crate) fn printed(
        &mut self,
        place: usize,
        outcome: &PrintOutcome,
        millimetres: u32,
        now: Instant,
    ) -> Option<Errand> {
        let printer = self.printers.get_mut(place)?;
        let held = printer.job.take()?;
        if *outcome != PrintOutcome::Printed {
            printer.rests_until = Some(now + REST);
        }
        let report = match outcome {
            PrintOutcome::Printed => {
                PrintReport::Printed { paper: Some(PaperUsed { printer: printer.place.name.clone(), millimetres }) }
            }
            // Surely no whole paper: another printer may have the job.
            PrintOutcome::NotStarted { fault } | PrintOutcome::Failed { fault } => {
                return self.move_job(place, held, reason(&fault.code), now);
            }
            PrintOutcome::Unconfirmed { fault } => PrintReport::Unconfirmed { reason: reason(&fault.code) },
        };
        Some(Errand::Report { job: held.job.id, report })
    }

    /// The hub answered the report on a job, whatever it said.
    pub(crate) fn reported(&mut self, job: &str) {
        self.settle(job);
    }

    /// When the next printer that rests may be tried again, or a job has waited long enough for another printer;
    /// [`Desk::begin`] then sees to it.
    pub(crate) fn rest_ends(&self) -> Option<Instant> {
        let rests = self.printers.iter().filter_map(|printer| printer.rests_until);
        rests.chain(self.moved.iter().map(|moved| moved.until)).min()
    }

    /// Whether a printer has a job, or is about to get one.
    pub(crate) fn is_printing(&self) -> bool {
        !self.moved.is_empty() || self.printers.iter().any(|printer| printer.job.is_some())
    }

    /// Whether the hub knows all that this desk knows.
    pub(crate) fn is_settled(&self) -> bool {
        self.held.is_empty()
    }

    fn is_known(&self, job: &str) -> bool {
        self.held.contains(job) || self.settled.iter().any(|settled| settled == job)
    }

    fn orphan(&mut self, job: Job) -> Vec<Errand> {
        let Job { id: job, kiosk, .. } = job;
        tracing::warn!(job, "this print job was begun by an agent that ended; somebody has to look whether it printed");
        self.held.insert(job.clone());
        let of_kiosk = self.printers.iter().enumerate().filter(|(_, printer)| printer.place.kiosk == kiosk);
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
