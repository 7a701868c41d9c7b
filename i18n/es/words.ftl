### Lo que dicen las órdenes cuando funcionan.

yes = sí
no = no
notice = aviso: { $words }
error-detail = ; en términos técnicos, en inglés: { $detail }
notice-not-recoverable = No hay personas custodias (`amparo escrow setup`): si se pierden este disco o sus claves nada se puede recuperar, y ningún borrado ni pánico es definitivo frente a quien administra
notice-journal-cut = La última escritura quedó cortada, como por un apagón, y no se confirmó; ya no está
notice-store-rebuilt = El almacén estaba dañado o atrasado y se reconstruyó desde el diario; no se perdió nada
notice-pinned-again = Usted abre esta bóveda por primera vez aquí: compare su huella con la de su dirección: { $fingerprint }
notice-sync-folder = La bóveda está en una carpeta que copia un servicio en la nube: lo borrado puede seguir allí
notice-clock-behind = El reloj de esta máquina está atrasado respecto a la última entrada de la bitácora
notice-erase-finished = Un borrado o cambio de claves interrumpido quedó terminado
notice-erase-undone = Un borrado o cambio de claves interrumpido se deshizo: repítalo
notice-head-missing = Falta la cabecera del ancla (anchor.head): por esta vez no se notaría una copia más antigua de la bóveda
notice-capsule-missing = La cápsula falta o está dañada; abra la bóveda una vez como dirección, que la hace de nuevo
notice-capsule-renewed = La cápsula faltaba, estaba dañada o era antigua, y se hizo de nuevo ahora: nada se perdió, pero alguien o algo cambió la carpeta de la bóveda
notice-needs-reseal = Alguien salió y no todo está sellado de nuevo: siga con `amparo reseal`
notice-read-only = La bóveda está abierta solo para leer

ask-passphrase = Contraseña de { $file }:
ask-new-passphrase = Contraseña nueva:
ask-again = Otra vez:
identity-plain = warning: { $file } no tiene contraseña: quien lo copie puede actuar como usted
identity-recipient = Como destinataria de age: { $recipient }

status-name = Nombre
status-vault = Bóveda
status-fingerprint = Huella
status-schema = Esquema
status-records = Registros
status-members = Integrantes
status-role = Su rol
status-compartments = Usted puede abrir
status-escrow = Personas custodias
status-no-escrow = ninguna
status-escrow-is = { $quorum } de { $custodians }
status-anchor = Ancla
status-log = Entradas de bitácora
status-erase-epoch = Época de borrado

schema-good = { $name } { $version }: { $types } tipos de registro, { $fields } campos
schema-required = obligatorio
schema-exact = búsqueda: exacta
schema-phonetic = búsqueda: por sonido y primeras letras

record-head = { $kind } { $id }, revisión { $revision }
record-parent = depende de { $id }
record-sealed = { $count ->
    [one] sellado: 1 campo
   *[other] sellados: { $count } campos
}
warning-unusual-form = warning: { $field } tiene una forma inusual; se guardó tal cual
warning-unknown-place = warning: { $field } es un lugar que no está en la tabla de distritos
warning-retired-code = warning: { $field } tiene un código que ya no se usa
warning-retired-field = warning: { $field } es un campo que ya no se usa
list-limit = aviso: se detuvo en { $limit }; --limit muestra más
find-nothing = aviso: no se encontró nada

progress-check = revisando [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}per_sec{"}"}, quedan {"{"}eta{"}"}
check-counts = registros: { $records }, secciones: { $sections }, entradas de índice: { $postings }, hojas de bitácora: { $leaves }
check-verdict = { $findings ->
    [0] Todo está como debe
    [one] 1 hallazgo
   *[other] { $findings } hallazgos
}
check-resumed = Continuó la verificación que empezó el { $at } y se interrumpió: lo que entonces estaba íntegro y no ha cambiado no se volvió a leer
check-quick = Lo que se revisa rápido está como debe
repair-store = El almacén estaba dañado ({ $files }) y se reconstruyó con lo que queda de él. Los archivos dañados se conservan en `store/{ $folder }`
repair-lost = Ya no se pudieron leer { $commits } escrituras ni { $blocks } partes de filas antiguas
repair-index = Se quitaron las filas que no pertenecen a nada, y un índice dañado se volvió a construir con los registros
repair-nothing = No hubo nada que reconstruir
repair-rest = Lo que ahora está dañado o falta no se puede reconstruir. Una copia de seguridad lo devuelve: `amparo restore`

panic-failed = No destruido: { $place }: { $what }
panic-done = El ancla está destruida: nada aquí se abre con ninguna clave del personal, y toda sesión abierta termina
panic-custodians = Un quórum de personas custodias puede recuperar la bóveda
panic-nobody = No hay personas custodias: nadie puede recuperar lo destruido
panic-not-reached = Fuera de alcance: intercambio e hibernación, exportaciones y vistas previas abiertas, otras copias de la carpeta hechas antes de que hubiera personas custodias
