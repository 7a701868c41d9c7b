//! Attacker: whoever had the disk on which a backup lay.
//! Input: a kind (first byte), then a backup, one whose hashes are made right, a list of what was
//! erased, or what a restore leaves for its end.
//! Property: no panic; rows in order, none twice; nothing is read past the end.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::backup_file);
