import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is critical where workloads stand on it, high where only what runs everywhere does', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['reporting'],
        facts['pods'],
      ]),
    ).toEqual([
      ['critical', 'n1', false, 2],
      ['high', 'n2', true, 1],
    ]);
  });

  it('does not claim that no pod is on a node when pods were not read', () => {
    const objects = failing.snapshot.list('Node');
    const alone = check(rule, examine({ objects, observedAt: new Date(failing.now).toISOString(), missing: ['pods'] }));
    expect(alone).toHaveLength(2);
    for (const { message } of alone) expect(message).not.toMatch(/on it/);
  });
});
