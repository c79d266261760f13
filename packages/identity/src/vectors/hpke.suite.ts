/**
 * HPKE: the lists of contexts of RFC 9180 and of draft-ietf-hpke-pq (`test-vectors.json` of their repositories), and Wycheproof's files of single messages. Intermediate
 * secrets show in what is sealed and exported.
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { hpkeKem, KEM_IDS, type HpkeKem, type KemName } from '../kem/hpke-kem.ts';
import { AEAD_IDS, setUpRecipient, setUpSender, type AeadName, type HpkeSuite } from '../kem/hpke.ts';
import { KDF_IDS, type KdfName } from '../kem/labelled-kdf.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { Cannot, same, type Case, type Format } from './case.suite.ts';
import { hex, hexOr, listOf, text, type Fields } from './fields.suite.ts';
import { withCoins } from './plain-lists.suite.ts';
import type { Subject } from './subject.suite.ts';
import { gives, holds, type Check } from './wycheproof-result.suite.ts';

const IDS = ['mode', 'kem_id', 'kdf_id', 'aead_id'];
const MODES = ['base', 'psk', 'auth', 'auth-psk'];

/** See {@link Format}. */
export const hpke: Format = {
  name: 'HPKE',
  fits: ({ json }) => {
    const contexts = listOf(json);
    return contexts.length > 0 && contexts.every((one) => IDS.every((id) => typeof one[id] === 'number'));
  },
  groups: ({ json }) => {
    const groups = new Map<string, Case[]>();
    for (const [i, context] of listOf(json).entries()) {
      const name = `KEM ${String(context['kem_id'])} ${MODES[Number(context['mode'])] ?? ''}`.trim();
      const id = `${String(i)} KDF ${String(context['kdf_id'])} AEAD ${String(context['aead_id'])}`;
      groups.set(name, [...(groups.get(name) ?? []), { id, check: (subject) => checkContext(subject, context) }]);
    }
    return Array.from(groups, ([name, cases]) => ({ name, cases }));
  },
};

function named<T extends string>(ids: Readonly<Record<T, number>>, id: unknown, what: string): T {
  const name = (Object.keys(ids) as T[]).find((one) => ids[one] === id);
  if (name === undefined) throw new Cannot(`HPKE's ${what} ${String(id)} is not supported by this build`);
  return name;
}

function suiteOf(kem: unknown, kdf: unknown, aead: unknown): HpkeSuite {
  return {
    kem: named<KemName>(KEM_IDS, kem, 'KEM'),
    kdf: named<KdfName>(KDF_IDS, kdf, 'KDF'),
    aead: named<AeadName>(AEAD_IDS, aead, 'AEAD'),
  };
}

/** The randomness of encapsulation: of X25519 what its ephemeral key is derived from, of ML-KEM m, of X-Wing m and the ephemeral secret. */
function seeded(provider: CryptoProvider, coins: Uint8Array, kem: KemName): CryptoProvider {
  return withCoins(provider, kem === 'X25519' ? concatBytes(coins, coins) : coins);
}

function checkContext({ provider }: Subject, context: Fields): void {
  const suite = suiteOf(context['kem_id'], context['kdf_id'], context['aead_id']);
  const kem = hpkeKem(suite.kem, provider);
  const recipient = pairOf(kem, context, 'R');
  const sender = context['skSm'] === undefined ? undefined : pairOf(kem, context, 'S');
  const psk = context['psk'] === undefined ? undefined : { secret: hex(context, 'psk'), id: hex(context, 'psk_id') };
  const options = { info: hexOr(context, 'info'), ...(psk && { psk }) };
  const enc = hex(context, 'enc');
  if (context['shared_secret'] !== undefined)
    same('shared secret', recipient.decapsulate(enc, sender?.publicKey), hex(context, 'shared_secret'));
  const coins = seeded(provider, hex(context, 'ikmE'), suite.kem);
  const sending = setUpSender(suite, recipient.publicKey, { ...options, ...(sender && { sender }) }, coins);
  const from = sender && { senderPublicKey: sender.publicKey };
  const receiving = setUpRecipient(suite, recipient, enc, { ...options, ...from }, provider);
  if (sending === undefined || receiving === undefined) throw new Error('context: none');
  same('enc', sending.encapsulation, enc);
  let sequence = 0;
  for (const [i, one] of listOf(context['encryptions']).entries()) {
    const wanted = typeof one['sequence_number'] === 'number' ? one['sequence_number'] : i;
    for (; sequence < wanted; sequence++) receiving.open(sending.seal(new Uint8Array(0)));
    const [aad, pt, ct] = [hex(one, 'aad'), hex(one, 'pt'), hex(one, 'ct')];
    same(`ct ${String(wanted)}`, sending.seal(pt, aad), ct);
    same(`pt ${String(wanted)}`, receiving.open(ct, aad), pt);
    sequence++;
  }
  for (const one of listOf(context['exports'])) {
    const [about, length] = [hex(one, 'exporter_context'), Number(one['L'])];
    for (const side of [sending, receiving]) same('exported', side.exported(about, length), hex(one, 'exported_value'));
  }
}

function pairOf(kem: HpkeKem, context: Fields, side: 'R' | 'S') {
  const secret = hex(context, `sk${side}m`);
  if (context[`ikm${side}`] !== undefined) same(`sk${side}m`, kem.deriveSecret(hex(context, `ikm${side}`)), secret);
  const key = kem.secretKey(secret);
  same(`pk${side}m`, key.publicKey, hex(context, `pk${side}m`));
  return key;
}

const opened: Check = ({ provider }, test) => {
  const suite = suiteOf(test['kemId'], test['kdfId'], test['aeadId']);
  const [info, aad] = [hex(test, 'info'), hex(test, 'aad')];
  const key = hpkeKem(suite.kem, provider).secretKey(hex(test, 'skRm'));
  same('pkRm', key.publicKey, hex(test, 'pkRm'));
  const open = () => setUpRecipient(suite, key, hex(test, 'enc'), { info }, provider)?.open(hex(test, 'ct'), aad);
  gives(test, 'pt', open, hex(test, 'pt'));
};

/** For X25519 `ikmE` is the ephemeral secret itself, which nothing here takes: then a message is sealed and opened again. */
const sealed: Check = ({ provider }, test) => {
  const suite = suiteOf(test['kemId'], test['kdfId'], test['aeadId']);
  const [info, aad, pt] = [hex(test, 'info'), hex(test, 'aad'), hex(test, 'pt')];
  const isGiven = test['ikmE'] !== undefined && suite.kem !== 'X25519';
  const source = isGiven ? seeded(provider, hex(test, 'ikmE'), suite.kem) : provider;
  const setUp = () => setUpSender(suite, hex(test, 'pkRm'), { info }, source);
  holds(test, 'set-up', () => setUp() !== undefined);
  const sending = text(test, 'result') === 'valid' ? setUp() : undefined;
  if (sending === undefined) return;
  const ct = sending.seal(pt, aad);
  if (isGiven) same('enc', sending.encapsulation, hex(test, 'enc'));
  if (isGiven) same('ct', ct, hex(test, 'ct'));
  if (test['skRm'] === undefined) return;
  const key = hpkeKem(suite.kem, provider).secretKey(hex(test, 'skRm'));
  const open = (enc: Uint8Array, message: Uint8Array) =>
    setUpRecipient(suite, key, enc, { info }, provider)?.open(message, aad);
  same('pt of its own', open(sending.encapsulation, ct), pt);
  same('pt', open(hex(test, 'enc'), hex(test, 'ct')), pt);
};

/** Wycheproof's, by the fields of the case: both kinds of file may have groups of one type. */
const message: Check = (subject, test, algorithm) =>
  (test['skRm'] === undefined || String(test['schema']).includes('encap') ? sealed : opened)(subject, test, algorithm);

/** By the type of the group. */
export const HPKE: Readonly<Record<string, Check>> = {
  HpkeTest: message,
  HpkeDecryptTest: opened,
  HpkeEncapTest: sealed,
};
