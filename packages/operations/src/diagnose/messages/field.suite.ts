/** Texts as clusters of many versions, clouds and runtimes have written them, with neutral names: the parsers' field test. */
import type { Event } from '@aia/cluster';
import { expect, it } from 'vitest';
import type { FieldRow } from './corpus/corpus-row.ts';
import { recogniseEvent, unrecognised } from './recognise.ts';

/** Lengths to which GKE's autoscaler, the events API and a tool's table cut texts. */
const CUTS = [1024, 250, 120];

/** A cut text may say less, never another cause of the same weight. */
function expectWeaker(cut: unknown, whole: unknown, text: string): void {
  const causeOf = (found: unknown) => (found as { readonly cause?: string } | undefined)?.cause ?? 'other';
  if (causeOf(cut) !== 'other') expect([causeOf(whole), ...GENERAL], text).toContain(causeOf(cut));
}

/** What a text begins with before it comes to the point. */
const GENERAL = ['network', 'not-found', 'forbidden', 'invalid-request', 'runtime', 'device', 'exec'];

/** An event on a pod. */
function eventOf(reason: string, message: string, type = 'Warning'): Event {
  return { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'prod' }, reason, message, type };
}

/**
 * One test per row: the text is read as it says, as it stands and as the correlator, a Windows client and a terminal hand it
 * on; and its event is counted as understood.
 */
export function describeField<T>(rows: readonly FieldRow<T>[], read: (reason: string, text: string) => unknown): void {
  it.each(rows.map(([from, reason, text, expected]) => ({ from, reason, text, expected })))(
    '$from: $reason $text',
    ({ reason, text, expected }) => {
      const match = (found: unknown): void => {
        if (typeof expected === 'object' && expected !== null) expect(found).toMatchObject(expected);
        else expect(found).toEqual(expected);
      };
      match(read(reason, text));
      match(read(reason, `(combined from similar events): ${text}`));
      match(read(reason, `${text.replaceAll('\n', '\r\n')}  \r\n`));
      for (const length of CUTS)
        expectWeaker(read(reason, text.slice(0, length)), read(reason, text), text.slice(0, length));
      expect(recogniseEvent(eventOf(reason, text)), 'recognised').toBeDefined();
      expect(unrecognised([eventOf(reason, text)])).toEqual([]);
    },
  );
}
