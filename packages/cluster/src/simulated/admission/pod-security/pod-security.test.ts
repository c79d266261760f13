import { describe, expect, it } from 'vitest';
import type { Deployment, Pod } from '../../../model/kinds.ts';
import { DEPLOYMENTS, NAMESPACES, PODS } from '../../api/built-in-types.ts';
import { newCluster } from '../../simulated-cluster.suite.ts';

const spec = { containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 80, hostPort: 80 }] }] };
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec } },
} as Deployment;

function labelled(labels: Readonly<Record<string, string>>) {
  const { api } = newCluster();
  const warnings: string[] = [];
  const onWarning = (text: string) => void warnings.push(text);
  const label = (more: Readonly<Record<string, string>>) =>
    api.change(
      NAMESPACES,
      '',
      'shop',
      (one) => ({ ...one, metadata: { ...one.metadata, labels: { ...one.metadata.labels, ...more } } }),
      { onWarning },
    );
  label(labels);
  return { api, warnings, onWarning, label };
}

const HOST_PORT = 'hostPort (container "app" uses hostPort 80)';

describe('PodSecurity', () => {
  it('warns whoever makes a workload, in the version asked for', () => {
    const { api, warnings, onWarning } = labelled({
      'pod-security.kubernetes.io/warn': 'baseline',
      'pod-security.kubernetes.io/warn-version': 'v1.30',
    });
    api.create(DEPLOYMENTS, web, { onWarning });
    expect(warnings).toEqual([`would violate PodSecurity "baseline:v1.30": ${HOST_PORT}`]);
  });

  it('warns of the pods that are there already when a namespace becomes stricter', () => {
    const { api, warnings, label } = labelled({});
    for (const name of ['b', 'a', 'c'])
      api.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec } as Pod);
    label({ 'pod-security.kubernetes.io/enforce': 'baseline' });
    expect(warnings).toEqual([
      'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 2 other pods): hostPort',
    ]);
  });

  it('refuses labels that it cannot read', () => {
    const { label } = labelled({});
    expect(() => label({ 'pod-security.kubernetes.io/enforce': 'strict' })).toThrow(
      'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
    );
  });
});
