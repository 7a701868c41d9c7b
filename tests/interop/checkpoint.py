"""Verifies a checkpoint and the proof that a newer one continues it, with no code of ours: Ed25519
by `cryptography`, the note by its specification (C2SP signed-note, tlog-checkpoint), the proof by
the algorithm of RFC 9162, section 2.1.4.2.

    pip install cryptography==48.0.0
    cd tests/data/checkpoint && python ../../interop/checkpoint.py key.txt kept.note newer.note

Prints what it verified; exits with 1 if something does not hold, or if a forgery does.
"""

import base64
import hashlib
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def read_key(text):
    name, key_id, key = text.strip().split("+", 2)
    key = base64.b64decode(key)
    assert key[0] == 1, "not Ed25519"
    assert hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() == key_id
    return name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(key[1:])


def read_note(note, key):
    """The size and root of a note, if the key signed it."""
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    name, key_id, public = key
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        signature = base64.b64decode(signature)
        if dash == "\u2014" and signer == name and signature[:4] == key_id:
            public.verify(signature[4:], text.encode())
            origin, size, root = text.splitlines()[:3]
            assert origin == name
            return int(size), base64.b64decode(root)
    raise InvalidSignature


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def continues(old, old_root, new, new_root, path):
    """RFC 9162, 2.1.4.2."""
    if old == new:
        return not path and old_root == new_root
    if old & (old - 1) == 0:
        path = [old_root] + path
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == new_root and sn == 0


def main(key, kept, newer):
    key = read_key(Path(key).read_text())
    kept = Path(kept).read_text()
    old, old_root = read_note(kept, key)
    print(f"{key[0]}: {old} leaves, signed")
    head, note = Path(newer).read_text().split("\n\n", 1)
    said, *path = head.splitlines()
    assert said == f"old {old}"
    path = [base64.b64decode(line) for line in path]
    new, new_root = read_note(note, key)
    assert continues(old, old_root, new, new_root, path), "the proof does not hold"
    print(f"{key[0]}: {new} leaves, signed, and continue them")
    for forged in (old_root[::-1], hashlib.sha256(old_root).digest()):
        assert not continues(old, forged, new, new_root, path), "a forged root passed"
    try:
        read_note(kept.replace(f"\n{old}\n", f"\n{old + 1}\n"), key)
    except InvalidSignature:
        print("another size is refused")
    else:
        raise AssertionError("a forged size passed")


if __name__ == "__main__":
    main(*sys.argv[1:])
