import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  deploymentOf,
  namespaceOf,
  refOfService,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';

type Fields = Readonly<Record<string, unknown>>;

const APPS = ['web', 'cart', 'pay', 'docs', 'blog'];
const GATEWAY = 'gateway.networking.k8s.io';
const CLASS = 'gke-l7-global-external-managed';

function definition(plural: string, kind: string, scope: 'Namespaced' | 'Cluster'): Fields {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const annotations = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/2997' };
  const version = { name: 'v1', served: true, storage: true, schema, subresources: { status: {} } };
  return {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.${GATEWAY}`, annotations },
    spec: { group: GATEWAY, scope, names: { plural, kind, singular: kind.toLowerCase() }, versions: [version] },
  };
}

/** Five HTTP Services with load balancers and names. */
function shopWith(...definitions: readonly Fields[]) {
  const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
  return sceneOf([
    namespaceOf('shop'),
    ...definitions,
    ...APPS.map((name) => deploymentOf(name)),
    ...APPS.map((name) =>
      serviceOf(
        name,
        { type: 'LoadBalancer', ports },
        { annotations: { 'external-dns.alpha.kubernetes.io/hostname': `${name}.example.com` } },
      ),
    ),
  ]);
}

function shopWithGateways() {
  const shop = shopWith(
    definition('gatewayclasses', 'GatewayClass', 'Cluster'),
    definition('gateways', 'Gateway', 'Namespaced'),
    definition('httproutes', 'HTTPRoute', 'Namespaced'),
  );
  const spec = { controllerName: 'networking.gke.io/gateway' };
  shop.create({ apiVersion: `${GATEWAY}/v1`, kind: 'GatewayClass', metadata: { name: CLASS }, spec });
  shop.wait(20);
  return shop;
}

describe('a shared front', () => {
  it.each([
    ['an Ingress of GKE', () => shopWith(), 'Ingress'],
    ['a Gateway with a route for each', shopWithGateways, 'Gateway'],
  ])('is %s, with an address on the twin before anything goes', (_name, scene, kind) => {
    const { strategy, actions, held } = strategyFor(scene().observe());
    const [front, cutover, reservation, moved] = actions;
    expect(actions.map((one) => one.kind)).toEqual([
      'consolidate-load-balancers',
      'consolidate-load-balancers',
      'reserve-address',
      'internalise-service',
    ]);
    expect(front?.target.kind).toBe(kind);
    expect(held).toEqual([front?.id, reservation?.id, moved?.id]);
    expect(cutover).toMatchObject({ delivery: 'person', after: [front?.id] });
    expect(moved?.after).toEqual([cutover?.id, reservation?.id]);
    expect(strategy.rehearsal?.after.loadBalancers).toBe(0);
    expect(strategy.rehearsal?.remaining.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });

  it('goes on behind what only people can do, and says so', () => {
    const { strategy } = strategyFor(shopWith().observe());
    const said = strategy.rehearsal?.actions.map(({ outcome, message }) => `${outcome}: ${message}`) ?? [];
    expect(said.filter((one) => one.startsWith('not-simulated: only a person'))).toHaveLength(1);
    expect(said.at(-1)).toMatch(/^held: .*taken for granted: only a person can say: nobody uses Service shop\/blog/);
  });

  it('is reached by groups of endpoints before Services become ClusterIP', () => {
    const shop = shopWith();
    for (const name of APPS)
      shop.patch(refOfService(name), { metadata: { annotations: { 'cloud.google.com/neg': null } } });
    const { strategy, held } = strategyFor(shop.observe());
    const [front] = actionsOf(strategy.plan);
    expect(held).toContain(front?.id);
    const patched = front?.steps.flatMap(({ change }) => (change.kind === 'patch' ? change.target : [])) ?? [];
    expect(patched).toEqual(expect.arrayContaining(APPS.map((name) => expect.objectContaining(refOfService(name)))));
    expect(front?.steps.at(-1)?.change.kind).toBe('create');
  });
});
