//! What the tablet shows: the officer's name, the question, the faces of the hall's scale.

use protocol::hall::{HallInfo, RatingLevelInfo};
use protocol::views::RatingRequest;
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::Event;
use crate::generated::{AskPage, LevelChoice, RatingAdapter, RatingWindow, Tone};
use crate::pictures::Picture;
use crate::plumbing;
use crate::words::Words;

/// The question about a ticket.
pub(super) fn question(hall: &HallInfo, request: &RatingRequest, words: Words) -> AskPage {
    let officer = hall.officers.iter().find(|o| o.id == request.officer);
    let service = hall.services.iter().find(|s| s.id == request.service);
    let service = service.map(|s| s.name.get(words.language())).unwrap_or_default();
    AskPage {
        // An officer who left the list meanwhile is still "the officer": an id means nothing to a citizen.
        officer: officer.map_or_else(|| words.t("Cán bộ phục vụ"), |o| o.name.clone()).into(),
        about: words.with("{} · phiếu {}", &[service, &request.number]).into(),
        photo: officer.and_then(|o| o.photo.as_deref()).unwrap_or_default().into(),
    }
}

/// The faces from best to worst. Tones follow place and meaning: best green, satisfied calm, the middle amber, worst red.
pub(super) fn levels(levels: &[RatingLevelInfo], words: Words) -> Vec<LevelChoice> {
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

/// Shows a photo that has come, where it is still the right one.
pub(super) fn show_photo(window: &RatingWindow, name: &str, picture: &Picture) {
    let adapter = window.global::<RatingAdapter>();
    if let Some(image) = picture.image() {
        adapter.set_photo(image);
        adapter.set_photo_of(name.into());
    }
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
