//! Named steps between changes of the file system: where a crash may come.
//!
//! Outside tests a step does nothing. A test sets a hook that copies the folder (the disk of
//! a machine that lost power here) or lets the step fail (a disk that did).

use crate::error::Result;

/// Passes a step.
#[cfg(not(test))]
#[allow(clippy::unnecessary_wraps, reason = "fails in tests")]
pub(crate) const fn step(_name: &'static str) -> Result<()> {
    Ok(())
}

#[cfg(test)]
pub(crate) use hook::{step, with_hook};

#[cfg(test)]
mod hook {
    use std::cell::RefCell;

    use super::Result;

    type Hook = Box<dyn FnMut(&'static str) -> Result<()>>;

    thread_local! {
        static HOOK: RefCell<Option<Hook>> = const { RefCell::new(None) };
    }

    pub(crate) fn step(name: &'static str) -> Result<()> {
        // Taken out while it runs, so that a hook may open a store itself.
        let Some(mut hook) = HOOK.with_borrow_mut(Option::take) else {
            return Ok(());
        };
        let result = hook(name);
        HOOK.with_borrow_mut(|slot| *slot = Some(hook));
        result
    }

    /// Runs `work` on this thread with a hook at every step.
    pub(crate) fn with_hook<T>(
        hook: impl FnMut(&'static str) -> Result<()> + 'static,
        work: impl FnOnce() -> T,
    ) -> T {
        HOOK.with_borrow_mut(|slot| *slot = Some(Box::new(hook)));
        let done = work();
        HOOK.with_borrow_mut(Option::take);
        done
    }
}
