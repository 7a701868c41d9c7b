### What must be kept, and what has been kept long enough.

hold-laid = Held: nothing of it, under it or above it is erased until the hold is lifted.
hold-lifted = The hold is lifted.
hold-stands = held: { $id }, since { $since }, by { $by }
held = A legal hold stands on { $record }: what it holds is not destroyed
hint-held = `amparo hold list` says who laid it and why; an administrator lifts it with `amparo hold ID --lift --because TEXT`
held-already = The record is held already
not-held = No hold stands on this very record
hint-not-held = `amparo record show ID` says which record above it is held
not-a-hold = A hold needs a reason of at most 1,000 bytes, and a record is held at most 16 times

retention-rule = { $years } years after { $field }
retention-held = HELD by { $id }
retention-more = { $count } more are due; --limit shows more
retention-undated = { $count } records have no date that says how long they are kept: they are never due
retention-sealed = { $count } records may be due: your role does not open what would say so
retention-damaged = { $count } records are damaged: nobody can say whether they are due (`amparo check`)
retention-nothing = Nothing else is due.
retention-how = Nothing was erased. An administrator reads each record, then erases it with `amparo erase ID --reason retention`
restore-held-erased = { $records } of them were under a legal hold when the backup was made; they were erased after it was lifted, or in a copy without it
