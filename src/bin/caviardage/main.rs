//! The `caviardage` command: arguments in, bytes out.

mod arguments;
mod output;
mod run;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let words = words::Words::new(arguments.language());
    match run::run(&arguments, &words) {
        Ok(code) => code,
        Err(failure) => {
            output::tell(&failure.words(&words));
            failure.code()
        }
    }
}
