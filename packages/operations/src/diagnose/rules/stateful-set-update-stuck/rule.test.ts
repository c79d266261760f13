import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells a pod of an old revision, which has to be deleted by hand', () => {
    const [finding] = check(rule, failing);
    expect(finding?.facts).toEqual({
      desired: 2,
      updated: 0,
      updateRevision: 'db-8e',
      blockedBy: 'db-1',
      blockedByOldRevision: true,
    });
    expect(finding?.message).toContain('waits for pod db-1 of the old revision, which has not been ready for 3 h');
  });
});
