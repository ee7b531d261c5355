//! A keyboard that somebody plugs into the kiosk: keys that lead out of other programs.

use std::time::Duration;

use anyhow::Context;
use evdev::uinput::VirtualDevice;
use evdev::{AttributeSet, EventType, InputEvent, KeyCode};

/// Keys pressed together, in their order.
const WAYS_OUT: [&[KeyCode]; 10] = [
    &[KeyCode::KEY_ESC],
    &[KeyCode::KEY_LEFTALT, KeyCode::KEY_F4],
    &[KeyCode::KEY_LEFTALT, KeyCode::KEY_TAB],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_C],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_Q],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_W],
    &[KeyCode::KEY_LEFTCTRL, KeyCode::KEY_LEFTALT, KeyCode::KEY_BACKSPACE],
    &[KeyCode::KEY_LEFTMETA],
    &[KeyCode::KEY_F11],
    &[KeyCode::KEY_POWER],
];
/// How long a key is held, and the pause after it.
const PRESS: Duration = Duration::from_millis(60);

/// Plugs a keyboard in, presses every way out, and pulls it out again.
pub(crate) fn tries_every_way_out() -> anyhow::Result<()> {
    let keys = WAYS_OUT.iter().copied().flatten().copied();
    let mut device = VirtualDevice::builder()
        .context("/dev/uinput")?
        .name("Virtual keyboard")
        .with_keys(&AttributeSet::from_iter(keys.chain([KeyCode::KEY_A, KeyCode::KEY_ENTER])))?
        .build()?;
    crate::run("udevadm", &["settle", "--timeout=10"])?;
    std::thread::sleep(crate::NEXT_PAGE);
    for way in WAYS_OUT {
        let press = |key: &KeyCode, down| InputEvent::new(EventType::KEY.0, key.0, down);
        for key in way {
            device.emit(&[press(key, 1)])?;
        }
        std::thread::sleep(PRESS);
        for key in way.iter().rev() {
            device.emit(&[press(key, 0)])?;
        }
        std::thread::sleep(PRESS);
    }
    Ok(())
}
