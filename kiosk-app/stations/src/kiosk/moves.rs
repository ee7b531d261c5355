//! From page to page: what a touch leads to while no request is made. One way forward, one way back, no dead end.

use std::time::Duration;

use protocol::hall::ServiceInfo;
use protocol::views::{Load, Unavailable};

use super::flow::{Flow, MAX_SERVICES, MAX_TYPED, Wants};
use super::steps::{Choice, Named, Step, Touch};
use crate::look::Scheme;

impl Flow {
    /// The page that a touch leads to; touches that mean nothing there lead nowhere.
    pub(super) fn forward(&mut self, touch: Touch) {
        let home = Step::Home { page: 0 };
        match (touch, &mut self.step) {
            (Touch::Start, Step::Attract) => self.step = self.first_page(),
            (Touch::StartIn(language), Step::Attract) => {
                if self.languages().contains(&language) {
                    self.language = language;
                }
                self.step = self.first_page();
            }
            (Touch::GoOn, Step::NoPaper { .. }) | (Touch::More, Step::Ticket(_)) => self.step = home,
            (Touch::Turn(to), Step::Home { page } | Step::Services { page, .. } | Step::Search { page, .. }) => {
                *page = to
            }
            (Touch::Field(field), Step::Home { .. }) => self.open_field(field),
            (Touch::Search, Step::Home { .. } | Step::Services { .. }) => {
                self.step = Step::Search { typed: String::new(), page: 0 };
            }
            (Touch::Key(key), Step::Search { typed, page })
                if typed.chars().count() < MAX_TYPED && !key.is_control() =>
            {
                typed.push(key);
                *page = 0;
            }
            (Touch::Erase, Step::Search { typed, page }) => {
                typed.pop();
                *page = 0;
            }
            (Touch::Service(service), Step::Services { .. } | Step::Search { .. }) => self.choose(service),
            (touch, Step::Confirm(_) | Step::Classes(_) | Step::Appointment { .. }) => self.complete(touch),
            (Touch::GoOn, Step::Unavailable { .. }) => self.step = home,
            (Touch::GoOn, Step::Refused { back, .. }) => {
                self.step = back.take().map_or(home, Step::Confirm);
            }
            _ => {}
        }
    }

    /// After the first page: what has to be said before anything is chosen, else the fields.
    fn first_page(&self) -> Step {
        match self.printer_fault() {
            Some(code) => Step::NoPaper { code },
            None => Step::Home { page: 0 },
        }
    }

    fn open_field(&mut self, field: String) {
        if self.field(&field).is_none() {
            return;
        }
        let loads = self.view.as_ref().map(|view| view.fields.as_slice()).unwrap_or_default();
        let closed = loads.iter().find(|load| load.id == field).and_then(|load| load.closed.clone());
        let order = self.most_used(|service| service.field == field);
        self.step = match closed {
            Some(why) if order.is_empty() || matches!(why, Unavailable::Closed { .. }) => {
                Step::Unavailable { name: Named::Field(field), why, back: Box::new(self.step.clone()) }
            }
            _ => Step::Services { field, order, page: 0 },
        };
    }

    /// Ids of the services that this kiosk gives, most used today first; in the hall's order where they are used alike.
    pub(crate) fn most_used(&self, wanted: impl Fn(&ServiceInfo) -> bool) -> Vec<String> {
        let services = self.hall.as_ref().map(|hall| hall.services.as_slice()).unwrap_or_default();
        // What another kiosk gives is not offered here at all.
        let elsewhere = |load: Option<&Load>| load.is_some_and(|l| l.closed == Some(Unavailable::Elsewhere));
        let here = services.iter().filter(|s| wanted(s) && !elsewhere(self.load(&s.id)));
        let mut order: Vec<(u32, String)> =
            here.map(|s| (self.load(&s.id).map_or(0, |load| load.taken), s.id.clone())).collect();
        order.sort_by_key(|(taken, _)| std::cmp::Reverse(*taken));
        order.into_iter().map(|(_, id)| id).collect()
    }

    fn choose(&mut self, service: String) {
        if self.service(&service).is_none() {
            return;
        }
        if let Some(why) = self.load(&service).and_then(|load| load.closed.clone()) {
            let back = Box::new(self.step.clone());
            self.step = Step::Unavailable { name: Named::Service(service), why, back };
            return;
        }
        self.step = Step::Confirm(match self.adding.take() {
            Some(mut choice) => {
                // The hub does not take the same service twice in a row.
                if choice.then.last().unwrap_or(&choice.service) != &service {
                    choice.then.push(service);
                }
                choice
            }
            None => {
                let class = self.normal_class().map(|class| class.id.clone()).unwrap_or_default();
                Box::new(Choice { service, class, ..Choice::default() })
            }
        });
    }

    /// Touches about what is chosen already.
    fn complete(&mut self, touch: Touch) {
        let classes = self.hall.as_ref().map(|hall| hall.classes.clone()).unwrap_or_default();
        let choice = match &mut self.step {
            Step::Confirm(choice) | Step::Classes(choice) | Step::Appointment { choice, .. } => choice,
            _ => return,
        };
        match touch {
            Touch::Class(id) if classes.iter().any(|class| class.id == id) => {
                choice.class = id;
                choice.appointment = None;
                self.step = Step::Confirm(choice.clone());
            }
            Touch::AskClass => self.step = Step::Classes(choice.clone()),
            Touch::AskAppointment => {
                self.step = Step::Appointment { choice: choice.clone(), code: String::new() };
            }
            Touch::Drop(at) if at < choice.then.len() => {
                choice.then.remove(at);
                let mut before = choice.service.clone();
                choice.then.retain(|next| std::mem::replace(&mut before, next.clone()) != *next);
            }
            Touch::Add if choice.then.len() + 1 < MAX_SERVICES => {
                self.adding = Some(choice.clone());
                self.step = Step::Home { page: 0 };
            }
            touch => self.type_code(touch),
        }
    }

    fn type_code(&mut self, touch: Touch) {
        let normal = self.normal_class().map(|class| class.id.clone());
        let Step::Appointment { choice, code } = &mut self.step else { return };
        match touch {
            Touch::Key(key) if code.len() < MAX_TYPED && !key.is_control() && !key.is_whitespace() => {
                code.extend(key.to_uppercase());
            }
            Touch::Erase => {
                code.pop();
            }
            Touch::Enter if !code.is_empty() => {
                choice.appointment = Some(std::mem::take(code));
                // An appointment and a class of priority are not asked for together.
                choice.class = normal.unwrap_or_default();
                self.step = Step::Confirm(choice.clone());
            }
            _ => {}
        }
    }

    /// One step back.
    pub(super) fn back(&mut self, now: Duration) {
        self.step = match &mut self.step {
            Step::Home { .. } => match self.adding.take() {
                Some(choice) => Step::Confirm(choice),
                None => return self.restart(now),
            },
            Step::Services { .. } | Step::Search { .. } => Step::Home { page: 0 },
            Step::Confirm(choice) => {
                let service = choice.service.clone();
                match self.service(&service).map(|s| s.field.clone()) {
                    Some(field) => {
                        let order = self.most_used(|service| service.field == field);
                        Step::Services { field, order, page: 0 }
                    }
                    None => Step::Home { page: 0 },
                }
            }
            Step::Classes(choice) | Step::Appointment { choice, .. } => Step::Confirm(choice.clone()),
            Step::Languages { back } | Step::Unavailable { back, .. } => (**back).clone(),
            _ => return self.restart(now),
        };
    }

    /// Language, letters, colours and reach, as this citizen wants them.
    pub(super) fn adjust(&mut self, touch: Touch) {
        let usual = self.options.look.scheme;
        match touch {
            Touch::SwitchLanguage => match (self.other_language(), &self.step) {
                (Some(language), _) => self.language = language,
                (None, Step::Languages { .. }) => {}
                (None, step) if self.languages().len() > 1 => {
                    self.step = Step::Languages { back: Box::new(step.clone()) };
                }
                (None, _) => {}
            },
            Touch::Language(language) => {
                if self.languages().contains(&language) {
                    self.language = language;
                }
                if let Step::Languages { back } = &self.step {
                    self.step = (**back).clone();
                }
            }
            Touch::Larger => self.wants = Wants { larger: !self.wants.larger, ..self.wants },
            Touch::Contrast => {
                let high = self.wants.scheme == Scheme::HighContrast;
                let other = if usual == Scheme::HighContrast { Scheme::Light } else { usual };
                self.wants.scheme = if high { other } else { Scheme::HighContrast };
            }
            Touch::LowReach => self.wants = Wants { low_reach: !self.wants.low_reach, ..self.wants },
            _ => {}
        }
    }
}
