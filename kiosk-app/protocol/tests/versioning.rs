//! Samples of every type as version 1 puts it on a wire. A file here is never edited: when one fails, the change needs a
//! new version, not another sample.

use protocol::central::{BatchAnswer, CloudEvent};
use protocol::commands::{Command, CommandReply, HelpRequest};
use protocol::hall::HallInfo;
use protocol::health::{AgentHealth, HubHealth};
use protocol::problem::Problem;
use protocol::views::{CounterView, DisplayView, KioskView, RatingView};
use protocol::work::{Announcement, Help, Work};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Each line reads as `T` and is written as the same JSON. Answers how many lines there are.
fn frozen<T: DeserializeOwned + Serialize>(lines: &str) -> usize {
    for line in lines.lines() {
        let value: T = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e} in {line}"));
        let written = serde_json::to_value(&value).expect("it has a JSON form");
        let sample: Value = serde_json::from_str(line).expect("the sample is JSON");
        assert_eq!(written, sample);
    }
    lines.lines().count()
}

#[test]
fn commands_v1() {
    assert_eq!(frozen::<Command>(include_str!("versioning/v1_commands.jsonl")), 15);
    assert_eq!(frozen::<Command>(include_str!("versioning/v1_commands_of_the_whole_life.jsonl")), 17);
    assert_eq!(frozen::<Command>(include_str!("versioning/v1_commands_of_the_screens.jsonl")), 3);
    assert_eq!(frozen::<Command>(include_str!("versioning/v1_commands_of_paper.jsonl")), 4);
    assert_eq!(frozen::<CommandReply>(include_str!("versioning/v1_replies.jsonl")), 3);
    assert_eq!(frozen::<HelpRequest>(include_str!("versioning/v1_help_request.json")), 1);
    assert_eq!(frozen::<Problem>(include_str!("versioning/v1_problem.json")), 1);
}

#[test]
fn views_v1() {
    assert_eq!(frozen::<KioskView>(include_str!("versioning/v1_kiosk_view.json")), 1);
    assert_eq!(frozen::<KioskView>(include_str!("versioning/v1_kiosk_view_with_printers.json")), 1);
    assert_eq!(frozen::<KioskView>(include_str!("versioning/v1_kiosk_view_with_help.json")), 1);
    assert_eq!(frozen::<CounterView>(include_str!("versioning/v1_counter_view.json")), 1);
    assert_eq!(frozen::<RatingView>(include_str!("versioning/v1_rating_view.json")), 1);
    assert_eq!(frozen::<DisplayView>(include_str!("versioning/v1_display_view.json")), 1);
    assert_eq!(frozen::<HallInfo>(include_str!("versioning/v1_hall.json")), 1);
}

#[test]
fn work_and_health_v1() {
    assert_eq!(frozen::<Work>(include_str!("versioning/v1_work.json")), 1);
    assert_eq!(frozen::<Work>(include_str!("versioning/v1_work_with_staff_papers.json")), 1);
    assert_eq!(frozen::<Announcement>(include_str!("versioning/v1_announcement.json")), 1);
    assert_eq!(frozen::<Help>(include_str!("versioning/v1_help.json")), 1);
    assert_eq!(frozen::<AgentHealth>(include_str!("versioning/v1_agent_health.json")), 1);
    assert_eq!(frozen::<AgentHealth>(include_str!("versioning/v1_agent_health_with_rolls.json")), 1);
    assert_eq!(frozen::<HubHealth>(include_str!("versioning/v1_hub_health.json")), 1);
}

#[test]
fn central_v1() {
    assert_eq!(frozen::<CloudEvent>(include_str!("versioning/v1_cloud_events.jsonl")), 16);
    assert_eq!(frozen::<BatchAnswer>(include_str!("versioning/v1_batch_answer.json")), 1);
}

#[test]
fn an_unknown_field_of_a_command_is_an_error() {
    let text = r#"{"type":"call_next","counter":3,"hurry":true}"#;
    let error = serde_json::from_str::<Command>(text).expect_err("an unknown field");
    assert!(error.to_string().contains("hurry"), "{error}");
}
