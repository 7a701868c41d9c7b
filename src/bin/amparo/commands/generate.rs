//! `generate`: manual pages and shell completions.

use std::path::Path;

use crate::args;
use crate::commands::identity::write_new;
use crate::failure::Failure;
use crate::help;
use crate::session::Session;

pub(super) fn run(session: &Session, command: &args::Generate) -> Result<(), Failure> {
    let mut tree = help::command(&session.messages);
    tree.build();
    match command {
        args::Generate::Man { out: None } => session.output.bytes(&page(tree)?),
        args::Generate::Man { out: Some(dir) } => pages(&tree, dir),
        args::Generate::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut tree, "amparo", &mut script);
            session.output.bytes(&script)
        }
    }
}

fn page(command: clap::Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(|error| Failure::io(&error, None))?;
    Ok(page)
}

/// One page for the program and one for each command.
fn pages(command: &clap::Command, dir: &Path) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    write_new(&dir.join(format!("{name}.1")), &page(command.clone())?)?;
    command.get_subcommands().try_for_each(|sub| pages(sub, dir))
}
