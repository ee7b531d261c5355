//! Rolls by count, and papers for staff.

mod common;

use common::{Desk, issue};
use queue::{Command, Event, KioskId, PaperUsed, PrintReport, PrintState, PrinterName, Refusal, StaffPaperKind};

fn used(printer: &str, millimetres: u32) -> Option<PaperUsed> {
    Some(PaperUsed { printer: printer.into(), millimetres })
}

/// Prints so many tickets of 100 mm.
fn print(desk: &mut Desk, tickets: usize) {
    for _ in 0..tickets {
        let ticket = desk.take(&issue("birth", "normal")).expect("a number");
        let job = desk.state.ticket(&ticket).and_then(|t| desk.state.newest_print_job(t)).expect("its paper").id;
        desk.run(&Command::StartPrint { job }).expect("pending");
        let report = PrintReport::Printed(used("printer-1", 100));
        desk.run(&Command::ReportPrint { job, report }).expect("printing");
    }
}

fn roll() -> (KioskId, PrinterName) {
    ("kiosk-1".into(), "printer-1".into())
}

#[test]
fn a_roll_is_counted_over_days_until_it_is_changed() {
    let mut desk = Desk::new();
    let (kiosk, printer) = roll();
    print(&mut desk, 3);
    let roll = |desk: &Desk| desk.state.roll(&kiosk, &printer).cloned().expect("it printed");
    assert_eq!((roll(&desk).printed, roll(&desk).today), (300, 300));
    assert_eq!(roll(&desk).days_for(10_000), None, "no day has passed");
    desk.pass(24 * 60);
    print(&mut desk, 1);
    desk.pass(24 * 60);
    // A day without paper says nothing of what a day needs.
    desk.pass(24 * 60);
    assert_eq!((roll(&desk).printed, roll(&desk).today), (400, 0));
    assert_eq!(roll(&desk).days, [300, 100]);
    assert_eq!(roll(&desk).days_for(1_000), Some(5), "200 mm a day");
    desk.run(&Command::ChangeRoll { kiosk: kiosk.clone(), printer: printer.clone() }).expect("a new roll");
    assert_eq!((roll(&desk).printed, roll(&desk).days.len()), (0, 2), "what a day needs is still known");
}

#[test]
fn a_paper_for_staff_has_a_life_of_its_own() {
    let mut desk = Desk::new();
    let ask = Command::PrintStaffPaper { kiosk: "kiosk-1".into(), kind: StaffPaperKind::Summary };
    let events = desk.run(&ask).expect("a paper");
    let Some(Event::StaffPaperRequested { paper, .. }) = events.last().cloned() else { panic!("{events:?}") };
    assert_eq!(paper.to_string(), "20261122-staff-1");
    assert_eq!("20261122-staff-1".parse(), Ok(paper));
    assert!("20261122-B001-p1".parse::<queue::StaffPaperId>().is_err());
    assert_eq!(desk.run(&ask), Err(Refusal::StaffPaperOpen(paper)), "one at a time");
    let report = |report| Command::ReportStaffPaper { paper, report };
    let printed = report(PrintReport::Printed(used("printer-1", 80)));
    assert_eq!(desk.run(&printed), Err(Refusal::StaffPaperNotStarted(paper)));
    desk.run(&Command::StartStaffPaper { paper }).expect("pending");
    assert_eq!(desk.run(&Command::StartStaffPaper { paper }), Err(Refusal::StaffPaperTaken(paper)));
    desk.run(&printed).expect("printing");
    assert_eq!(desk.run(&printed), Err(Refusal::StaffPaperSettled(paper)));
    assert_eq!(desk.state.staff_paper(&paper).map(|p| &p.state), Some(&PrintState::Printed));
    let (kiosk, printer) = roll();
    assert_eq!(desk.state.roll(&kiosk, &printer).map(|roll| roll.printed), Some(80));
    assert!(desk.state.print_jobs().next().is_none(), "no ticket has to do with it");
    let events = desk.run(&ask).expect("another");
    assert!(matches!(events.last(), Some(Event::StaffPaperRequested { paper, .. }) if paper.number == 2));
    desk.pass(5);
    let late = desk.state.staff_papers().last().expect("it waits").id;
    let events = desk.run(&Command::StartStaffPaper { paper: late }).expect("too late");
    assert!(matches!(&events[..], [Event::StaffPaperEnded { end: PrintReport::Failed(why), .. }] if why == "too-late"));
}
