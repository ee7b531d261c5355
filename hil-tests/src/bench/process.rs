//! What a process weighs and does, read from `/proc`.

use std::process::Child;

use anyhow::Context;

/// Kernel's clock ticks a second, the same on every Linux.
const TICKS: f64 = 100.0;

/// A process that ends with its handle.
pub struct Ended(pub Child);

impl Drop for Ended {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Resident memory, in megabytes of 10^6 bytes.
///
/// # Errors
/// When there is no such process.
pub fn resident_megabytes(id: u32) -> anyhow::Result<f64> {
    kilobytes(&format!("/proc/{id}/status"), "VmRSS:")
}

/// Memory with its part of what it shares, in megabytes of 10^6 bytes.
///
/// # Errors
/// When there is no such process.
pub fn proportional_megabytes(id: u32) -> anyhow::Result<f64> {
    kilobytes(&format!("/proc/{id}/smaps_rollup"), "Pss:")
}

/// Time of all cores that the process has taken, in seconds.
///
/// # Errors
/// When there is no such process.
pub fn cpu_seconds(id: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // Behind the name, which may hold anything: state is field 3, user and system time are fields 14 and 15.
    let fields: Vec<&str> = stat.rsplit_once(')').context("a stat line")?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3).context("its times")?.parse::<f64>().context("a number");
    Ok((ticks(14)? + ticks(15)?) / TICKS)
}

/// The process and all that it started.
///
/// # Errors
/// When `/proc` cannot be read.
pub fn family(id: u32) -> anyhow::Result<Vec<u32>> {
    let mut family = vec![id];
    let mut looked = 0;
    while let Some(parent) = family.get(looked).copied() {
        looked += 1;
        for task in std::fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            family.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
    }
    Ok(family)
}

/// All running processes of that name.
///
/// # Errors
/// When `/proc` cannot be read.
pub fn named(name: &str) -> anyhow::Result<Vec<u32>> {
    let ids = std::fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let text = |id: u32, file: &str| std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
    // One that has ended and was not waited for has no command line.
    Ok(ids.filter(|id| text(*id, "comm").trim() == name && !text(*id, "cmdline").is_empty()).collect())
}

fn kilobytes(file: &str, key: &str) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(file).with_context(|| file.to_owned())?;
    let value = text.lines().find_map(|line| line.strip_prefix(key)).with_context(|| format!("{key} in {file}"))?;
    let kilobytes: f64 = value.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024.0 / 1e6)
}
