import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says for whom a volume is kept', () => {
    const [first, second] = check(rule, failing);
    expect(first?.message).toBe('Volume pv-1 of 20 GiB is not used by any claim.');
    expect(second?.facts).toMatchObject({ reservedFor: 'shop/data' });
  });
});
