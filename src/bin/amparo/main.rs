#![allow(missing_docs, reason = "scaffold")]
fn main() {}
