//! The open sheet as plain data: its words, its choices, where a ticket can be sent.

use jiff::{SignedDuration, Timestamp};
use protocol::hall::HallInfo;
use protocol::views::{CounterView, TicketState};
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::current::service_name;
use super::flow::{Flow, Moment, Touch};
use super::sheet::{Kind, PARK_MINUTES, Sheet, SheetTouch, Target, can_go_back};
use super::work;
use crate::generated::{CounterWindow, SheetAdapter, SheetChoice, SheetKind, SheetPage, TargetRow};
use crate::words::Words;
use crate::{clock, plumbing};

/// What the sheet shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shown {
    page: SheetPage,
    reasons: Vec<SheetChoice>,
    times: Vec<SheetChoice>,
    targets: Vec<TargetRow>,
}

pub(crate) fn shown(flow: &Flow, hall: &HallInfo, view: &CounterView, moment: Moment, words: Words) -> Shown {
    let Some(sheet) = &flow.sheet else { return Shown::default() };
    let (message, message_grave) = work::message(flow, words);
    let said = said(flow, sheet, hall, view, words);
    let page = SheetPage {
        kind: match sheet.kind {
            Kind::Park => SheetKind::Park,
            Kind::Pause => SheetKind::Pause,
            Kind::Transfer => SheetKind::Transfer,
            Kind::Ticket(_) => SheetKind::Ticket,
            Kind::HandOver => SheetKind::HandOver,
        },
        title: said.title.into(),
        text: said.text.into(),
        confirm: said.confirm.into(),
        complete: flow.sheet_complete(moment.now),
        busy: flow.sheet_busy(),
        other: said.other.into(),
        typed_label: typed_label(sheet, words).into(),
        by_counter: sheet.by_counter,
        comes_back: sheet.comes_back,
        target: i32::try_from(sheet.target).unwrap_or(0),
        empty: empty(sheet, words).into(),
        message: message.into(),
        message_grave,
    };
    let targets = flow.targets();
    let targets = targets.iter().enumerate().map(|(at, to)| target(to, at == sheet.target, hall, flow, words));
    Shown {
        page,
        reasons: reasons(sheet, words),
        times: times(sheet, hall, moment.at, words),
        targets: targets.collect(),
    }
}

struct Said {
    title: String,
    text: String,
    confirm: String,
    other: String,
}

fn said(flow: &Flow, sheet: &Sheet, hall: &HallInfo, view: &CounterView, words: Words) -> Said {
    let current = view.current.as_ref();
    let number = current.map_or("", |t| t.number.as_str());
    let (title, text, confirm) = match &sheet.kind {
        Kind::Park => (
            words.with("Tạm hoãn {}", &[number]),
            words.t("Phiếu giữ nguyên chỗ trong hàng; khi trở lại sẽ được gọi theo thứ tự cũ."),
            words.t("Tạm hoãn phiếu"),
        ),
        Kind::Pause => (
            words.t("Tạm nghỉ"),
            words.t("Trong lúc nghỉ, không có số nào được gọi đến quầy này."),
            words.t("Bắt đầu nghỉ"),
        ),
        Kind::Transfer => (
            words.with("Chuyển {}", &[number]),
            words.t("Khách giữ nguyên số. Gõ vài chữ để tìm, ↑ ↓ để chọn."),
            words.t("Chuyển phiếu"),
        ),
        Kind::HandOver => (
            words.with("Quầy còn phiếu {}", &[number]),
            words.t("Trả phiếu về đúng chỗ trong hàng chờ để quầy khác gọi, rồi đóng quầy này?"),
            words.t("Trả phiếu và đóng quầy"),
        ),
        Kind::Ticket(id) => return ticket(flow, id, hall, view, words),
    };
    Said { title, text, confirm, other: String::new() }
}

/// A ticket of a list: what it is, why it cannot be called now, what else can be done with it.
fn ticket(flow: &Flow, id: &str, hall: &HallInfo, view: &CounterView, words: Words) -> Said {
    let Some(ticket) = flow.find(id) else {
        return Said { title: String::new(), text: String::new(), confirm: String::new(), other: String::new() };
    };
    let service = service_name(hall, &ticket.service, words);
    let text = match (&view.current, &view.paused) {
        (Some(current), _) => words.with("Muốn gọi số này, hãy làm xong phiếu {} trước.", &[&current.number]),
        (None, Some(_)) => words.t("Quầy đang tạm nghỉ: bấm Làm việc lại trước."),
        (None, None) => words.t("Gọi ngoài thứ tự thì ghi lý do; lý do được lưu vào nhật ký."),
    };
    let other = match ticket.state {
        TicketState::Parked => words.t("Trả về hàng chờ"),
        TicketState::NoShow => words.t("Khách quay lại"),
        _ => String::new(),
    };
    Said {
        title: words.with("{} · {}", &[&ticket.number, &service]), text, confirm: words.t("Gọi vào quầy"), other
    }
}

fn typed_label(sheet: &Sheet, words: Words) -> String {
    match (&sheet.kind, sheet.by_counter) {
        (Kind::Transfer, false) => words.t("Tìm dịch vụ"),
        (Kind::Transfer, true) => words.t("Tìm quầy"),
        _ => words.t("Hoặc ghi lý do khác"),
    }
}

fn empty(sheet: &Sheet, words: Words) -> String {
    match (sheet.by_counter, sheet.filter.is_empty()) {
        (true, true) => words.t("Không có quầy nào khác đang mở."),
        _ => words.t("Không tìm thấy. Gõ ít chữ hơn."),
    }
}

fn reasons(sheet: &Sheet, words: Words) -> Vec<SheetChoice> {
    let choice = |(at, reason): (usize, &&str)| SheetChoice {
        text: words.t(reason).into(),
        key: (at + 1).to_string().into(),
        selected: sheet.reason == Some(at),
    };
    sheet.reasons().iter().enumerate().map(choice).collect()
}

/// Choices of a time by which a parked ticket comes back: how long, and when that is.
fn times(sheet: &Sheet, hall: &HallInfo, at: Timestamp, words: Words) -> Vec<SheetChoice> {
    if sheet.kind != Kind::Park {
        return Vec::new();
    }
    let choice = |(index, minutes): (usize, &i64)| {
        let due = at.checked_add(SignedDuration::from_mins(*minutes)).unwrap_or(at);
        let due = clock::time(clock::local(due, hall.utc_offset_minutes), words);
        let text = match minutes {
            0 => words.t("Không hẹn"),
            minutes => words.with("{} ph · {}", &[&minutes.to_string(), &due]),
        };
        SheetChoice { text: text.into(), key: "".into(), selected: sheet.until == index }
    };
    PARK_MINUTES.iter().enumerate().map(choice).collect()
}

fn target(to: &Target, selected: bool, hall: &HallInfo, flow: &Flow, words: Words) -> TargetRow {
    let language = words.language();
    let (name, note) = match to {
        Target::Service(id) => {
            let service = hall.services.iter().find(|s| s.id == *id);
            let field = service.and_then(|s| hall.fields.iter().find(|f| f.id == s.field));
            (service_name(hall, id, words), field.map_or("", |f| f.name.get(language)).to_owned())
        }
        Target::Counter(number) => {
            let info = hall.counters.iter().find(|c| c.number == *number);
            let desk = info.map_or("", |c| c.name.get(language));
            let rows = flow.display.as_ref().map(|d| d.counters.as_slice()).unwrap_or_default();
            let row = rows.iter().find(|r| r.counter == *number);
            let note = match row {
                Some(row) if row.paused => words.t("đang tạm nghỉ"),
                Some(row) => {
                    row.number.as_ref().map_or_else(|| words.t("đang rảnh"), |n| words.with("đang có {}", &[n]))
                }
                None => String::new(),
            };
            (words.with("Quầy {} · {}", &[&number.to_string(), desk]), note)
        }
    };
    TargetRow { name: name.into(), note: note.into(), selected }
}

/// Whether a row of this state has a button of its own that gives the ticket back.
pub(super) fn back_words(state: TicketState, words: Words) -> Option<String> {
    can_go_back(state).then(|| match state {
        TicketState::Parked => words.t("Trả về hàng"),
        _ => words.t("Quay lại"),
    })
}

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<SheetAdapter>();
    let to = |touch: fn(usize) -> SheetTouch| {
        let sender = touches.clone();
        move |at: i32| plumbing::touch(&sender, Touch::Sheet(touch(usize::try_from(at).unwrap_or(usize::MAX))))
    };
    adapter.on_reason(to(SheetTouch::Reason));
    adapter.on_until(to(SheetTouch::Until));
    adapter.on_target(to(SheetTouch::Target));
    let typed = |touch: fn(String) -> SheetTouch| {
        let sender = touches.clone();
        move |text: slint::SharedString| plumbing::touch(&sender, Touch::Sheet(touch(text.into())))
    };
    adapter.on_edited(typed(SheetTouch::Typed));
    adapter.on_filter(typed(SheetTouch::Filter));
    let sender = touches.clone();
    adapter.on_by_counter(move |yes| plumbing::touch(&sender, Touch::Sheet(SheetTouch::ByCounter(yes))));
    let pressed = |touch: fn(String) -> SheetTouch| {
        let sender = touches.clone();
        move || plumbing::touch(&sender, Touch::Sheet(touch(client::new_request_id())))
    };
    adapter.on_comes_back(pressed(|_| SheetTouch::ComesBack));
    adapter.on_confirm(pressed(|id| SheetTouch::Confirm { id }));
    adapter.on_other(pressed(|id| SheetTouch::GiveBack { id }));
    adapter.on_cancel(pressed(|_| SheetTouch::Cancel));
}

/// Shows the sheet; the answer tells whether one opened or closed, so that the keyboard must find its place.
pub(crate) fn apply(window: &CounterWindow, shown: &Shown) -> bool {
    let adapter = window.global::<SheetAdapter>();
    let before = adapter.get_page();
    let changed = before.kind != shown.page.kind || before.title != shown.page.title;
    if changed {
        adapter.set_typed("".into());
    }
    plumbing::set_rows(&adapter.get_reasons(), &shown.reasons, |rows| adapter.set_reasons(rows));
    plumbing::set_rows(&adapter.get_times(), &shown.times, |rows| adapter.set_times(rows));
    plumbing::set_rows(&adapter.get_targets(), &shown.targets, |rows| adapter.set_targets(rows));
    adapter.set_page(shown.page.clone());
    changed
}
