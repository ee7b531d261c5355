//! Every page of every station with sample data, drawn by the software renderer to `target/screens/*.png`, in
//! Vietnamese and English. The tests look for what must be there; a person looks at the pictures.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};
use std::time::Duration;

use i_slint_backend_testing::ElementRoot;
use slint::ComponentHandle;

use crate::headless;

pub(crate) const S0: Duration = Duration::ZERO;

/// Seconds since a station began.
pub(crate) const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// `target/screens`, wherever the target directory is.
pub(crate) fn folder() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let target = program.ancestors().find(|p| p.join("CACHEDIR.TAG").exists()).unwrap();
    target.join("screens")
}

/// A window with its texts, without a hub.
pub(crate) fn shown<W: ComponentHandle>(window: &W, size: (u32, u32)) {
    headless::show(window, size.0, size.1).unwrap();
}

/// A backend for this test's thread.
pub(crate) fn backend() {
    static LOGGED: Once = Once::new();
    LOGGED.call_once(|| println!("pictures in {}", folder().display()));
    headless::init_still().unwrap();
}

/// Draws the window and checks that it has the size, is not blank and shows all `labels`.
pub(crate) fn picture<W: ComponentHandle + ElementRoot>(window: &W, name: &str, size: (u32, u32), labels: &[&str]) {
    // Colours that fade have arrived.
    i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(500));
    let path = folder().join(format!("{name}.png"));
    headless::snapshot_png_now(window, &path).unwrap();
    let (drawn, colours) = read(&path);
    assert_eq!(drawn, size, "{name}");
    assert!(colours > 3, "{name} looks blank: {colours} colours");
    let present = headless::labels(window);
    for label in labels {
        assert!(present.iter().any(|l| l == label), "{name}: `{label}` is missing among {present:#?}");
    }
}

/// Size of a picture and how many colours it has.
fn read(path: &Path) -> ((u32, u32), usize) {
    let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).unwrap()));
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let colours: BTreeSet<_> = pixels.chunks_exact(4).step_by(97).map(<[u8]>::to_vec).collect();
    ((info.width, info.height), colours.len())
}

pub(crate) mod approved;
mod counter;
mod display;
pub(crate) mod dress;
pub(crate) mod fits;
mod kiosk;
mod rating;

/// A hall with everything changed that `change` changes.
pub(crate) fn hall(change: impl FnOnce(&mut protocol::hall::HallInfo)) -> Arc<protocol::hall::HallInfo> {
    let mut hall = crate::sample::hall();
    change(&mut hall);
    Arc::new(hall)
}
