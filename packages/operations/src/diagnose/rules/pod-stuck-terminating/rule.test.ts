import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    ['final', { cause: 'finalizer', finalizers: ['batch.kubernetes.io/job-tracking'], overdueMs: 3 * 3_600_000 }],
    ['db-0', { cause: 'node-not-ready', node: 'gke-prod-default-pool-7c1a9f3e-lost' }],
    ['nonod', { cause: 'node-missing' }],
    ['kill1', { cause: 'kill-failed' }],
  ])('tells what %s waits for', (pod, facts) => {
    expect(about(pod)).toMatchObject([{ facts }]);
  });
});
