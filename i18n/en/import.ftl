### `import`: the map, the table, the rows.

import-guessed = notice: the file is not UTF-8; it is read as { $encoding }
import-done = { $rows } rows read: { $added } added, { $skipped } there already, { $failed } failed
import-would = { $rows } rows read, nothing written: { $added } would be added, { $skipped } are there already, { $failed } would fail
import-cell = row { $row } (line { $line }), column { $column }
import-row = row { $row } (line { $line })
import-more-problems = and problems in { $rows } more rows
import-unusual = { $words } (times: { $count })
progress-import = importing [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}msg{"}"}, {"{"}eta{"}"} left
progress-rows = rows: { $rows }, { $rate } a second

reason-cell-count = the row has more or fewer cells than the header
reason-cell-too-long = a cell is longer than allowed
reason-too-many-columns = there are too many columns
reason-bad-json = the line is not a JSON object of names and values
reason-unknown-column = there is a value in a column of which nothing is known
reason-date = not a date of the form expected
reason-moment = not a date and time of the form expected
reason-integer = not a whole number
reason-decimal = not a number
reason-boolean = neither yes nor no
reason-place = not a place code of six digits
reason-place-scheme = a place code without its scheme; the map's place_scheme says which
reason-parent-not-in-row = the row does not have the record that this one stands under
reason-parent-not-found = the record that this one stands under is not in the vault

encoding-unknown = The file is neither UTF-8 nor Windows-1252 text
hint-encoding-unknown = Save it as "CSV UTF-8", or name its encoding in the map
table-no-header = The file has no header
table-too-wide = The file has too many columns
table-row-too-long = Row { $row } is longer than allowed
hint-table-row-too-long = Look for a quotation mark that is not closed
table-bad-text = Row { $row } is not text in the encoding of the file
table-column-twice = Column { $number } has the name of an earlier one
table-unknown-columns = Nothing is known of these columns, counted from 1: { $numbers }
hint-table-unknown-columns = Name them in a map (--map) under columns or ignore; docs/import.md shows how
table-absent-columns = The map names columns that the file does not have: { $names }
map-unreadable = The map cannot be read (line { $line }, column { $column })
hint-map-unreadable = docs/import.md shows what a map looks like
map-both = A map has either [columns] or [[record]], not both
map-other-type = The map makes no record of the type { $kind }
map-unknown-type = The map names a record type that the schema does not have: { $kind }
map-type-twice = The map makes two records of the type { $kind } from one row
map-parent-after = The map names { $kind } as a parent before it is made
map-parent-no-key = { $kind } has no key to find a parent by
map-parent = A { $kind } stands under a { $parent }: the map must say which
hint-map-parent = parent = "TYPE" for a record of the same row, or parent = {"{"} type = "TYPE", key_column = "COLUMN" {"}"}
map-no-parent = A { $kind } stands under nothing
map-unknown-field = { $kind } has no field { $field }
map-field-twice = The field { $field } is filled twice
map-bad-template = The constant for { $field } has an open brace
map-bad-date-format = The date format for { $field } must hold DD, MM and YYYY, held apart
map-bad-place-scheme = The place scheme for { $field } must be inei or reniec
map-bad-encoding = The map names an encoding that is not known: utf-8, utf-16le, utf-16be or windows-1252
map-bad-delimiter = The delimiter must be a plain character
