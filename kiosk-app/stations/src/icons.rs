//! Icons that a hall's configuration names, embedded as Lucide outlines and decoded when first shown.
//!
//! An unknown name shows three dots and is logged once: a wrong icon must not keep a citizen from a number.

use std::cell::RefCell;
use std::collections::HashMap;

use slint::{Image, SharedString};

macro_rules! icon_table {
    ($($name:literal),* $(,)?) => {
        const TABLE: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!("../../../assets/icons/", $name, ".svg")))),*];
    };
}

icon_table![
    "accessibility",
    "baby",
    "briefcase",
    "building-2",
    "calendar-check",
    "car",
    "droplets",
    "ellipsis",
    "frown",
    "angry",
    "graduation-cap",
    "hand-coins",
    "hard-hat",
    "heart-handshake",
    "heart-pulse",
    "id-card",
    "land-plot",
    "landmark",
    "laugh",
    "map",
    "medal",
    "meh",
    "person-standing",
    "receipt",
    "scale",
    "shield",
    "smile",
    "sprout",
    "stamp",
    "store",
    "user",
    "users",
    "wallet",
    "zap",
];

/// Shown for a name that is not in the table.
const FALLBACK: &str = "ellipsis";

thread_local! {
    static DECODED: RefCell<HashMap<String, Image>> = RefCell::new(HashMap::new());
}

/// The names that a hall's configuration may use, in no order.
pub fn icon_names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

fn bytes(name: &str) -> Option<&'static [u8]> {
    TABLE.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}

/// The icon of that name, else three dots.
pub(crate) fn get(name: &SharedString) -> Image {
    DECODED.with_borrow_mut(|decoded| {
        if let Some(image) = decoded.get(name.as_str()) {
            return image.clone();
        }
        let found = bytes(name).or_else(|| {
            tracing::warn!(icon = %name, "no such icon in assets/icons; showing `{FALLBACK}` instead");
            bytes(FALLBACK)
        });
        let image = found.and_then(|svg| Image::load_from_svg_data(svg).ok()).unwrap_or_default();
        decoded.insert(name.to_string(), image.clone());
        image
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_of_the_table_can_be_drawn() {
        for (name, _) in TABLE {
            assert_eq!(get(&SharedString::from(*name)).size().width, 24, "{name}");
        }
    }

    #[test]
    fn an_unknown_icon_has_a_stand_in() {
        assert_eq!(get(&SharedString::from("no-such-icon")).size().width, 24);
    }
}
