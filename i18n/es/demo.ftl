### `demo`: una historia en ocho pasos.

demo-name = Demostración
demo-member = Demo { $role }
demo-warning = warning: las claves en { $dir } son de demostración y no tienen contraseña: no guarde nada real en esta bóveda
demo-made = Una bóveda de { $cases } casos inventados: { $records } registros, hecha en { $seconds } s. Nadie en ella existe.
demo-find = Alguien oyó «{ $heard }» por teléfono; por el sonido halla { $count } personas:
demo-consent = Una fiscalía ({ $to }) pide el nombre de una niña de la bóveda:
demo-consent-step = { $step } -> { $effect }: { $reason }
demo-consent-before = aún no se preguntó a nadie
demo-consent-mother = su madre acepta de palabra, ante un testigo
demo-consent-girl = ella misma acepta
demo-roles = El caso { $case }, abierto con tres claves. Una clave abre sus compartimentos; no lo decide un programa:
demo-sealed = sellado
demo-thief = Lo que ve un ladrón en el disco:
demo-thief-count = { $files } archivos, { $kilobytes } KiB, en todos se buscaron { $wanted } nombres, documentos, direcciones y códigos en UTF-8 y UTF-16. Hallados: { $found }
demo-check = Se revisó cada fila, sección, entrada de índice y hoja de bitácora de { $records } registros. Hallazgos: { $findings }
demo-court = El caso de la niña sale para { $to }, con su identidad en reserva:
demo-court-read = el relato lo leyeron dos personas antes de que saliera (se propuso ocultar { $spans } partes)
demo-court-counts = { $kept } datos como constan, { $changed } cambiados, { $withheld } reservados, cada uno con su razón
demo-court-verified = la fiscalía lo abrió con su llave: { $files } archivos, todos como se firmaron (llave { $key })
demo-look-preview = lo que vio la abogada antes de firmar
demo-look-pdf = lo que lee la fiscalía
demo-look-html = lo mismo, para cualquier computadora
demo-next = Para seguir probando:
progress-demo = inventando [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}per_sec{"}"}, quedan {"{"}eta{"}"}
