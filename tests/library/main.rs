//! Tests that see the library as an embedder does, and the sources as a reader does.

#![cfg(feature = "sled")]

mod damage;
mod faulty;
mod kill;
mod layers;
mod office;
mod secrets;
