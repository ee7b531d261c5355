//! `GET /v1/pictures/{name}`: the hall's logo and its officers' photos, as the configuration names them.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use protocol::problem::Problem;

use super::{App, Refused};

/// A station asks once a start; a changed picture comes with the hub's next start.
const CACHE: &str = "max-age=3600";

/// A picture that the hall names.
#[utoipa::path(get, path = "/v1/pictures/{name}", params(("name" = String, Path, description = "as `GET /v1/hall` names it")),
    responses((status = 200, description = "PNG, JPEG or SVG, at most 512 KiB"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub async fn picture(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Refused> {
    let Some(picture) = app.0.config.pictures.get(&name) else {
        let detail = format!("this hall has no picture `{name}`");
        return Err(Problem::new(404, "unknown-picture", "Unknown picture", detail, "show the page without it").into());
    };
    let headers = [(CONTENT_TYPE, picture.media_type), (CACHE_CONTROL, CACHE)];
    Ok((headers, picture.bytes.clone()).into_response())
}
