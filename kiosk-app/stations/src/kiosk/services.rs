//! The services of one field; and how any service is shown in a list.

use protocol::hall::HallInfo;
use protocol::views::KioskView;
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::Flow;
use super::steps::Touch;
pub(crate) use crate::generated::ServiceRow as Row;
use crate::generated::{KioskWindow, ServicesAdapter, ServicesPage};
use crate::words::Words;
use crate::{load, plumbing};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: ServicesPage,
    rows: Vec<Row>,
}

/// The services of a field in an order that stays while somebody looks at it.
pub(crate) fn shown(
    flow: &Flow,
    (hall, view): (&HallInfo, &KioskView),
    (field, order, page): (&str, &[String], usize),
    words: Words,
) -> Shown {
    let info = flow.field(field);
    let page = ServicesPage {
        field: info.map(|f| f.name.get(words.language())).unwrap_or_default().into(),
        icon: info.map(|f| f.icon.as_str()).unwrap_or_default().into(),
        page: i32::try_from(page).unwrap_or(0),
    };
    // What the hall no longer has is gone from the list as well.
    let known = order.iter().filter(|id| flow.service(id).is_some());
    Shown { page, rows: known.map(|id| row(flow, hall, view, id, false, words)).collect() }
}

/// One service; `with_field` where services of several fields stand together.
pub(crate) fn row(flow: &Flow, hall: &HallInfo, view: &KioskView, id: &str, with_field: bool, words: Words) -> Row {
    let language = words.language();
    let service = flow.service(id);
    let field = service.and_then(|s| flow.field(&s.field)).filter(|_| with_field);
    let load = view.services.iter().find(|l| l.id == id);
    Row {
        closed: load.is_some_and(|l| l.closed.is_some()),
        id: id.into(),
        name: service.map(|s| s.name.get(language)).unwrap_or_default().into(),
        field: field.map(|f| f.name.get(language)).unwrap_or_default().into(),
        waiting: words.n("{} người chờ", load.map_or(0, |l| l.waiting)).into(),
        wait: load.map(|l| load::load_line(l, words)).unwrap_or_default().into(),
        long: load.is_some_and(|l| load::shows_long(l, hall.wait_target_minutes)),
    }
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<ServicesAdapter>();
    let sender = touches.clone();
    adapter.on_choose(move |id| plumbing::touch(&sender, Touch::Service(id.into())));
    let sender = touches.clone();
    adapter.on_search(move || plumbing::touch(&sender, Touch::Search));
    let sender = touches.clone();
    adapter.on_turn(move |to| plumbing::touch(&sender, Touch::Turn(usize::try_from(to).unwrap_or(0))));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<ServicesAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_rows(), &shown.rows, |rows| adapter.set_rows(rows));
}
