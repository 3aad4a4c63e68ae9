# Pourquoi chaque case est masquée.
explain-below = { $cell } est masqué parce qu’il compte { $persons ->
    [one] { $count } personne
   *[other] { $count } personnes
  }, moins de { $below } ({ $law }).
explain-below-figure = { $cell } est masqué parce que { $count } est inférieur à { $below } ({ $law }).
explain-declared-primary = { $cell } ({ $count }) est masqué parce que le tableau déclare que ce compte doit être protégé.
explain-declared = { $cell } ({ $count }) est masqué parce que le tableau le demande.
explain-undisplayed = { $cell } ({ $count }) n’est pas affiché; comme chacun peut le calculer quand tout le reste est montré, il compte parmi les cases masquées.
explain-unproved = { $cell } ({ $count }) est masqué pour protéger { $falls }. Aucun tableau qui le protégerait sans cela n’a été trouvé; qu’il n’y en ait aucun n’a pas été démontré.
explain-gives = { $cell } ({ $count }) est masqué parce que, publié, { $how } donnerait { $value } à { $falls }, { $which }.
explain-gives-total = { $cell } ({ $count }) est masqué parce que, publié, la somme des parts donnerait { $value } au total { $falls }, { $which }.
explain-gives-itself = { $cell } ({ $count }) est masqué parce que, publié, il donnerait, moins les autres cases, { $value } à { $falls }, { $which }.
explain-leaves = { $cell } ({ $count }) est masqué parce que, publié, { $how } laisserait { $rest } pour { $cells } ensemble : on saurait que { $falls }, { $which }, { $known }.
explain-leaves-itself = { $cell } ({ $count }) est masqué parce que, publié, il laisserait, moins les cases montrées, { $rest } pour { $cells } ensemble : on saurait que { $falls }, { $which }, { $known }.
explain-steps = { $cell } ({ $count }) est masqué parce que, publié, on saurait que { $falls }, { $which }, { $known } :
explain-steps-again = { $cell } ({ $count }) est masqué parce que, publié, on saurait que { $falls }, { $which }, { $known }, comme le { $number ->
    [one] montre l’étape { $list }
   *[other] montrent les étapes { $list }
  } ci-dessus.
explain-which-below = qui compte moins de { $below } { $persons ->
    [one] personne
   *[other] personnes
  } ({ $law })
explain-which-below-figure = qui est inférieur à { $below } ({ $law })
explain-which-protected = qui doit rester protégé ({ $law })
explain-articles = art. 53 et 54
explain-known-computed = compte exactement { $value }
explain-known-most = compte { $value } au plus
explain-known-least = compte { $value } au moins
explain-known-between = compte de { $low } à { $high }
explain-whole = { $known } (parce que les comptes sont entiers : { $cases ->
    [one] un cas examiné, impossible
   *[other] { $cases } cas examinés, tous impossibles
  })
explain-total = le total { $count } ({ $total })
explain-total-hidden = le total { $total }
explain-minus-others = { $line } moins les autres cases
explain-minus-shown = { $line } moins les cases montrées
explain-stated = la relation « { $name } »
explain-fact = le fait connu « { $name } »
explain-and = { $first } et { $last }
explain-at-least = { $formula } (une case masquée compte au moins { $least })
step-part = { $line } moins ses autres parts donne { $value } à { $cell }{ $from }.
step-total = la somme des parts donne { $value } au total { $cell }{ $from }.
step-stated = { $line } donne { $value } à { $cell }{ $from }.
step-left = { $line } moins ses parts montrées laisse { $formula } = { $rest }{ $from }.
step-left-stated = { $line } laisse { $formula } = { $rest }{ $from }.
step-added = ce que masquent les sommes { $added } se réduit à { $formula } = { $rest }{ $from }.
step-added-subtracted = ce que masquent les sommes { $added }, moins ce que masquent les sommes { $subtracted }, se réduit à { $formula } = { $rest }{ $from }.
step-bounds = { $lines }, pris ensemble, bornent ce compte{ $from }.
step-from = { $number ->
    [one] , avec l’étape { $list }
   *[other] , avec les étapes { $list }
  }
explain-declared-levels = niveaux déclarés
