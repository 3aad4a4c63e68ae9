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
outcome-stage = the search ended with the stage asked for; the pattern is safe, a cheaper one may exist.
outcome-stopped = the search stopped at its limit of work; the pattern is safe, a cheaper one may exist.
progress-construct = constructing: { $protected } of { $primaries } cells protected
progress-improve = improving: cost { $cost }
progress-prove = proving: cost { $cost }, bound { $bound }
judged-safe = Safe pattern: every primary cell is protected ({ $hidden } cells hidden, witnesses added up in whole numbers).
judged-unsafe = { $fallen ->
    [0] Pattern not in order:
    [one] Unsafe pattern: one primary cell is not protected.
   *[other] Unsafe pattern: { $fallen } primary cells are not protected.
  }
fallen = cell { $cell } ({ $count }): a reader knows that it is { $range }.
fallen-unproved = cell { $cell } ({ $count }): no witness found; to be taken as not protected.
wrongly-hidden = cell { $cell }: hidden although it must be shown.
unreadable = “{ $path }” cannot be read: { $reason }
unwritable = “{ $path }” cannot be written: { $reason }. Nothing was written.
trouble-not-text = it is not text in UTF-8
trouble-not-found = there is no such file or folder
trouble-denied = access is denied
trouble-folder = it is a folder
trouble-no-folder = what should be a folder is none
trouble-read-only = the disk is read-only
trouble-full = the disk is full
nothing-to-verify = --trail TRAIL.json, or --pattern PATTERN.csv for a JJ problem, is expected.
would-overwrite = “{ $path }” is also an input, or two outputs have this name: nothing was written.
not-for-jj = { $path } makes no sense for a JJ problem, which carries its own rules.
understood-hidden = { $hidden ->
    [one] One cell is hidden.
   *[other] { $hidden } cells are hidden.
  }
earlier-same = { $path }: the same persons; what it shows is taken as known.
earlier-part = { $path }: a part of the persons of this table; differences are computed.
earlier-unclear = { $path }: no figure in common, or some went up and others down; say what it is with --earlier-is.
pattern-missing = For a JJ problem, --pattern says which cells are hidden.
bounds-cell = cell { $cell }: { $lowest } to { $highest }
found-computed = { $count ->
    [one] Hidden, but computed exactly:
   *[other] Hidden, but computed exactly ({ $count }):
  }
found-below = Proved to be below the threshold ({ $count }):
found-narrowed = Narrowed to few values ({ $count }):
found-shown = Shown, but below the threshold ({ $count }):
found-contradictions = { $count ->
    [one] Contradiction:
   *[other] Contradictions ({ $count }):
  }
found-together = Hidden together under one total:
found-computable = Not displayed, but anyone computes them ({ $count }):
found-difference = “{ $whole }” less “{ $part }”, if one is a part of the other, which nothing denies:
and-more = and { $count } more
range = { $lowest } to { $highest }
range-open = { $lowest } or more
range-most = { $highest } or less
range-any = anything
place = { " " }(line { $line }, { $column })
quoted = “{ $name }”
finding = { $cell }{ $place }: { $range }
finding-printed = { " " }({ $value }%)
because = { " " }— from { $causes }
no-objection = { " " }(no fault in itself)
cause-sum = { $name }: { $sum } = { $left }
cause-sum-shared = { $name }: { $sum } = { $left } for { $parts } hidden cells
cause-relation = { $name }
cause-percentage = “{ $value }%” of { $base } for { $name }
cause-rate = “{ $value }” per { $per }, of { $base }, for { $name }
item-totals = totals and hierarchies
item-whole = whole counts, never negative
item-marks = marks of hidden cells
item-rule = threshold (at least one cell is below it, or nothing would be hidden)
item-percentages = percentages and rates
item-order = order of rows
item-part = parts of other cells
item-earlier = earlier release
item-elsewhere = known from elsewhere
together = under { $name }, { $cells }: { $sum } together; { $each }
each-alike = each { $range }
dispute-printed = { $name }{ $place }: { $count } and { $value }% of { $base } cannot both be true. { $count } would be { $computed }%; { $value }% means { $means }.
dispute-printed-hidden = { $name }{ $place }: “{ $value }”, of { $base }, contradicts the other figures.
dispute-sum = { $name }{ $place }: { $given } printed, { $computed } added up; { $difference } apart.
dispute-sum-hidden = { $name }{ $place }: no possible counts of the hidden cells give this total.
dispute-same = { $name } and { $other } are one figure, but read { $first } and { $second }.
dispute-statement = { $name }: contradicts the other figures ({ $item }).
explain-added = Possible explanation: { $range } persons were added to this row after the percentage was computed.
explain-taken = Possible explanation: { $range } persons were taken out of this row after the percentage was computed.
explain-includes = Possible explanation: the total counts { $persons } persons in rows that are not in the table.
explain-slip = Possible explanation: a slip at { $cell }, { $printed } for { $meant }.
explain-slip-printed = Possible explanation: a slip, “{ $printed }” for “{ $meant }”.
explain-base = Possible explanation: the percentage was computed on the base before it was rounded ({ $range }).
implied = If the percentage is true, { $cells } { $count ->
    [one] held { $sum }.
   *[other] held { $sum } together.
  }
checked = { $objections ->
    [0] Nothing found
    [one] One thing found
   *[other] { $objections } things found
  }; { $hidden ->
    [0] no hidden cell
    [one] one hidden cell
   *[other] { $hidden } hidden cells
  }, { $statements } statements. The reader is taken to know: { $items }.
unchecked = Not checked:
unchecked-item = { $item }
unchecked-sorted = the rows shown stand in { $order ->
    [descending] descending
   *[ascending] ascending
  } order; that the hidden ones do too was not taken as known (a plan can say so: [[sorted]])
unchecked-sorted-place = the rows shown of { $place } stand in { $order ->
    [descending] descending
   *[ascending] ascending
  } order; that the hidden ones do too was not taken as known (a plan can say so: [[sorted]])
unchecked-tight = { $cells ->
    [one] one hidden cell may have a narrower interval than was proved
   *[other] { $cells } hidden cells may have narrower intervals than were proved
  }
unchecked-relations = nothing in the file ties the counts to each other; if there are totals, name them with --total or a plan
unchecked-releases = other releases on the same persons (--earlier)
unchecked-insiders = what is known to a person counted in the table, or to one who knows one
understood-undisplayed-published = { $undisplayed ->
    [one] One cell that the file does not show, but anyone can compute, is looked at too.
   *[other] { $undisplayed } cells that the file does not show, but anyone can compute, are looked at too.
  }
and = and
also-because = { "" }; by itself, also, { $causes }
dispute-rate = { $name }{ $place }: { $count } and a rate of { $value } per { $per }, of { $base }, cannot both be true. { $count } would be { $computed }; { $value } means { $means }.
nothing-hidden = Nothing is withheld.
verified = All that the trail claims was checked again in whole numbers, with no engine involved:
verified-release = { $hidden ->
    [0] the release is the one of the trail; it withholds nothing
    [one] the release is the one of the trail; it withholds one cell
   *[other] the release is the one of the trail; it withholds { $hidden } cells
  }
verified-input = the table is the one of the trail, and the release follows from it byte for byte
verified-witnesses = { $primaries ->
    [0] no cell is to be protected
    [one] one primary cell is protected
   *[other] { $primaries } primary cells are protected
  }{ $witnesses ->
    [0] {""}
    [one] {""}: one possible table added up
   *[other] {""}: { $witnesses } possible tables added up
  }
verified-needed = { $complements ->
    [0] no cell is withheld to protect others
    [one] one cell is withheld to protect others
   *[other] { $complements } cells are withheld to protect others
  }{ $unproved ->
    [0] ; nothing is withheld beyond need
    [one] ; for one of them, need is not proved
   *[other] ; for { $unproved } of them, need is not proved
  }
verified-optimal = cost { $cost }: no safe pattern costs less, proof added up
verified-bound = cost { $cost }: no safe pattern costs less than { $bound }, proof added up (the search tells { $told })
verified-no-bound = cost { $cost }: the search tells that no safe pattern costs less than { $told }; the proof is not enclosed
log-appended = Log: { $entries ->
    [one] one entry
   *[other] { $entries } entries
  }. Digest of the last one, to be noted elsewhere: { $head }
log-whole = The log is whole: { $entries ->
    [0] no entry
    [one] one entry, its trail verified
   *[other] { $entries } entries, their trails verified
  }. Digest of the last one: { $head }
