//! The tables that other tools are measured on, made anew: what is hidden, the proved bound, time and memory.
//!
//! ```sh
//! cargo bench --features files --bench peers                 # everything; two hours
//! cargo bench --features files --bench peers -- b100 d       # some tables
//! cargo bench --features files --bench peers -- literature   # a part: published, hidden, literature, longer, growth
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

/// Those that the default effort does not prove, the nearest first.
const OPEN: [&str; 8] =
    ["hier13x7x7d", "toy3dsarah", "table3", "hier13x13x13a", "hier13", "hier16", "hier16x16x16a", "ninenew"];

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
    let (parts, tables): (Vec<&str>, Vec<&str>) = wanted.into_iter().partition(|name| PARTS.contains(name));
    let part = |name: &str| parts.is_empty() || parts.contains(&name);
    let asked = |name: &str| tables.is_empty() || tables.contains(&name);
    let made = format!("`cargo bench --features files --bench peers -- {}`, {}", arguments.join(" "), machine());
    for (name, zeros, title) in [("published", "publish", "Zeros published"), ("hidden", "hide", "Zeros hidden")] {
        let families = FAMILIES.iter().filter(|f| part(name) && asked(f.0));
        let mut section = Section::new(title, &made, &Measured::head(zeros == "publish"), write);
        for (&(name, _), stage) in families.flat_map(|f| ["improve", "prove"].map(|stage| (f, stage))) {
            let measured = in_a_process(&format!("{name}:{zeros}:{stage}"));
            let other = (zeros == "publish" && stage == "improve").then(|| tau::measure(&family(name)));
            section.row(&measured.row(name, stage, other));
        }
    }
    let folder = std::env::var_os("CSPLIB_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/csplib"), PathBuf::from);
    for (name, title, instances, effort) in [
        ("literature", "Instances of the literature, under their own levels", LITERATURE.as_slice(), "prove"),
        ("longer", "The same with ten minutes each", OPEN.as_slice(), "longer"),
    ] {
        let mut section = Section::new(title, &made, &Measured::head(false), write);
        for name in instances.iter().filter(|n| part(name) && asked(n)) {
            let path = folder.join(format!("{name}.jj"));
            if path.is_file() {
                section.row(&in_a_process(&format!("{}:jj:{effort}", path.display())).row(name, "prove", None));
            } else {
                eprintln!("{name}: skipped, {} does not have it", folder.display());
            }
        }
    }
    if part("growth") && tables.is_empty() {
        let head = "| table | cells | seconds | peak MB |\n|---|---|---|---|\n";
        let mut section = Section::new("Growth, to the end of *improve*", &made, head, write);
        let points = growth::measure();
        for p in &points {
            section.row(&format!("| {} | {} | {:.2} | {} |\n", p.shape, p.cells, p.seconds, p.peak / 1024));
        }
        if write {
            let svg = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/growth.svg");
            growth::draw(&svg, &points);
        }
    }
}

/// Parts of the results, each of which can be asked for alone.
const PARTS: [&str; 5] = ["published", "hidden", "literature", "longer", "growth"];

/// One part of the results. It takes the place of the same part in the file, row by row: what was measured stays if the rest
/// is stopped, and other parts stay as they are.
struct Section {
    title: String,
    text: String,
    rows: usize,
    write: bool,
}

impl Section {
    fn new(title: &str, made: &str, head: &str, write: bool) -> Self {
        Section { title: title.to_owned(), text: format!("{made}\n\n{head}"), rows: 0, write }
    }

    fn row(&mut self, row: &str) {
        if self.rows == 0 {
            print!("\n## {}\n\n{}", self.title, self.text);
        }
        print!("{row}");
        self.rows += 1;
        self.text.push_str(row);
        if self.write {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/RESULTS.md");
            let before = std::fs::read_to_string(&file).unwrap_or_default();
            let mut sections: Vec<(&str, &str)> =
                before.split("\n## ").skip(1).filter_map(|s| s.split_once("\n\n")).collect();
            match sections.iter_mut().find(|s| s.0 == self.title) {
                Some(section) => section.1 = &self.text,
                None => sections.push((&self.title, &self.text)),
            }
            let mut text = "# Results\n\nMade by the commands told, never edited by hand.\n".to_owned();
            for (title, section) in sections {
                let _ = write!(text, "\n## {title}\n\n{}\n", section.trim_end());
            }
            std::fs::write(&file, text).expect("the results can be written");
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
