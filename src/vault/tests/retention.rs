//! What is due, what is not, and what nobody can say.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::tamper::Rigged;
use super::*;
use crate::schema::DueBecause;
use crate::time::Date;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A vault of many cases, each kept until a day that is known here, or until no day.
struct Archive {
    _office: Office,
    vault: Vault,
    kept: BTreeMap<RecordId, Option<Date>>,
}

fn archive() -> &'static Archive {
    static ARCHIVE: OnceLock<Archive> = OnceLock::new();
    ARCHIVE.get_or_init(|| {
        let office = Office::new();
        let vault = office.create();
        // Days in no order, some of them twice.
        let until = |n: u32| match n % 7 {
            0 => None,
            _ => Some(day("2030-01-01").days_later(n * 7919 % 50).unwrap()),
        };
        let drafts = (0..70).map(|n| {
            let draft = case(&format!("HCO-{n:04}"));
            match until(n) {
                Some(until) => draft.set("retention_until", until.to_string()),
                None => draft,
            }
        });
        let ids = vault.add_all(drafts.collect()).unwrap();
        let kept = ids.into_iter().zip((0..70).map(until)).collect();
        Archive { _office: office, vault, kept }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_that_is_due_is_listed_and_nothing_else(after in 0_u32..60, limit in 0_usize..80) {
        let archive = archive();
        let on = day("2029-12-27").days_later(after).unwrap();
        let found = archive.vault.due_for_erasure(on, limit, &mut |_| ()).unwrap();
        let mut due: Vec<_> = archive
            .kept
            .iter()
            .filter_map(|(id, until)| Some((until.filter(|until| *until < on)?, *id)))
            .collect();
        due.sort_unstable();
        prop_assert_eq!(found.more, due.len().saturating_sub(limit) as u64);
        prop_assert_eq!((found.undated, found.sealed, found.damaged), (10, 0, 0));
        let listed: Vec<_> = found.due.iter().map(|due| (due.on, due.record)).collect();
        due.truncate(limit);
        let due: Vec<_> =
            due.into_iter().map(|(until, id)| (until.days_later(1).unwrap(), id)).collect();
        prop_assert_eq!(listed, due);
    }
}

/// Years count from a date in another compartment than the record's home.
const SCHEMA: &str = r#"name = "archive"
version = 1
[[compartment]]
name = "case"
es = "Caso"
en = "Case"
[[compartment]]
name = "legal"
es = "Legal"
en = "Legal"
[[role]]
name = "director"
es = "Directora"
en = "Director"
compartments = ["case", "legal"]
administers = true
[[role]]
name = "clerk"
es = "Archivo"
en = "Clerk"
compartments = ["case"]
[[sensitivity]]
name = "plain"
es = "Simple"
en = "Plain"
[[type]]
name = "file"
es = "Expediente"
en = "File"
home = "case"
retention = { until = "until", years = 20, from = "closed" }
fields = [
  { name = "closed", kind = "date", compartment = "legal", sensitivity = "plain", es = "Cierre", en = "Closed" },
  { name = "until", kind = "date", compartment = "case", sensitivity = "plain", es = "Hasta", en = "Until" },
]
[[type]]
name = "page"
es = "Hoja"
en = "Page"
parent = "file"
home = "case"
complete = true
fields = [
  { name = "read", kind = "date", compartment = "case", sensitivity = "plain", es = "Leída", en = "Read" },
]
"#;

#[test]
fn a_rule_counts_years_and_what_a_role_does_not_open_is_counted() {
    let office = Office::new();
    let schema = Schema::parse(SCHEMA).unwrap();
    let vault = VaultOptions::new().create(office.path(), &schema, &office.director).unwrap();
    let file = || RecordDraft::new("file");
    let by_rule = vault.add(file().set("closed", "2000-03-01")).unwrap();
    let both = file().set("closed", "2000-03-01").set("until", "2019-12-31");
    let by_field = vault.add(both).unwrap();
    let longer = file().set("closed", "2000-03-01").set("until", "2050-12-31");
    vault.add(longer).unwrap();
    vault.add(file()).unwrap();
    let page = vault.add(RecordDraft::new("page").under(by_rule)).unwrap();
    let clerk = Identity::generate().unwrap();
    vault.add_member("Ana Ficticia", &clerk.card(), "clerk").unwrap();
    let due = |vault: &Vault, on| vault.due_for_erasure(day(on), 10, &mut |_| ()).unwrap();

    assert_eq!(due(&vault, "2020-03-01").due.len(), 1, "the last day is not over");
    let found = due(&vault, "2020-03-02");
    assert_eq!((found.more, found.undated, found.sealed, found.damaged), (0, 1, 0, 0));
    let listed = |n: usize| (found.due[n].record, found.due[n].on.to_string());
    assert_eq!(listed(0), (by_field, "2020-01-01".to_owned()));
    assert_eq!(listed(1), (by_rule, "2020-03-02".to_owned()));
    assert_eq!(found.due[0].because, DueBecause::Field("until".to_owned()));
    assert!(matches!(&found.due[1].because, DueBecause::Rule(rule) if rule.years == 20));
    assert_eq!((found.due[0].held, found.due[1].held), (None, None));

    // A hold on a page keeps the file.
    vault.hold(page, "Carpeta 1-2026").unwrap();
    let held = due(&vault, "2020-03-02").due;
    assert_eq!((held[0].held, held[1].held), (None, Some(page)));
    drop(vault);
    let vault = VaultOptions::new().open(office.path(), &clerk).unwrap();
    let found = due(&vault, "2020-03-02");
    assert_eq!(found.due.iter().map(|due| due.record).collect::<Vec<_>>(), [by_field]);
    assert_eq!((found.sealed, found.undated), (2, 0));
}

#[test]
fn only_one_type_of_a_branch_has_a_retention() {
    let nested = SCHEMA
        .replace("complete = true", "complete = true\nretention = { years = 1, from = \"read\" }");
    assert_eq!(Schema::parse(&nested).unwrap_err().kind(), ErrorKind::BadSchema);
    for (good, bad) in [
        ("years = 20, from = \"closed\"", "years = 20"),
        ("years = 20, from = \"closed\"", "from = \"closed\""),
        ("years = 20", "years = 0"),
        ("years = 20", "years = 201"),
        ("from = \"closed\"", "from = \"canary\""),
        ("until = \"until\", years = 20, from = \"closed\"", ""),
    ] {
        let source = SCHEMA.replace(good, bad);
        assert_ne!(source, SCHEMA);
        assert_eq!(Schema::parse(&source).unwrap_err().kind(), ErrorKind::BadSchema, "{bad}");
    }
}

#[test]
fn what_is_damaged_is_counted_and_does_not_hide_the_rest() {
    let (rigged, vault) = Rigged::new();
    let old = |code| case(code).set("retention_until", "2020-01-01");
    let ids = vault.add_all(vec![old("HCO-0001"), old("HCO-0002")]).unwrap();
    drop(vault);
    rigged.set(&record_row(&ids[0]), None);
    let vault = rigged.open().unwrap();
    let found = vault.due_for_erasure(day("2026-01-01"), 10, &mut |_| ()).unwrap();
    assert_eq!((found.due.len(), found.damaged), (1, 1));
    assert_eq!(found.due[0].record, ids[1]);
}
