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
outcome-stopped = la recherche s’est arrêtée à sa limite de travail; le schéma est sûr, un moins coûteux existe peut-être.
judged-safe = Schéma sûr : chaque case primaire est protégée ({ $hidden } cases masquées, témoins additionnés en nombres entiers).
judged-unsafe = { $fallen ->
    [0] Schéma non conforme :
    [one] Schéma non sûr : une case primaire n’est pas protégée.
   *[other] Schéma non sûr : { $fallen } cases primaires ne sont pas protégées.
  }
fallen = case { $cell } ({ $count }) : un lecteur sait qu’elle est entre { $lowest } et { $highest }.
fallen-unproved = case { $cell } ({ $count }) : aucun témoin trouvé; à tenir pour non protégée.
wrongly-hidden = case { $cell } : masquée alors qu’elle doit être montrée.
unreadable = « { $path } » ne peut pas être lu : { $reason }
unwritable = « { $path } » ne peut pas être écrit : { $reason }. Rien n’a été écrit.
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
cannot-protect = { $cell } : même en masquant tout le reste, un lecteur sait qu’elle est entre { $lowest } et { $highest }
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
