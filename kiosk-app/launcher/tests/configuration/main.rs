//! Wrong configuration is answered with file, line, what is wrong and what would be right.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod devices;
mod hall;
mod machine;
mod opening;
mod people;
mod policy;

use std::path::{Path, PathBuf};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config");

/// A folder with the sample configuration, to be changed.
struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // The voice lies beside the configuration, as in the source tree.
        std::fs::create_dir_all(folder.path().join("assets/voice")).unwrap();
        std::fs::create_dir(folder.path().join("config")).unwrap();
        std::fs::write(folder.path().join("assets/voice/voice.toml"), "").unwrap();
        let this = Self { folder };
        for name in ["hall.toml", "devices.toml", "machine.toml", "hub.toml", "counter-pc.toml"] {
            let text = std::fs::read_to_string(Path::new(SAMPLES).join(name)).unwrap();
            // Whatever secrets this machine has, the tests do not meet them.
            this.write(name, &text.replace("/etc/kiosk-app/tokens/", "tokens/"));
        }
        this
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("config").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Replaces one text and answers the line where it stood.
    fn change(&self, name: &str, from: &str, to: &str) -> usize {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        let at = text.find(from).unwrap_or_else(|| panic!("{name} has no {from}"));
        self.write(name, &text.replacen(from, to, 1));
        1 + text[..at].matches('\n').count()
    }

    /// The hall as its file says it.
    fn hall(&self) -> launcher::HallFile {
        launcher::load_hall(&self.path("hall.toml")).unwrap()
    }

    /// What `check` answers, one line a problem, paths without the folder.
    fn check(&self, name: &str) -> String {
        match launcher::check(&self.path(name)) {
            Ok(_) => "right".to_owned(),
            Err(problems) => problems.to_string().replace(&format!("{}/", self.folder.path().display()), ""),
        }
    }

    /// Changes one text and expects one problem at that line.
    fn expect(&self, name: &str, from: &str, to: &str, problem: &str) {
        let line = self.change(name, from, to);
        assert_eq!(self.check(name), format!("config/{name}:{line}: {problem}"));
    }
}
