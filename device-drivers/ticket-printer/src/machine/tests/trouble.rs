//! Trouble inside a job, and what the driver does so that nothing of it comes out later.

use super::*;

#[test]
fn paper_out_during_a_job_ends_it_and_clears_the_printer() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.answer(PAPER_OUT);
    assert_eq!(code(&mut outcome), "unconfirmed paper-out");
    assert_eq!(bench.sent(), command::RECOVER_AND_CLEAR);
    assert_eq!(bench.end, None);
    bench.tick();
    bench.answer(FINE);
    assert_eq!(bench.health.current().life_cycle, LifeCycle::Ready);
    assert_eq!(bench.sent(), b"\x1b@\x1da\x0e\x1dVB\x00", "initialised and armed again, the torn paper cut off");
    bench.tick();
    bench.answer(FINE);
    assert_eq!(bench.machine.left_over(), LeftOver::default());
}

#[test]
fn trouble_around_the_cut_is_told_as_what_it_is() {
    // Marks answered before the paper runs out: none, the one before the cut, both.
    for (marks, expected) in [(0, "failed paper-out"), (1, "unconfirmed paper-out"), (2, "printed")] {
        let mut bench = Bench::ready_that_clears(Confirm::GsR);
        let mut outcome = bench.job();
        bench.sent();
        bench.read(&vec![0; marks]);
        bench.answer(PAPER_OUT);
        bench.sent();
        bench.read(CLEARED);
        assert_eq!(code(&mut outcome), expected, "{marks} marks");
    }
    // A model without marks: in time for being cut, or too early for that.
    for (after, expected) in [(300, "failed paper-out"), (450, "unconfirmed paper-out")] {
        let mut bench = Bench::ready_that_clears(Confirm::DleEot);
        let mut outcome = bench.job();
        bench.sent();
        bench.now += after * MS;
        bench.answer(PAPER_OUT);
        bench.sent();
        bench.read(CLEARED);
        assert_eq!(code(&mut outcome), expected, "after {after} ms");
    }
}

#[test]
fn a_job_has_failed_once_the_printer_says_that_it_forgot_it() {
    let mut bench = Bench::ready_that_clears(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.answer(PAPER_OUT);
    assert_eq!(code(&mut outcome), "waiting");
    assert_eq!(bench.sent(), command::CLEAR_BUFFERS, "and nothing behind it before its answer");
    assert!(!bench.machine.wants_job());
    bench.read(&ASB_PAPER_OUT);
    assert_eq!((code(&mut outcome), bench.sent()), ("waiting".into(), Vec::new()));
    bench.read(CLEARED);
    assert_eq!(code(&mut outcome), "failed paper-out");
    assert_eq!(bench.sent(), command::RECOVER_AND_CLEAR);
    bench.tick();
    bench.answer(FINE);
    assert_eq!(bench.sent(), b"\x1b@\x1da\x0e\x1dVB\x00", "initialised and armed again, the torn paper cut off");
}

#[test]
fn a_late_answer_to_an_earlier_clearing_says_nothing_of_this_job() {
    let mut bench = Bench::ready_that_clears(Confirm::GsR);
    let mut first = bench.job();
    bench.sent();
    bench.answer(PAPER_OUT);
    bench.sent();
    bench.tick();
    assert_eq!(code(&mut first), "unconfirmed paper-out");
    assert_eq!(bench.machine.missed_rounds, 0);
    bench.sent();
    bench.tick();
    bench.answer(FINE);
    bench.sent();
    let mut second = bench.job();
    bench.sent();
    bench.answer(PAPER_OUT);
    bench.sent();
    bench.read(CLEARED);
    assert_eq!(code(&mut second), "waiting", "that was the answer that the first waited for in vain");
    bench.read(CLEARED);
    assert_eq!(code(&mut second), "failed paper-out");
}

#[test]
fn a_job_of_which_the_printer_does_not_say_that_it_forgot_it_is_unconfirmed() {
    let endings: [fn(&mut Bench); 3] = [
        Bench::tick,
        |bench| bench.event(Event::LinkFailed("unplugged".into())),
        |bench| {
            bench.event(Event::Stop);
            bench.after(STOP_PATIENCE);
        },
    ];
    for ends in endings {
        let mut bench = Bench::ready_that_clears(Confirm::GsR);
        let mut outcome = bench.job();
        bench.sent();
        bench.answer(PAPER_OUT);
        bench.sent();
        ends(&mut bench);
        assert_eq!(code(&mut outcome), "unconfirmed paper-out");
        assert!(bench.machine.left_over().torn);
        bench.read(CLEARED);
        assert!(bench.end.is_some() || bench.machine.wants_job());
    }
    // One that does not even know the command.
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.answer(PAPER_OUT);
    assert_eq!(code(&mut outcome), "unconfirmed paper-out");
}

#[test]
fn a_link_lost_after_the_cut_was_answered_leaves_a_printed_paper() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.answer_marks();
    bench.sent();
    bench.read(&[0x12]);
    bench.event(Event::LinkFailed("unplugged".into()));
    assert_eq!(code(&mut outcome), "printed");
    assert_eq!(bench.machine.left_over(), LeftOver::default());
}

#[test]
fn a_slow_wire_that_was_silent_for_long_confirms_nothing_by_time() {
    let mut bench = Bench::ready(Confirm::DleEot);
    bench.machine.wire_rate = Some(960);
    let mut outcome = bench.job();
    bench.sent();
    while bench.machine.missed_rounds < MISSED_ROUNDS {
        bench.tick();
        bench.sent();
    }
    let ended = loop {
        if bench.machine.round.is_some() {
            bench.answer(FINE)
        } else {
            bench.tick()
        }
        match code(&mut outcome).as_str() {
            "waiting" => {}
            ended => break ended.to_owned(),
        }
    };
    assert_eq!(ended, "unconfirmed not-confirmed", "it may have been without power");
}

#[test]
fn what_another_program_left_is_cleared_before_the_next_job() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.event(Event::Clear);
    let mut outcome = bench.job();
    let cleared = bench.sent();
    assert!(cleared.starts_with(&[0; RESYNC_BYTES]));
    assert!(cleared[RESYNC_BYTES..].starts_with(b"\x10\x05\x02\x1dIB"));
    // Answers to what the other program asked.
    bench.read(&[0x00, 0x00]);
    bench.answer(FINE);
    assert_eq!(bench.sent(), b"\x1b@\x1da\x0e\x1dVB\x00");
    bench.read(&[0x00]);
    bench.read(MAKER);
    bench.answer(FINE);
    let sent = bench.sent();
    assert_eq!(sent, MARKED);
    bench.answer_marks();
    bench.answer(FINE);
    assert_eq!(code(&mut outcome), "printed");
    assert_eq!(bench.machine.left_over(), LeftOver::default());
}

#[test]
fn a_wire_that_is_busy_with_clearing_is_given_its_time() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.machine.wire_rate = Some(960);
    bench.event(Event::Clear);
    let mut outcome = bench.job();
    bench.sent();
    bench.after(Duration::from_secs(4));
    assert_eq!(code(&mut outcome), "waiting");
    bench.read(MAKER);
    bench.answer(FINE);
    assert!(bench.machine.pending().ends_with(MARKED));
}

#[test]
fn a_model_that_does_not_tell_its_maker_prints_all_the_same() {
    let mut bench = Bench::new(Confirm::GsR);
    bench.sent();
    bench.answer(FINE);
    let _outcome = bench.job();
    let began = bench.now;
    for _ in 0..100 {
        if bench.machine.sync.is_none() {
            break;
        }
        if bench.machine.round.is_some() { bench.answer(FINE) } else { bench.tick() }
    }
    assert!(bench.now - began <= bench.machine.profile.timings.confirm);
    if bench.machine.round.is_none() {
        bench.tick();
    }
    bench.answer(FINE);
    assert!(bench.machine.pending().starts_with(MARKED));
}

#[test]
fn a_fault_told_at_once_waits_until_the_printer_has_taken_the_whole_job() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.read(&ASB_PAPER_OUT);
    assert_eq!(code(&mut outcome), "waiting");
    bench.read(&[0x1a]);
    assert_eq!(code(&mut outcome), "unconfirmed paper-out");
    assert_eq!(bench.end, None, "the link stays");
}

#[test]
fn a_fault_and_then_silence_gives_the_link_up() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.sent();
    bench.read(&ASB_PAPER_OUT);
    bench.tick();
    assert_eq!(code(&mut outcome), "unconfirmed paper-out");
    assert_eq!(bench.end, Some(End::Abandon));
}

#[test]
fn a_fault_in_the_middle_of_the_bytes_gives_the_link_up_and_the_next_session_resynchronises() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.event(Event::Wrote(5));
    bench.read(&ASB_PAPER_OUT);
    assert_eq!(code(&mut outcome), "unconfirmed paper-out");
    assert_eq!(bench.end, Some(End::Abandon));
    assert!(bench.machine.pending().is_empty());
    let left_over = bench.machine.left_over();
    assert_eq!(left_over, LeftOver { cut_off: true, torn: true, prints_until: None });

    let profile = profile(Confirm::GsR);
    let mut next = Machine::new(&profile, bench.health, None, left_over, bench.now);
    let (nulls, rest) = next.pending().split_at(RESYNC_BYTES);
    assert!(nulls.iter().all(|byte| *byte == 0));
    assert!(rest.starts_with(&command::RECOVER_AND_CLEAR));
    assert_eq!(next.left_over(), left_over, "until the printer answers");
    next.handle(Event::Wrote(next.pending().len()), bench.now);
    for _ in Query::ALL {
        next.handle(Event::Read(&[0x12]), bench.now);
    }
    assert_eq!(next.left_over(), LeftOver { cut_off: false, ..left_over }, "until the cut has arrived");
    assert!(next.pending().ends_with(b"\x1b@\x1da\x0e\x1dVB\x00"));
}

#[test]
fn a_fault_before_the_first_byte_left_is_not_started() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.read(&ASB_PAPER_OUT);
    assert_eq!(code(&mut outcome), "not-started paper-out");
    assert!(bench.machine.pending().is_empty());
}

#[test]
fn a_lost_link_is_unconfirmed_once_a_byte_has_left() {
    for (bytes, expected) in
        [(0, "not-started disconnected"), (1, "unconfirmed disconnected"), (JOB.len() + 3, "unconfirmed disconnected")]
    {
        let mut bench = Bench::ready(Confirm::GsR);
        let mut outcome = bench.job();
        bench.event(Event::Wrote(bytes));
        bench.event(Event::LinkFailed("unplugged".into()));
        assert_eq!(code(&mut outcome), expected);
        assert_eq!(bench.end, Some(End::Disconnected("unplugged".into())));
    }
}
