//! `kiosk-app render-ticket`: every template in both languages on every printer, seen on the virtual printer of that
//! name; what is wrong with its files; and data that is not meant well.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use hil_tests::virtual_printer::{Bitmap, DirectPrinter, Model, Sheet};
use hil_tests::{ocr, real_binary};
use launcher::render::{Rendered, Request, render};
use proptest::prelude::*;
use serde_json::{Value, json};
use ticket_printer::profile::BUILT_IN;
use ticket_printer::{Block, Page, PrinterProfile, preview};

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Templates, each with the samples of its data.
const PAPERS: [(&str, &str); 5] = [
    ("queue-ticket", "queue-ticket"),
    ("queue-ticket", "reprint"),
    ("checklist", "checklist"),
    ("dossier-receipt", "dossier-receipt"),
    ("daily-summary", "daily-summary"),
];
const LANGUAGES: [&str; 2] = ["vi", "en"];
/// Papers that tesseract reads: drawn on both widths. What printers print with their own letters is known as text.
const READ: [(&str, &str); 2] = [("vi", "unknown-80mm"), ("vi", "unknown-58mm")];
/// Printers of each kind: letters of their own, codes drawn, letters loaded, everything drawn on both widths.
const KINDS: [&str; 5] = ["epson-tm-t20iii", "bixolon-srp-s300", "epson-tm-t88iv", "unknown-80mm", "unknown-58mm"];
/// Share of a paper's characters that must be read right.
const WANTED: f64 = 0.97;

fn sample(name: &str, language: &str) -> PathBuf {
    Path::new(WORKSPACE).join(format!("assets/ticket-templates/samples/{name}.{language}.json"))
}

fn request(template: &str, data: PathBuf, profile: &str) -> Request {
    Request { template: template.to_owned(), data, profile: profile.to_owned(), language: None }
}

/// Prints a job on the printer of that profile, which must understand all of it.
fn print(rendered: &Rendered, what: &str) -> Sheet {
    let mut printer = DirectPrinter::new(Model::named(&rendered.profile.name).unwrap());
    let sheet = printer.print(&rendered.bytes);
    assert_eq!(printer.unknown_commands(), Vec::<Vec<u8>>::new(), "{what}");
    assert_eq!(printer.counters().unprintable_characters, 0, "{what}");
    let harmless = |key: &&String| matches!(key.as_str(), "GS P" | "FS .");
    let skipped: Vec<_> = printer.skipped_commands().keys().filter(|key| !harmless(key)).collect();
    assert!(skipped.is_empty() && !sheet.cut_into_print, "{what}: {skipped:?}");
    assert!(printer.counters().sheets <= 1, "{what}: cut once");
    sheet
}

/// Texts of a page, without numbers and codes.
fn texts(page: &Page) -> Vec<String> {
    let texts = page.blocks.iter().filter_map(|block| match block {
        Block::Text { text, .. } => Some(text.split('\n').map(str::to_owned)),
        _ => None,
    });
    texts.flatten().filter(|text| !text.is_empty()).collect()
}

#[test]
fn every_paper_in_every_language_comes_out_of_every_printer() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    std::fs::create_dir_all(&folder).unwrap();
    let reads = ocr::is_here();
    if let Err(why) = &reads {
        eprintln!("OCR of the papers is left out: {why}");
    }
    let mut poor = Vec::new();
    for (template, name) in PAPERS {
        for language in LANGUAGES {
            for (profile, _) in BUILT_IN {
                let what = format!("{name}-{language}-{profile}");
                let rendered = render(&request(template, sample(name, language), profile)).unwrap();
                let sheet = print(&rendered, &what);
                sheet.save(&folder.join(format!("{what}.png"))).unwrap();
                std::fs::write(
                    folder.join(format!("{what}.preview.png")),
                    rendered.preview().unwrap().to_png().unwrap(),
                )
                .unwrap();
                assert_eq!(codes(&rendered.page), codes_on(&sheet), "{what}");
                // Loaded letters stand under other codes.
                if !rendered.profile.user_characters {
                    no_syllable_is_cut(&rendered.page, &sheet, &what);
                    every_text_is_there(&rendered, &sheet, &what);
                }
                if reads.is_ok() && READ.contains(&(language, profile)) {
                    let read = ocr::read(&sheet.paper).unwrap();
                    let right = ocr::share_read(&texts(&rendered.page), &read);
                    println!("{what}: {:.1} % of the characters", right * 100.0);
                    if right < WANTED {
                        poor.push(format!("{what} {right:.3}: {read:#?}"));
                    }
                }
            }
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
}

/// What the codes on a page say. A bar code that is too wide for the paper is a QR code.
fn codes(page: &Page) -> HashSet<String> {
    let codes = page.blocks.iter().filter_map(|block| match block {
        Block::Qr { data } | Block::Barcode { data } => Some(data.clone()),
        _ => None,
    });
    codes.collect()
}

/// What a telephone and a scanner read on the paper. Drawn bars have no reader here: their text below stands for them,
/// and `virtual_printer_profiles` compares them with those that a printer draws.
fn codes_on(sheet: &Sheet) -> HashSet<String> {
    let grey = |x, y| if sheet.paper.has_ink(x, y) { 0 } else { 255 };
    let (width, height) = (sheet.paper.width(), sheet.paper.height());
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = picture.detect_grids();
    let read = grids.iter().map(|grid| grid.decode().unwrap().1);
    let bars = sheet.barcodes.iter().map(|code| code.text.clone());
    let below = sheet.lines.iter().filter(|line| line.starts_with("H49.12-")).cloned();
    read.chain(bars).chain(below).collect()
}

/// Each word that the printer's own letters print is a whole word of the page.
fn no_syllable_is_cut(page: &Page, sheet: &Sheet, what: &str) {
    let plain = |word: &str| word.replace('–', "-");
    let mut words: HashSet<String> = texts(page).iter().flat_map(|text| text.split(' ')).map(plain).collect();
    words.extend(page.blocks.iter().filter_map(|block| match block {
        Block::Number { text } | Block::Barcode { data: text } => Some(text.clone()),
        _ => None,
    }));
    for word in sheet.lines.iter().flat_map(|line| line.split_whitespace()) {
        let rule = word.chars().all(|letter| letter == '-');
        assert!(rule || words.contains(word), "{what}: {word} is no word of the page");
    }
}

/// Each text that the printer has letters for stands on the paper, whole, on as many lines as it needs.
fn every_text_is_there(rendered: &Rendered, sheet: &Sheet, what: &str) {
    let plain = |text: &str| text.replace('–', "-").split_whitespace().collect::<Vec<_>>().join(" ");
    let printed = plain(&sheet.lines.join(" "));
    let pages = rendered.profile.code_pages;
    let all = pages.tcvn3_lower.is_some() && pages.tcvn3_upper.is_some();
    for text in texts(&rendered.page).iter().map(|text| plain(text)) {
        if all || text.is_ascii() {
            assert!(printed.contains(&text), "{what}: `{text}` is not in {printed}");
        }
    }
}

#[test]
fn a_picture_in_the_preview_is_the_one_on_the_paper() {
    for name in ["unknown-80mm", "unknown-58mm", "epson-tm-t20iii"] {
        let profile = PrinterProfile::built_in(name).unwrap();
        // Letters that no printer has of its own, so that all of it is drawn.
        let page = Page {
            blocks: vec![
                Block::centred("Łódź: Ặ Ễ Ỗ Ữ Ỵ – ặ ễ ỗ ữ ỵ"),
                Block::Feed { lines: 1 },
                Block::text("Ŵ Ŷ, ŵ ŷ"),
                Block::Qr { data: "https://hall.local/t/A012".to_owned() },
            ],
        };
        let seen = preview(&page, &profile).unwrap();
        let bytes = ticket_printer::encode(&page, &profile).unwrap();
        let paper = DirectPrinter::new(Model::named(name).unwrap()).print(&bytes).paper;
        let dots = |has: &dyn Fn(usize, usize) -> bool| -> HashSet<(usize, usize)> {
            let all = (0..paper.height()).flat_map(|y| (0..paper.width()).map(move |x| (x, y)));
            all.filter(|(x, y)| has(*x, *y)).collect()
        };
        let on_paper = dots(&|x, y| paper.has_ink(x, y));
        let previewed = dots(&|x, y| seen.is_black(x as u32, y as u32));
        // A dot may be left out on paper so that no command hides in a picture.
        let different = on_paper.symmetric_difference(&previewed).count();
        assert!(on_paper.len() > 2000 && different <= 2, "{name}: {different} of {} dots", on_paper.len());
        assert_eq!(Ok(seen.width()), u32::try_from(paper.width()), "{name}");
    }
}

#[test]
fn the_template_prints_the_standard_ticket_within_its_bytes() {
    let fixture = Path::new(WORKSPACE).join("device-drivers/ticket-printer/tests/fixtures/standard-ticket.json");
    for (profile, most) in
        [("epson-tm-t20iii", 450), ("epson-tm-t88iv", 1500), ("unknown-80mm", 9000), ("unknown-58mm", 6000)]
    {
        let bytes = render(&request("queue-ticket", fixture.clone(), profile)).unwrap().bytes.len();
        assert!(bytes <= most, "{profile}: {bytes} bytes, at most {most}");
    }
}

#[test]
fn the_program_writes_the_bytes_and_the_picture_or_says_what_is_wrong() {
    let program = real_binary::build(&[]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let run = |data: &Path, template: &str| {
        let mut command = Command::new(&program);
        command.args(["render-ticket", "--profile", "epson-tm-t20iii", "--language", "en", "--template", template]);
        command.arg("--data").arg(data).arg("--out").arg(folder.path().join("x.bin"));
        command.arg("--png").arg(folder.path().join("x.png")).output().unwrap()
    };
    let fixture = Path::new(WORKSPACE).join("device-drivers/ticket-printer/tests/fixtures/standard-ticket.json");
    let output = run(&fixture, "queue-ticket");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = std::fs::read(folder.path().join("x.bin")).unwrap();
    let sheet = DirectPrinter::new(Model::named("epson-tm-t20iii").unwrap()).print(&bytes);
    assert!(sheet.text().contains("People ahead of you: 7"), "{}", sheet.text());
    assert!(std::fs::read(folder.path().join("x.png")).unwrap().starts_with(b"\x89PNG"));

    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, "{\n  \"hall\": \"x\",\n}").unwrap();
    let output = run(&broken, "queue-ticket");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected = format!("kiosk-app: {}:3: trailing comma; remove the comma", broken.display());
    assert!(!output.status.success() && told.contains(&expected), "{told}");
}

/// What is said about a request.
fn refusal(request: &Request) -> String {
    render(request).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn what_is_wrong_is_said_with_file_line_and_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let good = sample("queue-ticket", "vi");
    let text = std::fs::read_to_string(&good).unwrap();
    let with = |from: &str, to: &str| file("data.json", &text.replace(from, to));

    let unknown = refusal(&request("queue-ticket", with("\"field\"", "\"feild\""), "unknown-80mm"));
    assert!(unknown.contains("data.json:5: `feild` is not known to the template; did you mean `field`?"), "{unknown}");
    assert!(unknown.contains("`field` is missing or empty, and queue-ticket.toml line"), "{unknown}");
    let wrong = refusal(&request("queue-ticket", with("[\n    12,\n    20\n  ]", "\"12\""), "unknown-80mm"));
    assert!(wrong.contains("data.json:9: `wait_minutes` is neither"), "{wrong}");
    let long = "A".repeat(60);
    let wide = refusal(&request("queue-ticket", with("\"A012\"", &format!("\"{long}\"")), "unknown-80mm"));
    assert!(wide.contains("queue-ticket.toml:") && wide.contains("does not fit the paper's width; shorten"), "{wide}");
    for (text, says) in
        [("[1]", "no JSON object; write {"), ("{\"hall\" 1}", ":1: expected `:`; write \"name\": value")]
    {
        let told = refusal(&request("queue-ticket", file("data.json", text), "unknown-80mm"));
        assert!(told.contains(says), "{told}");
    }

    let template = folder.path().join("own.toml");
    let templated = |text: &str, profile: &str| {
        std::fs::write(&template, text).unwrap();
        let data = file("data.json", "{}");
        refusal(&request(template.to_str().unwrap(), data, profile))
    };
    let field = templated("values = []\n[[block]]\nkind = \"rule\"\nalgin = \"left\"", "unknown-80mm");
    assert!(field.contains("own.toml:4: key `algin` is not known here; did you mean `align`?"), "{field}");
    let mut logo = Vec::new();
    let mut encoder = png::Encoder::new(&mut logo, 400, 8);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[0; 3200]).unwrap();
    std::fs::write(folder.path().join("logo.png"), logo).unwrap();
    let image = "values = []\n[[block]]\nkind = \"image\"\nfile = \"logo.png\"";
    let wide = templated(image, "unknown-58mm");
    assert!(wide.contains("own.toml:3: the picture is 400 dots wide and the paper 384; make it smaller"), "{wide}");
    let fits = render(&request(template.to_str().unwrap(), file("data.json", "{}"), "unknown-80mm")).unwrap();
    assert!(print(&fits, "logo").paper.ink_dots() >= 3200 - 8);

    let profile = file("narrow.toml", "name = \"narrow\"\ncolumns = 32\ndots = 38\n");
    let told = refusal(&request("queue-ticket", good.clone(), profile.to_str().unwrap()));
    assert!(told.contains("narrow.toml:3: dots is 38; it must be a multiple of 8 from 384 to 832"), "{told}");
    let told = refusal(&request("queue-tiket", good.clone(), "unknown-80mm"));
    assert!(told.contains("no such template; did you mean `queue-ticket`?"), "{told}");
    let told = refusal(&request("queue-ticket", good.clone(), "epson-tm-t20"));
    assert!(told.contains("no such printer profile; did you mean `epson-tm-t20iii`?"), "{told}");
    let told = refusal(&Request { language: Some("fr".into()), ..request("queue-ticket", good, "unknown-80mm") });
    assert!(told.contains("no words in `fr`; use one of `en`, `vi`"), "{told}");
}

/// What a printer would do at once, or never forget.
const COMMANDS: [&str; 5] =
    ["\u{1b}@", "\u{1d}V\u{0}", "\u{10}\u{4}\u{1}", "\u{10}\u{14}\u{1}\u{0}\u{5}", "\u{1b}p\u{0}\u{19}\u{fa}"];

/// A value that somebody typed who wants to command the printer: words, control characters, whole commands.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => "[a-zA-Z0-9ÀẶễỗữỵđĐ.,:/()|{}%-]{1,12}".prop_map(|word| word),
        2 => prop::sample::select(&COMMANDS[..]).prop_map(str::to_owned),
        1 => prop::collection::vec(any::<char>(), 1..6).prop_map(|letters| letters.into_iter().collect()),
        1 => prop::char::range('\u{0}', '\u{1f}').prop_map(String::from),
        2 => Just(" ".to_owned()),
    ];
    prop::collection::vec(pieces, 1..24).prop_map(|pieces| pieces.concat())
}

/// The same as a person reads it: breaks are spaces, other control characters are not there.
fn harmless(text: &str) -> String {
    let spaced = text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    spaced.filter(|letter| !letter.is_control()).collect()
}

fn changed(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => json!(change(text)),
        Value::Array(list) => list.iter().map(|value| changed(value, change)).collect(),
        Value::Object(object) => {
            let keep = |key: &str| matches!(key, "language" | "issued_at" | "wait_minutes" | "dossier" | "number");
            let value = |(key, value): (&String, &Value)| {
                (key.clone(), if keep(key) { value.clone() } else { changed(value, change) })
            };
            Value::Object(object.iter().map(value).collect())
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever the data says, the printer gets exactly the bytes that it would get without its control characters, and
    /// understands all of them.
    #[test]
    fn nothing_in_data_is_a_command(
        paper in prop::sample::select(&PAPERS[..]),
        profile in prop::sample::select(&KINDS[..]),
        values in prop::collection::vec(hostile(), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let text = std::fs::read_to_string(sample(paper.1, "vi")).unwrap();
        let good: Value = serde_json::from_str(&text).unwrap();
        let rendered = |change: &dyn Fn(&str) -> String| {
            let path = folder.path().join("data.json");
            // A value that says nothing at all is refused, so each says something.
            let data = changed(&good, &|was: &str| format!("x{}", change(&values[was.len() % values.len()])));
            std::fs::write(&path, data.to_string()).unwrap();
            render(&request(paper.0, path, profile))
        };
        let hostile = rendered(&|value: &str| value.to_owned());
        let plain = rendered(&|value: &str| harmless(value));
        match (hostile, plain) {
            (Ok(hostile), Ok(plain)) => {
                prop_assert_eq!(&hostile.bytes, &plain.bytes);
                let what = format!("{} {profile} {values:?}", paper.1);
                let sheet = print(&hostile, &what);
                let known = !hostile.profile.user_characters;
                if known && values.iter().all(|value| harmless(value).split(' ').all(|word| word.chars().count() < 16)) {
                    words_are_whole(&hostile.page, &sheet, &what);
                }
            }
            // Too much for a code, say: refused alike.
            (Err(hostile), Err(plain)) => prop_assert_eq!(hostile.0.len(), plain.0.len()),
            (hostile, plain) => prop_assert!(false, "{:?} {:?}", hostile.is_ok(), plain.is_ok()),
        }
    }

    /// Long texts wrap between words and shrink, whatever their length.
    #[test]
    fn long_texts_wrap_between_syllables(
        service in "[a-zđ]{1,9}( [A-ZĐẶễỗữỵa-z]{1,9}){20,60}",
        profile in prop::sample::select(&KINDS[..]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let text = std::fs::read_to_string(sample("queue-ticket", "vi")).unwrap();
        let mut data: Value = serde_json::from_str(&text).unwrap();
        for key in ["hall", "field", "service", "class"] {
            data[key] = json!(service);
        }
        let path = folder.path().join("data.json");
        std::fs::write(&path, data.to_string()).unwrap();
        let rendered = render(&request("queue-ticket", path, profile)).unwrap();
        let sheet = print(&rendered, profile);
        if !rendered.profile.user_characters {
            words_are_whole(&rendered.page, &sheet, profile);
        }
        prop_assert!(right_edge(&sheet.paper) <= sheet.paper.width());
    }
}

/// As [`no_syllable_is_cut`], for letters that the driver itself replaces or leaves out.
fn words_are_whole(page: &Page, sheet: &Sheet, what: &str) {
    let shape = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let texts = texts(page);
    let words: HashSet<String> = texts.iter().flat_map(|text| text.split(' ')).map(shape).collect();
    for word in sheet.lines.iter().flat_map(|line| line.split_whitespace()).map(shape) {
        let known = word.is_empty() || words.contains(&word) || word == "A012" || word.starts_with("H49");
        assert!(known, "{what}: {word} is no word of the page");
    }
}

fn right_edge(paper: &Bitmap) -> usize {
    (0..paper.width()).rev().find(|x| (0..paper.height()).any(|y| paper.has_ink(*x, y))).unwrap_or(0)
}
