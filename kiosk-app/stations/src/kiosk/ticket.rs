//! The number, large, and its paper.

use protocol::hall::HallInfo;
use protocol::views::TicketView;
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::{Paper, Touch};
use crate::generated::{KioskWindow, PaperState, TicketAdapter, TicketPage};
use crate::words::Words;
use crate::{faults, load, plumbing};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: TicketPage,
    pub(crate) staff_code: String,
}

pub(crate) fn shown(hall: &HallInfo, ticket: &TicketView, paper: &Paper, words: Words) -> Shown {
    let language = words.language();
    let service = hall.services.iter().find(|s| s.id == ticket.service);
    let class = hall.classes.iter().find(|c| c.id == ticket.class && c.priority);
    let ahead = ticket.people_ahead.unwrap_or(0);
    let wait = ticket.wait.map(|range| load::wait(range, ahead, words).line()).unwrap_or_default();
    let (state, title, text, staff_code) = paper_words(paper, words);
    let page = TicketPage {
        number: ticket.number.as_str().into(),
        service: service.map(|s| s.name.get(language)).unwrap_or_default().into(),
        ahead: format!("{ahead} {}", words.n("người", ahead)).into(),
        wait: if wait.is_empty() { "–".to_owned() } else { wait }.into(),
        counters_label: words.n("Quầy", u32::try_from(ticket.counters.len()).unwrap_or(u32::MAX)).into(),
        counters: load::counters(&ticket.counters).into(),
        class: class.map(|c| words.with("Ưu tiên: {}", &[c.name.get(language)])).unwrap_or_default().into(),
        paper: state,
        paper_title: title.into(),
        paper_text: text.into(),
    };
    Shown { page, staff_code }
}

fn paper_words(paper: &Paper, words: Words) -> (PaperState, String, String, String) {
    match paper {
        Paper::Printing => {
            (PaperState::Printing, words.t("Đang in phiếu…"), words.t("Xin chờ vài giây."), String::new())
        }
        Paper::Ready => (
            PaperState::Ready,
            words.t("Mời nhận phiếu bên dưới"),
            words.t("Quý khách giữ phiếu và chờ gọi số."),
            String::new(),
        ),
        Paper::Trouble { code } => (
            PaperState::Trouble,
            words.with("Máy in {}", &[&faults::what(code, words)]),
            [
                words.t("Số này vẫn được gọi như thường."),
                words.t("Xin nhớ số này, hoặc chụp ảnh màn hình."),
                words.t("Nhân viên đã được báo."),
            ]
            .join("\n"),
            words.with("Mã cho nhân viên: {}", &[code]),
        ),
    }
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<TicketAdapter>();
    let sender = touches.clone();
    adapter.on_done(move || plumbing::touch(&sender, Touch::ToStart));
    let sender = touches.clone();
    adapter.on_more(move || plumbing::touch(&sender, Touch::More));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    window.global::<TicketAdapter>().set_page(shown.page.clone());
}
