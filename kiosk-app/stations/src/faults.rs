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

const TABLE: &[FaultWords] = &[
    FaultWords {
        code: "paper-out", what: msg("hết giấy"), action: msg("Lắp cuộn giấy mới rồi đóng nắp máy.")
    },
    FaultWords { code: "paper-low", what: msg("sắp hết giấy"), action: msg("Chuẩn bị cuộn giấy mới.") },
    FaultWords { code: "cover-open", what: msg("đang mở nắp"), action: msg("Đóng nắp máy.") },
    FaultWords {
        code: "cutter", what: msg("kẹt dao cắt"), action: msg("Tắt máy, gỡ giấy kẹt rồi bật lại.")
    },
    FaultWords {
        code: "offline", what: msg("đang tạm ngừng"), action: msg("Bấm nút nạp giấy trên máy.")
    },
    FaultWords {
        code: "no-answer", what: msg("không trả lời"), action: msg("Kiểm tra nguồn và dây nối.")
    },
    FaultWords { code: "link-lost", what: msg("mất kết nối"), action: msg("Kiểm tra nguồn và dây nối.") },
    FaultWords { code: "not-found", what: msg("chưa cắm"), action: msg("Kiểm tra nguồn và dây nối.") },
    FaultWords {
        code: "unreachable", what: msg("không tới được qua mạng"), action: msg("Kiểm tra dây mạng của máy.")
    },
    FaultWords {
        code: "no-permission", what: msg("không được phép mở"), action: msg("Báo cán bộ tin học.")
    },
    FaultWords {
        code: "expired", what: msg("in quá chậm"), action: msg("Hỏi khách còn cần phiếu không rồi in lại.")
    },
];

/// Other codes that drivers use for the same thing.
const ALIASES: &[(&str, &str)] = &[
    ("paper-near-end", "paper-low"),
    ("cutter-error", "cutter"),
    ("cutter-jam", "cutter"),
    ("printer-offline", "offline"),
    ("no-reply", "no-answer"),
    ("timeout", "no-answer"),
    ("no-status", "no-answer"),
    ("lost", "link-lost"),
    ("unplugged", "link-lost"),
    ("agent-silent", "link-lost"),
    ("io-error", "link-lost"),
    ("absent", "not-found"),
    ("no-device", "not-found"),
    ("too-old", "expired"),
    ("too-late", "expired"),
];

/// Codes that do not keep a device from working.
const MILD: &[&str] = &["paper-low", "paper-near-end"];

fn entry(code: &str) -> Option<&'static FaultWords> {
    let code = ALIASES.iter().find(|(alias, _)| *alias == code).map_or(code, |(_, same)| same);
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
        (None, DeviceState::Lost) => "link-lost",
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
        DeviceHealth { name: "printer-1".into(), kind: DeviceKind::TicketPrinter, kiosk: None, state, fault }
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
        assert_eq!(code(&printer(DeviceState::Lost, None)), "link-lost");
    }
}
