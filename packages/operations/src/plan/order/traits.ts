/** What actions come to, as far as their order depends on it; worked out once for each. */
import { refText, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { Action, Change, CloudCall, Goal } from '@aia/contract';
import { namespacesOf } from '../../policy/reach.ts';
import { targetOf } from '../effects/changed-objects.ts';
import { nameKey, namesIn, nested } from './names.ts';

/** Traits of an action. */
export interface Traits {
  readonly action: Action;
  readonly calls: readonly CloudCall[];
  /** Kinds of the objects that it changes. */
  readonly kinds: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
  /** Keys of what it makes (`true`) or mends (`false`). */
  readonly provides: ReadonlyMap<string, boolean>;
  /** Keys of what it writes the names of, or what it changes names already. */
  readonly names: ReadonlySet<string>;
  /** Makes objects, pods by a controller included. */
  readonly makes: boolean;
  readonly addsCapacity: boolean;
  readonly takesCapacity: boolean;
  readonly setsRequests: boolean;
  /** Changes an admission webhook, or serves a goal about one. */
  readonly isAboutAdmission: boolean;
  /** Budgets that it changes, as `PodDisruptionBudget shop/web`. */
  readonly budgets: ReadonlySet<string>;
  /** Addresses that Services, Ingresses and Gateways have which it changes. */
  readonly addresses: ReadonlySet<string>;
}

const WEBHOOKS = /^(Validating|Mutating)WebhookConfiguration$/;
const WORKLOADS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Pod',
]);

/** Works them out. */
export function traitsOf(action: Action, goals: readonly Goal[], snapshot: ClusterSnapshot): Traits {
  const changes = action.steps.map(({ change }) => change);
  const calls = changes.flatMap((change) => (change.kind === 'cloud' ? [change.call] : []));
  const targets = changes.flatMap((change) => targetOf(change) ?? []);
  const kinds = new Set(targets.map(({ kind }) => kind));
  const provides = new Map(changes.flatMap(provided));
  const served = goals.filter(({ id }) => action.resolves.includes(id));
  return {
    ...{ action, calls, kinds, provides },
    namespaces: new Set(namespacesOf(action)),
    names: new Set(changes.flatMap((change) => [...namesOf(change, snapshot)]).filter((key) => !provides.has(key))),
    makes: changes.some(makesObjects),
    addsCapacity: calls.some(grows) || changes.some(uncordons),
    takesCapacity: calls.some(shrinks) || changes.some(({ kind }) => kind === 'evict'),
    setsRequests: changes.some(setsRequests),
    isAboutAdmission: [action.target, ...targets, ...served.map(({ resource }) => resource)].some(
      (ref) => ref !== undefined && WEBHOOKS.test(ref.kind),
    ),
    budgets: new Set(targets.filter(({ kind }) => kind === 'PodDisruptionBudget').map(refText)),
    addresses: new Set(targets.flatMap((ref) => addressesOf(snapshot.resolve(ref)))),
  };
}

function provided(change: Change): readonly (readonly [string, boolean])[] {
  const ref = targetOf(change);
  if (ref === undefined || (change.kind !== 'create' && change.kind !== 'patch')) return [];
  const makes = change.kind === 'create';
  const own = [nameKey(ref.kind, ref.namespace, ref.name), makes] as const;
  const secret = ref.kind === 'Certificate' && makes ? secretOf(change.object) : undefined;
  return secret === undefined ? [own] : [own, [nameKey('Secret', ref.namespace, secret), true]];
}

/** The Secret that a cert-manager Certificate writes. */
function secretOf({ spec }: Readonly<Record<string, unknown>>): string | undefined {
  const name = (spec as { readonly secretName?: unknown } | undefined)?.secretName;
  return typeof name === 'string' ? name : undefined;
}

function namesOf(change: Change, snapshot: ClusterSnapshot): ReadonlySet<string> {
  const ref = targetOf(change);
  if (ref === undefined || change.kind === 'delete' || change.kind === 'evict') return new Set();
  const own = ref.namespace === '' ? [] : [nameKey('Namespace', '', ref.namespace)];
  const written = writtenBy(change).flatMap((value) => [...namesIn(value, ref.namespace)]);
  const before = WORKLOADS.has(ref.kind) ? [...namesIn(specOf(snapshot.resolve(ref)), ref.namespace)] : [];
  return new Set([...own, ...written, ...before]);
}

function writtenBy(change: Change): readonly unknown[] {
  if (change.kind === 'create') return [change.object];
  if (change.kind !== 'patch') return [];
  if (change.patch.type !== 'json') return [change.patch.patch];
  return change.patch.operations.map(({ path, value }) => nested(path, value));
}

function specOf(object: KubeObject | undefined): unknown {
  return (object as { readonly spec?: unknown } | undefined)?.spec;
}

function makesObjects(change: Change): boolean {
  const ref = targetOf(change);
  if (change.kind === 'create') return ref === undefined || !WEBHOOKS.test(ref.kind);
  return ref !== undefined && WORKLOADS.has(ref.kind) && change.kind !== 'evict';
}

function grows(call: CloudCall): boolean {
  if (call.operation === 'create-node-pool' || call.operation === 'set-pool-zones') return true;
  if (call.operation === 'resize-node-pool') return call.to > call.from;
  if (call.operation === 'set-pool-autoscaling') return (call.to?.maxNodes ?? 0) > (call.from?.maxNodes ?? 0);
  return false;
}

function shrinks(call: CloudCall): boolean {
  if (['delete-node-pool', 'delete-machine', 'set-autoscaling-profile'].includes(call.operation)) return true;
  if (call.operation === 'resize-node-pool') return call.to < call.from;
  return call.operation === 'set-pool-autoscaling' && (call.to?.minNodes ?? 0) < (call.from?.minNodes ?? 0);
}

/** A template that is replaced as a whole has requests as well, and need not change them. */
function setsRequests(change: Change): boolean {
  if (change.kind !== 'patch') return false;
  const { patch } = change;
  if (patch.type !== 'json') return JSON.stringify(patch.patch).includes('"requests"');
  return patch.operations.some(({ path }) => path.includes('/resources'));
}

function uncordons(change: Change): boolean {
  if (change.kind !== 'patch' || change.target.kind !== 'Node') return false;
  const { patch } = change;
  if (patch.type !== 'json') {
    const { spec } = patch.patch as { readonly spec?: { readonly unschedulable?: unknown } };
    return spec !== undefined && 'unschedulable' in spec && spec.unschedulable !== true;
  }
  return patch.operations.some(
    ({ path, op, value }) => path === '/spec/unschedulable' && (op === 'remove' || value !== true),
  );
}

interface Addressed {
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
    readonly addresses?: readonly { readonly value?: string }[];
  };
}

function addressesOf(object: KubeObject | undefined): readonly string[] {
  const { status } = (object ?? {}) as Addressed;
  return [
    ...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []),
    ...(status?.addresses ?? []).flatMap(({ value }) => value ?? []),
  ];
}
