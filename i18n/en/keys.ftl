### Keys that outlive people: departures, erasures.

member-removed = Removed. They open nothing that is written from now on.
member-removed-copied = notice: what they copied while they were a member stays theirs; no program takes that back
progress-reseal = sealing again [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}per_sec{"}"}, {"{"}eta{"}"} left
reseal-nothing = Nothing is left to be sealed again.
reseal-done = Sealed again: { $records }. The older keys are no longer in use.

ask-erase = This destroys { $records } for good. Type the end of the id ({ $tail }) to go on:
erase-not-confirmed = Nothing was erased: the confirmation was not typed
hint-erase-not-confirmed = In a script, `--yes` answers it
erase-tell = still to be told: { $recipient }, who received data on { $date }
erase-unread = lists of recipients that could not be read any more: { $count }
erase-done = Erased: { $records } with { $revisions } older values. Position in the log: { $leaf }.
erase-final = final against { $against }: yes
erase-not-final = final against { $against }: no
erase-because = because { $because }
erase-backup = backup { $id } ({ $label }, { $date }) still holds it
against-members = everybody who uses the vault
against-staff_keys = every key of the staff with every old block of this disk
against-search_words = somebody with a role who tests a guessed word
against-backups = backups
against-quorum = custodians with an older copy of the folder
because-no_escrow = escrow is not set up: an older capsule opens for an administrator (`amparo escrow setup`)
because-best_effort_anchor = the anchor is a file: flash and some file systems keep old blocks
because-anchor_copied = the anchor lies on removable media, where it can be copied
because-not_reindexed = the index still holds remnants of words (`--final` rebuilds it)
because-backups_remain = backups from before are known: destroy them, then `amparo backup forget`
because-unrecorded_copies = copies that nobody recorded cannot be named
because-escrow_key_lives = the escrow's key was not replaced since (`amparo escrow replace`)
verify-receipt = A receipt for an erasure of { $date }, signed with the key { $key }: it was not altered.
verify-receipt-log = The vault confirms it: its log says the same, and nothing is left in those places.
verify-receipt-no-log = It was not held against the log: name the vault and an identity for that.
status-left = Still to be sealed again
status-left-is = { $records } (`amparo reseal`)
not-a-reason = A reason is one of survivor_request, retention, court_order, entered_in_error
