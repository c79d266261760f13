import { describe, expect, it } from 'vitest';
import { recognise } from './judge.suite.ts';
import { subject as noble } from './noble-subject.suite.ts';
import { subject as node } from './node-subject.suite.ts';
import { filesOf, judged, open } from './vector-files.suite.ts';

const FOLDER = new URL('../../vectors/', import.meta.url).pathname;
const AT = Date.UTC(2026, 10, 1);
const files = filesOf(FOLDER);
/** One path for each file that is judged: what completes another is judged with it. */
const whole = files.filter((path) => recognise(open(path, AT))?.belongsTo === undefined);

describe('official vectors', () => {
  it('all have a format, and there are some of each', () => {
    const formats = files.map((path) => [path, recognise(open(path, AT))?.format.name] as const);
    expect(formats.filter(([, name]) => name === undefined)).toEqual([]);
    expect(new Set(formats.map(([, name]) => name))).toEqual(
      new Set([
        ...[
          'ACVP',
          'Wycheproof',
          'RFC 8032',
          'X-Wing',
          'SD-JWT disclosures',
          'SD-JWT payload',
          'LAMPS composite',
          'HPKE',
          'did:webvh',
          'did:key',
        ],
        ...['Data Integrity', 'JCS documents', 'JCS numbers'],
      ]),
    );
  });

  it.each(whole.map((path) => [path.slice(FOLDER.length), path] as const))(
    '%s holds on both providers',
    async (_, path) => {
      for await (const [, result] of judged([path], [node, noble], AT)) {
        expect(
          result?.groups.flatMap(({ group, subject, failures }) => failures.map((one) => ({ group, subject, ...one }))),
        ).toEqual([]);
        expect(result?.passed).toBeGreaterThan(0);
        // What is left to the other provider is what node:crypto has no door to.
        for (const { subject, leftToOther } of result?.groups ?? [])
          if (subject === 'noble') expect(leftToOther).toBe(0);
      }
    },
  );
});
