//! When a number cannot be given now.

use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::Touch;
use crate::generated::{KioskWindow, NoticeAdapter, NoticePage};
use crate::words::Words;
use crate::{plumbing, problems};

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: NoticePage,
    pub(crate) staff_code: String,
}

/// The hub is away; the page goes by itself when it is back.
pub(crate) fn away(words: Words) -> Shown {
    let page = NoticePage {
        waiting: true,
        title: words.t("Xin quý khách chờ một chút").into(),
        text: [words.t("Hệ thống đang kết nối lại."), words.t("Màn hình sẽ tự tiếp tục.")].join("\n").into(),
        advice: words.t("Nếu cần gấp, mời quý khách đến quầy hướng dẫn để được phát số.").into(),
    };
    Shown { page, staff_code: words.with("Mã cho nhân viên: {}", &["hub-away"]) }
}

/// The hub said no, or never answered.
pub(crate) fn refused(code: &str, words: Words) -> Shown {
    let page = NoticePage {
        waiting: false,
        title: words.t("Chưa lấy được số").into(),
        text: problems::for_citizen(code, words).into(),
        advice: words.t("Mời quý khách thử lại, hoặc đến quầy hướng dẫn để được giúp.").into(),
    };
    Shown { page, staff_code: words.with("Mã cho nhân viên: {}", &[code]) }
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let sender = touches.clone();
    window.global::<NoticeAdapter>().on_to_start(move || plumbing::touch(&sender, Touch::ToStart));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    window.global::<NoticeAdapter>().set_page(shown.page.clone());
}
