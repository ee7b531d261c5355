//! New numbers: what may be had now, and what stands on them.

use jiff::{SignedDuration, Timestamp};

use super::{MAX_STEPS, Rules};
use crate::event::{Appointment, Event};
use crate::hall::{Service, Untimely};
use crate::ids::{AgentRun, AppointmentCode, ClassId, KioskId, ServiceId, TicketId, TicketNumber};
use crate::refusal::Refusal;

/// What a citizen asks for.
pub(super) struct Wish<'a> {
    pub service: &'a ServiceId,
    pub then: &'a [ServiceId],
    pub class: &'a ClassId,
    pub language: &'a str,
    pub appointment: Option<&'a AppointmentCode>,
    pub kiosk: Option<&'a KioskId>,
    pub printer: Option<&'a AgentRun>,
}

impl Rules<'_> {
    pub(super) fn issue(&self, wish: &Wish<'_>) -> Result<Vec<Event>, Refusal> {
        let service = self.service(wish.service)?;
        let class = self.hall.class(wish.class).ok_or_else(|| Refusal::UnknownClass(wish.class.clone()))?;
        self.check_plan(wish)?;
        for id in std::iter::once(wish.service).chain(wish.then) {
            self.check_offered(id, wish.kiosk)?;
        }
        // A valid hall has the field of each service.
        let field = self.hall.field(&service.field).ok_or_else(|| Refusal::UnknownService(service.id.clone()))?;
        let value = self.state.last_number(field.letter) + 1;
        if value > self.hall.policy().highest_number {
            return Err(Refusal::NumbersExhausted(field.letter));
        }
        let appointment = wish.appointment.map(|code| self.check_in(code, service)).transpose()?.flatten();
        let urgent = class.priority || appointment.is_some();
        let issued = Event::TicketIssued {
            ticket: TicketId { day: self.day, number: TicketNumber { letter: field.letter, value } },
            field: field.id.clone(),
            service: service.id.clone(),
            class: class.id.clone(),
            priority: class.priority,
            language: wish.language.to_owned(),
            kiosk: wish.kiosk.cloned(),
            then: wish.then.to_vec(),
            appointment,
            people_ahead: self.state.ahead_of_newcomer(self.hall, &service.id, urgent, self.now),
            wait: self.state.wait_of_newcomer(self.hall, service, urgent, self.now),
        };
        Ok(self.with_paper(issued, wish.kiosk, wish.printer))
    }

    pub(super) fn service(&self, id: &ServiceId) -> Result<&Service, Refusal> {
        self.hall.service(id).ok_or_else(|| Refusal::UnknownService(id.clone()))
    }

    fn check_plan(&self, wish: &Wish<'_>) -> Result<(), Refusal> {
        let mut before = wish.service;
        for next in wish.then {
            self.service(next)?;
            if next == before {
                return Err(Refusal::InvalidPlan);
            }
            before = next;
        }
        if wish.then.len() < MAX_STEPS { Ok(()) } else { Err(Refusal::InvalidPlan) }
    }

    fn check_offered(&self, id: &ServiceId, kiosk: Option<&KioskId>) -> Result<(), Refusal> {
        if let Some(kiosk) = kiosk {
            if self.state.is_kiosk_closed(kiosk) {
                return Err(Refusal::KioskClosed(kiosk.clone()));
            }
            let offered = self.hall.kiosk(kiosk).and_then(|kiosk| kiosk.services.as_ref());
            if offered.is_some_and(|services| !services.contains(id)) {
                return Err(Refusal::NotAtThisKiosk(id.clone(), kiosk.clone()));
            }
        }
        self.service(id)?;
        self.state.availability(self.hall, id, self.now).map_or(Ok(()), Err)
    }

    /// The appointment, when it counts as one now; none when it is treated like everybody.
    fn check_in(&self, code: &AppointmentCode, service: &Service) -> Result<Option<Appointment>, Refusal> {
        let appointment = self.state.appointments.get(code);
        let appointment = appointment.ok_or_else(|| Refusal::UnknownAppointment(code.clone()))?;
        if appointment.service != service.id {
            return Err(Refusal::AppointmentForOther(code.clone(), appointment.service.clone()));
        }
        let policy = self.hall.policy().appointments;
        let minutes = |n: u32| SignedDuration::from_mins(i64::from(n));
        let from = appointment.due.saturating_sub(minutes(policy.early_minutes)).unwrap_or(Timestamp::MIN);
        let until = appointment.due.saturating_add(minutes(policy.late_minutes)).unwrap_or(Timestamp::MAX);
        if self.now < from {
            return match policy.early {
                Untimely::Refuse => Err(Refusal::AppointmentTooEarly(code.clone(), from)),
                Untimely::AsNormal => Ok(None),
            };
        }
        if self.now > until {
            return match policy.late {
                Untimely::Refuse => Err(Refusal::AppointmentTooLate(code.clone(), until)),
                Untimely::AsNormal => Ok(None),
            };
        }
        Ok(Some(appointment.clone()))
    }
}

impl crate::state::HallState {
    /// Why a service gives no numbers now; none when it does.
    #[must_use]
    pub fn availability(&self, hall: &crate::hall::Hall, id: &ServiceId, now: Timestamp) -> Option<Refusal> {
        let service = hall.service(id)?;
        let (opening, local) = (&hall.parts().opening, hall.local_time(now));
        if !opening.is_open(&opening.week, local) && service.hours.is_none() {
            return Some(Refusal::HallClosed(opening.next_opening(&opening.week, local)));
        }
        let week = hall.hours_of(service);
        if !opening.is_open(week, local) {
            return Some(Refusal::ServiceClosed(id.clone(), opening.next_opening(week, local)));
        }
        if let Some(suspension) = self.suspended.get(id) {
            return Some(Refusal::ServiceUnavailable(id.clone(), suspension.reason.clone()));
        }
        let quota = service.daily_quota.filter(|quota| self.issued_for(id) >= *quota);
        quota.map(|quota| Refusal::QuotaReached(id.clone(), quota))
    }
}
