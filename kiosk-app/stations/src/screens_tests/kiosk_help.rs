//! The kiosk where help can be heard: the button stands on every citizen's page, fits in every language and shape, and
//! asks for that page's help.

use protocol::commands::{HELP_PAGES, HelpRequest};
use protocol::problem::Problem;
use protocol::views::{PrintState, Unavailable};
use tokio::sync::mpsc;

use super::kiosk_rig::{
    LYING, SHAPES, STANDING, Shape, field, flow, info, measured, show, to_confirm, to_ticket, touch, view, window,
};
use super::{approved, s};
use crate::headless;
use crate::kiosk::connect_pages;
use crate::kiosk::flow::{Effect, Event, Flow};
use crate::kiosk::steps::Touch;
use crate::look::Scheme;
use crate::plumbing::Answer;
use crate::sample;

/// What the button says.
const LISTEN: [(&str, &str); 3] = [("vi", "Nghe hướng dẫn"), ("en", "Listen"), ("fr", "Écouter l’aide")];

/// A kiosk at which help can be heard, in a language, led to a page.
type Lead = fn(&mut Flow);

/// Every page that a citizen sees, with the help that is spoken there.
const PAGES: [(&str, Lead); 18] = [
    ("attract", |_| {}),
    ("languages", |flow| touch(flow, &[Touch::Start, Touch::SwitchLanguage])),
    ("fields", |flow| touch(flow, &[Touch::Start])),
    ("services", |flow| touch(flow, &[Touch::Start, field("land")])),
    ("search", |flow| touch(flow, &[Touch::Start, Touch::Search])),
    ("confirm", to_confirm),
    ("classes", |flow| {
        to_confirm(flow);
        touch(flow, &[Touch::AskClass]);
    }),
    ("appointment", |flow| {
        to_confirm(flow);
        touch(flow, &[Touch::AskAppointment]);
    }),
    ("ticket", |flow| to_ticket(flow, PrintState::Printed, |_| {})),
    ("ticket", |flow| to_ticket(flow, PrintState::Printing, |_| {})),
    ("ticket-screen", |flow| to_ticket(flow, PrintState::Failed { reason: "paper-out".into() }, |_| {})),
    ("no-paper", |flow| {
        help(flow, |view| view.printer = Some(sample::printer(Some("paper-out"))));
        touch(flow, &[Touch::Start]);
    }),
    ("no-number", |flow| {
        help(flow, |view| view.services[1].closed = Some(Unavailable::QuotaReached));
        to_confirm(flow);
    }),
    ("no-number", |flow| {
        to_confirm(flow);
        touch(flow, &[Touch::Take("r1".into())]);
        let problem = Problem::new(503, "log-unavailable", "", "", "");
        flow.handle(Event::Answer("r1".into(), Answer::Refused(Box::new(problem))), s(2));
    }),
    ("closed", |flow| {
        let closed = Unavailable::Closed { opens: Some("2026-11-25T07:30:00".into()) };
        help(flow, |view| view.fields.iter_mut().for_each(|field| field.closed = Some(closed.clone())));
    }),
    ("kiosk-closed", |flow| help(flow, |view| view.closed = true)),
    // The same again without paper from the beginning: the notice on the first page leaves less room.
    ("attract", |flow| help(flow, |view| view.printer = Some(sample::printer(Some("paper-out"))))),
    ("fields", |flow| {
        help(flow, |view| view.printer = Some(sample::printer(Some("paper-out"))));
        touch(flow, &[Touch::Start, Touch::GoOn]);
    }),
];

/// A view with help, and with what `change` changes.
fn help(flow: &mut Flow, change: impl FnOnce(&mut protocol::views::KioskView)) {
    view(flow, |view| {
        view.help = true;
        change(view);
    });
}

fn helped(language: &str, lead: Lead) -> Flow {
    let mut flow = flow(language);
    help(&mut flow, |_| {});
    lead(&mut flow);
    flow
}

fn asked(flow: &mut Flow) -> Option<HelpRequest> {
    match flow.handle(Event::Touch(Touch::Listen), s(4)) {
        Some(Effect::AskHelp(help)) => Some(help),
        None => None,
        Some(other) => panic!("{other:?}"),
    }
}

#[test]
fn every_page_has_its_help_and_touching_it_leads_nowhere_else() {
    let mut heard = std::collections::BTreeSet::new();
    for (page, lead) in PAGES {
        let mut flow = helped("en", lead);
        let step = flow.step.clone();
        let expected = HelpRequest { page: page.to_owned(), language: "en".to_owned() };
        assert_eq!(asked(&mut flow), Some(expected), "{page}");
        assert_eq!(flow.step, step, "{page}");
        heard.insert(page);
        view(&mut flow, |_| {});
        assert_eq!(asked(&mut flow), None, "{page}: the speaker is gone");
    }
    assert_eq!(heard, HELP_PAGES.into_iter().collect(), "each page of the protocol is asked for, and no other");
}

#[test]
fn nobody_is_helped_on_staff_s_pages_while_the_hub_is_away_or_a_number_is_on_its_way() {
    let mut flow = helped("vi", |flow| touch(flow, &[Touch::Staff]));
    assert_eq!(asked(&mut flow), None);
    flow.handle(Event::Touch(Touch::Key('1')), s(1));
    flow.handle(Event::Touch(Touch::Enter), s(1));
    flow.handle(Event::Pin(Ok(())), s(1));
    assert_eq!(asked(&mut flow), None);
    let mut flow = helped("vi", |_| {});
    flow.handle(Event::View(client::Linked { view: None, online: false, strange: false }), s(1));
    assert_eq!(asked(&mut flow), None);
    let mut flow = helped("vi", |flow| {
        to_confirm(flow);
        touch(flow, &[Touch::Take("r1".into())]);
    });
    assert_eq!(asked(&mut flow), None);
}

#[test]
fn the_button_is_there_where_help_can_be_heard_and_a_finger_on_it_asks() {
    let window = window();
    let (sender, mut touches) = mpsc::channel(4);
    connect_pages(&window, &sender);
    for (page, lead) in PAGES {
        for (language, label) in LISTEN {
            let mut flow = helped(language, lead);
            for shape in SHAPES {
                show(&window, &mut flow, shape, Scheme::Light);
                headless::touch(&window, label).unwrap_or_else(|e| panic!("{page} {language} {}: {e}", shape.0));
                assert_eq!(touches.try_recv().unwrap(), Touch::Listen, "{page} {language}");
                assert!(touches.try_recv().is_err(), "{page} {language}: nothing else");
            }
            view(&mut flow, |_| {});
            show(&window, &mut flow, STANDING, Scheme::Light);
            assert!(!headless::shows(&window, label), "{page}: no speaker, no button");
        }
    }
}

#[test]
fn the_button_fits_every_page_in_every_language_and_shape() {
    let window = window();
    let mut wrong = Vec::new();
    for (number, (page, lead)) in PAGES.into_iter().enumerate() {
        wrong.extend(measured(&window, &format!("{page} ({number})"), &|language: &str| helped(language, lead)));
    }
    // One language: the footer has no button for it.
    let alone = |language: &str| {
        let mut flow = helped(language, |_| {});
        info(&mut flow, |hall| hall.languages = vec![language.to_owned()]);
        touch(&mut flow, &[Touch::Start, field("land")]);
        flow
    };
    wrong.extend(measured(&window, "one language", &alone));
    assert!(wrong.is_empty(), "{} misfits: {wrong:#?}", wrong.len());
}

#[test]
fn pictures_of_pages_with_help() {
    let window = window();
    let small: Shape = SHAPES[2];
    let services: Lead = |flow| touch(flow, &[Touch::Start, field("land")]);
    let (low, search): (Shape, Lead) = (SHAPES[3], |flow| touch(flow, &[Touch::Start, Touch::Search]));
    let kept: [(&str, Lead, &str, Shape); 8] = [
        ("attract", |_| {}, "vi", STANDING),
        ("attract", |_| {}, "vi", LYING),
        ("attract", |_| {}, "vi", small),
        ("services", services, "vi", STANDING),
        ("services", services, "vi", LYING),
        ("services", services, "vi", small),
        ("services", services, "fr", STANDING),
        ("search", search, "vi", low),
    ];
    for (name, lead, language, shape) in kept {
        show(&window, &mut helped(language, lead), shape, Scheme::Light);
        approved::same(&window, &format!("kiosk-help-{name}-{language}-light-{}", shape.0));
    }
}
