### Attached files and their custody.

attach-original = Attached. The original still lies where it was: nobody removed it from there.
attach-in-clear = { $file } lies there in clear. Remove it when it was used.
attach-sealed = (of a compartment that this role does not open)
attach-field-empty = The file IS attached, as { $id }; its field could not be filled. Do not attach it again: fill the field with that id.
attach-changed = The file changed while it was read: nothing was attached
hint-attach-changed = Wait until whoever writes to it is done
attach-not-a-file = This is no plain file
custody-written = The custody file is in { $dir }. It says in clear what the file is and who had it.
custody-hand-over = When it is handed over, note it: amparo custody hand-over { $id } --to TEXT
verify-custody = A chain of custody of { $links ->
    [one] one statement
   *[other] { $links } statements
 } about the file with SHA-256 { $sha256 }: each signed, in order, and in the log of the checkpoint
verify-custody-came = { $at }: attached by { $by }, signed with { $key ->
    [founder] the founder's key
   *[other] another key
 }
verify-custody-went = { $at }: from { $from } to { $to } (signed by { $by }, with { $key ->
    [founder] the founder's key
   *[other] another key
 })
verify-custody-file = the file is, byte for byte, the one that was attached
verify-custody-no-file = which file it is: name it with --file
verify-custody-vault = The vault confirms it: the signers are of its roster, and its log says the same.
verify-custody-founder = All of it is signed with the key that founded the vault with the fingerprint { $fingerprint }: compare it with what you were told in another way.
verify-custody-others = Nothing here proves that this is of the vault with that fingerprint: not all of it is signed with the key that founded it
hint-verify-custody-others = Hold it against the vault (--vault, --identity), or ask the organisation whose the other keys are
verify-custody-before = what happened to the file before it was attached, or that what it shows is true
verify-custody-clock = the hours: they are those of the signers' clocks
verify-custody-copies = that there were no copies, and no hand-overs that nobody noted or that were noted after this file was made
verify-custody-left-out = that this is all: later hand-overs, those that whoever gave you this file left out, and copies. The vault can say it, as long as it keeps the file (--vault, --identity)
