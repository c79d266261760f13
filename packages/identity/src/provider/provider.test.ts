import fc from 'fast-check';
import { hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { provider as noble } from './noble.ts';
import { provider as node } from './node.ts';
import type { CryptoProvider, SignatureScheme } from './provider.ts';

const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n });
const pairs: readonly (readonly [CryptoProvider, CryptoProvider])[] = [
  [node, noble],
  [noble, node],
];
const SCHEMES = ['ed25519', 'mlDsa44', 'mlDsa65', 'mlDsa87'] as const;

describe('both providers', () => {
  it('hash alike, in parts or whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
        for (const name of ['sha256', 'sha512', 'sha3_256'] as const) {
          expect(node[name](a, b)).toEqual(noble[name](a, b));
          expect(node[name](a, b)).toEqual(node[name](Uint8Array.from([...a, ...b])));
        }
        expect(node.shake256(77, a, b)).toEqual(noble.shake256(77, a, b));
        expect(node.hmacSha256(a, b)).toEqual(noble.hmacSha256(a, b));
        expect(node.hmacSha512(a, b)).toEqual(noble.hmacSha512(a, b));
      }),
    );
  });

  it.each(['chaCha20Poly1305', 'aes128Gcm', 'aes256Gcm'] as const)(
    'seal alike with %s, and open nothing that was changed',
    (name) => {
      const any = fc.uint8Array({ maxLength: 200 });
      fc.assert(
        fc.property(bytes(32), bytes(12), any, any, fc.nat(), (whole, nonce, text, associated, at) => {
          const key = whole.subarray(0, node[name].keyBytes);
          const sealed = node[name].seal(key, nonce, text, associated);
          expect(noble[name].seal(key, nonce, text, associated)).toEqual(sealed);
          const changed = Uint8Array.from(sealed);
          const place = at % changed.length;
          changed[place] = (changed[place] ?? 0) ^ (1 << (at % 8));
          for (const one of [node, noble]) {
            expect(one[name].open(key, nonce, sealed, associated)).toEqual(text);
            expect(one[name].open(key, nonce, changed, associated)).toBeUndefined();
            expect(one[name].open(key, nonce, sealed.subarray(0, 15), associated)).toBeUndefined();
          }
        }),
      );
    },
  );

  it.each(SCHEMES)('make the same %s keys, and take each other’s signatures and no other', (name) => {
    fc.assert(
      fc.property(bytes(32), fc.uint8Array({ maxLength: 100 }), fc.nat(), (seed, message, at) => {
        for (const [one, other] of pairs) {
          const signer = (one[name] as SignatureScheme).signingKey(seed);
          const key = (other[name] as SignatureScheme).verifyingKey(signer.publicKey);
          const context = name === 'ed25519' ? undefined : new TextEncoder().encode('context');
          const options = context && { context };
          const signature = signer.sign(message, options);
          expect(key?.verify(message, signature, options)).toBe(true);
          if (context !== undefined) expect(key?.verify(message, signature)).toBe(false);
          const changed = Uint8Array.from(signature);
          const place = at % changed.length;
          changed[place] = (changed[place] ?? 0) ^ (1 << (at % 8));
          expect(key?.verify(message, changed, options)).toBe(false);
          expect(key?.verify(message, signature.subarray(1), options)).toBe(false);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('agree on X25519 secrets, and on none with points of small order', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (a, b) => {
        const [first, second] = [node.x25519.agreementKey(a), noble.x25519.agreementKey(b)];
        expect(first.sharedSecret(second.publicKey)).toEqual(second.sharedSecret(first.publicKey));
        for (const one of [first, second]) {
          expect(one.sharedSecret(new Uint8Array(32))).toBeUndefined();
          expect(one.sharedSecret(new Uint8Array(31))).toBeUndefined();
        }
      }),
      { numRuns: 20 },
    );
  });

  it('derive with HKDF as Node does by itself', () => {
    const any = fc.uint8Array({ maxLength: 100 });
    fc.assert(
      fc.property(any, any, any, fc.integer({ min: 1, max: 300 }), (input, salt, info, length) => {
        const expected = new Uint8Array(hkdfSync('sha256', input, salt, info, length));
        for (const one of [node, noble]) expect(one.hkdfSha256(input, salt, info, length)).toEqual(expected);
      }),
    );
    for (const one of [node, noble]) {
      const long = new Uint8Array(5000);
      expect(one.hkdfSha256(long, long, long, 255 * 32)).toHaveLength(255 * 32);
      expect(one.hkdfSha256(long, long, long, 0)).toHaveLength(0);
    }
  });

  // What was valid, with a few bytes changed, and what lies at the edges.
  const change = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  const spoilt = (whole: Uint8Array, changes: readonly (readonly [number, number])[]) => {
    const changed = Uint8Array.from(whole);
    for (const [at, by] of changes) changed[at % changed.length] = by;
    return changed;
  };

  it.each(SCHEMES)('judge what was a %s key and signature alike', (name) => {
    const signer = node[name].signingKey(new Uint8Array(32).fill(3));
    const [message, signature] = [new Uint8Array(9), signer.sign(new Uint8Array(9))];
    fc.assert(
      fc.property(fc.boolean(), change, (isKey, changes) => {
        const key = isKey ? spoilt(signer.publicKey, changes) : signer.publicKey;
        const given = isKey ? signature : spoilt(signature, changes);
        const [one, other] = [node, noble].map((provider) => provider[name].verifyingKey(key)?.verify(message, given));
        expect(one).toBe(other);
      }),
      { numRuns: name === 'ed25519' ? 200 : 40 },
    );
  });

  it('decapsulate what was an ML-KEM-768 ciphertext alike, and take the same keys', () => {
    const seed = new Uint8Array(64).fill(3);
    const keys = [node, noble].map(({ mlKem768 }) => mlKem768.decapsulationKey(seed));
    const publicKey = keys[0]?.publicKey ?? new Uint8Array();
    const ciphertext = node.mlKem768.encapsulate(publicKey)?.ciphertext ?? new Uint8Array();
    fc.assert(
      fc.property(change, (changes) => {
        const [one, other] = keys.map((key) => key.decapsulate(spoilt(ciphertext, changes)));
        expect(one).toEqual(other);
        const [first, second] = [node, noble].map(({ mlKem768 }) => mlKem768.encapsulate(spoilt(publicKey, changes)));
        expect(first === undefined).toBe(second === undefined);
      }),
      { numRuns: 40 },
    );
  });

  it('agree with the same X25519 points, at the edges as well', () => {
    const edges = [
      ...[0n, 1n, 2n, 9n, 2n ** 255n - 19n, 2n ** 255n - 20n, 2n ** 255n - 18n, 2n ** 255n - 1n, 2n ** 256n - 1n],
      ...[39382357235489614581723060781553021112529911719440698176882885853963445705823n],
      ...[325606250916557431795983626356110631294008115727848805560023387167927233504n],
    ].map((n) => Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 0xffn)));
    const secrets = [node, noble].map(({ x25519 }) => x25519.agreementKey(new Uint8Array(32).fill(3)));
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...edges), bytes(32)), (point) => {
        const [one, other] = secrets.map((key) => key.sharedSecret(point));
        expect(one).toEqual(other);
        if (one === undefined) refused++;
      }),
    );
    expect(refused).toBeGreaterThan(0);
  });

  it('encapsulate for each other with ML-KEM-768, and refuse keys beyond the modulus', () => {
    fc.assert(
      fc.property(bytes(64), (seed) => {
        for (const [one, other] of pairs) {
          const key = one.mlKem768.decapsulationKey(seed);
          const made = other.mlKem768.encapsulate(key.publicKey);
          expect(made && key.decapsulate(made.ciphertext)).toEqual(made?.sharedSecret);
          expect(key.decapsulate(new Uint8Array(1087))).toBeUndefined();
          const beyond = Uint8Array.from(key.publicKey).fill(0xff, 0, 3);
          expect(other.mlKem768.encapsulate(beyond)).toBeUndefined();
          expect(other.mlKem768.encapsulate(key.publicKey.subarray(1))).toBeUndefined();
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe.each([node, noble])('what $name is given', (provider) => {
  const of = (length: number, value = 1) => new Uint8Array(length).fill(value);
  const text = (length: number) => 'a'.repeat(length) as unknown as Uint8Array;
  const words = (length: number) => new Uint16Array(length) as unknown as Uint8Array;
  const AEADS = ['chaCha20Poly1305', 'aes128Gcm', 'aes256Gcm'] as const;

  // The caller's own mistakes.
  it.each<[string, () => unknown, typeof TypeError]>([
    ['text to hash', () => provider.sha256(text(3)), TypeError],
    ['text after bytes', () => provider.sha512(of(1), text(3)), TypeError],
    ['words to hash', () => provider.sha3_256(words(3)), TypeError],
    ['text as key', () => provider.hmacSha256(text(3), of(1)), TypeError],
    ['half a byte of output', () => provider.shake256(0.5, of(1)), RangeError],
    ['too much output', () => provider.shake256(65_536, of(1)), RangeError],
    ['a negative length', () => provider.hkdfSha256(of(1), of(1), of(1), -1), RangeError],
    ['more than HKDF gives', () => provider.hkdfSha256(of(1), of(1), of(1), 255 * 32 + 1), RangeError],
    ['too much randomness', () => provider.randomBytes(65_537), RangeError],
    ['a fraction of randomness', () => provider.randomBytes(1.5), RangeError],
    ...SCHEMES.flatMap((name): [string, () => unknown, typeof TypeError][] => [
      [`a short ${name} seed`, () => provider[name].signingKey(of(31)), RangeError],
      [`words as ${name} seed`, () => provider[name].signingKey(words(32)), TypeError],
      [`text to sign with ${name}`, () => provider[name].signingKey(of(32)).sign(text(3)), TypeError],
      [
        `text as context of ${name}`,
        () => provider[name].signingKey(of(32)).sign(of(3), { context: text(3) }),
        TypeError,
      ],
      [
        `a long context of ${name}`,
        () => provider[name].signingKey(of(32)).sign(of(3), { context: of(256) }),
        RangeError,
      ],
    ]),
    ...AEADS.flatMap((name): [string, () => unknown, typeof TypeError][] => [
      [`a short ${name} key`, () => provider[name].open(of(15), of(12), of(3)), RangeError],
      [`a short ${name} nonce`, () => provider[name].seal(of(provider[name].keyBytes), of(11), of(3)), RangeError],
      [`text to seal with ${name}`, () => provider[name].seal(of(provider[name].keyBytes), of(12), text(3)), TypeError],
      [
        `text associated in ${name}`,
        () => provider[name].open(of(provider[name].keyBytes), of(12), of(33), text(3)),
        TypeError,
      ],
    ]),
    ['a short X25519 secret', () => provider.x25519.agreementKey(of(31)), RangeError],
    ['text as X25519 secret', () => provider.x25519.agreementKey(text(32)), TypeError],
    ['a short ML-KEM-768 seed', () => provider.mlKem768.decapsulationKey(of(32)), RangeError],
    ['words as ML-KEM-768 seed', () => provider.mlKem768.decapsulationKey(words(64)), TypeError],
  ])('is refused by an error: %s', (_, call, error) => {
    expect(call).toThrow(error);
  });

  it('may be as long as what gives it', () => {
    for (const length of [0, 65_535]) expect(provider.shake256(length, of(1))).toHaveLength(length);
    for (const length of [0, 65_536]) expect(provider.randomBytes(length)).toHaveLength(length);
    const signer = provider.mlDsa44.signingKey(of(32));
    const options = { context: of(255) };
    expect(provider.mlDsa44.verifyingKey(signer.publicKey)?.verify(of(0), signer.sign(of(0), options), options)).toBe(
      true,
    );
  });

  // What others send.
  const NO_BYTES_AT_ALL = [undefined, null, 7, {}, []].map((value) => value as unknown as Uint8Array);
  it.each(SCHEMES)('never throws where %s is verified', (name) => {
    const { signatureBytes, publicKeyBytes, signingKey, verifyingKey } = provider[name];
    const signer = signingKey(of(32));
    const key = verifyingKey(signer.publicKey);
    const signature = signer.sign(of(3));
    expect(key?.verify(of(3), signature)).toBe(true);
    for (const wrong of [...NO_BYTES_AT_ALL, text(signatureBytes), words(signatureBytes), of(signatureBytes + 1)])
      expect(key?.verify(of(3), wrong)).toBe(false);
    for (const wrong of [...NO_BYTES_AT_ALL, text(3), words(3), new DataView(of(3).buffer) as unknown as Uint8Array])
      expect(key?.verify(wrong, signature)).toBe(false);
    for (const wrong of [...NO_BYTES_AT_ALL, text(publicKeyBytes), words(publicKeyBytes), of(publicKeyBytes - 1)])
      expect(verifyingKey(wrong)).toBeUndefined();
    for (const context of [text(0), of(256), of(1)]) expect(key?.verify(of(3), signature, { context })).toBe(false);
  });

  it('never throws where something is opened or agreed', () => {
    const agreement = provider.x25519.agreementKey(of(32));
    const { encapsulate, decapsulationKey } = provider.mlKem768;
    for (const wrong of [...NO_BYTES_AT_ALL, text(32), words(32), text(1088), text(1184), words(1088), words(1184)]) {
      for (const name of AEADS) expect(provider[name].open(of(provider[name].keyBytes), of(12), wrong)).toBeUndefined();
      expect(agreement.sharedSecret(wrong)).toBeUndefined();
      expect(encapsulate(wrong)).toBeUndefined();
      expect(decapsulationKey(of(64)).decapsulate(wrong)).toBeUndefined();
    }
  });

  it.each(SCHEMES)('may change afterwards, and is not changed, with %s', (name) => {
    const [seed, publicKey] = [of(32), provider[name].signingKey(of(32)).publicKey];
    const signer = provider[name].signingKey(seed);
    const key = provider[name].verifyingKey(publicKey);
    expect(seed).toEqual(of(32));
    for (const bytes of [seed, publicKey, signer.publicKey, key?.publicKey]) bytes?.fill(0);
    expect(key?.verify(of(3), signer.sign(of(3)))).toBe(true);
  });

  const MEMORIES: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
    ['a part of a larger piece', (bytes) => Uint8Array.from([7, ...bytes, 7]).subarray(1, -1)],
    ['a buffer of Node', (bytes) => Buffer.from(bytes)],
    ['shared', (bytes) => copied(bytes, new Uint8Array(new SharedArrayBuffer(bytes.length)))],
    [
      'resizable',
      (bytes) => copied(bytes, new Uint8Array(new ArrayBuffer(bytes.length, { maxByteLength: 2 * bytes.length }))),
    ],
  ];
  const copied = (bytes: Uint8Array, into: Uint8Array) => {
    into.set(bytes);
    return into;
  };
  it.each(MEMORIES)('may be %s', (_, within) => {
    for (const name of SCHEMES) {
      const signer = provider[name].signingKey(within(of(32)));
      const signature = signer.sign(within(of(3)));
      expect(provider[name].verifyingKey(within(signer.publicKey))?.verify(within(of(3)), within(signature))).toBe(
        true,
      );
      expect(signature.buffer.byteLength).toBe(signature.length);
    }
    for (const name of AEADS) {
      const { keyBytes, seal, open } = provider[name];
      const sealed = seal(within(of(keyBytes)), within(of(12)), within(of(9)), within(of(5)));
      expect(open(within(of(keyBytes)), within(of(12)), within(sealed), within(of(5)))).toEqual(of(9));
    }
    const made = provider.mlKem768.encapsulate(within(provider.mlKem768.decapsulationKey(within(of(64))).publicKey));
    expect(made && provider.mlKem768.decapsulationKey(of(64)).decapsulate(within(made.ciphertext))).toEqual(
      made?.sharedSecret,
    );
    expect(provider.sha256(within(of(3)), within(of(4)))).toEqual(provider.sha256(of(7)));
    expect(provider.x25519.agreementKey(within(of(32))).sharedSecret(within(of(32, 9)))).toEqual(
      provider.x25519.agreementKey(of(32)).sharedSecret(of(32, 9)),
    );
  });
});
