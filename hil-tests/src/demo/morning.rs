//! The script of a morning: twelve citizens, three counters, an empty roll of paper, a province that goes away.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, ensure};
use protocol::hall::HallInfo;
use slint::platform::Key;
use stations::headless;

use super::citizen::{DONE, START, Wish};
use super::crew::{Crew, DESKS, LIMIT, mentions, picture, shows, touch, until};
use super::story::Story;
use super::totals::has_event;
use super::voice::Capture;
use crate::whole_hall::WholeHall;

/// What the tablet says in the end, in Vietnamese and English.
const THANKS: [&str; 2] = ["Cảm ơn quý khách!", "Thank you!"];
/// Least seconds that a call takes to be spoken, the chime included.
const CALL_SECONDS: f32 = 2.5;

/// Plays the morning and leaves its pictures, sounds and events in `out`.
///
/// # Errors
/// The step that was not observed to happen, and what was seen instead.
pub fn play(out: &Path, sound: &Path, seed: u64, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    for folder in ["screens", "tickets", "boards"] {
        std::fs::create_dir_all(out.join(folder)).with_context(|| format!("{} cannot be made", out.display()))?;
    }
    let bench = tempfile::tempdir()?;
    let hall = runtime.block_on(WholeHall::start(bench.path()))?;
    let crew = Crew::open(&hall, runtime.handle())?;
    let info = hall.machine.hub.as_ref().context("the machine has a hub")?.info.clone();
    let mut morning = Morning {
        hall,
        crew,
        info,
        voice: Capture::of(sound),
        story: Story::new(out, seed),
        dice: fastrand::Rng::with_seed(seed),
        tickets: Vec::new(),
        served: BTreeSet::new(),
        calls: 0,
        ratings: 0,
        runtime,
    };
    let played = morning.run();
    let Morning { hall, crew, mut story, .. } = morning;
    runtime.block_on(hall.stop());
    let played = played.and_then(|()| hub_away(&crew, &mut story));
    if let Err(error) = &played {
        story.step("It stopped here");
        story.say(&format!("{error:#}"));
    }
    story.write()?;
    played
}

/// What the screens say once the hub is gone.
fn hub_away(crew: &Crew, story: &mut Story) -> anyhow::Result<()> {
    let title = "The hub is switched off: every screen says so";
    story.step(title);
    let mut pictures = || -> anyhow::Result<()> {
        until("the words at the kiosk", || mentions(&crew.kiosk, "kết nối"))?;
        until("the words on the display", || mentions(&crew.display, "Mất kết nối"))?;
        let counter = crew.counter(1)?;
        until("the words at the counter", || mentions(counter, "Mất kết nối"))?;
        let path = picture(&crew.kiosk, story.out(), "kiosk-hub-away")?;
        story.show("the kiosk takes nobody in", &path);
        let path = picture(&crew.display, story.out(), "display-hub-away")?;
        story.show("the display shows no old number as current", &path);
        let path = picture(counter, story.out(), "counter-hub-away")?;
        story.show("the counter knows that its figures may be old", &path);
        Ok(())
    };
    pictures().with_context(|| format!("step \"{title}\""))
}

/// The hall, its people and what was seen so far.
pub(super) struct Morning<'a> {
    pub(super) hall: WholeHall,
    pub(super) crew: Crew,
    pub(super) info: HallInfo,
    pub(super) voice: Capture,
    pub(super) story: Story,
    pub(super) dice: fastrand::Rng,
    /// Numbers in the order in which they were taken, with their service.
    pub(super) tickets: Vec<(String, String)>,
    /// Counters that finished a ticket.
    pub(super) served: BTreeSet<u16>,
    pub(super) calls: usize,
    pub(super) ratings: usize,
    pub(super) runtime: &'a tokio::runtime::Runtime,
}

/// One step of the script.
type Step<'a> = fn(&mut Morning<'a>) -> anyhow::Result<()>;

impl<'a> Morning<'a> {
    fn run(&mut self) -> anyhow::Result<()> {
        let steps: [(&str, Step<'a>); 11] = [
            ("The hall opens", Self::hall_opens),
            ("Three officers open their counters", Self::counters_open),
            ("Eight citizens take numbers", Self::first_citizens),
            ("The first calls: board, display and voice", Self::first_calls),
            ("A recall, a served citizen, a rating", Self::recall_serve_rate),
            ("What else an officer can do with a ticket", Self::officers_pages),
            ("A citizen does not come", Self::no_show),
            ("The printer runs out of paper and is refilled", Self::paper_out),
            ("The province goes away and comes back", Self::central_away),
            ("Everybody else is served", Self::serve_the_rest),
            ("The province has every event, in order", Self::everything_arrives),
        ];
        for (title, step) in steps {
            self.story.step(title);
            step(self).with_context(|| format!("step \"{title}\""))?;
        }
        self.check_totals().context("the totals of the morning")
    }

    pub(super) fn out(&self, name: &str) -> std::path::PathBuf {
        self.story.out().join(name)
    }

    fn hall_opens(&mut self) -> anyhow::Result<()> {
        let kiosk = &self.crew.kiosk;
        until("the start page of the kiosk", || shows(kiosk, START[0]))?;
        let printer = &self.hall.bench.printer;
        until("a question to the printer", || printer.counters().status_requests > 0)?;
        let client = self.hall.client()?;
        let ready = || {
            let health = self.runtime.block_on(client.health());
            health.is_ok_and(|h| h.devices.len() == 3 && h.devices.iter().all(|d| d.fault.is_none()))
        };
        until("three devices in good health", ready)?;
        self.story.say("printer, board and speaker are ready; the hub's health says so");
        self.shoot_kiosk("the kiosk waits", "kiosk-attract")?;
        let path = picture(&self.crew.display, self.story.out(), "display-quiet")?;
        self.story.show("the hall display before the first call", &path);
        let path = picture(self.crew.rating(1)?, self.story.out(), "rating-dark")?;
        self.story.show("the rating tablet is dark", &path);
        Ok(())
    }

    pub(super) fn shoot_kiosk(&mut self, text: &str, name: &str) -> anyhow::Result<()> {
        let path = picture(&self.crew.kiosk, self.story.out(), name)?;
        self.story.show(text, &path);
        Ok(())
    }

    pub(super) fn shoot_counter(&mut self, desk: u16, text: &str, name: &str) -> anyhow::Result<()> {
        let path = picture(self.crew.counter(desk)?, self.story.out(), name)?;
        self.story.show(text, &path);
        Ok(())
    }

    fn counters_open(&mut self) -> anyhow::Result<()> {
        for (n, desk) in DESKS.into_iter().enumerate() {
            let label = format!("Quầy {desk}");
            let officer = self.info.officers.get(n).context("the sample hall has officers")?.name.clone();
            let window = self.crew.counter(desk)?;
            until("the choice of counters", || shows(window, &label))?;
            if n == 0 {
                self.shoot_counter(desk, "the officer chooses the counter", "counter-choose")?;
            }
            touch(self.crew.counter(desk)?, &label)?;
            let window = self.crew.counter(desk)?;
            until("the choice of officers", || shows(window, &officer))?;
            if n == 0 {
                self.shoot_counter(desk, "and the name", "counter-officer")?;
            }
            let window = self.crew.counter(desk)?;
            touch(window, &officer)?;
            until("the working page", || mentions(window, "Gọi tiếp"))?;
            self.story.say(&format!("{officer} sits at counter {desk}"));
        }
        self.shoot_counter(1, "an open counter with nobody waiting", "counter-empty")
    }

    fn first_citizens(&mut self) -> anyhow::Result<()> {
        self.take(&Wish { pictures: true, ..Wish::of("dat-dai") })?;
        self.take(&Wish { class: Some("elderly"), ..Wish::of("dat-dai") })?;
        self.take(&Wish { language: 1, pictures: true, ..Wish::of("ho-tich") })?;
        for field in ["ho-tich", "chung-thuc", "chung-thuc", "dat-dai", "ho-tich"] {
            let class = (self.tickets.len() == 5).then_some("disabled");
            self.take(&Wish { class, ..Wish::of(field) })?;
        }
        self.shoot_counter(3, "the queue of counter 3, priority first", "counter-queue")
    }

    /// The officer calls; the answer is the number that the counter shows.
    fn call(&mut self, desk: u16, by_key: bool) -> anyhow::Result<String> {
        let window = self.crew.counter(desk)?;
        if by_key {
            until("the call button", || headless::enabled(window, "Gọi tiếp"))?;
            headless::press_key(window, Key::F1);
        } else {
            touch(window, "Gọi tiếp")?;
        }
        until("the called ticket at the counter", || shows(window, "Đang gọi"))?;
        let client = self.hall.client()?;
        let display = self.runtime.block_on(async {
            let mut view = client.display_view();
            let open = |d: &client::Linked<protocol::views::DisplayView>| d.view.is_some();
            tokio::time::timeout(LIMIT, view.wait_for(open)).await.map(|seen| seen.map(|d| d.view.clone()))
        });
        let display = display.context("the display's view")??.context("a view")?;
        let row = display.counters.iter().find(|row| row.counter == desk).context("the counter's row")?;
        let number = row.number.clone().context("the called number")?;
        self.calls += 1;
        let board = &self.hall.bench.board;
        until("the number on the board", || board.text().contains(&number))?;
        let display = &self.crew.display;
        until("the number on the display", || shows(display, &number) || mentions(display, &number))?;
        let (voice, calls) = (&self.voice, self.calls);
        until("the voice", || voice.seconds_spoken() >= calls as f32 * CALL_SECONDS)?;
        self.story.say(&format!("{number} is called to counter {desk}: on the board, on the display, spoken"));
        Ok(number)
    }

    fn first_calls(&mut self) -> anyhow::Result<()> {
        let number = self.call(3, false)?;
        ensure!(number == self.tickets[1].0, "the priority ticket goes first, not {number}");
        let path = picture(&self.crew.display, self.story.out(), "display-call")?;
        self.story.show("the hall display", &path);
        self.shoot_counter(3, "counter 3 has called", "counter-called")?;
        self.keep_board("first-call")?;
        self.call(1, true)?;
        self.call(2, false)?;
        self.keep_board("three-calls")?;
        let path = picture(&self.crew.display, self.story.out(), "display-three-calls")?;
        self.story.show("three counters called", &path);
        Ok(())
    }

    fn keep_board(&mut self, name: &str) -> anyhow::Result<()> {
        let path = format!("boards/{name}.png");
        self.hall.bench.board.save(&self.out(&path))?;
        self.story.show("the LED board", &path);
        Ok(())
    }

    fn recall_serve_rate(&mut self) -> anyhow::Result<()> {
        let window = self.crew.counter(3)?;
        touch(window, "Gọi lại")?;
        until("the recall at the counter", || mentions(window, "gọi lần 2"))?;
        self.calls += 1;
        let (voice, calls) = (&self.voice, self.calls);
        until("the recall in the voice", || voice.seconds_spoken() >= calls as f32 * CALL_SECONDS)?;
        self.story.say("the recall was spoken");
        self.serve(3, Some("very-satisfied"), true)
    }

    /// The citizen comes, is served, and rates where a level is given.
    fn serve(&mut self, desk: u16, level: Option<&str>, pictures: bool) -> anyhow::Result<()> {
        let window = self.crew.counter(desk)?;
        touch(window, "Bắt đầu")?;
        until("the served ticket", || mentions(window, "Đang phục vụ"))?;
        if pictures {
            self.shoot_counter(desk, "the citizen is served", "counter-serving")?;
        }
        touch(self.crew.counter(desk)?, "Hoàn thành")?;
        self.served.insert(desk);
        let Some(level) = level else { return Ok(()) };
        let face = self.info.rating_levels.iter().find(|l| l.id == level);
        let face = face.or(self.info.rating_levels.first()).context("a rating level")?.name.get("vi").to_owned();
        let english = self.info.rating_levels.iter().find(|l| l.name.get("vi") == face);
        let english = english.context("a rating level")?.name.get("en").to_owned();
        let tablet = self.crew.rating(desk)?;
        until("the question on the tablet", || shows(tablet, &face) || shows(tablet, &english))?;
        let face = if shows(tablet, &face) { face } else { english };
        if pictures {
            let path = picture(tablet, self.story.out(), "rating-question")?;
            self.story.show("the rating tablet asks", &path);
        }
        let tablet = self.crew.rating(desk)?;
        touch(tablet, &face)?;
        if level == "dissatisfied" {
            self.say_why(desk)?;
        }
        let tablet = self.crew.rating(desk)?;
        until("the thanks", || THANKS.iter().any(|thanks| shows(tablet, thanks)))?;
        if pictures {
            let path = picture(tablet, self.story.out(), "rating-thanks")?;
            self.story.show("and thanks", &path);
        }
        self.ratings += 1;
        self.story.say(&format!("counter {desk} finished and was rated \"{face}\""));
        Ok(())
    }

    fn no_show(&mut self) -> anyhow::Result<()> {
        let window = self.crew.counter(2)?;
        touch(window, "Vắng")?;
        until("the counter free again", || headless::enabled(window, "Gọi tiếp"))?;
        let bench = &self.hall.bench;
        until("the event at the province", || has_event(bench, "ticket_no_show"))?;
        self.story.say("the ticket of counter 2 is marked absent; the province knows");
        self.serve(1, Some("dissatisfied"), false)
    }

    fn paper_out(&mut self) -> anyhow::Result<()> {
        self.hall.bench.printer.paper_out();
        let window = self.crew.counter(1)?;
        until("the printer's fault at the counter", || mentions(window, "hết giấy"))?;
        self.shoot_counter(1, "the counter says what is wrong and what to do", "counter-paper-out")?;
        self.shoot_kiosk("the kiosk says so before the citizen chooses", "kiosk-attract-paper-out")?;
        let number = self.take_number(&Wish::of("dat-dai"))?;
        let kiosk = &self.crew.kiosk;
        until("the words that there is no paper", || mentions(kiosk, "hết giấy"))?;
        self.shoot_kiosk("the ticket exists without paper", "kiosk-ticket-paper-out")?;
        let sheets = self.tickets.len();
        ensure!(self.hall.bench.printer.sheets().len() == sheets - 1, "no paper came out of an empty printer");
        self.hall.bench.printer.load_paper(None);
        let printer = &self.hall.bench.printer;
        until("the paper after the refill", || printer.sheets().len() == sheets)?;
        self.keep_paper(&number)?;
        self.story.say(&format!("{number} was printed once the roll was in"));
        touch(&self.crew.kiosk, DONE[0])
    }

    fn central_away(&mut self) -> anyhow::Result<()> {
        self.runtime.block_on(self.hall.bench.central.away());
        let before = self.hall.bench.central.events().len();
        for field in ["chung-thuc", "dat-dai", "ho-tich"] {
            self.take(&Wish::of(field))?;
        }
        self.call(2, false)?;
        let client = self.hall.client()?;
        let told = || self.runtime.block_on(client.health()).is_ok_and(|h| h.central_fault.is_some());
        until("the fault in the hub's health", told)?;
        ensure!(self.hall.bench.central.events().len() == before, "the province was away and got events");
        self.story.say("three numbers and a call went on as ever; the hub's health names the fault");
        self.runtime.block_on(self.hall.bench.central.back())?;
        let sequence = self.sequence()?;
        let central = &self.hall.bench.central;
        until("the province catching up", || central.events().len() as u64 >= sequence)?;
        self.story.say(&format!("it came back and has all {sequence} events"));
        Ok(())
    }

    fn sequence(&self) -> anyhow::Result<u64> {
        let client = self.hall.client()?;
        Ok(self.runtime.block_on(client.health())?.sequence)
    }

    fn serve_the_rest(&mut self) -> anyhow::Result<()> {
        self.serve(2, Some("very-satisfied"), false)?;
        for desk in DESKS {
            loop {
                let window = self.crew.counter(desk)?;
                // After the last event has come in, the button tells whether somebody waits.
                headless::pump_for(std::time::Duration::from_millis(300))?;
                if !headless::enabled(window, "Gọi tiếp") {
                    break;
                }
                self.call(desk, false)?;
                let level = *self.dice.choice(&["very-satisfied", "satisfied", "dissatisfied"]).context("a level")?;
                self.serve(desk, Some(level), false)?;
            }
        }
        self.shoot_counter(1, "nobody waits any more", "counter-evening")
    }

    fn everything_arrives(&mut self) -> anyhow::Result<()> {
        let sequence = self.sequence()?;
        let central = &self.hall.bench.central;
        until("the last event at the province", || central.events().len() as u64 >= sequence)?;
        let events = central.events();
        let in_order = events.iter().zip(1..).all(|(event, n)| event.sequence == n);
        ensure!(in_order, "the sequences are not 1 to {sequence}");
        ensure!(central.counters().in_flight_max <= 1, "more than one request was under way");
        central.write_jsonl(&self.out("central.jsonl"))?;
        self.story.show(&format!("{sequence} CloudEvents, from 1 on without a gap"), "central.jsonl");
        self.voice.write_wav(&self.out("announcements.wav"))?;
        self.story.show(&format!("{} calls as they were spoken", self.calls), "announcements.wav");
        Ok(())
    }
}
