/** What must hold before changes, and how to see after them that they worked, as far as the changes themselves tell. */
import {
  refKey,
  refOf,
  type ClusterSnapshot,
  type KubeObject,
  type Pod,
  type ResourceRef,
  type Service,
} from '@aia/cluster';
import type { Change, CloudCall, Condition, QuotaEffect } from '@aia/contract';
import { isReady } from '../../diagnose/conditions.ts';
import { changedObjects, lastChanges, type ObjectChange } from './changed-objects.ts';
import { servedAddresses } from './cloud-things.ts';
import { valueAtPointer, pathOfPointer } from './pointer.ts';
import { jsonDifference } from './json-difference.ts';
import { lossesOf } from './losses.ts';
import { isMasked } from './masks.ts';
import { isRollout } from './rollout.ts';
import { standingOf, type Standing } from './standing.ts';

/** Kinds that run pods by themselves. */
const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);
/** More fields than these are not compared one by one: what is replaced as a whole has its own place. */
const MOST_FIELDS = 12;

/**
 * Targets are there and as the changes take them to be, what is made is not there, quotas have room for what is taken, budgets let pods
 * go that are evicted. `earlier`: what is made before, and so is not there yet when the first of them begins.
 */
export function defaultPreconditions(
  changes: readonly Change[],
  snapshot: ClusterSnapshot,
  quota: readonly QuotaEffect[] = [],
  earlier: readonly Change[] = [],
): readonly Condition[] {
  const objects = changedObjects(changes, snapshot, earlier);
  const first = new Map(objects.toReversed().map((one) => [refKey(one.ref), one]));
  return [
    ...[...first.values()].toReversed().map(presence),
    ...lastChanges(objects).flatMap(unchangedFields),
    ...quota.filter(({ amount }) => amount > 0).map((effect): Condition => ({ kind: 'quota-room', ...effect })),
    ...budgetRoom(changes, snapshot),
  ];
}

function presence({ change, ref }: ObjectChange): Condition {
  return { kind: change.kind === 'create' ? 'absent' : 'exists', target: ref };
}

/** The fields that a change is built on, with the values that it was built on. */
function unchangedFields({ ref, before, after }: ObjectChange): readonly Condition[] {
  if (before === undefined || after === undefined) return [];
  const pointers = jsonDifference(before, after).map(({ path }) => path);
  return pointers.slice(0, MOST_FIELDS).flatMap((pointer): readonly Condition[] => {
    const value = valueAtPointer(before, pointer);
    const path = pathOfPointer(pointer, before);
    if (value === null) return [];
    if (value === undefined) return isPerson(pointer) ? [{ kind: 'field', target: ref, path }] : [];
    return isMasked(value) ? [] : [{ kind: 'field', target: ref, path, value }];
  });
}

/** Maps in which nothing stands that nobody wrote; elsewhere the API server fills in defaults. */
function isPerson(pointer: string): boolean {
  return /^\/(?:data|binaryData|metadata\/(?:labels|annotations))\/[^/]+$/.test(pointer);
}

/** Budgets that count what is evicted, or moved off machines that go, let at least one pod go now. */
function budgetRoom(changes: readonly Change[], snapshot: ClusterSnapshot): readonly Condition[] {
  const standing = standingOf(snapshot);
  const budgets = new Map(
    evictedPods(changes, snapshot, standing)
      .flatMap((pod) => standing.budgetsOf(pod))
      .map((budget) => [refKey(refOf(budget)), refOf(budget)]),
  );
  return [...budgets.values()]
    .toSorted((a, b) => (refKey(a) < refKey(b) ? -1 : 1))
    .map((target): Condition => ({ kind: 'disruption-allowed', target, atLeast: 1 }));
}

function evictedPods(changes: readonly Change[], snapshot: ClusterSnapshot, standing: Standing): readonly Pod[] {
  const evicted = changes.flatMap((change) => {
    const pod = change.kind === 'evict' ? snapshot.resolve(change.target) : undefined;
    return pod?.kind === 'Pod' ? [pod as Pod] : [];
  });
  const calls = changes.filter(({ kind }) => kind === 'cloud');
  return [...evicted, ...lossesOf(calls, [], standing).flatMap(({ pods }) => pods)].filter(isReady);
}

/**
 * Workloads that changed are available, Services in front of pods that go still have endpoints, fronts that stay keep their address, what
 * was deleted is gone, what was made is there.
 */
export function defaultProbe(
  changes: readonly Change[],
  snapshot: ClusterSnapshot,
  earlier: readonly Change[] = [],
): readonly Condition[] {
  const standing = standingOf(snapshot);
  const objects = lastChanges(changedObjects(changes, snapshot, earlier));
  const conditions = [
    ...objects.flatMap((one) => conditionsOf(one, standing)),
    ...changes.flatMap((change) => (change.kind === 'cloud' ? conditionsOfCall(change.call) : [])),
    ...endpointsOf(changes, objects, standing),
  ];
  return [...new Map(conditions.map((one) => [JSON.stringify(one), one])).values()];
}

function conditionsOf(change: ObjectChange, standing: Standing): readonly Condition[] {
  const { ref, before, after } = change;
  if (after === undefined)
    return before?.kind === 'Pod' ? ownerAvailable(before, standing) : [{ kind: 'absent', target: ref }];
  if (WORKLOADS.has(ref.kind) && replicasOf(after) > 0 && runsAnew(change)) return [{ kind: 'available', target: ref }];
  const served = before === undefined ? [] : servedAddresses(before);
  if (served.length > 0) return [{ kind: isFront(after) ? 'address' : 'no-address', target: ref }];
  return [{ kind: 'exists', target: ref }];
}

function isFront(object: KubeObject): boolean {
  return object.kind !== 'Service' || (object as Service).spec?.type === 'LoadBalancer';
}

/** Whether pods come of it: a new workload, a rollout, more or fewer replicas, one that goes on. */
function runsAnew(change: ObjectChange): boolean {
  const { before, after } = change;
  if (before === undefined || isRollout(change)) return true;
  const [was, is] = [before, after].map((one) => (one as Replicated | undefined)?.spec);
  return (
    (was?.replicas ?? 1) !== (is?.replicas ?? 1) ||
    (was?.paused === true && is?.paused !== true) ||
    (was?.suspend === true && is?.suspend !== true)
  );
}

interface Replicated {
  readonly spec?: { readonly replicas?: number; readonly paused?: boolean; readonly suspend?: boolean };
}

function replicasOf(object: KubeObject): number {
  const { spec } = object as Replicated;
  return spec?.suspend === true || spec?.paused === true ? 0 : (spec?.replicas ?? 1);
}

/** Who makes a pod anew has to succeed with it. */
function ownerAvailable(pod: KubeObject, { snapshot }: Standing): readonly Condition[] {
  const owner = snapshot.rootOwnerOf(pod);
  const isThere = owner !== pod && WORKLOADS.has(owner.kind) && snapshot.resolve(refOf(owner)) !== undefined;
  return isThere ? [{ kind: 'available', target: refOf(owner) }] : [];
}

type Probes = {
  readonly [K in CloudCall['operation']]?: (call: Extract<CloudCall, { operation: K }>) => readonly Condition[];
};

const PROBES: Probes = {
  'request-quota': ({ metric, region, from, to }) => [
    { kind: 'quota-room', metric, region, amount: Math.max(0, to - from) },
  ],
  'resize-node-pool': ({ pool, to }) => [{ kind: 'pool-size', pool, atLeast: to, atMost: to }],
  'create-node-pool': ({ pool, initialNodes }) => [{ kind: 'pool-size', pool, atLeast: initialNodes }],
};

function conditionsOfCall(call: CloudCall): readonly Condition[] {
  return PROBES[call.operation]?.(call as never) ?? [];
}

/** Services that answer now, and some of whose pods go, answer afterwards. */
function endpointsOf(
  changes: readonly Change[],
  objects: readonly ObjectChange[],
  standing: Standing,
): readonly Condition[] {
  const gone = new Set(objects.filter(({ after }) => after === undefined).map(({ ref }) => refKey(ref)));
  const lost = lossesOf(changes, objects, standing).filter(({ isReplaced }) => isReplaced);
  const services = new Set(lost.flatMap(({ pods }) => pods.flatMap((pod) => standing.servicesOf(pod))));
  const refs = [...services]
    .filter((service) => standing.readyOf(service).length > 0)
    .map((service): ResourceRef => refOf(service));
  return refs
    .filter((ref) => !gone.has(refKey(ref)))
    .toSorted((a, b) => (refKey(a) < refKey(b) ? -1 : 1))
    .map((target): Condition => ({ kind: 'endpoints', target }));
}
