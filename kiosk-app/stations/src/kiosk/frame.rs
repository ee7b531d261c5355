//! Header and footer of the kiosk.

use jiff::civil::DateTime;
use slint::{ComponentHandle, SharedString};
use tokio::sync::mpsc;

use super::flow::Flow;
use super::steps::Touch;
use crate::generated::{KioskFrameAdapter, KioskWindow, LanguagesAdapter};
use crate::words::{Words, language_name};
use crate::{clock, plumbing};

/// What the frame shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    hall: SharedString,
    hall_line2: SharedString,
    time: SharedString,
    date: SharedString,
    short_date: SharedString,
    countdown: SharedString,
    other_language: SharedString,
    busy: bool,
    help: bool,
}

/// The frame in the citizen's language.
pub(crate) fn shown(flow: &Flow, words: Words, local: DateTime, countdown: Option<u64>, help: bool) -> Shown {
    let hall = flow.hall.as_ref();
    let countdown = countdown.map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX));
    Shown {
        hall: hall.map(|h| h.name.get(words.language()).into()).unwrap_or_default(),
        hall_line2: hall.map(|h| h.name_line2.get(words.language()).into()).unwrap_or_default(),
        // Without a hall the offset is not known: no time rather than a wrong one.
        time: hall.map(|_| clock::time(local, words).into()).unwrap_or_default(),
        date: hall.map(|_| clock::date(local, words).into()).unwrap_or_default(),
        short_date: hall.map(|_| clock::short_date(local, words).into()).unwrap_or_default(),
        countdown: countdown.map(|n| words.n("Tự trở về trang đầu sau {} giây", n).into()).unwrap_or_default(),
        other_language: other_language(flow).into(),
        busy: flow.taking().is_some(),
        help,
    }
}

/// The other one of two languages by its name, several by their codes, none where there is one only.
fn other_language(flow: &Flow) -> String {
    let languages = flow.languages();
    match flow.other_language() {
        Some(other) => language_name(&other).unwrap_or_default().to_owned(),
        None if languages.len() > 1 => {
            let codes: Vec<String> = languages.iter().take(MAX_CODES).map(|code| code.to_uppercase()).collect();
            codes.join(" · ")
        }
        None => String::new(),
    }
}

/// Most language codes that stand beside each other.
const MAX_CODES: usize = 3;

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let frame = window.global::<KioskFrameAdapter>();
    let sender = touches.clone();
    frame.on_switch_language(move || plumbing::touch(&sender, Touch::SwitchLanguage));
    let sender = touches.clone();
    frame.on_back(move || plumbing::touch(&sender, Touch::Back));
    let sender = touches.clone();
    frame.on_to_start(move || plumbing::touch(&sender, Touch::ToStart));
    let sender = touches.clone();
    frame.on_larger_text(move || plumbing::touch(&sender, Touch::Larger));
    let sender = touches.clone();
    frame.on_contrast(move || plumbing::touch(&sender, Touch::Contrast));
    let sender = touches.clone();
    frame.on_low(move || plumbing::touch(&sender, Touch::LowReach));
    let sender = touches.clone();
    frame.on_listen(move || plumbing::touch(&sender, Touch::Listen));
    let sender = touches.clone();
    frame.on_staff(move || plumbing::touch(&sender, Touch::Staff));
    let sender = touches.clone();
    frame.on_key(move |text| {
        // A key that is no character (Shift, F5, an arrow) comes as one of its own kind; the flow takes letters only.
        text.chars().for_each(|key| plumbing::touch(&sender, Touch::Key(key)));
    });
    let sender = touches.clone();
    frame.on_erase(move || plumbing::touch(&sender, Touch::Erase));
    let sender = touches.clone();
    frame.on_enter(move || plumbing::touch(&sender, Touch::Enter));
    let sender = touches.clone();
    window.global::<LanguagesAdapter>().on_choose(move |code| plumbing::touch(&sender, Touch::Language(code.into())));
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let frame = window.global::<KioskFrameAdapter>();
    frame.set_hall(shown.hall.clone());
    frame.set_hall_line2(shown.hall_line2.clone());
    frame.set_time(shown.time.clone());
    frame.set_date(shown.date.clone());
    frame.set_short_date(shown.short_date.clone());
    frame.set_countdown(shown.countdown.clone());
    frame.set_busy(shown.busy);
    frame.set_help(shown.help);
    frame.set_other_language(shown.other_language.clone());
}
