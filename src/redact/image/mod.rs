//! An image that leaves: its pixels alone, written anew.
//!
//! A photograph says where it was taken, when, with which camera, and keeps a small copy of what
//! was cut off. None of it passes here: the file is taken apart within bounds, what the pixels
//! need is decoded, turned upright, laid on white, and encoded by us; and what was encoded is
//! walked once more, byte for byte, before anybody receives it.

mod jpeg;
mod png;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, Limits};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, ErrorKind, Result};
use crate::secret::SecretBytes;

/// An image without anything but its pixels.
pub struct ScrubbedImage {
    bytes: SecretBytes,
    format: Format,
}

impl ScrubbedImage {
    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What its name ends in, without the dot.
    #[must_use]
    pub const fn extension(&self) -> &'static str {
        match self.format {
            Format::Jpeg => "jpg",
            Format::Png => "png",
        }
    }

    /// Its type after RFC 2046.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        match self.format {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
        }
    }
}

impl fmt::Debug for ScrubbedImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScrubbedImage(..)")
    }
}

/// Writes a JPEG or PNG image anew, with its pixels and nothing else.
///
/// It is told by its content, never by a name. It is turned as its orientation says; what shines
/// through lies on white, as what was hidden under full transparency would leave otherwise. A
/// colour profile is dropped: colours of a wide gamut look paler. The pixels themselves are not
/// looked at: a face, a street sign or a screen in the picture leaves with it.
///
/// # Errors
///
/// `BadInput` for anything but one whole JPEG or PNG image, and for an animation: of several
/// pictures somebody may have approved another than the one that would leave. `TooLong` above
/// 32 MiB, 50 megapixels or 16,384 pixels a side, or if decoding takes too much memory. `Internal`
/// if what was written anew holds more than it must.
///
/// # Examples
///
/// ```
/// let error = amparo::scrub_image(b"%PDF-1.7").unwrap_err();
/// assert_eq!(error.kind(), amparo::ErrorKind::BadInput);
/// ```
pub fn scrub_image(bytes: &[u8]) -> Result<ScrubbedImage> {
    let format = match bytes {
        [0xff, 0xd8, 0xff, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Format::Png,
        _ => return Err(bad("not a JPEG or PNG image")),
    };
    if bytes.len() > MAX_FILE {
        return Err(Error::new(ErrorKind::TooLong, "an image has at most 32 MiB"));
    }
    let core = match format {
        Format::Jpeg => jpeg::core(bytes)?,
        Format::Png => png::core(bytes)?,
    };
    check_size(core.size)?;
    // Decoders of hostile bytes: a panic in one is an image that cannot be read.
    let written = catch_unwind(AssertUnwindSafe(|| {
        let pixels = Pixels::decode(format, &core)?;
        pixels.encode(format)
    }));
    let bytes = written.unwrap_or_else(|_| Err(bad("the image cannot be decoded")))?;
    let clean = match format {
        Format::Jpeg => jpeg::holds_pixels_only(&bytes),
        Format::Png => png::holds_pixels_only(&bytes),
    };
    match clean {
        true => Ok(ScrubbedImage { bytes, format }),
        false => Err(Error::new(ErrorKind::Internal, "an image holds more than its pixels")),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Jpeg,
    Png,
}

/// What of a file the pixels need: the decoders see nothing else of it.
struct Core {
    bytes: SecretBytes,
    size: (u32, u32),
    orientation: Orientation,
}

/// Pixels as they are seen, without transparency.
struct Pixels {
    samples: SecretBytes,
    size: (u32, u32),
    color: ExtendedColorType,
}

impl Pixels {
    fn decode(format: Format, core: &Core) -> Result<Self> {
        let mut limits = Limits::no_limits();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_MEMORY);
        let file = Cursor::new(core.bytes.as_slice());
        let mut image = match format {
            Format::Jpeg => {
                let mut decoder = JpegDecoder::new(file).map_err(|error| failed(&error))?;
                decoder.set_limits(limits.clone()).map_err(|error| failed(&error))?;
                decoded(decoder, core.size, limits)?
            }
            Format::Png => {
                let decoder = PngDecoder::with_limits(file, limits.clone());
                decoded(decoder.map_err(|error| failed(&error))?, core.size, limits)?
            }
        };
        image.apply_orientation(core.orientation);
        Self::on_white(image)
    }

    fn on_white(image: DynamicImage) -> Result<Self> {
        use ExtendedColorType::{L8, L16, Rgb8, Rgb16};
        let size = (image.width(), image.height());
        let (samples, color) = match image {
            DynamicImage::ImageLuma8(one) => (one.into_raw(), L8),
            DynamicImage::ImageRgb8(one) => (one.into_raw(), Rgb8),
            DynamicImage::ImageLumaA8(one) => (flat8(one.into_raw(), 1), L8),
            DynamicImage::ImageRgba8(one) => (flat8(one.into_raw(), 3), Rgb8),
            DynamicImage::ImageLuma16(one) => (flat16(one.into_raw(), 1, false), L16),
            DynamicImage::ImageRgb16(one) => (flat16(one.into_raw(), 3, false), Rgb16),
            DynamicImage::ImageLumaA16(one) => (flat16(one.into_raw(), 1, true), L16),
            DynamicImage::ImageRgba16(one) => (flat16(one.into_raw(), 3, true), Rgb16),
            _ => return Err(bad("an image of unknown colours")),
        };
        Ok(Self { samples: Zeroizing::new(samples), size, color })
    }

    fn encode(&self, format: Format) -> Result<SecretBytes> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.samples.len() / 4));
        let (width, height) = self.size;
        match format {
            Format::Jpeg => JpegEncoder::new_with_quality(&mut *out, QUALITY).write_image(
                &self.samples,
                width,
                height,
                self.color,
            ),
            Format::Png => {
                let (best, any) = (CompressionType::Default, FilterType::Adaptive);
                let encoder = PngEncoder::new_with_quality(&mut *out, best, any);
                encoder.write_image(&self.samples, width, height, self.color)
            }
        }
        .map_err(|_| Error::new(ErrorKind::Internal, "an image cannot be written"))?;
        Ok(out)
    }
}

/// The image, if it has the size that its header was believed to have.
fn decoded(
    decoder: impl ImageDecoder,
    size: (u32, u32),
    mut limits: Limits,
) -> Result<DynamicImage> {
    if decoder.dimensions() != size {
        return Err(bad("the image has two sizes"));
    }
    limits.reserve(decoder.total_bytes()).map_err(|error| failed(&error))?;
    DynamicImage::from_decoder(decoder).map_err(|error| failed(&error))
}

fn check_size((width, height): (u32, u32)) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    match pixels {
        0 => Err(bad("an image without pixels")),
        _ if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS => {
            let what = "an image has at most 50 megapixels and 16,384 pixels a side";
            Err(Error::new(ErrorKind::TooLong, what))
        }
        _ => Ok(()),
    }
}

fn flat8(mut samples: Vec<u8>, colours: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(samples.len());
    for pixel in samples.chunks_exact(colours + 1) {
        if let Some((alpha, colours)) = pixel.split_last() {
            let over = |c: &u8| blend((*c).into(), (*alpha).into(), u8::MAX.into());
            out.extend(colours.iter().map(|c| u8::try_from(over(c)).unwrap_or(u8::MAX)));
        }
    }
    samples.zeroize();
    out
}

/// Sixteen-bit samples as the encoder takes them: in the machine's order.
fn flat16(mut samples: Vec<u16>, colours: usize, transparent: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(samples.len() * 2);
    for pixel in samples.chunks_exact(colours + usize::from(transparent)) {
        let (alpha, colours) = match pixel.split_last() {
            Some((alpha, colours)) if transparent => (*alpha, colours),
            _ => (u16::MAX, pixel),
        };
        let over = |c: &u16| blend((*c).into(), alpha.into(), u16::MAX.into());
        for colour in colours.iter().map(|c| u16::try_from(over(c)).unwrap_or(u16::MAX)) {
            out.extend(colour.to_ne_bytes());
        }
    }
    samples.zeroize();
    out
}

/// A sample over white; an opaque one is itself. Products of 16 bits and a half fit 32.
const fn blend(sample: u32, alpha: u32, white: u32) -> u32 {
    (sample * alpha + white * (white - alpha) + white / 2) / white
}

/// A decoder's message may quote what it read; only its kind is kept.
const fn failed(error: &ImageError) -> Error {
    match error {
        ImageError::Limits(_) => {
            Error::new(ErrorKind::TooLong, "the image takes too much memory to decode")
        }
        _ => bad("the image cannot be decoded"),
    }
}

const fn bad(what: &'static str) -> Error {
    Error::new(ErrorKind::BadInput, what)
}

const MAX_FILE: usize = 32 << 20;
const MAX_SIDE: u32 = 16_384;
const MAX_PIXELS: u64 = 50_000_000;
/// What decoding may take: 50 megapixels in colour and with transparency.
const MAX_MEMORY: u64 = 256 << 20;
const QUALITY: u8 = 90;
