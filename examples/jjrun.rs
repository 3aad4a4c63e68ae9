use caviardage::{files::jj, Request, suppress};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let t0 = std::time::Instant::now();
    let p = jj::read(&std::fs::read_to_string(&a[1]).unwrap()).unwrap();
    let t1 = t0.elapsed();
    let mut e = caviardage::solver::Effort::default();
    if let Some(w) = a.get(3) { e = e.work(w.parse().unwrap()); }
    match suppress(Request::new(&p.table).policy(p.policy.clone()).effort(e)) {
        Ok(s) => {
            println!("{} read {:?} total {:?} primaries {} compl {} cost {} bound {} {:?}", a[1], t1, t0.elapsed(), s.trail.primaries(), s.trail.complements(), s.trail.cost(), s.trail.lower_bound(), s.trail.outcome());
            if let Some(o) = a.get(2) { std::fs::write(o, jj::write_pattern(&p.table, |c| s.trail.entry(c).is_some())).unwrap(); }
        }
        Err(e) => println!("{}", e.to_string().chars().take(600).collect::<String>()),
    }
}
