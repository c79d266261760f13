import { expect, it } from 'vitest';
import type { ContainerPlace } from '@aia/cluster';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { aliasService } from './alias-service.ts';

/** A program that calls a name of namespace shop. */
function calling(host: string) {
  const scene = sceneOf([
    namespaceOf('shop'),
    deploymentOf('orders'),
    serviceOf('orders-api', { selector: { app: 'orders' } }),
    deploymentOf('web'),
  ]);
  scene.cluster.behave({
    container: ({ workload }: Pick<ContainerPlace, 'workload'>) =>
      workload === 'Deployment/web'
        ? {
            exitsAfterMs: 5000,
            exitCode: 1,
            lastWords: [`dial tcp: lookup ${host}.shop.svc.cluster.local on 10.96.0.10:53: no such host`],
          }
        : undefined,
  });
  scene.patch(
    { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' },
    { spec: { template: { metadata: { annotations: { restarted: '1' } } } } },
  );
  scene.wait(40);
  return scene.observe();
}

it('leads the name that is called to the Service that was meant', () => {
  const { remedies } = proposedFor(calling('orders'), aliasService);
  expect(remedies[0]?.drafts[0]?.changes).toMatchObject([
    {
      kind: 'create',
      object: {
        metadata: { name: 'orders', namespace: 'shop' },
        spec: { type: 'ExternalName', externalName: 'orders-api.shop.svc.cluster.local' },
      },
    },
  ]);
});

it('refuses where no Service is alike', () => {
  expect(proposedFor(calling('billing'), aliasService).remedies).toEqual([]);
});

it('lets the caller come up on the twin', () => {
  const { held, strategy } = strategyFor(calling('orders'));
  expect(held.some((id) => id.startsWith('alias-service:'))).toBe(true);
  expect(strategy.rehearsal?.remaining.filter(({ severity }) => severity === 'critical')).toEqual([]);
});
