//! Header of the counter: who, the link, the devices.

use std::time::Duration;

use jiff::civil::DateTime;
use protocol::health::{DeviceHealth, DeviceKind};
use slint::{ComponentHandle, SharedString};
use tokio::sync::mpsc;

use super::action::Action;
use super::flow::{Flow, Stage, Touch};
use crate::generated::{CounterHeaderAdapter, CounterHeaderState, CounterWindow, DeviceMark, DeviceSort};
use crate::words::Words;
use crate::{clock, faults, plumbing};

/// Most devices in the header; those that are not well come first.
const MAX_MARKS: usize = 4;
/// Most of them with words; all are among the messages.
const MAX_WORDS: usize = 2;

/// What the header shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    state: CounterHeaderState,
    devices: Vec<DeviceMark>,
}

pub(crate) fn shown(flow: &Flow, now: Duration, local: DateTime, words: Words) -> Shown {
    let language = words.language();
    let hall = flow.hall.as_deref();
    let title = match flow.stage() {
        Stage::Counters => hall.map(|h| h.name.get(language).to_owned()).unwrap_or_default(),
        Stage::Officers(counter) | Stage::Work(counter) => words.with("Quầy {}", &[&counter.to_string()]),
    };
    let officer = match (flow.stage(), hall) {
        (Stage::Counters, Some(hall)) => hall.name_line2.get(language).to_owned(),
        (Stage::Work(counter), Some(hall)) => {
            let id = flow.view.as_ref().and_then(|v| v.officer.clone()).unwrap_or_default();
            let name = hall.officers.iter().find(|o| o.id == id).map_or(id.as_str(), |o| o.name.as_str()).to_owned();
            let desk = hall.counters.iter().find(|c| c.number == counter).map(|c| c.name.get(language));
            // Words about devices need the room.
            let ill = flow.view.as_ref().is_some_and(|v| v.devices.iter().any(|d| advice(d, words).is_some()));
            desk.filter(|_| !ill).map_or(name.clone(), |desk| words.with("{} · {}", &[&name, desk]))
        }
        _ => String::new(),
    };
    let online = !flow.offline(now) && hall.is_some();
    let devices = flow.view.as_ref().map(|v| v.devices.as_slice()).unwrap_or_default();
    let state = CounterHeaderState {
        title: title.into(),
        officer: officer.into(),
        link: link_trouble(flow, now, words).unwrap_or_else(|| words.t("Đã kết nối")).into(),
        online,
        time: hall.map(|_| clock::time(local, words)).unwrap_or_default().into(),
        work: matches!(flow.stage(), Stage::Work(_)),
        may_close: flow.enabled(Action::Close, now),
    };
    Shown { state, devices: marks(devices, words) }
}

/// What is wrong with the link; none while it is well.
pub(super) fn link_trouble(flow: &Flow, now: Duration, words: Words) -> Option<String> {
    if flow.strange() {
        return Some(words.t("Máy chủ khác phiên bản – xin báo kỹ thuật"));
    }
    let lost = flow.offline(now) || flow.hall.is_none();
    lost.then(|| words.t("Mất kết nối – số liệu có thể cũ"))
}

/// The devices, those that are not well first and with words.
fn marks(devices: &[DeviceHealth], words: Words) -> Vec<DeviceMark> {
    let mut marks: Vec<_> = devices.iter().map(|device| mark(device, words)).collect();
    marks.sort_by_key(|mark| mark.words.is_empty());
    let unsaid = marks.iter().skip(MAX_WORDS).filter(|mark| !mark.words.is_empty()).count();
    marks.drain(MAX_WORDS.min(marks.len())..(MAX_WORDS + unsaid).min(marks.len()));
    marks.truncate(MAX_MARKS);
    marks
}

fn mark(device: &DeviceHealth, words: Words) -> DeviceMark {
    let sort = match device.kind {
        DeviceKind::TicketPrinter => DeviceSort::Printer,
        DeviceKind::NumberBoard => DeviceSort::Board,
        DeviceKind::Speaker => DeviceSort::Speaker,
    };
    let well = faults::works(device) && device.fault.is_none();
    DeviceMark { sort, words: if well { SharedString::new() } else { trouble(device, words).into() } }
}

/// `máy in: hết giấy`.
fn trouble(device: &DeviceHealth, words: Words) -> String {
    format!("{}: {}", faults::kind_name(device.kind, words), faults::what(faults::code(device), words))
}

/// What is wrong with a device and what to do about it; none when it is well.
pub(super) fn advice(device: &DeviceHealth, words: Words) -> Option<String> {
    if faults::works(device) && device.fault.is_none() {
        return None;
    }
    let place = device.kiosk.as_ref().unwrap_or(&device.name);
    let name = faults::kind_name(device.kind, words);
    let what = faults::what(faults::code(device), words);
    let action = device.fault.as_ref().map(|fault| faults::action(fault, words)).unwrap_or_default();
    let said = words.with("{} ({}) {}. {}", &[&capital(&name), place, &what, &action]);
    Some(said.trim_end().to_owned())
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |c| c.to_uppercase().chain(characters).collect())
}

pub(crate) fn connect(window: &CounterWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<CounterHeaderAdapter>();
    let sender = touches.clone();
    adapter.on_close(move || {
        plumbing::touch(&sender, Touch::Act { action: Action::Close, id: client::new_request_id() });
    });
    let sender = touches.clone();
    adapter.on_bar(move || plumbing::touch(&sender, Touch::Shape));
}

pub(crate) fn apply(window: &CounterWindow, shown: &Shown) {
    let adapter = window.global::<CounterHeaderAdapter>();
    adapter.set_state(shown.state.clone());
    plumbing::set_rows(&adapter.get_devices(), &shown.devices, |rows| adapter.set_devices(rows));
}

#[cfg(test)]
mod tests {
    use protocol::health::{DeviceFault, DeviceState};

    use super::*;

    fn device(kind: DeviceKind, state: DeviceState, code: Option<&str>) -> DeviceHealth {
        let fault = code.map(|c| DeviceFault { code: c.into(), detail: String::new(), action: String::new() });
        DeviceHealth { name: "printer-1".into(), kind, kiosk: Some("kiosk-1".into()), state, fault, roll: None }
    }

    #[test]
    fn a_well_device_is_an_icon_and_an_ill_one_comes_first_with_words() {
        let devices = [
            device(DeviceKind::TicketPrinter, DeviceState::Ready, None),
            device(DeviceKind::NumberBoard, DeviceState::Lost, None),
        ];
        let marks = marks(&devices, Words::of("vi"));
        assert_eq!(marks[0].words, "bảng số: mất kết nối");
        assert_eq!(marks[1], DeviceMark { sort: DeviceSort::Printer, words: SharedString::new() });
    }

    #[test]
    fn the_advice_names_place_cause_and_action() {
        let printer = device(DeviceKind::TicketPrinter, DeviceState::Degraded, Some("paper-out"));
        let said = advice(&printer, Words::of("vi"));
        assert_eq!(said.as_deref(), Some("Máy in (kiosk-1) hết giấy. Lắp cuộn giấy mới rồi đóng nắp máy."));
        assert_eq!(advice(&device(DeviceKind::TicketPrinter, DeviceState::Ready, None), Words::of("vi")), None);
    }
}
