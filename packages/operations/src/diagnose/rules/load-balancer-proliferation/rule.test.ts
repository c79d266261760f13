import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('counts addressed, pending and shareable ones', () => {
    const [finding] = check(rule, failing);
    expect(finding?.severity).toBe('medium');
    expect(finding?.facts).toMatchObject({
      total: 5,
      addressed: 4,
      pending: 1,
      shareable: ['shop/web-21', 'shop/web-22', 'shop/web-23', 'shop/web-24'],
    });
    expect(finding?.facts['uses']).toEqual(
      expect.arrayContaining(['IN_USE_ADDRESSES=5', 'FORWARDING_RULES=5', 'TARGET_POOLS=5', 'FIREWALLS=10']),
    );
    expect(finding?.facts['frees']).toEqual(expect.arrayContaining(['IN_USE_ADDRESSES=3', 'FORWARDING_RULES=3']));
  });
});
