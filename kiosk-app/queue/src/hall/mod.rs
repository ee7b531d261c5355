//! The hall's definition: fields, services, counters, classes, rating scale and policy.
//!
//! Names and texts are not here: the rules need ids only. A [`Hall`] is valid by construction.

mod check;
mod policy;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::hours::{Opening, Week};
use crate::ids::{ClassId, CounterNumber, FieldId, KioskId, LevelId, OfficerId, OutcomeId, ReasonId, ServiceId};

pub use policy::{AppointmentPolicy, Balance, MissedPolicy, NormalBound, Policy, PriorityPolicy, Untimely};

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
    /// Its own hours; none has the hall's. Holidays are the hall's.
    pub hours: Option<Week>,
    /// Most tickets on one day; none has no limit.
    pub daily_quota: Option<u32>,
    /// A wait longer than this calls for help, minutes.
    pub target_minutes: u32,
}

impl Service {
    /// The wait that a service should stay under, minutes, where nothing else is said.
    pub const TARGET_MINUTES: u32 = 15;

    /// A service with the hall's hours, no quota and the usual target.
    #[must_use]
    pub fn new(id: &str, field: &str, handling_minutes: u32) -> Self {
        let target_minutes = Self::TARGET_MINUTES;
        Self { id: id.into(), field: field.into(), handling_minutes, hours: None, daily_quota: None, target_minutes }
    }
}

/// A service that a counter calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Which.
    pub service: ServiceId,
    /// A minute of waiting for it counts so much, 1 to [`Work::MAX_WEIGHT`]; with equal weights the oldest goes first.
    pub weight: u16,
}

impl Work {
    /// Heaviest weight.
    pub const MAX_WEIGHT: u16 = 100;
}

/// A desk with an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Number on the desk.
    pub number: CounterNumber,
    /// Services that it calls.
    pub work: Vec<Work>,
    /// Services that it helps with while nobody waits for its own.
    pub helps: Vec<ServiceId>,
}

impl Counter {
    /// A counter with equal weights that helps nobody.
    #[must_use]
    pub fn new(number: CounterNumber, services: &[&str]) -> Self {
        let work = services.iter().map(|service| Work { service: (*service).into(), weight: 1 }).collect();
        Self { number, work, helps: Vec::new() }
    }
}

/// Who works at a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// Officer id.
    pub id: OfficerId,
    /// Services that the officer knows; none knows all.
    pub skills: Option<Vec<ServiceId>>,
}

impl Officer {
    /// An officer who knows every service.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self { id: id.into(), skills: None }
    }

    /// Whether the officer can serve it.
    #[must_use]
    pub fn knows(&self, service: &ServiceId) -> bool {
        self.skills.as_ref().is_none_or(|skills| skills.contains(service))
    }
}

/// A kiosk that gives numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kiosk {
    /// Kiosk id.
    pub id: KioskId,
    /// Services that it offers; none offers all.
    pub services: Option<Vec<ServiceId>>,
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
    pub officers: Vec<Officer>,
    /// Kiosks.
    pub kiosks: Vec<Kiosk>,
    /// How serving can end; empty where the hall does not ask.
    pub outcomes: Vec<OutcomeId>,
    /// When the hall is open.
    pub opening: Opening,
    /// Classes.
    pub classes: Vec<Class>,
    /// Rating scale, best first.
    pub rating_levels: Vec<RatingLevel>,
    /// What may be said with a rating; empty where the hall does not ask.
    pub rating_reasons: Vec<ReasonId>,
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
    /// `rating_reasons[n]`
    RatingReason(usize),
    /// `kiosks[n]`
    Kiosk(usize),
    /// `outcomes[n]`
    Outcome(usize),
    /// `opening`
    Opening,
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
        let errors = check::check(&parts);
        if !errors.is_empty() {
            return Err(errors);
        }
        let services = parts.services.iter().enumerate().map(|(n, s)| (s.id.clone(), n)).collect();
        let mut counters_of: BTreeMap<ServiceId, Vec<CounterNumber>> = BTreeMap::new();
        let mut rivals: BTreeMap<ServiceId, BTreeSet<ServiceId>> = BTreeMap::new();
        for counter in &parts.counters {
            for work in &counter.work {
                counters_of.entry(work.service.clone()).or_default().push(counter.number);
                rivals.entry(work.service.clone()).or_default().extend(counter.work.iter().map(|w| w.service.clone()));
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

    /// An officer.
    #[must_use]
    pub fn officer(&self, id: &OfficerId) -> Option<&Officer> {
        self.parts.officers.iter().find(|o| o.id == *id)
    }

    /// A kiosk.
    #[must_use]
    pub fn kiosk(&self, id: &KioskId) -> Option<&Kiosk> {
        self.parts.kiosks.iter().find(|k| k.id == *id)
    }

    /// The local time of a moment.
    #[must_use]
    pub fn local_time(&self, now: Timestamp) -> DateTime {
        self.time_zone.to_datetime(now)
    }

    /// The service day of a moment: its local date, where a day begins at the policy's minute.
    #[must_use]
    pub fn service_day(&self, now: Timestamp) -> Date {
        let start = SignedDuration::from_mins(i64::from(self.parts.policy.day_starts_minute));
        self.local_time(now).saturating_sub(start).date()
    }

    /// The hours of a service: its own, or the hall's.
    #[must_use]
    pub fn hours_of<'a>(&'a self, service: &'a Service) -> &'a Week {
        service.hours.as_ref().unwrap_or(&self.parts.opening.week)
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
