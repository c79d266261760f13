import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('counts the pods that only the cordon keeps off the node', () => {
    const [finding] = check(rule, failing);
    expect([finding?.severity, finding?.facts]).toEqual(['medium', { pendingPods: 1 }]);
    expect(finding?.message).toBe(
      'Node n1 has been cordoned for 60 min, while 1 pod waits that would fit on it (shop/web-1).',
    );
  });
});
