//! On a network, most cells can never matter: what is hidden for certain already ties their two ends together.
//!
//! Two nodes are *tied* when certain cells carry `K` units between them in both directions, `K` being the most that any
//! need asks plus what its own cell could carry the other way. A cut that separates tied nodes never stops a need, so a
//! candidate whose ends are tied is never worth hiding, and of several candidates between the same two groups of tied
//! nodes the cheapest one that carries `K` both ways makes dearer ones useless. Being tied is an equivalence (smallest
//! cuts are submodular). Cost: one flow of `K` units, there and back, for each node.

use std::collections::BTreeMap;

use super::Needs;
use super::state::State;
use crate::extremes::{ARC, Need};
use crate::network::{Flow, Network};
use crate::relations::{Bound, Outsider, Tie, UNBOUNDED};

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
    state: &mut State<'_>,
    missing: &[usize],
    proof: &mut Bound,
) -> Matter {
    let open = all(needs);
    let missing: Vec<&Need> = missing.iter().map(|&n| &needs.needs[n]).collect();
    let Some(network) = state.extremes.network() else { return open };
    let Some(enough) = enough(outsider, &missing) else { return open };
    let (group, ties, work) = groups(network, outsider, &needs.certain, enough);
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
    state.work += work * ARC;
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

/// For every node, the first node that it is tied to; with the flows that tie them, and the arcs looked at.
///
/// Nodes not yet told apart share a head, the first of them. A node that is not tied to its head has a cut between them:
/// nodes on different sides of it are not tied, and those on its own side have it for a head from then on (after Gusfield
/// 1990). So each node is asked about once, and to change heads costs no more than the flow that fell short.
fn groups(network: &Network, outsider: &Outsider, certain: &[bool], enough: i64) -> (Vec<usize>, Vec<Tie>, u64) {
    let mut flow = Flow::new(network);
    let room = |c: usize, up: bool| if certain[c] { outsider.room(c, up) } else { 0 };
    // A node that cannot send or take so much is tied to nobody.
    let busy = |node: usize| {
        let all = |out: bool| {
            let rooms = network.live(node).iter().map(|a| room(a.cell, a.raises == out));
            rooms.fold(0_i64, i64::saturating_add)
        };
        all(true) >= enough && all(false) >= enough
    };
    let mut group: Vec<usize> = (0..network.nodes()).collect();
    let mut ties = Vec::new();
    // By node, a number that it shares with those that it was not told apart from; by number, their head.
    let mut mates = vec![0; network.nodes()];
    let mut heads: Vec<Option<usize>> = vec![None];
    for node in (0..network.nodes()).filter(|&n| busy(n)) {
        let Some(head) = heads[mates[node]] else {
            heads[mates[node]] = Some(node);
            continue;
        };
        let mut tied = |ends: (usize, usize)| {
            let sent = flow.send(network, room, ends, None, enough);
            (sent >= enough).then(|| flow.changes())
        };
        let there = tied((head, node));
        let back = if there.is_some() { tied((node, head)) } else { None };
        if let (Some(there), Some(back)) = (there, back) {
            group[node] = head;
            ties.push(Tie { nodes: (head, node), there, back });
            continue;
        }
        // Those on the side that was seen become mates of their own.
        let (side, _) = flow.side();
        let before = mates[node];
        let apart = heads.len();
        for node in side {
            if mates[node] == before {
                mates[node] = apart;
            }
        }
        let (own, other) = if mates[node] == apart { (apart, before) } else { (before, apart) };
        heads.push(None);
        (heads[own], heads[other]) = (Some(node), Some(head));
    }
    (group, ties, flow.work)
}
