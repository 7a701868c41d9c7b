//! Attacker: the operator of the store, who can write any row.
//! Input: the bytes of a record's row, each section in it parsed as well.
//! Property: no panic; what parses is written back byte for byte: one spelling.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::sealed_record);
