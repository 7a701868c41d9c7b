//! Attacker: whoever hands a case worker a spreadsheet.
//! Input: a CSV or JSON lines file in any encoding.
//! Property: no panic; every row and column is within bounds; reading ends.

#![cfg_attr(feature = "libfuzzer", no_main)]

#[path = "../src/command_line.rs"]
mod command_line;
use command_line::{entry, failure, import};

amparo_fuzz::target!(import::read);
