/** What is worth telling of what happens in a simulated cluster: its events, by workload and reason, as they are written. */
import type { KubeObject, SimulatedCluster } from '@aia/cluster';

/** Events of one reason about one thing. */
export interface TimelineEntry {
  /** Epoch milliseconds of the cluster at which it was first told. */
  readonly at: number;
  readonly about: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

interface Told extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
  };
}

/** Reasons that are told although nothing is wrong: somebody or something acts. */
const NOTABLE: ReadonlySet<string> = new Set([
  'NodeNotReady',
  'ScaleDown',
  'ScaleDownEmpty',
  'ScalingReplicaSet',
  'SuccessfulRescale',
  'TriggeredScaleUp',
]);

/** Follows a cluster from now on; `stop` ends that and returns what was told. */
export function followTimeline({ api: { store } }: SimulatedCluster): { stop(): readonly TimelineEntry[] } {
  const entries = new Map<string, { -readonly [K in keyof TimelineEntry]: TimelineEntry[K] }>();
  const stop = store.listen(({ kind, object, at }) => {
    const event = object as Told;
    if (kind === 'DELETED' || object.kind !== 'Event' || !isNotable(event)) return;
    const { involvedObject: { uid = '' } = {}, reason = '', message = '' } = event;
    const found = store.byUid(uid);
    const about = found === undefined ? nameOf(event) : entityOf(topOf(found, (one) => store.byUid(one)));
    const key = `${about}\n${reason}`;
    const known = entries.get(key);
    if (known === undefined) entries.set(key, { at, about, reason, message, count: 1 });
    else known.count++;
  });
  return {
    stop: () => {
      stop();
      return [...entries.values()];
    },
  };
}

function isNotable({ type, reason = '' }: Told): boolean {
  return type === 'Warning' || NOTABLE.has(reason);
}

/** The topmost owner, as far as it is there. */
function topOf(object: KubeObject, byUid: (uid: string) => KubeObject | undefined, level = 0): KubeObject {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const above = owner === undefined || level > 5 ? undefined : byUid(owner.uid);
  return above === undefined ? object : topOf(above, byUid, level + 1);
}

function entityOf({ kind, metadata: { namespace = '', name } }: KubeObject): string {
  return textOf(kind, namespace, name);
}

function nameOf({ involvedObject: { kind = 'object', namespace = '', name = '' } = {} }: Told): string {
  return textOf(kind, namespace, name);
}

function textOf(kind: string, namespace: string, name: string): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
