//! The command line of Amparo. It uses the library's public API and nothing else; every word
//! that a person sees comes from `i18n/`.

use std::process::ExitCode;

mod args;
mod commands;
mod demo;
mod entry;
mod failure;
mod help;
mod import;
mod labels;
mod messages;
mod output;
mod progress;
mod session;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    match commands::Hurry::asked(&args) {
        Some(hurry) => hurry.run(&args),
        None => session::run(args),
    }
}
