//! The list of fields.

use protocol::hall::HallInfo;
use protocol::views::KioskView;
use slint::{ComponentHandle, SharedString};
use tokio::sync::mpsc;

use super::flow::{Flow, Touch};
use crate::generated::{FieldCard, HomeAdapter, KioskWindow};
use crate::words::Words;
use crate::{faults, load, plumbing};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    cards: Vec<FieldCard>,
    printer_note: SharedString,
}

pub(crate) fn shown(flow: &Flow, hall: &HallInfo, view: &KioskView, words: Words) -> Shown {
    let cards = hall.fields.iter().map(|field| {
        let load = view.fields.iter().find(|l| l.id == field.id);
        FieldCard {
            closed: load.is_some_and(|l| l.closed.is_some()),
            id: field.id.as_str().into(),
            icon: field.icon.as_str().into(),
            name: field.name.get(words.language()).into(),
            waiting: words.n("{} người chờ", load.map_or(0, |l| l.waiting)).into(),
            wait: load.map(|l| load::load_line(l, words)).unwrap_or_default().into(),
            long: load.is_some_and(|l| l.closed.is_none() && load::is_long(l.wait, hall.wait_target_minutes)),
        }
    });
    Shown { cards: cards.collect(), printer_note: printer_note(flow, words).into() }
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
    let sender = touches.clone();
    window.global::<HomeAdapter>().on_choose(move |id| plumbing::touch(&sender, Touch::Field(id.into())));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<HomeAdapter>();
    adapter.set_printer_note(shown.printer_note.clone());
    plumbing::set_rows(&adapter.get_cards(), &shown.cards, |rows| adapter.set_cards(rows));
}
