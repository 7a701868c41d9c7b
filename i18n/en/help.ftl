### Help texts. `cmd-<path>` is a command; its attributes are its arguments.

help-usage = Usage:
help-options = Options
help-arguments = Arguments
help-commands = Commands
help-command = COMMAND

cmd-amparo = Keeps survivor and case files in which every field is sealed on its own
    .vault = The vault (else AMPARO_VAULT, else ./vault)
    .identity = Who is acting (else AMPARO_IDENTITY)
    .passphrase_file = The first line is the passphrase; else it is asked on the terminal
    .lang = Language of words and labels (else from LANG, else English)
    .format = What goes to stdout: text or json
    .fingerprint = The vault must be this one
    .yes = Answers the confirmation of a destructive command
    .quiet = Draws no progress bars
    .help = Prints this help
    .version = Prints the version
    .after-help = Exit codes: 0 done, 1 failed, 2 usage, 3 locked, 4 refused, 5 integrity, 6 quorum.

cmd-demo = Makes a vault of invented cases, searches it, and shows what each role and a thief can see
    .dir = A new or empty folder (amparo-demo)

cmd-identity = The file that says who is acting
cmd-identity-new = Makes an identity file and prints its member card
    .file = The file to make
    .no_passphrase = Leaves the file unprotected: whoever holds it is you
cmd-identity-card = Prints the member card of an identity file
    .file = The identity file

cmd-init = Makes a vault; the identity becomes its director. Prints the fingerprint
    .name = The name of the vault
    .schema = What the vault can hold: a schema file, or the built-in peru

cmd-status = Says how the vault is

cmd-member = Who may open what
cmd-member-add = Admits a member to the vault
    .name = The name of the member
    .card = Their card (amparo-member1...)
    .role = Their role in the schema
cmd-member-list = Lists the members

cmd-schema = What a vault can hold
cmd-schema-show = Shows the record types, or the fields of one
    .record_type = A record type
    .schema = A schema file, or the built-in peru (else the vault's)
cmd-schema-check = Reads a schema file and says what is wrong with it
    .file = The schema file
    .after = The schema it is to replace: changes that break old records are refused

cmd-record = The records of a vault
cmd-record-add = Adds a record and prints its id
    .record_type = The record type, as `amparo schema show` lists it
    .parent = The record it stands under
    .sets = A value; may be given many times. Seen by other users of this machine: --json - is not
    .json = An object of fields and values; - reads stdin
cmd-record-show = Shows a record as far as your role opens it
    .id = The record
    .fields = Only this field; may be given many times
    .children = Also everything that stands under it
cmd-record-list = Lists the records of a type
    .record_type = The record type
    .parent = Only those under this record
    .limit = At most so many (100)
cmd-record-edit = Changes fields of a record and prints the new revision
    .id = The record
    .sets = A new value; may be given many times
    .clears = A field to empty; may be given many times
    .json = An object of fields and values, null to empty one; - reads stdin
    .revision = The revision the change is based on (else the current one)
cmd-record-history = Lists who changed a record, and when
    .id = The record

cmd-find = Finds records by a field: exact, by sound, by first letters or by month, as the schema says
    .record_type = The record type
    .field = The field
    .value = What to look for; - reads it from stdin

cmd-import = Adds the rows of a table; importing twice adds nothing
    .record_type = The record type that a row is about
    .file = CSV (comma, semicolon or tab) or JSON lines, in UTF-8 or Windows-1252
    .map = Which column is which field (docs/import.md)
    .dry_run = Checks everything and writes nothing
    .batch = Rows in one commit (1000, which is the most)

cmd-check = Checks every row, section, posting and leaf
    .quick = Only what opening the vault did not check

cmd-generate = Manual pages and shell completions
cmd-generate-man = Prints the manual page
    .out = Writes a page for each command into this folder
cmd-generate-completions = Prints the completions of a shell
    .shell = bash, elvish, fish, powershell or zsh
