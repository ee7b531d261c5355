//! The screen in the waiting hall.

pub(crate) mod board;
pub(crate) mod flow;

use std::time::{Duration, Instant};

use client::{Hub, Linked};
use jiff::Timestamp;
use slint::ComponentHandle;

use crate::clock::HubClock;
use crate::generated::DisplayWindow;
use crate::look::{self, Look};
use crate::plumbing::{self, Station, TICK};
use crate::words::Words;
use flow::{Event, Flow};

/// How a hall display behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayOptions {
    /// Language of the screen: `vi` or `en`.
    pub language: String,
    /// Colours, size of letters, motion.
    pub look: Look,
}

impl Default for DisplayOptions {
    fn default() -> Self {
        Self { language: "vi".to_owned(), look: Look::default() }
    }
}

/// Makes the window a hall display of the hub. The station runs on `runtime` until the answer is dropped.
pub fn start(window: &DisplayWindow, hub: Hub, runtime: &tokio::runtime::Handle, options: DisplayOptions) -> Station {
    plumbing::connect_words(window, &options.language);
    look::connect(window, &options.look, look::fit::DISPLAY);
    // The samples of the previews are never seen.
    let words = Words::of(&options.language);
    board::apply(window, &board::shown(&Flow::default(), Duration::ZERO, Timestamp::now(), words));
    let dressed = look::follow(window.as_weak(), hub.clone());
    Station::spawn(runtime, dressed, follow(window.as_weak(), hub, options))
}

/// The display's loop: one event at a time, then the window shows what changed.
async fn follow(window: slint::Weak<DisplayWindow>, hub: Hub, options: DisplayOptions) {
    let began = Instant::now();
    let words = Words::of(&options.language);
    let mut hall = plumbing::follow_hall(hub.clone());
    let mut view = hub.display_view();
    let mut ticks = tokio::time::interval(TICK);
    let mut clock = HubClock::default();
    let mut flow = Flow::default();
    let mut shown = None;
    loop {
        let event = tokio::select! {
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
        flow.handle(event, began.elapsed());
        let screen = board::shown(&flow, began.elapsed(), clock.at(Timestamp::now()), words);
        if shown.as_ref() != Some(&screen) {
            shown = Some(screen.clone());
            plumbing::post(&window, screen, board::apply);
        }
    }
}
