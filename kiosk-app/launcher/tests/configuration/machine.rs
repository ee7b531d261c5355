//! Mistakes in a machine file.

use std::path::{Path, PathBuf};

use stations::Kind;

use super::{Folder, SAMPLES};

#[test]
fn every_sample_is_right() {
    let mut names: Vec<PathBuf> = Vec::new();
    for folder in ["", "profiles/printers", "profiles/boards"] {
        let files = std::fs::read_dir(Path::new(SAMPLES).join(folder)).unwrap().map(|entry| entry.unwrap().path());
        names.extend(files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")));
    }
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        if let Err(problems) = launcher::check(&name) {
            panic!("{problems}");
        }
    }
}

#[test]
fn mistakes_of_a_named_file_are_told_for_the_machine() {
    let folder = Folder::new();
    let line = folder.change("hall.toml", "letter = \"B\"", "letter = \"A\"");
    assert!(folder.check("machine.toml").starts_with(&format!("config/hall.toml:{line}: letter `A` is taken")));
    let folder = Folder::new();
    folder.change("machine.toml", "hall = \"hall.toml\"", "hall = \"halle.toml\"");
    assert!(folder.check("machine.toml").starts_with("config/halle.toml: cannot be read"));
    let folder = Folder::new();
    folder.expect(
        "devices.toml",
        "name = \"board-1\"",
        "name = \"printer-1\"",
        "device `printer-1` stands twice; give each device its own name",
    );
}

#[test]
fn a_hub_is_not_opened_to_the_network_without_tokens() {
    Folder::new().expect(
        "machine.toml",
        "listen = \"127.0.0.1:7700\"",
        "listen = \"0.0.0.0:7700\"",
        "0.0.0.0:7700 is open to the network and no token is asked for; listen on 127.0.0.1, or name the stations that \
         may come in with [[hub.tokens]]",
    );
    Folder::new().expect(
        "machine.toml",
        "listen = \"127.0.0.1:7700\"",
        "listen = \"7700\"",
        "`7700` is no address to listen on; write address:port, such as \"127.0.0.1:7700\"",
    );
}

#[test]
fn tokens_are_long_and_different_and_everybody_has_one() {
    let folder = Folder::new();
    let token = "token_file = \"tokens/kiosk-1\"";
    folder.expect(
        "hub.toml",
        token,
        "token = \"short\"",
        "the token has 5 characters; use 16 or more; `openssl rand -hex 16` makes a good one",
    );
    let folder = Folder::new();
    folder.change("hub.toml", token, "token = \"0123456789abcdef\"");
    folder.change("hub.toml", "token_file = \"tokens/kiosk-2\"", "token = \"0123456789abcdef\"");
    assert!(folder.check("hub.toml").contains("stations `kiosk-1` and `kiosk-2` have the same token"));
    let folder = Folder::new();
    folder.expect(
        "hub.toml",
        "[connection]\ntoken_file = \"tokens/hub-pc\"",
        "[connection]",
        "the hub asks for a token and [connection] has none; add token_file = \"…\"",
    );
    let folder = Folder::new();
    folder.change("hub.toml", "[connection]\ntoken_file = \"tokens/hub-pc\"", "");
    let told = folder.check("hub.toml");
    assert!(told.contains("the hub asks for a token and this part has none; add [connection]"), "{told}");
    // A secret in a file of its own: absent it is a note while checking, and an error at the start.
    let folder = Folder::new();
    assert_eq!(launcher::check(&folder.path("hub.toml")).unwrap().notes.len(), 6);
    let told = launcher::load(&folder.path("hub.toml")).unwrap_err().to_string();
    assert!(told.contains("config/tokens/hub-pc cannot be read"), "{told}");
    folder.write("secret", "0123456789abcdef\n");
    folder.write(
        "machine.toml",
        "[agent]\ndevices = \"devices.toml\"\n[connection]\nhub = \"http://10.0.0.1:7700\"\ntoken_file = \"secret\"\n",
    );
    let machine = launcher::load(&folder.path("machine.toml")).unwrap();
    assert_eq!(machine.connection.token.as_deref(), Some("0123456789abcdef"));
    assert_eq!(machine.connection.url.as_deref(), Some("http://10.0.0.1:7700"));
    assert!(!format!("{machine:?}").contains("0123456789abcdef"), "a secret never reaches a log");
}

#[test]
fn stations_name_what_they_show() {
    let station = |text: &str| {
        let folder = Folder::new();
        folder.write("machine.toml", &format!("[connection]\nhub = \"http://10.0.0.1:7700\"\n[[stations]]\n{text}\n"));
        folder.check("machine.toml")
    };
    assert_eq!(station("kind = \"display\""), "right");
    assert_eq!(station("kind = \"counter\"\nlanguage = \"en\"\nbar = true"), "right");
    assert_eq!(station("kind = \"rating\"\ncounter = 1\nstate = \"kept\""), "right");
    for (text, problem) in [
        ("kind = \"rating\"", "4: a rating tablet has no counter; add counter = 1"),
        ("kind = \"kiosk\"", "4: a kiosk has no name; add kiosk = \"kiosk-1\""),
        ("kind = \"display\"\ncounter = 1", "5: a display has no `counter`; take the line away"),
        ("kind = \"screen\"", "4: `screen` is no kind of station; use one of `kiosk`, `counter`, `rating`, `display`"),
        ("kind = \"display\"\nbar = true", "5: a display has no `bar`; take the line away"),
        ("kind = \"counter\"\nstate = \"x\"", "5: a counter has no `state`; take the line away"),
        ("kind = \"display\"\nlanguage = \"xx\"", "5: no screen speaks `xx`; use one of `vi`, `en`, `fr`"),
    ] {
        assert_eq!(station(text), format!("config/machine.toml:{problem}"));
    }
}

#[test]
fn every_part_has_its_hub() {
    let check = |text: &str| {
        let folder = Folder::new();
        folder.write("machine.toml", text);
        folder.check("machine.toml").replace("config/machine.toml", "")
    };
    let add = "add hub = \"http://ADDRESS:7700\"";
    let station = "[[stations]]\nkind = \"display\"\n";
    assert_eq!(check(station), format!(":1: this part has no hub; {}", add.replace("add", "add [connection] with")));
    assert_eq!(check(&format!("[connection]\n{station}")), format!(":1: [connection] names no hub; {add}"));
    assert_eq!(
        check(&format!("[connection]\nhub = \"10.0.0.1\"\n{station}")),
        ":2: `10.0.0.1` is no address; write an address such as \"http://192.168.1.10:7700\""
    );
    assert_eq!(
        check("[screens]\nfullscreen = true\n[central]\nurl = \"https://tinh.gov.vn\"\n"),
        ": nothing runs on this machine; add [hub], [agent] or [[stations]]\n\
         :3: [central] stands without [hub]; only the hub speaks to the province"
    );
    let folder = Folder::new();
    let line = folder.change("machine.toml", "[agent]", "[connection]\nhub = \"http://10.0.0.1:7700\"\n[agent]");
    assert_eq!(
        folder.check("machine.toml"),
        format!("config/machine.toml:{}: the hub runs on this machine; take the address away, or [hub]", line + 1)
    );
}

#[test]
fn a_counter_begins_as_a_bar_and_a_rating_tablet_keeps_its_ratings_beside_the_file() {
    let folder = Folder::new();
    let stations = "[[stations]]\nkind = \"counter\"\nbar = true\n[[stations]]\nkind = \"rating\"\ncounter = 2\nstate = \"kept\"\n";
    folder.write("machine.toml", &format!("[connection]\nhub = \"http://10.0.0.1:7700\"\n{stations}"));
    let machine = launcher::load(&folder.path("machine.toml")).unwrap();
    let [Kind::Counter(counter), Kind::Rating(rating)] = machine.stations.as_slice() else {
        panic!("{:?}", machine.stations)
    };
    assert!(counter.bar && counter.counter.is_none());
    assert_eq!(rating.state, Some(folder.path("kept")));
}
