//! `POST /v1/kiosks/{kiosk}/staff`: is this the staff's PIN? It guards a kiosk's staff page against the public, no more:
//! what that page does are commands like all others. After some wrong ones the kiosk has to wait.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use protocol::commands::StaffPinTry;
use protocol::problem::Problem;
use tokio::time::Instant;

use super::{App, Refused, auth, commands};
use crate::wire;

/// Wrong PINs in a row before a kiosk has to wait.
const MAX_WRONG: u32 = 5;
/// How long it waits then.
const LOCKED: Duration = Duration::from_secs(60);

/// Wrong tries by kiosk: how many in a row, and when the last one was.
#[derive(Debug, Default)]
pub struct WrongPins(Mutex<HashMap<String, (u32, Instant)>>);

impl WrongPins {
    /// Whether the kiosk has to wait.
    fn locked(&self, kiosk: &str, now: Instant) -> bool {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.get(kiosk).is_some_and(|(wrong, last)| *wrong >= MAX_WRONG && now < *last + LOCKED)
    }

    /// Notes how a try went.
    fn note(&self, kiosk: &str, right: bool, now: Instant) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (wrong, last) = tries.entry(kiosk.to_owned()).or_insert((0, now));
        // A time of waiting that is over begins a new row.
        let before = if *wrong >= MAX_WRONG { 0 } else { *wrong };
        (*wrong, *last) = (if right { 0 } else { before + 1 }, now);
    }
}

/// Whether staff stand at the kiosk.
#[utoipa::path(post, path = "/v1/kiosks/{kiosk}/staff", request_body = StaffPinTry,
    params(("kiosk" = String, Path, description = "kiosk id")),
    responses((status = 204, description = "the PIN is right"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "wrong, or none configured"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "too many wrong ones")))]
pub async fn check_pin(State(app): State<App>, Path(kiosk): Path<String>, body: Bytes) -> Result<StatusCode, Refused> {
    if !app.0.config.kiosks.contains(&kiosk) {
        return Err(wire::unknown_kiosk(&kiosk).into());
    }
    let StaffPinTry { pin } = commands::parse(&body)?;
    let Some(known) = &app.0.config.staff_pin else {
        let hint = "name staff_pin_file in [hub]";
        return Err(Problem::new(403, "no-staff-pin", "No staff PIN", "this hall has no staff PIN", hint).into());
    };
    let now = Instant::now();
    if app.0.wrong_pins.locked(&kiosk, now) {
        let detail = format!("{MAX_WRONG} wrong PINs in a row at {kiosk}");
        let hint = format!("wait {} s, then try again", LOCKED.as_secs());
        return Err(Problem::new(429, "staff-locked", "Too many tries", detail, &hint).into());
    }
    let right = auth::same(known.0.as_bytes(), pin.as_bytes());
    app.0.wrong_pins.note(&kiosk, right, now);
    if right {
        return Ok(StatusCode::NO_CONTENT);
    }
    tracing::warn!(%kiosk, "wrong staff PIN");
    Err(Problem::new(403, "wrong-pin", "Wrong PIN", "this is not the staff's PIN", "type it again").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_pins_in_a_row_lock_one_kiosk_for_a_minute() {
        let (pins, now) = (WrongPins::default(), Instant::now());
        for _ in 0..4 {
            pins.note("kiosk-1", false, now);
        }
        pins.note("kiosk-1", true, now);
        for _ in 0..4 {
            pins.note("kiosk-1", false, now);
        }
        assert!(!pins.locked("kiosk-1", now), "a right one begins a new row");
        pins.note("kiosk-1", false, now);
        assert!(pins.locked("kiosk-1", now) && !pins.locked("kiosk-2", now));
        let later = now + LOCKED;
        assert!(!pins.locked("kiosk-1", later));
        pins.note("kiosk-1", false, later);
        assert!(!pins.locked("kiosk-1", later), "a minute later one wrong PIN is one again");
    }
}
