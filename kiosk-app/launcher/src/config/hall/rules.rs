//! A broken rule of the hall, at the line where its value stands.

use queue::{HallError, HallItem};

use super::tables::Tables;
use crate::config::explain::{did_you_mean, quoted};
use crate::config::problem::Problem;
use crate::config::source::Source;

/// How a rule says that a name stands for nothing.
const UNDEFINED: &str = "is not defined";
/// What follows from such a name: a service without a counter, a counter without services, a weight without a service.
const ECHOES: [&str; 3] = ["no counter serves", "serves nothing", "does not call"];

/// Adds the broken rules to the problems, and leaves out what only says the same mistake again.
pub(super) fn explain_all(source: &Source, tables: &Tables, errors: &[HallError], problems: &mut Vec<Problem>) {
    problems.extend(errors.iter().map(|error| explain(source, tables, error)));
    if problems.iter().any(|problem| problem.what.ends_with(UNDEFINED)) {
        problems.retain(|problem| !ECHOES.iter().any(|echo| problem.what.contains(echo)));
    }
}

fn explain(source: &Source, tables: &Tables, error: &HallError) -> Problem {
    let span = match error.item {
        HallItem::Field(n) => tables.fields.get(n).map(|t| &t.span),
        HallItem::Service(n) => tables.services.get(n).map(|t| &t.span),
        HallItem::Counter(n) => tables.counters.get(n).map(|t| &t.span),
        HallItem::Officer(n) => tables.officers.get(n).map(|t| &t.span),
        HallItem::Class(n) => tables.classes.get(n).map(|t| &t.span),
        HallItem::RatingLevel(n) => tables.rating_levels.get(n).map(|t| &t.span),
        HallItem::Kiosk(n) => tables.kiosks.get(n).map(|t| &t.span),
        HallItem::RatingReason(n) => tables.rating_reasons.get(n).map(|t| &t.span),
        HallItem::Outcome(n) => tables.outcomes.get(n).map(|t| &t.span),
        HallItem::Opening => tables.opening.as_ref().map(|t| &t.span),
        HallItem::Policy => Some(&tables.policy.span),
        HallItem::Hall => None,
    };
    let word = quoted(&error.message);
    let value = match word {
        Some(word) => format!("\"{word}\""),
        None if error.message.ends_with("minutes of handling") => "handling_minutes".to_owned(),
        None => error.message.split(' ').next().unwrap_or_default().to_owned(),
    };
    let at = span.map(|span| source.find_in_table(span, &value));
    source.problem(at, error.message.clone(), hint(tables, error, word))
}

/// The rule's own hint, with the name that was probably meant in front.
fn hint(tables: &Tables, error: &HallError, word: Option<&str>) -> String {
    let Some(word) = word.filter(|_| error.message.ends_with(UNDEFINED)) else { return error.hint.clone() };
    let likely = match error.item {
        HallItem::Service(_) => did_you_mean(word, tables.fields.iter().map(|t| t.value.id.get_ref().as_str())),
        _ => did_you_mean(word, tables.services.iter().map(|t| t.value.id.get_ref().as_str())),
    };
    likely.map_or_else(|| error.hint.clone(), |likely| format!("did you mean `{likely}`? {}", error.hint))
}
