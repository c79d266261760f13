import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information about the pool', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'info',
      resource: { kind: 'NodePool', name: 'a' },
      facts: { maxPodsPerNode: 8 },
    });
  });
});
