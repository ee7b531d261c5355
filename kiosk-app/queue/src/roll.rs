//! Rolls by count, and papers for staff: what a printer used, and what stands in the state about it.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::event::{Event, PaperUsed, PrintReport, StaffPaperKind};
use crate::ids::{KioskId, PrinterName, StaffPaperId};
use crate::state::HallState;
use crate::ticket::PrintState;

/// Past service days that are remembered of a roll's use.
pub const ROLL_DAYS: usize = 14;
/// Most printers whose rolls are counted; those of later ones are not.
const MOST_ROLLS: usize = 256;

/// A printer, as the hall knows it.
pub type RollKey = (KioskId, PrinterName);

/// What a printer used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roll {
    /// Millimetres since the roll was changed.
    pub printed: u64,
    /// Millimetres of this service day, whatever rolls they came from.
    pub today: u64,
    /// Millimetres of past service days on which it printed, oldest first, at most [`ROLL_DAYS`].
    pub days: VecDeque<u64>,
}

impl Roll {
    /// Service days for which so many millimetres last, by the mean of the past ones; none before the first.
    #[must_use]
    pub fn days_for(&self, millimetres: u64) -> Option<u32> {
        let count = u64::try_from(self.days.len()).unwrap_or(0);
        let days = (millimetres * count).checked_div(self.days.iter().sum())?;
        Some(u32::try_from(days).unwrap_or(u32::MAX))
    }

    fn end_day(&mut self) {
        if self.today == 0 {
            return;
        }
        if self.days.len() >= ROLL_DAYS {
            self.days.pop_front();
        }
        self.days.push_back(std::mem::take(&mut self.today));
    }
}

/// A paper for staff, of today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPaper {
    /// Its id.
    pub id: StaffPaperId,
    /// Where it comes out.
    pub kiosk: KioskId,
    /// Which kind.
    pub kind: StaffPaperKind,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Where it stands; never accepted.
    pub state: PrintState,
}

impl HallState {
    /// What a printer used, where it has told.
    #[must_use]
    pub fn roll(&self, kiosk: &KioskId, printer: &PrinterName) -> Option<&Roll> {
        self.rolls.get(&(kiosk.clone(), printer.clone()))
    }

    /// Today's papers for staff, oldest first.
    pub fn staff_papers(&self) -> impl Iterator<Item = &StaffPaper> {
        self.staff_papers.values()
    }

    /// A paper for staff of today.
    #[must_use]
    pub fn staff_paper(&self, id: &StaffPaperId) -> Option<&StaffPaper> {
        self.staff_papers.get(id)
    }

    /// What is about rolls and staff's papers.
    pub(crate) fn apply_roll(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::RollChanged { kiosk, printer } => self.with_roll(kiosk, printer, |roll| roll.printed = 0),
            Event::StaffPaperRequested { paper, kiosk, kind } => {
                let (id, kiosk, kind) = (*paper, kiosk.clone(), *kind);
                let state = PrintState::Pending;
                self.staff_papers.insert(id, StaffPaper { id, kiosk, kind, requested_at: at, state });
            }
            Event::StaffPaperStarted { paper } => self.set_staff_paper(paper, PrintState::Printing),
            Event::StaffPaperEnded { paper, end } => {
                let kiosk = self.staff_papers.get(paper).map(|paper| paper.kiosk.clone());
                let state = match end {
                    PrintReport::Printed(used) => {
                        self.use_paper(kiosk.as_ref(), used.as_ref());
                        PrintState::Printed
                    }
                    PrintReport::Failed(reason) => PrintState::Failed(reason.clone()),
                    PrintReport::Unconfirmed(reason) => PrintState::Unconfirmed(reason.clone()),
                };
                self.set_staff_paper(paper, state);
            }
            _ => {}
        }
    }

    /// A paper came out.
    pub(crate) fn use_paper(&mut self, kiosk: Option<&KioskId>, used: Option<&PaperUsed>) {
        let (Some(kiosk), Some(used)) = (kiosk, used) else { return };
        let millimetres = u64::from(used.millimetres);
        self.with_roll(kiosk, &used.printer, |roll| {
            roll.printed += millimetres;
            roll.today += millimetres;
        });
    }

    /// The rolls as they go on into a new service day.
    pub(crate) fn rolls_for_new_day(&mut self) -> std::collections::BTreeMap<RollKey, Roll> {
        let mut rolls = std::mem::take(&mut self.rolls);
        rolls.values_mut().for_each(Roll::end_day);
        rolls
    }

    fn with_roll(&mut self, kiosk: &KioskId, printer: &PrinterName, change: impl FnOnce(&mut Roll)) {
        let key = (kiosk.clone(), printer.clone());
        if self.rolls.len() < MOST_ROLLS || self.rolls.contains_key(&key) {
            change(self.rolls.entry(key).or_default());
        }
    }

    fn set_staff_paper(&mut self, paper: &StaffPaperId, state: PrintState) {
        if let Some(paper) = self.staff_papers.get_mut(paper) {
            paper.state = state;
        }
    }
}
