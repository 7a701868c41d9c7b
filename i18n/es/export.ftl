### Palabras sobre expedientes.

export-counts = { $records ->
    [one] 1 registro
   *[other] { $records } registros
}; { $kept } datos tal como constan
export-marked = { $count } × { $code }: { $words }
export-preview = vista previa escrita en { $file }: es para usted, no para quien recibe el expediente
export-sealed = escrito en { $dir }: cifrado, solo { $to } puede abrirlo
export-open = escrito en { $dir }: SIN cifrar, quien lo encuentre puede leerlo; quedó registrado
export-unsearched = aviso: { $place } contiene un valor reservado, o una parte de uno, demasiado corto para buscarlo en los archivos terminados
export-unopened = aviso: { $place } está cerrado para usted: no se pudo buscar en los archivos terminados
export-refused-because = { $count } × { $reason }
export-by-profile = este tipo de expediente no lo incluye
export-nothing = nada de esto puede salir
hint-export-nothing = amparo consent show PERSONA dice qué se acordó; --preview ARCHIVO.html lo muestra dato por dato
export-first = antes de que salga hay que: { $what }
hint-export-first = cuando esté hecho, dígalo con --fulfilled CÓDIGO
open-done = abierto en { $dir }: guárdelo bajo llave
verify-files = { $files ->
    [one] 1 archivo es
   *[other] { $files } archivos son
} exactamente lo que dice el manifiesto, y no hay ningún otro
verify-signed = el expediente { $export }, hecho el { $made_at }, está firmado con la llave { $key } y no cambió desde entonces
verify-shown = { $fields } de los { $all } datos que mostraba al hacerse están aquí, cada uno como se firmó
verify-kept-back = { $fields } de ellos los dejó fuera quien lo pasó
verify-withheld = { $fields } datos se reservaron al hacerlo; la firma dice cuántos y por qué, no cuáles
verify-not = no queda probado: { $words }
verify-not-who = de quién es la llave: compárela con lo que la organización le diga por otra vía
verify-not-true = que lo que dice sea cierto: solo que así constaba entonces en la organización
verify-not-all = que la organización no tenga otros registros
review-read-all = léalo entero: no se proponen los nombres que nadie registró
review-state = lectura: { $words }
review-unread = no está aprobado como está ahora
review-second = una persona lo aprobó; es sobre una persona menor de edad, y otra debe leerlo y aprobarlo también
review-approved = aprobado
review-retracted = retirado: no sale hasta que alguien lo apruebe de nuevo; lo que ya salió no regresa
review-file-of = archivo de { $record }
review-released = permitido hasta { $until }; otra persona hace el expediente
progress-review = leyendo [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, quedan {"{"}eta{"}"}
progress-export = decidiendo [{"{"}bar:30{"}"}] {"{"}percent{"}"} %, quedan {"{"}eta{"}"}
verify-altered = no es lo que se firmó: algo fue alterado, añadido o falta
hint-verify-altered = no lo dé por bueno; pida a quien lo entregó que lo envíe otra vez
