//! Compiles the Slint files and gathers the languages. Debug information keeps element names and labels, which tests and
//! the demo click by.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const LANGUAGES: &str = "../../assets/lang";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = slint_build::CompilerConfiguration::new().with_debug_info(true);
    slint_build::compile_with_config("ui/stations.slint", config)?;
    println!("cargo:rerun-if-changed={LANGUAGES}");
    println!("cargo:rerun-if-changed=../../assets/icons");
    write_languages(Path::new(LANGUAGES))
}

/// Writes `FILES`, code and content of every `<language>/LC_MESSAGES/stations.po`, Vietnamese first: a language is a file.
fn write_languages(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut files: BTreeMap<(bool, String), PathBuf> = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let language = entry?;
        let file = language.path().join("LC_MESSAGES/stations.po");
        if let (Ok(code), true) = (language.file_name().into_string(), file.is_file()) {
            println!("cargo:rerun-if-changed={}", file.display());
            files.insert((code != "vi", code), std::fs::canonicalize(file)?);
        }
    }
    let rows = files.iter().map(|((_, code), file)| format!("    ({code:?}, include_str!({file:?})),\n"));
    let text = format!("const FILES: &[(&str, &str)] = &[\n{}];\n", rows.collect::<String>());
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("languages.rs"), text)?;
    Ok(())
}
