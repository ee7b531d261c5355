#![expect(clippy::unwrap_used, reason = "a test may panic")]

use kit::LifeCycle;
use tokio::time::timeout;

use super::*;
use crate::output::fake::{FakeCard, write_clip};

/// Longest wait for anything.
const LIMIT: Duration = Duration::from_secs(20);

struct Bench {
    speaker: Speaker,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

fn bench(card: FakeCard) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    for length in 1..=9 {
        write_clip(folder.path(), &format!("clip-{length}"), length * 10).unwrap();
    }
    let stop = CancellationToken::new();
    let config = SpeakerConfig::new(folder.path());
    let speaker = Speaker::start_on(card, "speaker-1".into(), &config, stop.clone()).unwrap();
    Bench { speaker, stop, _folder: folder }
}

fn announcement(clip: usize) -> Announcement {
    Announcement {
        id: format!("call-{clip}"),
        clips: vec![format!("clip-{clip}")],
        deadline: Instant::now() + Duration::from_secs(3600),
    }
}

async fn outcome(receiver: oneshot::Receiver<Outcome>) -> Outcome {
    timeout(LIMIT, receiver).await.unwrap().unwrap()
}

#[tokio::test]
async fn announcements_are_spoken_one_at_a_time_in_order() {
    let (card, gate) = FakeCard::gated();
    let bench = bench(card.clone());
    let mut answers = Vec::new();
    for clip in [3, 1, 2] {
        answers.push(bench.speaker.say(announcement(clip)).unwrap());
    }
    for (at, answer) in answers.iter_mut().enumerate() {
        assert!(answer.try_recv().is_err(), "it ended before it was let to");
        gate.send(()).unwrap();
        assert_eq!(timeout(LIMIT, answer).await.unwrap().unwrap(), Outcome::Spoken);
        // The next may have begun, the one after it not.
        assert!(card.seen().played.len() <= at + 2);
    }
    assert_eq!(card.seen().played, [[30], [10], [20]]);
    assert_eq!(bench.speaker.counts().spoken, 3);
    assert_eq!(bench.speaker.health().life_cycle, LifeCycle::Ready);
}

#[tokio::test]
async fn one_that_waited_past_its_deadline_is_dropped() {
    let (card, gate) = FakeCard::gated();
    let bench = bench(card.clone());
    let long = bench.speaker.say(announcement(1)).unwrap();
    let mut soon = announcement(2);
    soon.deadline = Instant::now();
    let soon = bench.speaker.say(soon).unwrap();
    let later = bench.speaker.say(announcement(3)).unwrap();
    gate.send(()).unwrap();
    gate.send(()).unwrap();
    assert_eq!(outcome(long).await, Outcome::Spoken);
    assert_eq!(outcome(soon).await, Outcome::Expired);
    assert_eq!(outcome(later).await, Outcome::Spoken);
    assert_eq!(card.seen().played, [[10], [30]]);
    let counts = bench.speaker.counts();
    assert_eq!((counts.spoken, counts.expired), (2, 1));
}

#[tokio::test]
async fn a_full_queue_refuses_and_counts() {
    let (card, _gate) = FakeCard::gated();
    let bench = bench(card);
    // One is being spoken, the queue is full behind it.
    let mut taken = 0;
    let refusal = loop {
        match bench.speaker.say(announcement(1)) {
            Ok(_) => taken += 1,
            Err(refusal) => break refusal,
        }
        assert!(taken <= QUEUE_LENGTH + 1);
    };
    assert!(taken >= QUEUE_LENGTH);
    assert!(matches!(refusal, SayError::QueueFull { length: QUEUE_LENGTH, .. }));
    assert!(refusal.to_string().starts_with("speaker-1: "), "{refusal}");
    assert_eq!(bench.speaker.counts().refused, 1);
}

#[tokio::test]
async fn a_stop_breaks_off_and_later_announcements_are_refused() {
    let (card, _gate) = FakeCard::gated();
    let bench = bench(card.clone());
    let spoken = bench.speaker.say(announcement(1)).unwrap();
    let waiting = bench.speaker.say(announcement(2)).unwrap();
    let began = async {
        while card.seen().played.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, began).await.unwrap();
    bench.stop.cancel();
    assert_eq!(outcome(spoken).await, Outcome::Stopped);
    assert!(timeout(LIMIT, waiting).await.unwrap().is_err(), "the waiting one was answered");
    let refusal = bench.speaker.say(announcement(3)).unwrap_err();
    assert!(matches!(refusal, SayError::Stopped { .. }));
    timeout(LIMIT, bench.speaker.stopped()).await.unwrap();
}

#[tokio::test]
async fn an_announcement_needs_one_clip_and_not_too_many() {
    let bench = bench(FakeCard::default());
    for count in [0, MOST_CLIPS + 1] {
        let mut wrong = announcement(1);
        wrong.clips = vec!["clip-1".into(); count];
        let refusal = bench.speaker.say(wrong).unwrap_err();
        assert!(matches!(refusal, SayError::Clips { .. }), "{refusal}");
    }
}

#[tokio::test]
async fn a_wrong_setting_does_not_start() {
    let mut config = SpeakerConfig::new("clips");
    config.volume = 2.0;
    let error = Speaker::start("speaker-1", config, CancellationToken::new()).unwrap_err();
    assert!(error.to_string().starts_with("speaker-1: volume is 2"), "{error}");
}
