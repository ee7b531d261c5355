//! The virtual central against a CloudEvents batch of the Python SDK (see `golden/`), through reqwest.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use hil_tests::virtual_central::{CentralOptions, DropMoment, VirtualCentral};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const LIMIT: Duration = Duration::from_secs(30);
const BATCH: &str = "application/cloudevents-batch+json";

async fn start(options: CentralOptions) -> VirtualCentral {
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    VirtualCentral::start(any, options).await.unwrap()
}

async fn central() -> VirtualCentral {
    start(CentralOptions::default()).await
}

fn client() -> Client {
    Client::builder().timeout(LIMIT).build().unwrap()
}

fn event(sequence: u64) -> Value {
    json!({
        "specversion": "1.0", "type": "vn.hall.ticket.issued.v1", "source": "/halls/h1",
        "id": format!("id-{sequence}"), "sequence": sequence, "data": {"ticket": "A001"},
    })
}

fn events(sequences: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let batch: Vec<Value> = sequences.into_iter().map(event).collect();
    serde_json::to_vec(&batch).unwrap()
}

async fn try_send(client: &Client, central: &VirtualCentral, body: Vec<u8>) -> reqwest::Result<Response> {
    client.post(format!("{}/v1/halls/h1/events", central.url())).header("content-type", BATCH).body(body).send().await
}

async fn send(central: &VirtualCentral, body: Vec<u8>) -> (StatusCode, Value) {
    let response = try_send(&client(), central, body).await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_gzipped_batch_of_the_python_sdk_is_stored_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let jsonl = folder.path().join("arrived.jsonl");
    let central = start(CentralOptions { jsonl: Some(jsonl.clone()), ..CentralOptions::default() }).await;
    let path = format!("{}/tests/golden/events.json.gz", env!("CARGO_MANIFEST_DIR"));
    let answer = client()
        .post(format!("{}/v1/halls/h1/events", central.url()))
        .header("content-type", format!("{BATCH}; charset=utf-8"))
        .header("content-encoding", "gzip")
        .body(std::fs::read(path).unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let answer: Value = answer.json().await.unwrap();
    let accepted = |sequence| json!({"sequence": sequence, "status": "accepted", "reason": null});
    assert_eq!(answer, json!({"accepted_through": 3, "results": [accepted(1), accepted(2), accepted(3)]}));
    assert!(central.wait_for_sequence(3, LIMIT).await);
    assert_eq!(central.events()[2].event["type"], "vn.hall.ticket.rated.v1");
    assert_eq!(central.events()[0].event["data"]["note"], "Đất đai");
    let written = folder.path().join("central.jsonl");
    central.write_jsonl(&written).unwrap();
    for file in [jsonl, written] {
        let text = std::fs::read_to_string(file).unwrap();
        let sequences: Vec<u64> = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["sequence"].as_u64().unwrap())
            .collect();
        assert_eq!(sequences, [1, 2, 3]);
    }
}

#[tokio::test]
async fn a_gap_is_refused_with_the_place_to_begin_again() {
    let central = central().await;
    assert_eq!(send(&central, events([1, 2])).await.0, StatusCode::OK);
    let (status, problem) = send(&central, events([5, 6])).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(problem["accepted_through"], 2);
    assert_eq!(problem["status"], 409);
    let (status, answer) = send(&central, events(2..=6)).await;
    assert_eq!((status, &answer["accepted_through"]), (StatusCode::OK, &json!(6)));
    assert_eq!(answer["results"][0]["status"], "duplicate");
    let counters = central.counters();
    assert_eq!((counters.gaps, counters.duplicates, counters.accepted), (1, 1, 6));
    assert_eq!((counters.requests, counters.in_flight_max), (3, 1));
}

#[tokio::test]
async fn what_is_too_much_or_not_a_batch_is_refused_and_not_stored() {
    use std::io::Write;

    let central = central().await;
    let (status, _) = send(&central, events(1..=501)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, _) = send(&central, vec![b' '; 1024 * 1024 + 1]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    zip.write_all(&vec![b' '; 5 * 1024 * 1024]).unwrap();
    let url = format!("{}/v1/halls/h1/events", central.url());
    let request = client().post(&url).header("content-encoding", "gzip");
    let bomb = request.header("content-type", BATCH).body(zip.finish().unwrap());
    assert_eq!(bomb.send().await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
    let (status, _) = send(&central, b"{\"not\": \"a list\"}".to_vec()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let request = client().post(&url).header("content-type", "application/json");
    let wrong_type = request.body(events([1])).send().await.unwrap();
    assert_eq!(wrong_type.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(central.events().is_empty());
    assert_eq!(send(&central, events(1..=500)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_demanded_when_one_is_set() {
    let central = start(CentralOptions { token: Some("secret".to_owned()), jsonl: None }).await;
    assert_eq!(send(&central, events([1])).await.0, StatusCode::UNAUTHORIZED);
    let url = format!("{}/v1/halls/h1/events", central.url());
    let with = |token: &str| {
        let request = client().post(&url).header("content-type", BATCH);
        request.bearer_auth(token).body(events([1])).send()
    };
    assert_eq!(with("wrong").await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(with("secret").await.unwrap().status(), StatusCode::OK);
    assert_eq!(central.counters().unauthorized, 2);
}

#[tokio::test]
async fn away_closes_open_connections_too_and_back_remembers() {
    let central = central().await;
    let client = client();
    assert!(try_send(&client, &central, events([1])).await.is_ok());
    central.away().await;
    let error = try_send(&client, &central, events([2])).await.unwrap_err();
    assert!(error.is_connect() || error.is_request(), "{error:?}");
    let raw = tokio::net::TcpStream::connect(central.address()).await;
    assert_eq!(raw.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    central.back().await.unwrap();
    let answer = try_send(&client, &central, events([2])).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(central.accepted_through("h1"), 2);
}

#[tokio::test]
async fn a_lost_answer_leads_to_duplicates_never_to_two_copies() {
    let central = central().await;
    central.drop_connection(1, DropMoment::BeforeStoring);
    assert!(try_send(&client(), &central, events([1, 2])).await.is_err());
    assert_eq!(central.accepted_through("h1"), 0);
    central.drop_connection(1, DropMoment::AfterStoring);
    assert!(try_send(&client(), &central, events([1, 2])).await.is_err());
    assert_eq!(central.accepted_through("h1"), 2);
    let (_, answer) = send(&central, events([1, 2, 3])).await;
    let fates: Vec<&Value> = answer["results"].as_array().unwrap().iter().map(|result| &result["status"]).collect();
    assert_eq!(fates, ["duplicate", "duplicate", "accepted"]);
    assert_eq!(central.events().len(), 3);
}

#[tokio::test]
async fn ordered_answers_come_as_often_as_ordered() {
    let central = central().await;
    central.answer_with(503, 2, Some(Duration::from_secs(7)));
    for _ in 0..2 {
        let answer = try_send(&client(), &central, events([1])).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()["retry-after"], "7");
    }
    central.garble_answers(1);
    let answer = try_send(&client(), &central, events([1])).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.json::<Value>().await.is_err());
    assert_eq!(central.accepted_through("h1"), 1);
    central.slow(Duration::from_millis(50));
    let begin = Instant::now();
    assert_eq!(send(&central, events([1, 2])).await.0, StatusCode::OK);
    assert!(begin.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_rejected_event_lets_the_later_ones_pass() {
    let central = central().await;
    central.reject_sequence(2, "unknown service");
    let (_, answer) = send(&central, events(1..=3)).await;
    assert_eq!(answer["accepted_through"], 3);
    let rejected = json!({"sequence": 2, "status": "rejected", "reason": "unknown service"});
    assert_eq!(answer["results"][1], rejected);
    assert_eq!(central.rejected("h1")[&2], "unknown service");
    assert_eq!(central.events().len(), 2);
}

#[tokio::test]
async fn two_requests_of_one_hall_at_once_are_noticed() {
    let central = central().await;
    central.slow(Duration::from_millis(200));
    let (one, other) = (client(), client());
    let (first, second) = tokio::join!(try_send(&one, &central, events([1])), try_send(&other, &central, events([1])),);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(central.counters().in_flight_max, 2);
    assert_eq!(central.counters().duplicates, 1);
}

#[tokio::test]
async fn the_last_heartbeat_is_kept() {
    let central = central().await;
    for backlog in [3, 0] {
        let answer = client()
            .put(format!("{}/v1/halls/h1/heartbeat", central.url()))
            .header("content-type", "application/json")
            .body(json!({"version": "0.1.0", "backlog": backlog}).to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
    assert!(central.wait_for_heartbeats(2, LIMIT).await);
    assert_eq!(central.heartbeat("h1").unwrap()["backlog"], 0);
    assert_eq!(central.heartbeat("h2"), None);
}
