//! Which clips make an announcement or help at a kiosk, as `voice.toml` says it. Composing is pure; playing is the driver's business.
//!
//! Never a number with a part left out: a character that the voice cannot say means no announcement at all, since
//! "A 0 1" for A001 calls somebody else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use protocol::text::FIRST_LANGUAGE;
use serde::Deserialize;

/// Name of the file in the folder of the clips.
const FILE: &str = "voice.toml";
/// Stands for a page's name in a clip's name.
const PAGE: &str = "{page}";

/// What is wrong with a voice, or with a number that it shall say.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// The file is not there.
    #[error("{}: {cause}; name the folder of the clips, such as assets/voice", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is wrong.
    #[error("{}, line {line}: {cause}", .path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1.
        line: usize,
        /// What stands there and what may.
        cause: String,
    },
    /// There is no clip for a character.
    #[error("the voice has no clip for `{character}` of number {number}; nothing is said, the board shows it")]
    Character {
        /// The character.
        character: char,
        /// The ticket's number.
        number: String,
    },
}

/// A voice by language.
#[derive(Debug)]
pub(crate) struct Voice {
    folder: PathBuf,
    languages: BTreeMap<String, Language>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    languages: toml::Spanned<BTreeMap<String, Language>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    folder: String,
    call: Vec<toml::Spanned<String>>,
    letter: String,
    digit: String,
    counter: String,
    last_counter: u16,
    help: Option<toml::Spanned<String>>,
}

impl Voice {
    /// Reads `voice.toml` of a folder of clips.
    pub(crate) fn read(folder: &Path) -> Result<Self, VoiceError> {
        let path = folder.join(FILE);
        let text =
            std::fs::read_to_string(&path).map_err(|cause| VoiceError::Unreadable { path: path.clone(), cause })?;
        Self::parse(&path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, VoiceError> {
        let wrong = |at: usize, cause: String| {
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            VoiceError::Wrong { path: path.to_owned(), line, cause }
        };
        let file: File = toml::from_str(text)
            .map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        let at = file.languages.span().start;
        let languages = file.languages.into_inner();
        if !languages.contains_key(FIRST_LANGUAGE) {
            return Err(wrong(at, format!("no [languages.{FIRST_LANGUAGE}], which every voice needs")));
        }
        for part in languages.values().flat_map(|language| &language.call) {
            let name = part.get_ref();
            if name.contains(['{', '}']) && !matches!(name.as_str(), "{number}" | "{counter}") {
                let cause = format!("unknown part `{name}`; it can be {{number}}, {{counter}} or a clip");
                return Err(wrong(part.span().start, cause));
            }
        }
        let helps = languages.values().filter_map(|language| language.help.as_ref());
        if let Some(help) = helps.into_iter().find(|help| help.get_ref().replace(PAGE, "").contains(['{', '}'])) {
            let cause = format!("unknown part in `{}`; it can be {PAGE}", help.get_ref());
            return Err(wrong(help.span().start, cause));
        }
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { folder, languages })
    }

    /// The clips of a call, a sentence a language: in Vietnamese, then in the citizen's language where it is another
    /// that the voice has. They are sentences apart so that a clip that lacks in the second never silences the first.
    pub(crate) fn sentences(&self, number: &str, counter: u16, language: &str) -> Result<Vec<Vec<String>>, VoiceError> {
        let count = if language == FIRST_LANGUAGE { 1 } else { 2 };
        let spoken = [FIRST_LANGUAGE, language].into_iter().take(count);
        spoken
            .filter_map(|language| self.languages.get(language))
            .map(|language| language.call(number, counter))
            .collect()
    }
}

impl Voice {
    /// The clip of help for a page; none where its file is not there. Asked for before it is played, since a clip that the
    /// speaker misses is a fault of the speaker, and a page without help is none.
    pub(crate) fn help(&self, page: &str, language: &str) -> Option<String> {
        let clip = self.help_clip(page, language)?;
        self.folder.join(format!("{clip}.wav")).is_file().then_some(clip)
    }

    /// The clip of help for a page: in the citizen's language where the voice has help in it, else in Vietnamese.
    fn help_clip(&self, page: &str, language: &str) -> Option<String> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if page.is_empty() || !page.bytes().all(plain) {
            return None;
        }
        [language, FIRST_LANGUAGE].iter().find_map(|language| {
            let language = self.languages.get(*language)?;
            let clip = language.help.as_ref()?.get_ref().replace(PAGE, page);
            Some(format!("{}/{clip}", language.folder))
        })
    }
}

impl Language {
    fn call(&self, number: &str, counter: u16) -> Result<Vec<String>, VoiceError> {
        let mut clips = Vec::new();
        for part in &self.call {
            match part.get_ref().as_str() {
                "{number}" => {
                    for character in number.chars() {
                        clips.push(
                            self.character(character)
                                .ok_or_else(|| VoiceError::Character { character, number: number.to_owned() })?,
                        );
                    }
                }
                "{counter}" if counter <= self.last_counter => {
                    clips.push(self.counter.replace("{counter}", &counter.to_string()));
                }
                "{counter}" => clips.extend(counter.to_string().chars().filter_map(|digit| self.character(digit))),
                clip => clips.push(clip.to_owned()),
            }
        }
        Ok(clips.into_iter().map(|clip| format!("{}/{clip}", self.folder)).collect())
    }

    fn character(&self, character: char) -> Option<String> {
        match character {
            '0'..='9' => Some(self.digit.replace("{digit}", &character.to_string())),
            'a'..='z' | 'A'..='Z' => Some(self.letter.replace("{letter}", &character.to_ascii_lowercase().to_string())),
            'Đ' | 'đ' => Some(self.letter.replace("{letter}", "dd")),
            _ => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/voice")
    }

    fn said(number: &str, counter: u16, language: &str) -> Vec<String> {
        let sentences = Voice::read(&folder()).unwrap().sentences(number, counter, language).unwrap();
        sentences.into_iter().map(|clips| clips.join(" ")).collect()
    }

    #[test]
    fn a_call_in_vietnamese() {
        let expected = "vi/chime vi/moi-so vi/chu-a vi/so-0 vi/so-0 vi/so-1 vi/den-quay vi/quay-1";
        assert_eq!(said("A001", 1, "vi"), [expected]);
        assert_eq!(said("A001", 1, "ko"), [expected], "a language without a voice");
        assert!(said("Đ1", 31, "vi")[0].ends_with("vi/chu-dd vi/so-1 vi/den-quay vi/so-3 vi/so-1"));
    }

    #[test]
    fn another_language_comes_after_vietnamese() {
        let both = said("B20", 12, "en");
        assert_eq!(both[..1], said("B20", 12, "vi"));
        let english = "en/chime en/number en/letter-b en/digit-2 en/digit-0 en/go-to-counter en/counter-12";
        assert_eq!(both[1..], [english]);
    }

    #[test]
    fn every_clip_that_can_be_called_is_there_and_a_call_is_not_too_long() {
        let voice = Voice::read(&folder()).unwrap();
        for number in ["ABCDE0123", "FGHIJ4567", "KLMNO89", "PQRST", "UVWXY", "ZĐ"] {
            for counter in 1..=40 {
                for clips in voice.sentences(number, counter, "en").unwrap() {
                    assert!(clips.len() <= speaker::MOST_CLIPS, "{number} {counter}");
                    // English has no letter Đ: such a ticket is said in Vietnamese, and health names the clip.
                    for clip in clips.iter().filter(|clip| *clip != "en/letter-dd") {
                        assert!(folder().join(format!("{clip}.wav")).is_file(), "{clip}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_clip_of_help_is_there() {
        let voice = Voice::read(&folder()).unwrap();
        for page in protocol::commands::HELP_PAGES {
            for language in ["vi", "en"] {
                assert_eq!(voice.help(page, language), Some(format!("{language}/help-{page}")), "{page}");
            }
            assert_eq!(voice.help(page, "fr"), Some(format!("vi/help-{page}")), "a language without a voice");
        }
        assert_eq!(voice.help("staff", "vi"), None, "a page without a clip");
        for page in ["", "../vi/so-1", "a/b", "Fields", "{page}"] {
            assert_eq!(voice.help_clip(page, "vi"), None, "{page}");
        }
    }

    #[test]
    fn a_voice_without_help_still_calls_and_helps_in_vietnamese_or_not_at_all() {
        let text = std::fs::read_to_string(folder().join(FILE)).unwrap();
        let (before, english) = text.split_once("[languages.en]").unwrap();
        let without = |text: &str| text.replace("help = \"help-{page}\"", "");
        let vietnamese_only = format!("{before}[languages.en]{}", without(english));
        let voice = Voice::parse(Path::new(FILE), &vietnamese_only).unwrap();
        assert_eq!(voice.help_clip("fields", "en").as_deref(), Some("vi/help-fields"));
        let voice = Voice::parse(Path::new(FILE), &without(&text)).unwrap();
        assert_eq!(voice.help_clip("fields", "en"), None);
        assert!(voice.sentences("A001", 1, "vi").is_ok());
    }

    #[test]
    fn a_number_is_said_whole_or_not_at_all() {
        let error = Voice::read(&folder()).unwrap().sentences("A0-1", 1, "vi").unwrap_err();
        assert!(error.to_string().contains("`-` of number A0-1"), "{error}");
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let text = std::fs::read_to_string(folder().join(FILE)).unwrap();
        for (change, says) in [
            (("\"{counter}\"]", "\"{desk}\"]"), "`{desk}`; it can be {number}"),
            (("[languages.vi]", "[languages.ko]"), "no [languages.vi]"),
            (("digit = ", "digits = "), "digits"),
            (("help-{page}", "help-{name}"), "unknown part in `help-{name}`; it can be {page}"),
        ] {
            assert!(text.contains(change.0));
            let error = Voice::parse(Path::new(FILE), &text.replacen(change.0, change.1, 1)).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("voice.toml, line "), "{error}");
        }
        let error = Voice::read(Path::new("/nowhere")).unwrap_err().to_string();
        assert!(error.contains("/nowhere/voice.toml"), "{error}");
    }
}
