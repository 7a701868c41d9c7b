//! Attacker: whoever brings a share to a recovery, and may have signed it.
//! Input: an envelope before its signature, a typed text, or a file (the first byte says which).
//! Property: no panic; what is read can be typed, and is then read the same.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::escrow_share);
