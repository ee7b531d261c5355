//! The one loop of an agent. `next_event` only builds one event; `handle` alone decides what it means. Everything that
//! takes time runs as a task of its own and comes back as an event.

use std::time::Duration;

use client::{ClientError, Hub, WorkEvent};
use fail_point::Point;
use protocol::health::AgentHealth;
use ticket_printer::PrintOutcome;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, Interval, MissedTickBehavior, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::boards::{Freshness, STALE_AFTER};
use crate::desk::{Content, Desk, Errand, Job, Started};
use crate::devices::Devices;
use crate::errands;
use crate::staff_paper::StaffPapers;
use crate::template::Template;

/// How long a stop waits for the paper under way.
const STOP_PRINTING: Duration = Duration::from_secs(5);
/// How long a stop waits, from its beginning, for the hub to take the last reports. What it does not take, the next
/// agent reports as unconfirmed.
const STOP_REPORTS: Duration = Duration::from_secs(8);
/// How long a stop waits for boards and speakers after that.
const STOP_DEVICES: Duration = Duration::from_secs(3);

/// What can happen to an agent.
enum Event {
    /// The hub said something; none when its stream ended for good.
    Hub(Option<WorkEvent>),
    /// The hub answered the start of a printer's job.
    Started(usize, Started),
    /// A printer's job ended; its paper is so many millimetres long.
    Printed(usize, PrintOutcome, u32),
    /// The hub answered the report on a job.
    Reported(String),
    /// The hub was told of health, or not.
    HealthTold(Result<(), ClientError>),
    /// A task ended badly.
    TaskFailed(JoinError),
    /// A device's health changed.
    HealthChanged,
    /// It is time to tell health again.
    HealthDue,
    /// A printer has rested.
    Rested,
    /// The boards are older than they may be.
    BoardsStale,
    /// The agent shall stop.
    Stop,
    /// A limit of the stop is reached.
    StopLimit,
}

/// Whether the loop goes on.
#[derive(PartialEq, Eq)]
enum Flow {
    On,
    End,
}

/// How far a stop has come.
struct Stopping {
    since: Instant,
    devices_told: bool,
}

impl Stopping {
    fn limit(&self) -> Instant {
        self.since + if self.devices_told { STOP_REPORTS } else { STOP_PRINTING }
    }
}

/// A running agent's state.
pub(crate) struct Runner {
    name: String,
    /// Part of every request id of this run.
    run: String,
    hub: Hub,
    devices: Devices,
    template: Template,
    staff_papers: StaffPapers,
    desk: Desk,
    work: mpsc::Receiver<WorkEvent>,
    tasks: JoinSet<Event>,
    health_due: Interval,
    health_under_way: bool,
    hub_was_lost: bool,
    /// Health changed while it was being told.
    health_again: bool,
    /// Whether the boards may still be believed.
    boards: Freshness,
    stop: CancellationToken,
    stopping: Option<Stopping>,
}

/// A name for this run that no other has: a retry keeps its request id, another agent process has its own.
pub(crate) fn new_run() -> String {
    client::new_request_id().replace('-', "")
}

impl Runner {
    pub(crate) fn new(
        name: String,
        hub: Hub,
        devices: Devices,
        template: Template,
        staff_papers: StaffPapers,
        stop: CancellationToken,
    ) -> Self {
        let mut health_due = tokio::time::interval(Duration::from_secs(AgentHealth::INTERVAL_SECONDS));
        health_due.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let run = new_run();
        Self {
            work: hub.work(&name, &run),
            desk: Desk::new(devices.places(), &run),
            name,
            run,
            hub,
            devices,
            template,
            staff_papers,
            tasks: JoinSet::new(),
            health_due,
            health_under_way: false,
            hub_was_lost: false,
            health_again: false,
            boards: Freshness::default(),
            stop,
            stopping: None,
        }
    }

    /// Runs until told to stop and stopped.
    pub(crate) async fn run(mut self) {
        loop {
            let event = self.next_event().await;
            if self.handle(event) == Flow::End {
                break;
            }
        }
        if !self.desk.is_settled() {
            tracing::warn!("the hub did not take the last print reports; the next agent tells it to have a look");
        }
        self.tasks.abort_all();
        self.devices.stop();
        self.devices.stopped(STOP_DEVICES).await;
    }

    async fn next_event(&mut self) -> Event {
        let rested = self.desk.rest_ends();
        let stop_limit = self.stopping.as_ref().map(Stopping::limit);
        tokio::select! {
            biased;
            () = self.stop.cancelled(), if self.stopping.is_none() => Event::Stop,
            () = at(stop_limit), if stop_limit.is_some() => Event::StopLimit,
            Some(ended) = self.tasks.join_next() => ended.unwrap_or_else(Event::TaskFailed),
            () = self.devices.health_changed() => Event::HealthChanged,
            () = at(rested), if rested.is_some() => Event::Rested,
            () = at(self.boards.until()), if self.boards.until().is_some() => Event::BoardsStale,
            _ = self.health_due.tick() => Event::HealthDue,
            said = self.work.recv(), if !self.work.is_closed() || !self.work.is_empty() => Event::Hub(said),
        }
    }

    fn handle(&mut self, event: Event) -> Flow {
        match event {
            Event::Hub(said) => self.hub_said(said),
            Event::Started(printer, answer) => {
                fail_point::reached(Point::StartAnswered);
                let errand = self.desk.started(printer, &answer);
                self.run_errands(errand);
            }
            Event::Printed(printer, outcome, millimetres) => {
                fail_point::reached(Point::Confirmed);
                let errand = self.desk.printed(printer, &outcome, millimetres, Instant::now());
                self.run_errands(errand);
            }
            Event::Reported(job) => {
                fail_point::reached(Point::ReportAnswered);
                self.desk.reported(&job);
            }
            Event::HealthTold(told) => self.health_told(told),
            Event::TaskFailed(error) => {
                tracing::error!(%error, "a part of the agent broke down; restart it, it then reports what is unconfirmed");
            }
            Event::HealthChanged | Event::HealthDue => self.tell_health(),
            Event::Rested => {}
            Event::BoardsStale => {
                tracing::warn!("the hub is away for {} s, the boards go dark", STALE_AFTER.as_secs());
                self.devices.blank_boards();
                self.boards.renewed();
            }
            Event::Stop => {
                self.desk.stop();
                self.work.close();
                self.stopping = Some(Stopping { since: Instant::now(), devices_told: false });
            }
            Event::StopLimit => return self.stop_limit(),
        }
        // Any of these may have freed a printer or made one well.
        let devices = &self.devices;
        let errands = self.desk.begin(Instant::now(), |printer| devices.is_well(printer));
        self.run_errands(errands);
        self.stop_goes_on()
    }

    fn hub_said(&mut self, said: Option<WorkEvent>) {
        match said {
            Some(WorkEvent::Work(work)) => {
                if std::mem::take(&mut self.hub_was_lost) {
                    self.tell_health();
                }
                if !work.print_jobs.is_empty() {
                    fail_point::reached(Point::WorkSeen);
                }
                self.boards.renewed();
                // Paper first: the citizen stands there.
                let errands = self.desk.work(&work);
                self.run_errands(errands);
                self.devices.show(&work);
            }
            Some(WorkEvent::Print(job)) => {
                fail_point::reached(Point::WorkSeen);
                let errand = self.desk.handed((*job).into());
                self.run_errands(errand);
            }
            Some(WorkEvent::Announcement(call)) if self.stopping.is_none() => self.devices.announce(&call),
            Some(WorkEvent::Help(help)) if self.stopping.is_none() => self.devices.help(&help),
            Some(WorkEvent::Announcement(_) | WorkEvent::Help(_)) | None => {}
            Some(WorkEvent::HubLost) => {
                self.desk.hub_lost();
                self.boards.hub_lost(Instant::now());
                // A hub that starts again knows of no device until it is told.
                self.hub_was_lost = true;
            }
        }
    }

    fn run_errands(&mut self, errands: impl IntoIterator<Item = Errand>) {
        for errand in errands {
            let (hub, run) = (self.hub.clone(), self.run.clone());
            match errand {
                Errand::Start { printer, job } => {
                    self.tasks.spawn(async move { Event::Started(printer, errands::start(hub, run, job).await) });
                }
                Errand::Print { printer, job } => self.print(printer, &job),
                Errand::Clear { printer } => {
                    if let Some(printer) = self.devices.printer(printer) {
                        printer.clear_left_over();
                    }
                }
                Errand::Report { job, report } => {
                    self.tasks.spawn(async move {
                        errands::report(hub, run, job.clone(), report).await;
                        Event::Reported(job)
                    });
                }
            }
        }
    }

    fn print(&mut self, place: usize, job: &Job) {
        let page = match &job.content {
            Content::Ticket { slip, reprint } => self.template.page(slip, *reprint),
            Content::Staff(paper) => self.staff_papers.page(paper),
        };
        if let Some(printer) = self.devices.printer(place) {
            let millimetres = printer.millimetres(&page);
            self.tasks.spawn(async move { Event::Printed(place, printer.print(page).await, millimetres) });
        }
    }

    /// One report at a time; a change meanwhile is told right after it.
    fn tell_health(&mut self) {
        if self.stopping.is_some() {
            return;
        }
        if std::mem::replace(&mut self.health_under_way, true) {
            self.health_again = true;
            return;
        }
        let (hub, name, health) = (self.hub.clone(), self.name.clone(), self.devices.health());
        self.tasks.spawn(async move { Event::HealthTold(hub.report_health(&name, &health).await) });
    }

    fn health_told(&mut self, told: Result<(), ClientError>) {
        self.health_under_way = false;
        match told {
            Ok(()) if std::mem::take(&mut self.health_again) => self.tell_health(),
            Ok(()) => {}
            // Told again when it is due; the hub itself notices an agent's silence.
            Err(error) => tracing::debug!(%error, "the hub was not told of the devices' health"),
        }
    }

    fn stop_limit(&mut self) -> Flow {
        match &mut self.stopping {
            // What still prints ends as unconfirmed, and that is reported.
            Some(stopping) if !stopping.devices_told => {
                stopping.devices_told = true;
                self.devices.stop();
                Flow::On
            }
            _ => Flow::End,
        }
    }

    fn stop_goes_on(&mut self) -> Flow {
        let Some(stopping) = &mut self.stopping else { return Flow::On };
        if !stopping.devices_told && !self.desk.is_printing() {
            stopping.devices_told = true;
            self.devices.stop();
        }
        if stopping.devices_told && self.desk.is_settled() { Flow::End } else { Flow::On }
    }
}

/// Completes at a time; never without one.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
