//! Which counter, then who.

use std::time::Duration;

use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::{Flow, Message, Stage, Touch};
use crate::generated::{ChooseAdapter, ChoosePage, CounterChoice, CounterWindow, OfficerChoice};
use crate::words::Words;
use crate::{plumbing, problems};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: ChoosePage,
    counters: Vec<CounterChoice>,
    officers: Vec<OfficerChoice>,
}

pub(crate) fn shown(flow: &Flow, stage: Stage, now: Duration, words: Words) -> Shown {
    let officers = matches!(stage, Stage::Officers(_) | Stage::Work(_));
    let (title, text) = match stage {
        Stage::Counters => (words.t("Chọn quầy"), words.t("Cán bộ ngồi ở quầy nào?")),
        Stage::Officers(counter) | Stage::Work(counter) => {
            (words.with("Mở quầy {}", &[&counter.to_string()]), words.t("Ai phục vụ ở quầy này?"))
        }
    };
    let page = ChoosePage {
        officers,
        title: title.into(),
        text: text.into(),
        message: message(flow, now, words).into(),
        fixed: flow.fixed(),
        busy: flow.busy() || flow.offline(now),
        cursor: i32::try_from(flow.choice).unwrap_or(0),
    };
    Shown { page, counters: counters(flow, words), officers: officer_choices(flow) }
}

fn message(flow: &Flow, now: Duration, words: Words) -> String {
    if flow.offline(now) || flow.hall.is_none() {
        return words.t("Chưa kết nối được máy chủ hàng đợi. Màn hình sẽ tự tiếp tục khi có kết nối.");
    }
    match flow.message() {
        Some(Message::Refused(problem)) => problems::for_officer(problem, words),
        Some(Message::NoAnswer) => words.t("Máy chủ chưa trả lời. Xin bấm lại, lệnh không bị lặp hai lần."),
        Some(_) | None => String::new(),
    }
}

fn counters(flow: &Flow, words: Words) -> Vec<CounterChoice> {
    let rows = flow.display.as_ref().map(|d| d.counters.as_slice()).unwrap_or_default();
    let counters = flow.hall.as_ref().map(|h| h.counters.as_slice()).unwrap_or_default();
    let choice = |counter: &protocol::hall::CounterInfo| {
        let open = rows.iter().any(|row| row.counter == counter.number && row.open);
        CounterChoice {
            number: i32::from(counter.number),
            label: words.with("Quầy {}", &[&counter.number.to_string()]).into(),
            name: counter.name.get(words.language()).into(),
            state: if open { words.t("Đang mở") } else { words.t("Đang đóng") }.into(),
            open,
        }
    };
    counters.iter().map(choice).collect()
}

fn officer_choices(flow: &Flow) -> Vec<OfficerChoice> {
    let officers = flow.hall.as_ref().map(|h| h.officers.as_slice()).unwrap_or_default();
    officers.iter().map(|o| OfficerChoice { id: o.id.as_str().into(), name: o.name.as_str().into() }).collect()
}

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<ChooseAdapter>();
    let sender = touches.clone();
    adapter.on_choose_counter(move |number| {
        if let Ok(number) = u16::try_from(number) {
            plumbing::touch(&sender, Touch::Counter(number));
        }
    });
    let sender = touches.clone();
    adapter.on_choose_officer(move |officer| {
        plumbing::touch(&sender, Touch::Officer { officer: officer.into(), id: client::new_request_id() });
    });
    let sender = touches.clone();
    adapter.on_back(move || plumbing::touch(&sender, Touch::Back));
}

pub(crate) fn apply(window: &CounterWindow, shown: &Shown) {
    let adapter = window.global::<ChooseAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_counters(), &shown.counters, |rows| adapter.set_counters(rows));
    plumbing::set_rows(&adapter.get_officers(), &shown.officers, |rows| adapter.set_officers(rows));
}
