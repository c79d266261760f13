import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonValues } from './json-values.ts';

const BYTES = 1 << 20;

/** Everything that was cut out, in order. */
function cut(bytes: Buffer, cuts: readonly number[], valueBytes = BYTES): readonly (readonly unknown[])[] {
  const out: (readonly unknown[])[] = [];
  const values = new JsonValues(
    {
      list: (text) => out.push(['list', text]),
      item: (text, index, at) => out.push(['item', index, at, text]),
      document: (text, at, items) => out.push(['document', text, at, items]),
      line: (text) => {
        out.push(['line', text]);
        return text === 'VERBATIM';
      },
      broken: (message, at) => out.push(['broken', message, at]),
    },
    valueBytes,
  );
  let from = 0;
  for (const to of [...cuts].sort((a, b) => a - b)) {
    values.push(bytes.subarray(from, to));
    from = to;
  }
  values.push(bytes.subarray(from));
  values.end();
  return out;
}

const TEXTS = [
  '{"kind":"PodList","apiVersion":"v1","items":[{"a":"}]\\"\\\\","ü":"日本🚀"},null,5,"x,]",[1,[2]],true],"metadata":{}}',
  '{"items":[],"kind":"List"}\n{"items" : [ { } ] }',
  '[1,{"items":[1]}]{"a":{"items":[{"b":1}]}}',
  '{"it\\u0065ms":[1],"x":"items","items":[{"items":[{"n":[]}]}]}',
  '\uFEFF{"a":1}\r\nWarning: old\n---\n{"b":"\\\\\\""}\nVERBATIM\n{"not":"json"}\n',
  '{"items":[{"a":"lost\n},{"b":1}],"kind":"List"}',
  '{"items":[{"a":1},{"b":',
  '}}]],,::"x"{"a":1}',
];

describe('JsonValues', () => {
  it('cuts out the same whatever the chunks, at every byte of every text', () => {
    for (const text of TEXTS) {
      const bytes = Buffer.from(text);
      const whole = cut(bytes, []);
      for (let at = 1; at < bytes.length; at++) expect(cut(bytes, [at]), `${text} cut at ${at}`).toEqual(whole);
      expect(cut(bytes, [...bytes.keys()])).toEqual(whole);
    }
  });

  it('cuts out the same whatever the chunks, for any JSON and any noise', () => {
    const noise = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '\n', ' ', 'items', 'é', '🚀'),
    });
    const text = fc.oneof(
      noise,
      fc.array(fc.tuple(fc.json(), noise)).map((parts) => parts.flat().join('')),
      fc.array(fc.jsonValue()).map((items) => JSON.stringify({ apiVersion: 'v1', items, kind: 'List' })),
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat(400), { maxLength: 20 }), (content, cuts) => {
        const bytes = Buffer.from(content);
        const within = cuts.map((at) => Math.min(at, bytes.length));
        expect(cut(bytes, within)).toEqual(cut(bytes, []));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  it('gives every item of a List as JSON.parse does, and the list without them', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.option(fc.nat(8), { nil: undefined }), (items, indent) => {
        const text = JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, undefined, indent);
        const out = cut(Buffer.from(text), []);
        const found = out
          .filter(([type]) => type === 'item')
          .map(([, , , item]) => JSON.parse(item as string) as unknown);
        expect(found).toEqual(JSON.parse(JSON.stringify(items)));
        const document = out.find(([type]) => type === 'document');
        expect(JSON.parse(document?.[1] as string)).toEqual({ apiVersion: 'v1', items: [], kind: 'List' });
        expect(document?.[3]).toBe(items.length);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  it('tells where an item stands', () => {
    const text = '{"items":[{"a":"ü"}, {"b":1}]}';
    const places = cut(Buffer.from(text), [3, 17]).flatMap(([type, , at]) => (type === 'item' ? [at as number] : []));
    expect(
      places.map((at) =>
        Buffer.from(text)
          .subarray(at, at + 4)
          .toString(),
      ),
    ).toEqual(['{"a"', '{"b"']);
  });

  it('goes on after an item that lost a quote', () => {
    const items = cut(Buffer.from('{"items":[\n{"a":"lost},\n{"b":1},\n{"c":"}"}\n]}'), []).filter(
      ([type]) => type === 'item',
    );
    expect(items.map(([, , , text]) => text)).toContain('{"c":"}"}');
  });

  it('says how much of a list was whole when the file ends in it', () => {
    expect(cut(Buffer.from('{"kind":"PodList","items":[{"a":1},{"b"'), [])).toContainEqual([
      'broken',
      'the file ends inside the list, after 1 whole items',
      39,
    ]);
  });

  it('gives up what is larger than its bound, and holds no more than that', () => {
    const out = cut(Buffer.from(`{"items":[{"a":"${'x'.repeat(300)}"},{"b":1}]}`), [], 100);
    expect(out).toContainEqual(['broken', 'item 0 has 308 bytes, more than the 100 that are read at once', 10]);
    expect(out).toContainEqual(['item', 1, 319, '{"b":1}']);
  });

  it('counts nesting without a stack', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const [item] = cut(Buffer.from(`{"items":[${deep}]}`), [5000]).filter(([type]) => type === 'item');
    expect((item?.[3] as string).length).toBe(200_000);
  });
});
