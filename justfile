# The one list of commands. `just` alone shows it; none of them needs `just`.

default:
    @just --list

# What must pass before a change goes in; the README's test command is its first stage.
test:
    cargo test

# Everything that decides whether the tree is green.
ci:
    .ci/run

# Formatting, lints and docs, warnings denied.
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo clippy --no-default-features --lib -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# Licences, advisories, sources and bans of the dependency tree.
deny:
    cargo deny check

# Kill -9 at 300 instants, and the table of what was lost.
kill:
    cargo test --test library -- --exact kill::nothing_acknowledged_is_lost --nocapture

# One fuzz target: its seeds, then mutations of them, for this many seconds.
fuzz target seconds="10":
    cd fuzz && cargo run --bin {{target}} -- --seconds {{seconds}}

# Replays one file through one fuzz target.
replay target file:
    cd fuzz && cargo run --bin {{target}} -- {{absolute_path(file)}}

# Writes the fuzz seeds anew, from real vaults.
seeds:
    cd fuzz && cargo run --bin seeds

# How fast the store is, and a decision.
bench:
    cargo bench --bench store
    cargo bench --bench decide

# A vault of invented cases.
demo:
    cargo run --release -- demo
