//! `explain`, `verify --trail` and `log`, as their users run them.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

mod command;

use std::fs;

use command::{data, file, run, text};
use tempfile::TempDir;

/// A release with its trail, in a folder.
struct Done {
    folder: TempDir,
    input: String,
    plan: Vec<String>,
    release: String,
    trail: String,
}

fn done(input: &str, plan: &[&str]) -> Done {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (release, trail) = (place("release.csv"), place("trail.json"));
    let input = data(input).to_str().unwrap().to_owned();
    let plan: Vec<String> = plan
        .iter()
        .map(|p| if p.ends_with(".toml") { data(p).to_str().unwrap().to_owned() } else { (*p).to_owned() })
        .collect();
    let mut arguments = vec!["suppress", &input, "-o", &release, "--trail", &trail];
    arguments.extend(plan.iter().map(String::as_str));
    let out = run(&arguments);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    Done { folder, input, plan, release, trail }
}

fn portrait() -> Done {
    done("quebec/portrait-bas-saint-laurent-2019.csv", &["--plan", "quebec/portrait-bas-saint-laurent-2019.plan.toml"])
}

impl Done {
    /// Verifies; gives the exit code and what was told.
    fn verify(&self, more: &[&str]) -> (i32, String) {
        let mut arguments = vec!["verify", &self.release, "--trail", &self.trail];
        arguments.extend(self.plan.iter().map(String::as_str));
        arguments.extend(more);
        let out = run(&arguments);
        (out.status.code().unwrap(), text(&out.stderr))
    }
}

fn as_read(name: &str, done: &Done) {
    for language in ["fr", "en"] {
        let out = run(&["explain", &done.trail, "--lang", language]);
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        let path = data(&format!("explained/{name}.{language}.txt"));
        if std::env::var_os("UPDATE_EXPLAINED").is_some() {
            fs::write(&path, &out.stdout).unwrap();
        }
        let read = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text(&out.stdout), read, "{}: read the difference before you accept it", path.display());
    }
}

#[test]
fn every_hidden_cell_of_the_portrait_is_explained() {
    as_read("portrait-bas-saint-laurent-2019", &portrait());
}

#[test]
fn steps_are_told_one_by_one_and_once() {
    as_read("causes-par-region", &done("explained/causes-par-region.csv", &["--total", "Total"]));
}

#[test]
fn one_cell_is_explained_by_any_of_its_names() {
    let done = portrait();
    let told = |name: &str| {
        let out = run(&["explain", &done.trail, name]);
        (out.status.code(), text(&out.stdout), text(&out.stderr))
    };
    let (code, said, _) = told("Regroupement familial");
    assert_eq!(code, Some(0));
    assert!(
        said.contains("donnerait 1 à “Autres immigrants”, qui compte moins de 10 personnes (art. 53 et 54)."),
        "{said}"
    );
    assert_eq!(told("Admissions 2019 selon la catégorie › Regroupement familial × Région").1, said);
    let (code, said, error) = told("Montréal");
    assert_eq!((code, said.as_str()), (Some(1), ""));
    assert!(error.contains("aucune case masquée ne s’appelle « Montréal »"), "{error}");
}

#[test]
fn a_release_is_verified_with_its_trail_and_its_table() {
    let done = portrait();
    let (code, said) = done.verify(&["--input", &done.input]);
    assert_eq!(code, 0, "{said}");
    for part in [
        "sans aucun moteur de calcul",
        "elle masque 4 cases",
        "octet pour octet",
        "3 cases primaires sont protégées : ",
        "rien n’est masqué de trop",
        "coût 36 : aucun schéma sûr ne coûte moins, preuve additionnée",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert_eq!(done.verify(&[]).0, 0);
    let english = done.verify(&["--lang", "en"]).1;
    assert!(english.contains("nothing is withheld beyond need"), "{english}");
}

#[test]
fn an_attestation_goes_with_the_release() {
    let done = portrait();
    let place = done.folder.path().join("attestation.json");
    let mut arguments = vec!["suppress", &done.input, "-o", &done.release, "--attestation", place.to_str().unwrap()];
    arguments.extend(done.plan.iter().map(String::as_str));
    assert_eq!(run(&arguments).status.code(), Some(0));
    let told: serde_json::Value = serde_json::from_str(&fs::read_to_string(&place).unwrap()).unwrap();
    let trail: serde_json::Value = serde_json::from_str(&fs::read_to_string(&done.trail).unwrap()).unwrap();
    assert_eq!(
        (&told["hidden"], &told["threshold"], &told["protection"]),
        (&4.into(), &10.into(), &"threshold".into())
    );
    assert_eq!(told["release_file"], trail["digests"]["release_file"]);
    // What would give a hidden count away, or lets it be searched for, is not in it.
    for absent in ["cost", "lower_bound", "primaries", "table", "input_file", "witnesses", "outcome"] {
        assert!(told.get(absent).is_none(), "{absent}");
    }
    assert!(told["result"][0].as_str().unwrap().contains("un tableau que le lecteur ne peut écarter"));
}

#[test]
fn what_was_altered_is_refused_and_named() {
    let done = portrait();
    let (release, trail) = (fs::read_to_string(&done.release).unwrap(), fs::read_to_string(&done.trail).unwrap());
    let refused = |part: &str, more: &[&str]| {
        let (code, said) = done.verify(more);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(part), "{part} in {said}");
    };
    // One figure shown again; then one figure of the trail; then another table.
    fs::write(&done.release, release.replace("Les Basques;x;x;;", "Les Basques;6;x;;")).unwrap();
    refused("n’est pas celui dont parle la piste : ses octets sont autres", &[]);
    fs::write(&done.release, &release).unwrap();
    fs::write(&done.trail, trail.replace("\"count\":36", "\"count\":35")).unwrap();
    refused("le sceau de la piste est brisé", &[]);
    fs::write(&done.trail, &trail).unwrap();
    let other =
        file(&done.folder, "autre.csv", fs::read_to_string(&done.input).unwrap().replace("970", "971").as_bytes());
    refused("ses octets sont autres", &["--input", &other]);
    // What is no trail at all.
    fs::write(&done.trail, "{}").unwrap();
    let (code, said) = done.verify(&[]);
    assert_eq!(code, 1);
    assert!(said.contains("ce n’est pas une piste d’audit"), "{said}");
}

#[test]
fn a_jj_pattern_is_verified_with_its_trail() {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (pattern, trail) = (place("pattern.csv"), place("trail.json"));
    let problem = data("csplib/targus.jj").to_str().unwrap().to_owned();
    let out = run(&["suppress", &problem, "-o", &pattern, "--trail", &trail]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let out = run(&["verify", &pattern, "--trail", &trail, "--input", &problem, "--lang", "en"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(text(&out.stderr).contains("no safe pattern costs less, proof added up"), "{}", text(&out.stderr));
    assert!(text(&run(&["explain", &trail]).stdout).contains("(niveaux déclarés)"));
}

#[test]
fn decisions_are_chained_in_a_log() {
    let (first, second) = (portrait(), done("explained/causes-par-region.csv", &["--total", "Total"]));
    let log = first.folder.path().join("journal.jsonl").to_str().unwrap().to_owned();
    for trail in [&first.trail, &second.trail] {
        let out = run(&["log", "append", &log, trail, "--label", "demande 2026-117"]);
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    }
    let out = run(&["log", "verify", &log]);
    let said = text(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{said}");
    assert!(said.contains("Journal intact : 2 entrées"), "{said}");
    let head = said.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(run(&["log", "verify", &log, "--head", &head]).status.code(), Some(0));
    let lines = fs::read_to_string(&log).unwrap();
    let all: Vec<&str> = lines.lines().collect();
    for (changed, part) in [
        (format!("{}\n", all[0]), "--head"),
        (format!("{}\n", all[1]), "l’entrée 1 du journal ne suit pas"),
        (format!("{}\n{}\n", all[1], all[0]), "l’entrée 1 du journal ne suit pas"),
        (lines.replacen("2026-117", "2026-118", 1), "l’entrée 1 du journal a été modifiée"),
        (lines.trim_end().to_owned(), "l’entrée 2 du journal a été modifiée"),
    ] {
        fs::write(&log, &changed).unwrap();
        let out = run(&["log", "verify", &log, "--head", &head]);
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{said}");
        let part = if part == "--head" { "des entrées ont été retirées ou ajoutées à la fin" } else { part };
        assert!(said.contains(part), "{part} in {said}");
        // A broken log is not written on.
        if !part.contains("à la fin") {
            assert_eq!(run(&["log", "append", &log, &first.trail]).status.code(), Some(2));
            assert_eq!(fs::read_to_string(&log).unwrap(), changed);
        }
    }
}

/// On the published tables themselves: every hidden cell has its reason, every proof holds, and without any one complement
/// the primary cell that is named falls.
#[test]
fn portraits_are_proved_cell_by_cell() {
    use caviardage::files::{Plan, Sheet};
    use caviardage::policy::Policy;
    use caviardage::{Pattern, Problem, attack, suppress, verify};
    for name in
        ["portrait-bas-saint-laurent-2019", "portrait-capitale-nationale-2019", "presence-hors-cmm-par-region-2026"]
    {
        let plan = Plan::read(&fs::read_to_string(data(&format!("quebec/{name}.plan.toml"))).unwrap()).unwrap();
        let sheet = Sheet::read(&fs::read(data(&format!("quebec/{name}.csv"))).unwrap(), &plan).unwrap();
        let (table, policy) = (sheet.table(), Policy::articles_53_54());
        let done = suppress(table).unwrap();
        let checked = done.trail.verify().unwrap();
        assert_eq!((checked.unproved, checked.proved_bound), (0, Some(done.trail.cost())), "{name}");
        assert_eq!(done.trail.explain_all().unwrap().cells.len(), done.trail.hidden().len());
        for need in done.trail.needed() {
            let kept = done.trail.hidden().iter().filter(|h| h.cell != need.cell);
            let fewer = Pattern::hiding(table.len(), kept.map(|h| table.cells().nth(h.cell).unwrap()));
            let falls = table.key(table.cells().nth(need.falls).unwrap()).to_string();
            for witnesses in [done.trail.witnesses(), &attack::judge(table, &policy, &fewer).unwrap().witnesses] {
                let error = verify::verify(table, &policy, &fewer, witnesses).unwrap_err();
                let named = |p: &Problem| matches!(p, Problem::TooNarrow { cell, .. } if *cell == falls);
                assert!(error.problems().iter().any(named), "{falls} in {error}");
            }
        }
    }
}
