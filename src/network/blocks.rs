//! Blocks of a graph: its arcs, parted so that every circuit lies within one part.
//!
//! A circulation is a sum of circuits, so what one block carries says nothing of what another does. By depth first, without
//! recursion (Hopcroft and Tarjan 1973); linear in the arcs.

/// For each arc between two of so many nodes, the number of its block; an arc from a node to itself is a block of its own.
pub(crate) fn blocks(nodes: usize, arcs: &[(usize, usize)]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let mut starts = vec![0; nodes + 1];
    for &(a, b) in arcs {
        starts[a + 1] += 1;
        starts[b + 1] += 1;
    }
    for node in 0..nodes {
        starts[node + 1] += starts[node];
    }
    let mut next = starts.clone();
    let mut around = vec![0; starts[nodes]];
    for (arc, &(a, b)) in arcs.iter().enumerate() {
        for node in [a, b] {
            around[next[node]] = arc;
            next[node] += 1;
        }
    }
    let mut block = vec![UNSEEN; arcs.len()];
    let mut found = 0;
    // By node: when it was first seen, and the earliest node that it or a descendant has an arc to.
    let mut seen = vec![UNSEEN; nodes];
    let mut low = vec![UNSEEN; nodes];
    let mut clock = 0;
    let mut at = starts.clone();
    let mut open: Vec<usize> = Vec::new();
    for root in 0..nodes {
        if seen[root] != UNSEEN {
            continue;
        }
        (seen[root], low[root]) = (clock, clock);
        clock += 1;
        // Nodes on the way from the root, each with the arc that led there and where it stands among the open arcs.
        let mut way: Vec<(usize, usize, usize)> = vec![(root, UNSEEN, 0)];
        while let Some(&(node, by, opened)) = way.last() {
            if at[node] < starts[node + 1] {
                let arc = around[at[node]];
                at[node] += 1;
                let (a, b) = arcs[arc];
                let to = if a == node { b } else { a };
                if to == node {
                    if block[arc] == UNSEEN {
                        block[arc] = found;
                        found += 1;
                    }
                } else if seen[to] == UNSEEN {
                    (seen[to], low[to]) = (clock, clock);
                    clock += 1;
                    way.push((to, arc, open.len()));
                    open.push(arc);
                } else if arc != by && seen[to] < seen[node] {
                    open.push(arc);
                    low[node] = low[node].min(seen[to]);
                }
                continue;
            }
            way.pop();
            let Some(&(above, ..)) = way.last() else { continue };
            if low[node] >= seen[above] {
                for arc in open.drain(opened..) {
                    block[arc] = found;
                }
                found += 1;
            } else {
                low[above] = low[above].min(low[node]);
            }
        }
    }
    block
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the ends of these arcs are tied together by them, directly from the definition of a circuit.
    fn is_on_a_circuit_with(nodes: usize, arcs: &[(usize, usize)], one: usize, other: usize) -> bool {
        // Two arcs lie on one circuit when no node parts them and each can be left out: by trying all of that.
        let joined = |gone: Option<usize>, left_out: &[usize], from: usize, to: usize| {
            let mut reached = vec![false; nodes];
            reached[from] = true;
            for _ in 0..nodes {
                for (n, &(a, b)) in arcs.iter().enumerate() {
                    if Some(a) != gone && Some(b) != gone && !left_out.contains(&n) && reached[a] != reached[b] {
                        (reached[a], reached[b]) = (true, true);
                    }
                }
            }
            reached[to]
        };
        let ((a, b), (c, d)) = (arcs[one], arcs[other]);
        let out = [one, other];
        // Two ways apart from each other from the ends of one to the ends of the other (Menger 1927), by removing any node.
        let parts = |gone: usize| {
            let from: Vec<usize> = [a, b].into_iter().filter(|&n| n != gone).collect();
            let to: Vec<usize> = [c, d].into_iter().filter(|&n| n != gone).collect();
            !from.iter().any(|&f| to.iter().any(|&t| f == t || joined(Some(gone), &out, f, t)))
        };
        (0..nodes).all(|gone| !parts(gone)) && [a, b].iter().any(|&f| [c, d].iter().any(|&t| joined(None, &out, f, t)))
    }

    proptest! {
        #[test]
        fn two_arcs_share_a_block_when_they_share_a_circuit(
            nodes in 2_usize..7,
            arcs in prop::collection::vec((0_usize..7, 0_usize..7), 2..12),
        ) {
            let arcs: Vec<(usize, usize)> = arcs.into_iter().map(|(a, b)| (a % nodes, b % nodes)).collect();
            let block = blocks(nodes, &arcs);
            prop_assert!(block.iter().all(|&b| b < arcs.len()));
            for one in 0..arcs.len() {
                for other in 0..one {
                    let loops = [one, other].iter().any(|&n| arcs[n].0 == arcs[n].1);
                    let expected = !loops && is_on_a_circuit_with(nodes, &arcs, one, other);
                    prop_assert_eq!(block[one] == block[other], expected, "{:?}: {} and {}", arcs, one, other);
                }
            }
        }
    }
}
