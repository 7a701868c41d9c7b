//! The only folder that names a cipher.
