import { describe, expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const KIB = 1024;
const of = (fields: object) =>
  check(rule, examine({ observedAt: NOW, objects: [object('v1', 'ConfigMap', 'files', { ...fields })] }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says how much of what is allowed it holds', () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      ['low', 'ConfigMap shop/large holds 960 of 1024 KiB.'],
    ]);
  });
});

describe('sizes', () => {
  it.each([
    ['half', { data: { a: 'x '.repeat(256 * KIB) } }, 0],
    ['almost all, in one text', { data: { a: 'x '.repeat(480 * KIB) } }, 1],
    [
      'almost all, in many',
      { data: Object.fromEntries(Array.from({ length: 96 }, (_, i) => [`k${i}`, 'x '.repeat(5 * KIB)])) },
      1,
    ],
    ['base64 counts for three quarters', { binaryData: { a: 'AAAA'.repeat(300 * KIB) } }, 0],
    ['base64 that is large', { binaryData: { a: 'AAAA'.repeat(330 * KIB) } }, 1],
  ])('%s', (_, fields, findings) => {
    expect(of(fields)).toHaveLength(findings);
  });
});
