//! Secrets of stations: in the file, or better in a file of their own that only the service may read.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::names::check_token;
use super::problem::Problem;
use super::source::Source;

/// Whether the secret files must be on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrets {
    /// The program is about to start with them.
    Needed,
    /// Only the configuration is checked, perhaps on another machine or as another user.
    MayBeElsewhere,
}

/// `token` or `token_file` of a table.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SecretKeys {
    pub token: Option<Spanned<String>>,
    pub token_file: Option<Spanned<PathBuf>>,
}

/// What became of a table's secret.
pub(crate) enum Secret {
    /// None is named.
    Unnamed,
    /// Here it is.
    Known(String),
    /// Its file is not on this machine, which is no error while only checking; the text says so.
    Elsewhere(Problem),
}

/// The secret of a table.
///
/// # Errors
/// A secret that is too short, a file that cannot be read, or both keys at once.
pub(crate) fn read(source: &Source, keys: &SecretKeys, secrets: Secrets) -> Result<Secret, Problem> {
    let (at, token) = match (&keys.token, &keys.token_file) {
        (None, None) => return Ok(Secret::Unnamed),
        (Some(token), Some(_)) => {
            let right = "keep only token_file";
            return Err(source.problem(Some(token.span().start), "token and token_file stand together", right));
        }
        (Some(token), None) => (token.span().start, token.get_ref().clone()),
        (None, Some(file)) => {
            let at = file.span().start;
            let path = source.relative(file.get_ref());
            match std::fs::read_to_string(&path) {
                Ok(token) => (at, token.trim().to_owned()),
                Err(error) => {
                    let what = format!("{} cannot be read ({error})", path.display());
                    let right = "write the token into it, readable for the service only";
                    let problem = source.problem(Some(at), what, right);
                    return if secrets == Secrets::Needed { Err(problem) } else { Ok(Secret::Elsewhere(problem)) };
                }
            }
        }
    };
    match check_token(&token) {
        Ok(()) => Ok(Secret::Known(token)),
        Err((what, right)) => Err(source.problem(Some(at), what, right)),
    }
}
