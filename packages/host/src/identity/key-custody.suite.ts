/** What every adapter of {@link KeyCustody} does. */
import { inspect } from 'node:util';
import { COMPOSITE, type KeyOrigin, type KeySet } from '@aia/identity';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KeyCustody } from './key-custody.ts';

const AGENT = { agent: 'orchestrator', version: 1 };

/** @param open the adapter under test: an empty one, and the same again as another process would find it */
export function describeKeyCustody(
  name: string,
  open: () => { readonly keys: KeyCustody; readonly again: () => KeyCustody },
): void {
  describe(`key custody: ${name}`, () => {
    let keys: KeyCustody;
    let again: () => KeyCustody;
    beforeEach(() => ({ keys, again } = open()));

    it('draws keys once, and gives the same ever after', async () => {
      const [first] = await keys.ensure([AGENT]);
      const found = [first, ...(await keys.ensure([AGENT])), await again().keySet(AGENT)].map(publicKeys);
      expect(new Set(found).size).toBe(1);
    });

    it('gives keys in the order in which they are asked for, each its own', async () => {
      const origins = [3, 1, 2].map((version) => ({ ...AGENT, version }));
      const sets = await keys.ensure([...origins, { agent: 'other', version: 1 }]);
      expect(sets.map(({ origin }) => origin)).toEqual([...origins, { agent: 'other', version: 1 }]);
      expect(new Set(sets.map(publicKeys)).size).toBe(4);
    });

    it('lists versions of one agent, ascending', async () => {
      await keys.ensure([2, 10, 1].map((version) => ({ ...AGENT, version })));
      await keys.ensure([{ agent: 'orchestrator-2', version: 7 }]);
      expect([await keys.versions('orchestrator'), await keys.versions('nobody')]).toEqual([[1, 2, 10], []]);
    });

    it('destroys for good, and what was never there without a word', async () => {
      const [before] = await keys.ensure([AGENT, { ...AGENT, version: 2 }]);
      await keys.destroy([AGENT, { ...AGENT, version: 9 }]);
      expect(await again().versions('orchestrator')).toEqual([2]);
      await expect(keys.keySet(AGENT)).rejects.toMatchObject({ code: 'key-missing' });
      const [after] = await keys.ensure([AGENT]);
      expect(publicKeys(after)).not.toBe(publicKeys(before));
    });

    it('keeps all that it is asked for or nothing', async () => {
      await expect(keys.ensure([AGENT, { agent: '../x', version: 1 }])).rejects.toThrow(RangeError);
      expect(await keys.versions('orchestrator')).toEqual([]);
    });

    it.each<KeyOrigin>([
      ...['../../etc/passwd', 'A', '', '-a', 'a.b', 'a/b', 'x'.repeat(64)].map((agent) => ({ agent, version: 1 })),
      ...[0, -1, 1.5, 2 ** 32, NaN].map((version) => ({ agent: 'a', version })),
    ])('has no keys of %j', async (origin) => {
      await expect(keys.ensure([origin])).rejects.toThrow(RangeError);
      await expect(keys.keySet(origin)).rejects.toThrow(RangeError);
    });

    it('shows nothing of what keys are made from', async () => {
      const [set] = await keys.ensure([AGENT]);
      expect(inspect([keys, set], { depth: 9, showHidden: true })).not.toMatch(/seed|master|Uint8Array|Buffer/);
      expect(JSON.stringify([keys, set])).toBe('[{},{"origin":{"agent":"orchestrator","version":1}}]');
    });
  });
}

function publicKeys(set: KeySet | undefined): string {
  const signing = (['control', 'assertion', 'authentication'] as const).map(
    (use) => set?.signingKey(use, use === 'control' ? 'Ed25519' : COMPOSITE).publicKey,
  );
  return [...signing, set?.keyAgreement().publicKey].map((key) => Buffer.from(key ?? []).toString('hex')).join();
}
