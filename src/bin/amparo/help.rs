//! Help and usage errors in the user's language.
//!
//! Every command has a message `cmd-<path>`, every argument an attribute of it. Clap's own error
//! texts quote what was typed, and what was typed may be a survivor's name: they are replaced.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};

use crate::args::Arguments;
use crate::failure::Exit;
use crate::messages::{Messages, text};
use crate::output::{Format, Output, say};

/// The whole command tree with its help texts.
pub(crate) fn command(messages: &Messages) -> Command {
    localise(Arguments::command(), "cmd-amparo", messages)
}

fn localise(command: Command, id: &str, messages: &Messages) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
        text!(messages, "help-usage"),
    );
    let (options, positionals) =
        (text!(messages, "help-options"), text!(messages, "help-arguments"));
    let mut command = command
        .about(text!(messages, id))
        .help_template(template)
        .subcommand_help_heading(text!(messages, "help-commands"))
        .subcommand_value_name(text!(messages, "help-command"));
    if let Some(after) = messages.attribute(id, "after-help") {
        command = command.after_help(after);
    }
    let mut order = 100;
    command = command.mut_args(|arg| {
        let help = argument_help(&arg, id, messages);
        let heading = if arg.is_positional() { &positionals } else { &options };
        let valued = arg.get_action().takes_values();
        // What every command takes comes after what this one takes.
        order += 1;
        let arg = if arg.is_global_set() { arg.display_order(order) } else { arg };
        arg.help(help)
            .help_heading(heading.clone())
            .hide_possible_values(valued)
            .hide_default_value(valued)
    });
    command.mut_subcommands(|sub| {
        let path = format!("{id}-{}", sub.get_name()).replacen("cmd-amparo-", "cmd-", 1);
        localise(sub, &path, messages)
    })
}

fn argument_help(arg: &Arg, id: &str, messages: &Messages) -> String {
    let name = arg.get_id().as_str();
    let own = messages.attribute(id, name);
    own.or_else(|| messages.attribute("cmd-amparo", name)).unwrap_or_default()
}

/// Prints what was asked for, or says what is wrong with what was typed.
pub(crate) fn answer(error: &clap::Error, messages: &Messages) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let page = error.render().to_string();
            match Output::new(Format::Text).text(page.trim_end()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(failure) => failure.report(messages),
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            say(error.render().to_string().trim_end());
            ExitCode::from(Exit::Usage as u8)
        }
        kind => {
            say(&format!("error: {}", describe(kind, error, messages)));
            if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
                let usage = usage.to_string();
                let usage = usage.split_once(':').map_or(usage.as_str(), |(_, usage)| usage);
                say(&format!("{} {}", text!(messages, "help-usage"), usage.trim()));
            }
            say(&format!("hint: {}", text!(messages, "hint-usage")));
            ExitCode::from(Exit::Usage as u8)
        }
    }
}

fn describe(kind: ErrorKind, error: &clap::Error, messages: &Messages) -> String {
    // Names of arguments come from the command tree, except where the argument is unknown.
    let known = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(name)) => name.clone(),
        Some(ContextValue::Strings(names)) => names.join(", "),
        _ => String::new(),
    };
    match kind {
        ErrorKind::UnknownArgument => match error.get(ContextKind::SuggestedArg) {
            Some(ContextValue::String(name)) => {
                text!(messages, "usage-unknown-argument-near", argument = name.as_str())
            }
            _ => text!(messages, "usage-unknown-argument"),
        },
        ErrorKind::InvalidSubcommand => text!(messages, "usage-unknown-command"),
        ErrorKind::MissingSubcommand => text!(messages, "usage-missing-command"),
        ErrorKind::MissingRequiredArgument => {
            text!(messages, "usage-missing-argument", argument = known)
        }
        ErrorKind::ArgumentConflict => text!(messages, "usage-conflict", argument = known),
        _ => text!(messages, "usage-invalid-value", argument = known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Lang;

    fn check(command: &Command) {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(!about.is_empty() && !about.starts_with("cmd-"), "no help: {}", command.get_name());
        for arg in command.get_arguments() {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty(), "no help: {} {}", command.get_name(), arg.get_id());
        }
        command.get_subcommands().for_each(check);
    }

    #[test]
    fn every_command_and_argument_has_help_in_both_languages() {
        for lang in [Lang::Es, Lang::En] {
            let messages = Messages::new(lang);
            let command = command(&messages);
            command.clone().debug_assert();
            check(&command);
        }
    }
}
