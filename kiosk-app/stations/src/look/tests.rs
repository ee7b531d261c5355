//! Text can be read in every scheme, whatever accent a hall chooses: contrast of the tokens that are used together.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use slint::{Color, ComponentHandle};

use super::colour::{Rgb, contrast};
use super::{Look, Scheme, colour_in, connect, fit};
use crate::generated::{KioskWindow, Theme};

/// What the web's strictest level asks of text (WCAG 2.2, 1.4.6).
const TEXT: f64 = 7.0;
/// What it asks of large signs, such as the line of what is selected (1.4.11).
const SIGN: f64 = 3.0;
/// What is asked of words on a button that cannot be pressed; WCAG asks nothing.
const DISABLED: f64 = 4.5;

const ACCENTS: [Option<&str>; 9] = [
    None,
    Some("#0B4F57"),
    Some("#7A0016"),
    Some("#FFD400"),
    Some("#0000FF"),
    Some("#1E7B34"),
    Some("#000000"),
    Some("#FFFFFF"),
    Some("#777777"),
];

fn rgb(colour: Color) -> Rgb {
    Rgb(colour.red(), colour.green(), colour.blue())
}

macro_rules! pairs {
    ($theme:expr, $least:expr, $(($text:ident, $($ground:ident),+)),+ $(,)?) => {
        vec![$($((stringify!($text), rgb($theme.$text()), stringify!($ground), rgb($theme.$ground()), $least)),+),+]
    };
}

/// Text and the grounds that it may stand on.
fn pairs(theme: &Theme<'_>) -> Vec<(&'static str, Rgb, &'static str, Rgb, f64)> {
    let mut pairs = pairs![
        theme,
        TEXT,
        (get_ink, get_paper, get_card, get_accent_tint, get_call_tint),
        (get_muted, get_paper, get_card, get_accent_tint, get_call_tint),
        (get_accent, get_paper, get_card, get_accent_tint),
        (get_on_accent, get_accent, get_accent_raised, get_accent_pressed),
        (get_on_accent_muted, get_accent),
        (get_on_bar, get_bar, get_bar_raised),
        (get_on_bar_muted, get_bar),
        (get_on_bar_call, get_bar),
        (get_on_call, get_call),
        (get_on_call_tint, get_call_tint, get_paper, get_card),
        (get_long_wait, get_paper, get_card, get_accent_tint),
        (get_danger, get_danger_tint, get_paper, get_card),
        (get_good, get_good_tint, get_paper, get_card),
        (get_on_accent_muted, get_accent),
        (get_night_muted, get_night, get_night_panel, get_night_footer),
        (get_on_bar, get_night, get_night_panel, get_night_footer),
    ];
    pairs.extend(pairs![theme, SIGN, (get_focus, get_paper, get_card)]);
    pairs.extend(pairs![theme, DISABLED, (get_disabled, get_paper, get_disabled_ground)]);
    pairs
}

#[test]
fn text_can_be_read_in_every_scheme_and_with_every_accent() {
    crate::headless::init_still().unwrap();
    let window = KioskWindow::new().unwrap();
    for scheme in [Scheme::Light, Scheme::Dark, Scheme::HighContrast] {
        connect(&window, &Look { scheme, ..Look::default() }, fit::KIOSK);
        for accent in ACCENTS {
            colour_in(&window, accent);
            for (text, front, ground, back, least) in pairs(&window.global::<Theme>()) {
                let found = contrast(front, back);
                assert!(
                    found >= least,
                    "{scheme:?}, accent {accent:?}: {text} {front:?} on {ground} {back:?} is {found:.2}"
                );
            }
        }
    }
}

#[test]
fn motion_is_short_and_can_be_switched_off() {
    crate::headless::init_still().unwrap();
    let window = KioskWindow::new().unwrap();
    connect(&window, &Look::default(), fit::KIOSK);
    assert!((150..=250).contains(&window.global::<Theme>().get_motion()));
    connect(&window, &Look { motion: false, ..Look::default() }, fit::KIOSK);
    assert_eq!(window.global::<Theme>().get_motion(), 0);
}

#[test]
fn schemes_have_the_names_of_the_configuration() {
    for (name, scheme) in Scheme::NAMES.into_iter().zip([Scheme::Light, Scheme::Dark, Scheme::HighContrast]) {
        assert_eq!(Scheme::named(name), Some(scheme));
    }
    assert_eq!(Scheme::named("blue"), None);
}
