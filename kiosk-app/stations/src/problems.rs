//! Refusals of the hub in the words of those who read them. A code that is not in the table falls back to the
//! title that came with it.

use protocol::problem::Problem;

use crate::words::{Words, msg};

/// What an officer reads, by code.
const FOR_OFFICERS: &[(&str, &str)] = &[
    ("nothing-waiting", msg("Không còn ai chờ quầy này.")),
    ("counter-busy", msg("Quầy còn một phiếu chưa xong: bấm Hoàn thành hoặc Vắng trước.")),
    ("counter-closed", msg("Quầy đang đóng: chọn cán bộ để mở quầy.")),
    ("counter-already-open", msg("Quầy này đã có cán bộ ngồi.")),
    ("officer-elsewhere", msg("Cán bộ này đang ngồi ở quầy khác: đóng quầy đó trước.")),
    ("no-ticket-called", msg("Chưa gọi số nào đến quầy.")),
    ("already-serving", msg("Phiếu này đang được phục vụ rồi.")),
    ("not-serving", msg("Chưa bấm Bắt đầu cho phiếu này.")),
    ("ticket-not-open", msg("Phiếu này không còn chờ.")),
    ("no-printer", msg("Phiếu này không lấy ở kiosk có máy in: xin ghi số cho khách.")),
    ("print-job-open", msg("Phiếu này đang được in rồi.")),
    ("print-job-taken", msg("Phiếu này đang được in rồi.")),
    ("too-many-reprints", msg("Đã in lại quá nhiều lần: xin ghi số cho khách.")),
    ("counter-paused", msg("Quầy đang tạm nghỉ: bấm Làm việc lại trước.")),
    ("recall-too-soon", msg("Vừa gọi xong: đợi vài giây để khách kịp đến.")),
    ("recall-limit", msg("Đã gọi lại đủ số lần: bấm Vắng nếu khách không đến.")),
    ("ticket-not-callable", msg("Phiếu này không gọi được nữa.")),
    ("not-served-there", msg("Quầy hoặc cán bộ đó không làm dịch vụ này.")),
    ("transfer-to-itself", msg("Phiếu đang ở đúng nơi đó rồi.")),
    ("no-ticket-there", msg("Quầy chưa có phiếu nào.")),
    ("ticket-not-parked", msg("Phiếu này không ở danh sách chờ bổ sung.")),
    ("ticket-not-missed", msg("Phiếu này không ở danh sách vắng.")),
    ("too-late-to-return", msg("Phiếu đã vắng quá lâu: mời khách lấy số mới.")),
    ("invalid-dossier", msg("Mã hồ sơ chưa đúng: xem lại mã trên giấy hẹn.")),
    (
        "log-unavailable",
        msg("Máy chủ của sảnh không ghi được (đĩa đầy hoặc hỏng): chưa có gì xảy ra, báo kỹ thuật ngay."),
    ),
    ("unknown-officer", msg("Cán bộ này không có trong danh sách của trung tâm.")),
    ("unknown-counter", msg("Quầy này không có trong danh sách của trung tâm.")),
];

/// What a citizen reads, by code.
const FOR_CITIZENS: &[(&str, &str)] = &[
    ("numbers-exhausted", msg("Lĩnh vực này đã phát hết số hôm nay.")),
    ("hall-closed", msg("Trung tâm đang nghỉ. Mời quý khách quay lại trong giờ làm việc.")),
    ("service-closed", msg("Dịch vụ này chưa đến giờ nhận. Mời quý khách quay lại sau.")),
    ("quota-reached", msg("Dịch vụ này đã hết số hôm nay. Mời quý khách quay lại ngày khác.")),
    ("service-unavailable", msg("Dịch vụ này đang tạm ngừng. Mời quý khách hỏi nhân viên.")),
    ("not-at-this-kiosk", msg("Dịch vụ này lấy số ở kiosk khác. Mời quý khách hỏi nhân viên.")),
    ("unknown-appointment", msg("Không tìm thấy mã hẹn này. Mời quý khách xem lại mã.")),
    ("appointment-too-early", msg("Chưa đến giờ nhận lịch hẹn. Mời quý khách quay lại gần giờ hẹn.")),
    ("appointment-too-late", msg("Đã quá giờ hẹn. Mời quý khách lấy số thường.")),
    ("log-unavailable", msg("Hệ thống tạm không phát được số. Mời quý khách gặp nhân viên.")),
    ("appointment-for-other", msg("Mã hẹn này dành cho dịch vụ khác. Mời quý khách chọn đúng dịch vụ đã hẹn.")),
    ("invalid-plan", msg("Các việc này không đi chung một số được. Mời quý khách lấy từng số.")),
    ("kiosk-closed", msg("Kiosk này vừa đóng. Mời quý khách đến quầy hướng dẫn.")),
    ("unknown-service", msg("Dịch vụ này vừa thay đổi. Mời quý khách chọn lại.")),
    ("unknown-class", msg("Diện ưu tiên này vừa thay đổi. Mời quý khách chọn lại.")),
    ("no-answer", msg("Hệ thống chưa trả lời, nên chưa có số.")),
];

/// What staff read at the kiosk, by code.
const FOR_STAFF: &[(&str, &str)] = &[
    ("wrong-pin", msg("Mã PIN chưa đúng.")),
    ("staff-locked", msg("Sai quá nhiều lần: đợi một phút rồi thử lại.")),
    ("no-staff-pin", msg("Sảnh chưa đặt mã PIN: ghi staff_pin_file trong [hub].")),
    ("kiosk-closed", msg("Kiosk đã đóng rồi.")),
    ("kiosk-not-closed", msg("Kiosk đang mở rồi.")),
    ("no-answer", msg("Máy chủ chưa trả lời. Kiểm tra mạng rồi thử lại.")),
];

/// Reason that the kiosk itself gives when the hub stayed silent.
pub(crate) const NO_ANSWER: &str = "no-answer";

fn lookup(table: &[(&'static str, &'static str)], code: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == code).map(|(_, text)| *text)
}

/// A refusal in the officer's words.
pub(crate) fn for_officer(problem: &Problem, words: Words) -> String {
    lookup(FOR_OFFICERS, &problem.code).map_or_else(|| problem.title.clone(), |text| words.t(text))
}

/// A refusal in the words of staff at a kiosk; the officers' words where they fit, else the code.
pub(crate) fn for_staff(code: &str, words: Words) -> String {
    let text = lookup(FOR_STAFF, code).or_else(|| lookup(FOR_OFFICERS, code));
    text.map_or_else(|| words.with("Không làm được: {}", &[code]), |text| words.t(text))
}

/// A refusal in the citizen's words; a code that only programs understand becomes a plain sentence.
pub(crate) fn for_citizen(code: &str, words: Words) -> String {
    match lookup(FOR_CITIZENS, code) {
        Some(text) => words.t(text),
        None => words.t("Hệ thống chưa lấy được số cho quý khách."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_refusal_is_said_in_the_readers_language() {
        let problem = Problem::new(409, "nothing-waiting", "Nobody waits", "", "");
        assert_eq!(for_officer(&problem, Words::of("vi")), "Không còn ai chờ quầy này.");
        assert_eq!(for_citizen("numbers-exhausted", Words::of("en")), "This field has no numbers left today.");
    }

    #[test]
    fn an_unknown_refusal_still_says_something() {
        let problem = Problem::new(409, "from-the-future", "The title", "", "");
        assert_eq!(for_officer(&problem, Words::of("vi")), "The title");
        assert!(!for_citizen("from-the-future", Words::of("vi")).is_empty());
    }
}
