//! A keyboard that somebody plugs into the kiosk: keys that lead out of other programs.

use std::fs::File;
use std::time::Duration;

use anyhow::{Context, ensure};
use evdev::uinput::VirtualDevice;
use evdev::{AttributeSet, EventType, InputEvent, KeyCode};

/// Another console.
const SECOND_CONSOLE: &str = "tty2";
/// The kernel's own keys for it, and for the one before.
const TO_SECOND: &[KeyCode] = &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_LEFTALT, KeyCode::KEY_F2];
const TO_FIRST: &[KeyCode] = &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_LEFTALT, KeyCode::KEY_F1];
/// Keys pressed together, in their order. SysRq with R gives the keyboard back to the console, with B it starts the machine
/// anew.
const WAYS_OUT: [&[KeyCode]; 15] = [
    &[KeyCode::KEY_ESC],
    &[KeyCode::KEY_LEFTALT, KeyCode::KEY_F4],
    &[KeyCode::KEY_LEFTALT, KeyCode::KEY_TAB],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_C],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_Q],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_W],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_LEFTALT, KeyCode::KEY_BACKSPACE],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_LEFTALT, KeyCode::KEY_DELETE],
    &[KeyCode::KEY_LEFTALT, KeyCode::KEY_SYSRQ, KeyCode::KEY_R],
    &[KeyCode::KEY_LEFTALT, KeyCode::KEY_SYSRQ, KeyCode::KEY_B],
    &[KeyCode::KEY_LEFTALT, KeyCode::KEY_RIGHT],
    TO_SECOND,
    &[KeyCode::KEY_LEFTMETA],
    &[KeyCode::KEY_F11],
    &[KeyCode::KEY_POWER],
];
/// How long a key is held, and the pause after it.
const PRESS: Duration = Duration::from_millis(60);

/// The console that the screen shows.
pub(crate) fn console() -> anyhow::Result<String> {
    Ok(std::fs::read_to_string("/sys/class/tty/tty0/active")?.trim().to_owned())
}

/// Goes to another console and back, while no program holds the screen; that console stays.
pub(crate) fn switches_consoles() -> anyhow::Result<()> {
    File::open(format!("/dev/{SECOND_CONSOLE}"))?;
    let mut keyboard = plug_in()?;
    for (keys, wanted) in [(TO_SECOND, SECOND_CONSOLE), (TO_FIRST, crate::FIRST_CONSOLE)] {
        press(&mut keyboard, keys)?;
        crate::until(wanted, || Ok((console()? == wanted).then_some(())))?;
    }
    Ok(())
}

/// Shuts the console as a kiosk's machine does: by the lines of the files that we ship.
pub(crate) fn shut_the_console() -> anyhow::Result<()> {
    crate::run("sysctl", &["-p", "/etc/kiosk-app/60-kiosk-sysctl.conf"])?;
    let sysrq = std::fs::read_to_string("/proc/sys/kernel/sysrq")?;
    ensure!(sysrq.trim() == "0", "sysrq is {sysrq}");
    let unit = std::fs::read_to_string("/etc/kiosk-app/kiosk-console.service")?;
    let lines = unit.lines().filter_map(|line| line.strip_prefix("ExecStart=/usr/bin/"));
    for command in lines {
        crate::run("sh", &["-c", command])?;
    }
    let mode = crate::run("kbd_mode", &["-C", "/dev/tty1"])?;
    ensure!(mode.contains("scancode"), "{mode}");
    Ok(())
}

/// Plugs a keyboard in, presses every way out, and pulls it out again.
pub(crate) fn tries_every_way_out() -> anyhow::Result<()> {
    let mut keyboard = plug_in()?;
    std::thread::sleep(crate::NEXT_PAGE);
    for way in WAYS_OUT {
        press(&mut keyboard, way)?;
    }
    Ok(())
}

/// A keyboard with the keys of every way, and enough others for one.
fn plug_in() -> anyhow::Result<VirtualDevice> {
    let keys = WAYS_OUT.iter().chain([&TO_FIRST]).copied().flatten().copied();
    let device = VirtualDevice::builder()
        .context("/dev/uinput")?
        .name("Virtual keyboard")
        .with_keys(&AttributeSet::from_iter(keys.chain([KeyCode::KEY_A, KeyCode::KEY_ENTER])))?
        .build()?;
    crate::run("udevadm", &["settle", "--timeout=10"])?;
    Ok(device)
}

fn press(keyboard: &mut VirtualDevice, keys: &[KeyCode]) -> anyhow::Result<()> {
    let event = |key: &KeyCode, down| InputEvent::new(EventType::KEY.0, key.0, down);
    for key in keys {
        keyboard.emit(&[event(key, 1)])?;
    }
    std::thread::sleep(PRESS);
    for key in keys.iter().rev() {
        keyboard.emit(&[event(key, 0)])?;
    }
    std::thread::sleep(PRESS);
    Ok(())
}
