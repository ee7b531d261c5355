//! Profile files of printers and boards. Their crates read them; here their complaints get a file and a line.

use number_board::BoardProfile;
use ticket_printer::PrinterProfile;

use super::explain::explain;
use super::problem::Problem;
use super::source::Source;

/// Reads a printer profile.
pub(crate) fn read_printer(source: &Source) -> Result<PrinterProfile, Problem> {
    PrinterProfile::from_toml(&source.text).map_err(|error| {
        let (what, right) = explain(&error.message);
        Problem { file: source.path.clone(), line: error.line, what, right }
    })
}

/// Reads a board profile.
pub(crate) fn read_board(source: &Source) -> Result<BoardProfile, Problem> {
    BoardProfile::from_toml(&source.text).map_err(|error| board_problem(source, &error))
}

/// Names of the built-in printer profiles.
pub(crate) fn printer_names() -> Vec<&'static str> {
    ticket_printer::profile::BUILT_IN.iter().map(|(name, _)| *name).collect()
}

/// Names of the built-in board profiles.
pub(crate) fn board_names() -> Vec<&'static str> {
    BoardProfile::built_in_names().collect()
}

fn board_problem(source: &Source, error: &number_board::ProfileError) -> Problem {
    match error {
        number_board::ProfileError::Toml(text) => {
            // toml's own picture: "TOML parse error at line 3, column 1", the line, and the message at the end.
            let line = text.split("at line ").nth(1).and_then(|rest| rest.split(',').next()?.parse().ok());
            let message = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or(text);
            let (what, right) = explain(message);
            Problem { file: source.path.clone(), line, what, right }
        }
        number_board::ProfileError::Value { key, value, allowed } => {
            let line = source.text.lines().position(|line| line.trim_start().starts_with(key)).map(|n| n + 1);
            let (what, right) = (format!("{key} is {value}"), format!("it can be {allowed}"));
            Problem { file: source.path.clone(), line, what, right }
        }
    }
}
