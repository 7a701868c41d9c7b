//! Terms and events as extensions: what FHIR has no element for, and what permits nothing.

use crate::consent::event::{Event, What};
use crate::consent::grant::Grant;
use crate::consent::interchange::fhir::Within;
use crate::consent::interchange::fhir::element::{
    document, extension, identifier, moment, token, words,
};
use crate::consent::interchange::json::Node;
use crate::consent::interchange::{event_name, name_of};
use crate::consent::scope::{DataScope, Scope};
use crate::error::Result;
use crate::id::RecordId;

impl Within<'_> {
    pub(super) fn terms(&self, terms: &Grant) -> Result<Node> {
        let Grant { scope, identifiability, conditions, until } = terms;
        let conditions = conditions.iter().map(|one| code("condition", one.code()));
        let parts = self
            .scope(scope)
            .into_iter()
            .chain(conditions)
            .chain([code("identifiability", identifiability.code())])
            .chain([extension("until", "valueDateTime", moment(*until)?)]);
        Ok(Node::new().with("url", TERMS).list("extension", parts))
    }

    /// One event; `by` is the reference to whoever spoke.
    pub(super) fn event(&self, id: RecordId, event: &Event, by: Node) -> Result<Node> {
        let Event { what, said_at, by: speaker, means } = event;
        let text = |url: &str, text: Option<&str>| {
            text.and_then(words).map(|text| extension(url, "valueString", text))
        };
        let mut parts = vec![
            extension("identifier", "valueIdentifier", identifier(event_name(id))),
            code("what", what.code().code()),
            extension("saidAt", "valueDateTime", moment(*said_at)?),
            extension("by", "valueReference", by),
            code("party", speaker.party.code()),
            code("authority", speaker.authority.code()),
            code("channel", means.channel.code()),
        ];
        parts.extend(text("language", means.language.as_deref()));
        parts.extend(text("interpreter", means.interpreter()));
        parts.extend(means.witnesses().filter_map(|name| text("witness", Some(name))));
        let files = |url, digests: &mut dyn Iterator<Item = _>| -> Vec<Node> {
            digests.map(|digest| extension(url, "valueReference", document(digest))).collect()
        };
        parts.extend(files("notice", &mut means.notice.into_iter()));
        parts.extend(files("evidence", &mut means.evidence.iter().copied()));
        match what {
            What::Renewed { until } => {
                parts.push(extension("until", "valueDateTime", moment(*until)?));
            }
            What::Restricted { part } | What::Withdrawn { part: Some(part) } => {
                let part = self.scope(part);
                // A part that names nothing has no extension to stand in.
                parts.push(if part.is_empty() {
                    code("part", "nothing")
                } else {
                    Node::new().with("url", "part").list("extension", part)
                });
            }
            What::Superseded { by } => {
                parts.push(extension("replacedBy", "valueIdentifier", identifier(name_of(*by))));
            }
            _ => {}
        }
        Ok(Node::new().with("url", EVENT).list("extension", parts))
    }

    fn scope(&self, scope: &Scope) -> Vec<Node> {
        let Scope { purposes, recipients, data, actions } = scope;
        let mut parts: Vec<Node> = purposes.iter().map(|name| code("purpose", name)).collect();
        parts.extend(
            recipients
                .iter()
                .map(|named| extension("recipient", "valueReference", self.recipient(named))),
        );
        match data {
            DataScope::Everything => parts.push(code("data", "everything")),
            DataScope::Only { categories, fields } => {
                parts.extend(categories.iter().map(|name| code("category", name)));
                parts.extend(fields.iter().map(|name| code("field", name)));
            }
        }
        parts.extend(actions.iter().map(|action| code("action", action.code())));
        parts
    }
}

fn code(url: &str, code: &str) -> Node {
    extension(url, "valueCode", token(code))
}

const EVENT: &str = "urn:amparo:ns:event";
const TERMS: &str = "urn:amparo:ns:terms";
