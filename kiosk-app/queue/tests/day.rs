//! What may be had when: opening hours, quotas, suspended services, kiosks, appointments, and how days end.

mod common;

use common::{Desk, at, issue};
use jiff::civil::date;
use queue::{Command, Event, Holiday, Kiosk, Opening, Refusal, ServiceId, Span, TicketPhase, Untimely, Week};

fn office_hours() -> Opening {
    let day = vec![Span { from: 450, to: 690 }, Span { from: 810, to: 1020 }];
    let week = Week(std::array::from_fn(|n| if n < 5 { day.clone() } else { Vec::new() }));
    Opening { week, holidays: vec![Holiday { first: date(2026, 11, 26), last: date(2026, 11, 26) }] }
}

fn opens(text: &str) -> Option<jiff::civil::DateTime> {
    Some(text.parse().expect("a local time"))
}

#[test]
fn no_number_outside_the_hours_and_the_refusal_says_when() {
    let mut desk = Desk::with(|parts| parts.opening = office_hours());
    // Local times: 07:29, 12:00, 17:00 on a Wednesday before a holiday.
    for (now, next) in [
        ("2026-11-25T00:29:00Z", "2026-11-25T07:30"),
        ("2026-11-25T05:00:00Z", "2026-11-25T13:30"),
        ("2026-11-25T10:00:00Z", "2026-11-27T07:30"),
    ] {
        desk.now = at(now);
        let refusal = desk.try_issue("birth", "normal").expect_err("closed");
        assert_eq!(refusal, Refusal::HallClosed(opens(next)));
        assert!(refusal.to_string().contains(&next.replace('T', " ")), "{refusal}");
    }
    desk.now = at("2026-11-27T02:00:00Z");
    assert_eq!(desk.issue("birth", "normal").to_string(), "20261127-B001");
}

#[test]
fn a_service_has_its_own_hours_and_the_halls_holidays() {
    let mut desk = Desk::with(|parts| {
        parts.opening = office_hours();
        parts.services[2].hours = Some(Week(std::array::from_fn(|_| vec![Span { from: 540, to: 600 }])));
    });
    desk.now = at("2026-11-25T01:00:00Z");
    let refusal = desk.try_issue("birth", "normal").expect_err("from nine to ten only");
    assert_eq!(refusal, Refusal::ServiceClosed("birth".into(), opens("2026-11-25T09:00")));
    desk.issue("land-new", "normal");
    desk.now = at("2026-11-28T02:30:00Z");
    desk.issue("birth", "normal");
    assert!(matches!(desk.try_issue("land-new", "normal"), Err(Refusal::HallClosed(_))), "Saturday");
    desk.now = at("2026-11-26T02:30:00Z");
}

#[test]
fn a_quota_counts_a_day_and_a_suspension_says_its_reason_and_ends_by_itself() {
    let mut desk = Desk::with(|parts| parts.services[2].daily_quota = Some(2));
    desk.issue("birth", "normal");
    desk.issue("birth", "elderly");
    assert_eq!(desk.try_issue("birth", "normal"), Err(Refusal::QuotaReached("birth".into(), 2)));
    desk.now += jiff::SignedDuration::from_hours(24);
    desk.issue("birth", "normal");
    let suspend =
        |reason: &str, until| Command::SuspendService { service: "land-new".into(), reason: reason.into(), until };
    assert_eq!(desk.run(&suspend("", None)), Err(Refusal::InvalidReason));
    assert_eq!(desk.run(&suspend("x", Some(desk.now))), Err(Refusal::TimeIsPast(desk.now)));
    let until = desk.now + jiff::SignedDuration::from_mins(30);
    desk.run(&suspend("Mất kết nối cơ sở dữ liệu", Some(until))).expect("suspended");
    let refused = Refusal::ServiceUnavailable("land-new".into(), "Mất kết nối cơ sở dữ liệu".into());
    assert_eq!(desk.try_issue("land-new", "normal"), Err(refused));
    desk.issue("land-change", "normal");
    assert_eq!(desk.pass(29), []);
    assert_eq!(desk.pass(1), [Event::ServiceResumed { service: "land-new".into() }]);
    desk.issue("land-new", "normal");
    let resume = Command::ResumeService { service: "land-new".into() };
    assert_eq!(desk.run(&resume), Err(Refusal::ServiceNotSuspended("land-new".into())));
}

#[test]
fn a_kiosk_gives_numbers_of_its_own_services_only() {
    let services: Vec<ServiceId> = vec!["birth".into()];
    let mut desk = Desk::with(|parts| parts.kiosks = vec![Kiosk { id: "kiosk-1".into(), services: Some(services) }]);
    desk.issue("birth", "normal");
    let refused = Refusal::NotAtThisKiosk("land-new".into(), "kiosk-1".into());
    assert_eq!(desk.try_issue("land-new", "normal"), Err(refused));
}

fn check_in(code: &str) -> Command {
    match issue("birth", "normal") {
        Command::IssueTicket { service, then, class, language, kiosk, printer, .. } => {
            let appointment = Some(code.into());
            Command::IssueTicket { service, then, class, language, appointment, kiosk, printer }
        }
        other => other,
    }
}

fn with_appointment(early: Untimely, late: Untimely) -> Desk {
    let mut desk = Desk::with(|parts| {
        parts.policy.appointments.early = early;
        parts.policy.appointments.late = late;
    });
    desk.now = at("2026-11-22T01:00:00Z");
    let due = at("2026-11-22T03:00:00Z");
    desk.run(&Command::BookAppointment { code: "HEN-7".into(), service: "birth".into(), due }).expect("booked");
    desk
}

#[test]
fn an_appointment_is_checked_in_from_sixty_before_to_twenty_after() {
    for (now, expected) in [
        ("2026-11-22T01:59:59Z", Err(Refusal::AppointmentTooEarly("HEN-7".into(), at("2026-11-22T02:00:00Z")))),
        ("2026-11-22T02:00:00Z", Ok(())),
        ("2026-11-22T03:20:00Z", Ok(())),
        ("2026-11-22T03:20:01Z", Err(Refusal::AppointmentTooLate("HEN-7".into(), at("2026-11-22T03:20:00Z")))),
    ] {
        let mut desk = with_appointment(Untimely::Refuse, Untimely::Refuse);
        desk.now = at(now);
        assert_eq!(desk.take(&check_in("HEN-7")).map(drop), expected, "{now}");
        if expected.is_ok() {
            assert_eq!(desk.take(&check_in("HEN-7")), Err(Refusal::UnknownAppointment("HEN-7".into())), "used once");
        }
    }
    let mut desk = with_appointment(Untimely::AsNormal, Untimely::AsNormal);
    desk.now = at("2026-11-22T03:30:00Z");
    let ticket = desk.take(&check_in("HEN-7")).expect("like everybody");
    assert!(desk.state.ticket(&ticket).is_some_and(|t| t.appointment.is_none()));
    assert!(!desk.state.ticket(&ticket).expect("a ticket").is_urgent());
}

#[test]
fn an_appointment_goes_first_from_its_time_on_and_before_it_only_when_nobody_else_waits() {
    let mut desk = with_appointment(Untimely::Refuse, Untimely::Refuse);
    desk.now = at("2026-11-22T02:30:00Z");
    let first = desk.issue("birth", "normal");
    let appointment = desk.take(&check_in("HEN-7")).expect("checked in");
    let second = desk.issue("birth", "normal");
    desk.open(2, "an");
    assert_eq!(desk.call(2), first.number.to_string(), "the appointment's time has not come");
    desk.no_show(2);
    desk.now = at("2026-11-22T03:00:00Z");
    assert_eq!(desk.call(2), appointment.number.to_string());
    desk.serve(2);
    assert_eq!(desk.call(2), second.number.to_string());
    let mut alone = with_appointment(Untimely::Refuse, Untimely::Refuse);
    alone.now = at("2026-11-22T02:30:00Z");
    let early = alone.take(&check_in("HEN-7")).expect("checked in");
    alone.open(2, "an");
    assert_eq!(alone.call(2), early.number.to_string(), "nobody else waits");
}

#[test]
fn at_the_end_of_the_day_every_ticket_has_an_end() {
    let mut desk = Desk::with(|parts| parts.policy.day_starts_minute = 240);
    desk.open(2, "an");
    let (called, waiting) = (desk.issue("birth", "normal"), desk.issue("land-new", "normal"));
    desk.call(2);
    desk.now = at("2026-11-22T20:59:59Z");
    assert_eq!(desk.pass(0), [], "03:59 local is still the old day");
    desk.now = at("2026-11-22T21:00:00Z");
    desk.run(&Command::PassTime).expect("time passes");
    let ends: Vec<Event> = desk.log.iter().rev().take(3).rev().map(|recorded| recorded.event.clone()).collect();
    let day = date(2026, 11, 23);
    let expired = |ticket| Event::TicketExpired { ticket };
    assert_eq!(ends, [expired(called), expired(waiting), Event::DayOpened { day }]);
    assert_eq!(desk.issue("birth", "normal").to_string(), "20261123-B001");
}

#[test]
fn who_still_waits_an_hour_after_closing_is_expired_but_not_who_is_served() {
    let mut desk = Desk::with(|parts| parts.opening = office_hours());
    desk.now = at("2026-11-25T09:50:00Z");
    desk.open(2, "an");
    let (served, waiting) = (desk.issue("birth", "normal"), desk.issue("birth", "normal"));
    desk.call(2);
    desk.now = at("2026-11-25T10:59:59Z");
    assert_eq!(desk.pass(0), []);
    assert_eq!(desk.pass(1), [Event::TicketExpired { ticket: waiting }]);
    assert_eq!((desk.phase(served), desk.phase(waiting)), (TicketPhase::Called, TicketPhase::Expired));
    assert_eq!(desk.pass(1), [], "once");
    desk.serve(2);
}

#[test]
fn who_has_a_number_of_a_service_with_later_hours_is_expired_after_these() {
    let mut desk = Desk::with(|parts| {
        parts.opening = office_hours();
        // 19:00 to 20:00, also on Saturday and Sunday.
        parts.services[2].hours = Some(Week(std::array::from_fn(|_| vec![Span { from: 1140, to: 1200 }])));
    });
    for evening in ["2026-11-25T12:30:00Z", "2026-11-28T12:30:00Z"] {
        desk.now = at(evening);
        let ticket = desk.issue("birth", "normal");
        assert_eq!(desk.pass(1), [], "the service is open");
        assert_eq!(desk.pass(88), []);
        assert_eq!(desk.pass(1), [Event::TicketExpired { ticket }], "an hour after it closed");
    }
}

#[test]
fn what_was_learned_booked_and_suspended_outlives_the_day() {
    let mut desk = Desk::new();
    let due = at("2026-11-24T03:00:00Z");
    desk.run(&Command::BookAppointment { code: "HEN-8".into(), service: "birth".into(), due }).expect("booked");
    desk.run(&Command::SuspendService { service: "land-new".into(), reason: "x".into(), until: None }).expect("told");
    desk.pass(24 * 60);
    desk.run(&Command::PassTime).expect("time passes");
    assert_eq!(desk.state.appointments().count(), 1);
    assert!(desk.state.suspension(&"land-new".into()).is_some());
    desk.pass(5 * 24 * 60);
    desk.run(&Command::PassTime).expect("time passes");
    assert_eq!(desk.state.appointments().count(), 0, "an appointment of days ago is nobody's");
}
