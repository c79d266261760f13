/** What changes take from the cloud and give back: machines, disks, fronts of load balancers, addresses. Quota and money both follow from it. */
import {
  diskKindOf,
  podRequests,
  quotaNeedOfGateway,
  quotaNeedOfIngress,
  quotaNeedOfLoadBalancer,
  resourcesOf,
  wholeGb,
  wholeUnits,
  type CloudAddress,
  type ClusterSnapshot,
  type DiskShape,
  type Gateway,
  type KindMap,
  type KubeObject,
  type NodePool,
  type PersistentVolumeClaim,
  type Pod,
  type QuotaNeed,
  type Service,
} from '@aia/cluster';
import type { Change, CloudCall } from '@aia/contract';
import { changedObjects, lastChanges, type ObjectChange } from './changed-objects.ts';
import { standingOf, type Standing } from './standing.ts';

/** Something of the cloud; `count` is negative for what is given back. */
export type CloudThing =
  | { readonly kind: 'node'; readonly pool: NodePool; readonly count: number; readonly isPotential?: boolean }
  | { readonly kind: 'disk'; readonly shape: DiskShape; readonly count: number }
  | { readonly kind: 'front'; readonly needs: readonly QuotaNeed[]; readonly count: number }
  /** A reservation; `isUnused` where nobody uses the address. */
  | {
      readonly kind: 'reservation';
      readonly region: 'region' | 'global';
      readonly isInternal: boolean;
      readonly count: number;
    }
  | { readonly kind: 'unused-address'; readonly count: number }
  | { readonly kind: 'ephemeral-address'; readonly region: 'region' | 'global'; readonly count: number };

/** All of it, in the order of the changes. */
export function cloudThings(
  changes: readonly Change[],
  snapshot: ClusterSnapshot,
  earlier: readonly Change[] = [],
): readonly CloudThing[] {
  const standing = standingOf(snapshot);
  const objects = lastChanges(changedObjects(changes, snapshot, earlier));
  return [
    ...objects.flatMap((one) => [...frontThings(one, snapshot, earlier), ...diskThings(one, snapshot)]),
    ...changes.flatMap((change) => (change.kind === 'cloud' ? callThings(change.call, standing) : [])),
    ...addedByAutoscaler(objects, standing),
  ];
}

interface Served {
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
    readonly addresses?: readonly { readonly value?: string }[];
  };
}

/** Addresses that a Service, Ingress or Gateway has from outside. */
export function servedAddresses(object: KubeObject | undefined): readonly string[] {
  const { status } = (object ?? {}) as Served;
  const balancer = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '');
  const gateway = object?.kind === 'Gateway' ? (status?.addresses ?? []).map(({ value = '' }) => value) : [];
  return [...balancer, ...gateway].filter((address) => address !== '');
}

function frontThings(
  { before, after }: ObjectChange,
  snapshot: ClusterSnapshot,
  earlier: readonly Change[],
): readonly CloudThing[] {
  const [was, is] = [frontNeeds(before, snapshot), frontNeeds(after, snapshot)];
  const addresses = servedAddresses(before);
  const isServed = addresses.length > 0;
  // What waits for its front and goes on waiting takes no more than before.
  if (was.length > 0 && !isServed && is.length > 0) return [];
  const kept = addresses.filter((address) => isReserved(address, snapshot, earlier));
  const own = (needs: readonly QuotaNeed[]) =>
    kept.length > 0 ? needs.filter(({ metric }) => metric !== 'IN_USE_ADDRESSES') : needs;
  const things: CloudThing[] = [];
  if (isServed && was.length > 0) things.push({ kind: 'front', needs: own(was), count: -1 });
  if (is.length > 0) things.push({ kind: 'front', needs: own(is), count: 1 });
  if (isServed && was.length > 0 && is.length === 0 && kept.length > 0)
    things.push({ kind: 'unused-address', count: kept.length });
  return things;
}

/** A reservation holds its quota by itself. */
function frontNeeds(object: KubeObject | undefined, snapshot: ClusterSnapshot): readonly QuotaNeed[] {
  return needsOf(object, snapshot).filter(({ metric }) => metric !== 'STATIC_ADDRESSES');
}

function needsOf(object: KubeObject | undefined, { cloud }: ClusterSnapshot): readonly QuotaNeed[] {
  if (cloud.provider !== 'gcp') return [];
  const zones = new Set((cloud.cluster?.nodePools ?? []).flatMap((pool) => pool.zones)).size;
  switch (object?.kind) {
    case 'Service':
      return quotaNeedOfLoadBalancer(object as Service);
    case 'Ingress':
      return quotaNeedOfIngress(object as KindMap['Ingress'], Math.max(1, zones));
    case 'Gateway':
      return quotaNeedOfGateway(object as Gateway, 0, Math.max(1, zones));
    default:
      return [];
  }
}

/** Whether an address is static, or made so by changes before. */
export function isReserved(address: string, { cloud }: ClusterSnapshot, earlier: readonly Change[]): boolean {
  return (
    (cloud.addresses ?? []).some((one) => one.address === address) ||
    earlier.some(({ kind, ...change }) => {
      const call = kind === 'cloud' ? (change as { call: CloudCall }).call : undefined;
      return call?.operation === 'reserve-address' && call.address === address;
    })
  );
}

function callThings(call: CloudCall, standing: Standing): readonly CloudThing[] {
  const { cloud } = standing.snapshot;
  const pools = cloud.cluster?.nodePools ?? [];
  const poolOf = (name: string) => pools.find((one) => one.name === name);
  const nodes = (pool: NodePool | undefined, count: number): readonly CloudThing[] =>
    pool === undefined || count === 0 ? [] : [{ kind: 'node', pool, count }];
  switch (call.operation) {
    case 'resize-node-pool':
      return nodes(poolOf(call.pool), call.to - call.from);
    case 'delete-node-pool':
      return nodes(poolOf(call.pool), -standing.nodesOf(call.pool).length);
    case 'create-node-pool':
      return nodes(newPool(call, poolOf(call.like ?? '')), call.initialNodes);
    case 'reserve-address':
      return reservation(
        call,
        cloud.forwardingRules?.some(({ ipAddress }) => ipAddress === call.address) ?? call.address !== undefined,
      );
    case 'release-address':
      return release(
        call,
        (cloud.addresses ?? []).find(({ name }) => name === call.name),
      );
    default:
      return [];
  }
}

function newPool(call: Extract<CloudCall, { operation: 'create-node-pool' }>, like: NodePool | undefined): NodePool {
  const { pool: name, machineType, zones, minNodes, maxNodes, initialNodes, labels, accelerator } = call;
  // Defaults of GKE: 100 GB of pd-balanced, nodes with addresses of their own.
  const base = like ?? { diskType: 'pd-balanced', diskSizeGb: 100, spot: false, privateNodes: false };
  return {
    ...base,
    ...{ name, machineType, zones, initialNodes, autoscaling: { minNodes, maxNodes } },
    ...(labels !== undefined && { labels }),
    accelerators: accelerator === undefined ? [] : [accelerator],
  };
}

const placeOf = (region: string) => (region === 'global' ? 'global' : 'region');

function reservation(
  { region, address }: { region: string; address?: string | undefined },
  isUsed: boolean,
): readonly CloudThing[] {
  const isInternal = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address ?? '');
  const own: CloudThing = { kind: 'reservation', region: placeOf(region), isInternal, count: 1 };
  if (!isUsed) return [own, ...(isInternal ? [] : [{ kind: 'unused-address', count: 1 } as const])];
  return isInternal ? [] : [own, { kind: 'ephemeral-address', region: placeOf(region), count: -1 }];
}

function release({ region }: { region: string }, row: CloudAddress | undefined): readonly CloudThing[] {
  const isInternal = row?.addressType === 'INTERNAL';
  const own: CloudThing = { kind: 'reservation', region: placeOf(region), isInternal, count: -1 };
  if (isInternal) return [own];
  return row?.status === 'IN_USE'
    ? [own, { kind: 'ephemeral-address', region: placeOf(region), count: 1 }]
    : [own, { kind: 'unused-address', count: -1 }];
}

function diskThings({ before, after }: ObjectChange, snapshot: ClusterSnapshot): readonly CloudThing[] {
  const things = (object: KubeObject | undefined, count: number) =>
    (object === undefined ? [] : disksOf(object, snapshot)).map((shape): CloudThing => ({
      kind: 'disk',
      shape,
      count,
    }));
  if (before !== undefined && after === undefined) return goesWith(before, snapshot) ? things(before, -1) : [];
  return [...things(before, -1), ...things(after, 1)];
}

/** Whether a deleted claim takes its disk along: it has one, which is not retained. */
function goesWith(object: KubeObject, snapshot: ClusterSnapshot): boolean {
  if (object.kind !== 'PersistentVolumeClaim') return false;
  const { volumeName = '' } = (object as PersistentVolumeClaim).spec ?? {};
  const policy = snapshot.get('PersistentVolume', '', volumeName)?.spec?.persistentVolumeReclaimPolicy;
  return volumeName !== '' && policy !== 'Retain';
}

interface Claiming {
  readonly spec?: { readonly replicas?: number; readonly volumeClaimTemplates?: readonly PersistentVolumeClaim[] };
}

/** Disks that an object makes: a claim its own; a StatefulSet those of its claims that are not there yet. */
function disksOf(object: KubeObject, snapshot: ClusterSnapshot): readonly DiskShape[] {
  if (object.kind === 'PersistentVolumeClaim') return diskOf(object as PersistentVolumeClaim, snapshot);
  if (object.kind !== 'StatefulSet') return [];
  const { replicas = 1, volumeClaimTemplates = [] } = (object as KubeObject & Claiming).spec ?? {};
  const { name, namespace = '' } = object.metadata;
  return volumeClaimTemplates.flatMap((claim) =>
    Array.from({ length: Math.min(replicas, MOST_REPLICAS) }, (_, i) => `${claim.metadata.name}-${name}-${i}`)
      .filter((one) => snapshot.get('PersistentVolumeClaim', namespace, one) === undefined)
      .flatMap(() => diskOf(claim, snapshot)),
  );
}

const MOST_REPLICAS = 1000;

function diskOf({ spec }: PersistentVolumeClaim, snapshot: ClusterSnapshot): readonly DiskShape[] {
  const kind = diskKindOf(snapshot.get('StorageClass', '', spec?.storageClassName ?? defaultClass(snapshot)));
  const bytes = wholeUnits(spec?.resources?.requests?.['storage'] ?? '0') ?? 0;
  return kind === undefined || bytes === 0 ? [] : [{ ...kind, sizeGb: wholeGb(bytes) }];
}

function defaultClass(snapshot: ClusterSnapshot): string {
  const marked = snapshot.list('StorageClass').find(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true');
  return marked?.metadata.name ?? '';
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/**
 * Nodes that the autoscaler has to add at least, where what is asked for in addition exceeds all that is free:
 * ⌈(requests − free) ÷ what a node offers⌉, as far as the pool may grow.
 */
function addedByAutoscaler(objects: readonly ObjectChange[], standing: Standing): readonly CloudThing[] {
  const wanted = objects.map(({ before, after }) => ({ was: requestsOf(before), is: requestsOf(after) }));
  const cpuMillis = wanted.reduce((sum, { was, is }) => sum + is.cpuMillis - was.cpuMillis, 0);
  const memoryBytes = wanted.reduce((sum, { was, is }) => sum + is.memoryBytes - was.memoryBytes, 0);
  if (cpuMillis <= 0 && memoryBytes <= 0) return [];
  const { free } = standing;
  const [cpu, memory] = [cpuMillis - free.cpuMillis, memoryBytes - free.memoryBytes];
  if (cpu <= 0 && memory <= 0) return [];
  const pools = (standing.snapshot.cloud.cluster?.nodePools ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const pool of pools) {
    const nodes = standing.nodesOf(pool.name);
    const room = (pool.autoscaling?.maxNodes ?? 0) - nodes.length;
    const offer = resourcesOf(nodes[0]?.status?.allocatable);
    if (room <= 0 || offer.cpuMillis === 0 || offer.memoryBytes === 0) continue;
    const count = Math.ceil(Math.max(cpu / offer.cpuMillis, memory / offer.memoryBytes));
    return [{ kind: 'node', pool, count: Math.min(room, count), isPotential: true }];
  }
  return [];
}

function requestsOf(object: KubeObject | undefined): { readonly cpuMillis: number; readonly memoryBytes: number } {
  const { spec } = (object ?? {}) as {
    readonly spec?: { readonly replicas?: number; readonly template?: { readonly spec?: Pod['spec'] } };
  };
  if (object === undefined || spec?.template?.spec === undefined || !REPLICATED.has(object.kind))
    return { cpuMillis: 0, memoryBytes: 0 };
  const { cpuMillis, memoryBytes } = podRequests({ ...object, kind: 'Pod', spec: spec.template.spec } as Pod);
  const replicas = spec.replicas ?? 1;
  return { cpuMillis: cpuMillis * replicas, memoryBytes: memoryBytes * replicas };
}

const REPLICATED: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'ReplicaSet']);
