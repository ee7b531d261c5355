//! Tells from its keys which of the hall's files a file is.

use super::explain::use_one_of;

/// The files of a hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Fields, services, counters.
    Hall,
    /// What runs on a machine.
    Machine,
    /// Devices of a machine.
    Devices,
    /// What a printer model can do.
    PrinterProfile,
    /// What a board model can do.
    BoardProfile,
}

/// The top-level keys of each kind that stand in no other kind.
const KEYS: [(Kind, &[&str]); 5] = [
    (
        Kind::Hall,
        &[
            "hall",
            "opening",
            "policy",
            "fields",
            "services",
            "counters",
            "officers",
            "kiosks",
            "classes",
            "outcomes",
            "rating_levels",
        ],
    ),
    (Kind::Machine, &["hub", "central", "connection", "agent", "screens", "stations"]),
    (Kind::Devices, &["ticket_printers", "number_boards", "speakers"]),
    (Kind::PrinterProfile, &["dots", "text", "code_pages", "cut", "qr", "confirm", "discard", "timings"]),
    (
        Kind::BoardProfile,
        &["protocol", "address", "type_code", "position", "mode", "lines", "pace_ms", "repaint_seconds"],
    ),
];

/// The kind with the most of its keys in the file, so that one misspelt key does not change it.
///
/// # Errors
/// What is wrong and what would be right, when no key is known.
pub(crate) fn detect<'k>(keys: impl Iterator<Item = &'k str>) -> Result<Kind, (String, String)> {
    let keys: Vec<&str> = keys.collect();
    let known = |of: &[&str]| keys.iter().filter(|key| of.contains(key)).count();
    let best = KEYS.iter().map(|(kind, of)| (known(of), *kind)).max_by_key(|(count, _)| *count);
    match best {
        Some((count, kind)) if count > 0 => Ok(kind),
        _ => {
            let starts = ["hall", "hub", "agent", "stations", "ticket_printers"];
            let right = keys.first().map_or_else(String::new, |key| use_one_of(key, starts));
            Err(("this is no file of a hall".to_owned(), right))
        }
    }
}
