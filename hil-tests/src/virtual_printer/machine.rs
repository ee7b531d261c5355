//! The printer as a machine: receive buffer, paper, cover, knife, power, and what it answers.
//!
//! It knows no wire and sleeps nowhere: the port hands it bytes, the mechanism task lets it step.
//! Real-time commands are answered when they arrive, before the data that waits; like on real
//! printers they are found inside pictures too.

use std::collections::VecDeque;
use std::time::Instant;

use super::arrivals::Arrivals;
use super::counters::Counters;
use super::interpreter::{Effect, Interpreter, MAX_PAPER_ROWS};
use super::lengths::{Measure, measure};
use super::model::Model;
use super::sheet::{Sheet, SheetEnd};
use super::status::Condition;
use crate::wire::Device;

/// Answers that wait for a host that does not read; later ones are lost.
const MAX_OUTGOING: usize = 64 * 1024;
/// Sheets kept; the oldest go first. Counters go on.
const MAX_SHEETS_KEPT: usize = 1000;
/// Pieces that came off without a cut kept; the oldest go first.
const MAX_SCRAPS_KEPT: usize = 100;

/// Bytes of one sheet; what goes on without a cut is torn off then.
const MAX_RAW_BYTES: usize = 8 * 1024 * 1024;

/// One step of the mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing can be done now.
    Idle,
    /// A command was carried out and the paper moved so many rows.
    Done { rows: usize },
}

/// Faults that a test switches on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    pub stalled: bool,
    pub silent: bool,
    pub knife_blocked: bool,
    pub pace: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct Machine {
    pub interpreter: Interpreter,
    pub faults: Faults,
    pub counters: Counters,
    pub sheets: VecDeque<Sheet>,
    pub scraps: VecDeque<Sheet>,
    pub powered: bool,
    receive_buffer: usize,
    pub(super) condition: Condition,
    rows_left: Option<usize>,
    sheets_left: Option<u64>,
    received: VecDeque<u8>,
    /// The command at work: taken out of the receive buffer, not complete yet or not carried out yet.
    at_work: Vec<u8>,
    /// `at_work` is the beginning of one command, so it no longer counts as waiting.
    inside_command: bool,
    pub(super) real_time: Vec<u8>,
    outgoing: VecDeque<u8>,
    watch_mask: u8,
    told: [u8; 3],
    cut_waiting: Option<bool>,
    raw: Vec<u8>,
    arrivals: Arrivals,
    pub job_start: Option<Instant>,
}

impl Machine {
    pub(crate) fn new(model: Model) -> Self {
        Self {
            receive_buffer: model.receive_buffer,
            interpreter: Interpreter::new(model),
            faults: Faults::default(),
            counters: Counters::default(),
            sheets: VecDeque::new(),
            scraps: VecDeque::new(),
            powered: true,
            condition: Condition::default(),
            rows_left: None,
            sheets_left: None,
            received: VecDeque::new(),
            at_work: Vec::new(),
            inside_command: false,
            real_time: Vec::new(),
            outgoing: VecDeque::new(),
            watch_mask: 0,
            told: [0; 3],
            cut_waiting: None,
            raw: Vec::new(),
            arrivals: Arrivals::default(),
            job_start: None,
        }
    }

    pub(crate) fn condition(&self) -> Condition {
        self.condition
    }

    /// Bytes that wait inside the printer.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.received.len() + self.at_work.len()
    }

    /// Whether no answer waits for the wire.
    pub(crate) fn has_said_all(&self) -> bool {
        self.outgoing.is_empty()
    }

    /// Changes paper, cover or knife and tells the host if it asked to be told.
    pub(crate) fn set_condition(&mut self, how: impl FnOnce(&mut Condition)) {
        how(&mut self.condition);
        self.tell_change();
    }

    /// A new roll: `rows` of paper, or without end.
    pub(crate) fn load_paper(&mut self, rows: Option<usize>) {
        self.rows_left = rows;
        self.sheets_left = None;
        if self.condition.paper_out && self.interpreter.paper.ink_dots() > 0 {
            self.tear_off(SheetEnd::RollChanged);
        }
        self.set_condition(|condition| {
            condition.paper_out = rows == Some(0);
            condition.paper_low = false;
        });
    }

    /// The roll ends after so many more cuts.
    pub(crate) fn paper_for_sheets(&mut self, sheets: u64) {
        self.sheets_left = Some(sheets);
        if sheets == 0 {
            self.set_condition(|condition| condition.paper_out = true);
        }
    }

    pub(crate) fn set_knife_blocked(&mut self, blocked: bool) {
        self.faults.knife_blocked = blocked;
        if !blocked {
            self.set_condition(|condition| condition.cutter_error = false);
        }
    }

    /// Everything volatile is gone; paper and faults stay as they are.
    pub(crate) fn cut_power(&mut self) {
        self.powered = false;
        self.clear_buffers();
        self.interpreter.reset();
        self.real_time.clear();
        self.outgoing.clear();
        self.watch_mask = 0;
        self.condition.cutter_error = false;
    }

    /// Bytes that were never asked for.
    pub(crate) fn garbage(&mut self, bytes: &[u8]) {
        let room = MAX_OUTGOING.saturating_sub(self.outgoing.len());
        self.outgoing.extend(bytes.iter().take(room));
    }

    /// The paper as it hangs out of the printer now.
    pub(crate) fn uncut(&self) -> Sheet {
        let mut shown = self.interpreter.paper.clone();
        let waiting = self.interpreter.line.draw();
        let (left, top) = (self.interpreter.left_of(waiting.width()), shown.height());
        shown.add_rows(waiting.height());
        shown.draw(&waiting, left, top);
        let printed = self.interpreter.printed.clone();
        Sheet {
            paper: shown,
            lines: printed.lines,
            qr_codes: printed.qr_codes,
            barcodes: printed.barcodes,
            raw: self.raw.clone(),
            end: SheetEnd::Uncut,
            cut_into_print: false,
            first_byte: self.job_start,
            finished: Instant::now(),
        }
    }

    /// Carries out at most one command.
    pub(crate) fn step(&mut self) -> Step {
        if !self.powered || self.faults.stalled || self.condition.offline() {
            return Step::Idle;
        }
        if let Some(after_feed) = self.cut_waiting {
            return self.cut(after_feed);
        }
        if self.at_work.is_empty() || self.inside_command {
            self.at_work.extend(self.received.drain(..));
        }
        if self.at_work.is_empty() {
            return Step::Idle;
        }
        let mut measured = measure(&self.at_work, self.interpreter.modes.utf8);
        if matches!(measured, Measure::Whole(_)) && !self.interpreter.model.knows(&self.at_work) {
            measured = Measure::Unknown(2);
        }
        self.inside_command = measured == Measure::More;
        match measured {
            Measure::More => Step::Idle,
            Measure::Unknown(length) => {
                let command = self.take(length);
                self.interpreter.notes.unknown(&command);
                self.counters.unknown_commands = self.interpreter.notes.unknown_count;
                Step::Done { rows: 0 }
            }
            Measure::Whole(length) => {
                self.note_job(length);
                let command = self.take(length);
                self.carry_out(&command)
            }
        }
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let rest = self.at_work.split_off(length.min(self.at_work.len()));
        let command = std::mem::replace(&mut self.at_work, rest);
        self.raw.extend_from_slice(&command);
        self.arrivals.consume(command.len());
        command
    }

    fn carry_out(&mut self, command: &[u8]) -> Step {
        if command.starts_with(&[0x1D, b'r']) {
            self.counters.status_requests += 1;
        }
        let before = self.interpreter.rows();
        let effect = self.interpreter.execute(command, self.condition);
        self.counters.unprintable_characters = self.interpreter.notes.unprintable;
        let rows = self.interpreter.rows() - before;
        self.use_paper(rows);
        if self.interpreter.rows() >= MAX_PAPER_ROWS || self.raw.len() >= MAX_RAW_BYTES {
            self.tear_off(SheetEnd::Uncut);
        }
        match effect {
            Effect::Nothing => {}
            Effect::Answer(bytes) => self.answer(&bytes),
            Effect::Reset => self.watch_mask = 0,
            Effect::AutomaticStatus(mask) => {
                self.watch_mask = mask;
                if mask != 0 {
                    self.tell();
                }
            }
            Effect::Cut { after_feed } => {
                self.cut_waiting = Some(after_feed);
                // Paper that ran out under the knife is still cut: the sensor is behind the head.
                self.cut(after_feed);
            }
        }
        Step::Done { rows }
    }

    fn use_paper(&mut self, rows: usize) {
        let Some(left) = &mut self.rows_left else {
            return;
        };
        *left = left.saturating_sub(rows);
        if *left == 0 {
            self.set_condition(|condition| condition.paper_out = true);
        }
    }

    fn cut(&mut self, after_feed: bool) -> Step {
        if self.faults.knife_blocked {
            self.set_condition(|condition| condition.cutter_error = true);
            return Step::Done { rows: 0 };
        }
        self.cut_waiting = None;
        let knife_at = self.interpreter.model.head_to_cutter;
        let cut_into_print = !after_feed && self.interpreter.paper.ink_in_last_rows(knife_at);
        let sheet = self.finish(SheetEnd::Cut, cut_into_print);
        keep(&mut self.sheets, sheet, MAX_SHEETS_KEPT);
        self.counters.sheets += 1;
        if let Some(left) = &mut self.sheets_left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.set_condition(|condition| condition.paper_out = true);
            }
        }
        Step::Done { rows: 0 }
    }

    /// Somebody tears off what hangs out of a printer without a knife.
    pub(crate) fn tear(&mut self) -> Sheet {
        self.finish(SheetEnd::Uncut, false)
    }

    /// What hangs out uncut comes off; the rest of the job follows on a new piece.
    fn tear_off(&mut self, end: SheetEnd) {
        let first_byte = self.job_start;
        let scrap = self.finish(end, false);
        keep(&mut self.scraps, scrap, MAX_SCRAPS_KEPT);
        self.job_start = first_byte;
    }

    fn finish(&mut self, end: SheetEnd, cut_into_print: bool) -> Sheet {
        let (paper, printed) = self.interpreter.take_paper();
        Sheet {
            paper,
            lines: printed.lines,
            qr_codes: printed.qr_codes,
            barcodes: printed.barcodes,
            raw: std::mem::take(&mut self.raw),
            end,
            cut_into_print,
            first_byte: self.job_start.take(),
            finished: Instant::now(),
        }
    }

    /// Notes when the job of the next command arrived.
    fn note_job(&mut self, length: usize) {
        let command = &self.at_work[..length];
        let is_question = matches!(command, [0x10 | 0x00, ..] | [0x1D, b'r' | b'a' | b'I', ..])
            || command.starts_with(&[0x1D, b'(', b'H']);
        let blank = self.interpreter.rows() == 0 && self.interpreter.line.is_empty();
        let begins_anew = blank && command.starts_with(&[0x1B, b'@']);
        if begins_anew || (self.job_start.is_none() && !is_question) {
            self.job_start = self.arrivals.first();
        }
    }

    pub(super) fn clear_buffers(&mut self) {
        self.received.clear();
        self.at_work.clear();
        self.inside_command = false;
        self.cut_waiting = None;
        self.arrivals = Arrivals::default();
        self.interpreter.clear_line();
    }

    pub(super) fn answer(&mut self, bytes: &[u8]) {
        if !self.faults.silent && self.powered {
            self.garbage(bytes);
        }
    }

    fn tell(&mut self) {
        self.told = self.condition.watched(self.watch_mask);
        let status = self.condition.automatic();
        self.answer(&status);
    }

    fn tell_change(&mut self) {
        let news = self.condition.watched(self.watch_mask) != self.told;
        if self.watch_mask != 0 && news && !self.faults.stalled {
            self.tell();
        }
    }

    /// Wakes up from a stall; says what changed meanwhile.
    pub(crate) fn set_stalled(&mut self, stalled: bool) {
        self.faults.stalled = stalled;
        self.tell_change();
    }
}

impl Device for Machine {
    fn appetite(&self) -> usize {
        if self.faults.stalled {
            return 0;
        }
        if !self.powered {
            return self.receive_buffer;
        }
        let waiting = if self.inside_command { self.received.len() } else { self.waiting_bytes() };
        self.receive_buffer.saturating_sub(waiting)
    }

    fn receive(&mut self, bytes: &[u8]) {
        if !self.powered {
            return;
        }
        self.counters.bytes_received += bytes.len() as u64;
        self.arrivals.add(bytes.len(), Instant::now());
        for &byte in bytes {
            self.received.push_back(byte);
            self.hear_real_time(byte);
        }
    }

    fn outgoing(&mut self) -> &mut VecDeque<u8> {
        &mut self.outgoing
    }

    fn pace(&self) -> Option<u32> {
        self.faults.pace
    }
}

fn keep(sheets: &mut VecDeque<Sheet>, sheet: Sheet, most: usize) {
    if sheets.len() == most {
        sheets.pop_front();
    }
    sheets.push_back(sheet);
}
