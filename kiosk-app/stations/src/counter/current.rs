//! The ticket at the counter, or that nobody is there.

use jiff::Timestamp;
use protocol::hall::HallInfo;
use protocol::views::{CounterView, TicketState, TicketView};
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::action::Action;
use super::flow::{Flow, Touch};
use crate::generated::{
    CounterStage, CounterWindow, CurrentAdapter, CurrentTicket, DossierCode, NextTicket, OutcomeChoice,
};
use crate::words::{Words, msg};
use crate::{clock, plumbing};

/// What the card shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    ticket: CurrentTicket,
    dossiers: Vec<DossierCode>,
    more_dossiers: String,
    outcomes: Vec<OutcomeChoice>,
}

pub(crate) fn shown(flow: &Flow, hall: &HallInfo, view: &CounterView, at: Timestamp, words: Words) -> Shown {
    let mut ticket = match (&view.current, &view.paused) {
        (Some(ticket), _) => ticket_at_counter(hall, ticket, at, words),
        (None, Some(reason)) => paused(reason, words),
        (None, None) => nobody(hall, view, at, words),
    };
    ticket.pending = flow.busy_with().map(|action| words.t(pending(action))).unwrap_or_default().into();
    let serving = ticket.stage == CounterStage::Serving;
    let dossier =
        |code: &String| DossierCode { code: code.as_str().into(), label: words.with("Bỏ mã {}", &[code]).into() };
    let count = u32::try_from(flow.dossiers.len()).unwrap_or(u32::MAX);
    let more_dossiers =
        if count > 0 { words.n("Đã có {} mã; gõ hoặc quét thêm", count) } else { String::new() };
    let outcomes = hall.outcomes.iter().filter(|_| serving).enumerate();
    let outcomes = outcomes.map(|(at, outcome)| OutcomeChoice {
        name: outcome.name.get(words.language()).into(),
        key: format!("Ctrl {}", at + 1).into(),
        selected: flow.outcome == Some(at),
    });
    let dossiers = flow.dossiers.iter().map(dossier).collect();
    Shown { ticket, dossiers, more_dossiers, outcomes: outcomes.collect() }
}

/// What is said while the hub has not answered.
fn pending(action: Action) -> &'static str {
    match action {
        Action::CallNext | Action::Pick => msg("Đang gọi số…"),
        Action::Start => msg("Đang ghi bắt đầu…"),
        Action::Finish => msg("Đang ghi hoàn thành…"),
        Action::Recall => msg("Đang gọi lại…"),
        Action::NoShow => msg("Đang ghi vắng…"),
        Action::Close => msg("Đang đóng quầy…"),
        Action::Park | Action::Transfer | Action::Pause | Action::Resume => msg("Đang gửi…"),
    }
}

fn ticket_at_counter(hall: &HallInfo, ticket: &TicketView, at: Timestamp, words: Words) -> CurrentTicket {
    let language = words.language();
    let serving = ticket.state == TicketState::Serving;
    let since = if serving { ticket.started_at } else { ticket.called_at };
    let waited = clock::minutes(ticket.issued_at, ticket.called_at.unwrap_or(at));
    let class = hall.classes.iter().find(|c| c.id == ticket.class && c.priority);
    let issued = clock::time(clock::local(ticket.issued_at, hall.utc_offset_minutes), words);
    let told = [issued, waited.to_string(), ticket.calls.to_string()];
    let facts = words.with("Lấy số {} · chờ {} phút · gọi lần {}", &told.each_ref().map(String::as_str));
    let then: Vec<_> = ticket.then.iter().map(|id| service_name(hall, id, words)).collect();
    CurrentTicket {
        stage: if serving { CounterStage::Serving } else { CounterStage::Called },
        state: if serving { words.t("Đang phục vụ") } else { words.t("Đang gọi") }.into(),
        elapsed: since.map(|since| clock::elapsed(since, at)).unwrap_or_default().into(),
        number: ticket.number.as_str().into(),
        service: service_name(hall, &ticket.service, words).into(),
        class: class.map(|c| words.with("Ưu tiên: {}", &[c.name.get(language)])).unwrap_or_default().into(),
        facts: facts.into(),
        waited_long: waited > hall.wait_target_minutes,
        then: if then.is_empty() { String::new() } else { words.with("Sau đó: {}", &[&then.join(", ")]) }.into(),
        ..CurrentTicket::default()
    }
}

fn paused(reason: &str, words: Words) -> CurrentTicket {
    CurrentTicket {
        stage: CounterStage::Paused,
        state: words.t("Quầy tạm nghỉ").into(),
        idle_title: words.t("Quầy tạm nghỉ").into(),
        idle_text: words.with("{}. Không có số nào được gọi đến quầy.", &[reason]).into(),
        ..CurrentTicket::default()
    }
}

fn nobody(hall: &HallInfo, view: &CounterView, at: Timestamp, words: Words) -> CurrentTicket {
    let next = view.queue.first().map(|ticket| {
        let minutes = clock::minutes(ticket.issued_at, at);
        NextTicket {
            number: ticket.number.as_str().into(),
            service: service_name(hall, &ticket.service, words).into(),
            minutes: words.with("{} ph", &[&minutes.to_string()]).into(),
            long: minutes > hall.wait_target_minutes,
        }
    });
    let text = match &next {
        Some(_) => words.t("Bấm Gọi tiếp để mời khách."),
        None => words.t("Không còn ai chờ quầy này."),
    };
    CurrentTicket {
        stage: CounterStage::Idle,
        idle_title: words.t("Chưa có khách tại quầy").into(),
        idle_text: text.into(),
        next: next.unwrap_or_default(),
        ..CurrentTicket::default()
    }
}

/// Name of a service; its id where the hall does not know it any more.
pub(super) fn service_name(hall: &HallInfo, id: &str, words: Words) -> String {
    hall.services.iter().find(|s| s.id == id).map_or(id, |s| s.name.get(words.language())).to_owned()
}

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<CurrentAdapter>();
    let sender = touches.clone();
    adapter.on_dossier(move |code| plumbing::touch(&sender, Touch::Dossier(code.into())));
    let sender = touches.clone();
    adapter.on_remove_dossier(move |at| {
        plumbing::touch(&sender, Touch::RemoveDossier(usize::try_from(at).unwrap_or(usize::MAX)));
    });
    let sender = touches.clone();
    adapter.on_outcome(move |at| {
        plumbing::touch(&sender, Touch::Outcome(usize::try_from(at).unwrap_or(usize::MAX)));
    });
}

pub(crate) fn apply(window: &CounterWindow, shown: &Shown) {
    let adapter = window.global::<CurrentAdapter>();
    if adapter.get_ticket().number != shown.ticket.number {
        // What was typed for the ticket before does not belong to this one.
        adapter.set_draft("".into());
    }
    adapter.set_ticket(shown.ticket.clone());
    plumbing::set_rows(&adapter.get_dossiers(), &shown.dossiers, |rows| adapter.set_dossiers(rows));
    adapter.set_more_dossiers(shown.more_dossiers.as_str().into());
    plumbing::set_rows(&adapter.get_outcomes(), &shown.outcomes, |rows| adapter.set_outcomes(rows));
}
