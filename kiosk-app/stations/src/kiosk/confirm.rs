//! The page with the one big button.

use protocol::hall::HallInfo;
use protocol::views::{KioskView, WaitRange};
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::{Flow, Touch};
use crate::generated::{ClassChoice, ConfirmAdapter, ConfirmPage, KioskWindow};
use crate::words::Words;
use crate::{load, plumbing};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: ConfirmPage,
    classes: Vec<ClassChoice>,
}

/// What the citizen has chosen so far.
pub(crate) struct Choice<'a> {
    pub(crate) service: &'a str,
    pub(crate) class: &'a str,
    /// Some while a request is under way; true when it takes longer than it should.
    pub(crate) slow: Option<bool>,
}

pub(crate) fn shown(flow: &Flow, hall: &HallInfo, view: &KioskView, choice: &Choice<'_>, words: Words) -> Shown {
    let language = words.language();
    let service = flow.service(choice.service);
    let field = service.and_then(|s| flow.field(&s.field));
    let load = view.services.iter().find(|l| l.id == choice.service);
    let ahead = load.map_or(0, |l| l.waiting);
    let range = load.map_or(WaitRange { low: 0, high: 0 }, |l| l.wait);
    let wait = match load {
        Some(load) if load.open_counters > 0 => load::wait(range, ahead, words),
        _ => load::WaitWords { value: words.t("chưa mở"), unit: String::new() },
    };
    let note = match choice.slow {
        Some(true) => [words.t("Hệ thống trả lời chậm."), words.t("Xin quý khách chờ, không cần chạm lại.")].join("\n"),
        Some(false) => String::new(),
        None => super::home::printer_note(flow, words),
    };
    let page = ConfirmPage {
        field: field.map(|f| f.name.get(language)).unwrap_or_default().into(),
        service: service.map(|s| s.name.get(language)).unwrap_or_default().into(),
        ahead: ahead.to_string().into(),
        ahead_unit: words.n("người", ahead).into(),
        wait: wait.value.into(),
        wait_unit: wait.unit.into(),
        wait_long: load::is_long(range, hall.wait_target_minutes),
        taking: choice.slow.is_some(),
        note: note.into(),
    };
    let classes = hall.classes.iter().map(|class| ClassChoice {
        id: class.id.as_str().into(),
        name: if class.priority { class.name.get(language).into() } else { words.t("Không").into() },
        icon: class.icon.as_str().into(),
        selected: class.id == choice.class,
    });
    Shown { page, classes: classes.collect() }
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<ConfirmAdapter>();
    let sender = touches.clone();
    adapter.on_choose_class(move |id| plumbing::touch(&sender, Touch::Class(id.into())));
    let sender = touches.clone();
    adapter.on_take(move || plumbing::touch(&sender, Touch::Take(client::new_request_id())));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<ConfirmAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_classes(), &shown.classes, |rows| adapter.set_classes(rows));
}
