//! What sort of file it is, as its first bytes tell: a name can say anything.

/// The media type (RFC 6838); what is not known is just bytes.
pub(super) fn media_type(head: &[u8]) -> &'static str {
    let brand = head.get(4..12).unwrap_or_default();
    if let Some((_, found)) = STARTS.iter().find(|(start, _)| head.starts_with(start)) {
        return found;
    }
    if brand.starts_with(b"ftyp") {
        return match brand.get(4..) {
            Some(b"M4A ") => "audio/mp4",
            Some(b"qt  ") => "video/quicktime",
            Some(b"heic" | b"heix" | b"mif1") => "image/heic",
            Some(b"avif") => "image/avif",
            Some(brand) if brand.starts_with(b"3g") => "video/3gpp",
            _ => "video/mp4",
        };
    }
    if head.starts_with(b"RIFF") {
        return match head.get(8..12) {
            Some(b"WEBP") => "image/webp",
            Some(b"WAVE") => "audio/wav",
            Some(b"AVI ") => "video/x-msvideo",
            _ => UNKNOWN,
        };
    }
    UNKNOWN
}

const UNKNOWN: &str = "application/octet-stream";

/// The first bytes of what phones, scanners and offices write.
const STARTS: &[(&[u8], &str)] = &[
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1a\x45\xdf\xa3", "video/x-matroska"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_and_a_name_does_not() {
        assert_eq!(media_type(b"\xff\xd8\xff\xe0rest"), "image/jpeg");
        assert_eq!(media_type(b"\0\0\0\x18ftypisom"), "video/mp4");
        assert_eq!(media_type(b"\0\0\0\x18ftypM4A "), "audio/mp4");
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBP"), "image/webp");
        for unknown in [b"".as_slice(), b"RIFF", b"photo.jpg", b"\0\0\0"] {
            assert_eq!(media_type(unknown), UNKNOWN);
        }
    }
}
