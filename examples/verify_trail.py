#!/usr/bin/env python3
"""python3 examples/verify_trail.py TRAIL.json [RELEASE]: checks a caviardage trail again, from its documented schema alone.

In whole numbers: seal, digests, totals, the rule; that witnesses are tables no reader can rule out, and go far enough; that
complementary cells are needed; that no pattern costs less; that RELEASE is the one. Percentages are not looked at."""
import hashlib, json, math, sys
from collections import Counter, defaultdict
from fractions import Fraction
ONE, INF = 1 << 32, float("inf")
def digest(value):
    return hashlib.sha256(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
def need(condition, *what):
    condition or sys.exit("NOT VERIFIED: " + " ".join(map(str, what)))
def covers(paths):  # everything follows one of these paths: at each step, a question and both of its answers
    groups = [(paths, 0)]
    while groups:
        group, depth = groups.pop()
        if [len(path) for path in group] != [depth]:
            if min(map(len, group)) <= depth or len({(p[depth][0], *p[depth][2:]) for p in group}) != 1:
                return False
            groups += [([p for p in group if p[depth][1] == answer], depth + 1) for answer in (True, False)]
    return True
class Checker:  # variables are the cells, then one a fact; rows are the relations, then one a fact: its sum is its variable
    def __init__(self, trail):
        self.trail, table, policy = trail, trail["table"], trail["policy"]
        cells, unit, publish = table["cells"], 10 ** table.get("decimals", 0), policy["zeros"] == "publish"
        self.n, self.whole, self.counts = len(cells), unit == 1, [c["count"] for c in cells]
        self.rows = [{c: k for c, k in r["terms"] if not cells[c].get("structural")} for r in table["relations"]]
        sums = [sum(k * self.counts[c] for c, k in row.items()) for row in self.rows]
        need(sums == [relation.get("constant", 0) for relation in table["relations"]], "a total is off")
        self.room, self.asked, self.standing, self.weight = [], {}, [], []  # room: how far down and up from the true counts
        threshold, cost, protection = policy["threshold"] * unit, policy["cost"], policy["protection"]
        for c, (cell, count) in enumerate(zip(cells, self.counts)):
            standing, unseen = cell.get("standing", "open"), cell.get("undisplayed", False)
            low, high = cell.get("known") or (0, None)
            room = (count - max(low or 0, publish and not unseen and count > 0), INF if high is None else high - count)
            self.room.append((0, 0) if cell.get("structural") else room)
            small = count < threshold and not (publish and count == 0)
            if cell.get("structural"):
                standing = "shown"
            elif standing == "primary" or small:
                need(standing != "shown", "cell", c, "must be shown and is small")
                levels = protection["interval"] if isinstance(protection, dict) else [None, {}]
                by_rule = [threshold - count, 0, 0] if protection == "threshold" and small else [0, 0, 1]
                level = levels[1].get(str(c), levels[0])
                standing, self.asked[c] = "primary", [level[w] for w in ("upper", "lower", "sliding")] if level else by_rule
            elif unseen or (publish and count == 0 and standing == "open"):
                standing = "hidden" if unseen else "shown"
            self.standing.append(standing)
            prices = {"count": max(1, count // unit), "cells": 1, "log": max(1, int(1000 * math.log1p(count // unit)))}
            self.weight.append(0 if unseen else prices[cost] if isinstance(cost, str) else cost["weights"][c])
        for fact in table.get("facts", []):
            total = sum(k * self.counts[c] for c, k in fact["terms"])
            self.rows.append({**{c: k for c, k in fact["terms"] if any(self.room[c])}, len(self.room): -1})
            self.room.append((total - fact.get("at_least", -INF), fact.get("at_most", INF) - total))
        self.hidden = {h["cell"] for h in trail["hidden"]} | set(range(self.n, len(self.room)))
        fit = all(s == "open" or (c in self.hidden) == (s != "shown") for c, s in enumerate(self.standing))
        need(fit and all(h["count"] == self.counts[h["cell"]] for h in trail["hidden"]), "what is hidden is wrong")
        self.open = {c for c in range(self.n) if self.standing[c] == "open"}
        self.always = self.hidden - self.open
    def combine(self, sums, rows=None):
        total = Counter()
        [total.update({v: y * k for v, k in (self.rows if rows is None else rows)[row].items()}) for row, y in sums]
        return {v: k for v, k in total.items() if k}
    def sum(self, sums, cuts):  # of inequalities
        need(all(y >= 0 for _, y in sums), "a sum of inequalities that takes one off")
        return self.combine(sums, [terms for terms, _ in cuts]), sum(y * cuts[cut][1] for cut, y in sums)
    def witnesses(self):
        reach = defaultdict(lambda: (0, 0))
        for number, witness in enumerate(self.trail["witnesses"]):
            over, change = witness["denominator"], Counter(dict(witness["terms"]))
            need(over == 1 or (over > 1 and not self.whole), "witness", number, "has fractions")
            for row in self.rows:  # a fact's own variable moves as its sum does
                change.update({v: sum(row[c] * change[c] for c in row if c < self.n) for v in row if v >= self.n})
                need(sum(k * change[v] for v, k in row.items()) == 0, "witness", number, "is off")
            for v, z in change.items():
                need(z == 0 or (v in self.hidden and abs(z) <= self.room[v][z > 0] * over), "witness", number, "goes too far")
                reach[v] = min(reach[v][0], Fraction(z, over)), max(reach[v][1], Fraction(z, over))
        for c, (up, down, wide) in self.asked.items():
            need(reach[c][1] >= up and -reach[c][0] >= down and reach[c][1] - reach[c][0] >= wide, "cell", c, "is unsafe")
    def amount(self, cell, sides):  # up, down, or both together
        return self.asked[cell][[[True], [False], [True, False]].index([side["upward"] for side in sides])]
    def side(self, cell, upward, sums):
        total = self.combine(sums)  # scale × (how far the cell goes) ≤ Σ coefficient of hidden variables
        scale = total.pop(cell, 0) * (-1 if upward else 1)
        need(scale > 0 or not sums, "a sum says nothing of cell", cell)
        terms = {v: abs(k) * self.room[v][k > 0] for v, k in total.items() if self.room[v][k > 0]}
        return (scale, terms) if sums else (1, {cell: self.room[cell][upward]})
    def most(self, hidden, cell, end):
        if "sums" in end:
            scale, terms = self.side(cell, end["upward"], end["sums"])
            far = sum(a for v, a in terms.items() if v in hidden)
            need(far < INF, "a bound without end")
            return min(Fraction(far, scale), self.room[cell][end["upward"]])
        need(self.whole and covers([case["path"] for case in end["cases"]]), "cases leave something out")
        further = [cell, not end["upward"], end["most"] if end["upward"] else -end["most"] - 1]
        for case in end["cases"]:
            total, path = self.combine(case["sums"]), [*case["path"], further]
            span = {v: (-self.room[v][0], self.room[v][1]) if v in hidden else (0, 0) for v in {*total, *(s[0] for s in path)}}
            for v, below, value in path:
                span[v] = (span[v][0], min(span[v][1], value)) if below else (max(span[v][0], value + 1), span[v][1])
            need(any(a > b for a, b in span.values()) or sum(k * span[v][k > 0] for v, k in total.items()) < 0, "a case holds")
        return end["most"]
    def falls(self, hidden, cell, ends):
        most = [self.most(hidden, cell, end) for end in ends]
        short = sum(m // 1 if self.whole else m for m in most) < self.amount(cell, ends)
        need(short and [m // 1 for m in most] == [end["most"] for end in ends], "cell", cell, "does not fall as told")
    def needs(self):
        told = self.trail["needed"]
        need([one["cell"] for one in told] == sorted(self.hidden & self.open), "needs are of other cells")
        [self.falls(self.hidden - {one["cell"]}, one["falls"], one["ends"]) for one in told if one["ends"]]
        return f"{len(told)} complementary cells, {sum(not one['ends'] for one in told)} unproved"
    def dropped(self, bound, named):  # on a network, what is between tied nodes never matters, nor what has a cheaper twin
        outside, sides, gone = len(self.rows), bound.get("sides", []), dict(bound.get("dropped", []))
        implied = dict(bound.get("implied", []))  # each by a sum of rows that is nothing, without the rows implied before
        for number, (row, sums) in enumerate(implied.items()):
            need(not self.combine(sums) and dict(sums)[row] and not dict(sums).keys() & list(implied)[:number], "row", row)
        ends = {v: [outside, outside] for v in range(len(self.room))}  # the node that raising it leaves, and that it enters
        for r, row in ((r, row) for r, row in enumerate(self.rows) if gone and r not in implied):
            for v, k in row.items():
                need(abs(k) == 1 and ends[v][(k > 0) == sides[r]] == outside, "the relations are no network")
                ends[v][(k > 0) == sides[r]] = r
        ways = [(self.asked[c][i], self.room[c][back]) for c in named for i, back in ((0, 0), (1, 1), (2, 0), (2, 1))]
        enough, group = max((asked + back for asked, back in ways if asked), default=0), list(range(outside + 1))
        for tie in bound.get("ties", []):
            for (a, b), changes in ((tie["nodes"], tie["there"]), (tie["nodes"][::-1], tie["back"])):
                left = Counter()
                for v, z in dict(changes).items():
                    need(v in self.always and abs(z) <= self.room[v][z > 0], "a tie over what may be shown")
                    [left.update({node: sent}) for node, sent in zip(ends[v], (-z, z))]
                need(-left.pop(a) == left.pop(b) >= enough and not any(left.values()), "a tie carries too little")
            low, high = sorted(group[node] for node in tie["nodes"])
            group = [low if g == high else g for g in group]
        pair = {c: sorted(group[node] for node in ends[c]) for c in self.open}
        for c, twin in gone.items():
            need(pair[c][0] == pair[c][1] if twin is None else twin not in gone and pair[twin] == pair[c] and
                 self.weight[twin] <= self.weight[c] and min(self.room[twin]) >= enough, "cell", c, "may matter")
        return set(gone)
    def cut(self, kind, cut, free, elsewhere, before):  # terms and right side of an inequality that all good patterns satisfy
        if kind == "rounded":  # patterns are whole, and hide a cell once at most
            less, rows = cut.get("less", []), [*before, *(({c: -1}, -1) for c, _ in cut.get("less", []))]
            need(cut["over"] > 0 and self.open.issuperset(c for c, _ in less), "a sum is not rounded as it may be")
            terms, right = self.sum([*cut["sums"], *((len(before) + at, y) for at, (_, y) in enumerate(less))], rows)
            return {c: -(-a // cut["over"]) for c, a in terms.items()}, -(-right // cut["over"])
        if kind == "other":
            self.falls(self.always | elsewhere | set(cut["hidden"]), cut["falls"]["falls"], cut["falls"]["ends"])
            return dict.fromkeys(free - set(cut["hidden"]), 1), 1
        if kind == "bridge":
            others = {v: 1 for v in self.combine(cut["sums"]) if any(self.room[v])}
            need(cut["cell"] in self.open & set(others) and not self.always & set(others), "a bridge is none")
            return {**others, cut["cell"]: -1}, 0
        ways = [self.side(cut["cell"], s["upward"], s["sums"]) for s in cut["sides"]]
        scale, terms, taken = math.prod(way[0] for way in ways), Counter(), self.always | set(cut.get("apart", []))
        [terms.update({v: a * (scale // own) for v, a in coefficients.items()}) for own, coefficients in ways]
        right = scale * self.amount(cut["cell"], cut["sides"]) - sum(a for v, a in terms.items() if v in taken)
        need(right > 0, "an inequality says nothing")
        fine = min(right, 1 << 20)
        return {v: -(-min(a, right) * fine // right) for v, a in terms.items() if v in self.open - taken}, fine
    def bound(self, bound):
        declared = sum(self.weight[c] for c in self.hidden if c < self.n and self.standing[c] == "hidden")
        cost, told = declared + sum(self.weight[c] for c in self.hidden & self.open), self.trail["lower_bound"]
        need(self.trail["cost"] == cost >= told >= bound["claim"] + declared, "the cost is", cost, "or more is proved than told")
        self.least(bound, self.open, self.open - self.dropped(bound, self.named(bound)))
        return f"cost {cost}, proved to be no less than {bound['claim'] + declared}"
    def named(self, bound):
        told = [c["cell"] if "sides" in c else c["falls"]["falls"] for cut in bound["cuts"] for k, c in cut.items() if k in ("room", "other")]
        return told + [cell for part in bound.get("parts", []) for cell in self.named(part)]
    def least(self, bound, counted, free):  # no good pattern that hides only what is free costs less, in the cells counted
        claim, parts, leaves = bound["claim"], bound.get("parts", []), bound.get("leaves", [])
        free = {c for c in free if c not in counted or self.weight[c] < claim}
        cuts, own, other = [], free & counted, free - counted
        [cuts.append(self.cut(*next(iter(cut.items())), own, other, cuts)) for cut in bound["cuts"]]
        def proves(scale, fixed, weights):  # the least cost, or, at no scale, that nothing satisfies the inequalities
            gain, least = self.sum(weights, cuts)
            left = {c: scale * (self.weight[c] if c in counted else 0) - gain.get(c, 0) for c in {*gain, *fixed}}
            least += sum(left[c] if c in fixed else min(0, left[c]) for c in left if fixed.get(c, c in free))
            need(least > (claim - 1) * scale, "a sum of inequalities proves less")
        for one in bound.get("never", []):
            free.difference_update([proves(ONE, {c: True}, one["sum"]) or c for c in one["cells"]])
        [proves(0 if leaf.get("empty") else ONE, dict(leaf["fixed"]), leaf["sum"]) for leaf in leaves]
        need(not leaves if parts else covers([leaf["fixed"] for leaf in leaves]), "the leaves leave something out")
        cells, least = [cell for part in parts for cell in part["cells"]], sum(part["claim"] for part in parts)
        need(len(cells) == len(set(cells)) and counted.issuperset(cells) and (not parts or least >= claim), "parts do not add up")
        [self.least(part, set(part["cells"]), free) for part in parts]

def main(path, release=None):
    trail = json.load(open(path, encoding="utf-8"), parse_float=int, parse_constant=int)  # whole numbers, or none
    seal, digests = trail.pop("seal"), trail["digests"]
    own = [seal, digests["table"], digests["policy"]]
    need(own == [digest(part) for part in (trail, trail["table"], trail["policy"])], "the seal is broken, or a digest is off")
    if release:
        data = open(release, "rb").read()
        own = digest(json.loads(data)) if data[:1] == b"{" else hashlib.sha256(data).hexdigest()
        need(own in (digests["release"], digests.get("release_file")), "this is not the release of the trail")
    checker = Checker(trail)
    checker.witnesses()
    print(f"verified: {len(checker.asked)} primary cells protected; {checker.needs()};", end=" ")
    print(checker.bound(trail["bound"]) if "bound" in trail else "no proof of a bound")
main(*sys.argv[1:])
