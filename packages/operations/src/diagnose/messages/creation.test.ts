import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCreation } from './creation.ts';
import { describeParser } from './laws.suite.ts';
import { rows } from './corpus/creation.suite.ts';

describeParser('parseCreation', { parse: parseCreation, rows, weaker: ['forbidden'] });

describe('parseCreation', () => {
  it('gives back any lists of a quota', () => {
    const entry = fc.tuple(fc.stringMatching(/^[a-z][a-z./-]{0,20}$/), fc.stringMatching(/^\d{1,6}(m|Ki|Mi|Gi)?$/));
    const list = fc.array(entry, { minLength: 1, maxLength: 8 });
    const write = (entries: readonly (readonly [string, string])[]) =>
      entries.map(([name, value]) => `${name}=${value}`).join(',');
    fc.assert(
      fc.property(list, list, list, (requested, used, limited) => {
        const found = parseCreation(
          `Error creating: pods "a-" is forbidden: exceeded quota: q, requested: ${write(requested)}, used: ${write(used)}, limited: ${write(limited)}`,
        );
        expect(found).toMatchObject({
          requested: Object.fromEntries(requested),
          used: Object.fromEntries(used),
          limited: Object.fromEntries(limited),
        });
      }),
    );
  });

  it('leaves out the last entry of a text that ends with dots', () => {
    expect(
      parseCreation('pods "a" is forbidden: exceeded quota: q, requested: a=1, used: a=2, limited: a=3,b=1...')
        ?.limited,
    ).toEqual({ a: '3' });
  });

  it('takes no name from hostile lists', () => {
    const found = parseCreation(
      'pods "a" is forbidden: exceeded quota: q, requested: __proto__=1, used: a=1, limited: a=1',
    );
    expect(Object.keys(found?.requested ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(found?.requested)).toBe(Object.prototype);
  });
});
