"""Reads an export with the reference implementation of SD-JWT, and shows what that one does
with exports that were tampered with.

    pip install sd-jwt==0.10.4 jwcrypto==1.6.1
    python tests/interop/sd_jwt.py tests/data/sd_jwt/sample.sdjwt

Prints the claims as JSON, then one line for each attempt. Exits with 1 if the sample does not
verify, or a broken signature does.
"""

import base64
import json
import sys
from importlib.metadata import version
from pathlib import Path

# This folder comes first, and this file has the package's name.
sys.path.pop(0)

from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def verify(text):
    # The key that the export brings. Whoever relies on one compares its thumbprint first.
    key = lambda issuer, header: JWK(**header["jwk"])
    return SDJWTVerifier(text, key).get_verified_payload()


def fields(claims):
    return sum(len(record.get("fields", {})) for record in claims["records"].values())


def attempts(text):
    jwt, *disclosures = text.rstrip("~").split("~")
    header, payload, signature = jwt.split(".")
    flipped = encode(bytes([decode(signature)[0] ^ 1]) + decode(signature)[1:])
    join = lambda jwt, disclosures: "~".join([jwt, *disclosures, ""])
    yield "signature flipped", join(f"{header}.{payload}.{flipped}", disclosures), True
    claims = json.loads(decode(payload))
    claims["manifest"]["policy_version"] = 4
    other = encode(json.dumps(claims).encode())
    yield "payload altered", join(f"{header}.{other}.{signature}", disclosures), True
    none = json.loads(decode(header))
    none["alg"] = "none"
    none = encode(json.dumps(none).encode())
    yield "alg none", join(f"{none}.{payload}.", disclosures), True
    salt, name, _ = json.loads(decode(disclosures[0]))
    altered = encode(json.dumps([salt, name, "otra cosa"]).encode())
    yield "value of a disclosure altered", join(jwt, [altered, *disclosures[1:]]), False
    added = encode(json.dumps([salt, "added", "otra cosa"]).encode())
    yield "disclosure added", join(jwt, [*disclosures, added]), False
    yield "disclosure twice", join(jwt, [*disclosures, disclosures[0]]), False
    yield "disclosure padded", join(jwt, [disclosures[0] + "=", *disclosures[1:]]), False
    yield "disclosure left out", join(jwt, disclosures[1:]), False


def main():
    text = Path(sys.argv[1]).read_text()
    claims = verify(text)
    print(json.dumps(claims, indent=2, ensure_ascii=False))
    print(f"sd-jwt {version('sd-jwt')}, jwcrypto {version('jwcrypto')}: {fields(claims)} fields")
    wrong = 0
    for name, attempt, must_fail in attempts(text):
        try:
            said = f"accepted, {fields(verify(attempt))} fields"
            wrong += must_fail
        except Exception as error:
            said = f"refused ({type(error).__name__})"
        print(f"{name}: {said}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
