//! Mistakes in a hall file.

use std::path::Path;

use super::{Folder, SAMPLES};

#[test]
fn the_sample_hall_is_a_provincial_branch() {
    let machine = launcher::defaults().unwrap();
    let hub = machine.hub.unwrap();
    assert_eq!(hub.info.fields.len(), 12);
    assert!(hub.info.services.len() >= 40, "{}", hub.info.services.len());
    assert_eq!((hub.info.counters.len(), hub.info.officers.len()), (12, 14));
    assert_eq!(hub.info.languages, ["vi", "en"]);
    assert_eq!((hub.info.utc_offset_minutes, hub.info.wait_target_minutes), (420, 15));
    assert!(!hub.info.classes[0].priority && hub.info.classes.iter().filter(|class| class.priority).count() == 6);
    let texts = hub.info.services.iter().map(|s| &s.name).chain(hub.info.fields.iter().map(|f| &f.name));
    for text in texts {
        assert!(!text.get("vi").is_empty() && text.0.contains_key("en"), "{text:?}");
    }
    // `fields` of a counter are spread out into services, in the order of the numbers on the desks.
    let copies = hub.info.services.iter().find(|s| s.id == "chung-thuc-ban-sao").unwrap();
    assert_eq!(copies.counters, [2, 7]);
    let result = hub.info.services.iter().find(|s| s.id == "dat-dai-nhan-ket-qua").unwrap();
    assert_eq!(result.counters, [3, 4, 5, 6]);
    assert_eq!(hub.kiosks, ["kiosk-1"]);
    assert_eq!(machine.agent.unwrap().devices.len(), 3);
    assert_eq!(machine.stations.len(), 4);
    // Icons are files: a name without one would show three dots.
    let icons = Path::new(SAMPLES).join("../assets/icons");
    let named = hub.info.fields.iter().map(|f| &f.icon).chain(hub.info.classes.iter().map(|c| &c.icon));
    for icon in named.chain(hub.info.rating_levels.iter().map(|l| &l.icon)) {
        assert!(icons.join(format!("{icon}.svg")).is_file(), "{icon}");
    }
}

#[test]
fn a_misspelt_name_is_told_with_the_right_one() {
    let fields = "`dat-dai`, `ho-tich`, `chung-thuc`, `dang-ky-kinh-doanh`, `bao-hiem-xa-hoi`, `cong-an`, `thue`, \
                  `kho-bac`, `dien-luc`, `cap-thoat-nuoc`, `xay-dung`, `lao-dong`";
    let service = format!("field `dat-dia` is not defined; did you mean `dat-dai`? use one of {fields}");
    Folder::new().expect("hall.toml", "field = \"dat-dai\"\nhandling_minutes = 25", "field = \"dat-dia\"", &service);
    Folder::new().expect("hall.toml", "fields = [\"cong-an\"]", "fields = [\"dat-dia\"]", &service);
    Folder::new().expect("hall.toml", "fields = [\"ho-tich\"]", "fields = [\"ho-tich\", \"dat-dia\"]", &service);
    Folder::new().expect(
        "hall.toml",
        "services = [\"dat-dai-nhan-ket-qua\"]",
        "services = [\"dat-dai-nhan-ket-gua\"]",
        "service `dat-dai-nhan-ket-gua` is not defined; did you mean `dat-dai-nhan-ket-qua`? define the service, or \
         correct the name",
    );
    Folder::new().expect(
        "hall.toml",
        "letter = \"B\"",
        "lettre = \"B\"",
        "key `lettre` is not known here; did you mean `letter`? use one of `id`, `letter`, `icon`, `name`",
    );
    Folder::new().expect(
        "machine.toml",
        "kiosk = \"kiosk-1\"",
        "kiosk = \"kiosk-9\"",
        "kiosk `kiosk-9` is not among the kiosks of [hub]; did you mean `kiosk-1`? use one of `kiosk-1`",
    );
}

#[test]
fn broken_rules_of_the_hall_have_their_line() {
    for (from, to, problem) in [
        (
            "letter = \"B\"",
            "letter = \"A\"",
            "letter `A` is taken; `dat-dai` has it; two fields with one letter would give the same numbers",
        ),
        (
            "handling_minutes = 25",
            "handling_minutes = 0",
            "0 minutes of handling; give the usual handling time, 1 to 480 minutes",
        ),
        (
            "utc_offset = \"+07:00\"",
            "utc_offset = \"+7\"",
            "utc_offset `+7` is not understood; write \"+07:00\" in Vietnam",
        ),
        ("letter = \"A\"", "letter = \"Đất\"", "string \"Đất\" stands here; write a character"),
        ("number = 1\n", "number = -1\n", "integer `-1` stands here; write u16"),
        (
            "languages = [\"vi\", \"en\"]",
            "languages = [\"vi\", \"en\", \"vi\"]",
            "language `vi` stands twice; name each once",
        ),
        ("name = \"Nguyễn Thị Lan\"", "name = \" \"", "the officer's name is empty; write the name that citizens see"),
        (
            "id = \"nguyen-thi-lan\"",
            "id = \"Nguyễn Thị Lan\"",
            "`Nguyễn Thị Lan` cannot be an id; use 1 to 64 letters a–z, digits and hyphens, without marks, such as `dat-dai`",
        ),
    ] {
        Folder::new().expect("hall.toml", from, to, problem);
    }
}

#[test]
fn texts_need_vietnamese_and_known_languages() {
    let name = "name = { vi = \"Đất đai\", en = \"Land\" }";
    Folder::new().expect(
        "hall.toml",
        name,
        "name = { en = \"Land\" }",
        "the Vietnamese text is missing; add vi = \"…\"",
    );
    Folder::new().expect(
        "hall.toml",
        name,
        "name = { vi = \"Đất đai\", eng = \"Land\" }",
        "language `eng` is not among the languages of [hall]; did you mean `en`? use one of `vi`, `en`",
    );
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let folder = Folder::new();
    let first = folder.change("hall.toml", "letter = \"B\"", "lettre = \"B\"");
    let second = folder.change("hall.toml", "name = { vi = \"Đăng ký kết hôn\"", "nmae = { vi = \"Đăng ký kết hôn\"");
    let third = folder.change("hall.toml", "[[officers]]", "[[officer]]");
    let told = folder.check("hall.toml");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(lines[0].starts_with(&format!("config/hall.toml:{first}: key `lettre`")), "{told}");
    assert!(lines[1].starts_with(&format!("config/hall.toml:{second}: key `nmae`")), "{told}");
    assert!(
        lines[2]
            .starts_with(&format!("config/hall.toml:{third}: `officer` is not known here; did you mean `officers`?")),
        "{told}"
    );
    // And those of the rules, of several tables, once every table can be read.
    let folder = Folder::new();
    folder.change("hall.toml", "letter = \"B\"", "letter = \"A\"");
    folder.change("hall.toml", "handling_minutes = 25", "handling_minutes = 0");
    folder.change("hall.toml", "id = \"tran-van-minh\"", "id = \"nguyen-thi-lan\"");
    assert_eq!(folder.check("hall.toml").lines().count(), 3, "{}", folder.check("hall.toml"));
}

#[test]
fn what_is_no_toml_or_no_file_of_a_hall_is_refused() {
    let folder = Folder::new();
    folder.write("hall.toml", "[hall\nid = \"x\"\n");
    assert!(folder.check("hall.toml").starts_with("config/hall.toml:1: "), "{}", folder.check("hall.toml"));
    folder.write("hall.toml", "colour = 1\n");
    assert_eq!(
        folder.check("hall.toml"),
        "config/hall.toml: this is no file of a hall; use one of `hall`, `hub`, `agent`, `stations`, `ticket_printers`"
    );
    folder.write("hall.toml", "");
    assert!(folder.check("hall.toml").starts_with("config/hall.toml: this is no file of a hall"));
    assert!(folder.check("gone.toml").starts_with("config/gone.toml: cannot be read"));
    folder.write("hall.toml", &"#".repeat(1024 * 1024 + 1));
    assert_eq!(
        folder.check("hall.toml"),
        "config/hall.toml: has 1048577 bytes; a configuration file has at most 1 MiB"
    );
}

#[test]
fn a_service_that_no_counter_calls_is_told() {
    let folder = Folder::new();
    folder.change("hall.toml", "fields = [\"cong-an\"]", "fields = [\"thue\"]");
    let told = folder.check("hall.toml");
    assert_eq!(told.lines().count(), 4, "{told}");
    assert!(told.contains(": no counter serves `cong-an-can-cuoc`; add it, or its field, to a counter"), "{told}");
}
