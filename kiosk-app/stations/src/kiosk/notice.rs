//! What has to be said on a page of its own: the hub away, a refusal, no number now and why, no paper, closed.

use protocol::hall::HallInfo;
use protocol::views::Unavailable;
use slint::{ComponentHandle, SharedString};
use tokio::sync::mpsc;

use super::flow::{Flow, Shut};
use super::steps::{Named, Touch};
use crate::generated::{KioskWindow, NoticeAdapter, NoticePage, NoticeSign};
use crate::words::Words;
use crate::{faults, load, plumbing, problems};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: NoticePage,
    pub(crate) staff_code: String,
}

impl Shown {
    fn new(page: NoticePage, code: &str, words: Words) -> Self {
        let staff_code = if code.is_empty() { String::new() } else { words.with("Mã cho nhân viên: {}", &[code]) };
        Self { page, staff_code }
    }
}

/// The hub is away, or `strange`: of another version. The page goes by itself when the hub is back.
pub(crate) fn away(strange: bool, words: Words) -> Shown {
    let page = NoticePage {
        sign: NoticeSign::Wait,
        title: words.t("Xin quý khách chờ một chút").into(),
        text: [words.t("Hệ thống đang kết nối lại."), words.t("Màn hình sẽ tự tiếp tục.")].join("\n").into(),
        advice: words.t("Nếu cần gấp, mời quý khách đến quầy hướng dẫn để được phát số.").into(),
        forward: SharedString::new(),
        back: false,
        tools: false,
    };
    Shown::new(page, if strange { "hub-version" } else { "hub-away" }, words)
}

/// The hub said no, or never answered. `again`: what was chosen is still there.
pub(crate) fn refused(code: &str, again: bool, words: Words) -> Shown {
    let sign = match code {
        "quota-reached" | "numbers-exhausted" => NoticeSign::Full,
        "hall-closed" | "service-closed" | "kiosk-closed" => NoticeSign::Closed,
        "service-unavailable" => NoticeSign::Paused,
        _ => NoticeSign::Warning,
    };
    let page = NoticePage {
        sign,
        title: words.t("Chưa lấy được số").into(),
        text: problems::for_citizen(code, words).into(),
        advice: words.t("Mời quý khách thử lại, hoặc đến quầy hướng dẫn để được giúp.").into(),
        forward: if again { words.t("Xem lại lựa chọn") } else { words.t("Chọn lĩnh vực khác") }.into(),
        back: true,
        tools: true,
    };
    Shown::new(page, code, words)
}

/// What was touched gives no number now.
pub(crate) fn unavailable(flow: &Flow, name: &Named, why: &Unavailable, words: Words) -> Shown {
    let language = words.language();
    let name = match name {
        Named::Field(id) => flow.field(id).map(|f| f.name.get(language)),
        Named::Service(id) => flow.service(id).map(|s| s.name.get(language)),
    };
    let (sign, text) = match why {
        Unavailable::Closed { .. } => (NoticeSign::Closed, load::closed_sentence(why, words)),
        Unavailable::QuotaReached => {
            (NoticeSign::Full, words.t("Dịch vụ này đã hết số hôm nay. Mời quý khách quay lại ngày khác."))
        }
        Unavailable::Suspended { reason, .. } => {
            (NoticeSign::Paused, words.with("Dịch vụ đang tạm ngừng vì: {}", &[reason]))
        }
        Unavailable::Elsewhere => {
            (NoticeSign::Warning, words.t("Dịch vụ này lấy số ở kiosk khác. Mời quý khách hỏi nhân viên."))
        }
    };
    let page = NoticePage {
        sign,
        title: name.unwrap_or_default().into(),
        text: text.into(),
        advice: words.t("Cần giúp, mời quý khách đến quầy hướng dẫn.").into(),
        forward: words.t("Chọn lĩnh vực khác").into(),
        back: true,
        tools: true,
    };
    Shown::new(page, "", words)
}

/// No paper will come: said before anything is chosen.
pub(crate) fn no_paper(code: &str, words: Words) -> Shown {
    let text = [
        words.t("Quý khách vẫn lấy được số."),
        words.t("Số hiện trên màn hình: xin ghi nhớ, chụp ảnh hoặc quét mã bằng điện thoại."),
    ];
    let page = NoticePage {
        sign: NoticeSign::Printer,
        title: words.t("Kiosk này tạm không in được phiếu").into(),
        text: text.join("\n").into(),
        advice: words.with("Máy in {}. Nhân viên đã được báo.", &[&faults::what(code, words)]).into(),
        forward: words.t("Tiếp tục lấy số").into(),
        back: true,
        tools: true,
    };
    Shown::new(page, code, words)
}

/// Nobody can take a number here now.
pub(crate) fn shut(shut: &Shut, hall: &HallInfo, words: Words) -> Shown {
    let hours = hall.hours.get(words.language());
    let (title, text, advice) = match shut {
        Shut::ByStaff => (
            words.t("Kiosk này tạm đóng"),
            words.t("Mời quý khách sang kiosk bên cạnh hoặc đến quầy hướng dẫn."),
            words.t("Số đã lấy vẫn được gọi như thường."),
        ),
        Shut::Hall(why) => (words.t("Trung tâm đang nghỉ"), load::closed_sentence(why, words), hours.to_owned()),
    };
    let page = NoticePage {
        sign: NoticeSign::Closed,
        title: title.into(),
        text: text.into(),
        advice: advice.into(),
        forward: SharedString::new(),
        back: false,
        tools: true,
    };
    let code = if *shut == Shut::ByStaff { "kiosk-closed" } else { "" };
    Shown::new(page, code, words)
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let sender = touches.clone();
    window.global::<NoticeAdapter>().on_forward(move || plumbing::touch(&sender, Touch::GoOn));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    window.global::<NoticeAdapter>().set_page(shown.page.clone());
}
