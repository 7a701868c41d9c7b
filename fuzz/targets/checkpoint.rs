//! Attacker: whoever hands over a checkpoint that they say a partner kept.
//! Input: a signed note, or one with a proof that it continues another.
//! Property: no panic; what parses is written back the same.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::checkpoint);
