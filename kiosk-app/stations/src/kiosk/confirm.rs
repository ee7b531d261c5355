//! The page with the one big button, and the page that asks about priority.

use protocol::hall::HallInfo;
use protocol::views::{KioskView, WaitRange};
use slint::{ComponentHandle, SharedString};
use tokio::sync::mpsc;

use super::flow::{Flow, MAX_SERVICES};
use super::steps::{Choice, Touch};
use crate::generated::{ClassChoice, ConfirmAdapter, ConfirmPage, KioskWindow};
use crate::words::Words;
use crate::{load, plumbing};

/// The choice of an appointment among the classes.
const APPOINTMENT: &str = "appointment";

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: ConfirmPage,
    classes: Vec<ClassChoice>,
    further: Vec<SharedString>,
}

/// `slow`: some while a request is under way; true when it takes longer than it should.
pub(crate) fn shown(
    flow: &Flow,
    (hall, view): (&HallInfo, &KioskView),
    choice: &Choice,
    slow: Option<bool>,
    words: Words,
) -> Shown {
    let language = words.language();
    let name = |id: &str| flow.service(id).map(|s| s.name.get(language)).unwrap_or_default();
    let field = flow.service(&choice.service).and_then(|s| flow.field(&s.field));
    let load = view.services.iter().find(|l| l.id == choice.service);
    let ahead = load.map_or(0, |l| l.waiting);
    let range = load.map_or(WaitRange { low: 0, high: 0 }, |l| l.wait);
    let wait = match load {
        Some(load) if load.open_counters > 0 => load::wait(range, ahead, words),
        _ => load::WaitWords { value: words.t("chưa mở quầy"), unit: String::new() },
    };
    let note = match slow {
        Some(true) => [words.t("Hệ thống trả lời chậm."), words.t("Xin quý khách chờ, không cần chạm lại.")].join("\n"),
        Some(false) => String::new(),
        None => super::home::printer_note(flow, words),
    };
    let classes = classes(hall, choice, words);
    let chosen = classes.iter().find(|class| class.selected && class.id != normal(hall));
    let page = ConfirmPage {
        field: field.map(|f| f.name.get(language)).unwrap_or_default().into(),
        service: name(&choice.service).into(),
        ahead: ahead.to_string().into(),
        ahead_unit: words.n("người", ahead).into(),
        wait: wait.value.into(),
        wait_unit: wait.unit.into(),
        wait_long: load.is_some_and(|l| load::shows_long(l, hall.wait_target_minutes)),
        taking: slow.is_some(),
        note: note.into(),
        class_line: chosen.map_or_else(|| words.t("Ưu tiên, lịch hẹn…").into(), |class| class.name.clone()),
        may_add: hall.services.len() > 1 && choice.then.len() + 1 < MAX_SERVICES,
    };
    Shown { page, classes, further: choice.then.iter().map(|id| name(id).into()).collect() }
}

fn normal(hall: &HallInfo) -> &str {
    hall.classes.iter().find(|c| !c.priority).map(|c| c.id.as_str()).unwrap_or_default()
}

fn classes(hall: &HallInfo, choice: &Choice, words: Words) -> Vec<ClassChoice> {
    let class = |class: &protocol::hall::ClassInfo| ClassChoice {
        id: class.id.as_str().into(),
        name: if class.priority { class.name.get(words.language()).into() } else { words.t("Không").into() },
        icon: class.icon.as_str().into(),
        selected: class.id == choice.class && choice.appointment.is_none(),
    };
    let appointment = ClassChoice {
        id: APPOINTMENT.into(),
        name: match &choice.appointment {
            Some(code) => words.with("Mã hẹn {}", &[code]).into(),
            None => words.t("Đã đặt lịch hẹn").into(),
        },
        icon: "calendar-check".into(),
        selected: choice.appointment.is_some(),
    };
    hall.classes.iter().map(class).chain([appointment]).collect()
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<ConfirmAdapter>();
    let sender = touches.clone();
    adapter.on_choose_class(move |id| {
        let appointment = id == APPOINTMENT;
        plumbing::touch(&sender, if appointment { Touch::AskAppointment } else { Touch::Class(id.into()) });
    });
    let sender = touches.clone();
    adapter.on_ask_class(move || plumbing::touch(&sender, Touch::AskClass));
    let sender = touches.clone();
    adapter.on_add(move || plumbing::touch(&sender, Touch::Add));
    let sender = touches.clone();
    adapter.on_drop(move |at| plumbing::touch(&sender, Touch::Drop(usize::try_from(at).unwrap_or(usize::MAX))));
    let sender = touches.clone();
    adapter.on_take(move || plumbing::touch(&sender, Touch::Take(client::new_request_id())));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<ConfirmAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_classes(), &shown.classes, |rows| adapter.set_classes(rows));
    plumbing::set_rows(&adapter.get_further(), &shown.further, |rows| adapter.set_further(rows));
}
