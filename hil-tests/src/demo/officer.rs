//! What an officer can do with a ticket, page by page; and why a citizen was not satisfied.

use anyhow::Context;
use slint::platform::Key;
use stations::headless;

use super::crew::{mentions, picture, shows, touch, until};
use super::morning::Morning;

/// Button that sends the reasons, in Vietnamese and English.
const SEND: [&str; 2] = ["Gửi ý kiến", "Send"];
/// What brings the keyboard.
const WRITE: [&str; 2] = ["Ghi thêm ý kiến", "Add your own words"];

impl Morning<'_> {
    /// Opens every page that asks before it acts, and leaves each again; then the narrow counter.
    pub(super) fn officers_pages(&mut self) -> anyhow::Result<()> {
        const DESK: u16 = 1;
        for (key, words, text, name) in [
            (Key::F5, "Tự trở lại hàng chờ", "parking: why and until when", "counter-park"),
            (Key::F6, "Sang dịch vụ", "a transfer: to any service or counter, with return", "counter-transfer"),
        ] {
            let window = self.crew.counter(DESK)?;
            headless::press_key(window, key);
            until(words, || mentions(window, words))?;
            self.shoot_counter(DESK, text, name)?;
            let window = self.crew.counter(DESK)?;
            headless::press_key(window, Key::Escape);
            until("the work again", || shows(window, "Tạm hoãn"))?;
        }
        headless::press_key(self.crew.counter(DESK)?, Key::F10);
        let window = self.crew.counter(DESK)?;
        until("the question of the hand-over", || mentions(window, "Quầy còn phiếu"))?;
        self.shoot_counter(DESK, "closing with a ticket: hand it over?", "counter-hand-over")?;
        headless::press_key(self.crew.counter(DESK)?, Key::Escape);
        for (words, text, name) in [
            ("Trang đầy đủ", "the counter as a strip above another program", "counter-strip"),
            ("Trang đầy đủ", "and as a column beside it", "counter-column"),
        ] {
            let window = self.crew.counter(DESK)?;
            let before = headless::size(window);
            headless::press_key(window, Key::F12);
            until(words, || shows(window, words) && headless::size(window) != before)?;
            self.shoot_counter(DESK, text, name)?;
        }
        let window = self.crew.counter(DESK)?;
        headless::press_key(window, Key::F12);
        until("the full page", || shows(window, "Thanh nhỏ"))?;
        self.story.say("every page was left again; nothing happened to the ticket");
        Ok(())
    }

    /// After a low answer: the first reason, and the keyboard for a picture.
    pub(super) fn say_why(&mut self, desk: u16) -> anyhow::Result<()> {
        let tablet = self.crew.rating(desk)?;
        until("the reasons", || SEND.iter().any(|send| shows(tablet, send)))?;
        let l = usize::from(!shows(tablet, SEND[0]));
        let reason = self.info.rating_reasons.first().context("the hall has reasons")?;
        touch(tablet, reason.name.get(["vi", "en"][l]))?;
        if !self.story.out().join("screens/rating-reasons.png").exists() {
            let path = picture(tablet, self.story.out(), "rating-reasons")?;
            self.story.show("a low answer may be explained", &path);
            touch(self.crew.rating(desk)?, WRITE[l])?;
            let tablet = self.crew.rating(desk)?;
            until("the keyboard", || shows(tablet, "q"))?;
            let path = picture(tablet, self.story.out(), "rating-keyboard")?;
            self.story.show("in the citizen's own words, too", &path);
        }
        touch(self.crew.rating(desk)?, SEND[l])
    }
}
