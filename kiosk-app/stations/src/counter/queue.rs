//! Who waits, paper to settle, figures of the day.

use jiff::Timestamp;
use protocol::hall::HallInfo;
use protocol::views::{CounterFigures, CounterView, PrintState, TicketView};
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::{Flow, Touch};
use crate::generated::{CounterWindow, PaperRow, QueueAdapter, QueuePage, QueueRow};
use crate::words::Words;
use crate::{clock, faults, plumbing};

/// Most papers in the list; the newest are the ones that somebody still waits for.
const MAX_PAPERS: usize = 3;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: QueuePage,
    rows: Vec<QueueRow>,
    papers: Vec<PaperRow>,
}

pub(crate) fn shown(flow: &Flow, hall: &HallInfo, view: &CounterView, at: Timestamp, words: Words) -> Shown {
    let page = QueuePage {
        title: words.with("Chờ quầy này: {}", &[&view.queue_total.to_string()]).into(),
        hall: words.with("Cả trung tâm: {}", &[&view.hall_waiting.to_string()]).into(),
        empty: words.t("Không còn ai chờ quầy này.").into(),
        served: view.today.served.to_string().into(),
        mean: mean(&view.today).into(),
        satisfied: satisfied(&view.today).into(),
    };
    let rows = view.queue.iter().map(|ticket| row(hall, ticket, at, words)).collect();
    let papers = view.print_problems.iter().take(MAX_PAPERS).map(|ticket| paper(flow, ticket, words)).collect();
    Shown { page, rows, papers }
}

fn row(hall: &HallInfo, ticket: &TicketView, at: Timestamp, words: Words) -> QueueRow {
    let service = hall.services.iter().find(|s| s.id == ticket.service);
    let minutes = clock::minutes(ticket.issued_at, at);
    QueueRow {
        number: ticket.number.as_str().into(),
        service: service.map(|s| s.name.get(words.language())).unwrap_or_default().into(),
        mark: if ticket.priority { words.t("Ưu tiên").into() } else { "".into() },
        minutes: words.with("{} ph", &[&minutes.to_string()]).into(),
        long: minutes > hall.wait_target_minutes,
    }
}

fn paper(flow: &Flow, ticket: &TicketView, words: Words) -> PaperRow {
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
        busy: under_way || flow.reprinting(&ticket.id),
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

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let sender = touches.clone();
    window.global::<QueueAdapter>().on_accept(move |ticket| {
        plumbing::touch(&sender, Touch::Accept { ticket: ticket.into(), id: client::new_request_id() });
    });
    let sender = touches.clone();
    window.global::<QueueAdapter>().on_reprint(move |ticket| {
        plumbing::touch(&sender, Touch::Reprint { ticket: ticket.into(), id: client::new_request_id() });
    });
}

pub(crate) fn apply(window: &CounterWindow, shown: &Shown) {
    let adapter = window.global::<QueueAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_rows(), &shown.rows, |rows| adapter.set_rows(rows));
    plumbing::set_rows(&adapter.get_papers(), &shown.papers, |rows| adapter.set_papers(rows));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_without_data_are_a_dash_not_a_zero() {
        let none = CounterFigures::default();
        assert_eq!((mean(&none), satisfied(&none)), ("–".to_owned(), "–".to_owned()));
        let some = CounterFigures { served: 8, mean_handling_seconds: Some(580), ratings: 7, satisfied: 6 };
        assert_eq!((mean(&some), satisfied(&some)), ("09:40".to_owned(), "85 %".to_owned()));
    }
}
