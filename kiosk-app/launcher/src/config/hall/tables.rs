//! The hall file as it is written, table by table.

use protocol::text::{FIRST_LANGUAGE, Text};
use queue::Policy;
use serde::Deserialize;
use toml::Spanned;

use crate::config::problem::Problem;
use crate::config::source::{Located, Reader, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HallTable {
    pub id: Spanned<String>,
    pub name: Spanned<Text>,
    #[serde(default = "no_text")]
    pub name_line2: Spanned<Text>,
    pub hours: Spanned<Text>,
    pub utc_offset: Option<Spanned<String>>,
    #[serde(default = "first_language")]
    pub languages: Vec<Spanned<String>>,
    pub follow_url: Option<Spanned<String>>,
    #[serde(default)]
    pub notices: Vec<Spanned<Text>>,
}

fn no_text() -> Spanned<Text> {
    Spanned::new(0..0, Text::new("", ""))
}

fn first_language() -> Vec<Spanned<String>> {
    vec![Spanned::new(0..0, FIRST_LANGUAGE.to_owned())]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PolicyTable {
    pub priority_in_a_row: u32,
    pub highest_number: u16,
    pub print_job_limit_seconds: Spanned<u64>,
    pub announcement_limit_seconds: Spanned<u64>,
    pub wait_target_minutes: u32,
}

impl Default for PolicyTable {
    fn default() -> Self {
        let policy = Policy::default();
        Self {
            priority_in_a_row: 2,
            highest_number: policy.highest_number,
            print_job_limit_seconds: Spanned::new(0..0, policy.print_job_limit.as_secs()),
            announcement_limit_seconds: Spanned::new(0..0, 30),
            wait_target_minutes: 15,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldTable {
    pub id: Spanned<String>,
    pub letter: char,
    pub icon: Spanned<String>,
    pub name: Spanned<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceTable {
    pub id: Spanned<String>,
    pub field: String,
    #[serde(default = "usual_handling")]
    pub handling_minutes: u32,
    pub name: Spanned<Text>,
}

fn usual_handling() -> u32 {
    15
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CounterTable {
    pub number: u16,
    pub name: Spanned<Text>,
    #[serde(default)]
    pub fields: Vec<Spanned<String>>,
    #[serde(default)]
    pub services: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficerTable {
    pub id: Spanned<String>,
    pub name: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassTable {
    pub id: Spanned<String>,
    pub icon: Spanned<String>,
    pub name: Spanned<Text>,
    #[serde(default)]
    pub priority: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatingLevelTable {
    pub id: Spanned<String>,
    pub icon: Spanned<String>,
    pub name: Spanned<Text>,
    #[serde(default)]
    pub satisfied: bool,
}

pub(super) struct Tables {
    pub hall: Located<HallTable>,
    pub policy: Located<PolicyTable>,
    pub fields: Vec<Located<FieldTable>>,
    pub services: Vec<Located<ServiceTable>>,
    pub counters: Vec<Located<CounterTable>>,
    pub officers: Vec<Located<OfficerTable>>,
    pub classes: Vec<Located<ClassTable>>,
    pub rating_levels: Vec<Located<RatingLevelTable>>,
}

/// First pass: every table by itself. The rules are asked only when each one could be read.
pub(super) fn read(source: &Source) -> Result<Tables, Vec<Problem>> {
    let mut reader = Reader::open(source)?;
    let hall = reader.required("hall", "add [hall] with id, name and hours");
    let policy = reader.one("policy").unwrap_or(Located { value: PolicyTable::default(), span: 0..0 });
    let (fields, services, counters) = (reader.list("fields"), reader.list("services"), reader.list("counters"));
    let (officers, classes, rating_levels) =
        (reader.list("officers"), reader.list("classes"), reader.list("rating_levels"));
    let problems = reader.finish();
    match hall {
        Some(hall) if problems.is_empty() => {
            Ok(Tables { hall, policy, fields, services, counters, officers, classes, rating_levels })
        }
        _ => Err(problems),
    }
}
