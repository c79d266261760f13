import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../canonical/strict-json.ts';
import { formatTime } from '../../proof/time.ts';
import { provider as noble } from '../../provider/noble.ts';
import { provider as node } from '../../provider/node.ts';
import { AT, DAY, Forge, keyHash, multikey, NOW, proofBy, type Forged } from './forge.suite.ts';
import { verifyLog, type LogChecks } from './log.ts';
import { witnessFile } from './write.ts';

const reasonOf = (log: Forge, checks: Partial<LogChecks> = {}, did = log.did): string | undefined => {
  const verdict = verifyLog(did, log.text, { at: NOW, ...checks });
  return verdict.kind === 'refused' ? verdict.reason : undefined;
};
const created = (forged?: Forged) => new Forge().create(forged);
const first = (forged: Forged) => reasonOf(created(forged));
const second = (forged: Forged, before?: Forged) => reasonOf(created(before).update(forged));
const NEXT = { parameters: { nextKeyHashes: [keyHash(2)] } };
const PORTABLE = { parameters: { portable: true } };

it('what is forged without a fault is taken, so that each fault is what is refused', () => {
  expect(first({})).toBeUndefined();
  expect(second({})).toBeUndefined();
  expect(
    second({ parameters: { updateKeys: [multikey(2)], nextKeyHashes: [keyHash(3)] }, signers: [2] }, NEXT),
  ).toBeUndefined();
  expect(reasonOf(created().update().update().update())).toBeUndefined();
});

describe('names and hashes', () => {
  it('the SCID is the hash of the first entry', () => {
    const other = 'QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p';
    const log = created();
    expect(reasonOf(log, {}, log.did.replace(log.scid, other))).toBe('other-scid');
    const renamed = new Forge();
    renamed.lines.push(...log.lines.map((line) => line.replaceAll(log.scid, other)));
    expect(reasonOf(renamed, {}, log.did.replace(log.scid, other))).toBe('wrong-scid');
  });

  it('nothing is left of placeholders, which would give two first entries one SCID', () => {
    const log = created({ state: { note: '{SCID}' } });
    log.lines[0] = (log.lines[0] ?? '').replace(`"note":"${log.scid}"`, '"note":"{SCID}"');
    expect(reasonOf(log)).toBe('wrong-scid');
  });

  it('names with the SCID are hashed in the order of their placeholders', () => {
    expect(first({ state: { '{SCID}': 1, a: 2, z: { 'R{SCID}': 1, Q: 1 } } })).toBeUndefined();
  });

  it.each<[string, (right: string) => string, string]>([
    ['another hash', () => `2-${'QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p'}`, 'wrong-entry-hash'],
    ['the number before', (right) => right.replace('2-', '1-'), 'wrong-version-number'],
    ['a number further on', (right) => right.replace('2-', '3-'), 'wrong-version-number'],
    ['no number', (right) => right.slice(2), 'malformed-version-id'],
    ['a leading zero', (right) => `0${right}`, 'malformed-version-id'],
    ['a sign', (right) => `+${right}`, 'malformed-version-id'],
    ['no dash', (right) => right.replace('-', ''), 'malformed-version-id'],
    ['no hash', () => '2-', 'malformed-version-id'],
    ['a hash that is no multihash', (right) => right.replace('-Qm', '-Qn'), 'malformed-version-id'],
    ['letters behind', (right) => `${right}1`, 'malformed-version-id'],
  ])('a version is not named with %s', (_, versionId, reason) => {
    expect(second({ versionId })).toBe(reason);
  });

  it('the first version is number 1', () => {
    expect(first({ versionId: (right) => right.replace('1-', '2-') })).toBe('wrong-version-number');
    expect(first({ versionId: (right) => right.replace('1-', '0-') })).toBe('malformed-version-id');
  });

  it('entries are neither left out, repeated nor exchanged', () => {
    const lines = created().update().update().update().lines;
    const withLines = (...places: number[]) => {
      const log = created();
      log.lines.splice(0, 1, ...places.map((i) => lines[i] ?? ''));
      return reasonOf(log);
    };
    expect(withLines(0, 1, 2, 3)).toBeUndefined();
    expect(withLines(0, 2, 3)).toBe('wrong-version-number');
    expect(withLines(0, 1, 1, 2)).toBe('wrong-version-number');
    expect(withLines(0, 2, 1, 3)).toBe('wrong-version-number');
    expect(withLines(1, 2, 3)).toBe('missing-parameter');
  });

  it('an entry of another branch does not fit', () => {
    const log = created().update();
    log.lines.push(
      created()
        .update({ state: { n: 2 } })
        .update().lines[2] ?? '',
    );
    expect(reasonOf(log)).toBe('wrong-entry-hash');
  });
});

describe('times', () => {
  it.each<[string, JsonValue, string]>([
    ['a time that is not later', formatTime(AT), 'time-not-later'],
    ['an earlier time', formatTime(AT - 1000), 'time-not-later'],
    ['a time to come', formatTime(NOW + DAY), 'time-in-future'],
    ['no UTC', '2026-01-05T00:00:00+01:00', 'malformed-time'],
    ['no zone', '2026-01-05T00:00:00', 'malformed-time'],
    ['a date alone', '2026-01-05', 'malformed-time'],
    ['a day that is none', '2026-02-30T00:00:00Z', 'malformed-time'],
    ['words', 'tomorrow', 'malformed-time'],
    ['nothing', '', 'malformed-time'],
    ['a number', AT + DAY, 'malformed-entry'],
  ])('no entry has %s', (_, versionTime, reason) => {
    expect(second({ versionTime })).toBe(reason);
  });

  it('clocks may differ by a minute', () => {
    expect(second({ versionTime: formatTime(NOW + 60_000) })).toBeUndefined();
    expect(second({ versionTime: formatTime(NOW + 61_000) })).toBe('time-in-future');
  });

  it('UTC may be written as an offset, and seconds may have parts', () => {
    expect(second({ versionTime: '2026-01-01T00:00:00.001+00:00' })).toBeUndefined();
  });

  it('no proof comes from a time to come, or was over', () => {
    expect(second({ proof: { created: formatTime(NOW + DAY) } })).toBe('proof-from-future');
    expect(second({ proof: { expires: formatTime(AT + DAY) } })).toBe('expired-proof');
  });
});

describe('keys and proofs', () => {
  it.each<[string, Forged, string]>([
    ['a key that is none of the update keys', { signers: [2] }, 'unauthorised-key'],
    ['a right key and a wrong one', { signers: [1, 2] }, 'unauthorised-key'],
    ['a new key of its own entry', { parameters: { updateKeys: [multikey(2)] }, signers: [2] }, 'unauthorised-key'],
    ['no key', { signers: [] }, 'missing-proof'],
    ['too many', { signers: Array.from({ length: 17 }, () => 1) }, 'too-many-proofs'],
    ['another cryptosuite', { proof: { cryptosuite: 'eddsa-rdfc-2022' } }, 'unknown-cryptosuite'],
    ['another cryptosuite that is known here', { proof: { cryptosuite: 'mldsa44-jcs-2024' } }, 'unknown-cryptosuite'],
    ['another purpose', { proof: { proofPurpose: 'authentication' } }, 'wrong-proof-purpose'],
    ['no purpose', { proof: { proofPurpose: null } }, 'malformed-proof'],
    ['another type', { proof: { type: 'Ed25519Signature2020' } }, 'malformed-proof'],
    ['no value', { proof: { proofValue: null } }, 'malformed-proof'],
    ['another name of the key', { proof: { verificationMethod: `did:key:${multikey(1)}` } }, 'unauthorised-key'],
    ['a key by its Multikey', { proof: { verificationMethod: multikey(1) } }, 'unauthorised-key'],
    ['a key of the document', { proof: { verificationMethod: 'did:webvh:x:a.example#k' } }, 'unauthorised-key'],
    [
      'another fragment',
      { proof: { verificationMethod: `did:key:${multikey(1)}#${multikey(2)}` } },
      'unauthorised-key',
    ],
    [
      'the name of another key',
      { proof: { verificationMethod: `did:key:${multikey(2)}#${multikey(2)}` } },
      'unauthorised-key',
    ],
    ['a signature of another entry', { proof: { proofValue: proofBy({ a: 1 }, 1).proofValue } }, 'broken-signature'],
    ['a member that was not signed', { proof: { domain: 'x' } }, 'broken-signature'],
  ])('an entry is not signed by %s', (_, forged, reason) => {
    expect(second(forged)).toBe(reason);
  });

  it('the first entry is signed by its own keys', () => {
    expect(first({ signers: [2] })).toBe('unauthorised-key');
    expect(first({ parameters: { updateKeys: [] } })).toBe('unauthorised-key');
  });

  it('rotated keys sign from the next entry on, and the old ones no more', () => {
    const rotated = () => created().update({ parameters: { updateKeys: [multikey(2)] } });
    expect(reasonOf(rotated().update({ signers: [2] }))).toBeUndefined();
    expect(reasonOf(rotated().update({ signers: [1] }))).toBe('unauthorised-key');
  });

  it('any of several keys signs, and all of them may', () => {
    const several = { parameters: { updateKeys: [multikey(1), multikey(2)] } };
    for (const signers of [[1], [2], [2, 1]]) expect(second({ signers }, several)).toBeUndefined();
  });
});

describe('pre-rotation', () => {
  const next = (n: number) => ({ updateKeys: [multikey(n)], nextKeyHashes: [keyHash(n + 1)] });

  it.each<[string, Forged, string]>([
    ['another key', { parameters: next(3), signers: [3] }, 'unmet-pre-rotation'],
    ['the key before', { parameters: next(1), signers: [1] }, 'unmet-pre-rotation'],
    [
      'one key too many',
      { parameters: { ...next(2), updateKeys: [multikey(2), multikey(3)] }, signers: [2] },
      'unmet-pre-rotation',
    ],
    ['no key', { parameters: { ...next(2), updateKeys: [] }, signers: [2] }, 'unauthorised-key'],
    ['a signature of the key before', { parameters: next(2), signers: [1] }, 'unauthorised-key'],
    ['no update keys', { parameters: { nextKeyHashes: [keyHash(3)] }, signers: [1] }, 'dropped-pre-rotation'],
    ['no hashes', { parameters: { updateKeys: [multikey(2)] }, signers: [2] }, 'dropped-pre-rotation'],
    ['neither', { signers: [1] }, 'dropped-pre-rotation'],
  ])('does not go on with %s', (_, forged, reason) => {
    expect(second(forged, NEXT)).toBe(reason);
  });

  it('commits to more keys than are used', () => {
    const many = { parameters: { nextKeyHashes: [keyHash(2), keyHash(3), 'anything'] } };
    expect(second({ parameters: next(2), signers: [2] }, many)).toBeUndefined();
  });

  it('ends after the entry that says so, which still keeps to it', () => {
    const ended = (n: number) =>
      created(NEXT).update({ parameters: { updateKeys: [multikey(n)], nextKeyHashes: [] }, signers: [n] });
    expect(reasonOf(ended(3))).toBe('unmet-pre-rotation');
    expect(reasonOf(ended(2).update({ parameters: { updateKeys: [multikey(9)] }, signers: [2] }))).toBeUndefined();
    expect(reasonOf(ended(2).update({ parameters: { updateKeys: [multikey(9)] }, signers: [9] }))).toBe(
      'unauthorised-key',
    );
  });

  it('begins with any entry', () => {
    const begun = () => created().update({ parameters: { nextKeyHashes: [keyHash(2)] } });
    expect(reasonOf(begun().update({ parameters: next(2), signers: [2] }))).toBeUndefined();
    expect(reasonOf(begun().update({ signers: [1] }))).toBe('dropped-pre-rotation');
  });
});

describe('parameters', () => {
  it.each<[string, Record<string, JsonValue | undefined>, string]>([
    ['no method', { method: undefined }, 'missing-parameter'],
    ['no SCID', { scid: undefined }, 'missing-parameter'],
    ['no update keys', { updateKeys: undefined }, 'missing-parameter'],
    ['another version', { method: 'did:webvh:0.5' }, 'unsupported-version'],
    ['a version to come', { method: 'did:webvh:2.0' }, 'unsupported-version'],
    ['another method', { method: 'did:web:1.0' }, 'unsupported-version'],
    ['a method that is a number', { method: 1 }, 'malformed-parameter'],
    ['a SCID that is none', { scid: 'x' }, 'malformed-parameter'],
    ['a parameter that is unknown', { prerotation: true }, 'unknown-parameter'],
    ['a parameter with the name of a property', { toString: 1 }, 'unknown-parameter'],
    ['update keys that are text', { updateKeys: multikey(1) }, 'malformed-parameter'],
    ['update keys that are numbers', { updateKeys: [1] }, 'malformed-parameter'],
    ['update keys that are no Multikeys', { updateKeys: ['key-1'] }, 'malformed-parameter'],
    ['update keys in another base', { updateKeys: [multikey(1), 'u7QEB'] }, 'malformed-parameter'],
    ['update keys without a key', { updateKeys: [multikey(1), 'z6M'] }, 'malformed-parameter'],
    ['update keys with letters that are no base58', { updateKeys: [`${multikey(1)}0`] }, 'malformed-parameter'],
    ['update keys twice', { updateKeys: [multikey(1), multikey(1)] }, 'malformed-parameter'],
    ['hashes that are text', { nextKeyHashes: keyHash(1) }, 'malformed-parameter'],
    ['hashes that are numbers', { nextKeyHashes: [1] }, 'malformed-parameter'],
    ['watchers that are no URLs', { watchers: ['w'] }, 'malformed-parameter'],
    ['watchers that are text', { watchers: 'https://w.example' }, 'malformed-parameter'],
    ['portable in words', { portable: 'true' }, 'malformed-parameter'],
    ['portable without a value', { portable: null }, 'malformed-parameter'],
    ['deactivated in words', { deactivated: 'false' }, 'malformed-parameter'],
    ['a ttl in words', { ttl: '3600' }, 'malformed-parameter'],
    ['a ttl with parts', { ttl: 1.5 }, 'malformed-parameter'],
    ['a ttl below nothing', { ttl: -1 }, 'malformed-parameter'],
    ['a ttl that is too long', { ttl: 2 ** 31 + 1 }, 'malformed-parameter'],
  ])('are not begun with %s', (_, parameters, reason) => {
    expect(first({ parameters })).toBe(reason);
  });

  it.each<[string, JsonObject, string]>([
    ['the SCID again', { scid: 'QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p' }, 'repeated-scid'],
    ['a lower version', { method: 'did:webvh:0.5' }, 'unsupported-version'],
    ['portable again', { portable: true }, 'portable-again'],
    ['a parameter that is unknown', { x: 1 }, 'unknown-parameter'],
    ['a SCID without a value', { scid: null }, 'repeated-scid'],
  ])('do not go on with %s', (_, parameters, reason) => {
    expect(second({ parameters })).toBe(reason);
  });

  it.each<[string, JsonValue]>([
    ['the same version', { method: 'did:webvh:1.0' }],
    [
      'nothing, where old implementations wrote null',
      { nextKeyHashes: null, watchers: null, witness: null, ttl: null },
    ],
    ['the bounds of ttl', { ttl: 2 ** 31 }],
    ['watchers by other schemes', { watchers: ['did:example:1', 'https://w.example/x'] }],
  ])('may go on with %s', (_, parameters) => {
    expect(second({ parameters: parameters as JsonObject })).toBeUndefined();
  });
});

describe('deactivation', () => {
  it('is the end', () => {
    const ended = () => created().update({ parameters: { deactivated: true, updateKeys: [] } });
    expect(reasonOf(ended())).toBeUndefined();
    expect(reasonOf(ended().update())).toBe('change-after-deactivation');
    expect(
      reasonOf(created({ parameters: { deactivated: true } }).update({ parameters: { deactivated: false } })),
    ).toBe('change-after-deactivation');
  });

  it('is signed like any other entry', () => {
    expect(second({ parameters: { deactivated: true, updateKeys: [] }, signers: [2] })).toBe('unauthorised-key');
  });
});

describe('places', () => {
  const elsewhere = (log: Forge) => `did:webvh:${log.scid}:b.example`;
  const moved = (before: Forged, state: (log: Forge) => Record<string, JsonValue>) => {
    const log = created(before);
    return reasonOf(log.update({ state: state(log) }));
  };

  it('change only in portable logs, which say from where', () => {
    const right = (log: Forge) => ({ id: elsewhere(log), alsoKnownAs: [log.did] });
    expect(moved(PORTABLE, right)).toBeUndefined();
    expect(moved({}, right)).toBe('not-portable');
    expect(moved(PORTABLE, (log) => ({ id: elsewhere(log) }))).toBe('missing-prior-did');
    expect(moved(PORTABLE, (log) => ({ id: elsewhere(log), alsoKnownAs: log.did }))).toBe('missing-prior-did');
    expect(moved(PORTABLE, (log) => ({ id: elsewhere(log), alsoKnownAs: ['did:web:a.example'] }))).toBe(
      'missing-prior-did',
    );
  });

  it('do not change once that was given up', () => {
    const log = created(PORTABLE).update({ parameters: { portable: false } });
    const state = { id: elsewhere(log), alsoKnownAs: [log.did] };
    expect(reasonOf(log.update({ state }))).toBe('not-portable');
    expect(
      reasonOf(
        created(PORTABLE)
          .update({ parameters: { portable: false } })
          .update({ parameters: { portable: true } }),
      ),
    ).toBe('portable-again');
  });

  it('change with the SCID, and to a place', () => {
    const to = (id: string) => moved(PORTABLE, (log) => ({ id, alsoKnownAs: [log.did] }));
    expect(to('did:webvh:QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p:b.example')).toBe('other-scid');
    expect(to('did:web:b.example')).toBe('malformed-did');
    expect(moved(PORTABLE, (log) => ({ id: `did:webvh:${log.scid}:127.0.0.1`, alsoKnownAs: [log.did] }))).toBe(
      'ip-host',
    );
  });

  it('are those of the DID that was asked for', () => {
    const log = created();
    expect(reasonOf(log, {}, elsewhere(log))).toBe('other-did');
    expect(reasonOf(log, {}, `${log.did}:path`)).toBe('other-did');
    expect(reasonOf(log, {}, log.did.replace('a.example', 'a.example%3A8443'))).toBe('other-did');
  });

  it.each([
    ['did:web:a.example', 'malformed-did'],
    ['did:webvh:a.example', 'malformed-did'],
    ['did:webvh:{SCID}:a.example', 'malformed-did'],
    ['did:webvh:QmShort:a.example', 'malformed-scid'],
    ['did:webvh:QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p:169.254.169.254', 'ip-host'],
    ['did:webvh:QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p:%61.example', 'percent-encoded-host'],
    ['did:webvh:QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p:a.example:..', 'malformed-path'],
    ['did:webvh:QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p:a.example%3A1:x', 'malformed-port'],
    ['did:webvh:QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p:a.example#f', 'malformed-did'],
  ])('are none for %s', (did, reason) => {
    expect(reasonOf(created(), {}, did)).toBe(reason);
  });

  it('are named in every document', () => {
    expect(first({ state: { id: undefined } })).toBe('malformed-entry');
    expect(second({ state: { id: 'did:example:1' } })).toBe('malformed-did');
  });
});

describe('lines', () => {
  it.each<[string, (line: string) => string, string]>([
    ['a name twice', (line) => line.replace('{"versionId"', '{"versionTime":"x","versionId"'), 'duplicate-name'],
    ['a name twice in the document', (line) => line.replace('"state":{', '"state":{"id":"x",'), 'duplicate-name'],
    ['text behind', (line) => `${line}{}`, 'trailing-text'],
    ['no end', (line) => line.slice(0, -1), 'malformed'],
    [
      'numbers that lose digits',
      (line) => line.replace('"state":{', '"state":{"n":9007199254740993,'),
      'unsafe-number',
    ],
    ['lone surrogates', (line) => line.replace('"state":{', '"state":{"n":"\\ud800",'), 'lone-surrogate'],
    ['a list', (line) => `[${line}]`, 'malformed-entry'],
    ['nothing', () => '', 'malformed'],
    ['too many letters', (line) => line + ' '.repeat(2 ** 18), 'too-long'],
    ['a member that is unknown', (line) => line.replace('{"versionId"', '{"x":1,"versionId"'), 'malformed-entry'],
    ['a byte order mark', (line) => `\ufeff${line}`, 'malformed'],
  ])('are refused with %s', (_, change, reason) => {
    const log = created().update().update();
    log.lines[1] = change(log.lines[1] ?? '');
    const verdict = verifyLog(log.did, log.text, { at: NOW });
    expect(verdict).toMatchObject({ kind: 'refused', reason, entry: 2 });
    expect(verdict.kind === 'refused' && verdict.before.map(({ number }) => number)).toEqual([1]);
  });

  it.each(['versionId', 'versionTime', 'parameters', 'state', 'proof'])('are refused without %s', (name) => {
    const change = ({ [name]: _dropped, ...entry }: Readonly<Record<string, JsonValue>>) => entry;
    expect(second({ change })).toBe(name === 'proof' ? 'missing-proof' : 'malformed-entry');
  });

  it('may end in a line feed or not, and their proof may be no list', () => {
    const log = created().update();
    for (const text of [
      log.text,
      log.text.trimEnd(),
      log.text.replaceAll('\n', '\r\n'),
      log.text.replaceAll(',"', ', "'),
    ])
      expect(verifyLog(log.did, text, { at: NOW }).kind).toBe('verified');
    expect(
      second({ change: (entry) => ({ ...entry, proof: (entry.proof as readonly JsonValue[])[0] ?? null }) }),
    ).toBeUndefined();
  });

  it('are read at a time', () => {
    const log = created();
    for (const at of [NaN, Infinity]) expect(() => verifyLog(log.did, log.text, { at })).toThrow(RangeError);
  });

  it('do not take more memory than they may, whatever is in them', () => {
    const empty = (count: number) => Array.from({ length: count }, () => ({}));
    const log = () => created({ state: { empty: empty(80_000) } });
    expect(reasonOf(log())).toBeUndefined();
    expect(
      reasonOf(
        log()
          .update({ state: { empty: empty(80_000) } })
          .update({ state: { empty: empty(80_000) } }),
      ),
    ).toBe('too-long');
  });

  it('are not too many', () => {
    const log = created().update().update();
    expect(reasonOf(log, { mostEntries: 3 })).toBeUndefined();
    expect(reasonOf(log, { mostEntries: 2 })).toBe('too-many-entries');
    expect(verifyLog(log.did, '\n'.repeat(2000), { at: NOW })).toMatchObject({ reason: 'too-many-entries' });
    expect(verifyLog(log.did, ' '.repeat(2 ** 25 + 1), { at: NOW })).toMatchObject({ reason: 'too-long' });
    expect(verifyLog(log.did, '', { at: NOW })).toMatchObject({ reason: 'empty-log' });
    expect(verifyLog(log.did, '\n', { at: NOW })).toMatchObject({ reason: 'malformed', entry: 1 });
  });
});

describe('what is known', () => {
  const log = created().update().update();
  const known = (text: string) => {
    const verdict = verifyLog(log.did, text, { at: NOW });
    return verdict.kind === 'verified' ? verdict.log : undefined;
  };
  const whole = known(log.text);

  it('is continued, and not verified again', () => {
    const part = known(log.lines.slice(0, 2).join('\n'));
    const verdict = verifyLog(log.did, log.text, { at: NOW, known: part });
    expect(verdict.kind === 'verified' && verdict.log).toEqual(whole);
    expect(verdict.kind === 'verified' && verdict.log.versions[0]).toBe(part?.versions[0]);
  });

  it('is neither cut off nor replaced', () => {
    const reason = (lines: readonly string[]) => {
      const verdict = verifyLog(log.did, lines.join('\n'), { at: NOW, known: whole });
      return verdict.kind === 'refused' ? verdict.reason : undefined;
    };
    const fork = created()
      .update({ state: { n: 2 } })
      .update()
      .update();
    expect(reason(log.lines)).toBeUndefined();
    expect(reason(log.lines.slice(0, 2))).toBe('truncated-log');
    expect(reason(log.lines.slice(0, 1))).toBe('truncated-log');
    expect(reason(fork.lines)).toBe('forked-log');
    expect(reason(fork.lines.slice(0, 2))).toBe('forked-log');
    const mixed = [...fork.lines.slice(0, 2), log.lines[2]].join('\n');
    for (const text of [fork.text, mixed])
      expect(verifyLog(log.did, text, { at: NOW, known: whole })).toMatchObject({ entry: 2, before: [{ number: 1 }] });
  });

  it('has no other history by what nobody signed', () => {
    const reason = (third: string) =>
      verifyLog(log.did, [...log.lines.slice(0, 2), third].join('\n'), { at: NOW, known: whole });
    expect(reason('x')).toMatchObject({ reason: 'malformed', entry: 3 });
    const unsigned = created()
      .update()
      .update({ state: { n: 2 }, signers: [2] });
    expect(reason(unsigned.lines[2] ?? '')).toMatchObject({ reason: 'unauthorised-key', entry: 3 });
    const signed = created()
      .update()
      .update({ state: { n: 2 } });
    expect(reason(signed.lines[2] ?? '')).toMatchObject({ reason: 'forked-log', entry: 3 });
    const elsewhere = created()
      .update({ state: { n: 2 } })
      .update();
    expect(reason(elsewhere.lines[2] ?? '')).toMatchObject({ reason: 'wrong-entry-hash', entry: 3 });
  });

  it('may come with other proofs, which are verified', () => {
    const again = created()
      .update({ signers: [1, 1] })
      .update();
    expect(reasonOf(again, { known: whole })).toBeUndefined();
    const broken = created()
      .update({ signers: [2] })
      .update();
    expect(reasonOf(broken, { known: whole })).toBe('unauthorised-key');
  });
});

describe('witnesses', () => {
  const rule = (threshold: number, ...ns: number[]) => ({
    threshold,
    witnesses: ns.map((n) => ({ id: `did:key:${multikey(n)}` })),
  });
  const WITNESSED = { parameters: { witness: rule(2, 11, 12, 13) } };
  type Approval = readonly [index: number, ...witnesses: number[]];
  const file = (log: Forge, ...approvals: Approval[]) =>
    witnessFile(
      new Map(
        approvals.map(([i, ...ns]) => [
          log.versionIds[i] ?? '',
          ns.map((n) => proofBy({ versionId: log.versionIds[i] ?? '' }, n)),
        ]),
      ),
    );
  const approved = (log: Forge, ...approvals: Approval[]) => reasonOf(log, { witnessProofs: file(log, ...approvals) });

  it.each<[string, Record<string, JsonValue>]>([
    ['no witnesses', { threshold: 1, witnesses: [] }],
    ['a threshold of nothing', rule(0, 11)],
    ['a threshold that nobody can meet', rule(2, 11)],
    ['a threshold with parts', rule(1.5, 11, 12)],
    ['a threshold in words', { ...rule(1, 11), threshold: '1' }],
    ['no threshold', { witnesses: rule(1, 11).witnesses }],
    ['one witness twice', rule(1, 11, 11)],
    [
      'one witness under two names',
      { threshold: 1, witnesses: [{ id: `did:key:${multikey(11)}` }, { id: multikey(11) }] },
    ],
    ['a witness by another method', { threshold: 1, witnesses: [{ id: 'did:web:w.example' }] }],
    ['a witness that is no key', { threshold: 1, witnesses: [{ id: 'did:key:z6Mk' }] }],
    ['a witness without a name', { threshold: 1, witnesses: [{}] }],
    ['weights', { ...rule(1, 11), selfWeight: 1 }],
  ])('are no rule with %s', (_, witness) => {
    expect(first({ parameters: { witness } })).toBe('malformed-parameter');
  });

  it('approve by threshold, each once', () => {
    const log = () => created(WITNESSED);
    expect(reasonOf(log())).toBe('missing-witness-proofs');
    expect(approved(log())).toBe('witness-threshold-unmet');
    expect(approved(log(), [0, 11])).toBe('witness-threshold-unmet');
    expect(approved(log(), [0, 11, 11, 11])).toBe('witness-threshold-unmet');
    expect(approved(log(), [0, 11, 14])).toBe('witness-threshold-unmet');
    expect(approved(log(), [0, 1, 11])).toBe('witness-threshold-unmet');
    expect(approved(log(), [0, 11, 13])).toBeUndefined();
    expect(approved(log(), [0, 11, 14, 12, 13, 11])).toBeUndefined();
  });

  it('approve all entries up to theirs, and none after it', () => {
    const log = () => created(WITNESSED).update().update();
    expect(approved(log(), [2, 11, 12])).toBeUndefined();
    expect(approved(log(), [1, 11], [2, 11, 12])).toBeUndefined();
    expect(approved(log(), [1, 11, 12])).toBe('witness-threshold-unmet');
    expect(approved(log(), [1, 11], [2, 12])).toBe('witness-threshold-unmet');
    expect(approved(log(), [0, 11, 12], [1, 11, 12], [2, 11])).toBe('witness-threshold-unmet');
  });

  it('approve nothing by proofs of what is not in the log, or that do not hold', () => {
    const log = created(WITNESSED).update();
    const longer = created(WITNESSED).update().update();
    expect(reasonOf(log, { witnessProofs: file(longer, [2, 11, 12, 13]) })).toBe('witness-threshold-unmet');
    expect(reasonOf(log, { witnessProofs: file(longer, [1, 11], [2, 11, 12, 13]) })).toBe('witness-threshold-unmet');
    expect(reasonOf(log, { witnessProofs: file(longer, [1, 11, 12], [2, 13]) })).toBeUndefined();
    const right = file(log, [1, 11, 12]);
    const other = created({ ...WITNESSED, state: { n: 2 } }).update();
    expect(reasonOf(log, { witnessProofs: file(other, [1, 11, 12]) })).toBe('witness-threshold-unmet');
    const renamed = file(other, [1, 11, 12]).replaceAll(other.versionIds[1] ?? '', log.versionIds[1] ?? '');
    expect(reasonOf(log, { witnessProofs: renamed })).toBe('witness-threshold-unmet');
    for (const [a, b] of [
      ['eddsa-jcs-2022', 'eddsa-rdfc-2022'],
      ['assertionMethod', 'authentication'],
      ['DataIntegrityProof', 'X'],
    ])
      expect(reasonOf(log, { witnessProofs: right.replace(a ?? '', b ?? '') })).toBe('witness-threshold-unmet');
    const key12 = `did:key:${multikey(12)}#${multikey(12)}`;
    expect(reasonOf(log, { witnessProofs: right.replace(key12, `did:key:${multikey(13)}#${multikey(13)}`) })).toBe(
      'witness-threshold-unmet',
    );
    expect(reasonOf(log, { witnessProofs: right.replace(key12, `did:key:${multikey(12)}`) })).toBe(
      'witness-threshold-unmet',
    );
  });

  it('approve nothing by what they signed for another purpose', () => {
    const log = created(WITNESSED);
    const versionId = log.versionIds[0] ?? '';
    const file = (proofPurpose: string) =>
      witnessFile(new Map([[versionId, [11, 12].map((n) => proofBy({ versionId }, n, { proofPurpose }))]]));
    expect(reasonOf(log, { witnessProofs: file('authentication') })).toBe('witness-threshold-unmet');
    expect(reasonOf(log, { witnessProofs: file('assertionMethod') })).toBeUndefined();
  });

  it('may have approved any number of versions that are not published', () => {
    const log = created(WITNESSED);
    const one = proofBy({}, 11);
    const unpublished = Array.from({ length: 4200 }, () => one);
    const right = JSON.parse(file(log, [0, 11, 12])) as JsonValue[];
    const witnessProofs = JSON.stringify([{ versionId: '2-x', proof: unpublished }, ...right]);
    expect(reasonOf(log, { witnessProofs })).toBeUndefined();
  });

  it('are not kept from approving by a proof of theirs that does not hold', () => {
    const log = created(WITNESSED);
    const broken = { ...proofBy({ versionId: log.versionIds[0] ?? '' }, 11), created: formatTime(AT - DAY) };
    const right = [11, 12].map((n) => proofBy({ versionId: log.versionIds[0] ?? '' }, n));
    const witnessProofs = witnessFile(new Map([[log.versionIds[0] ?? '', [broken, ...right]]]));
    expect(reasonOf(log, { witnessProofs })).toBeUndefined();
  });

  it.each([
    '',
    '{}',
    '[',
    '[1]',
    '[{}]',
    '[{"versionId":1}]',
    '[{"versionId":"1-x","proof":{}}]',
    '[{"versionId":"1-x","versionId":"1-x"}]',
  ])('approve nothing by a file that is %j', (witnessProofs) => {
    expect(reasonOf(created(WITNESSED), { witnessProofs })).toBe('malformed-witness-proofs');
  });

  it('do not make endless work', () => {
    const log = created(WITNESSED);
    const versionId = log.versionIds[0] ?? '';
    const broken = { ...proofBy({ versionId }, 11), domain: 'x' };
    const right = [11, 12].map((n) => proofBy({ versionId }, n));
    const after = (count: number) => {
      const proofs = [...Array.from({ length: count }, () => broken), ...right];
      return reasonOf(log, { witnessProofs: witnessFile(new Map([[versionId, proofs]])) });
    };
    expect([after(4094), after(4095)]).toEqual(['witness-threshold-unmet', 'too-many-witness-proofs']);
    expect([after(63), after(64)]).toEqual([undefined, 'witness-threshold-unmet']);
  });

  it('are not got round by an entry behind, which breaks the log', () => {
    const log = created(WITNESSED).update();
    log.lines.push('x');
    const verdict = (...approvals: Approval[]) =>
      verifyLog(log.did, log.text, {
        at: NOW,
        witnessProofs: approvals.length > 0 ? file(log, ...approvals) : undefined,
      });
    expect(verdict()).toMatchObject({ reason: 'missing-witness-proofs', entry: 1, before: [] });
    const unmet = { reason: 'witness-threshold-unmet', entry: 2, before: [{ number: 1 }] };
    expect(verdict([0, 11, 12], [1, 11])).toMatchObject(unmet);
    const broken = { reason: 'malformed', entry: 3, before: [{ number: 1 }, { number: 2 }] };
    expect(verdict([1, 11, 12])).toMatchObject(broken);
  });

  it('have to approve another history before it is one, and nothing twice', () => {
    const log = created(WITNESSED).update();
    const verified = verifyLog(log.did, log.text, { at: NOW, witnessProofs: file(log, [1, 11, 12]) });
    const known = verified.kind === 'verified' ? verified.log : undefined;
    expect(reasonOf(log, { known })).toBeUndefined();
    const fork = created(WITNESSED).update({ state: { n: 2 } });
    const approved = file(fork, [0, 11, 12], [1, 11, 12]);
    expect(reasonOf(fork, { known })).toBe('missing-witness-proofs');
    expect(reasonOf(fork, { known, witnessProofs: file(log, [1, 11, 12]) })).toBe('witness-threshold-unmet');
    expect(reasonOf(fork, { known, witnessProofs: approved })).toBe('forked-log');
  });

  it('that are set later approve the entry that sets them', () => {
    const log = () => created().update(WITNESSED);
    expect(reasonOf(log())).toBe('missing-witness-proofs');
    expect(approved(log(), [0, 11, 12])).toBe('witness-threshold-unmet');
    expect(approved(log(), [1, 11, 12])).toBeUndefined();
  });

  it('that are replaced, or sent away, approve that', () => {
    for (const witness of [rule(1, 14), {}]) {
      const log = () => created(WITNESSED).update({ parameters: { witness } });
      expect(approved(log(), [0, 11, 12], [1, 14])).toBe('witness-threshold-unmet');
      expect(approved(log(), [0, 11, 12])).toBe('witness-threshold-unmet');
      expect(approved(log(), [1, 11, 12])).toBeUndefined();
    }
    const replaced = () =>
      created(WITNESSED)
        .update({ parameters: { witness: rule(1, 14) } })
        .update();
    expect(approved(replaced(), [1, 11, 12])).toBe('witness-threshold-unmet');
    expect(approved(replaced(), [2, 11, 12])).toBe('witness-threshold-unmet');
    expect(approved(replaced(), [1, 11, 12], [2, 14])).toBeUndefined();
    const sent = () =>
      created(WITNESSED)
        .update({ parameters: { witness: {} } })
        .update();
    expect(approved(sent(), [1, 11, 12])).toBeUndefined();
  });

  it('that become fewer are conceded to approve that themselves, and nobody new is', () => {
    const verdict = (witness: JsonObject, ...ns: number[]) => {
      const log = created(WITNESSED).update({ parameters: { witness } });
      const verified = verifyLog(log.did, log.text, { at: NOW, witnessProofs: file(log, [0, 11, 12], [1, ...ns]) });
      if (verified.kind === 'refused') return verified.reason;
      // What was conceded stays so, although nothing of it is verified again.
      const again = verifyLog(log.did, log.text, { at: NOW, known: verified.log });
      return again.kind === 'verified' ? again.log.concessions : again.reason;
    };
    expect(verdict(rule(1, 11), 11, 12)).toEqual([]);
    expect(verdict(rule(1, 11), 11)).toEqual(['reduced-witnesses']);
    expect(verdict(rule(1, 11), 12)).toBe('witness-threshold-unmet');
    expect(verdict(rule(1, 11, 14), 11)).toBe('witness-threshold-unmet');
  });
});

describe.each([node, noble])('any changed bit of a log, with $name', (provider) => {
  const log = created(NEXT).update({
    parameters: { updateKeys: [multikey(2)], nextKeyHashes: [] },
    signers: [2],
    state: { n: [1, 'é'] },
  });
  const bytes = new TextEncoder().encode(log.text);

  it('is detected', () => {
    expect(verifyLog(log.did, log.text, { at: NOW }, provider).kind).toBe('verified');
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 2 }), fc.nat({ max: 7 }), (place, bit) => {
        const changed = Uint8Array.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ (1 << bit);
        const verdict = verifyLog(log.did, new TextDecoder().decode(changed), { at: NOW }, provider);
        expect(verdict.kind).toBe('refused');
      }),
      { numRuns: 150 },
    );
  });
});

describe('whatever is written', () => {
  const log = created({ ...NEXT, state: { alsoKnownAs: ['x'] } });
  const line = JSON.parse(log.lines[0] ?? '') as JsonObject;
  const anything = fc.jsonValue({ maxDepth: 3 });

  it('makes a verdict', () => {
    const places = ['versionId', 'versionTime', 'parameters', 'state', 'proof'];
    const inner = [
      'method',
      'scid',
      'updateKeys',
      'nextKeyHashes',
      'witness',
      'watchers',
      'portable',
      'deactivated',
      'ttl',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...inner), anything, (place, name, value) => {
        const changed = [
          { ...line, [place]: value },
          { ...line, parameters: { ...(line.parameters as object), [name]: value } },
        ];
        for (const entry of [...changed, { ...line, proof: [value] }, value])
          for (const witnessProofs of [
            undefined,
            JSON.stringify(value),
            JSON.stringify([{ versionId: log.versionIds[0], proof: [value] }]),
          ])
            expect(['verified', 'refused']).toContain(
              verifyLog(log.did, JSON.stringify(entry), { at: NOW, witnessProofs }).kind,
            );
      }),
      { numRuns: 150 },
    );
  });

  it('is no DID, or one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const did of [text, `did:webvh:${text}`, `did:webvh:${log.scid}:${text}`])
          expect(['verified', 'refused']).toContain(verifyLog(did, log.text, { at: NOW }).kind);
      }),
    );
  });
});
