import { describe, expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const found = (serverVersion: string | undefined, ...objects: readonly unknown[]) =>
  check(rule, examine({ observedAt: NOW, objects, ...(serverVersion === undefined ? {} : { serverVersion }) }));
const budget = (...managedFields: readonly object[]) =>
  object('policy/v1', 'PodDisruptionBudget', 'web', { metadata: { managedFields } });
const wrote = (apiVersion: string, time: string, manager = 'helm') => ({
  manager,
  operation: 'Update',
  apiVersion,
  time,
});

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is medium where the next release removes it, and low where there is more time', () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      [
        'medium',
        'PodDisruptionBudget shop/web is written in policy/v1beta1 by helm, which Kubernetes 1.25 stops serving; use policy/v1.',
      ],
      [
        'low',
        'HorizontalPodAutoscaler shop/web is written in autoscaling/v2beta2 by argocd, which Kubernetes 1.26 stops serving; use autoscaling/v2.',
      ],
    ]);
  });
});

describe('manifests', () => {
  const manifest = object('extensions/v1beta1', 'Ingress', 'web', { spec: {} });
  it.each([
    ['a server that has removed it', 'v1.33.4-gke.1', 'medium', 'no longer serves'],
    ['a server that removes it next', 'v1.21.14', 'medium', 'stops serving'],
    ['a server with time left', 'v1.19.3', 'low', 'stops serving'],
    ['a server that is not known', undefined, 'low', 'stops serving'],
  ])('%s', (_, server, severity, words) => {
    const [finding] = found(server, manifest);
    expect(finding?.severity).toBe(severity);
    expect(finding?.message).toContain(`which Kubernetes 1.22 ${words}`);
  });
  it('many of one kind are one finding', () => {
    const many = Array.from({ length: 60 }, (_, i) => object('batch/v1beta1', 'CronJob', `job-${i}`, { spec: {} }));
    const findings = found('v1.24.1', ...many);
    expect(findings.map(({ facts }) => [facts['count'], facts['removedIn']])).toEqual([[60, 25]]);
  });
});

describe('managers', () => {
  it('one that has moved on is not named', () => {
    const moved = budget(wrote('policy/v1beta1', '2024-01-01T00:00:00Z'), wrote('policy/v1', '2025-01-01T00:00:00Z'));
    expect(found('v1.24.1', moved)).toEqual([]);
  });
  it('one that went back is', () => {
    const back = budget(wrote('policy/v1beta1', '2025-01-01T00:00:00Z'), wrote('policy/v1', '2024-01-01T00:00:00Z'));
    expect(found('v1.24.1', back)[0]?.facts['managers']).toEqual(['helm']);
  });
  it('the rule needs the version of the server to say who will fail', () => {
    expect(found(undefined, budget(wrote('policy/v1beta1', '2025-01-01T00:00:00Z')))).toEqual([]);
  });
});
