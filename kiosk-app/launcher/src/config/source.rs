//! One configuration file: its text, its tables with their places, and what is wrong with them.
//!
//! Each table of a file is read by itself, so that one wrong table does not hide the next one's mistakes.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::explain::{explain, use_one_of};
use super::problem::Problem;

/// Largest configuration file, bytes: a hall of 25 counters has less than a twentieth of it.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A file's text and the name to complain about.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub path: PathBuf,
    pub text: String,
}

/// A value and where it stands, in bytes.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub value: T,
    pub span: Range<usize>,
}

impl Source {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let wrong =
            |what: String, right: &str| Problem { file: path.to_owned(), line: None, what, right: right.to_owned() };
        let size = std::fs::metadata(path)
            .map_err(|e| wrong(format!("cannot be read ({e})"), "give the path of a configuration file"))?
            .len();
        if size > MAX_FILE_BYTES {
            return Err(wrong(format!("has {size} bytes"), "a configuration file has at most 1 MiB"));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|e| wrong(format!("cannot be read ({e})"), "give a text file in UTF-8"))?;
        Ok(Self { path: path.to_owned(), text })
    }

    /// A problem at a place of this file.
    pub fn problem(&self, at: Option<usize>, what: impl Into<String>, right: impl Into<String>) -> Problem {
        let line = at.map(|offset| self.line(offset));
        Problem { file: self.path.clone(), line, what: what.into(), right: right.into() }
    }

    /// Where `text` stands in the table that begins at `span`, else where the table begins.
    pub fn find_in_table(&self, span: &Range<usize>, text: &str) -> usize {
        let rest = self.text.get(span.start..).unwrap_or_default();
        let end = match rest.starts_with('[') {
            // A table of its own: up to the next header.
            true => rest.find("\n[").unwrap_or(rest.len()),
            false => span.len(),
        };
        rest.get(..end).and_then(|body| body.find(text)).map_or(span.start, |n| span.start + n)
    }

    /// Path of a file that this one names: relative names start at this file's folder.
    pub fn relative(&self, path: &Path) -> PathBuf {
        self.path.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        1 + before.filter(|byte| **byte == b'\n').count()
    }

    fn toml_problem(&self, error: &toml::de::Error) -> Problem {
        let (what, right) = explain(error.message());
        self.problem(error.span().map(|span| span.start), what, right)
    }
}

/// Takes the top-level keys of a file one by one.
pub(crate) struct Reader<'s> {
    source: &'s Source,
    table: DeTable<'s>,
    known: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl<'s> Reader<'s> {
    /// Parses a file.
    ///
    /// # Errors
    /// All errors of syntax.
    pub fn open(source: &'s Source) -> Result<Self, Vec<Problem>> {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if errors.is_empty() {
            return Ok(Self { source, table: table.into_inner(), known: Vec::new(), problems: Vec::new() });
        }
        Err(errors.iter().map(|error| source.toml_problem(error)).collect())
    }

    /// The top-level keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(|key| key.get_ref().as_ref())
    }

    /// An optional key.
    pub fn one<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<Located<T>> {
        self.take(key).and_then(|value| self.decode(value))
    }

    /// A key that must stand there.
    pub fn required<T: DeserializeOwned>(&mut self, key: &'static str, right: &str) -> Option<Located<T>> {
        let value = self.take(key);
        if value.is_none() {
            self.problems.push(self.source.problem(None, format!("`{key}` is missing"), right));
        }
        value.and_then(|value| self.decode(value))
    }

    /// A list of tables, `[[key]]`; empty when there is none.
    pub fn list<T: DeserializeOwned>(&mut self, key: &'static str) -> Vec<Located<T>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(items) => items.into_iter().filter_map(|item| self.decode(item)).collect(),
            _ => {
                let right = format!("write [[{key}]], once for each");
                self.problems.push(self.source.problem(Some(span.start), format!("`{key}` is not a list"), right));
                Vec::new()
            }
        }
    }

    /// What is wrong so far, with every key that nobody took.
    pub fn finish(mut self) -> Vec<Problem> {
        for key in self.table.keys() {
            let name = key.get_ref();
            let right = use_one_of(name, self.known.iter().copied());
            let what = format!("`{name}` is not known here");
            self.problems.push(self.source.problem(Some(key.span().start), what, right));
        }
        self.problems.sort_by_key(|problem| problem.line);
        self.problems
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'s>>> {
        self.known.push(key);
        self.table.remove(key)
    }

    fn decode<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'s>>) -> Option<Located<T>> {
        let span = value.span();
        match T::deserialize(value.into_deserializer()) {
            Ok(value) => Some(Located { value, span }),
            Err(error) => {
                let mut problem = self.source.toml_problem(&error);
                problem.line = problem.line.or_else(|| Some(self.source.line(span.start)));
                self.problems.push(problem);
                None
            }
        }
    }
}
