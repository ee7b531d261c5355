//! Reads and checks a template's TOML. Every mistake is told with its line.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use protocol::text::{FIRST_LANGUAGE, Text};
use serde::Deserialize;
use ticket_printer::{Align, Image, ImageError, Size};
use toml::Spanned;

use super::data::names;
use super::{Kind, Template, TemplateBlock, TemplateError, WaitWords};

/// Most blocks of a template.
const MOST_BLOCKS: usize = 64;
/// Most empty lines of a feed.
const MOST_LINES: u8 = 9;
/// Stands for each item of the list of a block with `each`.
const ITEM: &str = "item";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    values: Spanned<Vec<Spanned<String>>>,
    wait: Option<FileWait>,
    #[serde(default)]
    defaults: BTreeMap<String, Spanned<Words>>,
    block: Spanned<Vec<Spanned<FileBlock>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileWait {
    now: Spanned<Words>,
    single: Spanned<Words>,
    range: Spanned<Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileBlock {
    kind: Spanned<String>,
    text: Option<Spanned<Words>>,
    align: Option<Spanned<String>>,
    size: Option<Spanned<String>>,
    bold: Option<Spanned<bool>>,
    lines: Option<Spanned<u8>>,
    file: Option<Spanned<String>>,
    when: Option<Spanned<String>>,
    each: Option<Spanned<String>>,
}

/// The same words in every language, or words by language.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    Same(String),
    ByLanguage(Text),
}

pub(super) fn template(name: &str, text: &str, folder: Option<&Path>) -> Result<Template, TemplateError> {
    let file = Source { name, text, folder };
    let parsed: File = toml::from_str(text)
        .map_err(|error| file.wrong(&error.span().unwrap_or_default(), error.message().trim().to_owned()))?;
    let blocks = parsed.block.get_ref();
    if !(1..=MOST_BLOCKS).contains(&blocks.len()) {
        let cause = format!("{} blocks; a template has 1 to {MOST_BLOCKS}", blocks.len());
        return Err(file.wrong(&parsed.block.span(), cause));
    }
    let values = file.values(&parsed.values)?;
    let known: Vec<&str> = values.iter().map(String::as_str).collect();
    let blocks = blocks.iter().map(|block| file.block(block, &known)).collect::<Result<_, _>>()?;
    let mut defaults = BTreeMap::new();
    for (name, words) in &parsed.defaults {
        file.value(name, &words.span(), &known)?;
        defaults.insert(name.clone(), file.words(words, &known)?);
    }
    let minutes = ["low", "high"];
    let wait = match &parsed.wait {
        Some(wait) => WaitWords {
            now: file.words(&wait.now, &[])?,
            single: file.words(&wait.single, &minutes)?,
            range: file.words(&wait.range, &minutes)?,
        },
        None if known.contains(&"wait") => {
            return Err(file.wrong(&parsed.values.span(), "the value `wait` needs [wait], which says how it reads"));
        }
        None => WaitWords::default(),
    };
    Ok(Template { values, defaults, blocks, wait, name: name.to_owned() })
}

/// Whether a block of that kind says something.
fn has_words(kind: &Kind) -> bool {
    !matches!(kind, Kind::Rule | Kind::Feed { .. } | Kind::Image { .. })
}

struct Source<'a> {
    name: &'a str,
    text: &'a str,
    /// Where its pictures stand.
    folder: Option<&'a Path>,
}

impl Source<'_> {
    fn wrong(&self, at: &Range<usize>, cause: impl Into<String>) -> TemplateError {
        TemplateError { template: self.name.to_owned(), line: self.line(at), cause: cause.into() }
    }

    fn line(&self, at: &Range<usize>) -> usize {
        self.text.get(..at.start).unwrap_or_default().matches('\n').count() + 1
    }

    /// Names of values: plain words, each once.
    fn values(&self, names: &Spanned<Vec<Spanned<String>>>) -> Result<Vec<String>, TemplateError> {
        let mut values: Vec<String> = Vec::new();
        for name in names.get_ref() {
            let word = name.get_ref();
            let plain =
                !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if !plain || word == ITEM {
                let cause = format!("`{word}` cannot name a value; use small letters, digits and _, and not {ITEM}");
                return Err(self.wrong(&name.span(), cause));
            }
            if values.contains(word) {
                return Err(self.wrong(&name.span(), format!("value `{word}` stands twice")));
            }
            values.push(word.clone());
        }
        Ok(values)
    }

    fn block(&self, spanned: &Spanned<FileBlock>, values: &[&str]) -> Result<TemplateBlock, TemplateError> {
        let block = spanned.get_ref();
        let kind_name = block.kind.get_ref().as_str();
        let kind = match kind_name {
            "text" => Kind::Text {
                align: self.align(block)?,
                size: self.choice(
                    block.size.as_ref(),
                    &[("normal", Size::Normal), ("tall", Size::Tall), ("large", Size::Large)],
                )?,
                bold: block.bold.as_ref().is_some_and(|bold| *bold.get_ref()),
            },
            "number" => Kind::Number,
            "rule" => Kind::Rule,
            "qr" => Kind::Qr,
            "barcode" => Kind::Barcode,
            "image" => Kind::Image { image: self.image(block)?, align: self.align(block)? },
            "feed" => Kind::Feed { lines: self.lines(block.lines.as_ref())? },
            other => {
                let cause = format!(
                    "unknown kind of block `{other}`; it can be text, number, rule, qr, barcode, image or feed"
                );
                return Err(self.wrong(&block.kind.span(), cause));
            }
        };
        self.keys(block, &kind)?;
        let mut known = values.to_vec();
        if block.each.is_some() {
            known.push(ITEM);
        }
        let text = match &block.text {
            Some(text) => self.words(text, &known)?,
            None if !has_words(&kind) => Text::default(),
            None => return Err(self.wrong(&block.kind.span(), format!("a block of kind {kind_name} needs `text`"))),
        };
        let name = |key: &Option<Spanned<String>>| {
            key.as_ref().map(|name| self.value(name.get_ref(), &name.span(), values)).transpose()
        };
        let line = self.line(&block.kind.span());
        Ok(TemplateBlock { line, kind, text, when: name(&block.when)?, each: name(&block.each)? })
    }

    fn align(&self, block: &FileBlock) -> Result<Align, TemplateError> {
        let all = [("left", Align::Left), ("center", Align::Center), ("right", Align::Right)];
        self.choice(block.align.as_ref(), &all)
    }

    /// The picture that a block names.
    fn image(&self, block: &FileBlock) -> Result<Image, TemplateError> {
        let Some(file) = &block.file else {
            let cause = "a block of kind image needs `file`, a PNG picture beside this file";
            return Err(self.wrong(&block.kind.span(), cause));
        };
        let Some(folder) = self.folder else {
            let cause = "a template of the program has no pictures; copy it to a file of its own";
            return Err(self.wrong(&file.span(), cause));
        };
        let path = folder.join(file.get_ref());
        let bytes = std::fs::read(&path).map_err(|error| {
            self.wrong(&file.span(), format!("{} cannot be read ({error}); name a PNG picture", path.display()))
        })?;
        let wrong = |error: ImageError| self.wrong(&file.span(), format!("{}: {error}", path.display()));
        Image::from_png(&bytes).map_err(wrong)
    }

    /// Refuses keys that mean nothing for the kind of block.
    fn keys(&self, block: &FileBlock, kind: &Kind) -> Result<(), TemplateError> {
        let is_text = matches!(kind, Kind::Text { .. });
        let is_image = matches!(kind, Kind::Image { .. });
        let is_feed = matches!(kind, Kind::Feed { .. });
        let given = [
            ("text", block.text.as_ref().map(Spanned::span), has_words(kind)),
            ("file", block.file.as_ref().map(Spanned::span), is_image),
            ("align", block.align.as_ref().map(Spanned::span), is_text || is_image),
            ("size", block.size.as_ref().map(Spanned::span), is_text),
            ("bold", block.bold.as_ref().map(Spanned::span), is_text),
            ("lines", block.lines.as_ref().map(Spanned::span), is_feed),
        ];
        for (key, at, allowed) in given {
            if let Some(at) = at.filter(|_| !allowed) {
                let cause = format!("`{key}` means nothing in a block of kind {}; remove it", block.kind.get_ref());
                return Err(self.wrong(&at, cause));
            }
        }
        Ok(())
    }

    /// The chosen one; the first when nothing is chosen.
    fn choice<T: Copy>(&self, chosen: Option<&Spanned<String>>, all: &[(&str, T)]) -> Result<T, TemplateError> {
        let (_, first) = all[0];
        let Some(chosen) = chosen else { return Ok(first) };
        let name = chosen.get_ref();
        all.iter().find(|(known, _)| known == name).map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<_> = all.iter().map(|(known, _)| *known).collect();
            self.wrong(&chosen.span(), format!("unknown `{name}`; it can be {}", known.join(", ")))
        })
    }

    fn lines(&self, lines: Option<&Spanned<u8>>) -> Result<u8, TemplateError> {
        match lines {
            None => Ok(1),
            Some(lines) if (1..=MOST_LINES).contains(lines.get_ref()) => Ok(*lines.get_ref()),
            Some(lines) => Err(self.wrong(&lines.span(), format!("`lines` can be 1 to {MOST_LINES}"))),
        }
    }

    fn words(&self, words: &Spanned<Words>, known: &[&str]) -> Result<Text, TemplateError> {
        let text = match words.get_ref() {
            Words::Same(same) => Text([(FIRST_LANGUAGE.to_owned(), same.clone())].into()),
            Words::ByLanguage(text) => text.clone(),
        };
        if !text.0.contains_key(FIRST_LANGUAGE) {
            return Err(self.wrong(&words.span(), format!("no words in `{FIRST_LANGUAGE}`, which every text needs")));
        }
        for name in text.0.values().flat_map(|text| names(text)) {
            if !known.contains(&name) {
                return Err(self.unknown_value(name, &words.span(), known));
            }
        }
        Ok(text)
    }

    fn value(&self, name: &str, at: &Range<usize>, known: &[&str]) -> Result<String, TemplateError> {
        if known.contains(&name) { Ok(name.to_owned()) } else { Err(self.unknown_value(name, at, known)) }
    }

    fn unknown_value(&self, name: &str, at: &Range<usize>, known: &[&str]) -> TemplateError {
        let known = if known.is_empty() { "no value may stand here".to_owned() } else { known.join(", ") };
        self.wrong(at, format!("unknown value `{name}`; there are: {known}"))
    }
}
