//! `POST /v1/commands`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, Request as HttpRequest, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fail_point::Point;
use jiff::Timestamp;
use protocol::IDEMPOTENCY_KEY;
use protocol::commands::{Command, CommandReply};
use protocol::problem::Problem;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};

use super::{App, Refused};
use crate::engine::{OnTheWayGuard, Press, Request};
use crate::log::{Personal, comment_key};
use crate::wire;

/// Header that says that the answer was given before.
const REPLAYED: &str = "Idempotent-Replayed";

/// Asks the hub to do something. The same `Idempotency-Key` gets the same answer and acts once.
#[utoipa::path(post, path = "/v1/commands", request_body = Command,
    params(("Idempotency-Key" = String, Header, description = "made once when the button is pressed; at most 64 bytes")),
    responses(
        (status = 200, body = CommandReply),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "not a command"),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "no known station token"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "names something unknown"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "refused by the rules"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "more than 64 KiB"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "id or key misused"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "nothing has happened; try again")))]
pub async fn command(
    State(app): State<App>,
    Extension(on_the_way): Extension<Arc<OnTheWayGuard>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refused> {
    let request_id = request_id(&headers)?;
    let body = body.map_err(|_| {
        let detail = format!("a body holds at most {} bytes", protocol::MAX_BODY_BYTES);
        Problem::new(413, "body-too-large", "Body too large", detail, "send one command a request")
    })?;
    let command: Command = parse(&body)?;
    let fingerprint = wire::fingerprint(&command);
    let personal = personal(&app, &command);
    let command = with_printer(&app, wire::command(&app.0.config.info, &app.0.config.kiosks, command)?);
    fail_point::reached(Point::CommandReceived);
    let (answer, answered) = oneshot::channel();
    let press = Box::new(Press { request_id, fingerprint, command, personal });
    let request = Request::Command { press, answer };
    let sent = app.0.requests.try_send(request);
    drop(on_the_way);
    sent.map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => {
            let detail = "more commands wait than the hub takes";
            Problem::new(503, "hub-busy", "Hub busy", detail, "try again with the same Idempotency-Key")
        }
        mpsc::error::TrySendError::Closed(_) => stopping(),
    })?;
    let answer = answered.await.map_err(|_| stopping())?;
    let replayed = if answer.replayed { "true" } else { "false" };
    let text = answer.result.map_err(Refused)?;
    Ok((StatusCode::OK, [(CONTENT_TYPE.as_str(), "application/json"), (REPLAYED, replayed)], text).into_response())
}

/// A ticket's paper may begin with the ticket where a printer stands ready.
fn with_printer(app: &App, command: queue::Command) -> queue::Command {
    match command {
        queue::Command::IssueTicket { service, then, class, language, appointment, kiosk: Some(kiosk), .. } => {
            let printer = app.0.health.ready_printer(kiosk.as_str());
            queue::Command::IssueTicket { service, then, class, language, appointment, kiosk: Some(kiosk), printer }
        }
        other => other,
    }
}

/// The citizen's own words, to be kept beside the log until the hall's time for them is over.
fn personal(app: &App, command: &Command) -> Option<Personal> {
    let Command::RateService { ticket, comment: Some(text), .. } = command else { return None };
    if text.trim().is_empty() {
        return None;
    }
    let expires = app.0.clock.now().saturating_add(app.0.config.keep_comments).unwrap_or(Timestamp::MAX);
    Some(Personal { key: comment_key(&ticket.parse().ok()?), text: text.trim().to_owned(), expires })
}

/// Lets the engine know of a command from its first line on.
pub async fn announce(State(app): State<App>, mut request: HttpRequest, next: Next) -> Response {
    request.extensions_mut().insert(Arc::new(app.0.on_the_way.enter()));
    next.run(request).await
}

fn stopping() -> Problem {
    let hint = "try again with the same Idempotency-Key when it is back";
    Problem::new(503, "hub-stopping", "Hub stops", "the hub is shutting down", hint)
}

fn request_id(headers: &HeaderMap) -> Result<String, Box<Problem>> {
    let id = headers.get(IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok()).unwrap_or("");
    if id.is_empty() || id.len() > protocol::MAX_REQUEST_ID_BYTES {
        let detail = format!("the header {IDEMPOTENCY_KEY} must hold 1 to {} bytes", protocol::MAX_REQUEST_ID_BYTES);
        let hint = "make an id when the button is pressed, and keep it for every retry";
        return Err(Box::new(Problem::new(400, "idempotency-key-missing", "No request id", detail, hint)));
    }
    Ok(id.to_owned())
}

/// JSON of the wanted shape, or a problem that says what does not fit.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Box<Problem>> {
    serde_json::from_slice(body).map_err(|error| {
        let hint = "GET /openapi.json describes the body";
        Box::new(Problem::new(400, "invalid-body", "Body cannot be read", error.to_string(), hint))
    })
}
