//! Benchmarks: what an issue names, measured on the real parts and printed beside a peer measured in the same run.
//!
//! Counts and ratios rather than times, since machines differ. A metric that cannot be measured here says why.

pub mod chromium;
pub mod disk;
pub mod frames;
pub mod kiosk;
pub mod load;
pub mod paper;
pub mod pixels;
pub mod printing;
pub mod process;
pub mod rules;

/// One line: `name value unit`, then the peer where there is one.
pub fn line(name: &str, value: f64, unit: &str, peer: Option<(&str, f64)>) {
    match peer {
        Some((peer, theirs)) => {
            println!("{name} {value:.3} {unit} peer {peer} {theirs:.3} ratio {:.2}", value / theirs);
        }
        None => println!("{name} {value:.3} {unit}"),
    }
}

/// Says why a metric is missing; it is not silently left out.
pub fn missing(name: &str, why: &str) {
    println!("{name} not measured: {why}");
}

/// The middle value; 0 of none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
