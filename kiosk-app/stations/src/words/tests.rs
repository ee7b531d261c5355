//! The translations are complete, in every language, and nothing is left over.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

/// String literals that follow one of `openings` in all files with `extension` below `folder`.
fn literals(folder: &Path, extension: &str, openings: &[&str], found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            literals(&path, extension, openings, found);
        } else if path.extension().is_some_and(|e| e == extension) && !path.ends_with("words/tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("mod tests {").next().unwrap();
            for opening in openings {
                for part in text.split(opening).skip(1) {
                    if let Some(literal) = part.trim_start().strip_prefix('"') {
                        found.insert(literal.split('"').next().unwrap().to_owned());
                    }
                }
            }
        }
    }
}

fn used() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    literals(&root.join("ui"), "slint", &["Words.t("], &mut found);
    literals(&root.join("src"), "rs", &["words.t(", "words.with(", "words.n(", "msg("], &mut found);
    assert!(found.len() > 60, "the search for texts found only {}", found.len());
    found
}

#[test]
fn every_text_is_translated_in_every_language_and_none_is_left_over() {
    let used = used();
    for language in LANGUAGES.iter() {
        let table = &language.table;
        let missing: Vec<_> =
            used.iter().filter(|m| table.get(*m).is_none_or(|t| t.iter().any(String::is_empty))).collect();
        assert!(missing.is_empty(), "{}: not translated: {missing:#?}", language.code);
        let unused: Vec<_> = table.keys().filter(|m| !used.contains(*m)).collect();
        assert!(unused.is_empty(), "{}: not used any more: {unused:#?}", language.code);
    }
}

#[test]
fn a_language_is_a_file_with_its_name_and_plurals() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/lang");
    let folders: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|name| !name.contains('.'))
        .collect();
    assert_eq!(languages().map(str::to_owned).collect::<BTreeSet<_>>(), folders);
    assert_eq!(languages().next(), Some("vi"), "Vietnamese comes first");
    for (code, file) in FILES {
        let po = po::parse(file);
        assert!(po.name.is_some_and(|name| name != *code), "{code}: X-Language-Name is missing");
        assert!(po.plural.is_some(), "{code}: Plural-Forms is missing or cannot be read");
    }
}

#[test]
fn places_of_values_survive_translation() {
    for language in LANGUAGES.iter() {
        for (message, texts) in &language.table {
            for text in texts {
                let places = |t: &str| t.matches("{}").count();
                assert_eq!(places(message), places(text), "{}: {message}", language.code);
            }
        }
    }
}

#[test]
fn numbers_have_plurals_as_the_language_has_them() {
    assert_eq!(Words::of("en").n("{} phút", 1), "1 minute");
    assert_eq!(Words::of("en").n("{} phút", 14), "14 minutes");
    assert_eq!(Words::of("fr").n("{} người chờ", 0), "0 personne");
    assert_eq!(Words::of("fr").n("{} người chờ", 2), "2 personnes");
    assert_eq!(Words::of("vi").n("{} người chờ", 14), "14 người chờ");
    assert_eq!(Words::of("xx").n("{} người chờ", 2), "2 người chờ");
}

#[test]
fn a_text_that_nobody_translated_stands_as_it_is() {
    assert_eq!(Words::of("en").t("Câu này chưa dịch"), "Câu này chưa dịch");
}
