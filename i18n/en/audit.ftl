cmd-audit = Who did what, and what partners keep of it
cmd-audit-show = Shows the log: who, what, when and why
    .record = Only what touched this record or anything under it
    .since = Only from this day or moment on
    .html = Writes the timeline of the record as a page for the house
    .for_person = Writes the page for the person: who has seen her file, and to whom it was given
cmd-audit-checkpoint = Prints three lines that a partner keeps, so that nobody can shorten or change the log unseen
    .since = A checkpoint that the partner has: adds the proof that today's log continues it
cmd-audit-witness = Holds a checkpoint that a partner kept against today's log, and remembers it
    .file = The checkpoint

progress-audit = reading the log [{"{"}bar:30{"}"}] {"{"}pos{"}"}/{"{"}len{"}"}, {"{"}eta{"}"} left

audit-line = { $at }  { $what }  { $by } ({ $role })  [{ $leaf }]
audit-failed = { $count ->
        [one] one try to unlock had failed before
       *[other] { $count } tries to unlock had failed before
    }
audit-given = { $fields ->
        [one] one field
       *[other] { $fields } fields
    } to { $to } for { $purpose }
audit-open = left open, sealed to nobody
audit-reference = the list of what its labels stand for went out too
audit-handed = from { $from } to { $to }
audit-page = Written to { $file }. It names people: keep it as you keep the case
audit-checkpoint = The log has { $leaves } entries. Give these lines to a partner, to keep as they are
audit-checkpoint-key = Whoever keeps them verifies them with this key: { $key }
audit-witnessed = Today's log begins with the { $leaves } entries of this checkpoint, which { $by } signed

verify-checkpoint = a checkpoint of a log with { $leaves } entries is signed and unaltered
verify-checkpoint-since = the log continues the { $leaves } entries of the checkpoint that was kept
verify-checkpoint-not = not proved: whose key it is, and that the vault still has these entries: ask for a newer checkpoint with the proof
verify-checkpoint-key = To verify a checkpoint name the key that you were given (--key), or a vault and an identity
verify-checkpoint-proof = This checkpoint brings no proof: ask for one made with `audit checkpoint --since`

notice-unlocks-failed = Somebody failed to unlock this vault since it was last opened; `amparo audit show` says how often
notice-unlock-not-logged = The disk takes no more: this session is not in the log and only reads
