//! Where the finger goes: the same kiosk once more in memory, on the same hub and of the same size, is walked up to its last
//! page by the words of the hall, and says where each button is. So no place stands here that a change of layout breaks.

use anyhow::Context;
use client::Hub;
use hil_tests::demo::citizen::{START, TAKE};
use hil_tests::demo::crew::{LIMIT, touch, until};
use i_slint_backend_testing::{AccessibleRole, ElementHandle};
use protocol::hall::HallInfo;
use stations::{KioskWindow, headless, kiosk};

use crate::{HEIGHT, KIOSK, WIDTH};

/// Vietnamese, as the citizen left it.
const LANGUAGE: usize = 0;

/// A button of the way to a ticket.
#[derive(Debug)]
pub(crate) struct Place {
    /// Its words.
    pub(crate) words: String,
    /// Its middle on the screen.
    pub(crate) middle: (i32, i32),
}

/// The buttons from the first page to the ticket, in order.
pub(crate) fn way_to_a_ticket(
    hub: &Hub,
    hall: &HallInfo,
    runtime: &tokio::runtime::Handle,
) -> anyhow::Result<Vec<Place>> {
    headless::init()?;
    let window = KioskWindow::new()?;
    let _running = kiosk::start(&window, hub.clone(), runtime, kiosk::KioskOptions::new(KIOSK));
    headless::show(&window, WIDTH.unsigned_abs(), HEIGHT.unsigned_abs())?;
    let fields: Vec<String> = hall.fields.iter().map(|field| field.name.get("vi").to_owned()).collect();
    let services: Vec<String> = hall.services.iter().map(|service| service.name.get("vi").to_owned()).collect();
    let mut way = Vec::new();
    let started = || place(&window, &[START[LANGUAGE].to_owned()]);
    until("the first page", || started().is_some() || place(&window, &fields).is_some())?;
    if let Some(start) = started() {
        touch(&window, &start.words)?;
        way.push(start);
    }
    for (page, words) in [("a field", fields), ("a service", services)] {
        until(page, || place(&window, &words).is_some())?;
        // What has just come may still be sliding.
        headless::pump_for(std::time::Duration::from_millis(600))?;
        let found = place(&window, &words).with_context(|| format!("{page} went away"))?;
        touch(&window, &found.words)?;
        way.push(found);
    }
    let take = [TAKE[LANGUAGE].to_owned()];
    until("the last page", || place(&window, &take).is_some()).with_context(|| format!("within {LIMIT:?}"))?;
    headless::pump_for(std::time::Duration::from_millis(600))?;
    way.push(place(&window, &take).context("the last button went away")?);
    Ok(way)
}

/// The first button with any of these words that stands on the screen as a whole and may be touched.
fn place(window: &KioskWindow, words: &[String]) -> Option<Place> {
    let middle = |element: &ElementHandle| {
        let (corner, size) = (element.absolute_position(), element.size());
        let whole = corner.x >= 0.0
            && corner.y >= 0.0
            && corner.x + size.width <= WIDTH as f32
            && corner.y + size.height <= HEIGHT as f32;
        let is_button = element.accessible_role() == Some(AccessibleRole::Button);
        let may_be_touched = is_button && element.accessible_enabled() != Some(false) && whole && size.height > 0.0;
        may_be_touched.then(|| ((corner.x + size.width / 2.0) as i32, (corner.y + size.height / 2.0) as i32))
    };
    words.iter().find_map(|words| {
        let mut found = ElementHandle::find_by_accessible_label(window, words);
        let middle = found.find_map(|element| middle(&element))?;
        Some(Place { words: words.clone(), middle })
    })
}
