//! Rows of a CSV or JSON lines file, one at a time, each of bounded length.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use amparo::SecretText;
use zeroize::Zeroizing;

use super::Reason;
use super::decode::{Decoded, Found};
use crate::entry::{Entered, Object};
use crate::failure::Failure;

/// A file of rows.
pub(crate) struct Table {
    rows: Rows,
    /// Headers in order; JSON lines add to them as they come.
    pub(crate) headers: Vec<String>,
    number: u64,
    budget: Rc<Cell<u64>>,
    position: Rc<Cell<u64>>,
}

/// A row: cells by the index of their header, or why it cannot be read.
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) line: u64,
    pub(crate) cells: Result<Vec<(usize, Entered)>, Reason>,
}

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    Csv { delimiter: u8 },
    Lines,
}

type Text = BufReader<Budget<Decoded<Counted<File>>>>;

enum Rows {
    Csv(Box<csv::Reader<Text>>, csv::StringRecord),
    Lines(Text, u64),
}

impl Shape {
    /// Looks at the first line: an object is JSON lines, else the commonest delimiter outside
    /// of quotes.
    pub(crate) fn detect(path: &Path, found: Found) -> Result<Self, Failure> {
        let failed = |error| Failure::io(&error, Some(path));
        let file = File::open(path).map_err(failed)?;
        let mut head = Zeroizing::new(Vec::new());
        let decoded = Decoded::new(file, found.encoding);
        BufReader::new(decoded).take(MAX_ROW).read_until(b'\n', &mut head).map_err(failed)?;
        if head.trim_ascii_start().first() == Some(&b'{') {
            return Ok(Self::Lines);
        }
        let mut quoted = false;
        let mut counts = DELIMITERS.map(|delimiter| (delimiter, 0_usize));
        for byte in head.iter() {
            quoted ^= *byte == b'"';
            if !quoted && let Some((_, count)) = counts.iter_mut().find(|(known, _)| known == byte)
            {
                *count += 1;
            }
        }
        // The first of equals: a file of one column has no delimiter at all.
        let best = counts.iter().rev().max_by_key(|(_, count)| *count);
        Ok(Self::Csv { delimiter: best.map_or(b',', |(delimiter, _)| *delimiter) })
    }
}

impl Table {
    pub(crate) fn open(path: &Path, found: Found, shape: Shape) -> Result<Self, Failure> {
        let failed = |error| Failure::io(&error, Some(path));
        let file = File::open(path).map_err(failed)?;
        let budget = Rc::new(Cell::new(2 * MAX_ROW));
        let position = Rc::new(Cell::new(0));
        let counted = Counted { inner: file, position: Rc::clone(&position) };
        let decoded = Decoded::new(counted, found.encoding);
        let text = BufReader::new(Budget { inner: decoded, left: Rc::clone(&budget) });
        let mut headers = Vec::new();
        let rows = match shape {
            Shape::Lines => Rows::Lines(text, 0),
            Shape::Csv { delimiter } => {
                let mut reader = csv::ReaderBuilder::new()
                    .delimiter(delimiter)
                    .flexible(true)
                    .has_headers(true)
                    .from_reader(text);
                let names = reader.headers().map_err(|_| Failure::own("table-no-header"))?;
                headers.extend(names.iter().map(|name| name.trim().to_owned()));
                Rows::Csv(Box::new(reader), csv::StringRecord::new())
            }
        };
        if headers.len() > MAX_COLUMNS {
            return Err(Failure::own("table-too-wide"));
        }
        Ok(Self { rows, headers, number: 0, budget, position })
    }

    /// Bytes of the file read so far.
    pub(crate) fn position(&self) -> u64 {
        self.position.get()
    }

    /// The next row, if there is one.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        self.budget.set(2 * MAX_ROW);
        self.number += 1;
        let number = self.number;
        let broken = |kind: io::ErrorKind| match kind {
            io::ErrorKind::FileTooLarge => Failure::own("table-row-too-long").with("row", number),
            io::ErrorKind::InvalidData => Failure::own("table-bad-text").with("row", number),
            kind => Failure::io(&kind.into(), None),
        };
        match &mut self.rows {
            Rows::Csv(reader, record) => {
                // A parser's error quotes what it read: only its kind is kept.
                let more = reader.read_record(record).map_err(|error| {
                    broken(match error.kind() {
                        csv::ErrorKind::Io(error) => error.kind(),
                        _ => io::ErrorKind::InvalidData,
                    })
                })?;
                let line = record.position().map_or(0, csv::Position::line);
                let wide = record.len() != self.headers.len();
                let cells = if wide {
                    Err(Reason("reason-cell-count"))
                } else if record.iter().any(|cell| cell.len() > MAX_CELL) {
                    Err(Reason("reason-cell-too-long"))
                } else {
                    Ok(record.iter().map(|cell| Entered::Text(cell.into())).enumerate().collect())
                };
                Ok(more.then_some(Row { number, line, cells }))
            }
            Rows::Lines(reader, line) => loop {
                let mut text = Zeroizing::new(Vec::new());
                let mut bounded = Read::take(&mut *reader, MAX_ROW + 1);
                let read = bounded.read_until(b'\n', &mut text).map_err(|e| broken(e.kind()))?;
                if read == 0 {
                    return Ok(None);
                }
                *line += 1;
                if read as u64 > MAX_ROW {
                    return Err(broken(io::ErrorKind::FileTooLarge));
                }
                if text.trim_ascii().is_empty() {
                    continue;
                }
                let cells = object(&text, &mut self.headers);
                return Ok(Some(Row { number, line: *line, cells }));
            },
        }
    }
}

fn object(json: &[u8], headers: &mut Vec<String>) -> Result<Vec<(usize, Entered)>, Reason> {
    let Object(entries) = Object::parse(json).map_err(|_| Reason("reason-bad-json"))?;
    let mut cells = Vec::with_capacity(entries.len());
    for (name, value) in entries {
        let index = match headers.iter().position(|known| *known == name) {
            Some(index) => index,
            None if headers.len() >= MAX_COLUMNS => return Err(Reason("reason-too-many-columns")),
            None => {
                headers.push(name);
                headers.len() - 1
            }
        };
        let long = |text: &SecretText| text.expose().len() > MAX_CELL;
        let too_long = match &value {
            Entered::Empty => false,
            Entered::Text(text) => long(text),
            Entered::List(items) => items.iter().any(long),
        };
        if too_long {
            return Err(Reason("reason-cell-too-long"));
        }
        cells.push((index, value));
    }
    Ok(cells)
}

/// Stops a row that never ends, such as one with an open quote, before it fills the memory.
struct Budget<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(out)?;
        self.left.set(left.saturating_sub(read as u64));
        Ok(read)
    }
}

/// Tells the progress bar how far the file is read.
struct Counted<R> {
    inner: R,
    position: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.position.set(self.position.get() + read as u64);
        Ok(read)
    }
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const MAX_ROW: u64 = 1 << 20;
const MAX_CELL: usize = 64 << 10;
const MAX_COLUMNS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> (Shape, Vec<String>, Vec<Result<usize, Reason>>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("table");
        std::fs::write(&path, bytes).unwrap();
        let found = Found::detect(&path).ok().unwrap();
        let shape = Shape::detect(&path, found).ok().unwrap();
        let mut table = Table::open(&path, found, shape).ok().unwrap();
        let mut rows = Vec::new();
        while let Some(row) = table.next_row().ok().unwrap() {
            rows.push(row.cells.map(|cells| cells.len()));
        }
        (shape, table.headers, rows)
    }

    #[test]
    fn delimiters_are_found_outside_of_quotes() {
        let csv = |delimiter| Shape::Csv { delimiter };
        assert_eq!(rows(b"a,b\n1,2\n").0, csv(b','));
        assert_eq!(rows(b"\"a,b,c\";d\n1;2\n").0, csv(b';'));
        assert_eq!(rows(b"a\tb\n1\t2\n").0, csv(b'\t'));
        assert_eq!(rows(b"alone\n1\n").0, csv(b','));
        assert_eq!(rows(b"").2, []);
    }

    #[test]
    fn a_row_of_the_wrong_width_is_a_problem_of_that_row_only() {
        let (_, headers, rows) = rows(b"a,b\n1,2\n1\n1,2,3\n\"1\n1\",2\n");
        assert_eq!(headers, ["a", "b"]);
        let bad = Err(Reason("reason-cell-count"));
        assert_eq!(rows, [Ok(2), bad, bad, Ok(2)]);
    }

    #[test]
    fn json_lines_name_their_columns_as_they_come() {
        let (shape, headers, rows) =
            rows(b"{\"a\": 1}\n\n{\"b\": [\"x\"], \"a\": null}\n{nonsense\n");
        assert_eq!(shape, Shape::Lines);
        assert_eq!(headers, ["a", "b"]);
        assert_eq!(rows, [Ok(1), Ok(2), Err(Reason("reason-bad-json"))]);
    }

    #[test]
    fn an_open_quote_does_not_swallow_the_memory() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("table");
        let mut bytes = b"a,b\n\"".to_vec();
        bytes.resize(8 << 20, b'x');
        std::fs::write(&path, bytes).unwrap();
        let found = Found::detect(&path).ok().unwrap();
        let mut table = Table::open(&path, found, Shape::Csv { delimiter: b',' }).ok().unwrap();
        assert!(table.next_row().is_err());
        assert!(table.position() < 4 << 20);
    }
}
