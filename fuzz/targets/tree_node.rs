//! Attacker: a former member with the keys, who can seal a node of their own making.
//! Input: a level (first byte), then a node as it is before sealing.
//! Property: no panic; what parses is written back byte for byte: one spelling.

#![cfg_attr(feature = "libfuzzer", no_main)]

amparo_fuzz::target!(amparo::fuzzing::tree_node);
