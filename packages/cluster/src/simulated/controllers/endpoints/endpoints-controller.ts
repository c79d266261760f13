/**
 * Endpoints: the addresses behind each Service with a selector, in one object.
 * Source: https://kubernetes.io/docs/concepts/services-networking/service/#endpoints; `pkg/controller/endpoint`
 */
import type { KindMap, Pod, Service } from '../../../model/kinds.ts';
import { compare } from '../../../model/order.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { ENDPOINTS, SERVICES } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import type { Controller } from '../controller.ts';
import { namesOf } from '../object-key.ts';
import { isReady } from '../pod-state.ts';
import { Throttle } from '../throttle.ts';
import { addressesOf, hasSelector, hostnameOf, isHeadless, podsBehind, portsOf, ServiceKeys } from './service-pods.ts';
import { TRIGGER_TIME, TriggerTimes, withoutKey, withTriggerTime } from './trigger-times.ts';

type Endpoints = KindMap['Endpoints'];
type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];

/** Addresses that one object holds at most. */
const CAPACITY = 1000;
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
const HEADLESS = 'service.kubernetes.io/headless';
const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';

export function endpointsController({ api, clock }: SimulationContext): Controller {
  const keys = new ServiceKeys(api.store);
  const times = new TriggerTimes();
  const throttle = new Throttle();
  return {
    name: 'endpoint-controller',
    needs: ['/Service', '/Pod', '/Endpoints'],
    keysOf: (change) => keys.of(change),
    reconcile: (key) => {
      const [namespace, name] = namesOf(key);
      const service = api.store.get(SERVICES, namespace, name);
      const known = api.store.get(ENDPOINTS, namespace, name);
      if (service === undefined) {
        times.forget(key);
        throttle.forget(key);
        if (known !== undefined) api.delete(ENDPOINTS, namespace, name);
        return undefined;
      }
      if (!hasSelector(service)) return undefined;
      const waitMs = throttle.waitMs(key, clock.now);
      if (waitMs > 0) return waitMs;
      const pods = [...podsBehind(api.store, service, service.spec?.publishNotReadyAddresses ?? false)];
      throttle.looked(key, pods.length, clock.now);
      const wanted = endpointsOf(service, pods, known, times.next(service, pods));
      if (known === undefined) api.create(ENDPOINTS, wanted);
      else if (!isSame(known, wanted)) api.update(ENDPOINTS, wanted);
      return undefined;
    },
  };
}

function endpointsOf(service: Service, pods: readonly Pod[], known: Endpoints | undefined, at?: string): Endpoints {
  const { subsets, isTruncated } = truncated(subsetsOf(service, pods));
  const labels = {
    ...withoutKey(service.metadata.labels, HEADLESS),
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
    [MANAGED_BY]: 'endpoint-controller',
  };
  const others = withoutKey(withTriggerTime(known?.metadata.annotations, at), OVER_CAPACITY);
  const annotations = isTruncated ? { ...others, [OVER_CAPACITY]: 'truncated' } : others;
  const { name, namespace = '' } = service.metadata;
  const metadata = { ...known?.metadata, name, namespace, labels, annotations };
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata,
    ...(subsets.length === 0 ? {} : { subsets }),
  };
}

/** The time alone is no reason to write. */
function isSame(a: Endpoints, b: Endpoints): boolean {
  const relevant = ({ metadata, subsets }: Endpoints) => {
    const annotations = withoutKey(metadata.annotations, TRIGGER_TIME);
    return { labels: metadata.labels, annotations, subsets: subsets ?? [] };
  };
  return sameJson(relevant(a), relevant(b));
}

/** Pods that serve at the same ports are one subset. */
function subsetsOf(service: Service, pods: readonly Pod[]): readonly Subset[] {
  const isOpen = service.spec?.publishNotReadyAddresses ?? false;
  const subsets = new Map<string, { ports: Subset['ports']; ready: Address[]; notReady: Address[] }>();
  for (const pod of pods) {
    const ports = portsOf(service, pod).map(({ name, ...port }) => (name === '' ? port : { name, ...port }));
    // What has ports, and none that this pod serves, is not served by it.
    if (ports.length === 0 && (service.spec?.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const subset = subsets.get(key) ?? { ports, ready: [], notReady: [] };
    subsets.set(key, subset);
    (isOpen || isReady(pod) ? subset.ready : subset.notReady).push(addressOf(service, pod));
  }
  return [...subsets.values()].map(({ ports, ready, notReady }) => ({
    ...(ready.length === 0 ? {} : { addresses: ready.sort(byIp) }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.sort(byIp) }),
    ...(ports === undefined || ports.length === 0 ? {} : { ports }),
  }));
}

function addressOf(service: Service, pod: Pod): Address {
  const { name, namespace = '', uid = '' } = pod.metadata;
  const hostname = isHeadless(service) ? hostnameOf(service, pod) : undefined;
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ip: addressesOf(pod)[0] ?? '',
    ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
}

function byIp(a: Address, b: Address): number {
  const number = (ip: string) =>
    ip
      .split('.')
      .map((part) => part.padStart(3, '0'))
      .join('.');
  return compare(number(a.ip), number(b.ip)) || compare(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '');
}

/** Addresses that are ready come first where there is room for a thousand only. */
function truncated(subsets: readonly Subset[]): { readonly subsets: readonly Subset[]; readonly isTruncated: boolean } {
  const count = (of: (subset: Subset) => readonly Address[] | undefined) =>
    subsets.reduce((sum, subset) => sum + (of(subset)?.length ?? 0), 0);
  const [ready, notReady] = [count(({ addresses }) => addresses), count(({ notReadyAddresses }) => notReadyAddresses)];
  if (ready + notReady <= CAPACITY) return { subsets, isTruncated: false };
  let readyLeft = Math.min(ready, CAPACITY);
  let notReadyLeft = CAPACITY - readyLeft;
  const cut = subsets.map(({ addresses = [], notReadyAddresses = [], ...rest }) => {
    const kept = addresses.slice(0, readyLeft);
    const keptToo = notReadyAddresses.slice(0, notReadyLeft);
    readyLeft -= kept.length;
    notReadyLeft -= keptToo.length;
    return {
      ...(kept.length === 0 ? {} : { addresses: kept }),
      ...(keptToo.length === 0 ? {} : { notReadyAddresses: keptToo }),
      ...rest,
    };
  });
  const isUsed = (subset: Subset) => subset.addresses !== undefined || subset.notReadyAddresses !== undefined;
  return { subsets: cut.filter(isUsed), isTruncated: true };
}
