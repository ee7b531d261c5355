//! The machine by itself: events in, bytes and outcomes out, at times that the test chooses.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod letters;
mod port;
mod trouble;

use kit::LifeCycle;
use proptest::prelude::*;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::*;
use crate::encode::Encoded;
use crate::page::{Block, Page};
use crate::printer::PrintOutcome;
use crate::profile::{Confirm, Discard};

const FINE: [u8; 4] = [0x12; 4];
/// Answers to DLE EOT 1, 2, 3, 4 of a printer without paper.
const PAPER_OUT: [u8; 4] = [0x1a, 0x32, 0x12, 0x72];
const ASB_FINE: [u8; 4] = [0x10, 0, 0, 0x0f];
const ASB_PAPER_OUT: [u8; 4] = [0x18, 0, 0x0c, 0x0f];
const MAKER: &[u8] = b"_EPSON\x00";
/// Answer to DLE DC4 8.
const CLEARED: &[u8] = b"\x37\x25\x00";
const JOB: &[u8] = b"\x1b@\x1da\x0eA012\n\x1dVB\x00";
/// The same as it is sent to a model that answers in its turn: with a mark before the cut and one behind it.
const MARKED: &[u8] = b"\x1b@\x1da\x0eA012\n\x1dr\x01\x1dVB\x00\x1dr\x01";
const MS: Duration = Duration::from_millis(1);

fn encoded() -> Encoded {
    Encoded { bytes: JOB.to_vec(), breaks: vec![JOB.len() - command::PARTIAL_CUT.len()], dots_high: 800 }
}

/// A model that does not say that it has thrown a job away.
fn profile(confirm: Confirm) -> PrinterProfile {
    let mut profile = PrinterProfile::built_in("epson-tm-t20iii").unwrap();
    (profile.confirm, profile.discard) = (confirm, Discard::DleEnq2);
    profile
}

struct Bench {
    machine: Machine<'static>,
    health: &'static HealthCell,
    now: Instant,
    end: Option<End>,
}

type Outcome = oneshot::Receiver<PrintOutcome>;

impl Bench {
    fn new(confirm: Confirm) -> Self {
        Self::of(profile(confirm))
    }

    fn of(profile: PrinterProfile) -> Self {
        let health: &HealthCell = Box::leak(Box::new(HealthCell::new("printer-1")));
        let profile = Box::leak(Box::new(profile));
        let now = Instant::now();
        Self { machine: Machine::new(profile, health, None, LeftOver::default(), now), health, now, end: None }
    }

    /// A machine that knows that all is well.
    fn ready(confirm: Confirm) -> Self {
        Self::ready_of(profile(confirm))
    }

    /// The same of a model that answers when it has thrown a job away.
    fn ready_that_clears(confirm: Confirm) -> Self {
        Self::ready_of(PrinterProfile { discard: Discard::DleDc4, ..profile(confirm) })
    }

    fn ready_of(profile: PrinterProfile) -> Self {
        let mut bench = Self::of(profile);
        bench.sent();
        if bench.machine.clears_open > 0 {
            bench.read(CLEARED);
        }
        bench.read(MAKER);
        bench.answer(FINE);
        assert_eq!(bench.health.current().life_cycle, LifeCycle::Ready);
        bench
    }

    fn event(&mut self, event: Event<'_>) {
        let end = self.machine.handle(event, self.now);
        self.end = self.end.take().or(end);
    }

    fn read(&mut self, bytes: &[u8]) {
        self.event(Event::Read(bytes));
    }

    fn job(&mut self) -> Outcome {
        let (job, outcome) = Job::of_bytes(encoded());
        self.event(Event::Job(job));
        outcome
    }

    /// A job whose bytes depend on what the printer holds: what was sent of it.
    fn page(&mut self, text: &str) -> (Vec<u8>, Outcome) {
        let (job, outcome) = Job::of_page(Page { blocks: vec![Block::text(text)] });
        self.event(Event::Job(job));
        (self.machine.pending().to_vec(), outcome)
    }

    /// Prints such a job to its end; what was sent of it.
    fn printed_page(&mut self, text: &str) -> Vec<u8> {
        let (bytes, mut outcome) = self.page(text);
        self.sent();
        self.answer_marks();
        self.answer(FINE);
        assert_eq!(code(&mut outcome), "printed");
        bytes
    }

    /// Answers every question inside the job in its turn.
    fn answer_marks(&mut self) {
        let Phase::Confirming(job) = &self.machine.phase else { panic!("the job has not left") };
        self.read(&vec![0; job.marks_left()]);
    }

    /// Lets all pending bytes leave and returns them.
    fn sent(&mut self) -> Vec<u8> {
        let bytes = self.machine.pending().to_vec();
        self.event(Event::Wrote(bytes.len()));
        bytes
    }

    /// Answers the round of questions that is under way.
    fn answer(&mut self, answers: [u8; 4]) {
        for _ in Query::ALL {
            let place = self.machine.round.as_ref().map(|round| round.place);
            let query = place.and_then(|place| Query::ALL.get(place)).unwrap();
            self.sent();
            self.read(&[answers[usize::from(query.number()) - 1]]);
        }
        assert!(self.machine.round.is_none());
    }

    /// Goes to the next deadline.
    fn tick(&mut self) {
        self.now = self.now.max(self.machine.deadline());
        self.event(Event::Timer);
    }

    fn after(&mut self, time: Duration) {
        self.now += time;
        self.event(Event::Timer);
    }

    fn fault_code(&self) -> Option<String> {
        self.health.current().fault.map(|fault| fault.code.into_owned())
    }
}

fn code(outcome: &mut Outcome) -> String {
    match outcome.try_recv() {
        Ok(PrintOutcome::Printed) => "printed".into(),
        Ok(PrintOutcome::NotStarted { fault }) => format!("not-started {}", fault.code),
        Ok(PrintOutcome::Failed { fault }) => format!("failed {}", fault.code),
        Ok(PrintOutcome::Unconfirmed { fault }) => format!("unconfirmed {}", fault.code),
        Err(TryRecvError::Empty) => "waiting".into(),
        Err(TryRecvError::Closed) => "dropped".into(),
    }
}

#[test]
fn a_session_begins_by_clearing_arming_and_asking() {
    let mut bench = Bench::new(Confirm::GsR);
    assert_eq!(bench.sent(), b"\x10\x05\x02\x1b@\x1da\x0e\x1dIB\x10\x04\x01");
    assert_eq!(bench.health.current().life_cycle, LifeCycle::Opening);
}

#[test]
fn a_job_leaves_at_once_when_the_state_is_fresh() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.now += STATUS_FRESH;
    let _outcome = bench.job();
    assert!(bench.machine.pending().starts_with(MARKED));
}

#[test]
fn a_job_interrupts_a_round_and_no_question_splits_it() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.tick();
    assert_eq!(bench.sent(), [0x10, 0x04, 0x01]);
    let _outcome = bench.job();
    bench.read(&[0x12]);
    bench.after(STATUS_FRESH * 2);
    assert_eq!(bench.machine.pending(), MARKED);
}

#[test]
fn the_answer_to_a_question_that_a_job_interrupted_is_none_to_a_later_one() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.tick();
    bench.sent();
    let mut outcome = bench.job();
    bench.sent();
    bench.read(&ASB_PAPER_OUT);
    bench.read(&[0x12]);
    assert_eq!(code(&mut outcome), "waiting", "it stood before the job");
    bench.sent();
    bench.read(&[0x1a]);
    assert_eq!(code(&mut outcome), "unconfirmed paper-out");
}

#[test]
fn an_old_state_is_asked_again_first() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.now += STATUS_FRESH + MS;
    let mut outcome = bench.job();
    bench.answer(FINE);
    assert!(bench.machine.pending().starts_with(MARKED));
    assert_eq!(code(&mut outcome), "waiting");
}

#[test]
fn a_silent_printer_gets_no_byte_of_the_job() {
    let mut bench = Bench::new(Confirm::GsR);
    bench.sent();
    let mut outcome = bench.job();
    bench.tick();
    assert_eq!(code(&mut outcome), "not-started no-answer");
    assert!(bench.machine.pending().is_empty());
}

#[test]
fn a_known_fault_stops_the_job_before_it_starts() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.read(&ASB_PAPER_OUT);
    assert_eq!(bench.fault_code().as_deref(), Some("paper-out"));
    let mut outcome = bench.job();
    assert_eq!(code(&mut outcome), "not-started paper-out");
    assert!(bench.machine.pending().is_empty());
}

#[test]
fn printed_needs_the_answer_in_turn_and_a_fine_state() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.read(&[0x00]);
    bench.answer(FINE);
    assert_eq!(code(&mut outcome), "waiting", "fine, but not yet cut");
    bench.read(&[0x00]);
    assert_eq!(code(&mut outcome), "waiting", "one byte may be noise");
    bench.answer(FINE);
    assert_eq!(code(&mut outcome), "printed");
}

#[test]
fn automatic_status_alone_does_not_confirm() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.read(&ASB_FINE);
    bench.answer_marks();
    bench.read(&ASB_FINE);
    assert_eq!(code(&mut outcome), "waiting");
}

#[test]
fn without_an_answer_in_turn_the_printing_time_must_pass() {
    let mut bench = Bench::ready(Confirm::DleEot);
    let mut outcome = bench.job();
    bench.sent();
    let began = bench.now;
    while code(&mut outcome) == "waiting" {
        bench.answer(FINE);
        bench.tick();
    }
    // 800 dots are 100 mm, at 200 mm a second, and a cut.
    let printing = Duration::from_millis(1000);
    assert!(bench.now - began >= printing);
    assert!(bench.now - began <= printing + CONFIRM_POLL * 2);
}

#[test]
fn silence_after_the_job_is_unconfirmed() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    let began = bench.now;
    while bench.end.is_none() {
        bench.sent();
        bench.tick();
    }
    // Half a second of printing, half a second for the cut, and the profile's ten.
    let waited = bench.now - began;
    assert!((Duration::from_secs(11)..Duration::from_millis(11_010)).contains(&waited), "{waited:?}");
    assert_eq!(code(&mut outcome), "unconfirmed no-answer");
    assert_eq!(bench.fault_code().as_deref(), Some("no-answer"));
    assert_eq!(bench.end, Some(End::Abandon));
}

#[test]
fn a_printer_without_the_answer_in_turn_is_named_as_such() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    for _ in 0..1000 {
        if bench.machine.round.is_some() {
            bench.answer(FINE);
        } else {
            bench.tick();
        }
        match code(&mut outcome).as_str() {
            "waiting" => {}
            ended => {
                assert_eq!(ended, "unconfirmed not-confirmed");
                assert_eq!(bench.end, None);
                return;
            }
        }
    }
    panic!("the job never ended");
}

#[test]
fn a_wire_that_takes_nothing_more_is_given_up() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.event(Event::Wrote(1));
    bench.tick();
    assert_eq!(code(&mut outcome), "unconfirmed no-answer");
    assert_eq!(bench.end, Some(End::Abandon));
}

#[test]
fn a_silent_idle_printer_is_told_after_three_misses_and_reopened_after_ten() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut rounds = 0;
    while bench.end.is_none() {
        bench.tick();
        if bench.machine.round.is_some() {
            bench.sent();
            bench.tick();
        }
        rounds = bench.machine.missed_rounds;
        let expected = (rounds >= MISSED_ROUNDS).then_some("no-answer");
        assert_eq!(bench.fault_code().as_deref(), expected);
    }
    assert_eq!((rounds, bench.end), (MISSED_ROUNDS_REOPEN, Some(End::Abandon)));
}

#[test]
fn a_model_that_does_not_tell_causes_is_still_usable() {
    let mut bench = Bench::new(Confirm::GsR);
    bench.sent();
    bench.read(&[0x12]);
    bench.sent();
    bench.read(&[0x12]);
    bench.sent();
    bench.tick();
    assert_eq!(bench.health.current().life_cycle, LifeCycle::Ready);
}

#[test]
fn low_paper_is_shown_and_prints() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.tick();
    bench.answer([0x12, 0x12, 0x12, 0x1e]);
    assert_eq!(bench.health.current().life_cycle, LifeCycle::Degraded);
    assert_eq!(bench.fault_code().as_deref(), Some("paper-low"));
    let _outcome = bench.job();
    assert!(bench.machine.pending().starts_with(MARKED));
}

#[test]
fn a_stop_waits_a_little_for_the_job_under_way() {
    let mut idle = Bench::ready(Confirm::GsR);
    idle.event(Event::Stop);
    assert_eq!(idle.end, Some(End::Stopped));

    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.event(Event::Stop);
    assert!(bench.end.is_none() && !bench.machine.wants_job());
    bench.after(STOP_PATIENCE);
    assert_eq!(code(&mut outcome), "unconfirmed stopped");
    assert_eq!(bench.end, Some(End::Stopped));
}

#[test]
fn a_job_that_was_taken_back_is_not_printed() {
    let mut bench = Bench::ready(Confirm::GsR);
    let (job, _outcome) = Job::of_bytes(encoded());
    assert!(job.claim());
    bench.event(Event::Job(job));
    assert!(bench.machine.pending().is_empty() && bench.machine.wants_job());
}

proptest! {
    /// Answers of three kinds come in any mixture that a printer can make: each is taken for what it is.
    #[test]
    fn answers_in_any_order_confirm_the_job_and_faults_fail_it(
        // Where the four bytes of an automatic status stand among the answers to a round, and in what order.
        places in prop::collection::vec(0_usize..5, 4),
        paper_out: bool,
        noise in prop::collection::vec(prop::sample::select(vec![0x11_u8, 0x13, 0x93, 0xff]), 0..6),
    ) {
        let mut bench = Bench::ready(Confirm::GsR);
        let mut outcome = bench.job();
        bench.sent();
        if !paper_out { bench.answer_marks(); }
        bench.read(&noise);
        let (answers, automatic) = if paper_out { (PAPER_OUT, ASB_PAPER_OUT) } else { (FINE, ASB_FINE) };
        let mut places = places;
        places.sort_unstable();
        let mut automatic = automatic.into_iter().zip(places).peekable();
        for (turn, query) in Query::ALL.into_iter().enumerate() {
            bench.sent();
            while let Some((byte, _)) = automatic.next_if(|(_, place)| *place <= turn) {
                bench.read(&[byte]);
            }
            if code(&mut outcome) != "waiting" { return Ok(()); }
            bench.read(&[answers[usize::from(query.number()) - 1]]);
        }
        let outcome = code(&mut outcome);
        prop_assert_eq!(outcome, if paper_out { "unconfirmed paper-out" } else { "printed" });
    }
}

proptest! {
    /// Whatever comes, time goes on, jobs end, and nothing is printed that was not confirmed.
    #[test]
    fn garbage_never_stops_the_machine_nor_confirms_a_job(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..60),
        taken in prop::collection::vec(0_usize..40, 60),
    ) {
        let mut bench = Bench::ready(Confirm::GsR);
        let mut outcome = bench.job();
        let began = bench.now;
        // Without a byte of the form that only DLE EOT answers have, nothing is confirmed.
        let mut real_time = false;
        for (piece, taken) in pieces.iter().zip(taken) {
            if bench.end.is_some() { break; }
            bench.event(Event::Wrote(taken.min(bench.machine.pending().len())));
            real_time |= piece.iter().any(|byte| byte & 0x93 == 0x12);
            bench.read(piece);
        }
        for _ in 0..200 {
            if bench.end.is_some() { break; }
            bench.sent();
            let before = bench.now;
            bench.tick();
            let moved = bench.now > before || !bench.machine.pending().is_empty();
            prop_assert!(moved || bench.machine.deadline() > bench.now || bench.end.is_some());
        }
        prop_assert!(bench.end.is_some(), "a silent printer is given up");
        prop_assert!(bench.now - began < Duration::from_secs(120));
        let outcome = code(&mut outcome);
        prop_assert_ne!(&outcome, "waiting");
        prop_assert!(outcome != "printed" || real_time);
    }
}
