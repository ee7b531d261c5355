//! The simulation finds each kind of fault that is planted, and none in the product.

use hil_tests::simulate::{Failure, Fault, Options, Property, Step, play, play_seeds, shrink};

/// Seeds within which a planted fault must be found.
const SEEDS: u64 = 40;
/// A failing list is made at least this short.
const SHORT: usize = 12;

fn planted(fault: Fault) -> Options {
    Options { days: 1, fault: Some(fault) }
}

/// The first failure with a fault.
fn found(fault: Fault) -> Failure {
    let failure = (1..=SEEDS).find_map(|seed| play(seed, planted(fault)).failure);
    let failure = failure.unwrap_or_else(|| panic!("{fault:?} is not found in {SEEDS} seeds"));
    let Failure { seed, violation, .. } = &failure;
    assert_eq!(violation.property, fault.breaks(), "{fault:?}, seed {seed}: {violation}");
    failure
}

#[test]
fn each_planted_fault_is_found_by_the_property_that_it_breaks() {
    for fault in Fault::ALL {
        found(fault);
    }
}

#[test]
fn each_property_has_a_planted_fault() {
    for property in Property::ALL {
        assert!(Fault::ALL.iter().any(|fault| fault.breaks() == property), "nothing shows that {property} is watched");
    }
}

#[test]
fn the_product_keeps_every_property() {
    let totals = play_seeds(1, SEEDS, Options { days: 1, fault: None });
    let failure = totals.failure.map(|failure| (failure.seed, failure.violation));
    assert_eq!(failure, None);
    assert_eq!(totals.seeds, SEEDS);
    assert!(totals.commands > 300 * SEEDS, "{} commands", totals.commands);
}

#[test]
fn a_seed_plays_the_same_each_time() {
    let options = Options { days: 2, fault: None };
    let (first, second) = (play(7, options), play(7, options));
    assert_eq!(first.commands, second.commands);
    let (first, second) = (found(Fault::TwoCounters), found(Fault::TwoCounters));
    assert_eq!((first.seed, first.steps), (second.seed, second.steps));
}

#[test]
fn what_failed_is_made_short_and_still_fails() {
    use Fault::{ActsAgain, LosesAcknowledged, NeverExpires, NoBoundInTickets, NumberTwice, TwoCounters};
    for fault in [TwoCounters, NumberTwice, LosesAcknowledged, ActsAgain, NoBoundInTickets, NeverExpires] {
        let long = found(fault);
        let short = shrink(&long, planted(fault));
        assert_eq!(short.violation.property, fault.breaks());
        let list = short.steps.iter().map(Step::to_string).collect::<Vec<_>>().join("\n");
        assert!(short.steps.len() <= SHORT, "{fault:?}, {} steps:\n{list}", short.steps.len());
    }
}
