//! What is permitted, and what of it is not.
//!
//! Within a provision an element that is left out stands for everything. So one that permits
//! names all of purpose, recipient, data and action, or is not written.

use std::collections::BTreeSet;

use crate::consent::codes::{Action, Identifiability};
use crate::consent::grant::Grant;
use crate::consent::interchange::fhir::Within;
use crate::consent::interchange::fhir::element::{
    coding, concept, extension, period, token, words,
};
use crate::consent::interchange::fhir::state::State;
use crate::consent::interchange::json::Node;
use crate::consent::scope::{DataScope, RecipientRef, Scope};
use crate::error::Result;

impl Within<'_> {
    /// The permission of a consent that is in force.
    pub(super) fn provision(&self, terms: &Grant, state: &State<'_>) -> Result<Option<Node>> {
        let Grant { scope, identifiability, conditions, .. } = terms;
        if !state.permits || scope.actions.is_empty() || names_nothing(scope) {
            return Ok(None);
        }
        // Who does not know a restriction must not use the permission.
        let conditions = conditions
            .iter()
            .map(|condition| extension(CONDITION, "valueCode", condition.code()))
            .collect::<Vec<_>>();
        let coded = (*identifiability < Identifiability::Identified)
            .then(|| extension(IDENTIFIABILITY, "valueCode", identifiability.code()));
        let without = state.without.iter().filter(|part| !names_nothing(part));
        let period = state.period.map(|(start, end)| period(start, end)).transpose()?;
        let provision = self
            .about(Node::new(), scope)
            .list("modifierExtension", conditions.into_iter().chain(coded))
            .maybe("period", period)
            .list("provision", without.map(|part| self.about(Node::new(), part)));
        Ok(Some(provision))
    }

    fn about(&self, node: Node, scope: &Scope) -> Node {
        let Scope { purposes, recipients, data, actions } = scope;
        let codes = match data {
            DataScope::Everything => Vec::new(),
            DataScope::Only { categories, fields } => {
                let code = |system, name: &String| concept([coding(system, &token(name))]);
                let categories = categories.iter().map(|name| code(CATEGORY, name));
                categories.chain(fields.iter().map(|name| code(FIELD, name))).collect()
            }
        };
        node.list("actor", self.actors(recipients))
            .list("action", actions.iter().map(|one| action(*one)))
            .list("purpose", purposes.iter().map(|code| self.purpose(code)))
            .list("code", codes)
    }

    fn actors(&self, recipients: &BTreeSet<RecipientRef>) -> impl Iterator<Item = Node> {
        recipients.iter().map(|named| {
            Node::new()
                .with("role", concept([coding(PARTICIPATION, "IRCP")]))
                .with("reference", self.recipient(named))
        })
    }

    /// HL7's nearest code with ours beside it; ours alone where the policy knows none.
    fn purpose(&self, code: &str) -> Node {
        let known = self.policy.purpose(code).ok();
        let own = coding(PURPOSE, &token(code))
            .maybe("display", known.and_then(|purpose| words(&purpose.es)));
        match known.filter(|purpose| is_act_reason(&purpose.fhir)) {
            Some(purpose) => coding(ACT_REASON, &purpose.fhir)
                .list("extension", [extension(PURPOSE, "valueCoding", own)]),
            None => own,
        }
    }
}

/// Whether a scope bears on no request whatever.
fn names_nothing(scope: &Scope) -> bool {
    let data = match &scope.data {
        DataScope::Everything => false,
        DataScope::Only { categories, fields } => categories.is_empty() && fields.is_empty(),
    };
    data || scope.purposes.is_empty() || scope.recipients.is_empty()
}

fn action(one: Action) -> Node {
    let near = match one {
        Action::View => "access",
        Action::Share | Action::Export | Action::Publish => "disclose",
        Action::Contact | Action::Aggregate => "use",
    };
    concept([coding(CONSENT_ACTION, near), coding(ACTION, one.code())])
}

fn is_act_reason(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const CONSENT_ACTION: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ACTION: &str = "urn:amparo:ns:action";
const CATEGORY: &str = "urn:amparo:ns:category";
const CONDITION: &str = "urn:amparo:ns:condition";
const FIELD: &str = "urn:amparo:ns:field";
const IDENTIFIABILITY: &str = "urn:amparo:ns:identifiability";
const PURPOSE: &str = "urn:amparo:ns:purpose";
