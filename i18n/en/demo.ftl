### `demo`: a story in seven steps.

demo-name = Demonstration
demo-member = Demo { $role }
demo-warning = warning: the keys in { $dir } are demo keys without a passphrase: keep nothing real in this vault
demo-made = A vault of { $cases } invented cases: { $records } records, made in { $seconds } s. Nobody in it exists.
demo-find = Somebody heard "{ $heard }" on the telephone; by sound it finds { $count } people:
demo-consent = A prosecutor ({ $to }) asks for the name of a girl of the vault:
demo-consent-step = { $step } -> { $effect }: { $reason }
demo-consent-before = nobody was asked yet
demo-consent-mother = her mother agrees aloud, before a witness
demo-consent-girl = she herself agrees
demo-roles = Case { $case }, opened with three keys. A key opens its compartments; no program decides it:
demo-sealed = sealed
demo-thief = What a thief sees on the disk:
demo-thief-count = { $files } files, { $kilobytes } KiB, all of them searched for { $wanted } names, documents, addresses and codes in UTF-8 and UTF-16. Found: { $found }
demo-check = Checked every row, section, index entry and log leaf of { $records } records. Findings: { $findings }
demo-court = The girl's case leaves for { $to }, her identity reserved:
demo-court-read = two people read the narrative before it left ({ $spans } parts were proposed to be hidden)
demo-court-counts = { $kept } fields as they stand, { $changed } changed, { $withheld } withheld, each with its reason
demo-court-verified = the prosecutor opened it with their key: { $files } files, all as they were signed (key { $key })
demo-look-preview = what the lawyer saw before she signed
demo-look-pdf = what the prosecutor reads
demo-look-html = the same, for any computer
demo-next = What to try next:
progress-demo = inventing [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}per_sec{"}"}, {"{"}eta{"}"} left
