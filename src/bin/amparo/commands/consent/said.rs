//! Who said it, how, and when: the flags that every statement takes.

use std::fs::File;
use std::path::Path;

use amparo::{Digest, Means, Policy, Speaker, Statement};

use super::code;
use super::moment::day_or_moment;
use crate::args;
use crate::commands::record::parse_id;
use crate::failure::Failure;

pub(super) fn statement(policy: &Policy, said: &args::Said) -> Result<Statement, Failure> {
    let mut speaker = Speaker::new(code(&said.by)?);
    if let Some(authority) = &said.authority {
        speaker = speaker.with_authority(code(authority)?);
    }
    if let Some(who) = &said.who {
        speaker = speaker.known_as(parse_id(who)?);
    }
    if let Some(name) = &said.name {
        speaker = speaker.named(name);
    }
    let mut means = Means::new(code(&said.mode)?);
    if let Some(tag) = &said.language {
        means = means.in_language(tag);
    }
    if let Some(name) = &said.interpreter {
        means = means.interpreted_by(name);
    }
    for name in &said.witnesses {
        means = means.witnessed_by(name);
    }
    if let Some(file) = &said.notice {
        means = means.on_notice(digest(file)?);
    }
    for file in &said.evidence {
        means = means.shown_by(digest(file)?);
    }
    let statement = Statement::by(speaker.party).from(speaker).through(means);
    Ok(match &said.at {
        Some(at) => statement.at(day_or_moment(policy, at)?),
        None => statement,
    })
}

fn digest(path: &Path) -> Result<Digest, Failure> {
    let file = File::open(path).map_err(|error| Failure::io(&error, Some(path)))?;
    Digest::of(file).map_err(Failure::from)
}
