//! What each person in the hall would press now.

use jiff::{SignedDuration, Timestamp};
use queue::{
    AppointmentCode, Command, CounterNumber, CounterState, Hall, HallState, Kiosk, KioskId, OutcomeId, PaperUsed,
    PrintReport, PrintState, PrinterName, ServiceId, ServingResult, StaffPaperKind, TicketId, TicketPhase,
};

use super::dice::{Dice, choose, maybe, one_in};

/// What a person who is about to press sees.
pub(super) struct Scene<'a> {
    pub(super) hall: &'a Hall,
    pub(super) state: &'a HallState,
    pub(super) now: Timestamp,
}

/// How the people of one seed are, in parts of a hundred, and the appointments that they made.
pub(super) struct Manners {
    /// Citizens among those who press.
    citizens: u8,
    /// Citizens who may be of any class; the others are normal.
    urgent: u8,
    /// Several services on one number.
    journeys: u8,
    /// Counters at which officers are.
    attended: usize,
    /// Officers who press something else than the next thing.
    whims: u8,
    /// Presses that are repeated.
    pub(super) repeats: u8,
    appointments: Vec<(AppointmentCode, ServiceId, Timestamp)>,
    booked: u32,
}

impl Manners {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self {
            citizens: dice.u8(15..42),
            urgent: dice.u8(5..90),
            journeys: dice.u8(..40),
            attended: dice.usize(10..=100),
            whims: dice.u8(2..40),
            repeats: dice.u8(1..10),
            appointments: Vec::new(),
            booked: 0,
        }
    }
}

/// Agents among those who press, in parts of a hundred.
const AGENTS: u8 = 22;
/// An appointment this near is checked in, minutes.
const NEAR: i64 = 60;

/// What somebody presses.
pub(super) fn press_something(scene: &Scene<'_>, manners: &mut Manners, dice: &mut Dice) -> Command {
    let who = dice.u8(..100);
    if who < manners.citizens {
        return citizen(scene, manners, dice);
    }
    let agents = who < manners.citizens + AGENTS;
    let agent = if agents { agent(scene, dice) } else { None };
    agent.or_else(|| officer(scene, manners, dice)).unwrap_or_else(|| citizen(scene, manners, dice))
}

fn minutes_from(now: Timestamp, minutes: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(now)
}

/// A ticket of the day in a phase; sometimes in any.
fn ticket(scene: &Scene<'_>, phase: TicketPhase, dice: &mut Dice) -> Option<TicketId> {
    let any = one_in(30, dice);
    let tickets = scene.state.tickets().iter().filter(|ticket| any || ticket.phase == phase);
    dice.choice(tickets.map(|ticket| ticket.id).collect::<Vec<_>>())
}

fn any_service(scene: &Scene<'_>, dice: &mut Dice) -> ServiceId {
    choose(&scene.hall.parts().services, dice).id.clone()
}

fn citizen(scene: &Scene<'_>, manners: &mut Manners, dice: &mut Dice) -> Command {
    let levels = &scene.hall.parts().rating_levels;
    match dice.u8(..100) {
        0..4 => ticket(scene, TicketPhase::Waiting, dice).map(|ticket| Command::CancelTicket { ticket }),
        4..14 => ticket(scene, TicketPhase::Missed, dice).map(|ticket| Command::ReturnTicket { ticket }),
        14..30 => {
            let level = choose(levels, dice).id.clone();
            let unrated = scene.state.counters().filter_map(|(_, counter)| counter.awaits_rating).collect::<Vec<_>>();
            let ticket = dice.choice(unrated).or_else(|| ticket(scene, TicketPhase::Finished, dice));
            let reasons = Vec::new();
            ticket.map(|ticket| Command::RateService { ticket, level, reasons, comment: one_in(5, dice) })
        }
        30..32 => about_paper(scene, dice),
        32..37 => Some(book(scene, manners, dice)),
        _ => None,
    }
    .unwrap_or_else(|| issue(scene, manners, dice))
}

/// Staff settle paper that nobody confirmed, or want it once more.
fn about_paper(scene: &Scene<'_>, dice: &mut Dice) -> Option<Command> {
    let doubtful = |state: &PrintState| matches!(state, PrintState::Unconfirmed(_));
    let jobs = scene.state.print_jobs().filter(|job| doubtful(&job.state)).map(|job| job.id.ticket);
    let ticket = dice.choice(jobs.collect::<Vec<_>>()).or_else(|| ticket(scene, TicketPhase::Waiting, dice))?;
    Some(if dice.bool() { Command::AcceptPrint { ticket } } else { Command::ReprintTicket { ticket } })
}

fn book(scene: &Scene<'_>, manners: &mut Manners, dice: &mut Dice) -> Command {
    if one_in(8, dice) && !manners.appointments.is_empty() {
        let given_up = dice.usize(..manners.appointments.len());
        return Command::CancelAppointment { code: manners.appointments.swap_remove(given_up).0 };
    }
    manners.booked += 1;
    let code: AppointmentCode = format!("a{}", manners.booked).as_str().into();
    let (service, due) = (any_service(scene, dice), minutes_from(scene.now, dice.i64(-2..240)));
    manners.appointments.push((code.clone(), service.clone(), due));
    Command::BookAppointment { code, service, due }
}

fn issue(scene: &Scene<'_>, manners: &mut Manners, dice: &mut Dice) -> Command {
    let parts = scene.hall.parts();
    let near = |due: Timestamp| due.duration_since(scene.now).as_mins().abs() < NEAR;
    let untimely = one_in(20, dice);
    let booked = manners.appointments.iter().position(|(.., due)| untimely || near(*due));
    let appointment = booked.filter(|_| one_in(3, dice)).map(|booked| manners.appointments.swap_remove(booked));
    let (appointment, booked_for) = appointment.map(|(code, service, _)| (code, service)).unzip();
    let kiosk = choose(&parts.kiosks, dice);
    let service = booked_for.filter(|_| !one_in(10, dice)).unwrap_or_else(|| offered(scene, kiosk, dice));
    let stages = if dice.u8(..100) < manners.journeys { dice.usize(1..4) } else { 0 };
    let then = (0..stages).map(|_| offered(scene, kiosk, dice)).collect();
    let urgent = dice.u8(..100) < manners.urgent;
    let class = if urgent { choose(&parts.classes, dice) } else { &parts.classes[0] };
    let kiosk = (!one_in(8, dice)).then(|| kiosk.id.clone());
    let printer = maybe(2, dice, |_| "run-1".into()).filter(|_| kiosk.is_some());
    let language = (*choose(&["vi", "en"], dice)).to_owned();
    Command::IssueTicket { service, class: class.id.clone(), language, then, appointment, kiosk, printer }
}

/// A service that gives numbers now at a kiosk; sometimes any.
fn offered(scene: &Scene<'_>, kiosk: &Kiosk, dice: &mut Dice) -> ServiceId {
    let at_kiosk = |id: &ServiceId| kiosk.services.as_ref().is_none_or(|services| services.contains(id));
    let ids = scene.hall.parts().services.iter().map(|service| &service.id).filter(|id| at_kiosk(id));
    let open = ids.filter(|id| scene.state.availability(scene.hall, id, scene.now).is_none());
    let open: Vec<&ServiceId> = if one_in(12, dice) { Vec::new() } else { open.collect() };
    dice.choice(open).cloned().unwrap_or_else(|| any_service(scene, dice))
}

/// The name of a kiosk's printer, its own in the hall.
pub(super) fn printer_of(kiosk: &KioskId) -> PrinterName {
    format!("printer-{kiosk}").as_str().into()
}

fn report(kiosk: &KioskId, dice: &mut Dice) -> PrintReport {
    let used = |millimetres| PaperUsed { printer: printer_of(kiosk), millimetres };
    match dice.u8(..10) {
        0 => PrintReport::Failed("paper-out".to_owned()),
        1 => PrintReport::Unconfirmed("link-lost".to_owned()),
        2 => PrintReport::Printed(None),
        _ => PrintReport::Printed(Some(used(dice.u32(50..200)))),
    }
}

/// Staff want a paper of their own, or its agent goes on with it.
fn staff_paper(scene: &Scene<'_>, dice: &mut Dice) -> Command {
    let open: Vec<_> = scene.state.staff_papers().filter(|paper| paper.state.is_open()).collect();
    match dice.choice(open) {
        Some(paper) if paper.state == PrintState::Pending => Command::StartStaffPaper { paper: paper.id },
        Some(paper) => Command::ReportStaffPaper { paper: paper.id, report: report(&paper.kiosk, dice) },
        None => {
            let kind = *choose(&[StaffPaperKind::Test, StaffPaperKind::Summary], dice);
            Command::PrintStaffPaper { kiosk: choose(&scene.hall.parts().kiosks, dice).id.clone(), kind }
        }
    }
}

fn agent(scene: &Scene<'_>, dice: &mut Dice) -> Option<Command> {
    if one_in(25, dice) {
        let kiosk = choose(&scene.hall.parts().kiosks, dice).id.clone();
        let printer = printer_of(&kiosk);
        return Some(if one_in(5, dice) { Command::ChangeRoll { kiosk, printer } } else { staff_paper(scene, dice) });
    }
    let job = dice.choice(scene.state.open_print_jobs().collect::<Vec<_>>())?;
    let report = report(&job.kiosk, dice);
    Some(match job.state {
        PrintState::Pending => Command::StartPrint { job: job.id },
        _ => Command::ReportPrint { job: job.id, report },
    })
}

fn officer(scene: &Scene<'_>, manners: &Manners, dice: &mut Dice) -> Option<Command> {
    if one_in(60, dice) {
        return Some(head_of_hall(scene, dice));
    }
    let parts = scene.hall.parts();
    let attended = (parts.counters.len() * manners.attended).div_ceil(100);
    let counter = choose(&parts.counters[..attended], dice).number;
    let whim = dice.u8(..100) < manners.whims;
    let closed = CounterState::default();
    let state = scene.state.counter(counter).unwrap_or(&closed);
    let phase = state.open_ticket.and_then(|id| scene.state.ticket(&id)).map(|ticket| ticket.phase);
    if state.officer.is_none() {
        return Some(Command::OpenCounter { counter, officer: choose(&parts.officers, dice).id.clone() });
    }
    Some(match phase {
        _ if state.paused.is_some() => Command::ResumeCounter { counter },
        None if whim => idle_whim(scene, counter, dice),
        // They see whether anybody waits.
        None if one_in(20, dice) || scene.state.next_for(scene.hall, counter, scene.now).is_some() => {
            Command::CallNext { counter }
        }
        None => return None,
        Some(_) if whim => busy_whim(scene, counter, dice),
        Some(TicketPhase::Called) => Command::StartServing { counter },
        Some(_) => finish(scene, counter, dice),
    })
}

fn idle_whim(scene: &Scene<'_>, counter: CounterNumber, dice: &mut Dice) -> Command {
    let reason = "asked".to_owned();
    match dice.u8(..10) {
        0..2 => Command::PauseCounter { counter, reason },
        2..4 => Command::CloseCounter { counter, hand_over: dice.bool() },
        4..6 => {
            let phase = *choose(&[TicketPhase::Waiting, TicketPhase::Parked, TicketPhase::Missed], dice);
            let picked = ticket(scene, phase, dice).map(|ticket| Command::CallTicket { counter, ticket, reason });
            picked.unwrap_or(Command::CallNext { counter })
        }
        6..8 => {
            let parked = ticket(scene, TicketPhase::Parked, dice).map(|ticket| Command::UnparkTicket { ticket });
            parked.unwrap_or(Command::CallNext { counter })
        }
        _ => Command::CallNext { counter },
    }
}

fn busy_whim(scene: &Scene<'_>, counter: CounterNumber, dice: &mut Dice) -> Command {
    match dice.u8(..20) {
        0..3 => Command::Recall { counter },
        3..7 => Command::MarkNoShow { counter },
        7..10 => {
            let until = maybe(2, dice, |dice| minutes_from(scene.now, dice.i64(-1..60)));
            Command::ParkTicket { counter, until, reason: "papers missing".to_owned() }
        }
        10..15 => {
            let service = maybe(2, dice, |dice| any_service(scene, dice));
            let to = maybe(2, dice, |dice| choose(&scene.hall.parts().counters, dice).number);
            Command::TransferTicket { counter, service, to, and_return: dice.bool() }
        }
        15..17 => Command::CloseCounter { counter, hand_over: !one_in(4, dice) },
        17 => Command::PauseCounter { counter, reason: "tea".to_owned() },
        18 => Command::CallNext { counter },
        _ => finish(scene, counter, dice),
    }
}

fn finish(scene: &Scene<'_>, counter: CounterNumber, dice: &mut Dice) -> Command {
    let outcome: Option<OutcomeId> = dice.choice(&scene.hall.parts().outcomes).cloned();
    let dossiers = (0..dice.usize(..3)).map(|n| format!("H29-{n}")).collect();
    Command::FinishServing { counter, result: ServingResult { outcome, dossiers } }
}

fn head_of_hall(scene: &Scene<'_>, dice: &mut Dice) -> Command {
    let kiosk = choose(&scene.hall.parts().kiosks, dice).id.clone();
    if scene.state.is_kiosk_closed(&kiosk) {
        return Command::OpenKiosk { kiosk };
    }
    if one_in(6, dice) {
        return Command::CloseKiosk { kiosk };
    }
    let service = any_service(scene, dice);
    if scene.state.suspension(&service).is_some() {
        return Command::ResumeService { service };
    }
    let until = maybe(2, dice, |dice| minutes_from(scene.now, dice.i64(1..90)));
    Command::SuspendService { service, reason: "no link".to_owned(), until }
}
