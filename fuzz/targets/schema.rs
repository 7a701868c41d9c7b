//! Attacker: whoever hands an administrator a schema.
//! Input: its TOML source.
//! Property: no panic; what parses is kept byte for byte and succeeds itself.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::schema);
