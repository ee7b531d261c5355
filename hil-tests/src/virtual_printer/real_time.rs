//! Commands that overtake the data: status requests, recovery, clearing.
//!
//! They are looked for in everything that arrives, so a picture may contain one by chance; that is
//! how real printers behave, and `GS ( D` is how hosts would switch it off. Source: Epson's reference.

use super::lengths::{Measure, measure_real_time};
use super::machine::Machine;

impl Machine {
    /// Listens to one byte of the stream.
    pub(super) fn hear_real_time(&mut self, byte: u8) {
        if self.real_time.is_empty() && byte != 0x10 {
            return;
        }
        self.real_time.push(byte);
        match measure_real_time(&self.real_time) {
            Measure::More => {}
            Measure::Unknown(_) => {
                self.real_time.clear();
                if byte == 0x10 {
                    self.real_time.push(byte);
                }
            }
            Measure::Whole(_) => {
                let command = std::mem::take(&mut self.real_time);
                self.act_at_once(&command);
            }
        }
    }

    fn act_at_once(&mut self, command: &[u8]) {
        match command {
            [0x10, 0x04, n, ..] => {
                self.counters.status_requests += 1;
                if let Some(status) = self.condition.real_time(*n) {
                    self.answer(&[status]);
                }
            }
            [0x10, 0x05, n] if self.condition.offline() => {
                if matches!(n, 2 | 50) {
                    self.clear_buffers();
                }
                self.set_condition(|condition| condition.cutter_error = false);
            }
            [0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8] => {
                self.clear_buffers();
                self.answer(&[0x37, 0x25, 0x00]);
            }
            _ => {}
        }
    }
}
