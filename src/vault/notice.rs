//! What a person should know after opening.

/// Something that happened, or is not set up, and is not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Notice {
    /// No escrow is set up: what is lost with the keys cannot be recovered, and what is erased
    /// is not final against administrators.
    NotRecoverable,
    /// An incomplete last frame was moved to `journal.cut`: that write was never acknowledged.
    JournalCut,
    /// The embedded store was damaged or behind and was rebuilt from the journal.
    StoreRebuilt,
    /// The vault was not known to this user and is pinned now: compare the fingerprint.
    PinnedAgain,
    /// The vault lies in a folder that is copied elsewhere by a synchronising program.
    SyncFolder,
    /// The clock is behind the newest entry of the log.
    ClockBehind,
    /// An erase that was interrupted after its point of no return was finished.
    EraseFinished,
    /// An erase that was interrupted before its point of no return was undone.
    EraseUndone,
    /// The anchor's head is missing, so an older copy of this vault would not be noticed.
    HeadMissing,
    /// The capsule is missing or damaged; the next opening by an administrator makes it anew.
    CapsuleMissing,
    /// The capsule was missing, damaged or old, and this opening made it anew.
    CapsuleRenewed,
    /// Something is still sealed under keys that somebody who left has had.
    NeedsReseal,
    /// The vault is open for reading only.
    ReadOnly,
    /// Somebody failed to unlock the vault since it was last opened; the log says how often.
    UnlocksFailed,
    /// The disk takes no more: that this session began is not logged, and it only reads.
    UnlockNotLogged,
}

impl Notice {
    /// Every notice, for tables of messages.
    pub const ALL: &[Self] = &[
        Self::NotRecoverable,
        Self::JournalCut,
        Self::StoreRebuilt,
        Self::PinnedAgain,
        Self::SyncFolder,
        Self::ClockBehind,
        Self::EraseFinished,
        Self::EraseUndone,
        Self::HeadMissing,
        Self::CapsuleMissing,
        Self::CapsuleRenewed,
        Self::NeedsReseal,
        Self::ReadOnly,
        Self::UnlocksFailed,
        Self::UnlockNotLogged,
    ];

    /// A stable name in kebab case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotRecoverable => "not-recoverable",
            Self::JournalCut => "journal-cut",
            Self::StoreRebuilt => "store-rebuilt",
            Self::PinnedAgain => "pinned-again",
            Self::SyncFolder => "sync-folder",
            Self::ClockBehind => "clock-behind",
            Self::EraseFinished => "erase-finished",
            Self::EraseUndone => "erase-undone",
            Self::HeadMissing => "head-missing",
            Self::CapsuleMissing => "capsule-missing",
            Self::CapsuleRenewed => "capsule-renewed",
            Self::NeedsReseal => "needs-reseal",
            Self::ReadOnly => "read-only",
            Self::UnlocksFailed => "unlocks-failed",
            Self::UnlockNotLogged => "unlock-not-logged",
        }
    }
}
