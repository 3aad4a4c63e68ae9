"""Solves the linear programs that the engine's test writes, with HiGHS (`pip install highspy`), into optima.txt.

WRITE_PROGRAMS=/tmp/programs cargo test --lib optima_are
python3 tests/data/lp/solve.py < /tmp/programs > tests/data/lp/optima.txt
"""

import ast
import sys

import highspy

print("# Optima of the programs of src/lp, by HiGHS; made by solve.py.")
for line in sys.stdin:
    columns, rest = line.split(" ", 1)
    cost, bounds, rows = ast.literal_eval("[" + rest.replace("inf", "1e30").replace("] [", "], [") + "]")
    columns = int(columns)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, len(rows)
    lp.col_cost_ = cost[:columns]
    lp.col_lower_, lp.col_upper_ = [b[0] for b in bounds[:columns]], [b[1] for b in bounds[:columns]]
    lp.row_lower_, lp.row_upper_ = [b[0] for b in bounds[columns:]], [b[1] for b in bounds[columns:]]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row))
    lp.a_matrix_.start_ = starts
    lp.a_matrix_.index_ = [c for row in rows for c, _ in row]
    lp.a_matrix_.value_ = [a for row in rows for _, a in row]
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("presolve", "off")
    solver.passModel(lp)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        print(f"{solver.getInfo().objective_function_value:.9g}")
    elif status == highspy.HighsModelStatus.kInfeasible:
        print("infeasible")
    elif status == highspy.HighsModelStatus.kUnbounded:
        print("unbounded")
    else:
        sys.exit(f"no answer: {status}")
