understood = File read as { $layout ->
    [crosstab] a crosstab
   *[long] a list (one cell a line)
  }, separator “{ $delimiter }”: { $counts ->
    [one] one count
   *[other] { $counts } counts
  }, { $percentages ->
    [one] one percentage
   *[other] { $percentages } percentages
  }, { $relations ->
    [one] one relation
   *[other] { $relations } relations
  }.
understood-columns = Columns of counts: { $columns }.
understood-blocks = Blocks: { $blocks }.
understood-totals = Taken for totals, and added up: { $totals }.
understood-no-totals = No total found: nothing in this file ties the counts to each other. If there are totals, name them with --total or a plan.
understood-columns-apart = The columns of counts are read as not tied to each other. If one is a part of another, a plan has to say so: anyone can compute the difference.
understood-undisplayed = { $undisplayed ->
    [one] One cell that the file does not show, but anyone can compute, is protected too.
   *[other] { $undisplayed } cells that the file does not show, but anyone can compute, are protected too.
  }
understood-other = { $other ->
    [one] One line outside the table is left as it is.
   *[other] { $other } lines outside the table are left as they are.
  }
summary = { $cells } cells: { $primaries } hidden by the rule, { $complements } hidden to protect them. Cost { $cost }, proved lower bound { $bound }: { $outcome }
outcome-optimal = no safe pattern costs less.
outcome-within = the gap asked for is reached.
outcome-stopped = the search stopped at its limit of work; the pattern is safe, a cheaper one may exist.
judged-safe = Safe pattern: every primary cell is protected ({ $hidden } cells hidden, witnesses added up in whole numbers).
judged-unsafe = { $fallen ->
    [0] Pattern not in order:
    [one] Unsafe pattern: one primary cell is not protected.
   *[other] Unsafe pattern: { $fallen } primary cells are not protected.
  }
fallen = cell { $cell } ({ $count }): a reader knows that it lies between { $lowest } and { $highest }.
fallen-unproved = cell { $cell } ({ $count }): no witness found; to be taken as not protected.
wrongly-hidden = cell { $cell }: hidden although it must be shown.
unreadable = “{ $path }” cannot be read: { $reason }
unwritable = “{ $path }” cannot be written: { $reason }. Nothing was written.
would-overwrite = “{ $path }” is also an input, or two outputs have this name: nothing was written.
not-for-jj = { $path } makes no sense for a JJ problem, which carries its own rules.
