//! Which services the names of fields and services mean: at counters, for officers and at kiosks.

use queue::{Counter, Kiosk, Officer, ServiceId, Work};
use toml::Spanned;

use super::tables::{CounterTable, KioskTable, OfficerTable, Tables};
use crate::config::explain::{did_you_mean, use_one_of};
use crate::config::problem::Problem;
use crate::config::source::{Located, Source};

/// Reads names against the fields and services of the file. A name that means nothing is told and left out.
pub(super) struct Names<'s> {
    pub source: &'s Source,
    pub tables: &'s Tables,
    pub problems: &'s mut Vec<Problem>,
}

impl Names<'_> {
    pub fn counter(&mut self, table: &CounterTable) -> Counter {
        let services = self.listed(&table.fields, &table.services);
        let mut work: Vec<Work> = services.into_iter().map(|service| Work { service, weight: 1 }).collect();
        // Fields first: a service's own weight counts more than its field's.
        let (fields, services): (Vec<_>, Vec<_>) = table.weights.iter().partition(|(name, _)| self.is_field(name));
        for (name, weight) in fields.into_iter().chain(services) {
            self.weigh(table.number, name, weight, &mut work);
        }
        let helps = self.all_meant(&table.helps);
        if let Some(own) = helps.iter().find(|service| work.iter().any(|work| work.service == **service)) {
            let what = format!("counter {} calls `{own}` already", table.number);
            let at = table.helps.first().map(|name| name.span().start);
            self.problems.push(self.source.problem(at, what, "let it help only with what it does not call itself"));
        }
        Counter { number: table.number, work, helps }
    }

    fn weigh(&mut self, counter: u16, name: &Spanned<String>, weight: &Spanned<u16>, work: &mut [Work]) {
        let meant = self.meant(name);
        if meant.is_empty() {
            return;
        }
        if !(1..=Work::MAX_WEIGHT).contains(weight.get_ref()) {
            let what = format!("the weight of `{}` is {}", name.get_ref(), weight.get_ref());
            self.wrong(weight, what, format!("write 1 to {}", Work::MAX_WEIGHT));
            return;
        }
        let mut own = work.iter_mut().filter(|work| meant.contains(&work.service)).peekable();
        if own.peek().is_none() {
            let right = "weigh only the fields and services of this counter, or add it to them";
            self.wrong(name, format!("counter {counter} does not call `{}`", name.get_ref()), right);
            return;
        }
        own.for_each(|work| work.weight = *weight.get_ref());
    }

    pub fn officer(&mut self, table: &OfficerTable) -> Officer {
        let skills = table.skills.as_ref().map(|skills| {
            if skills.get_ref().is_empty() {
                let right = "name fields or services, or take the line away: the officer knows all then";
                self.wrong(skills, "the officer knows nothing", right);
            }
            self.all_meant(skills.get_ref())
        });
        Officer { id: table.id.get_ref().as_str().into(), skills }
    }

    pub fn kiosk(&mut self, table: &KioskTable) -> Kiosk {
        let services = match (&table.fields, &table.services) {
            (None, None) => None,
            (fields, services) => {
                let listed =
                    self.listed(fields.as_deref().unwrap_or_default(), services.as_deref().unwrap_or_default());
                let empty = fields.iter().all(Vec::is_empty) && services.iter().all(Vec::is_empty);
                if empty {
                    let right = "name fields or services, or take the lines away: it offers all then";
                    self.wrong(&table.id, format!("kiosk `{}` offers nothing", table.id.get_ref()), right);
                }
                Some(listed)
            }
        };
        Kiosk { id: table.id.get_ref().as_str().into(), services }
    }

    /// The services of fields, then single ones. Whether those exist is a rule of the hall.
    fn listed(&mut self, fields: &[Spanned<String>], services: &[String]) -> Vec<ServiceId> {
        let mut listed = Vec::new();
        for field in fields {
            let name = field.get_ref();
            if !self.is_field(field) {
                let right = use_one_of(name, ids(&self.tables.fields, |t| &t.id));
                self.wrong(field, format!("field `{name}` is not defined"), right);
            }
            listed.extend(self.of_field(name));
        }
        for service in services {
            let service = service.as_str().into();
            if !listed.contains(&service) {
                listed.push(service);
            }
        }
        listed
    }

    /// The services that several names of fields or services mean, each once.
    fn all_meant(&mut self, names: &[Spanned<String>]) -> Vec<ServiceId> {
        let mut all = Vec::new();
        for name in names {
            let new: Vec<_> = self.meant(name).into_iter().filter(|service| !all.contains(service)).collect();
            all.extend(new);
        }
        all
    }

    /// The services that the name of a field or of a service means; a name that is both means the field.
    fn meant(&mut self, name: &Spanned<String>) -> Vec<ServiceId> {
        let word = name.get_ref();
        if self.is_field(name) {
            return self.of_field(word);
        }
        if self.tables.services.iter().any(|t| t.value.id.get_ref() == word) {
            return vec![word.as_str().into()];
        }
        let known = ids(&self.tables.fields, |t| &t.id).chain(ids(&self.tables.services, |t| &t.id));
        let right = "write the id of a field or of a service";
        let right = did_you_mean(word, known)
            .map_or_else(|| right.to_owned(), |likely| format!("did you mean `{likely}`? {right}"));
        self.wrong(name, format!("`{word}` is neither a field nor a service"), right);
        Vec::new()
    }

    fn is_field(&self, name: &Spanned<String>) -> bool {
        self.tables.fields.iter().any(|t| t.value.id.get_ref() == name.get_ref())
    }

    fn of_field(&self, field: &str) -> Vec<ServiceId> {
        let services = self.tables.services.iter().filter(|t| t.value.field == field);
        services.map(|t| t.value.id.get_ref().as_str().into()).collect()
    }

    fn wrong<T>(&mut self, at: &Spanned<T>, what: impl Into<String>, right: impl Into<String>) {
        self.problems.push(self.source.problem(Some(at.span().start), what, right));
    }
}

fn ids<'t, T>(tables: &'t [Located<T>], id: impl Fn(&'t T) -> &'t Spanned<String>) -> impl Iterator<Item = &'t str> {
    tables.iter().map(move |t| id(&t.value).get_ref().as_str())
}
