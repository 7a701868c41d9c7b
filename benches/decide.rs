//! How long does one decision take?
//!
//! `cargo bench --bench decide -- [events]`: 200 events by default, eight to a consent, of which
//! half are for the purpose that is asked about. Prints its parameters with its figures.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a program that measures may stop at the first error"
)]

use std::hint::black_box;
use std::time::Instant;

use amparo::{
    Action, Birth, Channel, Consent, Datum, Event, Grant, Identifiability, Ledger, Means, Party,
    Policy, Recipient, RecipientKind, RecipientRef, RecordId, Request, Shape, Speaker, Subject,
    Timestamp, What, decide,
};

const EVENTS_OF_A_CONSENT: usize = 8;
const RUNS: usize = 20_000;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let events: usize = arguments.next().map_or(200, |text| text.parse().unwrap());
    let policy = Policy::peru().unwrap();
    let ledger = history(events);
    let request = request();
    let now = hour(10_000);
    assert!(decide(&request, &ledger, &policy, now).is_permit());

    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(decide(black_box(&request), &ledger, &policy, now));
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{events} events of {} consents: median {:.1} us, 99 % {:.1} us of {RUNS} decisions",
        ledger.consents.len(),
        times[RUNS / 2],
        times[RUNS * 99 / 100],
    );
}

fn hour(n: usize) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + i64::try_from(n).unwrap() * 3600).unwrap()
}

/// A girl of 10, her guardian and she agreeing and refusing in turn, and agreeing in the end.
fn history(events: usize) -> Ledger {
    let whats = [What::Requested, What::Dissented, What::Deferred, What::AssentGiven];
    let mut consents: Vec<Consent> = Vec::new();
    for n in 0..events {
        if n % EVENTS_OF_A_CONSENT == 0 {
            let purpose = ["legal_proceedings", "services"][consents.len() % 2];
            let recipient = RecipientRef::Kind(RecipientKind::Prosecutor);
            let terms = Grant::new(purpose, recipient, hour(100_000)).category("account");
            consents.push(Consent { id: id(n, 1), terms, events: Vec::new() });
        }
        let party = [Party::Subject, Party::Guardian][n % 2];
        let event = Event {
            what: whats[n / 2 % whats.len()].clone(),
            said_at: hour(n),
            by: Speaker::new(party).known_as(id(n % 2, 3)),
            means: Means::new(Channel::OralWitnessed).witnessed_by("somebody"),
        };
        consents.last_mut().unwrap().events.push((id(n, 2), event));
    }
    let subject =
        Subject { birth: Birth::On("2016-01-01".parse().unwrap()), needs_interpreter: false };
    Ledger {
        subject,
        consents,
        blocks: vec![],
        unknown: Default::default(),
        overrides: vec![],
        disclosures: vec![],
    }
}

fn id(n: usize, kind: u8) -> RecordId {
    let mut bytes = [kind; 16];
    bytes[..8].copy_from_slice(&(n as u64).to_le_bytes());
    RecordId::from_bytes(bytes)
}

fn request() -> Request {
    Request {
        purpose: "legal_proceedings".to_owned(),
        recipient: Recipient::of_kind(RecipientKind::Prosecutor),
        data: Datum {
            record_type: "incident".to_owned(),
            field: "protection_concerns".to_owned(),
            category: "account".to_owned(),
            sensitivity: "special".to_owned(),
            shape: Shape::Plain,
        },
        action: Action::Export,
        identifiability: Identifiability::Identified,
    }
}
