//! What all stations share: the hall's names, commands under way, models that change in place, texts of a window.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use client::{ClientError, Hub, Linked};
use protocol::commands::{Command, CommandReply};
use protocol::hall::HallInfo;
use protocol::problem::Problem;
use slint::{ComponentHandle, Global, Model, ModelRc, SharedString, VecModel};
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};

use crate::generated::{Icons, Words as WordsGlobal};
use crate::words::Words;
use crate::{icons, typography};

/// How often a station looks at the clock. A second would show on a countdown that began between two ticks.
pub(crate) const TICK: Duration = Duration::from_millis(250);
/// Most touches that may wait to be handled; more are dropped, since nobody means them.
pub(crate) const TOUCH_QUEUE: usize = 16;
/// A break of the link that is over sooner is not shown.
pub(crate) const LINK_GRACE: Duration = Duration::from_secs(2);
/// Pause before an unanswered command is reported as such.
const SILENCE_PAUSE: Duration = Duration::from_secs(1);
/// The hall's names are asked for again after this time, so a station follows a changed configuration.
const HALL_REFRESH: Duration = Duration::from_secs(30);
/// And after this time when the hub did not answer.
const HALL_RETRY: Duration = Duration::from_secs(1);

/// A running station. It ends when this is dropped.
#[derive(Debug)]
#[must_use = "the station ends when this is dropped"]
pub struct Station {
    task: AbortHandle,
}

impl Station {
    /// Runs the station's loop, and beside it what keeps the window in the hall's colours.
    pub(crate) fn spawn(
        runtime: &tokio::runtime::Handle,
        dressed: impl Future<Output = ()> + Send + 'static,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        let both = async move {
            tokio::select! {
                () = task => {}
                () = async { dressed.await; std::future::pending().await } => {}
            }
        };
        Self { task: runtime.spawn(both).abort_handle() }
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What became of a command.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// The hub did it.
    Done(Box<CommandReply>),
    /// The hub said no.
    Refused(Box<Problem>),
    /// No answer: unknown whether it happened. Only the same request id may be sent again.
    Nothing,
}

/// A command with its request id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) request_id: String,
    pub(crate) command: Command,
}

/// Commands under way.
pub(crate) struct Courier {
    hub: Hub,
    under_way: JoinSet<(String, Answer)>,
}

impl Courier {
    pub(crate) fn new(hub: Hub) -> Self {
        Self { hub, under_way: JoinSet::new() }
    }

    pub(crate) fn send(&mut self, order: Order) {
        let hub = self.hub.clone();
        self.under_way.spawn(async move {
            let answer = match hub.command(&order.request_id, &order.command).await {
                Ok(reply) => Answer::Done(Box::new(reply)),
                Err(ClientError::Refused(problem)) if problem.status != 503 => Answer::Refused(problem),
                Err(error) => {
                    tracing::warn!(request = %order.request_id, %error, "a command got no answer");
                    // Whoever sends it again does so at once; a hub that answers nonsense must not be flooded.
                    tokio::time::sleep(SILENCE_PAUSE).await;
                    Answer::Nothing
                }
            };
            (order.request_id, answer)
        });
    }

    /// The next answer; none when no command is under way.
    pub(crate) async fn next(&mut self) -> Option<(String, Answer)> {
        loop {
            match self.under_way.join_next().await? {
                Ok(answer) => return Some(answer),
                Err(error) => tracing::error!(%error, "a command's task ended without an answer"),
            }
        }
    }
}

/// Keeps the hall's names up to date until the receiver is dropped. Must be called within the runtime.
pub(crate) fn follow_hall(hub: Hub) -> watch::Receiver<Option<Arc<HallInfo>>> {
    let (sender, receiver) = watch::channel(None);
    tokio::spawn(async move {
        // A hub of another version is said once, not every second.
        let mut strange = false;
        loop {
            let pause = match hub.hall().await {
                Ok(hall) => {
                    sender.send_if_modified(|known: &mut Option<Arc<HallInfo>>| {
                        let changed = known.as_deref() != Some(&hall);
                        if changed {
                            *known = Some(Arc::new(hall));
                        }
                        changed
                    });
                    HALL_REFRESH
                }
                Err(error) => {
                    match &error {
                        ClientError::Unexpected { .. } if !strange => {
                            tracing::warn!(%error, "the hall's names cannot be read")
                        }
                        _ => tracing::debug!(%error, "the hall's names are not known yet"),
                    }
                    strange = matches!(error, ClientError::Unexpected { .. });
                    HALL_RETRY
                }
            };
            tokio::select! {
                () = sender.closed() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    });
    receiver
}

/// A sender for callbacks of a window: never blocks, drops what nobody can have meant.
pub(crate) fn touch<T: Send + 'static>(sender: &mpsc::Sender<T>, touch: T) {
    if sender.try_send(touch).is_err() {
        tracing::warn!("a touch was dropped: the station is busy or has ended");
    }
}

/// Gives a window its texts and icons.
pub(crate) fn connect_words<'a, W>(window: &'a W, language: &str)
where
    W: ComponentHandle,
    WordsGlobal<'a>: Global<'a, W>,
    Icons<'a>: Global<'a, W>,
{
    let global = window.global::<WordsGlobal>();
    global.on_lookup(|message, language| Words::of(&language).t(&message).into());
    global.on_place(|page, pages| format!("{page} / {pages}").into());
    global.on_balance(|text| typography::balance(&text).into());
    global.on_uneven(|text| typography::uneven(&text));
    global.on_characters(|text| {
        ModelRc::new(VecModel::from_iter(text.chars().map(|c| SharedString::from(c.to_string()))))
    });
    global.set_language(language.into());
    window.global::<Icons>().on_get(|name| icons::get(&name));
}

/// Brings a model to `rows`, touching only what differs, so that only that is painted again.
pub(crate) fn set_rows<T>(current: &ModelRc<T>, rows: &[T], set: impl FnOnce(ModelRc<T>))
where
    T: Clone + PartialEq + 'static,
{
    let same_length = current.as_any().downcast_ref::<VecModel<T>>().filter(|m| m.row_count() == rows.len());
    let Some(model) = same_length else {
        set(ModelRc::from(Rc::new(VecModel::from(rows.to_vec()))));
        return;
    };
    for (index, row) in rows.iter().enumerate() {
        if model.row_data(index).as_ref() != Some(row) {
            model.set_row_data(index, row.clone());
        }
    }
}

/// Posts a closure that applies `shown` to a window on its own thread.
pub(crate) fn post<W, S>(window: &slint::Weak<W>, shown: S, apply: fn(&W, &S))
where
    W: ComponentHandle + 'static,
    S: Send + 'static,
{
    let posted = window.upgrade_in_event_loop(move |window| apply(&window, &shown));
    if let Err(error) = posted {
        tracing::debug!(%error, "the window is gone");
    }
}

/// When the link to the hub broke. A short break is not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    broken_since: Option<Duration>,
    strange: bool,
}

impl Link {
    /// The stream says how it is, at `now` (time since the station began).
    pub(crate) fn told<T>(&mut self, linked: &Linked<T>, now: Duration) {
        self.strange = linked.strange;
        match (linked.online, self.broken_since) {
            (true, _) => self.broken_since = None,
            (false, None) => self.broken_since = Some(now),
            (false, Some(_)) => {}
        }
    }

    /// Whether the hub speaks and cannot be understood: it has another version.
    pub(crate) fn strange(self) -> bool {
        self.strange
    }

    /// Whether the link is broken at this moment, however short.
    pub(crate) fn broken(self) -> bool {
        self.broken_since.is_some()
    }

    /// How long the link has been lost; none while it does not count as lost.
    pub(crate) fn lost_for(self, now: Duration) -> Option<Duration> {
        self.broken_since.filter(|_| self.lost(now)).map(|since| now.saturating_sub(since))
    }

    /// Whether the link counts as lost.
    pub(crate) fn lost(self, now: Duration) -> bool {
        self.broken_since.is_some_and(|since| now >= since + LINK_GRACE)
    }
}
