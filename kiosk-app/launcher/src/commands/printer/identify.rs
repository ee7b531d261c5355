//! `kiosk-app printer identify`: asks a printer what it is, and where nobody knows it, a person what came out.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use kit::{Link, LinkConfig};
use ticket_printer::command;
use ticket_printer::encode::{STRIPS, strips};
use ticket_printer::identify::{Draft, Told, ask};
use ticket_printer::profile::BUILT_IN;
use ticket_printer::status::{Parser, Reply};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::words::right_when;

/// How long the strips may take to come out: 18 s at 9600 baud, and the printing.
const STRIPS_LIMIT: Duration = Duration::from_secs(90);
/// Beyond the wire's own time, where nobody says that the last byte has arrived.
const LAST_BYTES: Duration = Duration::from_secs(1);
/// How often a person is asked for numbers.
const TRIES: usize = 3;
/// A profile's name when no file gives one.
const DEFAULT_NAME: &str = "my-printer";

/// What is to be found out.
pub(super) struct Request {
    /// Where the printer is.
    pub link: LinkConfig,
    /// File for the profile.
    pub file: Option<PathBuf>,
    /// Strips also for a printer that is known.
    pub strips: bool,
    /// Strips that came out right.
    pub answers: Option<Vec<usize>>,
}

/// Asks, prints strips where they are needed, and writes the profile.
pub(super) fn identify(request: &Request, input: &mut impl BufRead, out: &mut impl Write) -> anyhow::Result<()> {
    let name = name(request.file.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut link = runtime.block_on(kit::link::open(&request.link))?;
    let mut told = runtime.block_on(ask(&mut link)).with_context(|| request.link.to_string())?;
    told.device_id = device_id(&request.link);
    for line in told.lines() {
        writeln!(out, "{line}")?;
    }
    if told.is_silent() {
        writeln!(out, "The printer answers nothing: check power, cable and speed. It may print all the same.")?;
    }
    if let Some(profile) = told.profile().filter(|_| !request.strips) {
        let known = profile.name;
        writeln!(out, "Known model: profile = \"{known}\" in devices.toml. Print a ticket and look at it.")?;
        let text = BUILT_IN.iter().find(|(name, _)| *name == known).map(|(_, text)| *text).unwrap_or_default();
        return match &request.file {
            Some(file) => write_profile(file, &text.replacen(&format!("{known:?}"), &format!("{name:?}"), 1), out),
            None => Ok(()),
        };
    }
    let sent =
        runtime.block_on(async { tokio::time::timeout(STRIPS_LIMIT, send(&mut link, &request.link, &told)).await });
    let late = || anyhow::anyhow!("it took too long; load paper, close the cover, and try again");
    sent.map_err(|_| late()).and_then(|sent| sent).with_context(|| format!("{}: strips", request.link))?;
    let right = match &request.answers {
        Some(answers) => answers.clone(),
        None => {
            writeln!(out, "\nNo profile knows it. It prints {} strips; each is right when there is:", STRIPS.len())?;
            for (number, strip) in (1..).zip(STRIPS) {
                writeln!(out, "  {number:>2}) {}", right_when(strip))?;
            }
            asked(input, out)?
        }
    };
    let text = draft(&told, &right, &name)?;
    match &request.file {
        Some(file) => write_profile(file, &text, out),
        None => Ok(write!(out, "{text}")?),
    }
}

/// Sends the strips and waits until the printer has them: a link that is closed throws away what is on its way. A printer
/// that answers in its turn says so itself; for another the wire's own time must do.
async fn send(link: &mut Link, place: &LinkConfig, told: &Told) -> anyhow::Result<()> {
    let strips = strips()?;
    link.write_all(&strips).await?;
    link.flush().await?;
    if told.paper.is_some() {
        link.write_all(&command::TRANSMIT_PAPER_STATUS).await?;
        let mut parser = Parser::new();
        while !matches!(parser.push(link.read_u8().await?), Some(Reply::TransmittedPaper(_))) {}
    } else {
        let wire = place.bytes_per_second().map_or(0.0, |speed| strips.len() as f64 / f64::from(speed));
        tokio::time::sleep(Duration::from_secs_f64(wire) + LAST_BYTES).await;
    }
    Ok(())
}

fn draft(told: &Told, right: &[usize], name: &str) -> anyhow::Result<String> {
    Ok(Draft::new(told.clone(), right)?.to_toml(name)?)
}

/// The numbers that a person types, such as `1, 3 7`.
fn asked(input: &mut impl BufRead, out: &mut impl Write) -> anyhow::Result<Vec<usize>> {
    for _ in 0..TRIES {
        write!(out, "Mẫu nào in đúng? Which are right? (1,3,7): ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            bail!("nobody answered; look at the strips and type the same command with --strips --answers 1,3,7");
        }
        let words = line.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
        let numbers: Result<Vec<usize>, _> = words.map(str::parse).collect();
        match numbers {
            Ok(numbers) if !numbers.is_empty() && numbers.iter().all(|number| (1..=STRIPS.len()).contains(number)) => {
                return Ok(numbers);
            }
            _ => writeln!(out, "Write numbers from 1 to {} with commas.", STRIPS.len())?,
        }
    }
    bail!("no numbers were given; type the same command with --strips --answers 1,3,7")
}

/// The name of the profile: that of its file.
fn name(file: Option<&Path>) -> anyhow::Result<String> {
    let Some(file) = file else { return Ok(DEFAULT_NAME.to_owned()) };
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    crate::config::names::check_name(stem).map_err(|right| anyhow::anyhow!("--out {}: {right}", file.display()))?;
    anyhow::ensure!(
        file.extension().is_some_and(|ending| ending == "toml"),
        "--out {}: end it with .toml",
        file.display()
    );
    Ok(stem.to_owned())
}

fn write_profile(file: &Path, text: &str, out: &mut impl Write) -> anyhow::Result<()> {
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    let name = file.display();
    writeln!(
        out,
        "{name}: written. Check it (kiosk-app check {name}), put it into profiles/printers beside devices.toml,"
    )?;
    writeln!(
        out,
        "and print a ticket: kiosk-app render-ticket --profile {name} --template queue-ticket --data … --out …"
    )?;
    Ok(())
}

/// What the USB device says of itself; none on other links.
fn device_id(link: &LinkConfig) -> Option<String> {
    let LinkConfig::Usb(wanted) = link else { return None };
    let fits = |device: &kit::link::UsbDevice| {
        device.is_printer
            && wanted.vendor_id.is_none_or(|id| id == device.vendor_id)
            && wanted.product_id.is_none_or(|id| id == device.product_id)
            && wanted.port.as_ref().is_none_or(|port| *port == device.port)
            && (wanted.serial_number.is_none() || wanted.serial_number == device.serial_number)
    };
    let mut found = kit::link::usb_devices().into_iter().filter(fits);
    let device = found.next()?;
    let said = || Some(format!("MFG:{};MDL:{};", device.maker.as_deref()?, device.model.as_deref()?));
    device.device_id.clone().or_else(said)
}
