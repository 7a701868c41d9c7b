//! Sealing many records: what one needs of the others is done in order, the rest on every core.

use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use crate::error::{Error, ErrorKind, Result};

/// Items handed over at a time: waking another thread costs as much as half a record.
const CHUNK: usize = 32;
/// Fewer are done where they are.
const WORTH_A_THREAD: usize = 2 * CHUNK;
/// More would only wait for the one that hands out.
const MOST: usize = 4;

/// Takes `count` items from an iterator on this thread and finishes them on this and others.
/// What is finished comes in the order of the items. An error of either ends it.
pub(super) fn in_turn<T: Send, U: Send>(
    count: usize,
    mut items: impl Iterator<Item = Result<T>>,
    finish: impl Fn(T) -> Result<U> + Sync,
) -> Result<Vec<U>> {
    if count < WORTH_A_THREAD {
        return items.map(|item| finish(item?)).collect();
    }
    let cores = thread::available_parallelism().map_or(1, usize::from).min(MOST);
    let (hand_out, taken) = mpsc::channel::<(usize, Vec<T>)>();
    let taken = Mutex::new(taken);
    let work = || {
        let mut done = Vec::new();
        loop {
            let next = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((turn, chunk)) = next else { return Ok(done) };
            done.push((turn, chunk.into_iter().map(&finish).collect::<Result<Vec<U>>>()?));
        }
    };
    let mut done = thread::scope(|scope| {
        let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let others: Vec<_> = (1..cores).filter_map(start).collect();
        let mut failed = Ok(());
        for turn in 0.. {
            let chunk = items.by_ref().take(CHUNK).collect::<Result<Vec<T>>>();
            match chunk {
                Ok(chunk) if chunk.is_empty() => break,
                Ok(chunk) => failed = hand_out.send((turn, chunk)).map_err(|_| lost()),
                Err(error) => failed = Err(error),
            }
            if failed.is_err() {
                break;
            }
        }
        drop(hand_out);
        failed?;
        let mut done = work()?;
        for other in others {
            done.extend(other.join().map_err(|_| lost())??);
        }
        Ok(done)
    })?;
    done.sort_unstable_by_key(|(turn, _)| *turn);
    Ok(done.into_iter().flat_map(|(_, chunk)| chunk).collect())
}

fn lost() -> Error {
    Error::new(ErrorKind::Internal, "a thread that sealed records ended early")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_finished_in_the_order_of_the_items() {
        for count in [0, 1, CHUNK, WORTH_A_THREAD, 1_000, 1_001] {
            let done = in_turn(count, (0..count).map(Ok), |item| Ok(item * 2)).unwrap();
            assert!(done.into_iter().eq((0..count).map(|item| item * 2)));
        }
    }

    #[test]
    fn an_error_on_either_side_ends_it() {
        let bad = |at: usize, item| {
            if item == at { Err(Error::new(ErrorKind::BadValue, "bad")) } else { Ok(item) }
        };
        for count in [10, 1_000] {
            for at in [0, 9, count - 1] {
                let taking = in_turn(count, (0..count).map(|item| bad(at, item)), Ok);
                assert_eq!(taking.unwrap_err().kind(), ErrorKind::BadValue);
                let finishing = in_turn(count, (0..count).map(Ok), |item| bad(at, item));
                assert_eq!(finishing.unwrap_err().kind(), ErrorKind::BadValue);
            }
        }
    }
}
