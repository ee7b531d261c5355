//! From page to page.

use protocol::views::Unavailable;

use super::super::flow::MAX_SERVICES;
use super::super::search;
use super::super::steps::{Choice, Named, Step, Touch};
use super::{confirming, hall, ready, s, see, touch};
use crate::look::Scheme;

fn choice(flow: &super::Flow) -> &Choice {
    match &flow.step {
        Step::Confirm(choice) => choice,
        step => panic!("not on the confirm page: {step:?}"),
    }
}

#[test]
fn the_language_goes_round_and_a_hall_with_one_language_offers_none() {
    let mut flow = ready();
    touch(&mut flow, Touch::Start, s(1));
    assert_eq!(flow.other_language().as_deref(), Some("en"));
    touch(&mut flow, Touch::SwitchLanguage, s(2));
    assert_eq!((flow.language.as_str(), flow.other_language().as_deref()), ("en", Some("vi")));
    hall(&mut flow, s(3), |hall| hall.languages = vec!["vi".into(), "xx".into()]);
    assert_eq!((flow.language.as_str(), flow.other_language()), ("vi", None));
    touch(&mut flow, Touch::SwitchLanguage, s(4));
    assert_eq!((flow.language.as_str(), &flow.step), ("vi", &Step::Home { page: 0 }));
}

#[test]
fn several_languages_have_a_page_of_their_own() {
    let mut flow = confirming();
    hall(&mut flow, s(3), |hall| hall.languages.push("fr".into()));
    touch(&mut flow, Touch::SwitchLanguage, s(4));
    assert!(matches!(flow.step, Step::Languages { .. }));
    touch(&mut flow, Touch::Language("fr".into()), s(5));
    assert_eq!((flow.language.as_str(), choice(&flow).service.as_str()), ("fr", "land-change"));
    touch(&mut flow, Touch::SwitchLanguage, s(6));
    touch(&mut flow, Touch::Language("xx".into()), s(7));
    assert_eq!(flow.language, "fr", "a language that nobody speaks is not taken");
}

#[test]
fn back_goes_one_step_and_to_start_goes_all_the_way() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Back, s(4));
    assert!(matches!(&flow.step, Step::Services { field, .. } if field == "land"));
    touch(&mut flow, Touch::Back, s(5));
    assert_eq!(flow.step, Step::Home { page: 0 });
    touch(&mut flow, Touch::Back, s(6));
    assert_eq!(flow.step, Step::Attract);
    let mut flow = confirming();
    touch(&mut flow, Touch::ToStart, s(6));
    assert_eq!(flow.step, Step::Attract);
}

#[test]
fn services_come_most_used_first_and_stay_in_their_order_while_somebody_looks() {
    let mut flow = ready();
    let taken = |view: &mut protocol::views::KioskView, id: &str, taken: u32| {
        view.services.iter_mut().filter(|l| l.id == id).for_each(|l| l.taken = taken);
    };
    see(&mut flow, s(1), |view| {
        view.services.iter_mut().for_each(|load| load.taken = 0);
        taken(view, "land-split", 9);
        taken(view, "land-result", 4);
    });
    touch(&mut flow, Touch::Start, s(1));
    touch(&mut flow, Touch::Field("land".into()), s(2));
    let order = |flow: &super::Flow| match &flow.step {
        Step::Services { order, .. } => order.clone(),
        step => panic!("{step:?}"),
    };
    assert_eq!(order(&flow)[..3], ["land-split", "land-result", "land-first"]);
    see(&mut flow, s(3), |view| taken(view, "land-first", 99));
    assert_eq!(order(&flow)[0], "land-split", "rows do not jump under a finger");
}

#[test]
fn a_search_finds_without_marks_in_names_and_fields() {
    let flow = ready();
    let found = |typed: &str, language: &str| search::find(&flow, typed, language);
    assert_eq!(found("KHAI SINH", "vi"), ["birth"]);
    assert_eq!(found("sinh khai", "en"), ["birth"], "the Vietnamese name is found in every language");
    assert!(found("birth", "en").contains(&"birth".to_owned()));
    assert!(found("dat dai", "vi").len() >= 6, "a field's name finds its services");
    assert_eq!(found("zzz", "vi"), Vec::<String>::new());
    assert_eq!(found("  ", "vi").len(), 12);
}

#[test]
fn what_is_typed_is_searched_and_erased_and_a_found_service_is_chosen() {
    let mut flow = ready();
    touch(&mut flow, Touch::Start, s(1));
    touch(&mut flow, Touch::Search, s(1));
    for key in ['K', 'h', '\u{8}', 'a'] {
        touch(&mut flow, Touch::Key(key), s(2));
    }
    assert_eq!(flow.step, Step::Search { typed: "Kha".into(), page: 0 }, "a control key is no letter");
    touch(&mut flow, Touch::Turn(2), s(2));
    touch(&mut flow, Touch::Erase, s(2));
    assert_eq!(flow.step, Step::Search { typed: "Kh".into(), page: 0 });
    touch(&mut flow, Touch::Service("birth".into()), s(3));
    assert_eq!(choice(&flow).service, "birth");
}

#[test]
fn several_services_go_on_one_number() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Class("elderly".into()), s(4));
    for service in ["copy", "copy", "birth"] {
        touch(&mut flow, Touch::Add, s(4));
        assert_eq!(flow.step, Step::Home { page: 0 });
        touch(&mut flow, Touch::Search, s(4));
        touch(&mut flow, Touch::Service(service.into()), s(4));
    }
    assert_eq!(choice(&flow).then, ["copy", "birth"], "the same twice in a row is once");
    assert_eq!(choice(&flow).class, "elderly");
    touch(&mut flow, Touch::Drop(0), s(5));
    touch(&mut flow, Touch::Drop(7), s(5));
    assert_eq!(choice(&flow).then, ["birth"]);
    for _ in 0..9 {
        touch(&mut flow, Touch::Add, s(6));
        touch(&mut flow, Touch::Search, s(6));
        let other =
            if choice_or_adding(&flow).then.last().is_some_and(|last| last == "copy") { "birth" } else { "copy" };
        touch(&mut flow, Touch::Service(other.into()), s(6));
    }
    assert_eq!(choice(&flow).then.len() + 1, MAX_SERVICES);
    let order = touch(&mut flow, Touch::Take("r1".into()), s(7)).unwrap();
    assert!(matches!(order.command, super::Command::IssueTicket { then, .. } if then.len() + 1 == MAX_SERVICES));
}

fn choice_or_adding(flow: &super::Flow) -> &Choice {
    flow.adding.as_deref().unwrap_or_else(|| choice(flow))
}

#[test]
fn leaving_out_a_service_never_leaves_the_same_twice_in_a_row() {
    let mut flow = confirming();
    for service in ["copy", "birth", "copy"] {
        touch(&mut flow, Touch::Add, s(4));
        touch(&mut flow, Touch::Search, s(4));
        touch(&mut flow, Touch::Service(service.into()), s(4));
    }
    touch(&mut flow, Touch::Drop(1), s(5));
    assert_eq!(choice(&flow).then, ["copy"]);
}

#[test]
fn whoever_does_not_add_after_all_gets_back_to_the_choice() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Add, s(4));
    touch(&mut flow, Touch::Back, s(5));
    assert_eq!(choice(&flow).service, "land-change");
}

#[test]
fn an_appointment_is_typed_and_goes_with_the_request() {
    let mut flow = confirming();
    touch(&mut flow, Touch::Class("elderly".into()), s(4));
    touch(&mut flow, Touch::AskAppointment, s(4));
    touch(&mut flow, Touch::Enter, s(4));
    assert!(matches!(flow.step, Step::Appointment { .. }), "no code is no appointment");
    for key in "hg 42".chars() {
        touch(&mut flow, Touch::Key(key), s(5));
    }
    touch(&mut flow, Touch::Enter, s(6));
    assert_eq!((choice(&flow).appointment.as_deref(), choice(&flow).class.as_str()), (Some("HG42"), "normal"));
    let mut other = confirming();
    touch(&mut other, Touch::AskClass, s(4));
    assert!(matches!(other.step, Step::Classes(_)));
    touch(&mut other, Touch::Class("nonsense".into()), s(5));
    assert!(matches!(other.step, Step::Classes(_)));
    touch(&mut other, Touch::Class("disabled".into()), s(5));
    assert_eq!(choice(&other).class, "disabled");
}

#[test]
fn what_gives_no_number_says_why_and_leads_on_and_back() {
    let mut flow = ready();
    see(&mut flow, s(1), |view| view.services[1].closed = Some(Unavailable::QuotaReached));
    touch(&mut flow, Touch::Start, s(1));
    touch(&mut flow, Touch::Field("land".into()), s(1));
    touch(&mut flow, Touch::Service("land-change".into()), s(2));
    let name = Named::Service("land-change".into());
    assert!(matches!(&flow.step, Step::Unavailable { name: n, why: Unavailable::QuotaReached, .. } if *n == name));
    touch(&mut flow, Touch::Back, s(3));
    assert!(matches!(flow.step, Step::Services { .. }));
    touch(&mut flow, Touch::Service("land-change".into()), s(4));
    touch(&mut flow, Touch::GoOn, s(5));
    assert_eq!(flow.step, Step::Home { page: 0 });
}

#[test]
fn a_closed_hall_offers_nothing_and_wakes_up_by_itself() {
    let mut flow = confirming();
    let closed = Unavailable::Closed { opens: None };
    see(&mut flow, s(4), |view| view.fields.iter_mut().for_each(|field| field.closed = Some(closed.clone())));
    assert!(flow.shut().is_some());
    assert!(touch(&mut flow, Touch::Take("r1".into()), s(5)).is_none());
    assert_eq!(flow.step, Step::Attract);
    see(&mut flow, s(6), |_| {});
    assert!(flow.shut().is_none());
}

#[test]
fn how_the_screen_is_wanted_lasts_for_one_citizen() {
    let mut flow = ready();
    let usual = flow.wants;
    touch(&mut flow, Touch::Start, s(1));
    for wish in [Touch::Larger, Touch::Contrast, Touch::LowReach] {
        touch(&mut flow, wish, s(1));
    }
    assert!(flow.wants.larger && flow.wants.low_reach && flow.wants.scheme == Scheme::HighContrast);
    touch(&mut flow, Touch::Contrast, s(2));
    assert_eq!(flow.wants.scheme, Scheme::Light);
    touch(&mut flow, Touch::ToStart, s(3));
    assert_eq!(flow.wants, usual);
}
