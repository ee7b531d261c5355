//! What the hall display shows, as plain data.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use protocol::hall::HallInfo;
use protocol::views::{CounterRow, DisplayView};
use slint::{ComponentHandle, SharedString};

use super::flow::Flow;
use crate::generated::{BoardPage, CallCard, CounterTile, DisplayAdapter, DisplayWindow, EarlierCall};
use crate::words::Words;
use crate::{clock, plumbing};

/// What the window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: BoardPage,
    earlier: Vec<EarlierCall>,
    tiles: Vec<CounterTile>,
}

/// Most earlier calls below the newest one.
const MAX_EARLIER: usize = 4;

/// The screen for a state at `now` (time since the station began), `at` by the hub's clock.
pub(crate) fn shown(flow: &Flow, now: Duration, at: Timestamp, words: Words) -> Shown {
    let (Some(hall), Some(view)) = (flow.hall.as_deref(), flow.view.as_deref()) else {
        return connecting(words);
    };
    let language = words.language();
    let offline = flow.offline(now);
    let notice = hall.notices.get(Flow::notice(hall.notices.len(), now)).map(|text| text.get(language));
    let page = BoardPage {
        hall: format!("{} · {}", hall.name.get(language), hall.name_line2.get(language)).into(),
        time: clock::time(clock::local(at, hall.utc_offset_minutes), words).into(),
        call: call(flow, hall, now, words),
        waiting: view.waiting.to_string().into(),
        wait: view.mean_wait_minutes.map_or_else(|| "–".to_owned(), |m| words.n("{} phút", m)).into(),
        served: view.served.to_string().into(),
        notice: notice.unwrap_or_default().into(),
        offline: stale(flow, hall, now, at, words).into(),
    };
    Shown { page, earlier: earlier(flow, view, now, words), tiles: tiles(view, offline, words) }
}

/// How old the numbers are; empty while they are current.
fn stale(flow: &Flow, hall: &HallInfo, now: Duration, at: Timestamp, words: Words) -> String {
    let Some(age) = flow.age(now) else { return String::new() };
    let minutes = age.as_secs() / 60;
    if minutes > 0 {
        return words.with("Mất kết nối – số liệu đã cũ {} phút", &[&minutes.to_string()]);
    }
    let seen = at.checked_sub(SignedDuration::try_from(age).unwrap_or_default()).unwrap_or(at);
    let seen = clock::time(clock::local(seen, hall.utc_offset_minutes), words);
    words.with("Mất kết nối – số liệu lúc {}", &[&seen])
}

fn connecting(words: Words) -> Shown {
    let call = CallCard { title: words.t("Đang kết nối…").into(), ..CallCard::default() };
    let none = SharedString::from("–");
    let page = BoardPage { call, waiting: none.clone(), wait: none.clone(), served: none, ..BoardPage::default() };
    Shown { page, earlier: Vec::new(), tiles: Vec::new() }
}

fn call(flow: &Flow, hall: &HallInfo, now: Duration, words: Words) -> CallCard {
    if flow.offline(now) {
        return CallCard {
            title: words.t("Xin quý khách chờ một chút").into(),
            text: [words.t("Mời quý khách nghe loa gọi số,"), words.t("hoặc hỏi quầy hướng dẫn.")].join("\n").into(),
            ..CallCard::default()
        };
    }
    let Some((call, fresh)) = flow.call(now) else {
        return CallCard {
            title: words.t("Kính chào quý khách").into(),
            text: words.t("Mời quý khách lấy số ở kiosk và chờ gọi.").into(),
            ..CallCard::default()
        };
    };
    let service = hall.services.iter().find(|s| s.id == call.service);
    CallCard {
        there: true,
        fresh,
        number: call.number.as_str().into(),
        counter: call.counter.to_string().into(),
        service: service.map(|s| s.name.get(words.language())).unwrap_or_default().into(),
        more: match flow.more() {
            0 => String::new(),
            more => words.with("Còn {} số vừa được gọi", &[&more.to_string()]),
        }
        .into(),
        ..CallCard::default()
    }
}

/// The calls before the one that is shown, newest first, each ticket once.
fn earlier(flow: &Flow, view: &DisplayView, now: Duration, words: Words) -> Vec<EarlierCall> {
    let shown = flow.call(now).map(|(call, _)| call);
    let mut calls: Vec<EarlierCall> = Vec::new();
    let before =
        view.last_calls.iter().filter(|c| shown.is_none_or(|s| c.sequence < s.sequence && c.number != s.number));
    for call in before {
        let call = EarlierCall {
            number: call.number.as_str().into(),
            counter: words.with("Quầy {}", &[&call.counter.to_string()]).into(),
        };
        if calls.len() < MAX_EARLIER && calls.iter().all(|known| known.number != call.number) {
            calls.push(call);
        }
    }
    calls
}

fn tiles(view: &DisplayView, offline: bool, words: Words) -> Vec<CounterTile> {
    let number = |row: &CounterRow| match (&row.number, row.open && !row.paused) {
        (Some(number), _) => number.clone(),
        (None, true) => "–".to_owned(),
        (None, false) => words.t("nghỉ"),
    };
    let tile = |row: &CounterRow| CounterTile {
        label: words.with("{}: {}", &[&words.with("Quầy {}", &[&row.counter.to_string()]), &number(row)]).into(),
        counter: row.counter.to_string().into(),
        number: number(row).into(),
        // An old call must not ask anybody to walk.
        calling: row.calling && !offline,
        open: (row.open && !row.paused) || row.number.is_some(),
    };
    view.counters.iter().map(tile).collect()
}

pub(crate) fn apply(window: &DisplayWindow, shown: &Shown) {
    let adapter = window.global::<DisplayAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_earlier(), &shown.earlier, |rows| adapter.set_earlier(rows));
    plumbing::set_rows(&adapter.get_tiles(), &shown.tiles, |rows| adapter.set_tiles(rows));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use client::Linked;

    use super::super::flow::Event;
    use super::*;
    use crate::sample;

    fn board(online: bool) -> Shown {
        let mut flow = Flow::default();
        flow.handle(Event::Hall(Arc::new(sample::hall())), Duration::ZERO);
        let view = Some(Arc::new(sample::display_view()));
        flow.handle(Event::View(Linked { view, online, strange: false }), Duration::ZERO);
        shown(&flow, Duration::from_secs(60), sample::now(), Words::of("vi"))
    }

    #[test]
    fn every_counter_has_a_tile_with_its_number() {
        let shown = board(true);
        assert_eq!(shown.tiles.len(), sample::display_view().counters.len());
        assert_eq!(shown.tiles[2].label, "Quầy 3: A012");
        assert_eq!((shown.tiles[2].counter.as_str(), shown.tiles[2].number.as_str()), ("3", "A012"));
        assert_eq!(shown.tiles[11].number, "nghỉ");
        assert!(shown.tiles[2].calling);
        assert!(shown.page.call.there);
        assert_eq!(shown.page.offline, "");
    }

    #[test]
    fn old_numbers_are_never_shown_as_current() {
        let shown = board(false);
        // The link broke when the view came, a minute ago.
        assert_eq!(shown.page.offline, "Mất kết nối – số liệu đã cũ 1 phút");
        assert!(!shown.page.call.there, "no call to follow");
        assert!(shown.tiles.iter().all(|tile| !tile.calling));
    }
}
