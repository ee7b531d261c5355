//! Counters, officers, kiosks, classes and outcomes in a hall file.

use queue::{Counter, Hall, HallParts};

use super::Folder;

fn counter(parts: &HallParts, number: u16) -> &Counter {
    parts.counters.iter().find(|counter| counter.number == number).unwrap()
}

/// `service weight` of what a counter calls.
fn work(parts: &HallParts, number: u16) -> Vec<String> {
    counter(parts, number).work.iter().map(|work| format!("{} {}", work.service, work.weight)).collect()
}

fn helps(parts: &HallParts, number: u16) -> Vec<&str> {
    counter(parts, number).helps.iter().map(queue::ServiceId::as_str).collect()
}

#[test]
fn weights_helps_and_skills_of_fields_and_services_are_spread_out() {
    let folder = Folder::new();
    let parts = folder.hall().hall.parts().clone();
    let heavy: Vec<_> = work(&parts, 5).into_iter().filter(|work| !work.ends_with(" 1")).collect();
    assert_eq!(heavy, ["xay-dung-giay-phep 2", "xay-dung-sua-chua 2", "xay-dung-quy-hoach 2"]);
    assert_eq!(work(&parts, 6).last().unwrap(), "dat-dai-nhan-ket-qua 3");
    assert_eq!(helps(&parts, 7), ["ho-tich-trich-luc", "ho-tich-tinh-trang-hon-nhan"]);
    assert_eq!(helps(&parts, 10), ["kho-bac-nop-tien", "kho-bac-xac-nhan"]);
    assert!(parts.counters.iter().all(|c| [7, 10].contains(&c.number) || c.helps.is_empty()));
    let skills = |id: &str| {
        let officer = parts.officers.iter().find(|officer| officer.id.as_str() == id).unwrap();
        officer.skills.as_ref().map(Vec::len)
    };
    assert_eq!(
        (skills("nguyen-thi-lan"), skills("dinh-thi-kim-oanh"), skills("mai-the-vinh")),
        (None, Some(4), Some(7))
    );
    // A service's own weight counts more than its field's, whatever stands first.
    folder.change("hall.toml", "weights = { xay-dung = 2 }", "weights = { xay-dung-quy-hoach = 7, xay-dung = 2 }");
    let heavy: Vec<_> = work(folder.hall().hall.parts(), 5).split_off(6);
    assert_eq!(heavy, ["xay-dung-giay-phep 2", "xay-dung-sua-chua 2", "xay-dung-quy-hoach 7"]);
}

#[test]
fn a_kiosk_offers_what_it_names_or_all() {
    let offered = |folder: &Folder| {
        let hall: Hall = folder.hall().hall;
        let services = hall.kiosk(&"kiosk-1".into()).unwrap().services.clone();
        services.map(|services| services.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let folder = Folder::new();
    assert_eq!(offered(&folder), None);
    folder.change("hall.toml", "# fields = [\"dat-dai\", \"ho-tich\"]", "fields = [\"kho-bac\"]");
    assert_eq!(offered(&folder).unwrap(), ["kho-bac-nop-tien", "kho-bac-xac-nhan"]);
    folder.change("hall.toml", "# services = [\"chung-thuc-ban-sao\"]", "services = [\"chung-thuc-ban-sao\"]");
    assert_eq!(offered(&folder).unwrap(), ["kho-bac-nop-tien", "kho-bac-xac-nhan", "chung-thuc-ban-sao"]);
}

#[test]
fn kiosks_are_those_of_the_hub() {
    let folder = Folder::new();
    let line = folder.change("hall.toml", "[[kiosks]]\nid = \"kiosk-1\"", "[[kiosks]]\nid = \"kiosk-2\"");
    assert_eq!(folder.check("hall.toml"), "right", "the hall file alone does not know the machines");
    let problem = format!(
        "config/hall.toml:{}: kiosk `kiosk-2` is not among the kiosks of [hub]; did you mean `kiosk-1`? use one of \
         `kiosk-1`",
        line + 1
    );
    assert_eq!(folder.check("machine.toml"), problem);
    assert_eq!(folder.check("hub.toml"), "right", "that hub has two kiosks");
}

#[test]
fn the_sample_has_six_reasons_for_priority_and_five_outcomes() {
    let file = Folder::new().hall();
    let classes: Vec<&str> = file.info.classes.iter().filter(|c| c.priority).map(|c| c.id.as_str()).collect();
    assert_eq!(classes, ["elderly", "disabled", "pregnant", "small-child", "wounded", "merit"]);
    let outcomes: Vec<&str> = file.info.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    assert_eq!(outcomes, ["received", "supplement-asked", "result-returned", "advised", "refused"]);
    let rules: Vec<&str> = file.hall.parts().outcomes.iter().map(queue::OutcomeId::as_str).collect();
    assert_eq!(outcomes, rules);
    assert_eq!(file.info.outcomes[1].name.get("vi"), "Yêu cầu bổ sung");
}

#[test]
fn names_that_mean_nothing_have_their_line() {
    let right = "write the id of a field or of a service";
    let unknown = |word: &str, likely: &str| {
        format!("`{word}` is neither a field nor a service; did you mean `{likely}`? {right}")
    };
    for (from, to, problem) in [
        ("weights = { xay-dung = 2 }", "weights = { xay-dugn = 2 }", unknown("xay-dugn", "xay-dung")),
        ("helps = [\"kho-bac\"]", "helps = [\"kho-bca\"]", unknown("kho-bca", "kho-bac")),
        ("skills = [\"cong-an\"]", "skills = [\"cong-na\"]", unknown("cong-na", "cong-an")),
        (
            "skills = [\"cong-an\"]",
            "skills = [\"hang-khong\"]",
            format!("`hang-khong` is neither a field nor a service; {right}"),
        ),
        (
            "# services = [\"chung-thuc-ban-sao\"]",
            "services = [\"chung-thuc-ban-soa\"]",
            "service `chung-thuc-ban-soa` is not defined; did you mean `chung-thuc-ban-sao`? define the service, or \
             correct the name"
                .to_owned(),
        ),
    ] {
        Folder::new().expect("hall.toml", from, to, &problem);
    }
}

#[test]
fn what_makes_no_sense_has_its_line() {
    for (from, to, problem) in [
        ("weights = { xay-dung = 2 }", "weights = { xay-dung = 0 }", "the weight of `xay-dung` is 0; write 1 to 100"),
        (
            "weights = { xay-dung = 2 }",
            "weights = { xay-dung = 101 }",
            "the weight of `xay-dung` is 101; write 1 to 100",
        ),
        (
            "weights = { xay-dung = 2 }",
            "weights = { thue = 2 }",
            "counter 5 does not call `thue`; weigh only the fields and services of this counter, or add it to them",
        ),
        (
            "helps = [\"kho-bac\"]",
            "helps = [\"lao-dong\"]",
            "counter 10 calls `lao-dong-that-nghiep` already; let it help only with what it does not call itself",
        ),
        (
            "skills = [\"cong-an\"]",
            "skills = []",
            "the officer knows nothing; name fields or services, or take the line away: the officer knows all then",
        ),
        (
            "id = \"result-returned\"",
            "id = \"Đã trả\"",
            "`Đã trả` cannot be an id; use 1 to 64 letters a–z, digits and hyphens, without marks, such as `dat-dai`",
        ),
        (
            "name = { vi = \"Đã trả kết quả\"",
            "nmae = { vi = \"Đã trả kết quả\"",
            "key `nmae` is not known here; did you mean `name`? use one of `id`, `name`",
        ),
    ] {
        Folder::new().expect("hall.toml", from, to, problem);
    }
    // The rules tell these, at the second one.
    for (from, to, problem) in [
        ("id = \"advised\"", "id = \"received\"", "outcome `received` stands twice; each id may stand only once"),
        (
            "# fields = [\"dat-dai\", \"ho-tich\"]",
            "\n[[kiosks]]\nid = \"kiosk-1\"",
            "kiosk `kiosk-1` stands twice; each id may stand only once",
        ),
    ] {
        let folder = Folder::new();
        let line = folder.change("hall.toml", from, to) + to.matches('\n').count();
        assert_eq!(folder.check("hall.toml"), format!("config/hall.toml:{line}: {problem}"));
    }
    let folder = Folder::new();
    let line = folder.change("hall.toml", "# fields = [\"dat-dai\", \"ho-tich\"]", "fields = []") - 1;
    let right = "name fields or services, or take the lines away: it offers all then";
    assert_eq!(folder.check("hall.toml"), format!("config/hall.toml:{line}: kiosk `kiosk-1` offers nothing; {right}"));
}
