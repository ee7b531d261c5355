//! Help at the kiosk, end to end: a finger on a real station's window, the real binary, and the sound that it made.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command as Run;
use std::time::Duration;

use hil_tests::demo::{Capture, alsa_config};
use hil_tests::real_binary::{Process, build, write_config};
use hil_tests::whole_hall::Bench;
use stations::kiosk::{self, KioskOptions};
use stations::{KioskWindow, headless};

const LIMIT: Duration = Duration::from_secs(30);

fn clip(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/voice").join(format!("{name}.wav"))
}

#[test]
fn a_citizen_who_presses_listen_hears_what_to_do_on_this_page() {
    let binary = build(&[]).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let bench = runtime.block_on(Bench::plug_in(directory.path())).unwrap();
    let config = write_config(directory.path(), "127.0.0.1:0", None).unwrap();
    let mut run = Run::new(binary);
    run.arg("run").arg("--config").arg(config).env("RUST_LOG", "info");
    let process = Process::start(run.env("ALSA_CONFIG_PATH", alsa_config(directory.path()).unwrap())).unwrap();
    let before = runtime.block_on(process.client().unwrap().health()).unwrap().sequence;

    headless::init().unwrap();
    let window = KioskWindow::new().unwrap();
    headless::show(&window, 1080, 1920).unwrap();
    let hub = process.client().unwrap();
    let _station = kiosk::start(&window, hub, runtime.handle(), KioskOptions::new("kiosk-1"));
    let see = |label: &str| {
        let seen = headless::pump(|| headless::shows(&window, label), LIMIT);
        seen.unwrap_or_else(|e| panic!("{label}: {e}; {:?}", headless::labels(&window)));
    };
    let voice = Capture::of(directory.path());
    let hears = |name: &str| {
        let heard = headless::pump(|| voice.has(&clip(name)).unwrap(), LIMIT);
        heard.unwrap_or_else(|e| panic!("{name}: {e}; {} s were spoken", voice.seconds_spoken()));
    };
    // The button comes once the agent has told that its speaker is ready.
    see("Nghe hướng dẫn");
    headless::touch(&window, "Nghe hướng dẫn").unwrap();
    hears("vi/help-attract");
    headless::touch(&window, "English").unwrap();
    see("Listen");
    see("Land");
    headless::touch(&window, "Listen").unwrap();
    hears("en/help-fields");
    assert!(headless::shows(&window, "Land"), "the page stays");
    for other in ["vi/help-fields", "en/help-attract", "vi/help-services"] {
        assert!(!voice.has(&clip(other)).unwrap(), "{other} was not asked for");
    }
    let after = runtime.block_on(process.client().unwrap().health()).unwrap().sequence;
    assert_eq!(after, before, "nothing of it is written");
    assert_eq!(process.stop().unwrap().code(), Some(0));
    drop(bench);
}
