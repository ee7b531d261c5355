use jiff::Timestamp;
use kit::Fault;
use protocol::work::TicketSlip;

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

fn printing(id: &str) -> PrintJob {
    job(id, "kiosk-1", PrintState::Printing)
}

fn work(print_jobs: Vec<PrintJob>) -> Work {
    Work { sequence: 1, now: Timestamp::UNIX_EPOCH, print_jobs, counters: Vec::new(), last_call: None }
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

const CLEAR: Errand = Errand::Clear { printer: 0 };
const SOON: Started = Started::Printing { after: Duration::ZERO };

struct Bench {
    desk: Desk,
    now: Instant,
    well: bool,
}

impl Bench {
    fn new() -> Self {
        Self { desk: Desk::new(["kiosk-1".to_owned()], "run-1"), now: Instant::now(), well: true }
    }

    /// A snapshot comes and what can begin begins.
    fn work(&mut self, jobs: Vec<PrintJob>) -> Vec<Errand> {
        let mut errands = self.desk.work(&work(jobs));
        errands.extend(self.begin());
        errands
    }

    fn begin(&mut self) -> Vec<Errand> {
        let well = self.well;
        self.desk.begin(self.now, |_| well)
    }
}

#[test]
fn one_at_a_time_and_the_oldest_first() {
    let mut bench = Bench::new();
    let jobs = || vec![pending("A001"), pending("A002"), job("B001", "kiosk-9", PrintState::Pending)];
    assert_eq!(bench.work(jobs()), [start("A001")]);
    assert_eq!(bench.work(jobs()), [], "the printer is taken");
    let print = Errand::Print { printer: 0, job: Box::new(pending("A001")) };
    assert_eq!(bench.desk.started(0, &SOON), Some(print));
    assert_eq!(bench.begin(), []);
    let printed = bench.desk.printed(0, &PrintOutcome::Printed, bench.now);
    assert_eq!(printed, Some(report("A001", PrintReport::Printed)));
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
    assert!(bench.desk.printed(0, &PrintOutcome::Printed, bench.now).is_some());
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
    let print = Errand::Print { printer: 0, job: Box::new(handed("A001", "run-1")) };
    assert_eq!(bench.desk.handed(handed("A001", "run-1")), Some(print));
    assert_eq!(bench.desk.handed(handed("A001", "run-1")), None, "held");
    assert_eq!(bench.work(vec![handed("A001", "run-1")]), [], "the work that follows tells nothing new");
    let elsewhere = PrintJob { kiosk: "kiosk-2".to_owned(), ..handed("B001", "run-1") };
    assert_eq!(bench.desk.handed(elsewhere), None, "another agent's printer");
}

#[test]
fn a_job_handed_to_this_run_with_its_ticket_is_printed_once() {
    let mut bench = Bench::new();
    let handed = |id: &str, run: &str| PrintJob { run: Some(run.to_owned()), ..printing(id) };
    let print = Errand::Print { printer: 0, job: Box::new(handed("A001", "run-1")) };
    assert_eq!(bench.work(vec![handed("A001", "run-1")]), [print]);
    assert_eq!(bench.work(vec![handed("A001", "run-1")]), [], "held");
    bench.desk.printed(0, &PrintOutcome::Printed, bench.now);
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
    bench.well = false;
    assert_eq!(bench.work(vec![pending("A001")]), []);
    bench.desk.hub_lost();
    bench.well = true;
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
        assert_eq!(bench.desk.printed(0, &outcome, bench.now), Some(report("A001", expected)));
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
    bench.desk.printed(0, &PrintOutcome::Unconfirmed { fault: fault("lost") }, bench.now);
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
