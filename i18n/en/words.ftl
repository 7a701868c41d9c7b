### What commands say when they work.

yes = yes
no = no
notice = notice: { $words }
error-detail = : { $detail }
notice-not-recoverable = No custodians are set up (`amparo escrow setup`): if this disk or its keys are lost nothing can be recovered, and no erase and no panic is final against an administrator
notice-journal-cut = The last write was cut off, as by a power failure, and was not acknowledged; it is gone
notice-store-rebuilt = The store was damaged or behind and was rebuilt from the journal; nothing was lost
notice-pinned-again = You open this vault for the first time here: compare its fingerprint with your director: { $fingerprint }
notice-sync-folder = The vault lies in a folder that a cloud service copies: erased records may live on there
notice-clock-behind = The clock of this machine is behind the newest entry of the log
notice-erase-finished = An erase or a change of keys that was interrupted is now finished
notice-erase-undone = An erase or a change of keys that was interrupted was undone: repeat it
notice-head-missing = The head of the anchor (anchor.head) is missing: an older copy of this vault would not be noticed this once
notice-capsule-missing = The capsule is missing or damaged; open the vault once as a director, who makes it anew
notice-capsule-renewed = The capsule was missing, damaged or old and was made anew just now: nothing is lost, but somebody or something changed the vault's folder
notice-needs-reseal = Somebody left and not everything is sealed again: go on with `amparo reseal`
notice-read-only = The vault is open for reading only

ask-passphrase = Passphrase for { $file }:
ask-new-passphrase = New passphrase:
ask-again = Again:
identity-plain = warning: { $file } has no passphrase: whoever copies it can act as you
identity-recipient = As an age recipient: { $recipient }

status-name = Name
status-vault = Vault
status-fingerprint = Fingerprint
status-schema = Schema
status-records = Records
status-members = Members
status-role = Your role
status-compartments = You can open
status-escrow = Custodians
status-no-escrow = none
status-escrow-is = { $quorum } of { $custodians }
status-anchor = Anchor
status-log = Log entries
status-erase-epoch = Erase epoch

schema-good = { $name } { $version }: { $types } record types, { $fields } fields
schema-required = required
schema-exact = search: exact
schema-phonetic = search: by sound and first letters

record-head = { $kind } { $id }, revision { $revision }
record-parent = under { $id }
record-sealed = { $count ->
    [one] sealed: 1 field
   *[other] sealed: { $count } fields
}
warning-unusual-form = warning: { $field } has an unusual form; it was kept as it is
warning-unknown-place = warning: { $field } is a place that is not in the table of districts
warning-retired-code = warning: { $field } holds a code that is no longer used
warning-retired-field = warning: { $field } is a field that is no longer used
list-limit = notice: stopped at { $limit }; --limit shows more
find-nothing = notice: nothing found

progress-check = checking [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}per_sec{"}"}, {"{"}eta{"}"} left
check-counts = records: { $records }, sections: { $sections }, index entries: { $postings }, log leaves: { $leaves }
check-verdict = { $findings ->
    [0] Everything is as it should be
    [one] 1 finding
   *[other] { $findings } findings
}
check-resumed = It went on with the check that began at { $at } and was interrupted: what was whole then and has not been changed was not read again
check-quick = What can be checked quickly is as it should be
repair-store = The store was damaged ({ $files }) and was rebuilt from what is left of it. The damaged files are kept in `store/{ $folder }`
repair-lost = { $commits } commits could not be read any more, and { $blocks } parts of older rows
repair-index = Rows that belong to nothing were removed, and a damaged index was built again from the records
repair-nothing = Nothing had to be rebuilt
repair-rest = What is damaged or missing now cannot be rebuilt. A backup brings it back: `amparo restore`

panic-failed = Not destroyed: { $place }: { $what }
panic-done = The anchor is destroyed: nothing here opens with any staff key, and every open session ends
panic-custodians = A quorum of custodians can recover the vault
panic-nobody = No escrow was set up: nobody can recover what is destroyed
panic-not-reached = Not reached: swap and hibernation, exports and previews that lie open, other copies of the folder from before escrow was set up
