//! What the rules of the hall do not know: ids, names, icons and languages.

use protocol::text::{FIRST_LANGUAGE, Text};
use toml::Spanned;

use super::tables::{HallTable, Tables};
use crate::config::explain::use_one_of;
use crate::config::names::{check_name, language_is_right};
use crate::config::problem::Problem;
use crate::config::source::Source;

/// Ids, names, icons and languages.
pub(super) fn check(source: &Source, tables: &Tables) -> Vec<Problem> {
    let hall = &tables.hall.value;
    let mut check = TextCheck { source, languages: Vec::new(), problems: Vec::new() };
    check.languages(hall);
    check.id(&hall.id);
    check.texts([&hall.name, &hall.hours].into_iter().chain(&hall.notices));
    if hall.name_line2.span() != (0..0) {
        check.text(&hall.name_line2);
    }
    if let Some(url) = &hall.follow_url
        && !(url.get_ref().starts_with("https://") || url.get_ref().starts_with("http://"))
    {
        let right = "write an address that begins with https:// or http://";
        check.wrong(url.span().start, format!("`{}` is no web address", url.get_ref()), right);
    }
    for field in tables.fields.iter().map(|t| &t.value) {
        check.id(&field.id);
        check.text(&field.name);
        check.icon(&field.icon);
    }
    check.services(tables);
    check.people(tables);
    check.texts(tables.opening.iter().flat_map(|opening| &opening.value.holidays).map(|holiday| &holiday.name));
    for outcome in tables.outcomes.iter().map(|t| &t.value) {
        check.id(&outcome.id);
        check.text(&outcome.name);
    }
    for level in tables.rating_levels.iter().map(|t| &t.value) {
        check.id(&level.id);
        check.text(&level.name);
        check.icon(&level.icon);
    }
    for reason in tables.rating_reasons.iter().map(|t| &t.value) {
        check.id(&reason.id);
        check.text(&reason.name);
    }
    if let Some(accent) = hall.accent.as_ref().filter(|accent| !is_colour(accent.get_ref())) {
        let what = format!("`{}` is no colour", accent.get_ref());
        check.wrong(accent.span().start, what, "write six hexadecimal digits, such as \"#0B4F57\"");
    }
    if let Some(days) = hall.keep_comments_days.as_ref().filter(|days| !(1..=3650).contains(days.get_ref())) {
        let right = "write 1 to 3650 days, as the hall's rules for personal data say";
        check.wrong(days.span().start, "comments cannot be kept so long", right);
    }
    check.problems
}

/// Whether it is `#RRGGBB`.
fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

struct TextCheck<'s> {
    source: &'s Source,
    languages: Vec<String>,
    problems: Vec<Problem>,
}

impl TextCheck<'_> {
    fn wrong(&mut self, at: usize, what: impl Into<String>, right: impl Into<String>) {
        self.problems.push(self.source.problem(Some(at), what, right));
    }

    fn languages(&mut self, hall: &HallTable) {
        for language in &hall.languages {
            let code = language.get_ref();
            if !language_is_right(code) {
                let right = "write a language code such as `vi` or `en`";
                self.wrong(language.span().start, format!("`{code}` is no language code"), right);
            } else if self.languages.contains(code) {
                self.wrong(language.span().start, format!("language `{code}` stands twice"), "name each once");
            } else {
                self.languages.push(code.clone());
            }
        }
        if !self.languages.iter().any(|code| code == FIRST_LANGUAGE) {
            let at = hall.languages.first().map_or(0, |language| language.span().start);
            self.wrong(
                at,
                format!("language `{FIRST_LANGUAGE}` is missing"),
                "it stands in for every missing text; add it",
            );
        }
    }

    fn services(&mut self, tables: &Tables) {
        for service in tables.services.iter().map(|t| &t.value) {
            self.id(&service.id);
            self.text(&service.name);
            if let Some(quota) = service.daily_quota.as_ref().filter(|quota| *quota.get_ref() == 0) {
                let right = "write 1 or more, or take the line away: there is no limit then";
                self.wrong(quota.span().start, "no number is given on any day", right);
            }
            if let Some(target) = service.target_minutes.as_ref().filter(|target| *target.get_ref() == 0) {
                self.wrong(target.span().start, "a wait of 0 minutes is no target", "write 1 or more");
            }
        }
    }

    /// Counters, officers, kiosks and classes of citizens.
    fn people(&mut self, tables: &Tables) {
        self.texts(tables.counters.iter().map(|t| &t.value.name));
        for officer in tables.officers.iter().map(|t| &t.value) {
            self.id(&officer.id);
            if officer.name.get_ref().trim().is_empty() {
                let right = "write the name that citizens see";
                self.wrong(officer.name.span().start, "the officer's name is empty", right);
            }
        }
        tables.kiosks.iter().for_each(|kiosk| self.id(&kiosk.value.id));
        for class in tables.classes.iter().map(|t| &t.value) {
            self.id(&class.id);
            self.text(&class.name);
            self.icon(&class.icon);
        }
        if let Some(first) = tables.classes.first().filter(|class| class.value.priority) {
            self.wrong(first.span.start, "the first class is a priority class", "put the normal class first");
        }
    }

    fn id(&mut self, id: &Spanned<String>) {
        if let Err(right) = check_name(id.get_ref()) {
            self.wrong(id.span().start, format!("`{}` cannot be an id", id.get_ref()), right);
        }
    }

    /// Icons are drawn by the stations from their own table.
    fn icon(&mut self, icon: &Spanned<String>) {
        if let Err(right) = check_name(icon.get_ref()) {
            self.wrong(icon.span().start, format!("`{}` is no icon", icon.get_ref()), right);
        }
    }

    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t Spanned<Text>>) {
        texts.into_iter().for_each(|text| self.text(text));
    }

    fn text(&mut self, text: &Spanned<Text>) {
        let at = text.span().start;
        let words = &text.get_ref().0;
        if words.get(FIRST_LANGUAGE).is_none_or(|word| word.trim().is_empty()) {
            self.wrong(at, "the Vietnamese text is missing", format!("add {FIRST_LANGUAGE} = \"…\""));
        }
        let unknown: Vec<String> = words.keys().filter(|code| !self.languages.contains(code)).cloned().collect();
        for code in unknown {
            let right = use_one_of(&code, self.languages.iter().map(String::as_str));
            self.wrong(at, format!("language `{code}` is not among the languages of [hall]"), right);
        }
    }
}
