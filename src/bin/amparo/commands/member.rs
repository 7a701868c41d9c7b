//! `member`: who may open what.

use std::fmt::Write;
use std::path::Path;

use amparo::MemberCard;
use serde_json::{Value, json};

use crate::args;
use crate::commands::reseal;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, command: &args::Member) -> Result<(), Failure> {
    match command {
        args::Member::Add { name, card, role, second } => {
            add(session, (name, card, role), second.as_deref())
        }
        args::Member::Remove { name, second } => remove(session, name, second.as_deref()),
        args::Member::List => list(session),
    }
}

fn add(
    session: &Session,
    (name, card, role): (&str, &str, &str),
    second: Option<&Path>,
) -> Result<(), Failure> {
    let card: MemberCard = card.parse()?;
    let vault = session.open(Tell::News)?;
    if vault.schema().role(role).is_none() {
        let roles: Vec<_> = vault.schema().roles().iter().map(|role| role.name.clone()).collect();
        return Err(Failure::own("unknown-role").with("roles", roles.join(", ")));
    }
    let id = match second {
        Some(second) => {
            vault.add_member_cosigned(name, &card, role, &session.unlock(second)?)?.to_string()
        }
        None => vault.add_member(name, &card, role)?.to_string(),
    };
    vault.close()?;
    session.output.data(&json!({ "id": id }), || id.clone())
}

/// New keys at once; then all is sealed again, which `reseal` goes on with if it is stopped.
fn remove(session: &Session, name: &str, second: Option<&Path>) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    match second {
        Some(second) => vault.remove_member_cosigned(name, &session.unlock(second)?)?,
        None => vault.remove_member(name)?,
    }
    session.output.say(&text!(session.messages, "member-removed"));
    session.output.say(&text!(session.messages, "member-removed-copied"));
    let records = reseal::all(session, &vault)?;
    vault.close()?;
    session.output.data(&json!({ "removed": name, "resealed": records }), String::new)
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
