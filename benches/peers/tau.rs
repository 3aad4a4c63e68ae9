//! τ-ARGUS on the same table, where it is installed (`pip install pytauargus`): every small cell unsafe, to be protected up
//! to the threshold. It is run, none of it is here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::families::Family;
use super::measure::ends_within;

/// Seconds that it may take.
const PATIENCE: u64 = 120;
/// Its modular method only; four-way tables and a million cells are beyond it.
const MOST_AXES: usize = 3;

pub(crate) fn measure(family: &Family) -> String {
    let has = Command::new("python3").args(["-c", "import pytauargus"]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|s| s.success()) {
        return "not installed".to_owned();
    }
    if family.axes.len() > MOST_AXES {
        return "not tried".to_owned();
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (counts, names) = write(family, folder.path());
    let start = Instant::now();
    let child = Command::new("python3")
        .args(["-c", "from pytauargus.engine import run_batch; run_batch('b.arb')"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = child.expect("python runs");
    if !ends_within(PATIENCE, &mut child) {
        return format!("unfinished after {PATIENCE} s");
    }
    let seconds = start.elapsed().as_secs_f64();
    let Ok(out) = fs::read_to_string(folder.path().join("out.csv")) else { return "failed".to_owned() };
    let place: BTreeMap<&str, usize> = names.iter().enumerate().map(|(i, n)| (n.as_str(), i)).collect();
    let (mut cells, mut cost) = (0, 0);
    for line in out.lines() {
        let fields: Vec<&str> = line.split(',').map(|f| f.trim().trim_matches('"')).collect();
        let axes = family.axes.len();
        if fields.len() <= axes || !["11", "12"].contains(&fields[fields.len() - 1]) {
            continue;
        }
        let code: Vec<&str> = fields[..axes].iter().map(|c| if c.is_empty() { "Total" } else { c }).collect();
        if let Some(&cell) = place.get(code.join("\u{1f}").as_str()) {
            cells += 1;
            cost += counts[cell];
        }
    }
    format!("{cells} / {cost} / {seconds:.1}")
}

/// Writes its files; gives the counts of all cells and their codes.
fn write(family: &Family, folder: &Path) -> (Vec<u64>, Vec<String>) {
    let counts = family.cells();
    let mut names: Vec<String> = vec![String::new()];
    for level in &family.axes {
        let labels = level.labels();
        let join = |n: &String, l: &str| if n.is_empty() { l.to_owned() } else { format!("{n}\u{1f}{l}") };
        names = names.iter().flat_map(|n| labels.iter().map(move |l| join(n, &l.code))).collect();
    }
    let mut tab = String::new();
    for (count, name) in counts.iter().zip(&names) {
        let small = *count > 0 && *count < 10;
        let (status, lower, upper) = if small { ('u', 1, 10 - count) } else { ('s', 0, 0) };
        let _ = writeln!(tab, "{},{count},{count},{status},{lower},{upper}", name.replace('\u{1f}', ","));
    }
    let mut rda = "<SEPARATOR> \",\"\n<SAFE> \"S\"\n<UNSAFE> \"U\"\n<PROTECT> \"P\"\n".to_owned();
    let here = folder.display();
    for level in &family.axes {
        let _ = writeln!(rda, "{}\n  <RECODEABLE>\n  <TOTCODE> \"Total\"", level.name);
        if level.paths[0].len() > 1 {
            let mut tree = String::new();
            let mut last: &[String] = &[];
            for path in &level.paths {
                for (depth, label) in path.iter().enumerate().filter(|(d, l)| last.get(*d) != Some(*l)) {
                    let _ = writeln!(tree, "{}{label}", "@".repeat(depth));
                }
                last = path;
            }
            fs::write(folder.join(format!("{}.hrc", level.name)), tree).expect("a file can be written");
            let _ = writeln!(
                rda,
                "  <HIERARCHICAL>\n  <HIERCODELIST> \"{here}/{}.hrc\"\n  <HIERLEADSTRING> \"@\"",
                level.name
            );
        }
    }
    rda.push_str("n\n  <NUMERIC>\n  <DECIMALS> 0\nf\n  <FREQUENCY>\ns\n  <STATUS>\nl\n  <NUMERIC> <LOWERPL>\np\n  <NUMERIC> <UPPERPL>\n");
    let axes: String = family.axes.iter().map(|l| format!("\"{}\"", l.name)).collect();
    let batch = format!(
        "<OPENTABLEDATA> \"{here}/t.tab\"\n<OPENMETADATA> \"{here}/t.rda\"\n<SPECIFYTABLE> {axes}|\"n\"||\n<SAFETYRULE> MAN(30)\n\
         <READTABLE> 2\n<SUPPRESS> MOD(1,2,1,1,1)\n<WRITETABLE> (1,3,AS+,\"{here}/out.csv\")\n"
    );
    for (name, text) in [("t.tab", tab), ("t.rda", rda), ("b.arb", batch)] {
        fs::write(folder.join(name), text).expect("a file can be written");
    }
    (counts, names)
}
