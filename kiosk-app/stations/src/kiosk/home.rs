//! The list of fields.

use protocol::hall::HallInfo;
use protocol::views::KioskView;
use slint::{ComponentHandle, SharedString};
use tokio::sync::mpsc;

use super::flow::Flow;
use super::steps::Touch;
use crate::generated::{FieldCard, HomeAdapter, KioskWindow};
use crate::words::Words;
use crate::{faults, load, plumbing};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    cards: Vec<FieldCard>,
    printer_note: SharedString,
    adding: bool,
    page: i32,
}

pub(crate) fn shown(flow: &Flow, hall: &HallInfo, view: &KioskView, page: usize, words: Words) -> Shown {
    let cards = hall.fields.iter().map(|field| {
        let load = view.fields.iter().find(|l| l.id == field.id);
        FieldCard {
            closed: load.is_some_and(|l| l.closed.is_some()),
            id: field.id.as_str().into(),
            icon: field.icon.as_str().into(),
            name: field.name.get(words.language()).into(),
            waiting: words.n("{} người chờ", load.map_or(0, |l| l.waiting)).into(),
            wait: load.map(|l| load::load_line(l, words)).unwrap_or_default().into(),
            long: load.is_some_and(|l| load::shows_long(l, hall.wait_target_minutes)),
        }
    });
    Shown {
        cards: cards.collect(),
        printer_note: printer_note(flow, words).into(),
        adding: flow.adding.is_some(),
        page: i32::try_from(page).unwrap_or(0),
    }
}

/// What a citizen should know about the printer before taking a number; empty while it is well.
pub(crate) fn printer_note(flow: &Flow, words: Words) -> String {
    match flow.printer_fault() {
        Some(code) => {
            words.with("Máy in {}: số sẽ hiện trên màn hình, xin quý khách ghi nhớ.", &[&faults::what(&code, words)])
        }
        None => String::new(),
    }
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<HomeAdapter>();
    let sender = touches.clone();
    adapter.on_choose(move |id| plumbing::touch(&sender, Touch::Field(id.into())));
    let sender = touches.clone();
    adapter.on_search(move || plumbing::touch(&sender, Touch::Search));
    let sender = touches.clone();
    adapter.on_turn(move |to| plumbing::touch(&sender, Touch::Turn(usize::try_from(to).unwrap_or(0))));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<HomeAdapter>();
    adapter.set_adding(shown.adding);
    adapter.set_page(shown.page);
    adapter.set_printer_note(shown.printer_note.clone());
    plumbing::set_rows(&adapter.get_cards(), &shown.cards, |rows| adapter.set_cards(rows));
}
