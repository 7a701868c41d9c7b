### Words about consent.

decision = { $effect }: { $reason }
effect-permit = permitted
effect-deny = denied
decision-cites = rests on { $of }, event { $event }
decision-obliges = must: { $words }
decision-misses = missing: { $words }
decision-covers = { $label }: { $permitted } of { $all } fields
override-waits = notice: not in force yet: another member approves it with `amparo consent approve`
recall = to be told: { $name } received data on { $at } that was taken back since
recall-late = to be told at once: { $name } received data on { $at }, after it had been taken back
consent-import-nothing = notice: all of it was here already
print-full = notice: { $file } names everything: it should stay in a safe place
print-discreet = notice: { $file } tells nothing of what happened; --full names everything

show-purposes = for: { $words }
show-to = to: { $words }
show-data = data: { $words }
show-all-data = everything
show-until = until: { $words }
show-condition = on condition: { $words }
show-override = { $id }  override for { $purpose }, to { $to }, until { $until }; approved by { $approvals }
show-block = blocked: { $who } ({ $words })
show-disclosure = { $at }  went to { $to }: { $fields ->
    [one] 1 field
   *[other] { $fields } fields
}

policy-head = { $name } { $version }, signed by { $by }, in force since { $since }
policy-age = from { $from } years: she { $child }; whoever speaks for her { $guardian }
voice-must-agree = must agree
voice-is-heard = is heard
voice-is-told = is told

standing-in-force = stands
standing-partly = stands in part
standing-ended = does not stand

reason-no-consent = nobody has agreed to it
reason-purpose-not-covered = no consent is for this purpose
reason-recipient-not-covered = no consent for this purpose names this recipient
reason-data-not-covered = no consent covers this data
reason-action-not-covered = no consent covers what would be done
reason-too-identifiable = the consent allows less of her to be recognised
reason-without-narrative = the consent leaves free text out
reason-not-answered = she was asked and has not answered
reason-deferred = she wants to decide later
reason-entered-in-error = the consent was recorded by mistake
reason-invalidated = the consent was not valid
reason-superseded = another consent took its place
reason-revoked = a court or guardian ended it
reason-withdrawn = it was taken back
reason-restricted = this part was taken out of it
reason-expired = its end has passed
reason-lapsed-at-majority = it was given while she was a minor, and she is of age now
reason-giver-not-entitled = whoever agreed may not speak for her at her age
reason-giver-blocked = whoever agreed is blocked
reason-interpreter-missing = she needs an interpreter, and none was noted
reason-witness-missing = it needs a witness, and none was noted
reason-notice-missing = the notice that was explained was not noted
reason-subject-must-agree = her own agreement is missing
reason-guardian-missing = the agreement of whoever speaks for her is missing
reason-age-unknown = her age is not known, and she could be too young to agree alone
reason-guardian-refuses = whoever speaks for her refuses
reason-refused = she refuses
reason-child-dissents = the child refuses, and that counts for more than what others permit
reason-override-not-approved = the override needs a second approver
reason-override-without-lead = nobody who leads child protection approved the override
reason-override-expired = the time of the override is over
reason-override-used = the override was for one export, which has been made
reason-unknown-purpose = the policy does not know the purpose
reason-recipient-blocked = the recipient is blocked
reason-prohibited = the policy forbids it, whoever agrees
reason-consent-in-force = a consent in force covers it
reason-override-in-force = an override in force covers it

missing-consent = a consent that covers it
missing-subject-agreement = her agreement
missing-guardian-agreement = the agreement of whoever speaks for her
missing-adult-confirmation = her confirmation as an adult
missing-renewal = a new end
missing-birth-date = her date of birth
missing-interpreter = the interpreter's name
missing-witness = a witness's name
missing-notice = the notice that was explained
missing-second-approver = a second approver
missing-protection-lead = an approver who leads child protection

obligation-review-each = show her each thing before it goes
obligation-notify-first = tell her before it goes
obligation-no-onward-transfer = bind the recipient to pass nothing on
obligation-safe-contact-only = reach her only in the way she called safe
obligation-human-review = a person reads the text and approves what is shown
obligation-generalise-place = coarsen the place
obligation-scrub-attachment = strip the file of what it says beside its content
obligation-second-person = a second person releases it
obligation-tell-person = tell her that it was done
obligation-review-override = review the override when it is due

event-requested = asked
event-deferred = wants to decide later
event-given = agrees
event-assent-given = agrees, as a minor
event-refused = refuses
event-dissented = refuses, as a minor
event-renewed = agrees again
event-restricted = takes a part out
event-withdrawn = takes it back
event-superseded = replaced by another
event-invalidated = not valid
event-revoked = ended by court or guardian
event-reconfirmed-as-adult = confirms as an adult
event-entered-in-error = recorded by mistake

party-subject = herself
party-guardian = guardian
party-trusted-adult = trusted adult
party-caseworker = case worker
party-court = court

channel-written = in writing
channel-thumbprint = thumbprint
channel-oral-witnessed = aloud, witnessed
channel-oral-recorded = aloud, recorded
channel-phone = by phone
channel-digital = on a screen
channel-pictogram = with pictures

condition-review-each = she sees each thing before it goes
condition-notify-first = she is told before it goes
condition-no-onward-transfer = the recipient passes nothing on
condition-safe-contact-only = she is reached only in the safe way
condition-without-narrative = without free text
condition-human-reviewed-redaction = a person reads the redaction

kind-prosecutor = prosecutor's office
kind-court = court
kind-police = police
kind-upe = special protection unit
kind-cem = women's emergency centre
kind-demuna = municipal defender of children
kind-health = health service
kind-shelter = shelter
kind-school = school
kind-lawyer = lawyer
kind-ombudsperson = ombudsperson
kind-consulate = consulate
kind-un-agency = UN agency
kind-partner = partner organisation
kind-family = family
kind-donor = donor
kind-research = research
kind-media = media
kind-team = own team
kind-other = other

block-perpetrator = alleged perpetrator
block-conflict = conflict of interest
block-court-order = by court order
