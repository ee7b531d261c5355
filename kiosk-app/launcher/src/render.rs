//! A paper from files: template, data and printer profile to the bytes that the printer gets, or to a list of what is
//! wrong with file, line and what would be right.
//!
//! It talks to no printer and no hub. What is printed here is what an agent prints: the same template code, the same
//! encoder.

use std::path::{Path, PathBuf};

use agent::template::{Data, DataError, Template, TemplateError};
use ticket_printer::{EncodeError, Page, Preview, PrinterProfile};

use crate::config::{Problem, Problems, Source, explain, printer_names, read_printer, use_one_of};

/// Where samples of data stand, for those who wrote some wrongly.
const SAMPLES: &str = "assets/ticket-templates/samples has a file for each template";

/// What is to be rendered.
#[derive(Clone, Debug)]
pub struct Request {
    /// Name of a template of the program, or a template file.
    pub template: String,
    /// JSON file.
    pub data: PathBuf,
    /// Name of a printer profile of the program, or a profile file.
    pub profile: String,
    /// The paper's language, whatever the data says.
    pub language: Option<String>,
}

/// A paper, ready for its printer.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// What stands on it.
    pub page: Page,
    /// The printer.
    pub profile: PrinterProfile,
    /// From initialisation to cut, for a printer that holds nothing yet.
    pub bytes: Vec<u8>,
}

impl Rendered {
    /// How it will look: see [`ticket_printer::preview`].
    ///
    /// # Errors
    /// None, since the same page could be printed.
    pub fn preview(&self) -> Result<Preview, EncodeError> {
        ticket_printer::preview(&self.page, &self.profile)
    }
}

/// Renders a paper.
///
/// # Errors
/// Everything that is wrong with the files, as far as it can be seen at once.
pub fn render(request: &Request) -> Result<Rendered, Problems> {
    let (template, template_file) = read_template(&request.template).map_err(one)?;
    let profile = read_profile(&request.profile).map_err(one)?;
    let source = Source::read(&request.data).map_err(one)?;
    let mut data = read_data(&source).map_err(one)?;
    if let Some(language) = &request.language {
        let known = template.languages();
        if !known.contains(language.as_str()) {
            let what = format!("the template has no words in `{language}`");
            return Err(one(problem(&template_file, None, what, use_one_of(language, known))));
        }
        data.set_language(language);
    }
    check(&template, &template_file, &data, &source)?;
    template.check_width(profile.dots).map_err(|error| one(of_template(&template_file, &error)))?;
    let page = template.fill(&data);
    match ticket_printer::encode(&page, &profile) {
        Ok(bytes) => Ok(Rendered { page, profile, bytes }),
        Err(error) => Err(one(unprintable(&template, &template_file, &data, &profile, &error))),
    }
}

/// The template, and the file to complain about.
fn read_template(name: &str) -> Result<(Template, PathBuf), Problem> {
    if !is_file(name) {
        let file = PathBuf::from(format!("{name}.toml"));
        return match Template::built_in(name) {
            Ok(Some(template)) => Ok((template, file)),
            Ok(None) => {
                let right = format!("{}, or give a file", use_one_of(name, Template::built_in_names()));
                Err(problem(Path::new(name), None, "there is no such template".to_owned(), right))
            }
            Err(error) => Err(of_template(&file, &error)),
        };
    }
    let source = Source::read(Path::new(name))?;
    let folder = source.relative(Path::new(""));
    let template = Template::parse_in(&folder, name, &source.text).map_err(|error| of_template(&source.path, &error));
    Ok((template?, source.path))
}

fn read_profile(name: &str) -> Result<PrinterProfile, Problem> {
    if is_file(name) {
        return read_printer(&Source::read(Path::new(name))?);
    }
    PrinterProfile::built_in(name).ok_or_else(|| {
        let right = format!("{}, or give a file", use_one_of(name, printer_names()));
        problem(Path::new(name), None, "there is no such printer profile".to_owned(), right)
    })
}

/// A word with a folder or an ending is a file; names of the program have neither.
fn is_file(name: &str) -> bool {
    name.contains(['/', '.'])
}

fn read_data(source: &Source) -> Result<Data, Problem> {
    let json: serde_json::Value = serde_json::from_str(&source.text).map_err(|error| {
        let message = error.to_string();
        let what = message.split(" at line ").next().unwrap_or_default().to_owned();
        problem(&source.path, Some(error.line()), what, json_hint(&message))
    })?;
    Data::from_json(&json).map_err(|error| {
        let line = match &error {
            DataError::Shape(name) => line_of_key(&source.text, name),
            DataError::NotAnObject => Some(1),
        };
        let (what, right) = explain(&error.to_string());
        problem(&source.path, line, what, right)
    })
}

fn json_hint(message: &str) -> String {
    let hints = [
        ("trailing comma", "remove the comma before the closing bracket"),
        ("expected `,` or `}`", "put a comma between two values"),
        ("expected `,` or `]`", "put a comma between two values"),
        ("expected `:`", "write \"name\": value"),
        ("key must be a string", "put names between quotation marks"),
        ("EOF", "close the bracket or the quotation mark that is open"),
        ("control character", "a text stands on one line; write \\n for a break"),
    ];
    let hint = hints.iter().find(|(found, _)| message.contains(found)).map(|(_, hint)| *hint);
    hint.map_or_else(|| SAMPLES.to_owned(), str::to_owned)
}

/// Values that the template does not know, and those that the paper needs and has not.
fn check(template: &Template, template_file: &Path, data: &Data, source: &Source) -> Result<(), Problems> {
    let unknown = template.unknown_values(data).into_iter().map(|name| {
        let known = template.values().iter().map(String::as_str);
        let what = format!("`{name}` is not known to the template");
        problem(&source.path, line_of_key(&source.text, &name), what, use_one_of(&name, known))
    });
    let missing = template.missing_values(data).into_iter().map(|value| {
        let name = &value.name;
        let what =
            format!("`{name}` is missing or empty, and {} line {} prints it", template_file.display(), value.line);
        let line = line_of_key(&source.text, name).or(Some(1));
        problem(&source.path, line, what, format!("add \"{name}\": …; {SAMPLES}"))
    });
    let problems: Vec<Problem> = unknown.chain(missing).collect();
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// The block that cannot be printed, found by printing each alone.
fn unprintable(
    template: &Template,
    file: &Path,
    data: &Data,
    profile: &PrinterProfile,
    whole: &EncodeError,
) -> Problem {
    let alone = template.fill_lines(data).into_iter().find_map(|(line, block)| {
        let error = ticket_printer::encode(&Page { blocks: vec![block] }, profile).err()?;
        Some((Some(line), error))
    });
    let (line, error) = alone.unwrap_or_else(|| (None, whole.clone()));
    let (what, right) = explain(&error.to_string());
    problem(file, line, format!("on {}: {what}", profile.name), right)
}

fn of_template(file: &Path, error: &TemplateError) -> Problem {
    let (what, right) = explain(&error.cause);
    problem(file, Some(error.line), what, right)
}

/// Line of a name at the top of a JSON object, from 1.
fn line_of_key(text: &str, name: &str) -> Option<usize> {
    let quoted = format!("\"{name}\"");
    let is_key = |(at, _): &(usize, &str)| {
        let after = text.get(at + quoted.len()..).unwrap_or_default();
        after.trim_start().starts_with(':')
    };
    let (at, _) = text.match_indices(&quoted).find(is_key)?;
    Some(1 + text.get(..at)?.matches('\n').count())
}

fn problem(file: &Path, line: Option<usize>, what: String, right: String) -> Problem {
    Problem { file: file.to_owned(), line, what, right }
}

fn one(problem: Problem) -> Problems {
    Problems(vec![problem])
}
