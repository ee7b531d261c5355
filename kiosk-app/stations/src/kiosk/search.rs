//! Finding a service by its name. Marks need not be typed: "khai sinh", "KHAI SINH" and "khái sính" all find
//! "Đăng ký khai sinh".

use protocol::hall::HallInfo;
use protocol::views::KioskView;
use slint::ComponentHandle;
use tokio::sync::mpsc;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::flow::Flow;
use super::services::{self, Row};
use super::steps::Touch;
use crate::generated::{KioskWindow, SearchAdapter, SearchPage};
use crate::plumbing;
use crate::words::Words;

/// Most services that the page shows while nothing is typed.
const MOST_USED: usize = 12;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: SearchPage,
    rows: Vec<Row>,
}

pub(crate) fn shown(
    flow: &Flow,
    hall: &HallInfo,
    view: &KioskView,
    (typed, page): (&str, usize),
    words: Words,
) -> Shown {
    let found = find(flow, typed, words.language());
    let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let heading = match (plain(typed).trim(), count) {
        ("", _) => words.t("Nhiều người chọn nhất"),
        (_, 0) => words.t("Không tìm thấy, mời gõ chữ khác."),
        (_, count) => words.n("Tìm thấy {} việc", count),
    };
    let rows = found.iter().map(|id| services::row(flow, hall, view, id, true, words)).collect();
    let page = SearchPage { typed: typed.into(), heading: heading.into(), page: i32::try_from(page).unwrap_or(0) };
    Shown { page, rows }
}

/// Ids of the services that a text finds, most used first; the most used of all while nothing is typed.
pub(crate) fn find(flow: &Flow, typed: &str, language: &str) -> Vec<String> {
    let wanted = plain(typed);
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    let matches = |text: &str| {
        let text = plain(text);
        wanted.iter().all(|word| text.contains(word))
    };
    let mut found = flow.most_used(|service| {
        let field = flow.field(&service.field);
        let names = [language, protocol::text::FIRST_LANGUAGE].map(|language| {
            let field = field.map(|f| f.name.get(language)).unwrap_or_default();
            format!("{} {field}", service.name.get(language))
        });
        names.iter().any(|name| matches(name))
    });
    if wanted.is_empty() {
        found.truncate(MOST_USED);
    }
    found
}

/// A text in small letters without marks: `Đăng ký` is `dang ky`.
fn plain(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    letters.map(|c| if c == 'đ' { 'd' } else { c }).collect()
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<SearchAdapter>();
    let sender = touches.clone();
    adapter.on_choose(move |id| plumbing::touch(&sender, Touch::Service(id.into())));
    let sender = touches.clone();
    adapter.on_turn(move |to| plumbing::touch(&sender, Touch::Turn(usize::try_from(to).unwrap_or(0))));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<SearchAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_rows(), &shown.rows, |rows| adapter.set_rows(rows));
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_and_capitals_make_no_difference() {
        assert_eq!(plain("Đăng ký KHAI SINH"), "dang ky khai sinh");
        assert_eq!(plain("Ặ Ễ Ỗ Ữ Ỵ"), "a e o u y");
        assert_eq!(plain("Thuế, lệ phí"), "thue, le phi");
    }
}
