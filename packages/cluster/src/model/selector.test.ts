import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesLabels, matchesRequirement, matchesSelector, selectorText } from './selector.ts';

const labels = { app: 'web', tier: 'front', generation: '4', big: '9007199254740993' };

describe('matchesRequirement', () => {
  it.each([
    ['app', 'In', ['web', 'api'], true],
    ['app', 'In', ['api'], false],
    ['absent', 'In', ['api'], false],
    ['app', 'NotIn', ['api'], true],
    ['app', 'NotIn', ['web'], false],
    ['absent', 'NotIn', ['web'], true],
    ['app', 'Exists', undefined, true],
    ['absent', 'Exists', undefined, false],
    ['absent', 'DoesNotExist', undefined, true],
    ['app', 'DoesNotExist', undefined, false],
    ['generation', 'Gt', ['3'], true],
    ['generation', 'Gt', ['4'], false],
    ['generation', 'Lt', ['10'], true],
    ['app', 'Gt', ['3'], false],
    ['generation', 'Lt', ['x'], false],
    ['generation', 'Gt', ['1', '2'], false],
    ['generation', 'Gt', [], false],
    ['generation', 'Gt', ['+3'], true],
    ['generation', 'Gt', ['-3'], true],
    ['big', 'Gt', ['9007199254740992'], true],
    ['big', 'Lt', ['9223372036854775807'], true],
    ['big', 'Lt', ['9223372036854775808'], false],
    ['app', 'Matches', ['web'], false],
    ['constructor', 'Exists', undefined, false],
    ['toString', 'DoesNotExist', undefined, true],
    ['__proto__', 'Exists', undefined, false],
  ])('%s %s %j is %s', (key, operator, values, expected) => {
    expect(matchesRequirement({ key, operator, ...(values === undefined ? {} : { values }) }, labels)).toBe(expected);
  });

  it('of opposite operators never both hold', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'constructor');
    fc.assert(
      fc.property(fc.dictionary(word, word), word, fc.array(word), (given, key, values) => {
        expect(matchesRequirement({ key, operator: 'In', values }, given)).toBe(
          !matchesRequirement({ key, operator: 'NotIn', values }, given),
        );
        expect(matchesRequirement({ key, operator: 'Exists' }, given)).toBe(
          !matchesRequirement({ key, operator: 'DoesNotExist' }, given),
        );
      }),
    );
  });
});

describe('matchesSelector', () => {
  it('matches everything when empty and nothing when absent', () => {
    expect(matchesSelector({}, labels)).toBe(true);
    expect(matchesSelector({}, undefined)).toBe(true);
    expect(matchesSelector(undefined, labels)).toBe(false);
    expect(matchesLabels({}, undefined)).toBe(true);
  });

  it('needs every pair and every expression', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }],
    };
    expect(matchesSelector(selector, labels)).toBe(true);
    expect(matchesSelector(selector, { app: 'web' })).toBe(false);
    expect(matchesSelector(selector, { app: 'api', tier: 'front' })).toBe(false);
    expect(matchesSelector({ matchLabels: { constructor: 'web' } as Record<string, string> }, {})).toBe(false);
  });

  it('prints as kubectl does', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'x', operator: 'Exists' },
      { key: 'y', operator: 'DoesNotExist' },
    ];
    expect(selectorText({ matchLabels: { app: 'web' }, matchExpressions })).toBe('app=web,tier in (a,b),x,!y');
    expect(selectorText(undefined)).toBe('<none>');
  });
});
