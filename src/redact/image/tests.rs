//! Images as cameras, editors and attackers make them.

use image::{GenericImageView, ImageFormat, Luma, Rgb, Rgba};

use super::*;

const CANARY: &[u8] = b"CANARY-8.0464S-77.0428W-Flor";

fn picture(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| {
        let wave = |of: u32| u8::try_from((of * 255).min(255 * 31) / 31).unwrap();
        Rgb([wave(x.min(31)), wave(y.min(31)), wave((x + y) % 32)])
    };
    image::RgbImage::from_fn(width, height, pixel).into()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn jpeg() -> Vec<u8> {
    let mut out = Vec::new();
    let image = picture(40, 24);
    let encoder = JpegEncoder::new_with_quality(&mut out, 95);
    encoder.write_image(image.as_bytes(), 40, 24, ExtendedColorType::Rgb8).unwrap();
    out
}

fn png() -> Vec<u8> {
    encoded(&picture(40, 24), ImageFormat::Png)
}

fn read(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

fn kind(bytes: &[u8]) -> ErrorKind {
    scrub_image(bytes).unwrap_err().kind()
}

fn segment(marker: u8, parts: &[&[u8]]) -> Vec<u8> {
    let payload = parts.concat();
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], &payload].concat()
}

/// A JPEG with segments between SOI and what follows it.
fn with_segments(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    [&jpeg[..2], &segments.concat(), &jpeg[2..]].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

fn chunk(name: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let body = [&name[..], payload].concat();
    [&length[..], &body, &crc(&body).to_be_bytes()].concat()
}

/// A PNG with chunks between its header and what follows it.
fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// A PNG that says it is larger than it is.
fn sized(png: &[u8], width: u32, height: u32) -> Vec<u8> {
    let rest = [&width.to_be_bytes()[..], &height.to_be_bytes(), &png[24..29]].concat();
    [&png[..8], &chunk(b"IHDR", &rest), &png[33..]].concat()
}

/// Exif 2.32 by hand: make, orientation, a GPS directory, and a second directory with a small
/// picture.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()]
            .concat()
    };
    let text = u32::try_from(CANARY.len()).unwrap();
    let thumbnail = encoded(&picture(8, 8), ImageFormat::Jpeg);
    let small = u32::try_from(thumbnail.len()).unwrap();
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend(3_u16.to_le_bytes());
    out.extend(entry(0x010f, 2, text, 150));
    out.extend(entry(0x0112, 3, 1, orientation.into()));
    out.extend(entry(0x8825, 4, 1, 50));
    out.extend(80_u32.to_le_bytes());
    out.extend(2_u16.to_le_bytes());
    out.extend(entry(0x0001, 2, 2, u32::from(b'S')));
    out.extend(entry(0x0002, 5, 3, 110));
    out.extend(0_u32.to_le_bytes());
    out.extend(2_u16.to_le_bytes());
    out.extend(entry(0x0201, 4, 1, 150 + text));
    out.extend(entry(0x0202, 4, 1, small));
    out.extend(0_u32.to_le_bytes());
    out.resize(110, 0);
    [8_u32, 1, 2, 1, 4704, 100].iter().for_each(|n| out.extend(n.to_le_bytes()));
    out.resize(150, 0);
    out.extend(CANARY);
    out.extend(thumbnail);
    out
}

fn jpeg_exif(orientation: u8) -> Vec<u8> {
    segment(0xe1, &[b"Exif\0\0", &exif(orientation)])
}

fn finds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Peak signal to noise ratio in decibels.
fn psnr(a: &DynamicImage, b: &DynamicImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let (a, b) = (a.to_rgb8(), b.to_rgb8());
    let square = |(a, b): (&u8, &u8)| (f64::from(*a) - f64::from(*b)).powi(2);
    let error: f64 = a.as_raw().iter().zip(b.as_raw()).map(square).sum();
    10.0 * (255.0 * 255.0 * a.len() as f64 / error.max(1e-9)).log10()
}

#[test]
fn a_photograph_leaves_with_its_pixels_and_nothing_else() {
    let metadata = [
        jpeg_exif(1),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", CANARY]),
        segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", CANARY]),
        segment(0xed, &[b"Photoshop 3.0\0", CANARY]),
        segment(0xe0, &[b"JFXX\0\x10", &encoded(&picture(8, 8), ImageFormat::Jpeg)]),
        segment(0xfe, &[CANARY]),
    ];
    let plain = jpeg();
    let photograph = [with_segments(&plain, &metadata), b"PK\x03\x04".to_vec(), CANARY.to_vec()];
    let clean = scrub_image(&photograph.concat()).unwrap();
    assert_eq!((clean.extension(), clean.media_type()), ("jpg", "image/jpeg"));
    assert_eq!(clean.bytes(), scrub_image(&plain).unwrap().bytes());
    for canary in [CANARY, b"Exif", b"ICC", b"JFXX", b"PK\x03", b"adobe"] {
        assert!(!finds(clean.bytes(), canary));
    }
    assert!(psnr(&read(&plain), &read(clean.bytes())) > 38.0);
}

#[test]
fn a_drawing_leaves_pixel_by_pixel_and_nothing_else() {
    let metadata = [
        chunk(b"tEXt", &[b"Author\0", CANARY].concat()),
        chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", CANARY].concat()),
        chunk(b"eXIf", &exif(1)),
        chunk(b"iCCP", &[b"x\0\0", CANARY].concat()),
        chunk(b"pHYs", &[0, 0, 11, 19, 0, 0, 11, 19, 1]),
        chunk(b"tIME", &[7, 234, 11, 22, 1, 2, 3]),
        chunk(b"prVt", CANARY),
    ];
    let plain = png();
    let drawing = [with_chunks(&plain, &metadata), b"PK\x03\x04".to_vec(), CANARY.to_vec()];
    let clean = scrub_image(&drawing.concat()).unwrap();
    assert_eq!((clean.extension(), clean.media_type()), ("png", "image/png"));
    for canary in [CANARY, b"tEXt", b"iTXt", b"eXIf", b"pHYs", b"tIME", b"prVt", b"PK\x03"] {
        assert!(!finds(clean.bytes(), canary));
    }
    assert_eq!(read(clean.bytes()), picture(40, 24));
}

#[test]
fn nothing_turns_when_the_orientation_goes() {
    for orientation in 1..=8 {
        let mut upright = read(&jpeg());
        upright.apply_orientation(Orientation::from_exif(orientation).unwrap());
        let turned = with_segments(&jpeg(), &[jpeg_exif(orientation)]);
        let clean = scrub_image(&turned).unwrap();
        assert!(psnr(&upright, &read(clean.bytes())) > 30.0, "{orientation}");
        let mut upright = picture(40, 24);
        upright.apply_orientation(Orientation::from_exif(orientation).unwrap());
        let turned = with_chunks(&png(), &[chunk(b"eXIf", &exif(orientation))]);
        assert_eq!(read(scrub_image(&turned).unwrap().bytes()), upright, "{orientation}");
    }
}

#[test]
fn colours_of_every_depth_survive_and_transparency_lies_on_white() {
    let grey: DynamicImage = image::GrayImage::from_fn(9, 7, |x, y| Luma([(x * y) as u8])).into();
    let deep: DynamicImage =
        image::ImageBuffer::from_fn(9, 7, |x, y| Rgb([x as u16 * 7000, y as u16 * 9, 65535]))
            .into();
    for image in [grey, deep] {
        let clean = scrub_image(&encoded(&image, ImageFormat::Png)).unwrap();
        assert_eq!(read(clean.bytes()), image);
    }
    let mut hidden = image::RgbaImage::from_pixel(2, 1, Rgba([10, 20, 30, 255]));
    hidden.put_pixel(1, 0, Rgba([99, 98, 97, 0]));
    let clean = scrub_image(&encoded(&hidden.into(), ImageFormat::Png)).unwrap();
    assert_eq!(read(clean.bytes()).as_bytes(), [10, 20, 30, 255, 255, 255]);
}

#[test]
fn a_grey_photograph_stays_grey() {
    let grey: DynamicImage = image::GrayImage::from_fn(33, 9, |x, _| Luma([x as u8 * 7])).into();
    let clean = scrub_image(&encoded(&grey, ImageFormat::Jpeg)).unwrap();
    let read = read(clean.bytes());
    assert!(matches!(read, DynamicImage::ImageLuma8(_)) && psnr(&grey, &read) > 38.0);
}

#[test]
fn a_bomb_is_refused_before_it_is_decoded() {
    let small = png();
    for (width, height) in [(60_000, 60_000), (16_385, 1), (1, 16_385), (10_000, 5_001)] {
        assert_eq!(kind(&sized(&small, width, height)), ErrorKind::TooLong, "{width} x {height}");
    }
    assert_eq!(kind(&sized(&small, 0, 9)), ErrorKind::BadInput);
    let mut photograph = jpeg();
    let frame = photograph.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    photograph[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
    assert_eq!(kind(&photograph), ErrorKind::TooLong);
    let long = [small, vec![0; MAX_FILE]].concat();
    assert_eq!(kind(&long), ErrorKind::TooLong);
}

#[test]
fn pixels_beyond_the_header_are_not_kept() {
    let blank = image::GrayImage::new(8192, 4096).into();
    let bomb = sized(&encoded(&blank, ImageFormat::Png), 10, 10);
    match scrub_image(&bomb) {
        Ok(clean) => assert!(clean.bytes().len() < 200),
        Err(error) => assert_eq!(error.kind(), ErrorKind::BadInput),
    }
}

#[test]
fn what_is_no_jpeg_or_png_is_refused_whatever_its_name() {
    for bytes in [
        &b"GIF89a\x01\0\x01\0\0\0\0;"[..],
        b"%PDF-1.7\n%%EOF",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x04\0\0\0WEBPVP8 ",
        b"\xff\xd8",
        b"",
    ] {
        assert_eq!(kind(bytes), ErrorKind::BadInput);
    }
    let control = chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(kind(&with_chunks(&png(), &[control])), ErrorKind::BadInput);
}

#[test]
fn an_image_cut_anywhere_is_refused() {
    for whole in [with_segments(&jpeg(), &[jpeg_exif(6)]), png()] {
        for at in 0..whole.len() {
            assert_eq!(kind(&whole[..at]), ErrorKind::BadInput, "cut at {at}");
        }
    }
}

#[test]
fn a_flipped_byte_gives_a_clean_image_or_a_refusal() {
    let (photograph, drawing) = (jpeg(), png());
    for (whole, clean) in [
        (photograph, jpeg::holds_pixels_only as fn(&[u8]) -> bool),
        (drawing, png::holds_pixels_only),
    ] {
        for at in 0..whole.len() {
            let mut bad = whole.clone();
            bad[at] ^= 0x55;
            match scrub_image(&bad) {
                Ok(image) => assert!(clean(image.bytes()), "byte {at}"),
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::BadInput | ErrorKind::TooLong),
                    "byte {at}"
                ),
            }
        }
    }
}

#[test]
fn the_last_look_finds_what_an_encoder_might_add() {
    let (photograph, drawing) = (scrub_image(&jpeg()).unwrap(), scrub_image(&png()).unwrap());
    let (photograph, drawing) = (photograph.bytes(), drawing.bytes());
    assert!(jpeg::holds_pixels_only(photograph) && png::holds_pixels_only(drawing));
    for added in [
        with_segments(photograph, &[jpeg_exif(1)]),
        with_segments(photograph, &[segment(0xfe, &[b""])]),
        with_segments(photograph, &[segment(0xe0, &[b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"])]),
        [photograph, b"\0"].concat(),
        [&photograph[..2], &[0xff], &photograph[2..]].concat(),
        drawing.to_vec(),
    ] {
        assert!(!jpeg::holds_pixels_only(&added));
    }
    for added in [
        with_chunks(drawing, &[chunk(b"tEXt", b"a\0b")]),
        with_chunks(drawing, &[chunk(b"tRNS", &[0; 6])]),
        [drawing, b"\0"].concat(),
        drawing[..drawing.len() - 12].to_vec(),
        photograph.to_vec(),
    ] {
        assert!(!png::holds_pixels_only(&added));
    }
}
