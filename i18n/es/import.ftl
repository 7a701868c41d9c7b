### `import`: el mapa, la tabla, las filas.

import-guessed = aviso: el archivo no es UTF-8; se lee como { $encoding }
import-done = { $rows } filas leídas: { $added } añadidas, { $skipped } ya estaban, { $failed } fallaron
import-would = { $rows } filas leídas, nada escrito: { $added } se añadirían, { $skipped } ya están, { $failed } fallarían
import-cell = fila { $row } (línea { $line }), columna { $column }
import-row = fila { $row } (línea { $line })
import-more-problems = y problemas en { $rows } filas más
import-unusual = { $words } (veces: { $count })
progress-import = importando [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, {"{"}msg{"}"}, quedan {"{"}eta{"}"}
progress-rows = filas: { $rows }, { $rate } por segundo

reason-cell-count = la fila tiene más o menos celdas que el encabezado
reason-cell-too-long = una celda es más larga de lo permitido
reason-too-many-columns = hay demasiadas columnas
reason-bad-json = la línea no es un objeto JSON de nombres y valores
reason-unknown-column = hay un valor en una columna de la que no se sabe nada
reason-date = no es una fecha de la forma esperada
reason-moment = no es una fecha y hora de la forma esperada
reason-integer = no es un número entero
reason-decimal = no es un número
reason-boolean = no es ni sí ni no
reason-place = no es un código de lugar de seis dígitos
reason-place-scheme = un código de lugar sin su esquema; place_scheme del mapa dice cuál
reason-parent-not-in-row = la fila no tiene el registro del que este depende
reason-parent-not-found = el registro del que este depende no está en la bóveda

encoding-unknown = El archivo no es texto UTF-8 ni Windows-1252
hint-encoding-unknown = Guárdelo como "CSV UTF-8", o nombre su codificación en el mapa
table-no-header = El archivo no tiene encabezado
table-too-wide = El archivo tiene demasiadas columnas
table-row-too-long = La fila { $row } es más larga de lo permitido
hint-table-row-too-long = Busque una comilla sin cerrar
table-bad-text = La fila { $row } no es texto en la codificación del archivo
table-column-twice = La columna { $number } se llama como una anterior
table-unknown-columns = No se sabe nada de estas columnas, contadas desde 1: { $numbers }
hint-table-unknown-columns = Nómbrelas en un mapa (--map) bajo columns o ignore; docs/import.md muestra cómo
table-absent-columns = El mapa nombra columnas que el archivo no tiene: { $names }
map-unreadable = El mapa no se puede leer (línea { $line }, columna { $column })
hint-map-unreadable = docs/import.md muestra cómo es un mapa
map-both = Un mapa tiene [columns] o [[record]], no ambos
map-other-type = El mapa no hace ningún registro del tipo { $kind }
map-unknown-type = El mapa nombra un tipo de registro que el esquema no tiene: { $kind }
map-type-twice = El mapa hace dos registros del tipo { $kind } con una fila
map-parent-after = El mapa nombra { $kind } como superior antes de hacerlo
map-parent-no-key = { $kind } no tiene clave con que hallar un registro superior
map-parent = Un registro { $kind } depende de un { $parent }: el mapa debe decir de cuál
hint-map-parent = parent = "TIPO" para un registro de la misma fila, o parent = {"{"} type = "TIPO", key_column = "COLUMNA" {"}"}
map-no-parent = Un registro { $kind } no depende de nada
map-unknown-field = { $kind } no tiene el campo { $field }
map-field-twice = El campo { $field } se llena dos veces
map-bad-template = La constante de { $field } tiene una llave abierta
map-bad-date-format = El formato de fecha de { $field } debe tener DD, MM y YYYY, separados
map-bad-place-scheme = El esquema de lugar de { $field } debe ser inei o reniec
map-bad-encoding = El mapa nombra una codificación desconocida: utf-8, utf-16le, utf-16be o windows-1252
map-bad-delimiter = El separador debe ser un carácter simple
