### Words about exports.

export-counts = { $records ->
    [one] 1 record
   *[other] { $records } records
}; { $kept } fields as they stand
export-marked = { $count } × { $code }: { $words }
export-preview = preview written to { $file }: it is for you, not for whoever receives the file
export-sealed = written to { $dir }: sealed, only { $to } can open it
export-open = written to { $dir }: NOT sealed, whoever finds it can read it; this was logged
export-unsearched = notice: { $place } holds a withheld value too short to be searched for in the finished files
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
