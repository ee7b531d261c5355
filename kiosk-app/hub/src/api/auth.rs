//! Who may come in: with station tokens configured, only requests that carry one. Pairing and PINs come later.

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use protocol::problem::Problem;

use super::{App, Refused};

/// Refuses a request without a known token, where tokens are configured.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let tokens = &app.0.config.tokens;
    if tokens.is_empty() {
        return next.run(request).await;
    }
    let given = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or("");
    // Every token is compared in full, so that the time tells nothing about them.
    let known = tokens.iter().fold(false, |known, token| known | same(token.token.as_bytes(), given.as_bytes()));
    if known {
        return next.run(request).await;
    }
    tracing::warn!(path = request.uri().path(), "request without a known station token refused");
    let hint = "send `Authorization: Bearer TOKEN` with a token of the hub's [[hub.tokens]]";
    let detail = "this hub lets in known stations only";
    Refused::from(Problem::new(401, "unknown-station", "Unknown station", detail, hint)).into_response()
}

/// Whether both are the same; the time taken tells only the length.
pub fn same(known: &[u8], given: &[u8]) -> bool {
    known.len() == given.len() && known.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn tokens_are_equal_only_when_every_byte_is() {
        assert!(same(b"0123456789abcdef", b"0123456789abcdef"));
        assert!(!same(b"0123456789abcdef", b"0123456789abcdeF"));
        assert!(!same(b"0123456789abcdef", b"0123456789abcde"));
        assert!(!same(b"0123456789abcdef", b""));
    }
}
