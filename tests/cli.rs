//! The command as its users run it.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

mod command;

use std::fs;

use command::{data, file, run, text};
use tempfile::TempDir;

/// Runs on a file; gives exit code, standard output and standard error.
fn suppress(bytes: &[u8], more: &[&str]) -> (i32, Vec<u8>, String) {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "table.csv", bytes);
    let out = run(&[&["suppress", &input], more].concat());
    (out.status.code().unwrap(), out.stdout, text(&out.stderr))
}

fn changed_lines(before: &str, after: &str) -> Vec<String> {
    assert_eq!(before.lines().count(), after.lines().count());
    before.lines().zip(after.lines()).filter(|l| l.0 != l.1).map(|l| l.1.to_owned()).collect()
}

fn portrait(name: &str) -> (String, String, serde_json::Value) {
    let folder = TempDir::new().unwrap();
    let (out, trail) = (folder.path().join("out.csv"), folder.path().join("trail.json"));
    let input = data(&format!("quebec/{name}.csv"));
    let plan = data(&format!("quebec/{name}.plan.toml"));
    let done = run(&[
        "suppress",
        input.to_str().unwrap(),
        "--plan",
        plan.to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
        "--trail",
        trail.to_str().unwrap(),
    ]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(done.stdout.is_empty());
    let after = fs::read_to_string(out).unwrap();
    let trail = fs::read_to_string(trail).unwrap();
    assert!(trail.starts_with("{\n  \"confidential\": \"CONFIDENTIEL"), "the first field says so");
    let trail: serde_json::Value = serde_json::from_str(&trail).unwrap();
    (fs::read_to_string(input).unwrap(), after, trail)
}

#[test]
fn bas_saint_laurent() {
    let (before, after, trail) = portrait("portrait-bas-saint-laurent-2019");
    let changed = changed_lines(&before, &after);
    for hidden in ["Les Basques;x;x;;", "Témiscouata;x;x;;", "Autres immigrants;x;x;502;1,2"] {
        assert!(changed.iter().any(|l| l.ends_with(hidden)), "{hidden} in {changed:#?}");
    }
    // One other category has to go with « Autres immigrants »: the cheapest holds 36.
    assert_eq!((changed.len(), &trail["cost"], &trail["outcome"]), (4, &36.into(), &"optimal".into()));
}

#[test]
fn capitale_nationale() {
    let (before, after, trail) = portrait("portrait-capitale-nationale-2019");
    let changed = changed_lines(&before, &after);
    assert!(changed.iter().any(|l| l.ends_with("L'Île-d'Orléans;x;x;;")), "{changed:#?}");
    assert_eq!((changed.len(), &trail["cost"]), (2, &23.into()));
}

#[test]
fn presence_outside_greater_montreal() {
    let (before, after, trail) = portrait("presence-hors-cmm-par-region-2026");
    assert_eq!(before, after, "no count is below ten, none can be computed");
    assert_eq!(trail["cost"], 0);
    // Without the plan, two cells are blank and nobody says why.
    let input = data("quebec/presence-hors-cmm-par-region-2026.csv");
    let done = run(&["suppress", input.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("Montréal"), "{}", text(&done.stderr));
}

#[test]
fn a_stale_percentage_and_missing_counts_are_told_together() {
    let input = data("quebec/invitations-par-municipalite-2026.csv");
    let done = run(&["suppress", input.to_str().unwrap()]);
    assert_eq!((done.status.code(), done.stdout.len()), (Some(1), 0));
    let told = text(&done.stderr);
    for part in ["Information non disponible : aucun compte", "8,5 % inscrit", "613 sur 5\u{a0}109", "3 problèmes"] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn files_as_officers_have_them() {
    let table = "Région;2018;2019;Total\n\"Nord; l'autre\";3;1 040;1 043\nSud;15;1\u{a0}125;1\u{202f}140\nEst;12;40;52\nTotal;30;2 205;2 235\n";
    let (code, out, told) = suppress(table.as_bytes(), &[]);
    assert_eq!(code, 0, "{told}");
    let out = text(&out);
    assert!(out.starts_with("Région;2018;2019;Total\n\"Nord; l'autre\";x;"), "{out}");
    assert!(out.ends_with("Total;30;2 205;2 235\n"), "{out}");
    // The same table in other clothes has the same cells hidden.
    let hidden = |text: &str| text.split(['\n', ';', ',', '\t']).map(|f| f == "x").collect::<Vec<_>>();
    let plain = "Région;2018;2019;Total\nNord;3;1040;1043\nSud;15;1125;1140\nEst;12;40;52\nTotal;30;2205;2235\n";
    let (_, first, _) = suppress(plain.as_bytes(), &[]);
    for other in [plain.replace(';', ","), plain.replace(';', "\t"), plain.replace('\n', "\r\n")] {
        let (code, out, told) = suppress(other.as_bytes(), &[]);
        assert_eq!(code, 0, "{told}");
        assert_eq!(hidden(&text(&out).replace('\r', "")), hidden(&text(&first)));
        assert_eq!(out.contains(&b'\r'), other.contains('\r'));
    }
    let mut bom = b"\xef\xbb\xbf".to_vec();
    bom.extend(plain.as_bytes());
    assert!(suppress(&bom, &[]).1.starts_with(b"\xef\xbb\xbfR"));
    let latin: Vec<u8> = plain.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert!(suppress(&latin, &[]).1.starts_with(b"R\xe9gion;"));
}

#[test]
fn percentages_go_with_their_counts() {
    let table = "Sexe;n;%\nF;7;7,0 %\nM;43;43,0 %\nAutre;50;50,0 %\nTous;100;100,0 %\nSource : registre;;\n";
    let (code, out, told) = suppress(table.as_bytes(), &[]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(text(&out), "Sexe;n;%\nF;x;x\nM;x;x\nAutre;50;50,0 %\nTous;100;100,0 %\nSource : registre;;\n");
    assert!(told.contains("Tous"), "{told}");
}

#[test]
fn long_files() {
    let table = "région,sexe,n\nNord,F,3\nNord,M,40\nSud,F,50\nSud,M,60\nTotal,F,53\nTotal,M,100\nNord,Total,43\nSud,Total,110\nTotal,Total,153\n";
    let (code, out, told) = suppress(table.as_bytes(), &["--lang", "en"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("a list (one cell a line)"), "{told}");
    let hidden: Vec<&str> =
        out.split(|b| *b == b'\n').filter(|l| l.ends_with(b",x")).map(|l| std::str::from_utf8(l).unwrap()).collect();
    assert_eq!(hidden.len(), 4, "{hidden:?}");
    assert!(hidden.contains(&"Nord,F,x"));
}

#[test]
fn options_are_heard() {
    let table = b"a;n\nx;0\ny;4\nz;30\nTotal;34\n";
    let hidden = |more: &[&str]| text(&suppress(table, more).1).matches(";x").count();
    assert_eq!(hidden(&[]), 3);
    assert_eq!(hidden(&["--zeros", "publish"]), 2);
    assert_eq!(hidden(&["--threshold", "4"]), 2);
    assert_eq!(hidden(&["--protection", "exact"]), 2);
    assert_eq!(text(&suppress(table, &["--symbol", "(c)"]).1).matches("(c)").count(), 3);
    let (code, _, told) = suppress(b"a;n\nx;4\ny;30\nTout le monde;34\n", &["--total", "Tout le monde"]);
    assert_eq!((code, told.contains("Tout le monde")), (0, true));
    assert_eq!(suppress(table, &["--symbol", "10"]).0, 1);
}

#[test]
fn errors_name_the_place() {
    for (table, part) in [
        ("a;n\nx;4\ny;30\nTotal;35\n", "35 inscrit, 34 calculé, écart de 1"),
        ("a;n\nx;quatre\ny;30\nz;3\nTotal;35\n", "ligne 2, colonne « n » : « quatre »"),
        ("a;n\nx;-4\ny;30\nTotal;26\n", "-4"),
        ("a;n\nx;4\nx;30\nTotal;34\n", "apparaît deux fois"),
        ("", "vide"),
    ] {
        let (code, out, told) = suppress(table.as_bytes(), &[]);
        assert_eq!((code, out.len()), (1, 0), "{told}");
        assert!(told.contains(part) || told.contains(&part.replace('-', "−")), "{part} in {told}");
    }
}

#[test]
fn nothing_is_overwritten_or_half_written() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "t.csv", b"a;n\nx;4\ny;30\nTotal;34\n");
    let done = run(&["suppress", &input, "-o", &input]);
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(fs::read(&input).unwrap(), b"a;n\nx;4\ny;30\nTotal;34\n");
    let out = folder.path().join("out.csv");
    let nowhere = folder.path().join("nowhere/trail.json");
    let done = run(&["suppress", &input, "-o", out.to_str().unwrap(), "--trail", nowhere.to_str().unwrap()]);
    assert_eq!((done.status.code(), out.exists()), (Some(1), false));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    let same = out.to_str().unwrap();
    assert_eq!(run(&["suppress", &input, "-o", same, "--trail", same]).status.code(), Some(1));
}

#[test]
fn unprotectable_is_two() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "t.csv", b"a;n\nx;4\ny;12\nTotal;16\n");
    let plan = file(&folder, "plan.toml", b"[[must_show]]\nrows = [\"y\", \"Total\"]\n");
    let done = run(&["suppress", &input, "--plan", &plan]);
    assert_eq!((done.status.code(), done.stdout.len()), (Some(2), 0));
    assert!(text(&done.stderr).contains("vaut 4"), "{}", text(&done.stderr));
}

#[test]
fn jj_problems_and_patterns() {
    let folder = TempDir::new().unwrap();
    let problem = data("literature/willenborg.jj");
    let problem = problem.to_str().unwrap();
    let pattern = folder.path().join("pattern.csv");
    let pattern = pattern.to_str().unwrap();
    let done = run(&["suppress", problem, "-o", pattern]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let lines = fs::read_to_string(pattern).unwrap();
    assert!(lines.starts_with("cell,status\n0,s\n"));
    assert_eq!(lines.matches(",x").count(), 3);
    assert_eq!(run(&["verify", problem, "--pattern", pattern]).status.code(), Some(0));
    let broken = file(&folder, "broken.csv", lines.replace("10,x", "10,s").as_bytes());
    let judged = run(&["verify", problem, "--pattern", &broken, "--lang", "en"]);
    assert_eq!(judged.status.code(), Some(2));
    assert!(text(&judged.stdout).contains("cell 6 (22): a reader knows that it is 22."), "{}", text(&judged.stdout));
    let nonsense = file(&folder, "nonsense.csv", b"cell,status\n99,x\nx,y\n");
    assert_eq!(run(&["verify", problem, "--pattern", &nonsense]).status.code(), Some(1));
    assert_eq!(run(&["suppress", problem, "--threshold", "5"]).status.code(), Some(1));
}

#[test]
fn usage_is_one_and_plans_name_the_line() {
    assert_eq!(run(&["suppress"]).status.code(), Some(1));
    assert_eq!(run(&["suppress", "t.csv", "--zeros", "maybe"]).status.code(), Some(1));
    assert_eq!(run(&["--help"]).status.code(), Some(0));
    assert_eq!(run(&["suppress", "nowhere.csv"]).status.code(), Some(1));
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "t.csv", "Région;Toutes;Dehors\nA;40;12\nB;50;30\nTotal;90;42\n".as_bytes());
    let plan =
        "[[column]]\nheader = \"Toutes\"\n[[column]]\nheader = \"Dehor\"\n\n[[structural_zero]]\nrows = [\"C\"]\n";
    let plan = file(&folder, "plan.toml", plan.as_bytes());
    let told = text(&run(&["suppress", &input, "--plan", &plan]).stderr);
    assert!(told.contains("plan, ligne 4 : aucune colonne « Dehor »; le fichier a : Région, Toutes, Dehors"), "{told}");
    let fixed = fs::read_to_string(&plan).unwrap().replace("Dehor\"", "Dehors\"");
    let plan = file(&folder, "plan.toml", fixed.as_bytes());
    let told = text(&run(&["suppress", &input, "--plan", &plan]).stderr);
    assert!(told.contains("plan, ligne 7 : aucune ligne « C »"), "{told}");
}

#[test]
fn columns_that_nothing_ties_are_told() {
    let (code, _, told) = suppress("Région;Toutes;Dehors\nA;40;12\nB;50;30\nTotal;90;42\n".as_bytes(), &[]);
    assert_eq!(code, 0);
    assert!(told.contains("sans lien entre elles"), "{told}");
}

#[test]
fn a_column_that_nobody_explains_is_not_let_through() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "t.csv", b"R;n;%;code\nA;4;10,0;7\nB;36;90,0;8\nTotal;40;100,0;\n");
    let told = |plan: &str| {
        let plan = file(&folder, "plan.toml", plan.as_bytes());
        let done = run(&["suppress", &input, "--plan", &plan]);
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    let (code, out, said) = told("[[column]]\nheader = \"n\"\n");
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(said.contains("la colonne « % »") && said.contains("la colonne « code »"), "{said}");
    let (code, out, _) = told("ignore = [\"code\"]\n[[column]]\nheader = \"n\"\npercent = \"%\"\n");
    assert_eq!((code, out.as_str()), (Some(0), "R;n;%;code\nA;x;x;7\nB;x;x;8\nTotal;40;100,0;\n"));
    // Figures beyond the headings are not let through either.
    let (code, _, said) = suppress(b"R;n\nA;4;1\nB;36\nTotal;40\n", &[]);
    assert_eq!(code, 1, "{said}");
}

#[test]
fn nothing_that_a_plan_says_is_passed_over() {
    let folder = TempDir::new().unwrap();
    let crosstab = file(&folder, "t.csv", b"B;R;n\nx;a;4\nx;b;36\nx;Total;40\ny;c;50\n");
    let long = file(&folder, "l.csv", b"r,s,n,%\na,F,4,10.0\na,M,36,90.0\na,Total,40,100.0\n");
    let told = |input: &str, plan: &str| {
        let plan = file(&folder, "plan.toml", plan.as_bytes());
        let done = run(&["suppress", input, "--plan", &plan]);
        (done.status.code().unwrap(), text(&done.stderr))
    };
    let head = "labels = [\"B\", \"R\"]\n[[column]]\nheader = \"n\"\n";
    assert_eq!(told(&crosstab, head).0, 0);
    // A slip in a block's name would lose its sums.
    let (code, said) = told(&crosstab, &format!("{head}[[block]]\nname = \"z\"\n"));
    assert!(code == 1 && said.contains("plan, ligne 5 : aucun bloc « z »"), "{said}");
    let (code, said) = told(&crosstab, &format!("{head}[[block]]\nname = \"x\"\n[[block]]\nname = \"x\"\n"));
    assert!(code == 1 && said.contains("apparaît deux fois"), "{said}");
    let (code, said) = told(&crosstab, &format!("{head}[[must_show]]\nlabels = [\"a\"]\n"));
    assert!(code == 1 && said.contains("serait ignoré"), "{said}");
    let axes = "[[axis]]\ncolumns = [\"r\"]\n[[axis]]\ncolumns = [\"s\"]\n";
    assert_eq!(told(&long, axes).0, 0);
    let (code, said) = told(&long, &format!("{axes}[[same]]\ncells = [[\"a\", \"F\"], [\"a\", \"M\"]]\n"));
    assert!(code == 1 && said.contains("[[same]]"), "{said}");
    let texts = file(&folder, "x.csv", b"r,s,n,%\na,F,4,<10 %\na,M,36,90.0\na,Total,40,100.0\n");
    let (code, said) = told(&texts, &format!("percent = \"%\"\n{axes}"));
    assert!(code == 1 && said.contains("un pourcentage est attendu"), "{said}");
}

/// What keeps a file from being read or written is told in the reader's language, and nothing is written.
#[test]
fn files_that_cannot_be_read_or_written_are_told() {
    let folder = TempDir::new().unwrap();
    let input = file(&folder, "table.csv", b"lieu;personnes\na;3\nb;40\nTotal;43\n");
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let told = |arguments: &[&str]| {
        let out = run(arguments);
        assert_eq!(out.status.code(), Some(1), "{arguments:?}");
        assert!(out.stdout.is_empty());
        text(&out.stderr)
    };
    let missing = at("missing.csv");
    assert!(told(&["suppress", &missing]).contains("ne peut pas être lu : ce fichier ou ce dossier n’existe pas"));
    assert!(told(&["suppress", &missing, "--lang", "en"]).contains("cannot be read: there is no such file or folder"));
    assert!(told(&["suppress", folder.path().to_str().unwrap()]).contains("ne peut pas être lu : c’est un dossier"));
    let told_of_output = told(&["suppress", &input, "-o", &at("nowhere/out.csv")]);
    assert!(told_of_output.contains("ce fichier ou ce dossier n’existe pas. Rien n’a été écrit."), "{told_of_output}");
    assert!(told(&["suppress", &input, "-o", &at("out.csv"), "--trail", &at("nowhere/trail.json")]).contains("Rien"));
    assert!(!folder.path().join("out.csv").exists());
}

/// A figure that cannot be read does not keep the others from being added up: all problems are told at once.
#[test]
fn what_can_be_read_is_added_up_beside_what_cannot() {
    let crosstab = b"lieu;femmes;hommes;Total\na;3;25;29\nb;40;abc;52\nc;1 205;998;2 203\nTotal;1 248;1 035;2 283\n";
    let (code, out, told) = suppress(crosstab, &["--lang", "en"]);
    assert_eq!((code, out.len()), (1, 0), "{told}");
    assert!(told.contains("abc") && told.contains("29") && told.contains("28"), "{told}");
    assert_eq!(told.matches("\n  - ").count(), 3, "{told}");
    let long = b"region,sexe,personnes\nNord,F,12\nNord,H,?!\nNord,Total,40\nSud,F,30\nSud,H,20\nSud,Total,51\n";
    let (code, out, told) = suppress(long, &["--lang", "en"]);
    assert_eq!((code, out.len()), (1, 0), "{told}");
    assert!(told.contains("?!") && told.contains("51") && told.contains("50"), "{told}");
    assert_eq!(told.matches("\n  - ").count(), 2, "{told}");
}
