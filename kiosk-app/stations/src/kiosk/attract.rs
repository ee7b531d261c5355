//! The first page: what to do, how long people wait now.

use protocol::hall::HallInfo;
use protocol::views::KioskView;
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::Flow;
use super::steps::Touch;
use crate::generated::{AttractAdapter, AttractPage, KioskWindow, LanguageChoice};
use crate::words::{Words, language_name};
use crate::{load, plumbing};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: AttractPage,
    languages: Vec<LanguageChoice>,
}

pub(crate) fn shown(flow: &Flow, hall: &HallInfo, view: &KioskView, words: Words) -> Shown {
    let (waiting, wait) = load::of_hall(&view.fields);
    let open = view.fields.iter().any(|f| f.open_counters > 0);
    // Said only when nothing at all can be had.
    let closed = view.fields.first().and_then(|f| f.closed.as_ref());
    let closed = closed.filter(|_| view.fields.iter().all(|f| f.closed.is_some()));
    let languages = flow.languages().into_iter().map(|code| LanguageChoice {
        name: language_name(&code).unwrap_or_default().into(),
        selected: code == flow.language,
        code: code.into(),
    });
    let page = AttractPage {
        waiting: waiting.to_string().into(),
        wait: match closed {
            Some(why) => load::closed_line(why, words),
            None if open => load::wait(wait, waiting, words).line(),
            None => words.t("chưa mở quầy"),
        }
        .into(),
        wait_long: open && closed.is_none() && load::is_long(wait, hall.wait_target_minutes),
        hours: hall.hours.get(words.language()).into(),
        printer_note: super::home::printer_note(flow, words).into(),
    };
    Shown { page, languages: languages.collect() }
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<AttractAdapter>();
    let sender = touches.clone();
    adapter.on_start(move || plumbing::touch(&sender, Touch::Start));
    let sender = touches.clone();
    adapter.on_start_in(move |code| plumbing::touch(&sender, Touch::StartIn(code.into())));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<AttractAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_languages(), &shown.languages, |rows| adapter.set_languages(rows));
}
