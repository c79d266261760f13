import { describe, expect, it } from 'vitest';
import type { Change } from '@aia/contract';
import { DEFAULT_POLICY, policyFrom } from '../../../policy/policy.ts';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  refOfService,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { balancersOf } from '../../network/balancers.ts';
import { consolidateLoadBalancers } from './consolidate-load-balancers.ts';

const PORTS = [{ name: 'http', port: 80, targetPort: 'http' }];

function balancer(name: string, app = name, annotations: Readonly<Record<string, string>> = {}, spec = {}) {
  return serviceOf(name, { type: 'LoadBalancer', selector: { app }, ports: PORTS, ...spec }, { annotations });
}

const APPS = ['web', 'cart', 'pay', 'docs', 'blog'];
const SHOP = [namespaceOf('shop'), ...APPS.map((name) => deploymentOf(name))];

function dns(host: string) {
  return { 'external-dns.alpha.kubernetes.io/hostname': host };
}

/** Three with addresses, and what is said beside, on a cloud with three addresses. */
function scene(more: readonly ReturnType<typeof balancer>[], limit = 3) {
  const first = ['web', 'cart', 'pay'].map((name) => balancer(name));
  const shop = sceneOf([...SHOP, ...first], { limits: { IN_USE_ADDRESSES: limit } });
  for (const object of more) shop.create(object);
  shop.wait(30);
  return shop;
}

function proposals(shop: ReturnType<typeof sceneOf>, policy = DEFAULT_POLICY) {
  return proposedFor(shop.observe(), consolidateLoadBalancers, policy);
}

function kindsAndNames(changes: readonly Change[]): readonly string[] {
  return changes.map((change) =>
    change.kind === 'patch' || change.kind === 'delete' ? change.target.name : change.kind,
  );
}

const WAITING = [balancer('web-2', 'web'), balancer('docs'), balancer('blog')];

describe('consolidate-load-balancers', () => {
  it('accounts for what each leads to', () => {
    const { planning } = proposals(scene([...WAITING, balancer('left', 'nobody')]));
    expect(
      balancersOf(planning).map(({ key, addresses, isWaiting, isOrphan, carriesTraffic, isHttp }) =>
        [key, addresses.length, isWaiting, isOrphan, carriesTraffic, isHttp].join(' '),
      ),
    ).toEqual([
      'shop/blog 0 true false false true',
      'shop/cart 1 false false true true',
      'shop/docs 0 true false false true',
      'shop/left 0 true true false true',
      'shop/pay 1 false false true true',
      'shop/web 1 false false true true',
      'shop/web-2 0 true false false true',
    ]);
  });

  it('takes away first what nobody can be using, and no more than is asked for', () => {
    const { remedies } = proposals(scene([...WAITING, balancer('left', 'nobody')]));
    const least = remedies.find(({ resolves }) => resolves.includes('kpi:active-load-balancers'));
    expect(least?.drafts.map(({ kind, changes }) => [kind, kindsAndNames(changes)])).toEqual([
      ['delete-service', ['left']],
      ['internalise-service', ['web-2', 'blog']],
    ]);
  });

  it('never proposes to take away the last way into a live workload', () => {
    const { remedies } = proposals(scene(WAITING));
    const touched = remedies.flatMap(({ drafts }) => drafts.flatMap(({ changes }) => kindsAndNames(changes)));
    for (const name of ['web', 'cart', 'pay']) expect(touched).not.toContain(name);
  });

  it('folds two that lead to the same, only once people have pointed clients to the other', () => {
    const more = [balancer('web-2', 'web'), balancer('docs'), balancer('blog')];
    const { remedies } = proposals(scene(more, 64));
    const [remedy] = remedies.filter(({ drafts }) => drafts.some(({ part }) => part === 'moved'));
    expect(remedy).toBeUndefined();
    const five = proposals(scene(more, 64), policyFrom({ version: 1, targets: { loadBalancers: 6 } }, 'test'));
    const folded = five.remedies.find(({ drafts }) => drafts.some(({ part }) => part === 'moved'));
    expect(folded?.drafts.map(({ kind, part, after = [] }) => [kind, part, after.length])).toEqual([
      ['consolidate-load-balancers', 'cutover', 0],
      ['reserve-address', 'before', 1],
      ['internalise-service', 'moved', 2],
    ]);
    expect(folded?.drafts.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toEqual([
      'manual',
      'cloud',
      'patch',
    ]);
  });

  it('leaves alone what the policy protects', () => {
    const policy = policyFrom({ version: 1, protected: { namespaces: ['shop'] } }, 'test');
    expect(proposals(scene(WAITING), policy).remedies).toEqual([]);
  });

  it('makes a front for what speaks HTTP under known names before it takes anything away', () => {
    const named = APPS.map((name) => balancer(name, name, dns(`${name}.example.com`)));
    const { remedies } = proposals(sceneOf([...SHOP, ...named], {}));
    const [remedy] = remedies;
    expect(remedy?.resolves).toContain('kpi:active-load-balancers');
    expect(remedy?.drafts.map(({ kind, part }) => `${kind} ${part ?? ''}`)).toEqual([
      'consolidate-load-balancers front',
      'consolidate-load-balancers cutover',
      'reserve-address before',
      'internalise-service moved',
    ]);
    const [front] = remedy?.drafts ?? [];
    const [made] = front?.changes ?? [];
    expect(made).toMatchObject({ kind: 'create', object: { kind: 'Ingress' } });
    expect(JSON.stringify(made)).toContain('cart.example.com');
  });

  it('gives no path two owners', () => {
    const named = APPS.map((name) => balancer(name, name, dns('shop.example.com')));
    expect(proposals(sceneOf([...SHOP, ...named], {})).remedies).toEqual([]);
  });

  it('leaves fewer than the policy asks for on the twin, and those that are used as they are', () => {
    const { strategy, held } = strategyFor(scene(WAITING).observe());
    expect(held.some((id) => id.startsWith('internalise-service:'))).toBe(true);
    expect(strategy.rehearsal?.after.loadBalancers).toBe(4);
    expect(strategy.rehearsal?.remaining.map(({ id }) => id)).not.toContainEqual(
      expect.stringContaining('service-sync-failed'),
    );
  });

  it('has an inverse that gives Services their node ports back', () => {
    const shop = scene(WAITING);
    const before = shop.read(refOfService('docs'));
    const { actions } = strategyFor(shop.observe());
    const undo = actions.flatMap(({ kind, inverse }) =>
      kind === 'internalise-service' && inverse.kind === 'reversible' ? inverse.steps.map(({ change }) => change) : [],
    );
    const ports = (before as { spec?: { ports?: readonly { nodePort?: number }[] } } | undefined)?.spec?.ports ?? [];
    expect(ports[0]?.nodePort).toBeGreaterThan(0);
    expect(JSON.stringify(undo)).toContain(`"path":"/spec/ports/0/nodePort","value":`);
  });
});
