import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the claim that is gone and the size that is paid for', () => {
    const [first, second] = check(rule, failing);
    expect(first?.facts).toEqual({ claim: 'shop/data', reclaimPolicy: 'Retain', capacity: '20Gi' });
    expect(first?.severity).toBe('low');
    expect(second?.facts).toEqual({ capacity: '20Gi' });
  });
});
