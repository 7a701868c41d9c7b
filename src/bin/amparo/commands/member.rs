//! `member`: who may open what.

use std::fmt::Write;

use amparo::MemberCard;
use serde_json::{Value, json};

use crate::args;
use crate::failure::Failure;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, command: &args::Member) -> Result<(), Failure> {
    match command {
        args::Member::Add { name, card, role } => add(session, name, card, role),
        args::Member::List => list(session),
    }
}

fn add(session: &Session, name: &str, card: &str, role: &str) -> Result<(), Failure> {
    let card: MemberCard = card.parse()?;
    let vault = session.open(Tell::News)?;
    if vault.schema().role(role).is_none() {
        let roles: Vec<_> = vault.schema().roles().iter().map(|role| role.name.clone()).collect();
        return Err(Failure::own("unknown-role").with("roles", roles.join(", ")));
    }
    let id = vault.add_member(name, &card, role)?.to_string();
    vault.close()?;
    session.output.data(&json!({ "id": id }), || id.clone())
}

fn list(session: &Session) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let members = vault.members();
    let document: Vec<Value> = members
        .iter()
        .map(|member| {
            json!({
                "id": member.id.to_string(),
                "name": member.name,
                "role": member.role,
                "added": member.added.to_string(),
            })
        })
        .collect();
    vault.close()?;
    session.output.data(&document, || {
        let mut text = String::new();
        for member in &members {
            let _ = writeln!(
                text,
                "{}  {:20}  {}  {}",
                member.id, member.role, member.added, member.name
            );
        }
        text
    })
}
