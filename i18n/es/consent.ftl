### Palabras sobre el consentimiento.

decision = { $effect }: { $reason }
effect-permit = permitido
effect-deny = negado
decision-cites = se apoya en { $of }, hecho { $event }
decision-obliges = hay que: { $words }
decision-misses = falta: { $words }
decision-covers = { $label }: { $permitted } de { $all } campos
override-waits = aviso: aún no vale: otro integrante lo aprueba con `amparo consent approve`
recall = hay que avisar: { $name } recibió datos el { $at } que después se retiraron
recall-late = hay que avisar de inmediato: { $name } recibió datos el { $at }, cuando ya se habían retirado
consent-import-nothing = aviso: todo estaba ya aquí
print-full = aviso: { $file } lo nombra todo: debe quedar en un lugar seguro
print-discreet = aviso: { $file } no cuenta lo que pasó; --full lo nombra todo

show-purposes = para: { $words }
show-to = a: { $words }
show-data = datos: { $words }
show-all-data = todo
show-until = hasta: { $words }
show-condition = con la condición: { $words }
show-override = { $id }  excepción para { $purpose }, a { $to }, hasta { $until }; la aprueban { $approvals }
show-block = bloqueo: { $who } ({ $words })
show-disclosure = { $at }  se entregó a { $to }: { $fields ->
    [one] 1 campo
   *[other] { $fields } campos
}

policy-head = { $name } { $version }, firmada por { $by }, vigente desde { $since }
policy-age = desde los { $from } años: ella { $child }; quien habla por ella { $guardian }
voice-must-agree = debe aceptar
voice-is-heard = debe ser escuchada
voice-is-told = debe ser informada

standing-in-force = vigente
standing-partly = vigente en parte
standing-ended = no vigente

reason-no-consent = nadie lo ha aceptado
reason-purpose-not-covered = ningún consentimiento es para esta finalidad
reason-recipient-not-covered = ningún consentimiento para esta finalidad nombra a este destinatario
reason-data-not-covered = ningún consentimiento cubre estos datos
reason-action-not-covered = ningún consentimiento cubre lo que se haría
reason-too-identifiable = el consentimiento permite que se la reconozca menos
reason-without-narrative = el consentimiento deja fuera los textos libres
reason-not-answered = se le preguntó y no ha respondido
reason-deferred = quiere decidir después
reason-entered-in-error = el consentimiento se registró por error
reason-invalidated = el consentimiento no era válido
reason-superseded = otro consentimiento lo reemplazó
reason-revoked = un juzgado o tutor lo dejó sin efecto
reason-withdrawn = fue retirado
reason-restricted = esta parte fue excluida
reason-expired = su plazo ya venció
reason-lapsed-at-majority = se dio cuando era menor de edad, y ya es mayor
reason-giver-not-entitled = quien aceptó no puede hablar por ella a su edad
reason-giver-blocked = quien aceptó está bloqueado
reason-interpreter-missing = necesita intérprete, y no se anotó ninguno
reason-witness-missing = necesita un testigo, y no se anotó ninguno
reason-notice-missing = no se anotó qué aviso se le explicó
reason-subject-must-agree = falta que ella acepte
reason-guardian-missing = falta que acepte quien habla por ella
reason-age-unknown = no se conoce su edad, y podría ser muy pequeña para aceptar sola
reason-guardian-refuses = quien habla por ella se niega
reason-refused = ella se niega
reason-child-dissents = la niña, niño o adolescente se niega, y eso vale más que lo que otros permitan
reason-override-not-approved = la excepción necesita un segundo aprobador
reason-override-without-lead = nadie responsable de protección aprobó la excepción
reason-override-expired = el plazo de la excepción terminó
reason-override-used = la excepción era para una exportación, que ya se hizo
reason-unknown-purpose = la política no conoce la finalidad
reason-recipient-blocked = el destinatario está bloqueado
reason-prohibited = la política lo prohíbe, acepte quien acepte
reason-consent-in-force = un consentimiento vigente lo cubre
reason-override-in-force = una excepción vigente lo cubre

missing-consent = un consentimiento que lo cubra
missing-subject-agreement = que ella acepte
missing-guardian-agreement = que acepte quien habla por ella
missing-adult-confirmation = que lo confirme como adulta
missing-renewal = un nuevo plazo
missing-birth-date = su fecha de nacimiento
missing-interpreter = el nombre de quien interpretó
missing-witness = el nombre de un testigo
missing-notice = el aviso que se explicó
missing-second-approver = un segundo aprobador
missing-protection-lead = un aprobador responsable de protección

obligation-review-each = mostrarle cada cosa antes de que salga
obligation-notify-first = avisarle antes de que salga
obligation-no-onward-transfer = comprometer al destinatario a no pasarlo a nadie
obligation-safe-contact-only = comunicarse con ella solo de la forma que dijo segura
obligation-human-review = que una persona lea el texto y apruebe lo que se muestra
obligation-generalise-place = dar el lugar solo en general
obligation-scrub-attachment = limpiar el archivo de lo que dice además de su contenido
obligation-second-person = que una segunda persona lo autorice
obligation-tell-person = decirle que se hizo
obligation-review-override = revisar la excepción en su plazo

event-requested = se le pregunta
event-deferred = quiere decidir después
event-given = acepta
event-assent-given = acepta, siendo menor
event-refused = se niega
event-dissented = se niega, siendo menor
event-renewed = acepta de nuevo
event-restricted = excluye una parte
event-withdrawn = lo retira
event-superseded = reemplazado por otro
event-invalidated = sin validez
event-revoked = dejado sin efecto por juzgado o tutor
event-reconfirmed-as-adult = lo confirma como adulta
event-entered-in-error = registrado por error

party-subject = ella misma
party-guardian = tutor o tutora
party-trusted-adult = adulto de confianza
party-caseworker = responsable del caso
party-court = juzgado

channel-written = por escrito
channel-thumbprint = huella digital
channel-oral-witnessed = de palabra, con testigos
channel-oral-recorded = de palabra, grabado
channel-phone = por teléfono
channel-digital = en una pantalla
channel-pictogram = con dibujos

condition-review-each = ella ve cada cosa antes de que salga
condition-notify-first = se le avisa antes de que salga
condition-no-onward-transfer = el destinatario no lo pasa a nadie
condition-safe-contact-only = se le contacta solo de la forma segura
condition-without-narrative = sin textos libres
condition-human-reviewed-redaction = una persona lee lo que se tacha

kind-prosecutor = fiscalía
kind-court = juzgado
kind-police = policía
kind-upe = Unidad de Protección Especial
kind-cem = Centro Emergencia Mujer
kind-demuna = DEMUNA
kind-health = servicio de salud
kind-shelter = refugio
kind-school = escuela
kind-lawyer = abogada o abogado
kind-ombudsperson = Defensoría del Pueblo
kind-consulate = consulado
kind-un-agency = agencia de la ONU
kind-partner = organización aliada
kind-family = familia
kind-donor = donante
kind-research = investigación
kind-media = medios
kind-team = equipo propio
kind-other = otro

block-perpetrator = presunto agresor
block-conflict = conflicto de intereses
block-court-order = por orden judicial
