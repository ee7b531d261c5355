//! Plays whole halls on virtual time, one a seed, until a property does not hold.

use std::process::ExitCode;

use clap::Parser;
use hil_tests::simulate::{Failure, Options, describe_halls, play_seeds, shrink};

/// Simulates whole halls: people, retries, power cuts, clock jumps, full disks. Stops at the first violation.
#[derive(Debug, Parser)]
struct Arguments {
    /// First seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seeds.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Service days of each.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    days: u32,
}

fn main() -> ExitCode {
    let Arguments { seed, seeds, days } = Arguments::parse();
    let options = Options { days, fault: None };
    println!("seeds {seed} to {}, service days of each: {days}", seed.saturating_add(seeds - 1));
    let totals = play_seeds(seed, seeds, options);
    let failed = totals.failure.as_ref();
    if let Some(failure) = failed {
        tell(failure, &shrink(failure, options), days);
    }
    println!("{} seeds, {} commands, {} violations", totals.seeds, totals.commands, u8::from(failed.is_some()));
    if failed.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn tell(failure: &Failure, short: &Failure, days: u32) {
    let seed = failure.seed;
    println!("seed {seed}: {}", short.violation);
    if short.violation.detail != failure.violation.detail {
        println!("(before it was made short: {})", failure.violation.detail);
    }
    print!("{}", describe_halls(seed));
    println!("{} of {} steps:", short.steps.len(), failure.steps.len());
    for (n, step) in short.steps.iter().enumerate() {
        println!("{:4}. {step}", n + 1);
    }
    println!("again: cargo run --release -p hil-tests --bin simulate -- --seed {seed} --seeds 1 --days {days}");
}
