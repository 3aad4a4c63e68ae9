//! On a network, most cells can never matter: what is hidden for certain already ties their two ends together.
//!
//! Two nodes are *tied* when certain cells carry `K` units between them in both directions, `K` being the most that any
//! need asks plus what its own cell could carry the other way. A cut that separates tied nodes never stops a need, so a
//! candidate whose ends are tied is never worth hiding, and of several candidates between the same two groups of tied
//! nodes the cheapest one that carries `K` both ways makes dearer ones useless. Being tied is an equivalence (smallest
//! cuts are submodular). Cost: one flow of `K` units for each node and group of its component.

use std::collections::BTreeMap;

use super::Needs;
use super::state::State;
use crate::extremes::Need;
use crate::network::{Flow, Network};
use crate::relations::{Bound, Outsider, Tie, UNBOUNDED};

/// Beyond this many flows the table is left as it is: only speed is lost.
const MOST_FLOWS: usize = 400_000;

/// What can matter for some needs.
pub(super) struct Matter {
    /// The open cells, in order.
    pub(super) cells: Vec<usize>,
    /// On a network, by node the first node that it is tied to.
    pub(super) groups: Option<Vec<usize>>,
}

/// All that is open.
pub(super) fn all(needs: &Needs) -> Matter {
    Matter { cells: (0..needs.open.len()).filter(|&c| needs.open[c]).collect(), groups: None }
}

/// What can matter for these needs; in the proof, why the rest cannot.
pub(super) fn useful(
    outsider: &Outsider,
    needs: &Needs,
    state: &State<'_>,
    missing: &[usize],
    proof: &mut Bound,
) -> Matter {
    let open = all(needs);
    let missing: Vec<&Need> = missing.iter().map(|&n| &needs.needs[n]).collect();
    let Some(network) = state.extremes.network() else { return open };
    let Some(enough) = enough(outsider, &missing) else { return open };
    let Some((group, ties)) = groups(network, outsider, needs, enough) else { return open };
    let mut best: BTreeMap<(usize, usize), (u64, usize)> = BTreeMap::new();
    let ends = |cell: usize| {
        let (a, b) = (group[network.ends[cell].0], group[network.ends[cell].1]);
        (a.min(b), a.max(b))
    };
    let carries = |cell: usize| outsider.up[cell] >= enough && outsider.down[cell] >= enough;
    for &cell in open.cells.iter().filter(|&&c| carries(c)) {
        let entry = best.entry(ends(cell)).or_insert((needs.weights[cell], cell));
        *entry = (*entry).min((needs.weights[cell], cell));
    }
    let mut useful = Vec::new();
    for cell in open.cells {
        let (a, b) = ends(cell);
        let better = best.get(&(a, b)).filter(|&&better| better < (needs.weights[cell], cell));
        if a == b || better.is_some() {
            proof.dropped.push((cell, better.filter(|_| a != b).map(|b| b.1)));
        } else {
            useful.push(cell);
        }
    }
    if !proof.dropped.is_empty() {
        proof.sides = network.sides().to_vec();
        proof.implied = network.dropped().iter().map(|d| (d.row, d.sum.clone())).collect();
        proof.ties = ties;
    }
    Matter { cells: useful, groups: Some(group) }
}

/// `K`, if it is finite.
fn enough(outsider: &Outsider, missing: &[&Need]) -> Option<i64> {
    let mut most = 0_i64;
    for need in missing {
        for (upward, amount) in [(true, need.up), (false, need.down), (true, need.sliding), (false, need.sliding)] {
            let back = outsider.room(need.cell, !upward);
            if amount > 0 {
                if back == UNBOUNDED {
                    return None;
                }
                most = most.max(amount.checked_add(back)?);
            }
        }
    }
    Some(most)
}

/// For every node, the first node that it is tied to; with the flows that tie them.
fn groups(network: &Network, outsider: &Outsider, needs: &Needs, enough: i64) -> Option<(Vec<usize>, Vec<Tie>)> {
    let network = &network.only(&needs.certain);
    let mut flow = Flow::new(network);
    let room = |c: usize, up: bool| if needs.certain[c] { outsider.room(c, up) } else { 0 };
    // A node that cannot send or take so much is tied to nobody.
    let busy = |node: usize| {
        let all = |out: bool| {
            network.arcs(node).iter().fold(0_i64, |sum, a| sum.saturating_add(room(a.cell, a.raises == out)))
        };
        all(true) >= enough && all(false) >= enough
    };
    let mut group: Vec<usize> = (0..network.nodes()).collect();
    let mut ties = Vec::new();
    let mut flows = 0;
    for component in components(network) {
        let mut heads: Vec<usize> = Vec::new();
        for node in component.into_iter().filter(|&n| busy(n)) {
            let mut tied = |from: usize, to: usize| {
                (flow.send(network, room, (from, to), None, enough) >= enough).then(|| flow.changes())
            };
            let tie = heads.iter().find_map(|&head| {
                flows += 1;
                let there = tied(head, node).filter(|_| flows <= MOST_FLOWS)?;
                Some(Tie { nodes: (head, node), there, back: tied(node, head)? })
            });
            match tie {
                Some(tie) => {
                    group[node] = tie.nodes.0;
                    ties.push(tie);
                }
                None => heads.push(node),
            }
        }
    }
    (flows <= MOST_FLOWS).then_some((group, ties))
}

/// Nodes joined by arcs, each list in order.
fn components(network: &Network) -> Vec<Vec<usize>> {
    let mut seen = vec![false; network.nodes()];
    let mut components = Vec::new();
    for start in 0..network.nodes() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut nodes = vec![start];
        let mut next = 0;
        while let Some(&node) = nodes.get(next) {
            next += 1;
            for arc in network.arcs(node) {
                if !seen[arc.to] {
                    seen[arc.to] = true;
                    nodes.push(arc.to);
                }
            }
        }
        nodes.sort_unstable();
        components.push(nodes);
    }
    components
}
