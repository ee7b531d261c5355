//! The LAN API: commands, views and work over HTTP for stations, agents and web pages. There is no other way in.

mod auth;
mod commands;
mod document;
mod help;
mod pictures;
mod staff;
mod streams;

pub use document::openapi;
pub use help::HelpCalls;
pub use staff::WrongPins;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::serve::ListenerExt;
use axum::{Json, Router, middleware};
use protocol::hall::HallInfo;
use protocol::health::{AgentHealth, DeviceFault, HubHealth, WaitAccuracy};
use protocol::problem::{PROBLEM_JSON, Problem};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::central::CentralState;
use crate::clock::HallClock;
use crate::config::HubConfig;
use crate::engine::{OnTheWay, Published, Request};
use crate::health::HealthBook;
use crate::log::CutOff;
use crate::rolls;

/// What the handlers share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    pub config: HubConfig,
    pub requests: mpsc::Sender<Request>,
    pub on_the_way: OnTheWay,
    pub published: Arc<Published>,
    pub health: Arc<HealthBook>,
    pub central: Option<Arc<CentralState>>,
    pub clock: Arc<HallClock>,
    pub wrong_pins: WrongPins,
    pub help: HelpCalls,
    pub stop: CancellationToken,
}

impl App {
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

/// Serves until `stop`.
pub async fn serve(listener: TcpListener, app: App, stop: CancellationToken) {
    // An event must leave at once, not wait for the answer to the one before it.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays with delayed sending");
        }
    });
    let served = axum::serve(listener, router(app)).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "the LAN API ended; restart the hub");
    }
}

fn router(app: App) -> Router {
    let announced = middleware::from_fn_with_state(app.clone(), commands::announce);
    Router::new()
        .route("/v1/commands", post(commands::command).layer(announced))
        .route("/v1/views/kiosk/{kiosk}", get(streams::kiosk))
        .route("/v1/views/counter/{counter}", get(streams::counter))
        .route("/v1/views/rating/{counter}", get(streams::rating))
        .route("/v1/views/display", get(streams::display))
        .route("/v1/work/{agent}", get(streams::work))
        .route("/v1/agents/{agent}/health", put(tell_health))
        .route("/v1/kiosks/{kiosk}/staff", post(staff::check_pin))
        .route("/v1/kiosks/{kiosk}/help", post(help::ask))
        .route("/v1/pictures/{name}", get(pictures::picture))
        .route("/v1/hall", get(hall))
        .route("/v1/health", get(health))
        .route("/openapi.json", get(document))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(protocol::MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(app.clone(), auth::check))
        .with_state(app)
}

/// A problem as a response.
struct Refused(Box<Problem>);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<Box<Problem>> for Refused {
    fn from(problem: Box<Problem>) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(CONTENT_TYPE, PROBLEM_JSON)], Json(*self.0).into_response().into_body()).into_response()
    }
}

/// Names and choices of the hall.
#[utoipa::path(get, path = "/v1/hall", responses((status = 200, body = HallInfo)))]
async fn hall(State(app): State<App>) -> Json<HallInfo> {
    Json(app.0.config.info.clone())
}

/// Health of the hub and of all devices.
#[utoipa::path(get, path = "/v1/health", responses((status = 200, body = HubHealth)))]
async fn health(State(app): State<App>) -> Json<HubHealth> {
    let central = app.0.central.as_ref().map(|central| central.read());
    Json(HubHealth {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sequence: app.0.published.read(queue::HallState::sequence),
        central_sequence: central.as_ref().map(|c| c.sequence),
        central_fault: central.as_ref().and_then(|c| c.fault.clone()),
        quarantined: central.map_or(0, |c| c.quarantined),
        devices: app.0.published.read(|state| rolls::counted(app.0.health.devices(), state)),
        faults: faults(&app),
        wait_accuracy: app.0.published.read(wait_accuracy),
    })
}

/// What is wrong with the hub itself.
fn faults(app: &App) -> Vec<DeviceFault> {
    let (clock, disk) = (app.0.clock.fault(), app.0.published.fault().map(disk_fault));
    clock.into_iter().chain(disk).chain(app.0.published.cut_off().map(torn_fault)).collect()
}

fn torn_fault(cut: &CutOff) -> DeviceFault {
    DeviceFault {
        code: "log-torn".to_owned(),
        detail: format!("the log was torn: {} events from {} on were cut off: {}", cut.count, cut.from, cut.reason),
        action: "run `kiosk-app log verify`, compare the last tickets with the paper, and check the disk".to_owned(),
    }
}

fn disk_fault(detail: String) -> DeviceFault {
    let action = "free disk space or check the disk; no number is given until then, and the hub goes on by itself";
    DeviceFault { code: "log-unavailable".to_owned(), detail, action: action.to_owned() }
}

fn wait_accuracy(state: &queue::HallState) -> Option<WaitAccuracy> {
    let accuracy = state.accuracy();
    let mean_error_seconds = accuracy.error_seconds.checked_div(accuracy.calls)?;
    let queue::Accuracy { calls, within_high, within_low, .. } = accuracy;
    Some(WaitAccuracy { calls, within_high, within_low, mean_error_seconds })
}

/// An agent tells how its devices are.
#[utoipa::path(put, path = "/v1/agents/{agent}/health", request_body = AgentHealth,
    params(("agent" = String, Path, description = "agent name")),
    responses((status = 204), (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn tell_health(
    State(app): State<App>,
    Path(agent): Path<String>,
    body: axum::body::Bytes,
) -> Result<StatusCode, Refused> {
    let health: AgentHealth = commands::parse(&body)?;
    match app.0.health.tell(&agent, health) {
        Some(changed) => {
            if changed {
                app.0.published.touch();
            }
            Ok(StatusCode::NO_CONTENT)
        }
        None => {
            let detail = "more agents or devices than a hall may have";
            let hint = "check the names of the agents: each machine keeps its own";
            Err(Problem::new(422, "too-many-devices", "Too many devices", detail, hint).into())
        }
    }
}

/// This API as an OpenAPI document.
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, description = "OpenAPI 3.1 document")))]
async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json")], openapi()).into_response()
}

async fn not_found(uri: axum::http::Uri) -> Refused {
    let detail = format!("there is no {}", uri.path());
    Problem::new(404, "unknown-path", "Unknown path", detail, "GET /openapi.json lists the paths").into()
}

async fn wrong_method(method: axum::http::Method, uri: axum::http::Uri) -> Refused {
    let detail = format!("{} does not take {method}", uri.path());
    Problem::new(405, "wrong-method", "Wrong method", detail, "GET /openapi.json lists the methods").into()
}
