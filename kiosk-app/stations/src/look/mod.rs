//! How a station looks: colour scheme, the hall's accent and logo, the size of letters on this screen, motion.
//!
//! The tokens stand in `ui/theme/theme.slint`; here is what they are set from. It never chooses a page or a word. The
//! contrast that the tokens keep is the web's definition (WCAG 2.2, 1.4.6: 7:1 for text), see [`colour`].

pub(crate) mod colour;
pub(crate) mod fit;
#[cfg(test)]
mod tests;

use std::time::Duration;

use client::Hub;
use slint::{Color, ComponentHandle, Global};

use crate::generated::{Fit, Scheme as ThemeScheme, Theme};
use crate::pictures::{self, Picture};
use crate::plumbing;
pub(crate) use fit::Canvas;

/// Letters of [`Look::large_text`] against the usual ones.
pub(crate) const LARGER: f32 = 1.25;
/// The same where everything stands in half of the screen: more would not fit a keyboard there.
pub(crate) const LARGER_IN_HALF: f32 = 1.12;

/// Colours of a whole window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on paper.
    #[default]
    Light,
    /// Light text on night.
    Dark,
    /// White and yellow on black, with lines around everything.
    HighContrast,
}

impl Scheme {
    /// Names as configuration writes them.
    pub const NAMES: [&str; 3] = ["light", "dark", "high-contrast"];

    /// The scheme of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            "high-contrast" => Some(Self::HighContrast),
            _ => None,
        }
    }

    fn in_theme(self) -> ThemeScheme {
        match self {
            Self::Light => ThemeScheme::Light,
            Self::Dark => ThemeScheme::Dark,
            Self::HighContrast => ThemeScheme::HighContrast,
        }
    }
}

/// How one station looks, from its machine's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Colours that it begins with.
    pub scheme: Scheme,
    /// Pixels an inch of the screen; none when not known: then letters follow the number of pixels alone.
    pub dpi: Option<u16>,
    /// Whether anything moves.
    pub motion: bool,
    /// Larger letters and touch targets from the beginning.
    pub large_text: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { scheme: Scheme::Light, dpi: None, motion: true, large_text: false }
    }
}

/// Gives a window its look: the canvas its pages are drawn for, the scheme, and the size that fits its screen.
pub(crate) fn connect<W>(window: &W, look: &Look, canvas: Canvas)
where
    W: ComponentHandle + 'static,
    for<'a> Theme<'a>: Global<'a, W>,
    for<'a> Fit<'a>: Global<'a, W>,
{
    let fit = window.global::<Fit>();
    fit.set_short(canvas.short);
    fit.set_long(canvas.long);
    fit.set_finest(canvas.finest);
    fit.set_dpi(look.dpi.map_or(0.0, f32::from));
    let theme = window.global::<Theme>();
    theme.set_motion_on(look.motion);
    change(window, look.scheme, if look.large_text { LARGER } else { 1.0 });
    let weak = window.as_weak();
    // Not at once: a window that tells its new size is in the middle of its layout.
    fit.on_resized(move || {
        let weak = weak.clone();
        slint::Timer::single_shot(Duration::ZERO, move || {
            if let Some(window) = weak.upgrade() {
                fit::now(&window);
            }
        });
    });
}

/// Changes scheme and size of letters, as a citizen may at the kiosk.
pub(crate) fn change<W>(window: &W, scheme: Scheme, larger: f32)
where
    W: ComponentHandle + 'static,
    for<'a> Theme<'a>: Global<'a, W>,
    for<'a> Fit<'a>: Global<'a, W>,
{
    window.global::<Theme>().set_scheme(scheme.in_theme());
    window.global::<Fit>().set_larger(larger);
    fit::now(window);
}

/// Colours a window in the hall's accent; a hall without one, or with one that cannot be used, has ours.
pub(crate) fn colour_in<W>(window: &W, accent: Option<&str>)
where
    W: ComponentHandle + 'static,
    for<'a> Theme<'a>: Global<'a, W>,
{
    let brand = colour::brand(accent);
    let theme = window.global::<Theme>();
    theme.set_brand(slint_colour(brand.dark));
    theme.set_brand_light(slint_colour(brand.light));
}

fn slint_colour(colour: colour::Rgb) -> Color {
    Color::from_rgb_u8(colour.0, colour.1, colour.2)
}

/// Shows the hall's logo in a window; without one, or with one that cannot be read, ours.
fn show_logo<W>(window: &W, logo: Option<&Picture>)
where
    W: ComponentHandle + 'static,
    for<'a> Theme<'a>: Global<'a, W>,
{
    let image = logo.and_then(Picture::image);
    let theme = window.global::<Theme>();
    theme.set_has_own_logo(image.is_some());
    theme.set_own_logo(image.unwrap_or_default());
}

/// Keeps a window in the hall's accent, with its logo, until it is dropped.
pub(crate) async fn follow<W>(window: slint::Weak<W>, hub: Hub)
where
    W: ComponentHandle + 'static,
    for<'a> Theme<'a>: Global<'a, W>,
{
    let mut hall = plumbing::follow_hall(hub.clone());
    let (mut accent, mut logo) = (None, None);
    while hall.changed().await.is_ok() {
        let Some(now) = hall.borrow_and_update().clone() else { continue };
        if now.accent != accent {
            accent.clone_from(&now.accent);
            plumbing::post(&window, accent.clone(), |window, accent| colour_in(window, accent.as_deref()));
        }
        if now.logo != logo {
            logo.clone_from(&now.logo);
            let picture = match &logo {
                Some(name) => pictures::fetch(&hub, name).await,
                None => None,
            };
            plumbing::post(&window, picture, |window, picture| show_logo(window, picture.as_ref()));
        }
    }
}
