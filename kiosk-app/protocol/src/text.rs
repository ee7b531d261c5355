//! A text in several languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The language that every text must have, and that stands in for a missing one.
pub const FIRST_LANGUAGE: &str = "vi";

/// A text by language code (`vi`, `en`, …).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<String, String>);

impl Text {
    /// A text that has Vietnamese and English.
    #[must_use]
    pub fn new(vi: &str, en: &str) -> Self {
        Self(BTreeMap::from([("vi".to_owned(), vi.to_owned()), ("en".to_owned(), en.to_owned())]))
    }

    /// The text in `language`, else in Vietnamese, else empty.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        self.0.get(language).or_else(|| self.0.get(FIRST_LANGUAGE)).map_or("", String::as_str)
    }
}
