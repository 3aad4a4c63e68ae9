//! Hidden cells that are not known, grouped by the statements that tie them.

use std::collections::BTreeMap;

use super::system::System;

/// Cells and statements tied to each other, by number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Component {
    pub(super) cells: Vec<usize>,
    pub(super) statements: Vec<usize>,
}

/// Hidden cells that are not known, grouped by the statements that tie them.
pub(super) fn components(system: &System<'_>) -> Vec<Component> {
    let mut root: Vec<usize> = (0..system.low.len()).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    let open = |s: usize| {
        let terms = system.open[s].0.iter();
        terms.map(|t| t.0).filter(|&c| system.fixed(c).is_none()).collect::<Vec<_>>()
    };
    let statements: Vec<(usize, Vec<usize>)> = (0..system.active.len())
        .filter(|&s| system.active[s])
        .map(|s| (s, open(s)))
        .filter(|(_, cells)| cells.len() >= 2)
        .collect();
    for (_, cells) in &statements {
        for pair in cells.windows(2) {
            let (a, b) = (find(&mut root, pair[0]), find(&mut root, pair[1]));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Component> = BTreeMap::new();
    for cell in (0..root.len()).filter(|&c| system.fixed(c).is_none()) {
        groups.entry(find(&mut root, cell)).or_default().cells.push(cell);
    }
    for (s, cells) in statements {
        groups.entry(find(&mut root, cells[0])).or_default().statements.push(s);
    }
    groups.into_values().collect()
}
