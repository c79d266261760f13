import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the owner, the reason and the day, of the one that has expired', () => {
    expect(check(rule, failing).map(({ message }) => message)).toEqual([
      'The suppression of load-balancer-pending for Service shop/legacy (platform: is replaced in the autumn) was in force until 2025-09-26; what it took out counts again.',
    ]);
  });
  it('expires at the moment itself', () => {
    const suppression = { code: 'a', object: 'Pod a/b', reason: 'r', owner: 'o', expiresAt: Date.parse('2025-09-27') };
    const at = (observedAt: string) => check(rule, examine({ observedAt, suppressions: [suppression] })).length;
    expect([at('2025-09-26T23:59:59.999Z'), at('2025-09-27T00:00:00Z')]).toEqual([0, 1]);
  });
});
