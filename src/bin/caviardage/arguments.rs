//! What the command takes.

use std::path::PathBuf;

use caviardage::solver::Engine;
use caviardage::{attack, policy, words};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Masque, dans un tableau de comptes de personnes, les données inférieures à 10 et celles permettant de les calculer
/// (art. 53 et 54), et rien d’autre; prouve les deux. / Hides counts below ten and whatever would let them be computed.
#[derive(Debug, Parser)]
#[command(name = "caviardage", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Masque un tableau (CSV) ou résout un problème JJ. / Suppresses a table (CSV) or solves a JJ problem.
    Suppress(Suppress),
    /// Dit ce qu’un tableau publié laisse calculer. / Tells what a published table gives away.
    Check(Check),
    /// Vérifie de nouveau une piste d’audit, ou juge le schéma de n’importe quel programme pour un problème JJ. / Checks a
    /// trail again, or judges any program's pattern for a JJ problem.
    Verify(Verify),
    /// Dit pourquoi chaque case est masquée. / Tells why each cell is withheld.
    Explain(Explain),
    /// Journal de pistes enchaînées. / Log of chained trails.
    #[command(subcommand)]
    Log(LogCommand),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Fr,
    En,
}

impl From<Language> for words::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Fr => words::Language::Fr,
            Language::En => words::Language::En,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Zeros {
    Hide,
    Publish,
}

impl From<Zeros> for policy::Zeros {
    fn from(zeros: Zeros) -> Self {
        match zeros {
            Zeros::Hide => policy::Zeros::Hide,
            Zeros::Publish => policy::Zeros::Publish,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protection {
    Threshold,
    Exact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Cost {
    Count,
    Cells,
    Log,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Percentages {
    Follow,
    Keep,
    Round,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    Construct,
    Improve,
    Prove,
}

/// How a table is read from its file.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Ce que le fichier ne dit pas de lui-même. / What the file does not say of itself.
    #[arg(long, value_name = "PLAN.toml")]
    pub(crate) plan: Option<PathBuf>,
    /// Une étiquette qui est un total (répétable). / A label that is a total (may be repeated).
    #[arg(long, value_name = "LABEL")]
    pub(crate) total: Vec<String>,
    /// Une diffusion antérieure sur les mêmes personnes ou une partie d’elles (répétable). / An earlier release on the same
    /// persons or part of them (may be repeated).
    #[arg(long, value_name = "RELEASE.csv")]
    pub(crate) earlier: Vec<PathBuf>,
    /// Son tableau complet, où elle masque des cases (dans le même ordre). / Its full table, where it hides cells (in the
    /// same order).
    #[arg(long, value_name = "TABLE.csv")]
    pub(crate) earlier_counts: Vec<PathBuf>,
    /// Les mêmes personnes, ou une partie d’elles (déduit des chiffres). / The same persons, or part of them (guessed).
    #[arg(long, value_enum)]
    pub(crate) earlier_is: Option<Overlap>,
}

#[derive(Debug, Args)]
pub(crate) struct Suppress {
    /// Tableau croisé ou liste en CSV, ou problème JJ. / Crosstab or long CSV, or JJ problem.
    pub(crate) input: PathBuf,
    /// Où écrire la version diffusable (sinon, sortie standard). / Where to write the release (else standard output).
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Où écrire la piste d’audit, confidentielle. / Where to write the trail, which is confidential.
    #[arg(long, value_name = "TRAIL.json")]
    pub(crate) trail: Option<PathBuf>,
    /// Où écrire l’attestation, qui peut accompagner la version diffusable. / Where to write the attestation, which may go
    /// with the release.
    #[arg(long, value_name = "ATTESTATION.json")]
    pub(crate) attestation: Option<PathBuf>,
    /// Où inscrire la piste à la suite d’un journal. / A log to append the trail to.
    #[arg(long, value_name = "LOG.jsonl")]
    pub(crate) log: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Les comptes inférieurs à N sont masqués (10). / Counts below N are hidden (10).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) threshold: Option<u32>,
    /// Masquer ou publier les zéros (hide). / Hide or publish zeros (hide).
    #[arg(long, value_enum)]
    pub(crate) zeros: Option<Zeros>,
    /// Ce qui est promis (threshold). / What is promised (threshold).
    #[arg(long, value_enum)]
    pub(crate) protection: Option<Protection>,
    /// Ce que coûte une case masquée pour en protéger une autre (count). / What a complementary cell costs (count).
    #[arg(long, value_enum)]
    pub(crate) cost: Option<Cost>,
    /// Pourcentages des comptes masqués : masqués aussi, gardés ou arrondis s’ils ne révèlent rien (follow). / Percentages
    /// of hidden counts: hidden too, kept or rounded where they give nothing away (follow).
    #[arg(long, value_enum)]
    pub(crate) percentages: Option<Percentages>,
    /// Le symbole des cases masquées (x). / The symbol of hidden cells (x).
    #[arg(long)]
    pub(crate) symbol: Option<String>,
    /// La dernière étape de la recherche (prove). / The last stage of the search (prove).
    #[arg(long, value_enum)]
    pub(crate) stage: Option<Stage>,
    /// Limite du travail de recherche, en pas de calcul, jamais en temps. / Limit of the work of the search, in steps, never in
    /// time.
    #[arg(long, value_name = "STEPS")]
    pub(crate) work: Option<u64>,
    /// Moteur des programmes linéaires; ne change pas ce qui est prouvé. / Engine for linear programs; what is proved is proved
    /// with any (simplex).
    #[arg(long, value_parser = PossibleValuesParser::new(Engine::NAMES).try_map(|name| name.parse::<Engine>()))]
    pub(crate) engine: Option<Engine>,
    /// Langue des messages (fr). / Language of messages (fr).
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    pub(crate) lang: Language,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Version diffusable (avec --trail), ou problème JJ (avec --pattern). / Release (with --trail), or JJ problem (with
    /// --pattern).
    pub(crate) input: PathBuf,
    /// Piste d’audit dont tout est vérifié de nouveau. / Trail of which everything is checked again.
    #[arg(long, value_name = "TRAIL.json", required_unless_present = "pattern")]
    pub(crate) trail: Option<PathBuf>,
    /// Tableau d’où vient la version diffusable. / Table that the release comes from.
    #[arg(long = "input", value_name = "TABLE", requires = "trail")]
    pub(crate) table: Option<PathBuf>,
    /// Schéma à juger pour un problème JJ : `cell,status`. / Pattern to judge for a JJ problem: `cell,status`.
    #[arg(long, value_name = "PATTERN.csv", conflicts_with = "trail")]
    pub(crate) pattern: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Langue des messages (fr). / Language of messages (fr).
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    pub(crate) lang: Language,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Piste d’audit. / Trail.
    pub(crate) trail: PathBuf,
    /// Cases à expliquer, par leur nom ou une de leurs étiquettes (sinon, toutes). / Cells to explain, by their name or one
    /// of their labels (else all).
    #[arg(value_name = "CELL")]
    pub(crate) cells: Vec<String>,
    /// Langue (fr). / Language (fr).
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    pub(crate) lang: Language,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// Inscrit des pistes à la suite. / Appends trails.
    Append(LogAppend),
    /// Vérifie l’enchaînement et chaque piste. / Checks the chain and every trail.
    Verify(LogVerify),
}

#[derive(Debug, Args)]
pub(crate) struct LogAppend {
    /// Journal (créé au besoin). / Log (made where there is none).
    pub(crate) log: PathBuf,
    /// Pistes d’audit. / Trails.
    #[arg(required = true, value_name = "TRAIL.json")]
    pub(crate) trails: Vec<PathBuf>,
    /// Nom de la décision, propre à l’organisme. / The house's own name for the decision.
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// Langue (fr). / Language (fr).
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    pub(crate) lang: Language,
}

#[derive(Debug, Args)]
pub(crate) struct LogVerify {
    /// Journal. / Log.
    pub(crate) log: PathBuf,
    /// Empreinte notée ailleurs, par laquelle il doit se terminer. / Digest noted elsewhere, with which it must end.
    #[arg(long, value_name = "DIGEST")]
    pub(crate) head: Option<String>,
    /// Langue (fr). / Language (fr).
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    pub(crate) lang: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Overlap {
    Same,
    Part,
}

impl From<Overlap> for attack::Overlap {
    fn from(overlap: Overlap) -> Self {
        match overlap {
            Overlap::Same => attack::Overlap::Same,
            Overlap::Part => attack::Overlap::Part,
        }
    }
}

/// Ce que le lecteur peut savoir; les noms sont ceux du rapport JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Item {
    Totals,
    Whole,
    Marks,
    Rule,
    Percentages,
    Order,
    Part,
    Earlier,
    Elsewhere,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Tableau publié (CSV), ou problème JJ avec --pattern. / Published table (CSV), or JJ problem with --pattern.
    pub(crate) release: PathBuf,
    /// Ce que le fichier ne dit pas de lui-même. / What the file does not say of itself.
    #[arg(long, value_name = "PLAN.toml")]
    pub(crate) plan: Option<PathBuf>,
    /// Une étiquette qui est un total (répétable). / A label that is a total (may be repeated).
    #[arg(long, value_name = "LABEL")]
    pub(crate) total: Vec<String>,
    /// Un symbole de plus pour les cases masquées (répétable). / One more mark of hidden cells (may be repeated).
    #[arg(long)]
    pub(crate) symbol: Vec<String>,
    /// Les comptes inférieurs à N devraient être masqués (10). / Counts below N should be hidden (10).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) threshold: Option<u32>,
    /// Les zéros sont masqués ou publiés (hide). / Zeros are hidden or published (hide).
    #[arg(long, value_enum)]
    pub(crate) zeros: Option<Zeros>,
    /// Ce que le lecteur sait de plus (répétable) : rule. / What the reader knows besides (may be repeated): rule.
    #[arg(long, value_enum, value_name = "ITEM")]
    pub(crate) knows: Vec<Item>,
    /// Ce que le lecteur ne sait pas (répétable). / What the reader does not know (may be repeated).
    #[arg(long, value_enum, value_name = "ITEM")]
    pub(crate) without: Vec<Item>,
    /// Une diffusion antérieure du même tableau (répétable). / An earlier release of the same table (may be repeated).
    #[arg(long, value_name = "RELEASE.csv")]
    pub(crate) earlier: Vec<PathBuf>,
    /// Les mêmes personnes, ou une partie d’elles (déduit des chiffres). / The same persons, or part of them (guessed).
    #[arg(long, value_enum)]
    pub(crate) earlier_is: Option<Overlap>,
    /// Schéma d’un problème JJ : `cell,status`. / Pattern of a JJ problem: `cell,status`.
    #[arg(long, value_name = "PATTERN.csv")]
    pub(crate) pattern: Option<PathBuf>,
    /// Où écrire les preuves de chaque borne, à additionner par qui veut. / Where to write the proof of every bound, for
    /// anyone to add up.
    #[arg(long, value_name = "PROOFS.json")]
    pub(crate) proofs: Option<PathBuf>,
    /// Rapport en JSON sur la sortie standard. / Report as JSON on standard output.
    #[arg(long)]
    pub(crate) json: bool,
    /// Langue du rapport (fr). / Language of the report (fr).
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    pub(crate) lang: Language,
}

impl Arguments {
    pub(crate) fn language(&self) -> Language {
        match &self.command {
            Command::Suppress(suppress) => suppress.lang,
            Command::Check(check) => check.lang,
            Command::Verify(verify) => verify.lang,
            Command::Explain(explain) => explain.lang,
            Command::Log(LogCommand::Append(append)) => append.lang,
            Command::Log(LogCommand::Verify(verify)) => verify.lang,
        }
    }
}
