//! The number, large, and its paper.

use protocol::hall::HallInfo;
use protocol::views::TicketView;
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::code;
use super::steps::{Paper, Reprint, Taken, Touch};
use crate::generated::{KioskWindow, PaperState, TicketAdapter, TicketPage};
use crate::words::Words;
use crate::{clock, faults, load, plumbing};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: TicketPage,
    /// Text of the code for a telephone; none where there is paper.
    code: Option<String>,
    pub(crate) staff_code: String,
}

pub(crate) fn shown(hall: &HallInfo, taken: &Taken, paper: &Paper, words: Words) -> Shown {
    let (language, ticket) = (words.language(), &taken.ticket);
    let name = |id: &str| hall.services.iter().find(|s| s.id == id).map(|s| s.name.get(language)).unwrap_or_default();
    let class = hall.classes.iter().find(|c| c.id == ticket.class && c.priority);
    let ahead = ticket.people_ahead.unwrap_or(0);
    let wait = ticket.wait.map(|range| load::wait(range, ahead, words).line()).unwrap_or_default();
    let (state, title, text, staff_code) = paper_words(paper, words);
    let further: Vec<&str> = ticket.then.iter().map(|id| name(id)).collect();
    let label = match (&ticket.appointment, class) {
        (Some(due), _) => {
            let at = clock::local(*due, hall.utc_offset_minutes);
            words.with("Lịch hẹn {}", &[&clock::time(at, words)])
        }
        (None, Some(class)) => words.with("Ưu tiên: {}", &[class.name.get(language)]),
        (None, None) => String::new(),
    };
    let code = (state == PaperState::Trouble).then(|| for_a_telephone(hall, ticket, name(&ticket.service), words));
    let page = TicketPage {
        number: ticket.number.as_str().into(),
        service: name(&ticket.service).into(),
        further: match further.len() {
            0 => String::new(),
            1 => words.with("Sau đó: {}", &[further[0]]),
            more => words.n("Sau đó {} việc nữa", u32::try_from(more).unwrap_or(u32::MAX)),
        }
        .into(),
        ahead: format!("{ahead} {}", words.n("người", ahead)).into(),
        wait: if wait.is_empty() { "–".to_owned() } else { wait }.into(),
        counters_label: words.n("Quầy", u32::try_from(ticket.counters.len()).unwrap_or(u32::MAX)).into(),
        counters: load::counters(&ticket.counters).into(),
        class: label.into(),
        paper: state,
        paper_title: title.into(),
        paper_text: text.into(),
        may_reprint: taken.reprint == Reprint::Not && taken.settled.is_some(),
        has_code: code.is_some(),
        code_text: words.t("Mã QR của số này").into(),
    };
    Shown { page, code, staff_code }
}

/// What a telephone reads from the code: where the ticket can be followed, as on paper; where there is no such page, the
/// number and when it was taken in plain text.
fn for_a_telephone(hall: &HallInfo, ticket: &TicketView, service: &str, words: Words) -> String {
    if let Some(address) = hall.follow(&ticket.id) {
        return address;
    }
    let at = clock::local(ticket.issued_at, hall.utc_offset_minutes);
    let day = [clock::short_date(at, words), clock::time(at, words)].join(" ");
    [ticket.number.as_str(), service, &day, hall.name_line2.get(words.language())].join("\n")
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
            [words.t("Số này vẫn được gọi như thường."), words.t("Xin nhớ số, chụp ảnh màn hình hoặc quét mã.")]
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
    let sender = touches.clone();
    adapter.on_reprint(move || plumbing::touch(&sender, Touch::Reprint(client::new_request_id())));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<TicketAdapter>();
    adapter.set_page(shown.page.clone());
    adapter.set_code(shown.code.as_deref().map(code::image).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use protocol::views::PrintState;

    use super::*;
    use crate::sample;

    #[test]
    fn the_code_leads_where_the_paper_would_or_tells_the_number() {
        let (mut hall, ticket) = (sample::hall(), sample::ticket(PrintState::Unconfirmed { reason: "lost".into() }));
        let words = Words::of("vi");
        assert!(for_a_telephone(&hall, &ticket, "Khai sinh", words).starts_with("A012\nKhai sinh\n"));
        hall.follow_url = Some("https://hall.local/t/".into());
        let address = for_a_telephone(&hall, &ticket, "Khai sinh", words);
        assert_eq!(address, format!("https://hall.local/t/{}", ticket.id));
    }
}
