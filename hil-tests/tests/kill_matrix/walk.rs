//! Every command of a ticket's life, killed at every point that a command passes.

use std::path::Path;
use std::process::Command as Run;

use fail_point::Point;
use hil_tests::real_binary::{Process, write_config};
use protocol::commands::{Command, CommandReply, PrintReport};

use tokio::task::block_in_place;

use super::cases::ENGINE;
use super::hall::{Order, binary, killed};

fn start(config: &Path, order: &Order) -> Process {
    let mut run = Run::new(binary());
    order.arm(&mut run);
    run.arg("hub").arg("--config").arg(config).env("RUST_LOG", "error");
    block_in_place(|| Process::start(&mut run)).unwrap()
}

/// One ticket's whole way, each step made from the answers before it.
fn step(replies: &[CommandReply]) -> Option<Command> {
    let ticket = || replies[1].ticket.as_ref().unwrap().id.clone();
    let job = || replies[1].print_job.as_ref().unwrap().id.clone();
    Some(match replies.len() {
        0 => Command::OpenCounter { counter: 3, officer: "nguyen-thi-lan".to_owned() },
        1 => Command::issue_ticket("dat-dai-bien-dong", "normal", "vi", Some("kiosk-1")),
        2 => Command::StartPrint { job: job() },
        3 => Command::ReportPrint { job: job(), outcome: PrintReport::Printed { paper: None } },
        4 => Command::CallNext { counter: 3 },
        5 => Command::MarkNoShow { counter: 3 },
        6 => Command::ReturnTicket { ticket: ticket() },
        7 => Command::CallNext { counter: 3 },
        8 => Command::StartServing { counter: 3 },
        9 => Command::finish_serving(3),
        10 => Command::rate_service(&ticket(), "satisfied"),
        11 => Command::ReprintTicket { ticket: ticket() },
        12 => Command::close_counter(3),
        _ => return None,
    })
}

/// The hub dies at this point of each step, or (none) right after the answer has come.
async fn walk(point: Option<Point>) {
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), "127.0.0.1:0", None).unwrap();
    let order = Order::new(directory.path(), "hub");
    let mut replies: Vec<CommandReply> = Vec::new();
    let mut hub = start(&config, &order);
    while let Some(command) = step(&replies) {
        let press = format!("press-{}", replies.len());
        let before = hub.client().unwrap().health().await.unwrap().sequence;
        if let Some(point) = point {
            order.die(point);
        }
        let answered = hub.client().unwrap().command_once(&press, &command).await.ok();
        match point {
            Some(point) => assert!(killed(hub.id()).await, "{command:?} must die at {point:?}"),
            None => hub.kill().unwrap(),
        }
        order.clear();
        hub = start(&config, &order);
        let client = hub.client().unwrap();
        let again = client.command_once(&press, &command).await.unwrap();
        let same = answered.is_none_or(|answered| answered == again);
        assert!(same, "{command:?} gets the same answer after the cut at {point:?}");
        let sequence = client.health().await.unwrap().sequence;
        assert_eq!(sequence, again.sequence, "{command:?} happened once, cut at {point:?}");
        assert_eq!(sequence, before + 1, "{command:?} happened once, cut at {point:?}");
        replies.push(again);
    }
    assert_eq!(replies.len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_dies_at_every_point_of_every_command() {
    binary();
    let walks: Vec<_> = ENGINE.into_iter().map(Some).chain([None]).map(|point| tokio::spawn(walk(point))).collect();
    for walk in walks {
        walk.await.unwrap();
    }
}
