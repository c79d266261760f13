import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../canonical/strict-json.ts';
import { toBase64Url, toMultibase } from '../encoding/multibase.ts';
import {
  decodeStatusList,
  emptyStatusList,
  encodeStatusList,
  statusAt,
  statusEntryFrom,
  statusEntryJson,
  withStatus,
  type StatusList,
} from './status-list.ts';

/** The specification's example: 131 072 zeros. */
const EXAMPLE = 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA';
const ENTRY = {
  ...{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: '94567' },
  statusListCredential: 'https://example.com/credentials/status/3',
};
const packed = (bytes: Uint8Array) => `u${toBase64Url(gzipSync(bytes))}`;

describe('a status list', () => {
  it('reads and writes the example of the specification', async () => {
    expect(await decodeStatusList(EXAMPLE)).toEqual({ bytes: new Uint8Array(16_384) });
    expect(await decodeStatusList(await encodeStatusList(emptyStatusList()))).toEqual(emptyStatusList());
  });

  it('has its first entry in the highest bit of the first byte, its last in the lowest of the last', () => {
    const list = withStatus(withStatus(emptyStatusList(), 0, 1), 131_071, 1);
    expect([list.bytes[0], list.bytes.at(-1)]).toEqual([0x80, 0x01]);
    expect(withStatus(emptyStatusList(131_072, 4), 1, 0xb, 4).bytes[0]).toBe(0x0b);
  });

  it('keeps each status by itself, whatever the size of entries', () => {
    const change = fc.tuple(fc.nat(131_071), fc.nat(255));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(change, { maxLength: 12 }), (size, changes) => {
        const told = new Map(changes.map(([index, status]) => [index, status % 2 ** size]));
        let list: StatusList = emptyStatusList(131_072, size);
        for (const [index, status] of told) list = withStatus(list, index, status, size);
        for (const [index, status] of told) {
          expect(statusAt(list, index, size)).toBe(status);
          for (const beside of [index - 1, index + 1])
            if (beside >= 0 && beside < 131_072) expect(statusAt(list, beside, size)).toBe(told.get(beside) ?? 0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('takes a status back, and leaves the list it was made from as it was', () => {
    const revoked = withStatus(emptyStatusList(), 7, 1);
    expect(statusAt(withStatus(revoked, 7, 0), 7)).toBe(0);
    expect(statusAt(revoked, 7)).toBe(1);
  });

  it('has no status outside', () => {
    for (const index of [-1, 131_072, 0.5, NaN]) expect(statusAt(emptyStatusList(), index)).toBeUndefined();
    expect(() => withStatus(emptyStatusList(), 131_072, 1)).toThrow(RangeError);
    expect(() => withStatus(emptyStatusList(), 0, 2)).toThrow(RangeError);
    expect(() => emptyStatusList(131_071)).toThrow(RangeError);
    expect(() => emptyStatusList(131_072, 9)).toThrow(RangeError);
  });

  it.each([
    ['another base', toMultibase('z', Uint8Array.from(gzipSync(new Uint8Array(16_384))))],
    ['no base', EXAMPLE.slice(1)],
    ['padding', `${EXAMPLE}=`],
    ['what is not compressed', `u${toBase64Url(new Uint8Array(16_384))}`],
    ['bytes after the end', `u${toBase64Url(Uint8Array.from([...gzipSync(new Uint8Array(16_384)), 0]))}`],
    [
      'two in one',
      `u${toBase64Url(Uint8Array.from([...gzipSync(new Uint8Array(16_384)), ...gzipSync(new Uint8Array(1))]))}`,
    ],
    ['a cut end', EXAMPLE.slice(0, -4)],
    ['what expands without end', packed(new Uint8Array(2 ** 24 + 1))],
    ['nothing', ''],
  ])('is not %s', async (_, text) => {
    expect(await decodeStatusList(text)).toEqual({ kind: 'refused', reason: 'malformed-status-list' });
  });

  it('may expand to 16 MiB', async () => {
    expect(await decodeStatusList(packed(new Uint8Array(2 ** 24)))).toMatchObject({ bytes: { length: 2 ** 24 } });
  });

  it('is not one that is too short to hide anybody', async () => {
    const refused = { kind: 'refused', reason: 'short-status-list' };
    expect(await decodeStatusList(packed(new Uint8Array(16_383)))).toEqual(refused);
    expect(await decodeStatusList(EXAMPLE, 2)).toEqual(refused);
  });

  it('is not one of which a bit was changed', async () => {
    const list = withStatus(emptyStatusList(), 4711, 1);
    const compressed = Uint8Array.from(gzipSync(list.bytes));
    for (let bit = 0; bit < compressed.length * 8; bit++) {
      const changed = Uint8Array.from(compressed);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit % 8));
      const read = await decodeStatusList(`u${toBase64Url(changed)}`);
      // GZIP's header says when and where it was packed, which is no part of the list.
      if ('bytes' in read) expect(statusAt(read, 4711)).toBe(1);
    }
  });
});

describe('an entry', () => {
  it('reads as it was written', () => {
    const entry = { purpose: 'revocation', index: 94_567, list: ENTRY.statusListCredential, size: 1 };
    expect(statusEntryFrom(ENTRY)).toEqual(entry);
    expect(statusEntryJson(entry)).toEqual(ENTRY);
    const wide = { ...entry, size: 2, messages: ['under way', 'accepted', 'refused', 'undefined'] };
    expect(statusEntryFrom(statusEntryJson(wide))).toEqual(wide);
    expect(() => statusEntryJson({ ...entry, size: 2 })).toThrow(RangeError);
    expect(() => statusEntryJson({ ...entry, messages: ['unset'] })).toThrow(RangeError);
    expect(() => statusEntryJson({ ...wide, size: 9 })).toThrow(RangeError);
  });

  it('says where more is told, and what its values mean, in any order', () => {
    const statusMessage = [
      { status: '0x1', message: 'set', more: 'anything' },
      { status: '0x0', message: 'unset' },
    ];
    const statusReference = ['https://example.com/a', 'https://example.com/b'];
    expect(statusEntryFrom({ ...ENTRY, statusMessage, statusReference })).toMatchObject({ messages: ['unset', 'set'] });
  });

  it.each<[string, JsonObject]>([
    ['another type', { type: 'StatusList2021Entry' }],
    ['an index that is a number', { statusListIndex: 5 }],
    ['a negative index', { statusListIndex: '-1' }],
    ['an index with zeros before it', { statusListIndex: '01' }],
    ['an index in another base', { statusListIndex: '0x1' }],
    ['an index beyond all lists', { statusListIndex: '12345678901' }],
    ['no purpose', { statusPurpose: '' }],
    ['a list without address', { statusListCredential: 'list' }],
    ['entries of no bits', { statusSize: 0 }],
    ['entries of nine bits', { statusSize: 9 }],
    ['an id that is none', { id: 7 }],
    ['the list’s address for its id', { id: ENTRY.statusListCredential }],
    ['two bits and no messages', { statusSize: 2 }],
    ['messages that are a text', { statusMessage: 'set' }],
    ['too few messages', { statusMessage: [{ status: '0x0', message: 'a' }] }],
    ['too many messages', { statusMessage: [0, 1, 2].map((status) => ({ status: `0x${status}`, message: 'a' })) }],
    [
      'two messages for one status',
      { statusMessage: [0, 0, 1].map((status) => ({ status: `0x${status}`, message: 'a' })) },
    ],
    [
      'messages for other statuses',
      { statusMessage: [1, 2].map((status) => ({ status: `0x${status}`, message: 'a' })) },
    ],
    [
      'statuses that are not hexadecimal',
      { statusMessage: [0, 1].map((status) => ({ status: `${status}`, message: 'a' })) },
    ],
    [
      'messages that are numbers',
      { statusMessage: [0, 1].map((status) => ({ status: `0x${status}`, message: status })) },
    ],
    ['a reference without address', { statusReference: ['https://example.com/a', 'b'] }],
    ['an unknown name', { critical: true }],
  ])('is not one with %s', (_, more) => {
    expect(statusEntryFrom({ ...ENTRY, ...more })).toBeUndefined();
  });
});
