### Textos de ayuda. `cmd-<ruta>` es una orden; sus atributos son sus argumentos.

help-usage = Uso:
help-options = Opciones
help-arguments = Argumentos
help-commands = Órdenes
help-command = ORDEN

cmd-amparo = Guarda expedientes de sobrevivientes con cada campo sellado por separado
    .vault = La bóveda (si no, AMPARO_VAULT; si no, ./vault)
    .identity = Quién actúa (si no, AMPARO_IDENTITY)
    .passphrase_file = La primera línea es la contraseña; si no, se pide en la terminal
    .lang = Idioma de textos y etiquetas (si no, el de LANG; si no, inglés)
    .format = Qué va a la salida estándar: text o json
    .fingerprint = La bóveda debe ser esta
    .yes = Responde la confirmación de una orden destructiva
    .quiet = No dibuja barras de avance
    .help = Muestra esta ayuda
    .version = Muestra la versión
    .after-help = Códigos de salida: 0 hecho, 1 falló, 2 uso, 3 cerrado, 4 rechazado, 5 integridad, 6 quórum.

cmd-demo = Crea una bóveda de casos inventados, busca en ella y muestra qué ve cada rol y qué ve un ladrón
    .dir = Una carpeta nueva o vacía (amparo-demo)

cmd-identity = El archivo que dice quién actúa
cmd-identity-new = Crea un archivo de identidad y muestra su tarjeta de integrante
    .file = El archivo que se crea
    .no_passphrase = Deja el archivo sin protección: quien lo tenga es usted
cmd-identity-card = Muestra la tarjeta de integrante de un archivo de identidad
    .file = El archivo de identidad

cmd-init = Crea una bóveda; la identidad queda como dirección. Muestra la huella
    .name = El nombre de la bóveda
    .schema = Qué puede guardar: un archivo de esquema, o el incluido peru

cmd-status = Dice cómo está la bóveda

cmd-member = Quién puede abrir qué
cmd-member-add = Admite a una persona integrante
    .name = Su nombre
    .card = Su tarjeta (amparo-member1...)
    .role = Su rol en el esquema
cmd-member-list = Lista a las personas integrantes

cmd-schema = Qué puede guardar una bóveda
cmd-schema-show = Muestra los tipos de registro, o los campos de uno
    .record_type = Un tipo de registro
    .schema = Un archivo de esquema, o el incluido peru (si no, el de la bóveda)
cmd-schema-check = Lee un archivo de esquema y dice qué tiene mal
    .file = El archivo de esquema
    .after = El esquema al que reemplaza: se rechaza lo que rompería registros antiguos

cmd-record = Los registros de una bóveda
cmd-record-add = Añade un registro y muestra su identificador
    .record_type = El tipo de registro, como lo lista `amparo schema show`
    .parent = El registro del que depende
    .sets = Un valor; puede repetirse. Lo ven otros usuarios de esta máquina; con --json - no
    .json = Un objeto de campos y valores; - lee la entrada estándar
cmd-record-show = Muestra un registro hasta donde lo abre su rol
    .id = El registro
    .fields = Solo este campo; puede repetirse
    .children = También todo lo que depende de él
cmd-record-list = Lista los registros de un tipo
    .record_type = El tipo de registro
    .parent = Solo los que dependen de este registro
    .limit = Cuántos como máximo (100)
cmd-record-edit = Cambia campos de un registro y muestra la nueva revisión
    .id = El registro
    .sets = Un valor nuevo; puede repetirse
    .clears = Un campo que se vacía; puede repetirse
    .json = Un objeto de campos y valores, null para vaciar uno; - lee la entrada estándar
    .revision = La revisión en que se basa el cambio (si no, la actual)
cmd-record-history = Lista quién cambió un registro y cuándo
    .id = El registro

cmd-find = Busca registros por un campo: exacto, por sonido, por primeras letras o por mes, según el esquema
    .record_type = El tipo de registro
    .field = El campo
    .value = Lo que se busca; - lo lee de la entrada estándar

cmd-import = Añade las filas de una tabla; importar dos veces no añade nada
    .record_type = El tipo de registro del que trata una fila
    .file = CSV (coma, punto y coma o tabulador) o líneas JSON, en UTF-8 o Windows-1252
    .map = Qué columna es qué campo (docs/import.md)
    .dry_run = Revisa todo y no escribe nada
    .batch = Filas en una sola escritura (1000, que es el máximo)

cmd-check = Revisa cada fila, sección, entrada de índice y hoja
    .quick = Solo lo que no revisó la apertura

cmd-generate = Páginas de manual y autocompletado
cmd-generate-man = Muestra la página de manual
    .out = Escribe una página por orden en esta carpeta
cmd-generate-completions = Muestra el autocompletado de un intérprete
    .shell = bash, elvish, fish, powershell o zsh
