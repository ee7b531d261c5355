//! What the tablet shows: the officer's name, the question, the faces of the hall's scale.

use jiff::Timestamp;
use protocol::hall::{HallInfo, RatingLevelInfo};
use protocol::views::RatingRequest;
use slint::{ComponentHandle, SharedString};
use tokio::sync::mpsc;

use super::flow::{Event, Flow, Step};
use crate::generated::{AskPage, LevelChoice, RatingAdapter, RatingPage, RatingWindow, Tone, Words as WordsGlobal};
use crate::words::Words;
use crate::{clock, plumbing};

/// What the window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    language: SharedString,
    which: RatingPage,
    page: AskPage,
    levels: Vec<LevelChoice>,
}

/// The screen for a state, `at` by the hub's clock; `language` where no citizen has chosen one.
pub(crate) fn shown(flow: &Flow, at: Timestamp, language: &str) -> Shown {
    let hall = flow.hall.as_deref();
    let (which, language) = match &flow.step {
        Step::Dark => (RatingPage::Dark, language),
        Step::Ask(request) => (RatingPage::Ask, request.language.as_str()),
        Step::Thanks { language, .. } => (RatingPage::Thanks, language.as_str()),
    };
    let words = Words::of(language);
    let time = hall.map(|h| clock::time(clock::local(at, h.utc_offset_minutes), words)).unwrap_or_default();
    let (mut page, levels) = match (&flow.step, hall) {
        (Step::Ask(request), Some(hall)) => (question(hall, request, words), levels(&hall.rating_levels, words)),
        _ => (AskPage::default(), Vec::new()),
    };
    page.time = time.into();
    Shown { language: words.language().into(), which, page, levels }
}

fn question(hall: &HallInfo, request: &RatingRequest, words: Words) -> AskPage {
    let officer = hall.officers.iter().find(|o| o.id == request.officer);
    let service = hall.services.iter().find(|s| s.id == request.service);
    let service = service.map(|s| s.name.get(words.language())).unwrap_or_default();
    AskPage {
        // An officer who left the list meanwhile is still "the officer": an id means nothing to a citizen.
        officer: officer.map_or_else(|| words.t("Cán bộ phục vụ"), |o| o.name.clone()).into(),
        about: words.with("{} · phiếu {}", &[service, &request.number]).into(),
        time: SharedString::new(),
    }
}

/// The faces from best to worst. Tones follow place and meaning: best green, satisfied calm, the middle amber, worst red.
fn levels(levels: &[RatingLevelInfo], words: Words) -> Vec<LevelChoice> {
    let last = levels.len().saturating_sub(1);
    let choice = |(index, level): (usize, &RatingLevelInfo)| LevelChoice {
        id: level.id.as_str().into(),
        name: level.name.get(words.language()).into(),
        icon: level.icon.as_str().into(),
        tone: match (index, level.satisfied) {
            (0, true) => Tone::Good,
            (_, true) => Tone::Fine,
            (index, false) if index == last => Tone::Poor,
            (_, false) => Tone::Fair,
        },
    };
    levels.iter().enumerate().map(choice).collect()
}

pub(crate) fn connect(window: &RatingWindow, touches: &mpsc::Sender<Event>) {
    let sender = touches.clone();
    window.global::<RatingAdapter>().on_rate(move |level| {
        plumbing::touch(&sender, Event::Rate { level: level.into(), id: client::new_request_id() });
    });
}

pub(crate) fn apply(window: &RatingWindow, shown: &Shown) {
    window.global::<WordsGlobal>().set_language(shown.language.clone());
    let adapter = window.global::<RatingAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_levels(), &shown.levels, |rows| adapter.set_levels(rows));
    window.set_page(shown.which);
}

#[cfg(test)]
mod tests {
    use protocol::text::Text;

    use super::*;

    #[test]
    fn tones_follow_place_and_meaning() {
        let level =
            |satisfied| RatingLevelInfo { id: String::new(), name: Text::new("", ""), icon: String::new(), satisfied };
        let tones = |scale: &[bool]| -> Vec<Tone> {
            let infos: Vec<_> = scale.iter().map(|s| level(*s)).collect();
            levels(&infos, Words::of("vi")).iter().map(|l| l.tone).collect()
        };
        assert_eq!(tones(&[true, true, false]), [Tone::Good, Tone::Fine, Tone::Poor]);
        assert_eq!(tones(&[true, true, false, false]), [Tone::Good, Tone::Fine, Tone::Fair, Tone::Poor]);
    }
}
