//! Documents that are written, read back, damaged and held against the standards.

mod dpv;
mod fhir;
mod generated;
mod sample;
mod schema;

pub(super) use sample::{policy, sample};

#[test]
#[ignore = "writes the samples in tests/data anew"]
fn write_the_samples() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let write = |name, text: String| std::fs::write(folder.join(name), text + "\n").unwrap();
    write("consent-dpv.json", sample().to_dpv(&policy()).unwrap());
    write("consent-fhir.json", sample().to_fhir(&policy()).unwrap());
}
