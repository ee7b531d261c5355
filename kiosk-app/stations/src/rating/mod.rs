//! The rating tablet: dark, one question after a served ticket, thanks, dark.

mod ask;
pub(crate) mod flow;
#[cfg(test)]
mod flow_tests;
pub(crate) mod screen;
mod store;
mod telex;
mod tell;

use std::path::PathBuf;
use std::time::Instant;

use client::{Hub, Linked};
use jiff::Timestamp;
use slint::ComponentHandle;
use tokio::sync::mpsc;

use crate::clock::HubClock;
use crate::generated::RatingWindow;
use crate::look::{self, Look};
use crate::pictures;
use crate::plumbing::{self, Courier, Order, Station, TICK, TOUCH_QUEUE};
use flow::{Effect, Event, Flow};
use store::Store;

/// How a rating tablet behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingOptions {
    /// The counter that it stands at.
    pub counter: u16,
    /// Seconds after the end of serving during which it asks.
    pub ask_seconds: u64,
    /// Language while no citizen's language is known.
    pub language: String,
    /// Folder in which a rating survives a restart until it is delivered; none keeps it in memory only.
    pub state: Option<PathBuf>,
    /// Colours, size of letters, motion.
    pub look: Look,
}

impl RatingOptions {
    /// A tablet in Vietnamese that asks for 45 seconds.
    #[must_use]
    pub fn new(counter: u16) -> Self {
        Self { counter, ask_seconds: 45, language: "vi".to_owned(), state: None, look: Look::default() }
    }
}

/// Makes the window a rating tablet of the hub. The station runs on `runtime` until the answer is dropped.
pub fn start(window: &RatingWindow, hub: Hub, runtime: &tokio::runtime::Handle, options: RatingOptions) -> Station {
    let (sender, touches) = mpsc::channel(TOUCH_QUEUE);
    plumbing::connect_words(window, &options.language);
    look::connect(window, &options.look, look::fit::RATING);
    ask::connect(window, &sender);
    tell::connect(window, &sender);
    // The samples of the previews are never seen.
    screen::apply(window, &screen::shown(&Flow::new(options.clone()), Timestamp::now(), &options.language));
    let dressed = look::follow(window.as_weak(), hub.clone());
    Station::spawn(runtime, dressed, follow(window.as_weak(), hub, options, touches))
}

/// The tablet's loop: one event at a time, then the window shows what changed.
async fn follow(
    window: slint::Weak<RatingWindow>,
    hub: Hub,
    options: RatingOptions,
    mut touches: mpsc::Receiver<Event>,
) {
    let began = Instant::now();
    let language = options.language.clone();
    let store = Store::new(options.state.as_deref(), options.counter);
    let mut hall = plumbing::follow_hall(hub.clone());
    let mut view = hub.rating_view(options.counter);
    let mut courier = Courier::new(hub.clone());
    let mut ticks = tokio::time::interval(TICK);
    let mut clock = HubClock::default();
    let mut flow = Flow::new(options);
    let (mut shown, mut photo) = (None, None);
    let mut kept = Some(load(&store).await);
    loop {
        let event = tokio::select! {
            biased;
            Some(orders) = async { kept.take() } => Event::Kept(orders),
            touch = touches.recv() => match touch {
                Some(touch) => touch,
                None => return,
            },
            Some((request_id, answer)) = courier.next() => Event::Answer(request_id, answer),
            Ok(()) = view.changed() => Event::View(view.borrow_and_update().clone()),
            Ok(()) = hall.changed() => match hall.borrow_and_update().clone() {
                Some(hall) => Event::Hall(hall),
                None => continue,
            },
            _ = ticks.tick() => Event::Tick,
        };
        if let Event::View(Linked { view: Some(view), online: true, .. }) = &event {
            clock.heard(view.now, Timestamp::now());
        }
        for effect in flow.handle(event, began.elapsed(), clock.at(Timestamp::now())) {
            match effect {
                Effect::Keep(orders) => save(&store, orders).await,
                Effect::Send(order) => {
                    tracing::debug!(waiting = flow.unsent(), "sending a rating");
                    courier.send(order);
                }
            }
        }
        if flow.photo().is_some() && flow.photo() != photo.as_deref() {
            photo = flow.photo().map(str::to_owned);
            tokio::spawn(fetch_photo(window.clone(), hub.clone(), photo.clone()));
        }
        let screen = screen::shown(&flow, clock.at(Timestamp::now()), &language);
        if shown.as_ref() != Some(&screen) {
            shown = Some(screen.clone());
            plumbing::post(&window, screen, screen::apply);
        }
    }
}

/// Shows an officer's photo as soon as it is there; a missing one leaves the outline of a person.
async fn fetch_photo(window: slint::Weak<RatingWindow>, hub: Hub, name: Option<String>) {
    let Some(name) = name else { return };
    if let Some(picture) = pictures::fetch(&hub, &name).await {
        plumbing::post(&window, (name, picture), |window, (name, picture)| ask::show_photo(window, name, picture));
    }
}

/// What was not delivered last time. The file is read away from the runtime's workers.
async fn load(store: &Store) -> Vec<Order> {
    let store = store.clone();
    match tokio::task::spawn_blocking(move || store.load()).await {
        Ok(Ok(orders)) => orders,
        Ok(Err(error)) => {
            tracing::error!(%error, "ratings of before may be lost");
            Vec::new()
        }
        Err(error) => {
            tracing::error!(%error, "ratings of before could not be looked for");
            Vec::new()
        }
    }
}

/// Puts the ratings on the disk before anything else happens. Where that fails they are still delivered while the
/// tablet runs.
async fn save(store: &Store, orders: Vec<Order>) {
    let store = store.clone();
    match tokio::task::spawn_blocking(move || store.save(&orders)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "a rating would not survive a power cut"),
        Err(error) => tracing::error!(%error, "a rating could not be kept"),
    }
}
