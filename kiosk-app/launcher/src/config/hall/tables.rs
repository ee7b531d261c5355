//! The hall file as it is written, table by table. Opening hours and policy have files of their own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use protocol::text::{FIRST_LANGUAGE, Text};
use serde::Deserialize;
use toml::Spanned;

use super::opening::HoursTable;
use super::policy::PolicyTable;
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
    #[serde(default)]
    pub rating_comment: bool,
    pub keep_comments_days: Option<Spanned<u16>>,
    pub accent: Option<Spanned<String>>,
    pub logo: Option<Spanned<PathBuf>>,
}

fn no_text() -> Spanned<Text> {
    Spanned::new(0..0, Text::new("", ""))
}

fn first_language() -> Vec<Spanned<String>> {
    vec![Spanned::new(0..0, FIRST_LANGUAGE.to_owned())]
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
    pub hours: Option<Spanned<HoursTable>>,
    pub daily_quota: Option<Spanned<u32>>,
    pub target_minutes: Option<Spanned<u32>>,
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
    #[serde(default)]
    pub weights: BTreeMap<Spanned<String>, Spanned<u16>>,
    #[serde(default)]
    pub helps: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficerTable {
    pub id: Spanned<String>,
    pub name: Spanned<String>,
    pub photo: Option<Spanned<PathBuf>>,
    pub skills: Option<Spanned<Vec<Spanned<String>>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KioskTable {
    pub id: Spanned<String>,
    pub fields: Option<Vec<Spanned<String>>>,
    pub services: Option<Vec<String>>,
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
pub(super) struct OutcomeTable {
    pub id: Spanned<String>,
    pub name: Spanned<Text>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatingReasonTable {
    pub id: Spanned<String>,
    pub name: Spanned<Text>,
}

pub(super) struct Tables {
    pub hall: Located<HallTable>,
    pub opening: Option<Located<HoursTable>>,
    pub policy: Located<PolicyTable>,
    pub fields: Vec<Located<FieldTable>>,
    pub services: Vec<Located<ServiceTable>>,
    pub counters: Vec<Located<CounterTable>>,
    pub officers: Vec<Located<OfficerTable>>,
    pub kiosks: Vec<Located<KioskTable>>,
    pub classes: Vec<Located<ClassTable>>,
    pub outcomes: Vec<Located<OutcomeTable>>,
    pub rating_levels: Vec<Located<RatingLevelTable>>,
    pub rating_reasons: Vec<Located<RatingReasonTable>>,
}

/// First pass: every table by itself. The rules are asked only when each one could be read.
pub(super) fn read(source: &Source) -> Result<Tables, Vec<Problem>> {
    let mut reader = Reader::open(source)?;
    let hall = reader.required("hall", "add [hall] with id, name and hours");
    let opening = reader.one("opening");
    let policy = reader.one("policy").unwrap_or(Located { value: PolicyTable::default(), span: 0..0 });
    let (fields, services, counters) = (reader.list("fields"), reader.list("services"), reader.list("counters"));
    let (officers, kiosks, classes) = (reader.list("officers"), reader.list("kiosks"), reader.list("classes"));
    let (outcomes, rating_levels) = (reader.list("outcomes"), reader.list("rating_levels"));
    let rating_reasons = reader.list("rating_reasons");
    let problems = reader.finish();
    match hall {
        Some(hall) if problems.is_empty() => Ok(Tables {
            hall,
            opening,
            policy,
            fields,
            services,
            counters,
            officers,
            kiosks,
            classes,
            outcomes,
            rating_levels,
            rating_reasons,
        }),
        _ => Err(problems),
    }
}
