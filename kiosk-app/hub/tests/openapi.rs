//! The OpenAPI document: whole, complete, and true of what the hub really answers.

mod common;

use std::time::Duration;

use common::{Hall1, issue, open};
use protocol::commands::Command;
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(&hub::openapi()).expect("JSON")
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                found.push(reference);
            }
            map.values().for_each(|v| references(v, found));
        }
        Value::Array(list) => list.iter().for_each(|v| references(v, found)),
        _ => {}
    }
}

/// A validator of one component schema, with the document's components beside it.
fn validator(name: &str) -> jsonschema::Validator {
    let document = document();
    let schema = json!({ "$ref": format!("#/components/schemas/{name}"), "components": document["components"] });
    jsonschema::validator_for(&schema).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn assert_valid(name: &str, value: &Value) {
    let validator = validator(name);
    let errors: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{name} {value:#}\n{errors:#?}");
}

#[test]
fn every_reference_leads_somewhere_and_every_path_stands_there() {
    let document = document();
    assert_eq!(document["openapi"].as_str().map(|v| v.starts_with("3.1")), Some(true));
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 20, "the document refers to its schemas");
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("a local reference");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let paths: Vec<&String> = document["paths"].as_object().expect("paths").keys().collect();
    for path in [
        "/v1/commands",
        "/v1/views/kiosk/{kiosk}",
        "/v1/views/counter/{counter}",
        "/v1/views/rating/{counter}",
        "/v1/views/display",
        "/v1/work/{agent}",
        "/v1/agents/{agent}/health",
        "/v1/kiosks/{kiosk}/staff",
        "/v1/kiosks/{kiosk}/help",
        "/v1/pictures/{name}",
        "/v1/hall",
        "/v1/health",
        "/openapi.json",
    ] {
        assert!(paths.iter().any(|p| *p == path), "{path} is missing of {paths:?}");
    }
    assert_eq!(paths.len(), 13, "the list above is complete");
}

#[tokio::test]
async fn what_the_hub_answers_is_what_the_document_says() {
    let data = tempfile::tempdir().expect("a directory");
    let hall = Hall1::start(data.path()).await;
    hall.does(open(1, "lan")).await;
    let http = reqwest::Client::new();
    let base = hall.client.base().to_owned();
    let text = async |request: reqwest::RequestBuilder| -> Value {
        let body = request.send().await.expect("an answer").text().await.expect("a body");
        serde_json::from_str(&body).expect("JSON")
    };
    let served = text(http.get(format!("{base}/openapi.json"))).await;
    assert_eq!(served, document());
    let command = serde_json::to_value(issue("bien-dong")).expect("JSON");
    assert_valid("Command", &command);
    let post = http.post(format!("{base}/v1/commands")).header("Idempotency-Key", "k1").body(command.to_string());
    assert_valid("CommandReply", &text(post).await);
    let wrong = http.post(format!("{base}/v1/commands")).header("Idempotency-Key", "k2").body("{}");
    assert_valid("Problem", &text(wrong).await);
    assert_valid("HallInfo", &text(http.get(format!("{base}/v1/hall"))).await);
    assert_valid("HubHealth", &text(http.get(format!("{base}/v1/health"))).await);
    hall.does(Command::CallNext { counter: 1 }).await;
    for (path, schema) in [
        ("views/kiosk/kiosk-1", "KioskView"),
        ("views/counter/1", "CounterView"),
        ("views/rating/1", "RatingView"),
        ("views/display", "DisplayView"),
        ("work/agent-1", "Work"),
    ] {
        assert_valid(schema, &first_event(&http, &format!("{base}/v1/{path}")).await);
    }
    hall.hub.stop().await;
}

async fn first_event(http: &reqwest::Client, url: &str) -> Value {
    let mut response = http.get(url).send().await.expect("opens");
    let mut text = String::new();
    while !text.contains("\n\n") {
        let chunk = tokio::time::timeout(Duration::from_secs(5), response.chunk()).await.expect("in time");
        text.push_str(&String::from_utf8_lossy(&chunk.expect("a chunk").expect("the stream lives")));
    }
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
    serde_json::from_str(data).expect("JSON")
}

#[test]
fn a_wrong_document_would_be_found() {
    let validator = validator("CommandReply");
    assert!(!validator.is_valid(&json!({ "sequence": "three" })));
    assert!(!validator.is_valid(&json!({ "ticket": null })));
}
