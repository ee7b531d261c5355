//! The kiosk by the door: a number in three touches.

mod attract;
mod code;
mod confirm;
pub(crate) mod flow;
#[cfg(test)]
mod flow_tests;
mod frame;
mod help;
mod home;
#[cfg(test)]
mod keyboard_tests;
#[cfg(test)]
mod monkey_tests;
mod moves;
mod notice;
pub(crate) mod screen;
mod search;
mod services;
mod staff;
pub(crate) mod steps;
mod ticket;
mod typed_code;

use std::time::Instant;

use client::Hub;
use jiff::Timestamp;
use protocol::commands::HelpRequest;
use slint::ComponentHandle;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::clock::HubClock;
use crate::generated::KioskWindow;
use crate::look::{self, Look};
use crate::plumbing::{self, Courier, Station, TICK, TOUCH_QUEUE};
use flow::{Effect, Event, Flow};
use steps::Touch;

/// How a kiosk behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskOptions {
    /// Kiosk id, as the agent that has its printer knows it.
    pub kiosk: String,
    /// Seconds without a touch until a page returns to the start.
    pub idle_seconds: u64,
    /// Seconds until the ticket page returns to the start, from the moment the paper came or failed.
    pub ticket_seconds: u64,
    /// Language of the first page: `vi` or `en`.
    pub language: String,
    /// Colours, size of letters, motion.
    pub look: Look,
    /// Everything to touch stands in the lower half, from the beginning.
    pub low_reach: bool,
}

impl KioskOptions {
    /// A kiosk in Vietnamese with the usual times.
    #[must_use]
    pub fn new(kiosk: &str) -> Self {
        Self {
            kiosk: kiosk.to_owned(),
            idle_seconds: 30,
            ticket_seconds: 15,
            language: "vi".to_owned(),
            look: Look::default(),
            low_reach: false,
        }
    }
}

/// Makes the window a kiosk of the hub. The station runs on `runtime` until the answer is dropped.
pub fn start(window: &KioskWindow, hub: Hub, runtime: &tokio::runtime::Handle, options: KioskOptions) -> Station {
    let (sender, touches) = mpsc::channel(TOUCH_QUEUE);
    plumbing::connect_words(window, &options.language);
    look::connect(window, &options.look, look::fit::KIOSK);
    connect_pages(window, &sender);
    let dressed = look::follow(window.as_weak(), hub.clone());
    Station::spawn(runtime, dressed, follow(window.as_weak(), hub, options, touches))
}

/// What is touched on any page goes to the flow.
pub(crate) fn connect_pages(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    frame::connect(window, touches);
    attract::connect(window, touches);
    home::connect(window, touches);
    services::connect(window, touches);
    search::connect(window, touches);
    confirm::connect(window, touches);
    staff::connect(window, touches);
    ticket::connect(window, touches);
    notice::connect(window, touches);
}

/// The kiosk's loop: one event at a time, then the window shows what changed.
async fn follow(window: slint::Weak<KioskWindow>, hub: Hub, options: KioskOptions, mut touches: mpsc::Receiver<Touch>) {
    let began = Instant::now();
    let mut hall = plumbing::follow_hall(hub.clone());
    let mut view = hub.kiosk_view(&options.kiosk);
    let mut courier = Courier::new(hub.clone());
    let (mut pins, mut helps) = (JoinSet::new(), JoinSet::new());
    let mut ticks = tokio::time::interval(TICK);
    let mut clock = HubClock::default();
    let kiosk = options.kiosk.clone();
    let mut flow = Flow::new(options);
    let mut shown = None;
    loop {
        let event = tokio::select! {
            touch = touches.recv() => match touch {
                Some(touch) => Event::Touch(touch),
                None => return,
            },
            Some((request_id, answer)) = courier.next() => Event::Answer(request_id, answer),
            Some(Ok(answer)) = pins.join_next() => Event::Pin(answer),
            Ok(()) = view.changed() => Event::View(view.borrow_and_update().clone()),
            Ok(()) = hall.changed() => match hall.borrow_and_update().clone() {
                Some(hall) => Event::Hall(hall),
                None => continue,
            },
            _ = ticks.tick() => Event::Tick,
        };
        if let Event::View(client::Linked { view: Some(view), online: true, .. }) = &event {
            clock.heard(view.now, Timestamp::now());
        }
        match flow.handle(event, began.elapsed()) {
            Some(Effect::Send(order)) => courier.send(order),
            Some(Effect::CheckPin(pin)) => {
                pins.spawn(check_pin(hub.clone(), kiosk.clone(), pin));
            }
            Some(Effect::AskHelp(help)) => {
                while helps.try_join_next().is_some() {}
                // One at a time: who presses again and again hears it once.
                if helps.is_empty() {
                    helps.spawn(ask_help(hub.clone(), kiosk.clone(), help));
                }
            }
            None => {}
        }
        let screen = screen::of(&flow, began.elapsed(), clock.at(Timestamp::now()));
        if shown.as_ref() != Some(&screen) {
            shown = Some(screen.clone());
            plumbing::post(&window, screen, screen::apply);
        }
    }
}

/// Asks the hub whether this is the staff's PIN; else the code of why not.
async fn check_pin(hub: Hub, kiosk: String, pin: String) -> Result<(), String> {
    hub.check_staff_pin(&kiosk, &pin).await.map_err(|error| {
        tracing::warn!(%error, "a staff PIN was not taken");
        error.code().unwrap_or(crate::problems::NO_ANSWER).to_owned()
    })
}

/// Asks for help to be spoken. Where that fails the page is still there to be read, so only the log tells of it.
async fn ask_help(hub: Hub, kiosk: String, help: HelpRequest) {
    if let Err(error) = hub.ask_help(&kiosk, &help).await {
        tracing::warn!(page = help.page, %error, "help was asked for and is not spoken");
    }
}
