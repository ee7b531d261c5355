//! Prints one line a metric: `name value unit`, and the peer's value measured in the same run where there is one.

use hil_tests::bench::{disk, kiosk, paper};

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    // On the disk that holds the build, not in a memory file system.
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/../target");
    let directory = |name: &str| tempfile::Builder::new().prefix(name).tempdir_in(place);
    disk::syncs(directory("bench-syncs")?.path(), &runtime)?;
    paper::touch_to_first_byte(directory("bench-paper")?.path(), &runtime)?;
    kiosk::first_page(directory("bench-kiosk")?.path())
}
