//! A finger: a multitouch screen that the kernel makes of our events (uinput), as the kiosk's own would be.
//!
//! Facts: Linux' Documentation/input/multi-touch-protocol.rst, protocol B.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use evdev::uinput::VirtualDevice;
use evdev::{
    AbsInfo, AbsoluteAxisCode as Axis, AttributeSet, EventType, InputEvent, KeyCode, PropType, UinputAbsSetup,
};

/// Fingers that the screen tells apart.
const SLOTS: i32 = 10;
/// Highest number of a touch.
const LAST_ID: i32 = 65_535;
/// Dots a millimetre, as a 23-inch screen of 1080 by 1920 has.
const DOTS_A_MILLIMETRE: i32 = 4;
/// How long a finger stays.
const PRESS: Duration = Duration::from_millis(120);

/// A touch screen with one finger.
pub(crate) struct Finger {
    device: VirtualDevice,
    touches: i32,
}

impl Finger {
    /// Plugs in a touch screen of so many dots.
    pub(crate) fn plug_in(width: i32, height: i32) -> anyhow::Result<Self> {
        let axis = |code, most, resolution| UinputAbsSetup::new(code, AbsInfo::new(0, 0, most, 0, 0, resolution));
        let device = VirtualDevice::builder()
            .context("/dev/uinput")?
            .name("Virtual touch screen")
            .with_keys(&AttributeSet::from_iter([KeyCode::BTN_TOUCH]))?
            .with_properties(&AttributeSet::from_iter([PropType::DIRECT]))?
            .with_absolute_axis(&axis(Axis::ABS_X, width - 1, DOTS_A_MILLIMETRE))?
            .with_absolute_axis(&axis(Axis::ABS_Y, height - 1, DOTS_A_MILLIMETRE))?
            .with_absolute_axis(&axis(Axis::ABS_MT_SLOT, SLOTS - 1, 0))?
            .with_absolute_axis(&axis(Axis::ABS_MT_TRACKING_ID, LAST_ID, 0))?
            .with_absolute_axis(&axis(Axis::ABS_MT_POSITION_X, width - 1, DOTS_A_MILLIMETRE))?
            .with_absolute_axis(&axis(Axis::ABS_MT_POSITION_Y, height - 1, DOTS_A_MILLIMETRE))?
            .build()?;
        Ok(Self { device, touches: 0 })
    }

    /// Its node under `/dev/input`.
    pub(crate) fn node(&mut self) -> anyhow::Result<PathBuf> {
        let mut nodes = self.device.enumerate_dev_nodes_blocking()?;
        Ok(nodes.next().context("the touch screen has no node")??)
    }

    /// Touches a place and lets go.
    pub(crate) fn tap(&mut self, (x, y): (i32, i32)) -> anyhow::Result<()> {
        let absolute = |code: Axis, value| InputEvent::new(EventType::ABSOLUTE.0, code.0, value);
        let contact = |down| InputEvent::new(EventType::KEY.0, KeyCode::BTN_TOUCH.0, down);
        self.touches = (self.touches + 1) % LAST_ID;
        self.device.emit(&[
            absolute(Axis::ABS_MT_SLOT, 0),
            absolute(Axis::ABS_MT_TRACKING_ID, self.touches),
            absolute(Axis::ABS_MT_POSITION_X, x),
            absolute(Axis::ABS_MT_POSITION_Y, y),
            absolute(Axis::ABS_X, x),
            absolute(Axis::ABS_Y, y),
            contact(1),
        ])?;
        std::thread::sleep(PRESS);
        self.device.emit(&[absolute(Axis::ABS_MT_TRACKING_ID, -1), contact(0)])?;
        Ok(())
    }
}
