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
demo-next = What to try next:
progress-demo = inventing [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}per_sec{"}"}, {"{"}eta{"}"} left
