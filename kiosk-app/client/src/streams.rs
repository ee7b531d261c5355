//! Server-sent event streams that reconnect for ever.
//!
//! A view is state: the newest one is all there is, and it is marked when the hub is away. Work is a sequence: an
//! announcement that came during a short break is asked for again by its sequence.

use std::sync::Arc;
use std::time::Duration;

use eventsource_stream::{Event, Eventsource};
use futures_util::{Stream, StreamExt};
use protocol::work::{Announcement, Help, PrintJob, Work};
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, watch};

use crate::{Hub, WORK_QUEUE};

/// Pause before a stream is opened again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(300);
/// The same when the hub cannot be understood: that heals with a new program only.
const STRANGE_PAUSE: Duration = Duration::from_secs(5);

/// A view and whether it is still true.
#[derive(Debug)]
pub struct Linked<T> {
    /// The newest view that came; none before the first.
    pub view: Option<Arc<T>>,
    /// Whether the stream is open: `view` is the hub's present state.
    pub online: bool,
    /// The hub speaks and cannot be understood: it has another version.
    pub strange: bool,
}

// Not derived: a `Linked<T>` is cheap to clone whatever `T` is.
impl<T> Clone for Linked<T> {
    fn clone(&self) -> Self {
        Self { view: self.view.clone(), online: self.online, strange: self.strange }
    }
}

/// What the work stream tells an agent.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkEvent {
    /// Everything to do, complete.
    Work(Box<Work>),
    /// A paper that was handed to this run together with its ticket.
    Print(Box<PrintJob>),
    /// A call to speak.
    Announcement(Announcement),
    /// Help to speak at a kiosk, at once or never.
    Help(Help),
    /// The hub is away; the last work still stands, nothing new may begin.
    HubLost,
}

pub(crate) fn follow_view<T>(hub: Hub, path: String) -> watch::Receiver<Linked<T>>
where
    T: DeserializeOwned + Send + Sync + 'static,
{
    let (sender, receiver) = watch::channel(Linked { view: None, online: false, strange: false });
    tokio::spawn(async move {
        loop {
            let ended = tokio::select! {
                () = sender.closed() => return,
                ended = read_views(&hub, &path, &sender) => ended,
            };
            let strange = matches!(ended, Ended::Strange(_));
            sender.send_if_modified(|linked| {
                let news = linked.online || linked.strange != strange;
                (linked.online, linked.strange) = (false, strange);
                news
            });
            tracing::debug!(%path, cause = %ended, "view stream ended, opening it again");
            tokio::time::sleep(if strange { STRANGE_PAUSE } else { RECONNECT_PAUSE }).await;
        }
    });
    receiver
}

/// Reads one view stream until it ends; the answer says why it ended.
async fn read_views<T: DeserializeOwned>(hub: &Hub, path: &str, sender: &watch::Sender<Linked<T>>) -> Ended {
    let mut events = match open(hub, path, None).await {
        Ok(events) => events,
        Err(ended) => return Ended::Lost(ended),
    };
    loop {
        let event = match next(&mut events).await {
            Ok(event) => event,
            Err(ended) => return Ended::Lost(ended),
        };
        match serde_json::from_str(&event.data) {
            Ok(view) => sender.send_replace(Linked { view: Some(Arc::new(view)), online: true, strange: false }),
            Err(error) => {
                if !sender.borrow().strange {
                    tell_version(hub, path, &error).await;
                }
                return Ended::Strange(error);
            }
        };
    }
}

/// Why a view stream ended.
#[derive(Debug)]
enum Ended {
    /// The hub went away, or refused.
    Lost(String),
    /// It sent what this program does not know.
    Strange(serde_json::Error),
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lost(cause) => f.write_str(cause),
            Self::Strange(error) => write!(f, "{error}"),
        }
    }
}

async fn tell_version(hub: &Hub, path: &str, error: &serde_json::Error) {
    let hub_version = hub.health().await.map_or_else(|_| "unknown".to_owned(), |health| health.version);
    tracing::error!(
        path, %error, hub_version, version = env!("CARGO_PKG_VERSION"),
        "the hub sent a view that this program cannot read; install the same version on the hub and here"
    );
}

pub(crate) fn follow_work(hub: Hub, path: String) -> mpsc::Receiver<WorkEvent> {
    let (sender, receiver) = mpsc::channel(WORK_QUEUE);
    tokio::spawn(async move {
        let mut last_id: Option<u64> = None;
        loop {
            let ended = tokio::select! {
                () = sender.closed() => return,
                ended = read_work(&hub, &path, &mut last_id, &sender) => ended,
            };
            tracing::debug!(%path, cause = %ended, "work stream ended, opening it again");
            if sender.send(WorkEvent::HubLost).await.is_err() {
                return;
            }
            tokio::time::sleep(RECONNECT_PAUSE).await;
        }
    });
    receiver
}

/// Reads one work stream until it ends, remembering the last sequence seen; the answer says why it ended.
async fn read_work(hub: &Hub, path: &str, last_id: &mut Option<u64>, sender: &mpsc::Sender<WorkEvent>) -> String {
    let mut events = match open(hub, path, *last_id).await {
        Ok(events) => events,
        Err(ended) => return ended,
    };
    loop {
        let event = match next(&mut events).await {
            Ok(event) => event,
            Err(ended) => return ended,
        };
        let work = match event.event.as_str() {
            "announcement" => parse(path, &event.data).map(WorkEvent::Announcement),
            "help" => parse(path, &event.data).map(WorkEvent::Help),
            "print" => parse(path, &event.data).map(|job| WorkEvent::Print(Box::new(job))),
            "work" => parse(path, &event.data).map(|work| WorkEvent::Work(Box::new(work))),
            // A newer hub may tell more than this agent can use.
            _ => continue,
        };
        match work {
            Ok(work) => {
                if sender.send(work).await.is_err() {
                    return "nobody listens any more".to_owned();
                }
                *last_id = (*last_id).max(event.id.parse().ok());
            }
            Err(ended) => return ended,
        }
    }
}

type EventStream = std::pin::Pin<Box<dyn Stream<Item = Result<Event, String>> + Send>>;

/// Opens a stream, after the event `last_id` where one is given.
async fn open(hub: &Hub, path: &str, last_id: Option<u64>) -> Result<EventStream, String> {
    let mut request = hub.request(reqwest::Method::GET, path);
    if let Some(id) = last_id {
        request = request.header("Last-Event-ID", id.to_string());
    }
    let response = hub.answer(request).await.map_err(|error| {
        // A refusal (wrong token, unknown kiosk) does not heal by itself: a person must read it.
        if matches!(error, crate::ClientError::Refused(_)) {
            tracing::warn!(path, %error, "the hub refuses this stream");
        }
        error.to_string()
    })?;
    let events = response.bytes_stream().eventsource();
    Ok(Box::pin(events.map(|event| event.map_err(|error| error.to_string()))))
}

async fn next(events: &mut EventStream) -> Result<Event, String> {
    events.next().await.unwrap_or_else(|| Err("the hub closed the stream".to_owned()))
}

fn parse<T: DeserializeOwned>(path: &str, data: &str) -> Result<T, String> {
    serde_json::from_str(data).map_err(|error| {
        tracing::warn!(path, %error, "the hub sent an event that cannot be read");
        error.to_string()
    })
}
