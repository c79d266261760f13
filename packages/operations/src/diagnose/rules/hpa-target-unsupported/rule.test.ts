import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it.each([
    ['agent', 'Autoscaler shop/agent cannot scale its target: DaemonSet is no kind that has replicas.'],
    ['job', 'Autoscaler shop/job cannot scale its target: CronJob is no kind that has replicas.'],
    ['bare', 'Autoscaler shop/bare cannot scale its target: unsupported is no kind that has replicas.'],
    ['empty', 'Autoscaler shop/empty cannot scale its target: it names no target.'],
    ['rollout', 'Autoscaler shop/rollout cannot scale its target: the definition of Rollout has no scale subresource.'],
    ['stale', 'Autoscaler shop/stale cannot scale its target: the cluster knows no Web of that version.'],
  ])('%s', (name, message) => {
    expect(of(name)).toMatchObject({ severity: 'high', message });
  });
});
