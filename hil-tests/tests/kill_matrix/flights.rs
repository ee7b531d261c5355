//! Brings a hall to the moment of a case, and lets it die there.

use std::time::Duration;

use fail_point::Point;
use protocol::commands::{Command, CommandReply};
use protocol::health::DeviceState;
use protocol::views::PrintState;

use super::cases::{Case, Flight};
use super::hall::{Hall, LIMIT, Victim, killed, ticket};

/// How often the hub is asked how far central is.
const ASK_AGAIN: Duration = Duration::from_millis(20);

/// Gives the second number, and lets the victim die as the case says.
pub async fn die(case: &Case, hall: &mut Hall) {
    let id = hall.victim_id();
    match case.flight {
        Flight::Issue => issue(case, hall).await,
        Flight::Start => start(case, hall).await,
        Flight::Report => report(case, hall).await,
        Flight::Central => central(case, hall).await,
        Flight::Stop => stop(case, hall).await,
    }
    assert!(killed(id).await, "it must die by SIGKILL");
}

/// Tells the victim where to die; a case without a point is killed from outside.
fn arm(case: &Case, hall: &Hall) {
    if let Some(point) = case.point {
        let order = if case.victim == Victim::Agent { &hall.agent_order } else { &hall.hub_order };
        order.die(point);
    }
}

async fn issue(case: &Case, hall: &mut Hall) {
    arm(case, hall);
    hall.press("second").await;
}

/// The ticket waits for its printer; once that is well the agent asks for the job.
async fn start(case: &Case, hall: &mut Hall) {
    hall.bench.printer.open_cover();
    hall.printer(DeviceState::Degraded).await;
    if matches!(case.point, Some(Point::WorkSent | Point::WorkSeen)) {
        // The hub tells of the job at once; the question for it would come later.
        issue(case, hall).await;
        assert!(killed(hall.victim_id()).await);
        hall.bench.printer.close_cover();
        return;
    }
    let reply = hall.press("second").await.unwrap();
    assert_eq!(ticket(&reply).print, Some(PrintState::Pending));
    arm(case, hall);
    hall.bench.printer.close_cover();
}

/// The paper is out and the agent about to say so.
async fn report(case: &Case, hall: &mut Hall) {
    hall.agent_order.hold(Point::Confirmed);
    let reply = hall.press("second").await.unwrap();
    assert_eq!(ticket(&reply).print, Some(PrintState::Printing));
    hall.agent_order.held().await;
    if case.point.is_some() {
        // For one process it is the same file: this lets the agent go on, too.
        arm(case, hall);
        if case.victim != Victim::Both {
            hall.agent_order.clear();
        }
    } else {
        // The hub has the report in its hands when the agent dies, and writes it afterwards.
        hall.hub_order.hold(Point::CommandReceived);
        hall.agent_order.clear();
        hall.hub_order.held().await;
        hall.kill();
    }
}

/// Events are on their way to the province.
async fn central(case: &Case, hall: &mut Hall) {
    printed(hall).await;
    let asked = hall.bench.central.counters().requests;
    if case.point.is_some() {
        arm(case, hall);
        open_counter(hall).await;
    } else {
        hall.bench.central.slow(LIMIT);
        open_counter(hall).await;
        assert!(hall.bench.central.wait_for_requests(asked + 1, LIMIT).await, "central has a batch");
        hall.kill();
        hall.bench.central.slow(Duration::ZERO);
    }
}

/// SIGTERM, with a cursor and a snapshot to be saved.
async fn stop(case: &Case, hall: &mut Hall) {
    printed(hall).await;
    arm(case, hall);
    if let Some(opened) = open_counter(hall).await {
        let client = hall.client.clone();
        let settled = async {
            // Without an answer it is dead already: the cursor was due by itself.
            while let Ok(health) = client.health().await
                && health.central_sequence < Some(opened.sequence)
            {
                tokio::time::sleep(ASK_AGAIN).await;
            }
        };
        tokio::time::timeout(LIMIT, settled).await.expect("central gets everything");
    }
    hall.terminate();
}

async fn printed(hall: &mut Hall) {
    hall.press("second").await.unwrap();
    assert_eq!(hall.paper("A002").await, PrintState::Printed);
}

async fn open_counter(hall: &mut Hall) -> Option<CommandReply> {
    hall.does("open", Command::OpenCounter { counter: 3, officer: "nguyen-thi-lan".to_owned() }).await
}
