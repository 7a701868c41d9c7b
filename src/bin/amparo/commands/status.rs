//! `status`: what a vault says of itself.

use std::fmt::Write;

use serde_json::json;

use crate::failure::Failure;
use crate::messages::text;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session) -> Result<(), Failure> {
    let vault = session.open(Tell::Everything)?;
    let status = vault.status()?;
    let left = vault.left_to_reseal()?;
    let (role, compartments) = (vault.role(), vault.compartments());
    let notices: Vec<_> = vault.notices().iter().map(|notice| notice.code()).collect();
    let escrow = status.escrow.as_ref().map(|escrow| {
        json!({
            "epoch": escrow.epoch,
            "quorum": escrow.quorum,
            "custodians": escrow.custodians,
            "last_drill": escrow.last_drill.map(|at| at.to_string()),
            "drill_due": escrow.drill_due,
        })
    });
    let document = json!({
        "vault_id": status.vault_id,
        "fingerprint": status.fingerprint,
        "name": status.name,
        "records": status.records,
        "members": status.members,
        "escrow": escrow,
        "anchor_grade": status.anchor_grade,
        "log_size": status.log_size,
        "erase_epoch": status.erase_epoch,
        "key_epochs": status.key_epochs,
        "left_to_reseal": left,
        "recoverable_without_this_disk": status.recoverable_without_this_disk,
        "backup_due": status.backup_due,
        "schema": { "name": status.schema_name, "version": status.schema_version },
        "role": role,
        "compartments": compartments,
        "notices": notices,
    });
    vault.close()?;
    session.output.data(&document, || {
        let messages = &session.messages;
        let escrow = status.escrow.as_ref().map_or_else(
            || text!(messages, "status-no-escrow"),
            |escrow| {
                text!(
                    messages,
                    "status-escrow-is",
                    quorum = escrow.quorum,
                    custodians = escrow.custodians,
                )
            },
        );
        let mut rows = vec![
            ("status-name", status.name.clone()),
            ("status-vault", status.vault_id.clone()),
            ("status-fingerprint", status.fingerprint.clone()),
            ("status-schema", format!("{} {}", status.schema_name, status.schema_version)),
            ("status-records", status.records.to_string()),
            ("status-members", status.members.to_string()),
            ("status-role", role.clone()),
            ("status-compartments", compartments.join(", ")),
            ("status-escrow", escrow),
            ("status-anchor", status.anchor_grade.to_owned()),
            ("status-log", status.log_size.to_string()),
            ("status-erase-epoch", status.erase_epoch.to_string()),
        ];
        if let Some(escrow) = &status.escrow {
            let drill = match (escrow.last_drill, escrow.drill_due) {
                (None, _) => text!(messages, "status-drill-never"),
                (Some(at), true) => text!(messages, "status-drill-due", at = at.to_string()),
                (Some(at), false) => at.to_string(),
            };
            rows.push(("status-drill", drill));
        }
        let backup = match (status.recoverable_without_this_disk, status.backup_due) {
            (false, _) => "status-backup-none",
            (true, true) => "status-backup-due",
            (true, false) => "status-backup-fresh",
        };
        rows.push(("status-backup", text!(messages, backup)));
        if left > 0 {
            rows.push(("status-left", text!(messages, "status-left-is", records = left)));
        }
        table(rows.into_iter().map(|(id, value)| (text!(messages, id), value)))
    })
}

/// Two columns, the first as wide as its longest label.
pub(super) fn table(rows: impl IntoIterator<Item = (String, String)>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for (label, value) in rows {
        let _ = writeln!(text, "{label:width$}  {value}");
    }
    text
}
