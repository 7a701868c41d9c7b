### Palabras sobre las personas custodias y sus partes.

share-is = parte { $index } de { $custodians }; se necesitan { $quorum } juntas
share-of = bóveda { $fingerprint }, custodia número { $epoch }
share-whole = completa, y firmada por { $signer ->
    [founder] quien administró la bóveda desde el inicio: la huella lo prueba
   *[other] alguien a quien solo la bóveda puede nombrar
}
share-compare = compare la huella con la que la organización le dice por otro medio
share-alone = si es la más nueva y si la bóveda la conoce, solo la bóveda puede decirlo
share-resealed = escrito en { $file }: solo lo abre quien tiene esa tarjeta; confirme por teléfono de quién es
