/** Finding or making the ReplicaSet of a Deployment's template. Source: `pkg/controller/deployment/sync.go`, `getNewReplicaSet` */
import type { Deployment, ReplicaSet } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { ApiError } from '../../api/api-error.ts';
import { DEPLOYMENTS, REPLICA_SETS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { controllerRefTo, isControlledBy } from '../claim.ts';
import { findCondition, withCondition, type WorkloadCondition } from '../conditions.ts';
import { isNamespaceGoing } from '../pod-control.ts';
import { templateHash } from '../template-hash.ts';
import { isRollingUpdate, maxSurge, progressDeadlineMs, replicasOf } from './limits.ts';
import { conditionAt, PROGRESSING, statusOf, type DeploymentStatus, type Rollout } from './progress.ts';
import { findNewSet, hasSameTemplate, TEMPLATE_HASH, wantedOf } from './replica-sets.ts';
import { nextRevision, REVISION, sizeAnnotations, versionAnnotations } from './revisions.ts';
import { DEPLOYMENT_CONTROLLER } from './scale-sets.ts';

/** Whether a set that is not there is to be made. */
export type Making = 'make' | 'find';

/** Tells the new set from the old ones and brings their revisions up to date. @throws ApiError */
export function syncRevision(
  context: SimulationContext,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  making: Making,
): Rollout {
  const found = findNewSet(deployment, sets);
  const oldSets = sets.filter((set) => set !== found);
  const revision = nextRevision(oldSets);
  if (found !== undefined) return withRevision(context, { deployment, newSet: found, oldSets }, found, revision);
  if (making === 'find') return { deployment, newSet: undefined, oldSets };
  return makeSet(context, deployment, oldSets, revision);
}

/** The set first; the Deployment follows when it is seen again. */
function withRevision(context: SimulationContext, rollout: Rollout, set: ReplicaSet, revision: number): Rollout {
  const { deployment } = rollout;
  const annotations = versionAnnotations(deployment, set.metadata.annotations ?? {}, revision);
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  if (!sameJson(annotations, set.metadata.annotations ?? {}) || (set.spec?.minReadySeconds ?? 0) !== minReadySeconds) {
    const written = context.api.change(REPLICA_SETS, set.metadata.namespace ?? '', set.metadata.name, (current) => ({
      ...current,
      metadata: { ...current.metadata, annotations },
      spec: { ...current.spec, minReadySeconds } as NonNullable<ReplicaSet['spec']>,
    }));
    return { ...rollout, newSet: written };
  }
  const { conditions = [] } = statusOf(deployment);
  const isFirstSight =
    progressDeadlineMs(deployment) !== undefined && findCondition(conditions, PROGRESSING) === undefined;
  const message = `Found new replica set "${set.metadata.name}"`;
  const condition = conditionAt(context.clock.now, PROGRESSING, 'True', 'FoundNewReplicaSet', message);
  return {
    ...rollout,
    deployment: noted(context, deployment, annotations[REVISION] ?? '', isFirstSight ? condition : undefined),
  };
}

function makeSet(
  context: SimulationContext,
  deployment: Deployment,
  oldSets: readonly ReplicaSet[],
  revision: number,
): Rollout {
  const wanted = newSetFor(deployment, oldSets, revision);
  const { now } = context.clock;
  const [newSet, isNew] = created(context, deployment, wanted);
  const replicas = replicasOf(wanted);
  if (isNew && replicas > 0) {
    const message = `Scaled up replica set ${newSet.metadata.name} from 0 to ${replicas}`;
    context.events.record(deployment, 'Normal', 'ScalingReplicaSet', message, DEPLOYMENT_CONTROLLER);
  }
  const message = `Created new replica set "${newSet.metadata.name}"`;
  const condition = conditionAt(now, PROGRESSING, 'True', 'NewReplicaSetCreated', message);
  const told = isNew && progressDeadlineMs(deployment) !== undefined ? condition : undefined;
  return { deployment: noted(context, deployment, String(revision), told), newSet, oldSets };
}

/** The set as it is to be; its name is that of its template. */
function newSetFor(deployment: Deployment, oldSets: readonly ReplicaSet[], revision: number): ReplicaSet {
  const { spec, metadata } = deployment;
  const hash = templateHash(spec?.template, statusOf(deployment).collisionCount);
  const template = withLabel(spec?.template, hash);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace ?? '',
      labels: template.metadata.labels,
      annotations: sizeAnnotations(deployment, versionAnnotations(deployment, {}, revision)),
      ownerReferences: [controllerRefTo(deployment, DEPLOYMENTS)],
    },
    spec: {
      replicas: newSetSize(deployment, undefined, wantedOf(oldSets)),
      ...(spec?.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec?.selector, matchLabels: { ...spec?.selector.matchLabels, [TEMPLATE_HASH]: hash } },
      template,
    },
  };
}

function withLabel(template: NonNullable<Deployment['spec']>['template'] | undefined, hash: string) {
  return {
    ...template,
    metadata: { ...template?.metadata, labels: { ...template?.metadata?.labels, [TEMPLATE_HASH]: hash } },
  };
}

/** How large the new set may be now. @param total wanted pods of all sets */
export function newSetSize(deployment: Deployment, newSet: ReplicaSet | undefined, total: number): number {
  const wanted = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const size = newSet === undefined ? 0 : replicasOf(newSet);
  const room = wanted + maxSurge(deployment) - total;
  return room <= 0 ? size : size + Math.min(room, wanted - size);
}

/** The set, and whether it was made now. A name that somebody else's set has is told apart by counting collisions. */
function created(
  context: SimulationContext,
  deployment: Deployment,
  wanted: ReplicaSet,
): readonly [ReplicaSet, boolean] {
  const { api } = context;
  const { name, namespace = '' } = wanted.metadata;
  try {
    return [api.create(REPLICA_SETS, wanted), true];
  } catch (error) {
    if (!(error instanceof ApiError) || isNamespaceGoing(error)) throw error;
    if (error.reason !== 'AlreadyExists') {
      tellFailure(context, deployment, `Failed to create new replica set "${name}": ${error.message}`);
      throw error;
    }
    const there = api.get(REPLICA_SETS, namespace, name);
    if (isControlledBy(there, deployment) && hasSameTemplate(there.spec?.template, deployment.spec?.template))
      return [there, false];
    writeStatus(context, deployment, (status) => ({ ...status, collisionCount: (status.collisionCount ?? 0) + 1 }));
    throw error;
  }
}

function tellFailure(context: SimulationContext, deployment: Deployment, message: string): void {
  if (progressDeadlineMs(deployment) !== undefined) {
    const condition = conditionAt(context.clock.now, PROGRESSING, 'False', 'ReplicaSetCreateError', message);
    writeStatus(context, deployment, (status) => withTold(status, condition));
  }
  context.events.record(deployment, 'Warning', 'ReplicaSetCreateError', message, DEPLOYMENT_CONTROLLER);
}

/** The Deployment with its revision, and perhaps a condition. */
function noted(
  context: SimulationContext,
  deployment: Deployment,
  revision: string,
  condition: WorkloadCondition | undefined,
): Deployment {
  const { namespace = '', name, annotations = {} } = deployment.metadata;
  const isKnown = annotations[REVISION] === revision;
  const versioned = isKnown
    ? deployment
    : context.api.changeStatus(DEPLOYMENTS, namespace, name, (current) => ({
        ...current,
        metadata: {
          ...current.metadata,
          annotations: { ...current.metadata.annotations, [REVISION]: revision },
        },
      }));
  return condition === undefined ? versioned : writeStatus(context, versioned, (status) => withTold(status, condition));
}

function withTold(status: DeploymentStatus, condition: WorkloadCondition): DeploymentStatus {
  return { ...status, conditions: withCondition(status.conditions ?? [], condition) };
}

/** Writes the status; nothing where it is so already. */
export function writeStatus(
  { api }: SimulationContext,
  { metadata }: Deployment,
  change: (status: DeploymentStatus) => DeploymentStatus,
): Deployment {
  return api.changeStatus(DEPLOYMENTS, metadata.namespace ?? '', metadata.name, (current) => {
    const before = statusOf(current);
    const after = change(before);
    return sameJson(after, before) ? current : { ...current, status: after as NonNullable<Deployment['status']> };
  });
}
