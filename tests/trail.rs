//! Trails: whole, checked from the file alone, and no figure of them can change unseen.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

use caviardage::policy::{Policy, Zeros};
use caviardage::table::{Axis, Cube};
use caviardage::trail::Trail;
use caviardage::{Request, suppress};

#[test]
fn tmp() {
    for seed in 0..3000u64 {
        let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = |n: u64| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            x % n
        };
        let (a, b, c) = (2 + next(4), 2 + next(4), 1 + next(2));
        let axis = |name: &str, n: u64| Axis::flat(name, (0..n).map(|i| format!("{name}{i}"))).total("T");
        let mut axes = vec![axis("a", a), axis("b", b)];
        if c > 1 {
            axes.push(axis("c", c));
        }
        let n = a * b * c;
        let counts: Vec<i64> = (0..n).map(|_| if next(3) == 0 { next(10) } else { 10 + next(40) } as i64).collect();
        let table = Cube::new(axes).counts(counts).build().unwrap();
        let policy = Policy::articles_53_54().zeros(if next(2) == 0 { Zeros::Publish } else { Zeros::Hide });
        let Ok(done) = suppress(Request::new(&table).policy(policy)) else { continue };
        let text = done.trail.to_json();
        let again = Trail::read(&text).unwrap();
        assert_eq!(again, done.trail);
        let checked = again.verify().unwrap_or_else(|e| panic!("{seed}: {e}\n{text}"));
        assert_eq!(checked.release, done.release);
        assert_eq!(checked.unproved, 0, "{seed}");
        assert_eq!(
            checked.proved_bound,
            Some(done.trail.lower_bound()),
            "{seed} cost {} {:?}\n{text}",
            done.trail.cost(),
            done.trail.outcome()
        );
    }
}
