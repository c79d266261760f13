import { describe, expect, it } from 'vitest';
import { DEPLOYMENTS, PODS } from '../api/built-in-types.ts';
import { newCluster } from '../simulated-cluster.suite.ts';
import { FAULT_KINDS } from './catalogue.ts';
import { injectFault } from './inject.ts';

describe('image-missing', () => {
  it('leaves pods that wait for an image, and goes when it is set back', () => {
    const cluster = newCluster({ seed: 'faults' });
    cluster.kubelets.addNode({ name: 'n1' });
    const template = {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'r/web:1' }] },
    };
    cluster.api.create(DEPLOYMENTS, {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } },
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
    } as never);
    cluster.clock.advance(60_000);
    const kind = FAULT_KINDS.get('image-missing');
    if (kind === undefined) throw new Error('no such kind');
    const fault = injectFault(cluster, kind);
    cluster.clock.advance(fault.settlesMs);
    const waiting = () =>
      [...cluster.api.store.list(PODS)].map(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason);
    expect(waiting()).toContain('ImagePullBackOff');
    fault.repair?.(cluster);
    cluster.clock.advance(120_000);
    expect(waiting()).toEqual([undefined, undefined]);
  });
});
