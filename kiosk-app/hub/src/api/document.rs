//! The API's OpenAPI document, made from the handlers and the protocol's types.

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(title = "One-stop hall LAN API", version = "1", license(name = "GPL-3.0-only", identifier = "GPL-3.0-only")),
    paths(
        super::commands::command,
        super::streams::kiosk,
        super::streams::counter,
        super::streams::rating,
        super::streams::display,
        super::streams::work,
        super::pictures::picture,
        super::staff::check_pin,
        super::help::ask,
        super::tell_health,
        super::hall,
        super::health,
        super::document,
    ),
    components(schemas(protocol::work::Announcement, protocol::work::Help))
)]
struct Document;

/// The document as JSON.
#[must_use]
pub fn openapi() -> String {
    // The document is plain data; it always has a JSON form.
    Document::openapi().to_json().unwrap_or_default()
}
