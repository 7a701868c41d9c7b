//! Attacker: whoever hands over a consent receipt.
//! Input: its JSON.
//! Property: no panic; what is read can be written and is then read the same.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::consent_json);
