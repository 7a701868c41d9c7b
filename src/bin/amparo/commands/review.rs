//! `review`: free texts and attached files are looked through by people before they leave.

use std::fmt::Write;
use std::path::Path;

use amparo::{
    Clock, Digest, RecipientRef, RecordId, ReviewSpan, ReviewState, SystemClock, TextReview,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::args;
use crate::commands::attach::attachment_id;
use crate::commands::consent::recipient_of;
use crate::failure::Failure;
use crate::messages::text;
use crate::output::misleads;
use crate::progress::Progress;
use crate::session::{Session, Tell, read_text};

pub(super) fn run(session: &Session, command: &args::Review) -> Result<(), Failure> {
    match command {
        args::Review::List { id } => list(session, id.as_deref()),
        args::Review::Show { id, field } => show(session, id.parse()?, field),
        args::Review::Approve { id, field, spans } => approve(session, id.parse()?, field, spans),
        args::Review::ApproveFile { id } => approve_file(session, id),
        args::Review::Retract { id, field } => retract(session, id, field.as_deref()),
        args::Review::Release { id, field, purpose, to, until } => {
            release(session, (id.parse()?, field), (purpose, to), until.as_deref())
        }
    }
}

/// What `show` prints and `approve` reads: which text it is about, and what of it is hidden.
#[derive(Serialize, Deserialize)]
struct Spans {
    /// Binds the spans to the very text that was read.
    text: Digest,
    spans: Vec<ReviewSpan>,
}

fn list(session: &Session, id: Option<&str>) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let roots: Vec<RecordId> = match id {
        Some(id) => vec![id.parse()?],
        None => vault.list("case", None, usize::MAX)?,
    };
    let bar =
        Progress::new(roots.len() as u64, session.bars(), "progress-review", &session.messages);
    let (mut found, mut files) = (Vec::new(), Vec::new());
    for (at, root) in roots.iter().enumerate() {
        found.extend(vault.reviews(*root)?);
        files.extend(vault.file_reviews(*root)?);
        bar.at(at as u64 + 1, roots.len() as u64);
    }
    drop(bar);
    vault.close()?;
    let texts = found.iter().map(
        |(id, field, state)| serde_json::json!({ "id": id, "field": field, "state": state.code() }),
    );
    let of_files = files.iter().map(|(id, record, state)| {
        serde_json::json!({ "id": id, "file_of": record, "state": state.code() })
    });
    let document: Vec<_> = texts.chain(of_files).collect();
    session.output.data(&document, || {
        let mut page = String::new();
        for (id, field, state) in &found {
            let words = words(session, *state);
            let _ = writeln!(page, "{id}  {field:32}  {words}");
        }
        for (id, record, state) in &files {
            let words = words(session, *state);
            let record = record.to_string();
            let of = text!(session.messages, "review-file-of", record = record.as_str());
            let _ = writeln!(page, "{id}  {of}  {words}");
        }
        page
    })
}

fn show(session: &Session, id: RecordId, field: &str) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let review = vault.review(id, field)?;
    vault.close()?;
    let document = serde_json::json!({
        "id": id,
        "field": review.field,
        "state": review.state.code(),
        "content": review.text.expose(),
        "text": review.digest,
        "spans": review.proposed,
    });
    session.output.data(&document, || marked(&review))?;
    if !session.output.is_json() {
        session.output.say(&text!(session.messages, "review-read-all"));
        let state = words(session, review.state);
        session.output.say(&text!(session.messages, "review-state", words = state));
    }
    Ok(())
}

/// The text with what is proposed to hide in brackets, and then the spans as `approve` reads them.
fn marked(review: &TextReview) -> String {
    let mut page = String::new();
    let mut spans = review.proposed.iter().peekable();
    for (at, c) in review.text.expose().chars().enumerate() {
        if spans.peek().is_some_and(|span| span.start == at) {
            page.push_str("[[");
        }
        // Shown as something that stands there: spans count it.
        page.push(if c != '\n' && misleads(c) { '\u{fffd}' } else { c });
        if let Some(span) = spans.next_if(|span| span.end == at + 1) {
            let _ = write!(page, "|{}]]", span.kind);
        }
    }
    let spans = Spans { text: review.digest, spans: review.proposed.clone() };
    let _ = write!(page, "\n\n{}", serde_json::to_string(&spans).unwrap_or_default());
    page
}

fn approve(session: &Session, id: RecordId, field: &str, file: &Path) -> Result<(), Failure> {
    let source = read_text(file, MAX_SPANS)?;
    // A parser quotes what it read: only the place is kept.
    let spans: Spans = serde_json::from_str(&source).map_err(|error| {
        Failure::own("bad-json").with("line", error.line()).with("column", error.column())
    })?;
    let vault = session.open(Tell::News)?;
    let approval = vault.approve_text(id, field, spans.text, &spans.spans)?;
    let state = vault.review(id, field)?.state;
    vault.close()?;
    let said = words(session, state);
    session.output.say(&text!(session.messages, "review-state", words = said));
    let document = serde_json::json!({ "id": approval, "state": state.code() });
    session.output.data(&document, || approval.to_string())
}

fn approve_file(session: &Session, id: &str) -> Result<(), Failure> {
    let id = attachment_id(id)?;
    let vault = session.open(Tell::News)?;
    let approval = vault.approve_file(id)?;
    let record = vault.attachment(id)?.record;
    let states = vault.file_reviews(record)?;
    vault.close()?;
    let state = states.iter().find(|(one, ..)| *one == id);
    let state = state.map_or(ReviewState::Unread, |(.., state)| *state);
    let said = words(session, state);
    session.output.say(&text!(session.messages, "review-state", words = said));
    let document = serde_json::json!({ "id": approval, "state": state.code() });
    session.output.data(&document, || approval.to_string())
}

fn retract(session: &Session, id: &str, field: Option<&str>) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let retraction = match field {
        Some(field) => vault.retract_review(id.parse()?, field)?,
        None => vault.retract_file_review(attachment_id(id)?)?,
    };
    vault.close()?;
    session.output.say(&text!(session.messages, "review-retracted"));
    let document = serde_json::json!({ "id": retraction });
    session.output.data(&document, || retraction.to_string())
}

fn release(
    session: &Session,
    (id, field): (RecordId, &str),
    (purpose, to): (&str, &str),
    until: Option<&str>,
) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let RecipientRef::Recipient(recipient) = recipient_of(&vault, to)? else {
        return Err(Failure::own("error-not-found"));
    };
    let until = match until {
        Some(until) => until.parse()?,
        None => Timestamp::from_second(SystemClock.now().as_second() + 86_400)?,
    };
    let release = vault.release(id, field, (purpose, recipient), until)?;
    vault.close()?;
    let until = until.to_string();
    session.output.say(&text!(session.messages, "review-released", until = until.as_str()));
    let document = serde_json::json!({ "id": release, "until": until });
    session.output.data(&document, || release.to_string())
}

fn words(session: &Session, state: ReviewState) -> String {
    let id = match state {
        ReviewState::Approved => "review-approved",
        ReviewState::NeedsSecondReader => "review-second",
        _ => "review-unread",
    };
    text!(session.messages, id)
}

const MAX_SPANS: u64 = 1 << 20;
