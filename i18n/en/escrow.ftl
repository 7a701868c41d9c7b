### Words about custodians and their shares.

share-is = share { $index } of { $custodians }; { $quorum } are needed together
share-of = vault { $fingerprint }, escrow number { $epoch }
share-whole = whole, and signed by { $signer ->
    [founder] the vault's first administrator: the fingerprint proves it
   *[other] somebody whom only the vault can name
}
share-compare = compare the fingerprint with what the organisation tells you in another way
share-alone = whether it is the newest, and one that the vault knows, only the vault can tell
share-resealed = written to { $file }: only the holder of that card can open it; make sure by telephone whose it is
