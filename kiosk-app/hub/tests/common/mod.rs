//! A small hall behind a real HTTP address.
#![allow(dead_code, missing_docs, reason = "each test file uses its own part")]

use std::path::Path;
use std::time::Duration;

use client::ClientError;
use hub::{Hub, HubConfig, Picture, StaffPin};
use protocol::commands::{Command, CommandReply};
use protocol::hall::{
    ClassInfo, CounterInfo, FieldInfo, HallInfo, OfficerInfo, RatingLevelInfo, RatingReasonInfo, ServiceInfo,
};
use protocol::text::Text;
use queue::{Class, Counter, Field, Hall, HallParts, Officer, Policy, RatingLevel, Service};

pub fn config(data: &Path) -> HubConfig {
    let hall = Hall::new(HallParts {
        fields: vec![Field { id: "dat-dai".into(), letter: 'A' }, Field { id: "ho-tich".into(), letter: 'B' }],
        services: vec![Service::new("bien-dong", "dat-dai", 10), Service::new("khai-sinh", "ho-tich", 8)],
        counters: vec![Counter::new(1, &["bien-dong"]), Counter::new(2, &["khai-sinh"])],
        officers: vec![Officer::new("lan"), Officer::new("minh")],
        classes: vec![Class { id: "normal".into(), priority: false }, Class { id: "elderly".into(), priority: true }],
        rating_levels: vec![
            RatingLevel { id: "very-satisfied".into(), satisfied: true },
            RatingLevel { id: "dissatisfied".into(), satisfied: false },
        ],
        rating_reasons: vec!["long-wait".into()],
        // Nobody waits in a test.
        policy: Policy { recall_guard: Duration::ZERO, ..Policy::default() },
        ..HallParts::default()
    })
    .expect("the sample hall is valid");
    HubConfig {
        hall,
        info: info(),
        kiosks: vec!["kiosk-1".to_owned()],
        listen: "127.0.0.1:0".parse().expect("an address"),
        tokens: Vec::new(),
        data: data.to_owned(),
        announcement_limit: Duration::from_secs(20),
        keep_comments: HubConfig::KEEP_COMMENTS,
        pictures: [("lan.png".to_owned(), Picture { media_type: "image/png", bytes: b"\x89PNG".to_vec() })].into(),
        staff_pin: Some(StaffPin("2468".to_owned())),
        central: None,
    }
}

fn info() -> HallInfo {
    let field = |id: &str, letter, vi: &str, en: &str| FieldInfo {
        id: id.to_owned(),
        letter,
        name: Text::new(vi, en),
        icon: "map".to_owned(),
    };
    let service = |id: &str, field: &str, vi: &str, en: &str, counter| ServiceInfo {
        id: id.to_owned(),
        field: field.to_owned(),
        name: Text::new(vi, en),
        counters: vec![counter],
    };
    let class = |id: &str, vi: &str, en: &str, priority| ClassInfo {
        id: id.to_owned(),
        name: Text::new(vi, en),
        priority,
        icon: "user".to_owned(),
    };
    HallInfo {
        id: "H49-01".to_owned(),
        follow_url: Some("https://hall.local/t/".to_owned()),
        name: Text::new("Trung tâm Phục vụ hành chính công", "Public Service Centre"),
        name_line2: Text::new("Chi nhánh Hạ Long", "Ha Long branch"),
        hours: Text::new("07:30–17:00", "07:30–17:00"),
        utc_offset_minutes: 420,
        languages: vec!["vi".to_owned(), "en".to_owned()],
        wait_target_minutes: 15,
        notices: Vec::new(),
        fields: vec![field("dat-dai", 'A', "Đất đai", "Land"), field("ho-tich", 'B', "Hộ tịch", "Civil status")],
        services: vec![
            service("bien-dong", "dat-dai", "Đăng ký biến động", "Change of land use", 1),
            service("khai-sinh", "ho-tich", "Đăng ký khai sinh", "Birth registration", 2),
        ],
        counters: vec![
            CounterInfo { number: 1, name: Text::new("Đất đai", "Land") },
            CounterInfo { number: 2, name: Text::new("Hộ tịch", "Civil status") },
        ],
        officers: vec![
            OfficerInfo {
                id: "lan".to_owned(), name: "Nguyễn Thị Lan".to_owned(), photo: Some("lan.png".to_owned())
            },
            OfficerInfo { id: "minh".to_owned(), name: "Trần Văn Minh".to_owned(), photo: None },
        ],
        classes: vec![
            class("normal", "Không ưu tiên", "No priority", false),
            class("elderly", "Từ 75 tuổi", "75 or older", true),
        ],
        rating_levels: vec![
            RatingLevelInfo {
                id: "very-satisfied".to_owned(),
                name: Text::new("Rất hài lòng", "Very satisfied"),
                icon: "laugh".to_owned(),
                satisfied: true,
            },
            RatingLevelInfo {
                id: "dissatisfied".to_owned(),
                name: Text::new("Không hài lòng", "Dissatisfied"),
                icon: "frown".to_owned(),
                satisfied: false,
            },
        ],
        outcomes: Vec::new(),
        rating_reasons: vec![RatingReasonInfo {
            id: "long-wait".to_owned(), name: Text::new("Chờ lâu", "Long wait")
        }],
        rating_comment: true,
        accent: None,
        logo: None,
    }
}

/// A running hub and a client of it.
pub struct Hall1 {
    pub hub: Hub,
    pub client: client::Hub,
}

impl Hall1 {
    pub async fn start(data: &Path) -> Self {
        Self::start_config(config(data)).await
    }

    pub async fn start_config(config: HubConfig) -> Self {
        let token = config.tokens.first().map(|t| t.token.clone());
        let hub = Hub::start(config).await.expect("the hub starts");
        Self::with(hub, token)
    }

    pub fn with(hub: Hub, token: Option<String>) -> Self {
        let client = client::Hub::new(&format!("http://{}", hub.address()), token).expect("a client");
        Self { hub, client }
    }

    pub async fn command(&self, command: Command) -> Result<CommandReply, ClientError> {
        self.client.command_once(&client::new_request_id(), &command).await
    }

    /// Does a command that must be accepted.
    pub async fn does(&self, command: Command) -> CommandReply {
        let text = format!("{command:?}");
        self.command(command).await.unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    /// The code of the refusal of a command that must be refused.
    pub async fn refuses(&self, command: Command) -> String {
        let text = format!("{command:?}");
        match self.command(command).await {
            Err(error) => error.code().unwrap_or_else(|| panic!("{text}: {error}")).to_owned(),
            Ok(reply) => panic!("{text} was accepted: {reply:?}"),
        }
    }

    pub async fn sequence(&self) -> u64 {
        self.client.health().await.expect("health").sequence
    }
}

pub fn issue(service: &str) -> Command {
    Command::issue_ticket(service, "normal", "vi", Some("kiosk-1"))
}

pub fn open(counter: u16, officer: &str) -> Command {
    Command::OpenCounter { counter, officer: officer.to_owned() }
}

/// Waits until `holds` is true of a view, at most 5 seconds.
pub async fn until<T: Clone>(
    receiver: &mut tokio::sync::watch::Receiver<T>,
    what: &str,
    holds: impl FnMut(&T) -> bool,
) -> T {
    let seen = tokio::time::timeout(Duration::from_secs(5), receiver.wait_for(holds)).await;
    seen.unwrap_or_else(|_| panic!("{what} did not come")).expect("the stream lives").clone()
}

/// The first view of which `holds` is true, at most 5 seconds from now.
pub async fn view_where<V>(
    views: &mut tokio::sync::watch::Receiver<client::Linked<V>>,
    mut holds: impl FnMut(&V) -> bool,
) -> std::sync::Arc<V> {
    let seen = until(views, "the view", |linked| linked.view.as_ref().is_some_and(|view| holds(view))).await;
    seen.view.expect("it was just there")
}
