//! After a low answer: why, in the hall's reasons and in the citizen's own words.

use protocol::hall::HallInfo;
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::{Event, Telling, Typed};
use crate::generated::{RatingWindow, ReasonChoice, TellAdapter, TellPage};
use crate::plumbing;
use crate::words::Words;

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shown {
    page: TellPage,
    reasons: Vec<ReasonChoice>,
}

pub(super) fn shown(hall: &HallInfo, telling: &Telling, words: Words) -> Shown {
    let level = hall.rating_levels.iter().find(|l| l.id == telling.level);
    let page = TellPage {
        level: level.map(|l| l.name.get(words.language())).unwrap_or_default().into(),
        icon: level.map(|l| l.icon.as_str()).unwrap_or_default().into(),
        comment: telling.comment.as_str().into(),
        may_write: hall.rating_comment,
        writing: telling.writing,
        telex: telling.request.language == "vi",
    };
    let reason = |(at, reason): (usize, &protocol::hall::RatingReasonInfo)| ReasonChoice {
        name: reason.name.get(words.language()).into(),
        selected: telling.reasons.contains(&at),
    };
    Shown { page, reasons: hall.rating_reasons.iter().enumerate().map(reason).collect() }
}

pub(super) fn connect(window: &RatingWindow, touches: &mpsc::Sender<Event>) {
    let adapter = window.global::<TellAdapter>();
    let sender = touches.clone();
    adapter.on_reason(move |at| plumbing::touch(&sender, Event::Reason(usize::try_from(at).unwrap_or(usize::MAX))));
    let sender = touches.clone();
    adapter.on_write(move |writing| plumbing::touch(&sender, Event::Write(writing)));
    let sender = touches.clone();
    adapter.on_typed(move |text| {
        if let Some(character) = text.chars().next() {
            plumbing::touch(&sender, Event::Typed(Typed::Character(character)));
        }
    });
    let pressed = |event: fn() -> Event| {
        let sender = touches.clone();
        move || plumbing::touch(&sender, event())
    };
    adapter.on_back(pressed(|| Event::Typed(Typed::Back)));
    adapter.on_send(pressed(|| Event::Send));
    adapter.on_skip(pressed(|| Event::Skip));
}

pub(super) fn apply(window: &RatingWindow, shown: &Shown) {
    let adapter = window.global::<TellAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_reasons(), &shown.reasons, |rows| adapter.set_reasons(rows));
}
