//! Random touches and keys, by seed: nobody panics, there is no dead end, no ticket without a confirmed touch, and the
//! kiosk is back at its start within its countdown. `MONKEY_SEED=n` plays another day.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use client::Linked;
use fastrand::Rng;
use protocol::commands::{Command, CommandReply, HELP_PAGES};
use protocol::problem::Problem;
use protocol::views::{KioskView, PrintState, Unavailable};
use slint::ComponentHandle;
use slint::platform::{PointerEventButton, WindowEvent};
use tokio::sync::mpsc;

use super::flow::{Effect, Event, Flow, MAX_SERVICES, PAPER_PATIENCE, STAFF_SECONDS, TAKE_PATIENCE};
use super::steps::{Step, Touch};
use super::{KioskOptions, connect_pages, screen};
use crate::generated::KioskWindow;
use crate::plumbing::{self, Answer, Order};
use crate::{headless, look, sample};

const EVENTS: u32 = 100_000;
/// Parts of them that go through a real window, side by side.
const HALF: u32 = EVENTS / 2;

fn seed() -> u64 {
    std::env::var("MONKEY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122)
}

/// The kiosk's flow, a hub that answers as it likes, and a clock.
struct Kiosk {
    dice: Rng,
    flow: Flow,
    now: Duration,
    /// Requests that the hub has not answered, and the words of each under its id.
    open: Vec<Order>,
    asked: BTreeMap<String, Command>,
    /// Touches of "take a number" on a page that offers it, by request id.
    confirmed: Vec<String>,
    pins: u32,
}

impl Kiosk {
    fn new(seed: u64) -> Self {
        let mut flow = Flow::new(KioskOptions::new("kiosk-1"));
        let mut hall = sample::hall();
        hall.languages.push("fr".into());
        flow.handle(Event::Hall(Arc::new(hall)), Duration::ZERO);
        let (dice, now) = (Rng::with_seed(seed), Duration::ZERO);
        let mut kiosk =
            Self { dice, flow, now, open: Vec::new(), asked: BTreeMap::new(), confirmed: Vec::new(), pins: 0 };
        kiosk.view(true, |_| {});
        kiosk
    }

    fn view(&mut self, online: bool, change: impl FnOnce(&mut KioskView)) {
        let mut view = sample::kiosk_view();
        change(&mut view);
        self.event(Event::View(Linked { view: Some(Arc::new(view)), online, strange: false }));
    }

    fn event(&mut self, event: Event) {
        let takes = match (&event, &self.flow.step) {
            (Event::Touch(Touch::Take(id)), Step::Confirm(choice)) if choice.taking.is_none() => Some(id.clone()),
            _ => None,
        };
        let touched = matches!(event, Event::Touch(_));
        match self.flow.handle(event, self.now) {
            Some(Effect::Send(order)) => {
                if let Command::IssueTicket { then, .. } = &order.command {
                    assert!(then.len() < MAX_SERVICES);
                    let again = self.asked.get(&order.request_id) == Some(&order.command);
                    assert!(again != touched, "a request is made by a touch and repeated as it was");
                    if touched {
                        assert_eq!(takes.as_ref(), Some(&order.request_id), "no ticket without a confirmed touch");
                        self.confirmed.push(order.request_id.clone());
                    }
                }
                self.asked.insert(order.request_id.clone(), order.command.clone());
                self.open.push(order);
            }
            Some(Effect::CheckPin(_)) => self.pins += 1,
            Some(Effect::AskHelp(help)) => assert!(touched && HELP_PAGES.contains(&help.page.as_str()), "{help:?}"),
            None => {}
        }
        let quiet = self.flow.step == Step::Attract || self.flow.taking().is_some();
        let printing = matches!(&self.flow.step, Step::Ticket(taken) if taken.settled.is_none());
        assert!(quiet || printing || self.flow.seconds_left(self.now).is_some(), "{:?} does not end", self.flow.step);
    }

    /// The hub answers one request, in one way or another, or the world changes a little.
    fn world(&mut self) {
        match self.dice.u32(0..12) {
            0..6 if !self.open.is_empty() => {
                let order = self.open.swap_remove(self.dice.usize(0..self.open.len()));
                let print =
                    [PrintState::Printed, PrintState::Printing, PrintState::Failed { reason: "paper-out".into() }];
                let answer = match self.dice.u32(0..6) {
                    0 => Answer::Nothing,
                    1 => Answer::Refused(Box::new(Problem::new(409, "quota-reached", "", "", ""))),
                    _ => {
                        let ticket = Some(sample::ticket(print[self.dice.usize(0..3)].clone()));
                        Answer::Done(Box::new(CommandReply { sequence: 413, ticket, print_job: None }))
                    }
                };
                self.event(Event::Answer(order.request_id, answer));
            }
            6 if self.pins > 0 => {
                self.pins -= 1;
                let answer = if self.dice.bool() { Ok(()) } else { Err("wrong-pin".to_owned()) };
                self.event(Event::Pin(answer));
            }
            7 => {
                let (online, dice) = (self.dice.u32(0..8) > 0, self.dice.u32(0..12));
                self.view(online, |view| match dice {
                    0 => view.closed = true,
                    4..8 => view.help = true,
                    1 => view.printer = None,
                    2 => view.fields.iter_mut().for_each(|f| f.closed = Some(Unavailable::Closed { opens: None })),
                    3 => view.services.iter_mut().for_each(|s| s.closed = Some(Unavailable::QuotaReached)),
                    _ => {}
                });
            }
            _ => {
                self.now += Duration::from_millis(self.dice.u64(0..900));
                self.event(Event::Tick);
            }
        }
    }

    fn touch(&mut self) -> Touch {
        let hall = self.flow.hall.clone().unwrap();
        let id = format!("r{}", self.dice.u64(..));
        // Now and then the monkey knows what it wants.
        if self.dice.u32(0..4) == 0 {
            match &self.flow.step {
                Step::Attract => return Touch::Start,
                Step::NoPaper { .. } | Step::Unavailable { .. } | Step::Refused { .. } => return Touch::GoOn,
                Step::Services { order, .. } if !order.is_empty() => {
                    return Touch::Service(order[self.dice.usize(0..order.len())].clone());
                }
                Step::Confirm(_) => return Touch::Take(id),
                _ => {}
            }
        }
        let any = |dice: &mut Rng, ids: Vec<String>| ids[dice.usize(0..ids.len())].clone();
        match self.dice.u32(0..30) {
            0 | 1 => Touch::Start,
            2 => Touch::StartIn(any(&mut self.dice, vec!["vi".into(), "en".into(), "fr".into(), "xx".into()])),
            3 => Touch::SwitchLanguage,
            4 => Touch::Language(any(&mut self.dice, hall.languages.clone())),
            5 => Touch::Larger,
            6 => Touch::Contrast,
            7 => Touch::LowReach,
            8..11 => Touch::Field(any(&mut self.dice, hall.fields.iter().map(|f| f.id.clone()).collect())),
            11..14 => Touch::Service(any(&mut self.dice, hall.services.iter().map(|s| s.id.clone()).collect())),
            14 => Touch::Turn(self.dice.usize(..)),
            15 => Touch::Search,
            16 => Touch::Key(self.dice.char(..)),
            17 => Touch::Erase,
            18 => Touch::Enter,
            19 => Touch::AskClass,
            20 => Touch::Class(any(&mut self.dice, hall.classes.iter().map(|c| c.id.clone()).collect())),
            21 => Touch::AskAppointment,
            22 => Touch::Add,
            23 => Touch::Drop(self.dice.usize(0..6)),
            24 | 25 => Touch::Take(id),
            26 => Touch::Reprint(id),
            27 => [Touch::GoOn, Touch::Back, Touch::More, Touch::ToStart, Touch::Listen][self.dice.usize(0..5)].clone(),
            28 => Touch::Staff,
            _ => [
                Touch::CloseKiosk(id.clone()),
                Touch::OpenKiosk(id.clone()),
                Touch::ReprintOf { ticket: "t".into(), id },
            ][self.dice.usize(0..3)]
            .clone(),
        }
    }

    /// Everybody goes away: the hub answers what is open, and the countdowns end.
    fn left_alone(&mut self) {
        self.view(true, |_| {});
        let longest = TAKE_PATIENCE + PAPER_PATIENCE + Duration::from_secs(STAFF_SECONDS + 60);
        let end = self.now + longest;
        while self.now < end {
            self.now += Duration::from_secs(1);
            self.event(Event::Tick);
            if let Some(order) = self.open.pop() {
                self.event(Event::Answer(order.request_id, Answer::Nothing));
            }
        }
        assert_eq!(self.flow.step, Step::Attract, "a dead end");
    }
}

#[test]
fn a_hundred_thousand_random_touches_find_no_way_out_and_no_dead_end() {
    println!("seed {}", seed());
    let mut kiosk = Kiosk::new(seed());
    let mut tickets = 0;
    for number in 0..EVENTS {
        let touch = kiosk.touch();
        kiosk.event(Event::Touch(touch));
        kiosk.world();
        tickets += u32::from(matches!(kiosk.flow.step, Step::Ticket(_)));
        // A request is given up at the latest when its patience ends.
        if number % 1_000 == 999 {
            kiosk.left_alone();
        }
    }
    let issued = kiosk.asked.values().filter(|c| matches!(c, Command::IssueTicket { .. })).count();
    assert_eq!(issued, kiosk.confirmed.len(), "one request a confirmed touch");
    assert!(issued > 100 && tickets > 100, "the monkey got to tickets: {issued} requests");
}

#[test]
fn a_window_takes_whatever_is_touched_and_typed() {
    in_a_window(seed());
}

#[test]
fn a_window_takes_it_on_another_day_too() {
    in_a_window(seed() + 1);
}

/// Fingers and keys at the pixels of a window, which is looked at now and then.
fn in_a_window(seed: u64) {
    println!("seed {seed}");
    headless::init_still().unwrap();
    let window = KioskWindow::new().unwrap();
    plumbing::connect_words(&window, "vi");
    look::connect(&window, &look::Look { motion: false, ..look::Look::default() }, look::fit::KIOSK);
    let (sender, mut touches) = mpsc::channel(plumbing::TOUCH_QUEUE);
    connect_pages(&window, &sender);
    headless::show(&window, 1080, 1920).unwrap();
    let mut kiosk = Kiosk::new(seed);
    let (mut shown, mut pages) = (None, std::collections::BTreeSet::new());
    for number in 0..HALF {
        poke(&window, &mut kiosk.dice);
        while let Ok(touch) = touches.try_recv() {
            kiosk.event(Event::Touch(touch));
        }
        kiosk.world();
        let screen = screen::of(&kiosk.flow, kiosk.now, sample::now());
        if shown.as_ref() != Some(&screen) {
            screen::apply(&window, &screen);
            shown = Some(screen);
            pages.insert(format!("{:?}", window.get_page()));
        }
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(20));
        assert!(window.window().is_visible(), "the window is gone");
        if number % 5_000 == 4_999 {
            kiosk.left_alone();
        }
    }
    assert!(pages.len() >= 6, "the monkey saw {pages:?}");
    assert_eq!(
        kiosk.asked.values().filter(|c| matches!(c, Command::IssueTicket { .. })).count(),
        kiosk.confirmed.len()
    );
}

/// A finger somewhere, or a key.
fn poke(window: &KioskWindow, dice: &mut Rng) {
    if dice.u32(0..5) == 0 {
        let keys = ['\t', '\n', ' ', '\u{1b}', '\u{8}', 'a', '7', '\u{f704}'];
        headless::press_key(window, keys[dice.usize(0..keys.len())]);
        return;
    }
    let size = window.window().size().to_logical(window.window().scale_factor());
    let position = slint::LogicalPosition::new(dice.f32() * size.width, dice.f32() * size.height);
    let button = PointerEventButton::Left;
    window.window().dispatch_event(WindowEvent::PointerMoved { position });
    window.window().dispatch_event(WindowEvent::PointerPressed { position, button });
    window.window().dispatch_event(WindowEvent::PointerReleased { position, button });
    window.window().dispatch_event(WindowEvent::PointerExited);
}
