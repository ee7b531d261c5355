//! A code typed on large keys: of an appointment, or the staff's PIN, which is never shown.

use slint::ComponentHandle;

use super::steps::PinEntry;
use crate::generated::{CodeAdapter, CodePage, KioskWindow};
use crate::problems;
use crate::words::Words;

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: CodePage,
}

pub(crate) fn appointment(code: &str, words: Words) -> Shown {
    let page = CodePage {
        title: words.t("Mã lịch hẹn").into(),
        text: words.t("Mã có trong tin nhắn hoặc trên giấy hẹn.").into(),
        typed: code.into(),
        message: String::new().into(),
        // The place of a card or barcode reader: no station knows of one yet.
        reader: String::new().into(),
        complete: !code.is_empty(),
    };
    Shown { page }
}

pub(crate) fn pin(entry: &PinEntry, words: Words) -> Shown {
    let page = CodePage {
        title: words.t("Dành cho nhân viên").into(),
        text: if entry.checking {
            words.t("Đang kiểm tra…")
        } else {
            words.t("Nhập mã PIN của nhân viên.")
        }
        .into(),
        typed: "•".repeat(entry.digits.chars().count()).into(),
        message: entry.wrong.as_ref().map(|code| problems::for_staff(code, words)).unwrap_or_default().into(),
        reader: String::new().into(),
        complete: !entry.checking && !entry.digits.is_empty(),
    };
    Shown { page }
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    window.global::<CodeAdapter>().set_page(shown.page.clone());
}
