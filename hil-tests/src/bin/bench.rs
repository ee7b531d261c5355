//! Prints one line a metric: `name value unit`, and the peer's value measured in the same run where there is one.
//! With names (`syncs rules load restart paper printing pixels kiosk`) only those parts.

use anyhow::Context;
use hil_tests::bench::{disk, kiosk, load, paper, pixels, printing, rules};
use hil_tests::sample_hall;

fn main() -> anyhow::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    let runtime = tokio::runtime::Runtime::new()?;
    // On the disk that holds the build, not in a memory file system.
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/../target");
    let directory = |name: &str| tempfile::Builder::new().prefix(name).tempdir_in(place);
    let mut hub = launcher::defaults()?.hub.context("the sample machine has a hub")?;
    hub.hall = sample_hall::at_any_hour(&hub.hall);
    if is_wanted("syncs") {
        disk::syncs(directory("bench-syncs")?.path(), &runtime)?;
    }
    if is_wanted("rules") {
        rules::call_next(&hub.hall)?;
    }
    if is_wanted("load") {
        load::sustained(directory("bench-load")?.path(), &hub, &runtime)?;
    }
    if is_wanted("restart") {
        load::restart(directory("bench-restart")?.path(), &hub.hall)?;
    }
    if is_wanted("paper") {
        paper::touch_to_first_byte(directory("bench-paper")?.path(), &runtime)?;
    }
    if is_wanted("printing") {
        printing::standard_ticket()?;
    }
    if is_wanted("pixels") {
        pixels::touch_to_pixels(directory("bench-pixels")?.path(), &runtime)?;
    }
    if is_wanted("kiosk") {
        kiosk::first_page(directory("bench-kiosk")?.path())?;
    }
    Ok(())
}
