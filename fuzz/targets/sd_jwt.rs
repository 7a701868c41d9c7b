//! Attacker: whoever hands over an export, and may have signed it.
//! Input: its text, the part that is signed, or a disclosure (the first byte says which).
//! Property: no panic; what verifies can be presented whole, as the same text.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::sd_jwt);
