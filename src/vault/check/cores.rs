//! Pieces of work on every core.

use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use crate::error::{Error, ErrorKind, Result};

/// More would only wait for the disk.
const MOST: usize = 8;

/// Does each piece on some core; what comes of it is taken on this thread, in any order.
pub(super) fn spread<P: Send, T: Send>(
    pieces: impl Iterator<Item = P> + Send,
    work: impl Fn(P) -> T + Sync,
    mut take: impl FnMut(T),
) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(MOST);
    if cores < 2 {
        pieces.for_each(|piece| take(work(piece)));
        return Ok(());
    }
    let pieces = Mutex::new(pieces);
    let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        // Within the scope: if `take` panics, nobody is left waiting to hand something over.
        let (done, results) = mpsc::sync_channel(cores);
        let start = |_| {
            let (done, next, work) = (done.clone(), &next, &work);
            let run = move || {
                while let Some(piece) = next() {
                    if done.send(work(piece)).is_err() {
                        break;
                    }
                }
            };
            thread::Builder::new().spawn_scoped(scope, run).ok()
        };
        let workers: Vec<_> = (0..cores).filter_map(start).collect();
        drop(done);
        results.iter().for_each(&mut take);
        // Only if no thread could be started is anything left.
        while let Some(piece) = next() {
            take(work(piece));
        }
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| lost()))
    })
}

fn lost() -> Error {
    Error::new(ErrorKind::Internal, "a thread that checked ended early")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_done_once() {
        for count in [0_usize, 1, 2, 1_000] {
            let mut seen = vec![0; count];
            spread(0..count, |piece| piece, |piece| seen[piece] += 1).unwrap();
            assert!(seen.iter().all(|times| *times == 1));
        }
    }

    #[test]
    fn a_panic_of_a_piece_is_an_error() {
        if thread::available_parallelism().map_or(1, usize::from) > 1 {
            let failed = spread(0..10, |piece| assert_ne!(piece, 5), |()| ());
            assert_eq!(failed.unwrap_err().kind(), ErrorKind::Internal);
        }
    }
}
