#![expect(clippy::unwrap_used, reason = "a test may panic")]

use kit::LifeCycle;

use super::*;
use crate::output::fake::{FakeCard, write_clip};

struct Bench {
    worker: Worker<FakeCard>,
    card: FakeCard,
    health: HealthCell,
    counters: Arc<Counters>,
    folder: tempfile::TempDir,
    stop: CancellationToken,
    now: Instant,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    write_clip(folder.path(), "one", 100).unwrap();
    write_clip(folder.path(), "two", 200).unwrap();
    let card = FakeCard::default();
    let health = HealthCell::new("speaker-1");
    let counters = Arc::new(Counters::default());
    let stop = CancellationToken::new();
    let worker = Worker::new(
        card.clone(),
        &SpeakerConfig::new(folder.path()),
        health.clone(),
        Arc::clone(&counters),
        stop.clone(),
    );
    Bench { worker, card, health, counters, folder, stop, now: Instant::now() }
}

impl Bench {
    fn say(&mut self, clips: &[&str]) -> Outcome {
        let announcement = self.announcement(clips);
        self.worker.announce(&announcement, self.now)
    }

    fn announcement(&self, clips: &[&str]) -> Announcement {
        Announcement {
            id: "call-1".into(),
            clips: clips.iter().map(|clip| (*clip).to_owned()).collect(),
            deadline: self.now + Duration::from_secs(10),
        }
    }

    fn look_after(&mut self, time: Duration) {
        self.now += time;
        self.worker.look(self.now);
    }

    fn health(&self) -> (LifeCycle, String) {
        let health = self.health.current();
        let code = health.fault.map(|fault| fault.code.to_string());
        (health.life_cycle, code.unwrap_or_default())
    }
}

#[test]
fn a_sentence_is_its_clips_in_order() {
    let mut bench = bench();
    assert_eq!(bench.say(&["two", "one", "two"]), Outcome::Spoken);
    assert_eq!(bench.card.seen().played, [[200, 100, 200]]);
    assert_eq!(bench.health().0, LifeCycle::Ready);
    assert_eq!(bench.counters.read().spoken, 1);
}

#[test]
fn an_announcement_past_its_deadline_is_dropped_and_counted() {
    let mut bench = bench();
    let announcement = bench.announcement(&["one"]);
    let at = announcement.deadline;
    let late = at + Duration::from_millis(1);
    assert_eq!(bench.worker.announce(&announcement, late), Outcome::Expired);
    assert!(bench.card.seen().played.is_empty());
    assert_eq!(bench.counters.read().expired, 1);
    assert_eq!(bench.worker.announce(&announcement, at), Outcome::Spoken);
}

#[test]
fn with_a_clip_missing_nothing_is_heard_and_health_names_it() {
    let mut bench = bench();
    let outcome = bench.say(&["one", "three", "two"]);
    assert_eq!(outcome, Outcome::ClipUnusable("three".into()));
    assert!(bench.card.seen().played.is_empty());
    assert_eq!(bench.health(), (LifeCycle::Degraded, "clip-unusable".into()));
    let fault = bench.health.current().fault.unwrap();
    assert!(fault.detail.contains("three.wav"), "{fault}");
    assert_eq!(bench.counters.read().failed, 1);

    // Others are spoken meanwhile, and the fault stays until the file is there.
    assert_eq!(bench.say(&["one"]), Outcome::Spoken);
    assert_eq!(bench.health().0, LifeCycle::Degraded);
    write_clip(bench.folder.path(), "three", 300).unwrap();
    bench.look_after(LOOK);
    assert_eq!(bench.health().0, LifeCycle::Ready);
}

#[test]
fn without_a_card_health_says_so_and_it_is_looked_for() {
    let mut bench = bench();
    bench.card.pull_out(true);
    bench.look_after(Duration::ZERO);
    assert_eq!(bench.health(), (LifeCycle::Absent, "no-audio-device".into()));
    assert_eq!(bench.say(&["one"]), Outcome::NoDevice);
    assert_eq!(bench.counters.read().failed, 1);

    bench.card.pull_out(false);
    bench.look_after(LOOK - Duration::from_millis(1));
    assert_eq!(bench.health().0, LifeCycle::Absent);
    bench.look_after(Duration::from_millis(1));
    assert_eq!(bench.health().0, LifeCycle::Ready);
}

#[test]
fn a_card_pulled_out_while_idle_is_noticed_and_one_that_stays_is_left_alone() {
    let mut bench = bench();
    for _ in 0..10 {
        bench.look_after(LOOK);
    }
    assert_eq!(bench.card.seen().probes, 1);
    bench.card.pull_out(true);
    bench.look_after(LOOK);
    assert_eq!(bench.health(), (LifeCycle::Lost, "no-audio-device".into()));
    bench.card.pull_out(false);
    bench.look_after(LOOK);
    assert_eq!(bench.health().0, LifeCycle::Ready);
}

#[test]
fn an_announcement_finds_a_card_that_came_back_without_waiting_for_the_look() {
    let mut bench = bench();
    bench.look_after(Duration::ZERO);
    bench.card.pull_out(true);
    assert_eq!(bench.say(&["one"]), Outcome::NoDevice);
    assert_eq!(bench.health().0, LifeCycle::Lost);
    bench.card.pull_out(false);
    assert_eq!(bench.say(&["two"]), Outcome::Spoken);
    assert_eq!(bench.health().0, LifeCycle::Ready);
    assert_eq!(bench.card.seen().played, [[200]], "what failed is not said later");
}

#[test]
fn nothing_is_begun_after_the_stop() {
    let mut bench = bench();
    bench.stop.cancel();
    assert_eq!(bench.say(&["one"]), Outcome::Stopped);
    assert!(bench.card.seen().played.is_empty());
}
