//! The ticket at the counter and what can be done with it.

use std::time::Duration;

use jiff::Timestamp;
use protocol::hall::HallInfo;
use protocol::views::{CounterView, TicketState, TicketView};
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::{Action, Flow, Message, Touch};
use crate::generated::{ActionState, CounterAction, CounterStage, CounterWindow, CurrentTicket, WorkAdapter, WorkPage};
use crate::words::Words;
use crate::{clock, plumbing, problems};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: WorkPage,
}

/// The two times of a screen: since the station began, and the hub's clock.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Duration,
    pub(crate) at: Timestamp,
}

pub(crate) fn shown(flow: &Flow, hall: &HallInfo, view: &CounterView, moment: Moment, words: Words) -> Shown {
    let [call_next, start, finish, recall, no_show, close] = Action::ALL.map(|action| {
        let busy = flow.busy_with() == Some(action);
        let enabled = flow.enabled(action, moment.now);
        ActionState { enabled, main: flow.main_action() == Some(action) && (enabled || busy), busy }
    });
    let current = match &view.current {
        Some(ticket) => ticket_at_counter(hall, ticket, moment.at, words),
        None => nobody(hall, view, words),
    };
    let (message, message_grave) = message(flow, words);
    let page =
        WorkPage { current, call_next, start, finish, recall, no_show, close, message: message.into(), message_grave };
    Shown { page }
}

fn ticket_at_counter(hall: &HallInfo, ticket: &TicketView, at: Timestamp, words: Words) -> CurrentTicket {
    let language = words.language();
    let serving = ticket.state == TicketState::Serving;
    let since = if serving { ticket.started_at } else { ticket.called_at };
    let waited = clock::minutes(ticket.issued_at, ticket.called_at.unwrap_or(at));
    let service = hall.services.iter().find(|s| s.id == ticket.service);
    let class = hall.classes.iter().find(|c| c.id == ticket.class && c.priority);
    CurrentTicket {
        stage: if serving { CounterStage::Serving } else { CounterStage::Called },
        state: if serving { words.t("Đang phục vụ") } else { words.t("Đang gọi") }.into(),
        elapsed: since.map(|since| clock::elapsed(since, at)).unwrap_or_default().into(),
        number: ticket.number.as_str().into(),
        service: service.map(|s| s.name.get(language)).unwrap_or_default().into(),
        class: class.map(|c| words.with("Ưu tiên: {}", &[c.name.get(language)])).unwrap_or_default().into(),
        issued: clock::time(clock::local(ticket.issued_at, hall.utc_offset_minutes), words).into(),
        waited: words.n("{} phút", waited).into(),
        waited_long: waited > hall.wait_target_minutes,
        calls: ticket.calls.to_string().into(),
        ..CurrentTicket::default()
    }
}

fn nobody(hall: &HallInfo, view: &CounterView, words: Words) -> CurrentTicket {
    let next = view.queue.first().map(|ticket| {
        let service = hall.services.iter().find(|s| s.id == ticket.service);
        let name = service.map(|s| s.name.get(words.language())).unwrap_or_default();
        words.with("Tiếp theo: {} – {}", &[&ticket.number, name])
    });
    CurrentTicket {
        stage: CounterStage::Idle,
        idle_title: words.t("Chưa có khách tại quầy").into(),
        idle_text: next.unwrap_or_else(|| words.t("Không còn ai chờ quầy này.")).into(),
        ..CurrentTicket::default()
    }
}

/// What to tell the officer, and whether it is a refusal.
fn message(flow: &Flow, words: Words) -> (String, bool) {
    match flow.message() {
        Some(Message::Refused(problem)) => (problems::for_officer(problem, words), true),
        Some(Message::NoAnswer) => (words.t("Máy chủ chưa trả lời. Xin bấm lại, lệnh không bị lặp hai lần."), false),
        Some(Message::Reprinting(number)) => (words.with("Đang in lại phiếu {}.", &[number]), false),
        Some(Message::Accepted(number)) => (words.with("Đã ghi nhận phiếu {} có giấy.", &[number]), false),
        None => (String::new(), false),
    }
}

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let sender = touches.clone();
    window.global::<WorkAdapter>().on_act(move |action| {
        let action = match action {
            CounterAction::CallNext => Action::CallNext,
            CounterAction::Start => Action::Start,
            CounterAction::Finish => Action::Finish,
            CounterAction::Recall => Action::Recall,
            CounterAction::NoShow => Action::NoShow,
            CounterAction::Close => Action::Close,
        };
        plumbing::touch(&sender, Touch::Act { action, id: client::new_request_id() });
    });
}

pub(crate) fn apply(window: &CounterWindow, shown: &Shown) {
    window.global::<WorkAdapter>().set_page(shown.page.clone());
}
