//! What leaves is decided once more, and noted in the ledger of whose data it is.

use std::collections::BTreeSet;

use crate::consent::{Datum, DisclosureTerms, ExportReceipt, Policy, Request, decide};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::vault::consents::bad;
use crate::vault::ledger::{Book, Entry};
use crate::vault::{Live, Vault};

impl Vault {
    /// Decides once more what is to leave of each person, and records that it left; with the
    /// receipt of an export if it is one. Of up to 500 people it is one commit.
    pub(super) fn disclose(
        &self,
        to: RecordId,
        asked: &[(RecordId, Vec<Request>)],
        export: Option<&ExportReceipt>,
    ) -> Result<Vec<RecordId>> {
        self.ensure_writable()?;
        let mut writer = self.writer();
        let mut ids = Vec::with_capacity(asked.len());
        for some in asked.chunks(MAX_PEOPLE) {
            let live = self.live();
            let policy = self.policy_now(&live)?;
            let mut ledgers = Vec::with_capacity(some.len());
            for (person, requests) in some {
                let mut book = self.book(&live, *person, &policy)?;
                let entry =
                    self.disclosure(&live, &policy, &mut book, (to, requests.as_slice(), export))?;
                ledgers.push((*person, book.last, vec![entry]));
            }
            drop(live);
            ids.extend(self.append_all(&mut writer, ledgers)?);
        }
        Ok(ids)
    }

    fn disclosure(
        &self,
        live: &Live,
        policy: &Policy,
        book: &mut Book,
        (to, requests, export): (RecordId, &[Request], Option<&ExportReceipt>),
    ) -> Result<Entry> {
        let first = requests.first().ok_or_else(|| bad("nothing was disclosed"))?;
        for who in [first.recipient.who, first.recipient.id].into_iter().flatten() {
            book.ledger.blocks.extend(self.known_block(live, who)?);
        }
        let now = self.now(live);
        let (mut under, mut fields) = (BTreeSet::new(), BTreeSet::new());
        for request in requests {
            let decision = decide(request, &book.ledger, policy, now);
            let Datum { record_type, field, .. } = request.data.clone();
            fields.insert(format!("{record_type}.{field}"));
            if !decision.is_permit() {
                return Err(Error::new(ErrorKind::Refused, "consent does not permit it")
                    .at(Place::Field { record_type, field }));
            }
            under.extend(decision.cited.iter().map(|cited| cited.of));
        }
        Ok(Entry::Disclosure(DisclosureTerms {
            purpose: first.purpose.clone(),
            recipient: to,
            received_by: first.recipient.clone(),
            under,
            fields,
            export: export.cloned(),
        }))
    }
}

/// Most ledgers that one commit adds to: each is a new record and a parent's list.
const MAX_PEOPLE: usize = 500;
