//! The keyboard of the counter: everything that can be touched has a key, and the buttons show it.
//!
//! Text fields keep what is typed into them; what reaches this table is meant for the counter.

use super::action::Action;
use super::flow::{Effect, Flow, Moment, Stage, Touch};
use super::lists::Tab;
use super::sheet::{Kind, SheetTouch};

/// Columns of the tiles on the pages where counter and officer are chosen.
pub(crate) const CHOICE_COLUMNS: usize = 4;
/// Rows that Page Up and Page Down move.
const PAGE: isize = 7;

/// A key with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// F1 to F12.
    F(u8),
    /// The same with shift.
    ShiftF(u8),
    /// 1 to 9.
    Digit(u8),
    /// 1 to 9 with control.
    Control(u8),
    Enter,
    Escape,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
}

impl Flow {
    pub(super) fn key(&mut self, key: Key, id: String, moment: Moment) -> Option<Effect> {
        match (self.sheet.is_some(), self.stage()) {
            _ if key == Key::F(12) => self.touch(Touch::Shape, moment),
            (true, _) => self.key_on_sheet(key, id, moment),
            (false, Stage::Work(_)) => self.key_at_work(key, id, moment),
            (false, _) => self.key_at_choice(key, id, moment),
        }
    }

    fn key_at_work(&mut self, key: Key, id: String, moment: Moment) -> Option<Effect> {
        let action = match key {
            Key::F(1) => Action::CallNext,
            Key::F(2) if self.main_action() == Action::Start => Action::Start,
            Key::F(2) => Action::Finish,
            Key::F(3) => Action::Recall,
            Key::F(4) => Action::NoShow,
            Key::F(5) => Action::Park,
            Key::F(6) => Action::Transfer,
            Key::F(7) | Key::Enter => Action::Pick,
            Key::F(8) if self.main_action() == Action::Resume => Action::Resume,
            Key::F(8) => Action::Pause,
            Key::F(10) => Action::Close,
            _ => return self.key_in_lists(key, id, moment),
        };
        // A parked or missed ticket can be looked at whatever the counter does.
        if action == Action::Pick && matches!(self.tab, Tab::Parked | Tab::Missed) {
            let ticket = self.cursor_ticket()?.id.clone();
            return self.touch(Touch::Row { ticket }, moment);
        }
        self.touch(Touch::Act { action, id }, moment)
    }

    fn key_in_lists(&mut self, key: Key, id: String, moment: Moment) -> Option<Effect> {
        match key {
            Key::Up => self.move_cursor(-1),
            Key::Down => self.move_cursor(1),
            Key::PageUp => self.move_cursor(-PAGE),
            Key::PageDown => self.move_cursor(PAGE),
            Key::Left => self.open_tab(self.tab.beside(false)),
            Key::Right => self.open_tab(self.tab.beside(true)),
            Key::Control(digit) => return self.touch(Touch::Outcome(usize::from(digit) - 1), moment),
            Key::F(11) => return self.touch(Touch::Reprint { ticket: self.first_paper(false)?, id }, moment),
            Key::ShiftF(11) => return self.touch(Touch::Accept { ticket: self.first_paper(true)?, id }, moment),
            _ => {}
        }
        None
    }

    fn key_on_sheet(&mut self, key: Key, id: String, moment: Moment) -> Option<Effect> {
        let sheet = self.sheet.as_ref()?;
        let (last, until) = (self.targets().len().saturating_sub(1), sheet.until);
        let touch = match key {
            Key::Enter => SheetTouch::Confirm { id },
            Key::F(2) => SheetTouch::GiveBack { id },
            Key::Escape => SheetTouch::Cancel,
            Key::Digit(digit) => SheetTouch::Reason(usize::from(digit) - 1),
            Key::Up => SheetTouch::Target(sheet.target.saturating_sub(1)),
            Key::Down => SheetTouch::Target((sheet.target + 1).min(last)),
            Key::F(5) if sheet.kind == Kind::Transfer => SheetTouch::ByCounter(!sheet.by_counter),
            Key::F(6) if sheet.kind == Kind::Transfer => SheetTouch::ComesBack,
            Key::Left if sheet.kind == Kind::Park => SheetTouch::Until(until.saturating_sub(1)),
            Key::Right if sheet.kind == Kind::Park => SheetTouch::Until(until + 1),
            _ => return None,
        };
        self.touch(Touch::Sheet(touch), moment)
    }

    fn key_at_choice(&mut self, key: Key, id: String, moment: Moment) -> Option<Effect> {
        let count = self.choices();
        let move_to = |to: Option<usize>| to.filter(|to| *to < count);
        let here = self.choice.min(count.saturating_sub(1));
        let to = match key {
            Key::Left => here.checked_sub(1),
            Key::Right => move_to(Some(here + 1)),
            Key::Up => here.checked_sub(CHOICE_COLUMNS),
            Key::Down => move_to(Some(here + CHOICE_COLUMNS)),
            Key::Escape => return self.touch(Touch::Back, moment),
            Key::Enter => return self.choose(here, id, moment),
            _ => None,
        };
        self.choice = to.unwrap_or(here);
        None
    }

    /// How many tiles there are to choose from.
    fn choices(&self) -> usize {
        let hall = self.hall.as_deref();
        match self.stage() {
            Stage::Counters => hall.map_or(0, |h| h.counters.len()),
            _ => hall.map_or(0, |h| h.officers.len()),
        }
    }

    fn choose(&mut self, at: usize, id: String, moment: Moment) -> Option<Effect> {
        let hall = self.hall.as_deref()?;
        let touch = match self.stage() {
            Stage::Counters => Touch::Counter(hall.counters.get(at)?.number),
            _ => Touch::Officer { officer: hall.officers.get(at)?.id.clone(), id },
        };
        self.touch(touch, moment)
    }

    /// The first ticket whose paper can be settled now.
    fn first_paper(&self, doubt: bool) -> Option<String> {
        use protocol::views::PrintState;
        let under_way = |p: &Option<PrintState>| matches!(p, Some(PrintState::Pending | PrintState::Printing));
        let in_doubt = |p: &Option<PrintState>| matches!(p, Some(PrintState::Unconfirmed { .. }));
        let mut papers = self.view.as_ref()?.print_problems.iter();
        papers.find(|t| if doubt { in_doubt(&t.print) } else { !under_way(&t.print) }).map(|t| t.id.clone())
    }
}
