understood = Fichier lu comme { $layout ->
    [crosstab] un tableau croisé
   *[long] une liste (une case par ligne)
  }, séparateur « { $delimiter } » : { $counts ->
    [one] { $counts } compte
   *[other] { $counts } comptes
  }, { $percentages ->
    [0] aucun pourcentage
    [one] un pourcentage
   *[other] { $percentages } pourcentages
  }, { $relations ->
    [0] aucune relation
    [one] une relation
   *[other] { $relations } relations
  }.
understood-columns = Colonnes de comptes : { $columns }.
understood-blocks = Blocs : { $blocks }.
understood-totals = Lus comme des totaux, et additionnés : { $totals }.
understood-no-totals = Aucun total trouvé : rien dans ce fichier ne relie les comptes entre eux. S’il y en a, nommez-les avec --total ou un plan.
understood-columns-apart = Les colonnes de comptes sont lues comme sans lien entre elles. Si l’une est une partie d’une autre, un plan doit le dire : la différence se calcule.
understood-undisplayed = { $undisplayed ->
    [one] Une case que le fichier n’affiche pas, mais que chacun peut calculer, est protégée aussi.
   *[other] { $undisplayed } cases que le fichier n’affiche pas, mais que chacun peut calculer, sont protégées aussi.
  }
understood-other = { $other ->
    [one] Une ligne hors du tableau est laissée telle quelle.
   *[other] { $other } lignes hors du tableau sont laissées telles quelles.
  }
summary = { $cells } cases : { $primaries ->
    [0] aucune sous la règle
    [one] une masquée par la règle
   *[other] { $primaries } masquées par la règle
  }, { $complements ->
    [0] aucune masquée pour les protéger
    [one] une masquée pour les protéger
   *[other] { $complements } masquées pour les protéger
  }. Coût { $cost }, borne inférieure prouvée { $bound } : { $outcome }
outcome-optimal = aucun schéma sûr ne coûte moins.
outcome-within = l’écart demandé est atteint.
outcome-stage = la recherche s’est arrêtée à l’étape demandée; le schéma est sûr, un moins coûteux existe peut-être.
outcome-stopped = la recherche s’est arrêtée à sa limite de travail; le schéma est sûr, un moins coûteux existe peut-être.
progress-construct = construction : { $protected } cases protégées sur { $primaries }
progress-improve = amélioration : coût { $cost }
progress-prove = preuve : coût { $cost }, borne { $bound }
judged-safe = Schéma sûr : chaque case primaire est protégée ({ $hidden } cases masquées, témoins additionnés en nombres entiers).
judged-unsafe = { $fallen ->
    [0] Schéma non conforme :
    [one] Schéma non sûr : une case primaire n’est pas protégée.
   *[other] Schéma non sûr : { $fallen } cases primaires ne sont pas protégées.
  }
fallen = case { $cell } ({ $count }) : un lecteur sait qu’elle vaut { $range }.
fallen-unproved = case { $cell } ({ $count }) : aucun témoin trouvé; à tenir pour non protégée.
wrongly-hidden = case { $cell } : masquée alors qu’elle doit être montrée.
unreadable = « { $path } » ne peut pas être lu : { $reason }
unwritable = « { $path } » ne peut pas être écrit : { $reason }. Rien n’a été écrit.
trouble-not-text = ce n’est pas du texte en UTF-8
trouble-not-found = ce fichier ou ce dossier n’existe pas
trouble-denied = l’accès est refusé
trouble-folder = c’est un dossier
trouble-no-folder = ce qui devrait être un dossier n’en est pas un
trouble-read-only = le disque est en lecture seule
trouble-full = le disque est plein
nothing-to-verify = --trail PISTE.json, ou --pattern SCHÉMA.csv pour un problème JJ, est attendu.
would-overwrite = « { $path } » est aussi un fichier d’entrée, ou deux sorties portent ce nom : rien n’a été écrit.
not-for-jj = { $path } n’a pas de sens pour un problème JJ, qui porte ses propres règles.
error-input = { $count ->
    [one] Le fichier ne peut pas être utilisé :
   *[other] Le fichier ne peut pas être utilisé, { $count } problèmes :
  }
error-unprotectable = Le tableau ne peut pas être protégé; rien n’a été diffusé :
error-exhausted = La recherche s’est terminée sans trouver de schéma; rien n’a été diffusé :
error-unverified = La promesse n’est pas démontrée; rien n’a été diffusé :
not-additive = { $relation } : { $given } inscrit, { $computed } calculé, écart de { $difference }
negative = { $cell } : { $count } est négatif
fractional = { $cell } : { $count } n’est pas un nombre entier
overflow = { $cell } : { $count } est trop grand (limite : 10^15)
structural-not-zero = { $cell } : déclarée zéro par nature, mais contient { $count }
missing = { $cell } : aucun compte
must-be-shown = { $cell } : doit être montrée selon le plan, mais la règle la masque
no-witness = { $cell } : aucun témoin trouvé dans les limites de la recherche
duplicate = { $cell } : inscrite deux fois, { $first } et { $second }
same-differ = { $first } et { $second } sont déclarées le même chiffre, mais contiennent { $firstcount } et { $secondcount }
unknown-label =  : étiquette inconnue « { $label } »
duplicate-label =  : l’étiquette « { $label } » apparaît deux fois
derived-differs = { $cell } : { $given } % inscrit, mais { $count } sur { $base } donne { $computed } %
cannot-protect = { $cell } : même en masquant tout le reste, un lecteur sait qu’elle vaut { $range }
text = ligne { $line } : « { $text } » : { $reason }
text-column = ligne { $line }, colonne « { $column } » : « { $text } » : { $reason }
plan = plan : { $reason }
plan-line = plan, ligne { $line } : { $reason }
reason-count = un compte est attendu
reason-percentage = un pourcentage est attendu
reason-percentage-count = un pourcentage sans son compte
reason-percentage-base = un pourcentage dont la base n’est pas connue; un plan peut la nommer
reason-no-count = aucun compte
reason-no-column = aucune colonne de comptes trouvée
reason-empty = le fichier est vide
reason-utf16 = le fichier est en UTF-16; enregistrez-le comme « CSV UTF-8 »
reason-workbook = le fichier est un classeur; enregistrez la feuille en CSV
reason-no-separator = aucun séparateur (« ; », « , » ou tabulation) ne donne de colonnes
reason-no-headings = aucune ligne du fichier ne porte deux titres de colonne
reason-no-figures = aucune ligne du fichier ne porte de chiffres
reason-symbol = le symbole « { $symbol } » n’existe pas en Windows-1252, le codage du fichier
reason-needs-plan = plusieurs colonnes d’étiquettes ({ $labels }) et de comptes ({ $counts }) : un plan doit dire ce qu’elles sont
reason-decimals = la colonne « { $column } » contient des décimales ou des pourcentages sans suivre une colonne de comptes : un plan doit dire ce qu’elle est
reason-several-totals = plusieurs lignes ressemblent à des totaux ({ $totals }) : un plan doit dire ce que chacune additionne
reason-several-totals-block = { $block } : plusieurs lignes ressemblent à des totaux ({ $totals }) : un plan doit dire ce que chacune additionne
reason-unknown-column = aucune colonne « { $name } »; le fichier a : { $columns }
reason-column-twice = plusieurs colonnes s’appellent « { $name } »
reason-no-row = aucune ligne « { $row } »
reason-no-row-block = aucune ligne « { $row } » dans le bloc « { $block } »
reason-no-block = aucun bloc « { $name } »
reason-not-undisplayed = aucune colonne « { $label } », et elle n’est pas dite « undisplayed »
reason-untold = la colonne « { $column } » contient des chiffres dont rien ne dit ce qu’ils sont : nommez-la dans le plan, ou parmi « ignore »
reason-not-for-layout = « { $section } » ne dit rien d’un fichier lu comme « { $layout } » : ce serait ignoré
understood-hidden = { $hidden ->
    [one] Une case est masquée.
   *[other] { $hidden } cases sont masquées.
  }
reason-not-text = le fichier n’est pas du texte
reason-ragged = la ligne a { $fields } champs, les titres { $expected }
reason-too-large = le fichier a plus de { $most } champs
earlier-same = « { $path } » : mêmes personnes; ce qui y est montré est tenu pour connu.
earlier-part = « { $path } » : une partie des personnes de ce tableau-ci; les différences se calculent.
earlier-unclear = « { $path } » : aucun chiffre commun, ou des chiffres qui montent et d’autres qui descendent; dites ce qu’il est avec --earlier-is.
pattern-missing = Pour un problème JJ, --pattern dit quelles cases sont masquées.
bounds-cell = case { $cell } : de { $lowest } à { $highest }
found-computed = { $count ->
    [one] Masquée, mais calculée exactement :
   *[other] Masquées, mais calculées exactement ({ $count }) :
  }
found-below = { $count ->
    [one] Démontrée inférieure au seuil :
   *[other] Démontrées inférieures au seuil ({ $count }) :
  }
found-narrowed = { $count ->
    [one] Réduite à quelques valeurs :
   *[other] Réduites à quelques valeurs ({ $count }) :
  }
found-shown = { $count ->
    [one] Montrée, mais inférieure au seuil :
   *[other] Montrées, mais inférieures au seuil ({ $count }) :
  }
found-contradictions = { $count ->
    [one] Contradiction :
   *[other] Contradictions ({ $count }) :
  }
found-together = Masquées ensemble sous un même total :
found-computable = Non affichées, mais calculables par chacun ({ $count }) :
found-difference = « { $whole } » moins « { $part } », si l’une est une partie de l’autre, ce que rien ne dément :
and-more = et { $count } de plus
range = de { $lowest } à { $highest }
range-open = { $lowest } ou plus
range-most = { $highest } ou moins
range-any = un nombre quelconque
place = { " " }(ligne { $line }, { $column })
quoted = « { $name } »
finding = { $cell }{ $place } : { $range }
finding-printed = { " " }({ $value } %)
because = { " " }— d’après { $causes }
no-objection = { " " }(sans être une faute)
cause-sum = { $name } : { $sum } = { $left }
cause-sum-shared = { $name } : { $sum } = { $left } pour { $parts } cases masquées
cause-relation = { $name }
cause-percentage = « { $value } % » de { $base } pour { $name }
cause-rate = « { $value } » pour { $per }, sur { $base }, pour { $name }
item-totals = totaux et hiérarchies
item-whole = comptes entiers, jamais négatifs
item-marks = symboles des cases masquées
item-rule = seuil (une case au moins est inférieure au seuil, sinon rien ne serait masqué)
item-percentages = pourcentages et taux
item-order = ordre des lignes
item-part = « dont »
item-earlier = diffusion antérieure
item-elsewhere = su d’ailleurs
together = sous { $name }, { $cells } : { $sum } ensemble; { $each }
each-alike = chacune { $range }
dispute-printed = { $name }{ $place } : { $count } et { $value } % de { $base } ne peuvent pas être vrais tous les deux. { $count } ferait { $computed } %; { $value } % veut dire { $means }.
dispute-printed-hidden = { $name }{ $place } : « { $value } », de { $base }, contredit les autres chiffres.
dispute-sum = { $name }{ $place } : { $given } inscrit, { $computed } en additionnant; écart de { $difference }.
dispute-sum-hidden = { $name }{ $place } : aucun compte possible des cases masquées ne donne ce total.
dispute-same = { $name } et { $other } sont le même chiffre, mais on y lit { $first } et { $second }.
dispute-statement = { $name } : contredit les autres chiffres ({ $item }).
explain-added = Explication possible : { $range } personnes ont été ajoutées à cette ligne après le calcul du pourcentage.
explain-taken = Explication possible : { $range } personnes ont été retirées de cette ligne après le calcul du pourcentage.
explain-includes = Explication possible : le total compte { $persons } personnes dans des lignes qui ne sont pas dans le tableau.
explain-slip = Explication possible : une faute de frappe à { $cell }, { $printed } pour { $meant }.
explain-slip-printed = Explication possible : une faute de frappe, « { $printed } » pour « { $meant } ».
explain-base = Explication possible : le pourcentage a été calculé sur la base avant qu’elle soit arrondie ({ $range }).
implied = Le pourcentage étant vrai, { $count ->
    [one] { $cells } aurait compté { $sum }.
   *[other] { $cells } auraient compté { $sum } ensemble.
  }
checked = { $objections ->
    [0] Rien trouvé
    [one] Une chose trouvée
   *[other] { $objections } choses trouvées
  }; { $hidden ->
    [0] aucune case masquée
    [one] une case masquée
   *[other] { $hidden } cases masquées
  }, { $statements } énoncés. Le lecteur est supposé savoir : { $items }.
unchecked = Non vérifié :
unchecked-item = { $item }
unchecked-sorted = les lignes montrées sont en ordre { $order ->
    [descending] décroissant
   *[ascending] croissant
  }; que les masquées le soient aussi n’a pas été tenu pour su (un plan peut le dire : [[sorted]])
unchecked-sorted-place = les lignes montrées de { $place } sont en ordre { $order ->
    [descending] décroissant
   *[ascending] croissant
  }; que les masquées le soient aussi n’a pas été tenu pour su (un plan peut le dire : [[sorted]])
unchecked-tight = { $cells ->
    [one] une case masquée a peut-être un intervalle plus étroit que celui qui a été démontré
   *[other] { $cells } cases masquées ont peut-être un intervalle plus étroit que celui qui a été démontré
  }
unchecked-relations = rien dans le fichier ne relie les comptes entre eux; s’il y a des totaux, nommez-les avec --total ou un plan
unchecked-releases = les autres diffusions sur les mêmes personnes (--earlier)
unchecked-insiders = ce que sait une personne comptée dans le tableau, ou qui en connaît une
understood-undisplayed-published = { $undisplayed ->
    [one] Une case que le fichier n’affiche pas, mais que chacun peut calculer, est examinée aussi.
   *[other] { $undisplayed } cases que le fichier n’affiche pas, mais que chacun peut calculer, sont examinées aussi.
  }
and = et
also-because = { "" }; à lui seul, aussi, { $causes }
reason-earlier-unclear = « { $name } » n’a aucun chiffre commun avec ce tableau, ou des chiffres montent et d’autres descendent : dites ce qu’il est avec --earlier-is
reason-earlier-counts = « { $name } » masque { $cells } cases : il faut leurs comptes (--earlier-counts) pour protéger ce qui s’y ajoute
dispute-rate = { $name }{ $place } : { $count } et un taux de { $value } pour { $per }, sur { $base }, ne peuvent pas être vrais tous les deux. { $count } ferait { $computed }; { $value } veut dire { $means }.
outside-known = { $cell } : { $count } est hors de ce qui est tenu pour connu ({ $range }) : l’ordre des lignes, un « dont » ou une diffusion antérieure ne concorde pas
conflict-declared = { $cell } : déclarée à la fois { $first } et { $second }
relations-contradict = { $first } et { $second } se contredisent de { $difference }
nothing-hidden = Rien n’est masqué.
verified = Tout ce que la piste affirme a été vérifié de nouveau en nombres entiers, sans aucun moteur de calcul :
verified-release = { $hidden ->
    [0] la version diffusable est celle de la piste; elle ne masque rien
    [one] la version diffusable est celle de la piste; elle masque une case
   *[other] la version diffusable est celle de la piste; elle masque { $hidden } cases
  }
verified-input = le tableau est celui de la piste, et la version diffusable en découle octet pour octet
verified-witnesses = { $primaries ->
    [0] aucune case n’est à protéger
    [one] une case primaire est protégée
   *[other] { $primaries } cases primaires sont protégées
  }{ $witnesses ->
    [0] {""}
    [one] {" "}: un tableau possible additionné
   *[other] {" "}: { $witnesses } tableaux possibles additionnés
  }
verified-needed = { $complements ->
    [0] aucune case n’est masquée pour en protéger d’autres
    [one] une case est masquée pour en protéger d’autres
   *[other] { $complements } cases sont masquées pour en protéger d’autres
  }{ $unproved ->
    [0] {""}; rien n’est masqué de trop
    [one] {""}; pour une d’elles, la nécessité n’est pas démontrée
   *[other] {""}; pour { $unproved } d’elles, la nécessité n’est pas démontrée
  }
verified-optimal = coût { $cost } : aucun schéma sûr ne coûte moins, preuve additionnée
verified-bound = coût { $cost } : aucun schéma sûr ne coûte moins de { $bound }, preuve additionnée (la recherche annonce { $told })
verified-no-bound = coût { $cost } : la recherche annonce qu’aucun schéma sûr ne coûte moins de { $told }; la preuve n’est pas jointe
log-appended = Journal : { $entries ->
    [one] une entrée
   *[other] { $entries } entrées
  }. Empreinte de la dernière, à noter ailleurs : { $head }
log-whole = Journal intact : { $entries ->
    [0] aucune entrée
    [one] une entrée, sa piste vérifiée
   *[other] { $entries } entrées, leurs pistes vérifiées
  }. Empreinte de la dernière : { $head }
part-table = tableau
part-policy = règle
part-release = version diffusable
part-input = tableau
trail-unreadable = ce n’est pas une piste d’audit : { $reason }
trail-schema = la piste est du schéma { $found }; ce programme lit { $expected }
trail-seal = le sceau de la piste est brisé : quelque chose y a été modifié
trail-digest = l’empreinte ({ $part }) n’est pas celle de ce que la piste contient
trail-entry = { $cell } : l’entrée ne dit pas ce qui découle du tableau et des preuves
trail-differs = « { $part } » ne dit pas ce qui découle du tableau et des preuves
trail-bound = une borne inférieure de { $bound } pour un coût de { $cost }
trail-outcome = l’issue annoncée n’est pas celle d’un coût de { $cost } et d’une borne de { $bound }
trail-another-file = ce fichier ({ $part }) n’est pas celui dont parle la piste : ses octets sont autres
trail-no-file = la piste ne parle d’aucun fichier ({ $part }) : elle n’a pas été faite à partir de fichiers
trail-another-release = cette version diffusable n’est pas celle dont parle la piste
trail-another-table = ce tableau n’est pas celui dont parle la piste
trail-no-cell = aucune case masquée ne s’appelle « { $cell } »
log-unreadable = l’entrée { $entry } du journal ne peut pas être lue ou vérifiée : { $reason }
log-altered = l’entrée { $entry } du journal a été modifiée
log-broken = l’entrée { $entry } du journal ne suit pas la précédente : une entrée a été retirée, ajoutée ou déplacée
log-end = le journal se termine par { $found }, non par { $expected } : des entrées ont été retirées ou ajoutées à la fin
not-needed = { $cell } : sa nécessité n’est pas démontrée : { $reason }
bound-not-shown = la borne inférieure du coût n’est pas démontrée : { $reason }
too-narrow = { $cell } : un lecteur ne peut exclure que { $lowest } à { $highest }; c’est trop étroit
primary-shown = { $cell } : à masquer selon la règle, mais montrée
witness-wrong = le témoin { $index } ne s’additionne pas : { $reason }
