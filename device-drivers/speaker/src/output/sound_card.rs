//! The machine's default sound card, through rodio.
//!
//! It is opened for each announcement and closed after it, and not held open, for three reasons:
//! rodio does not heal by itself when a card goes away; another program can use the card in
//! between; and ALSA's `null` device, which test machines put in place of a card, takes samples
//! as fast as they come, some hundred times faster than real time, for as long as it is open.

use std::error::Error;
use std::fmt::Write as _;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use kit::Fault;
use rodio::source::{EmptyCallback, Source, Zero};
use rodio::{CpalError, CpalErrorKind, DeviceSinkBuilder, DeviceSinkError, MixerDeviceSink, Player};
use tokio_util::sync::CancellationToken;

use super::{Output, Played, Sentence, TAIL};

/// How often a playing sentence looks whether it shall stop.
const STOP_LOOK: Duration = Duration::from_millis(50);
/// How much longer than its own length a sentence may take before the card counts as stuck.
const STUCK_AFTER: Duration = Duration::from_secs(5);
/// Where the kernel lists its cards. Absent on a machine without any.
const CARD_LIST: &str = "/proc/asound/cards";

/// The default sound card.
pub(crate) struct SoundCard {
    cards: Option<String>,
}

enum Event {
    Ended,
    Failed(CpalError),
}

impl SoundCard {
    pub(crate) fn new() -> Self {
        Self { cards: card_list() }
    }
}

impl Output for SoundCard {
    fn probe(&mut self) -> Result<(), Fault> {
        self.cards = card_list();
        quietly(|| DeviceSinkBuilder::from_default_device().map(drop)).map_err(no_device)
    }

    fn cards_changed(&mut self) -> bool {
        let cards = card_list();
        let changed = cards != self.cards;
        self.cards = cards;
        changed
    }

    fn play(&mut self, sentence: &Sentence, stop: &CancellationToken) -> Result<Played, Fault> {
        let (events, happened) = mpsc::channel();
        let failed = events.clone();
        let sink = quietly(|| open(failed)).map_err(no_device)?;
        let player = Player::connect_new(sink.mixer());
        player.set_volume(sentence.volume);
        for (at, clip) in sentence.clips.iter().enumerate() {
            let before = if at == 0 { Duration::ZERO } else { sentence.gap };
            player.append(clip.samples.clone().delay(before));
        }
        let config = sink.config();
        let silence = Zero::new(config.channel_count(), config.sample_rate());
        player.append(silence.take_duration(TAIL));
        // A receiver that went away needs no answer.
        player.append(EmptyCallback::new(Box::new(move || {
            let _ = events.send(Event::Ended);
        })));
        let last_moment = Instant::now() + sentence.duration() + STUCK_AFTER;
        wait(&happened, last_moment, stop)
    }
}

fn open(failed: mpsc::Sender<Event>) -> Result<MixerDeviceSink, DeviceSinkError> {
    let report = move |error: CpalError| {
        // Noise for a moment, or a note about scheduling: the card goes on.
        let harmless =
            matches!(error.kind(), CpalErrorKind::Xrun | CpalErrorKind::RealtimeDenied | CpalErrorKind::DeviceChanged);
        if harmless {
            tracing::debug!(%error, "the sound card hiccuped");
        } else {
            let _ = failed.send(Event::Failed(error));
        }
    };
    let mut sink = DeviceSinkBuilder::from_default_device()?.with_error_callback(report).open_stream()?;
    sink.log_on_drop(false);
    Ok(sink)
}

fn wait(happened: &mpsc::Receiver<Event>, last_moment: Instant, stop: &CancellationToken) -> Result<Played, Fault> {
    loop {
        match happened.recv_timeout(STOP_LOOK) {
            Ok(Event::Ended) => return Ok(Played::ToItsEnd),
            Ok(Event::Failed(error)) => {
                return Err(Fault::new(
                    "no-audio-device",
                    format!("the sound card went away while it played ({error})"),
                    "check the cable of the sound card or loudspeaker; it is tried again by itself",
                ));
            }
            Err(RecvTimeoutError::Timeout) if stop.is_cancelled() => return Ok(Played::Stopped),
            Err(RecvTimeoutError::Timeout) if Instant::now() < last_moment => {}
            Err(_) => {
                return Err(Fault::new(
                    "audio-stuck",
                    "the sound card takes no samples",
                    "plug it out and in, or restart the machine; it is tried again by itself",
                ));
            }
        }
    }
}

fn no_device((error, said): (DeviceSinkError, String)) -> Fault {
    let mut cause = error.to_string();
    let mut next = error.source();
    while let Some(deeper) = next {
        // Writing to a String cannot fail.
        let _ = write!(cause, ": {deeper}");
        next = deeper.source();
    }
    if let Some(last) = said.lines().last() {
        let _ = write!(cause, " ({last})");
    }
    Fault::new(
        "no-audio-device",
        format!("no sound card can be opened: {cause}"),
        "plug in a sound card, see that `aplay -l` lists it and that this user is in the group audio; \
         it is tried again by itself",
    )
}

fn card_list() -> Option<String> {
    std::fs::read_to_string(CARD_LIST).ok()
}

/// Runs `attempt` with what ALSA would print on stderr kept, and given with an error.
#[cfg(target_os = "linux")]
fn quietly<T, E>(attempt: impl FnOnce() -> Result<T, E>) -> Result<T, (E, String)> {
    let said = alsa::Output::local_error_handler();
    attempt().map_err(|error| {
        let text = said.map(|said| said.borrow().to_string());
        (error, text.unwrap_or_default())
    })
}

#[cfg(not(target_os = "linux"))]
fn quietly<T, E>(attempt: impl FnOnce() -> Result<T, E>) -> Result<T, (E, String)> {
    attempt().map_err(|error| (error, String::new()))
}
