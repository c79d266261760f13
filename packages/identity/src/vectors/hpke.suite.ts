/**
 * HPKE: the lists of contexts of RFC 9180 and of draft-ietf-hpke-pq (`test-vectors.json` of their repositories), and Wycheproof's files of single messages.
 */
import { recipientContext, senderContext, type HpkeMechanisms } from '../kem/hpke.ts';
import type { HpkeKem } from '../kem/hpke-kem.ts';
import type { Schedule } from '../kem/labelled-kdf.ts';
import { NO_BYTES } from '../provider/provider.ts';
import { equal, same, type Case, type Format } from './case.suite.ts';
import { hex, hexOr, listOf, text, type Fields } from './fields.suite.ts';
import { mechanismsOf } from './hpke-mechanisms.suite.ts';
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

function checkContext(subject: Subject, context: Fields): void {
  const ids = { kem: context['kem_id'], kdf: context['kdf_id'], aead: context['aead_id'] };
  const mechanisms = mechanismsOf(ids, subject, hex(context, 'ikmE'));
  const recipient = pairOf(mechanisms.kem, context, 'R');
  const sender = context['skSm'] === undefined ? undefined : pairOf(mechanisms.kem, context, 'S');
  const psk = context['psk'] === undefined ? undefined : { secret: hex(context, 'psk'), id: hex(context, 'psk_id') };
  const options = { info: hexOr(context, 'info'), ...(psk && { psk }) };
  const enc = hex(context, 'enc');
  const sharedSecret = recipient.decapsulate(enc, sender?.publicKey);
  if (sharedSecret === undefined) throw new Error('enc: refused');
  if (context['shared_secret'] !== undefined) same('shared secret', sharedSecret, hex(context, 'shared_secret'));
  const mode = (psk ? 1 : 0) + (sender ? 2 : 0);
  equal('mode', mode, context['mode'] as number);
  const secrets = { mode, sharedSecret, info: options.info, psk: psk?.secret ?? NO_BYTES, pskId: psk?.id ?? NO_BYTES };
  checkSchedule(context, mechanisms.kdf.schedule(secrets, ...lengthsOf(mechanisms)));
  const sending = senderContext(mechanisms, recipient.publicKey, { ...options, ...(sender && { sender }) });
  const from = sender && { senderPublicKey: sender.publicKey };
  const receiving = recipientContext(mechanisms, recipient, enc, { ...options, ...from });
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

function lengthsOf({ cipher }: HpkeMechanisms): readonly [keyBytes: number, nonceBytes: number] {
  return cipher === undefined ? [0, 0] : [cipher.keyBytes, 12];
}

/** What nothing but the messages show otherwise. */
function checkSchedule(context: Fields, { key, baseNonce, exporterSecret }: Schedule): void {
  const found = { key, base_nonce: baseNonce, exporter_secret: exporterSecret };
  for (const [name, value] of Object.entries(found))
    if (context[name] !== undefined) same(name, value, hex(context, name));
  if (context['pkEm'] !== undefined) same('pkEm', hex(context, 'enc'), hex(context, 'pkEm'));
}

function pairOf(kem: HpkeKem, context: Fields, side: 'R' | 'S') {
  const secret = hex(context, `sk${side}m`);
  if (context[`ikm${side}`] !== undefined) {
    const clamp = CLAMPS[Number(context['kem_id'])] ?? ((bytes: Uint8Array) => bytes);
    same(`sk${side}m`, clamp(kem.deriveSecret(hex(context, `ikm${side}`))), clamp(secret));
  }
  const key = kem.secretKey(secret);
  same(`pk${side}m`, key.publicKey, hex(context, `pk${side}m`));
  return key;
}

/** RFC 7748 section 5: some files have secrets before these bits are set, some after. */
const CLAMPS: Readonly<Record<number, (secret: Uint8Array) => Uint8Array>> = {
  0x20: (secret) => withBits(secret, 0xf8, 0x7f, 0x40),
  0x21: (secret) => withBits(secret, 0xfc, 0xff, 0x80),
};

function withBits(secret: Uint8Array, firstMask: number, lastMask: number, lastBit: number): Uint8Array {
  const last = secret.length - 1;
  return secret.map((byte, i) => (i === 0 ? byte & firstMask : i === last ? (byte & lastMask) | lastBit : byte));
}

const idsOf = (test: Fields) => ({ kem: test['kemId'], kdf: test['kdfId'], aead: test['aeadId'] });

const opened: Check = (subject, test) => {
  const mechanisms = mechanismsOf(idsOf(test), subject);
  const [info, aad] = [hex(test, 'info'), hex(test, 'aad')];
  const key = mechanisms.kem.secretKey(hex(test, 'skRm'));
  same('pkRm', key.publicKey, hex(test, 'pkRm'));
  const open = () => recipientContext(mechanisms, key, hex(test, 'enc'), { info })?.open(hex(test, 'ct'), aad);
  gives(test, 'pt', open, hex(test, 'pt'));
};

const X25519 = 0x20;

/** For X25519 `ikmE` is the ephemeral secret itself, which nothing here takes: then a message is sealed and opened again. */
const sealed: Check = (subject, test) => {
  const [info, aad, pt] = [hex(test, 'info'), hex(test, 'aad'), hex(test, 'pt')];
  const isGiven = test['ikmE'] !== undefined && test['kemId'] !== X25519;
  const coins = isGiven ? hex(test, 'ikmE') : subject.provider.randomBytes(128);
  const mechanisms = mechanismsOf(idsOf(test), subject, coins);
  const setUp = () => senderContext(mechanisms, hex(test, 'pkRm'), { info });
  holds(test, 'set-up', () => setUp() !== undefined);
  const sending = text(test, 'result') === 'valid' ? setUp() : undefined;
  if (sending === undefined) return;
  const ct = sending.seal(pt, aad);
  if (isGiven) same('enc', sending.encapsulation, hex(test, 'enc'));
  if (isGiven) same('ct', ct, hex(test, 'ct'));
  if (test['skRm'] === undefined) return;
  const key = mechanisms.kem.secretKey(hex(test, 'skRm'));
  const open = (enc: Uint8Array, message: Uint8Array) =>
    recipientContext(mechanisms, key, enc, { info })?.open(message, aad);
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
