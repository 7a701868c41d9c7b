// Reads an export with the JavaScript implementation of the OpenWallet Foundation, and shows what
// that one does with exports that were tampered with.
//
//     npm install --prefix /tmp/interop @sd-jwt/core@0.19.0 @sd-jwt/crypto-nodejs@0.19.0
//     cp tests/interop/sd_jwt.mjs /tmp/interop
//     node /tmp/interop/sd_jwt.mjs tests/data/sd_jwt/sample.sdjwt
//
// Prints the claims as JSON, then one line for each attempt. Exits with 1 if the sample does not
// verify, or a broken signature does.

import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SDJwtInstance } from '@sd-jwt/core';
import { digest } from '@sd-jwt/crypto-nodejs';

const decode = (text) => Buffer.from(text, 'base64url');
const encode = (value) => Buffer.from(value).toString('base64url');
const parse = (text) => JSON.parse(decode(text));

// The key that the export brings. Whoever relies on one compares its thumbprint first.
async function verify(text) {
  const header = parse(text.split('.')[0]);
  const key = createPublicKey({ key: header.jwk, format: 'jwk' });
  const reader = new SDJwtInstance({
    hasher: digest,
    hashAlg: 'sha-256',
    verifier: (data, signature) =>
      header.alg === 'EdDSA' && verifySignature(null, Buffer.from(data), key, decode(signature)),
  });
  const { payload } = await reader.verify(text);
  return payload;
}

const fields = (claims) =>
  Object.values(claims.records)
    .map((record) => Object.keys(record.fields ?? {}).length)
    .reduce((sum, count) => sum + count, 0);

function* attempts(text) {
  const [jwt, ...disclosures] = text.replace(/~$/, '').split('~');
  const [header, payload, signature] = jwt.split('.');
  const join = (jwt, disclosures) => [jwt, ...disclosures, ''].join('~');
  const flipped = decode(signature);
  flipped[0] ^= 1;
  yield ['signature flipped', join(`${header}.${payload}.${encode(flipped)}`, disclosures), true];
  const claims = parse(payload);
  claims.manifest.policy_version = 4;
  const other = encode(JSON.stringify(claims));
  yield ['payload altered', join(`${header}.${other}.${signature}`, disclosures), true];
  const none = encode(JSON.stringify({ ...parse(header), alg: 'none' }));
  yield ['alg none', join(`${none}.${payload}.`, disclosures), true];
  const [salt, name] = parse(disclosures[0]);
  const altered = encode(JSON.stringify([salt, name, 'otra cosa']));
  yield ['value of a disclosure altered', join(jwt, [altered, ...disclosures.slice(1)]), false];
  const added = encode(JSON.stringify([salt, 'added', 'otra cosa']));
  yield ['disclosure added', join(jwt, [...disclosures, added]), false];
  yield ['disclosure twice', join(jwt, [...disclosures, disclosures[0]]), false];
  const padded = `${disclosures[0]}=`;
  yield ['disclosure padded', join(jwt, [padded, ...disclosures.slice(1)]), false];
  yield ['disclosure left out', join(jwt, disclosures.slice(1)), false];
}

const text = readFileSync(process.argv[2], 'utf8');
const claims = await verify(text);
console.log(JSON.stringify(claims, null, 2));
const path = createRequire(import.meta.url).resolve('@sd-jwt/core');
const { version } = JSON.parse(readFileSync(path.replace(/dist\/.*/, 'package.json')));
console.log(`@sd-jwt/core ${version}: ${fields(claims)} fields`);
for (const [name, attempt, mustFail] of attempts(text)) {
  let said;
  try {
    said = `accepted, ${fields(await verify(attempt))} fields`;
    if (mustFail) process.exitCode = 1;
  } catch (error) {
    said = `refused (${error.name}: ${error.message})`;
  }
  console.log(`${name}: ${said}`);
}
