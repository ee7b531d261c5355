//! Refusals and faults as RFC 9457 problem documents (`application/problem+json`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A problem document. `code` is stable and meant for programs, `title` and `detail` for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:one-stop-hall:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short summary, the same for every occurrence of the code.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened here.
    pub detail: String,
    /// Stable code, such as `nothing-waiting`.
    pub code: String,
    /// What to do next.
    pub hint: String,
}

impl Problem {
    /// A problem with its type made from the code.
    #[must_use]
    pub fn new(status: u16, code: &str, title: &str, detail: impl Into<String>, hint: &str) -> Self {
        Self {
            kind: format!("urn:one-stop-hall:problem:{code}"),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            code: code.to_owned(),
            hint: hint.to_owned(),
        }
    }
}
