use jiff::Timestamp;
use kit::Fault;
use protocol::work::{PrintJob, StaffPaper, StaffPaperJob, TicketSlip};

use super::*;

fn job(id: &str, kiosk: &str, state: PrintState) -> PrintJob {
    let slip = TicketSlip {
        language: "vi".to_owned(),
        hall: "Hall".to_owned(),
        hall_line2: String::new(),
        field: "Field".to_owned(),
        service: "Service".to_owned(),
        number: id.to_owned(),
        people_ahead: 0,
        wait_minutes: [0, 0],
        counters: vec![1],
        class: None,
        issued_at: "2026-11-22T08:41:00+07:00".to_owned(),
        follow_url: None,
    };
    let (id, kiosk) = (id.to_owned(), kiosk.to_owned());
    PrintJob { id, kiosk, state, run: None, requested_at: Timestamp::UNIX_EPOCH, reprint: false, slip }
}

fn pending(id: &str) -> PrintJob {
    job(id, "kiosk-1", PrintState::Pending)
}

fn pending_job(id: &str) -> Job {
    pending(id).into()
}

fn handed_job(id: &str, run: &str) -> Job {
    PrintJob { run: Some(run.to_owned()), ..printing(id) }.into()
}

fn printing(id: &str) -> PrintJob {
    job(id, "kiosk-1", PrintState::Printing)
}

fn work(print_jobs: Vec<PrintJob>) -> Work {
    Work {
        sequence: 1,
        now: Timestamp::UNIX_EPOCH,
        print_jobs,
        staff_papers: Vec::new(),
        counters: Vec::new(),
        last_call: None,
    }
}

fn start(id: &str) -> Errand {
    Errand::Start { printer: 0, job: id.to_owned() }
}

fn report(id: &str, report: PrintReport) -> Errand {
    Errand::Report { job: id.to_owned(), report }
}

fn fault(code: &'static str) -> Fault {
    Fault::new(code, "detail", "action")
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what a report may lack")]
fn used(printer: &str) -> Option<PaperUsed> {
    Some(PaperUsed { printer: printer.to_owned(), millimetres: 100 })
}

const CLEAR: Errand = Errand::Clear { printer: 0 };
const SOON: Started = Started::Printing { after: Duration::ZERO };

struct Bench {
    desk: Desk,
    now: Instant,
    well: Vec<bool>,
}

impl Bench {
    fn new() -> Self {
        Self::with(&[1])
    }

    /// A kiosk with so many printers, by their shares.
    fn with(shares: &[u16]) -> Self {
        let place = |(n, share): (usize, &u16)| Place {
            name: format!("printer-{}", n + 1),
            kiosk: "kiosk-1".to_owned(),
            share: *share,
        };
        let desk = Desk::new(shares.iter().enumerate().map(place), "run-1");
        Self { desk, now: Instant::now(), well: vec![true; shares.len()] }
    }

    fn all(&mut self, well: bool) {
        self.well.fill(well);
    }

    /// A job of a printer ends.
    fn ends(&mut self, place: usize, outcome: &PrintOutcome) -> Option<Errand> {
        self.desk.printed(place, outcome, 100, self.now)
    }

    /// A snapshot comes and what can begin begins.
    fn work(&mut self, jobs: Vec<PrintJob>) -> Vec<Errand> {
        let mut errands = self.desk.work(&work(jobs));
        errands.extend(self.begin());
        errands
    }

    fn begin(&mut self) -> Vec<Errand> {
        self.desk.begin(self.now, |place| self.well[place])
    }
}

#[test]
fn one_at_a_time_and_the_oldest_first() {
    let mut bench = Bench::new();
    let jobs = || vec![pending("A001"), pending("A002"), job("B001", "kiosk-9", PrintState::Pending)];
    assert_eq!(bench.work(jobs()), [start("A001")]);
    assert_eq!(bench.work(jobs()), [], "the printer is taken");
    let print = Errand::Print { printer: 0, job: Box::new(pending_job("A001")) };
    assert_eq!(bench.desk.started(0, &SOON), Some(print));
    assert_eq!(bench.begin(), []);
    let printed = bench.ends(0, &PrintOutcome::Printed);
    assert_eq!(printed, Some(report("A001", PrintReport::Printed { paper: used("printer-1") })));
    assert_eq!(bench.begin(), [start("A002")], "the report may take its time");
    assert!(!bench.desk.is_settled());
}

#[test]
fn an_old_snapshot_never_prints_twice_and_makes_no_orphan() {
    let mut bench = Bench::new();
    assert_eq!(bench.work(vec![pending("A001")]), [start("A001")]);
    assert_eq!(bench.work(vec![printing("A001")]), [], "held: our own start, not yet answered");
    assert!(bench.desk.started(0, &SOON).is_some());
    assert_eq!(bench.work(vec![pending("A001")]), [], "held: older than our start");
    assert!(bench.ends(0, &PrintOutcome::Printed).is_some());
    assert_eq!(bench.work(vec![printing("A001")]), [], "held: the report is on its way");
    bench.desk.reported("A001");
    assert_eq!(bench.work(vec![printing("A001")]), [], "settled: older than our report");
    assert_eq!(bench.work(vec![pending("A001")]), []);
    assert!(bench.desk.is_settled());
}

#[test]
fn a_job_of_an_agent_that_died_is_unconfirmed_and_never_printed() {
    let mut bench = Bench::new();
    let unconfirmed = report("A001", PrintReport::Unconfirmed { reason: AGENT_RESTARTED.to_owned() });
    let elsewhere = job("B001", "kiosk-9", PrintState::Printing);
    assert_eq!(bench.work(vec![printing("A001"), elsewhere, pending("A002")]), [CLEAR, unconfirmed, start("A002")]);
    assert_eq!(bench.work(vec![printing("A001")]), []);
    bench.desk.reported("A001");
    assert_eq!(bench.work(vec![printing("A001"), pending("A001")]), []);
}

#[test]
fn a_paper_told_before_the_work_is_printed_once() {
    let mut bench = Bench::new();
    let handed = |id: &str, run: &str| PrintJob { run: Some(run.to_owned()), ..printing(id) };
    assert_eq!(bench.work(vec![]), []);
    let print = Errand::Print { printer: 0, job: Box::new(handed_job("A001", "run-1")) };
    assert_eq!(bench.desk.handed(handed_job("A001", "run-1")), [print]);
    assert_eq!(bench.desk.handed(handed_job("A001", "run-1")), [], "held");
    assert_eq!(bench.work(vec![handed("A001", "run-1")]), [], "the work that follows tells nothing new");
    let elsewhere = PrintJob { kiosk: "kiosk-2".to_owned(), ..handed("B001", "run-1") };
    assert_eq!(bench.desk.handed(elsewhere.into()), [], "another agent's printer");
}

#[test]
fn a_job_handed_to_this_run_with_its_ticket_is_printed_once() {
    let mut bench = Bench::new();
    let handed = |id: &str, run: &str| PrintJob { run: Some(run.to_owned()), ..printing(id) };
    let print = Errand::Print { printer: 0, job: Box::new(handed_job("A001", "run-1")) };
    assert_eq!(bench.work(vec![handed("A001", "run-1")]), [print]);
    assert_eq!(bench.work(vec![handed("A001", "run-1")]), [], "held");
    bench.ends(0, &PrintOutcome::Printed);
    bench.desk.reported("A001");
    assert_eq!(bench.work(vec![handed("A001", "run-1")]), [], "settled");
    let unconfirmed = PrintReport::Unconfirmed { reason: AGENT_RESTARTED.to_owned() };
    let died = [CLEAR, report("A002", unconfirmed)];
    assert_eq!(bench.work(vec![handed("A002", "run-0")]), died, "of a run that died");
}

#[test]
fn a_handed_job_that_is_too_old_or_finds_the_printer_busy_prints_nothing() {
    let mut bench = Bench::new();
    let handed = |id: &str| PrintJob { run: Some("run-1".to_owned()), ..printing(id) };
    let mut late = work(vec![handed("A001")]);
    late.now += jiff::SignedDuration::from_secs(61);
    let failed = |reason: &str| PrintReport::Failed { reason: reason.to_owned() };
    assert_eq!(bench.desk.work(&late), [report("A001", failed(START_TOO_LATE))]);
    assert_eq!(bench.work(vec![pending("A002")]), [start("A002")]);
    assert_eq!(bench.work(vec![handed("A003")]), [report("A003", failed(PRINTER_BUSY))]);
}

#[test]
fn nothing_begins_without_the_hub_or_a_well_printer_or_while_stopping() {
    let mut bench = Bench::new();
    bench.all(false);
    assert_eq!(bench.work(vec![pending("A001")]), []);
    bench.desk.hub_lost();
    bench.all(true);
    assert_eq!(bench.begin(), []);
    assert_eq!(bench.work(vec![pending("A001"), pending("A002")]), [start("A001")]);
    bench.desk.stop();
    let stopped = PrintReport::Failed { reason: AGENT_STOPPED.to_owned() };
    assert_eq!(bench.desk.started(0, &SOON), Some(report("A001", stopped)), "nothing left this machine");
    assert_eq!(bench.work(vec![pending("A002"), printing("A009")]), []);
    assert!(!bench.desk.is_printing());
}

#[test]
fn a_start_that_is_refused_or_answered_too_late_prints_nothing() {
    let mut bench = Bench::new();
    bench.work(vec![pending("A001"), pending("A002")]);
    assert_eq!(bench.desk.started(0, &Started::Not), None);
    assert_eq!(bench.begin(), [start("A002")]);
    let late = Started::Printing { after: START_LIMIT + Duration::from_secs(1) };
    let failed = PrintReport::Failed { reason: START_TOO_LATE.to_owned() };
    assert_eq!(bench.desk.started(0, &late), Some(report("A002", failed)));
    bench.desk.reported("A002");
    assert_eq!(bench.work(vec![pending("A001"), pending("A002")]), [], "both are done");
}

#[test]
fn outcomes_become_reports_and_a_doubtful_printer_rests() {
    let outcomes = [
        (PrintOutcome::Failed { fault: fault("paper-out") }, PrintReport::Failed { reason: "paper-out".into() }),
        (PrintOutcome::NotStarted { fault: fault("lost") }, PrintReport::Failed { reason: "lost".into() }),
        (PrintOutcome::Unconfirmed { fault: fault("lost") }, PrintReport::Unconfirmed { reason: "lost".into() }),
        (PrintOutcome::Failed { fault: fault("Paper Out") }, PrintReport::Failed { reason: "unknown-fault".into() }),
    ];
    for (outcome, expected) in outcomes {
        let mut bench = Bench::new();
        bench.work(vec![pending("A001"), pending("A002")]);
        bench.desk.started(0, &SOON);
        assert_eq!(bench.ends(0, &outcome), Some(report("A001", expected)));
        assert_eq!(bench.begin(), [], "{outcome:?}");
        assert_eq!(bench.desk.rest_ends(), Some(bench.now + REST));
        bench.now += REST;
        assert_eq!(bench.begin(), [start("A002")]);
        assert_eq!(bench.desk.rest_ends(), None);
    }
}

#[test]
fn a_rest_ends_while_the_hub_is_away_too() {
    let mut bench = Bench::new();
    bench.work(vec![pending("A001")]);
    bench.desk.started(0, &SOON);
    bench.ends(0, &PrintOutcome::Unconfirmed { fault: fault("lost") });
    bench.desk.hub_lost();
    bench.now += REST;
    assert_eq!(bench.begin(), []);
    assert_eq!(bench.desk.rest_ends(), None, "or the loop would spin on it");
}

#[test]
fn bounds_hold() {
    let mut bench = Bench::new();
    let dead = |n: usize| printing(&format!("D{n:03}"));
    let errands = bench.work((0..MOST_HELD + 5).map(dead).chain([pending("A001")]).collect());
    assert_eq!(errands.len(), 2 * MOST_HELD, "and nothing is begun");
    bench.desk.reported("D000");
    assert_eq!(bench.work((0..MOST_HELD + 5).map(dead).collect()).len(), 2, "the rest comes with later snapshots");
    for n in 0..=SETTLED_REMEMBERED {
        bench.desk.reported(&format!("S{n}"));
    }
    assert_eq!(bench.desk.settled.len(), SETTLED_REMEMBERED);
    let many = (0..MOST_WAITING + 9).map(|n| pending(&format!("W{n}"))).collect();
    bench.desk.stop();
    assert_eq!(bench.work(many), []);
    assert_eq!(bench.desk.waiting.len(), MOST_WAITING);
}

fn failed(code: &'static str) -> PrintOutcome {
    PrintOutcome::Failed { fault: fault(code) }
}

fn print(printer: usize, id: &str) -> Errand {
    Errand::Print { printer, job: Box::new(pending_job(id)) }
}

#[test]
fn shares_spread_the_load_of_a_kiosk() {
    let mut bench = Bench::with(&[3, 1]);
    let mut jobs = [0; 2];
    for n in 0..40 {
        let id = format!("A{n:03}");
        let errands = bench.work(vec![pending(&id)]);
        let [Errand::Start { printer, .. }] = errands[..] else { panic!("{errands:?}") };
        jobs[printer] += 1;
        bench.desk.started(printer, &SOON);
        bench.ends(printer, &PrintOutcome::Printed);
        bench.desk.reported(&id);
    }
    assert_eq!(jobs, [30, 10]);
}

#[test]
fn two_printers_print_side_by_side_and_the_ill_one_is_left_out() {
    let mut bench = Bench::with(&[1, 1]);
    let start_on = |printer, id: &str| Errand::Start { printer, job: id.to_owned() };
    let jobs = vec![pending("A001"), pending("A002"), pending("A003")];
    assert_eq!(bench.work(jobs), [start_on(0, "A001"), start_on(1, "A002")]);
    bench.desk.started(1, &SOON);
    bench.ends(1, &PrintOutcome::Printed);
    bench.well[1] = false;
    assert_eq!(bench.begin(), [], "the ill one gets nothing, the other is busy");
    bench.desk.started(0, &SOON);
    bench.ends(0, &PrintOutcome::Printed);
    assert_eq!(bench.begin(), [start_on(0, "A003")]);
}

#[test]
fn a_job_that_one_printer_could_not_print_goes_to_the_next_as_the_same_job() {
    for outcome in [failed("paper-out"), PrintOutcome::NotStarted { fault: fault("disconnected") }] {
        let mut bench = Bench::with(&[1, 1]);
        bench.work(vec![pending("A001")]);
        bench.desk.started(0, &SOON);
        bench.well[0] = false;
        assert_eq!(bench.ends(0, &outcome), None, "nothing is reported yet");
        assert!(bench.desk.is_printing());
        assert_eq!(bench.begin(), [print(1, "A001")]);
        let printed = PrintReport::Printed { paper: used("printer-2") };
        assert_eq!(bench.ends(1, &PrintOutcome::Printed), Some(report("A001", printed)));
    }
}

#[test]
fn an_unconfirmed_job_never_goes_to_another_printer() {
    let mut bench = Bench::with(&[1, 1]);
    bench.work(vec![pending("A001")]);
    bench.desk.started(0, &SOON);
    let doubtful = PrintOutcome::Unconfirmed { fault: fault("no-answer") };
    let unconfirmed = PrintReport::Unconfirmed { reason: "no-answer".to_owned() };
    assert_eq!(bench.ends(0, &doubtful), Some(report("A001", unconfirmed)));
    assert_eq!(bench.begin(), []);
}

#[test]
fn a_job_fails_when_no_printer_is_left_and_each_had_it_once() {
    let mut bench = Bench::with(&[1, 1]);
    bench.work(vec![pending("A001")]);
    bench.desk.started(0, &SOON);
    assert_eq!(bench.ends(0, &failed("paper-out")), None);
    assert_eq!(bench.begin(), [print(1, "A001")]);
    let reason = "cutter-jam".to_owned();
    assert_eq!(bench.ends(1, &failed("cutter-jam")), Some(report("A001", PrintReport::Failed { reason })));

    let mut bench = Bench::with(&[1, 1]);
    bench.well[1] = false;
    bench.work(vec![pending("A001")]);
    bench.desk.started(0, &SOON);
    let reason = "paper-out".to_owned();
    assert_eq!(bench.ends(0, &failed("paper-out")), Some(report("A001", PrintReport::Failed { reason })));
}

#[test]
fn a_moved_job_waits_for_a_busy_printer_but_not_for_ever_and_not_over_a_stop() {
    let begun = || {
        let mut bench = Bench::with(&[1, 1]);
        bench.work(vec![pending("A001"), pending("A002")]);
        bench.desk.started(0, &SOON);
        bench.desk.started(1, &SOON);
        assert_eq!(bench.ends(0, &failed("paper-out")), None);
        bench.well[0] = false;
        assert_eq!(bench.begin(), []);
        bench
    };
    let mut bench = begun();
    bench.ends(1, &PrintOutcome::Printed);
    assert_eq!(bench.begin(), [print(1, "A001")], "before all that wait");
    let failed = |reason: &str| report("A001", PrintReport::Failed { reason: reason.to_owned() });
    let mut bench = begun();
    bench.now += START_LIMIT;
    assert_eq!(bench.begin(), [failed("paper-out")]);
    let mut bench = begun();
    bench.well[1] = false;
    assert_eq!(bench.begin(), [failed("paper-out")], "the other fell ill meanwhile");
    let mut bench = begun();
    bench.desk.stop();
    assert_eq!(bench.begin(), [failed(AGENT_STOPPED)]);
}

#[test]
fn a_paper_for_staff_goes_the_way_of_tickets_behind_them() {
    let mut bench = Bench::new();
    let paper = StaffPaper::Test { hall: "Hall".to_owned(), time: String::new() };
    let staff = |state| StaffPaperJob {
        id: "staff-1".to_owned(),
        kiosk: "kiosk-1".to_owned(),
        state,
        requested_at: Timestamp::UNIX_EPOCH,
        paper: paper.clone(),
    };
    let mut both = work(vec![pending("A001")]);
    both.staff_papers = vec![staff(PrintState::Pending)];
    assert_eq!(bench.desk.work(&both), []);
    assert_eq!(bench.begin(), [start("A001")]);
    bench.desk.started(0, &SOON);
    bench.ends(0, &PrintOutcome::Printed);
    assert_eq!(bench.begin(), [start("staff-1")]);
    let Some(Errand::Print { job, .. }) = bench.desk.started(0, &SOON) else { panic!("it is printed") };
    assert_eq!(job.content, Content::Staff(Box::new(paper.clone())));
    let mut died = work(Vec::new());
    died.staff_papers = vec![StaffPaperJob { id: "staff-2".to_owned(), ..staff(PrintState::Printing) }];
    let unconfirmed = PrintReport::Unconfirmed { reason: AGENT_RESTARTED.to_owned() };
    assert_eq!(bench.desk.work(&died), [CLEAR, report("staff-2", unconfirmed)]);
}
