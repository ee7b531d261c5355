//! The rating tablet: dark, one question after a served ticket, thanks, dark.

pub(crate) mod ask;
pub(crate) mod flow;

use std::time::Instant;

use client::{Hub, Linked};
use jiff::Timestamp;
use slint::ComponentHandle;
use tokio::sync::mpsc;

use crate::clock::HubClock;
use crate::generated::RatingWindow;
use crate::look::{self, Look};
use crate::plumbing::{self, Courier, Station, TICK, TOUCH_QUEUE};
use flow::{Event, Flow};

/// How a rating tablet behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingOptions {
    /// The counter that it stands at.
    pub counter: u16,
    /// Seconds after the end of serving during which it asks.
    pub ask_seconds: u64,
    /// Language while no citizen's language is known.
    pub language: String,
    /// Colours, size of letters, motion.
    pub look: Look,
}

impl RatingOptions {
    /// A tablet in Vietnamese that asks for 45 seconds.
    #[must_use]
    pub fn new(counter: u16) -> Self {
        Self { counter, ask_seconds: 45, language: "vi".to_owned(), look: Look::default() }
    }
}

/// Makes the window a rating tablet of the hub. The station runs on `runtime` until the answer is dropped.
pub fn start(window: &RatingWindow, hub: Hub, runtime: &tokio::runtime::Handle, options: RatingOptions) -> Station {
    let (sender, touches) = mpsc::channel(TOUCH_QUEUE);
    plumbing::connect_words(window, &options.language);
    look::connect(window, &options.look, look::fit::RATING);
    ask::connect(window, &sender);
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
    let mut hall = plumbing::follow_hall(hub.clone());
    let mut view = hub.rating_view(options.counter);
    let mut courier = Courier::new(hub);
    let mut ticks = tokio::time::interval(TICK);
    let mut clock = HubClock::default();
    let mut flow = Flow::new(options);
    let mut shown = None;
    loop {
        let event = tokio::select! {
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
        if let Event::View(Linked { view: Some(view), online: true }) = &event {
            clock.heard(view.now, Timestamp::now());
        }
        if let Some(order) = flow.handle(event, began.elapsed(), clock.at(Timestamp::now())) {
            tracing::debug!(waiting = flow.unsent(), "sending a rating");
            courier.send(order);
        }
        let screen = ask::shown(&flow, clock.at(Timestamp::now()), &language);
        if shown.as_ref() != Some(&screen) {
            shown = Some(screen.clone());
            plumbing::post(&window, screen, ask::apply);
        }
    }
}
