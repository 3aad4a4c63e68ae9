//! One table, measured by a process of its own.

use std::ops::ControlFlow;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use caviardage::files::jj;
use caviardage::solver::{Effort, Outcome, Progress};
use caviardage::{Request, suppress};

use super::families::family;

/// Seconds that one table may take.
const PATIENCE: u64 = 600;

/// Seconds after which a longer search is told to stop, and what it may work meanwhile, in default efforts.
const LONGER: (u64, u64) = (570, 3);

/// What a process of its own is asked: a family with its way of zeros, or a file; then the last stage.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    of: String,
    zeros: String,
    stage: String,
}

impl Task {
    /// `d:publish:prove`, `targus.jj:jj:prove`.
    pub(crate) fn parse(text: &str) -> Self {
        let mut parts = text.rsplitn(3, ':').map(str::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        let (stage, zeros, of) = (part(), part(), part());
        Task { of, zeros, stage }
    }
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    pub(crate) cells: usize,
    primary: usize,
    complements: usize,
    cost: u64,
    bound: u64,
    ended: String,
    pub(crate) seconds: f64,
    /// Kilobytes.
    pub(crate) peak: u64,
}

pub(crate) fn run(task: &Task) -> Measured {
    let effort = match task.stage.as_str() {
        "construct" => Effort::construct(),
        "improve" => Effort::improve(),
        "longer" => Effort::default().work(Effort::default().work * LONGER.1),
        _ => Effort::default(),
    };
    let text = match task.zeros.as_str() {
        "jj" => std::fs::read_to_string(&task.of).expect("the instance can be read"),
        zeros => family(&task.of).problem(zeros == "hide"),
    };
    let start = Instant::now();
    let problem = jj::read(&text).expect("the instance is well made");
    drop(text);
    let cells = problem.table.len();
    let watch = |_: &Progress| match start.elapsed().as_secs() < LONGER.0 {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    };
    let request = Request::new(&problem.table).policy(problem.policy).effort(effort);
    let request = if task.stage == "longer" { request.watch(&watch) } else { request };
    match suppress(request) {
        Ok(done) => {
            let seconds = start.elapsed().as_secs_f64();
            let ended = match done.trail.outcome() {
                Outcome::Optimal => "optimal".to_owned(),
                Outcome::Within { .. } => "within".to_owned(),
                Outcome::Stopped { limit } => format!("{limit:?}").to_lowercase(),
            };
            Measured {
                cells,
                primary: done.presolve.primary,
                complements: done.trail.complements(),
                cost: done.trail.cost(),
                bound: done.trail.lower_bound(),
                ended,
                seconds,
                peak: peak(),
            }
        }
        Err(error) => {
            let ended = error.to_string().lines().next().unwrap_or_default().replace(['|', '\t'], " ");
            Measured { cells, ended, seconds: start.elapsed().as_secs_f64(), peak: peak(), ..Measured::default() }
        }
    }
}

/// Peak memory of this process in kilobytes, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().strip_suffix("kB")?.trim().parse().ok()).unwrap_or(0)
}

/// Has a process of its own do it.
pub(crate) fn in_a_process(task: &str) -> Measured {
    let own = std::env::current_exe().expect("this program knows where it is");
    let child = Command::new(own).args(["--one", task]).stdout(Stdio::piped()).spawn();
    let mut child = child.expect("this program can be run");
    if !ends_within(PATIENCE, &mut child) {
        let ended = format!("unfinished after {PATIENCE} s");
        return Measured { ended, ..Measured::default() };
    }
    let output = child.wait_with_output().expect("a process that ended told what it had to tell");
    Measured::of_line(String::from_utf8_lossy(&output.stdout).trim())
}

/// Whether a process ends within so many seconds; otherwise it is stopped.
pub(crate) fn ends_within(seconds: u64, child: &mut Child) -> bool {
    let start = Instant::now();
    while child.try_wait().expect("a process can be asked").is_none() {
        if start.elapsed() > Duration::from_secs(seconds) {
            let _ = (child.kill(), child.wait());
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

impl Measured {
    pub(crate) fn to_line(&self) -> String {
        let Measured { cells, primary, complements, cost, bound, ended, seconds, peak } = self;
        format!("{cells}\t{primary}\t{complements}\t{cost}\t{bound}\t{ended}\t{seconds}\t{peak}")
    }

    fn of_line(line: &str) -> Self {
        let parts: Vec<&str> = line.split('\t').collect();
        let &[cells, primary, complements, cost, bound, ended, seconds, peak] = parts.as_slice() else {
            return Measured { ended: "failed".to_owned(), ..Measured::default() };
        };
        let number = |text: &str| text.parse().unwrap_or(0);
        Measured {
            cells: cells.parse().unwrap_or(0),
            primary: primary.parse().unwrap_or(0),
            complements: complements.parse().unwrap_or(0),
            cost: number(cost),
            bound: number(bound),
            ended: ended.to_owned(),
            seconds: seconds.parse().unwrap_or(0.0),
            peak: number(peak),
        }
    }

    pub(crate) fn head(others: bool) -> String {
        let (more, line) = if others { (" τ-ARGUS: cells / count / seconds |", "---|") } else { ("", "") };
        format!(
            "| table | cells | primary | stage | complements | their count | lower bound | gap | ended | seconds | peak MB |{more}\n\
             |---|---|---|---|---|---|---|---|---|---|---|{line}\n"
        )
    }

    pub(crate) fn row(&self, name: &str, stage: &str, others: Option<String>) -> String {
        let Measured { cells, primary, complements, cost, bound, ended, seconds, peak } = self;
        #[expect(clippy::cast_precision_loss, reason = "a share for reading")]
        let gap = if *cost == 0 { 0.0 } else { 100.0 * (cost - bound) as f64 / *cost as f64 };
        let others = others.map(|o| format!(" {o} |")).unwrap_or_default();
        let peak = peak / 1024;
        format!(
            "| {name} | {cells} | {primary} | {stage} | {complements} | {cost} | {bound} | {gap:.2} % | {ended} | {seconds:.2} | {peak} |{others}\n"
        )
    }
}
