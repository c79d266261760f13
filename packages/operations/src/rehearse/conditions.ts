/** Whether conditions hold in a cluster now: of preconditions, probes and barriers. */
import { amountOf, newestFirst, refText, type KindMap, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Condition } from '@aia/contract';
import { conditionOf, isReady, type Condition as StatusCondition } from '../diagnose/conditions.ts';
import { parsePath, valueAt, type PathStep } from '../plan/field-path.ts';
import { availabilityOf } from './availability.ts';
import { podsOf, type ClusterView } from './cluster-view.ts';
import { fails, HOLDS, unknown, unless, type Verdict } from './verdict.ts';

type Judges = {
  readonly [K in Condition['kind']]: (condition: Extract<Condition, { kind: K }>, view: ClusterView) => Verdict;
};

/** Judges one condition. @throws RangeError for a path that is none */
export function judgeCondition(condition: Condition, view: ClusterView): Verdict {
  return JUDGES[condition.kind](condition as never, view);
}

/** Judges several: the first that fails, else the first that is unknown, else they hold. */
export function judgeConditions(conditions: readonly Condition[], view: ClusterView): Verdict {
  let all = HOLDS;
  for (const condition of conditions) {
    const verdict = judgeCondition(condition, view);
    if (verdict.state === 'fails') return verdict;
    if (verdict.state === 'unknown' && all.state === 'holds') all = verdict;
  }
  return all;
}

const JUDGES: Judges = {
  exists: ({ target }, view) => unless(view.read(target) === undefined ? `${refText(target)} is not there` : undefined),
  absent: ({ target }, view) => unless(view.read(target) === undefined ? undefined : `${refText(target)} is there`),
  field: ofField,
  available: ({ target }, view) => about(target, view, (object) => availabilityOf(object, view)),
  scheduled: ({ target }, view) => about(target, view, (object) => ofPlacement(object, view)),
  'not-refused': ({ target, by }, view) => about(target, view, (object) => ofRefusal(object, by, view)),
  endpoints: ({ target }, view) => about(target, view, (object) => ofEndpoints(object as KindMap['Service'], view)),
  address: ({ target }, view) =>
    about(target, view, (object) => unless(addressesOf(object).length > 0 ? undefined : 'it has no address')),
  'no-address': ({ target }, view) => {
    const object = view.read(target);
    const [address] = object === undefined ? [] : addressesOf(object);
    return unless(address === undefined ? undefined : `${refText(target)} still has address ${address}`);
  },
  'disruption-allowed': ({ target, atLeast }, view) =>
    about(target, view, (object) => {
      const { disruptionsAllowed } = (object as KindMap['PodDisruptionBudget']).status ?? {};
      if (disruptionsAllowed === undefined) return unknown('its controller has not looked yet');
      return unless(disruptionsAllowed >= atLeast ? undefined : `it allows ${disruptionsAllowed} evictions now`);
    }),
  bound: ({ target }, view) =>
    about(target, view, (object) => {
      const { phase = 'Pending' } = (object as KindMap['PersistentVolumeClaim']).status ?? {};
      return unless(phase === 'Bound' ? undefined : `it is ${phase}`);
    }),
  condition: ({ target, type, status }, view) =>
    about(target, view, (object) => ofStatusCondition(object, type, status)),
  'quota-room': ({ metric, region, amount }, view) => {
    const quota = view.quota(metric, region);
    if (quota === undefined) return unread(metric, region);
    const room = quota.limit - quota.usage;
    return unless(room >= amount ? undefined : `quota ${metric} of ${region} has room for ${room}, not for ${amount}`);
  },
  'quota-below': ({ metric, region, share }, view) => {
    const quota = view.quota(metric, region);
    if (quota === undefined) return unread(metric, region);
    const { usage, limit } = quota;
    return unless(usage <= share * limit ? undefined : `quota ${metric} of ${region}: ${usage} of ${limit} are used`);
  },
  'pool-size': ({ pool, atLeast, atMost = Number.POSITIVE_INFINITY }, view) => {
    const ready = view.nodesOf(pool).filter((node) => isReady(node as Parameters<typeof isReady>[0])).length;
    const words = `node pool ${pool} has ${ready} ready ${ready === 1 ? 'node' : 'nodes'}`;
    return unless(ready >= atLeast && ready <= atMost ? undefined : words);
  },
  told: ({ statement }) => unknown(`only a person can say: ${statement}`),
};

/** Judges an object; what it says is put behind its name. */
function about(target: ResourceRef, view: ClusterView, judged: (object: KubeObject) => Verdict): Verdict {
  const object = view.read(target);
  if (object === undefined) return fails(`${refText(target)} is not there`);
  const verdict = judged(object);
  return verdict.state === 'holds' ? verdict : { ...verdict, why: `${refText(target)}: ${verdict.why}` };
}

function unread(metric: string, region: string): Verdict {
  return unknown(`quota ${metric} of ${region} was not read`);
}

function ofPlacement(workload: KubeObject, view: ClusterView): Verdict {
  const pods = podsOf(workload, view);
  if (pods.length === 0 && wantsPods(workload)) return fails('it has no pods');
  const waiting = pods.filter(({ spec, status }) => (spec?.nodeName ?? '') === '' && !isOver(status?.phase));
  return unless(waiting.length === 0 ? undefined : `${waiting.length} of its ${pods.length} pods wait for a node`);
}

function isOver(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/**
 * Kinds without the condition do not say. It keeps the words of the first refusal, where events have those of the last.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment
 */
function ofRefusal(workload: KubeObject, by: string, view: ClusterView): Verdict {
  const { conditions } =
    (workload as { readonly status?: { readonly conditions?: readonly StatusCondition[] } }).status ?? {};
  const refusal = conditionOf(conditions, 'ReplicaFailure');
  if (refusal?.status !== 'True') return HOLDS;
  const [last] = view
    .ownedBy(workload, REPLICA_SETS)
    .flatMap((set) => view.eventsOf(set))
    .filter(({ reason }) => reason === 'FailedCreate')
    .toSorted(newestFirst);
  const isRefused = (last?.message ?? refusal.message ?? '').includes(by);
  return unless(isRefused ? `its pods were refused last by ${by}` : undefined);
}

const REPLICA_SETS = { group: 'apps', kind: 'ReplicaSet' };

/** Kinds that have pods at all times, unless they want none. */
function wantsPods({ kind, spec }: KubeObject & { readonly spec?: { readonly replicas?: number } }): boolean {
  return ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'].includes(kind) && spec?.replicas !== 0;
}

/** Endpoints without the condition are ready. Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ready */
function ofEndpoints({ metadata, spec }: KindMap['Service'], view: ClusterView): Verdict {
  if (spec?.type === 'ExternalName') return unknown('it stands for a name outside of the cluster');
  const isServed = view
    .slicesOf(metadata.namespace ?? '', metadata.name)
    .some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false) === true);
  return unless(isServed ? undefined : 'it has no ready endpoints');
}

interface Addressed {
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
    readonly addresses?: readonly { readonly value?: string }[];
  };
}

/** Of Services and Ingresses, and of Gateways. */
function addressesOf(object: KubeObject): readonly string[] {
  const { loadBalancer, addresses = [] } = (object as Addressed).status ?? {};
  const found = [
    ...(loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname),
    ...addresses.map(({ value }) => value),
  ];
  return found.filter((one): one is string => one !== undefined && one !== '');
}

function ofStatusCondition(object: KubeObject, type: string, status: string): Verdict {
  const { conditions } =
    (object as { readonly status?: { readonly conditions?: readonly StatusCondition[] } }).status ?? {};
  const found = conditionOf(conditions, type);
  if (found === undefined) return fails(`it has no condition ${type}`);
  const why = found.reason === undefined ? '' : ` (${found.reason})`;
  return unless(found.status === status ? undefined : `condition ${type} is ${found.status}${why}`);
}

function ofField({ target, path, value }: Extract<Condition, { kind: 'field' }>, view: ClusterView): Verdict {
  const steps = parsePath(path);
  return about(target, view, (object) => {
    const found = valueAt(object, steps);
    if (isSame(found, value ?? undefined, steps)) return HOLDS;
    const text = found === undefined ? 'absent' : shortened(JSON.stringify(found));
    return fails(`${path} is ${text}`);
  });
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

/** Fields whose values are quantities by resource, which the API server rewrites: `0.5` becomes `500m`. */
const QUANTITIES: ReadonlySet<PathStep> = new Set(['requests', 'limits', 'hard', 'capacity', 'default', 'min', 'max']);

/** Equal as JSON at a path, whatever the order of fields; quantities by what they amount to. */
function isSame(a: unknown, b: unknown, path: readonly PathStep[]): boolean {
  if (Object.is(a, b)) return true;
  if (isAmount(a) && isAmount(b)) return isSameAmount(a, b, path);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  const here = path.at(-1) ?? '';
  return left.size === right.size && [...left].every(([name, value]) => isSame(value, right.get(name), [here, name]));
}

function isAmount(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isSameAmount(a: string | number, b: string | number, path: readonly PathStep[]): boolean {
  const [list = '', resource] = path.slice(-2);
  if (!QUANTITIES.has(list) || typeof resource !== 'string') return false;
  const amount = amountOf(resource, a);
  return amount !== undefined && amount === amountOf(resource, b);
}

function fieldsOf(object: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));
}
