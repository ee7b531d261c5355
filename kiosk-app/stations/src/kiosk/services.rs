//! The services of one field.

use protocol::hall::HallInfo;
use protocol::views::{KioskView, Unavailable};
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::Touch;
use crate::generated::{KioskWindow, ServiceRow, ServicesAdapter, ServicesPage};
use crate::words::Words;
use crate::{load, plumbing};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: ServicesPage,
    rows: Vec<ServiceRow>,
}

pub(crate) fn shown(hall: &HallInfo, view: &KioskView, field: &str, words: Words) -> Shown {
    let language = words.language();
    let page = hall
        .fields
        .iter()
        .find(|f| f.id == field)
        .map(|f| ServicesPage { field: f.name.get(language).into(), icon: f.icon.as_str().into() });
    let load_of = |id: &str| view.services.iter().find(|l| l.id == id);
    // What another kiosk gives is not offered here at all.
    let elsewhere = |id: &str| load_of(id).is_some_and(|l| l.closed == Some(Unavailable::Elsewhere));
    let services = hall.services.iter().filter(|s| s.field == field && !elsewhere(&s.id));
    let rows = services.map(|service| {
        let load = load_of(&service.id);
        ServiceRow {
            closed: load.is_some_and(|l| l.closed.is_some()),
            id: service.id.as_str().into(),
            name: service.name.get(language).into(),
            waiting: words.n("{} người chờ", load.map_or(0, |l| l.waiting)).into(),
            wait: load.map(|l| load::load_line(l, words)).unwrap_or_default().into(),
            long: load.is_some_and(|l| l.closed.is_none() && load::is_long(l.wait, hall.wait_target_minutes)),
        }
    });
    Shown { page: page.unwrap_or_default(), rows: rows.collect() }
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let sender = touches.clone();
    window.global::<ServicesAdapter>().on_choose(move |id| plumbing::touch(&sender, Touch::Service(id.into())));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<ServicesAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_rows(), &shown.rows, |rows| adapter.set_rows(rows));
}
