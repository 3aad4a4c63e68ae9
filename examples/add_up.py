#!/usr/bin/env python3
"""Adds up the proofs that `caviardage check RELEASE --proofs PROOFS.json` writes. Needs nothing but Python.

    python3 examples/add_up.py PROOFS.json

Every step claims that a sum of cells is at most a number. The proof supposes that it is one more, adds inequalities up with
whole weights, and arrives at "0 is at most something negative"; or it goes through cases, each of which does.
"""
import json
import sys


def turned(terms):
    return [(cell, -k) for cell, k in terms]


class Proofs:
    def __init__(self, file):
        self.cells, self.statements, self.steps = file["cells"], file["statements"], file["steps"]
        self.groups, self.threshold, self.more = file["groups"], file["threshold"], 1 if file["whole"] else 0

    def statement(self, number, upper):
        """A statement with the shown figures put in, as (terms, at most)."""
        statement = self.statements[number]
        shown = sum(k * self.cells[c]["count"] for c, k in statement["terms"] if "count" in self.cells[c])
        left = [(c, k) for c, k in statement["terms"] if "count" not in self.cells[c]]
        return (left, statement["high"] - shown) if upper else (turned(left), shown - statement["low"])

    def premise(self, premise, step, contrary, assumed):
        if premise == "contrary":
            return contrary
        (kind, what), = premise.items()
        if kind == "statement":
            return self.statement(*what)
        if kind == "shown":
            cell, upper = what
            count = self.cells[cell]["count"]
            return ([(cell, 1)], count) if upper else ([(cell, -1)], -count)
        if kind == "not-negative":
            return ([(what, -1)], 0) if self.more else None
        if kind == "step":
            return (self.steps[what]["terms"], self.steps[what]["at_most"]) if what < step else None
        return assumed[what] if kind == "assumed" else None

    def refutes(self, reasoning, step, contrary, assumed):
        (kind, what), = reasoning.items()
        if kind == "cases":
            at, terms = what["at"], what["terms"]
            return (self.more and self.refutes(what["below"], step, contrary, assumed + [(terms, at)])
                    and self.refutes(what["above"], step, contrary, assumed + [(turned(terms), -at - 1)]))
        if kind == "rule":
            return (sorted(cell for cell, _ in what) in self.groups
                    and all(self.refutes(part, step, contrary, assumed + [([(cell, 1)], self.threshold - 1)])
                            for cell, part in what))
        left, right, strict = {}, 0, False
        for weight, premise in what:
            inequality = self.premise(premise, step, contrary, assumed)
            if inequality is None or weight <= 0:
                return False
            strict |= premise == "contrary" and not self.more
            for cell, k in inequality[0]:
                left[cell] = left.get(cell, 0) + weight * k
            right += weight * inequality[1]
        return not any(left.values()) and (right < 0 or (strict and right == 0))

    def holds(self, number):
        step = self.steps[number]
        contrary = (turned(step["terms"]), -step["at_most"] - self.more)
        return self.refutes(step["reasoning"], number, contrary, [])


def ends(proofs, entry, terms):
    """Whether the premises of an interval say what it claims."""
    for value, why, sign in ((entry["lowest"], entry["why"][0], -1), (entry["highest"], entry["why"][1], 1)):
        if value is not None:
            claimed = ([(c, sign * k) for c, k in terms], sign * value)
            said, most = proofs.premise(why, len(proofs.steps), None, [])
            if ([tuple(t) for t in said], most) != claimed:
                return False
    return True


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        file = json.load(file)
    proofs = Proofs(file)
    wrong = [n for n in range(len(proofs.steps)) if not proofs.holds(n)]
    loose = [i["cell"] for i in file["intervals"] if not ends(proofs, i, [(i["cell"], 1)])]
    loose += [s["name"] for s in file["sums"] if not ends(proofs, s, [tuple(t) for t in s["terms"]])]
    for number in wrong:
        print(f"step {number} does not add up")
    for name in loose:
        print(f"the ends of {name} are not what their premises say")
    print(f"{len(proofs.steps)} steps, {len(file['intervals'])} intervals, {len(file['sums'])} sums: "
          + ("all add up" if not wrong and not loose else "NOT in order"))
    return 1 if wrong or loose else 0


if __name__ == "__main__":
    sys.exit(main())
