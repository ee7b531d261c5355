//! The hall's logo and its officers' photos. A picture that cannot be read is said in the log and left out: no hall
//! stays closed for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hub::Picture;
use toml::Spanned;

use crate::config::source::Source;

/// Kinds of pictures that stations can draw, by the file's ending.
const KINDS: [(&str, &str); 4] =
    [("png", "image/png"), ("jpg", "image/jpeg"), ("jpeg", "image/jpeg"), ("svg", "image/svg+xml")];

/// Reads pictures as they are named.
pub(super) struct Pictures<'s> {
    source: &'s Source,
    /// What could be read, by name.
    pub read: BTreeMap<String, Picture>,
}

impl<'s> Pictures<'s> {
    pub fn new(source: &'s Source) -> Self {
        Self { source, read: BTreeMap::new() }
    }

    /// The name under which the hub gives the picture out: that of its file. None when there is none to show.
    pub fn name(&mut self, file: Option<&Spanned<PathBuf>>) -> Option<String> {
        let path = self.source.relative(file?.get_ref());
        match read(&path) {
            Ok((name, picture)) => {
                self.read.insert(name.clone(), picture);
                Some(name)
            }
            Err(cause) => {
                tracing::warn!(picture = %path.display(), cause, "this picture is left out");
                None
            }
        }
    }
}

fn read(path: &Path) -> Result<(String, Picture), String> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or("its name cannot stand in an address")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.chars().all(plain) {
        return Err("name it with letters a–z, digits, hyphens and dots".to_owned());
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let kind = KINDS.iter().find(|(known, _)| *known == ending);
    let (_, media_type) = kind.ok_or("give a PNG, JPEG or SVG file")?;
    let size = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    if size > Picture::MAX_BYTES {
        return Err(format!("it has {size} bytes; at most {} are taken", Picture::MAX_BYTES));
    }
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    Ok((name.to_owned(), Picture { media_type, bytes }))
}
