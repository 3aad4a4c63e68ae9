//! Bytes out: files whole or not at all, never over an input; words to standard error.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use fluent_bundle::FluentArgs;

use crate::run::Failure;
use crate::words::Words;

/// What keeps a file from being read or written.
pub(crate) enum Trouble {
    NotText,
    System(io::Error),
}

impl Trouble {
    /// In words; in the system's own where it alone knows.
    pub(crate) fn words(&self, words: &Words) -> String {
        let id = match self {
            Trouble::NotText => "trouble-not-text",
            Trouble::System(error) => match error.kind() {
                io::ErrorKind::NotFound => "trouble-not-found",
                io::ErrorKind::PermissionDenied => "trouble-denied",
                io::ErrorKind::IsADirectory => "trouble-folder",
                io::ErrorKind::NotADirectory => "trouble-no-folder",
                io::ErrorKind::ReadOnlyFilesystem => "trouble-read-only",
                io::ErrorKind::StorageFull => "trouble-full",
                _ => return error.to_string(),
            },
        };
        words.say(id, &FluentArgs::new())
    }
}

/// Tells the person at the terminal. A closed standard error is nobody to tell.
pub(crate) fn tell(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::Unreadable(path.to_owned(), Trouble::System(error)))
}

/// Reads a file of text.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = read(path)?;
    String::from_utf8(bytes).map_err(|_| Failure::Unreadable(path.to_owned(), Trouble::NotText))
}

/// Two names for one file, even where it does not exist yet.
fn same_file(a: &Path, b: &Path) -> bool {
    let full = |p: &Path| {
        fs::canonicalize(p).ok().or_else(|| {
            let parent = p.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(fs::canonicalize(parent).ok()?.join(p.file_name()?))
        })
    };
    a == b || matches!((full(a), full(b)), (Some(a), Some(b)) if a == b)
}

/// Refuses outputs that are inputs, or each other.
pub(crate) fn check_apart(inputs: &[&Path], outputs: &[&Path]) -> Result<(), Failure> {
    for (number, output) in outputs.iter().enumerate() {
        let others = inputs.iter().chain(&outputs[..number]);
        if others.into_iter().any(|other| same_file(output, other)) {
            return Err(Failure::WouldOverwrite((*output).to_owned()));
        }
    }
    Ok(())
}

/// Writes every file beside its place first, then moves all into place.
///
/// The last of each entry says whether others may read the file, as far as the system's mask lets them.
pub(crate) fn write(files: &[(&Path, &[u8], bool)]) -> Result<(), Failure> {
    let fail = |path: &Path, error: io::Error| Failure::Unwritable(path.to_owned(), Trouble::System(error));
    let mut ready: Vec<(tempfile::NamedTempFile, PathBuf)> = Vec::new();
    for (path, bytes, open) in files {
        let folder = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".caviardage-");
        #[cfg(unix)]
        if *open {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        #[cfg(not(unix))]
        let _ = open;
        let mut file = builder.tempfile_in(folder).map_err(|error| fail(path, error))?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| fail(path, error))?;
        ready.push((file, (*path).to_owned()));
    }
    for (file, path) in ready {
        file.persist(&path).map_err(|error| fail(&path, error.error))?;
    }
    Ok(())
}

/// Writes to standard output.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|error| Failure::Unwritable(PathBuf::from("stdout"), Trouble::System(error)))
}
