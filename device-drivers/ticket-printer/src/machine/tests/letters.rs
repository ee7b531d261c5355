//! Models that are taught letters: what the printer holds from one job to the next.

use super::*;

/// A machine of a model that is taught letters, and that knows that all is well.
fn teachable() -> Bench {
    let mut bench = Bench::of(PrinterProfile::built_in("epson-tm-t88iv").unwrap());
    bench.sent();
    bench.read(CLEARED);
    bench.read(MAKER);
    bench.answer(FINE);
    bench
}

fn loads(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|window| window == b"\x1b&\x03")
}

#[test]
fn letters_are_loaded_once_and_again_after_the_printer_fell_silent() {
    let mut bench = teachable();
    assert!(loads(&bench.printed_page("Đất đai")));
    let second = bench.printed_page("Đất đai");
    assert!(!loads(&second) && !second.windows(2).any(|window| window == command::INITIALISE));
    // One unanswered question: it may have been without power.
    bench.tick();
    bench.sent();
    bench.tick();
    assert_eq!(bench.machine.missed_rounds, 1);
    bench.tick();
    bench.answer(FINE);
    assert_eq!(bench.sent(), b"\x1b@\x1da\x0e", "initialised and armed again");
    assert!(loads(&bench.printed_page("Đất đai")));
}

#[test]
fn a_job_right_after_a_silence_is_initialised_before_it() {
    let mut bench = teachable();
    bench.printed_page("Đất");
    bench.tick();
    bench.sent();
    bench.tick();
    let (nothing_yet, _outcome) = bench.page("Đất");
    assert!(!loads(&nothing_yet));
    bench.answer(FINE);
    let sent = bench.sent();
    assert!(sent.starts_with(b"\x1b@\x1da\x0e\x1b!\x00") && loads(&sent), "{sent:x?}");
}

#[test]
fn letters_are_loaded_again_after_a_failed_job() {
    let mut bench = teachable();
    bench.printed_page("Đất");
    let (_, mut outcome) = bench.page("Đất");
    bench.sent();
    bench.answer(PAPER_OUT);
    bench.sent();
    bench.read(CLEARED);
    assert_eq!(code(&mut outcome), "failed paper-out");
    bench.sent();
    bench.tick();
    bench.answer(FINE);
    assert_eq!(bench.sent(), b"\x1b@\x1da\x0e\x1dVB\x00");
    assert!(loads(&bench.printed_page("Đất")));
}

#[test]
fn a_page_that_cannot_be_printed_leaves_nothing_behind() {
    let mut bench = teachable();
    let (job, mut outcome) = Job::of_page(Page::default());
    bench.event(Event::Job(job));
    assert_eq!(code(&mut outcome), "not-started page-refused");
    assert!(bench.machine.pending().is_empty() && bench.machine.wants_job());
}
