//! Printers as they are shown: with their rolls by count, and which of a kiosk's would print now. Pure.

use protocol::health::{DeviceFault, DeviceHealth, DeviceKind, DeviceState, RollHealth};
use queue::HallState;

/// Fault of a roll that ends soon; a printer that has it still prints.
pub const PAPER_LOW: &str = "paper-low";
/// Left on a roll when staff are told, in millimetres, where no day has told what it needs.
const LOW_MM: u64 = 3_000;
/// Service days for which a roll must last not to be told.
const LOW_DAYS: u32 = 1;

/// The devices with what the hub has counted of their rolls; a roll that ends soon by count is a fault of a printer that
/// has no other.
pub fn counted(mut devices: Vec<DeviceHealth>, state: &HallState) -> Vec<DeviceHealth> {
    for device in devices.iter_mut().filter(|device| device.kind == DeviceKind::TicketPrinter) {
        let (Some(told), Some(kiosk)) = (device.roll, device.kiosk.as_deref()) else { continue };
        let used = state.roll(&kiosk.into(), &device.name.as_str().into());
        let printed_mm = used.map_or(0, |roll| roll.printed);
        let left_mm = told.length_mm.map(|length| length.saturating_sub(printed_mm));
        let days_left = left_mm.zip(used).and_then(|(left, roll)| roll.days_for(left));
        device.roll = Some(RollHealth { length_mm: told.length_mm, printed_mm, left_mm, days_left });
        let low = days_left.map_or(left_mm.is_some_and(|left| left <= LOW_MM), |days| days < LOW_DAYS);
        if low && device.state == DeviceState::Ready && device.fault.is_none() {
            device.state = DeviceState::Degraded;
            device.fault = Some(ends_soon(left_mm.unwrap_or(0)));
        }
    }
    devices
}

fn ends_soon(left_mm: u64) -> DeviceFault {
    DeviceFault {
        code: PAPER_LOW.to_owned(),
        detail: format!("by count {} m are left on the roll", left_mm / 1000),
        action: "have a new roll at hand; after changing it tell so, and the count begins anew".to_owned(),
    }
}

/// The printers of a kiosk, in the order of their configuration.
pub fn printers_of(devices: &[DeviceHealth], kiosk: &str) -> Vec<DeviceHealth> {
    let of_kiosk = |d: &&DeviceHealth| d.kind == DeviceKind::TicketPrinter && d.kiosk.as_deref() == Some(kiosk);
    devices.iter().filter(of_kiosk).cloned().collect()
}

/// The printer that would print now; where none would, the first one, whose fault then is the kiosk's.
pub fn next_printer(printers: &[DeviceHealth]) -> Option<&DeviceHealth> {
    printers.iter().find(|printer| may_print(printer)).or_else(|| printers.first())
}

/// Whether a printer takes jobs, as its agent sees it.
pub fn may_print(printer: &DeviceHealth) -> bool {
    match printer.state {
        DeviceState::Ready => true,
        DeviceState::Degraded => printer.fault.as_ref().is_some_and(|fault| fault.code == PAPER_LOW),
        DeviceState::Absent | DeviceState::Opening | DeviceState::Lost => false,
    }
}

#[cfg(test)]
mod tests {
    use queue::{Event, PaperUsed, Recorded};

    use super::*;

    fn printer(name: &str, state: DeviceState, code: Option<&str>) -> DeviceHealth {
        let fault = code.map(|code| DeviceFault { code: code.into(), detail: "d".into(), action: "a".into() });
        let roll = Some(RollHealth { length_mm: Some(10_000), ..RollHealth::default() });
        DeviceHealth {
            name: name.into(),
            kind: DeviceKind::TicketPrinter,
            kiosk: Some("kiosk-1".into()),
            state,
            fault,
            roll,
        }
    }

    /// A hall in which printer-1 printed so many millimetres on each of these days.
    fn printed(days: &[u32]) -> HallState {
        let mut state = HallState::default();
        let mut events = Vec::new();
        for (n, millimetres) in days.iter().enumerate() {
            let day = jiff::civil::date(2026, 11, 20 + i8::try_from(n).expect("a few days"));
            let paper = queue::StaffPaperId { day, number: 1 };
            let used = PaperUsed { printer: "printer-1".into(), millimetres: *millimetres };
            events.extend([
                Event::DayOpened { day },
                Event::StaffPaperRequested { paper, kiosk: "kiosk-1".into(), kind: queue::StaffPaperKind::Test },
                Event::StaffPaperStarted { paper },
                Event::StaffPaperEnded { paper, end: queue::PrintReport::Printed(Some(used)) },
            ]);
        }
        for (sequence, event) in (1..).zip(events) {
            state.apply(&Recorded { sequence, at: jiff::Timestamp::UNIX_EPOCH, event });
        }
        state
    }

    #[test]
    fn a_roll_is_counted_and_told_before_it_ends() {
        let shown = |days: &[u32], printer: DeviceHealth| counted(vec![printer], &printed(days)).remove(0);
        let well = || printer("printer-1", DeviceState::Ready, None);
        let roll = |shown: &DeviceHealth| shown.roll.map(|roll| (roll.printed_mm, roll.left_mm, roll.days_left));
        let fault = |shown: &DeviceHealth| shown.fault.as_ref().map(|fault| fault.code.clone());
        let first_day = shown(&[2_000], well());
        assert_eq!((roll(&first_day), fault(&first_day)), (Some((2_000, Some(8_000), None)), None));
        let low_by_length = shown(&[7_000], well());
        assert_eq!(fault(&low_by_length).as_deref(), Some("paper-low"));
        assert!(may_print(&low_by_length), "it still prints");
        let enough = shown(&[2_000, 2_000], well());
        assert_eq!((roll(&enough), fault(&enough)), (Some((4_000, Some(6_000), Some(3))), None));
        let low_by_days = shown(&[4_000, 4_000], well());
        assert_eq!(
            (roll(&low_by_days), fault(&low_by_days)),
            (Some((8_000, Some(2_000), Some(0))), Some("paper-low".into()))
        );
        let other = shown(&[9_000], printer("printer-1", DeviceState::Degraded, Some("cover-open")));
        assert_eq!(fault(&other).as_deref(), Some("cover-open"), "what is worse stays");
        let unknown = shown(&[9_000], DeviceHealth { roll: Some(RollHealth::default()), ..well() });
        assert_eq!((roll(&unknown), fault(&unknown)), (Some((9_000, None, None)), None));
    }

    #[test]
    fn the_printer_that_would_print_now_is_the_kiosks() {
        let ill = printer("printer-1", DeviceState::Degraded, Some("paper-out"));
        let low = printer("printer-2", DeviceState::Degraded, Some("paper-low"));
        let lost = printer("printer-3", DeviceState::Lost, Some("disconnected"));
        let name = |printers: &[DeviceHealth]| next_printer(printers).map(|printer| printer.name.clone());
        assert_eq!(name(&[ill.clone(), low]).as_deref(), Some("printer-2"));
        assert_eq!(name(&[ill, lost]).as_deref(), Some("printer-1"), "none is well: the first says why");
        assert_eq!(name(&[]), None);
    }
}
