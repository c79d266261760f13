/**
 * Which pods a changed workload replaces, and how many of them at once.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy,
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies and https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/
 */
import { controllerOf, sameJson, scaledValue, type IntOrPercent, type KubeObject, type Pod } from '@aia/cluster';
import type { ObjectChange } from './changed-objects.ts';
import type { Standing } from './standing.ts';

/** Pods that go, and how. */
export interface Loss {
  readonly pods: readonly Pod[];
  /** So many ready ones are missing at a time. */
  readonly atOnce: number;
  /** Whether others take their place. */
  readonly isReplaced: boolean;
  /** What does it, in words: `its Deployment replaces all pods at once`. */
  readonly how: string;
}

interface Updating {
  readonly replicas?: number;
  readonly paused?: boolean;
  readonly strategy?: { readonly type?: string; readonly rollingUpdate?: Bounds };
  readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: Bounds };
  readonly template?: { readonly metadata?: { readonly labels?: Labels }; readonly spec?: unknown };
}
interface Bounds {
  readonly maxUnavailable?: IntOrPercent;
  readonly maxSurge?: IntOrPercent;
  readonly partition?: number;
}
type Labels = Readonly<Record<string, string>>;

/** Label that ReplicaSets and ControllerRevisions add to the template that they are made from. */
const HASH = 'pod-template-hash';

/** Whether a change makes a workload replace its pods: its template changed, and nothing holds the rollout back. */
export function isRollout({ before, after }: ObjectChange): boolean {
  if (before === undefined || after === undefined || ROLLOUTS[after.kind] === undefined) return false;
  const [was, is] = [specOf(before), specOf(after)];
  const isOff = is.paused === true || is.updateStrategy?.type === 'OnDelete';
  return !isOff && is.template !== undefined && !sameJson(was.template, is.template);
}

/** What a rollout takes away meanwhile; `undefined` where there is none. `ready`: whether a pod answers. */
export function rolloutLoss(change: ObjectChange, standing: Standing, ready: (pod: Pod) => boolean): Loss | undefined {
  const { before, after } = change;
  if (before === undefined || after === undefined || !isRollout(change)) return undefined;
  const pods = ROLLOUTS[after.kind]?.pods(after, standing.podsOf(before), standing) ?? [];
  return {
    pods,
    isReplaced: true,
    ...(ROLLOUTS[after.kind]?.pace(specOf(after), pods, pods.filter(ready).length) ?? NONE),
  };
}

const NONE = { atOnce: 0, how: '' };

interface Rollout {
  /** Pods that are not of the new template already. */
  readonly pods: (after: KubeObject, pods: readonly Pod[], standing: Standing) => readonly Pod[];
  readonly pace: (spec: Updating, pods: readonly Pod[], ready: number) => Pick<Loss, 'atOnce' | 'how'>;
}

const ROLLOUTS: Readonly<Record<string, Rollout>> = {
  Deployment: {
    pods: ofOtherTemplates,
    pace: ({ replicas = 1, strategy = {} }, _pods, ready) => {
      if (strategy.type === 'Recreate') return { atOnce: ready, how: 'all pods at once (strategy Recreate)' };
      const { maxUnavailable = '25%', maxSurge = '25%' } = strategy.rollingUpdate ?? {};
      const surge = scaledValue(maxSurge, replicas, 'up');
      // Both 0 would never move; the API makes it one unavailable pod then.
      const missing = Math.max(scaledValue(maxUnavailable, replicas, 'down'), surge === 0 ? 1 : 0);
      return {
        atOnce: Math.max(0, ready - Math.max(0, replicas - missing)),
        how: `${missing} of ${replicas} pods at a time`,
      };
    },
  },
  StatefulSet: {
    pods: ({ spec }: KubeObject & { readonly spec?: Updating }, pods) => {
      const { partition = 0 } = spec?.updateStrategy?.rollingUpdate ?? {};
      return pods.filter(({ metadata }) => Number(/-(\d{1,9})$/.exec(metadata.name)?.[1] ?? 0) >= partition);
    },
    pace: ({ replicas = 1, updateStrategy = {} }, pods, ready) => {
      const atOnce = Math.max(1, scaledValue(updateStrategy.rollingUpdate?.maxUnavailable ?? 1, replicas, 'up'));
      return {
        atOnce: Math.min(ready, pods.length, atOnce),
        how: 'its pods one after the other, each under its own name',
      };
    },
  },
  DaemonSet: {
    pods: (_after, pods) => pods,
    pace: ({ updateStrategy = {} }, pods, ready) => {
      const { maxUnavailable = 1, maxSurge = 0 } = updateStrategy.rollingUpdate ?? {};
      const surges = scaledValue(maxSurge, pods.length, 'up') > 0;
      const atOnce = surges ? 0 : Math.max(1, scaledValue(maxUnavailable, pods.length, 'up'));
      return { atOnce: Math.min(ready, atOnce), how: `${atOnce} of ${pods.length} pods at a time` };
    },
  },
};

/** Pods of ReplicaSets with the wanted template stay. */
function ofOtherTemplates(after: KubeObject, pods: readonly Pod[], { snapshot }: Standing): readonly Pod[] {
  const wanted = plainTemplate(specOf(after));
  const kept = new Set(
    snapshot
      .ownedBy(after)
      .filter((set) => set.kind === 'ReplicaSet' && sameJson(plainTemplate(specOf(set)), wanted))
      .map(({ metadata }) => metadata.name),
  );
  return kept.size === 0 ? pods : pods.filter((pod) => !kept.has(controllerOf(pod)?.name ?? ''));
}

function plainTemplate({ template }: Updating): unknown {
  const { labels = {}, ...metadata } = template?.metadata ?? {};
  const own = Object.fromEntries(Object.entries(labels).filter(([name]) => name !== HASH));
  return { ...template, metadata: { ...metadata, labels: own } };
}

function specOf(object: KubeObject): Updating {
  return (object as { readonly spec?: Updating }).spec ?? {};
}
