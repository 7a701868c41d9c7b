//! Attacker: the operator of the store, or a crash.
//! Input: a kind (first byte), then a segment, a frame's payload or a part of a run.
//! Property: no panic; a frame gives back its payload; one spelling; no byte is left unread.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::journal);
