//! `import`: a table of rows, added once however often it is imported.

use std::path::Path;

use serde_json::{Value, json};

use crate::args;
use crate::failure::{Exit, Failure};
use crate::import::decode::Found;
use crate::import::load::{Limits, Loader, Mode};
use crate::import::map::Map;
use crate::import::plan::Plan;
use crate::import::table::{Shape, Table};
use crate::import::tally::Tally;
use crate::import::{Problem, Reason};
use crate::labels;
use crate::messages::text;
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: &args::Import) -> Result<(), Failure> {
    let map = args.map.as_deref().map(Map::read).transpose()?.unwrap_or_default();
    let (found, shape) = look(session, &args.file, &map)?;
    let mut table = Table::open(&args.file, found, shape)?;
    let mode = if args.dry_run { Mode::DryRun } else { Mode::Write };
    // A dry run asks whether exact values are there: that somebody asked is logged, too.
    let vault = session.open(Tell::News)?;
    let schema = vault.schema();
    schema.record_type(&args.record_type)?;
    let plan = Plan::new(&schema, &args.record_type, map)?;
    let limits = Limits { mode, rows_in_batch: usize::from(args.batch) };
    let mut loader = Loader::new(&vault, plan, limits);
    if shape != Shape::Lines {
        bind(&mut loader, &table)?;
    }
    let outcome = load(session, &args.file, &mut table, &mut loader);
    let tally = loader.tally;
    report(session, &schema, &tally, found, mode)?;
    outcome?;
    vault.close()?;
    if tally.failed > 0 { Err(Failure::Said(Exit::Failed)) } else { Ok(()) }
}

/// The encoding and shape that the map names, else those that the file shows.
fn look(session: &Session, file: &Path, map: &Map) -> Result<(Found, Shape), Failure> {
    let found = match &map.encoding {
        Some(name) => Found::named(name).ok_or(Failure::own("map-bad-encoding"))?,
        None => Found::detect(file)?,
    };
    if found.guessed {
        session.output.say(&text!(session.messages, "import-guessed", encoding = found.name()));
    }
    let shape = match map.delimiter.map(u8::try_from) {
        Some(Ok(delimiter)) => Shape::Csv { delimiter },
        Some(Err(_)) => return Err(Failure::own("map-bad-delimiter")),
        None => Shape::detect(file, found)?,
    };
    Ok((found, shape))
}

/// Every column must have a place, and every column of the map a column.
fn bind(loader: &mut Loader<'_>, table: &Table) -> Result<(), Failure> {
    // An unknown header is named by its number: in a file without headers it is data.
    let unknown: Vec<_> =
        loader.bind(&table.headers)?.iter().map(|index| (index + 1).to_string()).collect();
    if !unknown.is_empty() {
        return Err(Failure::own("table-unknown-columns").with("numbers", unknown.join(", ")));
    }
    let absent = loader.absent();
    if !absent.is_empty() {
        return Err(Failure::own("table-absent-columns").with("names", absent.join(", ")));
    }
    Ok(())
}

fn load(
    session: &Session,
    file: &Path,
    table: &mut Table,
    loader: &mut Loader<'_>,
) -> Result<(), Failure> {
    let total = file.metadata().map_err(|error| Failure::io(&error, Some(file)))?.len();
    let bar = Progress::new(total, session.bars(), "progress-import", &session.messages);
    while let Some(row) = table.next_row()? {
        loader.bind(&table.headers)?;
        loader.take(row)?;
        if loader.tally.rows.is_multiple_of(100) {
            bar.at(table.position(), total);
            let rows = loader.tally.rows;
            let rate = bar.rate(rows);
            bar.note(text!(session.messages, "progress-rows", rows = rows, rate = rate));
        }
    }
    loader.flush()
}

fn report(
    session: &Session,
    schema: &amparo::Schema,
    tally: &Tally,
    found: Found,
    mode: Mode,
) -> Result<(), Failure> {
    let (messages, say) = (&session.messages, |words: String| {
        session.output.say(&words);
    });
    for problem in &tally.problems {
        say(line(session, problem));
    }
    let shown: std::collections::BTreeSet<u64> = tally.problems.iter().map(|p| p.row).collect();
    let more = tally.failed.saturating_sub(shown.len() as u64);
    if more > 0 {
        say(text!(messages, "import-more-problems", rows = more));
    }
    for ((kind, field, warning), count) in &tally.unusual {
        let label = schema
            .record_type(kind)
            .and_then(|kind| kind.field(field))
            .map_or(field.as_str(), |field| labels::of_field(field, session.lang()));
        let words = text!(messages, &format!("warning-{}", warning.code()), field = label);
        say(text!(messages, "import-unusual", words = words, count = *count));
    }
    let (rows, added) = (tally.rows, tally.added);
    let id = if mode == Mode::DryRun { "import-would" } else { "import-done" };
    say(text!(
        messages,
        id,
        rows = rows,
        added = added,
        skipped = tally.skipped,
        failed = tally.failed
    ));
    for (kind, count) in &tally.records {
        let label =
            schema.record_type(kind).map_or(kind.as_str(), |k| labels::of_type(k, session.lang()));
        say(format!("  {label}: {count}"));
    }
    if !session.output.is_json() {
        return Ok(());
    }
    let problems = tally.problems.iter().map(|problem| {
        let Reason(reason) = problem.reason;
        json!({
            "row": problem.row,
            "line": problem.line,
            "column": problem.column,
            "reason": reason.trim_start_matches("reason-").trim_start_matches("error-"),
        })
    });
    let problems: Vec<Value> = problems.collect();
    session.output.json(&json!({
        "dry_run": mode == Mode::DryRun,
        "encoding": found.name().to_ascii_lowercase(),
        "rows": tally.rows,
        "added": tally.added,
        "skipped": tally.skipped,
        "failed": tally.failed,
        "records": tally.records,
        "problems": problems,
    }))
}

fn line(session: &Session, problem: &Problem) -> String {
    let messages = &session.messages;
    let Reason(id) = problem.reason;
    let place = match &problem.column {
        Some(column) => text!(
            messages,
            "import-cell",
            row = problem.row,
            line = problem.line,
            column = column.as_str(),
        ),
        None => text!(messages, "import-row", row = problem.row, line = problem.line),
    };
    format!("{place}: {}", text!(messages, id))
}
