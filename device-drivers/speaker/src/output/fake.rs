//! A sound card for unit tests: remembers what was played, and can be pulled out.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kit::Fault;
use tokio_util::sync::CancellationToken;

use super::{Output, Played, Sentence};

/// Samples a second of [`write_clip`].
const RATE: u32 = 8000;

/// What the card saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) pulled_out: bool,
    pub(crate) probes: u32,
    /// Each sentence by the lengths of its clips in milliseconds.
    pub(crate) played: Vec<Vec<u128>>,
    cards: u32,
}

/// The card; the test keeps a clone.
#[derive(Clone, Default)]
pub(crate) struct FakeCard {
    seen: Arc<Mutex<Seen>>,
    gate: Option<Arc<Mutex<Receiver<()>>>>,
}

impl FakeCard {
    /// A card whose every sentence lasts until the test lets it end.
    pub(crate) fn gated() -> (Self, Sender<()>) {
        let (open, gate) = mpsc::channel();
        let card = Self { gate: Some(Arc::new(Mutex::new(gate))), ..Self::default() };
        (card, open)
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pulls it out or puts it back, as the kernel would notice.
    pub(crate) fn pull_out(&self, pulled_out: bool) {
        let mut seen = self.seen();
        seen.pulled_out = pulled_out;
        seen.cards += 1;
    }

    fn there(&self) -> Result<(), Fault> {
        if self.seen().pulled_out {
            return Err(Fault::new("no-audio-device", "pulled out", "put it back"));
        }
        Ok(())
    }
}

impl Output for FakeCard {
    fn probe(&mut self) -> Result<(), Fault> {
        self.seen().probes += 1;
        self.there()
    }

    fn cards_changed(&mut self) -> bool {
        std::mem::take(&mut self.seen().cards) > 0
    }

    fn play(&mut self, sentence: &Sentence, stop: &CancellationToken) -> Result<Played, Fault> {
        self.there()?;
        let lengths = sentence.clips.iter().map(|clip| clip.duration.as_millis());
        self.seen().played.push(lengths.collect());
        if let Some(gate) = &self.gate {
            let gate = gate.lock().unwrap_or_else(PoisonError::into_inner);
            while gate.recv_timeout(Duration::from_millis(1)).is_err() {
                if stop.is_cancelled() {
                    return Ok(Played::Stopped);
                }
            }
        }
        self.there().map(|()| Played::ToItsEnd)
    }
}

/// Writes `name`.wav of this many milliseconds: 8-bit mono, half of full scale.
pub(crate) fn write_clip(folder: &Path, name: &str, milliseconds: u32) -> std::io::Result<()> {
    let samples = RATE / 1000 * milliseconds;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + samples).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(RATE.to_le_bytes());
    bytes.extend(RATE.to_le_bytes());
    bytes.extend(b"\x01\0\x08\0data");
    bytes.extend(samples.to_le_bytes());
    bytes.extend((0..samples).map(|at| if at % 2 == 0 { 192 } else { 64 }));
    std::fs::write(folder.join(format!("{name}.wav")), bytes)
}
