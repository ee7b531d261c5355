//! The peer of a kiosk made of web pages: headless Chromium with one plain page.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command as Run, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::process::{Ended, family, named, proportional_megabytes};

/// How long it may take to paint.
const LIMIT: Duration = Duration::from_secs(60);
/// How often it is asked whether it has.
const LOOK: Duration = Duration::from_millis(1);
/// The page is complete by then; memory is read after it.
const SETTLE: Duration = Duration::from_secs(2);

/// A running Chromium that has painted its page.
pub struct Chromium {
    process: Ended,
    /// From its start to the page's first paint.
    pub first_paint_milliseconds: f64,
}

impl Chromium {
    /// Starts it with a page of that size; none where it is not installed.
    ///
    /// # Errors
    /// When it does not paint.
    pub fn start(directory: &Path, (width, height): (u32, u32)) -> anyhow::Result<Option<Self>> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        // The second frame's callback runs when the first has been painted.
        let page = format!(
            "<!doctype html><meta charset=utf-8><body style=\"font:54px sans-serif\"><h1>Mời quý khách chọn lĩnh vực</h1>\
             <button>Lấy số</button><script>requestAnimationFrame(()=>requestAnimationFrame(()=>\
             {{new Image().src='http://{address}/painted'}}))</script>"
        );
        let file = directory.join("page.html");
        std::fs::write(&file, page)?;
        let profile = tempfile::Builder::new().prefix("chromium").tempdir_in(directory)?;
        let mut run = Run::new("chromium");
        run.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]);
        run.args(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
        run.arg(format!("--user-data-dir={}", profile.keep().display())).arg(format!("--window-size={width},{height}"));
        // Without it a headless Chromium ends as soon as the page is loaded.
        run.arg("--remote-debugging-port=0").arg(format!("file://{}", file.display()));
        let began = Instant::now();
        let child = match run.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("chromium"),
        };
        let process = Ended(child);
        while listener.accept().is_err() {
            anyhow::ensure!(began.elapsed() < LIMIT, "chromium did not paint its page in {} s", LIMIT.as_secs());
            std::thread::sleep(LOOK);
        }
        let first_paint_milliseconds = began.elapsed().as_secs_f64() * 1e3;
        Ok(Some(Self { process, first_paint_milliseconds }))
    }

    /// Memory of all its processes.
    ///
    /// # Errors
    /// When it has ended, or another Chromium shares its pages, which would count for less.
    pub fn proportional_megabytes(&self) -> anyhow::Result<f64> {
        std::thread::sleep(SETTLE);
        let family = family(self.process.0.id())?;
        let others: Vec<u32> = named("chromium")?.into_iter().filter(|id| !family.contains(id)).collect();
        ensure!(others.is_empty(), "another Chromium runs ({others:?}) and shares its memory; end it: pkill chromium");
        family.into_iter().map(proportional_megabytes).sum()
    }
}
