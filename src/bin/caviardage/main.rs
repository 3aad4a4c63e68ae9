//! The `caviardage` command: arguments in, bytes out.

mod arguments;
mod check;
mod output;
mod progress;
mod report;
mod run;
mod trails;
mod words;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for; anything else is a mistake of usage. A closed terminal hears neither.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    let words = words::Words::new(arguments.language());
    match run::run(&arguments, &words) {
        Ok(code) => code,
        Err(failure) => {
            output::tell(&failure.words(&words));
            failure.code()
        }
    }
}
