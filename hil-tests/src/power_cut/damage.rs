//! What one power cut does to the changes that no sync has confirmed. All of it is dice.

use super::disk::{Change, SECTOR, index, place};

/// The mood of one cut. Each cut has its own, so that the runs hold clean losses, clean arrivals and every mixture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Damage {
    /// How likely a change arrives.
    arrives: f64,
    /// How likely a write that arrives is torn.
    torn: f64,
    /// How likely a sector that a torn write did not bring is noise instead of what was there.
    noise: f64,
}

impl Damage {
    pub(super) fn roll(dice: &mut fastrand::Rng) -> Self {
        let mut one_of = |chances: &[f64]| chances[dice.usize(..chances.len())];
        Self {
            arrives: one_of(&[0.0, 0.1, 0.5, 0.9, 1.0]),
            torn: one_of(&[0.0, 0.3, 1.0]),
            noise: one_of(&[0.0, 0.0, 0.2]),
        }
    }

    /// Whether a change arrives.
    pub(super) fn keeps(&self, dice: &mut fastrand::Rng) -> bool {
        dice.f64() < self.arrives
    }

    /// Does to `content` what arrives of a change.
    pub(super) fn settle(&self, dice: &mut fastrand::Rng, change: &Change, content: &mut Vec<u8>) {
        if !self.keeps(dice) {
            return;
        }
        match change {
            Change::Write { offset, bytes } if dice.f64() < self.torn => self.tear(dice, *offset, bytes, content),
            whole => whole.apply(content),
        }
    }

    fn tear(&self, dice: &mut fastrand::Rng, offset: u64, bytes: &[u8], content: &mut Vec<u8>) {
        let mut from = 0;
        while from < bytes.len() {
            let at = offset + from as u64;
            let to = (from + index(SECTOR - at % SECTOR)).min(bytes.len());
            if dice.bool() {
                place(content, at, &bytes[from..to]);
            } else if dice.f64() < self.noise {
                let noise: Vec<u8> = bytes[from..to].iter().map(|_| dice.u8(..)).collect();
                place(content, at, &noise);
            }
            from = to;
        }
    }
}
