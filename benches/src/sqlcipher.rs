//! SQLCipher 4 through rusqlite: a column for each field, a table of search words, WAL with
//! `synchronous = FULL`, a raw key, so that its key derivation does not count, and a page cache
//! of 64 MiB (the default of 2 MB makes it slower).

use std::path::Path;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, params, params_from_iter};

use crate::engine::Engine;
use crate::sample::{FIELDS, NOTE_FIELDS, ONE_FIELD, Sample, Value, Word};

pub struct SqlCipher {
    db: Connection,
    with_notes: i64,
}

const KEY: &str = "PRAGMA key = \"x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'\";";

pub fn open(folder: &Path) -> Box<dyn Engine> {
    let db = Connection::open(folder.join("db")).unwrap();
    db.execute_batch(KEY).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
         PRAGMA foreign_keys = ON;",
    )
    .unwrap();
    let columns = |fields: &[&str]| fields.join(", ");
    db.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS file (id INTEGER PRIMARY KEY, revision INTEGER, {});
         CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, revision INTEGER,
           file INTEGER REFERENCES file(id), {});
         CREATE INDEX IF NOT EXISTS note_file ON note(file);
         CREATE TABLE IF NOT EXISTS word (field INTEGER, kind INTEGER, text TEXT, record INTEGER,
           PRIMARY KEY (field, kind, text, record)) WITHOUT ROWID;",
        columns(&FIELDS),
        columns(&NOTE_FIELDS),
    ))
    .unwrap();
    db.set_prepared_statement_cache_capacity(64);
    Box::new(SqlCipher { db, with_notes: 0 })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Integer(number) => number.to_sql(),
        }
    }
}

fn add_words(db: &Connection, words: &[Word], record: i64) {
    let mut insert = db.prepare_cached("INSERT INTO word VALUES (?, ?, ?, ?)").unwrap();
    for word in words {
        insert.execute(params![word.field, word.kind, word.text, record]).unwrap();
    }
}

fn insert(table: &str, columns: usize) -> String {
    format!("INSERT INTO {table} VALUES (NULL, 1{})", ", ?".repeat(columns))
}

impl Engine for SqlCipher {
    fn add(&mut self, files: &[Sample]) {
        let commit = self.db.transaction().unwrap();
        for file in files {
            let mut add = commit.prepare_cached(&insert("file", FIELDS.len())).unwrap();
            let record = add.insert(params_from_iter(&file.values)).unwrap();
            add_words(&commit, &file.words, record);
        }
        commit.commit().unwrap();
    }

    fn add_notes(&mut self, notes: &[Sample]) {
        let commit = self.db.transaction().unwrap();
        let file: i64 = commit.query_row("SELECT max(id) FROM file", [], |row| row.get(0)).unwrap();
        for note in notes {
            let mut add = commit.prepare_cached(&insert("note", NOTE_FIELDS.len() + 1)).unwrap();
            let parent = Value::Integer(file);
            let record = add.insert(params_from_iter(std::iter::once(&parent).chain(&note.values))).unwrap();
            add_words(&commit, &note.words, record);
        }
        commit.commit().unwrap();
        self.with_notes = file;
    }

    fn field(&mut self, record: usize) -> usize {
        let sql = const_str(&FIELDS[ONE_FIELD..=ONE_FIELD]);
        let mut select = self.db.prepare_cached(&sql).unwrap();
        let text: String = select.query_row([record as i64 + 1], |row| row.get(0)).unwrap();
        text.len()
    }

    fn case(&mut self) -> usize {
        let mut fields = 0;
        let mut read = |sql: &str, from: usize| {
            let mut select = self.db.prepare_cached(sql).unwrap();
            let mut rows = select.query([self.with_notes]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                for column in from..row.as_ref().column_count() {
                    let value: rusqlite::types::Value = row.get(column).unwrap();
                    fields += usize::from(value != rusqlite::types::Value::Null);
                }
            }
        };
        read("SELECT * FROM file WHERE id = ?", 2);
        read("SELECT * FROM note WHERE file = ?", 3);
        fields
    }

    fn find(&mut self, surname: &str) -> usize {
        let mut select = self
            .db
            .prepare_cached("SELECT f.paternal_surname FROM word w JOIN file f ON f.id = w.record WHERE w.field = 5 AND w.kind = 2 AND w.text = ?")
            .unwrap();
        let sound: String = surname.chars().filter(|c| !"aeiou".contains(*c)).collect();
        let rows = select.query_map([sound], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).count()
    }

    fn compact(&mut self) {
        self.db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    }
}

fn const_str(field: &[&str]) -> String {
    format!("SELECT {} FROM file WHERE id = ?", field.join(", "))
}
