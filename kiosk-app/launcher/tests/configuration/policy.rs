//! The choices of a hall: `[policy]`.

use std::time::Duration;

use queue::{AppointmentPolicy, Balance, MissedPolicy, NormalBound, Policy, PriorityPolicy, Untimely};

use super::Folder;

/// The policy of a file whose `[policy]` holds only `keys`.
fn with(keys: &str) -> Folder {
    let folder = Folder::new();
    let text = std::fs::read_to_string(folder.path("hall.toml")).unwrap();
    let (before, rest) = text.split_once("[policy]").unwrap();
    let (_, after) = rest.split_once("[[fields]]").unwrap();
    folder.write("hall.toml", &format!("{before}[policy]\n{keys}\n\n[[fields]]{after}"));
    folder
}

fn policy(folder: &Folder) -> Policy {
    folder.hall().hall.policy().clone()
}

#[test]
fn sample_and_empty_table_are_the_default() {
    assert_eq!(policy(&Folder::new()), Policy::default());
    let empty = with("");
    assert_eq!(policy(&empty), Policy::default());
    assert_eq!(empty.hall().announcement_limit, Duration::from_secs(30));
    assert_eq!(empty.hall().info.wait_target_minutes, 15);
}

#[test]
fn every_key_is_read() {
    let folder = with(
        "priority = \"one-in\"\none_in = 4\nnormal_bound_tickets = 7\nnormal_bound_minutes = \"never\"\n\
         recall_guard_seconds = 0\nrecall_limit = 1\nmissed_within_numbers = 8\nmissed_within_minutes = 9\n\
         appointment_early_minutes = 10\nappointment_late_minutes = 11\nappointment_early = \"as-normal\"\n\
         appointment_late = \"refuse\"\nexpire_after_closing_minutes = \"never\"\nbalance = \"add-to-idle\"\n\
         day_starts = \"04:30\"\nhighest_number = 999\nprint_job_limit_seconds = 60\n\
         announcement_limit_seconds = 20\nwait_target_minutes = 25",
    );
    let expected = Policy {
        priority: PriorityPolicy::OneIn(4),
        normal_bound: NormalBound { tickets: Some(7), minutes: None },
        appointments: AppointmentPolicy {
            early_minutes: 10,
            late_minutes: 11,
            early: Untimely::AsNormal,
            late: Untimely::Refuse,
        },
        recall_guard: Duration::ZERO,
        recall_limit: 1,
        missed: MissedPolicy { within_numbers: 8, within_minutes: 9 },
        expire_after_closing_minutes: None,
        balance: Balance::AddToIdle,
        print_job_limit: Duration::from_secs(60),
        utc_offset_minutes: 420,
        day_starts_minute: 270,
        highest_number: 999,
    };
    assert_eq!(policy(&folder), expected);
    let file = folder.hall();
    assert_eq!((file.announcement_limit, file.info.wait_target_minutes), (Duration::from_secs(20), 25));
    // The target of every service that names none.
    let targets: Vec<u32> = file.hall.parts().services.iter().map(|service| service.target_minutes).collect();
    assert_eq!(targets.iter().filter(|target| **target == 25).count(), targets.len() - 2);
}

#[test]
fn priority_has_three_ways() {
    assert_eq!(policy(&with("priority = \"strict\"")).priority, PriorityPolicy::Strict);
    let ageing = PriorityPolicy::Ageing { head_start_minutes: 45 };
    assert_eq!(policy(&with("priority = \"ageing\"\nhead_start_minutes = 45")).priority, ageing);
    let usual = PriorityPolicy::Ageing { head_start_minutes: 30 };
    assert_eq!(policy(&with("priority = \"ageing\"")).priority, usual);
    assert_eq!(policy(&with("one_in = 2")).priority, PriorityPolicy::OneIn(2));
}

#[test]
fn wrong_values_have_their_line() {
    let number = "write a whole number or \"never\"";
    let untimely = "use one of `refuse`, `as-normal`";
    for (key, value, problem) in [
        (
            "priority",
            "\"strikt\"",
            "value `strikt` is not known here; did you mean `strict`? use one of `one-in`, `strict`, `ageing`".to_owned(),
        ),
        ("one_in", "1", "one_in is 1; write 2 or more: of so many calls at least one is normal".to_owned()),
        ("head_start_minutes", "-1", "integer `-1` stands here; write u32".to_owned()),
        ("normal_bound_tickets", "0", "the bound is 0 tickets; write 1 or more, or \"never\"".to_owned()),
        ("normal_bound_minutes", "0", "the bound is 0 minutes; write 1 or more, or \"never\"".to_owned()),
        ("normal_bound_minutes", "\"none\"", format!("string \"none\" stands here; {number}")),
        ("normal_bound_minutes", "-5", format!("integer `-5` stands here; {number}")),
        ("recall_guard_seconds", "86401", "86401 seconds; write 0 to 86400".to_owned()),
        ("recall_limit", "\"3\"", "string \"3\" stands here; write u32".to_owned()),
        ("missed_within_numbers", "-1", "integer `-1` stands here; write u32".to_owned()),
        ("missed_within_minutes", "-1", "integer `-1` stands here; write u32".to_owned()),
        ("appointment_early_minutes", "-1", "integer `-1` stands here; write u32".to_owned()),
        ("appointment_late_minutes", "-1", "integer `-1` stands here; write u32".to_owned()),
        ("appointment_early", "\"refusal\"", format!("value `refusal` is not known here; did you mean `refuse`? {untimely}")),
        ("appointment_late", "\"normal\"", format!("value `normal` is not known here; {untimely}")),
        ("expire_after_closing_minutes", "true", format!("boolean `true` stands here; {number}")),
        (
            "balance",
            "\"advice\"",
            "value `advice` is not known here; did you mean `advise`? use one of `advise`, `add-to-idle`".to_owned(),
        ),
        ("day_starts", "\"24:00\"", "`24:00` is no time of day; write 00:00 to 23:59, such as \"00:00\"".to_owned()),
        ("highest_number", "10000", "highest_number is 10000; use 1 to 9999".to_owned()),
        ("print_job_limit_seconds", "0", "0 seconds; write 1 to 86400".to_owned()),
        ("announcement_limit_seconds", "0", "0 seconds; write 1 to 86400".to_owned()),
        ("wait_target_minutes", "\"x\"", "string \"x\" stands here; write u32".to_owned()),
        (
            "priority_in_a_row",
            "2",
            "key `priority_in_a_row` is no longer used; write priority = \"one-in\" and one_in = 3 instead: of so many \
             calls at least one is normal, so 2 in a row are 3"
                .to_owned(),
        ),
    ] {
        let folder = with(&format!("# a line before\n{key} = {value}"));
        let line = folder.change("hall.toml", &format!("\n{key} = "), &format!("\n{key} = ")) + 1;
        assert_eq!(folder.check("hall.toml"), format!("config/hall.toml:{line}: {problem}"));
    }
}

#[test]
fn nobody_waits_for_ever() {
    let folder = with("normal_bound_tickets = \"never\"\nnormal_bound_minutes = \"never\"");
    let told = folder.check("hall.toml");
    assert!(
        told.ends_with(
            ": a normal ticket has no bound; give normal_bound_tickets, normal_bound_minutes or both a number, so that \
         nobody waits for ever"
        ),
        "{told}"
    );
}
