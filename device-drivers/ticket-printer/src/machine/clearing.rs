//! Making the beginning of the next paper clean: what an earlier job, session or program left in the printer.
//!
//! 1. Zero bytes end a command that was cut off in the middle: they become its parameters and its data.
//! 2. `DLE ENQ 2` (and `DLE DC4 8`, where the profile says so) throws away what waits in the printer.
//! 3. Once the printer says that it is well: `ESC @` drops a half line and every mode.
//! 4. Where part of a paper may hang out: the profile's cut, which feeds it to the knife first.
//!
//! A model that answers in its turn may still have marks of an earlier job to answer. So it is asked for its maker's
//! name (`GS I 66`), whose answer looks like no other, and no job begins before that answer.

use std::time::Duration;

use tokio::time::Instant;

use super::Machine;
use crate::command;
use crate::encode::cut;
use crate::encode::raster::SLICE_BYTES;
use crate::profile::{Confirm, Discard};

/// Bytes that take a printer out of a command that was cut off: more than any command is long.
pub(super) const RESYNC_BYTES: usize = SLICE_BYTES + 16;

/// What a session leaves in the printer for the next one to clear away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LeftOver {
    /// A command was cut off in the middle.
    pub(crate) cut_off: bool,
    /// Part of a paper may hang out of the printer.
    pub(crate) torn: bool,
    /// It may still be printing what it has of that paper until then.
    pub(crate) prints_until: Option<Instant>,
}

/// Waiting for the answer that stands behind everything that was sent before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sync {
    /// Questions that are not answered.
    open: u32,
    /// Then it is given up: the model does not know the question.
    pub(super) deadline: Instant,
}

impl Machine<'_> {
    /// Another program left a paper unfinished: a half command, a half line, a half sheet.
    pub(super) fn clear(&mut self, now: Instant) {
        self.resynchronise(now);
        self.discard();
        self.synchronise(now);
        self.left_over.torn = true;
        self.dirty = true;
        if self.round.is_none() && self.may_ask() {
            self.ask(0, now);
        }
    }

    /// Ends a command that was cut off in the middle: its parameters and data become nothing.
    pub(super) fn resynchronise(&mut self, now: Instant) {
        self.left_over.cut_off = true;
        self.outgoing.push(&[0; RESYNC_BYTES]);
        let seconds = self.wire_rate.map_or(0.0, |rate| RESYNC_BYTES as f64 / f64::from(rate.max(1)));
        self.busy_until = now + Duration::from_secs_f64(seconds);
    }

    /// Asks for an answer that tells that those to earlier questions have all come.
    pub(super) fn synchronise(&mut self, now: Instant) {
        if self.profile.confirm == Confirm::GsR {
            self.outgoing.push(&command::TRANSMIT_MAKER);
            let open = self.sync.map_or(0, |sync| sync.open) + 1;
            self.sync = Some(Sync { open, deadline: now.max(self.busy_until) + self.profile.timings.confirm });
        }
    }

    /// The maker's name came.
    pub(super) fn synchronised(&mut self, now: Instant) {
        self.sync = self.sync.filter(|sync| sync.open > 1).map(|sync| Sync { open: sync.open - 1, ..sync });
        if self.sync.is_none() && self.round.is_none() && self.may_ask() {
            self.next_round = now;
        }
    }

    pub(super) fn sync_clock(&mut self, now: Instant) {
        if self.sync.is_some_and(|sync| now >= sync.deadline) {
            tracing::warn!(
                "a printer with confirm = \"gs-r\" does not tell its maker; answers to earlier jobs may be taken for later ones"
            );
            self.sync = None;
            self.next_round = self.next_round.min(now);
        }
    }

    /// The printer is well and between two jobs: steps 3 and 4.
    pub(super) fn make_clean(&mut self) {
        self.initialise();
        self.dirty = false;
        if self.left_over.torn && self.torn_cut.is_none() {
            // Fixed bytes of the profile; the plain cut stands in where they could not be made.
            let cut = cut(self.profile).unwrap_or_else(|_| command::PARTIAL_CUT.to_vec());
            self.torn_cut = Some(self.outgoing.push(&cut));
        }
    }

    /// Real time: throws away what a broken-off job left in the printer.
    pub(super) fn discard(&mut self) {
        if self.profile.discard == Discard::DleDc4 {
            self.clear_buffers();
        }
        self.recover();
    }

    /// `DLE DC4 8`, whose answer is waited for by whoever needs it.
    pub(super) fn clear_buffers(&mut self) {
        self.outgoing.push(&command::CLEAR_BUFFERS);
        self.clears_open += 1;
    }

    /// Real time: out of an error, as after a stuck knife.
    pub(super) fn recover(&mut self) {
        self.outgoing.push(&command::RECOVER_AND_CLEAR);
    }

    /// Defaults, and automatic status again, which `ESC @` ends. It also makes the printer forget.
    pub(super) fn initialise(&mut self) {
        self.memory.clear();
        self.outgoing.push(&command::INITIALISE);
        if self.profile.automatic_status {
            self.outgoing.push(&command::AUTOMATIC_STATUS);
        }
    }
}
