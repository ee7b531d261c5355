//! Views and work as server-sent events.
//!
//! A view stream sends the whole view whenever it may have changed; a slow reader gets the newest one, never a
//! backlog. The work stream sends announcements one by one, resumed by `Last-Event-ID`, and help at a kiosk at once or
//! never.

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use fail_point::Point;
use futures_util::Stream;
use protocol::problem::Problem;
use protocol::views::{CounterView, DisplayView, KioskView, RatingView};
use protocol::work::{Help, Work};
use queue::{HallState, PrintJobId, Refusal};
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::help::Listener;
use super::{App, Refused};
use crate::health::Listening;
use crate::views::Scene;
use crate::{rolls, wire};

/// A view is not sent more often than this; what happens meanwhile is in the next one.
const VIEW_PACE: Duration = Duration::from_millis(40);

/// A view waits so long after a change: paper goes first, and what comes together is shown together.
const VIEW_LAG: Duration = Duration::from_millis(4);

type Events =
    Sse<axum::response::sse::KeepAliveStream<std::pin::Pin<Box<dyn Stream<Item = Result<Event, Infallible>> + Send>>>>;

/// What a kiosk shows.
#[utoipa::path(get, path = "/v1/views/kiosk/{kiosk}", params(("kiosk" = String, Path, description = "kiosk id")),
    responses((status = 200, body = KioskView, content_type = "text/event-stream"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub async fn kiosk(State(app): State<App>, Path(kiosk): Path<String>) -> Result<Events, Refused> {
    if !app.0.config.kiosks.contains(&kiosk) {
        return Err(wire::unknown_kiosk(&kiosk).into());
    }
    Ok(views(app, move |app, scene| scene.kiosk(&kiosk, &rolls::counted(app.0.health.devices(), scene.state))))
}

/// What a counter shows.
#[utoipa::path(get, path = "/v1/views/counter/{counter}", params(("counter" = u16, Path, description = "counter number")),
    responses((status = 200, body = CounterView, content_type = "text/event-stream"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub async fn counter(State(app): State<App>, Path(counter): Path<String>) -> Result<Events, Refused> {
    let number = known_counter(&app, &counter)?;
    Ok(views(app, move |app, scene| scene.counter(number, &rolls::counted(app.0.health.devices(), scene.state))))
}

/// What a rating tablet shows.
#[utoipa::path(get, path = "/v1/views/rating/{counter}", params(("counter" = u16, Path, description = "counter number")),
    responses((status = 200, body = RatingView, content_type = "text/event-stream"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub async fn rating(State(app): State<App>, Path(counter): Path<String>) -> Result<Events, Refused> {
    let number = known_counter(&app, &counter)?;
    Ok(views(app, move |_, scene| scene.rating(number)))
}

/// What a hall display shows.
#[utoipa::path(get, path = "/v1/views/display",
    responses((status = 200, body = DisplayView, content_type = "text/event-stream")))]
pub async fn display(State(app): State<App>) -> Events {
    views(app, |_, scene| scene.display())
}

/// Who asks for work.
#[derive(serde::Deserialize)]
pub struct WorkQuery {
    run: Option<String>,
}

/// What an agent has to do.
#[utoipa::path(get, path = "/v1/work/{agent}",
    params(("agent" = String, Path, description = "agent name"),
        ("run" = Option<String>, Query, description = "this run of the agent: a ticket's paper may be handed to it unasked"),
        ("Last-Event-ID" = Option<u64>, Header, description = "sequence after which announcements are wanted")),
    responses((status = 200, body = Work, content_type = "text/event-stream",
        description = "`work` events hold a Work, `print` events a PrintJob, `announcement` events an Announcement, `help` events a Help (without an id, never repeated)")))]
pub async fn work(
    State(app): State<App>,
    Path(agent): Path<String>,
    Query(query): Query<WorkQuery>,
    headers: HeaderMap,
) -> Events {
    let last = headers.get("Last-Event-ID").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    // Without a cursor the past is not spoken again.
    let spoken = last.unwrap_or_else(|| app.0.published.read(HallState::sequence));
    tracing::info!(%agent, spoken, "agent connected");
    let changes = app.0.published.changes();
    let listening = query.run.map(|run| app.0.health.listens(&agent, &run));
    let help = app.0.help.listen();
    let stream = WorkStream {
        listening,
        handed: BTreeSet::new(),
        app,
        changes,
        help,
        spoken,
        work_due: Some(Instant::now()),
        waiting: VecDeque::new(),
    };
    sse(Box::pin(futures_util::stream::unfold(stream, WorkStream::next)))
}

fn known_counter(app: &App, counter: &str) -> Result<u16, Refused> {
    let number = counter.parse().unwrap_or(0);
    if app.0.config.hall.counter(number).is_none() {
        return Err(wire::refusal_problem(&Refusal::UnknownCounter(number)).into());
    }
    Ok(number)
}

impl App {
    fn scene<T>(&self, show: impl FnOnce(Scene<'_>) -> T) -> T {
        let clock = self.0.clock.now();
        self.0.published.read(|state| {
            // Never before the last event, as the engine decides.
            let now = state.clock().map_or(clock, |last| last.max(clock));
            show(Scene { hall: &self.0.config.hall, info: &self.0.config.info, state, now })
        })
    }

    /// Waits for a change; false when the hub stops.
    async fn changed(&self, changes: &mut watch::Receiver<u64>) -> bool {
        tokio::select! {
            () = self.0.stop.cancelled() => false,
            changed = changes.changed() => changed.is_ok(),
        }
    }
}

fn views<V: Serialize>(app: App, show: impl Fn(&App, Scene<'_>) -> V + Send + 'static) -> Events {
    let changes = app.0.published.changes();
    let stream =
        futures_util::stream::unfold((app, changes, show, true), |(app, mut changes, show, first)| async move {
            if !first {
                tokio::time::sleep(VIEW_PACE).await;
                if !app.changed(&mut changes).await {
                    return None;
                }
                tokio::time::sleep(VIEW_LAG).await;
            }
            changes.mark_unchanged();
            let (sequence, view) = app.scene(|scene| (scene.state.sequence(), show(&app, scene)));
            Some((Ok(event("view", sequence, &view)), (app, changes, show, false)))
        });
    sse(Box::pin(stream))
}

/// What a work stream waits for.
enum Woken {
    /// The work is due.
    Due,
    /// The hall's state changed.
    Changed,
    /// Somebody wants help at a kiosk.
    Help(Help),
}

struct WorkStream {
    listening: Option<Listening>,
    /// Open papers that were handed to this run with their tickets and that it has been told of.
    handed: BTreeSet<PrintJobId>,
    app: App,
    changes: watch::Receiver<u64>,
    help: Listener,
    spoken: u64,
    /// When the whole work is told, where it is owed; at once in the beginning.
    work_due: Option<Instant>,
    waiting: VecDeque<Event>,
}

impl WorkStream {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some((Ok(event), self));
            }
            if self.work_due.is_some_and(|due| due <= Instant::now()) {
                self.work_due = None;
                self.look();
                continue;
            }
            match self.woken().await? {
                Woken::Due => {}
                Woken::Help(help) => self.waiting.push_back(moment("help", &help)),
                Woken::Changed => {
                    self.changes.mark_unchanged();
                    // Paper first: what is shown and spoken is made when it has left.
                    let papers = self.papers();
                    let lag = if papers.is_empty() { Duration::ZERO } else { VIEW_LAG };
                    self.work_due.get_or_insert(Instant::now() + lag);
                    self.waiting.extend(papers);
                }
            }
        }
    }

    /// Waits for what comes first; none when the hub stops.
    async fn woken(&mut self) -> Option<Woken> {
        let due = self.work_due;
        tokio::select! {
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => Some(Woken::Due),
            alive = self.app.changed(&mut self.changes) => alive.then_some(Woken::Changed),
            help = self.help.next() => help.map(Woken::Help),
        }
    }

    /// Papers that were handed to this run since the last look.
    fn papers(&mut self) -> Vec<Event> {
        let Some(listening) = &self.listening else { return Vec::new() };
        let before = std::mem::take(&mut self.handed);
        let (handed, new): (BTreeSet<PrintJobId>, Vec<_>) = self.app.scene(|scene| {
            let ours: Vec<_> =
                scene.state.open_print_jobs().filter(|j| j.run.as_ref() == Some(&listening.run)).collect();
            let new = ours.iter().filter(|job| !before.contains(&job.id));
            let new = new.filter_map(|job| scene.print_job(job)).collect();
            (ours.iter().map(|job| job.id).collect(), new)
        });
        self.handed = handed;
        if !new.is_empty() {
            fail_point::reached(Point::WorkSent);
        }
        new.iter().map(|job| event("print", self.spoken, job)).collect()
    }

    /// The work first, then the calls since the last look: a board shows a number before it is spoken.
    fn look(&mut self) {
        let config = &self.app.0.config;
        let (work, calls) =
            self.app.scene(|scene| (scene.work(), scene.announcements(self.spoken, config.announcement_limit)));
        if !work.print_jobs.is_empty() {
            fail_point::reached(Point::WorkSent);
        }
        // The id moves only past announcements that are sent, so a break between two of them loses none.
        self.waiting.push_back(event("work", self.spoken, &work));
        for call in calls {
            self.spoken = call.sequence;
            self.waiting.push_back(event("announcement", call.sequence, &call));
        }
        self.spoken = self.spoken.max(work.sequence);
    }
}

fn event(name: &str, sequence: u64, data: &impl Serialize) -> Event {
    // Plain data of our own always has a JSON form.
    let event = Event::default().event(name).id(sequence.to_string());
    event.json_data(data).unwrap_or_else(|_| Event::default().comment("no data"))
}

/// An event without an id: whoever resumes does not get it again.
fn moment(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).json_data(data).unwrap_or_else(|_| Event::default().comment("no data"))
}

fn sse(stream: std::pin::Pin<Box<dyn Stream<Item = Result<Event, Infallible>> + Send>>) -> Events {
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(protocol::STREAM_KEEP_ALIVE_SECONDS)))
}
