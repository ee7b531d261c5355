//! What the tablet's window shows, as plain data.

use jiff::Timestamp;
use slint::{ComponentHandle, SharedString};

use super::flow::{Flow, Step};
use super::{ask, tell};
use crate::generated::{AskPage, LevelChoice, RatingAdapter, RatingPage, RatingWindow, Words as WordsGlobal};
use crate::words::Words;
use crate::{clock, plumbing};

/// What the window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screen {
    language: SharedString,
    which: RatingPage,
    time: SharedString,
    page: AskPage,
    levels: Vec<LevelChoice>,
    tell: tell::Shown,
}

/// The screen for a state, `at` by the hub's clock; `language` where no citizen has chosen one.
pub(crate) fn shown(flow: &Flow, at: Timestamp, language: &str) -> Screen {
    let hall = flow.hall.as_deref();
    let (which, language) = match &flow.step {
        Step::Dark => (RatingPage::Dark, language),
        Step::Ask(request) => (RatingPage::Ask, request.language.as_str()),
        Step::Tell(telling) => (RatingPage::Tell, telling.request.language.as_str()),
        Step::Thanks { language, .. } => (RatingPage::Thanks, language.as_str()),
    };
    let words = Words::of(language);
    let time = hall.map(|h| clock::time(clock::local(at, h.utc_offset_minutes), words)).unwrap_or_default();
    let page = flow.request().zip(hall).map(|(request, hall)| ask::question(hall, request, words));
    let levels = match (&flow.step, hall) {
        (Step::Ask(_), Some(hall)) => ask::levels(&hall.rating_levels, words),
        _ => Vec::new(),
    };
    let tell = match (&flow.step, hall) {
        (Step::Tell(telling), Some(hall)) => tell::shown(hall, telling, words),
        _ => tell::Shown::default(),
    };
    let language = words.language().into();
    Screen { language, which, time: time.into(), page: page.unwrap_or_default(), levels, tell }
}

/// Shows a screen.
pub(crate) fn apply(window: &RatingWindow, screen: &Screen) {
    window.global::<WordsGlobal>().set_language(screen.language.clone());
    let adapter = window.global::<RatingAdapter>();
    adapter.set_time(screen.time.clone());
    adapter.set_page(screen.page.clone());
    plumbing::set_rows(&adapter.get_levels(), &screen.levels, |rows| adapter.set_levels(rows));
    tell::apply(window, &screen.tell);
    if window.get_page() != screen.which {
        window.set_page(screen.which);
        window.invoke_take_keys();
    }
}
