//! Colours as numbers: contrast, and what becomes of a hall's accent so that text on it and in it can be read.
//!
//! Contrast and luminance are WCAG 2.2's. Lightness is HSL's, so that hue and strength of a colour stay.

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// Ours, where a hall names none.
pub(crate) const OUR_ACCENT: Rgb = Rgb(0x0B, 0x4F, 0x57);
const WHITE: Rgb = Rgb(255, 255, 255);
/// Paper of the dark scheme.
const NIGHT_PAPER: Rgb = Rgb(0x0C, 0x17, 0x1A);
/// White on the accent. Its tint, and the header's second text, are weaker: with this they still have 7:1.
const DARK_ENOUGH: f64 = 9.0;
/// The accent's light sister on night; her tint needs some of it.
const LIGHT_ENOUGH: f64 = 10.8;

/// The accent in the two lightnesses that the schemes need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Brand {
    /// White text can stand on it.
    pub(crate) dark: Rgb,
    /// It can stand on night as text.
    pub(crate) light: Rgb,
}

/// The accents for what the hall's configuration says (`#RRGGBB`): darkened when it is too light for white text, ours
/// when it is no colour. Both are said in the log.
pub(crate) fn brand(accent: Option<&str>) -> Brand {
    let wanted = accent.map(|text| (text, parse(text)));
    let base = match wanted {
        Some((_, Some(colour))) => colour,
        Some((text, None)) => {
            tracing::warn!(accent = text, "the hall's accent is no colour like #0B4F57; showing ours");
            OUR_ACCENT
        }
        None => OUR_ACCENT,
    };
    let dark = darkened(base);
    if dark != base {
        let (wanted, shown) = (written(base), written(dark));
        tracing::warn!(wanted, shown, "the hall's accent is too light for white text; showing it darker");
    }
    Brand { dark, light: lightened(base) }
}

/// `#RRGGBB`.
pub(crate) fn parse(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some(Rgb(part(0)?, part(2)?, part(4)?))
}

fn written(Rgb(red, green, blue): Rgb) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// Contrast of two colours, 1 to 21.
pub(crate) fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(Rgb(red, green, blue): Rgb) -> f64 {
    let linear = |part: u8| match f64::from(part) / 255.0 {
        low if low <= 0.04045 => low / 12.92,
        high => ((high + 0.055) / 1.055).powf(2.4),
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// The colour, as much darker as white text needs.
fn darkened(colour: Rgb) -> Rgb {
    step_until(colour, -0.005, |c| contrast(WHITE, c) >= DARK_ENOUGH)
}

/// The colour, as much lighter as it needs to stand on night.
fn lightened(colour: Rgb) -> Rgb {
    step_until(colour, 0.005, |c| contrast(NIGHT_PAPER, c) >= LIGHT_ENOUGH)
}

/// Moves the lightness by `step` until it is `enough`; black and white always are.
fn step_until(colour: Rgb, step: f32, enough: impl Fn(Rgb) -> bool) -> Rgb {
    let (hue, saturation, mut lightness) = to_hsl(colour);
    let mut now = colour;
    while !enough(now) && (0.0..=1.0).contains(&lightness) {
        lightness += step;
        now = from_hsl(hue, saturation, lightness.clamp(0.0, 1.0));
    }
    now
}

/// Hue in degrees, saturation and lightness from 0 to 1.
fn to_hsl(Rgb(red, green, blue): Rgb) -> (f32, f32, f32) {
    let [red, green, blue] = [red, green, blue].map(|part| f32::from(part) / 255.0);
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let (lightness, range) = ((most + least) / 2.0, most - least);
    if range < f32::EPSILON {
        return (0.0, 0.0, lightness);
    }
    let saturation = range / (1.0 - (2.0 * lightness - 1.0).abs());
    let sector = if most == red {
        ((green - blue) / range).rem_euclid(6.0)
    } else if most == green {
        (blue - red) / range + 2.0
    } else {
        (red - green) / range + 4.0
    };
    (sector * 60.0, saturation, lightness)
}

fn from_hsl(hue: f32, saturation: f32, lightness: f32) -> Rgb {
    let range = (1.0 - (2.0 * lightness - 1.0).abs()) * saturation;
    let part = |shift: f32| {
        let sector = (hue / 60.0 + shift).rem_euclid(6.0);
        let share = ((sector - 3.0).abs() - 1.0).clamp(0.0, 1.0);
        let value = ((lightness + range * (share - 0.5)) * 255.0).round().clamp(0.0, 255.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 before")]
        let byte = value as u8;
        byte
    };
    Rgb(part(0.0), part(4.0), part(2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_survive_the_way_to_hsl_and_back() {
        for colour in [OUR_ACCENT, Rgb(0x8E, 0x1F, 0x17), Rgb(12, 200, 90), Rgb(70, 70, 70), Rgb(90, 20, 160)] {
            let (hue, saturation, lightness) = to_hsl(colour);
            assert_eq!(from_hsl(hue, saturation, lightness), colour);
        }
    }

    #[test]
    fn contrast_is_that_of_the_web() {
        assert!((contrast(WHITE, Rgb(0, 0, 0)) - 21.0).abs() < 0.01);
        assert!((contrast(WHITE, OUR_ACCENT) - 9.25).abs() < 0.01);
    }

    #[test]
    fn a_good_accent_is_kept_and_a_light_one_is_darkened_within_its_hue() {
        assert_eq!(brand(Some("#0B4F57")).dark, OUR_ACCENT);
        assert_eq!(brand(Some("#7a0016")).dark, Rgb(0x7A, 0x00, 0x16));
        let yellow = brand(Some("#FFD400")).dark;
        assert!(contrast(WHITE, yellow) >= DARK_ENOUGH);
        assert!(yellow.0 > yellow.2 && yellow.1 > yellow.2, "still a yellow: {yellow:?}");
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "0B4F57", "#0B4F5", "#0B4F5Z", "#0B4F5700", "teal", "#ệệ"] {
            assert_eq!(brand(Some(text)).dark, OUR_ACCENT, "{text}");
        }
    }
}
