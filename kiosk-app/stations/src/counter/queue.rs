//! Beside the work: the lists, paper to settle, figures of the day.

use std::time::Duration;

use jiff::Timestamp;
use protocol::hall::HallInfo;
use protocol::views::{CounterFigures, CounterView, PrintState, TicketView};
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::current::service_name;
use super::flow::{Flow, Touch};
use super::lists::Tab;
use super::{messages, sheet_page};
use crate::generated::{
    CounterTab, CounterWindow, HallMessage, PaperRow, QueueAdapter, QueuePage, QueueRow, WaitingRow,
};
use crate::words::Words;
use crate::{clock, faults, plumbing};

/// Most papers in the list; the newest are the ones that somebody still waits for.
const MAX_PAPERS: usize = 2;

/// What the column shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: QueuePage,
    rows: Vec<QueueRow>,
    services: Vec<WaitingRow>,
    papers: Vec<PaperRow>,
    messages: Vec<HallMessage>,
}

pub(crate) fn shown(
    flow: &Flow,
    hall: &HallInfo,
    view: &CounterView,
    moment: super::flow::Moment,
    words: Words,
) -> Shown {
    let services = services(hall, view, moment.at, words);
    let count = |n: usize| n.to_string();
    let page = QueuePage {
        tab: tab(flow.tab),
        title: words.with("Đang chờ {}", &[&view.queue_total.to_string()]).into(),
        hall: words.with("Cả trung tâm: {}", &[&view.hall_waiting.to_string()]).into(),
        queue: words.with("Của quầy {}", &[&view.queue_total.to_string()]).into(),
        services: words.with("Dịch vụ {}", &[&count(services.len())]).into(),
        parked: words.with("Tạm hoãn {}", &[&count(view.parked.len())]).into(),
        missed: words.with("Vắng {}", &[&count(view.missed.len())]).into(),
        empty: match flow.tab {
            Tab::Queue | Tab::Services => words.t("Không còn ai chờ quầy này."),
            Tab::Parked => words.t("Không có phiếu nào tạm hoãn."),
            Tab::Missed => words.t("Không có ai vắng mà còn được quay lại."),
        }
        .into(),
        served: view.today.served.to_string().into(),
        mean: mean(&view.today).into(),
        satisfied: satisfied(&view.today).into(),
        cursor: i32::try_from(flow.cursor()).unwrap_or(0),
    };
    let cursor = flow.cursor();
    let rows = flow.tickets().iter().enumerate();
    let rows = rows.map(|(at, ticket)| row(flow, hall, ticket, at == cursor, moment.at, words)).collect();
    let papers = view.print_problems.iter().take(MAX_PAPERS).enumerate();
    Shown {
        page,
        rows,
        services: if flow.tab == Tab::Services { services } else { Vec::new() },
        papers: papers.map(|(at, ticket)| paper(flow, ticket, at == 0, words)).collect(),
        messages: shown_messages(hall, view, moment.now, words),
    }
}

fn shown_messages(hall: &HallInfo, view: &CounterView, now: Duration, words: Words) -> Vec<HallMessage> {
    let all = messages::all(hall, view, words);
    let shown = messages::in_turn(&all, now).into_iter();
    shown.map(|m| HallMessage { text: m.text.as_str().into(), warning: m.warning }).collect()
}

fn row(flow: &Flow, hall: &HallInfo, ticket: &TicketView, selected: bool, at: Timestamp, words: Words) -> QueueRow {
    let minutes = clock::minutes(ticket.issued_at, at);
    let time = |at| clock::time(clock::local(at, hall.utc_offset_minutes), words);
    let service = service_name(hall, &ticket.service, words);
    let mark = if ticket.priority { words.t("Ưu tiên") } else { String::new() };
    let appointment = ticket.appointment.map(|due| words.with("Hẹn {}", &[&time(due)])).unwrap_or_default();
    let waited = words.with("{} ph", &[&minutes.to_string()]);
    let note = match (&ticket.parked_reason, ticket.until, flow.tab) {
        (Some(reason), Some(until), Tab::Parked) => words.with("{} · về lúc {}", &[reason, &time(until)]),
        (Some(reason), None, Tab::Parked) => reason.clone(),
        (_, Some(until), Tab::Missed) => words.with("được quay lại đến {}", &[&time(until)]),
        _ => String::new(),
    };
    let note = match (ticket.priority, note.is_empty()) {
        (true, false) => words.with("{} · {}", &[&mark, &note]),
        _ => note,
    };
    let back = sheet_page::back_words(ticket.state, words);
    let aside = back.is_some();
    QueueRow {
        ticket: ticket.id.as_str().into(),
        number: ticket.number.as_str().into(),
        label: words.with("Chọn {}", &[&ticket.number]).into(),
        description: [&service, &waited, &mark, &appointment, &note].map(String::as_str).join(" ").trim_end().into(),
        service: service.into(),
        note: note.into(),
        // Beside their button the other lists have no room for more than a word.
        mark: if aside { String::new() } else { mark }.into(),
        appointment: if aside { String::new() } else { appointment }.into(),
        minutes: if aside { String::new() } else { waited }.into(),
        long: minutes > hall.wait_target_minutes,
        back_label: back.as_ref().map(|back| words.with("{}: {}", &[back, &ticket.number])).unwrap_or_default().into(),
        back: back.unwrap_or_default().into(),
        busy: flow.asking_about(&ticket.id),
        selected,
    }
}

/// Who waits for this counter by service, the longest wait first.
fn services(hall: &HallInfo, view: &CounterView, at: Timestamp, words: Words) -> Vec<WaitingRow> {
    let mut ids: Vec<&str> = Vec::new();
    for ticket in &view.queue {
        if !ids.contains(&ticket.service.as_str()) {
            ids.push(&ticket.service);
        }
    }
    let mut rows: Vec<(u32, WaitingRow)> = ids.iter().map(|id| service(hall, view, id, at, words)).collect();
    rows.sort_by_key(|(longest, _)| std::cmp::Reverse(*longest));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn service(hall: &HallInfo, view: &CounterView, id: &str, at: Timestamp, words: Words) -> (u32, WaitingRow) {
    let tickets: Vec<_> = view.queue.iter().filter(|t| t.service == id).collect();
    let longest = tickets.iter().map(|t| clock::minutes(t.issued_at, at)).max().unwrap_or(0);
    let priority = tickets.iter().filter(|t| t.priority).count();
    let name = service_name(hall, id, words);
    let waiting = words.n("{} người", u32::try_from(tickets.len()).unwrap_or(u32::MAX));
    let minutes = words.with("{} ph", &[&longest.to_string()]);
    let row = WaitingRow {
        label: words.with("{}: {}, lâu nhất {}", &[&name, &waiting, &minutes]).into(),
        name: name.into(),
        waiting: waiting.into(),
        priority: match priority {
            0 => String::new(),
            n => words.with("{} ưu tiên", &[&n.to_string()]),
        }
        .into(),
        longest: minutes.into(),
        long: longest > hall.wait_target_minutes,
    };
    (longest, row)
}

fn paper(flow: &Flow, ticket: &TicketView, first: bool, words: Words) -> PaperRow {
    let (reason, under_way) = match &ticket.print {
        Some(PrintState::Failed { reason }) => {
            (words.with("Chưa in được: máy in {}", &[&faults::what(reason, words)]), false)
        }
        Some(PrintState::Unconfirmed { reason }) => {
            (words.with("Không rõ đã in chưa: máy in {}", &[&faults::what(reason, words)]), false)
        }
        Some(PrintState::Pending) => (words.t("Chờ máy in"), true),
        Some(PrintState::Printing) => (words.t("Đang in…"), true),
        Some(PrintState::Printed | PrintState::Accepted) | None => (words.t("Chưa có giấy"), false),
    };
    PaperRow {
        ticket: ticket.id.as_str().into(),
        number: ticket.number.as_str().into(),
        reason: reason.into(),
        doubt: matches!(ticket.print, Some(PrintState::Unconfirmed { .. })),
        busy: under_way || flow.asking_about(&ticket.id),
        reprint_label: words.with("In lại {}", &[&ticket.number]).into(),
        accept_label: words.with("Đã có giấy {}", &[&ticket.number]).into(),
        key: if first { "F11" } else { "" }.into(),
        doubt_key: if first { "⇧F11" } else { "" }.into(),
    }
}

fn mean(today: &CounterFigures) -> String {
    today.mean_handling_seconds.map_or_else(|| "–".to_owned(), |s| clock::stopwatch(u64::from(s)))
}

fn satisfied(today: &CounterFigures) -> String {
    match u64::from(today.satisfied) * 100 {
        _ if today.ratings == 0 => "–".to_owned(),
        hundredfold => format!("{} %", hundredfold / u64::from(today.ratings)),
    }
}

fn tab(tab: Tab) -> CounterTab {
    match tab {
        Tab::Queue => CounterTab::Queue,
        Tab::Services => CounterTab::Services,
        Tab::Parked => CounterTab::Parked,
        Tab::Missed => CounterTab::Missed,
    }
}

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<QueueAdapter>();
    let sender = touches.clone();
    adapter.on_open(move |tab| {
        let tab = match tab {
            CounterTab::Queue => Tab::Queue,
            CounterTab::Services => Tab::Services,
            CounterTab::Parked => Tab::Parked,
            CounterTab::Missed => Tab::Missed,
        };
        plumbing::touch(&sender, Touch::Tab(tab));
    });
    let sender = touches.clone();
    adapter.on_row(move |ticket| plumbing::touch(&sender, Touch::Row { ticket: ticket.into() }));
    let about = |touch: fn(String, String) -> Touch| {
        let sender = touches.clone();
        move |ticket: slint::SharedString| {
            plumbing::touch(&sender, touch(ticket.into(), client::new_request_id()));
        }
    };
    adapter.on_give_back(about(|ticket, id| Touch::GiveBack { ticket, id }));
    adapter.on_accept(about(|ticket, id| Touch::Accept { ticket, id }));
    adapter.on_reprint(about(|ticket, id| Touch::Reprint { ticket, id }));
}

pub(crate) fn apply(window: &CounterWindow, shown: &Shown) {
    let adapter = window.global::<QueueAdapter>();
    plumbing::set_rows(&adapter.get_rows(), &shown.rows, |rows| adapter.set_rows(rows));
    plumbing::set_rows(&adapter.get_services(), &shown.services, |rows| adapter.set_services(rows));
    plumbing::set_rows(&adapter.get_papers(), &shown.papers, |rows| adapter.set_papers(rows));
    plumbing::set_rows(&adapter.get_messages(), &shown.messages, |rows| adapter.set_messages(rows));
    adapter.set_page(shown.page.clone());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn figures_without_data_are_a_dash_not_a_zero() {
        let none = CounterFigures::default();
        assert_eq!((mean(&none), satisfied(&none)), ("–".to_owned(), "–".to_owned()));
        let some = CounterFigures { served: 8, mean_handling_seconds: Some(580), ratings: 7, satisfied: 6 };
        assert_eq!((mean(&some), satisfied(&some)), ("09:40".to_owned(), "85 %".to_owned()));
    }

    #[test]
    fn services_are_counted_with_the_longest_wait_first() {
        let rows = services(&sample::hall(), &sample::counter_view(), sample::now(), Words::of("vi"));
        assert_eq!(rows[0].label, "Đăng ký biến động quyền sử dụng đất: 3 người, lâu nhất 31 ph");
        assert_eq!(rows[0].priority, "1 ưu tiên");
        assert!(rows[0].long && rows[1].long);
        assert_eq!(rows.len(), 5);
    }
}
