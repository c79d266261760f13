/** The promises of {@link ClusterReader} as tests that every adapter runs. */
import { describe, expect, it } from 'vitest';
import { encodeSnapshot } from './snapshot/codec.ts';
import type { ClusterReader } from './reader.ts';

/** What an adapter sets up for the suite. */
export interface ReaderCase {
  /** Reads a cluster with at least one pod and a Secret whose value is `secretValue`; a part of it cannot be read. */
  readonly reader: ClusterReader;
  readonly secretValue: string;
  /** Reads something about which nothing at all can be said. */
  readonly broken: ClusterReader;
  /** `code` of the error that `broken` gives. */
  readonly brokenCode: string;
}

/** Runs the suite; `make` is called anew for each test. */
export function readerSuite(name: string, make: () => Promise<ReaderCase>): void {
  describe(`${name} keeps the promises of a reader`, () => {
    it('answers with an immutable snapshot', async () => {
      const snapshot = await (await make()).reader.observe();
      expect(snapshot.list('Pod').length).toBeGreaterThan(0);
      expect(Object.isFrozen(snapshot)).toBe(true);
      expect(Object.isFrozen(snapshot.objects)).toBe(true);
    });

    it('reads anew each time, and the same cluster gives the same snapshot', async () => {
      const { reader } = await make();
      const first = await reader.observe();
      const second = await reader.observe();
      expect(second).not.toBe(first);
      expect(second.objects).toEqual(first.objects);
      expect(second.missing).toEqual(first.missing);
    });

    it('keeps no value of a Secret', async () => {
      const { reader, secretValue } = await make();
      const text = JSON.stringify(encodeSnapshot(await reader.observe()));
      expect(text).not.toContain(secretValue);
      expect(text).not.toContain(Buffer.from(secretValue).toString('base64'));
    });

    it('names what could not be read and answers the rest', async () => {
      const { missing, problems, objects } = await (await make()).reader.observe();
      expect(objects.length).toBeGreaterThan(0);
      expect(missing.length + problems.length).toBeGreaterThan(0);
      for (const { input, reason, consequence } of missing)
        expect([input, reason, consequence].every((text) => text !== '')).toBe(true);
      for (const { source, message } of problems) expect([source, message].every((text) => text !== '')).toBe(true);
    });

    it('rejects with its code where nothing can be said', async () => {
      const { broken, brokenCode } = await make();
      await expect(broken.observe()).rejects.toMatchObject({
        code: brokenCode,
        retry: expect.stringMatching(/^(never|later)$/),
      });
    });

    it('rejects when cancelled', async () => {
      const { reader } = await make();
      const cancelled = new AbortController();
      cancelled.abort();
      await expect(reader.observe(cancelled.signal)).rejects.toThrow();
      const late = new AbortController();
      const reading = reader.observe(late.signal);
      late.abort();
      await expect(reading).rejects.toThrow();
    });
  });
}
