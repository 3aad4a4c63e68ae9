# Why each cell is hidden.
explain-below = { $cell } is withheld because it counts { $persons ->
    [one] { $count } person
   *[other] { $count } persons
  }, fewer than { $below } ({ $law }).
explain-below-figure = { $cell } is withheld because { $count } is below { $below } ({ $law }).
explain-declared-primary = { $cell } ({ $count }) is withheld because the table declares that this count must be protected.
explain-declared = { $cell } ({ $count }) is withheld because the table asks for it.
explain-undisplayed = { $cell } ({ $count }) is not displayed; as anyone can compute it when all the rest is shown, it counts among the withheld cells.
explain-unproved = { $cell } ({ $count }) is withheld to protect { $falls }. No table that would protect it otherwise was found; that there is none was not proved.
explain-gives = { $cell } ({ $count }) is withheld because, if published, { $how } would give { $value } for { $falls }, { $which }.
explain-gives-total = { $cell } ({ $count }) is withheld because, if published, the sum of the parts would give { $value } for the total { $falls }, { $which }.
explain-gives-itself = { $cell } ({ $count }) is withheld because, if published, it would give, less the other cells, { $value } for { $falls }, { $which }.
explain-leaves = { $cell } ({ $count }) is withheld because, if published, { $how } would leave { $rest } for { $cells } together: one would know that { $falls }, { $which }, { $known }.
explain-leaves-itself = { $cell } ({ $count }) is withheld because, if published, it would leave, less the cells shown, { $rest } for { $cells } together: one would know that { $falls }, { $which }, { $known }.
explain-steps = { $cell } ({ $count }) is withheld because, if published, one would know that { $falls }, { $which }, { $known }:
explain-steps-again = { $cell } ({ $count }) is withheld because, if published, one would know that { $falls }, { $which }, { $known }, as { $number ->
    [one] step { $list } above shows
   *[other] steps { $list } above show
  }.
explain-which-below = which counts fewer than { $below } { $persons ->
    [one] person
   *[other] persons
  } ({ $law })
explain-which-below-figure = which is below { $below } ({ $law })
explain-which-protected = which must stay protected ({ $law })
explain-articles = s. 53 and 54
explain-known-computed = counts exactly { $value }
explain-known-most = counts { $value } at most
explain-known-least = counts { $value } at least
explain-known-between = counts { $low } to { $high }
explain-whole = { $known } (because counts are whole: { $cases ->
    [one] one case looked at, impossible
   *[other] { $cases } cases looked at, all impossible
  })
explain-total = the total { $count } ({ $total })
explain-total-hidden = the total { $total }
explain-minus-others = { $line } less the other cells
explain-minus-shown = { $line } less the cells shown
explain-stated = the relation “{ $name }”
explain-fact = the known fact “{ $name }”
explain-and = { $first } and { $last }
explain-at-least = { $formula } (a withheld cell counts { $least } at least)
step-part = { $line } less its other parts gives { $value } for { $cell }{ $from }.
step-total = the sum of the parts gives { $value } for the total { $cell }{ $from }.
step-stated = { $line } gives { $value } for { $cell }{ $from }.
step-left = { $line } less its parts shown leaves { $formula } = { $rest }{ $from }.
step-left-stated = { $line } leaves { $formula } = { $rest }{ $from }.
step-added = what is withheld under the sums { $added } comes down to { $formula } = { $rest }{ $from }.
step-added-subtracted = what is withheld under the sums { $added }, less what is withheld under the sums { $subtracted }, comes down to { $formula } = { $rest }{ $from }.
step-bounds = { $lines }, taken together, bound this count{ $from }.
step-from = { $number ->
    [one] , with step { $list }
   *[other] , with steps { $list }
  }
explain-declared-levels = declared levels
