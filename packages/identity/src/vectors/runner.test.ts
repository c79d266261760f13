import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64, base64urlnopad } from '@scure/base';
import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { schemeOf } from '../signatures/suite.ts';
import { recognise, type Judged } from './judge.suite.ts';
import { subject as noble } from './noble-subject.suite.ts';
import { subject as node } from './node-subject.suite.ts';
import { preHashed } from './pre-hash.suite.ts';
import { bytes, failuresOf, flipped, hex, input, judged } from './runner.suite.ts';

/** A file of Wycheproof with a case that holds, one that is refused, and one for each mistake of the file, which have to fail. */
async function wycheproof(algorithm: string, group: object, valid: object, changed: object): Promise<Judged> {
  const tests = [
    { tcId: 1, result: 'valid', ...valid },
    { tcId: 2, result: 'invalid', ...valid, ...changed },
    { tcId: 3, result: 'valid', ...valid, ...changed },
    { tcId: 4, result: 'invalid', ...valid },
  ].map((test) => ({ comment: '', flags: [], ...test }));
  return judged({
    algorithm,
    schema: 'x_schema.json',
    numberOfTests: 4,
    testGroups: [{ ...group, source: {}, tests }],
  });
}

describe('the runner, held against files that are right and files that are wrong', () => {
  const seed = bytes(32);
  const ed = node.provider.ed25519.signingKey(seed);
  const message = utf8ToBytes('message');
  const pk = { type: 'EDDSAPublicKey', curve: 'edwards25519', keySize: 255, pk: hex(ed.publicKey) };
  const kem = noble.mlKem('ML-KEM-768')?.keyPair(bytes(64));
  const made = noble.mlKem('ML-KEM-768')?.encapsulate(kem?.ek ?? seed, seed);
  const dsa = noble.signatures('ML-DSA-65');
  const dsaKey = dsa?.keyPair(seed);
  const dsaSignature = dsa?.sign(dsaKey?.sk ?? seed, { kind: 'message', message, context: seed }, false) ?? seed;
  const agreed = node.provider.x25519.agreementKey(bytes(32, 9)).publicKey;
  const shared = node.provider.x25519.agreementKey(seed).sharedSecret(agreed) ?? seed;
  const gcm = (key: number, nonce: number) => {
    const [k, n] = [bytes(key), bytes(nonce)];
    const sealed = node.aead('AES-GCM')?.seal(k, n, message, seed) ?? seed;
    return {
      key: hex(k),
      iv: hex(n),
      aad: hex(seed),
      msg: hex(message),
      ct: hex(sealed.subarray(0, -16)),
      tag: hex(sealed.subarray(-16)),
    };
  };
  const x25519 = (key: Uint8Array, d?: Uint8Array) => ({
    kty: 'OKP',
    crv: 'X25519',
    x: base64urlnopad.encode(key),
    ...(d && { d: base64urlnopad.encode(d) }),
  });
  const spki = (key: Uint8Array) => concatBytes(Buffer.from('302a300506032b656e032100', 'hex'), key);
  const pkcs8 = (key: Uint8Array) => concatBytes(Buffer.from('302e020100300506032b656e04220420', 'hex'), key);
  const pem = (label: string, der: Uint8Array) =>
    `-----BEGIN ${label}-----\n${base64.encode(der)}\n-----END ${label}-----`;

  // Cases that hold, and what makes them wrong.
  it.each([
    ['EDDSA', { type: 'EddsaVerify', publicKey: pk }, { msg: hex(message), sig: hex(ed.sign(message)) }, { msg: '00' }],
    ['EDDSA', { type: 'EddsaVer', key: pk }, { msg: hex(message), sig: hex(ed.sign(message)) }, { sig: '' }],
    [
      'XDH',
      { type: 'XdhComp', curve: 'curve25519' },
      { public: hex(agreed), private: hex(seed), shared: hex(shared) },
      { public: '00' },
    ],
    [
      'XDH',
      { type: 'XdhAsnComp', curve: 'curve25519' },
      { public: hex(spki(agreed)), private: hex(pkcs8(seed)), shared: hex(shared) },
      { public: hex(concatBytes(spki(agreed), seed)) },
    ],
    [
      'XDH',
      { type: 'XdhPemComp', curve: 'curve25519' },
      { public: pem('PUBLIC KEY', spki(agreed)), private: pem('PRIVATE KEY', pkcs8(seed)), shared: hex(shared) },
      { private: pem('PUBLIC KEY', pkcs8(seed)) },
    ],
    [
      'XDH',
      { type: 'XdhJwkComp', curve: 'curve25519' },
      { public: x25519(agreed), private: x25519(agreed, seed), shared: hex(shared) },
      { public: { ...x25519(agreed), crv: 'X448' } },
    ],
    [
      'EDDSA',
      { type: 'EddsaToXdh', edwardsCurve: 'edwards25519' },
      {
        publicKey: hex(ed.publicKey),
        convertedPublicKey: hex(
          node.provider.x25519.agreementKey(node.provider.sha512(seed).subarray(0, 32)).publicKey,
        ),
      },
      { publicKey: hex(bytes(32, 0)) },
    ],
    ['AES-GCM', { type: 'AeadTest', keySize: 256, ivSize: 96, tagSize: 128 }, gcm(32, 12), { aad: '' }],
    [
      'AES-GCM',
      { type: 'AeadTest', keySize: 192, ivSize: 128, tagSize: 128 },
      gcm(24, 16),
      { tag: hex(seed.subarray(16)) },
    ],
    [
      'HMACSHA256',
      { type: 'MacTest', keySize: 256, tagSize: 128 },
      { key: hex(seed), msg: hex(message), tag: hex(node.provider.hmacSha256(seed, message).subarray(0, 16)) },
      { msg: '' },
    ],
    [
      'HKDF-SHA-512',
      { type: 'HkdfTest' },
      {
        ikm: hex(seed),
        salt: '',
        info: '00',
        size: 20,
        okm: hex(noble.hkdf('SHA-512')?.(seed, bytes(0), bytes(1, 0), 20) ?? seed),
      },
      { size: 255 * 64 + 1 },
    ],
    [
      'ML-KEM',
      { type: 'MLKEMTest', parameterSet: 'ML-KEM-768' },
      {
        seed: hex(bytes(64)),
        ek: hex(kem?.ek ?? seed),
        c: hex(made?.ciphertext ?? seed),
        K: hex(made?.secret ?? seed),
      },
      { c: '00' },
    ],
    [
      'ML-KEM',
      { type: 'MLKEMEncapsTest', parameterSet: 'ML-KEM-768' },
      { ek: hex(kem?.ek ?? seed), m: hex(seed), c: hex(made?.ciphertext ?? seed), K: hex(made?.secret ?? seed) },
      { ek: hex(kem?.ek.map((byte, i) => (i < 3 ? 255 : byte)) ?? seed) },
    ],
    [
      'ML-KEM',
      { type: 'MLKEMKeyGen', parameterSet: 'ML-KEM-768' },
      { seed: hex(bytes(64)), ek: hex(kem?.ek ?? seed), dk: hex(kem?.dk ?? seed) },
      { seed: hex(bytes(63)) },
    ],
    [
      'ML-KEM',
      { type: 'MLKEMDecapsValidationTest', parameterSet: 'ML-KEM-768' },
      { dk: hex(kem?.dk ?? seed), c: hex(made?.ciphertext ?? seed) },
      { dk: hex(kem?.dk.map((byte, i) => (i === 2350 ? byte ^ 1 : byte)) ?? seed) },
    ],
    [
      'ML-DSA-65',
      { type: 'MlDsaVerify', publicKey: hex(dsaKey?.pk ?? seed) },
      { msg: hex(message), ctx: hex(seed), sig: hex(dsaSignature) },
      { ctx: hex(bytes(256)) },
    ],
    [
      'ML-DSA-65',
      { type: 'MlDsaSign', privateSeed: hex(seed), publicKey: hex(dsaKey?.pk ?? seed) },
      { msg: hex(message), ctx: hex(seed), sig: hex(dsaSignature) },
      { ctx: hex(bytes(256)) },
    ],
    [
      'ML-DSA-65',
      { type: 'MlDsaSign' },
      { privateKey: hex(dsaKey?.sk ?? seed), msg: hex(message), ctx: hex(seed), sig: hex(dsaSignature) },
      { privateKey: hex(dsaKey?.sk.subarray(1) ?? seed) },
    ],
  ])('%s %o', async (algorithm, group, valid, changed) => {
    const result = await wycheproof(algorithm, group, valid, changed);
    for (const { subject, passed, failures } of result.groups) {
      expect([subject, passed, failures.map((one) => one.case)]).toEqual([subject, 2, ['3', '4']]);
    }
  });

  it.each(['HMACSHA384', 'HMACSHA3-384', 'HMAC-SHA-384', 'HMACSHA512/224'])(
    'knows the hash of %s',
    async (algorithm) => {
      const hash = algorithm.replace(/^HMAC-?SHA-?/, 'SHA-').replace('SHA-3-', 'SHA3-');
      const tag = noble.hmac(hash)?.(seed, message) ?? seed;
      const group = { type: 'MacTest', keySize: 256, tagSize: 8 * tag.length };
      const result = await wycheproof(
        algorithm,
        group,
        { key: hex(seed), msg: hex(message), tag: hex(tag) },
        { msg: '' },
      );
      for (const { passed, failed } of result.groups) expect([passed, failed]).toEqual([2, 2]);
    },
  );

  it('knows XChaCha20, which node:crypto lacks', async () => {
    const [key, iv] = [bytes(32), bytes(24)];
    const made = noble.aead('XCHACHA20-POLY1305')?.seal(key, iv, message, seed) ?? seed;
    const result = await wycheproof(
      'XCHACHA20-POLY1305',
      { type: 'AeadTest', keySize: 256, ivSize: 192, tagSize: 128 },
      {
        ...{ key: hex(key), iv: hex(iv), aad: hex(seed), msg: hex(message) },
        ...{ ct: hex(made.subarray(0, -16)), tag: hex(made.subarray(-16)) },
      },
      { aad: '' },
    );
    expect(result.groups.map(({ passed, failed, leftToOther }) => [passed, failed, leftToOther])).toEqual([
      [0, 0, 4],
      [2, 2, 0],
    ]);
  });

  it('leaves to the other provider what one has no door to, and says so', async () => {
    const mu = noble.provider.shake256(64, seed);
    const sig = dsa?.sign(dsaKey?.sk ?? seed, { kind: 'mu', mu }, false) ?? seed;
    const result = await wycheproof(
      'ML-DSA-65',
      { type: 'MlDsaVerify', publicKey: hex(dsaKey?.pk ?? seed) },
      { mu: hex(mu), sig: hex(sig) },
      { mu: hex(flipped(mu)) },
    );
    expect(
      result.groups.map(({ subject, passed, failed, leftToOther }) => [subject, passed, failed, leftToOther]),
    ).toEqual([
      ['node', 0, 0, 4],
      ['noble', 2, 2, 0],
    ]);
  });

  it.each([
    ['EDDSA', { type: 'EddsaVerify', publicKey: { ...pk, curve: 'edwards448' } }, 'edwards448'],
    ['HMACSM3', { type: 'MacTest', tagSize: 256 }, 'HMACSM3'],
    ['AES-CCM', { type: 'AeadTest', tagSize: 128 }, 'AES-CCM'],
    ['ML-KEM', { type: 'MLKEMTest', parameterSet: 'ML-KEM-999' }, 'ML-KEM-999'],
    ['ECDSA', { type: 'EcdsaVerify' }, 'ECDSA EcdsaVerify'],
    ['HPKE', { type: 'HpkeTest', kemId: 0x13, kdfId: 1, aeadId: 1 }, 'KEM 19'],
  ])('fails what this build cannot do, and names it: %s', async (algorithm, group, name) => {
    const file = {
      algorithm,
      numberOfTests: 1,
      testGroups: [
        {
          ...group,
          tests: [{ tcId: 5, result: 'valid', tag: '', ct: '', key: '', iv: '', msg: '', skRm: '', info: '', aad: '' }],
        },
      ],
    };
    const result = await judged(file);
    expect([result.passed, result.failed]).toEqual([0, 2]);
    for (const failure of failuresOf(result)) expect(failure).toContain(`${name} is not supported by this build`);
  });

  it('fails a file that cannot be taken apart', async () => {
    const questions = { algorithm: 'ML-DSA', mode: 'sigGen', revision: 'FIPS204', testGroups: [] };
    const result = await judged(questions, 'a/prompt.json', { 'expectedResults.json': 'no JSON' });
    expect(result).toMatchObject({ passed: 0, failed: 2 });
  });

  it('takes a file without any case for no proof', async () => {
    const result = await judged({ algorithm: 'EDDSA', numberOfTests: 0, testGroups: [] });
    expect(failuresOf(result)).toEqual(['node', 'noble'].map((name) => `${name} reading: there is no case in it`));
  });

  it.each([['{}'], [{}], [[]], [[{ name: 'x' }]], [{ proof: { type: 'Ed25519Signature2020' } }], ['some text\n']])(
    'knows no format for %o',
    (json) => {
      expect(recognise(input(json))).toBeUndefined();
    },
  );

  const acvp = (algorithm: string, mode: string, group: object, ...tests: readonly object[]) => ({
    ...{ vsId: 42, algorithm, mode, revision: 'FIPS', isSample: false },
    testGroups: [{ tgId: 1, testType: 'AFT', ...group, tests: tests.map((test, i) => ({ tcId: i + 1, ...test })) }],
  });

  it.each(['ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024'])('knows all of ACVP’s %s', async (parameterSet) => {
    const door = noble.mlKem(parameterSet);
    const [pair, k] = [door?.keyPair(bytes(64)), bytes(32)];
    if (door === undefined || pair === undefined) throw new Error('no door');
    const { ciphertext, secret } = door.encapsulate(pair.ek, k);
    const keys = { ek: hex(pair.ek), dk: hex(pair.dk) };
    const pairs = [{ d: hex(bytes(32)), z: hex(bytes(32)), ...keys }];
    expect(await judged(acvp('ML-KEM', 'keyGen', { parameterSet }, ...pairs))).toMatchObject({ passed: 2, failed: 0 });
    const answer = { c: hex(ciphertext), k: hex(secret) };
    const wrong = { c: hex(ciphertext), k: hex(flipped(secret)) };
    for (const [name, right, other] of [
      ['encapsulation', { ...keys, m: hex(k), ...answer }, { ...keys, m: hex(k), ...wrong }],
      ['decapsulation', { ...keys, ...answer }, { ...keys, ...wrong }],
      ['encapsulationKeyCheck', { ek: keys.ek, testPassed: true }, { ek: keys.ek, testPassed: false }],
      ['decapsulationKeyCheck', { dk: keys.dk, testPassed: true }, { dk: keys.dk, testPassed: false }],
    ] as const)
      expect(await judged(acvp('ML-KEM', 'encapDecap', { parameterSet, function: name }, right, other))).toMatchObject({
        passed: 2,
        failed: 2,
      });
  });

  it('joins ACVP’s questions and answers, given either file', async () => {
    const sk = hex(dsaKey?.sk ?? seed);
    const group = { parameterSet: 'ML-DSA-65', deterministic: true, signatureInterface: 'external', preHash: 'pure' };
    const questions = acvp('ML-DSA', 'sigGen', group, { message: hex(message), context: hex(seed), sk });
    const answers = acvp('ML-DSA', 'sigGen', {}, { signature: hex(dsaSignature) });
    const files = { 'prompt.json': JSON.stringify(questions), 'expectedResults.json': JSON.stringify(answers) };
    expect(recognise(input(answers, 'a/expectedResults.json', files))).toMatchObject({ belongsTo: 'prompt.json' });
    expect(await judged(questions, 'a/prompt.json', files)).toMatchObject({ passed: 2, failed: 0 });
    expect(await judged(questions, 'a/prompt.json')).toMatchObject({ passed: 0, failed: 2 });
  });

  it('joins ACVP’s answers to questions by group and case, fills what only the file with everything has, and takes what else lies there for no vectors', async () => {
    const door = noble.mlKem('ML-KEM-512');
    const pair = door?.keyPair(bytes(64));
    if (door === undefined || pair === undefined) throw new Error('no door');
    const [made, other] = [door.encapsulate(pair.ek, seed), door.encapsulate(pair.ek, flipped(seed))];
    const keys = { parameterSet: 'ML-KEM-512', function: 'decapsulation' };
    const group = (tgId: number, ...tests: readonly object[]) => ({ tgId, ...keys, tests });
    const file = (...testGroups: readonly object[]) => ({
      ...acvp('ML-KEM', 'encapDecap', {}),
      testGroups,
    });
    const dk = hex(pair.dk);
    const questions = file(
      group(1, { tcId: 1, dk, c: hex(made.ciphertext) }),
      { ...group(2, { tcId: 1, d: hex(bytes(32)), z: hex(bytes(32)), c: hex(other.ciphertext) }), keyFormat: 'seed' },
      { ...group(3, { tcId: 2 }), function: 'decapsulationKeyCheck', keyFormat: 'none' },
    );
    const answers = file(
      group(1, { tcId: 1, k: hex(made.secret) }),
      group(2, { tcId: 1, k: hex(other.secret) }),
      group(3, { tcId: 2, testPassed: true }),
    );
    const beside = {
      'prompt.json': JSON.stringify(questions),
      'expectedResults.json': JSON.stringify(answers),
      'internalProjection.json': JSON.stringify(file(group(3, { tcId: 2, dk }))),
      'registration.json': '{}',
    };
    expect(failuresOf(await judged(questions, 'a/prompt.json', beside))).toEqual([]);
    for (const name of ['registration', 'validation'])
      expect(recognise(input({ vsId: 42 }, `a/${name}.json`, beside))).toMatchObject({ belongsTo: 'prompt.json' });
    const without = { 'internalProjection.json': beside['internalProjection.json'] };
    expect(recognise(input(answers, 'a/expectedResults.json', without))).toMatchObject({
      belongsTo: 'internalProjection.json',
    });
    expect(failuresOf(await judged(questions, 'a/prompt.json'))).toEqual([
      'node reading: expectedResults.json: is not beside the questions',
      'noble reading: expectedResults.json: is not beside the questions',
    ]);
  });

  it('takes ACVP’s keys as seeds, and files from before there was a choice for the internal interface', async () => {
    const what = { kind: 'internal', message } as const;
    const signature = hex(dsa?.sign(dsaKey?.sk ?? seed, what, false) ?? seed);
    const group = { parameterSet: 'ML-DSA-65', deterministic: true };
    const sk = hex(dsaKey?.sk ?? seed);
    const old = acvp('ML-DSA', 'sigGen', group, { message: hex(message), sk, signature });
    expect((await judged(old)).groups[1]).toMatchObject({ subject: 'noble', passed: 1, failed: 0 });
    const seeds = { ...group, signatureInterface: 'internal', keyFormat: 'seed' };
    const tests = [seed, flipped(seed)].map((one) => ({ message: hex(message), seed: hex(one), signature }));
    expect((await judged(acvp('ML-DSA', 'sigGen', seeds, ...tests))).groups[1]).toMatchObject({ passed: 1, failed: 1 });
  });

  const HASHES = [
    'SHA2-224',
    'SHA2-256',
    'SHA2-384',
    'SHA2-512',
    'SHA2-512/224',
    'SHA2-512/256',
    'SHA3-224',
    'SHA3-256',
    'SHA3-384',
    'SHA3-512',
    'SHAKE-128',
    'SHAKE-256',
  ];
  it.each(['ML-DSA-87', 'SLH-DSA-SHA2-128f'])('knows %s with all pre-hashes', async (parameterSet) => {
    const door = noble.signatures(parameterSet);
    const pair = door?.keyPair(bytes(parameterSet === 'ML-DSA-87' ? 32 : 48));
    if (door === undefined || pair === undefined) throw new Error('no door');
    const tests = (parameterSet === 'ML-DSA-87' ? HASHES : HASHES.slice(-1)).map((hashAlg) => {
      const what = { kind: 'internal', message: preHashed(hashAlg, message, seed) } as const;
      return {
        pk: hex(pair.pk),
        message: hex(message),
        context: hex(seed),
        hashAlg,
        signature: hex(door.sign(pair.sk, what, false)),
        testPassed: true,
      };
    });
    const group = { parameterSet, signatureInterface: 'external', preHash: 'preHash' };
    const [algorithm = ''] = /^(?:ML|SLH)-DSA/.exec(parameterSet) ?? [];
    const result = await judged(acvp(algorithm, 'sigVer', group, ...tests, { ...tests[0], context: '' }));
    expect(result.groups[1]).toMatchObject({ subject: 'noble', passed: tests.length, failed: 1 });
  });

  it('knows the file of composite signatures, with ML-DSA alone, certificates and context, and what it has not', async () => {
    const context = utf8ToBytes('context');
    const test = (name: 'ML-DSA-44' | 'COMPSIG-MLDSA65-Ed25519-SHA512', tcId: string) => {
      const scheme = schemeOf(name, node.provider);
      const sk = bytes(scheme.seedBytes);
      const key = scheme.signingKey(sk);
      const tbs = Uint8Array.of(0x30, 3, 1, 2, 3);
      const signature = key.sign(tbs);
      const bits = [0x03, 0x82, (signature.length + 1) >> 8, (signature.length + 1) & 255, 0, ...signature];
      const content = [...tbs, 0x30, 0, ...bits];
      const x5c = Uint8Array.of(0x30, 0x82, content.length >> 8, content.length & 255, ...content);
      return {
        tcId,
        pk: base64.encode(key.publicKey),
        sk: base64.encode(sk),
        x5c: base64.encode(x5c),
        s: base64.encode(key.sign(message)),
        sWithContext: base64.encode(key.sign(message, { context })),
      };
    };
    const tests = [
      test('ML-DSA-44', 'id-ML-DSA-44'),
      test('COMPSIG-MLDSA65-Ed25519-SHA512', 'id-MLDSA65-Ed25519-SHA512'),
    ];
    const file = { m: base64.encode(message), ctx: base64.encode(context), tests };
    expect(failuresOf(await judged(file))).toEqual([]);
    const swapped = tests.map((one, i) => ({ ...one, x5c: tests[1 - i]?.x5c }));
    expect(await judged({ ...file, tests: swapped })).toMatchObject({ passed: 0, failed: 4 });
    const foreign = [{ ...tests[0], tcId: 'id-MLDSA65-GOST-SHA512' }];
    expect(failuresOf(await judged({ ...file, tests: foreign }))[0]).toContain(
      'id-MLDSA65-GOST-SHA512: GOST is not supported by this build',
    );
  });

  const raw = (key: KeyObject, length: number) => key.export({ format: 'der', type: 'spki' }).subarray(-length);
  const onCurve = (namedCurve: string, length: number) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    return { pk: raw(publicKey, length), privateKey };
  };
  const ofRsa = (modulusLength: number) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
    return { pk: publicKey.export({ format: 'der', type: 'pkcs1' }), privateKey };
  };

  it.each([
    ['id-MLDSA65-ECDSA-P256-SHA512', 'COMPSIG-MLDSA65-P256-SHA512', 'sha256', () => onCurve('prime256v1', 65)],
    ['id-MLDSA65-ECDSA-P256-SHA512', 'COMPSIG-MLDSA65-ECDSA-P256-SHA512', 'sha256', () => onCurve('prime256v1', 65)],
    ['id-MLDSA87-ECDSA-P384-SHA512', 'COMPSIG-MLDSA87-P384-SHA512', 'sha384', () => onCurve('secp384r1', 97)],
    ['id-MLDSA87-ECDSA-P521-SHA512', 'COMPSIG-MLDSA87-P521-SHA512', 'sha512', () => onCurve('secp521r1', 133)],
    [
      'id-MLDSA65-ECDSA-brainpoolP256r1-SHA512',
      'COMPSIG-MLDSA65-BP256-SHA512',
      'sha256',
      () => onCurve('brainpoolP256r1', 65),
    ],
    [
      'id-MLDSA87-ECDSA-brainpoolP384r1-SHA512',
      'COMPSIG-MLDSA87-BP384-SHA512',
      'sha384',
      () => onCurve('brainpoolP384r1', 97),
    ],
    [
      'id-MLDSA87-Ed448-SHAKE256',
      'COMPSIG-MLDSA87-Ed448-SHAKE256',
      undefined,
      () => {
        const { publicKey, privateKey } = generateKeyPairSync('ed448');
        return { pk: raw(publicKey, 57), privateKey };
      },
    ],
    ['id-MLDSA44-RSA2048-PSS-SHA256', 'COMPSIG-MLDSA44-RSA2048-PSS-SHA256', 'sha256', () => ofRsa(2048)],
    ['id-MLDSA44-RSA2048-PKCS15-SHA256', 'COMPSIG-MLDSA44-RSA2048-PKCS15-SHA256', 'sha256', () => ofRsa(2048)],
    ['id-MLDSA65-RSA4096-PSS-SHA512', 'COMPSIG-MLDSA65-RSA4096-PSS-SHA512', 'sha384', () => ofRsa(4096)],
  ] as const)(
    'verifies the composite %s with the label %s, which the package does not have',
    async (tcId, label, hash, make) => {
      const [, size = '', preHash = ''] = /^id-MLDSA(\d+)-.*(SHA(?:256|512|KE256))$/.exec(tcId) ?? [];
      const quantum = noble.signatures(`ML-DSA-${size}`);
      const pair = quantum?.keyPair(seed);
      if (quantum === undefined || pair === undefined) throw new Error('no door');
      const classical = make();
      const context = utf8ToBytes('context');
      const signed = (ctx: Uint8Array) => {
        const { sha256, sha512, shake256 } = noble.provider;
        const digest =
          preHash === 'SHA256' ? sha256(message) : preHash === 'SHA512' ? sha512(message) : shake256(64, message);
        const head = utf8ToBytes(`CompositeAlgorithmSignatures2025${label}`);
        const representative = concatBytes(head, Uint8Array.of(ctx.length), ctx, digest);
        const options = /PSS/.test(tcId)
          ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(hash?.slice(3)) / 8 }
          : {};
        const second = sign(hash ?? null, representative, { key: classical.privateKey, ...options });
        const what = { kind: 'message', message: representative, context: utf8ToBytes(label) } as const;
        return base64.encode(concatBytes(quantum.sign(pair.sk, what, false), Uint8Array.from(second)));
      };
      const pk = base64.encode(concatBytes(pair.pk, Uint8Array.from(classical.pk)));
      const test = { tcId, pk, s: signed(bytes(0)), sWithContext: signed(context) };
      const file = { m: base64.encode(message), ctx: base64.encode(context), tests: [test] };
      const isRsa = tcId.includes('RSA');
      expect(await judged(file)).toMatchObject({ passed: isRsa ? 1 : 2, failed: 0 });
      for (const wrong of [
        { ...test, s: test.sWithContext },
        { ...test, tcId: tcId.replace(/MLDSA\d+/, 'MLDSA44') },
      ])
        if (wrong.s !== test.s || size !== '44')
          expect(await judged({ ...file, tests: [wrong] })).toMatchObject({ passed: 0, failed: isRsa ? 1 : 2 });
    },
  );
});
