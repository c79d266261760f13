import { describe, expect, it } from 'vitest';
import type { Json } from '../../../model/unknown-json.ts';
import { KINDS_WITH_DEFAULTS, SAMPLES } from './samples.suite.ts';
import { canonical, derive, each, fill, fillZero, within } from './default-rule.ts';

describe('default rules', () => {
  it('give the same value back where nothing is missing', () => {
    const value: Json = { a: 1, b: { c: '1' }, list: [{ d: 2 }] };
    const rules = [
      fill({ a: 2 }),
      within('b', canonical('c')),
      each('list', fill({ d: 3 })),
      derive('a', () => 4),
      fillZero({ a: 5 }),
    ];
    for (const rule of rules) expect(rule(value)).toBe(value);
  });

  it('take absent, null and empty fields as missing, and 0 only where it cannot be told apart', () => {
    expect(fill({ a: 1, b: 2, c: 3, d: 4 })({ a: null, b: '', c: 0 })).toEqual({ a: 1, b: 2, c: 0, d: 4 });
    expect(fillZero({ a: 1, b: 2 })({ a: 0, b: 7 })).toEqual({ a: 1, b: 7 });
  });

  it('change only the items of a list that lack something', () => {
    const whole = { name: 'a', protocol: 'UDP' };
    const value = { ports: [whole, { name: 'b' }] };
    const filled = each('ports', fill({ protocol: 'TCP' }))(value) as { ports: readonly Json[] };
    expect(filled.ports[0]).toBe(whole);
    expect(filled.ports[1]).toEqual({ name: 'b', protocol: 'TCP' });
    expect(value.ports[1]).toEqual({ name: 'b' });
  });

  it('write quantities in one form, alone and in lists of resources', () => {
    expect(canonical('limits', 'sizeLimit')({ limits: { cpu: '1000m', memory: 1024 }, sizeLimit: '1024Ki' })).toEqual({
      limits: { cpu: '1', memory: '1024' },
      sizeLimit: '1Mi',
    });
  });
});

describe('defaults of every kind', () => {
  it.each(KINDS_WITH_DEFAULTS)('%s: what is complete stays as it is', (kind, defaults) => {
    const complete = defaults(SAMPLES[kind] ?? { metadata: { name: 'x' }, spec: {} });
    expect(defaults(complete)).toBe(complete);
  });
});
