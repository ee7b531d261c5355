//! The windows of the hall and the hands that touch them: real adapters, Slint's software renderer, no screen.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use i_slint_backend_testing::ElementRoot;
use slint::ComponentHandle;
use stations::headless;
use stations::{CounterWindow, DisplayWindow, KioskWindow, RatingWindow, Station};

use crate::whole_hall::WholeHall;

/// How long anything may take to be seen.
pub const LIMIT: Duration = Duration::from_secs(20);
/// Counters that have a screen and a rating tablet.
pub const DESKS: [u16; 3] = [1, 2, 3];

/// All windows of the hall.
pub struct Crew {
    /// The kiosk by the door.
    pub kiosk: KioskWindow,
    /// The hall display.
    pub display: DisplayWindow,
    counters: Vec<(u16, CounterWindow)>,
    ratings: Vec<(u16, RatingWindow)>,
    _stations: Vec<Station>,
}

impl Crew {
    /// Opens the windows on the hall's hub.
    ///
    /// # Errors
    /// When there is no font, or the backend refuses.
    pub fn open(hall: &WholeHall, runtime: &tokio::runtime::Handle) -> anyhow::Result<Self> {
        use stations::{counter, display, kiosk, rating};
        headless::init()?;
        let hub = hall.client()?;
        let mut running = Vec::new();
        let kiosk = KioskWindow::new()?;
        let options = kiosk::KioskOptions::new("kiosk-1");
        running.push(kiosk::start(&kiosk, hub.clone(), runtime, options));
        headless::show(&kiosk, 1080, 1920)?;
        let display = DisplayWindow::new()?;
        running.push(display::start(&display, hub.clone(), runtime, display::DisplayOptions::default()));
        headless::show(&display, 1920, 1080)?;
        let (mut counters, mut ratings) = (Vec::new(), Vec::new());
        for desk in DESKS {
            let window = CounterWindow::new()?;
            running.push(counter::start(&window, hub.clone(), runtime, counter::CounterOptions::new(None)));
            headless::show(&window, 1920, 1080)?;
            counters.push((desk, window));
            let window = RatingWindow::new()?;
            running.push(rating::start(&window, hub.clone(), runtime, rating::RatingOptions::new(desk)));
            headless::show(&window, 1280, 800)?;
            ratings.push((desk, window));
        }
        Ok(Self { kiosk, display, counters, ratings, _stations: running })
    }

    /// The screen of a counter.
    ///
    /// # Errors
    /// When the counter has none.
    pub fn counter(&self, desk: u16) -> anyhow::Result<&CounterWindow> {
        self.counters.iter().find(|(n, _)| *n == desk).map(|(_, w)| w).context("no such desk")
    }

    /// The rating tablet of a counter.
    ///
    /// # Errors
    /// When the counter has none.
    pub fn rating(&self, desk: u16) -> anyhow::Result<&RatingWindow> {
        self.ratings.iter().find(|(n, _)| *n == desk).map(|(_, w)| w).context("no such desk")
    }
}

/// Lets the windows live until something is true.
///
/// # Errors
/// What did not come within [`LIMIT`].
pub fn until(what: &str, mut holds: impl FnMut() -> bool) -> anyhow::Result<()> {
    headless::pump(&mut holds, LIMIT).with_context(|| format!("{what} was not seen"))
}

/// Lines break differently in each language and size; only the words count.
fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

fn label_of<W: ElementRoot>(window: &W, words: &str) -> Option<String> {
    headless::labels(window).into_iter().find(|label| same_words(label, words))
}

/// Whether the window shows these words.
pub fn shows<W: ElementRoot>(window: &W, words: &str) -> bool {
    label_of(window, words).is_some()
}

/// Whether the window shows a text with these words in it.
pub fn mentions<W: ElementRoot>(window: &W, words: &str) -> bool {
    headless::labels(window).iter().any(|label| label.contains(words))
}

/// The ticket number that stands alone on a window.
pub fn number_on<W: ElementRoot>(window: &W) -> Option<String> {
    headless::labels(window).into_iter().find(|label| is_number(label))
}

fn is_number(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase()) && text.len() >= 4 && chars.all(|c| c.is_ascii_digit())
}

/// Waits until a button is there and enabled, and touches it.
///
/// # Errors
/// When it does not come, with what the window shows instead.
pub fn touch<W: ComponentHandle + ElementRoot>(window: &W, words: &str) -> anyhow::Result<()> {
    let ready = || label_of(window, words).is_some_and(|label| headless::enabled(window, &label));
    if headless::pump(ready, LIMIT).is_err() {
        bail!("no button `{words}` to touch; the window shows: {}", headless::labels(window).join(" | "));
    }
    let label = label_of(window, words).context("the button went away")?;
    Ok(headless::touch(window, &label)?)
}

/// Writes what a window shows.
///
/// # Errors
/// When the picture cannot be written.
pub fn picture<W: ComponentHandle>(window: &W, out: &Path, name: &str) -> anyhow::Result<String> {
    let relative = format!("screens/{name}.png");
    headless::snapshot_png(window, &out.join(&relative))?;
    Ok(relative)
}
