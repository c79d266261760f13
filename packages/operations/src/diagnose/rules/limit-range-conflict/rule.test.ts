import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, deployment, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const limits = object('v1', 'LimitRange', 'limits', { spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } });
const template = { spec: { containers: [{ name: 'app', resources: { limits: { cpu: '2' } } }] } };
const findings = (...objects: readonly unknown[]) =>
  check(rule, examine({ observedAt: NOW, objects: [limits, ...objects] }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names workload, LimitRange and bound', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'high',
      resource: { kind: 'Deployment', name: 'web' },
      facts: { limitRange: 'limits', resources: ['cpu'], lacking: 2 },
    });
    expect(finding?.message).toBe(
      'LimitRange limits forbids the pods of Deployment shop/web, 2 of its pods cannot be created: maximum cpu per Container is 1, but the limit is 2 in app.',
    );
  });
  it('is medium while all pods are there that were made before', () => {
    expect(findings(deployment(2, 2, { spec: { template } })).map(({ severity }) => severity)).toEqual(['medium']);
  });
  it('judges CronJobs, whose pods come later', () => {
    const cron = object('batch/v1', 'CronJob', 'nightly', {
      spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template } } },
    });
    expect(findings(cron).map(({ resource }) => resource.kind)).toEqual(['CronJob']);
  });
  it.each([
    [
      'a suspended CronJob',
      object('batch/v1', 'CronJob', 'nightly', { spec: { suspend: true, jobTemplate: { spec: { template } } } }),
    ],
    [
      'a Deployment that is being deleted',
      {
        ...deployment(2, 0, { spec: { template } }),
        metadata: { name: 'web', namespace: 'shop', deletionTimestamp: ago(1) },
      },
    ],
    ['a pod that is there', object('v1', 'Pod', 'a', { ...template, status: { phase: 'Running' } })],
    [
      'another namespace',
      object('apps/v1', 'Deployment', 'web', { metadata: { namespace: 'blog' }, spec: { template } }),
    ],
  ])('stays silent for %s', (_, one) => {
    expect(findings(one)).toEqual([]);
  });
});
