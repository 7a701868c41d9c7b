//! The words of the page, each beside its translation: for somebody in a court who has heard of
//! none of this.

use crate::language::Phrase;

pub(super) const TITLE: Phrase = Phrase("Cadena de custodia", "Chain of custody");
pub(super) const FOOTER: Phrase = Phrase(
    "Se comprueba con custody.json y el archivo: amparo verify custody.json --file ARCHIVO",
    "Checked with custody.json and the file: amparo verify custody.json --file FILE",
);
pub(super) const WHAT: Phrase = Phrase("El archivo", "The file");
pub(super) const SHA256: Phrase = Phrase("SHA-256", "SHA-256");
pub(super) const BLAKE3: Phrase = Phrase("BLAKE3", "BLAKE3");
pub(super) const BYTES: Phrase = Phrase("Bytes", "Bytes");
pub(super) const KIND: Phrase = Phrase("Clase", "Kind");
pub(super) const MEDIA_TYPE: Phrase = Phrase("Formato", "Format");
pub(super) const NAME: Phrase = Phrase("Nombre original", "Original name");
pub(super) const COLLECTED_BY: Phrase = Phrase("Recogido por", "Collected by");
pub(super) const COLLECTED_AT: Phrase = Phrase("Recogido el", "Collected on");
pub(super) const COLLECTED_WHERE: Phrase = Phrase("Recogido en", "Collected at");
pub(super) const NOTE: Phrase = Phrase("Nota", "Note");
pub(super) const CHAIN: Phrase = Phrase("Quién lo tuvo", "Who had it");
pub(super) const ATTACHED_BY: Phrase = Phrase("Ingresado por", "Attached by");
pub(super) const FROM: Phrase = Phrase("Entregado por", "Handed over by");
pub(super) const TO: Phrase = Phrase("Recibido por", "Received by");
pub(super) const RECORDED_BY: Phrase = Phrase("Registrado por", "Recorded by");
pub(super) const WHEN: Phrase = Phrase("Entregado el", "Handed over on");
pub(super) const WHY: Phrase = Phrase("Motivo", "Reason");
pub(super) const SIGNED_AT: Phrase = Phrase("Firmado el", "Signed on");
pub(super) const LEAF: Phrase = Phrase("Posición en el registro", "Position in the log");
pub(super) const KEY: Phrase = Phrase("Clave pública (Ed25519)", "Public key (Ed25519)");
pub(super) const SIGNATURE: Phrase = Phrase("Firma", "Signature");
pub(super) const LOG: Phrase = Phrase("El registro", "The log");
pub(super) const FINGERPRINT: Phrase = Phrase("Huella de la bóveda", "Fingerprint of the vault");
pub(super) const CHECKPOINT: Phrase = Phrase("Punto de control", "Checkpoint");
pub(super) const CHECKPOINT_KEY: Phrase =
    Phrase("Clave del punto de control", "Key of the checkpoint");
pub(super) const PROVED: Phrase = Phrase("Qué queda probado", "What is proved");
pub(super) const ALL_PROVED: [Phrase; 3] = [
    Phrase(
        "Quien tiene cada clave firmó lo que aquí se dice del archivo y de cada entrega.",
        "Whoever holds each key signed what is said here of the file and of each hand-over.",
    ),
    Phrase(
        "El archivo que tiene este SHA-256 es, byte por byte, el que ingresó.",
        "A file with this SHA-256 is, byte for byte, the one that was attached.",
    ),
    Phrase(
        "Cada firma estaba en el registro cuando se hizo el punto de control, en este orden.",
        "Each signature stood in the log when the checkpoint was made, in this order.",
    ),
];
pub(super) const NOT_PROVED: Phrase = Phrase("Qué no queda probado", "What is not proved");
pub(super) const ALL_NOT_PROVED: [Phrase; 4] = [
    Phrase(
        "De quién es cada clave: pregúntelo a la organización, o compare la huella si usted la conoce.",
        "Whose each key is: ask the organisation, or compare the fingerprint if you know it.",
    ),
    Phrase(
        "Qué pasó con el archivo antes de que ingresara, ni que su contenido sea verdad.",
        "What happened to the file before it was attached, or that what it shows is true.",
    ),
    Phrase(
        "La hora: la dio el reloj de quien firmó. Un punto de control que guardó otra institución fija una fecha.",
        "The time: it is that of the signer's clock. A checkpoint that another institution kept fixes a date.",
    ),
    Phrase(
        "Que esto es todo: las entregas posteriores, las que omitió quien dio esta hoja, las que nadie registró, y las copias. La organización puede cotejarla con su bóveda.",
        "That this is all: later hand-overs, those that whoever gave this page left out, those that nobody recorded, and copies. The organisation can hold it against its vault.",
    ),
];
