//! What sort of file it is, as its first bytes tell: a name can say anything.

/// The media type (RFC 6838); what is not known is just bytes.
pub(in crate::vault) fn media_type(head: &[u8]) -> &'static str {
    if let Some((_, found)) = STARTS.iter().find(|(start, _)| head.starts_with(start)) {
        return found;
    }
    if head.get(4..8) == Some(b"ftyp") {
        return of_brands(head);
    }
    if head.starts_with(b"RIFF") {
        return match head.get(8..12) {
            Some(b"WEBP") => "image/webp",
            Some(b"WAVE") => "audio/wav",
            Some(b"AVI ") => "video/x-msvideo",
            _ => UNKNOWN,
        };
    }
    match () {
        () if is_bitmap(head) => "image/bmp",
        () if is_drawing(head) => "image/svg+xml",
        () => UNKNOWN,
    }
}

/// By the brands of a file in boxes: one of a picture among them is enough.
fn of_brands(head: &[u8]) -> &'static str {
    let length = head.first_chunk().map_or(0, |length| u32::from_be_bytes(*length));
    let end = usize::try_from(length).unwrap_or(usize::MAX).min(head.len());
    // The first names the file; behind its version stand those that it can be read as.
    let (first, others) = (head.get(8..12), head.get(16..end));
    let brands = first.into_iter().chain(others.into_iter().flat_map(|all| all.chunks(4)));
    let known = |brand: &[u8]| BRANDS.iter().find(|(one, _)| *one == brand);
    if let Some((_, found)) = brands.into_iter().find_map(known) {
        return found;
    }
    match first {
        Some(b"M4A ") => "audio/mp4",
        Some(b"qt  ") => "video/quicktime",
        Some(brand) if brand.starts_with(b"3g") => "video/3gpp",
        _ => "video/mp4",
    }
}

/// Two letters are little: the length of the second header tells too.
fn is_bitmap(head: &[u8]) -> bool {
    let second = head.get(14..18).and_then(|length| length.first_chunk());
    let lengths = [12, 16, 40, 52, 56, 64, 108, 124];
    head.starts_with(b"BM")
        && second.is_some_and(|length| lengths.contains(&u32::from_le_bytes(*length)))
}

/// A drawing in XML, of whatever width its letters are.
fn is_drawing(head: &[u8]) -> bool {
    let letters = head.iter().take(DRAWING).filter(|byte| **byte != 0);
    let letters: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
    letters.windows(4).any(|word| word == b"<svg")
}

/// Within so many bytes a drawing says that it is one.
const DRAWING: usize = 1024;

const UNKNOWN: &str = "application/octet-stream";

/// The first bytes of what phones, scanners and offices write.
const STARTS: &[(&[u8], &str)] = &[
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"\0\0\x01\0", "image/vnd.microsoft.icon"),
    (b"\0\0\x02\0", "image/vnd.microsoft.icon"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"\xff\x0a", "image/jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
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

/// Brands of pictures, and of pictures that move.
const BRANDS: &[(&[u8], &str)] = &[
    (b"heic", "image/heic"),
    (b"heix", "image/heic"),
    (b"heim", "image/heic"),
    (b"heis", "image/heic"),
    (b"hevc", "image/heic-sequence"),
    (b"hevx", "image/heic-sequence"),
    (b"hevm", "image/heic-sequence"),
    (b"hevs", "image/heic-sequence"),
    (b"mif1", "image/heif"),
    (b"mif2", "image/heif"),
    (b"msf1", "image/heif-sequence"),
    (b"avif", "image/avif"),
    (b"avis", "image/avif"),
    (b"crx ", "image/x-canon-cr3"),
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
        assert_eq!(media_type(b"\0\0\0\x14ftypqt  \0\0\0\0qt  "), "video/quicktime");
        for unknown in [
            b"".as_slice(),
            b"RIFF",
            b"photo.jpg",
            b"\0\0\0",
            b"BMW azul, placa inventada",
            b"<html>",
        ] {
            assert_eq!(media_type(unknown), UNKNOWN);
        }
    }

    #[test]
    fn a_picture_is_one_by_its_first_bytes() {
        let wide: Vec<u8> = "<svg>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut far = vec![b' '; 900];
        far.extend(b"<SVG xmlns='http://www.w3.org/2000/svg'>");
        let mut pictures: Vec<Vec<u8>> = [
            &b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..],
            b"<?xml version='1.0'?><!-- x --><svg xmlns='http://www.w3.org/2000/svg'/>",
            b"GIF89a",
            b"II*\0",
            b"MM\0*",
            b"MM\0+",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"\0\0\x01\0\x01\0",
            b"8BPS\0\x01",
            b"\xff\x0a\xfa",
            b"\0\0\0\x0cJXL \r\n\x87\n",
            b"\0\0\0\x18ftypisom\0\0\0\0isomavif",
        ]
        .iter()
        .map(|picture| picture.to_vec())
        .chain([wide, far])
        .collect();
        for (brand, _) in BRANDS {
            pictures.push([b"\0\0\0\x18ftyp", *brand, b"\0\0\0\0"].concat());
        }
        for picture in pictures {
            assert!(media_type(&picture).starts_with("image/"), "{picture:?}");
        }
    }
}
