//! Sealing one case file, and the AEAD calls that this needs, side by side in one process.

use std::hint::black_box;
use std::time::Instant;

use amparo::benching::Sealing;
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use crate::measure;
use crate::sample::{self, FIELDS, Value};

/// The compartment of each field, as in `schema.toml`.
const COMPARTMENTS: [u8; 20] = [1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 4, 4, 5, 5, 6, 6];

/// Microseconds per case file, in turns: all of the sealing, the AEAD calls alone; and how many
/// calls of how many bytes.
pub fn run(rounds: usize) -> (Vec<f64>, Vec<f64>, usize, usize) {
    let file = sample::file(1);
    let values: Vec<(u8, &str, Vec<u8>)> = COMPARTMENTS
        .iter()
        .zip(FIELDS)
        .zip(&file.values)
        .map(|((compartment, name), value)| {
            let bytes = match value {
                Value::Text(text) => text.clone().into_bytes(),
                Value::Integer(number) => number.to_le_bytes().to_vec(),
            };
            (*compartment, name, bytes)
        })
        .collect();
    let sealing = Sealing::new(6).unwrap();
    // Padded to a power of two from 32; the record's type and postings; the group.
    let class = |len: usize| (len + 4).next_power_of_two().max(32);
    let mut calls: Vec<(usize, usize)> =
        values.iter().map(|(_, path, value)| (class(value.len()), 62 + path.len())).collect();
    calls.extend([(32, 67), (class(24 * 16), 71), (1 + 7 * 66, 60)]);
    let mut buffers: Vec<Vec<u8>> = calls.iter().map(|(len, _)| vec![7; *len]).collect();
    let aad = [1; 128];

    let (mut ours, mut alone) = (Vec::new(), Vec::new());
    // Short turns: on a busy machine most of them pass without an interruption.
    let each = 10;
    for _ in 0..rounds {
        let start = Instant::now();
        for _ in 0..each {
            black_box(sealing.seal(black_box(&values)).unwrap());
        }
        ours.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(each));
        let start = Instant::now();
        for n in 0..each {
            for (i, buffer) in buffers.iter_mut().enumerate() {
                let key = [n as u8 ^ i as u8; 32];
                let cipher = XChaCha20Poly1305::new(&key.into());
                let nonce = XNonce::from([i as u8; 24]);
                let tag = cipher
                    .encrypt_inout_detached(&nonce, &aad[..calls[i].1], buffer.as_mut_slice().into())
                    .unwrap();
                black_box(tag);
            }
        }
        alone.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(each));
    }
    (ours, alone, calls.len(), calls.iter().map(|(len, _)| len).sum())
}

pub fn print(rounds: usize) {
    let (ours, alone, calls, bytes) = run(rounds);
    println!(
        "sealing one case file ({calls} AEAD calls of {bytes} bytes): {}, the calls alone {}, ratio {:.2}",
        measure::time(measure::median(&ours)),
        measure::time(measure::median(&alone)),
        measure::ratio(&ours, &alone),
    );
}
