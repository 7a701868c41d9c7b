//! Attacker: whoever hands somebody an identity file (a thief, a mail, a memory stick).
//! Input: the bytes of the file, plain or sealed by a passphrase.
//! Property: no panic; nothing is allocated or computed that its parameters only claim.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::identity);
