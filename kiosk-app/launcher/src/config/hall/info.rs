//! The names of a hall for stations: texts and icons, in the order of the file.

use protocol::hall as info;
use protocol::text::Text;
use queue::Hall;
use toml::Spanned;

use super::pictures::Pictures;
use super::tables::Tables;
use super::values;

/// Names; ids as in `hall`.
pub(super) fn names(tables: &Tables, hall: &Hall, pictures: &mut Pictures<'_>) -> info::HallInfo {
    let table = &tables.hall.value;
    let text = |text: &Spanned<Text>| text.get_ref().clone();
    let word = |word: &Spanned<String>| word.get_ref().clone();
    let mut counters = values(&tables.counters, |t| info::CounterInfo { number: t.number, name: text(&t.name) });
    counters.sort_by_key(|counter| counter.number);
    info::HallInfo {
        id: word(&table.id),
        follow_url: table.follow_url.as_ref().map(word),
        name: text(&table.name),
        name_line2: text(&table.name_line2),
        hours: text(&table.hours),
        utc_offset_minutes: hall.policy().utc_offset_minutes,
        languages: table.languages.iter().map(word).collect(),
        wait_target_minutes: tables.policy.value.wait_target_minutes,
        notices: table.notices.iter().map(text).collect(),
        fields: values(&tables.fields, |t| info::FieldInfo {
            id: word(&t.id),
            letter: t.letter,
            name: text(&t.name),
            icon: word(&t.icon),
        }),
        services: values(&tables.services, |t| info::ServiceInfo {
            id: word(&t.id),
            field: t.field.clone(),
            name: text(&t.name),
            counters: hall.counters_of(&t.id.get_ref().as_str().into()).to_vec(),
        }),
        counters,
        officers: values(&tables.officers, |t| info::OfficerInfo {
            id: word(&t.id),
            name: word(&t.name),
            photo: pictures.name(t.photo.as_ref()),
        }),
        classes: values(&tables.classes, |t| info::ClassInfo {
            id: word(&t.id),
            name: text(&t.name),
            priority: t.priority,
            icon: word(&t.icon),
        }),
        rating_levels: values(&tables.rating_levels, |t| info::RatingLevelInfo {
            id: word(&t.id),
            name: text(&t.name),
            icon: word(&t.icon),
            satisfied: t.satisfied,
        }),
        outcomes: values(&tables.outcomes, |t| info::OutcomeInfo { id: word(&t.id), name: text(&t.name) }),
        rating_reasons: values(&tables.rating_reasons, |t| info::RatingReasonInfo {
            id: word(&t.id),
            name: text(&t.name),
        }),
        rating_comment: table.rating_comment,
        accent: table.accent.as_ref().map(word),
        logo: pictures.name(table.logo.as_ref()),
    }
}
