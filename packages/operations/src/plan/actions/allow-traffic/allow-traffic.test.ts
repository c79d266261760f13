import { describe, expect, it } from 'vitest';
import type { ContainerPlace } from '@aia/cluster';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { allowTraffic } from './allow-traffic.ts';

function policy(name: string, app: string, spec: Readonly<Record<string, unknown>>) {
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' } },
    spec: { podSelector: { matchLabels: { app } }, ...spec },
  };
}

const CLOSED = policy('db-closed', 'db', {
  policyTypes: ['Ingress'],
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'monitoring' } } }] }],
});

/** A caller that ends because the Service `db` does not answer it. */
function blocked(caller: string, namespace: string, by: ReturnType<typeof policy>) {
  const scene = sceneOf([
    namespaceOf('shop'),
    namespaceOf('front'),
    deploymentOf('db', { ports: [{ name: 'sql', containerPort: 5432 }] }),
    serviceOf('db', { ports: [{ name: 'sql', port: 5432, targetPort: 'sql' }] }),
    deploymentOf(caller, { namespace, env: [{ name: 'DB_URL', value: 'postgres://db.shop:5432/app' }] }),
  ]);
  scene.create(by);
  scene.cluster.behave({
    container: ({ workload }: Pick<ContainerPlace, 'workload'>) =>
      workload === `Deployment/${caller}`
        ? { exitsAfterMs: 15_000, exitCode: 1, lastWords: ['dial tcp: connect to db.shop:5432: i/o timeout'] }
        : undefined,
  });
  scene.patch(
    { group: 'apps', kind: 'Deployment', namespace, name: caller },
    {
      spec: { template: { metadata: { annotations: { restarted: '1' } } } },
    },
  );
  scene.wait(40);
  return scene;
}

function ruleFor(scene: ReturnType<typeof blocked>): unknown {
  const { remedies } = proposedFor(scene.observe(), allowTraffic);
  const [change] = remedies[0]?.drafts[0]?.changes ?? [];
  return change?.kind === 'patch' && change.patch.type === 'merge' ? change.patch.patch['spec'] : undefined;
}

describe('allow-traffic', () => {
  it('adds the callers as a peer, with the port of the pods, and keeps the rules that there are', () => {
    expect(ruleFor(blocked('web', 'front', CLOSED))).toEqual({
      ingress: [
        { from: [{ podSelector: { matchLabels: { app: 'monitoring' } } }] },
        {
          ports: [{ protocol: 'TCP', port: 5432 }],
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'front' } },
              podSelector: { matchLabels: { app: 'web' } },
            },
          ],
        },
      ],
    });
  });

  it('adds what is called where a policy of the callers stands in the way', () => {
    const shut = policy('web-egress', 'web', { policyTypes: ['Egress'], egress: [] });
    expect(ruleFor(blocked('web', 'shop', shut))).toEqual({
      egress: [{ ports: [{ protocol: 'TCP', port: 5432 }], to: [{ podSelector: { matchLabels: { app: 'db' } } }] }],
    });
  });

  it('lets the callers come up on the twin', () => {
    const { held, strategy } = strategyFor(blocked('web', 'front', CLOSED).observe());
    expect(held.some((id) => id.startsWith('allow-traffic:'))).toBe(true);
    expect(strategy.rehearsal?.remaining.map(({ id }) => id)).not.toContainEqual(
      expect.stringContaining('network-policy-blocks'),
    );
  });
});
