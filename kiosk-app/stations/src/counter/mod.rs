//! The officer's screen: sit down, call, serve, finish.

mod action;
mod choose;
mod current;
mod events;
pub(crate) mod flow;
#[cfg(test)]
mod flow_tests;
mod header;
mod keyboard;
mod keys;
mod lists;
mod messages;
mod queue;
pub(crate) mod screen;
pub(crate) mod sheet;
mod sheet_page;
#[cfg(test)]
mod sheet_tests;
mod work;

#[cfg(test)]
pub(crate) use {action::Action, lists::Tab};

use std::time::{Duration, Instant};

use client::{Hub, Linked};
use jiff::Timestamp;
use protocol::views::CounterView;
use slint::ComponentHandle;
use tokio::sync::{mpsc, watch};

use crate::clock::HubClock;
use crate::generated::CounterWindow;
use crate::look::{self, Look};
use crate::plumbing::{self, Courier, Station, TICK, TOUCH_QUEUE};
use crate::words::Words;
use flow::{Effect, Event, Flow, Moment, Touch};

/// How a counter's screen behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterOptions {
    /// The counter that this machine stands at; none lets the officer choose.
    pub counter: Option<u16>,
    /// Language of the screen: `vi` or `en`.
    pub language: String,
    /// Begin as a narrow bar beside another program; F12 switches.
    pub bar: bool,
    /// Colours, size of letters, motion.
    pub look: Look,
}

impl CounterOptions {
    /// A counter's screen in Vietnamese.
    #[must_use]
    pub fn new(counter: Option<u16>) -> Self {
        Self { counter, language: "vi".to_owned(), bar: false, look: Look::default() }
    }
}

/// Makes the window a counter of the hub. The station runs on `runtime` until the answer is dropped.
pub fn start(window: &CounterWindow, hub: Hub, runtime: &tokio::runtime::Handle, options: CounterOptions) -> Station {
    let (sender, touches) = mpsc::channel(TOUCH_QUEUE);
    plumbing::connect_words(window, &options.language);
    look::connect(window, &options.look, look::fit::COUNTER);
    choose::connect(window, &sender);
    header::connect(window, &sender);
    current::connect(window, &sender);
    keyboard::connect(window, &sender);
    sheet_page::connect(window, &sender);
    work::connect(window, &sender);
    queue::connect(window, &sender);
    // The samples of the previews are never seen.
    let first = Moment { now: Duration::ZERO, at: Timestamp::now() };
    screen::apply(window, &screen::of(&Flow::new(options.clone()), first, Words::of(&options.language)));
    let dressed = look::follow(window.as_weak(), hub.clone());
    Station::spawn(runtime, dressed, follow(window.as_weak(), hub, options, touches))
}

type Views = Option<watch::Receiver<Linked<CounterView>>>;

/// The next view of the followed counter; never, while none is followed.
async fn next_view(views: &mut Views) -> Linked<CounterView> {
    if let Some(receiver) = views
        && receiver.changed().await.is_ok()
    {
        return receiver.borrow_and_update().clone();
    }
    std::future::pending().await
}

/// The counter's loop: one event at a time, then the window shows what changed.
async fn follow(
    window: slint::Weak<CounterWindow>,
    hub: Hub,
    options: CounterOptions,
    mut touches: mpsc::Receiver<Touch>,
) {
    let began = Instant::now();
    let words = Words::of(&options.language);
    let mut hall = plumbing::follow_hall(hub.clone());
    let mut display = hub.display_view();
    let mut views: Views = options.counter.map(|counter| hub.counter_view(counter));
    let mut courier = Courier::new(hub.clone());
    let mut ticks = tokio::time::interval(TICK);
    let mut clock = HubClock::default();
    let mut flow = Flow::new(options);
    let mut shown = None;
    loop {
        let event = tokio::select! {
            touch = touches.recv() => match touch {
                Some(touch) => Event::Touch(touch),
                None => return,
            },
            Some((request_id, answer)) = courier.next() => Event::Answer(request_id, answer),
            view = next_view(&mut views) => Event::View(view),
            Ok(()) = display.changed() => Event::Display(display.borrow_and_update().clone()),
            Ok(()) = hall.changed() => match hall.borrow_and_update().clone() {
                Some(hall) => Event::Hall(hall),
                None => continue,
            },
            _ = ticks.tick() => Event::Tick,
        };
        match &event {
            Event::View(Linked { view: Some(view), online: true, .. }) => clock.heard(view.now, Timestamp::now()),
            Event::Display(Linked { view: Some(view), online: true, .. }) => clock.heard(view.now, Timestamp::now()),
            _ => {}
        }
        let moment = Moment { now: began.elapsed(), at: clock.at(Timestamp::now()) };
        match flow.handle(event, moment) {
            Some(Effect::Send(order)) => courier.send(order),
            Some(Effect::Follow(counter)) => views = counter.map(|counter| hub.counter_view(counter)),
            None => {}
        }
        let screen = screen::of(&flow, moment, words);
        if shown.as_ref() != Some(&screen) {
            shown = Some(screen.clone());
            plumbing::post(&window, screen, screen::apply);
        }
    }
}
