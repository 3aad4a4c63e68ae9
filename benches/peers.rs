//! The tables that other tools are measured on, made anew: what is hidden, the proved bound, time and memory.
//!
//! ```sh
//! cargo bench --features files --bench peers                 # everything; minutes
//! cargo bench --features files --bench peers -- b100 d       # some families
//! cargo bench --features files --bench peers -- --write      # everything, into benches/RESULTS.md and docs/growth.svg
//! ```
//!
//! Each table is suppressed by a process of its own, so that time and peak memory are its own. τ-ARGUS runs on the same tables
//! where `python3 -c "import pytauargus"` works. Instances of the literature are read from `CSPLIB_DIR` or
//! `../shared/data/csplib`; where there are none, they are skipped, and it is said so.

mod peers {
    pub(crate) mod families;
    pub(crate) mod growth;
    pub(crate) mod measure;
    pub(crate) mod tau;
}

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use peers::families::{FAMILIES, family};
use peers::measure::{Measured, Task, in_a_process, run};
use peers::{growth, tau};

/// Instances of the literature, the small ones first.
const LITERATURE: [&str; 14] = [
    "targus",
    "cbs",
    "osorio",
    "table1",
    "table8",
    "table7",
    "table3",
    "hier13x7x7d",
    "toy3dsarah",
    "hier13",
    "hier13x13x13a",
    "hier16",
    "hier16x16x16a",
    "ninenew",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [flag, task] = arguments.as_slice()
        && flag == "--one"
    {
        println!("{}", run(&Task::parse(task)).to_line());
        return;
    }
    let write = arguments.iter().any(|a| a == "--write");
    let wanted: Vec<&str> = arguments.iter().map(String::as_str).filter(|a| !a.starts_with("--")).collect();
    let asked = |name: &str| wanted.is_empty() || wanted.contains(&name);
    let mut report = String::new();
    let mut told = |text: &str| {
        print!("{text}");
        report.push_str(text);
        // Row by row: what was measured stays if the rest is stopped.
        if write {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/RESULTS.md");
            std::fs::write(&file, &report).expect("the results can be written");
        }
    };
    told(&format!(
        "# Results\n\nMade by `cargo bench --features files --bench peers -- {}`, never edited by hand. {}\n",
        arguments.join(" "),
        machine()
    ));
    for (zeros, title) in [("publish", "Zeros published"), ("hide", "Zeros hidden")] {
        told(&format!("\n## {title}\n\n{}", Measured::head(zeros == "publish")));
        for &(name, _) in FAMILIES.iter().filter(|f| asked(f.0)) {
            for stage in ["improve", "prove"] {
                let measured = in_a_process(&format!("{name}:{zeros}:{stage}"));
                let other = (zeros == "publish" && stage == "improve").then(|| tau::measure(&family(name)));
                told(&measured.row(name, stage, other));
            }
        }
    }
    let folder = std::env::var_os("CSPLIB_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/csplib"), PathBuf::from);
    told(&format!("\n## Instances of the literature, under their own levels\n\n{}", Measured::head(false)));
    for name in LITERATURE.into_iter().filter(|n| asked(n)) {
        let path = folder.join(format!("{name}.jj"));
        if path.is_file() {
            told(&in_a_process(&format!("{}:jj:prove", path.display())).row(name, "prove", None));
        } else {
            eprintln!("{name}: skipped, {} does not have it", folder.display());
        }
    }
    if asked("growth") {
        let points = growth::measure();
        let mut text = String::from(
            "\n## Growth, to the end of *improve*\n\n| table | cells | seconds | peak MB |\n|---|---|---|---|\n",
        );
        for p in &points {
            let _ = writeln!(text, "| {} | {} | {:.2} | {} |", p.shape, p.cells, p.seconds, p.peak / 1024);
        }
        told(&text);
        if write {
            let svg = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/growth.svg");
            growth::draw(&svg, &points);
        }
    }
}

/// What ran this, and when.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpus = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory: u64 = read("/proc/meminfo")
        .lines()
        .find_map(|l| l.strip_prefix("MemTotal:")?.trim().strip_suffix("kB")?.trim().parse().ok())
        .unwrap_or(0);
    let date = std::process::Command::new("date").arg("+%Y-%m-%d").output();
    let date = date.map(|d| String::from_utf8_lossy(&d.stdout).trim().to_owned()).unwrap_or_default();
    format!(
        "{date}, {cpus} shared cores, {} GB, one thread. Seconds are wall time from the JJ problem to the trail.",
        memory >> 20
    )
}
