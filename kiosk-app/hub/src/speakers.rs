//! Which speakers stand at a kiosk. Pure.

use protocol::health::{DeviceHealth, DeviceKind, DeviceState};

/// Whether help can be heard at a kiosk: one of its speakers is ready.
pub fn can_speak_at(devices: &[DeviceHealth], kiosk: &str) -> bool {
    devices.iter().any(|device| {
        device.kind == DeviceKind::Speaker
            && device.kiosk.as_deref() == Some(kiosk)
            && device.state == DeviceState::Ready
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ready_speaker_of_the_kiosk_can_be_heard() {
        let device = |kind, kiosk: Option<&str>, state| DeviceHealth {
            name: "d".to_owned(),
            kind,
            kiosk: kiosk.map(str::to_owned),
            state,
            fault: None,
            roll: None,
        };
        let heard = |device| can_speak_at(&[device], "kiosk-1");
        let (speaker, ready) = (DeviceKind::Speaker, DeviceState::Ready);
        assert!(heard(device(speaker, Some("kiosk-1"), ready)));
        assert!(!heard(device(speaker, Some("kiosk-2"), ready)));
        assert!(!heard(device(speaker, None, ready)), "the hall's speaker is not at the kiosk");
        assert!(!heard(device(DeviceKind::TicketPrinter, Some("kiosk-1"), ready)));
        for state in [DeviceState::Absent, DeviceState::Opening, DeviceState::Degraded, DeviceState::Lost] {
            assert!(!heard(device(speaker, Some("kiosk-1"), state)), "{state:?}");
        }
        assert!(!can_speak_at(&[], "kiosk-1"));
    }
}
