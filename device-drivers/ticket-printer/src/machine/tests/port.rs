//! The USB port's own word, beside the bytes.

use super::*;

fn port(byte: u8) -> Event<'static> {
    Event::Port(Some(PortStatus::from_byte(byte)))
}

#[test]
fn a_bad_port_stops_the_printer_and_names_the_cause() {
    let mut bench = Bench::ready(Confirm::GsR);
    bench.event(port(0x38));
    assert_eq!(bench.fault_code().as_deref(), Some("paper-out"));
    let mut outcome = bench.job();
    assert_eq!(code(&mut outcome), "not-started paper-out");
    bench.event(port(0x18));
    assert_eq!(bench.health.current().life_cycle, LifeCycle::Ready);
    let _outcome = bench.job();
    assert!(bench.machine.pending().starts_with(MARKED));
}

#[test]
fn a_good_port_makes_no_silent_printer_well_and_a_bad_one_explains_it() {
    let mut bench = Bench::new(Confirm::GsR);
    bench.event(port(0x18));
    assert_eq!(bench.health.current().life_cycle, LifeCycle::Opening);
    bench.event(port(0x38));
    assert_eq!(bench.fault_code().as_deref(), Some("paper-out"), "told before any answer");
    bench.event(port(0x18));
    while bench.machine.missed_rounds < MISSED_ROUNDS {
        bench.sent();
        bench.tick();
    }
    assert_eq!(bench.fault_code().as_deref(), Some("no-answer"));
    assert!(bench.health.current().fault.unwrap().detail.contains("USB port"));
    bench.event(port(0x10));
    assert_eq!(bench.fault_code().as_deref(), Some("error"));
    // The port cannot be asked any more: silence again.
    bench.event(Event::Port(None));
    assert_eq!(bench.fault_code().as_deref(), Some("no-answer"));
}

#[test]
fn a_port_that_goes_bad_inside_a_job_ends_it() {
    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.event(Event::Wrote(5));
    bench.event(port(0x30));
    assert_eq!(code(&mut outcome), "unconfirmed paper-out");
    assert_eq!(bench.end, Some(End::Abandon));

    let mut bench = Bench::ready(Confirm::GsR);
    let mut outcome = bench.job();
    bench.event(port(0x30));
    assert_eq!(code(&mut outcome), "not-started paper-out", "not a byte has left");
}
