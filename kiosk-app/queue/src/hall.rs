//! The hall's definition: fields, services, counters, classes, rating scale and policy.
//!
//! Names and texts are not here: the rules need ids only. A [`Hall`] is valid by construction.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::ids::{ClassId, CounterNumber, FieldId, LevelId, OfficerId, ServiceId};

/// A group of services with one series of ticket numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Field id.
    pub id: FieldId,
    /// First letter of its ticket numbers, `A` to `Z`, unique in the hall.
    pub letter: char,
}

/// What one queues for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Service id.
    pub id: ServiceId,
    /// Its field.
    pub field: FieldId,
    /// Usual handling time, minutes; the prior of the wait estimate.
    pub handling_minutes: u32,
}

/// A desk with an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Number on the desk.
    pub number: CounterNumber,
    /// Services that it calls.
    pub services: Vec<ServiceId>,
}

/// A class of citizens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Class id.
    pub id: ClassId,
    /// Whether it goes before normal tickets.
    pub priority: bool,
}

/// A level of the rating scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingLevel {
    /// Level id.
    pub id: LevelId,
    /// Whether it counts as satisfied.
    pub satisfied: bool,
}

/// Choices of the hall that are neither people nor places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// A counter calls at most this many priority tickets in a row while a normal one waits; at least 1.
    pub priority_in_a_row: u32,
    /// A print job that waited longer than this is not printed by itself any more.
    pub print_job_limit: Duration,
    /// Local time, minutes east of UTC (Vietnam: 420).
    pub utc_offset_minutes: i32,
    /// Highest number of a series on one day, at most 9999.
    pub highest_number: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            priority_in_a_row: 2,
            print_job_limit: Duration::from_secs(180),
            utc_offset_minutes: 7 * 60,
            highest_number: 9999,
        }
    }
}

/// Parts of a hall, not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HallParts {
    /// Fields in the kiosk's order.
    pub fields: Vec<Field>,
    /// Services in the kiosk's order.
    pub services: Vec<Service>,
    /// Counters.
    pub counters: Vec<Counter>,
    /// Officers.
    pub officers: Vec<OfficerId>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Rating scale, best first.
    pub rating_levels: Vec<RatingLevel>,
    /// Policy.
    pub policy: Policy,
}

/// Which part of the definition is wrong, by its place in [`HallParts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HallItem {
    /// `fields[n]`
    Field(usize),
    /// `services[n]`
    Service(usize),
    /// `counters[n]`
    Counter(usize),
    /// `officers[n]`
    Officer(usize),
    /// `classes[n]`
    Class(usize),
    /// `rating_levels[n]`
    RatingLevel(usize),
    /// `policy`
    Policy,
    /// The hall as a whole.
    Hall,
}

/// What is wrong with a definition, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {hint}")]
pub struct HallError {
    /// Which part.
    pub item: HallItem,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

/// A valid hall.
#[derive(Clone, Debug)]
pub struct Hall {
    parts: HallParts,
    services: BTreeMap<ServiceId, usize>,
    counters_of: BTreeMap<ServiceId, Vec<CounterNumber>>,
    rivals_of: BTreeMap<ServiceId, Vec<ServiceId>>,
    time_zone: TimeZone,
}

impl Hall {
    /// Checks the parts.
    ///
    /// # Errors
    /// All that is wrong, not only the first.
    pub fn new(parts: HallParts) -> Result<Self, Vec<HallError>> {
        let errors = check(&parts);
        if !errors.is_empty() {
            return Err(errors);
        }
        let services = parts.services.iter().enumerate().map(|(n, s)| (s.id.clone(), n)).collect();
        let mut counters_of: BTreeMap<ServiceId, Vec<CounterNumber>> = BTreeMap::new();
        let mut rivals: BTreeMap<ServiceId, BTreeSet<ServiceId>> = BTreeMap::new();
        for counter in &parts.counters {
            for service in &counter.services {
                counters_of.entry(service.clone()).or_default().push(counter.number);
                rivals.entry(service.clone()).or_default().extend(counter.services.iter().cloned());
            }
        }
        for numbers in counters_of.values_mut() {
            numbers.sort_unstable();
            numbers.dedup();
        }
        let rivals_of = rivals.into_iter().map(|(id, set)| (id, set.into_iter().collect())).collect();
        let time_zone = TimeZone::fixed(offset(parts.policy.utc_offset_minutes).unwrap_or(Offset::UTC));
        Ok(Self { parts, services, counters_of, rivals_of, time_zone })
    }

    /// The checked parts.
    #[must_use]
    pub fn parts(&self) -> &HallParts {
        &self.parts
    }

    /// Choices of the hall.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.parts.policy
    }

    /// A service.
    #[must_use]
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.get(id).and_then(|n| self.parts.services.get(*n))
    }

    /// A field.
    #[must_use]
    pub fn field(&self, id: &FieldId) -> Option<&Field> {
        self.parts.fields.iter().find(|f| f.id == *id)
    }

    /// A counter.
    #[must_use]
    pub fn counter(&self, number: CounterNumber) -> Option<&Counter> {
        self.parts.counters.iter().find(|c| c.number == number)
    }

    /// A class.
    #[must_use]
    pub fn class(&self, id: &ClassId) -> Option<&Class> {
        self.parts.classes.iter().find(|c| c.id == *id)
    }

    /// Counters that call a service, by number.
    #[must_use]
    pub fn counters_of(&self, service: &ServiceId) -> &[CounterNumber] {
        self.counters_of.get(service).map_or(&[], Vec::as_slice)
    }

    /// Services that share a counter with this one, itself included: those whose tickets may be called before.
    #[must_use]
    pub fn rivals_of(&self, service: &ServiceId) -> &[ServiceId] {
        self.rivals_of.get(service).map_or(&[], Vec::as_slice)
    }

    /// The local date of a moment.
    #[must_use]
    pub fn local_date(&self, now: Timestamp) -> Date {
        self.time_zone.to_datetime(now).date()
    }

    /// The hall's local time.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }
}

fn offset(minutes: i32) -> Option<Offset> {
    Offset::from_seconds(minutes.checked_mul(60)?).ok()
}

fn check(parts: &HallParts) -> Vec<HallError> {
    let mut errors = Vec::new();
    let mut wrong = |item, message: String, hint: String| errors.push(HallError { item, message, hint });
    let mut seen = BTreeSet::new();
    let mut letters = BTreeMap::new();
    for (n, field) in parts.fields.iter().enumerate() {
        if !seen.insert(field.id.as_str()) {
            wrong(
                HallItem::Field(n),
                format!("field `{}` stands twice", field.id),
                "give each field its own id".into(),
            );
        }
        if !field.letter.is_ascii_uppercase() {
            let hint = "use one letter from A to Z".into();
            wrong(HallItem::Field(n), format!("`{}` is no ticket letter", field.letter), hint);
        } else if let Some(other) = letters.insert(field.letter, &field.id) {
            let hint = format!("`{other}` has it; two fields with one letter would give the same numbers");
            wrong(HallItem::Field(n), format!("letter `{}` is taken", field.letter), hint);
        }
    }
    let fields: BTreeSet<_> = parts.fields.iter().map(|f| &f.id).collect();
    let served: BTreeSet<_> = parts.counters.iter().flat_map(|c| &c.services).collect();
    let mut seen = BTreeSet::new();
    for (n, service) in parts.services.iter().enumerate() {
        if !seen.insert(&service.id) {
            let hint = "give each service its own id".into();
            wrong(HallItem::Service(n), format!("service `{}` stands twice", service.id), hint);
        }
        if !fields.contains(&service.field) {
            let known = list(parts.fields.iter().map(|f| f.id.as_str()));
            wrong(
                HallItem::Service(n),
                format!("field `{}` is not defined", service.field),
                format!("use one of {known}"),
            );
        }
        if service.handling_minutes == 0 || service.handling_minutes > 8 * 60 {
            let hint = "give the usual handling time, 1 to 480 minutes".into();
            wrong(HallItem::Service(n), format!("{} minutes of handling", service.handling_minutes), hint);
        }
        if !served.contains(&service.id) {
            let hint = "add it, or its field, to a counter".into();
            wrong(HallItem::Service(n), format!("no counter serves `{}`", service.id), hint);
        }
    }
    let services: BTreeSet<_> = parts.services.iter().map(|s| &s.id).collect();
    let mut seen = BTreeSet::new();
    for (n, counter) in parts.counters.iter().enumerate() {
        if counter.number == 0 || !seen.insert(counter.number) {
            let hint = "give each counter its own number from 1".into();
            wrong(HallItem::Counter(n), format!("counter {} stands twice or is 0", counter.number), hint);
        }
        for service in counter.services.iter().filter(|s| !services.contains(s)) {
            let hint = "define the service, or correct the name".into();
            wrong(HallItem::Counter(n), format!("service `{service}` is not defined"), hint);
        }
        if counter.services.is_empty() {
            let hint = "name the fields or services that it serves".into();
            wrong(HallItem::Counter(n), format!("counter {} serves nothing", counter.number), hint);
        }
    }
    check_people(parts, &mut wrong);
    errors
}

fn check_people(parts: &HallParts, wrong: &mut impl FnMut(HallItem, String, String)) {
    let once = "each id may stand only once";
    let mut seen = BTreeSet::new();
    for (n, officer) in parts.officers.iter().enumerate().filter(|(_, o)| !seen.insert(o.as_str())) {
        wrong(HallItem::Officer(n), format!("officer `{officer}` stands twice"), once.into());
    }
    let mut seen = BTreeSet::new();
    for (n, class) in parts.classes.iter().enumerate().filter(|(_, c)| !seen.insert(c.id.as_str())) {
        wrong(HallItem::Class(n), format!("class `{}` stands twice", class.id), once.into());
    }
    if !parts.classes.iter().any(|c| !c.priority) {
        let hint = "define a class with priority = false".into();
        wrong(HallItem::Hall, "no class for a citizen without priority".into(), hint);
    }
    let mut seen = BTreeSet::new();
    for (n, level) in parts.rating_levels.iter().enumerate().filter(|(_, l)| !seen.insert(l.id.as_str())) {
        wrong(HallItem::RatingLevel(n), format!("rating level `{}` stands twice", level.id), once.into());
    }
    let policy = &parts.policy;
    if policy.priority_in_a_row == 0 {
        wrong(HallItem::Policy, "priority_in_a_row is 0".into(), "use 1 or more".into());
    }
    if !(1..=9999).contains(&policy.highest_number) {
        wrong(HallItem::Policy, format!("highest_number is {}", policy.highest_number), "use 1 to 9999".into());
    }
    if offset(policy.utc_offset_minutes).is_none() {
        let hint = "use the local time's minutes east of UTC, 420 in Vietnam".into();
        wrong(HallItem::Policy, format!("utc offset of {} minutes", policy.utc_offset_minutes), hint);
    }
    for (empty, what) in [
        (parts.fields.is_empty(), "field"),
        (parts.services.is_empty(), "service"),
        (parts.counters.is_empty(), "counter"),
        (parts.officers.is_empty(), "officer"),
        (parts.rating_levels.is_empty(), "rating level"),
    ] {
        if empty {
            wrong(HallItem::Hall, format!("no {what} is defined"), format!("define at least one {what}"));
        }
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
