//! What the counter asks before a command that needs more than a press: why, until when, where to.
//!
//! Pure. A sheet stays open until the hub has confirmed its command, and keeps what was chosen when it is refused.

use jiff::{SignedDuration, Timestamp};
use protocol::commands::Command;
use protocol::hall::HallInfo;
use protocol::views::{CounterView, DisplayView, TicketState};

use crate::words::{Words, msg};

/// Longest reason that the hub takes, characters.
pub(crate) const MAX_REASON: usize = 120;

const PARK_REASONS: &[&str] = &[
    msg("Bổ sung giấy tờ"),
    msg("Đi nộp phí"),
    msg("Đi photo, công chứng"),
    msg("Chờ ý kiến lãnh đạo"),
    msg("Khách ra ngoài"),
];
const PAUSE_REASONS: &[&str] =
    &[msg("Nghỉ giải lao"), msg("Họp"), msg("Giao hồ sơ nội bộ"), msg("Hỗ trợ quầy khác"), msg("Máy tính trục trặc")];
const CALL_REASONS: &[&str] = &[
    msg("Khách đã quay lại"),
    msg("Khách có lịch hẹn"),
    msg("Người già yếu, khuyết tật"),
    msg("Hồ sơ đang làm dở"),
    msg("Lãnh đạo yêu cầu"),
];

/// Minutes after which a parked ticket goes back by itself; 0 waits for an officer.
pub(crate) const PARK_MINUTES: [i64; 5] = [0, 10, 15, 30, 60];

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Park,
    Pause,
    Transfer,
    /// A ticket of a list, by id: call it out of order, or give it back to its queue.
    Ticket(String),
    /// The counter has an open ticket and shall close.
    HandOver,
}

/// Where a ticket can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Service(String),
    Counter(u16),
}

/// What is touched on a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SheetTouch {
    Reason(usize),
    /// The officer's own words for the reason, as far as they are typed.
    Typed(String),
    Until(usize),
    ByCounter(bool),
    Filter(String),
    Target(usize),
    ComesBack,
    Confirm {
        id: String,
    },
    /// The other thing that can be done with the ticket: back to its queue.
    GiveBack {
        id: String,
    },
    Cancel,
}

/// A sheet and what was chosen on it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(crate) kind: Kind,
    pub(crate) reason: Option<usize>,
    pub(crate) typed: String,
    pub(crate) until: usize,
    pub(crate) by_counter: bool,
    pub(crate) filter: String,
    pub(crate) target: usize,
    pub(crate) comes_back: bool,
    /// The moment of `until`, fixed by the first press: a retry must be the same command.
    due: Option<Timestamp>,
}

impl Sheet {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            reason: None,
            typed: String::new(),
            until: 0,
            by_counter: false,
            filter: String::new(),
            target: 0,
            comes_back: false,
            due: None,
        }
    }

    /// The usual reasons, in the source's words.
    pub(crate) fn reasons(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Park => PARK_REASONS,
            Kind::Pause => PAUSE_REASONS,
            Kind::Ticket(_) => CALL_REASONS,
            Kind::Transfer | Kind::HandOver => &[],
        }
    }

    /// The reason as it is sent; none while there is none.
    pub(crate) fn reason_text(&self, words: Words) -> Option<String> {
        let typed: String = self.typed.trim().chars().filter(|c| !c.is_control()).take(MAX_REASON).collect();
        match self.reason.and_then(|r| self.reasons().get(r)) {
            Some(reason) => Some(words.t(reason)),
            None => Some(typed).filter(|t| !t.is_empty()),
        }
    }

    /// Takes a choice; confirmations are the flow's business.
    pub(super) fn choose(&mut self, touch: &SheetTouch, targets: usize) {
        match touch {
            SheetTouch::Reason(reason) if *reason < self.reasons().len() => {
                self.reason = (self.reason != Some(*reason)).then_some(*reason);
            }
            SheetTouch::Typed(text) => {
                self.typed.clone_from(text);
                // Own words win over a usual reason, and nothing typed leaves it standing.
                self.reason = self.reason.filter(|_| text.trim().is_empty());
            }
            SheetTouch::Until(until) if *until < PARK_MINUTES.len() => {
                (self.until, self.due) = (*until, None);
            }
            SheetTouch::ByCounter(by_counter) => (self.by_counter, self.target) = (*by_counter, 0),
            SheetTouch::Filter(filter) => {
                self.filter.clone_from(filter);
                self.target = 0;
            }
            SheetTouch::Target(target) if *target < targets => self.target = *target,
            SheetTouch::ComesBack => self.comes_back = !self.comes_back,
            _ => {}
        }
    }

    /// The command of the sheet; none while something is missing.
    pub(super) fn command(
        &mut self,
        counter: u16,
        to: Option<&Target>,
        at: Timestamp,
        words: Words,
    ) -> Option<Command> {
        let reason = self.reason_text(words);
        Some(match &self.kind {
            Kind::Park => {
                if self.due.is_none() && PARK_MINUTES[self.until] > 0 {
                    self.due = at.checked_add(SignedDuration::from_mins(PARK_MINUTES[self.until])).ok();
                }
                Command::ParkTicket { counter, until: self.due, reason: reason? }
            }
            Kind::Pause => Command::PauseCounter { counter, reason: reason? },
            Kind::Ticket(ticket) => Command::CallTicket { counter, ticket: ticket.clone(), reason: reason? },
            Kind::HandOver => Command::CloseCounter { counter, hand_over: true },
            Kind::Transfer => {
                let and_return = self.comes_back;
                match to? {
                    Target::Service(service) => {
                        Command::TransferTicket { counter, service: Some(service.clone()), to: None, and_return }
                    }
                    Target::Counter(to) => {
                        Command::TransferTicket { counter, service: None, to: Some(*to), and_return }
                    }
                }
            }
        })
    }
}

/// Where the counter's ticket can be sent, in the hall's order: every other service, or every other counter with an
/// officer. Whether it may go there is for the hub to say.
pub(crate) fn targets(
    sheet: &Sheet,
    hall: &HallInfo,
    display: Option<&DisplayView>,
    view: &CounterView,
    language: &str,
) -> Vec<Target> {
    let wanted = fold(&sheet.filter);
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    let fits = |text: &str| {
        let text = fold(text);
        wanted.iter().all(|word| text.contains(word))
    };
    if sheet.by_counter {
        let open = |n: u16| display.is_some_and(|d| d.counters.iter().any(|row| row.counter == n && row.open));
        let counters = hall.counters.iter().filter(|c| c.number != view.counter && open(c.number));
        let named = counters.filter(|c| fits(&format!("{} {}", c.number, c.name.get(language))));
        return named.map(|c| Target::Counter(c.number)).collect();
    }
    let here = view.current.as_ref().map(|t| t.service.as_str());
    let services = hall.services.iter().filter(|s| Some(s.id.as_str()) != here);
    let field = |id: &str| hall.fields.iter().find(|f| f.id == id).map_or("", |f| f.name.get(language));
    let named = services.filter(|s| fits(&format!("{} {}", s.name.get(language), field(&s.field))));
    named.map(|s| Target::Service(s.id.clone())).collect()
}

/// Whether a ticket of a list can be given back to its queue.
pub(crate) fn can_go_back(state: TicketState) -> bool {
    matches!(state, TicketState::Parked | TicketState::NoShow)
}

/// Lower case without Vietnamese marks, so that "dat dai" finds "Đất đai".
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase().chars().map(plain).collect()
}

fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'ả' | 'ã' | 'ạ' | 'ă' | 'ằ' | 'ắ' | 'ẳ' | 'ẵ' | 'ặ' | 'â' | 'ầ' | 'ấ' | 'ẩ' | 'ẫ' | 'ậ' => {
            'a'
        }
        'è' | 'é' | 'ẻ' | 'ẽ' | 'ẹ' | 'ê' | 'ề' | 'ế' | 'ể' | 'ễ' | 'ệ' => 'e',
        'ì' | 'í' | 'ỉ' | 'ĩ' | 'ị' => 'i',
        'ò' | 'ó' | 'ỏ' | 'õ' | 'ọ' | 'ô' | 'ồ' | 'ố' | 'ổ' | 'ỗ' | 'ộ' | 'ơ' | 'ờ' | 'ớ' | 'ở' | 'ỡ' | 'ợ' => {
            'o'
        }
        'ù' | 'ú' | 'ủ' | 'ũ' | 'ụ' | 'ư' | 'ừ' | 'ứ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ỳ' | 'ý' | 'ỷ' | 'ỹ' | 'ỵ' => 'y',
        'đ' => 'd',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_do_not_matter_when_a_name_is_looked_for() {
        assert_eq!(fold("Đất đai – Ặ Ễ Ỗ Ữ Ỵ"), "dat dai – a e o u y");
    }

    #[test]
    fn own_words_are_cut_to_what_the_hub_takes_and_win_over_a_usual_reason() {
        let vi = Words::of("vi");
        let mut sheet = Sheet::new(Kind::Pause);
        assert_eq!(sheet.reason_text(vi), None);
        sheet.choose(&SheetTouch::Reason(1), 0);
        assert_eq!(sheet.reason_text(vi).as_deref(), Some("Họp"));
        sheet.choose(&SheetTouch::Typed("  x\u{1b}y ".repeat(90)), 0);
        let text = sheet.reason_text(vi).unwrap_or_default();
        assert!(text.starts_with("xy") && text.chars().count() <= MAX_REASON, "{text}");
        sheet.choose(&SheetTouch::Reason(9), 0);
        assert_eq!(sheet.reason, None, "no such reason");
    }
}
