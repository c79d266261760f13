import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { hpkeKem, KEM_IDS, type KemName } from './hpke-kem.ts';
import { AEAD_IDS, setUpRecipient, setUpSender, type AeadName, type HpkeSuite } from './hpke.ts';
import { KDF_IDS, type KdfName } from './labelled-kdf.ts';

interface Vector {
  readonly mode: number;
  readonly kem_id: number;
  readonly kdf_id: number;
  readonly aead_id: number;
  readonly info: string;
  readonly ikmE: string;
  readonly ikmR: string;
  readonly ikmS?: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly skSm?: string;
  readonly pkSm?: string;
  readonly psk?: string;
  readonly psk_id?: string;
  readonly enc: string;
  readonly encryptions: readonly {
    readonly sequence_number?: number;
    readonly aad: string;
    readonly pt: string;
    readonly ct: string;
  }[];
  readonly exports: readonly {
    readonly exporter_context: string;
    readonly L: number;
    readonly exported_value: string;
  }[];
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/hpke/${name}.json`, import.meta.url), 'utf8')) as Vector[];
const vectors = [...read('rfc9180-x25519-base-auth'), ...read('hpke-pq-xwing')];

const nameOf = <T extends string>(ids: Readonly<Record<T, number>>, id: number) =>
  (Object.keys(ids) as T[]).find((name) => ids[name] === id) as T;

const suiteOf = ({ kem_id, kdf_id, aead_id }: Vector): HpkeSuite => ({
  kem: nameOf<KemName>(KEM_IDS, kem_id),
  kdf: nameOf<KdfName>(KDF_IDS, kdf_id),
  aead: nameOf<AeadName>(AEAD_IDS, aead_id),
});

/** The randomness of a vector: for X25519 what the ephemeral key is derived from, for X-Wing ML-KEM's m and the ephemeral secret. */
function withCoins(provider: CryptoProvider, coins: Uint8Array): CryptoProvider {
  return {
    ...provider,
    randomBytes: () => (coins.length === 32 ? coins : coins.subarray(32)),
    mlKem768: {
      ...provider.mlKem768,
      encapsulate: (publicKey) => {
        const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, coins.subarray(0, 32));
        return { ciphertext: cipherText, sharedSecret };
      },
    },
  };
}

describe.each([node, noble])('HPKE with $name', (provider) => {
  it.each(vectors)('vector $#: mode $mode, KEM $kem_id, KDF $kdf_id, AEAD $aead_id', (vector) => {
    const suite = suiteOf(vector);
    const kem = hpkeKem(suite.kem, provider);
    const pair = (input: string) => {
      const secret = kem.deriveSecret(hexToBytes(input));
      return { secret: bytesToHex(secret), key: kem.secretKey(secret) };
    };
    const recipient = pair(vector.ikmR);
    expect(recipient.secret).toBe(vector.skRm);
    expect(bytesToHex(recipient.key.publicKey)).toBe(vector.pkRm);
    const sender = vector.ikmS === undefined ? undefined : pair(vector.ikmS);
    expect([sender?.secret, sender && bytesToHex(sender.key.publicKey)]).toEqual([vector.skSm, vector.pkSm]);

    const options = { info: hexToBytes(vector.info) };
    const coins = withCoins(provider, hexToBytes(vector.ikmE));
    const sending = setUpSender(
      suite,
      recipient.key.publicKey,
      { ...options, ...(sender && { sender: sender.key }) },
      coins,
    );
    const receiving = setUpRecipient(
      suite,
      recipient.key,
      hexToBytes(vector.enc),
      { ...options, ...(sender && { senderPublicKey: sender.key.publicKey }) },
      provider,
    );
    expect(sending && bytesToHex(sending.encapsulation)).toBe(vector.enc);
    let sequence = 0;
    for (const [i, { sequence_number: wanted = i, aad, pt, ct }] of vector.encryptions.entries()) {
      for (; sequence < wanted; sequence++) receiving?.open(sending?.seal(new Uint8Array()) ?? new Uint8Array());
      expect(sending && bytesToHex(sending.seal(hexToBytes(pt), hexToBytes(aad)))).toBe(ct);
      const opened = receiving?.open(hexToBytes(ct), hexToBytes(aad));
      expect(opened && bytesToHex(opened)).toBe(pt);
      sequence++;
    }
    for (const { exporter_context: context, L: length, exported_value: value } of vector.exports)
      for (const side of [sending, receiving])
        expect(side && bytesToHex(side.exported(hexToBytes(context), length))).toBe(value);
  });

  const SUITES = (Object.keys(KEM_IDS) as KemName[]).flatMap((kem) =>
    (Object.keys(KDF_IDS) as KdfName[]).map((kdf) => ({ kem, kdf, aead: 'AES-256-GCM' as const })),
  );

  it.each(SUITES)('opens what the other provider sealed with $kem and $kdf, in order only', (suite) => {
    const other = provider === node ? noble : node;
    const key = hpkeKem(suite.kem, provider).secretKey(hpkeKem(suite.kem, provider).deriveSecret(new Uint8Array(32)));
    const psk = { secret: new Uint8Array(32).fill(1), id: utf8ToBytes('psk') };
    const sending = setUpSender(suite, key.publicKey, { psk }, other);
    const [first, second] = [1, 2].map((n) => sending?.seal(Uint8Array.of(n), utf8ToBytes('aad')));
    if (!sending || !first || !second) throw new Error('sealed nothing');
    const receiving = setUpRecipient(suite, key, sending.encapsulation, { psk }, provider);
    expect(receiving?.open(second, utf8ToBytes('aad'))).toBeUndefined();
    expect(receiving?.open(first, utf8ToBytes('aaD'))).toBeUndefined();
    expect(receiving?.open(first, utf8ToBytes('aad'))).toEqual(Uint8Array.of(1));
    expect(receiving?.open(first, utf8ToBytes('aad'))).toBeUndefined();
    expect(receiving?.open(second, utf8ToBytes('aad'))).toEqual(Uint8Array.of(2));
    const without = setUpRecipient(suite, key, sending.encapsulation, {}, provider);
    expect(without?.open(first, utf8ToBytes('aad'))).toBeUndefined();
    const about = setUpRecipient(suite, key, sending.encapsulation, { psk, info: utf8ToBytes('x') }, provider);
    expect(about?.open(first, utf8ToBytes('aad'))).toBeUndefined();
  });

  it('refuses keys and encapsulations that are none', () => {
    for (const kem of Object.keys(KEM_IDS) as KemName[]) {
      const suite = { kem, kdf: 'HKDF-SHA256', aead: 'ChaCha20Poly1305' } as const;
      const key = hpkeKem(kem, provider).secretKey(hpkeKem(kem, provider).deriveSecret(new Uint8Array(32)));
      expect(setUpSender(suite, new Uint8Array(31), {}, provider)).toBeUndefined();
      expect(setUpRecipient(suite, key, new Uint8Array(31), {}, provider)).toBeUndefined();
    }
    const suite = { kem: 'X25519', kdf: 'HKDF-SHA256', aead: 'ChaCha20Poly1305' } as const;
    const key = hpkeKem('X25519', provider).secretKey(new Uint8Array(32).fill(1));
    expect(setUpSender(suite, new Uint8Array(32), {}, provider)).toBeUndefined();
    expect(setUpRecipient(suite, key, new Uint8Array(32), {}, provider)).toBeUndefined();
    expect(
      setUpRecipient(suite, key, key.publicKey, { senderPublicKey: new Uint8Array(32) }, provider),
    ).toBeUndefined();
  });

  it('names what a caller gets wrong', () => {
    const suite = { kem: 'X-Wing', kdf: 'HKDF-SHA256', aead: 'export-only' } as const;
    const kem = hpkeKem('X-Wing', provider);
    const key = kem.secretKey(new Uint8Array(32));
    const x25519 = hpkeKem('X25519', provider).secretKey(new Uint8Array(32));
    expect(() => setUpSender(suite, key.publicKey, { sender: x25519 }, provider)).toThrow(TypeError);
    expect(() => hpkeKem('X25519', provider).encapsulate(x25519.publicKey, key)).toThrow(TypeError);
    expect(() => setUpSender(suite, key.publicKey, {}, provider)?.seal(new Uint8Array())).toThrow(TypeError);
    const short = { secret: new Uint8Array(31), id: utf8ToBytes('a') };
    expect(() => setUpSender(suite, key.publicKey, { psk: short }, provider)).toThrow(RangeError);
    expect(() => setUpSender(suite, key.publicKey, {}, provider)?.exported(new Uint8Array(), 255 * 32 + 1)).toThrow(
      RangeError,
    );
    expect(() => kem.secretKey(new Uint8Array(31))).toThrow(RangeError);
    const nameless = { secret: new Uint8Array(32), id: new Uint8Array() };
    expect(() => setUpSender(suite, key.publicKey, { psk: nameless }, provider)).toThrow(RangeError);
    expect(() => setUpRecipient(suite, key, new Uint8Array(1120).fill(9), { psk: short }, provider)).toThrow(
      RangeError,
    );
    // In one stage lengths have two bytes.
    const stage = { ...suite, kdf: 'SHAKE256' } as const;
    const long = { info: new Uint8Array(65_536) };
    expect(() => setUpSender(stage, key.publicKey, long, provider)).toThrow(RangeError);
    expect(setUpSender(stage, key.publicKey, { info: new Uint8Array(65_535) }, provider)).toBeDefined();
    for (const length of [-1, 0.5, 65_536])
      for (const either of [suite, stage])
        expect(() => setUpSender(either, key.publicKey, {}, provider)?.exported(new Uint8Array(), length)).toThrow(
          RangeError,
        );
    expect(setUpSender(stage, key.publicKey, {}, provider)?.exported(new Uint8Array(), 65_535)).toHaveLength(65_535);
    expect(setUpSender(suite, key.publicKey, {}, provider)?.exported(new Uint8Array(), 255 * 32)).toHaveLength(8160);
    expect(setUpSender(suite, key.publicKey, {}, provider)?.exported(new Uint8Array(), 0)).toHaveLength(0);
  });
});
