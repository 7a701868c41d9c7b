cmd-audit = Quién hizo qué, y lo que otras organizaciones guardan de ello
cmd-audit-show = Muestra la bitácora: quién, qué, cuándo y por qué
    .record = Solo lo que tocó este registro o lo que está bajo él
    .since = Solo desde este día o momento
    .html = Escribe el historial del registro como página para la organización
    .for_person = Escribe la página para la persona: quién ha visto su expediente y a quién se entregó
cmd-audit-checkpoint = Muestra tres líneas que otra organización guarda, para que nadie acorte ni cambie la bitácora sin que se note
    .since = Un testimonio que la otra organización tiene: añade la prueba de que la bitácora de hoy lo continúa
cmd-audit-witness = Compara un testimonio que otra organización guardó con la bitácora de hoy, y lo recuerda
    .file = El testimonio

progress-audit = leyendo la bitácora [{"{"}bar:30{"}"}] {"{"}pos{"}"}/{"{"}len{"}"}, faltan {"{"}eta{"}"}

audit-line = { $at }  { $what }  { $by } ({ $role })  [{ $leaf }]
audit-failed = { $count ->
        [one] antes falló un intento de abrir
       *[other] antes fallaron { $count } intentos de abrir
    }
audit-given = { $fields ->
        [one] un dato
       *[other] { $fields } datos
    } a { $to } para { $purpose }
audit-open = se dejó sin sellar
audit-reference = se entregó también la lista de lo que significan sus códigos
audit-handed = de { $from } a { $to }
audit-page = Escrito en { $file }. Nombra a personas: guárdelo como guarda el caso
audit-checkpoint = La bitácora tiene { $leaves } anotaciones. Entregue estas líneas a otra organización, para que las guarde tal cual
audit-checkpoint-key = Quien las guarda las verifica con esta llave: { $key }
audit-witnessed = La bitácora de hoy empieza con las { $leaves } anotaciones de este testimonio, que firmó { $by }

verify-checkpoint = el testimonio de una bitácora de { $leaves } anotaciones está firmado y no fue alterado
verify-checkpoint-since = la bitácora continúa las { $leaves } anotaciones del testimonio que se guardó
verify-checkpoint-not = no se prueba: de quién es la llave, ni que la bóveda tenga aún estas anotaciones: pida un testimonio más nuevo con la prueba
verify-checkpoint-key = Para verificar un testimonio indique la llave que le dieron (--key), o una bóveda y una identidad
verify-checkpoint-proof = Este testimonio no trae prueba: pida uno hecho con `audit checkpoint --since`

notice-unlocks-failed = Alguien no pudo abrir esta bóveda desde la última vez; `amparo audit show` dice cuántas veces
notice-unlock-not-logged = El disco no admite más: esta sesión no consta en la bitácora y solo lee
