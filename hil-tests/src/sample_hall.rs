//! The sample hall for tests and the demo, which run at any hour and wait for nobody: always open, and a call may be
//! repeated at once. Everything else is as `config/hall.toml` says.

use std::time::Duration;

use queue::{Hall, HallParts, Opening, Policy};

/// The hall, open day and night.
///
/// # Panics
/// Never: a valid hall stays valid with longer hours.
#[must_use]
pub fn at_any_hour(hall: &Hall) -> Hall {
    let parts = hall.parts().clone();
    let policy = Policy { recall_guard: Duration::ZERO, expire_after_closing_minutes: None, ..parts.policy };
    let mut parts = HallParts { opening: Opening::default(), policy, ..parts };
    for service in &mut parts.services {
        service.hours = None;
        service.daily_quota = None;
    }
    Hall::new(parts).expect("longer hours make no valid hall wrong")
}

/// The hall file of such a hall.
///
/// # Errors
/// When the text is no hall file.
pub fn file_at_any_hour(text: &str) -> anyhow::Result<String> {
    let mut hall: toml::Table = text.parse()?;
    hall.remove("opening");
    for service in hall.get_mut("services").and_then(toml::Value::as_array_mut).into_iter().flatten() {
        for limit in ["hours", "daily_quota"] {
            service.as_table_mut().map(|service| service.remove(limit));
        }
    }
    Ok(toml::to_string(&hall)?)
}
