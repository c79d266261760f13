/** What a record does not tell, and the twin takes for so: one line per kind of gap. */
import type { ContainerStatus, Pod } from '../../model/kinds.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';
import { unschedulable } from '../../scheduling/explain.ts';
import { waitingPods } from '../../scheduling/fit-pods.ts';
import { createWorld } from '../../scheduling/world.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { unexplainedWaits, type UnexplainedWait } from '../controllers/load-balancer/recorded-waits.ts';
import { autoscalerGaps } from './autoscaler-gaps.ts';
import { metricsErrorOf } from './recorded-metrics.ts';
import { provisioningErrors } from './recorded-volumes.ts';
import { webhookErrors } from './recorded-webhooks.ts';
import { loopOf, statusesOf } from './restless-parts.ts';

/** Something that the record does not tell, which the twin had to assume. */
export interface Assumption {
  /** `Deployment shop/web`, `quota CPUS`, `kind ReplicaSet`; several with commas. */
  readonly about: string;
  /** What was assumed, and for want of what. */
  readonly message: string;
  /** What a rehearsal on the twin is less sure of. */
  readonly effect: string;
  /** How much less of what it foretells about this is to be believed, 0..1. */
  readonly confidenceLoss: number;
}

interface Gap extends Omit<Assumption, 'about'> {
  /** What it is about; nothing to assume without. */
  find(snapshot: ClusterSnapshot, cluster: SimulatedCluster): readonly string[];
}

const SETTLED_MS = 60_000;
const STUCK_MS = 300_000;

const GAPS: readonly Gap[] = [
  {
    message:
      'they wait for a node although the filters would let them on one now, so that what keeps them is not on record',
    effect: 'in the twin they are scheduled at once',
    confidenceLoss: 0.1,
    find: (snapshot) => {
      const world = createWorld(snapshot);
      return waitingPods(snapshot)
        .filter((pod) => ageOf(pod, snapshot) > SETTLED_MS && unschedulable(pod, world) === undefined)
        .map(entityOf);
    },
  },
  {
    message: 'they run, and restarted for a reason that is not on record',
    effect: 'in the twin they do not restart again',
    confidenceLoss: 0.05,
    find: (snapshot) => podsWith(snapshot, isRestartedUnseen),
  },
  {
    message: 'they fail again and again, and nothing was read of what they log',
    effect: 'they go on so until their image, command, environment or limits change, whatever the cause is',
    confidenceLoss: 0.05,
    find: (snapshot) =>
      podsWith(snapshot, (status, pod) => {
        if (loopOf(status, snapshot.observedAt) !== 'crash') return false;
        return !snapshot.logs.some(
          ({ namespace, pod: name }) => namespace === pod.metadata.namespace && name === pod.metadata.name,
        );
      }),
  },
  {
    message:
      'how much memory they need is not known, only that it is more than their limit: half as much again is assumed',
    effect: 'a limit that suffices in the twin may be too small',
    confidenceLoss: 0.05,
    find: (snapshot) =>
      podsWith(
        snapshot,
        ({ state, lastState }) => (state?.terminated ?? lastState?.terminated)?.reason === 'OOMKilled',
      ),
  },
  {
    message: 'they have not started for long, and no event says why: what keeps them goes on doing so',
    effect: 'they start in the twin only where they are made anew',
    confidenceLoss: 0.1,
    find: (snapshot) =>
      snapshot
        .list('Pod')
        .filter((pod) => isStuckUnseen(pod, snapshot))
        .map(entityOf),
  },
  {
    message: 'when what they do is done is not known; their pods are taken to end well within seconds',
    effect: 'jobs end sooner than they may',
    confidenceLoss: 0.05,
    find: (snapshot) =>
      snapshot
        .list('Job')
        .filter(({ status }) => (status?.active ?? 0) > 0)
        .map(entityOf),
  },
  {
    message: 'they have no address although the quotas on record would grant one: what keeps them is not on record',
    effect: 'in the twin they go on waiting until they or the quotas change',
    confidenceLoss: 0.05,
    find: (snapshot) => waitsFor('fits', snapshot),
  },
  {
    message: 'they have no address, and the quotas that may keep them were not read',
    effect: 'in the twin they go on waiting until they change',
    confidenceLoss: 0.1,
    find: (snapshot) => waitsFor('unread', snapshot),
  },
  {
    message: 'it is short of memory or disk, and goes on being so whatever its pods use',
    effect: 'pods that are moved away do not relieve it',
    confidenceLoss: 0.05,
    find: (snapshot) =>
      snapshot
        .list('Node')
        .filter(({ status }) =>
          status?.conditions?.some(({ type, status: is }) => /^(Memory|Disk)Pressure$/.test(type) && is === 'True'),
        )
        .map(entityOf),
  },
  {
    message:
      'it could not be called, for a reason outside of the objects, which goes on until its configuration changes',
    effect: 'repairs elsewhere do not bring it back in the twin',
    confidenceLoss: 0.05,
    find: (snapshot) => [...webhookErrors(snapshot).keys()].map((name) => `webhook ${name}`),
  },
  {
    message: 'no volume of it could be made, for a reason outside of the objects, which goes on for every claim',
    effect: 'repairs of the storage system do not happen in the twin',
    confidenceLoss: 0.05,
    find: (snapshot) => [...provisioningErrors(snapshot).keys()].map((name) => `StorageClass ${name}`),
  },
  {
    message: 'it did not answer, for a reason outside of the objects, which goes on',
    effect: 'workloads are not scaled by CPU and memory in the twin',
    confidenceLoss: 0.05,
    find: (snapshot) => (metricsErrorOf(snapshot) === undefined ? [] : ['metrics API']),
  },
  {
    message: 'the quotas of the cloud were not read, and none refuses anything',
    effect: 'machines, addresses and disks are granted that may be refused',
    confidenceLoss: 0.2,
    find: ({ cloud }) => (cloud.provider === 'gcp' && cloud.quotas === undefined ? ['quotas'] : []),
  },
  {
    message: 'nothing was read of the cloud around the cluster, which can neither grow nor shrink therefore',
    effect: 'no machines and addresses come or go',
    confidenceLoss: 0.1,
    find: ({ cloud }) => (cloud.provider === 'gcp' ? [] : ['cloud']),
  },
];

/** What the twin of a snapshot rests on, in the order of the table above, the autoscaler's last. */
export function assumptionsOf(snapshot: ClusterSnapshot, cluster: SimulatedCluster): readonly Assumption[] {
  const found = GAPS.map(({ find, ...gap }) => ({ ...gap, about: find(snapshot, cluster) }));
  const known = [...found, ...autoscalerGaps(snapshot)].filter(({ about }) => about.length > 0);
  return [...idle(cluster), ...known.map(({ about, ...gap }) => ({ about: listed(about), ...gap }))];
}

/** One for each kind that was not read. */
function idle({ idleControllers }: SimulatedCluster): readonly Assumption[] {
  const byKind = new Map<string, string[]>();
  for (const [name, kinds] of idleControllers)
    for (const kind of kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), name]);
  return [...byKind].sort().map(([kind, names]) => ({
    about: `kind ${kind}`,
    message: `none was read although there are some, so that these do nothing: ${names.sort().join(', ')}`,
    effect: 'what they would make, change or delete does not happen in the twin',
    confidenceLoss: 0.2,
  }));
}

const NAMED = 3;

function listed(all: readonly string[]): string {
  const names = [...new Set(all)].sort();
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function waitsFor(wanted: UnexplainedWait['cause'], snapshot: ClusterSnapshot): readonly string[] {
  return unexplainedWaits(snapshot)
    .filter(({ cause }) => cause === wanted)
    .map(({ about }) => about);
}

function podsWith(
  snapshot: ClusterSnapshot,
  wanted: (status: ContainerStatus, pod: Pod) => boolean,
): readonly string[] {
  return snapshot
    .list('Pod')
    .filter((pod) => !isFinished(pod) && statusesOf(pod).some((status) => wanted(status, pod)))
    .map(entityOf);
}

function isRestartedUnseen({ state, lastState, restartCount }: ContainerStatus): boolean {
  return state?.running !== undefined && restartCount > 0 && lastState?.terminated === undefined;
}

function ageOf({ metadata }: Pod, { observedAt }: ClusterSnapshot): number {
  return observedAt - (Date.parse(metadata.creationTimestamp ?? '') || 0);
}

/** On a node for long, nothing of it ever ran, and no warning tells of it. */
function isStuckUnseen(pod: Pod, snapshot: ClusterSnapshot): boolean {
  const { spec, status, metadata } = pod;
  if ((spec?.nodeName ?? '') === '' || status?.phase !== 'Pending' || ageOf(pod, snapshot) < STUCK_MS) return false;
  const hasReason = statusesOf(pod).some(({ state, lastState }) => {
    const reason = state?.waiting?.reason ?? '';
    return (
      state?.running !== undefined ||
      lastState?.terminated !== undefined ||
      !/^(ContainerCreating|PodInitializing|)$/.test(reason)
    );
  });
  if (hasReason) return false;
  return !snapshot
    .list('Event')
    .some(({ type, involvedObject }) => type === 'Warning' && involvedObject?.uid === metadata.uid);
}
