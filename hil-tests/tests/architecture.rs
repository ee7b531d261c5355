//! The directions of dependency that the README promises, held against `cargo metadata`.
//!
//! Architecture invariants: `queue` is pure; stations and agents know the hub only by its interface; drivers know
//! devices and never tickets; nothing depends on the simulators.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// A workspace crate: what it may depend on, what its own tests may use besides, and its licence.
struct Rule {
    name: &'static str,
    may_use: &'static [&'static str],
    tests_may_use: &'static [&'static str],
    licence: &'static str,
}

const GPL: &str = "GPL-3.0-only";
/// A driver is of use outside of this product.
const FREE: &str = "MIT OR Apache-2.0";

const fn rule(
    name: &'static str,
    may_use: &'static [&'static str],
    tests_may_use: &'static [&'static str],
    licence: &'static str,
) -> Rule {
    Rule { name, may_use, tests_may_use, licence }
}

const EVERYTHING: &[&str] = &[
    "fail-point",
    "queue",
    "protocol",
    "client",
    "hub",
    "agent",
    "stations",
    "launcher",
    "kit",
    "ticket-printer",
    "number-board",
    "speaker",
];

const RULES: &[Rule] = &[
    rule("fail-point", &[], &[], GPL),
    rule("queue", &[], &[], GPL),
    rule("protocol", &[], &[], GPL),
    rule("client", &["protocol"], &[], GPL),
    rule("hub", &["fail-point", "queue", "protocol"], &["client"], GPL),
    rule(
        "agent",
        &["fail-point", "protocol", "client", "kit", "ticket-printer", "number-board", "speaker"],
        &["hub", "queue"],
        GPL,
    ),
    rule("stations", &["protocol", "client"], &[], GPL),
    rule(
        "launcher",
        &[
            "queue",
            "protocol",
            "client",
            "hub",
            "agent",
            "stations",
            "kit",
            "ticket-printer",
            "number-board",
            "speaker",
        ],
        &[],
        GPL,
    ),
    rule("kit", &[], &[], FREE),
    rule("ticket-printer", &["kit"], &[], FREE),
    rule("number-board", &["kit"], &[], FREE),
    rule("speaker", &["kit"], &[], FREE),
    rule("hil-tests", EVERYTHING, &[], GPL),
];

/// Crates that do input and output, or wait: neither the rules of the hall nor the wire's types may reach them.
const IMPURE: &[&str] = &[
    "async-std",
    "axum",
    "getrandom",
    "hyper",
    "mio",
    "nix",
    "rand",
    "reqwest",
    "rodio",
    "rusb",
    "rusqlite",
    "serialport",
    "slint",
    "smol",
    "socket2",
    "tokio",
    "tokio-postgres",
];
/// The crates that must not reach any of them.
const PURE: &[&str] = &["queue", "protocol"];

/// What `cargo metadata` says of one workspace crate.
#[derive(Clone, Debug, Default)]
struct Package {
    licence: String,
    /// Direct dependencies within the workspace, those of build scripts included.
    uses: BTreeSet<String>,
    /// Direct dependencies of its tests within the workspace.
    tests_use: BTreeSet<String>,
    /// Every crate that ends up in it.
    reaches: BTreeSet<String>,
}

type Packages = BTreeMap<String, Package>;

/// Everything that breaks a rule, in words.
fn broken(packages: &Packages) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, package) in packages {
        let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
            wrong.push(format!("`{name}` has no rule; add one to RULES"));
            continue;
        };
        for used in package.uses.iter().filter(|used| !rule.may_use.contains(&used.as_str())) {
            wrong.push(format!("`{name}` depends on `{used}` and may not"));
        }
        let tests = package
            .tests_use
            .iter()
            .filter(|used| !rule.may_use.contains(&used.as_str()) && !rule.tests_may_use.contains(&used.as_str()));
        wrong.extend(tests.map(|used| format!("the tests of `{name}` depend on `{used}` and may not")));
        if package.licence != rule.licence {
            wrong.push(format!("`{name}` is under `{}` and not `{}`", package.licence, rule.licence));
        }
    }
    for name in PURE {
        let reached = packages.get(*name).map(|package| &package.reaches);
        for impure in IMPURE.iter().filter(|impure| reached.is_some_and(|reached| reached.contains(**impure))) {
            wrong.push(format!("`{name}` must stay pure and reaches `{impure}`"));
        }
    }
    let missing = RULES.iter().filter(|rule| !packages.contains_key(rule.name));
    wrong.extend(missing.map(|rule| format!("there is a rule for `{}` and no such crate", rule.name)));
    wrong
}

/// The workspace as cargo sees it on this machine.
fn workspace() -> Packages {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        // Crates of other systems need not be on this machine.
        .args(["metadata", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    packages(&serde_json::from_slice(&output.stdout).unwrap())
}

fn packages(metadata: &Value) -> Packages {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let members: BTreeSet<String> = list(&metadata["workspace_members"]).iter().map(text).collect();
    let names: BTreeMap<String, String> =
        list(&metadata["packages"]).iter().map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    let graph: BTreeMap<String, Vec<String>> = list(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| {
            let built_in = |dep: &&Value| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            let deps = list(&node["deps"]);
            (text(&node["id"]), deps.iter().filter(built_in).map(|dep| text(&dep["pkg"])).collect())
        })
        .collect();
    let inside: BTreeSet<&String> = members.iter().filter_map(|id| names.get(id)).collect();
    list(&metadata["packages"])
        .iter()
        .filter(|package| members.contains(&text(&package["id"])))
        .map(|package| {
            let dependencies = list(&package["dependencies"]);
            let of = |tests: bool| {
                let wanted = |dep: &&Value| (dep["kind"].as_str() == Some("dev")) == tests;
                let names = dependencies.iter().filter(wanted).map(|dep| text(&dep["name"]));
                names.filter(|name| inside.contains(name)).collect()
            };
            let reaches =
                closure(&text(&package["id"]), &graph).iter().filter_map(|id| names.get(id).cloned()).collect();
            let found = Package { licence: text(&package["license"]), uses: of(false), tests_use: of(true), reaches };
            (text(&package["name"]), found)
        })
        .collect()
}

/// Everything that can be reached from `start`, without it.
fn closure(start: &str, graph: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut next = vec![start.to_owned()];
    while let Some(id) = next.pop() {
        for dep in graph.get(&id).into_iter().flatten() {
            if seen.insert(dep.clone()) {
                next.push(dep.clone());
            }
        }
    }
    seen
}

#[test]
fn no_crate_depends_on_one_that_it_may_not() {
    let wrong = broken(&workspace());
    assert!(wrong.is_empty(), "architecture:\n{}", wrong.join("\n"));
}

/// A workspace that keeps every rule.
fn right() -> Packages {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    RULES
        .iter()
        .map(|rule| {
            let package = Package {
                licence: rule.licence.to_owned(),
                uses: set(rule.may_use),
                tests_use: set(rule.tests_may_use),
                reaches: set(&["jiff", "serde"]),
            };
            (rule.name.to_owned(), package)
        })
        .collect()
}

/// What the check says after one change to a right workspace.
fn after(change: impl FnOnce(&mut Packages)) -> Vec<String> {
    let mut packages = right();
    change(&mut packages);
    broken(&packages)
}

fn of<'p>(packages: &'p mut Packages, name: &str) -> &'p mut Package {
    packages.get_mut(name).unwrap()
}

#[test]
fn a_planted_wrong_edge_is_found() {
    assert_eq!(broken(&right()), Vec::<String>::new());
    let edge = |from: &'static str, to: &'static str| after(move |p| _ = of(p, from).uses.insert(to.to_owned()));
    assert_eq!(edge("stations", "queue"), ["`stations` depends on `queue` and may not"]);
    assert_eq!(edge("launcher", "hil-tests"), ["`launcher` depends on `hil-tests` and may not"]);
    assert_eq!(edge("ticket-printer", "number-board"), ["`ticket-printer` depends on `number-board` and may not"]);
    let tests = after(|p| _ = of(p, "stations").tests_use.insert("hub".to_owned()));
    assert_eq!(tests, ["the tests of `stations` depend on `hub` and may not"]);
    let impure = after(|p| _ = of(p, "queue").reaches.insert("tokio".to_owned()));
    assert_eq!(impure, ["`queue` must stay pure and reaches `tokio`"]);
    let licence = after(|p| of(p, "kit").licence = GPL.to_owned());
    assert_eq!(licence, ["`kit` is under `GPL-3.0-only` and not `MIT OR Apache-2.0`"]);
    let unknown = after(|p| drop(p.insert("camera".to_owned(), Package::default())));
    assert_eq!(unknown, ["`camera` has no rule; add one to RULES"]);
    let gone = after(|p| drop(p.remove("speaker")));
    assert_eq!(gone, ["there is a rule for `speaker` and no such crate"]);
}

#[test]
fn metadata_is_read_as_cargo_writes_it() {
    let metadata = serde_json::json!({
        "workspace_members": ["a 1", "b 1"],
        "packages": [
            {"id": "a 1", "name": "a", "license": "X", "dependencies": [
                {"name": "b", "kind": null}, {"name": "outside", "kind": null}, {"name": "b", "kind": "dev"}]},
            {"id": "b 1", "name": "b", "license": "Y", "dependencies": [{"name": "outside", "kind": null}]},
            {"id": "outside 1", "name": "outside", "license": "Z", "dependencies": []},
            {"id": "only-tests 1", "name": "only-tests", "license": "Z", "dependencies": []},
        ],
        "resolve": {"nodes": [
            {"id": "a 1", "deps": [{"pkg": "b 1", "dep_kinds": [{"kind": null}, {"kind": "dev"}]}]},
            {"id": "b 1", "deps": [
                {"pkg": "outside 1", "dep_kinds": [{"kind": null}]},
                {"pkg": "only-tests 1", "dep_kinds": [{"kind": "dev"}]}]},
        ]},
    });
    let packages = packages(&metadata);
    let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
    assert_eq!(names(&packages["a"].uses), ["b"]);
    assert_eq!(names(&packages["a"].tests_use), ["b"]);
    assert_eq!(names(&packages["a"].reaches), ["b", "outside"]);
    assert!(packages["b"].uses.is_empty());
    assert_eq!(packages.len(), 2);
}
