//! Attacker: the operator of the store, who can write any row.
//! Input: the bytes of a roster's row.
//! Property: no panic; no length is believed before it is checked.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::roster);
