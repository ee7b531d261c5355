//! The real way to the sound card: rodio and ALSA, with ALSA's file device in place of a card, so
//! that the samples that a card would have got can be looked at.
//!
//! ALSA finds its configuration by an environment variable, so each test runs its body as a child
//! process: this same binary, with one of the ignored tests below.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use kit::LifeCycle;
use speaker::{Announcement, Outcome, Speaker, SpeakerConfig, TAIL};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longest wait for anything.
const LIMIT: Duration = Duration::from_secs(30);
/// What the captured card is set to; the clips have the same rate.
const RATE: usize = 22050;
const GAP_MS: u64 = 400;
const CALL: [&str; 8] =
    ["vi/chime", "vi/moi-so", "vi/chu-a", "vi/so-0", "vi/so-0", "vi/so-1", "vi/den-quay", "vi/quay-1"];

fn voice() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/voice")
}

/// An ALSA configuration whose default card writes 16-bit mono samples to `file`, and takes them
/// as fast as they come. `|cat >> x` appends: each announcement opens the card anew.
fn captured_card(file: &str) -> String {
    format!(
        "pcm.!default {{ type plug slave {{ \
           pcm {{ type file file \"{file}\" format raw slave.pcm {{ type null }} }} \
           rate {RATE} channels 1 format S16_LE }} }}\n"
    )
}

/// Runs the ignored test `body` with this folder's `asound.conf`.
fn run_child(body: &str, folder: &Path) -> Output {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", body, "--ignored", "--nocapture", "--test-threads=1"])
        .env("ALSA_CONFIG_PATH", folder.join("asound.conf"))
        .env("CHILD_FOLDER", folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn child_folder() -> PathBuf {
    std::env::var_os("CHILD_FOLDER").unwrap().into()
}

fn start() -> Speaker {
    let mut config = SpeakerConfig::new(voice());
    config.gap_ms = GAP_MS;
    Speaker::start("speaker-1", config, CancellationToken::new()).unwrap()
}

async fn say(speaker: &Speaker, clips: &[&str]) -> Outcome {
    let announcement = Announcement {
        id: clips.join(" "),
        clips: clips.iter().map(|clip| (*clip).to_owned()).collect(),
        deadline: Instant::now() + LIMIT,
    };
    let answer = speaker.say(announcement).unwrap();
    timeout(LIMIT, answer).await.unwrap().unwrap()
}

async fn becomes(speaker: &Speaker, wanted: LifeCycle) {
    let mut seen = speaker.watch_health();
    let found = timeout(LIMIT, seen.wait_for(|health| health.life_cycle == wanted)).await;
    assert!(found.is_ok(), "{:?}, not {wanted}", speaker.health());
}

/// Seconds of a shipped clip: 16-bit mono after a 44-byte header.
fn seconds_of(clip: &str) -> f64 {
    let bytes = std::fs::metadata(voice().join(format!("{clip}.wav"))).unwrap().len();
    (bytes - 44) as f64 / 2.0 / RATE as f64
}

/// Lengths in seconds of what can be heard; parts with less than 200 ms of silence between them
/// are one part.
fn heard(samples: &[i16]) -> Vec<f64> {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for (at, sample) in samples.iter().enumerate() {
        if sample.unsigned_abs() < 200 {
            continue;
        }
        match parts.last_mut() {
            Some((_, end)) if at - *end < RATE / 5 => *end = at,
            _ => parts.push((at, at)),
        }
    }
    parts.iter().map(|(start, end)| (end - start) as f64 / RATE as f64).collect()
}

#[test]
fn what_was_said_comes_out_of_the_card_in_full_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let raw = folder.path().join("said.raw");
    let card = captured_card(&format!("|cat >> {}", raw.display()));
    std::fs::write(folder.path().join("asound.conf"), card).unwrap();
    run_child("child_says_two_sentences", folder.path());

    let bytes = std::fs::read(raw).unwrap();
    let samples: Vec<i16> = bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    let clips: Vec<f64> = CALL.iter().chain(&["en/number"]).map(|clip| seconds_of(clip)).collect();
    let gaps = (CALL.len() - 1) as f64 * GAP_MS as f64 / 1000.0;
    let expected = clips.iter().sum::<f64>() + gaps + 2.0 * TAIL.as_secs_f64();
    let length = samples.len() as f64 / RATE as f64;
    // No upper bound: the card takes silence, much faster than real time, until it is closed.
    assert!(length > expected - 0.1, "{length} s, less than {expected} s");
    let heard = heard(&samples);
    assert_eq!(heard.len(), clips.len(), "{heard:?}");
    for (heard, clip) in heard.iter().zip(&clips) {
        // The faded ends of a clip are too quiet to count, the chime's end most of all.
        assert!(*heard > clip * 0.7 && *heard < clip + 0.05, "{heard} s of a clip of {clip} s");
    }
}

#[tokio::test]
#[ignore = "run as a child by what_was_said_comes_out_of_the_card_in_full_and_in_order"]
async fn child_says_two_sentences() {
    let speaker = start();
    assert_eq!(say(&speaker, &CALL).await, Outcome::Spoken);
    assert_eq!(say(&speaker, &["en/number"]).await, Outcome::Spoken);
    assert_eq!(speaker.health().life_cycle, LifeCycle::Ready);
}

#[test]
fn a_card_that_was_not_there_is_found_when_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("asound.conf"), "# no card\n").unwrap();
    let output = run_child("child_without_a_card", folder.path());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("ALSA lib"), "the log is flooded: {stderr}");
    assert!(std::fs::metadata(folder.path().join("said.raw")).unwrap().len() > 10_000);
}

#[tokio::test]
#[ignore = "run as a child by a_card_that_was_not_there_is_found_when_it_comes"]
async fn child_without_a_card() {
    let speaker = start();
    becomes(&speaker, LifeCycle::Absent).await;
    let fault = speaker.health().fault.unwrap();
    assert_eq!(fault.code, "no-audio-device");
    assert!(fault.action.contains("aplay -l"), "{fault}");
    assert_eq!(say(&speaker, &["vi/so-1"]).await, Outcome::NoDevice);

    let raw = child_folder().join("said.raw");
    let card = captured_card(&raw.display().to_string());
    std::fs::write(child_folder().join("asound.conf"), card).unwrap();
    assert_eq!(say(&speaker, &["vi/so-1"]).await, Outcome::Spoken);
    becomes(&speaker, LifeCycle::Ready).await;
}

#[test]
fn a_card_that_goes_away_while_it_plays_is_lost_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let card = folder.path().join("card");
    std::fs::create_dir(&card).unwrap();
    let wire = card.join("wire");
    std::fs::write(folder.path().join("asound.conf"), captured_card(&wire.display().to_string())).unwrap();
    run_child("child_whose_card_goes_away", folder.path());
}

/// The card is a FIFO. It goes away: its folder is renamed, and the reading end closed.
#[tokio::test]
#[ignore = "run as a child by a_card_that_goes_away_while_it_plays_is_lost_and_heals"]
async fn child_whose_card_goes_away() {
    let (card, away) = (child_folder().join("card"), child_folder().join("away"));
    let wire = card.join("wire");
    nix::unistd::mkfifo(&wire, nix::sys::stat::Mode::S_IRWXU).unwrap();
    // Open both ways: it neither waits for a writer nor ends when one closes.
    let mut reader = std::fs::File::options().read(true).write(true).open(&wire).unwrap();
    let speaker = start();
    becomes(&speaker, LifeCycle::Ready).await;

    let taken = std::thread::spawn({
        let away = away.clone();
        move || {
            let mut half_a_second = vec![0; RATE];
            reader.read_exact(&mut half_a_second).unwrap();
            std::fs::rename(&card, &away).unwrap();
            half_a_second
        }
    });
    assert_eq!(say(&speaker, &CALL).await, Outcome::NoDevice);
    let half_a_second = taken.join().unwrap();
    assert!(half_a_second.iter().any(|byte| *byte != 0), "it took only silence");
    assert_eq!(speaker.health().life_cycle, LifeCycle::Lost);

    // Back, as a file: it takes everything at once.
    std::fs::remove_file(away.join("wire")).unwrap();
    std::fs::rename(&away, child_folder().join("card")).unwrap();
    assert_eq!(say(&speaker, &["vi/so-1"]).await, Outcome::Spoken);
    assert_eq!(speaker.health().life_cycle, LifeCycle::Ready);
}
