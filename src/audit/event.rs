//! The log for people: what each leaf says, with the names that the reader may know.

use std::collections::BTreeSet;
use std::fmt;

use crate::audit::{Act, ErasureReason, Holding};
use crate::id::RecordId;
use crate::language::{Language, Phrase};
use crate::time::Timestamp;

crate::consent::codes::codes! {
    /// What was done.
    AuditAct {
        /// The vault was made.
        Created = "created",
        /// Records were added.
        Added = "added",
        /// A record was changed.
        Edited = "edited",
        /// Records were erased.
        Erased = "erased",
        /// Somebody was admitted, or the roster changed in another way.
        RosterChanged = "roster_changed",
        /// The schema changed.
        SchemaChanged = "schema_changed",
        /// The policy changed.
        PolicyChanged = "policy_changed",
        /// Somebody left or the escrow was replaced, and the keys with it.
        Rotated = "rotated",
        /// Records were sealed again under the newest keys.
        Resealed = "resealed",
        /// The older keys were retired.
        Retired = "retired",
        /// The vault was restored from a backup.
        Restored = "restored",
        /// A record was changed, and what it was before was erased.
        Rectified = "rectified",
        /// A backup was begun, finished or destroyed.
        BackupsChanged = "backups_changed",
        /// A quorum proved that it would recover.
        Drilled = "drilled",
        /// A legal hold was laid on a record.
        Held = "held",
        /// A legal hold was lifted.
        Released = "released",
        /// A file was attached to a record.
        Attached = "attached",
        /// A file of a record changed hands.
        HandedOver = "handed_over",
        /// What a person agrees to was recorded.
        Consented = "consented",
        /// A text was approved for export, or a field released for one.
        Reviewed = "reviewed",
        /// An override of consent was asked for or approved.
        Overridden = "overridden",
        /// Data was handed over.
        Disclosed = "disclosed",
        /// The vault was opened.
        Unlocked = "unlocked",
        /// Records were read.
        Read = "read",
    }

    /// What became of a record.
    AuditTouch {
        /// It was written.
        Written = "written",
        /// What stands under it changed.
        Listed = "listed",
        /// It was read.
        Read = "read",
        /// It was erased.
        Erased = "erased",
    }
}

impl From<Act> for AuditAct {
    fn from(act: Act) -> Self {
        match act {
            Act::Created => Self::Created,
            Act::Added => Self::Added,
            Act::Edited => Self::Edited,
            Act::Erased(_) => Self::Erased,
            Act::RosterChanged => Self::RosterChanged,
            Act::SchemaChanged => Self::SchemaChanged,
            Act::PolicyChanged => Self::PolicyChanged,
            Act::Rotated => Self::Rotated,
            Act::Resealed => Self::Resealed,
            Act::Retired => Self::Retired,
            Act::Restored => Self::Restored,
            Act::Rectified => Self::Rectified,
            Act::BackupsChanged => Self::BackupsChanged,
            Act::Drilled => Self::Drilled,
            Act::Held(Holding::Laid) => Self::Held,
            Act::Held(Holding::Lifted) => Self::Released,
            Act::Attached => Self::Attached,
            Act::HandedOver => Self::HandedOver,
            Act::Consented => Self::Consented,
            Act::Reviewed => Self::Reviewed,
            Act::Overridden => Self::Overridden,
            Act::Disclosed => Self::Disclosed,
            Act::Unlocked(_) => Self::Unlocked,
            Act::Read => Self::Read,
        }
    }
}

impl AuditAct {
    /// The act in a few words.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        language.of(match self {
            Self::Created => Phrase("Se creó la bóveda", "The vault was made"),
            Self::Added => Phrase("Se registró", "Recorded"),
            Self::Edited => Phrase("Se modificó", "Changed"),
            Self::Erased => Phrase("Se borró", "Erased"),
            Self::RosterChanged => Phrase("Cambiaron los integrantes", "The members changed"),
            Self::SchemaChanged => Phrase("Cambió el esquema", "The schema changed"),
            Self::PolicyChanged => Phrase("Cambió la política", "The policy changed"),
            Self::Rotated => Phrase("Se cambiaron las llaves", "The keys were replaced"),
            Self::Resealed => Phrase("Se selló de nuevo", "Sealed again"),
            Self::Retired => {
                Phrase("Se retiraron las llaves antiguas", "The older keys were retired")
            }
            Self::Restored => {
                Phrase("Se restauró desde una copia", "The vault was restored from a backup")
            }
            Self::Rectified => Phrase(
                "Se corrigió y se borró lo anterior",
                "Corrected, and what it was before erased",
            ),
            Self::BackupsChanged => {
                Phrase("Cambiaron las copias de respaldo", "The backups changed")
            }
            Self::Drilled => Phrase("Se ensayó la recuperación", "A recovery was rehearsed"),
            Self::Held => Phrase("Se ordenó conservar", "A legal hold was laid"),
            Self::Released => Phrase("Se levantó la orden de conservar", "A legal hold was lifted"),
            Self::Attached => Phrase("Se adjuntó un archivo", "A file was attached"),
            Self::HandedOver => Phrase("Un archivo cambió de manos", "A file changed hands"),
            Self::Consented => {
                Phrase("Se anotó lo que la persona decidió", "What the person decided was noted")
            }
            Self::Reviewed => Phrase("Se revisó para una entrega", "Reviewed for a disclosure"),
            Self::Overridden => {
                Phrase("Se pidió o aprobó una excepción", "An override was asked for or approved")
            }
            Self::Disclosed => Phrase("Se entregaron datos", "Data was handed over"),
            Self::Unlocked => Phrase("Se abrió la bóveda", "The vault was opened"),
            Self::Read => Phrase("Se leyó", "Read"),
        })
    }
}

/// A record that an act touched.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct AuditRecord {
    /// The record, if it is still there.
    pub id: Option<RecordId>,
    /// Its place in the vault, which stays when it is gone.
    pub slot: u64,
    /// Its type, if it is still there; of an attached file `@file.` and the type of its record.
    pub record_type: Option<String>,
    /// What became of it.
    pub touch: AuditTouch,
    /// The revision that was written; 0 if none was.
    pub revision: u32,
    /// The compartments that were written or opened.
    pub compartments: Vec<String>,
}

/// Data that was handed over, as the ledger of consent has it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditGiven {
    /// For which purpose, a code of the policy.
    pub purpose: String,
    /// To whom: the name in the list of recipients.
    pub recipient: String,
    /// The fields, as `record_type.field`.
    pub fields: BTreeSet<String>,
    /// The export by which they left, if it was one.
    pub export: Option<String>,
    /// Whether that export was left open, sealed to nobody.
    pub left_open: bool,
    /// Whether a list of what its labels stand for went out too.
    pub reference: bool,
}

impl fmt::Debug for AuditGiven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditGiven(..)")
    }
}

/// An attached file that changed hands, as it was noted and signed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditHandOver {
    /// The file, if this role may know which.
    pub file: Option<RecordId>,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// When, if that was not when it was noted.
    pub when: Option<Timestamp>,
    /// For what.
    pub why: Option<String>,
}

impl fmt::Debug for AuditHandOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditHandOver(..)")
    }
}

/// An entry of the log, for people.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditEvent {
    /// Its place in the log, from 0.
    pub leaf: u64,
    /// When.
    pub at: Timestamp,
    /// The name of the member who signed it; `escrow` for a quorum of custodians.
    pub by: String,
    /// The member's role then.
    pub role: String,
    /// What was done.
    pub act: AuditAct,
    /// Why something was erased.
    pub reason: Option<ErasureReason>,
    /// How often somebody failed to unlock the vault before, as far as it was noted.
    pub failed_unlocks: u32,
    /// The records that it touched.
    pub records: Vec<AuditRecord>,
    /// What was handed over, as far as this role may know it.
    pub given: Vec<AuditGiven>,
    /// The files that changed hands, as far as this role may know it.
    pub handed: Vec<AuditHandOver>,
    /// Why consent was overridden, or a legal hold laid or lifted, in the words of who did it, as
    /// far as this role may know it.
    pub why: Option<String>,
    /// Whether what it added to a ledger or a chain of custody is damaged, and so is not told
    /// here.
    pub unreadable: bool,
}

impl fmt::Debug for AuditEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditEvent({}, {})", self.leaf, self.act)
    }
}
