### Words about exports.

export-counts = { $records ->
    [one] 1 record
   *[other] { $records } records
}; { $kept } fields as they stand
export-marked = { $count } × { $code }: { $words }
export-preview = preview written to { $file }: it is for you, not for whoever receives the file
export-sealed = written to { $dir }: sealed, only { $to } can open it
export-open = written to { $dir }: NOT sealed, whoever finds it can read it; this was logged
export-unsearched = notice: { $place } holds a withheld value, or a part of one, too short to be searched for in the finished files
export-unopened = notice: { $place } is closed to you: the finished files could not be searched for it
export-refused-because = { $count } × { $reason }
export-by-profile = this kind of file does not include it
export-nothing = nothing of it may leave
hint-export-nothing = amparo consent show PERSON tells what was agreed; --preview FILE.html shows field by field
export-first = to be done before it leaves: { $what }
hint-export-first = when it was done, say so with --fulfilled CODE
open-done = opened into { $dir }: keep it locked away
verify-files = { $files ->
    [one] 1 file is
   *[other] { $files } files are
} exactly what the manifest names, and there is no other
verify-signed = export { $export }, made at { $made_at }, is signed by the key { $key } and unaltered since
verify-shown = { $fields } of the { $all } fields that it showed when it was made are here, each as it was signed
verify-kept-back = { $fields } of them were left out by whoever passed it on
verify-withheld = { $fields } fields were withheld when it was made; the signature says how many and why, not which
verify-not = not proved: { $words }
verify-not-who = whose key it is: compare it with what the organisation tells you in another way
verify-not-true = that what it says is true: only that the organisation's records said so then
verify-not-all = that the organisation has no other records
review-read-all = read all of it: names that nobody recorded are not proposed
review-state = review: { $words }
review-unread = not approved as it stands now
review-second = approved by one; it is about a minor, and somebody else must read and approve it too
review-approved = approved
review-retracted = taken back: it stays until somebody approves it anew; what has left is not called back
review-file-of = file of { $record }
review-released = released until { $until }; somebody else than you makes the export
progress-review = reading [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}eta{"}"} left
progress-export = deciding [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}eta{"}"} left
verify-altered = it is not what was signed: something was altered, added or left out
hint-verify-altered = do not rely on it; ask whoever handed it over to send it again
