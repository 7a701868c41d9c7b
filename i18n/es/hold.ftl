### Lo que hay que conservar, y lo que ya se conservó lo suficiente.

hold-laid = Retenido: nada suyo, ni bajo él ni encima de él, se borra hasta que se levante la retención.
hold-lifted = La retención quedó levantada.
hold-stands = retenido: { $id }, desde { $since }, por { $by }
held = Hay una retención legal sobre { $record }: lo que retiene no se destruye
hint-held = `amparo hold list` dice quién la puso y por qué; quien administra la levanta con `amparo hold ID --lift --because TEXTO`
held-already = El registro ya está retenido
not-held = No hay una retención sobre este mismo registro
hint-not-held = `amparo record show ID` dice qué registro encima de él está retenido
not-a-hold = Una retención lleva un motivo de 1000 bytes como máximo, y un registro se retiene 16 veces como máximo

retention-rule = { $years } años después de { $field }
retention-held = RETENIDO por { $id }
retention-more = vencieron { $count } más; --limit muestra más
retention-undated = { $count } registros no tienen fecha que diga hasta cuándo se conservan: nunca vencen
retention-sealed = { $count } registros pueden haber vencido: su rol no abre lo que lo diría
retention-damaged = { $count } registros están dañados: nadie puede decir si vencieron (`amparo check`)
retention-nothing = No venció nada más.
retention-how = No se borró nada. Quien administra lee cada registro y luego lo borra con `amparo erase ID --reason retention`
restore-held-erased = { $records } de ellos estaban bajo una retención legal cuando se hizo la copia; se borraron después de levantarla, o en una copia de la bóveda que no la tenía
