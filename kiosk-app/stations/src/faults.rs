//! Device faults in plain words: what it is, and what a person does about it. The codes come from the drivers.

use protocol::health::{DeviceFault, DeviceHealth, DeviceKind, DeviceState};

use crate::words::{Words, msg};

struct FaultWords {
    code: &'static str,
    /// Continues "máy in …".
    what: &'static str,
    /// What to do next.
    action: &'static str,
}

/// Rows by code, as the drivers, the agent and the hub send them.
const TABLE: &[FaultWords] = &[
    FaultWords {
        code: "paper-out", what: msg("hết giấy"), action: msg("Lắp cuộn giấy mới rồi đóng nắp máy.")
    },
    FaultWords { code: "paper-low", what: msg("sắp hết giấy"), action: msg("Chuẩn bị cuộn giấy mới.") },
    FaultWords { code: "cover-open", what: msg("đang mở nắp"), action: msg("Đóng nắp máy.") },
    FaultWords {
        code: "cutter-jam",
        what: msg("kẹt dao cắt"),
        action: msg("Mở nắp, gỡ giấy kẹt, tắt rồi bật lại máy."),
    },
    FaultWords {
        code: "overheated", what: msg("quá nóng"), action: msg("Để máy nguội vài phút, máy tự in tiếp.")
    },
    FaultWords {
        code: "error", what: msg("báo lỗi"), action: msg("Tắt rồi bật lại máy; nếu vẫn lỗi, gọi bảo hành.")
    },
    FaultWords {
        code: "offline", what: msg("đang tạm ngừng"), action: msg("Nhả nút nạp giấy, xem đèn trên máy.")
    },
    FaultWords {
        code: "no-answer", what: msg("không trả lời"), action: msg("Kiểm tra nguồn và dây nối.")
    },
    FaultWords {
        code: "disconnected", what: msg("mất kết nối"), action: msg("Kiểm tra nguồn và dây nối.")
    },
    FaultWords {
        code: "agent-silent",
        what: msg("mất liên lạc"),
        action: msg("Kiểm tra máy tính nối với thiết bị này."),
    },
    FaultWords { code: "not-found", what: msg("chưa cắm"), action: msg("Kiểm tra nguồn và dây nối.") },
    FaultWords {
        code: "unreachable", what: msg("không tới được qua mạng"), action: msg("Kiểm tra dây mạng của máy.")
    },
    FaultWords {
        code: "no-permission", what: msg("không được phép mở"), action: msg("Báo cán bộ tin học.")
    },
    FaultWords {
        code: "busy",
        what: msg("bị chương trình khác giữ"),
        action: msg("Đóng chương trình kia, hoặc báo cán bộ tin học."),
    },
    FaultWords { code: "bad-configuration", what: msg("cấu hình sai"), action: msg("Báo cán bộ tin học.") },
    FaultWords {
        code: "io-error", what: msg("lỗi đường truyền"), action: msg("Kiểm tra nguồn và dây nối.")
    },
    FaultWords {
        code: "not-confirmed",
        what: msg("không báo đã in"),
        action: msg("Xem phiếu đã ra chưa rồi mới in lại."),
    },
    FaultWords {
        code: "too-late",
        what: msg("trả lời quá chậm"),
        action: msg("Hỏi khách còn cần phiếu không rồi in lại."),
    },
    FaultWords {
        code: "queue-full",
        what: msg("quá nhiều phiếu chờ in"),
        action: msg("Chờ máy in xong, hoặc thêm máy in."),
    },
    FaultWords { code: "no-audio-device", what: msg("chưa có loa"), action: msg("Cắm loa hoặc card âm thanh.") },
    FaultWords {
        code: "audio-stuck",
        what: msg("không phát được tiếng"),
        action: msg("Rút ra cắm lại, hoặc khởi động lại máy."),
    },
    FaultWords { code: "clips-missing", what: msg("thiếu giọng đọc"), action: msg("Báo cán bộ tin học.") },
];

/// Codes that do not keep a device from working.
const MILD: &[&str] = &["paper-low"];

fn entry(code: &str) -> Option<&'static FaultWords> {
    TABLE.iter().find(|fault| fault.code == code)
}

/// Whether a device does its work now.
pub(crate) fn works(device: &DeviceHealth) -> bool {
    match device.state {
        DeviceState::Ready => true,
        DeviceState::Degraded => device.fault.as_ref().is_some_and(|fault| MILD.contains(&fault.code.as_str())),
        DeviceState::Absent | DeviceState::Opening | DeviceState::Lost => false,
    }
}

/// What is wrong, in words that follow the device's name.
pub(crate) fn what(code: &str, words: Words) -> String {
    words.t(entry(code).map_or(msg("không sẵn sàng"), |fault| fault.what))
}

/// The fault code of a device that is not well, from its fault or its state.
pub(crate) fn code(device: &DeviceHealth) -> &str {
    match (&device.fault, device.state) {
        (Some(fault), _) => &fault.code,
        (None, DeviceState::Absent) => "not-found",
        (None, DeviceState::Lost) => "disconnected",
        (None, _) => "opening",
    }
}

/// What to do about a fault: in the reader's language where the code is known, else as the driver said it.
pub(crate) fn action(fault: &DeviceFault, words: Words) -> String {
    entry(&fault.code).map_or_else(|| fault.action.clone(), |known| words.t(known.action))
}

/// What a device is called.
pub(crate) fn kind_name(kind: DeviceKind, words: Words) -> String {
    words.t(match kind {
        DeviceKind::TicketPrinter => msg("máy in"),
        DeviceKind::NumberBoard => msg("bảng số"),
        DeviceKind::Speaker => msg("loa"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printer(state: DeviceState, code: Option<&str>) -> DeviceHealth {
        let fault = code.map(|c| DeviceFault { code: c.into(), detail: String::new(), action: "load a roll".into() });
        DeviceHealth {
            name: "printer-1".into(),
            kind: DeviceKind::TicketPrinter,
            kiosk: None,
            state,
            fault,
            roll: None,
        }
    }

    #[test]
    fn a_printer_low_on_paper_still_works_and_an_open_one_does_not() {
        assert!(works(&printer(DeviceState::Ready, None)));
        assert!(works(&printer(DeviceState::Degraded, Some("paper-low"))));
        assert!(!works(&printer(DeviceState::Degraded, Some("cover-open"))));
        assert!(!works(&printer(DeviceState::Lost, None)));
    }

    #[test]
    fn faults_are_said_in_words_and_unknown_ones_as_the_driver_said() {
        let vi = Words::of("vi");
        assert_eq!(what("paper-out", vi), "hết giấy");
        assert_eq!(what("from-the-future", vi), "không sẵn sàng");
        let fault = DeviceFault { code: "from-the-future".into(), detail: String::new(), action: "call IT".into() };
        assert_eq!(action(&fault, vi), "call IT");
        assert_eq!(code(&printer(DeviceState::Lost, None)), "disconnected");
    }
}
