//! `kiosk-app printer identify` and `list`: the real binary, and printers that say what they are, that say something
//! else, and that say nothing.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::expect_used, reason = "a test may panic")]

use std::collections::HashSet;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use hil_tests::real_binary;
use hil_tests::virtual_printer::{Bitmap, DirectPrinter, Model, Sheet, VirtualPrinter};
use launcher::render::{Request, render};
use ticket_printer::PrinterProfile;
use ticket_printer::encode::{STRIP_CODE, STRIPS, Strip, strips};
use ticket_printer::profile::CodePages;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;
use unicode_normalization::UnicodeNormalization;

const LIMIT: Duration = Duration::from_secs(60);
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

static PROGRAM: LazyLock<std::path::PathBuf> = LazyLock::new(|| real_binary::build(&[]).unwrap());

/// Runs the program, which must end by itself.
async fn run(arguments: &[&str], typed: &str) -> Output {
    let program = tokio::task::spawn_blocking(|| PROGRAM.clone()).await.unwrap();
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    // It may have ended without a question.
    drop(child.stdin.take().unwrap().write_all(typed.as_bytes()).await);
    timeout(LIMIT, child.wait_with_output()).await.expect("it ends").unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn numbers(right: impl Fn(Strip) -> bool) -> Vec<usize> {
    (1..).zip(STRIPS).filter(|(_, strip)| right(*strip)).map(|(number, _)| number).collect()
}

/// The profile is right for `check`, and a ticket by it is understood by that printer.
async fn prints_a_ticket(profile: &Path, model: Model) -> Sheet {
    let checked = run(&["check", profile.to_str().unwrap()], "").await;
    assert!(checked.status.success(), "{}", text(&checked));
    let data = Path::new(WORKSPACE).join("assets/ticket-templates/samples/queue-ticket.vi.json");
    let profile = profile.to_str().unwrap().to_owned();
    let ticket = render(&Request { template: "queue-ticket".into(), data, profile, language: None }).unwrap();
    let mut printer = DirectPrinter::new(model);
    let sheet = printer.print(&ticket.bytes);
    assert_eq!(printer.unknown_commands(), Vec::<Vec<u8>>::new());
    assert_eq!(printer.counters().unprintable_characters, 0);
    sheet
}

#[tokio::test]
async fn a_printer_that_says_what_it_is_needs_no_strips() {
    let folder = tempfile::tempdir().unwrap();
    let model = || Model::named("epson-tm-t20iii").unwrap();
    let printer = VirtualPrinter::on_tcp("127.0.0.1:0".parse().unwrap(), model()).await.unwrap();
    let link = format!("tcp:{}", printer.tcp_address().unwrap());
    let file = folder.path().join("printer-by-the-door.toml");
    let output = run(&["printer", "identify", "--link", &link, "--out", file.to_str().unwrap()], "").await;
    let told = text(&output);
    assert!(output.status.success(), "{told}");
    for line in ["maker (GS I 66): EPSON", "model (GS I 67): TM-T20III", "status (DLE EOT 1): 12"] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(told.contains("Known model: profile = \"epson-tm-t20iii\""), "{told}");
    assert_eq!(printer.counters().unknown_commands, 0);
    assert_eq!((printer.counters().sheets, printer.partial_sheet().paper.ink_dots()), (0, 0), "no paper was used");
    let made = PrinterProfile::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let built_in = PrinterProfile::built_in("epson-tm-t20iii").unwrap();
    assert_eq!(made, PrinterProfile { name: "printer-by-the-door".to_owned(), ..built_in });
    prints_a_ticket(&file, model()).await;
}

#[tokio::test]
async fn a_printer_that_answers_nothing_is_known_by_its_strips() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let printer = VirtualPrinter::on_pty(&path, Model::plain_80mm()).await.unwrap();
    printer.silent(true);
    let link = format!("serial:{},115200", path.display());
    let file = folder.path().join("cheap-80mm.toml");
    let right = numbers(|strip| {
        matches!(strip, Strip::Width(384 | 512 | 576) | Strip::Columns(32 | 42 | 48))
            || matches!(strip, Strip::Qr | Strip::Barcode | Strip::Doubled | Strip::PartialCut | Strip::FullCut)
    });
    let typed = format!("none\n{}\n", right.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    let output = run(&["printer", "identify", "--link", &link, "--out", file.to_str().unwrap()], &typed).await;
    let told = text(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("The printer answers nothing") && told.contains("model (GS I 67): no answer"), "{told}");
    assert!(told.contains(" 3) thước 576 điểm") && told.contains("Write numbers from 1 to 24"), "{told}");
    assert!(printer.wait_for_sheets(2, LIMIT).await, "both cuts came");
    let profile = PrinterProfile::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((profile.dots, profile.columns, profile.code_pages), (576, 48, CodePages::default()));
    assert!(!profile.automatic_status && profile.name == "cheap-80mm");
    let sheet = prints_a_ticket(&file, Model::plain_80mm()).await;
    assert_eq!(sheet.qr_codes, ["https://hall.local/t/A012"]);
}

#[tokio::test]
async fn an_unknown_model_gets_a_profile_that_knows_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let acme = || Model { maker: "ACME".to_owned(), name: "Z-9".to_owned(), ..Model::epson_80mm() };
    let printer = VirtualPrinter::on_pty(&path, acme()).await.unwrap();
    let link = format!("serial:{},115200", path.display());
    let file = folder.path().join("acme.toml");
    // All that is true of it: page 27 and 35 are none of its pages, 64 columns do not fit.
    let right = numbers(|strip| match strip {
        Strip::Letters(pages) => pages.tcvn3_lower.is_some() || pages.cp1258_composing == Some(52),
        Strip::Width(dots) => dots <= 576,
        Strip::Columns(count) => count <= 48,
        _ => true,
    });
    let answers = right.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let arguments = ["printer", "identify", "--link", &link, "--answers", &answers, "--out", file.to_str().unwrap()];
    let output = run(&arguments, "").await;
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(printer.counters().sheets, 2, "it waited for the printer's word");
    let profile = PrinterProfile::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((profile.identities, profile.code_pages.tcvn3_upper), (vec!["Z-9".to_owned()], Some(31)));
    assert!(profile.automatic_status && profile.stored_graphics);
    let sheet = prints_a_ticket(&file, acme()).await;
    assert!(sheet.text().contains("Số người chờ trước: 7") && sheet.raw.len() < 450, "{} bytes", sheet.raw.len());
}

#[tokio::test]
async fn what_cannot_be_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let _printer = VirtualPrinter::on_pty(&path, Model::plain_80mm()).await.unwrap();
    let link = format!("serial:{}", path.display());
    for (arguments, says) in [
        (["--link", "lpt1", "--answers", "1"], "`lpt1` names no link; write tcp:HOST:PORT"),
        (["--link", "tcp:127.0.0.1:1", "--answers", "1"], "check the port number"),
        (["--link", "serial:/dev/none", "--answers", "1"], "check that the cable and the power are on"),
        (["--link", &link, "--answers", "5"], "none of the rulers 1 to 4 came out right"),
        (["--link", &link, "--answers", "3,11,14"], "strips 11 and 14 use the same code page"),
        (["--link", &link, "--out", "Máy in.toml"], "letters a–z, digits and hyphens"),
    ] {
        let output = run(&[&["printer", "identify"][..], &arguments].concat(), "").await;
        assert!(!output.status.success() && text(&output).contains(says), "{arguments:?}: {}", text(&output));
    }
    // Nobody at the terminal.
    let output = run(&["printer", "identify", "--link", &link], "").await;
    assert!(text(&output).contains("nobody answered; look at the strips"), "{}", text(&output));
}

#[tokio::test]
async fn the_list_says_what_is_there() {
    let output = run(&["printer", "list"], "").await;
    let told = text(&output);
    assert!(output.status.success() && told.contains("USB printers: ") && told.contains("Serial ports: "), "{told}");
}

/// The paper of the strips, before the knife.
fn paper_of(model: Model) -> (Sheet, DirectPrinter) {
    let mut printer = DirectPrinter::new(model);
    let job = strips().unwrap();
    let cut = job.windows(4).position(|window| window == ticket_printer::command::PARTIAL_CUT).unwrap();
    let sheet = printer.print(&job[..cut]);
    sheet.save(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("strips-{}.png", sheet.paper.width()))).unwrap();
    (sheet, printer)
}

#[test]
fn strips_show_what_a_printer_can_and_no_strip_harms_another() {
    let (good, printer) = paper_of(Model::epson_80mm());
    // Pages 27, 35, 51 and 94 are not there; the strips of 64 columns stand on two lines.
    assert_eq!(printer.unknown_commands(), Vec::<Vec<u8>>::new());
    let sample = "Đường phố Ặ Ễ Ỗ Ữ Ỵ ặ ễ ỗ ữ ỵ";
    let samples = good.lines.iter().filter(|line| line.nfc().eq(sample.chars())).count();
    assert_eq!(samples, 2, "TCVN-3 and CP1258: {:#?}", good.lines);
    assert_eq!(good.qr_codes, [STRIP_CODE]);
    assert_eq!(good.barcodes.iter().map(|code| code.text.as_str()).collect::<Vec<_>>(), [STRIP_CODE]);
    assert_eq!(whole_lines(&good), HashSet::from([32, 42, 48]));
    assert!(good.lines.contains(&"OK".to_owned()));

    let (plain, _) = paper_of(Model::named("unknown-58mm").unwrap());
    assert!(!plain.lines.iter().any(|line| line == sample), "{:#?}", plain.lines);
    assert_eq!(whole_lines(&plain), HashSet::from([32]));
    let labels = |sheet: &Sheet| (1..=22).all(|number| sheet.lines.contains(&format!("{number})")));
    assert!(labels(&good) && labels(&plain), "every strip stands under its number: {:#?}", plain.lines);
    assert_eq!(rulers(&good.paper), 3, "576 dots are the widest whole ruler");
    assert_eq!(rulers(&plain.paper), 1);
}

/// Lengths of the lines of digits that end with `#`.
fn whole_lines(sheet: &Sheet) -> HashSet<usize> {
    let whole = |line: &&String| line.starts_with("1234567890") && line.ends_with('#');
    sheet.lines.iter().filter(whole).map(|line| line.chars().count()).collect()
}

/// Rulers with a thick mark at both ends: rows of nothing but two marks.
fn rulers(paper: &Bitmap) -> usize {
    let ends = |y: usize| {
        let dots: Vec<usize> = (0..paper.width()).filter(|x| paper.has_ink(*x, y)).collect();
        let right = *dots.last()?;
        let marks = (0..8).chain(right.checked_sub(7)?..=right);
        (dots.len() == 16 && dots.iter().copied().eq(marks)).then_some(right + 1)
    };
    let widths: HashSet<usize> = (0..paper.height()).filter_map(ends).collect();
    widths.intersection(&HashSet::from([384, 512, 576, 832])).count()
}
