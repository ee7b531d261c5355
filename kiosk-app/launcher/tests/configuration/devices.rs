//! Mistakes in a devices file.

use std::path::Path;

use super::{Folder, SAMPLES};

#[test]
fn devices_must_fit_the_hall_and_themselves() {
    for (from, to, problem) in [
        (
            "path = \"/dev/kiosk-printer-1\"",
            "path = \" \"",
            "the serial path is empty; write the device's path; `ls /dev/serial/by-id/` lists those that are plugged in",
        ),
        ("baud = 38400", "baud = 0", "0 baud; write 1 to 921600, such as 9600 or 115200"),
        (
            "# share = 1",
            "share = 0",
            "share is 0; write 1 to 100: its part of the kiosk's papers beside the other printers",
        ),
        ("# roll_metres = 80", "roll_metres = 2", "roll_metres is 2; write 5 to 500, as the roll's label says"),
        ("data_bits = 7", "data_bits = 9", "data_bits is 9; it can be 7 or 8"),
        ("volume = 1.0", "volume = 1.5", "volume is 1.5; write 0.0 to 1.0"),
        (
            "kind = \"serial\", path = \"/dev/kiosk-printer-1\", baud = 38400, flow = \"hardware\"",
            "kind = \"tcp\", address = \"printer\"",
            "`printer` is no network address; write host:port, such as \"192.168.1.50:9100\"",
        ),
    ] {
        Folder::new().expect("devices.toml", from, to, problem);
    }
    let folder = Folder::new();
    let second = "[[ticket_printers]]\nname = \"printer-2\"\nkiosk = \"kiosk-1\"\nprofile = \"unknown-80mm\"\nlink = { kind = \"tcp\", address = \"10.0.0.2:9100\" }\n\n[[number_boards]]";
    folder.change("devices.toml", "[[number_boards]]", second);
    folder.change("devices.toml", "# share = 1", "share = 3");
    folder.change("devices.toml", "# roll_metres = 80", "roll_metres = 80");
    assert_eq!(folder.check("devices.toml"), "right", "several printers at a kiosk");
    let folder = Folder::new();
    let line = folder.change("devices.toml", "kiosk = \"kiosk-1\"", "kiosk = \"kiosk-3\"");
    let told = format!(
        "config/devices.toml:{line}: kiosk `kiosk-3` is not among the kiosks of [hub]; did you mean `kiosk-1`? use one of `kiosk-1`"
    );
    assert_eq!(folder.check("machine.toml"), told);
    let folder = Folder::new();
    let line = folder.change("devices.toml", "# counters = [1, 2, 3]", "counters = [1, 99]");
    let told = format!(
        "config/devices.toml:{line}: counter 99 is not in the hall; use one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"
    );
    assert_eq!(folder.check("machine.toml"), told);
    let folder = Folder::new();
    let line = folder.change("devices.toml", "profile = \"alpha-betabrite\"", "profile = \"alpha-betabright\"");
    let told = folder.check("devices.toml");
    assert!(
        told.starts_with(&format!(
            "config/devices.toml:{line}: profile `alpha-betabright` is not known; did you mean `alpha-betabrite`?"
        )),
        "{told}"
    );
    let folder = Folder::new();
    std::fs::remove_file(folder.folder.path().join("assets/voice/voice.toml")).unwrap();
    assert!(
        folder.check("devices.toml").contains("no voice.toml in config/../assets/voice"),
        "{}",
        folder.check("devices.toml")
    );
}

#[test]
fn a_profile_of_the_hall_s_own_is_read_and_checked() {
    let folder = Folder::new();
    let profiles = folder.path("profiles/boards");
    std::fs::create_dir_all(&profiles).unwrap();
    let right = std::fs::read_to_string(Path::new(SAMPLES).join("profiles/boards/alpha-betabrite.toml")).unwrap();
    std::fs::write(profiles.join("ours.toml"), &right).unwrap();
    folder.change("devices.toml", "profile = \"alpha-betabrite\"", "profile = \"ours\"");
    assert_eq!(folder.check("devices.toml"), "right");
    let line = 1 + right.lines().position(|line| line == "lines = 1").unwrap();
    std::fs::write(profiles.join("ours.toml"), right.replace("lines = 1\n", "lines = 9\n")).unwrap();
    let told = format!("config/profiles/boards/ours.toml:{line}: lines is 9; it can be 1 to 8");
    assert_eq!(folder.check("devices.toml"), told);
    assert_eq!(folder.check("profiles/boards/ours.toml"), told);
    std::fs::write(profiles.join("ours.toml"), right.replace("columns = 14\n", "colums = 14\n")).unwrap();
    let told = folder.check("devices.toml");
    assert!(
        told.starts_with("config/profiles/boards/ours.toml:") && told.contains("did you mean `columns`?"),
        "{told}"
    );
}

#[test]
fn a_speaker_speaks_calls_or_the_help_of_a_kiosk_of_the_hall() {
    let at_kiosk = "name = \"speaker-1\"\n";
    let folder = Folder::new();
    folder.change("devices.toml", "# calls = true", "calls = false");
    assert_eq!(folder.check("machine.toml"), "right");
    // The last `kiosk` of the file is the speaker's.
    let speaker = |name: &str| {
        let text = std::fs::read_to_string(folder.path("devices.toml")).unwrap();
        let (before, after) = text.split_once(at_kiosk).unwrap();
        folder.write("devices.toml", &format!("{before}{at_kiosk}{}", after.replace("kiosk = \"kiosk-1\"\n", name)));
    };
    speaker("kiosk = \"kiosk-3\"\n");
    let line = folder.change("devices.toml", "kiosk-3", "kiosk-3");
    let told = format!(
        "config/devices.toml:{line}: kiosk `kiosk-3` is not among the kiosks of [hub]; did you mean `kiosk-1`? use one of `kiosk-1`"
    );
    assert_eq!(folder.check("machine.toml"), told);
    folder.change("devices.toml", "kiosk = \"kiosk-3\"\n", "");
    let line = folder.change("devices.toml", "calls = false", "calls = false");
    let told = format!(
        "config/devices.toml:{line}: this speaker would never speak; name the kiosk whose help it speaks, or leave out `calls`"
    );
    assert_eq!(folder.check("devices.toml"), told);
    folder.change("devices.toml", "calls = false", "calls = true");
    assert_eq!(folder.check("machine.toml"), "right", "the hall's speaker");
}
