//! The custody file as a page: what the file is, who had it, what is proved and what is not.

mod words;

use crate::error::Result;
use crate::export::page::{Page, Part};
use crate::language::{Language, Phrase};
use crate::vault::attachments::Custody;
use crate::vault::attachments::statement::About;

pub(super) fn page(custody: &Custody, language: Language) -> Result<Vec<u8>> {
    let say = |phrase: Phrase| language.of(phrase).to_owned();
    let facts = custody.facts()?;
    let mut what = vec![
        (say(words::SHA256), facts.sha256.to_string()),
        (say(words::BLAKE3), facts.blake3.to_string()),
        (say(words::BYTES), facts.bytes.to_string()),
        (say(words::KIND), facts.kind.clone()),
        (say(words::MEDIA_TYPE), facts.media_type.clone()),
    ];
    let when = facts.collected_at.map(|at| at.to_string());
    for (label, value) in [
        (words::NAME, &facts.name),
        (words::COLLECTED_BY, &facts.collected_by),
        (words::COLLECTED_AT, &when),
        (words::COLLECTED_WHERE, &facts.collected_where),
        (words::NOTE, &facts.note),
    ] {
        what.extend(value.as_ref().map(|value| (say(label), value.clone())));
    }
    let mut parts = vec![Part::Heading(say(words::WHAT)), Part::Facts(what)];
    parts.push(Part::Heading(say(words::CHAIN)));
    for link in custody.statements() {
        let said = &link.statement;
        let mut lines = match &said.about {
            About::Attached(_) => vec![(say(words::ATTACHED_BY), said.name.clone())],
            About::HandedOver(one) => {
                let mut lines = vec![
                    (say(words::FROM), one.from.clone()),
                    (say(words::TO), one.to.clone()),
                    (say(words::RECORDED_BY), said.name.clone()),
                ];
                let when = one.when.map(|when| when.to_string());
                lines.extend(when.map(|when| (say(words::WHEN), when)));
                lines.extend(one.why.clone().map(|why| (say(words::WHY), why)));
                lines
            }
        };
        lines.push((say(words::SIGNED_AT), said.at.to_string()));
        lines.push((say(words::LEAF), said.leaf.to_string()));
        lines.push((say(words::KEY), said.key.to_string()));
        lines.push((say(words::SIGNATURE), link.signature.to_string()));
        parts.push(Part::Facts(lines));
    }
    parts.push(Part::Heading(say(words::LOG)));
    parts.push(Part::Facts(vec![
        (say(words::FINGERPRINT), custody.fingerprint()),
        (say(words::CHECKPOINT), custody.note().trim_end().replace('\n', " / ")),
        (say(words::CHECKPOINT_KEY), custody.checkpoint_key()),
    ]));
    parts.push(Part::Heading(say(words::PROVED)));
    parts.push(Part::List(words::ALL_PROVED.into_iter().map(say).collect()));
    parts.push(Part::Heading(say(words::NOT_PROVED)));
    parts.push(Part::List(words::ALL_NOT_PROVED.into_iter().map(say).collect()));
    let page = Page { title: say(words::TITLE), footer: say(words::FOOTER), parts };
    page.to_pdf(language)
}
