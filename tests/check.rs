//! `caviardage check` on what was really published, and on files that were not made for it.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

mod command;

use std::fs;

use command::{data, file, run, text};
use serde_json::Value;
use tempfile::TempDir;

/// Checks a file; gives exit code, the JSON report and what is said on standard error.
fn check(path: &str, more: &[&str]) -> (i32, Value, String) {
    let out = run(&[&["check", path, "--json"], more].concat());
    let report = serde_json::from_slice(&out.stdout).unwrap_or(Value::Null);
    (out.status.code().unwrap(), report, text(&out.stderr))
}

fn check_bytes(bytes: &[u8], more: &[&str]) -> (i32, Value, String) {
    let folder = TempDir::new().unwrap();
    check(&file(&folder, "publié.csv", bytes), more)
}

fn quebec(name: &str) -> String {
    data(&format!("quebec/{name}.csv")).to_str().unwrap().to_owned()
}

fn plan(name: &str) -> String {
    data(&format!("quebec/{name}.plan.toml")).to_str().unwrap().to_owned()
}

fn of_gravity<'a>(report: &'a Value, gravity: &str) -> Vec<&'a Value> {
    let findings = report["report"]["findings"].as_array().unwrap();
    findings.iter().filter(|f| f["gravity"] == gravity).collect()
}

#[test]
fn invitations() {
    let (code, out, _) = check(&quebec("invitations-par-municipalite-2026"), &[]);
    assert_eq!(code, 2);
    let report = &out["report"];
    assert_eq!(report["findings"].as_array().unwrap().len(), 0, "nothing else is found");
    let together = &report["together"][0];
    assert_eq!((&together["lowest"], &together["highest"]), (&22.into(), &22.into()));
    assert_eq!(together["cells"].as_array().unwrap().len(), 2);
    assert_eq!(together["each"], serde_json::json!([[0, 22], [0, 22]]));
    let contradictions = report["contradictions"].as_array().unwrap();
    assert_eq!(contradictions.len(), 1);
    let one = &contradictions[0];
    assert_eq!(one["name"], "Autres municipalités");
    assert_eq!(one["place"]["line"], 50);
    let dispute = &one["dispute"];
    assert_eq!((&dispute["count"], &dispute["value"], &dispute["of"]), (&613.into(), &"8.5".into(), &5109.into()));
    assert_eq!((&dispute["least"], &dispute["most"]), (&432.into(), &436.into()));
    let explained = &one["explanations"][0];
    assert_eq!(explained["kind"], "regrouped");
    assert_eq!((&explained["least"], &explained["most"]), (&177.into(), &181.into()));
    let implied = &one["implied"][0];
    assert_eq!((&implied["lowest"], &implied["highest"]), (&199.into(), &203.into()));
    let out = run(&["check", &quebec("invitations-par-municipalite-2026")]);
    let said = text(&out.stdout);
    for part in ["de 177 à 181 personnes", "de 199 à 203 ensemble", "22 ensemble; chacune de 0 à 22", "ligne 50"] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn presence_outside_greater_montreal() {
    let (code, out, _) = check(&quebec("presence-hors-cmm-par-region-2026"), &[]);
    assert_eq!(code, 2);
    let computed = of_gravity(&out, "computed");
    assert_eq!(computed.len(), 2);
    for (finding, line) in computed.iter().zip([2, 5]) {
        assert_eq!((&finding["lowest"], &finding["highest"]), (&0.into(), &0.into()));
        assert_eq!(finding["place"]["line"], line);
    }
    assert_eq!(out["report"]["findings"].as_array().unwrap().len(), 2);
    assert_eq!(out["report"]["contradictions"].as_array().unwrap().len(), 0, "percentages agree");
    let difference = &out["report"]["differences"][0];
    assert_eq!(difference["part"], "Nombre de personne HCMM");
    let rows = difference["rows"].as_array().unwrap();
    let value = |name: &str| rows.iter().find(|r| r["name"] == name).map(|r| (&r["lowest"], &r["highest"])).unwrap();
    for (name, count) in [("Montréal", 17_999), ("Laval", 2726), ("Laurentides", 889), ("Estrie", 0), ("Total", 28_148)]
    {
        assert_eq!(value(name), (&count.into(), &count.into()), "{name}");
    }
    // A plan that says which cells are zero by nature leaves nothing to find.
    let planned = plan("presence-hors-cmm-par-region-2026");
    let (code, out, _) = check(&quebec("presence-hors-cmm-par-region-2026"), &["--plan", &planned]);
    assert_eq!((code, &out["report"]["objections"]), (0, &0.into()));
}

#[test]
fn portraits_as_published_and_with_only_the_counts_hidden() {
    for (name, small) in [
        (
            "portrait-bas-saint-laurent-2019",
            vec![("Les Basques", 6, "0.8"), ("Témiscouata", 9, "1.2"), ("Autres immigrants", 1, "0.7")],
        ),
        ("portrait-capitale-nationale-2019", vec![("L'Île-d'Orléans", 6, "0.0")]),
    ] {
        let planned = plan(name);
        let (code, out, _) = check(&quebec(name), &["--plan", &planned]);
        assert_eq!(code, 2);
        let shown = of_gravity(&out, "shown");
        assert_eq!(shown.len(), small.len());
        for (finding, (label, count, percentage)) in shown.iter().zip(&small) {
            assert!(finding["cell"].as_str().unwrap().contains(label), "{finding}");
            assert_eq!((&finding["lowest"], &finding["printed"]), (&(*count).into(), &(*percentage).into()));
        }
        assert_eq!(out["report"]["objections"], small.len());
        // The counts alone replaced: the percentages beside them, and the totals, give them back.
        let mut published = fs::read_to_string(quebec(name)).unwrap();
        for (label, count, _) in &small {
            published = published.replace(&format!("{label};{count};"), &format!("{label};x;"));
        }
        let (code, out, _) = check_bytes(published.as_bytes(), &["--plan", &planned]);
        assert_eq!(code, 2);
        let computed = of_gravity(&out, "computed");
        assert_eq!(computed.len(), small.len());
        for (finding, (label, count, percentage)) in computed.iter().zip(&small) {
            assert!(finding["cell"].as_str().unwrap().contains(label), "{finding}");
            assert_eq!((&finding["lowest"], &finding["highest"]), (&(*count).into(), &(*count).into()));
            // Said from which figures: the percentage, where it is precise enough, whatever else gives it away.
            let causes = [&finding["because"], &finding["also"]].into_iter().filter_map(Value::as_array).flatten();
            let from = causes.filter(|c| c["kind"] == "printed" && c["value"] == *percentage).count();
            assert_eq!(from > 0, *percentage != "0.0", "{finding}");
        }
        // With the totals unknown too, the percentages alone do it.
        let (_, out, _) = check_bytes(published.as_bytes(), &["--plan", &planned, "--without", "totals"]);
        let precise = small.iter().filter(|s| s.2 != "0.0").count();
        assert_eq!(of_gravity(&out, "computed").len(), precise);
    }
}

#[test]
fn what_suppress_releases_passes() {
    for name in
        ["portrait-bas-saint-laurent-2019", "portrait-capitale-nationale-2019", "presence-hors-cmm-par-region-2026"]
    {
        for percentages in ["follow", "keep", "round"] {
            let planned = plan(name);
            let out = run(&["suppress", &quebec(name), "--plan", &planned, "--percentages", percentages]);
            assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
            let (code, report, _) = check_bytes(&out.stdout, &["--plan", &planned]);
            assert_eq!(code, 0, "{name}, {percentages}: {report}");
        }
    }
}

#[test]
fn rounding_keeps_what_it_can() {
    let name = "portrait-bas-saint-laurent-2019";
    let planned = plan(name);
    let out = text(&run(&["suppress", &quebec(name), "--plan", &planned, "--percentages", "round"]).stdout);
    assert!(out.contains("Les Basques;x;1;;") && out.contains("Témiscouata;x;1;;"), "{out}");
    assert!(out.contains("Autres immigrants;x;x;502;1,2"), "{out}");
    let kept = text(&run(&["suppress", &quebec(name), "--plan", &planned, "--percentages", "keep"]).stdout);
    assert!(kept.contains("Les Basques;x;x;;"), "one decimal gives it away: {kept}");
}

const JANUARY: &str = "Ville;n\nAlma;40\nAmos;25\nGaspé;12\nAutres;30\nTotal;107\n";
const FEBRUARY: &str = "Ville;n\nAlma;43\nAmos;60\nGaspé;31\nAutres;42\nTotal;176\n";

#[test]
fn two_releases() {
    let folder = TempDir::new().unwrap();
    let (january, both) =
        (file(&folder, "janvier.csv", JANUARY.as_bytes()), file(&folder, "janvier-février.csv", FEBRUARY.as_bytes()));
    let (code, out, _) = check(&both, &["--earlier", &january]);
    assert_eq!(code, 2);
    let below = of_gravity(&out, "below");
    assert_eq!(below.len(), 1);
    assert_eq!((&below[0]["cell"], &below[0]["highest"]), (&"Δ janvier › Alma".into(), &3.into()));
    let computable = out["report"]["computable"].as_array().unwrap();
    let gaps: Vec<i64> = computable.iter().map(|c| c["lowest"].as_i64().unwrap()).collect();
    assert_eq!(gaps, [3, 35, 12, 19, 69]);
    // Suppressed with the earlier release in mind, nothing is left to find.
    let released = file(&folder, "diffusé.csv", b"");
    fs::remove_file(&released).unwrap();
    let done = run(&["suppress", &both, "--earlier", &january, "-o", &released]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(fs::read_to_string(&released).unwrap().contains("Alma;x"));
    assert_eq!(check(&released, &["--earlier", &january]).0, 0);
    // Without it, the release would have shown everything.
    assert!(!text(&run(&["suppress", &both]).stdout).contains('x'));
}

#[test]
fn an_earlier_release_that_hides_needs_its_counts() {
    let folder = TempDir::new().unwrap();
    let hidden = JANUARY.replace("Amos;25", "Amos;x").replace("Gaspé;12", "Gaspé;x");
    let (january, full, both) = (
        file(&folder, "janvier.csv", hidden.as_bytes()),
        file(&folder, "complet.csv", JANUARY.as_bytes()),
        file(&folder, "deux.csv", FEBRUARY.as_bytes()),
    );
    let refused = run(&["suppress", &both, "--earlier", &january]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("masque 2 cases"), "{}", text(&refused.stderr));
    let done = run(&["suppress", &both, "--earlier", &january, "--earlier-counts", &full]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let (code, _, _) = {
        let released = file(&folder, "diffusé.csv", &done.stdout);
        check(&released, &["--earlier", &january])
    };
    assert_eq!(code, 0);
    // The same persons: what was shown is known, and a small count that was shown cannot be taken back.
    let same = "Ville;n\nAlma;4\nAmos;25\nGaspé;12\nTotal;41\n";
    let (now, then) = (file(&folder, "même.csv", same.as_bytes()), file(&folder, "avant.csv", same.as_bytes()));
    let refused = run(&["suppress", &now, "--earlier", &then]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("Alma"));
}

#[test]
fn every_usual_mark_is_read() {
    for mark in ["", "x", "X", "-", "--", "*", "..", "F", "c", "[x]", "<10", "< 10", " x "] {
        let published = format!("Ville;n\nAlma;{mark}\nAmos;{mark}\nGaspé;40\nTotal;58\n");
        let (code, out, err) = check_bytes(published.as_bytes(), &[]);
        assert_eq!(out["report"]["hidden"], 2, "{mark}: {err}");
        // A mark that says "below ten" leaves 9 and 9; any other leaves 0 to 18.
        assert_eq!(code, if mark.starts_with('<') { 2 } else { 0 }, "{mark}: {out}");
    }
    let published = "Ville;n\nAlma;secret\nAmos;secret\nGaspé;40\nTotal;58\n";
    assert_eq!(check_bytes(published.as_bytes(), &["--symbol", "secret"]).0, 0);
    assert_eq!(check_bytes(published.as_bytes(), &[]).0, 1);
}

#[test]
fn knowledge_is_switched() {
    let published = "Ville;n;%\nAlma;x;12,1\nAmos;x;18,9\nGaspé;40;69,0\nTotal;58;100,0\n";
    let (code, out, _) = check_bytes(published.as_bytes(), &[]);
    assert_eq!((code, of_gravity(&out, "computed").len()), (2, 2));
    assert!(out["report"]["used"].as_array().unwrap().contains(&"percentages".into()));
    let (code, out, _) = check_bytes(published.as_bytes(), &["--without", "percentages"]);
    assert_eq!(code, 0, "{out}");
    let alone = "Ville;n\nAlma;x\nAmos;20\n";
    assert_eq!(check_bytes(alone.as_bytes(), &[]).0, 0);
    let (code, out, _) = check_bytes(alone.as_bytes(), &["--knows", "rule"]);
    assert_eq!((code, &of_gravity(&out, "below")[0]["highest"]), (2, &9.into()));
}

#[test]
fn an_order_is_known_where_a_plan_says_so() {
    let folder = TempDir::new().unwrap();
    let published =
        file(&folder, "t.csv", b"Ville;n\nAlma;40\nAmos;25\nBaie;13\nGaspe;x\nMatane;x\nSorel;11\nTotal;113\n");
    let (code, out, _) = check(&published, &[]);
    assert_eq!(code, 0);
    let unchecked = out["report"]["unchecked"].as_array().unwrap();
    assert!(unchecked.iter().all(|u| u["kind"] != "looks-sorted"), "four figures prove no order");
    let sorted = file(&folder, "p.toml", b"[[sorted]]\ncolumn = \"n\"\norder = \"descending\"\n");
    let (code, out, _) = check(&published, &["--plan", &sorted]);
    // 24 between 13 and 11, each: 13 and 11, or 12 and 12.
    assert_eq!((code, of_gravity(&out, "narrowed").len()), (0, 2), "{out}");
    // `suppress` with the same plan hides enough else.
    let table =
        file(&folder, "full.csv", b"Ville;n\nAlma;40\nAmos;25\nBaie;13\nGaspe;12\nMatane;9\nSorel;3\nTotal;102\n");
    let done = run(&["suppress", &table, "--plan", &sorted]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let released = file(&folder, "r.csv", &done.stdout);
    assert_eq!(check(&released, &["--plan", &sorted]).0, 0, "{}", text(&done.stdout));
}

#[test]
fn parts_and_rates() {
    let folder = TempDir::new().unwrap();
    let published =
        file(&folder, "t.csv", b"Ville;n;Population;Taux\nAlma;x;30000;0,23\nAmos;x;12000;1,50\nTotal;25;42000;0,60\n");
    let rates = file(
        &folder,
        "p.toml",
        b"[[column]]\nheader = \"n\"\nrates = [{ header = \"Taux\", per = 1000, base = \"Population\" }]\n[[column]]\nheader = \"Population\"\n",
    );
    let (code, out, err) = check(&published, &["--plan", &rates]);
    assert_eq!((code, of_gravity(&out, "computed").len()), (2, 2), "{out} {err}");
    let published = file(&folder, "d.csv", "Ville;n\nAlma;8\ndont femmes;x\nAmos;50\n".as_bytes());
    let part = file(&folder, "d.toml", b"[[part]]\npart = \"dont femmes\"\nwhole = \"Alma\"\n");
    let (code, out, _) = check(&published, &["--plan", &part]);
    assert_eq!((code, &of_gravity(&out, "below")[0]["highest"]), (2, &8.into()));
}

#[test]
fn contradictions_are_explained() {
    // A slip: 132 for 123.
    let slipped = "Ville;n;%\nAlma;132;61,5\nAmos;77;38,5\nTotal;200;100,0\n";
    let (code, out, _) = check_bytes(slipped.as_bytes(), &[]);
    assert_eq!(code, 2);
    let contradictions = out["report"]["contradictions"].as_array().unwrap();
    let explanations: Vec<&Value> = contradictions.iter().flat_map(|c| c["explanations"].as_array().unwrap()).collect();
    assert!(explanations.iter().any(|e| e["kind"] == "slip" && e["printed"] == 132 && e["meant"] == 123), "{out}");
    // A total that counts rows which are not there.
    let includes = "Ville;n\nAlma;120\nAmos;77\nTotal;211\n";
    let (_, out, _) = check_bytes(includes.as_bytes(), &[]);
    let one = &out["report"]["contradictions"][0];
    assert_eq!((&one["dispute"]["given"], &one["dispute"]["computed"]), (&211.into(), &197.into()));
    assert_eq!(
        (&one["explanations"][0]["kind"], &one["explanations"][0]["persons"]),
        (&"total-includes".into(), &14.into())
    );
    // A base rounded after the percentages were computed.
    let rounded = "Ville;n;%\nAlma;1234;61,9\nBase;2000;\n";
    let bases = "[[block]]\nno_total = true\nbases = [{ rows = [\"Alma\"], base = \"Base\" }]\n";
    let folder = TempDir::new().unwrap();
    let planned = file(&folder, "p.toml", bases.as_bytes());
    let (code, out, err) = check_bytes(rounded.as_bytes(), &["--plan", &planned]);
    assert_eq!(code, 2, "{err}");
    assert_eq!(out["report"]["contradictions"][0]["explanations"][0]["kind"], "rounded-base", "{out}");
    // Hidden counts that no possible table has.
    let impossible = "Ville;n\nAlma;x\nAmos;77\nTotal;50\n";
    let (code, out, _) = check_bytes(impossible.as_bytes(), &[]);
    assert_eq!((code, out["report"]["contradictions"].as_array().unwrap().len()), (2, 1), "{out}");
    // One figure printed twice, differently.
    let twice = "Bloc;Ligne;n\nA;2018;20\nA;2019;35\nA;Total;55\nB;F;18\nB;H;16\nB;Total;34\n";
    let planned = file(
        &folder,
        "s.toml",
        b"labels = [\"Bloc\", \"Ligne\"]\n[[column]]\nheader = \"n\"\n[[same]]\ncells = [[\"A\", \"2019\"], [\"B\", \"Total\"]]\n",
    );
    let (code, out, err) = check_bytes(twice.as_bytes(), &["--plan", &planned]);
    assert_eq!(code, 2, "{err}");
    let kinds: Vec<&str> = out["report"]["contradictions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["dispute"]["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"same"), "{out}");
}

#[test]
fn bounds_of_a_jj_pattern() {
    let folder = TempDir::new().unwrap();
    let problem = "0\n4\n0 12 12 s 0 1000 0 0 0\n1 3 3 u 0 1000 0 7 0\n2 25 25 s 0 1000 0 0 0\n3 40 40 z 0 1000 0 0 0\n1\n0 4 : 3 (-1) 0 (1) 1 (1) 2 (1)\n";
    let (jj, pattern) = (file(&folder, "p.jj", problem.as_bytes()), file(&folder, "p.csv", b"cell,status\n0,x\n1,u\n"));
    let (code, out, err) = check(&jj, &["--pattern", &pattern]);
    assert_eq!(code, 0, "{err}");
    let expected = serde_json::json!([
        { "cell": 0, "lower": 0, "upper": 15, "reached": [true, true] },
        { "cell": 1, "lower": 0, "upper": 15, "reached": [true, true] },
    ]);
    assert_eq!(out["cells"], expected);
    let alone = file(&folder, "a.csv", b"cell,status\n1,u\n");
    let (code, out, _) = check(&jj, &["--pattern", &alone]);
    assert_eq!((code, &out["cells"][0]["lower"]), (2, &3.into()));
    assert_eq!(run(&["check", &jj]).status.code(), Some(1), "a JJ problem needs a pattern");
}

#[test]
fn bad_files_are_told_and_nothing_panics() {
    let nulls = vec![0_u8; 50_000_000];
    let zeros = "0;".repeat(25_000_000);
    let zip = [b"PK\x03\x04".as_slice(), &[7; 200]].concat();
    let cases: [(&[u8], &str); 8] = [
        (b"Ville;n\nAlma;12\nAmos\nTotal;20\n", "la ligne a 1 champs"),
        (b"Ville;n\nAlma;douze\nAmos;14\nTotal;20\n", "douze"),
        (b"", "vide"),
        (b"Ville\nAlma\n", "séparateur"),
        (&zip, "classeur"),
        (&nulls, "pas du texte"),
        (zeros.as_bytes(), "12000000"),
        (b"Ville;n\nTotal;20\nTotal g\xc3\xa9n\xc3\xa9ral;21\n", "plusieurs lignes ressemblent"),
    ];
    for (bytes, part) in cases {
        for command in ["check", "suppress"] {
            let folder = TempDir::new().unwrap();
            let path = file(&folder, "t.csv", bytes);
            let out = run(&[command, &path]);
            let said = text(&out.stderr);
            assert_eq!(out.status.code(), Some(1), "{command}: {said}");
            assert!(said.contains(part) && !said.contains("panicked"), "{command}: {part} in {said}");
        }
    }
}
