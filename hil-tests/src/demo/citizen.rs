//! A citizen at the kiosk: touches up to the number, and the paper that comes of it.

use std::time::Duration;

use anyhow::{Context, ensure};
use stations::headless;

use super::crew::{DESKS, number_on, shows, touch, until};
use super::morning::Morning;

/// The start page's button, in Vietnamese and English; the others likewise.
pub const START: [&str; 2] = ["Chạm để bắt đầu", "Touch to start"];
/// On past the page that says that no paper will come.
const GO_ON: [&str; 2] = ["Tiếp tục lấy số", "Go on"];
/// The button that takes the number.
pub const TAKE: [&str; 2] = ["Lấy số", "Get a number"];
/// How long the ticket page takes no touch.
const BOUNCE: Duration = Duration::from_millis(350);
/// What the last page says.
pub const TAKE_PAPER: [&str; 2] = ["Mời nhận phiếu bên dưới", "Take your ticket below"];
pub(super) const DONE: [&str; 2] = ["Xong", "Done"];

/// A citizen's wish.
pub(super) struct Wish<'a> {
    pub(super) field: &'a str,
    pub(super) class: Option<&'a str>,
    /// 0 Vietnamese, 1 English.
    pub(super) language: usize,
    /// Whether pictures of every page are wanted.
    pub(super) pictures: bool,
}

impl<'a> Wish<'a> {
    pub(super) fn of(field: &'a str) -> Self {
        Self { field, class: None, language: 0, pictures: false }
    }
}

impl Morning<'_> {
    /// A citizen takes a number with touches on the kiosk; the paper comes out of the printer.
    pub(super) fn take(&mut self, wish: &Wish) -> anyhow::Result<String> {
        let number = self.take_number(wish)?;
        let l = wish.language;
        let (kiosk, printer) = (&self.crew.kiosk, &self.hall.bench.printer);
        let sheets = self.tickets.len();
        until("the paper", || printer.sheets().len() == sheets)?;
        until("the words that the paper is there", || shows(kiosk, TAKE_PAPER[l]))?;
        if wish.pictures {
            self.shoot_kiosk("take your ticket", &format!("kiosk-ticket-{}", ["vi", "en"][l]))?;
        }
        self.keep_paper(&number)?;
        // A touch right after the number came would count as the second of two quick ones.
        headless::pump_for(BOUNCE)?;
        touch(&self.crew.kiosk, DONE[l])?;
        let kiosk = &self.crew.kiosk;
        until("the start page", || START.iter().any(|start| shows(kiosk, start)))?;
        Ok(number)
    }

    /// The touches up to the number on the screen.
    pub(super) fn take_number(&mut self, wish: &Wish) -> anyhow::Result<String> {
        let l = wish.language;
        let code = ["vi", "en"][l];
        let field = self.info.fields.iter().find(|f| f.id == wish.field).context("a field of the hall")?;
        let field = field.name.get(code).to_owned();
        let services: Vec<_> = self.info.services.iter().filter(|s| s.field == wish.field).collect();
        // A service that one of the three counters calls.
        let open: Vec<_> = services.into_iter().filter(|s| s.counters.iter().any(|c| DESKS.contains(c))).collect();
        let service = self.dice.choice(open).context("a service of the field")?;
        let (service_id, service) = (service.id.clone(), service.name.get(code).to_owned());
        if l == 1 {
            touch(&self.crew.kiosk, "English")?;
        }
        let kiosk = &self.crew.kiosk;
        until("the start page or the fields", || shows(kiosk, START[l]) || shows(kiosk, &field))?;
        if shows(kiosk, START[l]) {
            touch(kiosk, START[l])?;
        }
        until("the fields", || shows(kiosk, &field) || shows(kiosk, GO_ON[l]))?;
        if shows(kiosk, GO_ON[l]) {
            touch(kiosk, GO_ON[l])?;
            until("the fields", || shows(kiosk, &field))?;
        }
        if wish.pictures {
            self.shoot_kiosk("the fields", &format!("kiosk-fields-{code}"))?;
        }
        touch(&self.crew.kiosk, &field)?;
        let kiosk = &self.crew.kiosk;
        until("the services", || shows(kiosk, &service))?;
        if wish.pictures {
            self.shoot_kiosk("the services of the field", &format!("kiosk-services-{code}"))?;
        }
        touch(&self.crew.kiosk, &service)?;
        let kiosk = &self.crew.kiosk;
        until("the confirmation", || shows(kiosk, TAKE[l]))?;
        if let Some(class) = wish.class {
            let class = self.info.classes.iter().find(|c| c.id == class).context("a class of the hall")?;
            touch(kiosk, class.name.get(code))?;
        }
        if wish.pictures {
            self.shoot_kiosk("people ahead, wait and priority", &format!("kiosk-confirm-{code}"))?;
        }
        touch(&self.crew.kiosk, TAKE[l])?;
        let kiosk = &self.crew.kiosk;
        let known: Vec<_> = self.tickets.iter().map(|(number, _)| number.clone()).collect();
        until("the number", || number_on(kiosk).is_some_and(|number| !known.contains(&number)))?;
        let number = number_on(kiosk).context("the number went away")?;
        self.tickets.push((number.clone(), service_id));
        Ok(number)
    }

    /// Saves the newest paper and checks what stands on it.
    pub(super) fn keep_paper(&mut self, number: &str) -> anyhow::Result<()> {
        let sheet = self.hall.bench.printer.sheets().pop().context("a sheet of paper")?;
        let name = format!("tickets/{number}.png");
        sheet.save(&self.out(&name))?;
        let qr = sheet.qr_codes.first().context("a QR code on the paper")?;
        ensure!(qr.ends_with(number), "the QR code {qr} is not of {number}");
        ensure!(sheet.text().contains(number), "the paper does not say {number}: {}", sheet.text());
        self.story.show(&format!("paper of {number}"), &name);
        Ok(())
    }
}
