//! The HTTP face of central: routes, limits, and the moments at which it misbehaves.

use std::convert::Infallible;
use std::io::{self, Read};
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use flate2::read::GzDecoder;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::ledger::Refusal;
use super::state::{Central, InFlight};

/// Most events in one batch.
pub const MAX_EVENTS: usize = 500;
/// Most bytes of a batch, decoded.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Most bytes of a heartbeat.
const MAX_HEARTBEAT_BYTES: usize = 64 * 1024;
/// Connections served at once; more wait in the listener.
const MAX_CONNECTIONS: usize = 256;

/// Marks a response that must never be sent: the connection is dropped instead.
#[derive(Debug, Clone, Copy)]
struct DropConnection;

pub(crate) fn router(central: Arc<Central>) -> Router {
    Router::new()
        .route("/v1/halls/{hall}/events", post(take_events))
        .route("/v1/halls/{hall}/heartbeat", put(take_heartbeat))
        .route("/v1/halls/{hall}", get(show_hall))
        .with_state(central)
}

/// Serves until `stop` comes; then listener and all connections are closed at once.
pub(crate) async fn serve(listener: TcpListener, app: Router, mut stop: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stop => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve_connection(stream, app.clone()));
                }
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
}

async fn serve_connection(stream: TcpStream, app: Router) {
    let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let app = app.clone();
        async move {
            let response = match app.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<DropConnection>().is_some() {
                return Err(io::Error::other("dropped on demand"));
            }
            Ok::<Response, io::Error>(response)
        }
    });
    let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    if let Err(error) = served {
        tracing::debug!(%error, "virtual central: connection ended");
    }
}

fn dropped() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(DropConnection);
    response
}

/// An RFC 9457 problem.
fn problem(status: StatusCode, detail: &str, accepted_through: Option<u64>) -> Response {
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    if let Some(accepted_through) = accepted_through {
        body["accepted_through"] = json!(accepted_through);
    }
    let kind = (header::CONTENT_TYPE, "application/problem+json");
    (status, [kind], body.to_string()).into_response()
}

async fn take_events(State(central): State<Arc<Central>>, Path(hall): Path<String>, request: Request) -> Response {
    let _in_flight = InFlight::enter(&central, &hall);
    let slow = central.with(|inner| {
        inner.counters.requests += 1;
        inner.faults.slow
    });
    tokio::time::sleep(slow).await;
    if central.with(|inner| use_up(&mut inner.faults.drop_before)) {
        return dropped();
    }
    if let Some(answer) = prepared_answer(&central) {
        return answer;
    }
    let events = match read_batch(&central, request).await {
        Ok(events) => events,
        Err(refusal) => return *refusal,
    };
    let answer = central.with(|inner| inner.ledger.accept(&hall, events));
    if central.with(|inner| use_up(&mut inner.faults.drop_after)) {
        return dropped();
    }
    match answer {
        Ok(answer) => {
            let mut body = json!(answer).to_string();
            if central.with(|inner| use_up(&mut inner.faults.garbled)) {
                body.truncate(body.len() / 2);
            }
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Err(Refusal::Gap { accepted_through }) => problem(
            StatusCode::CONFLICT,
            "a sequence is missing: send again from accepted_through + 1",
            Some(accepted_through),
        ),
        Err(Refusal::Malformed(detail)) => problem(StatusCode::BAD_REQUEST, &detail, None),
        Err(Refusal::CannotStore(error)) => problem(StatusCode::INSUFFICIENT_STORAGE, &error.to_string(), None),
    }
}

fn use_up(times: &mut u32) -> bool {
    let left = *times > 0;
    *times = times.saturating_sub(1);
    left
}

/// The answer that a test ordered instead of the true one.
fn prepared_answer(central: &Central) -> Option<Response> {
    let (status, retry_after) = central.with(|inner| {
        let ordered = inner.faults.answer.as_mut().filter(|answer| answer.times > 0)?;
        ordered.times -= 1;
        Some((ordered.status, ordered.retry_after))
    })?;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let mut response = problem(status, "ordered by the test", None);
    if let Some(after) = retry_after {
        let seconds = HeaderValue::from(after.as_secs());
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    Some(response)
}

/// Checks the token, reads and decodes the body, and counts the events.
async fn read_batch(central: &Central, request: Request) -> Result<Vec<Value>, Box<Response>> {
    let refuse = |status, detail: &str| Err(Box::new(problem(status, detail, None)));
    let (parts, body) = request.into_parts();
    check_token(central, &parts.headers)?;
    let kind = header_text(&parts.headers, header::CONTENT_TYPE);
    if kind.split(';').next().map(str::trim) != Some("application/cloudevents-batch+json") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content type must be application/cloudevents-batch+json");
    }
    let Ok(raw) = to_bytes(body, MAX_BYTES).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "more than 1 MiB");
    };
    let decoded = match header_text(&parts.headers, header::CONTENT_ENCODING) {
        "" | "identity" => raw,
        "gzip" => match unzip(&raw) {
            Ok(decoded) => decoded,
            Err(error) => return refuse(StatusCode::BAD_REQUEST, &format!("gzip: {error}")),
        },
        _ => return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "only gzip is understood"),
    };
    if decoded.len() > MAX_BYTES {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "more than 1 MiB decoded");
    }
    let events: Vec<Value> = match serde_json::from_slice(&decoded) {
        Ok(events) => events,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, &format!("JSON: {error}")),
    };
    if events.len() > MAX_EVENTS {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "more than 500 events");
    }
    Ok(events)
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or("")
}

/// Never unpacks more than one byte beyond the limit.
fn unzip(raw: &[u8]) -> io::Result<Bytes> {
    let mut decoded = Vec::new();
    GzDecoder::new(raw).take(MAX_BYTES as u64 + 1).read_to_end(&mut decoded)?;
    Ok(decoded.into())
}

fn check_token(central: &Central, headers: &HeaderMap) -> Result<(), Box<Response>> {
    let Some(token) = &central.token else {
        return Ok(());
    };
    if header_text(headers, header::AUTHORIZATION) == format!("Bearer {token}") {
        return Ok(());
    }
    central.with(|inner| inner.counters.unauthorized += 1);
    let mut response = problem(StatusCode::UNAUTHORIZED, "bearer token is missing or wrong", None);
    let challenge = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    Err(Box::new(response))
}

async fn take_heartbeat(
    State(central): State<Arc<Central>>,
    Path(hall): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if let Err(refusal) = check_token(&central, &headers) {
        return *refusal;
    }
    let Ok(raw) = to_bytes(body, MAX_HEARTBEAT_BYTES).await else {
        return problem(StatusCode::PAYLOAD_TOO_LARGE, "more than 64 KiB", None);
    };
    match serde_json::from_slice::<Value>(&raw) {
        Ok(heartbeat) => {
            central.with(|inner| {
                inner.counters.heartbeats += 1;
                inner.heartbeats.insert(hall, heartbeat);
            });
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => problem(StatusCode::BAD_REQUEST, &format!("JSON: {error}"), None),
    }
}

/// For a person with curl: how far a hall is, and what it last said about itself.
async fn show_hall(State(central): State<Arc<Central>>, Path(hall): Path<String>) -> Result<Json<Value>, Infallible> {
    Ok(Json(central.look(|inner| {
        json!({
            "accepted_through": inner.ledger.accepted_through(&hall),
            "rejected": inner.ledger.rejected(&hall),
            "heartbeat": inner.heartbeats.get(&hall),
        })
    })))
}
