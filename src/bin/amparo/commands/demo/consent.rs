//! The demo's consents: a mother, a girl, and a prosecutor who would like the file.

use std::fmt::Write;
use std::path::Path;

use amparo::{
    Channel, Date, FieldValue, Grant, Identity, Means, Party, RecipientEntry, RecipientKind,
    RecipientRef, RecordId, Statement, Timestamp, Vault,
};

use crate::commands::identity::write_new;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::Session;

/// What came of it: the girl, and whether her name may go to the prosecutor at last.
pub(super) struct Heard {
    pub(super) girl: RecordId,
    pub(super) permitted: bool,
}

pub(super) fn story(
    session: &Session,
    page: &mut String,
    vault: &Vault,
    dir: &Path,
) -> Result<Heard, Failure> {
    let messages = &session.messages;
    let prosecutor = Identity::generate()?;
    write_new(&dir.join("prosecutor.key"), prosecutor.to_plain().expose().as_bytes())?;
    let entry = RecipientEntry {
        name: PROSECUTOR.to_owned(),
        kind: RecipientKind::Prosecutor,
        organisation: None,
        age_recipient: prosecutor.card().recipient(),
    };
    let to = RecipientRef::Recipient(vault.add_recipient(&entry)?);
    let girl = girl(vault)?;
    let consents = vault.consents(girl)?;
    let until = Timestamp::from_second(consents.now().as_second() + YEAR)?;
    let request = vault.request(PURPOSE, &to, "person.given_names")?;
    let _ = writeln!(page, "\n{}", text!(messages, "demo-consent", to = PROSECUTOR));
    let mut permitted = false;
    let aloud = Means::new(Channel::OralWitnessed).witnessed_by("Testigo Inventado");
    let steps = [
        ("demo-consent-before", None),
        ("demo-consent-mother", Some(Statement::by(Party::Guardian).through(aloud))),
        ("demo-consent-girl", Some(Statement::by(Party::Subject))),
    ];
    for (id, said) in steps {
        if let Some(said) = said {
            consents.give(Grant::new(PURPOSE, to.clone(), until), &said)?;
        }
        let decision = consents.decide(&request)?;
        permitted = decision.is_permit();
        let effect = text!(messages, &format!("effect-{}", decision.effect));
        let reason = format!("reason-{}", decision.reason).replace('_', "-");
        let line = text!(
            messages,
            "demo-consent-step",
            step = text!(messages, id),
            effect = effect,
            reason = text!(messages, &reason)
        );
        let _ = writeln!(page, "  {line}");
    }
    Ok(Heard { girl, permitted })
}

/// A girl who is old enough to be asked and too young to decide alone.
fn girl(vault: &Vault) -> Result<RecordId, Failure> {
    let (oldest, youngest) = (Date::new(2012, 1, 1)?, Date::new(2018, 1, 1)?);
    for id in vault.list("person", None, usize::MAX)? {
        let person = vault.read_fields(id, &["birth_date"])?;
        if let Some(FieldValue::Date(born)) = person.field("birth_date")
            && (oldest..youngest).contains(born)
        {
            return Ok(id);
        }
    }
    Err(Failure::own("error-not-found"))
}

pub(super) const PROSECUTOR: &str = "Fiscalía de Prueba";
pub(super) const PURPOSE: &str = "legal_proceedings";
const YEAR: i64 = 365 * 86_400;
