### Archivos adjuntos y su custodia.

attach-original = Adjuntado. El original sigue donde estaba: nadie lo quitó de ahí.
attach-in-clear = { $file } está ahí sin cifrar. Bórrelo cuando se haya usado.
attach-sealed = (de un compartimento que este rol no abre)
attach-field-empty = El archivo SÍ quedó adjunto, como { $id }; no se pudo llenar su campo. No lo adjunte otra vez: llene el campo con ese identificador.
attach-changed = El archivo cambió mientras se leía: no se adjuntó nada
hint-attach-changed = Espere a que termine quien escribe en él
attach-not-a-file = Esto no es un archivo común
custody-written = La custodia está en { $dir }. Dice sin cifrar qué es el archivo y quién lo tuvo.
custody-hand-over = Cuando se entregue, anótelo: amparo custody hand-over { $id } --to TEXTO
verify-custody = Una cadena de custodia de { $links ->
    [one] una declaración
   *[other] { $links } declaraciones
 } sobre el archivo con SHA-256 { $sha256 }: cada una firmada, en orden, y en la bitácora del punto de control
verify-custody-came = { $at }: adjuntado por { $by }, firmado con { $key ->
    [founder] la clave fundadora
   *[other] otra clave
 }
verify-custody-went = { $at }: de { $from } a { $to } (firmado por { $by }, con { $key ->
    [founder] la clave fundadora
   *[other] otra clave
 })
verify-custody-file = el archivo es, byte por byte, el que se adjuntó
verify-custody-no-file = qué archivo es: nómbrelo con --file
verify-custody-vault = La bóveda lo confirma: quienes firmaron son de su lista, y su bitácora dice lo mismo.
verify-custody-founder = Todo está firmado con la clave que fundó la bóveda con la huella { $fingerprint }: compárela con lo que le dijeron por otro medio.
verify-custody-others = Nada prueba aquí que esto sea de la bóveda con esa huella: no todo está firmado con la clave que la fundó
hint-verify-custody-others = Cotéjelo con la bóveda (--vault, --identity), o pregunte a la organización de quién son las otras claves
verify-custody-before = qué pasó con el archivo antes de adjuntarse, ni que lo que muestra sea verdad
verify-custody-clock = las horas: son las de los relojes de quienes firmaron
verify-custody-copies = que no hubo copias, ni entregas que nadie anotó o que se anotaron después de hacerse esta constancia
verify-custody-left-out = que esto es todo: las entregas posteriores, las que omitió quien le dio esta constancia, y las copias. La bóveda puede decirlo, mientras guarde el archivo (--vault, --identity)
