//! What can be done with the ticket at the counter, and what to tell the officer.

use std::time::Duration;

use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::action::Action;
use super::flow::{Flow, Message, Touch};
use super::header;
use crate::generated::{ActionState, BarAdapter, CounterAction, CounterWindow, WorkAdapter, WorkPage};
use crate::words::Words;
use crate::{plumbing, problems};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: WorkPage,
    waiting: String,
    /// What the narrow bar says instead of the ticket's state.
    alarm: String,
}

pub(crate) fn shown(flow: &Flow, now: Duration, words: Words) -> Shown {
    let state = |action: Action| ActionState {
        enabled: flow.enabled(action, now),
        main: false,
        busy: flow.busy_with() == Some(action),
    };
    let main = flow.main_action();
    let main_state = ActionState { main: state(main).enabled || state(main).busy, ..state(main) };
    let (message, message_grave) = message(flow, words);
    let alarm = header::link_trouble(flow, now, words).unwrap_or_else(|| message.clone());
    let page = WorkPage {
        main: shown_action(main),
        main_state,
        recall: state(Action::Recall),
        no_show: state(Action::NoShow),
        park: state(Action::Park),
        transfer: state(Action::Transfer),
        pick: state(Action::Pick),
        pause: state(Action::Pause),
        // A sheet says it itself.
        message: if flow.sheet.is_some() { String::new() } else { message }.into(),
        message_grave,
    };
    let waiting = flow.view.as_ref().map_or_else(String::new, |v| v.queue_total.to_string());
    Shown { page, waiting, alarm }
}

/// What to tell the officer, and whether it is a refusal.
pub(super) fn message(flow: &Flow, words: Words) -> (String, bool) {
    match flow.message() {
        Some(Message::Refused(problem)) => (problems::for_officer(problem, words), true),
        Some(Message::NoAnswer) => (words.t("Máy chủ chưa trả lời. Xin bấm lại, lệnh không bị lặp hai lần."), false),
        Some(Message::Reprinting(number)) => (words.with("Đang in lại phiếu {}.", &[number]), false),
        Some(Message::Accepted(number)) => (words.with("Đã ghi nhận phiếu {} có giấy.", &[number]), false),
        Some(Message::GivenBack(number)) => (words.with("Phiếu {} đã trở lại hàng chờ.", &[number]), false),
        Some(Message::IdentityCard) => {
            (words.t("Đây là mã trên căn cước, không phải mã hồ sơ. Mã không được lưu lại."), true)
        }
        Some(Message::TooManyDossiers) => (words.t("Mỗi phiếu ghi nhiều nhất 20 mã hồ sơ."), true),
        None => (String::new(), false),
    }
}

fn shown_action(action: Action) -> CounterAction {
    match action {
        Action::CallNext => CounterAction::CallNext,
        Action::Start => CounterAction::Start,
        Action::Finish => CounterAction::Finish,
        Action::Close => CounterAction::Close,
        Action::Recall => CounterAction::Recall,
        Action::NoShow => CounterAction::NoShow,
        Action::Park => CounterAction::Park,
        Action::Transfer => CounterAction::Transfer,
        Action::Pick => CounterAction::Pick,
        Action::Pause => CounterAction::Pause,
        Action::Resume => CounterAction::Resume,
    }
}

fn meant(action: CounterAction) -> Action {
    match action {
        CounterAction::CallNext => Action::CallNext,
        CounterAction::Start => Action::Start,
        CounterAction::Finish => Action::Finish,
        CounterAction::Recall => Action::Recall,
        CounterAction::NoShow => Action::NoShow,
        CounterAction::Park => Action::Park,
        CounterAction::Transfer => Action::Transfer,
        CounterAction::Pick => Action::Pick,
        CounterAction::Pause => Action::Pause,
        CounterAction::Resume => Action::Resume,
        CounterAction::Close => Action::Close,
    }
}

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let sender = touches.clone();
    window.global::<WorkAdapter>().on_act(move |action| {
        plumbing::touch(&sender, Touch::Act { action: meant(action), id: client::new_request_id() });
    });
    let sender = touches.clone();
    window.global::<BarAdapter>().on_full(move || plumbing::touch(&sender, Touch::Shape));
}

pub(crate) fn apply(window: &CounterWindow, shown: &Shown) {
    window.global::<WorkAdapter>().set_page(shown.page.clone());
    let bar = window.global::<BarAdapter>();
    bar.set_waiting(shown.waiting.as_str().into());
    bar.set_alarm(shown.alarm.as_str().into());
    bar.set_grave(shown.page.message_grave);
}
