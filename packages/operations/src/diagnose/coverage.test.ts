/** Every check of another tool has a rule or says why not, and rules name no check that does not exist. */
import { describe, expect, it } from 'vitest';
import { RULES } from './catalogue.ts';
import { coverageOf } from './coverage.ts';
import { OWN_CHECKS } from './other-tools/own.ts';
import type { Rule } from './rule.ts';

const COVERAGE = coverageOf(RULES);

/** How many checks each tool has by its own lists, or by the selection made of them: none may be lost from the tables. */
const SIZES = {
  k8sgpt: 56,
  popeye: 117,
  polaris: 44,
  'kube-score': 39,
  'kube-linter': 63,
  kubescape: 39,
  gcpdiag: 33,
  mixin: 52,
};

describe.each(COVERAGE)('$tool', ({ tool, checks }) => {
  const ids = checks.map(({ id }) => id);
  it('lists each of its checks once', () => {
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
    expect(ids.length).toBeGreaterThanOrEqual(SIZES[tool]);
  });
  it('knows every id that a rule names', () => {
    const named = RULES.flatMap((rule) => (rule.aliases[tool] ?? []).map((id) => `${rule.code}: ${id}`));
    const known = new Set(ids);
    expect(named.filter((name) => !known.has(name.slice(name.indexOf(' ') + 1)))).toEqual([]);
  });
  it('has for every check a rule, or the batch that brings one', () => {
    expect(checks.filter(({ rules, batch }) => rules.length === 0 && batch === undefined).map(({ id }) => id)).toEqual(
      [],
    );
  });
  it('says why a check is declined, and of no other', () => {
    expect(checks.filter(({ batch, reason }) => (batch === 'declined') !== (reason !== undefined))).toEqual([]);
  });
});

describe('coverage', () => {
  it('joins a check with every rule that names it, whatever its batch', () => {
    const [first, second] = RULES.slice(0, 2).map((rule, place): Rule => ({
      ...rule,
      code: `rule-${String(place)}`,
      aliases: { popeye: ['100'] },
    }));
    const popeye = coverageOf([first, second].filter((rule) => rule !== undefined)).find(
      ({ tool }) => tool === 'popeye',
    );
    expect(popeye?.checks.find(({ id }) => id === '100')).toEqual({
      id: '100',
      area: 'images',
      condition: 'image without a tag',
      rules: ['rule-0', 'rule-1'],
    });
    expect(popeye?.checks.find(({ id }) => id === '101')).toMatchObject({ rules: [], batch: 'static' });
  });
  it('names only rules that exist for the checks of its own', () => {
    const codes = new Set(RULES.map(({ code }) => code));
    expect(OWN_CHECKS.flatMap(({ carriedBy }) => carriedBy).filter((code) => !codes.has(code))).toEqual([]);
    expect(OWN_CHECKS).toHaveLength(10);
    expect(OWN_CHECKS.every(({ carriedBy }) => carriedBy.length > 0)).toBe(true);
  });
});
