/** Every Service of type LoadBalancer: its address, or why it waits, and what stands behind it. */
import { namespacedName, refOf, refText, timeOf, type Service } from '@aia/cluster';
import type { LoadBalancer } from '@aia/contract';
import { inOrder, type Examination } from '../diagnose/examination.ts';
import { eventText } from '../diagnose/messages/event-text.ts';
import { hasAddress, isInternal, loadBalancers, refusalOf } from '../diagnose/services/load-balancers.ts';
import { backings, type Backing } from '../diagnose/services/service-endpoints.ts';
import { keptName } from '../plan/actions/reserve-address/reserve-address.ts';
import { placeOf, regionOf } from '../plan/complete-action.ts';
import { cloudCommand } from '../plan/effects/cloud-commands.ts';
import { briefly } from '../diagnose/wording.ts';

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Those of the judged namespaces, the ones with an address first. */
export function loadBalancerFacts(examination: Examination): readonly LoadBalancer[] {
  const judged = loadBalancers(examination).filter(({ metadata }) => examination.judges(metadata.namespace ?? ''));
  const known = backings(examination);
  return inOrder(judged)
    .toSorted((a, b) => Number(hasAddress(b)) - Number(hasAddress(a)))
    .map((service) => factsOf(service, known.get(namespacedName(service)), examination));
}

function factsOf(service: Service, backing: Backing | undefined, examination: Examination): LoadBalancer {
  const { metadata, spec, status } = service;
  const addresses = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const since = timeOf(metadata.creationTimestamp);
  const waits = addresses.length > 0 ? undefined : reasonOf(service, examination);
  const reservation = examination.snapshot.cloud.addresses?.find(
    ({ address, name }) => addresses.includes(address) && name !== '',
  );
  return {
    service: refOf(service),
    addresses,
    isInternal: isInternal(service),
    ...(since !== undefined && { since }),
    ...(waits !== undefined && { waitsBecause: waits }),
    ports: (spec?.ports ?? []).map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`),
    workloads: workloadsBehind(backing, examination),
    ...(backing !== undefined && readyOf(backing)),
    ...(reservation === undefined ? reserving(service, addresses, examination) : { reservation: reservation.name }),
  };
}

/** How its external address could be kept for it. */
function reserving(service: Service, addresses: readonly string[], examination: Examination): { toReserve?: string } {
  const { cloud } = examination.snapshot;
  const region = regionOf(examination);
  const address = addresses.find((one) => IPV4.test(one));
  if (cloud.provider !== 'gcp' || region === '' || address === undefined || isInternal(service)) return {};
  const call = { operation: 'reserve-address', name: keptName(refOf(service)), address, region } as const;
  return { toReserve: cloudCommand(call, placeOf(cloud)) };
}

/** The quota that refuses it, where it is one; else the cloud's last words. */
function reasonOf(service: Service, examination: Examination): string | undefined {
  const { refusal } = refusalOf(service, examination) ?? {};
  const { metric, region = '' } = refusal ?? {};
  if (refusal?.cause === 'quota' && metric !== undefined)
    return `quota ${metric}${region === '' ? '' : ` in ${region}`} is used up`;
  const [warning] = examination.warnings(service);
  const words = refusal?.text ?? (warning === undefined ? undefined : eventText(warning));
  return words === undefined ? undefined : briefly(words);
}

function workloadsBehind(backing: Backing | undefined, { snapshot }: Examination): readonly string[] {
  if (backing === undefined) return [];
  const fromPods = backing.pods.map((pod) => snapshot.rootOwnerOf(pod));
  const fromMakers = backing.makers.map(({ workload }) => snapshot.rootOwnerOf(workload));
  return [...new Set([...fromPods, ...fromMakers].map((one) => refText(refOf(one))))].sort();
}

function readyOf({ endpoints, pods, arePodsRead, state }: Backing): { readyEndpoints?: number } {
  if (endpoints !== undefined) return { readyEndpoints: endpoints.ready };
  if (!arePodsRead || state === 'unknown') return {};
  const ready = pods.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  return { readyEndpoints: ready.length };
}
