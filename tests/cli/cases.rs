//! Cases that are data: what is typed, and what is printed.

use std::path::PathBuf;

#[test]
fn what_is_printed_is_as_written_down() {
    trycmd::TestCases::new()
        .register_bin("amparo", PathBuf::from(env!("CARGO_BIN_EXE_amparo")))
        .env("LANG", "C")
        .case("tests/cli/cmd/**/*.trycmd");
}
