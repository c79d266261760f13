/** What of each kind is wanted, and when it is as wanted. A table, one row per kind. */
import type { Job, KindMap, Service } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import {
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  HORIZONTAL_POD_AUTOSCALERS,
  INGRESSES,
  JOBS,
  PERSISTENT_VOLUME_CLAIMS,
  POD_DISRUPTION_BUDGETS,
  SERVICES,
  STATEFUL_SETS,
} from '../api/built-in-types.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { Scene } from './scene.ts';
import type { Shortfall, Wanted } from './health.ts';

/** Why something is not as wanted; `undefined` where it is. */
export type Verdict = Pick<Shortfall, 'reason' | 'message'> | undefined;

/** One kind. */
export interface WantedKind<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>;
  /** What is wanted of one that is there; `undefined` where nobody wants anything of it. */
  want(object: T, scene: Scene): Omit<Wanted, 'entity'> | undefined;
  /** Judges one that is there. */
  judge(object: T, wanted: Wanted, scene: Scene): Verdict;
  /** Whether what it was for is served in another way, so that its deletion is none. Default never. */
  isReplaced?(wanted: Wanted, scene: Scene): boolean;
}

/** A Job without a ready pod for so long does not get on. */
const STUCK_MS = 600_000;

const EXISTS = { replicas: 0 } as const;

function row<T extends KubeObject>(kind: WantedKind<T>): WantedKind {
  return kind as unknown as WantedKind;
}

export const WANTED_KINDS: readonly WantedKind[] = [
  row({
    type: DEPLOYMENTS,
    want: (one, scene) => pods(one.spec?.replicas, scene.leastReplicas(one)),
    judge: ({ metadata, spec, status }, wanted, scene) => {
      const { replicas = 0, readyReplicas = 0, updatedReplicas = 0 } = status ?? {};
      const latest = readyReplicas - (replicas - updatedReplicas);
      return sizeVerdict(spec?.replicas ?? 1, latest, wanted) ?? restartVerdict(metadata, scene);
    },
  }),
  row({
    type: STATEFUL_SETS,
    want: (one, scene) => pods(one.spec?.replicas, scene.leastReplicas(one)),
    judge: ({ metadata, spec, status }, wanted, scene) => {
      const { replicas = 0, readyReplicas = 0, updatedReplicas = 0 } = status ?? {};
      const { type, rollingUpdate } = spec?.updateStrategy ?? {};
      // With either, pods of an older version are meant to stay.
      const isHeldBack = type === 'OnDelete' || (rollingUpdate?.partition ?? 0) > 0;
      const latest = isHeldBack ? readyReplicas : readyReplicas - (replicas - updatedReplicas);
      return sizeVerdict(spec?.replicas ?? 1, latest, wanted) ?? restartVerdict(metadata, scene);
    },
  }),
  row({
    type: DAEMON_SETS,
    want: ({ status }) => ({ replicas: (status?.desiredNumberScheduled ?? 0) > 0 ? 1 : 0 }),
    judge: ({ metadata, status }, wanted, scene) => {
      const { desiredNumberScheduled = 0, numberReady = 0, updatedNumberScheduled = 0 } = status ?? {};
      const latest = numberReady - (desiredNumberScheduled - updatedNumberScheduled);
      return sizeVerdict(desiredNumberScheduled, latest, wanted) ?? restartVerdict(metadata, scene);
    },
  }),
  row({
    type: CRON_JOBS,
    want: ({ spec }) => (spec?.suspend === true ? undefined : EXISTS),
    judge: (one, _, scene) => (one.spec?.suspend === true ? suspended() : runVerdict(one, scene)),
  }),
  row({
    type: JOBS,
    // What CronJobs make comes and goes, and so does what cleans up after itself.
    want: (one) => (hasController(one) || isFinished(one) || hasLifetime(one) ? undefined : EXISTS),
    judge: (one, _, scene) => (one.spec?.suspend === true ? suspended() : jobVerdict(one, scene)),
  }),
  row({
    type: SERVICES,
    want: ({ spec }) => ({ ...EXISTS, isExposed: spec?.type === 'LoadBalancer' }),
    judge: serviceVerdict,
  }),
  row({
    type: INGRESSES,
    want: ({ metadata: { namespace = '' }, spec }) => ({
      ...EXISTS,
      backends: [
        spec?.defaultBackend,
        ...(spec?.rules ?? []).flatMap(({ http }) => http?.paths ?? []).map(({ backend }) => backend),
      ]
        .map((backend) => backend?.service?.name)
        .filter((name) => name !== undefined)
        .map((name) => `${namespace}/${name}`),
    }),
    judge: ({ status }) =>
      (status?.loadBalancer?.ingress?.length ?? 0) > 0 ? undefined : failing('it has no address'),
    isReplaced: ({ backends = [] }, scene) => backends.length > 0 && backends.every((name) => scene.isExposed(name)),
  }),
  row({
    type: PERSISTENT_VOLUME_CLAIMS,
    // One that waits for its first consumer waits rightly while there is none; those of ephemeral volumes go with their pods.
    want: ({ metadata: { namespace = '', name, ownerReferences = [] }, status }, scene) =>
      ownerReferences.some(({ kind }) => kind === 'Pod') ||
      (status?.phase !== 'Bound' && !scene.isMounted(`${namespace}/${name}`))
        ? undefined
        : EXISTS,
    judge: ({ status }) => (status?.phase === 'Bound' ? undefined : failing(`it is ${status?.phase ?? 'Pending'}`)),
  }),
  row({
    type: HORIZONTAL_POD_AUTOSCALERS,
    want: () => EXISTS,
    judge: ({ status }) => {
      const bad = (status?.conditions ?? []).find(
        ({ type, status: is, reason }) =>
          (type === 'ScalingActive' || type === 'AbleToScale') && is === 'False' && reason !== 'ScalingDisabled',
      );
      return bad === undefined ? undefined : failing(bad.message ?? `${bad.type} is False`);
    },
  }),
  row({ type: POD_DISRUPTION_BUDGETS, want: () => EXISTS, judge: () => undefined }),
];

function pods(size = 1, least: number): Omit<Wanted, 'entity'> | undefined {
  return size === 0 ? undefined : { replicas: least };
}

/** `ready`: those of the latest version, taken that all older ones are ready, which statuses do not tell apart. */
function sizeVerdict(size: number, ready: number, { replicas }: Wanted): Verdict {
  if (size < replicas)
    return {
      reason: 'scaled-down',
      message: `${size === 0 ? 'no pod is' : `${size} pods are`} asked for, at least ${replicas} were wanted`,
    };
  return ready < size
    ? failing(`${Math.max(0, ready)} of ${size} pods are ready and of the latest version`)
    : undefined;
}

/** What is ready for a while between two ends does not succeed. */
function restartVerdict({ uid = '' }: KubeObject['metadata'], scene: Scene): Verdict {
  return scene.keepsRestarting(uid) ? failing('containers of it end again and again') : undefined;
}

function failing(message: string): Verdict {
  return { reason: 'not-succeeding', message };
}

function suspended(): Verdict {
  return { reason: 'scaled-down', message: 'it is suspended' };
}

function hasController({ metadata }: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ controller }) => controller === true) === true;
}

function hasLifetime({ spec }: Job): boolean {
  return spec?.ttlSecondsAfterFinished !== undefined;
}

function isFinished({ status }: Job): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True') ===
    true
  );
}

/** The last run counts: an older one that failed was made good. */
function runVerdict(one: KindMap['CronJob'], scene: Scene): Verdict {
  const last = scene.lastRunOf(one);
  return last === undefined ? undefined : jobVerdict(last, scene);
}

function jobVerdict({ status }: Job, { now }: Scene): Verdict {
  const failed = status?.conditions?.find(({ type, status: is }) => type === 'Failed' && is === 'True');
  if (failed !== undefined) return failing(failed.message ?? 'it failed');
  const { startTime, completionTime, ready = 0, succeeded = 0 } = status ?? {};
  const isStuck = completionTime === undefined && ready === 0 && succeeded === 0;
  return isStuck && startTime !== undefined && now - Date.parse(startTime) > STUCK_MS
    ? failing('none of its pods runs')
    : undefined;
}

function serviceVerdict({ metadata: { namespace = '', name }, spec }: Service, wanted: Wanted, scene: Scene): Verdict {
  const key = `${namespace}/${name}`;
  if (spec?.selector !== undefined && spec.type !== 'ExternalName' && scene.readyEndpoints(key) === 0)
    return failing('it has no ready endpoint');
  return wanted.isExposed === true && !scene.isExposed(key) ? failing('the outside does not reach it') : undefined;
}
