//! Fuzz targets that are plain programs on stable Rust, and libFuzzer's with that feature.

mod mutate;
mod runner;

#[cfg(feature = "libfuzzer")]
pub use libfuzzer_sys;
pub use runner::run;

/// Makes a program of a function over bytes.
#[macro_export]
macro_rules! target {
    ($door:path) => {
        #[cfg(feature = "libfuzzer")]
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| $door(data));

        #[cfg(not(feature = "libfuzzer"))]
        fn main() -> std::process::ExitCode {
            $crate::run(env!("CARGO_BIN_NAME"), $door)
        }
    };
}
