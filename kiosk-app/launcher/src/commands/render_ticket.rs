//! `kiosk-app render-ticket`: a paper as the bytes that its printer gets, and as a picture of its layout.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::render::{Request, render};

/// What a serial line sends for a byte, in bits, and the usual speed of such a line.
const BITS_A_BYTE: f64 = 10.0;
const USUAL_BAUD: f64 = 9600.0;

/// What to render, and where to.
#[derive(Debug, Args)]
pub(crate) struct RenderTicket {
    /// Template: queue-ticket, checklist, dossier-receipt, daily-summary, or a file.
    #[arg(long)]
    template: String,
    /// JSON file with the values; assets/ticket-templates/samples has one for each template.
    #[arg(long)]
    data: PathBuf,
    /// Printer profile: a name such as epson-tm-t20iii or unknown-58mm, or a file.
    #[arg(long)]
    profile: String,
    /// Language of the words, such as vi or en; else the data's own, else Vietnamese.
    #[arg(long)]
    language: Option<String>,
    /// File for the bytes: `cat FILE > /dev/usb/lp0` prints them.
    #[arg(long)]
    out: PathBuf,
    /// File for a picture of the layout. Pictures and codes in it are dot for dot what is printed; the printer's own
    /// letters are stood in for by ours, of the same size.
    #[arg(long)]
    png: Option<PathBuf>,
}

/// Renders and writes the files; the answer says how large the job is.
pub(crate) fn render_ticket(arguments: RenderTicket, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let RenderTicket { template, data, profile, language, out: file, png } = arguments;
    let rendered = render(&Request { template, data, profile, language })?;
    write_file(&file, &rendered.bytes)?;
    let bytes = rendered.bytes.len();
    let seconds = bytes as f64 * BITS_A_BYTE / USUAL_BAUD;
    let name = &rendered.profile.name;
    writeln!(out, "{}: {bytes} bytes for {name}, {seconds:.1} s at 9600 baud", file.display())?;
    if let Some(file) = png {
        let preview = rendered.preview()?;
        write_file(&file, &preview.to_png()?)?;
        let (width, height) = (preview.width(), preview.height());
        writeln!(out, "{}: layout preview, {width} by {height} dots", file.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn write_file(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(file, bytes).with_context(|| format!("{} cannot be written", file.display()))
}
