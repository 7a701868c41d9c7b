### Claves que sobreviven a las personas: salidas, borrados.

member-removed = Retirada. Desde ahora no abre nada de lo que se escriba.
member-removed-copied = aviso: lo que copió mientras era integrante lo sigue teniendo; ningún programa se lo quita
progress-reseal = sellando de nuevo [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}per_sec{"}"}, quedan {"{"}eta{"}"}
reseal-nothing = No queda nada por sellar de nuevo.
reseal-done = Sellados de nuevo: { $records }. Las claves anteriores ya no se usan.

ask-erase = Esto destruye { $records } para siempre. Escriba el final del id ({ $tail }) para seguir:
erase-not-confirmed = No se borró nada: no se escribió la confirmación
hint-erase-not-confirmed = En un guion, `--yes` la contesta
erase-tell = falta avisar a: { $recipient }, que recibió datos el { $date }
erase-unread = listas de destinatarios que ya no se pudieron leer: { $count }
erase-done = Borrados: { $records } con { $revisions } valores anteriores. Lugar en la bitácora: { $leaf }.
erase-final = definitivo frente a { $against }: sí
erase-not-final = definitivo frente a { $against }: no
erase-because = porque { $because }
erase-backup = el respaldo { $id } ({ $label }, { $date }) todavía lo contiene
against-members = quienes usan la bóveda
against-staff_keys = todas las claves del personal con todos los bloques viejos de este disco
against-search_words = alguien con un rol que prueba una palabra adivinada
against-backups = los respaldos
against-quorum = los custodios con una copia anterior de la carpeta
because-no_escrow = no hay custodia: una cápsula anterior se abre para quien administra (`amparo escrow setup`)
because-best_effort_anchor = el ancla es un archivo: la memoria flash y algunos sistemas de archivos guardan bloques viejos
because-anchor_copied = el ancla está en un medio extraíble, donde puede copiarse
because-not_reindexed = el índice todavía guarda restos de palabras (`--final` lo rehace)
because-backups_remain = se conocen respaldos de antes: destrúyalos, luego `amparo backup forget`
because-unrecorded_copies = las copias que nadie registró no se pueden nombrar
because-escrow_key_lives = la clave de la custodia no se cambió desde entonces (`amparo escrow replace`)
verify-receipt = Un recibo de borrado del { $date }, firmado con la clave { $key }: no fue alterado.
verify-receipt-log = La bóveda lo confirma: su bitácora dice lo mismo, y nada queda en esos lugares.
verify-receipt-no-log = No se comparó con la bitácora: para eso nombre la bóveda y una identidad.
status-left = Por sellar de nuevo
status-left-is = { $records } (`amparo reseal`)
not-a-reason = Un motivo es survivor_request, retention, court_order o entered_in_error
